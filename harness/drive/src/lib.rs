//! Plays a case against a target and records every octet. It talks and never judges.
//!
//! Answers are read only as far as the next message needs them. What they are worth is computed
//! later and elsewhere, from the recording.

pub mod exchange;
pub mod hook;
mod link;
mod mask;
pub mod target;
pub mod tls;

pub use exchange::{Outcome, Outgoing, Recorder, Tag};
pub use target::Target;
