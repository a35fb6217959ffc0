//! Documents for eyes: every token with its offset, its octets and what it says.
//!
//! A dump shows what stands there, however wrong it is, and what the decoder noticed. It is text
//! for people; nothing is judged by it, and nothing reads it back.

mod multipart;
mod push;
mod smpp;
mod sms;
mod sniff;
mod trigger;
mod wbxml;
mod xml;

use std::fmt::Write as _;

pub use sniff::{Format, sniff};

use crate::span::{Note, Span, TooBad};
use crate::{Encoding, Limits};

/// One token of a document, or one remark about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its octets; empty (a position) for a remark.
    pub span: Span,
    /// How many elements it stands in.
    pub depth: usize,
    /// What it says: `Status`, `END Status`, `STR_I "200"`, `SWITCH_PAGE 1 MetInf`. A remark
    /// begins with `! ` and the kind of the note.
    pub text: String,
}

/// All tokens of a document in their order, each remark behind the token it is about. Where
/// decoding ends early, the last lines say why and cover what was not read.
pub fn lines(bytes: &[u8], encoding: Encoding) -> Vec<Line> {
    let limits = Limits {
        bytes: bytes.len().max(Limits::TARGET.bytes),
        ..Limits::TARGET
    };
    match encoding {
        Encoding::Wbxml => wbxml::lines(bytes, &limits),
        Encoding::Xml => xml::lines(bytes, &limits),
    }
}

/// The same for any format that can be shown: a push with the document in it, a short message with
/// its header, and so on.
pub fn of(bytes: &[u8], format: Format) -> Vec<Line> {
    let limits = Limits {
        bytes: bytes.len().max(Limits::TARGET.bytes),
        ..Limits::TARGET
    };
    match format {
        Format::Xml => lines(bytes, Encoding::Xml),
        Format::Wbxml => lines(bytes, Encoding::Wbxml),
        Format::Push => push::lines(bytes, &limits),
        Format::Sms => sms::user_data(bytes, true, &limits),
        Format::Tpdu => sms::tpdu(bytes, &limits),
        Format::Pap => multipart::lines(bytes, &limits),
        Format::Smpp => smpp::lines(bytes, &limits),
        Format::Trigger => trigger::lines(bytes, &limits),
    }
}

/// Whether a line is a remark about what is odd.
pub fn is_remark(line: &Line) -> bool {
    line.text.starts_with("! ")
}

/// The octets as a `.hex` file has them: hex digits, and what they say behind a number sign. All
/// octets come, each once, also where lines leave some out or show some twice.
pub fn hex_text(bytes: &[u8], lines: &[Line]) -> String {
    let mut out = String::new();
    let mut at = 0;
    let rows = |out: &mut String, span: Span, text: &str| {
        let mut text = text;
        for octets in span.of(bytes).chunks(ROW) {
            let line = format!("{:24} # {text}", hex(octets));
            let bare = line.trim_end().trim_end_matches('#').trim_end();
            out.push_str(if text.is_empty() {
                bare
            } else {
                line.trim_end()
            });
            out.push('\n');
            text = "";
        }
    };
    for line in lines.iter().filter(|line| line.span.len > 0) {
        if line.span.start() < at {
            continue;
        }
        rows(&mut out, Span::new(at, line.span.start()), "");
        let text = format!("{:1$}{2}", "", 2 * line.depth.min(40), line.text);
        rows(&mut out, line.span, &text);
        at = line.span.end();
    }
    rows(&mut out, Span::new(at, bytes.len()), "");
    out
}

/// Lines of something that stands inside something else.
fn shifted(lines: Vec<Line>, by: usize, depth: usize) -> Vec<Line> {
    let shift = |line: Line| Line {
        span: Span::new(line.span.start() + by, line.span.end() + by),
        depth: line.depth + depth,
        text: line.text,
    };
    lines.into_iter().map(shift).collect()
}

/// Octets in one row of [`render`].
const ROW: usize = 8;

/// The lines as text: offset, hex in rows of eight, meaning, indented by depth.
pub fn render(bytes: &[u8], lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        let indent = 2 * line.depth.min(40);
        let mut rows = line.span.of(bytes).chunks(ROW);
        let hex = hex(rows.next().unwrap_or_default());
        let offset = line.span.start();
        // Writing into a String cannot fail.
        let _ = writeln!(out, "{offset:06x}  {hex:23}  {:indent$}{}", "", line.text);
        for (row, octets) in rows.enumerate() {
            let offset = offset + (row + 1) * ROW;
            let _ = writeln!(out, "{offset:06x}  {}", self::hex(octets));
        }
    }
    out
}

fn hex(octets: &[u8]) -> String {
    let pairs: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    pairs.join(" ")
}

/// Text in quotes, escaped, and cut where it is long.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN: usize = 120;
    match text.char_indices().nth(SHOWN) {
        None => format!("{text:?}"),
        Some((at, _)) => {
            let shown = text.get(..at).unwrap_or_default();
            format!("{shown:?}… {} characters", text.chars().count())
        }
    }
}

/// Puts each note behind the last token that begins where the note does, or before it.
pub(crate) fn with_notes(lines: Vec<Line>, mut notes: Vec<Note>) -> Vec<Line> {
    notes.sort_by_key(|note| note.span.start());
    let mut notes = notes.into_iter().peekable();
    let mut out: Vec<Line> = Vec::with_capacity(lines.len() + notes.len());
    let mut depth = 0;
    for line in lines {
        while let Some(note) = notes.next_if(|note| note.span.start() < line.span.start()) {
            out.push(remark(note.kind, note.span, &note.text, depth));
        }
        depth = line.depth;
        out.push(line);
    }
    out.extend(notes.map(|note| remark(note.kind, note.span, &note.text, depth)));
    out
}

fn remark(kind: &str, span: Span, text: &str, depth: usize) -> Line {
    let kind = kind.split_once('.').map_or(kind, |(_, kind)| kind);
    let at = Span::new(span.start(), span.start());
    Line {
        span: at,
        depth,
        text: format!("! {kind}: {text}"),
    }
}

/// The end of a document that could not be read to its end.
pub(crate) fn refused(lines: &mut Vec<Line>, bytes: &[u8], why: &TooBad) {
    let read = lines
        .iter()
        .map(|line| line.span.end())
        .max()
        .unwrap_or_default();
    lines.push(remark(why.kind, why.span, &why.text, 0));
    if read < bytes.len() {
        let text = format!("{} octets not read", bytes.len() - read);
        lines.push(Line {
            span: Span::new(read, bytes.len()),
            depth: 0,
            text,
        });
    }
}
