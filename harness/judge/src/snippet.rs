//! The octets in question, with their neighbours, as people read them: offset, hex, meaning.
//!
//! It shows; what is in question is decided elsewhere.

use assay_wire::recording::{Direction, Place, Recording};
use assay_wire::{Span, dump};

use crate::replay::{Document, Exchange};

/// So many lines before and behind those in question.
const AROUND: usize = 2;

/// So many lines in question are shown.
const SHOWN: usize = 24;

/// So many rows of octets of one token are shown.
const ROWS: usize = 6;

/// The octets at a place of an exchange. `>` marks the lines in question.
pub(crate) fn snippet(
    recording: &Recording,
    exchange: Option<&Exchange>,
    place: Place,
) -> Option<String> {
    let documents = exchange
        .into_iter()
        .filter_map(|exchange| match place.direction {
            Direction::In => exchange.reply.as_ref(),
            Direction::Out => exchange.sent.as_ref(),
        });
    for document in documents {
        if let Some(inside) = document.inside(place) {
            return Some(of_document(document, inside));
        }
    }
    let octets = recording.octets(place);
    if octets.is_empty() {
        return None;
    }
    Some(plain(octets, place.span))
}

fn of_document(document: &Document, inside: Span) -> String {
    let octets = document.body();
    let lines = dump::lines(octets, document.encoding);
    let guilty = |line: &dump::Line| {
        line.span.start() < inside.end().max(inside.start() + 1) && inside.start() < line.span.end()
    };
    let first = lines.iter().position(guilty).unwrap_or_default();
    let last = lines.iter().rposition(guilty).unwrap_or(first);
    let shown =
        first.saturating_sub(AROUND)..(last.min(first + SHOWN) + AROUND + 1).min(lines.len());
    let lines = lines.get(shown).unwrap_or_default();
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
    shown.join("\n")
}

/// Octets that are no document: rows of sixteen, with the characters that can be shown.
fn plain(octets: &[u8], span: Span) -> String {
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
        format!(
            "> {:08x}  {:47}  {text}",
            span.start() + nth * 16,
            hex.join(" ")
        )
    });
    let mut rows: Vec<String> = rows.collect();
    let left = octets.len().saturating_sub(SHOWN * 16);
    if left > 0 {
        rows.push(format!("  … {left} octets more"));
    }
    rows.join("\n")
}
