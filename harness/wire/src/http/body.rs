//! Bodies: which framing the fields promise, and the octets without it.

use super::Progress;
use super::head::Field;
use crate::span::{Limits, Notes, Span, TooBad};

/// The most octets of the line with the size of a chunk, and of one line of a trailer.
const CHUNK_LINE: usize = 4096;

/// How the end of a body was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    /// There is none.
    #[default]
    None,
    /// By its length.
    Length,
    /// By its last chunk.
    Chunked,
    /// By the close of the connection.
    Close,
}

/// A body without its framing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Its octets.
    pub octets: Vec<u8>,
    /// How its end was found.
    pub framing: Framing,
    /// Where it stands in what was read, framing included.
    pub span: Span,
    /// Where its octets stand in what was read, in order, without gaps inside the body.
    pieces: Vec<Span>,
}

impl Body {
    /// Where octets of the body stand in what was read. A span over several chunks covers what
    /// stands between them.
    pub fn raw(&self, inside: Span) -> Span {
        let start = self.raw_at(inside.start());
        if inside.len == 0 {
            return Span::new(start, start);
        }
        Span::new(
            start,
            (self.raw_at(inside.end() - 1) + 1).min(self.span.end()),
        )
    }

    fn raw_at(&self, inside: usize) -> usize {
        let mut before = 0;
        for piece in &self.pieces {
            let len = piece.len as usize;
            if inside < before + len {
                return piece.start() + inside - before;
            }
            before += len;
        }
        self.pieces
            .last()
            .map_or(self.span.start(), |piece| piece.end())
    }
}

/// What the fields of a head promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// No body.
    Nothing,
    /// So many octets.
    Length(usize),
    /// Chunks.
    Chunks,
    /// All that comes.
    UntilClose,
    /// What came together with the head: the promise cannot be read.
    Whatever,
}

/// What these fields promise; `else_wanted` where they say nothing (RFC 9112 6.3).
pub(super) fn wanted(fields: &[Field], notes: &mut Notes, else_wanted: Wanted) -> Wanted {
    let named = |name: &'static str| {
        fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
    };
    let lengths: Vec<&Field> = named("Content-Length").collect();
    let codings: Vec<&Field> = named("Transfer-Encoding").collect();
    let length = length(&lengths, notes);
    if let Some(last) = codings.last() {
        let names: Vec<String> = codings
            .iter()
            .flat_map(|field| field.value.split(','))
            .map(|name| name.trim().to_ascii_lowercase())
            .filter(|name| !name.is_empty())
            .collect();
        if names.len() != 1 || names.iter().any(|name| name != "chunked") {
            let text = format!("transfer coding {}", names.join(", "));
            notes.push("http.bad-coding", last.span, text);
        }
        if names.iter().any(|name| name == "chunked") {
            if let Some(first) = lengths.first() {
                let text = "a Content-Length beside Transfer-Encoding: chunked";
                notes.push("http.length-and-chunked", first.span, text);
            }
            return Wanted::Chunks;
        }
    }
    length.unwrap_or(else_wanted)
}

fn length(fields: &[&Field], notes: &mut Notes) -> Option<Wanted> {
    let last = fields.last()?;
    let values: Vec<&str> = fields
        .iter()
        .flat_map(|field| field.value.split(','))
        .map(str::trim)
        .collect();
    if values.len() > 1 {
        let text = format!("lengths {}", values.join(" and "));
        notes.push("http.two-lengths", last.span, text);
    }
    let mut smallest = None;
    for value in values {
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        let read = value[..digits].parse::<usize>().ok();
        if read.is_none() || digits != value.len() {
            notes.push("http.bad-length", last.span, format!("length {value:?}"));
        }
        smallest = match (smallest, read) {
            (Some(a), Some(b)) => Some(usize::min(a, b)),
            (a, b) => a.or(b),
        };
    }
    Some(smallest.map_or(Wanted::Whatever, Wanted::Length))
}

/// Reads the body at `start`, and tells where it ends.
pub(super) fn read(
    raw: &[u8],
    start: usize,
    wanted: Wanted,
    closed: bool,
    limits: &Limits,
    notes: &mut Notes,
) -> Result<Progress<(Body, usize)>, TooBad> {
    let there = raw.len().saturating_sub(start);
    let whole = |framing, len: usize| {
        let span = Span::new(start, start + len);
        let body = Body {
            octets: span.of(raw).to_vec(),
            framing,
            span,
            pieces: vec![span],
        };
        Progress::Done((body, start + len))
    };
    match wanted {
        Wanted::Nothing => {
            let span = Span::new(start, start);
            let body = Body {
                span,
                ..Body::default()
            };
            Ok(Progress::Done((body, start)))
        }
        Wanted::Length(len) if len > limits.bytes => Err(too_long(start, raw, limits)),
        Wanted::Length(len) if there >= len => Ok(whole(Framing::Length, len)),
        Wanted::Length(len) if closed => {
            let text = format!("closed after {there} of {len} octets");
            notes.push("http.short-body", Span::new(start, raw.len()), text);
            Ok(whole(Framing::Length, there))
        }
        Wanted::Length(_) => Ok(Progress::More),
        Wanted::UntilClose | Wanted::Whatever if there > limits.bytes => {
            Err(too_long(start, raw, limits))
        }
        Wanted::UntilClose if !closed => Ok(Progress::More),
        Wanted::UntilClose | Wanted::Whatever => Ok(whole(Framing::Close, there)),
        Wanted::Chunks => chunks(raw, start, closed, limits, notes),
    }
}

/// One step through the framing of chunks.
enum Step<T> {
    More,
    Bad(&'static str),
    Next(T),
}

fn chunks(
    raw: &[u8],
    start: usize,
    closed: bool,
    limits: &Limits,
    notes: &mut Notes,
) -> Result<Progress<(Body, usize)>, TooBad> {
    let (mut at, mut pieces, mut total) = (start, Vec::new(), 0_usize);
    let mut bare = false;
    let end = loop {
        // The framing of hostile chunks may be many times larger than what it frames.
        if total > limits.bytes || at - start > limits.bytes.saturating_mul(8) {
            return Err(too_long(start, raw, limits));
        }
        let line = at;
        match chunk(raw, &mut at, &mut bare) {
            Step::Next((data, true)) if data.len == 0 => match trailer(raw, at, &mut bare) {
                Step::Next(end) => break end,
                Step::More if !closed => return Ok(Progress::More),
                Step::More => break short(raw, at, notes),
                Step::Bad(text) => break bad(raw, at, text, notes),
            },
            Step::Next((data, true)) => {
                total = total.saturating_add(data.len as usize);
                pieces.push(data);
            }
            Step::Next((part, _)) if total + part.len as usize > limits.bytes => {
                return Err(too_long(start, raw, limits));
            }
            Step::Next(_) | Step::More if !closed => return Ok(Progress::More),
            Step::Next((part, false)) => {
                pieces.push(part);
                break short(raw, part.start(), notes);
            }
            Step::More => break short(raw, line, notes),
            Step::Bad(text) => break bad(raw, line, text, notes),
        }
    };
    if bare {
        let span = Span::new(start, end);
        notes.push(
            "http.bare-lf",
            span,
            "a line of the chunks that ends in LF alone",
        );
    }
    let octets = pieces
        .iter()
        .flat_map(|piece| piece.of(raw))
        .copied()
        .collect();
    let body = Body {
        octets,
        framing: Framing::Chunked,
        span: Span::new(start, end),
        pieces,
    };
    Ok(Progress::Done((body, end)))
}

/// The data of the chunk at `at`, which moves behind it, and whether all of the chunk is there.
fn chunk(raw: &[u8], at: &mut usize, bare: &mut bool) -> Step<(Span, bool)> {
    let (line, behind) = match line(raw, *at, bare) {
        Step::Next(found) => found,
        Step::More => return Step::More,
        Step::Bad(text) => return Step::Bad(text),
    };
    let text = line
        .split(|octet| *octet == b';')
        .next()
        .unwrap_or_default();
    let size = std::str::from_utf8(text.trim_ascii())
        .ok()
        .filter(|size| size.bytes().all(|octet| octet.is_ascii_hexdigit()))
        .and_then(|size| u32::from_str_radix(size, 16).ok());
    let Some(size) = size else {
        return Step::Bad("the size of a chunk is no hexadecimal number");
    };
    *at = behind;
    if size == 0 {
        return Step::Next((Span::new(behind, behind), true));
    }
    let Some(end) = behind.checked_add(size as usize) else {
        return Step::Bad("the size of a chunk is beyond all measure");
    };
    match raw.get(end..).unwrap_or_default() {
        [b'\r', b'\n', ..] => *at = end + 2,
        [b'\n', ..] => {
            *bare = true;
            *at = end + 1;
        }
        [] | [b'\r'] => return Step::Next((Span::new(behind, end.min(raw.len())), false)),
        _ => return Step::Bad("the data of a chunk is longer than its size"),
    }
    Step::Next((Span::new(behind, end), true))
}

/// The end of the trailer section at `at`.
fn trailer(raw: &[u8], mut at: usize, bare: &mut bool) -> Step<usize> {
    for _ in 0..64 {
        match line(raw, at, bare) {
            Step::Next(([], behind)) => return Step::Next(behind),
            Step::Next((_, behind)) => at = behind,
            Step::More => return Step::More,
            Step::Bad(text) => return Step::Bad(text),
        }
    }
    Step::Bad("the trailer has no end")
}

/// The line at `at` without its end, and the offset behind it.
fn line<'r>(raw: &'r [u8], at: usize, bare: &mut bool) -> Step<(&'r [u8], usize)> {
    let rest = raw.get(at..).unwrap_or_default();
    let window = &rest[..rest.len().min(CHUNK_LINE)];
    let Some(len) = window.iter().position(|octet| *octet == b'\n') else {
        return if window.len() < CHUNK_LINE {
            Step::More
        } else {
            Step::Bad("a line between chunks has no end")
        };
    };
    let text = &window[..len];
    *bare |= !text.ends_with(b"\r");
    Step::Next((text.strip_suffix(b"\r").unwrap_or(text), at + len + 1))
}

fn short(raw: &[u8], at: usize, notes: &mut Notes) -> usize {
    let span = Span::new(at, raw.len());
    notes.push("http.short-body", span, "closed before the last chunk");
    raw.len()
}

fn bad(raw: &[u8], at: usize, text: &str, notes: &mut Notes) -> usize {
    let end = raw.len().min(at + 32);
    notes.push("http.bad-chunk", Span::new(at, end), text);
    raw.len()
}

fn too_long(start: usize, raw: &[u8], limits: &Limits) -> TooBad {
    let text = format!("a body of more than {} octets", limits.bytes);
    TooBad::new("http.too-long", Span::new(start, raw.len()), text)
}
