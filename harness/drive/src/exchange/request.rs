//! The octets of a request: head and framing, once as they go out and once as they are kept.

use std::fmt::Write;

use assay_suites::step::Framing;

use super::Outgoing;
use crate::mask;

/// A request in octets.
pub(super) struct Rendered {
    /// As it goes out.
    pub(super) wire: Vec<u8>,
    /// As it is recorded: of equal length, secrets masked.
    pub(super) kept: Vec<u8>,
    /// How much goes out before the target said that it wants the rest; all where it is not asked.
    pub(super) gate: usize,
    /// What was masked.
    pub(super) secrets: Vec<Vec<u8>>,
}

impl Rendered {
    pub(super) fn new(out: &Outgoing) -> Self {
        let mut secrets = out.secrets.clone();
        secrets.extend(mask::of_fields(&out.fields));
        secrets.retain(|secret| !secret.is_empty());
        // The longest first, so that one that holds another is masked as a whole.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        let head = head(out).into_bytes();
        // Masked before it is framed, because the border of a chunk may cut a secret in two.
        let (mut kept_head, mut kept_body) = (head.clone(), out.body.clone());
        mask::mask(&mut kept_head, &secrets);
        mask::mask(&mut kept_body, &secrets);
        let gate = match out.framing {
            Framing::ExpectContinue if !out.body.is_empty() => Some(head.len()),
            _ => None,
        };
        let wire = framed(head, &out.body, out.framing);
        Self {
            gate: gate.unwrap_or(wire.len()),
            wire,
            kept: framed(kept_head, &kept_body, out.framing),
            secrets,
        }
    }
}

fn head(out: &Outgoing) -> String {
    let has = |name: &str| {
        out.fields
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    let url = &out.url;
    let mut text = format!("{} {}", out.method, url.path());
    if let Some(query) = url.query() {
        let _ = write!(text, "?{query}");
    }
    let _ = write!(text, " HTTP/1.{}\r\n", out.version);
    if !has("Host") {
        let host = url.host_str().unwrap_or_default();
        let _ = match url.port() {
            Some(port) => write!(text, "Host: {host}:{port}\r\n"),
            None => write!(text, "Host: {host}\r\n"),
        };
    }
    for (name, value) in out.fields.iter().filter(|(_, value)| !value.is_empty()) {
        // What is to be empty on the wire is a space here: an empty value leaves the field out.
        let value = if value.trim().is_empty() { "" } else { value };
        let _ = write!(text, "{name}: {value}\r\n");
    }
    let framed = has("Content-Length") || has("Transfer-Encoding");
    let bodyless = out.body.is_empty() && matches!(&*out.method, "GET" | "HEAD" | "DELETE");
    match out.framing {
        _ if framed || bodyless => {}
        Framing::Chunked => text.push_str("Transfer-Encoding: chunked\r\n"),
        Framing::Length | Framing::ExpectContinue => {
            let _ = write!(text, "Content-Length: {}\r\n", out.body.len());
        }
    }
    if out.framing == Framing::ExpectContinue && !has("Expect") {
        text.push_str("Expect: 100-continue\r\n");
    }
    text.push_str("\r\n");
    text
}

fn framed(mut head: Vec<u8>, body: &[u8], framing: Framing) -> Vec<u8> {
    if framing != Framing::Chunked {
        head.extend_from_slice(body);
        return head;
    }
    // Three chunks, so that a reader that takes the first one for all is found out.
    for chunk in body.chunks(body.len().div_ceil(3).max(1)) {
        head.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        head.extend_from_slice(chunk);
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"0\r\n\r\n");
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(body: &str) -> Outgoing {
        let url = reqwest::Url::parse("http://host:8080/dm?a=b").unwrap();
        Outgoing::post(url, body.as_bytes().to_vec())
    }

    fn text(octets: &[u8]) -> String {
        String::from_utf8(octets.to_vec()).unwrap()
    }

    #[test]
    fn the_head_keeps_order_and_case_and_gets_what_is_missing() {
        let mut out = post("hello");
        out.fields = vec![
            ("x-LAST".to_owned(), "1".to_owned()),
            ("User-Agent".to_owned(), String::new()),
            ("ACCEPT".to_owned(), "*/*".to_owned()),
        ];
        assert_eq!(
            text(&Rendered::new(&out).wire),
            "POST /dm?a=b HTTP/1.1\r\nHost: host:8080\r\nx-LAST: 1\r\nACCEPT: */*\r\n\
             Content-Length: 5\r\n\r\nhello"
        );
    }

    #[test]
    fn a_field_of_white_space_is_there_and_empty() {
        let mut out = post("");
        out.fields = vec![("X-Device-Auth".to_owned(), " ".to_owned())];
        assert!(text(&Rendered::new(&out).wire).contains("\r\nX-Device-Auth: \r\n"));
    }

    #[test]
    fn an_empty_field_keeps_the_usual_one_out() {
        let mut out = post("hello");
        out.fields = vec![
            ("host".to_owned(), String::new()),
            ("content-length".to_owned(), String::new()),
        ];
        assert_eq!(
            text(&Rendered::new(&out).wire),
            "POST /dm?a=b HTTP/1.1\r\n\r\nhello"
        );
    }

    #[test]
    fn chunks_are_several() {
        let mut out = post("hello");
        out.framing = Framing::Chunked;
        let wire = text(&Rendered::new(&out).wire);
        assert!(wire.ends_with(
            "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n2\r\nll\r\n1\r\no\r\n0\r\n\r\n"
        ));
        out.body.clear();
        let wire = text(&Rendered::new(&out).wire);
        assert!(wire.ends_with("chunked\r\n\r\n0\r\n\r\n"));
    }

    #[test]
    fn the_body_waits_behind_an_expectation() {
        let mut out = post("hello");
        out.framing = Framing::ExpectContinue;
        let request = Rendered::new(&out);
        assert_eq!(&request.wire[request.gate..], b"hello");
        assert!(text(&request.wire).contains("Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"));
    }

    #[test]
    fn secrets_are_masked_in_what_is_kept_and_nowhere_else() {
        let mut out = post("<Data>c2VjcmV0</Data>");
        out.framing = Framing::Chunked;
        out.secrets = vec![b"c2VjcmV0".to_vec()];
        out.fields = vec![("Authorization".to_owned(), "Bearer token".to_owned())];
        let request = Rendered::new(&out);
        assert_eq!(request.wire.len(), request.kept.len());
        let kept = text(&request.kept);
        assert!(kept.contains("Authorization: Bearer *****\r\n"));
        assert!(kept.contains("7\r\n<Data>*\r\n7\r\n*******\r\n7\r\n</Data>"));
        assert!(text(&request.wire).contains("Bearer token"));
    }
}
