//! Vectors against the decoders: XML is well-formed, octets mean their twin, and the annotated dump
//! of octets is a snapshot, so that a change of a byte shows as a change of its meaning.

mod common;
mod pull;
mod pushes;

use assay_vectors::{Kind, all};
use assay_wire::{Encoding, Limits, dump, read, wbxml, xml};
use common::{announced, bytes, documents, meaning};

#[test]
fn every_xml_vector_is_well_formed() {
    let whole = |kind| !matches!(kind, Kind::Bytes | Kind::Document);
    for vector in all().filter(|vector| whole(vector.kind)) {
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
