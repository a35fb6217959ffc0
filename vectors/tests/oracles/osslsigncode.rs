//! osslsigncode (written against 2.9, with OpenSSL 3.0): it verifies what we sign, we verify what it
//! signs, and of each signature among the vectors both think the same, but where it is pinned.

use std::path::PathBuf;

use assay_vectors::{Kind, all, get};
use assay_wire::authenticode::specimen::{self, Specimen};
use assay_wire::authenticode::{self, Facts, Hash, Style, Trust, certificates};
use assay_wire::{Limits, cab};
use rstest::rstest;

use crate::common::bytes;
use crate::scratch::{Scratch, run};

/// 2023-11-14.
const NOW: i64 = 1_700_000_000;

/// Signatures that osslsigncode takes otherwise than we do: whether it does, and why.
const OTHERWISE: &[(&str, bool, &str)] = &[
    ("bad-certificate", false, "refuses the whole message"),
    ("many", false, "refuses a second signer"),
    ("md5", true, "still knows MD5"),
    ("no-attributes", true, "does not ask for signed attributes"),
    ("wrong-content-type", true, "does not look at contentType"),
];

fn tool() -> Option<PathBuf> {
    crate::tool("osslsigncode", "osslsigncode")
}

fn ours(octets: &[u8]) -> Facts {
    let (cabinet, _) = cab::read(octets, &Limits::default()).expect("a cabinet");
    let roots = certificates(specimen::ROOT);
    let trust = Trust {
        roots: &roots,
        at: NOW,
    };
    authenticode::verify(octets, &cabinet, &trust, &Limits::default())
}

/// Whether osslsigncode finds this cabinet well signed by somebody whom the test root vouches for.
fn takes(tool: &std::path::Path, octets: &[u8]) -> bool {
    let scratch = Scratch::new();
    let root = scratch.file("root.pem", specimen::ROOT.as_bytes());
    let file = scratch.file("x.cab", octets);
    let time = NOW.to_string();
    let (root, file) = (root.to_string_lossy(), file.to_string_lossy());
    let arguments = ["verify", "-CAfile", &*root, "-time", &time, "-in", &*file];
    run(tool, &arguments).status.success()
}

fn plain() -> Vec<u8> {
    bytes(&get("cp/cab/mszip").expect("the vector"))
}

#[test]
fn osslsigncode_believes_whom_we_believe() {
    let Some(tool) = tool() else { return };
    let mut pins = 0;
    for vector in all().filter(|vector| vector.kind == Kind::Bytes) {
        let Some(name) = vector.name.strip_prefix("cp/cab/signed") else {
            continue;
        };
        let octets = bytes(&vector);
        let theirs = takes(&tool, &octets);
        let pinned = OTHERWISE
            .iter()
            .find(|row| name.strip_prefix('-') == Some(row.0));
        match pinned {
            None => assert_eq!(theirs, ours(&octets).is_good(), "{}", vector.path),
            Some((_, otherwise, why)) => {
                assert_eq!(theirs, *otherwise, "{}: {why}", vector.path);
                assert_ne!(theirs, ours(&octets).is_good(), "{}: {why}", vector.path);
                pins += 1;
            }
        }
    }
    assert_eq!(pins, OTHERWISE.len(), "each pin is of a vector");
}

#[rstest]
fn osslsigncode_verifies_what_we_sign(
    #[values(Hash::Sha256, Hash::Sha384, Hash::Sha512)] hash: Hash,
    #[values(None, Some(NOW))] time: Option<i64>,
) {
    let Some(tool) = tool() else { return };
    let style = Style {
        hash,
        time,
        lie: None,
    };
    for by in Specimen::ALL {
        let signer = by.signer().expect("a signer");
        let octets = signer.sign(&plain(), &style).expect("signed");
        assert_eq!(takes(&tool, &octets), ours(&octets).is_good(), "{by:?}");
    }
}

#[rstest]
#[case("sha1", Hash::Sha1)]
#[case("sha256", Hash::Sha256)]
#[case("sha384", Hash::Sha384)]
#[case("sha512", Hash::Sha512)]
fn we_verify_what_osslsigncode_signs(#[case] name: &str, #[case] hash: Hash) {
    let Some(tool) = tool() else { return };
    let scratch = Scratch::new();
    let input = scratch.file("x.cab", &plain());
    let certificate = scratch.file("certificate.pem", Specimen::Good.pem().as_bytes());
    let key = scratch.file("key.pem", specimen::KEY.as_bytes());
    let output = scratch.folder.join("y.cab");
    let time = NOW.to_string();
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let (certificate, key) = (text(&certificate), text(&key));
    let (input, target) = (text(&input), text(&output));
    let arguments = [
        "sign",
        "-certs",
        &certificate,
        "-key",
        &key,
        "-h",
        name,
        "-time",
        &time,
        "-n",
        "test",
        "-in",
        &input,
        "-out",
        &target,
    ];
    assert!(run(&tool, &arguments).status.success());
    let octets = std::fs::read(&output).expect("written");
    let (_, notes) = cab::read(&octets, &Limits::default()).expect("a cabinet");
    assert_eq!(notes, []);
    let facts = ours(&octets);
    assert!(facts.is_good(), "{facts:?}");
    assert_eq!((facts.hash, facts.signed_at), (Some(hash), Some(NOW)));
    // The cabinet before the signature, but for the length of the signature, is the same.
    let signer = Specimen::Good.signer().expect("a signer");
    let own = signer.sign(&plain(), &Style::default()).expect("signed");
    let end = facts.span.map_or(0, assay_wire::Span::start);
    assert_eq!(own[..48], octets[..48]);
    assert_eq!(own[52..end], octets[52..end]);
}

#[test]
fn osslsigncode_takes_our_signature_away_again() {
    let Some(tool) = tool() else { return };
    let scratch = Scratch::new();
    let signer = Specimen::Good.signer().expect("a signer");
    let octets = signer.sign(&plain(), &Style::default()).expect("signed");
    let input = scratch
        .file("x.cab", &octets)
        .to_string_lossy()
        .into_owned();
    let output = scratch.folder.join("y.cab");
    let target = output.to_string_lossy().into_owned();
    let arguments = ["remove-signature", "-in", &input, "-out", &target];
    assert!(run(&tool, &arguments).status.success());
    assert_eq!(std::fs::read(&output).expect("written"), plain());
}
