//! Targets that cannot be judged: each is told promptly, with exit code 2 and the cause.

use std::io::Write as _;
use std::net::TcpListener;

use insta::assert_snapshot;
use rstest::rstest;

use crate::target::{answering, doing, ok};
use crate::tool::{Served, xtask};

#[test]
fn nobody_there() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/dm", listener.local_addr().expect("an address"));
    drop(listener);
    assert_snapshot!(xtask(&["conform", "--target", &url]));
}

#[test]
fn a_host_without_address() {
    let ran = xtask(&["conform", "--target", "http://no-such-host.invalid/dm"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("no-such-host.invalid:80"), "{ran}");
}

#[test]
fn a_certificate_that_nobody_vouches_for() {
    let served = Served::start(&[]);
    assert_snapshot!(xtask(&["conform", "--target", &served.secure]));
}

#[test]
fn a_plain_server_where_tls_is_expected() {
    let url = answering("400 Bad Request", b"").replace("http:", "https:");
    assert_snapshot!(xtask(&["conform", "--target", &url]));
}

const XML: &str = "application/vnd.syncml.dm+xml";
const WBXML: &str = "application/vnd.syncml.dm+wbxml";

#[rstest]
#[case::html("html", "text/html", b"<html><body>It works!</body></html>")]
#[case::html_that_says_xml("html-that-says-xml", XML, b"<html><body>It works!</body></html>")]
#[case::an_empty_body("an-empty-body", XML, b"")]
#[case::xml_that_is_none("xml-that-is-none", XML, b"\0\x01no xml at all")]
#[case::wbxml_that_is_none("wbxml-that-is-none", WBXML, b"\x03\x01\x6a\x7f")]
#[case::json("json", "application/json", b"{}")]
fn what_is_no_message(#[case] name: &str, #[case] media: &str, #[case] body: &[u8]) {
    let url = ok(media, body);
    let ran = xtask(&["conform", "--target", &url]);
    assert_snapshot!(name, ran);
}

#[rstest]
#[case::xml(XML, b"<SyncML><SyncHdr><VerDTD>1.")]
#[case::wbxml(WBXML, b"\x02\xa4\x01\x6a\x00\x6d\x6c\x71")]
fn half_a_message_is_judged_and_broken(#[case] media: &str, #[case] body: &[u8]) {
    let url = ok(media, body);
    let ran = xtask(&["conform", "--target", &url]);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.out.contains("FAIL dm.envelope.well-formed\n"), "{ran}");
}

#[rstest]
#[case::not_found("not-found", "404 Not Found\r\nContent-Length: 0")]
#[case::redirect("redirect", "302 Found\r\nLocation: /dm\r\nContent-Length: 0")]
#[case::not_allowed("not-allowed", "401 Unauthorized\r\nContent-Length: 0")]
#[case::no_http("no-http", "SSH-2.0")]
fn what_is_no_200(#[case] name: &str, #[case] head: &str) {
    let url = answering(head, b"");
    let ran = xtask(&["conform", "--target", &url]);
    assert_snapshot!(name, ran);
}

#[test]
fn a_body_without_end() {
    let url = doing(|stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.syncml.dm+xml\r\n\r\n";
        let _ = stream.write_all(head.as_bytes());
        while stream.write_all(&[b'<'; 16_384]).is_ok() {}
    });
    assert_snapshot!(xtask(&["conform", "--target", &url]));
}

#[test]
fn a_body_that_never_comes() {
    let url = doing(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<SyncML>");
        std::thread::park();
    });
    let args = ["conform", "--target", &url, "--timeout", "100"];
    assert_snapshot!(xtask(&args));
}

#[test]
fn a_body_that_drips() {
    let url = doing(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        while stream.write_all(b"<").is_ok() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    });
    let args = ["conform", "--target", &url, "--timeout", "100"];
    let ran = xtask(&args);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("100 ms"), "{ran}");
}

#[test]
fn nothing_at_all() {
    let url = doing(|_| {});
    assert_snapshot!(xtask(&["conform", "--target", &url]));
}
