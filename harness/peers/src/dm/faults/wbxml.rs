//! Faults of chapter F: WBXML, and what of it shows in XML.

use std::borrow::Cow;

use assay_wire::tree::{Kind, NodeId};
use assay_wire::wbxml::{Identify, PublicId};
use assay_wire::{Encoding, Span, digest};

use super::{drop_all, is_xml, replace};
use crate::dm::Doc;
use crate::switch::Fault;
use crate::table::dm::{body, logic, message, style};

pub(super) const WBXML: &[Fault] = &[
    style("wbxml-version-04", "says WBXML 1.4", |styles| {
        styles.wbxml.version = 0x04;
    }),
    style(
        "wbxml-public-id-unknown",
        "says the public identifier 1",
        |styles| {
            styles.wbxml.public_id = Identify::Given(PublicId::Number(1));
        },
    ),
    style(
        "wbxml-public-id-of-dev-info",
        "says the public identifier of DevInfo",
        |styles| {
            styles.wbxml.public_id = Identify::Given(PublicId::Number(0x1203));
        },
    ),
    style("wbxml-charset-ascii", "says US-ASCII", |styles| {
        styles.wbxml.charset = 3;
    }),
    body(
        "wbxml-page-not-switched",
        "does not switch back to the page of SyncML",
        |body| {
            if !is_xml(body) {
                // END, then SWITCH_PAGE 0: what stands behind each Meta.
                replace(body, &[0x01, 0x00, 0x00], &[0x01]);
            }
        },
    ),
    body(
        "wbxml-unknown-token",
        "writes a token that no page has",
        |body| {
            insert_last(body, &[0x3D]);
        },
    ),
    body(
        "wbxml-token-of-later-version",
        "writes a token of SyncML 1.2 in SyncML 1.1",
        |body| {
            if body.get(1..3) == Some(&[0x9F, 0x53]) {
                // An Alert 1223 with a Correlator, which came with SyncML 1.2.
                insert_last(
                    body,
                    b"\x46\x4B\x0390\0\x01\x4F\x031223\0\x01\x7C\x031\0\x01\x01",
                );
            }
        },
    ),
    logic("wbxml-only-version-12", "takes WBXML 1.2 alone"),
    logic("wbxml-string-table-refused", "refuses strings in the table"),
    logic("wbxml-opaque-refused", "refuses opaque strings"),
    logic(
        "version-from-public-id",
        "takes the version from the public identifier",
    ),
    message(
        "binary-labelled-bin-in-xml",
        "labels base64 as bin in XML",
        |doc| {
            for (format, _) in binary(doc) {
                if doc.is_xml() {
                    doc.tree.set_text(format, "bin");
                }
            }
        },
    ),
    message(
        "binary-raw-labelled-b64",
        "labels raw octets as b64 in WBXML",
        |doc| {
            for (_, data) in binary(doc) {
                let octets = digest::unb64(&doc.tree.text(data));
                if let Some(octets) = octets.filter(|_| !doc.is_xml()) {
                    doc.tree.clear(data);
                    doc.tree.push(
                        Some(data),
                        Kind::Opaque(Cow::Owned(octets)),
                        Span::default(),
                    );
                }
            }
        },
    ),
    message(
        "wbxml-final-dropped",
        "leaves empty elements out of WBXML",
        |doc| {
            if !doc.is_xml() {
                drop_all(doc, doc.fin().into_iter().collect());
            }
        },
    ),
    style(
        "always-xml",
        "answers in XML whatever the request was",
        |styles| {
            styles.encoding = Encoding::Xml;
        },
    ),
    logic(
        "wbxml-long-lengths-refused",
        "takes lengths of one octet alone",
    ),
    logic(
        "wbxml-redundant-switch-refused",
        "refuses page switches that change nothing",
    ),
];

/// Puts tokens in front of Final, or last into SyncBody without it.
fn insert_last(body: &mut Vec<u8>, tokens: &[u8]) {
    if is_xml(body) {
        return;
    }
    let ends = [b"\x12\x01\x01".as_slice(), b"\x52\x01\x01\x01", b"\x01\x01"];
    let end = ends
        .into_iter()
        .find(|end| body.ends_with(end))
        .unwrap_or_default();
    let at = body.len() - end.len();
    body.splice(at..at, tokens.iter().copied());
}

/// Format and Data of each Item that says b64.
fn binary(doc: &Doc) -> Vec<(NodeId, NodeId)> {
    let items = doc.anywhere(&["Item"]).into_iter();
    let pairs = items.filter_map(|item| {
        let format = doc.tree.find(item, "Meta/Format")?;
        let data = doc.tree.child(item, "Data")?;
        (doc.tree.text(format) == "b64").then_some((format, data))
    });
    pairs.collect()
}
