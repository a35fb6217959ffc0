//! WBXML (WAP-192, OMA binary XML 1.1 to 1.3): documents in tokens, read into the one tree and
//! written from it.
//!
//! The vocabularies are tables in [`pages`]. What a document means is the business of `dm` and its
//! neighbours; documents nested in OPAQUE are left as the octets they are.

mod attributes;
pub mod dates;
pub(crate) mod header;
mod indication;
pub(crate) mod lex;
pub mod pages;
mod prov;
mod read;
mod spelling;
mod strings;
mod style;
mod syncml;
mod write;

pub(crate) use header::Fields;
pub use header::{Header, PublicId};
pub use read::read;
pub use spelling::{How, Piece, Place, Spelling};
pub(crate) use strings::Table;
pub use style::{Attributes, Dates, Identify, Pages, Starts, Strings, Style, Unwritable, Values};
pub use write::write;

/// The character set number of UTF-8 (IANA MIBenum).
pub const UTF_8: u32 = 106;

/// Every kind of note that [`read`] gives: whether it is a fault, and what it says.
///
/// What is no fault is a freedom of the format that is worth knowing about, or a form that
/// deployed encoders of repute write; the first of its kind is noted.
pub const KINDS: &[(&str, bool, &str)] = &[
    (
        "wbxml.bad-version",
        true,
        "the version octet is none of 01, 02 and 03",
    ),
    (
        "wbxml.unknown-public-id",
        true,
        "the public identifier stands for no vocabulary known here",
    ),
    (
        "wbxml.unterminated-public-id",
        false,
        "a public identifier in the table without a NUL",
    ),
    ("wbxml.bad-charset", true, "the character set is not UTF-8"),
    (
        "wbxml.unknown-token",
        true,
        "no element of the current code page has this token",
    ),
    (
        "wbxml.unknown-page",
        true,
        "the vocabulary has no code page of this number",
    ),
    (
        "wbxml.page-not-switched",
        true,
        "the token is of another page than the place asks for",
    ),
    (
        "wbxml.token-too-new",
        true,
        "the element appeared in a later version than the document's",
    ),
    (
        "wbxml.unknown-attribute",
        true,
        "no attribute or attribute value has this token",
    ),
    (
        "wbxml.addendum-token",
        false,
        "an attribute token of a later addendum, which few know",
    ),
    (
        "wbxml.old-value-token",
        true,
        "an attribute value in the code of an outdated draft",
    ),
    ("wbxml.date-as-text", true, "a date that is not coded"),
    ("wbxml.bad-date", true, "a coded date that is none"),
    (
        "wbxml.untrimmed-date",
        true,
        "a coded date with zeros at its end",
    ),
    (
        "wbxml.bad-attribute",
        true,
        "a token that cannot stand in an attribute list",
    ),
    (
        "wbxml.bad-string-index",
        true,
        "an index behind the end of the string table",
    ),
    (
        "wbxml.mid-string-index",
        false,
        "an index into the middle of a string of the table",
    ),
    (
        "wbxml.unterminated-string",
        true,
        "a string that no NUL ends",
    ),
    (
        "wbxml.bad-utf8",
        true,
        "a string that is not in the character set of the document",
    ),
    (
        "wbxml.bad-entity",
        true,
        "an entity code that is no character",
    ),
    (
        "wbxml.extension",
        true,
        "an extension token, which the vocabulary gives no meaning",
    ),
    (
        "wbxml.overlong-mb-int",
        false,
        "a multi-byte integer with leading zeros",
    ),
    (
        "wbxml.bad-mb-int",
        true,
        "a multi-byte integer of more than 32 bits",
    ),
    (
        "wbxml.cut-short",
        true,
        "the document ends inside a token or its operand",
    ),
    (
        "wbxml.missing-end",
        true,
        "the document ends before its elements do",
    ),
    (
        "wbxml.outside-root",
        true,
        "content before the root element",
    ),
    (
        "wbxml.trailing-bytes",
        true,
        "octets after the root element",
    ),
];

/// True for a kind of note that no conforming document gives.
pub fn is_fault(kind: &str) -> bool {
    KINDS.iter().any(|row| row.0 == kind && row.1)
}
