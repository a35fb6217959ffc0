//! cabextract and gcab (written against 1.9 and 1.5 of Debian 12): which cabinets they take, what
//! they find in them, and that each reads what the others write.
//!
//! libmspack, which is behind cabextract, reads the directory from behind the folders on, wherever
//! the header says it begins, and both tools look at few fields of the header.

use std::path::{Path, PathBuf};

use assay_vectors::{Kind, Vector, all};
use assay_wire::cab::{self, Compression, Entry, Style};
use assay_wire::{Limits, Note};
use rstest::rstest;

use crate::common::bytes;
use crate::scratch::{Scratch, run};

/// Vectors that a tool takes otherwise than we do: whether cabextract does, whether gcab does, why.
const OTHERWISE: &[(&str, bool, bool, &str)] = &[
    ("bad-flags", true, true, "looks at known flags only"),
    (
        "bad-length-too-long",
        true,
        true,
        "does not look at the length",
    ),
    (
        "bad-length-too-short",
        true,
        true,
        "does not look at the length",
    ),
    (
        "bad-mszip-history",
        true,
        false,
        "takes history that never was for zeros",
    ),
    ("bad-name-not-utf-8", true, true, "takes names as they are"),
    (
        "bad-reserved",
        true,
        true,
        "does not look at reserved fields",
    ),
    (
        "bad-signature-slot",
        true,
        true,
        "does not look for a signature",
    ),
    ("bad-version", true, true, "does not look at the version"),
    ("bomb", true, true, "unpacks whatever there is"),
    ("climbing-drive", true, false, "writes a file of that name"),
    (
        "climbing-root",
        true,
        false,
        "leaves the stroke at the start away",
    ),
    ("climbing-up", true, false, "replaces the dots"),
    ("continued", true, false, "takes what is there"),
    ("duplicate-name", true, true, "writes both"),
    ("empty", false, true, "unpacks nothing, and well"),
    (
        "gap",
        true,
        true,
        "reads the members right behind the folders",
    ),
    ("no-checksum", false, true, "takes zero for a checksum"),
    ("overlap", true, true, "unpacks the block twice"),
    (
        "reserve",
        true,
        true,
        "leaves the reserved octets out of the checksum",
    ),
    ("short-block", true, true, "takes blocks of any length"),
    (
        "signed-elsewhere",
        true,
        true,
        "does not look behind the cabinet",
    ),
    (
        "slack",
        false,
        true,
        "demands that the stream fills its block",
    ),
    (
        "trailing-octets",
        true,
        true,
        "does not look behind the cabinet",
    ),
];

/// The members, by name, where the cabinet is without fault and all of it can be had.
fn ours(octets: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let (cabinet, notes) = cab::read(octets, &Limits::default()).ok()?;
    let is_fault = |note: &Note| cab::is_fault(note.kind);
    if notes.iter().any(is_fault) {
        return None;
    }
    let member = |member| Some(cabinet.contents(member)?.to_vec());
    let members = cabinet.members.iter();
    members
        .map(|one| Some((one.name.clone(), member(one)?)))
        .collect()
}

/// Everything in the cabinet one behind the other, in the order of the directory.
fn cabextract(tool: &Path, octets: &[u8]) -> Option<Vec<u8>> {
    let scratch = Scratch::new();
    let file = scratch.file("x.cab", octets);
    let output = run(tool, &["-q", "-p", &*file.to_string_lossy()]);
    output.status.success().then_some(output.stdout)
}

/// The members by name.
fn gcab(tool: &Path, octets: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let scratch = Scratch::new();
    let file = scratch.file("x.cab", octets);
    let folder = scratch.folder.to_string_lossy().into_owned();
    let output = run(tool, &["-x", "-C", &folder, &*file.to_string_lossy()]);
    output.status.success().then(|| scratch.files())
}

fn joined(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    members
        .iter()
        .flat_map(|(_, octets)| octets.clone())
        .collect()
}

fn sorted(mut members: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    members.sort();
    members
}

fn cabinets() -> impl Iterator<Item = (&'static str, Vector)> {
    let vectors = all().filter(|vector| vector.kind == Kind::Bytes);
    vectors.filter_map(|vector| Some((vector.name.strip_prefix("cp/cab/")?, vector)))
}

fn pin(name: &str) -> Option<&'static (&'static str, bool, bool, &'static str)> {
    OTHERWISE.iter().find(|row| row.0 == name)
}

#[test]
fn cabextract_finds_what_we_find() {
    let Some(tool) = crate::tool("cabextract", "cabextract") else {
        return;
    };
    for (name, vector) in cabinets() {
        let octets = bytes(&vector);
        let agreed = cabextract(&tool, &octets) == ours(&octets).map(|found| joined(&found));
        let pinned = pin(name).filter(|row| row.1);
        assert_eq!(agreed, pinned.is_none(), "{name}: {pinned:?}");
    }
}

#[test]
fn gcab_finds_what_we_find() {
    let Some(tool) = crate::tool("gcab", "gcab") else {
        return;
    };
    for (name, vector) in cabinets() {
        // Some of its versions follow such a name.
        if name.starts_with("climbing") {
            continue;
        }
        let octets = bytes(&vector);
        let agreed = gcab(&tool, &octets) == ours(&octets).map(sorted);
        let pinned = pin(name).filter(|row| row.2);
        assert_eq!(agreed, pinned.is_none(), "{name}: {pinned:?}");
    }
}

#[test]
fn each_pin_is_of_a_vector() {
    for (name, ..) in OTHERWISE {
        assert!(cabinets().any(|(other, _)| other == *name), "{name}");
    }
}

/// Files of every kind: a document, nothing, what packs badly, what packs well.
fn members() -> Vec<(&'static str, Vec<u8>)> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let noise = std::iter::successors(Some(7_u32), next).map(|state| (state >> 24) as u8);
    vec![
        ("_setup.xml", b"<wap-provisioningdoc/>".repeat(30)),
        ("empty", Vec::new()),
        ("noise", noise.take(70_000).collect()),
        ("zeros", vec![0; 100_000]),
    ]
}

#[rstest]
fn both_read_what_we_write(
    #[values(Compression::Stored, Compression::Mszip)] compression: Compression,
    #[values(false, true)] folder_each: bool,
    #[values(0, 20)] reserve: usize,
) {
    let style = Style {
        compression,
        folder_each,
        reserve: vec![0; reserve],
        ..Style::default()
    };
    let members = members();
    let entries = members
        .iter()
        .map(|(name, octets)| Entry::new(*name, octets.clone()));
    let octets = cab::write(&entries.collect::<Vec<_>>(), &style).expect("writable");
    let wanted: Vec<_> = members
        .iter()
        .map(|(name, octets)| ((*name).to_owned(), octets.clone()))
        .collect();
    if let Some(tool) = crate::tool("cabextract", "cabextract") {
        let found = cabextract(&tool, &octets);
        assert!(
            found == Some(joined(&wanted)),
            "{:?}",
            found.map(|found| found.len())
        );
    }
    if let Some(tool) = crate::tool("gcab", "gcab") {
        assert!(gcab(&tool, &octets) == Some(sorted(wanted)));
    }
}

#[rstest]
#[case::stored(&["-c", "-n"])]
#[case::packed(&["-c", "-n", "-z"])]
fn we_read_what_gcab_writes(#[case] options: &[&str]) {
    let Some(tool) = crate::tool("gcab", "gcab") else {
        return;
    };
    let scratch = Scratch::new();
    let members = members();
    let files: Vec<PathBuf> = members
        .iter()
        .map(|(name, octets)| scratch.file(name, octets))
        .collect();
    let target = scratch.folder.join("x.cab");
    let mut arguments: Vec<String> = options.iter().map(|&option| option.into()).collect();
    arguments.push(target.to_string_lossy().into_owned());
    arguments.extend(files.iter().map(|file| file.to_string_lossy().into_owned()));
    assert!(run(&tool, &arguments).status.success());
    let octets = std::fs::read(&target).expect("written");
    let found = ours(&octets).expect("a cabinet without fault");
    let wanted: Vec<_> = members
        .into_iter()
        .map(|(name, octets)| (name.to_owned(), octets))
        .collect();
    assert!(found == wanted);
}
