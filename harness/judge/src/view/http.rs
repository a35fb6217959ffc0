//! What all families share: HTTP, TLS, and what a decoder noticed.

use assay_wire::recording::{Breakage, Place, TlsFacts};
use assay_wire::{http, media};

use crate::node::{Ref, Subject, subjects};
use crate::replay;

subjects! {
    /// An HTTP request.
    "request" as Request {
        /// The method.
        method: String,
        /// The request target, query included.
        target: String,
        /// The minor version of HTTP: 0 or 1.
        version: i64,
        /// The media type in lower case, without parameters.
        media: Option<String>,
        /// Octets of the body, its framing taken off.
        body_octets: i64,
        /// Names of the header fields as written.
        field_names: Vec<String>,
        /// Their values, in the same order.
        field_values: Vec<String>,
    }

    /// An HTTP response.
    "http" as Http {
        /// The status code.
        status: i64,
        /// The reason, often empty.
        reason: String,
        /// The minor version of HTTP: 0 or 1.
        version: i64,
        /// The media type in lower case, without parameters.
        media: Option<String>,
        /// The parameters of the media type, `charset=utf-8`.
        media_params: Vec<String>,
        /// Content-Length, where it is a number.
        content_length: Option<i64>,
        /// True where the body came in chunks.
        chunked: bool,
        /// Octets of the body, its framing taken off.
        body_octets: i64,
        /// Names of the header fields as written.
        field_names: Vec<String>,
        /// Their values, in the same order.
        field_values: Vec<String>,
        /// Kinds of what was odd in the HTTP, `http.two-lengths`.
        notes: Vec<String>,
    }

    /// What a TLS handshake showed.
    "tls" as Tls {
        /// The version, `TLSv1_3`.
        version: String,
        /// The cipher suite by its IANA name.
        suite: String,
        /// True where the target asked for a client certificate.
        asked_for_certificate: bool,
        /// True where one was presented.
        presented_certificate: bool,
        /// True where the certificate of the target was valid for its host and chained to a known root.
        certificate_valid: bool,
        /// Why it was not.
        certificate_fault: Option<String>,
    }

    /// Something odd that a decoder read past.
    "note" as Note {
        /// Its kind, `wbxml.trailing-bytes`.
        kind: String,
        /// What it is about, in words.
        text: String,
        /// The format: `http`, `xml` or `wbxml`.
        of: String,
        /// True where the format forbids it.
        fault: bool,
    }
}

pub(super) fn request(request: &http::Request, place: Place) -> Ref<Request> {
    let media = request
        .field("content-type")
        .and_then(|field| media::parse(&field.value));
    let (field_names, field_values) = fields(&request.fields);
    let fields = Request {
        method: request.method.clone(),
        target: request.target.clone(),
        version: i64::from(request.version),
        media: media.map(|media| media.essence),
        body_octets: count(request.body.octets.len()),
        field_names,
        field_values,
    };
    fields.at(place)
}

pub(super) fn response(response: &http::Response, place: Place) -> Ref<Http> {
    let media = response
        .field("content-type")
        .and_then(|field| media::parse(&field.value));
    let params = media.iter().flat_map(|media| &media.params);
    let (field_names, field_values) = fields(&response.fields);
    let length = response
        .field("content-length")
        .map(|field| field.value.trim());
    let fields = Http {
        status: i64::from(response.status),
        reason: response.reason.clone(),
        version: i64::from(response.version),
        media_params: params
            .map(|(name, value)| format!("{name}={value}"))
            .collect(),
        media: media.as_ref().map(|media| media.essence.clone()),
        content_length: length.and_then(|length| length.parse().ok()),
        chunked: response.body.framing == http::Framing::Chunked,
        body_octets: count(response.body.octets.len()),
        field_names,
        field_values,
        notes: response
            .notes
            .iter()
            .map(|note| note.kind.to_owned())
            .collect(),
    };
    fields.at(place)
}

fn fields(fields: &[http::Field]) -> (Vec<String>, Vec<String>) {
    fields
        .iter()
        .map(|field| (field.name.clone(), field.value.clone()))
        .unzip()
}

/// Everything odd in what came back.
pub(super) fn odd(exchange: &replay::Exchange) -> Vec<Ref<Note>> {
    let odd = exchange.odd.iter();
    odd.map(|(note, place)| node_of(note, *place)).collect()
}

fn node_of(note: &assay_wire::Note, place: Place) -> Ref<Note> {
    let fields = Note {
        kind: note.kind.to_owned(),
        text: note.text.clone(),
        of: note.kind.split('.').next().unwrap_or_default().to_owned(),
        fault: replay::is_fault(note.kind),
    };
    fields.at(place)
}

pub(super) fn tls(tls: &TlsFacts) -> Ref<Tls> {
    let tls = tls.clone();
    let fields = Tls {
        version: tls.version,
        suite: tls.suite,
        asked_for_certificate: tls.asked_for_certificate,
        presented_certificate: tls.presented_certificate,
        certificate_valid: tls.certificate_valid,
        certificate_fault: tls.certificate_fault,
    };
    fields.at(None)
}

/// The word for how a connection broke.
pub(super) fn breakage(how: Breakage) -> String {
    let name = match how {
        Breakage::Closed => "closed",
        Breakage::Timeout => "timeout",
        Breakage::TooLong => "too-long",
        Breakage::Garbled => "garbled",
    };
    name.into()
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
    let start = octets.get(..octets.len().min(256)).unwrap_or_default();
    let text = String::from_utf8_lossy(start);
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let (declaration, _) = text.strip_prefix("<?xml ")?.split_once("?>")?;
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
