//! Plays a case against a target and records every octet. It talks and never judges.
//!
//! Answers are read only as far as the next message needs them. What they are worth is computed
//! later and elsewhere, from the recording.

mod cp;
mod dm;
pub mod exchange;
mod halt;
pub mod hook;
mod lease;
mod link;
mod mask;
mod outgoing;
mod play;
mod pull;
mod reach;
pub mod target;
mod template;
pub mod tls;

pub use exchange::{Outcome, Outgoing, Recorder, Tag};
pub use lease::{Lease, LeasedDevice};
pub use play::play;
pub use pull::{Package, PackageState, PullMemory};
pub use target::Target;
