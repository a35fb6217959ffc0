//! Vectors against the decoders: XML is well-formed, octets mean their twin, and the annotated dump
//! of octets is a snapshot, so that a change of a byte shows as a change of its meaning.

use assay_vectors::{Kind, Vector, all};
use assay_wire::tree::{Kind as Part, NodeId};
use assay_wire::{Encoding, Limits, Tree, dump, read, wbxml, xml};

fn bytes(vector: &Vector) -> Vec<u8> {
    vector
        .bytes()
        .unwrap_or_else(|bad| panic!("{}: {bad}", vector.path))
        .into_owned()
}

fn documents() -> impl Iterator<Item = Vector> {
    all().filter(|vector| vector.kind == Kind::Bytes && vector.name.contains("/wbxml/"))
}

#[test]
fn every_xml_vector_is_well_formed() {
    for vector in all().filter(|vector| vector.kind != Kind::Bytes) {
        let (_, notes) = xml::read(vector.text.as_bytes(), &Limits::default())
            .unwrap_or_else(|bad| panic!("{}: {bad:?}", vector.path));
        let faults: Vec<_> = notes
            .iter()
            .filter(|note| xml::is_fault(note.kind))
            .collect();
        assert!(faults.is_empty(), "{}: {faults:?}", vector.path);
    }
}

#[test]
fn octets_with_a_twin_mean_what_it_says() {
    let mut compared = 0;
    for vector in documents() {
        let Some(twin) = vector.twin() else { continue };
        let octets = bytes(&vector);
        let (found, _, _) = wbxml::read(&octets, &Limits::default())
            .unwrap_or_else(|bad| panic!("{}: {bad:?}", vector.path));
        let wanted = read(twin.text.as_bytes(), Encoding::Xml, &Limits::default()).unwrap();
        assert_eq!(meaning(&found), meaning(&wanted.tree), "{}", vector.path);
        compared += 1;
    }
    assert!(compared > 0);
}

/// What the comment in front of the octets announces behind this word; nothing where it does not.
fn announced(vector: &Vector, word: &str) -> String {
    let mut comments = vector
        .text
        .lines()
        .map_while(|line| line.strip_prefix("# "));
    let kinds = comments.find_map(|comment| comment.strip_prefix(word));
    kinds.unwrap_or_default().trim().to_owned()
}

#[test]
fn octets_are_noted_for_what_they_announce_and_nothing_else() {
    for vector in documents() {
        let octets = bytes(&vector);
        let (notes, refused) = match wbxml::read(&octets, &Limits::default()) {
            Ok((_, _, notes)) => (notes, ""),
            Err(bad) => (Vec::new(), bad.kind),
        };
        let notes: Vec<_> = notes.iter().map(|note| note.kind).collect();
        assert_eq!(
            notes.join(" "),
            announced(&vector, "notes:"),
            "{}",
            vector.path
        );
        assert_eq!(refused, announced(&vector, "refused:"), "{}", vector.path);
        let has_tree = refused.is_empty();
        assert!(
            has_tree || vector.twin().is_none(),
            "{} means nothing",
            vector.path
        );
    }
}

#[test]
fn every_kind_of_note_has_a_vector() {
    let announced: Vec<_> = documents()
        .map(|vector| announced(&vector, "notes:"))
        .collect();
    for (kind, ..) in wbxml::KINDS {
        let found = announced
            .iter()
            .any(|kinds| kinds.split(' ').any(|noted| noted == *kind));
        assert!(found, "no vector shows {kind}");
    }
}

#[test]
fn octets_are_dumped_with_their_meaning() {
    for vector in documents() {
        let octets = bytes(&vector);
        let text = dump::render(&octets, &dump::lines(&octets, Encoding::Wbxml));
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(vector.name.replace('/', "-"), text);
        });
    }
}

/// A document as lines: depth, vocabulary, name, and the text of elements that hold only text.
fn meaning(tree: &Tree<'_>) -> String {
    fn add(tree: &Tree<'_>, id: NodeId, depth: usize, lines: &mut Vec<String>) {
        let Some(element) = tree.element(id) else {
            return;
        };
        let is_leaf = tree.elements(id).next().is_none();
        let text = if is_leaf { tree.text(id) } else { "".into() };
        lines.push(format!(
            "{depth} {} {} {text:?}",
            element.namespace.uri(),
            element.local()
        ));
        for child in tree.elements(id) {
            add(tree, child, depth + 1, lines);
        }
    }
    let mut lines = Vec::new();
    for id in tree
        .top()
        .filter(|&id| matches!(tree.node(id).kind, Part::Element(_)))
    {
        add(tree, id, 0, &mut lines);
    }
    lines.join("\n")
}
