//! Signatures of cabinets: true ones, and each lie by its name; and whatever stands where a
//! signature belongs, looking at it ends.

use assay_wire::authenticode::specimen::{self, Specimen};
use assay_wire::authenticode::{self, Facts, Hash, Lie, Style, Trust, certificates};
use assay_wire::cab::{self, Entry};
use assay_wire::{Limits, Note};
use rstest::rstest;

/// 2023-11-14.
const NOW: i64 = 1_700_000_000;

fn cabinet() -> Vec<u8> {
    let setup = Entry::new("_setup.xml", "<wap-provisioningdoc/>");
    cab::write(&[setup], &cab::Style::default()).expect("writable")
}

fn signed(by: Specimen, style: &Style) -> Vec<u8> {
    let signer = by.signer().expect("a signer");
    signer.sign(&cabinet(), style).expect("signed")
}

fn verify(octets: &[u8], roots: &str, at: i64) -> Facts {
    let (cabinet, _) = cab::read(octets, &Limits::default()).expect("a cabinet");
    let roots = certificates(roots);
    let trust = Trust { roots: &roots, at };
    authenticode::verify(octets, &cabinet, &trust, &Limits::default())
}

fn kinds(notes: &[Note]) -> Vec<&'static str> {
    notes.iter().map(|note| note.kind).collect()
}

/// The facts as one word each: digest, signature, chain.
fn facts(facts: &Facts) -> [bool; 3] {
    [facts.digest, facts.signature, facts.chain]
}

#[rstest]
#[case(Hash::Sha256)]
#[case(Hash::Sha384)]
#[case(Hash::Sha512)]
fn what_is_signed_is_true(#[case] hash: Hash) {
    let style = Style {
        hash,
        time: Some(NOW),
        lie: None,
    };
    let octets = signed(Specimen::Good, &style);
    let (_, notes) = cab::read(&octets, &Limits::default()).expect("a cabinet");
    assert_eq!(notes, []);
    let found = verify(&octets, specimen::ROOT, NOW);
    assert_eq!(found.notes, []);
    assert!(found.is_good());
    assert_eq!(found.hash, Some(hash));
    assert_eq!(found.signed_at, Some(NOW));
    assert_eq!(
        found.names,
        [
            "CN=Assay test signer (TEST ONLY)",
            "CN=Assay test root (TEST ONLY)"
        ]
    );
}

#[rstest]
#[case::good(Specimen::Good, true, &[])]
#[case::indirect(Specimen::Indirect, true, &[])]
#[case::foreign(Specimen::Foreign, false, &["sign.untrusted"])]
#[case::expired(Specimen::Expired, false, &["sign.expired"])]
#[case::early(Specimen::Early, false, &["sign.not-yet-valid"])]
#[case::server(Specimen::Server, false, &["sign.wrong-usage"])]
#[case::unspecific(Specimen::Unspecific, true, &["sign.no-usage"])]
#[case::by_no_authority(Specimen::ByNoAuthority, false, &["sign.not-an-issuer"])]
fn a_certificate_may_sign_or_it_says_why_not(
    #[case] by: Specimen,
    #[case] chain: bool,
    #[case] notes: &[&str],
) {
    let found = verify(&signed(by, &Style::default()), specimen::ROOT, NOW);
    assert_eq!(kinds(&found.notes), notes, "{:?}", found.notes);
    assert_eq!(facts(&found), [true, true, chain]);
}

#[rstest]
#[case::digest(Lie::Digest, [false, true, true], &["sign.wrong-digest"])]
#[case::message_digest(Lie::MessageDigest, [true, false, true], &["sign.wrong-message-digest"])]
#[case::signature(Lie::Signature, [true, false, true], &["sign.wrong-signature"])]
#[case::no_certificate(Lie::NoCertificate, [true, false, false], &["sign.no-certificate"])]
#[case::kind(Lie::Kind, [true, true, true], &["sign.not-a-cabinet"])]
fn each_lie_is_named(#[case] lie: Lie, #[case] truth: [bool; 3], #[case] notes: &[&str]) {
    let style = Style {
        lie: Some(lie),
        ..Style::default()
    };
    let found = verify(&signed(Specimen::Good, &style), specimen::ROOT, NOW);
    assert_eq!(kinds(&found.notes), notes, "{:?}", found.notes);
    assert_eq!(facts(&found), truth);
}

#[test]
fn a_cabinet_that_is_not_signed_says_so() {
    let found = verify(&cabinet(), specimen::ROOT, NOW);
    assert_eq!(kinds(&found.notes), ["sign.absent"]);
    assert_eq!((facts(&found), found.span), ([false; 3], None));
}

#[test]
fn a_root_may_be_the_signer_itself() {
    let octets = signed(Specimen::Foreign, &Style::default());
    assert!(verify(&octets, Specimen::Foreign.pem(), NOW).is_good());
    assert!(verify(&octets, specimen::FOREIGN_ROOT, NOW).is_good());
    assert_eq!(kinds(&verify(&octets, "", NOW).notes), ["sign.untrusted"]);
}

#[test]
fn a_root_has_its_time_too() {
    let octets = signed(Specimen::Good, &Style::default());
    let found = verify(&octets, specimen::ROOT, 0);
    let early = "sign.not-yet-valid";
    assert_eq!(kinds(&found.notes), [early, early]);
    assert!(
        found.notes[1].text.contains("root"),
        "{}",
        found.notes[1].text
    );
}

#[test]
fn a_root_that_is_none_is_told_of() {
    let octets = signed(Specimen::Good, &Style::default());
    let (cabinet, _) = cab::read(&octets, &Limits::default()).expect("a cabinet");
    let mut roots = certificates(specimen::ROOT);
    roots.insert(0, b"no certificate".to_vec());
    let trust = Trust {
        roots: &roots,
        at: NOW,
    };
    let found = authenticode::verify(&octets, &cabinet, &trust, &Limits::default());
    assert_eq!(kinds(&found.notes), ["sign.bad-root"]);
    assert!(found.is_good());
}

#[test]
fn a_second_signature_takes_the_place_of_the_first() {
    let first = signed(Specimen::Foreign, &Style::default());
    let signer = Specimen::Good.signer().expect("a signer");
    let second = signer.sign(&first, &Style::default()).expect("signed");
    assert_eq!(second, signed(Specimen::Good, &Style::default()));
}

#[test]
fn a_cabinet_with_reserved_octets_is_signed_too() {
    let style = cab::Style {
        reserve: vec![0; 6],
        reserve_folder: 3,
        reserve_data: 5,
        compression: cab::Compression::Mszip,
        folder_each: true,
        ..cab::Style::default()
    };
    let entries = [
        Entry::new("_setup.xml", "<a/>"),
        Entry::new("b", "c".repeat(40_000)),
    ];
    let octets = cab::write(&entries, &style).expect("writable");
    let signer = Specimen::Good.signer().expect("a signer");
    let octets = signer.sign(&octets, &Style::default()).expect("signed");
    let (cabinet, notes) = cab::read(&octets, &Limits::default()).expect("a cabinet");
    assert_eq!(notes, []);
    assert_eq!(
        cabinet.contents(&cabinet.members[1]),
        Some("c".repeat(40_000).as_bytes())
    );
    assert!(verify(&octets, specimen::ROOT, NOW).is_good());
}

#[rstest]
#[case(Hash::Md5)]
#[case(Hash::Sha1)]
fn what_is_weak_is_not_signed_with(#[case] hash: Hash) {
    let style = Style {
        hash,
        ..Style::default()
    };
    let signer = Specimen::Good.signer().expect("a signer");
    assert!(signer.sign(&cabinet(), &style).is_err());
}

/// The digest covers everything that unpacking depends on.
#[test]
fn a_change_of_any_signed_octet_is_found() {
    let octets = signed(Specimen::Good, &Style::default());
    let (cabinet, _) = cab::read(&octets, &Limits::default()).expect("a cabinet");
    for at in 4..cabinet.header.length as usize {
        let mut damaged = octets.clone();
        damaged[at] ^= 0x01;
        let Ok((other, notes)) = cab::read(&damaged, &Limits::default()) else {
            continue;
        };
        let found = authenticode::verify(&damaged, &other, &Trust::default(), &Limits::default());
        // The number in a set is nobody's business; the other octets are the first reserved field
        // and the place of the signature, which the reader of cabinets watches.
        let is_noted = notes.iter().any(|note| note.kind != "cab.bad-checksum");
        assert!(
            !found.digest || is_noted || (34..36).contains(&at),
            "octet {at}"
        );
    }
}

#[test]
fn whatever_stands_there_looking_at_it_ends() {
    let octets = signed(Specimen::Indirect, &Style::default());
    let (cabinet, _) = cab::read(&octets, &Limits::default()).expect("a cabinet");
    let span = cabinet.signature.expect("a signature");
    let roots = certificates(specimen::ROOT);
    let trust = Trust {
        roots: &roots,
        at: NOW,
    };
    let documented = |kind: &str| authenticode::KINDS.iter().any(|row| row.0 == kind);
    for at in span.start()..span.end() {
        for value in [octets[at] ^ 0x01, 0xFF] {
            let mut damaged = octets.clone();
            damaged[at] = value;
            let found = authenticode::verify(&damaged, &cabinet, &trust, &Limits::default());
            assert!(found.notes.iter().all(|note| documented(note.kind)));
            let faults = found
                .notes
                .iter()
                .any(|note| authenticode::is_fault(note.kind));
            assert_eq!(faults, !found.is_good(), "octet {at}: {:?}", found.notes);
            let lines = authenticode::dump(&damaged, span, 0);
            assert!(lines.iter().all(|line| line.span.end() <= octets.len()));
        }
        let mut short = cabinet.clone();
        short.signature = Some(assay_wire::Span::new(span.start(), at));
        let found = authenticode::verify(&octets, &short, &trust, &Limits::default());
        assert!(!found.is_good() || at + 8 > span.end(), "cut at {at}");
    }
}

#[test]
fn every_test_certificate_is_there() {
    for by in Specimen::ALL {
        assert!(by.signer().is_ok(), "{by:?}");
        assert!(by.pem().starts_with("TEST ONLY"), "{by:?}");
    }
}
