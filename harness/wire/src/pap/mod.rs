//! The push access protocol (WAP-247): multipart requests, control entities and their answers, read
//! leniently, and built.
//!
//! HTTP around it is the business of `http`; what a gateway ought to answer is decided elsewhere.

mod address;
mod build;
mod codes;
mod control;
mod multipart;
mod shape;

pub use address::{AddressValue, Kind as AddressKind, address, digits};
pub use build::{
    OutcomeDraft, PushDraft, QualityDraft, bad_message, cancel, cancel_response, document,
    push_response, result_notification, result_notification_response, status_query,
    status_query_response,
};
pub use codes::{CODES, Class, class, meaning};
pub use control::{Address, Document, Message, Outcome, Progress, Quality, version_of};
pub use multipart::{Multipart, Part, PartDraft, Style, content_type, multipart, write};
pub use shape::{ELEMENTS, Element, MESSAGES, element};

/// The media type of a request: its first part is the control entity.
pub const MULTIPART_MEDIA: &str = "multipart/related";
/// The media type of a control entity.
pub const CONTROL_MEDIA: &str = "application/xml";

/// Every kind of note that the readers here give: whether it is a fault, and what it says.
pub const KINDS: &[(&str, bool, &str)] = &[
    (
        "pap.not-multipart",
        true,
        "a content type that is not multipart/related",
    ),
    (
        "pap.no-type",
        true,
        "a multipart that does not name the type of its first part",
    ),
    (
        "pap.no-boundary",
        true,
        "a content type without a boundary; the first line gave it",
    ),
    ("pap.bad-boundary", true, "a boundary that is no boundary"),
    (
        "pap.boundary-missing",
        true,
        "a body in which the boundary does not stand",
    ),
    (
        "pap.missing-close",
        true,
        "a body that no closing boundary ends",
    ),
    (
        "pap.bare-lf",
        true,
        "a line that ends without a carriage return",
    ),
    ("pap.preamble", false, "octets in front of the first part"),
    ("pap.epilogue", false, "octets behind the last part"),
    (
        "pap.bad-field",
        true,
        "a line in the head of a part that is no field",
    ),
    ("pap.no-head-end", true, "a part whose head does not end"),
    ("pap.too-many-parts", true, "more parts than are read"),
    (
        "pap.wrong-root",
        true,
        "a control entity whose root is not pap",
    ),
    ("pap.no-message", true, "a control entity without a message"),
    (
        "pap.second-message",
        true,
        "a control entity with a second message",
    ),
    (
        "pap.unknown-message",
        true,
        "a message that the protocol does not have",
    ),
    (
        "pap.unknown-element",
        true,
        "an element that its parent does not hold",
    ),
    (
        "pap.unknown-attribute",
        true,
        "an attribute that its element does not have",
    ),
    (
        "pap.missing-attribute",
        true,
        "an attribute that has to be there",
    ),
    (
        "pap.missing-element",
        true,
        "an element that has to be there",
    ),
    (
        "pap.bad-value",
        true,
        "a value that its attribute does not take",
    ),
    ("pap.bad-address", true, "an address that is none"),
    ("pap.unknown-code", true, "a result code that is in no list"),
];

/// True for a kind of note that no conforming request gives.
pub fn is_fault(kind: &str) -> bool {
    KINDS.iter().any(|row| row.0 == kind && row.1)
}

#[cfg(test)]
mod tests;
