//! libwbxml (`wbxml2xml`, `xml2wbxml`; written against 0.11.8 of Debian 12): what we write it
//! reads, what it writes we read, and what each makes of damaged documents.
//!
//! The W numbers name the defects of libwbxml that were found beforehand.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use assay_vectors::Vector;
use assay_wire::wbxml::{self, Identify, Strings, Style};
use assay_wire::{Limits, Tree, xml};
use rstest::rstest;

use crate::common::{announced, bytes, meaning};

const PACKAGE: &str = "libwbxml2-utils";

/// Vectors that libwbxml reads otherwise than we do, although nothing is wrong with them.
const READS_OTHERWISE: &[(&str, &str)] = &[
    (
        "ddf-in-data",
        "knows page 2 in documents of the DDF only, not in messages",
    ),
    (
        "entity",
        "W8: writes entities beyond 16 bits as octets that are no UTF-8",
    ),
    (
        "literal-with-attribute",
        "drops attributes where the vocabulary has no attribute tokens",
    ),
    ("opaque-octets", "W6: puts any octets into a CDATA section"),
    (
        "public-id-as-text-of-oma",
        "knows the older spelling of the identifier only",
    ),
    (
        "public-id-of-1.1-with-verdtd-1.2",
        "W11: looks at the public identifier and not at VerDTD",
    ),
];

/// Twins that libwbxml writes otherwise than they are, or not at all.
const WRITES_OTHERWISE: &[(&str, &str)] = &[
    (
        "ddf-in-data",
        "W5: nests the management tree as a WBXML document of its own",
    ),
    (
        "literal",
        "W12: has no literal for an element that it does not know without a table",
    ),
    ("literal-with-attribute", "W12, and drops the attribute"),
    (
        "public-id-of-1.1-with-verdtd-1.2",
        "W11, W12: looks at the namespace and not at VerDTD, and finds no token",
    ),
];

/// What libwbxml does with each damaged vector: takes it, or refuses it.
const DAMAGED: &[(&str, bool)] = &[
    ("bad-attribute-token", false),
    ("bad-attribute-value-first", false),
    ("bad-charset", false),
    ("bad-charset-for-utf-8", false),
    ("bad-entity", true),
    ("bad-extension", false),
    ("bad-length", false),
    ("bad-page", true),
    ("bad-page-not-switched", true),
    ("bad-page-not-switched-back", true),
    ("bad-public-id", false),
    ("bad-table-index", false),
    ("bad-table-without-nul", true),
    ("bad-token", true),
    ("bad-token-of-1.2", true),
    ("bad-token-reserved", true),
    ("bad-utf-8", true),
    ("bad-version-1.0", true),
    ("bad-version-1.4", true),
    ("cut-in-header", false),
    ("cut-in-opaque", false),
    ("cut-in-string", false),
    ("missing-end", false),
    ("no-root", false),
    ("outside-root", true),
    ("trailing-bytes", true),
    ("trailing-second-root", true),
];

/// The vectors of messages; those of client provisioning have a file of their own.
fn documents() -> impl Iterator<Item = Vector> {
    crate::common::documents().filter(|vector| vector.name.starts_with("dm/"))
}

/// Both tools.
pub(crate) struct Tools {
    decode: PathBuf,
    encode: PathBuf,
}

impl Tools {
    pub(crate) fn find() -> Option<Self> {
        let decode = crate::tool("wbxml2xml", PACKAGE)?;
        let encode = crate::tool("xml2wbxml", PACKAGE)?;
        Some(Self { decode, encode })
    }

    /// What `wbxml2xml` makes of these octets; none where it refuses them.
    pub(crate) fn to_xml(&self, octets: &[u8]) -> Option<Vec<u8>> {
        convert(&self.decode, &["-k", "-m", "0"], octets)
    }

    /// What `xml2wbxml` makes of this text; none where it refuses it.
    pub(crate) fn to_wbxml(&self, options: &[&str], text: &[u8]) -> Option<Vec<u8>> {
        convert(&self.encode, options, text)
    }
}

/// Runs a tool over a file of these octets; what it wrote, where it succeeded.
fn convert(tool: &Path, options: &[&str], octets: &[u8]) -> Option<Vec<u8>> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("libwbxml-{}-{number}", std::process::id());
    let input = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let output = input.with_extension("out");
    std::fs::write(&input, octets).expect("the scratch directory takes files");
    let run: Output = Command::new(tool)
        .args(options)
        .arg("-o")
        .args([&output, &input])
        .output()
        .expect("the tool starts");
    let written = std::fs::read(&output).ok();
    for file in [&input, &output] {
        // The output is missing where the tool refused.
        let _ = std::fs::remove_file(file);
    }
    written.filter(|_| run.status.success())
}

pub(crate) fn short(vector: &Vector) -> &'static str {
    vector.name.rsplit('/').next().unwrap_or_default()
}

pub(crate) fn reason(pins: &[(&str, &'static str)], vector: &Vector) -> Option<&'static str> {
    let pin = pins.iter().find(|(name, _)| *name == short(vector));
    pin.map(|(_, reason)| *reason)
}

/// Vectors that say all is well, with their twins.
fn sound() -> impl Iterator<Item = (Vector, Vector)> {
    let sound = documents().filter(|vector| {
        let notes = announced(vector, "notes:");
        !notes.split(' ').any(wbxml::is_fault) && announced(vector, "refused:").is_empty()
    });
    sound.filter_map(|vector| vector.twin().map(|twin| (vector, twin)))
}

pub(crate) fn tree(text: &[u8]) -> Tree<'_> {
    xml::read(text, &Limits::default()).expect("a tree").0
}

/// What a text means, where it is well-formed at all.
pub(crate) fn meant(text: &[u8]) -> Option<String> {
    let (tree, notes) = xml::read(text, &Limits::default()).ok()?;
    let sound = !notes.iter().any(|note| xml::is_fault(note.kind));
    sound.then(|| meaning(&tree))
}

#[test]
fn libwbxml_reads_the_vectors_as_we_do() {
    let Some(tools) = Tools::find() else { return };
    let mut disagreed = Vec::new();
    for vector in documents().filter(|vector| announced(vector, "notes:").is_empty()) {
        let octets = bytes(&vector);
        let Ok((ours, ..)) = wbxml::read(&octets, &Limits::default()) else {
            continue;
        };
        let theirs = tools.to_xml(&octets).and_then(|text| meant(&text));
        let agreed = theirs.as_deref() == Some(&meaning(&ours));
        let pinned = reason(READS_OTHERWISE, &vector);
        assert_eq!(
            agreed,
            pinned.is_none(),
            "{}: {pinned:?}\n{theirs:?}",
            vector.path
        );
        disagreed.extend(pinned);
    }
    assert_eq!(
        disagreed.len(),
        READS_OTHERWISE.len(),
        "each pin is of a vector"
    );
}

#[rstest]
#[case::inline(Style { strings: Strings::Inline, ..Style::default() })]
#[case::table(Style { strings: Strings::Table, ..Style::default() })]
#[case::shared(Style { strings: Strings::Shared, ..Style::default() })]
#[case::opaque(Style { strings: Strings::Opaque, ..Style::default() })]
#[case::mixed(Style { strings: Strings::Mixed, ..Style::default() })]
#[case::switches(Style { redundant_switches: true, ..Style::default() })]
#[case::with_content(Style { empty_with_content: true, ..Style::default() })]
#[case::version_1_1(Style { version: 0x01, ..Style::default() })]
#[case::version_1_3(Style { version: 0x03, ..Style::default() })]
#[case::identified_by_text(Style { public_id: Identify::Text, ..Style::default() })]
#[case::identified_without_nul(Style { public_id: Identify::TextWithoutNul, ..Style::default() })]
fn libwbxml_reads_what_we_write(#[case] style: Style) {
    let Some(tools) = Tools::find() else { return };
    for (vector, twin) in sound() {
        if reason(READS_OTHERWISE, &vector).is_some_and(|reason| !reason.contains("spelling")) {
            continue;
        }
        let wanted = tree(twin.text.as_bytes());
        let octets = wbxml::write(&wanted, &style).expect("writable");
        let theirs = tools.to_xml(&octets).and_then(|text| meant(&text));
        assert_eq!(theirs.as_deref(), Some(&*meaning(&wanted)), "{}", twin.path);
    }
}

#[rstest]
#[case::without_table(&["-k", "-n", "-v", "1.2"])]
#[case::with_table(&["-k", "-v", "1.2"])]
#[case::version_1_1(&["-k", "-n", "-v", "1.1"])]
#[case::version_1_3(&["-k", "-n", "-v", "1.3"])]
fn we_read_what_libwbxml_writes(#[case] options: &[&str]) {
    let Some(tools) = Tools::find() else { return };
    for (vector, twin) in sound() {
        let wanted = tree(twin.text.as_bytes());
        // Without the space between elements, which `-k` would keep.
        let text = xml::write(&compact(&wanted), &xml::Style::default());
        let agreed = tools.to_wbxml(options, &text).is_some_and(|octets| {
            let (ours, _, notes) = wbxml::read(&octets, &Limits::default()).expect(twin.path);
            let sound = !notes.iter().any(|note| wbxml::is_fault(note.kind));
            sound && meaning(&ours) == meaning(&wanted)
        });
        let pinned = reason(WRITES_OTHERWISE, &vector);
        // With a table it has literals, and some pins hold no more.
        if pinned.is_none() || options.contains(&"-n") {
            assert_eq!(agreed, pinned.is_none(), "{}: {pinned:?}", twin.path);
        }
    }
}

/// The same document without white space between elements: through WBXML, which has none.
pub(crate) fn compact(tree: &Tree<'_>) -> Tree<'static> {
    let octets = wbxml::write(tree, &Style::default()).expect("writable");
    let (tree, ..) = wbxml::read(&octets, &Limits::default()).expect("our own");
    tree.into_owned()
}

#[test]
fn without_a_table_both_write_the_same_octets() {
    let Some(tools) = Tools::find() else { return };
    let vector = assay_vectors::get("dm/wbxml/minimal-close").expect("the vector of 127 octets");
    let twin = vector.twin().expect("its twin");
    let text = xml::write(
        &compact(&tree(twin.text.as_bytes())),
        &xml::Style::default(),
    );
    let theirs = tools.to_wbxml(&["-n", "-v", "1.2"], &text);
    assert_eq!(theirs, Some(bytes(&vector)));
}

#[test]
fn libwbxml_takes_much_that_we_note() {
    let Some(tools) = Tools::find() else { return };
    let damaged = documents().filter(|vector| {
        let notes = announced(vector, "notes:");
        notes.split(' ').any(wbxml::is_fault) || !announced(vector, "refused:").is_empty()
    });
    let mut met = 0;
    for vector in damaged {
        let row = DAMAGED.iter().find(|(name, _)| *name == short(&vector));
        let (_, takes) = row.unwrap_or_else(|| panic!("no row for {}", vector.path));
        assert_eq!(
            tools.to_xml(&bytes(&vector)).is_some(),
            *takes,
            "W13: {}",
            vector.path
        );
        met += 1;
    }
    assert_eq!(met, DAMAGED.len(), "each row is of a vector");
}

/// A message of 1.2 with this inside SyncBody.
fn message(inside: &str) -> Vec<u8> {
    let start = "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD></SyncHdr>";
    format!("{start}<SyncBody>{inside}</SyncBody></SyncML>").into_bytes()
}

/// The text of the first element of this name, in what libwbxml wrote for a message.
fn theirs(tools: &Tools, inside: &str, name: &str) -> String {
    let octets = tools.to_wbxml(&["-n"], &message(inside)).expect("written");
    let (tree, ..) = wbxml::read(&octets, &Limits::default()).expect("a tree");
    let root = tree.root().expect("a root");
    let found = tree.descend(root).find(|&id| tree.name(id) == name);
    found.map(|id| tree.text(id).into_owned()).expect(name)
}

/// The same with our writer.
fn ours(inside: &str, name: &str) -> String {
    let text = message(inside);
    let octets = wbxml::write(&tree(&text), &Style::default()).expect("writable");
    let (tree, ..) = wbxml::read(&octets, &Limits::default()).expect("a tree");
    let root = tree.root().expect("a root");
    let found = tree.descend(root).find(|&id| tree.name(id) == name);
    found.map(|id| tree.text(id).into_owned()).expect(name)
}

#[rstest]
#[case::w2_line_feeds_of_add(
    "<Add><CmdID>1</CmdID><Item><Data>a\nb</Data></Item></Add>",
    "Data",
    "a\r\nb",
    "a\nb"
)]
#[case::line_feeds_of_results(
    "<Results><CmdID>1</CmdID><Item><Data>a\nb</Data></Item></Results>",
    "Data",
    "a\nb",
    "a\nb"
)]
#[case::w3_white_space_around_a_text(
    "<Get><CmdID>1</CmdID><Item><Target><LocURI>  ./A B  </LocURI></Target></Item></Get>",
    "LocURI",
    "./A B",
    "  ./A B  "
)]
#[case::w4_type_of_device_information(
    "<Put><CmdID>1</CmdID><Meta><Type xmlns=\"syncml:metinf\">\
     application/vnd.syncml-devinf+xml</Type></Meta></Put>",
    "Type",
    "application/vnd.syncml-devinf+wbxml",
    "application/vnd.syncml-devinf+xml"
)]
fn libwbxml_changes_what_it_writes_and_we_do_not(
    #[case] inside: &str,
    #[case] name: &str,
    #[case] written_by_them: &str,
    #[case] written_by_us: &str,
) {
    assert_eq!(ours(inside, name), written_by_us);
    let Some(tools) = Tools::find() else { return };
    assert_eq!(theirs(&tools, inside, name), written_by_them);
}

#[test]
fn libwbxml_cannot_read_its_own_version_1_0_and_we_can() {
    let Some(tools) = Tools::find() else { return };
    // W9: it writes a character set there, which that version has not.
    let octets = tools
        .to_wbxml(&["-n", "-v", "1.0"], &message("<Final/>"))
        .expect("written");
    assert_eq!(tools.to_xml(&octets), None);
    let (ours, _, notes) = wbxml::read(&octets, &Limits::default()).expect("a tree");
    assert_eq!(meaning(&ours), meaning(&tree(&message("<Final/>"))));
    assert_eq!(
        notes.iter().map(|note| note.kind).collect::<Vec<_>>(),
        ["wbxml.bad-version"]
    );
}

#[test]
fn libwbxml_takes_a_message_without_namespace_for_1_2_and_we_ask_verdtd() {
    let text = b"<SyncML><SyncHdr><VerDTD>1.1</VerDTD></SyncHdr></SyncML>";
    let octets = wbxml::write(&tree(text), &Style::default()).expect("writable");
    assert_eq!(octets.get(1..3), Some(&[0x9F, 0x53][..]));
    let Some(tools) = Tools::find() else { return };
    // W11.
    let octets = tools.to_wbxml(&["-n"], text).expect("written");
    assert_eq!(octets.get(1..3), Some(&[0xA4, 0x01][..]));
}

#[test]
fn libwbxml_writes_no_literal_without_a_table_and_we_do() {
    let text = message("<Own/>");
    let octets = wbxml::write(&tree(&text), &Style::default()).expect("writable");
    let (ours, ..) = wbxml::read(&octets, &Limits::default()).expect("a tree");
    assert_eq!(meaning(&ours), meaning(&tree(&text)));
    let Some(tools) = Tools::find() else { return };
    // W12.
    assert_eq!(tools.to_wbxml(&["-n"], &text), None);
    let octets = tools.to_wbxml(&[], &text).expect("written");
    let (theirs, ..) = wbxml::read(&octets, &Limits::default()).expect("a tree");
    assert_eq!(meaning(&theirs), meaning(&tree(&text)));
}

#[test]
fn libwbxml_dies_of_depth_and_we_end_reading() {
    let mut octets = vec![0x02, 0xA4, 0x01, 0x6A, 0x00];
    octets.extend(std::iter::repeat_n(0x6D, 100_000));
    octets.extend(std::iter::repeat_n(0x01, 100_000));
    let refused = wbxml::read(&octets, &Limits::default())
        .map(|_| ())
        .expect_err("too deep");
    assert_eq!(refused.kind, "wbxml.limit");
    let Some(tools) = Tools::find() else { return };
    // W15: a fault of memory. Whatever it is, it is not a document.
    assert_eq!(tools.to_xml(&octets), None);
}
