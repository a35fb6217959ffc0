//! HTTP/1.x messages out of recorded octets, in both directions, with the span of every piece.
//!
//! Lenient: what can be read is read, and what was odd is noted. Which message answers which, what
//! a field means and when to stop waiting for more is decided by the callers. No I/O here.
//!
//! The kinds of notes (RFC 9112):
//!
//! | kind | what was seen | read as |
//! |---|---|---|
//! | `http.interim` | a 1xx response before the final one (no fault) | skipped |
//! | `http.empty-line` | an empty line before the start line | skipped |
//! | `http.bare-lf` | a line that ends in LF alone | a line |
//! | `http.no-reason` | a status line without the space behind the code | an empty reason |
//! | `http.obs-fold` | a field value folded over lines | one value |
//! | `http.space-before-colon` | white space behind a field name | the field |
//! | `http.bad-field` | a line that is no field | skipped |
//! | `http.two-lengths` | more than one length | the smallest |
//! | `http.bad-length` | a length that is no number | its leading digits; else what came with the head |
//! | `http.length-and-chunked` | a length and chunks | chunks |
//! | `http.bad-coding` | a transfer coding that is unknown or stands in the wrong place | without it |
//! | `http.bad-chunk` | a chunk whose size or end cannot be read | the body ends before it |
//! | `http.short-body` | closed before the end of the body | what came |
//! | `http.extra-bytes` | octets behind the end | not part of the message |

mod body;
mod head;

use crate::span::{Limits, Note, Notes, Span, TooBad};

pub use body::{Body, Framing};
pub use head::Field;

/// The most octets of one head; more is no head.
pub const HEAD_BYTES: usize = 64 * 1024;

/// The most interim responses before the final one.
const INTERIM: usize = 16;

/// How far a message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress<T> {
    /// Its end has not come yet.
    More,
    /// All of it is there.
    Done(T),
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method as written.
    pub method: String,
    /// The request target as written: `/dm?mode=Maintenance`.
    pub target: String,
    /// The minor version: 0 for HTTP/1.0, 1 for HTTP/1.1.
    pub version: u8,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// The body, its framing taken off.
    pub body: Body,
    /// The whole message in the octets that were read.
    pub span: Span,
    /// What was odd.
    pub notes: Vec<Note>,
}

/// A final response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The minor version: 0 for HTTP/1.0, 1 for HTTP/1.1.
    pub version: u8,
    /// The status code, 100 to 999.
    pub status: u16,
    /// The reason as written; often empty.
    pub reason: String,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// The body, its framing taken off.
    pub body: Body,
    /// The whole message in the octets that were read, interim responses before it left out.
    pub span: Span,
    /// What was odd.
    pub notes: Vec<Note>,
}

impl Request {
    /// The first field of this name, in any case.
    pub fn field(&self, name: &str) -> Option<&Field> {
        head::field(&self.fields, name)
    }
}

impl Response {
    /// The first field of this name, in any case.
    pub fn field(&self, name: &str) -> Option<&Field> {
        head::field(&self.fields, name)
    }
}

/// Reads the response at the start of `raw` to a request with the method `to_method`.
///
/// `closed` tells that nothing more will come, which is what ends some bodies (RFC 9112 6.3).
///
/// # Errors
/// [`TooBad`] where what came is no HTTP/1.x (`http.garbled`), where nothing or only a part of a
/// head came before the close (`http.empty`, `http.short-head`), and where a limit was passed
/// (`http.too-long`).
pub fn response(
    raw: &[u8],
    to_method: &str,
    closed: bool,
    limits: &Limits,
) -> Result<Progress<Response>, TooBad> {
    let mut notes = Notes::new(limits);
    let mut at = 0;
    for _ in 0..=INTERIM {
        let Some((line, head)) = head::response(raw, at, &mut notes)? else {
            return more_of_head(raw, at, closed);
        };
        if is_interim(line.status) {
            let span = Span::new(at, head.end);
            notes.push("http.interim", span, format!("interim {}", line.status));
            at = head.end;
            continue;
        }
        let bodyless =
            to_method.eq_ignore_ascii_case("HEAD") || matches!(line.status, 101 | 204 | 304);
        let wanted = if bodyless {
            body::Wanted::Nothing
        } else {
            body::wanted(&head.fields, &mut notes, body::Wanted::UntilClose)
        };
        let Progress::Done((body, end)) =
            body::read(raw, head.end, wanted, closed, limits, &mut notes)?
        else {
            return Ok(Progress::More);
        };
        note_extra(raw, end, &mut notes);
        return Ok(Progress::Done(Response {
            version: line.version,
            status: line.status,
            reason: line.reason,
            fields: head.fields,
            body,
            span: Span::new(at, end),
            notes: notes.into_vec(),
        }));
    }
    Err(TooBad::new(
        "http.too-long",
        Span::new(at, at),
        "too many interim responses",
    ))
}

/// Reads the request at the start of `raw`.
///
/// # Errors
/// [`TooBad`] where what came is no HTTP/1.x request (`http.garbled`), and where a limit was
/// passed (`http.too-long`).
pub fn request(raw: &[u8], limits: &Limits) -> Result<Progress<Request>, TooBad> {
    let mut notes = Notes::new(limits);
    let Some((line, head)) = head::request(raw, &mut notes)? else {
        return more_of_head(raw, 0, false);
    };
    let wanted = body::wanted(&head.fields, &mut notes, body::Wanted::Nothing);
    let Progress::Done((body, end)) = body::read(raw, head.end, wanted, false, limits, &mut notes)?
    else {
        return Ok(Progress::More);
    };
    note_extra(raw, end, &mut notes);
    Ok(Progress::Done(Request {
        method: line.method,
        target: line.target,
        version: line.version,
        fields: head.fields,
        body,
        span: Span::new(0, end),
        notes: notes.into_vec(),
    }))
}

/// How many octets at the start of `raw` are whole interim responses.
pub fn interim(raw: &[u8]) -> usize {
    let mut notes = Notes::new(&Limits::TARGET);
    let mut at = 0;
    for _ in 0..INTERIM {
        match head::response(raw, at, &mut notes) {
            Ok(Some((line, head))) if is_interim(line.status) => at = head.end,
            _ => break,
        }
    }
    at
}

fn is_interim(status: u16) -> bool {
    // 101 is the last thing that is HTTP on its connection.
    (100..200).contains(&status) && status != 101
}

fn more_of_head<T>(raw: &[u8], at: usize, closed: bool) -> Result<Progress<T>, TooBad> {
    if raw.len().saturating_sub(at) > HEAD_BYTES {
        return Err(TooBad::new(
            "http.too-long",
            Span::new(at, raw.len()),
            format!("a head of more than {HEAD_BYTES} octets"),
        ));
    }
    if !closed {
        return Ok(Progress::More);
    }
    let (kind, text) = if raw.is_empty() {
        ("http.empty", "closed without an answer")
    } else {
        ("http.short-head", "closed in the middle of a head")
    };
    Err(TooBad::new(kind, Span::new(at, raw.len()), text))
}

fn note_extra(raw: &[u8], end: usize, notes: &mut Notes) {
    if raw.len() > end {
        let text = format!("{} octets behind the end of the message", raw.len() - end);
        notes.push("http.extra-bytes", Span::new(end, raw.len()), text);
    }
}

#[cfg(test)]
mod tests;
