//! Characters: what is in an input as a whole, line ends, references, what XML excludes, and how
//! text is escaped when it is written.
//!
//! Where a piece of text belongs is for `read` and `write`.

use std::borrow::Cow;

use super::names::{self, Referent};
use super::sink::Sink;
use crate::span::{Notes, Span};

/// What one look over the input found, so that most pieces need no second.
pub(super) struct Oddities {
    /// A character that XML excludes, or an octet that may begin one.
    pub(super) control: bool,
    /// A carriage return.
    pub(super) carriage_return: bool,
    /// A closing bracket.
    pub(super) bracket: bool,
}

impl Oddities {
    /// Looks over the whole input.
    pub(super) fn of(bytes: &[u8]) -> Self {
        // Four sums without a branch: the compiler makes vector code of it.
        let (mut control, mut carriage_return, mut bracket, mut noncharacter) =
            (0u8, 0u8, 0u8, 0u8);
        for &octet in bytes {
            let space = octet == b'\t' || octet == b'\n' || octet == b'\r';
            control |= u8::from(octet < 0x20) & u8::from(!space);
            carriage_return |= u8::from(octet == b'\r');
            bracket |= u8::from(octet == b']');
            noncharacter |= u8::from(octet == 0xEF);
        }
        Self {
            control: control | noncharacter != 0,
            carriage_return: carriage_return != 0,
            bracket: bracket != 0,
        }
    }
}

/// The input with a question mark for each octet that is no UTF-8, so that spans stay.
pub(super) fn patched(bytes: &[u8], notes: &mut Notes) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let at = text.len();
        text.extend(chunk.invalid().iter().map(|_| '?'));
        if at < text.len() {
            notes.push(
                "xml.bad-encoding",
                Span::new(at, text.len()),
                "octets that are no UTF-8",
            );
        }
    }
    text
}

/// Notes each run of characters that no document may hold.
pub(super) fn excluded(text: &str, notes: &mut Notes) {
    let mut run: Option<(usize, usize)> = None;
    for (at, c) in text.char_indices().filter(|&(_, c)| !names::is_char(c)) {
        let end = at + c.len_utf8();
        match &mut run {
            Some((_, behind)) if *behind == at => *behind = end,
            _ => {
                if let Some((at, end)) = run.replace((at, end)) {
                    notes.push("xml.control-character", Span::new(at, end), EXCLUDED);
                }
            }
        }
    }
    if let Some((at, end)) = run {
        notes.push("xml.control-character", Span::new(at, end), EXCLUDED);
    }
}

/// The text with line ends normalised: XML 1.0, 2.11.
pub(super) fn lines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The characters that a reference at this offset stands for; where it stands for none, the
/// reference as written.
pub(super) fn resolve<'a>(written: &'a str, at: usize, notes: &mut Notes) -> Cow<'a, str> {
    let inside = written
        .strip_prefix('&')
        .and_then(|rest| rest.strip_suffix(';'));
    let (kind, why, text) = match names::referent(inside.unwrap_or_default()) {
        Referent::Text(text) => return text,
        Referent::Forbidden(text) => ("xml.bad-reference", EXCLUDED, text),
        Referent::Undefined => (
            "xml.undefined-entity",
            "an entity that is not predefined",
            Cow::Borrowed(written),
        ),
        Referent::Malformed => (
            "xml.bad-reference",
            "a reference to nothing",
            Cow::Borrowed(written),
        ),
    };
    notes.push(kind, Span::new(at, at + written.len()), why);
    text
}

/// Appends text with references for what cannot stand there as it is, and for what is asked for:
/// among the characters that markup gives a meaning, or, where `any`, among all.
#[inline]
pub(super) fn escape(out: &mut Sink, text: &str, any: bool, referenced: impl Fn(char) -> bool) {
    if any || names::has_suspect(text.as_bytes()) {
        escape_each(out, text, any, referenced);
    } else {
        out.push_str(text);
    }
}

fn escape_each(out: &mut Sink, text: &str, any: bool, referenced: impl Fn(char) -> bool) {
    let mut done = 0;
    let mut at = 0;
    while let Some(len) = text[at..]
        .bytes()
        .position(|octet| any || names::is_suspect(octet))
    {
        at += len;
        let Some(c) = text[at..].chars().next() else {
            break;
        };
        let next = at + c.len_utf8();
        let name = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            _ if c == '\r' || !names::is_char(c) || referenced(c) => "",
            _ => {
                at = next;
                continue;
            }
        };
        out.push_str(&text[done..at]);
        match name {
            "" => reference(out, c),
            _ => out.push_str(name),
        }
        at = next;
        done = next;
    }
    out.push_str(&text[done..]);
}

fn reference(out: &mut Sink, c: char) {
    out.extend(["&#", &u32::from(c).to_string(), ";"]);
}

/// Appends a CDATA section, interrupted for what cannot stand in one.
pub(super) fn cdata(out: &mut Sink, text: &str) {
    const START: &str = "<![CDATA[";
    const END: &str = "]]>";
    out.push_str(START);
    let mut done = 0;
    for (at, c) in text.char_indices() {
        if c == '>' && text[done..at].ends_with("]]") {
            out.extend([&text[done..at], END, START]);
            done = at;
        } else if c == '\r' || !names::is_char(c) {
            out.extend([&text[done..at], END]);
            reference(out, c);
            out.push_str(START);
            done = at + c.len_utf8();
        }
    }
    out.extend([&text[done..], END]);
}

const EXCLUDED: &str = "a character that XML excludes";
