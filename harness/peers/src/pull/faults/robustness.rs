//! Faults of robustness: malformed messages, and answers beyond what a small parser takes.

use assay_wire::pull::NAMESPACE;
use assay_wire::xml::Texts;

use crate::switch::Fault;
use crate::table::pull::{document, logic, style};

pub(super) const ROBUSTNESS: &[Fault] = &[
    logic(
        "malformed-message-crashes",
        "fails on messages that it cannot read",
    ),
    logic(
        "malformed-poll-forgets",
        "forgets the packages of a device whose poll it cannot read",
    ),
    logic("entities-taken", "takes documents with a DTD"),
    style("doctype-in-answers", "answers with a DTD", |style| {
        style.doctype = Some("answer SYSTEM \"answer.dtd\"".to_owned());
    }),
    style("cdata-in-answers", "answers with CDATA sections", |style| {
        style.texts = Texts::Cdata;
    }),
    style(
        "answers-in-latin-1",
        "declares its answers to be in ISO 8859-1",
        |style| {
            style.declaration = Some("version=\"1.0\" encoding=\"iso-8859-1\"".to_owned());
        },
    ),
    document("prefixes-in-answers", "answers with a prefix", |doc| {
        let Some(root) = doc.tree.root() else { return };
        for node in doc.tree.descend(root).collect::<Vec<_>>() {
            if let Some(element) = doc.tree.element_mut(node) {
                element.name = format!("dm:{}", element.name).into();
            }
        }
        doc.set_attribute(root, "xmlns:dm", NAMESPACE);
    }),
];
