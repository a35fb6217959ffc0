//! Parts, control entities and addresses, right ones and wrong ones.

use rstest::rstest;

use super::*;
use crate::span::{Limits, Span};
use crate::tree::Tree;
use crate::xml;

const DEVICE: &str = "WAPPUSH=+358408201681/TYPE=PLMN@ppg.carrier.example";

fn parsed(text: &[u8]) -> Tree<'_> {
    let (tree, notes) = xml::read(text, &Limits::TARGET).expect("a tree");
    assert!(
        !notes.iter().any(|note| xml::is_fault(note.kind)),
        "{notes:?}"
    );
    tree
}

fn noted(text: &str) -> Vec<&'static str> {
    let tree = parsed(text.as_bytes());
    let document = Document::of(&tree).expect("a document");
    document.notes.iter().map(|note| note.kind).collect()
}

fn request(style: &Style) -> Vec<u8> {
    let mut content = PartDraft::new(
        "application/vnd.wap.connectivity-wbxml; SEC=1; MAC=\"AB\"",
        *b"\x03\x0B\r\n\0",
    );
    content.fields.push((
        "X-Wap-Application-Id".to_owned(),
        "x-wap-application:wml.ua".to_owned(),
    ));
    write(&[PartDraft::new(CONTROL_MEDIA, *b"<pap/>"), content], style)
}

fn kinds(body: &[u8], content_type: &str) -> Vec<&'static str> {
    let read = multipart(body, content_type, &Limits::TARGET).expect("parts");
    read.notes.iter().map(|note| note.kind).collect()
}

#[test]
fn a_request_is_written_and_read() {
    let style = Style::default();
    let body = request(&style);
    let read = multipart(&body, &content_type(&style), &Limits::TARGET).expect("parts");
    assert_eq!(
        (&read.notes[..], read.closed, read.parts.len()),
        (&[][..], true, 2)
    );
    assert_eq!(read.parts[0].body.of(&body), b"<pap/>");
    assert_eq!(read.parts[1].body.of(&body), b"\x03\x0B\r\n\0");
    let media = read.parts[1].media().expect("a media type");
    assert_eq!(
        (media.param("sec"), media.param("mac")),
        (Some("1"), Some("AB"))
    );
    let field = read.parts[1]
        .field("x-wap-application-id")
        .expect("a field");
    assert_eq!(field.value, "x-wap-application:wml.ua");
    assert_eq!(
        field.span.of(&body),
        b"X-Wap-Application-Id: x-wap-application:wml.ua"
    );
}

#[rstest]
#[case::line_feeds(Style { line_end: "\n", ..Style::default() }, &["pap.bare-lf"])]
#[case::open(Style { open: true, ..Style::default() }, &["pap.missing-close"])]
#[case::preamble(Style { preamble: "hello".to_owned(), ..Style::default() }, &["pap.preamble"])]
#[case::illegal(Style { boundary: "a\u{e9}b".to_owned(), ..Style::default() }, &["pap.bad-boundary"])]
fn parts_that_are_written_otherwise_are_noted(#[case] style: Style, #[case] expected: &[&str]) {
    let body = request(&style);
    assert_eq!(kinds(&body, &content_type(&style)), expected);
    let read = multipart(&body, &content_type(&style), &Limits::TARGET).expect("parts");
    assert_eq!(read.parts[0].body.of(&body), b"<pap/>");
    assert!(read.parts[1].body.of(&body).starts_with(b"\x03\x0B\r\n\0"));
}

#[rstest]
#[case::no_boundary("multipart/related; type=\"application/xml\"", &["pap.no-boundary"])]
#[case::other_boundary("multipart/related; boundary=x; type=\"application/xml\"", &["pap.boundary-missing"])]
#[case::no_type("multipart/related; boundary=assay-boundary-of-parts", &["pap.no-type"])]
#[case::mixed("multipart/mixed; boundary=assay-boundary-of-parts; type=a", &["pap.not-multipart"])]
#[case::nothing("", &["pap.not-multipart", "pap.no-type", "pap.no-boundary"])]
fn content_types_that_are_not_right_are_noted(
    #[case] content_type: &str,
    #[case] expected: &[&str],
) {
    assert_eq!(kinds(&request(&Style::default()), content_type), expected);
}

#[test]
fn a_body_without_any_boundary_is_no_multipart() {
    let refused = multipart(b"<pap/>", "multipart/related", &Limits::TARGET).expect_err("none");
    assert_eq!(refused.kind, "pap.no-boundary");
}

#[rstest]
#[case::epilogue(b"--b\r\n\r\nx\r\n--b--\r\nmore", &["pap.epilogue"], &["x"])]
#[case::no_head_end(b"--b\r\nA: b\r\n--b--\r\n", &["pap.no-head-end"], &[""])]
#[case::bad_field(b"--b\r\nno field\r\n\r\nx\r\n--b--\r\n", &["pap.bad-field"], &["x"])]
#[case::empty_part(b"--b\r\n\r\n\r\n--b--\r\n", &[], &[""])]
#[case::nothing_in_a_part(b"--b\r\n--b--\r\n", &["pap.no-head-end"], &[""])]
#[case::only_the_close(b"--b--\r\n", &[], &[])]
#[case::longer_boundary(b"--b\r\n\r\n--bc\r\n--b--", &[], &["--bc"])]
#[case::folded(b"--b\r\nA: b\r\n c\r\n\r\nx\r\n--b--", &[], &["x"])]
fn parts_end_where_the_boundary_says(
    #[case] body: &[u8],
    #[case] expected: &[&str],
    #[case] bodies: &[&str],
) {
    let content_type = "multipart/related; boundary=b; type=x";
    assert_eq!(kinds(body, content_type), expected);
    let read = multipart(body, content_type, &Limits::TARGET).expect("parts");
    let text = |span: Span| String::from_utf8_lossy(span.of(body)).into_owned();
    let found: Vec<_> = read.parts.iter().map(|part| text(part.body)).collect();
    assert_eq!(found, bodies);
}

#[test]
fn parts_end_at_the_limit() {
    let body = b"--b\r\n\r\n\r\n".repeat(100);
    let read = multipart(
        &body,
        "multipart/related; boundary=b; type=x",
        &Limits::TARGET,
    );
    let read = read.expect("parts");
    assert_eq!(
        (read.parts.len(), read.notes[0].kind),
        (64, "pap.too-many-parts")
    );
}

#[test]
fn a_push_message_is_built_and_seen() {
    let draft = PushDraft {
        push_id: "1@pi.example",
        addresses: vec![DEVICE.into()],
        attributes: vec![
            ("deliver-before-timestamp", "2030-01-01T00:00:00Z".into()),
            ("ppg-notify-requested-to", "http://pi.example/".into()),
        ],
        quality: Some(QualityDraft {
            method: Some("unconfirmed"),
            bearer: Some(("SMS", true)),
            ..QualityDraft::default()
        }),
    };
    let text = document(&draft.tree(), "2.0");
    assert_eq!(version_of(&text), Some("2.0"));
    let tree = parsed(&text);
    let document = Document::of(&tree).expect("a document");
    assert_eq!(document.notes, []);
    let message = document.message.expect("a message");
    assert_eq!(
        (message.name, message.push_id),
        ("push-message", Some("1@pi.example"))
    );
    assert_eq!(message.addresses[0].value, DEVICE);
    assert_eq!(
        message.attribute("ppg-notify-requested-to"),
        Some("http://pi.example/")
    );
    let quality = message.quality.expect("a quality");
    assert_eq!(
        (quality.method, quality.bearer, quality.bearer_required),
        (Some("unconfirmed"), Some("SMS"), true)
    );
}

#[test]
fn every_answer_is_built_and_seen() {
    let outcome = |code| OutcomeDraft {
        code,
        description: Some("said"),
        state: Some("delivered"),
        time: Some("2030-01-01T00:00:00Z"),
        addresses: vec![DEVICE],
    };
    let plain = |code| OutcomeDraft {
        code,
        ..OutcomeDraft::default()
    };
    let bare = |code| OutcomeDraft {
        addresses: vec![DEVICE],
        ..plain(code)
    };
    let answers = [
        (
            push_response("1", Some("2030-01-01T00:00:00Z"), &plain(1001)),
            "push-response",
            1001,
        ),
        (
            bad_message(2000, Some("bad"), "<pap>"),
            "badmessage-response",
            2000,
        ),
        (cancel_response("1", &[bare(2008)]), "cancel-response", 2008),
        (
            status_query_response("1", &[outcome(1000)]),
            "statusquery-response",
            1000,
        ),
        (
            result_notification("1", None, &outcome(5000)),
            "resultnotification-message",
            5000,
        ),
        (
            result_notification_response("1", &bare(1000)),
            "resultnotification-response",
            1000,
        ),
    ];
    for (tree, name, code) in answers {
        let text = document(&tree, "1.0");
        let tree = parsed(&text);
        let document = Document::of(&tree).expect("a document");
        assert_eq!(document.notes, [], "{name}");
        let message = document.message.expect("a message");
        assert_eq!((message.name, message.code()), (name, Some(code)));
    }
    for (tree, name) in [
        (cancel("1", &[DEVICE]), "cancel-message"),
        (status_query("1", &[]), "statusquery-message"),
    ] {
        let text = document(&tree, "2.1");
        let tree = parsed(&text);
        let document = Document::of(&tree).expect("a document");
        assert_eq!(
            (document.notes.len(), document.message.expect("one").name),
            (0, name)
        );
    }
}

#[rstest]
#[case("<x/>", &["pap.wrong-root", "pap.no-message"])]
#[case("<pap><other/></pap>", &["pap.unknown-message"])]
#[case("<pap colour='x'><cancel-message push-id='1'/></pap>", &["pap.unknown-attribute"])]
#[case("<pap><cancel-message push-id='1'/><cancel-message push-id='2'/></pap>", &["pap.second-message"])]
#[case("<pap><cancel-message/></pap>", &["pap.missing-attribute"])]
#[case("<pap><push-message push-id='1'/></pap>", &["pap.missing-element"])]
#[case("<pap><cancel-message push-id='1'><progress-note stage='x'/></cancel-message></pap>", &["pap.unknown-element"])]
#[case("<pap><cancel-message push-id='1'><address address-value='x'/></cancel-message></pap>", &["pap.bad-address"])]
#[case("<pap><push-response push-id='1' reply-time='now'><response-result code='1001'/></push-response></pap>", &["pap.bad-value"])]
#[case("<pap><push-response push-id='1'><response-result code='9'/></push-response></pap>", &["pap.unknown-code"])]
#[case("<pap><statusquery-response push-id='1'><statusquery-result code='1000' message-state='lost'/></statusquery-response></pap>", &["pap.bad-value"])]
fn what_the_document_type_does_not_have_is_noted(#[case] text: &str, #[case] expected: &[&str]) {
    assert_eq!(noted(text), expected);
    assert!(expected.iter().all(|kind| is_fault(kind)));
}

#[rstest]
#[case(DEVICE, Some(AddressKind::Plmn))]
#[case("WAPPUSH=10.0.0.1/TYPE=IPv4@ppg.example", Some(AddressKind::Ipv4))]
#[case("WAPPUSH=2001:db8::1/TYPE=IPv6@ppg.example", Some(AddressKind::Ipv6))]
#[case(
    "WAPPUSH=john@doe.example/TYPE=USER@ppg.example",
    Some(AddressKind::User)
)]
#[case("wappush=+1-2.3/type=plmn@ppg.example", Some(AddressKind::Plmn))]
#[case("+358408201681", None)]
#[case("WAPPUSH=+358408201681/TYPE=PLMN", None)]
#[case("WAPPUSH=+358408201681/TYPE=PLMN@", None)]
#[case("WAPPUSH=+/TYPE=PLMN@ppg", None)]
#[case("WAPPUSH=abc/TYPE=PLMN@ppg", None)]
#[case("WAPPUSH=10.0.0/TYPE=IPv4@ppg", None)]
#[case("WAPPUSH=1/TYPE=OTHER@ppg", None)]
#[case("WAPPUSH=a b/TYPE=USER@ppg", None)]
#[case("WAPPUSé=1", None)]
fn addresses_are_taken_apart(#[case] value: &str, #[case] kind: Option<AddressKind>) {
    assert_eq!(address(value).map(|address| address.kind), kind);
    if value == DEVICE {
        assert_eq!(address(value).expect("one").to_string(), DEVICE);
    }
}

#[test]
fn codes_have_classes_and_meanings() {
    for (code, says) in CODES {
        assert_eq!(meaning(*code), Some(*says));
        assert!(class(*code).is_some());
    }
    assert_eq!(
        (meaning(5028), meaning(1002), class(999)),
        (Some("mobile client aborted"), None, None)
    );
}
