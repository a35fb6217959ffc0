//! Packages: which cabinets are one, and what is in them.

use assay_wire::cab::{self, Compression, Entry, Style};
use assay_wire::{Limits, cp, cpf};
use rstest::rstest;

const DOCUMENT: &str = "<wap-provisioningdoc><characteristic type='X'/></wap-provisioningdoc>";

fn package(entries: &[Entry], compression: Compression) -> cpf::Package {
    let style = Style {
        compression,
        ..Style::default()
    };
    let octets = cab::write(entries, &style).expect("writable");
    cpf::read(&octets, &Limits::default()).expect("a cabinet")
}

#[rstest]
#[case::right(&[Entry::new("_setup.xml", DOCUMENT)], &[])]
#[case::two(
    &[Entry::new("a.exe", "x"), Entry::new("_setup.xml", DOCUMENT)],
    &["cpf.other-members"]
)]
#[case::other_letters(&[Entry::new("_Setup.XML", DOCUMENT)], &["cpf.setup-misspelt"])]
#[case::in_a_folder(&[Entry::new("x\\_setup.xml", DOCUMENT)], &["cpf.setup-misspelt"])]
#[case::other_name(&[Entry::new("setup.xml", DOCUMENT)], &["cpf.no-setup"])]
#[case::mark(
    &[Entry::new("_setup.xml", format!("\u{FEFF}{DOCUMENT}"))],
    &["cpf.byte-order-mark"]
)]
#[case::latin(&[Entry::new("_setup.xml", *b"<a>\xE9</a>")], &["cpf.not-utf-8"])]
fn a_package_holds_one_document(#[case] entries: &[Entry], #[case] notes: &[&str]) {
    for compression in [Compression::Stored, Compression::Mszip] {
        let package = package(entries, compression);
        let kinds: Vec<_> = package.notes.iter().map(|note| note.kind).collect();
        assert_eq!(kinds, notes);
        assert!(
            notes
                .iter()
                .all(|kind| cpf::KINDS.iter().any(|row| row.0 == *kind))
        );
        assert_eq!(package.is_stored(), compression == Compression::Stored);
    }
}

#[test]
fn the_document_is_read_as_xml() {
    let package = package(&[Entry::new("_setup.xml", DOCUMENT)], Compression::Mszip);
    assert_eq!(package.octets(), Some(DOCUMENT.as_bytes()));
    let (tree, notes) = package.document(&Limits::default()).expect("a document");
    assert_eq!(notes, []);
    assert_eq!(
        tree.root().map(|root| tree.name(root)),
        Some("wap-provisioningdoc")
    );
}

#[test]
fn the_document_is_seen_as_a_provisioning_document() {
    let package = package(&[Entry::new("_setup.xml", DOCUMENT)], Compression::Stored);
    let (tree, _) = package.document(&Limits::default()).expect("a document");
    let document = cp::Document::of(&tree, None).expect("a provisioning document");
    assert_eq!(document.of_kind("X").count(), 1);
}

#[test]
fn what_is_not_there_cannot_be_read() {
    let package = package(&[Entry::new("a", "b")], Compression::Stored);
    assert_eq!(package.octets(), None);
    let refused = package.document(&Limits::default()).expect_err("nothing");
    assert_eq!(refused.kind, "cpf.no-setup");
}

#[test]
fn what_is_packed_otherwise_is_told_of() {
    let setup = [Entry::new("_setup.xml", DOCUMENT)];
    let mut octets = cab::write(&setup, &Style::default()).expect("writable");
    octets[42..44].copy_from_slice(&0x1503_u16.to_le_bytes());
    let package = cpf::read(&octets, &Limits::default()).expect("a cabinet");
    let kinds: Vec<_> = package.notes.iter().map(|note| note.kind).collect();
    assert_eq!(
        kinds,
        [
            "cab.unsupported-compression",
            "cpf.bad-compression",
            "cpf.unreadable-setup"
        ]
    );
    let refused = package.document(&Limits::default()).expect_err("packed");
    assert_eq!(refused.kind, "cpf.unreadable-setup");
}
