//! PDUs byte for byte, and what is odd about wrong ones.

use rstest::rstest;

use super::*;
use crate::span::Limits;

const CP: &str = "application/vnd.wap.connectivity-wbxml";
const MAC: &str = "6CD48BFD7FFC33183154734DF4434DA694E25E6A";

fn kinds(push: &Push) -> Vec<&'static str> {
    push.notes.iter().map(|note| note.kind).collect()
}

fn signed() -> PushDraft {
    PushDraft {
        sec: Some(1),
        mac: Some(MAC.to_owned()),
        ..PushDraft::new(CP, *b"\x03\x0B\x6A\x00\x45\x01")
    }
}

#[test]
fn a_signed_push_is_written_as_deployed_ones_are() {
    let octets = signed().write(&Style::default());
    assert_eq!(
        octets[..9],
        [0x01, 0x06, 0x2F, 0x1F, 0x2D, 0xB6, 0x91, 0x81, 0x92]
    );
    assert_eq!(&octets[9..49], MAC.as_bytes());
    assert_eq!(octets[49..], [0x00, 0x03, 0x0B, 0x6A, 0x00, 0x45, 0x01]);
    let push = read(&octets, &Limits::TARGET).expect("a push");
    assert_eq!(kinds(&push), [""; 0]);
    assert_eq!((push.sec(), push.mac()), (Some(1), Some(MAC)));
    let media = push.content_type.as_ref().expect("a content type");
    assert_eq!(
        (media.media.as_str(), media.code, media.length),
        (CP, Some(0x36), Some(45))
    );
    assert_eq!(push.body, crate::Span::new(50, 56));
    assert_eq!(push.application(), "x-wap-application:wml.ua");
}

#[test]
fn without_parameters_the_content_type_is_one_octet() {
    let octets = PushDraft::new(CP, *b"x").write(&Style::default());
    assert_eq!(octets, [0x01, 0x06, 0x01, 0xB6, b'x']);
}

#[test]
fn headers_come_back_by_number_and_by_text() {
    let headers = [
        ("X-Wap-Application-Id", "x-wap-application:syncml.dm"),
        ("X-Wap-Initiator-URI", "http://tps.example/"),
        ("Push-Flag", "3"),
        ("Content-Length", "300"),
        ("X-MS-DESC", "Settings"),
    ];
    let mut draft = PushDraft::new("application/vnd.syncml.notification", *b"");
    draft.headers = headers
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    for headers_as_text in [false, true] {
        let style = Style {
            headers_as_text,
            ..Style::default()
        };
        let octets = draft.write(&style);
        if !headers_as_text {
            assert_eq!(octets[3..6], [0xC4, 0xAF, 0x87]);
        }
        let push = read(&octets, &Limits::TARGET).expect("a push");
        let found: Vec<_> = push
            .headers
            .iter()
            .map(|header| {
                (
                    header.name.as_str(),
                    header.value.as_ref().expect("a value").text.as_str(),
                )
            })
            .collect();
        assert_eq!(found, headers);
        assert_eq!(
            (push.push_flag(), push.application()),
            (Some(3), "x-wap-application:syncml.dm")
        );
        assert_eq!(kinds(&push), ["wsp.header-as-text"]);
    }
}

#[rstest]
#[case::media_as_text(Style { media_as_text: true, ..Style::default() }, &["wsp.media-as-text"])]
#[case::untyped(Style { untyped_params: true, ..Style::default() }, &["wsp.untyped-parameter"])]
#[case::quoted(Style { mac: MacForm::Quoted, ..Style::default() }, &["wsp.quoted-value"])]
#[case::padded(Style { padded_length: true, ..Style::default() }, &["wsp.overlong-uintvar"])]
#[case::mac_first(Style { mac_first: true, ..Style::default() }, &[])]
#[case::sec_long(Style { sec: SecForm::Long, ..Style::default() }, &[])]
#[case::sec_text(Style { sec: SecForm::Text, ..Style::default() }, &[])]
#[case::other_type(Style { pdu_type: 0x04, ..Style::default() }, &["wsp.not-a-push"])]
#[case::confirmed(Style { pdu_type: CONFIRMED_PUSH, ..Style::default() }, &["wsp.confirmed"])]
fn what_bends_leaves_sec_and_mac_readable(#[case] style: Style, #[case] noted: &[&str]) {
    let push = read(&signed().write(&style), &Limits::TARGET).expect("a push");
    assert_eq!((push.sec(), push.mac()), (Some(1), Some(MAC)));
    assert_eq!(kinds(&push), noted);
}

#[rstest]
#[case::without_nul(
    Style { mac: MacForm::WithoutNul, ..Style::default() },
    &["wsp.unterminated-text", "wsp.bad-value-length"]
)]
#[case::length_short_by_one(
    Style { value_length_off: -1, ..Style::default() },
    &["wsp.unterminated-text", "wsp.bad-value-length", "wsp.bad-header"]
)]
#[case::length_long_by_one(Style { value_length_off: 1, ..Style::default() }, &["wsp.bad-value-length"])]
#[case::headers_short_by_one(
    Style { headers_length_off: -1, ..Style::default() },
    &["wsp.bad-value-length", "wsp.unterminated-text", "wsp.bad-value-length"]
)]
#[case::headers_long_by_one(Style { headers_length_off: 1, ..Style::default() }, &["wsp.page-shift"])]
#[case::headers_far_too_long(
    Style { headers_length_off: 99, ..Style::default() },
    &["wsp.headers-too-long", "wsp.page-shift", "wsp.page-shift"]
)]
fn wrong_lengths_are_noted(#[case] style: Style, #[case] noted: &[&str]) {
    let push = read(&signed().write(&style), &Limits::TARGET).expect("a push");
    let found = kinds(&push);
    assert!(noted.iter().all(|kind| found.contains(kind)), "{found:?}");
    assert!(!found.is_empty());
}

#[rstest]
#[case::nothing(&[])]
#[case::no_type(&[1])]
#[case::no_length(&[1, 6])]
#[case::open_length(&[1, 6, 0x80])]
fn what_ends_before_its_headers_is_no_push(#[case] bytes: &[u8]) {
    assert_eq!(
        read(bytes, &Limits::TARGET).expect_err("cut").kind,
        "wsp.cut-short"
    );
}

#[rstest]
#[case::no_content_type(&[1, 6, 0, 3], &["wsp.no-content-type"])]
#[case::unknown_media(&[1, 6, 1, 0xFE], &["wsp.unknown-media"])]
#[case::no_media(&[1, 6, 2, b'x', 0], &["wsp.bad-media"])]
#[case::unknown_parameter(&[1, 6, 4, 3, 0xB6, 0xFE, 0x80], &["wsp.unknown-parameter"])]
#[case::no_parameter_name(&[1, 6, 4, 3, 0xB6, 0x00, 0x80], &["wsp.bad-parameter"])]
#[case::no_parameter_value(&[1, 6, 3, 2, 0xB6, 0x91], &["wsp.bad-value-length"])]
#[case::short_quoted_length(&[1, 6, 3, 0x1F, 1, 0xB6], &["wsp.needless-length-quote"])]
#[case::unknown_header(&[1, 6, 3, 0xB6, 0xFE, 0x80], &["wsp.unknown-header"])]
#[case::no_header_value(&[1, 6, 2, 0xB6, 0xAF], &["wsp.cut-short"])]
#[case::nul_for_header(&[1, 6, 2, 0xB6, 0], &["wsp.bad-header"])]
#[case::shifted(&[1, 6, 3, 0xB6, 0x7F, 9], &["wsp.page-shift"])]
#[case::long_number(&[1, 6, 4, 0xB6, 0xAF, 2, 0x80], &["wsp.cut-short"])]
#[case::not_ascii(&[1, 6, 6, 0xB6, 0xB1, b'x', 0xC3, 0xA9, 0], &["wsp.not-ascii"])]
#[case::big_length(&[1, 6, 0x90, 0x80, 0x80, 0x80, 0, 0xB6], &["wsp.bad-uintvar", "wsp.headers-too-long"])]
fn what_is_odd_is_noted(#[case] bytes: &[u8], #[case] noted: &[&str]) {
    assert_eq!(kinds(&read(bytes, &Limits::TARGET).expect("a push")), noted);
}

#[test]
fn headers_and_parameters_end_at_the_limit() {
    let mut octets = vec![1, 6];
    put_uintvar(&mut octets, 1 + 400);
    octets.push(0xB6);
    octets.extend([0xAF, 0x80].repeat(200));
    let push = read(&octets, &Limits::TARGET).expect("a push");
    assert_eq!(push.headers.len(), Limits::TARGET.attributes);
    assert_eq!(kinds(&push), ["wsp.too-many"]);
}

#[test]
fn every_kind_that_is_given_is_in_the_table() {
    let source = [
        include_str!("read.rs"),
        include_str!("value.rs"),
        include_str!("uintvar.rs"),
    ];
    for piece in source.concat().split("\"wsp.").skip(1) {
        let kind = format!("wsp.{}", piece.split('"').next().unwrap_or_default());
        // What refuses a PDU has a kind of its own.
        if kind != "wsp.limit" {
            assert!(KINDS.iter().any(|row| row.0 == kind), "{kind}");
        }
    }
}
