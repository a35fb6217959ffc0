//! Trees to tokens: each freedom that a style decides, and what cannot be written.

use assay_wire::tree::{Form, Kind, Namespace, Tree};
use assay_wire::wbxml::{self, Identify, PublicId, Strings, Style};
use assay_wire::{Limits, Span};
use rstest::rstest;

use crate::common::{octets, outline};

fn style(change: impl FnOnce(&mut Style)) -> Style {
    let mut style = Style::default();
    change(&mut style);
    style
}

#[rstest]
#[case::plain(
    Style::default(),
    "02A4016A00 6D 4F 03\"ab\"00 01 4F 03\"ab\"00 01 12 01"
)]
#[case::version(style(|s| s.version = 3), "03A4016A00 6D 4F 03\"ab\"00 01 4F 03\"ab\"00 01 12 01")]
#[case::version_1_0(style(|s| s.version = 0), "00A40100 6D 4F 03\"ab\"00 01 4F 03\"ab\"00 01 12 01")]
#[case::charset(style(|s| s.charset = 4), "02A4010400 6D 4F 03\"ab\"00 01 4F 03\"ab\"00 01 12 01")]
#[case::table(
    style(|s| s.strings = Strings::Table),
    "02A4016A03\"ab\"00 6D 4F 8300 01 4F 8300 01 12 01"
)]
#[case::shared(
    style(|s| s.strings = Strings::Shared),
    "02A4016A00 6D 4F 03\"ab\"00 01 4F 03\"ab\"00 01 12 01"
)]
#[case::opaque(
    style(|s| s.strings = Strings::Opaque),
    "02A4016A00 6D 4F C302\"ab\" 01 4F C302\"ab\" 01 12 01"
)]
#[case::mixed(
    style(|s| s.strings = Strings::Mixed),
    "02A4016A03\"ab\"00 6D 4F 03\"ab\"00 01 4F 8300 01 12 01"
)]
#[case::switches(
    style(|s| s.redundant_switches = true),
    "02A4016A00 00006D 00004F 03\"ab\"00 01 00004F 03\"ab\"00 01 000012 01"
)]
#[case::empty_with_content(
    style(|s| s.empty_with_content = true),
    "02A4016A00 6D 4F 03\"ab\"00 01 4F 03\"ab\"00 01 5201 01"
)]
#[case::public_id_as_text(
    style(|s| s.public_id = Identify::Text),
    "0200006A1E\"-//SYNCML//DTD SyncML 1.2//EN\"00 6D 4F 03\"ab\"00 01 4F 03\"ab\"00 01 12 01"
)]
#[case::public_id_without_nul(
    style(|s| {
        s.public_id = Identify::TextWithoutNul;
        s.strings = Strings::Table;
    }),
    "0200036A20\"ab\"00\"-//SYNCML//DTD SyncML 1.2//EN\" 6D 4F 8300 01 4F 8300 01 12 01"
)]
#[case::public_id_of_the_other_version(
    style(|s| s.public_id = Identify::OtherVersion),
    "029F536A00 6D 4F 03\"ab\"00 01 4F 03\"ab\"00 01 12 01"
)]
#[case::public_id_given(
    style(|s| s.public_id = Identify::Given(PublicId::Number(1))),
    "02016A00 6D 4F 03\"ab\"00 01 4F 03\"ab\"00 01 12 01"
)]
fn a_style_decides_what_the_format_leaves_free(#[case] style: Style, #[case] expected: &str) {
    let mut tree = Tree::new();
    let root = tree.push_element(None, Namespace::SyncMl12, "SyncML");
    for _ in 0..2 {
        let data = tree.push_element(Some(root), Namespace::SyncMl12, "Data");
        tree.push_text(data, "ab");
    }
    tree.push_element(Some(root), Namespace::SyncMl12, "Final");
    let written = wbxml::write(&tree, &style).expect("writable");
    assert_eq!(written, octets(expected));
    let (read, _, notes) = wbxml::read(&written, &Limits::TARGET).expect("a tree");
    let root = read.root().expect("a root");
    let texts: Vec<_> = read
        .elements(root)
        .map(|id| read.text(id).into_owned())
        .collect();
    assert_eq!(texts, ["ab", "ab", ""]);
    let expected = match (style.version, style.charset, &style.public_id) {
        (0, ..) => vec!["wbxml.bad-version"],
        (_, 4, _) => vec!["wbxml.bad-charset"],
        (.., Identify::TextWithoutNul) => vec!["wbxml.unterminated-public-id"],
        (.., Identify::Given(_)) => vec!["wbxml.unknown-public-id"],
        _ => vec![],
    };
    assert_eq!(
        notes.iter().map(|note| note.kind).collect::<Vec<_>>(),
        expected
    );
}

#[test]
fn strings_that_repeat_are_shared_and_others_are_not() {
    let mut tree = Tree::new();
    let root = tree.push_element(None, Namespace::SyncMl12, "SyncML");
    for text in ["twice", "once", "twice"] {
        let data = tree.push_element(Some(root), Namespace::SyncMl12, "Data");
        tree.push_text(data, text);
    }
    let written = wbxml::write(&tree, &style(|s| s.strings = Strings::Shared)).expect("writable");
    let expected = "02A4016A06\"twice\"00 6D 4F 8300 01 4F 03\"once\"00 01 4F 8300 01 01";
    assert_eq!(written, octets(expected));
}

#[test]
fn pages_follow_namespaces_and_unknown_names_are_literals() {
    let mut tree = Tree::new();
    let root = tree.push_element(None, Namespace::SyncMl11, "SyncML");
    let meta = tree.push_element(Some(root), Namespace::SyncMl11, "Meta");
    tree.push_element(Some(meta), Namespace::MetInf, "Type");
    tree.push_element(Some(root), Namespace::SyncMl11, "Own");
    tree.push_element(Some(root), Namespace::Other("urn:x".into()), "Data");
    let data = tree.push_element(Some(root), Namespace::SyncMl11, "Data");
    let inner = tree.push_element(Some(data), Namespace::DmDdf, "MgmtTree");
    tree.push(
        Some(inner),
        Kind::Opaque(vec![0xFF, 0x00].into()),
        Span::default(),
    );
    let written = wbxml::write(&tree, &Style::default()).expect("writable");
    let expected = "029F536A0F \"Own\"00 \"Data\"00 \"xmlns\"00 \
        6D 5A 0001 13 01 0400 8404 0409 03\"urn:x\"00 01 0000 4F 0002 60 C302FF00 01 01 01";
    assert_eq!(written, octets(expected));
    let (read, _, notes) = wbxml::read(&written, &Limits::TARGET).expect("a tree");
    assert_eq!(
        notes.iter().map(|note| note.kind).collect::<Vec<_>>(),
        ["wbxml.token-too-new"]
    );
    assert_eq!(outline(&read), outline(&tree));
}

#[test]
fn elements_without_namespace_find_their_page_and_their_version() {
    let mut tree = Tree::new();
    let root = tree.push_element(None, Namespace::None, "SyncML");
    let header = tree.push_element(Some(root), Namespace::None, "SyncHdr");
    let version = tree.push_element(Some(header), Namespace::None, "VerDTD");
    tree.push_text(version, "1.1");
    let meta = tree.push_element(Some(header), Namespace::None, "Meta");
    tree.push_element(Some(meta), Namespace::None, "MaxMsgSize");
    let written = wbxml::write(&tree, &Style::default()).expect("writable");
    assert_eq!(
        written,
        octets("029F536A00 6D 6C 71 03\"1.1\"00 01 5A 0001 0C 01 01 01")
    );
}

#[test]
fn white_space_between_elements_is_left_out_and_inside_texts_is_kept() {
    let mut tree = Tree::new();
    let root = tree.push_element(None, Namespace::SyncMl12, "SyncML");
    tree.push_text(root, "\n  ");
    let data = tree.push_element(Some(root), Namespace::SyncMl12, "Data");
    tree.push_text(data, " \n");
    tree.push_text(root, "\n");
    let data = tree.push_element(Some(root), Namespace::SyncMl12, "Data");
    tree.push_text(data, "a ");
    tree.push(
        Some(data),
        Kind::Text("&".into(), Form::Reference),
        Span::default(),
    );
    tree.push(Some(data), Kind::Comment("lost".into()), Span::default());
    tree.push(
        Some(data),
        Kind::Text(" b".into(), Form::Cdata),
        Span::default(),
    );
    let written = wbxml::write(&tree, &Style::default()).expect("writable");
    assert_eq!(
        written,
        octets("02A4016A00 6D 4F 03\" \"0A00 01 4F 03\"a & b\"00 01 01")
    );
}

#[test]
fn what_wbxml_cannot_hold_is_refused_and_a_nul_in_a_text_is_not() {
    let mut tree = Tree::new();
    assert!(wbxml::write(&tree, &Style::default()).is_err());
    let root = tree.push_element(None, Namespace::SyncMl12, "Data");
    let text = tree.push_text(root, "a\0b");
    for strings in [
        Strings::Inline,
        Strings::Table,
        Strings::Mixed,
        Strings::Shared,
    ] {
        let written = wbxml::write(&tree, &style(|s| s.strings = strings)).expect("writable");
        assert_eq!(written, octets("02A4016A00 4F C303\"a\"00\"b\" 01"));
    }
    tree.detach(text);
    tree.push_element(Some(root), Namespace::None, "a\0b");
    let refused = wbxml::write(&tree, &Style::default()).expect_err("a NUL in a name");
    assert_eq!(refused.to_string(), r#"the name "a\0b" holds a NUL"#);
}
