//! Cabinets among the vectors: each is noted for what it announces and nothing else, holds what it
//! says, and its signature is as true as it says. They were made by other tools, or octet by octet.

#[expect(dead_code, reason = "these vectors are no documents but hold one")]
mod common;

use assay_vectors::{Kind, Vector, all, get};
use assay_wire::authenticode::{self, Facts, Trust, certificates, specimen};
use assay_wire::{Limits, cab, cpf, dump, xml};
use common::{announced, bytes, meaning};

/// 2023-11-14, when certificates are looked at.
const NOW: i64 = 1_700_000_000;

fn cabinets() -> impl Iterator<Item = Vector> {
    all().filter(|vector| vector.kind == Kind::Bytes && vector.name.starts_with("cp/cab/"))
}

fn signed() -> impl Iterator<Item = Vector> {
    cabinets().filter(|vector| vector.name.starts_with("cp/cab/signed"))
}

fn joined(kinds: impl Iterator<Item = &'static str>) -> String {
    kinds.collect::<Vec<_>>().join(" ")
}

fn facts(octets: &[u8]) -> Facts {
    let (cabinet, _) = cab::read(octets, &Limits::default()).expect("a cabinet");
    let roots = certificates(specimen::ROOT);
    let trust = Trust {
        roots: &roots,
        at: NOW,
    };
    authenticode::verify(octets, &cabinet, &trust, &Limits::default())
}

#[test]
fn cabinets_are_noted_for_what_they_announce_and_nothing_else() {
    for vector in cabinets() {
        let (notes, refused) = match cpf::read(&bytes(&vector), &Limits::default()) {
            Ok(package) => (package.notes, ""),
            Err(bad) => (Vec::new(), bad.kind),
        };
        let of = |family: &str| {
            let notes = notes.iter().map(|note| note.kind);
            joined(notes.filter(|kind| kind.starts_with(family)))
        };
        assert_eq!(of("cab."), announced(&vector, "notes:"), "{}", vector.path);
        assert_eq!(
            of("cpf."),
            announced(&vector, "package:"),
            "{}",
            vector.path
        );
        assert_eq!(refused, announced(&vector, "refused:"), "{}", vector.path);
    }
}

#[test]
fn cabinets_hold_the_document_that_they_say() {
    let mut compared = 0;
    for vector in cabinets() {
        let holds = announced(&vector, "holds:");
        let twin = get(&holds).unwrap_or(vector).twin();
        let Some(twin) = twin else {
            assert_eq!(holds, "", "{}", vector.path);
            continue;
        };
        let package = cpf::read(&bytes(&vector), &Limits::default()).expect("a cabinet");
        let (document, _) = package.document(&Limits::default()).expect(vector.path);
        let (wanted, _) = xml::read(twin.text.as_bytes(), &Limits::default()).expect("a tree");
        assert_eq!(meaning(&document), meaning(&wanted), "{}", vector.path);
        compared += 1;
    }
    assert!(compared > 40, "{compared}");
}

#[test]
fn blocks_refer_back_into_those_before_them() {
    let vector = get("cp/cab/mszip-history").expect("the vector");
    let package = cpf::read(&bytes(&vector), &Limits::default()).expect("a cabinet");
    let blocks = &package.cabinet.folders[0].blocks;
    assert_eq!(blocks.len(), 2);
    let octets = package.octets().expect("unpacked");
    let (_, notes) = package.document(&Limits::default()).expect("a document");
    assert_eq!(notes, []);
    // The text between the tags repeats itself every 256 octets.
    let text = &octets[26..octets.len() - 26];
    assert_eq!(text.len(), 130 * 256);
    assert!(text.chunks(256).all(|part| part == &text[..256]));
}

#[test]
fn signatures_are_as_true_as_they_announce() {
    for vector in signed() {
        let facts = facts(&bytes(&vector));
        let notes = joined(facts.notes.iter().map(|note| note.kind));
        assert_eq!(notes, announced(&vector, "signature:"), "{}", vector.path);
        let truths = [
            ("digest", facts.digest),
            ("signature", facts.signature),
            ("chain", facts.chain),
        ];
        let truths = truths.iter().filter(|(_, is_true)| *is_true);
        let truths = joined(truths.map(|(name, _)| *name));
        assert_eq!(
            truths,
            announced(&vector, "true:"),
            "{}: {facts:?}",
            vector.path
        );
    }
}

#[test]
fn what_is_not_signed_says_so() {
    for vector in cabinets().filter(|vector| !vector.name.starts_with("cp/cab/signed")) {
        if announced(&vector, "refused:").is_empty() {
            let facts = facts(&bytes(&vector));
            let notes = joined(facts.notes.iter().map(|note| note.kind));
            assert_eq!(notes, "sign.absent", "{}", vector.path);
        }
    }
}

#[test]
fn every_kind_of_note_has_a_vector() {
    let shown = |word: &str, kind: &str| {
        let mut announced = cabinets().map(|vector| announced(&vector, word));
        announced.any(|kinds| kinds.split(' ').any(|noted| noted == kind))
    };
    for (kind, ..) in cab::KINDS {
        assert!(shown("notes:", kind), "no vector shows {kind}");
    }
    for (kind, _) in cpf::KINDS {
        assert!(shown("package:", kind), "no vector shows {kind}");
    }
    // Without a signature there is nothing to announce, and roots are none of the vector's.
    let elsewhere = ["sign.absent", "sign.bad-root"];
    let kinds = authenticode::KINDS.iter().map(|row| row.0);
    for kind in kinds.filter(|kind| !elsewhere.contains(kind)) {
        assert!(shown("signature:", kind), "no vector shows {kind}");
    }
}

#[test]
fn our_own_signer_makes_what_others_made() {
    let plain = bytes(&get("cp/cab/stored").expect("the vector"));
    let signer = specimen::Specimen::Good.signer().expect("a signer");
    let style = authenticode::Style::default();
    let octets = signer.sign(&plain, &style).expect("signed");
    let theirs = bytes(&get("cp/cab/signed-version").expect("the vector"));
    let (ours, _) = cab::read(&octets, &Limits::default()).expect("a cabinet");
    let body = ours.header.length as usize;
    assert_eq!(
        octets[52..body],
        theirs[52..body],
        "the same cabinet with room"
    );
    assert!(facts(&octets).is_good());
}

#[test]
fn cabinets_are_dumped_with_their_meaning() {
    let shown = ["signed-foreign", "signed-unreadable", "signed-timestamp"];
    for vector in cabinets() {
        let short = vector.name.trim_start_matches("cp/cab/");
        if short.starts_with("signed") && !shown.contains(&short) {
            continue;
        }
        let octets = bytes(&vector);
        let text = dump::render(&octets, &cab::dump::lines(&octets));
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(vector.name.replace('/', "-"), text);
        });
    }
}
