//! Cabinets: what is written is read, limits hold, and no octets whatever make the reader panic,
//! hang or take more room than its limits allow.

use assay_wire::cab::{self, Compression, Entry, Style};
use assay_wire::{Limits, cpf, dump};
use proptest::prelude::*;
use rstest::rstest;

/// Octets that do not pack well, always the same.
fn noise(length: usize) -> Vec<u8> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let states = std::iter::successors(Some(7_u32), next);
    states
        .map(|state| (state >> 24) as u8)
        .take(length)
        .collect()
}

fn entries() -> Vec<Entry> {
    vec![
        Entry::new("_setup.xml", "<wap-provisioningdoc/>".repeat(20)),
        Entry::new("empty", ""),
        Entry::new("ünter\\noise.bin", noise(100_000)),
        Entry::new("zeros", vec![0; 70_000]),
    ]
}

fn kinds(notes: &[assay_wire::Note]) -> Vec<&'static str> {
    notes.iter().map(|note| note.kind).collect()
}

#[rstest]
fn what_is_written_is_read_without_a_note(
    #[values(Compression::Stored, Compression::Mszip)] compression: Compression,
    #[values(false, true)] folder_each: bool,
    #[values((0, 0, 0), (20, 0, 0), (3, 5, 7))] reserve: (usize, u8, u8),
) {
    let style = Style {
        compression,
        folder_each,
        reserve: vec![0; reserve.0],
        reserve_folder: reserve.1,
        reserve_data: reserve.2,
        ..Style::default()
    };
    let entries = entries();
    let octets = cab::write(&entries, &style).expect("writable");
    let (cabinet, notes) = cab::read(&octets, &Limits::default()).expect("a cabinet");
    assert_eq!(notes, []);
    assert_eq!(cabinet.members.len(), entries.len());
    for (member, entry) in cabinet.members.iter().zip(&entries) {
        assert_eq!(member.name, entry.name);
        assert_eq!(
            cabinet.contents(member),
            Some(&*entry.contents),
            "{}",
            entry.name
        );
    }
    let lines = cab::dump::lines(&octets);
    assert!(lines.iter().all(|line| line.span.end() <= octets.len()));
}

#[test]
fn what_cannot_be_written_says_why() {
    let refused = |entry: Entry, compression| {
        let style = Style {
            compression,
            ..Style::default()
        };
        cab::write(&[entry], &style)
            .expect_err("refused")
            .to_string()
    };
    let stored = Compression::Stored;
    assert!(refused(Entry::new("", ""), stored).contains("empty"));
    assert!(refused(Entry::new("a\0b", ""), stored).contains("NUL"));
    let lzx = Compression::Lzx(0x1503);
    assert_eq!(
        refused(Entry::new("a", "b"), lzx),
        "LZX 0x1503 is not written here"
    );
}

#[test]
fn unpacking_ends_at_the_limit_and_the_directory_stays() {
    let style = Style {
        compression: Compression::Mszip,
        ..Style::default()
    };
    let bomb = [
        Entry::new("small", "x"),
        Entry::new("large", vec![0; 1_000_000]),
    ];
    let octets = cab::write(&bomb, &style).expect("writable");
    assert!(octets.len() < 8192, "{}", octets.len());
    let limits = Limits {
        bytes: 100_000,
        ..Limits::TARGET
    };
    let (cabinet, notes) = cab::read(&octets, &limits).expect("a cabinet");
    assert_eq!(kinds(&notes), ["cab.too-much"]);
    assert_eq!(cabinet.contents(&cabinet.members[0]), Some(&b"x"[..]));
    assert_eq!(cabinet.contents(&cabinet.members[1]), None);
    assert!(cabinet.folders[0].contents.len() <= limits.bytes);
}

#[test]
fn members_are_counted() {
    let many: Vec<Entry> = (0..300).map(|n| Entry::new(format!("m{n}"), "")).collect();
    let octets = cab::write(&many, &Style::default()).expect("writable");
    let limits = Limits {
        nodes: 100,
        ..Limits::TARGET
    };
    let (cabinet, notes) = cab::read(&octets, &limits).expect("a cabinet");
    assert_eq!(kinds(&notes), ["cab.too-much"]);
    assert!(cabinet.members.len() <= 100);
}

/// Many folders over the same blocks: a few octets that would unpack to gigabytes.
#[test]
fn blocks_are_not_unpacked_twice() {
    let mut octets = cab::write(&[Entry::new("a", noise(60_000))], &Style::default()).unwrap();
    let folder: [u8; 8] = octets[36..44].try_into().unwrap();
    let folders = 20_000_u16;
    let moved = u32::from(folders - 1) * 8;
    octets[26..28].copy_from_slice(&folders.to_le_bytes());
    for at in [8, 16, 36] {
        let field = u32::from_le_bytes(octets[at..at + 4].try_into().unwrap()) + moved;
        octets[at..at + 4].copy_from_slice(&field.to_le_bytes());
    }
    let mut folder = folder;
    folder.copy_from_slice(&octets[36..44]);
    let more = folder.repeat(usize::from(folders - 1));
    octets.splice(44..44, more);
    let wide = Limits {
        bytes: 1 << 30,
        nodes: 1 << 20,
        ..Limits::TARGET
    };
    let (cabinet, notes) = cab::read(&octets, &wide).expect("a cabinet");
    assert_eq!(kinds(&notes), ["cab.overlap"]);
    let unpacked: usize = cabinet
        .folders
        .iter()
        .map(|folder| folder.contents.len())
        .sum();
    assert!(unpacked <= octets.len());
}

#[rstest]
#[case::nothing(b"", "cab.bad-magic")]
#[case::half_the_magic(b"MSC", "cab.bad-magic")]
#[case::a_program(b"MZ\x90\x00", "cab.bad-magic")]
#[case::the_magic_alone(b"MSCF", "cab.cut-short")]
fn what_is_no_cabinet_is_refused(#[case] octets: &[u8], #[case] kind: &str) {
    let refused = cab::read(octets, &Limits::default()).expect_err("refused");
    assert_eq!(refused.kind, kind);
}

#[test]
fn every_note_is_of_a_documented_kind() {
    let documented = |kind: &str| cab::KINDS.iter().any(|row| row.0 == kind);
    for octets in samples() {
        for at in 0..octets.len() {
            let mut damaged = octets.clone();
            damaged[at] = !damaged[at];
            if let Ok((_, notes)) = cab::read(&damaged, &Limits::default()) {
                let unknown = notes.iter().find(|note| !documented(note.kind));
                assert_eq!(unknown, None);
            }
        }
    }
}

fn samples() -> Vec<Vec<u8>> {
    let small = [
        Entry::new("_setup.xml", "<a/>".repeat(40)),
        Entry::new("b", "c"),
    ];
    let styles = [
        Style::default(),
        Style {
            compression: Compression::Mszip,
            folder_each: true,
            reserve: vec![0; 20],
            reserve_folder: 1,
            reserve_data: 2,
            ..Style::default()
        },
    ];
    let written = styles.iter().map(|style| cab::write(&small, style));
    written.map(|octets| octets.expect("writable")).collect()
}

/// Reads in every way there is; whatever comes out is bounded.
fn look(octets: &[u8]) {
    let limits = Limits::default();
    if let Ok(package) = cpf::read(octets, &limits) {
        let folders = package.cabinet.folders.iter();
        let unpacked: usize = folders.map(|folder| folder.contents.len()).sum();
        assert!(unpacked <= limits.bytes);
        assert!(package.notes.len() <= 2 * limits.notes);
        let _ = package.document(&limits).is_ok();
    }
    let lines = cab::dump::lines(octets);
    assert!(lines.iter().all(|line| line.span.end() <= octets.len()));
    dump::render(octets, &lines);
}

#[test]
fn a_cabinet_may_end_anywhere() {
    for octets in samples() {
        for end in 0..octets.len() {
            look(&octets[..end]);
            if let Ok((_, notes)) = cab::read(&octets[..end], &Limits::default()) {
                assert!(kinds(&notes).contains(&"cab.cut-short"), "{end}");
            }
        }
    }
}

#[test]
fn any_octet_may_be_wrong() {
    for octets in samples() {
        for at in 0..octets.len() {
            for value in [0x00, 0x01, 0x7F, 0x80, 0xFF, octets[at] ^ 0x10] {
                let mut damaged = octets.clone();
                damaged[at] = value;
                look(&damaged);
            }
        }
    }
}

/// Only fields that a reader has to ignore can change without anything being noticed.
#[test]
fn no_octet_of_the_data_changes_unnoticed() {
    for octets in samples() {
        let (cabinet, _) = cab::read(&octets, &Limits::default()).unwrap();
        for block in cabinet.folders.iter().flat_map(|folder| &folder.blocks) {
            for at in block.span.start()..block.span.end() {
                let mut damaged = octets.clone();
                damaged[at] ^= 0x20;
                let (_, notes) = cab::read(&damaged, &Limits::default()).unwrap();
                assert_ne!(notes, [], "octet {at}");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_octets_can_be_read(tail in proptest::collection::vec(any::<u8>(), 0..600)) {
        look(&[b"MSCF".as_slice(), &tail].concat());
    }

    #[test]
    fn many_octets_may_be_wrong(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        which in 0..2_usize,
    ) {
        let mut octets = samples().swap_remove(which);
        for (at, value) in changes {
            let at = at.index(octets.len());
            octets[at] = value;
        }
        look(&octets);
    }

    #[test]
    fn whatever_is_packed_is_unpacked(
        contents in proptest::collection::vec(any::<u8>(), 0..3000),
        times in 1..40_usize,
    ) {
        let contents = contents.repeat(times);
        let style = Style { compression: Compression::Mszip, ..Style::default() };
        let octets = cab::write(&[Entry::new("a", contents.clone())], &style).unwrap();
        let (cabinet, notes) = cab::read(&octets, &Limits::default()).unwrap();
        prop_assert_eq!(notes, vec![]);
        prop_assert_eq!(cabinet.contents(&cabinet.members[0]), Some(&*contents));
    }
}
