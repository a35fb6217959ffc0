//! What the writer makes of trees, style by style.
//!
//! That reading gives the tree again is shown beside the crate, by `tests/xml_roundtrip.rs`.

use super::*;
use crate::span::{Limits, Span};
use crate::xml::read;

const MESSAGE: &[u8] = b"<SyncML xmlns='SYNCML:SYNCML1.2'><SyncHdr><VerDTD>1.2</VerDTD><Meta>\
    <Size xmlns='syncml:metinf'>9</Size></Meta></SyncHdr><Data>a&lt;<![CDATA[<b>]]></Data>\
    <Final/></SyncML>";

fn text(tree: &Tree<'_>, style: &Style) -> String {
    String::from_utf8(write(tree, style)).expect("UTF-8")
}

fn message() -> Tree<'static> {
    let mut tree = Tree::new();
    let root = tree.push_element(None, Namespace::SyncMl12, "SyncML");
    let header = tree.push_element(Some(root), Namespace::SyncMl12, "SyncHdr");
    let meta = tree.push_element(Some(header), Namespace::SyncMl12, "Meta");
    let size = tree.push_element(Some(meta), Namespace::MetInf, "MaxMsgSize");
    tree.push_text(size, "2048");
    tree.push_element(Some(root), Namespace::SyncMl12, "Final");
    tree
}

#[test]
fn the_default_is_the_shortest() {
    let (tree, notes) = read(MESSAGE, &Limits::TARGET).expect("a tree");
    assert!(notes.is_empty());
    let expected = String::from_utf8_lossy(MESSAGE).replace('\'', "\"");
    assert_eq!(text(&tree, &Style::default()), expected);
}

#[test]
fn an_element_declares_a_namespace_that_its_parent_has_not() {
    let mut tree = message();
    let root = tree.root().expect("a root");
    tree.push_element(Some(root), Namespace::None, "x");
    let expected = "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><Meta>\
        <MaxMsgSize xmlns=\"syncml:metinf\">2048</MaxMsgSize></Meta></SyncHdr><Final/>\
        <x xmlns=\"\"/></SyncML>";
    assert_eq!(text(&tree, &Style::default()), expected);
}

#[test]
fn a_style_uses_every_freedom_at_once() {
    let style = Style {
        declaration: Some(Style::DECLARATION.to_owned()),
        doctype: Some("SyncML".to_owned()),
        indent: Some(1),
        syncml_prefix: Some("s".to_owned()),
        metinf_prefix: Some("m".to_owned()),
        texts: Texts::Cdata,
        quotes: Quotes::Single,
        empty: Empty::TwoTags,
        comment: Some("c".to_owned()),
        instruction: Some("p i".to_owned()),
        ..Style::default()
    };
    let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE SyncML>\n\
        <!--c--><?p i?>\n<s:SyncML xmlns:s='SYNCML:SYNCML1.2'>\n <!--c--><?p i?>\n \
        <s:SyncHdr>\n  <s:Meta>\n   <m:MaxMsgSize xmlns:m='syncml:metinf'>\
        <![CDATA[2048]]></m:MaxMsgSize>\n  </s:Meta>\n </s:SyncHdr>\n \
        <s:Final></s:Final>\n</s:SyncML>\n<!--c--><?p i?>\n";
    let written = text(&message(), &style);
    assert_eq!(written, expected);
    let (_, notes) = read(written.as_bytes(), &Limits::TARGET).expect("a tree");
    assert!(
        notes.iter().all(|note| note.kind == "xml.doctype"),
        "{notes:?}"
    );
}

#[test]
fn what_cannot_stand_as_it_is_becomes_a_reference() {
    let mut tree = Tree::new();
    let root = tree.push_element(None, Namespace::None, "a");
    tree.push_text(root, "<\r\n]]>&\u{1}é\"");
    let element = tree.element_mut(root).expect("an element");
    let value = Cow::Borrowed("\"'<\t\r\n");
    let (name, namespace) = (Cow::Borrowed("b"), Namespace::None);
    element.attributes.push(Attribute {
        name,
        value,
        namespace,
        span: Span::default(),
    });
    let start = "<a b=\"&#34;'&lt;&#9;&#13;&#10;\">";
    assert_eq!(
        text(&tree, &Style::default()),
        format!("{start}&lt;&#13;\n]]&gt;&amp;&#1;é\"</a>")
    );
    let style = Style {
        referenced: vec!['é', '"'],
        ..Style::default()
    };
    assert_eq!(
        text(&tree, &style),
        format!("{start}&lt;&#13;\n]]&gt;&amp;&#1;&#233;&#34;</a>")
    );
    let style = Style {
        texts: Texts::Cdata,
        ..Style::default()
    };
    assert_eq!(
        text(&tree, &style),
        format!("{start}<![CDATA[<]]>&#13;<![CDATA[\n]]]]><![CDATA[>&]]>&#1;<![CDATA[é\"]]></a>")
    );
}

#[test]
fn an_attribute_of_the_tree_has_the_last_word_on_its_prefix() {
    let (mut tree, _) = read(b"<a xmlns='u'/>", &Limits::TARGET).expect("a tree");
    let root = tree.root().expect("a root");
    tree.element_mut(root).expect("an element").namespace = Namespace::SyncMl11;
    assert_eq!(text(&tree, &Style::default()), "<a xmlns=\"u\"/>");
}

#[test]
fn octets_that_xml_cannot_say_become_base64() {
    let mut tree = Tree::new();
    let root = tree.push_element(None, Namespace::None, "a");
    tree.push(
        Some(root),
        Kind::Opaque(Cow::Borrowed(b"\0\xFF")),
        Span::default(),
    );
    assert_eq!(text(&tree, &Style::default()), "<a>AP8=</a>");
}

#[test]
fn no_comment_and_no_instruction_ends_early() {
    let mut tree = Tree::new();
    let root = tree.push_element(None, Namespace::None, "a");
    tree.push(Some(root), Kind::Comment("x---y-".into()), Span::default());
    tree.push(
        Some(root),
        Kind::Instruction("p ?>".into()),
        Span::default(),
    );
    assert_eq!(
        text(&tree, &Style::default()),
        "<a><!--x- - -y- --><?p ? >?></a>"
    );
}
