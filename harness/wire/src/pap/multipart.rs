//! `multipart/related` (RFC 2387, RFC 2046 5.1): a body in parts with heads of their own.
//!
//! Lenient: bare line feeds and a missing closing boundary are noted. What a part is, is decided by
//! whoever reads its head.

use crate::http::Field;
use crate::media;
use crate::span::{Limits, Note, Notes, Span, TooBad};

/// The most parts that are read: a push has two or three.
const PARTS: usize = 64;
/// The most fields of one head.
const FIELDS: usize = 64;

/// A body in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multipart {
    /// What stands between the parts, without the two hyphens in front.
    pub boundary: String,
    /// The parts in order.
    pub parts: Vec<Part>,
    /// A closing boundary ends them.
    pub closed: bool,
    /// What was read past.
    pub notes: Vec<Note>,
}

/// A part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The fields of its head.
    pub fields: Vec<Field>,
    /// Its head, without the empty line.
    pub head: Span,
    /// Its body.
    pub body: Span,
    /// Head and body.
    pub span: Span,
}

impl Part {
    /// The first field of this name, in any case of its letters.
    pub fn field(&self, name: &str) -> Option<&Field> {
        let mut fields = self.fields.iter();
        fields.find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The media type of the part.
    pub fn media(&self) -> Option<media::Media> {
        media::parse(&self.field("Content-Type")?.value)
    }
}

/// Reads a body of this content type.
///
/// # Errors
/// [`TooBad`] beyond a limit, and where there is no boundary at all.
pub fn multipart(body: &[u8], content_type: &str, limits: &Limits) -> Result<Multipart, TooBad> {
    if body.len() > limits.bytes.min(u32::MAX as usize) {
        let span = Span::new(limits.bytes, body.len());
        let text = format!("{} octets, and {} are read", body.len(), limits.bytes);
        return Err(TooBad::new("pap.limit", span, text));
    }
    let mut notes = Notes::new(limits);
    let nowhere = Span::default();
    let media = media::parse(content_type);
    let essence = media.as_ref().map_or("", |media| media.essence.as_str());
    if essence != super::MULTIPART_MEDIA {
        notes.push(
            "pap.not-multipart",
            nowhere,
            format!("content type {content_type:?}"),
        );
    }
    let param = |name: &str| media.as_ref().and_then(|media| media.param(name));
    if param("type").is_none() {
        notes.push(
            "pap.no-type",
            nowhere,
            "the type of the first part is not named",
        );
    }
    let boundary = if let Some(boundary) = param("boundary") {
        let legal = |c: char| c.is_ascii_alphanumeric() || "'()+_,-./:=? ".contains(c);
        let fits = (1..=70).contains(&boundary.len()) && !boundary.ends_with(' ');
        if !fits || !boundary.chars().all(legal) {
            notes.push(
                "pap.bad-boundary",
                nowhere,
                format!("boundary {boundary:?}"),
            );
        }
        boundary.to_owned()
    } else {
        let boundary = guessed(body).ok_or_else(|| {
            TooBad::new(
                "pap.no-boundary",
                nowhere,
                "the content type names no boundary",
            )
        })?;
        notes.push(
            "pap.no-boundary",
            nowhere,
            "the content type names no boundary",
        );
        boundary
    };
    let mut reading = Reading {
        body,
        notes,
        parts: Vec::new(),
    };
    let closed = reading.parts(&boundary);
    Ok(Multipart {
        boundary,
        parts: reading.parts,
        closed,
        notes: reading.notes.into_vec(),
    })
}

/// What the first line that begins with two hyphens names.
fn guessed(body: &[u8]) -> Option<String> {
    let mut lines = body.split(|&octet| octet == b'\n').take(16);
    let line = lines.find_map(|line| line.strip_prefix(b"--"))?;
    let text = std::str::from_utf8(line).ok()?.trim_end();
    (1..=70).contains(&text.len()).then(|| text.to_owned())
}

struct Reading<'b> {
    body: &'b [u8],
    notes: Notes,
    parts: Vec<Part>,
}

impl Reading<'_> {
    /// All parts; whether a closing boundary ends them.
    fn parts(&mut self, boundary: &str) -> bool {
        let body = self.body;
        let mut start: Option<usize> = None;
        let mut at = 0;
        while at <= body.len() {
            let rest = body.get(at..).unwrap_or_default();
            let length = rest
                .iter()
                .position(|&octet| octet == b'\n')
                .map(|end| end + 1);
            let line = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
            if let Some(close) = delimiter(line, boundary) {
                match start {
                    Some(start) => self.part(start, self.before(at)),
                    None if at > 0 => {
                        let text = format!("{at} octets in front of the first part");
                        self.notes.push("pap.preamble", Span::new(0, at), text);
                    }
                    None => {}
                }
                if line.ends_with(b"\n") && !line.ends_with(b"\r\n") {
                    let span = Span::new(at, at + line.len());
                    self.notes.push_once(
                        "pap.bare-lf",
                        span,
                        "a boundary line ends with a line feed",
                    );
                }
                start = Some(at + line.len());
                if close {
                    self.epilogue(at + line.len());
                    return true;
                }
            }
            match length {
                Some(length) => at += length,
                None => break,
            }
        }
        let end = Span::new(body.len(), body.len());
        if let Some(start) = start {
            self.notes
                .push("pap.missing-close", end, "no closing boundary");
            self.part(start, body.len());
        } else {
            let text = format!("the boundary {boundary:?} does not stand in the body");
            self.notes.push("pap.boundary-missing", end, text);
        }
        false
    }

    /// The end of what stands in front of a boundary line: its line end belongs to the boundary.
    fn before(&self, at: usize) -> usize {
        let before = self.body.get(..at).unwrap_or_default();
        match before {
            [.., b'\r', b'\n'] => at - 2,
            [.., b'\n'] => at - 1,
            _ => at,
        }
    }

    fn epilogue(&mut self, at: usize) {
        let rest = self.body.get(at..).unwrap_or_default();
        if !rest.iter().all(u8::is_ascii_whitespace) {
            let text = format!("{} octets behind the last part", rest.len());
            self.notes
                .push("pap.epilogue", Span::new(at, self.body.len()), text);
        }
    }

    /// A part from here to there.
    fn part(&mut self, start: usize, end: usize) {
        if self.parts.len() >= PARTS {
            let text = format!("more than {PARTS} parts");
            self.notes
                .push_once("pap.too-many-parts", Span::new(start, end), text);
            return;
        }
        // An empty part ends before its own line end.
        let end = end.max(start);
        let mut fields: Vec<Field> = Vec::new();
        let mut at = start;
        let (head, body) = loop {
            let rest = self.body.get(at..end).unwrap_or_default();
            let length = rest
                .iter()
                .position(|&octet| octet == b'\n')
                .map(|end| end + 1);
            let line = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
            let span = Span::new(at, at + line.len());
            if line.ends_with(b"\n") && !line.ends_with(b"\r\n") {
                self.notes.push_once(
                    "pap.bare-lf",
                    span,
                    "a line of a head ends with a line feed",
                );
            }
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            if text.is_empty() && length.is_some() {
                break (at, at + line.len());
            }
            if text.is_empty() && rest.is_empty() {
                let text = "a head without an empty line at its end";
                self.notes
                    .push("pap.no-head-end", Span::new(start, end), text);
                break (at, end);
            }
            self.field(text, span, &mut fields);
            at += line.len();
        };
        self.parts.push(Part {
            fields,
            head: Span::new(start, head),
            body: Span::new(body.min(end), end),
            span: Span::new(start, end),
        });
    }

    fn field(&mut self, text: &[u8], line: Span, fields: &mut Vec<Field>) {
        let text = String::from_utf8_lossy(text);
        let span = Span::new(
            line.start(),
            line.start() + text.len().min(line.len as usize),
        );
        if text.starts_with([' ', '\t'])
            && let Some(last) = fields.last_mut()
        {
            last.value.push(' ');
            last.value.push_str(text.trim());
            last.span = last.span.to(span);
            return;
        }
        match text.split_once(':') {
            Some((name, value)) if !name.is_empty() && !name.contains(char::is_whitespace) => {
                if fields.len() < FIELDS {
                    fields.push(Field {
                        name: name.to_owned(),
                        value: value.trim().to_owned(),
                        span,
                    });
                }
            }
            _ => self
                .notes
                .push("pap.bad-field", span, "a line that is no field"),
        }
    }
}

/// Whether a line is a boundary, and then whether it is the closing one.
fn delimiter(line: &[u8], boundary: &str) -> Option<bool> {
    let rest = line
        .strip_prefix(b"--")?
        .strip_prefix(boundary.as_bytes())?;
    let (close, rest) = match rest.strip_prefix(b"--") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    rest.iter().all(u8::is_ascii_whitespace).then_some(close)
}

/// A part that is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartDraft {
    /// The fields of its head.
    pub fields: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl PartDraft {
    /// A part of this content type.
    pub fn new(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            fields: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: body.into(),
        }
    }
}

/// How parts are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// What stands between the parts.
    pub boundary: String,
    /// What ends lines.
    pub line_end: &'static str,
    /// In front of the first part.
    pub preamble: String,
    /// Without a closing boundary. Wrong.
    pub open: bool,
}

impl Default for Style {
    /// CRLF, no preamble, a closing boundary.
    fn default() -> Self {
        Self {
            boundary: "assay-boundary-of-parts".to_owned(),
            line_end: "\r\n",
            preamble: String::new(),
            open: false,
        }
    }
}

/// The content type of a request that is written in this style.
pub fn content_type(style: &Style) -> String {
    format!(
        "{}; boundary={}; type=\"{}\"",
        super::MULTIPART_MEDIA,
        style.boundary,
        super::CONTROL_MEDIA
    )
}

/// The body. Whether the boundary stands in a part as well is not looked at.
pub fn write(parts: &[PartDraft], style: &Style) -> Vec<u8> {
    let end = style.line_end;
    let mut out = style.preamble.clone().into_bytes();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 || !style.preamble.is_empty() {
            out.extend_from_slice(end.as_bytes());
        }
        out.extend_from_slice(format!("--{}{end}", style.boundary).as_bytes());
        for (name, value) in &part.fields {
            out.extend_from_slice(format!("{name}: {value}{end}").as_bytes());
        }
        out.extend_from_slice(end.as_bytes());
        out.extend_from_slice(&part.body);
    }
    if !style.open {
        out.extend_from_slice(format!("{end}--{}--{end}", style.boundary).as_bytes());
    }
    out
}
