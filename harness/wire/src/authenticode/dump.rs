//! DER for eyes, value by value. Nothing is judged here.

use super::der::{self, BIT_STRING, INTEGER, OCTET_STRING, OID, Reader, Value};
use super::oid;
use crate::dump::{Line, quoted};
use crate::span::Span;

/// Levels that are shown; deeper values are shown as octets.
const DEEPEST: usize = 24;
/// Octets that are shown of one value.
const SHOWN: usize = 32;

/// The values in these octets of the input, each with what it is.
pub fn dump(input: &[u8], span: Span, depth: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    each(&mut Reader::new(input, span), depth, &mut lines);
    lines
}

fn each(reader: &mut Reader<'_>, depth: usize, lines: &mut Vec<Line>) {
    while !reader.is_empty() {
        let Ok(value) = reader.next() else {
            let rest = reader.rest();
            let shown = Span::new(rest.start(), rest.end().min(rest.start() + SHOWN));
            let text = match rest.len {
                0..8 => "filling".to_owned(),
                length => format!("{length} octets that are no DER"),
            };
            lines.push(Line {
                span: shown,
                depth,
                text,
            });
            return;
        };
        if value.is_constructed() && depth < DEEPEST {
            lines.push(Line {
                span: value.head(),
                depth,
                text: tag(value.tag),
            });
            each(&mut value.inside(), depth + 1, lines);
        } else {
            let whole = value.span();
            let shown = Span::new(whole.start(), whole.end().min(whole.start() + SHOWN));
            lines.push(Line {
                span: shown,
                depth,
                text: text(value),
            });
        }
    }
}

fn text(value: Value<'_>) -> String {
    let tag = tag(value.tag);
    let body = value.body();
    match value.tag {
        OID => format!("{tag} {}", oid::name(body)),
        INTEGER if body.len() <= 4 => {
            let fold = |sum: u64, &octet: &u8| sum << 8 | u64::from(octet);
            format!("{tag} {}", body.iter().fold(0, fold))
        }
        INTEGER | OCTET_STRING | BIT_STRING => format!("{tag} of {} octets", body.len()),
        0x0C | 0x12..=0x18 | 0x1A => format!("{tag} {}", quoted(&String::from_utf8_lossy(body))),
        _ if body.is_empty() => tag,
        _ => format!("{tag} of {} octets", body.len()),
    }
}

fn tag(tag: u8) -> String {
    let name = match tag {
        0x01 => "BOOLEAN",
        INTEGER => "INTEGER",
        BIT_STRING => "BIT STRING",
        OCTET_STRING => "OCTET STRING",
        der::NULL => "NULL",
        OID => "OBJECT IDENTIFIER",
        0x0C => "UTF8String",
        0x13 => "PrintableString",
        0x14 => "TeletexString",
        0x16 => "IA5String",
        der::UTC_TIME => "UTCTime",
        der::GENERALIZED_TIME => "GeneralizedTime",
        0x1E => "BMPString",
        der::SEQUENCE => "SEQUENCE",
        der::SET => "SET",
        _ if tag & 0xC0 == 0x80 => return format!("[{}]", tag & 0x1F),
        _ => return format!("tag {tag:02X}"),
    };
    name.to_owned()
}
