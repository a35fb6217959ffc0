//! Whatever is written reads back, and whatever bytes come in, reading ends in good order.

mod common;

use assay_wire::tree::{Element, Form, Kind, Namespace, NodeId, Tree};
use assay_wire::wbxml::pages::{DMDDF_PAGE, METINF_PAGE, Page, SYNCML_PAGE};
use assay_wire::wbxml::{self, Identify, Strings, Style};
use assay_wire::{Limits, Span};
use common::{octets, outline};
use proptest::prelude::*;

/// What an element holds, before it is in a tree.
#[derive(Clone, Debug)]
enum Piece {
    Element(Namespace<'static>, String, Vec<Piece>),
    Text(String),
    Octets(Vec<u8>),
}

fn named(
    page: &'static Page,
    namespace: Namespace<'static>,
) -> BoxedStrategy<(Namespace<'static>, String)> {
    let names: Vec<_> = page.tokens().map(|(_, name, _)| name.to_owned()).collect();
    (Just(namespace), proptest::sample::select(names)).boxed()
}

fn names() -> impl Strategy<Value = (Namespace<'static>, String)> {
    prop_oneof![
        4 => named(&SYNCML_PAGE, Namespace::SyncMl12),
        2 => named(&METINF_PAGE, Namespace::MetInf),
        1 => named(&DMDDF_PAGE, Namespace::DmDdf),
        1 => "[A-Z][a-z-]{0,12}x".prop_map(|name| (Namespace::Other("urn:x".into()), name)),
    ]
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{1,20}", "\\PC{1,8}", "same|again", "(\n|\t| ){1,3}x"]
        .prop_filter("white space between elements is lost", |text| {
            !text.trim().is_empty()
        })
}

fn pieces() -> impl Strategy<Value = Piece> {
    let leaf = prop_oneof![
        texts().prop_map(Piece::Text),
        proptest::collection::vec(any::<u8>(), 1..40).prop_map(Piece::Octets),
        names().prop_map(|(namespace, name)| Piece::Element(namespace, name, Vec::new())),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        (names(), proptest::collection::vec(inner, 0..6))
            .prop_map(|((namespace, name), inside)| Piece::Element(namespace, name, inside))
    })
}

fn styles() -> impl Strategy<Value = Style> {
    let strings = prop_oneof![
        Just(Strings::AsGiven),
        Just(Strings::Inline),
        Just(Strings::Table),
        Just(Strings::Shared),
        Just(Strings::Opaque),
        Just(Strings::Mixed),
    ];
    let identify = prop_oneof![
        Just(Identify::Number),
        Just(Identify::Text),
        Just(Identify::TextWithoutNul),
    ];
    (1u8..=3, identify, strings, any::<bool>(), any::<bool>()).prop_map(
        |(version, public_id, strings, redundant_switches, empty_with_content)| Style {
            version,
            public_id,
            strings,
            redundant_switches,
            empty_with_content,
            ..Style::default()
        },
    )
}

fn grow(tree: &mut Tree<'static>, parent: Option<NodeId>, piece: Piece) {
    match piece {
        Piece::Element(namespace, name, inside) => {
            let id = tree.push_element(parent, namespace, name);
            for piece in inside {
                grow(tree, Some(id), piece);
            }
        }
        Piece::Text(text) => {
            tree.push(
                parent,
                Kind::Text(text.into(), Form::Plain),
                Span::default(),
            );
        }
        Piece::Octets(octets) => {
            tree.push(parent, Kind::Opaque(octets.into()), Span::default());
        }
    }
}

/// A tree with what no encoding tells apart made equal: adjacent texts joined, forms forgotten,
/// octets that are UTF-8 as text.
fn plain(tree: &Tree<'_>) -> String {
    let mut copy = Tree::new();
    let mut joined: Option<NodeId> = None;
    let mut parents: Vec<(NodeId, NodeId)> = Vec::new();
    let Some(root) = tree.root() else {
        return String::new();
    };
    for id in tree.descend(root) {
        let parent = tree.parent(id);
        while let Some((from, _)) = parents.last()
            && Some(*from) != parent
        {
            parents.pop();
            joined = None;
        }
        let to = parents.last().map(|(_, to)| *to);
        let text = match &tree.node(id).kind {
            Kind::Element(Element {
                name, namespace, ..
            }) => {
                let new = copy.push_element(to, namespace.clone(), name.clone());
                parents.push((id, new));
                joined = None;
                continue;
            }
            Kind::Text(text, _) => text.to_string(),
            Kind::Opaque(octets) => {
                let Ok(text) = std::str::from_utf8(octets) else {
                    copy.push(to, Kind::Opaque(octets.clone()), Span::default());
                    joined = None;
                    continue;
                };
                text.to_owned()
            }
            _ => continue,
        };
        if let Some(before) = joined
            && let Kind::Text(held, _) = &mut copy.node_mut(before).kind
        {
            held.to_mut().push_str(&text);
        } else {
            let kind = Kind::Text(text.into(), Form::Plain);
            joined = Some(copy.push(to, kind, Span::default()));
        }
    }
    outline(&copy)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_comes_back_from_every_style(
        inside in proptest::collection::vec(pieces(), 0..6),
        style in styles(),
    ) {
        let mut tree = Tree::new();
        grow(&mut tree, None, Piece::Element(Namespace::SyncMl12, "SyncML".to_owned(), inside));
        let written = wbxml::write(&tree, &style).expect("writable");
        let (read, ..) = wbxml::read(&written, &Limits::TARGET).expect("a tree");
        prop_assert_eq!(plain(&read), plain(&tree));
    }

    #[test]
    fn noise_behind_a_header_never_panics(noise in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut bytes = octets("02 A401 6A 04 \"abc\" 00 6D");
        bytes.extend(noise);
        survive(&bytes);
    }

    #[test]
    fn noise_alone_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        survive(&bytes);
    }
}

/// Reads and, where that gives a tree, writes it and reads it again: nothing may panic, every span
/// lies inside, and the tree stays in proportion.
fn survive(bytes: &[u8]) {
    let Ok((tree, header, notes)) = wbxml::read(bytes, &Limits::TARGET) else {
        return;
    };
    assert!(tree.len() <= bytes.len(), "a node needs an octet");
    assert!(header.span.end() <= bytes.len());
    assert!(notes.iter().all(|note| note.span.end() <= bytes.len()));
    let root = tree.root().expect("a root");
    for id in tree.descend(root) {
        assert!(tree.span(id).end() <= bytes.len());
    }
    if let Ok(written) = wbxml::write(&tree, &Style::default()) {
        let (again, ..) = wbxml::read(&written, &Limits::TARGET).expect("a tree");
        assert_eq!(tree.name(root), again.name(again.root().expect("a root")));
    }
}

/// One document with every construct.
fn everything() -> Vec<u8> {
    octets(
        "02 00 00 6A 2C \"-//SYNCML//DTD SyncML 1.2//EN\" 00 \"Own\" 00 \"attr\" 00 \"text\" 00 \
         43 04 22 03 \"b\" 00 01 \
         6D 6C 71 83 27 01 5B 03 \"1\" 00 01 01 6B C4 1E 04 22 83 27 02 26 01 C3 03 FF 00 01 01 \
         5A 00 01 47 03 \"b64\" 00 01 01 00 00 4F C3 81 00",
    )
    .into_iter()
    .chain([b'x'; 128])
    .chain(octets("01 12 01 01"))
    .collect()
}

#[test]
fn every_octet_may_be_any_other() {
    let bytes = everything();
    let (_, _, notes) = wbxml::read(&bytes, &Limits::TARGET).expect("a tree");
    assert_eq!(notes, [], "undamaged");
    for at in 0..bytes.len() {
        for value in 0..=255 {
            let mut damaged = bytes.clone();
            damaged[at] = value;
            survive(&damaged);
        }
    }
}

#[test]
fn a_document_may_end_anywhere() {
    let bytes = everything();
    for end in 0..bytes.len() {
        survive(&bytes[..end]);
        let faults = wbxml::read(&bytes[..end], &Limits::TARGET).map(|(.., notes)| {
            notes
                .iter()
                .filter(|note| wbxml::is_fault(note.kind))
                .count()
        });
        assert_ne!(faults.ok(), Some(0), "a cut at {end} is noticed");
    }
}

#[test]
fn references_into_the_table_cannot_amplify() {
    let mut bytes = octets("02 A401 6A 90 00");
    bytes.extend([b'x'; 2047]);
    bytes.push(0);
    bytes.push(0x6D);
    bytes.extend([0x83, 0x00].repeat(20_000));
    let refused = wbxml::read(&bytes, &Limits::TARGET)
        .map(|_| ())
        .expect_err("40 MB of text");
    assert_eq!(refused.kind, "wbxml.limit");
}
