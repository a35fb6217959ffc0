//! The management server of the Windows CE device management service: packages, settings, orders
//! for reports, downloads, its faults and its variants.

mod admin;
mod asked;
mod doc;
mod download;
pub(crate) mod faults;
mod package;
mod server;
mod service;
mod store;
mod stumble;
pub(crate) mod variants;

pub use doc::{Doc, Facts};
pub(crate) use server::{PATH, routes};
