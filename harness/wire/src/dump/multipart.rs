//! A request of the push access protocol in words: its parts, and what each of them holds.

use super::{Line, quoted, refused, shifted, with_notes};
use crate::pap;
use crate::span::Span;
use crate::{Encoding, Limits};

pub(super) fn lines(bytes: &[u8], limits: &Limits) -> Vec<Line> {
    let mut lines = Vec::new();
    // What stands in the body is all that there is: the content type would be in a head elsewhere.
    let first = bytes
        .split(|&octet| octet == b'\n')
        .find_map(|line| line.strip_prefix(b"--"));
    let boundary = String::from_utf8_lossy(first.unwrap_or_default());
    let content_type = format!(
        "multipart/related; type=x; boundary=\"{}\"",
        boundary.trim_end()
    );
    let read = match pap::multipart(bytes, &content_type, limits) {
        Ok(read) => read,
        Err(why) => {
            refused(&mut lines, bytes, &why);
            return lines;
        }
    };
    let mut at = 0;
    for (number, part) in read.parts.iter().enumerate() {
        between(bytes, at, part.span.start(), &mut lines);
        at = part.span.end();
        for field in &part.fields {
            let text = format!("{}: {}", field.name, quoted(&field.value));
            lines.push(Line {
                span: field.span,
                depth: 1,
                text,
            });
        }
        let octets = part.body.of(bytes);
        let media = part.media().map(|media| media.essence).unwrap_or_default();
        let inner = if super::push::is_wbxml(&media) {
            super::lines(octets, Encoding::Wbxml)
        } else if octets.trim_ascii_start().first() == Some(&b'<') {
            let mut inner = super::lines(octets, Encoding::Xml);
            // Every document of PAP has a document type declaration, and is to have it.
            if media == pap::CONTROL_MEDIA {
                inner.retain(|line| !line.text.starts_with("! doctype"));
            }
            inner
        } else if media == crate::trigger::MEDIA {
            super::trigger::lines(octets, limits)
        } else {
            let text = format!("body of part {}, {} octets", number + 1, octets.len());
            vec![Line {
                span: Span::new(0, octets.len()),
                depth: 0,
                text,
            }]
        };
        lines.extend(shifted(inner, part.body.start(), 1));
    }
    between(bytes, at, bytes.len(), &mut lines);
    with_notes(lines, read.notes)
}

/// The boundaries and what else stands between two parts.
fn between(bytes: &[u8], start: usize, end: usize, lines: &mut Vec<Line>) {
    let span = Span::new(start, end);
    let text = String::from_utf8_lossy(span.of(bytes));
    if !text.trim().is_empty() {
        let text = format!("between parts {}", quoted(text.trim()));
        lines.push(Line {
            span,
            depth: 0,
            text,
        });
    }
}
