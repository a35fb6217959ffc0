//! Start lines and fields, taken apart by `httparse` and walked once more for what it forgives.

use httparse::{EMPTY_HEADER, Header, ParserConfig, Status};

use super::HEAD_BYTES;
use crate::span::{Notes, Span, TooBad};

/// The most fields of one head.
const FIELDS: usize = 256;

/// One field of a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name as on the wire.
    pub name: String,
    /// Its value without white space around it, folded lines joined by one space.
    pub value: String,
    /// Name, colon and value, without the line end.
    pub span: Span,
}

/// The first of these fields that has this name, in any case.
pub(super) fn field<'f>(fields: &'f [Field], name: &str) -> Option<&'f Field> {
    fields
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case(name))
}

/// Fields and end of a head.
pub(super) struct Head {
    pub(super) fields: Vec<Field>,
    /// Offset behind the empty line.
    pub(super) end: usize,
}

pub(super) struct StatusLine {
    pub(super) version: u8,
    pub(super) status: u16,
    pub(super) reason: String,
}

pub(super) struct RequestLine {
    pub(super) version: u8,
    pub(super) method: String,
    pub(super) target: String,
}

/// The head of a response at `at`; nothing where its end has not come.
pub(super) fn response(
    raw: &[u8],
    at: usize,
    notes: &mut Notes,
) -> Result<Option<(StatusLine, Head)>, TooBad> {
    let input = window(raw, at);
    let mut config = ParserConfig::default();
    config
        .allow_spaces_after_header_name_in_responses(true)
        .allow_multiple_spaces_in_response_status_delimiters(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_space_before_first_header_name(true)
        .ignore_invalid_headers_in_responses(true);
    let mut space = [EMPTY_HEADER; FIELDS];
    let mut parsed = httparse::Response::new(&mut space);
    let len = match config.parse_response(&mut parsed, input) {
        Ok(Status::Partial) => return Ok(None),
        Ok(Status::Complete(len)) => len,
        Err(error) => return Err(garbled(error, at, raw)),
    };
    let (Some(version), Some(status)) = (parsed.version, parsed.code) else {
        return Ok(None);
    };
    let reason = parsed.reason.unwrap_or_default().trim().to_owned();
    let (line, fields) = walk(input, len, at, parsed.headers, notes);
    let text = line.of(raw);
    if text.split(|octet| *octet == b' ').count() < 3 {
        notes.push(
            "http.no-reason",
            line,
            "no space between the status code and the end of the line",
        );
    }
    let line = StatusLine {
        version,
        status,
        reason,
    };
    Ok(Some((
        line,
        Head {
            fields,
            end: at + len,
        },
    )))
}

/// The head of a request at the start; nothing where its end has not come.
pub(super) fn request(
    raw: &[u8],
    notes: &mut Notes,
) -> Result<Option<(RequestLine, Head)>, TooBad> {
    let input = window(raw, 0);
    let mut config = ParserConfig::default();
    config
        .allow_multiple_spaces_in_request_line_delimiters(true)
        .ignore_invalid_headers_in_requests(true);
    let mut space = [EMPTY_HEADER; FIELDS];
    let mut parsed = httparse::Request::new(&mut space);
    let len = match config.parse_request(&mut parsed, input) {
        Ok(Status::Partial) => return Ok(None),
        Ok(Status::Complete(len)) => len,
        Err(error) => return Err(garbled(error, 0, raw)),
    };
    let (Some(version), Some(method), Some(target)) = (parsed.version, parsed.method, parsed.path)
    else {
        return Ok(None);
    };
    let (method, target) = (method.to_owned(), target.to_owned());
    let (_, fields) = walk(input, len, 0, parsed.headers, notes);
    let line = RequestLine {
        version,
        method,
        target,
    };
    Ok(Some((line, Head { fields, end: len })))
}

/// What of `raw` may still be a head; one octet more than the limit, so that passing it shows.
fn window(raw: &[u8], at: usize) -> &[u8] {
    let rest = raw.get(at..).unwrap_or_default();
    &rest[..rest.len().min(HEAD_BYTES + 1)]
}

fn garbled(error: httparse::Error, at: usize, raw: &[u8]) -> TooBad {
    let kind = match error {
        httparse::Error::TooManyHeaders => "http.too-long",
        _ => "http.garbled",
    };
    let end = raw.len().min(at + 64);
    // A record of TLS: an alert to whoever speaks plain HTTP (RFC 8446 5.1).
    let is_tls = matches!(raw.get(at..), Some([0x15, 0x03, ..]));
    let hint = if is_tls { "; that is TLS" } else { "" };
    TooBad::new(
        kind,
        Span::new(at, end),
        format!("no head of HTTP/1.x: {error}").to_lowercase() + hint,
    )
}

/// Goes through the lines of a head: the span of the start line, and the fields with theirs.
fn walk(
    input: &[u8],
    len: usize,
    base: usize,
    parsed: &[Header<'_>],
    notes: &mut Notes,
) -> (Span, Vec<Field>) {
    let head = &input[..len.min(input.len())];
    let mut lines = lines(head).peekable();
    let mut bare = None;
    let mut note_bare = |line: &Line| {
        if line.bare && bare.is_none() {
            bare = Some(Span::new(base + line.end, base + line.end + 1));
        }
    };
    let mut start = Span::default();
    for line in lines.by_ref() {
        note_bare(&line);
        if line.start < line.end {
            start = Span::new(base + line.start, base + line.end);
            break;
        }
        let span = Span::new(base + line.start, base + line.end + 1);
        notes.push(
            "http.empty-line",
            span,
            "an empty line before the start line",
        );
    }
    let mut parsed = parsed.iter().peekable();
    let mut fields = Vec::new();
    while let Some(line) = lines.next() {
        note_bare(&line);
        if line.start == line.end {
            break;
        }
        let mut end = line.end;
        while let Some(folded) =
            lines.next_if(|next| matches!(head.get(next.start), Some(b' ' | b'\t')))
        {
            note_bare(&folded);
            end = folded.end;
        }
        let span = Span::new(base + line.start, base + end);
        let offset = |header: &Header<'_>| {
            header
                .name
                .as_ptr()
                .addr()
                .wrapping_sub(head.as_ptr().addr())
        };
        let Some(header) = parsed.next_if(|header| (line.start..end).contains(&offset(header)))
        else {
            notes.push(
                "http.bad-field",
                span,
                "a line of the head that is no field",
            );
            continue;
        };
        if end != line.end {
            notes.push("http.obs-fold", span, format!("{} is folded", header.name));
        }
        let behind = offset(header) + header.name.len();
        if matches!(head.get(behind), Some(b' ' | b'\t')) {
            let text = format!("white space between {} and its colon", header.name);
            notes.push("http.space-before-colon", span, text);
        }
        fields.push(Field {
            name: header.name.to_owned(),
            value: unfolded(header.value),
            span,
        });
    }
    if let Some(span) = bare {
        notes.push(
            "http.bare-lf",
            span,
            "a line of the head that ends in LF alone",
        );
    }
    (start, fields)
}

struct Line {
    start: usize,
    /// Behind the last octet before the line end.
    end: usize,
    /// True where it ends in LF without CR.
    bare: bool,
}

fn lines(head: &[u8]) -> impl Iterator<Item = Line> {
    let mut start = 0;
    head.split_inclusive(|octet| *octet == b'\n')
        .map(move |line| {
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            let bare = !text.ends_with(b"\r");
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            let found = Line {
                start,
                end: start + text.len(),
                bare,
            };
            start += line.len();
            found
        })
}

fn unfolded(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    if !text.contains('\n') {
        return text.trim().to_owned();
    }
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    lines.join(" ").trim().to_owned()
}
