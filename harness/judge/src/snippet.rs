//! The octets in question, with their neighbours, as people read them: offset, hex, meaning.
//!
//! It shows; what is in question is decided elsewhere.

use assay_wire::recording::{Direction, Place, Recording};
use assay_wire::{Span, dump};

use crate::replay::{Document, Exchange};

/// So many lines before and behind those in question.
const AROUND: usize = 2;

/// So many lines in question are shown, of a head and of a body each.
const SHOWN: usize = 24;

/// So many rows of octets of one token are shown.
const ROWS: usize = 6;

/// So many characters of one line of a head are shown.
const WIDTH: usize = 120;

/// The octets at a place of an exchange. `>` marks the lines in question.
pub(crate) fn snippet(
    recording: &Recording,
    exchange: Option<&Exchange>,
    place: Place,
) -> Option<String> {
    let octets = recording.octets(place);
    if octets.is_empty() {
        return None;
    }
    let document = exchange.and_then(|exchange| match place.direction {
        Direction::In => exchange.reply.as_ref(),
        Direction::Out => exchange.sent.as_ref(),
    });
    if let Some((document, inside)) = document.and_then(|it| Some((it, it.inside(place)?))) {
        return Some(of_document(document, inside).join("\n"));
    }
    let is_message = octets.starts_with(b"HTTP/") || place.direction == Direction::Out;
    let lines = if is_message {
        of_message(octets, place.span, document)
    } else {
        plain(octets, place.span.start())
    };
    Some(lines.join("\n"))
}

/// The tokens of a document around those in question.
fn of_document(document: &Document, inside: Span) -> Vec<String> {
    let octets = document.body();
    let lines = dump::lines(octets, document.encoding);
    let guilty = |line: &dump::Line| {
        line.span.start() < inside.end().max(inside.start() + 1) && inside.start() < line.span.end()
    };
    let first = lines.iter().position(guilty).unwrap_or_default();
    let last = lines.iter().rposition(guilty).unwrap_or(first);
    let end = (last.min(first + SHOWN) + AROUND + 1).min(lines.len());
    let lines = lines
        .get(first.saturating_sub(AROUND)..end)
        .unwrap_or_default();
    let mut shown = Vec::new();
    for line in lines {
        let mark = if guilty(line) { '>' } else { ' ' };
        let rendered = dump::render(octets, std::slice::from_ref(line));
        let mut rows = rendered.lines();
        shown.extend(rows.by_ref().take(ROWS).map(|row| format!("{mark} {row}")));
        let left = rows.count();
        if left > 0 {
            shown.push(format!("{mark} … {left} rows more"));
        }
    }
    shown
}

/// A message of HTTP or the start of it: its head as text, then its body.
fn of_message(octets: &[u8], span: Span, document: Option<&Document>) -> Vec<String> {
    let mut shown = Vec::new();
    let mut at = 0;
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let start = at;
        at += line.len();
        let text = line.trim_ascii_end();
        if text.is_empty() {
            break;
        }
        if shown.len() < SHOWN {
            let text: String = String::from_utf8_lossy(text).chars().take(WIDTH).collect();
            shown.push(format!(
                "> {:06x}  {}",
                span.start() + start,
                text.escape_debug()
            ));
        }
    }
    let body = octets.get(at..).unwrap_or_default();
    match document {
        _ if body.is_empty() => {}
        Some(document) => {
            shown.push("> body".to_owned());
            shown.extend(of_document(document, Span::new(0, document.body().len())));
        }
        None => shown.extend(plain(body, span.start() + at)),
    }
    shown
}

/// Octets that are no document: rows of sixteen, with the characters that can be shown.
fn plain(octets: &[u8], at: usize) -> Vec<String> {
    let rows = octets.chunks(16).take(SHOWN).enumerate().map(|(nth, row)| {
        let hex: Vec<String> = row.iter().map(|octet| format!("{octet:02x}")).collect();
        let shown = |&octet: &u8| {
            if octet.is_ascii_graphic() || octet == b' ' {
                char::from(octet)
            } else {
                '.'
            }
        };
        let text: String = row.iter().map(shown).collect();
        format!("> {:06x}  {:47}  {text}", at + nth * 16, hex.join(" "))
    });
    let mut rows: Vec<String> = rows.collect();
    let left = octets.len().saturating_sub(SHOWN * 16);
    if left > 0 {
        rows.push(format!("  … {left} octets more"));
    }
    rows
}
