//! Short messages (3GPP TS 23.040): user data with its header, the segments that a push is cut
//! into, and the TPDUs that carry them.
//!
//! How many segments an operator takes, and whether a push ought to be one, is decided elsewhere.

mod join;
mod split;
mod tpdu;
mod udh;

pub use join::{Joined, Message, join};
pub use split::{Split, TooLong, split};
pub use tpdu::{Address, Alphabet, Direction, Tpdu, TpduDraft, alphabet, read};
pub use udh::{Element, Part, Segment, Udh, segment, write_udh};

/// Octets of user data in one short message.
pub const USER_DATA: usize = 140;
/// The data coding of octets, as most gateways write it.
pub const OCTETS: u8 = 0x04;
/// The same with message class 1.
pub const OCTETS_CLASS_1: u8 = 0xF5;

/// Every kind of note that the readers here give: whether it is a fault, and what it says.
pub const KINDS: &[(&str, bool, &str)] = &[
    (
        "sms.too-long",
        true,
        "more user data than a short message holds",
    ),
    (
        "sms.bad-header-length",
        true,
        "a user data header that reaches behind the user data",
    ),
    (
        "sms.bad-element-length",
        true,
        "an element of the header with a length that is not its own",
    ),
    (
        "sms.doubled-element",
        true,
        "an element that stands twice in one header",
    ),
    (
        "sms.unknown-element",
        false,
        "an element that is of no use to a push",
    ),
    (
        "sms.bad-part",
        true,
        "a part number that is zero or above the number of parts",
    ),
    ("sms.no-ports", true, "a header without port numbers"),
    ("sms.single-part", false, "a concatenation of one part"),
    ("sms.doubled-part", false, "a part that came twice"),
    (
        "sms.differing-part",
        true,
        "a part that came twice with different octets",
    ),
    ("sms.missing-part", true, "a part that did not come"),
    (
        "sms.differing-total",
        true,
        "parts of one message that disagree on their number",
    ),
    (
        "sms.differing-ports",
        true,
        "parts of one message that go to different ports, or to none",
    ),
    (
        "sms.out-of-order",
        false,
        "parts that came in another order",
    ),
    (
        "sms.bad-address",
        true,
        "an address with a digit that is none",
    ),
    (
        "sms.bad-user-data-length",
        true,
        "a length of user data that is not what follows",
    ),
    (
        "sms.not-octets",
        true,
        "user data in characters where octets are due",
    ),
    ("sms.trailing-bytes", true, "octets behind the user data"),
];

/// True for a kind of note that no conforming message gives.
pub fn is_fault(kind: &str) -> bool {
    KINDS.iter().any(|row| row.0 == kind && row.1)
}

#[cfg(test)]
mod tests;
