//! The push proxy gateway: takes pushes over PAP, answers for them, and relays them to devices over
//! short messages or datagrams; its faults and its variants.

mod admin;
mod answer;
mod asked;
pub(crate) mod faults;
mod ledger;
mod relay;
mod server;
pub(crate) mod variants;

use crate::control::Control;

/// What the gateway says: an answer, or a notification.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The control entity.
    pub control: Control,
}

pub(crate) use server::{PATH, routes};
