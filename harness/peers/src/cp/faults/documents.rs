//! Faults of documents as such: elements, versions, flags, how they are written.

use assay_wire::wbxml::{Identify, Pages, PublicId};

use crate::cp::content::{Coding, to_latin_1};
use crate::cp::doc::{Doc, Kind};
use crate::switch::Fault;
use crate::table::cp::{coding, content, logic, tree};

/// Parameters that are flags: there, or not.
const FLAGS: &[&str] = &[
    "INTERNET",
    "TRUST",
    "MASTER",
    "T-BIT",
    "INIT",
    "STARTPAGE",
    "BACKCOMPATRETRYDISABLED",
    "USEHWDEVID",
];

pub(super) const DOCUMENTS: &[Fault] = &[
    tree("root-renamed", "gives the root another name", |doc| {
        if let Some(root) = root(doc) {
            doc.rename(root, "wap-provisioning");
        }
    }),
    tree(
        "strange-elements-inside",
        "puts an element into documents that is not of the standard",
        |doc| {
            if let Some(root) = root(doc) {
                let none = assay_wire::tree::Namespace::None;
                let node = doc.tree.push_element(Some(root), none, "setting");
                doc.set_attribute(node, "name", "colour");
            }
        },
    ),
    content(
        "document-cut",
        "leaves the end of the root off",
        |content| {
            if content.kind == Kind::Document {
                content.octets.pop();
            }
        },
    ),
    tree(
        "characteristic-without-type",
        "leaves the type of a characteristic out",
        |doc| {
            let of_document = doc.kind == Kind::Document;
            let last = doc.named("characteristic").pop();
            if let Some(last) = last.filter(|_| of_document) {
                doc.remove_attribute(last, "type");
            }
        },
    ),
    tree(
        "parm-without-name",
        "leaves the name of a parameter out",
        |doc| {
            if let Some(last) = doc.named("parm").pop() {
                doc.remove_attribute(last, "name");
            }
        },
    ),
    coding(
        "public-id-unknown",
        "names no document type in documents",
        |coding| {
            if coding.kind == Kind::Document {
                coding.style.public_id = Identify::Given(PublicId::Number(1));
            }
        },
    ),
    coding(
        "charset-unnamed",
        "names no character set in documents",
        |coding| {
            if coding.kind == Kind::Document {
                coding.style.charset = 0;
            }
        },
    ),
    coding(
        "wbxml-of-version-1-2",
        "writes documents in WBXML 1.2",
        |coding| {
            if coding.kind == Kind::Document {
                coding.style.version = 0x02;
            }
        },
    ),
    content(
        "text-in-latin-1",
        "writes documents in ISO 8859-1, and says so",
        |content| {
            if content.kind == Kind::Document && to_latin_1(&mut content.octets) {
                content.declare_latin_1();
            }
        },
    ),
    content(
        "text-not-utf-8",
        "writes documents in ISO 8859-1 that are declared as UTF-8",
        |content| {
            if content.kind == Kind::Document {
                to_latin_1(&mut content.octets);
            }
        },
    ),
    logic("document-as-text", "pushes documents as text"),
    tree(
        "version-1-0-with-application",
        "says version 1.0 of documents with applications",
        |doc| with_applications(doc, |doc, root| doc.set_attribute(root, "version", "1.0")),
    ),
    tree(
        "version-left-out",
        "says no version of documents with applications",
        |doc| with_applications(doc, |doc, root| doc.remove_attribute(root, "version")),
    ),
    coding(
        "values-of-old-draft",
        "takes the tokens of the draft of 2002 for values of page 1",
        |coding| coding.style.attributes.old_values = true,
    ),
    coding(
        "attribute-page-unswitched",
        "switches no code page of attributes",
        |coding| coding.style.attributes.pages = Pages::Unswitched,
    ),
    tree("flags-with-value", "gives flags the value 1", |doc| {
        for parm in doc.named("parm") {
            let name = doc.attribute(parm, "name").unwrap_or_default();
            let is_flag = doc.attribute(parm, "value").is_none();
            if is_flag && FLAGS.contains(&name.as_str()) {
                doc.set_attribute(parm, "value", "1");
            }
        }
    }),
    coding(
        "ms-elements-on-page-0",
        "writes the elements of Windows Mobile on code page 0",
        |coding: &mut Coding| coding.style.unswitched_elements = true,
    ),
    tree(
        "mwid-left-out",
        "leaves out that a type is the id of an instance",
        |doc| {
            for node in doc.elements() {
                doc.remove_attribute(node, "mwid");
            }
        },
    ),
    tree(
        "policy-in-hex",
        "names security policies in hexadecimal",
        |doc| {
            for policy in policies(doc) {
                let name = doc.attribute(policy, "name").unwrap_or_default();
                if let Ok(number) = name.parse::<u32>() {
                    doc.set_attribute(policy, "name", &format!("0x{number:04X}"));
                }
            }
        },
    ),
    tree(
        "policy-value-in-words",
        "sets security policies to words",
        |doc| {
            for policy in policies(doc) {
                doc.set_attribute(policy, "value", "true");
            }
        },
    ),
];

/// The root of a provisioning document.
fn root(doc: &Doc) -> Option<assay_wire::tree::NodeId> {
    doc.tree.root().filter(|_| doc.kind == Kind::Document)
}

fn with_applications(doc: &mut Doc, bend: fn(&mut Doc, assay_wire::tree::NodeId)) {
    if !doc.all("APPLICATION").is_empty()
        && let Some(root) = root(doc)
    {
        bend(doc, root);
    }
}

fn policies(doc: &Doc) -> Vec<assay_wire::tree::NodeId> {
    let all = doc.all("SecurityPolicy").into_iter();
    all.flat_map(|node| doc.tree.elements(node).collect::<Vec<_>>())
        .collect()
}
