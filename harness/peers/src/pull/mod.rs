//! The management server of the Windows CE device management service: packages, settings, orders
//! for reports, downloads, its faults and its variants.

mod admin;
mod asked;
mod call;
mod doc;
mod door;
mod download;
pub(crate) mod faults;
mod package;
mod poll;
mod server;
mod service;
mod store;
mod stumble;
mod told;
pub(crate) mod variants;

pub use doc::{Doc, Facts};
pub(crate) use server::{PATH, routes};
