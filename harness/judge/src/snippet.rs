//! The octets in question, with their neighbours, as people read them: offset, hex, meaning. In what
//! arrived by itself offsets count from the begin of that push.
//!
//! It shows, on about a dozen lines; what is in question is decided elsewhere. Of what is longer
//! the beginning and the end are shown: what is missing in a message is missing at its end.

use assay_wire::dump::{self, Format};
use assay_wire::recording::{Direction, Place, Recording};
use assay_wire::{Span, cab};

use crate::replay::{Arrival, Document, Exchange};

/// So many tokens before and behind those in question.
const AROUND: usize = 2;

/// So many tokens in question at the beginning, and so many at the end.
const ENDS: usize = 4;

/// So many rows of octets of one token are shown.
const ROWS: usize = 3;

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
    if let Some((unit, inside)) = exchange.and_then(|exchange| unit(exchange, place)) {
        return Some(of_unit(recording.octets(unit.at), &unit.carrier, inside).join("\n"));
    }
    let is_message = octets.starts_with(b"HTTP/") || place.direction == Direction::Out;
    let lines = if is_message {
        of_message(octets, place.span, document)
    } else {
        plain(octets, place.span.start(), 2 * ENDS)
    };
    Some(lines.join("\n"))
}

/// What arrived at a place, and which of its octets are in question. Of a place that reaches beyond
/// it, as that of a push in several segments does, the part that is inside.
fn unit<'a>(exchange: &'a Exchange, place: Place) -> Option<(&'a Arrival, Span)> {
    let units = exchange.delivery.as_ref()?;
    let unit = units.iter().find(|unit| {
        let (at, from) = (unit.at.span, place.span.start());
        (unit.at.link, unit.at.direction) == (place.link, place.direction)
            && (at.start()..at.end()).contains(&from)
    })?;
    let from = unit.at.span.start();
    let end = place.span.end().min(unit.at.span.end());
    Some((unit, Span::new(place.span.start() - from, end - from)))
}

/// What arrived, as its carrier has it; a package by its own structures.
fn of_unit(octets: &[u8], carrier: &str, inside: Span) -> Vec<String> {
    if octets.starts_with(&cab::MAGIC) {
        return of_lines(octets, &cab::dump::lines(octets), inside);
    }
    let format = match carrier {
        "pap" => Format::Pap,
        "smpp" => Format::Smpp,
        _ => Format::Push,
    };
    // The head of a request is text, and its body counts from its own begin.
    let head = octets.windows(4).position(|end| end == b"\r\n\r\n");
    match head.map(|at| at + 4).filter(|_| format == Format::Pap) {
        Some(body) if inside.start() >= body => {
            let octets = octets.get(body..).unwrap_or_default();
            let inside = Span::new(inside.start() - body, inside.end() - body);
            of_lines(octets, &dump::of(octets, format), inside)
        }
        Some(_) => of_message(inside.of(octets), inside, None),
        None => of_lines(octets, &dump::of(octets, format), inside),
    }
}

/// The tokens of a document around those in question.
fn of_document(document: &Document, inside: Span) -> Vec<String> {
    let lines = dump::lines(document.body(), document.encoding);
    of_lines(document.body(), &lines, inside)
}

/// The lines of a dump around those in question.
fn of_lines(octets: &[u8], lines: &[dump::Line], inside: Span) -> Vec<String> {
    let guilty = |line: &dump::Line| {
        line.span.start() < inside.end().max(inside.start() + 1) && inside.start() < line.span.end()
    };
    let first = lines.iter().position(guilty).unwrap_or_default();
    let last = lines.iter().rposition(guilty).unwrap_or(first);
    let between = |from: usize, to: usize| lines.get(from..to.min(lines.len())).unwrap_or_default();
    let rows = |line: &dump::Line, mark: char, count: usize| {
        let rendered = dump::render(octets, std::slice::from_ref(line));
        let mut rows = rendered.lines();
        let mut shown: Vec<String> = rows
            .by_ref()
            .take(count)
            .map(|row| format!("{mark} {row}"))
            .collect();
        let left = rows.count();
        // Of a neighbour the beginning is enough.
        if left > 0 && count > 1 {
            shown.push(format!("{mark} … {left} rows of it"));
        }
        shown
    };
    let before = between(first.saturating_sub(AROUND), first).iter();
    let behind = between(last + 1, last + 1 + AROUND).iter();
    let questioned: Vec<Vec<String>> = between(first, last + 1)
        .iter()
        .map(|line| rows(line, if guilty(line) { '>' } else { ' ' }, ROWS))
        .collect();
    let mut shown: Vec<String> = before.flat_map(|line| rows(line, ' ', 1)).collect();
    shown.extend(both_ends(questioned));
    shown.extend(behind.flat_map(|line| rows(line, ' ', 1)));
    shown
}

/// A message of HTTP or the start of it: its head as text, then its body. Where its body is a
/// document, the document is what people want to see.
fn of_message(octets: &[u8], span: Span, document: Option<&Document>) -> Vec<String> {
    let mut head = Vec::new();
    let mut at = 0;
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let start = at;
        at += line.len();
        let text = line.trim_ascii_end();
        if text.is_empty() {
            break;
        }
        let told = text.to_ascii_lowercase().starts_with(b"content-type:");
        let text: String = String::from_utf8_lossy(text).chars().take(WIDTH).collect();
        let shown = format!("> {:06x}  {}", span.start() + start, text.escape_debug());
        head.push((told, shown));
    }
    let body = octets.get(at..).unwrap_or_default();
    let Some(document) = document.filter(|_| !body.is_empty()) else {
        let mut shown = both_ends(head.into_iter().map(|(_, line)| vec![line]).collect());
        if !body.is_empty() {
            shown.extend(plain(body, span.start() + at, ROWS));
        }
        return shown;
    };
    let fields = head.len();
    let mut nth = 0..;
    head.retain(|(told, _)| nth.next() == Some(0) || *told);
    let left = fields - head.len();
    let mut shown: Vec<String> = head.into_iter().map(|(_, line)| line).collect();
    if left > 0 {
        shown.push(format!("> … fields left out: {left}"));
    }
    shown.push("> body".to_owned());
    shown.extend(of_document(document, Span::new(0, document.body().len())));
    shown
}

/// Octets that are no document: rows of sixteen, with the characters that can be shown.
fn plain(octets: &[u8], at: usize, count: usize) -> Vec<String> {
    let rows = octets.chunks(16).take(count).enumerate().map(|(nth, row)| {
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
    let left = octets.len().saturating_sub(count * 16);
    if left > 0 {
        rows.push(format!("> … {left} octets more"));
    }
    rows
}

/// The rows of the first and the last of many tokens or lines, with the number of those between.
fn both_ends(mut all: Vec<Vec<String>>) -> Vec<String> {
    let left = all.len().saturating_sub(2 * ENDS);
    // A row that says that one is missing is as long as that one.
    if left > 1 {
        let between = vec![format!("> … {left} between")];
        all.splice(ENDS..ENDS + left, [between]);
    }
    all.concat()
}
