//! A push PDU to its fields: transaction id, type, content type, headers, body (WAP-230 8.2.4.1).
//!
//! Lenient: what is odd becomes a note, and reading goes on at the place that the lengths name.

use super::names::{application_id, header_code, header_name, media_code, media_name};
use super::names::{parameter_code, parameter_name};
use super::uintvar::{self, Uintvar};
use super::value::{self, Form, Value};
use super::{CONFIRMED_PUSH, PUSH};
use crate::octets::Octets;
use crate::span::{Limits, Note, Notes, Span, TooBad};

/// A push PDU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// The transaction id, which means nothing in a push.
    pub tid: u8,
    /// The type octet: [`PUSH`].
    pub pdu_type: u8,
    /// The length of content type and headers, as it is written.
    pub headers_length: Uintvar,
    /// What the body is; none where no octets are there for it.
    pub content_type: Option<ContentType>,
    /// The headers behind the content type, in order.
    pub headers: Vec<Header>,
    /// The body.
    pub body: Span,
    /// What was read past.
    pub notes: Vec<Note>,
}

/// A content type with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentType {
    /// The media type: in lower case, without parameters. `0x7f` where a number is unknown.
    pub media: String,
    /// Its number, where it stands as one.
    pub code: Option<u32>,
    /// The media type without the parameters.
    pub media_span: Span,
    /// The parameters, in order.
    pub params: Vec<Param>,
    /// The length in front of it, where there is one, as it is written.
    pub length: Option<usize>,
    /// All of it.
    pub span: Span,
}

/// A parameter of a content type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// The name as registered, or as it is written.
    pub name: String,
    /// Its number, where it stands as one.
    pub code: Option<u32>,
    /// The value; none where the PDU ends before it.
    pub value: Option<Value>,
    /// Name and value.
    pub span: Span,
}

/// A header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The name as registered, or as it is written.
    pub name: String,
    /// The code page that it was read on.
    pub page: u8,
    /// Its number, where it stands as one.
    pub code: Option<u8>,
    /// The value; none where the PDU ends before it. The number of a known application id reads as
    /// its URN.
    pub value: Option<Value>,
    /// Name and value.
    pub span: Span,
}

impl Push {
    /// The first header of this name, in any case of its letters.
    pub fn header(&self, name: &str) -> Option<&Header> {
        let mut headers = self.headers.iter();
        headers.find(|header| header.name.eq_ignore_ascii_case(name))
    }

    /// The first parameter of the content type of this name, in any case of its letters.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.content_type.as_ref()?.param(name)
    }

    /// How the body is protected: the number in `SEC`, whichever way it is written.
    pub fn sec(&self) -> Option<u64> {
        let value = self.param("SEC")?.value.as_ref()?;
        value.number.or_else(|| value.text.trim().parse().ok())
    }

    /// The text in `MAC`, whichever way it is written.
    pub fn mac(&self) -> Option<&str> {
        self.param("MAC")?
            .value
            .as_ref()
            .map(|value| value.text.as_str())
    }

    /// The application that it is for: `x-wap-application:wml.ua` where none is named.
    pub fn application(&self) -> &str {
        let named = self
            .header("X-Wap-Application-Id")
            .and_then(|header| header.value.as_ref());
        named.map_or("x-wap-application:wml.ua", |value| value.text.as_str())
    }

    /// The bits of Push-Flag; none where there is no such header.
    pub fn push_flag(&self) -> Option<u64> {
        self.header("Push-Flag")?.value.as_ref()?.number
    }
}

impl ContentType {
    /// The first parameter of this name, in any case of its letters.
    pub fn param(&self, name: &str) -> Option<&Param> {
        let mut params = self.params.iter();
        params.find(|param| param.name.eq_ignore_ascii_case(name))
    }
}

/// Reads a push PDU.
///
/// # Errors
/// [`TooBad`] where the octets end before the headers begin, and beyond a limit.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Push, TooBad> {
    if bytes.len() > limits.bytes.min(u32::MAX as usize) {
        let span = Span::new(limits.bytes, bytes.len());
        let text = format!("{} octets, and {} are read", bytes.len(), limits.bytes);
        return Err(TooBad::new("wsp.limit", span, text));
    }
    let cut = || {
        let span = Span::new(bytes.len(), bytes.len());
        TooBad::new("wsp.cut-short", span, "the PDU ends before its headers")
    };
    let mut notes = Notes::new(limits);
    let mut octets = Octets::new(bytes);
    let tid = octets.octet().ok_or_else(cut)?;
    let pdu_type = octets.octet().ok_or_else(cut)?;
    let at_type = Span::new(1, 2);
    match pdu_type {
        PUSH => {}
        CONFIRMED_PUSH => notes.push("wsp.confirmed", at_type, "a confirmed push"),
        other => notes.push(
            "wsp.not-a-push",
            at_type,
            format!("a PDU of type {other:02X}"),
        ),
    }
    let headers_length = uintvar::read(&mut octets, &mut notes).ok_or_else(cut)?;
    let length = headers_length.value as usize;
    if length > octets.left() {
        let text = format!(
            "{length} octets of headers where {} are left",
            octets.left()
        );
        notes.push("wsp.headers-too-long", headers_length.span, text);
    }
    let mut head = octets.within(octets.at().saturating_add(length));
    let body = Span::new(head.end(), bytes.len());

    let content_type = if head.is_empty() {
        let text = "a PDU without a content type";
        notes.push("wsp.no-content-type", headers_length.span, text);
        None
    } else {
        Some(content_type(&mut head, limits, &mut notes))
    };
    let headers = headers(&mut head, limits, &mut notes);
    Ok(Push {
        tid,
        pdu_type,
        headers_length,
        content_type,
        headers,
        body,
        notes: notes.into_vec(),
    })
}

fn content_type(head: &mut Octets<'_>, limits: &Limits, notes: &mut Notes) -> ContentType {
    let start = head.at();
    let has_length = head.peek().is_some_and(|first| first <= 0x1F);
    let length = has_length.then(|| value::length(head, notes).unwrap_or_default());
    let mut inner = match length {
        Some(length) => {
            if length > head.left() {
                let text = format!("{length} octets where {} are left", head.left());
                notes.push("wsp.bad-value-length", Span::new(start, head.at()), text);
            }
            head.within(head.at().saturating_add(length))
        }
        None => head.clone(),
    };
    let (media, code, media_span) = media(&mut inner, notes);
    let mut params = Vec::new();
    if length.is_some() {
        while !inner.is_empty() {
            if params.len() >= limits.attributes {
                let text = format!("more than {} parameters", limits.attributes);
                notes.push("wsp.too-many", inner.ahead(), text);
                inner.rest();
                break;
            }
            params.push(param(&mut inner, notes));
        }
    }
    head.go(inner.at());
    ContentType {
        media,
        code,
        media_span,
        params,
        length,
        span: head.since(start),
    }
}

fn media(octets: &mut Octets<'_>, notes: &mut Notes) -> (String, Option<u32>, Span) {
    let start = octets.at();
    let Some(value) = value::read(octets, false, notes) else {
        let span = octets.since(start);
        notes.push("wsp.bad-media", span, "no octets for the media type");
        return (String::new(), None, span);
    };
    if let Some(number) = value.number {
        let code = u32::try_from(number).unwrap_or(u32::MAX);
        let name = media_name(code).map_or_else(
            || {
                let text = format!("no media type has the number {number:#04x}");
                notes.push("wsp.unknown-media", value.span, text);
                format!("{number:#04x}")
            },
            str::to_owned,
        );
        return (name, Some(code), value.span);
    }
    let name = value.text.trim().to_ascii_lowercase();
    if !matches!(value.form, Form::Text) || !name.contains('/') {
        let text = format!("{name:?} is no media type");
        notes.push("wsp.bad-media", value.span, text);
    } else if let Some(code) = media_code(&name) {
        let text = format!("{name} as text, which has the number {code:#04x}");
        notes.push_once("wsp.media-as-text", value.span, text);
    }
    (name, None, value.span)
}

fn param(octets: &mut Octets<'_>, notes: &mut Notes) -> Param {
    let start = octets.at();
    let Some(token) = value::read(octets, false, notes) else {
        return Param {
            name: String::new(),
            code: None,
            value: None,
            span: octets.since(start),
        };
    };
    let (name, code) = match token.number {
        Some(number) => {
            let code = u32::try_from(number).unwrap_or(u32::MAX);
            let name = parameter_name(code).map_or_else(
                || {
                    let text = format!("no parameter has the number {number:#04x}");
                    notes.push("wsp.unknown-parameter", token.span, text);
                    format!("{number:#04x}")
                },
                str::to_owned,
            );
            (name, Some(code))
        }
        None if token.form == Form::Text && !token.text.is_empty() => {
            let known = parameter_code(&token.text).is_some();
            let text = format!(
                "{} as text{}",
                token.text,
                if known { ", which has a number" } else { "" }
            );
            notes.push_once("wsp.untyped-parameter", token.span, text);
            (token.text, None)
        }
        None => {
            notes.push(
                "wsp.bad-parameter",
                token.span,
                "a parameter without a name",
            );
            (token.text, None)
        }
    };
    let value = value::read(octets, false, notes);
    if value.is_none() {
        let text = format!("the content type ends before the value of {name}");
        notes.push("wsp.bad-value-length", octets.since(start), text);
    }
    // A text that the length of the content type cuts off has no NUL inside it.
    if let Some(value) = value.as_ref().filter(|value| value.open) {
        let text = format!("the content type ends inside the value of {name}");
        notes.push("wsp.bad-value-length", value.span, text);
    }
    Param {
        name,
        code,
        value,
        span: octets.since(start),
    }
}

fn headers(head: &mut Octets<'_>, limits: &Limits, notes: &mut Notes) -> Vec<Header> {
    let mut headers = Vec::new();
    let mut page: u8 = 1;
    while let Some(first) = head.peek() {
        let start = head.at();
        if headers.len() >= limits.attributes {
            let text = format!("more than {} headers", limits.attributes);
            notes.push("wsp.too-many", head.ahead(), text);
            break;
        }
        match first {
            0x00 => {
                head.octet();
                let text = "a NUL where a header begins";
                notes.push("wsp.bad-header", head.since(start), text);
            }
            // One octet, or one behind 127, names the code page of what follows.
            0x01..=0x1F => {
                head.octet();
                page = first;
                notes.push_once(
                    "wsp.page-shift",
                    head.since(start),
                    format!("code page {page}"),
                );
            }
            0x7F => {
                head.octet();
                page = head.octet().unwrap_or_default();
                notes.push_once(
                    "wsp.page-shift",
                    head.since(start),
                    format!("code page {page}"),
                );
            }
            _ => headers.push(header(head, page, notes)),
        }
    }
    headers
}

fn header(head: &mut Octets<'_>, page: u8, notes: &mut Notes) -> Header {
    let start = head.at();
    let first = head.peek().unwrap_or_default();
    let (name, code) = if first >= 0x80 {
        head.octet();
        let code = first & 0x7F;
        let known = header_name(code).filter(|_| page == 1);
        let name = known.map_or_else(
            || {
                let text = format!("page {page} has no header with the number {code:#04x}");
                notes.push("wsp.unknown-header", head.since(start), text);
                format!("{code:#04x}")
            },
            str::to_owned,
        );
        (name, Some(code))
    } else {
        let name = value::text(head, notes);
        let known = header_code(&name.text).is_some();
        let text = format!(
            "{} as text{}",
            name.text,
            if known { ", which has a number" } else { "" }
        );
        notes.push_once("wsp.header-as-text", name.span, text);
        (name.text, None)
    };
    let mut value = value::read(head, false, notes);
    if value.is_none() {
        let text = format!("the headers end before the value of {name}");
        notes.push("wsp.cut-short", head.since(start), text);
    }
    if name.eq_ignore_ascii_case("X-Wap-Application-Id")
        && let Some(value) = &mut value
        && let Some(number) = value.number.and_then(|number| u32::try_from(number).ok())
        && let Some(urn) = application_id(number)
    {
        urn.clone_into(&mut value.text);
    }
    Header {
        name,
        page,
        code,
        value,
        span: head.since(start),
    }
}
