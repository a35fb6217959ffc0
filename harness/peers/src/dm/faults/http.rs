//! Faults of chapter E: the binding to HTTP, and TLS.

use super::{logic, response};
use crate::switch::Fault;

pub(super) const HTTP: &[Fault] = &[
    logic("media-type-text-xml", "says text/xml"),
    logic(
        "data-sync-media-type",
        "says the media type of data synchronisation",
    ),
    logic(
        "bad-credentials-as-http-401",
        "answers bad credentials with HTTP 401",
    ),
    logic(
        "charset-parameter-refused",
        "refuses a media type with parameters",
    ),
    logic(
        "media-type-case-matters",
        "refuses a media type in capitals",
    ),
    logic(
        "any-media-type-processed",
        "processes whatever comes as text/plain",
    ),
    logic("chunked-request-refused", "refuses chunked requests"),
    response(
        "content-length-too-small",
        "says a Content-Length below what it sends",
        |octets| {
            rewrite_length(octets, |length| length.saturating_sub(7));
        },
    ),
    response(
        "content-length-too-large",
        "says a Content-Length above what it sends",
        |octets| {
            rewrite_length(octets, |length| length + 7);
        },
    ),
    response(
        "content-length-doubled",
        "gives Content-Length twice, with two values",
        |octets| {
            let mut second = octets.clone();
            rewrite_length(&mut second, |length| length + 1);
            let Some((at, end)) = length_field(&second) else {
                return;
            };
            octets.splice(at..at, second[at..end].iter().copied());
        },
    ),
    logic("cache-control-missing", "lets caches keep its answers"),
    logic("get-served", "serves a page to GET"),
    logic("malformed-body-crashes", "fails on malformed bodies"),
    logic(
        "certificate-for-other-host",
        "has a certificate for another host",
    ),
    logic(
        "certificate-expired",
        "has a certificate that is out of date",
    ),
    logic("post-redirected", "redirects POST"),
    logic(
        "accept-ignored",
        "answers in the form of the request whatever Accept says",
    ),
    logic("entities-accepted", "takes documents that declare entities"),
    logic(
        "session-tied-to-connection",
        "loses a session when the connection changes",
    ),
    logic("user-agent-required", "refuses requests without User-Agent"),
    logic("large-body-crashes", "fails on large bodies"),
    logic("expectation-refused", "refuses Expect: 100-continue"),
    logic("http-10-refused", "refuses HTTP/1.0"),
];

/// Sends a body in chunks instead of saying its length.
pub(in crate::dm) fn in_chunks(octets: &mut Vec<u8>) {
    let (Some((at, end)), Some(head)) = (length_field(octets), head_end(octets)) else {
        return;
    };
    if head == octets.len() {
        return;
    }
    let body = octets.split_off(head);
    octets.splice(at..end, b"Transfer-Encoding: chunked\r\n".iter().copied());
    for chunk in body.chunks(256) {
        octets.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        octets.extend_from_slice(chunk);
        octets.extend_from_slice(b"\r\n");
    }
    octets.extend_from_slice(b"0\r\n\r\n");
}

/// Where the head of a response ends.
fn head_end(octets: &[u8]) -> Option<usize> {
    octets
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map(|at| at + 4)
}

/// Where the line of Content-Length begins and ends.
fn length_field(octets: &[u8]) -> Option<(usize, usize)> {
    let head = &octets[..head_end(octets)?];
    let mut at = 0;
    for line in head.split_inclusive(|&octet| octet == b'\n') {
        if line.to_ascii_lowercase().starts_with(b"content-length:") {
            return Some((at, at + line.len()));
        }
        at += line.len();
    }
    None
}

fn rewrite_length(octets: &mut Vec<u8>, change: fn(usize) -> usize) {
    let Some((at, end)) = length_field(octets) else {
        return;
    };
    let line = String::from_utf8_lossy(&octets[at..end]).into_owned();
    let Some((name, value)) = line.split_once(':') else {
        return;
    };
    let Ok(length) = value.trim().parse() else {
        return;
    };
    octets.splice(
        at..end,
        format!("{name}: {}\r\n", change(length)).into_bytes(),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::switch::At;

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX: y\r\n\r\n0123456789";

    fn bent(name: &str) -> String {
        let fault = HTTP
            .iter()
            .find(|fault| fault.name == name)
            .expect("a fault");
        let At::Response(bend) = fault.at else {
            panic!("{name}")
        };
        let mut octets = ANSWER.to_vec();
        bend(&mut octets);
        String::from_utf8(octets).expect("text")
    }

    #[test]
    fn lengths_are_rewritten_in_place() {
        assert!(bent("content-length-too-small").contains("Content-Length: 3\r\nX: y\r\n\r\n012"));
        let doubled = bent("content-length-doubled");
        assert!(
            doubled.contains("Content-Length: 11\r\nContent-Length: 10\r\n"),
            "{doubled}"
        );
    }

    #[test]
    fn a_body_is_cut_into_chunks() {
        let mut octets = ANSWER.to_vec();
        in_chunks(&mut octets);
        let chunked = String::from_utf8(octets).expect("text");
        assert!(
            chunked.ends_with("chunked\r\nX: y\r\n\r\na\r\n0123456789\r\n0\r\n\r\n"),
            "{chunked}"
        );
    }
}
