//! The provisioning server: documents, their protection, pushes over three carriers, notifications,
//! packages, its faults and its variants.

mod admin;
mod content;
mod doc;
pub(crate) mod faults;
mod notification;
mod packages;
mod packing;
mod pap;
mod protect;
mod push;
mod samples;
mod server;
pub(crate) mod variants;
mod work;

pub(crate) use content::parse;
pub use content::{Coding, Content};
pub(crate) use doc::set_attribute;
pub use doc::{Doc, Kind};
pub(crate) use packages::PATH as PACKAGES;
pub use packing::{Extension, Packing};
pub use pap::Pap;
pub use push::Push;
pub(crate) use server::routes;
