//! libwbxml over the documents of client provisioning: it reads what we read, writes the octets that
//! we write, and takes or refuses damaged ones.

use assay_vectors::Vector;
use assay_wire::wbxml::{self, Attributes, Identify, Pages, Starts, Strings, Style, Values};
use assay_wire::{Limits, Tree, xml};
use rstest::rstest;

use crate::common::{announced, bytes, documents, meaning};
use crate::libwbxml::{Tools, compact, meant, reason, short, tree};

/// Vectors that libwbxml reads otherwise than we do, although nothing is wrong with them.
const READS_OTHERWISE: &[(&str, &str)] = &[
    ("bearers-of-tetra", "its table spells them TRETRA"),
    (
        "query-of-windows-mobile",
        "knows no page of Windows Mobile, and says unknown",
    ),
    (
        "registry-of-windows-mobile",
        "knows no page of Windows Mobile, and says unknown",
    ),
];

/// Twins that libwbxml writes otherwise than we do.
const WRITES_OTHERWISE: &[(&str, &str)] = &[
    ("bearers-of-tetra", "its table spells them TRETRA"),
    (
        "query-of-windows-mobile",
        "W12: has no literal for an element without a table",
    ),
];

/// The same, where it may write a string table.
const WRITES_OTHERWISE_WITH_A_TABLE: &[(&str, &str)] = &[];

/// What libwbxml does with each vector that has a note: takes it, or refuses it (W13, W14).
const NOTED: &[(&str, bool)] = &[
    ("addendum-bearer", false),
    ("addendum-wlan", true),
    ("bad-attribute-token-of-prov", true),
    ("bad-charset-latin-1", false),
    ("bad-date-as-text", false),
    ("bad-date-digits", true),
    ("bad-date-of-3-octets", false),
    ("bad-date-of-8-octets", false),
    ("bad-date-untrimmed", true),
    ("bad-microsoft-element-on-page-0", true),
    ("bad-page-not-switched-value", false),
    ("bad-page-of-attributes", true),
    ("bad-public-id-of-2003", false),
    ("bad-value-token-of-prov", false),
    ("bad-values-of-2002", false),
    ("cut-in-attributes", false),
    ("public-id-without-nul", true),
    ("si-attributes-in-table", true),
    ("trailing-bytes", true),
];

fn pinned(pins: &[(&'static str, &str)]) -> Vec<&'static str> {
    pins.iter().map(|(name, _)| *name).collect()
}

fn ours() -> impl Iterator<Item = Vector> {
    documents().filter(|vector| vector.name.starts_with("cp/"))
}

/// Vectors that say all is well, with their twins.
fn sound() -> impl Iterator<Item = (Vector, Vector)> {
    let sound = ours().filter(|vector| announced(vector, "notes:").is_empty());
    sound.filter_map(|vector| vector.twin().map(|twin| (vector, twin)))
}

/// A document with the declaration by which libwbxml knows its type.
fn declared(tree: &Tree<'_>) -> Vec<u8> {
    let root = tree.root().map(|id| tree.name(id)).unwrap_or_default();
    let name = match root {
        "si" => "SI",
        "sl" => "SL",
        _ => "PROV",
    };
    let doctype = format!("<!DOCTYPE {root} PUBLIC \"-//WAPFORUM//DTD {name} 1.0//EN\" \"x\">");
    [
        doctype.into_bytes(),
        xml::write(tree, &xml::Style::default()),
    ]
    .concat()
}

/// The version that libwbxml writes by this option, as an octet.
fn version_of(vector: &Vector) -> u8 {
    bytes(vector).first().copied().unwrap_or_default()
}

#[test]
fn libwbxml_reads_documents_as_we_do() {
    let Some(tools) = Tools::find() else { return };
    let otherwise = sound().filter(|(vector, _)| {
        let octets = bytes(vector);
        let (read, ..) = wbxml::read(&octets, &Limits::default()).expect(vector.path);
        let theirs = tools.to_xml(&octets).and_then(|text| meant(&text));
        theirs.as_deref() != Some(&meaning(&read))
    });
    let otherwise: Vec<_> = otherwise.map(|(vector, _)| short(&vector)).collect();
    assert_eq!(otherwise, pinned(READS_OTHERWISE));
}

#[test]
fn libwbxml_writes_the_octets_that_we_write() {
    let Some(tools) = Tools::find() else { return };
    let mut otherwise = Vec::new();
    for (vector, twin) in sound() {
        let version = version_of(&vector);
        let style = Style {
            version,
            ..Style::default()
        };
        let wanted = compact(&tree(twin.text.as_bytes()));
        let written = wbxml::write(&wanted, &style).expect("writable");
        let option = format!("1.{version}");
        let theirs = tools.to_wbxml(&["-n", "-v", &option], &declared(&wanted));
        if theirs.as_deref() != Some(&written) {
            otherwise.push(short(&vector));
        }
        // What says that libwbxml wrote it holds what it writes.
        if vector.text.contains("# Written by libwbxml") {
            assert_eq!(theirs, Some(bytes(&vector)), "{}", vector.path);
        }
    }
    assert_eq!(otherwise, pinned(WRITES_OTHERWISE));
}

#[rstest]
#[case::table(Style { strings: Strings::Table, ..Style::default() })]
#[case::shared(Style { strings: Strings::Shared, ..Style::default() })]
#[case::bare(with(Attributes { starts: Starts::Bare, ..Attributes::default() }))]
#[case::never(with(Attributes { values: Values::Never, ..Attributes::default() }))]
#[case::current(with(Attributes { pages: Pages::Current, ..Attributes::default() }))]
#[case::switches(Style { redundant_switches: true, ..Style::default() })]
#[case::identified_by_text(Style { public_id: Identify::Text, ..Style::default() })]
fn libwbxml_reads_every_way_we_write_documents(#[case] style: Style) {
    let Some(tools) = Tools::find() else { return };
    let mut otherwise = Vec::new();
    for (vector, twin) in sound() {
        if reason(READS_OTHERWISE, &vector).is_some() {
            continue;
        }
        let wanted = tree(twin.text.as_bytes());
        let octets = wbxml::write(&wanted, &style).expect("writable");
        let theirs = tools.to_xml(&octets).and_then(|text| meant(&text));
        if theirs.as_deref() != Some(&*meaning(&wanted)) {
            otherwise.push(short(&vector));
        }
    }
    assert_eq!(otherwise, [""; 0]);
}

#[test]
fn we_read_what_libwbxml_writes_with_a_table() {
    let Some(tools) = Tools::find() else { return };
    let mut otherwise = Vec::new();
    for (vector, twin) in sound() {
        let wanted = compact(&tree(twin.text.as_bytes()));
        let agreed = tools
            .to_wbxml(&["-v", "1.3"], &declared(&wanted))
            .is_some_and(|octets| {
                let (read, _, notes) = wbxml::read(&octets, &Limits::default()).expect(twin.path);
                let sound = !notes.iter().any(|note| wbxml::is_fault(note.kind));
                sound && meaning(&read) == meaning(&wanted)
            });
        if !agreed {
            otherwise.push(short(&vector));
        }
    }
    assert_eq!(otherwise, pinned(WRITES_OTHERWISE_WITH_A_TABLE));
}

#[test]
fn libwbxml_takes_or_refuses_what_we_note() {
    let Some(tools) = Tools::find() else { return };
    let noted = ours().filter(|vector| !announced(vector, "notes:").is_empty());
    let found: Vec<_> = noted
        .map(|vector| (short(&vector), tools.to_xml(&bytes(&vector)).is_some()))
        .collect();
    assert_eq!(found, NOTED);
}

fn with(attributes: Attributes) -> Style {
    Style {
        attributes,
        ..Style::default()
    }
}
