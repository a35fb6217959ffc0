//! OMA DM: names, versions, the typed view of a message, and how to build one.

mod build;
pub mod hmac;
mod message;
mod uri;
mod version;

pub use build::{Draft, MetaDraft, StatusDraft};
pub use message::{Chal, Command, Cred, Header, Item, Message, Meta, Text};
pub use uri::{Property, split_property};
pub use version::Version;

/// The commands of the representation protocol that a DM message may hold, Status and Results
/// among them, and those that only data synchronisation uses (SyncML RepPro 1.2.2, 6.6).
pub const COMMANDS: &[&str] = &[
    "Add", "Alert", "Atomic", "Copy", "Delete", "Exec", "Get", "Map", "Move", "Put", "Replace",
    "Results", "Search", "Sequence", "Status", "Sync",
];

/// True for an element that is a command.
pub fn is_command(name: &str) -> bool {
    COMMANDS.contains(&name)
}
