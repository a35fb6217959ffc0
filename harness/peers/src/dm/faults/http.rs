//! Faults of chapter E: the binding to HTTP, and TLS.

use crate::framing::{length_field, rewrite_length};
use crate::switch::Fault;
use crate::table::dm::{logic, response};

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
        "query-not-found",
        "does not know its URL with the query of Windows",
    ),
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
}
