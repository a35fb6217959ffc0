//! Faults of the DM server, a table a chapter. One line breaks one rule; which one is said in the
//! suites, by name.

mod envelope;
mod http;
mod package1;
mod security;
mod session;
mod wbxml;
mod windows;

use assay_wire::tree::NodeId;

use super::doc::{Client, Doc};
use crate::switch::Fault;

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Fault> {
    let tables = [
        envelope::ENVELOPE,
        session::SESSION,
        package1::PACKAGE_1,
        security::SECURITY,
        http::HTTP,
        wbxml::WBXML,
        windows::WINDOWS,
    ];
    tables.into_iter().flatten()
}

/// True for the octets of an XML document, as opposed to WBXML.
fn is_xml(body: &[u8]) -> bool {
    body.first() == Some(&b'<')
}

/// Replaces all of one sequence of octets by another.
fn replace(octets: &mut Vec<u8>, old: &[u8], new: &[u8]) {
    let mut made = Vec::with_capacity(octets.len());
    let mut rest = octets.as_slice();
    while let Some(at) = rest.windows(old.len()).position(|window| window == old) {
        made.extend_from_slice(&rest[..at]);
        made.extend_from_slice(new);
        rest = &rest[at + old.len()..];
    }
    made.extend_from_slice(rest);
    *octets = made;
}

/// Gives the Statuses for the client's Alerts with such a code another code.
fn answer_alerts(doc: &mut Doc, codes: fn(&str) -> bool, change: fn(&str) -> Option<&'static str>) {
    if doc.facts.client == Client::Stranger {
        return;
    }
    let asked: Vec<String> = doc
        .facts
        .asked
        .iter()
        .filter(|asked| asked.name == "Alert" && codes(&asked.code))
        .map(|asked| asked.cmd_id.clone())
        .collect();
    for status in doc.statuses_for("Alert") {
        if asked.contains(&doc.text(status, "CmdRef"))
            && let Some(code) = change(&doc.text(status, "Data"))
        {
            doc.set(status, "Data", code);
        }
    }
}

/// Changes a text in the header.
fn set_header(doc: &mut Doc, path: &str, text: &str) {
    if let Some(header) = doc.header() {
        doc.set(header, path, text);
    }
}

/// Changes the text at this path of each node.
fn set_all(doc: &mut Doc, nodes: Vec<NodeId>, path: &str, text: &str) {
    for node in nodes {
        doc.set(node, path, text);
    }
}

/// Takes each node out.
fn drop_all(doc: &mut Doc, nodes: Vec<NodeId>) {
    for node in nodes {
        doc.drop(node);
    }
}
