//! The formats of the second family: documents of client provisioning, and what they travel in.

#[path = "../common/mod.rs"]
mod common;
mod roundtrip;
mod view;
mod wbxml;
