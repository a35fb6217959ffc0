//! The OMA DM server: sessions, authentication, queue, its faults and its variants.

mod auth;
mod doc;
pub(crate) mod faults;
mod heard;
mod next;
mod orders;
mod own;
mod reply;
mod server;
mod session;
mod statuses;
mod store;
mod stumble;
mod style;
pub(crate) mod variants;

pub use doc::{Asked, Client, Doc, Facts, Stage};
pub(crate) use server::routes;
pub use style::Styles;
