//! Whatever is written reads back, and whatever octets come in, reading ends in good order.

use assay_wire::dump::{self, Format};
use assay_wire::tree::{NodeId, Tree};
use assay_wire::wbxml::{self, Attributes, Dates, Pages, Starts, Strings, Style, Values};
use assay_wire::wsp::{self, PushDraft};
use assay_wire::{Limits, cp, mac, pap, smpp, sms, trigger};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::outline;

/// A characteristic before it is in a tree: its type, its parameters, what is in it.
#[derive(Clone, Debug)]
struct Piece {
    kind: String,
    parms: Vec<(String, Option<String>)>,
    inside: Vec<Piece>,
}

fn names() -> impl Strategy<Value = String> {
    let known: Vec<&str> = cp::SHAPES
        .iter()
        .flat_map(|shape| shape.parms.iter().map(|parm| parm.name))
        .collect();
    prop_oneof![4 => select(known).prop_map(str::to_owned), 1 => "[A-Z]{1,8}"]
}

fn kinds() -> impl Strategy<Value = String> {
    let known: Vec<&str> = cp::SHAPES.iter().map(|shape| shape.kind).collect();
    let microsoft = vec![
        "Registry",
        "Sync",
        "Settings",
        "SecurityPolicy",
        "HKLM\\Software\\X",
    ];
    prop_oneof![
        4 => select(known).prop_map(str::to_owned),
        1 => select(microsoft).prop_map(str::to_owned),
        1 => "[A-Za-z]{1,8}",
    ]
}

fn values() -> impl Strategy<Value = Option<String>> {
    let tokens: Vec<String> = wbxml::pages::PROV
        .values
        .iter()
        .map(|row| row.2.to_owned())
        .collect();
    let pieces = vec(prop_oneof![select(tokens), "[ -~]{0,6}", "\\PC{1,3}"], 0..4);
    prop_oneof![1 => Just(None), 4 => pieces.prop_map(|pieces| Some(pieces.concat()))]
}

fn pieces() -> impl Strategy<Value = Piece> {
    let parms = || vec((names(), values()), 0..5);
    let leaf = (kinds(), parms()).prop_map(|(kind, parms)| Piece {
        kind,
        parms,
        inside: Vec::new(),
    });
    leaf.prop_recursive(4, 24, 4, move |inner| {
        (kinds(), parms(), vec(inner, 0..4)).prop_map(|(kind, parms, inside)| Piece {
            kind,
            parms,
            inside,
        })
    })
}

fn styles() -> impl Strategy<Value = Style> {
    let starts = select(vec![Starts::Longest, Starts::Bare, Starts::Literal]);
    let values = select(vec![Values::Anywhere, Values::Whole, Values::Never]);
    let pages = select(vec![Pages::Lowest, Pages::Current]);
    let strings = select(vec![
        Strings::AsGiven,
        Strings::Inline,
        Strings::Table,
        Strings::Shared,
        Strings::Mixed,
    ]);
    let all = (starts, values, pages, strings, any::<[bool; 2]>());
    all.prop_map(
        |(starts, values, pages, strings, [microsoft, redundant_switches])| Style {
            strings,
            redundant_switches,
            attributes: Attributes {
                starts,
                values,
                pages,
                microsoft,
                old_values: false,
                dates: Dates::Coded,
            },
            ..Style::default()
        },
    )
}

fn grow(draft: &mut cp::Draft, parent: Option<NodeId>, piece: &Piece) {
    let at = draft.characteristic(parent, &piece.kind);
    for (name, value) in &piece.parms {
        match value {
            Some(value) => draft.parm(at, name, value),
            None => draft.flag(at, name),
        };
    }
    for inner in &piece.inside {
        grow(draft, Some(at), inner);
    }
}

fn document(pieces: &[Piece]) -> Tree<'static> {
    let mut draft = cp::Draft::new(Some("1.1"));
    for piece in pieces {
        grow(&mut draft, None, piece);
    }
    draft.into_tree()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_comes_back_from_every_style(pieces in vec(pieces(), 0..4), style in styles()) {
        let tree = document(&pieces);
        let written = wbxml::write(&tree, &style).expect("writable");
        let (read, _, notes) = wbxml::read(&written, &Limits::TARGET).expect("a tree");
        prop_assert_eq!(outline(&read), outline(&tree));
        prop_assert_eq!(notes, vec![]);
    }

    #[test]
    fn a_push_comes_back_through_its_segments(
        body in vec(any::<u8>(), 0..2000),
        pin in "[0-9]{4,8}",
        headers in vec(("X-[A-Z]{1,8}", "[a-z]{1,12}"), 0..4),
        (wide, always, reference) in any::<(bool, bool, u16)>(),
        turn in any::<usize>(),
    ) {
        let mut draft = PushDraft::new(cp::WBXML_MEDIA, body.clone());
        draft.headers = headers.clone();
        let secrets = mac::Secrets { pin: Some(&pin), imsi: None };
        let protection = cp::Protection { method: mac::Method::UserPin, secrets };
        let draft = cp::protected(draft, Some(&protection)).expect("a key");
        let pdu = draft.write(&wsp::Style::default());
        let split = sms::Split { wide, always, reference, ..sms::Split::default() };
        let mut segments = sms::split(&pdu, &split).expect("it fits");
        let turn = turn % segments.len();
        segments.rotate_left(turn);
        let joined = sms::join(segments.iter().map(|segment| (segment.as_slice(), true)));
        prop_assert_eq!(joined.messages.len(), 1);
        prop_assert_eq!(&joined.messages[0].payload, &pdu);
        let push = wsp::read(&pdu, &Limits::TARGET).expect("a push");
        prop_assert_eq!(push.body.of(&pdu), &body[..]);
        let found: Vec<_> = push
            .headers
            .iter()
            .map(|header| (header.name.clone(), header.value.clone().expect("a value").text))
            .collect();
        prop_assert_eq!(found, headers);
        let claimed = push.mac().expect("a MAC");
        prop_assert!(mac::verify(mac::Method::UserPin, &secrets, &body, claimed).expect("a key"));
    }

    #[test]
    fn parts_come_back(bodies in vec(vec(any::<u8>(), 0..60), 1..5)) {
        let style = pap::Style::default();
        let parts: Vec<_> = bodies
            .iter()
            .map(|body| pap::PartDraft::new("application/octet-stream", body.clone()))
            .collect();
        let written = pap::write(&parts, &style);
        let read = pap::multipart(&written, &pap::content_type(&style), &Limits::TARGET);
        let read = read.expect("parts");
        prop_assert_eq!(&read.notes, &vec![]);
        let found: Vec<_> = read.parts.iter().map(|part| part.body.of(&written).to_vec()).collect();
        prop_assert_eq!(found, bodies);
    }

    #[test]
    fn noise_never_panics(noise in vec(any::<u8>(), 0..200), head in select(vec![
        "", "0106", "01062e1f2db6918192", "030b6a00", "02056a0045", "0b05040b8423f00003010201",
        "440c91534880026118000462112221000000", "0000006400000004000000000000000100",
    ])) {
        let mut bytes: Vec<u8> = (0..head.len() / 2)
            .map(|at| u8::from_str_radix(&head[2 * at..2 * at + 2], 16).expect("hex"))
            .collect();
        bytes.extend(noise);
        for format in Format::ALL {
            for line in dump::of(&bytes, format) {
                prop_assert!(line.span.end() <= bytes.len(), "{format:?} {line:?}");
            }
        }
        dump::sniff(&bytes);
        let _ = (trigger::read(&bytes, &Limits::TARGET), smpp::read(&bytes, &Limits::TARGET));
    }
}
