//! What all families share: HTTP, TLS, and what a decoder noticed.

use std::borrow::Cow;

use assay_wire::http;
use assay_wire::recording::{Breakage, Place, TlsFacts};

use crate::node::{Arena, Lent, Subject, Texts, subjects};
use crate::replay;

subjects! {
    /// An HTTP request.
    "request" as Request<'a> {
        /// The method.
        method: Cow<'a, str>,
        /// The request target, query included.
        target: Cow<'a, str>,
        /// The minor version of HTTP: 0 or 1.
        version: i64,
        /// The media type in lower case, without parameters.
        media: Option<Cow<'a, str>>,
        /// Octets of the body, its framing taken off.
        body_octets: i64,
        /// Names of the header fields as written.
        field_names: Texts<'a>,
        /// Their values, in the same order.
        field_values: Texts<'a>,
    }

    /// An HTTP response.
    "http" as Http<'a> {
        /// The status code.
        status: i64,
        /// The reason, often empty.
        reason: Cow<'a, str>,
        /// The minor version of HTTP: 0 or 1.
        version: i64,
        /// The media type in lower case, without parameters.
        media: Option<Cow<'a, str>>,
        /// The parameters of the media type, `charset=utf-8`.
        media_params: Texts<'a>,
        /// Content-Length, where it is a number.
        content_length: Option<i64>,
        /// True where the body came in chunks.
        chunked: bool,
        /// Octets of the body, its framing taken off.
        body_octets: i64,
        /// Names of the header fields as written.
        field_names: Texts<'a>,
        /// Their values, in the same order.
        field_values: Texts<'a>,
        /// Kinds of what was odd in the HTTP, `http.two-lengths`.
        notes: Texts<'a>,
    }

    /// What a TLS handshake showed.
    "tls" as Tls<'a> {
        /// The version, `TLSv1_3`.
        version: Cow<'a, str>,
        /// The cipher suite by its IANA name.
        suite: Cow<'a, str>,
        /// True where the target asked for a client certificate.
        asked_for_certificate: bool,
        /// True where one was presented.
        presented_certificate: bool,
        /// True where the certificate of the target was valid for its host and chained to a known root.
        certificate_valid: bool,
        /// Why it was not.
        certificate_fault: Option<Cow<'a, str>>,
    }

    /// Something odd that a decoder read past.
    "note" as Note<'a> {
        /// Its kind, `wbxml.trailing-bytes`.
        kind: Cow<'a, str>,
        /// What it is about, in words.
        text: Cow<'a, str>,
        /// The format: `http`, `xml` or `wbxml`.
        of: Cow<'a, str>,
        /// True where the format forbids it.
        fault: bool,
    }
}

/// The request of an exchange, where it is HTTP.
pub(super) fn request<'a>(
    exchange: &'a replay::Exchange<'_>,
    arena: &'a Arena,
) -> Option<Lent<'a, Request<'a>>> {
    let request = exchange.request.as_ref()?;
    let media = exchange.media_sent.as_ref();
    let fields = Request {
        method: request.method.as_str().into(),
        target: request.target.as_str().into(),
        version: i64::from(request.version),
        media: media.map(|media| media.essence.as_str().into()),
        body_octets: count(request.body.octets.len()),
        field_names: names(&request.fields, arena),
        field_values: values(&request.fields, arena),
    };
    Some(fields.at(arena, exchange.sent_at))
}

/// The response of an exchange, where one came that is HTTP.
pub(super) fn response<'a>(
    exchange: &'a replay::Exchange<'_>,
    arena: &'a Arena,
) -> Option<Lent<'a, Http<'a>>> {
    let response = exchange.response.as_ref()?;
    let media = exchange.media.as_ref();
    let params = media.into_iter().flat_map(|media| &media.params);
    let params = params.map(|(name, value)| &*arena.alloc_str(&format!("{name}={value}")));
    let length = response
        .field("content-length")
        .map(|field| field.value.trim());
    let fields = Http {
        status: i64::from(response.status),
        reason: response.reason.as_str().into(),
        version: i64::from(response.version),
        media_params: Texts::of(arena, params),
        media: media.map(|media| media.essence.as_str().into()),
        content_length: length.and_then(|length| length.parse().ok()),
        chunked: response.body.framing == http::Framing::Chunked,
        body_octets: count(response.body.octets.len()),
        field_names: names(&response.fields, arena),
        field_values: values(&response.fields, arena),
        notes: Texts::of(arena, response.notes.iter().map(|note| note.kind)),
    };
    Some(fields.at(arena, exchange.place()))
}

fn names<'a>(fields: &'a [http::Field], arena: &'a Arena) -> Texts<'a> {
    Texts::of(arena, fields.iter().map(|field| field.name.as_str()))
}

fn values<'a>(fields: &'a [http::Field], arena: &'a Arena) -> Texts<'a> {
    Texts::of(arena, fields.iter().map(|field| field.value.as_str()))
}

/// Everything odd in what came back.
pub(super) fn odd<'a>(
    exchange: &'a replay::Exchange<'_>,
    arena: &'a Arena,
) -> Vec<Lent<'a, Note<'a>>> {
    let odd = exchange.odd.iter();
    odd.map(|(note, place)| node_of(note, *place, arena))
        .collect()
}

fn node_of<'a>(note: &'a assay_wire::Note, place: Place, arena: &'a Arena) -> Lent<'a, Note<'a>> {
    let fields = Note {
        kind: note.kind.into(),
        text: note.text.as_str().into(),
        of: note.kind.split('.').next().unwrap_or_default().into(),
        fault: replay::is_fault(note.kind),
    };
    fields.at(arena, place)
}

pub(super) fn tls<'a>(tls: &'a TlsFacts, arena: &'a Arena) -> Lent<'a, Tls<'a>> {
    let fields = Tls {
        version: tls.version.as_str().into(),
        suite: tls.suite.as_str().into(),
        asked_for_certificate: tls.asked_for_certificate,
        presented_certificate: tls.presented_certificate,
        certificate_valid: tls.certificate_valid,
        certificate_fault: tls.certificate_fault.as_deref().map(Cow::Borrowed),
    };
    fields.at(arena, None)
}

/// The word for how a connection broke.
pub(super) fn breakage(how: Breakage) -> &'static str {
    match how {
        Breakage::Closed => "closed",
        Breakage::Timeout => "timeout",
        Breakage::TooLong => "too-long",
        Breakage::Garbled => "garbled",
    }
}

/// A number as rules have it.
pub(super) fn count(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}

/// The number that decimal digits write, and nothing but digits.
pub(super) fn digits(text: Option<&str>) -> Option<i64> {
    let text = text.filter(|text| text.bytes().all(|octet| octet.is_ascii_digit()))?;
    text.parse().ok()
}

/// What stands in the XML declaration at the start of a document.
pub(super) fn declaration(octets: &[u8]) -> Option<String> {
    let octets = octets.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(octets);
    let octets = octets.trim_ascii_start().strip_prefix(b"<?xml ")?;
    let start = octets.get(..octets.len().min(256)).unwrap_or_default();
    let text = String::from_utf8_lossy(start);
    let (declaration, _) = text.split_once("?>")?;
    Some(declaration.to_owned())
}

/// The encoding that the XML declaration at the start of a document names.
pub(super) fn declared_encoding(octets: &[u8]) -> Option<String> {
    let declaration = declaration(octets)?;
    let (_, rest) = declaration.split_once("encoding")?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = value
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    value.get(1..)?.split(quote).next().map(str::to_owned)
}
