//! The header of a WBXML document: version, public identifier, character set, string table.
//!
//! What follows from them (vocabulary, namespace, decoding of strings) is left to the reader.

use super::lex::{self, Lexer};
use super::pages::Document;
use crate::span::{Notes, Span, TooBad};

/// How a document names its type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PublicId {
    /// A registered number.
    Number(u32),
    /// A formal public identifier out of the string table.
    Text(String),
}

impl std::fmt::Display for PublicId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "0x{number:04X}"),
            Self::Text(text) => write!(f, "{text:?}"),
        }
    }
}

/// What stands before the body (WAP-192 5.4 to 5.7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The version octet as it stands: 0x01 to 0x03 for 1.1 to 1.3.
    pub version: u8,
    /// The public identifier.
    pub public_id: PublicId,
    /// The character set (IANA MIBenum), 106 for UTF-8. Version 1.0 has none and counts as 106.
    pub charset: u32,
    /// The octets of the string table, without its length.
    pub table: Span,
    /// All of the header, string table included.
    pub span: Span,
}

/// Where each field of a header stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fields {
    pub(crate) version: Span,
    pub(crate) public_id: Span,
    pub(crate) charset: Span,
    pub(crate) length: Span,
}

/// Reads the header; the body begins at the end of its span. What was read is in `fields` even if
/// the rest is missing.
pub(crate) fn read(bytes: &[u8], fields: &mut Fields, notes: &mut Notes) -> Result<Header, TooBad> {
    let mut lexer = Lexer::new(bytes, 0);
    let cut = |what: &str| {
        let span = Span::new(0, bytes.len());
        TooBad::new(
            "wbxml.cut-short",
            span,
            format!("the document ends before its {what}"),
        )
    };

    let version = lexer.octet().ok_or_else(|| cut("version"))?;
    fields.version = Span::new(0, lexer.at());
    if !(0x01..=0x03).contains(&version) {
        let text = format!("version {}.{}", (version >> 4) + 1, version & 0x0F);
        notes.push("wbxml.bad-version", fields.version, text);
    }

    let start = lexer.at();
    let number = lexer
        .integer(notes)
        .ok_or_else(|| cut("public identifier"))?;
    let index = match number {
        0 => Some(
            lexer
                .integer(notes)
                .ok_or_else(|| cut("public identifier"))?,
        ),
        _ => None,
    };
    fields.public_id = Span::new(start, lexer.at());

    let start = lexer.at();
    let charset = match version {
        0x00 if without_charset(&lexer, bytes) => super::UTF_8,
        _ => lexer.integer(notes).ok_or_else(|| cut("character set"))?,
    };
    fields.charset = Span::new(start, lexer.at());
    if charset != super::UTF_8 {
        let text = format!("character set {charset}, not 106 (UTF-8)");
        notes.push("wbxml.bad-charset", fields.charset, text);
    }

    let start = lexer.at();
    let length = lexer.integer(notes).ok_or_else(|| cut("string table"))? as usize;
    fields.length = Span::new(start, lexer.at());
    let start = lexer.at();
    let end = start
        .checked_add(length)
        .filter(|&end| end <= bytes.len())
        .ok_or_else(|| {
            let text = format!(
                "string table of {length} octets where {} are left",
                bytes.len() - start
            );
            TooBad::new("wbxml.cut-short", fields.length, text)
        })?;
    let table = Span::new(start, end);

    let public_id = match index {
        None => PublicId::Number(number),
        Some(index) => PublicId::Text(text(table.of(bytes), index, fields, notes)),
    };
    if Document::of(&public_id).is_none() {
        let text = format!("public identifier {public_id} is not known");
        notes.push("wbxml.unknown-public-id", fields.public_id, text);
    }
    Ok(Header {
        version,
        public_id,
        charset,
        table,
        span: Span::new(0, end),
    })
}

/// The public identifier at this index. Without its NUL it ends with the table.
fn text(table: &[u8], index: u32, fields: &Fields, notes: &mut Notes) -> String {
    let Some(rest) = table.get(index as usize..).filter(|rest| !rest.is_empty()) else {
        let text = format!("index {index} in a table of {} octets", table.len());
        notes.push("wbxml.bad-string-index", fields.public_id, text);
        return String::new();
    };
    let octets = lex::terminated(rest).unwrap_or_else(|| {
        let text = "the public identifier runs to the end of the table without a NUL";
        notes.push_once("wbxml.unterminated-public-id", fields.public_id, text);
        rest
    });
    String::from_utf8_lossy(octets).into_owned()
}

/// Version 1.0 had no character set. Encoders that say 1.0 and write one nevertheless are told
/// apart by what would be the string table: it has to fit and to end with a NUL.
fn without_charset(lexer: &Lexer<'_>, bytes: &[u8]) -> bool {
    let mut ahead = lexer.clone();
    let Some(length) = ahead.integer(&mut Notes::default()) else {
        return true;
    };
    let rest = bytes.get(ahead.at()..).unwrap_or_default();
    match rest.get(..length as usize) {
        Some(table) => table.last().is_none_or(|&last| last == 0),
        None => false,
    }
}
