//! Whatever the style, what is written is well-formed and reads back as what it was.

use std::borrow::Cow;
use std::fmt::Write as _;

use assay_wire::Span;
use assay_wire::span::Limits;
use assay_wire::tree::{Attribute, Form, Kind, Namespace, NodeId, Tree};
use assay_wire::xml::{self, Empty, Quotes, Style, Texts};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// What an element holds, before it is in a tree.
#[derive(Clone, Debug)]
enum Piece {
    Element(
        Namespace<'static>,
        String,
        Vec<(String, String)>,
        Vec<Piece>,
    ),
    Text(String, Form),
    Comment(String),
    Instruction(String),
}

fn namespaces() -> impl Strategy<Value = Namespace<'static>> {
    proptest::sample::select(vec![
        Namespace::None,
        Namespace::SyncMl11,
        Namespace::SyncMl12,
        Namespace::MetInf,
        Namespace::Other("urn:x?a&b='\"<".into()),
    ])
}

/// Any characters, those among them that need care more often than others; none that XML excludes.
fn texts() -> impl Strategy<Value = String> {
    let tricky = vec![
        "]]>", "]]", "&", "<", ">", "'", "\"", "\r", "\r\n", "\n", "\t", " ", "&#13;",
    ];
    let piece = prop_oneof![
        3 => proptest::sample::select(tricky).prop_map(str::to_owned),
        2 => "[a-z]{1,6}",
        1 => "\\PC{1,3}",
    ];
    proptest::collection::vec(piece, 1..6)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("XML excludes it", |text| {
            !text.contains(['\u{FFFE}', '\u{FFFF}'])
        })
}

fn names() -> impl Strategy<Value = String> {
    "[A-Za-z_é][A-Za-z0-9._-]{0,8}".prop_filter("reserved", |name| name != "xmlns")
}

fn attributes() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::btree_map(names(), texts(), 0..3)
        .prop_map(|map| map.into_iter().collect())
}

fn pieces() -> impl Strategy<Value = Piece> {
    let form =
        proptest::sample::select(vec![Form::Plain, Form::Cdata, Form::Reference, Form::Table]);
    let leaf = prop_oneof![
        4 => (texts(), form).prop_map(|(text, form)| Piece::Text(text, form)),
        1 => "[a-z <&>]{0,8}".prop_map(Piece::Comment),
        1 => "p [a-z <&]{0,8}".prop_map(Piece::Instruction),
        2 => elements(Just(Vec::new())),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        elements(proptest::collection::vec(inner, 0..5))
    })
}

fn elements(inside: impl Strategy<Value = Vec<Piece>>) -> impl Strategy<Value = Piece> {
    let prefix = prop_oneof![3 => Just(""), 1 => Just("p:"), 1 => Just("q:")];
    (namespaces(), prefix, names(), attributes(), inside).prop_map(
        |(namespace, prefix, name, attributes, inside)| {
            // No prefix can mean that there is no namespace.
            let prefix = if namespace == Namespace::None {
                ""
            } else {
                prefix
            };
            Piece::Element(namespace, format!("{prefix}{name}"), attributes, inside)
        },
    )
}

fn styles() -> impl Strategy<Value = Style> {
    let choices = (
        proptest::sample::select(vec![Texts::ByForm, Texts::Plain, Texts::Cdata]),
        proptest::sample::select(vec![Quotes::Double, Quotes::Single]),
        proptest::sample::select(vec![Empty::OneTag, Empty::TwoTags]),
    );
    let prefixes = (proptest::option::of("[spq]"), proptest::option::of("[mpq]"));
    let asides = (
        proptest::option::of(Just(Style::DECLARATION.to_owned())),
        proptest::option::of(Just("a SYSTEM 'b'".to_owned())),
        proptest::option::of("[a-z -]{0,6}"),
        proptest::option::of("p( [a-z?]{0,3})?"),
    );
    let referenced =
        proptest::collection::vec(proptest::sample::select(vec!['a', 'é', ' ', ']']), 0..3);
    (
        choices,
        prefixes,
        asides,
        referenced,
        proptest::option::of(0..3usize),
    )
        .prop_map(|(choices, prefixes, asides, referenced, indent)| Style {
            declaration: asides.0,
            doctype: asides.1,
            indent,
            syncml_prefix: prefixes.0,
            metinf_prefix: prefixes.1,
            texts: choices.0,
            referenced,
            quotes: choices.1,
            empty: choices.2,
            comment: asides.2,
            instruction: asides.3,
        })
}

fn grow(tree: &mut Tree<'static>, parent: Option<NodeId>, piece: &Piece) {
    match piece {
        Piece::Element(namespace, name, attributes, inside) => {
            let id = tree.push_element(parent, namespace.clone(), name.clone());
            for (name, value) in attributes {
                let (name, value) = (Cow::Owned(name.clone()), Cow::Owned(value.clone()));
                let (namespace, span) = (Namespace::None, Span::default());
                let attribute = Attribute {
                    name,
                    value,
                    namespace,
                    span,
                };
                tree.element_mut(id)
                    .expect("an element")
                    .attributes
                    .push(attribute);
            }
            for piece in inside {
                grow(tree, Some(id), piece);
            }
        }
        Piece::Text(text, form) => {
            tree.push(
                parent,
                Kind::Text(Cow::Owned(text.clone()), *form),
                Span::default(),
            );
        }
        Piece::Comment(text) => {
            tree.push(
                parent,
                Kind::Comment(Cow::Owned(text.clone())),
                Span::default(),
            );
        }
        Piece::Instruction(text) => {
            tree.push(
                parent,
                Kind::Instruction(Cow::Owned(text.clone())),
                Span::default(),
            );
        }
    }
}

/// What a document means: elements with namespace, attributes and text. `exactly` keeps space in
/// elements that hold nothing else, and comments and instructions.
fn outline(tree: &Tree<'_>, id: NodeId, exactly: bool, out: &mut Vec<String>) {
    let Some(element) = tree.element(id) else {
        return;
    };
    let mut line = format!("<{{{}}}{}", element.namespace.uri(), element.local());
    for attribute in element
        .attributes
        .iter()
        .filter(|attribute| !attribute.declares())
    {
        let _ = write!(line, " {}={:?}", attribute.name, attribute.value);
    }
    out.push(line);
    let mut text = String::new();
    let plain = tree.children(id).all(|child| match &tree.node(child).kind {
        Kind::Text(text, _) => text.trim().is_empty(),
        _ => true,
    });
    for child in tree.children(id) {
        match &tree.node(child).kind {
            Kind::Text(piece, _) => text.push_str(piece),
            Kind::Comment(piece) if exactly => {
                text.extend(["\u{FFFE}!", piece.as_ref(), "\u{FFFE}"]);
            }
            Kind::Instruction(piece) if exactly => {
                text.extend(["\u{FFFE}?", piece.as_ref(), "\u{FFFE}"]);
            }
            Kind::Element(_) => {
                flush(&mut text, plain && !exactly, out);
                outline(tree, child, exactly, out);
            }
            _ => {}
        }
    }
    flush(&mut text, plain && !exactly, out);
    out.push(">".to_owned());
}

fn flush(text: &mut String, spaceless: bool, out: &mut Vec<String>) {
    let text = std::mem::take(text);
    let nothing = if spaceless {
        text.trim().is_empty()
    } else {
        text.is_empty()
    };
    if !nothing {
        out.push(format!("{text:?}"));
    }
}

fn outlined(tree: &Tree<'_>, exactly: bool) -> Vec<String> {
    let mut out = Vec::new();
    outline(tree, tree.root().expect("a root"), exactly, &mut out);
    out
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_written_reads_back(
        root in elements(proptest::collection::vec(pieces(), 0..5)),
        style in styles(),
    ) {
        let mut tree = Tree::new();
        grow(&mut tree, None, &root);
        let written = xml::write(&tree, &style);
        let (read, notes) = xml::read(&written, &Limits::TARGET).expect("a tree");
        let faults: Vec<_> = notes.iter().filter(|note| xml::is_fault(note.kind)).collect();
        prop_assert!(faults.is_empty(), "{faults:?} in {}", String::from_utf8_lossy(&written));
        let added = style.comment.is_some() || style.instruction.is_some() || style.indent.is_some();
        prop_assert_eq!(
            outlined(&tree, !added),
            outlined(&read, !added),
            "{}",
            String::from_utf8_lossy(&written)
        );
    }

    #[test]
    fn what_was_read_is_written_the_same_again(
        root in elements(proptest::collection::vec(pieces(), 0..5)),
    ) {
        let mut tree = Tree::new();
        grow(&mut tree, None, &root);
        let written = xml::write(&tree, &Style::default());
        let (read, _) = xml::read(&written, &Limits::TARGET).expect("a tree");
        let again = xml::write(&read, &Style::default());
        prop_assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&again));
    }
}
