//! WSP (WAP-230): the connectionless push PDU, which carries a document over WDP and SMS, its
//! content type with parameters and its headers, read leniently and written with bends.
//!
//! Which headers a push ought to have, and whether its MAC is right, is decided elsewhere.

mod names;
mod read;
mod uintvar;
mod value;
mod write;

pub use names::{
    APPLICATION_IDS, HEADERS, MEDIA, PARAMETERS, application_code, application_id, header_code,
    header_name, media_code, media_name, parameter_code, parameter_name,
};
pub use read::{ContentType, Header, Param, Push, read};
pub use uintvar::{Uintvar, put_uintvar, uintvar};
pub use value::{Form, Value};
pub use write::{MacForm, PushDraft, SecForm, Style};

/// The type octet of a push.
pub const PUSH: u8 = 0x06;
/// The type octet of a confirmed push, which needs a session.
pub const CONFIRMED_PUSH: u8 = 0x07;

/// The WDP port that pushes go to (connectionless).
pub const PUSH_PORT: u16 = 2948;
/// The WDP port for pushes over WTLS.
pub const SECURE_PUSH_PORT: u16 = 2949;
/// The WDP port that pushes usually come from (connectionless session service).
pub const WSP_PORT: u16 = 9200;

/// Push-Flag: the gateway authenticated the initiator.
pub const INITIATOR_AUTHENTICATED: u8 = 0x01;
/// Push-Flag: the gateway trusts the content.
pub const CONTENT_TRUSTED: u8 = 0x02;
/// Push-Flag: no further push follows.
pub const LAST_MESSAGE: u8 = 0x04;

/// Every kind of note that [`read`] gives: whether it is a fault, and what it says.
pub const KINDS: &[(&str, bool, &str)] = &[
    (
        "wsp.not-a-push",
        true,
        "the type octet is not that of a push",
    ),
    (
        "wsp.confirmed",
        true,
        "a confirmed push, outside any session",
    ),
    (
        "wsp.bad-uintvar",
        true,
        "a variable-length integer of more than 32 bits",
    ),
    (
        "wsp.overlong-uintvar",
        false,
        "a variable-length integer with leading zeros",
    ),
    (
        "wsp.headers-too-long",
        true,
        "the headers are said to reach behind the end of the PDU",
    ),
    ("wsp.no-content-type", true, "no octets for a content type"),
    (
        "wsp.cut-short",
        true,
        "a value ends before its length says so",
    ),
    (
        "wsp.bad-value-length",
        true,
        "a length that does not end where its value does",
    ),
    (
        "wsp.needless-length-quote",
        false,
        "a length up to 30 behind a length quote",
    ),
    ("wsp.unterminated-text", true, "a text that no NUL ends"),
    (
        "wsp.not-ascii",
        true,
        "a text with octets that are no ASCII",
    ),
    (
        "wsp.quoted-value",
        false,
        "a text that begins with a quotation mark",
    ),
    (
        "wsp.media-as-text",
        false,
        "a media type as text that has a well-known number",
    ),
    ("wsp.unknown-media", true, "a number that no media type has"),
    (
        "wsp.bad-media",
        true,
        "a content type that is neither number nor text",
    ),
    (
        "wsp.untyped-parameter",
        false,
        "a parameter whose name stands as text",
    ),
    (
        "wsp.unknown-parameter",
        true,
        "a number that no parameter has",
    ),
    ("wsp.bad-parameter", true, "a parameter that has no name"),
    (
        "wsp.header-as-text",
        false,
        "a header whose name stands as text",
    ),
    ("wsp.unknown-header", true, "a number that no header has"),
    (
        "wsp.bad-header",
        true,
        "an octet with which no header begins",
    ),
    ("wsp.page-shift", false, "headers of another code page"),
    (
        "wsp.too-many",
        true,
        "more headers or parameters than are read",
    ),
];

/// True for a kind of note that no conforming PDU gives.
pub fn is_fault(kind: &str) -> bool {
    KINDS.iter().any(|row| row.0 == kind && row.1)
}

#[cfg(test)]
mod tests;
