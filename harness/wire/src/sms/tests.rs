//! Segments at their boundaries, and what becomes of them out of order, doubled, missing.

use rstest::rstest;

use super::*;

fn payload(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

fn rejoined(parts: &[Vec<u8>]) -> Joined {
    join(parts.iter().map(|part| (part.as_slice(), true)))
}

fn kinds(joined: &Joined) -> Vec<&'static str> {
    let own = joined.segments.iter().flat_map(|segment| &segment.notes);
    let together = joined.notes.iter().map(|(_, note)| note);
    own.chain(together).map(|note| note.kind).collect()
}

#[rstest]
#[case::empty(0, false, 1)]
#[case::one_part(133, false, 1)]
#[case::two_parts(134, false, 2)]
#[case::two_full_parts(256, false, 2)]
#[case::three_parts(257, false, 3)]
#[case::wide_two_full_parts(254, true, 2)]
#[case::wide_three_parts(255, true, 3)]
#[case::most(255 * 128, false, 255)]
fn a_datagram_is_cut_where_a_segment_is_full(
    #[case] length: usize,
    #[case] wide: bool,
    #[case] count: usize,
) {
    let style = Split {
        wide,
        ..Split::default()
    };
    let parts = split(&payload(length), &style).expect("it fits");
    assert_eq!(parts.len(), count);
    assert!(parts.iter().all(|part| part.len() <= USER_DATA));
    let joined = rejoined(&parts);
    let [message] = &joined.messages[..] else {
        panic!("{} messages", joined.messages.len())
    };
    assert_eq!(message.payload, payload(length));
    assert_eq!(
        (message.ports, &message.missing[..]),
        (Some((2948, 9200)), &[][..])
    );
    assert_eq!(kinds(&joined), [""; 0]);
}

#[test]
fn headers_are_those_of_deployed_gateways() {
    let one = split(b"x", &Split::default()).expect("one part");
    assert_eq!(one, [[0x06, 0x05, 0x04, 0x0B, 0x84, 0x23, 0xF0, b'x']]);
    let two = split(
        &payload(134),
        &Split {
            reference: 0x2A,
            ..Split::default()
        },
    )
    .expect("two");
    assert_eq!(
        two[1][..12],
        [
            0x0B, 0x05, 0x04, 0x0B, 0x84, 0x23, 0xF0, 0x00, 0x03, 0x2A, 2, 2
        ]
    );
    let wide = Split {
        reference: 0x1234,
        wide: true,
        concat_first: true,
        ..Split::default()
    };
    let wide = split(&payload(134), &wide).expect("two");
    assert_eq!(
        wide[0][..13],
        [
            0x0C, 0x08, 0x04, 0x12, 0x34, 2, 1, 0x05, 0x04, 0x0B, 0x84, 0x23, 0xF0
        ]
    );
}

#[rstest]
#[case(255 * 128 + 1, USER_DATA)]
#[case(134, 12)]
#[case(1, 3)]
fn what_does_not_fit_is_refused(#[case] octets: usize, #[case] size: usize) {
    let style = Split {
        size,
        ..Split::default()
    };
    assert_eq!(
        split(&payload(octets), &style),
        Err(TooLong { octets, size })
    );
}

#[test]
fn parts_in_any_order_make_the_same_message() {
    let parts = split(&payload(300), &Split::default()).expect("three parts");
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let shuffled: Vec<_> = order.map(|at: usize| parts[at].clone()).into();
        let joined = rejoined(&shuffled);
        assert_eq!(joined.messages[0].payload, payload(300));
        assert_eq!(joined.whole().count(), 1);
        assert!(
            kinds(&joined)
                .iter()
                .all(|kind| *kind == "sms.out-of-order")
        );
        assert!(!joined.notes.is_empty());
    }
}

#[test]
fn doubled_missing_and_differing_parts_are_noted() {
    let parts = split(&payload(300), &Split::default()).expect("three parts");
    let doubled = rejoined(&[
        parts[0].clone(),
        parts[0].clone(),
        parts[1].clone(),
        parts[2].clone(),
    ]);
    assert_eq!(
        (kinds(&doubled), doubled.whole().count()),
        (vec!["sms.doubled-part"], 1)
    );

    let missing = rejoined(&[parts[0].clone(), parts[2].clone()]);
    assert_eq!(
        (kinds(&missing), &missing.messages[0].missing[..]),
        (vec!["sms.missing-part"], &[2][..])
    );

    let mut other = parts[0].clone();
    other[20] ^= 1;
    let differing = rejoined(&[parts[0].clone(), other, parts[1].clone(), parts[2].clone()]);
    assert_eq!(kinds(&differing), ["sms.differing-part"]);
    assert_eq!(differing.messages[0].payload, payload(300));

    let mut total = parts[1].clone();
    total[10] = 4;
    let differing = rejoined(&[parts[0].clone(), total, parts[2].clone()]);
    assert_eq!(kinds(&differing), ["sms.differing-total"]);

    let once = split(
        &payload(300),
        &Split {
            ports_once: true,
            ..Split::default()
        },
    );
    let once = rejoined(&once.expect("three parts"));
    let expected = [
        "sms.no-ports",
        "sms.no-ports",
        "sms.differing-ports",
        "sms.differing-ports",
    ];
    assert_eq!(kinds(&once), expected);
}

#[test]
fn messages_of_two_references_do_not_mix() {
    let style = |reference| Split {
        reference,
        ..Split::default()
    };
    let one = split(&payload(200), &style(1)).expect("two parts");
    let two = split(&payload(220), &style(2)).expect("two parts");
    let single = split(b"single", &style(1)).expect("one part");
    let joined = rejoined(&[&one[..1], &two[..], &single[..], &one[1..]].concat());
    let lengths: Vec<_> = joined
        .messages
        .iter()
        .map(|message| message.payload.len())
        .collect();
    assert_eq!(lengths, [200, 220, 6]);
    assert_eq!(joined.messages[0].segments, [0, 4]);
    assert_eq!(kinds(&joined), [""; 0]);
}

#[rstest]
#[case::nothing(&[], &["sms.bad-header-length", "sms.no-ports"])]
#[case::header_too_long(&[9, 5, 4, 0x0B, 0x84, 0x23, 0xF0], &["sms.bad-header-length"])]
#[case::element_too_long(&[3, 5, 4, 0x0B], &["sms.bad-element-length", "sms.unknown-element", "sms.no-ports"])]
#[case::element_too_short(&[5, 5, 3, 0x0B, 0x84, 0x23], &["sms.bad-element-length", "sms.no-ports"])]
#[case::unknown(&[9, 5, 4, 0x0B, 0x84, 0x23, 0xF0, 0x24, 1, 1], &["sms.unknown-element"])]
#[case::doubled(
    &[12, 5, 4, 0x0B, 0x84, 0x23, 0xF0, 5, 4, 0x0B, 0x85, 0x23, 0xF0],
    &["sms.doubled-element"]
)]
#[case::part_0(&[11, 5, 4, 0x0B, 0x84, 0x23, 0xF0, 0, 3, 1, 2, 0], &["sms.bad-part"])]
#[case::part_3_of_2(&[11, 5, 4, 0x0B, 0x84, 0x23, 0xF0, 0, 3, 1, 2, 3], &["sms.bad-part"])]
#[case::part_1_of_1(&[11, 5, 4, 0x0B, 0x84, 0x23, 0xF0, 0, 3, 1, 1, 1], &["sms.single-part"])]
#[case::ports_of_8_bits(&[4, 4, 2, 0xF0, 0xF1], &[])]
#[case::no_ports(&[5, 0, 3, 1, 2, 1], &["sms.no-ports"])]
fn what_is_odd_about_a_header_is_noted(#[case] user_data: &[u8], #[case] noted: &[&str]) {
    let segment = segment(user_data, true);
    let found: Vec<_> = segment.notes.iter().map(|note| note.kind).collect();
    assert_eq!(found, noted);
    assert!(
        segment
            .notes
            .iter()
            .all(|note| note.span.end() <= user_data.len())
    );
}

#[test]
fn a_delivery_is_written_and_read() {
    let user_data = split(b"push", &Split::default())
        .expect("one part")
        .remove(0);
    let octets = TpduDraft::deliver("+358408201681", user_data.clone()).write();
    assert_eq!(
        octets[..12],
        [
            0x44, 0x0C, 0x91, 0x53, 0x48, 0x80, 0x02, 0x61, 0x18, 0x00, 0x04, 0x62
        ]
    );
    let tpdu = read(&octets).expect("a delivery");
    assert_eq!(tpdu.direction, Direction::Deliver);
    assert_eq!(
        (tpdu.address.number().as_str(), tpdu.has_header),
        ("+358408201681", true)
    );
    assert_eq!(
        (tpdu.user_data.of(&octets), &tpdu.notes[..]),
        (&user_data[..], &[][..])
    );
}

#[test]
fn a_submission_is_written_and_read() {
    let draft = TpduDraft {
        reference: 7,
        ..TpduDraft::submit("12345", *b"\x00x")
    };
    let octets = draft.write();
    assert_eq!(
        octets,
        [
            0x41, 7, 5, 0x81, 0x21, 0x43, 0xF5, 0x00, 0x04, 2, 0x00, b'x'
        ]
    );
    let tpdu = read(&octets).expect("a submission");
    assert_eq!(
        (tpdu.reference, tpdu.address.number().as_str()),
        (Some(7), "12345")
    );
    assert_eq!(
        (tpdu.user_data.of(&octets), tpdu.time.len),
        (&b"\x00x"[..], 0)
    );
}

#[rstest]
#[case::septets(&[0x01, 0, 0, 0x81, 0, 0x00, 2, 0x61, 0x31], &["sms.not-octets"])]
#[case::cut_user_data(&[0x01, 0, 0, 0x81, 0, 0x04, 2, 0x61], &["sms.bad-user-data-length"])]
#[case::trailing(&[0x01, 0, 0, 0x81, 0, 0x04, 0, 0x61], &["sms.trailing-bytes"])]
#[case::bad_digit(&[0x01, 0, 1, 0x81, 0xFF, 0, 0x04, 0], &["sms.bad-address"])]
#[case::validity(&[0x11, 0, 0, 0x81, 0, 0xF5, 0xAA, 0], &[])]
fn what_is_odd_about_a_tpdu_is_noted(#[case] octets: &[u8], #[case] noted: &[&str]) {
    let tpdu = read(octets).expect("a TPDU");
    assert_eq!(
        tpdu.notes.iter().map(|note| note.kind).collect::<Vec<_>>(),
        noted
    );
}

#[rstest]
#[case(&[], "sms.cut-short")]
#[case(&[0x02, 0], "sms.not-a-message")]
#[case(&[0x00, 4, 0x91, 0x21], "sms.cut-short")]
#[case(&[0x00, 0, 0x91, 0, 4, 1, 2, 3], "sms.cut-short")]
fn what_is_cut_is_no_tpdu(#[case] octets: &[u8], #[case] kind: &str) {
    assert_eq!(read(octets).expect_err("cut").kind, kind);
}

#[rstest]
#[case(0x00, Alphabet::Gsm7)]
#[case(0x04, Alphabet::Octets)]
#[case(0xF5, Alphabet::Octets)]
#[case(0xF1, Alphabet::Gsm7)]
#[case(0x08, Alphabet::Ucs2)]
#[case(0x15, Alphabet::Octets)]
#[case(0xC0, Alphabet::Gsm7)]
fn data_coding_tells_the_alphabet(#[case] coding: u8, #[case] expected: Alphabet) {
    assert_eq!(alphabet(coding), expected);
}
