//! A control entity of PAP on its way out, with small tools to bend it.
//!
//! Shared by those who initiate pushes and those who relay them; nothing here knows right from wrong.

use assay_wire::pap;
use assay_wire::tree::{NodeId, Tree};
use assay_wire::xml::{self, Quotes};

use crate::cp::set_attribute;

/// A control entity before it is written.
#[derive(Clone, Debug)]
pub struct Control {
    /// The document.
    pub tree: Tree<'static>,
    /// The version of the protocol that it names; empty for no document type at all.
    pub version: &'static str,
    /// Which marks stand around values.
    pub quotes: Quotes,
}

impl Control {
    /// A document of version 1.0.
    pub(crate) fn new(tree: Tree<'static>) -> Self {
        Self {
            tree,
            version: "1.0",
            quotes: Quotes::default(),
        }
    }

    /// The message inside.
    pub fn message(&self) -> Option<NodeId> {
        let root = self.tree.root()?;
        self.tree.elements(root).next()
    }

    /// The message inside, where it is of this name.
    pub fn named(&self, name: &str) -> Option<NodeId> {
        self.message().filter(|&node| self.tree.name(node) == name)
    }

    /// The elements of this name directly inside the message.
    pub fn inside(&self, name: &str) -> Vec<NodeId> {
        let Some(message) = self.message() else {
            return Vec::new();
        };
        let inside = self.tree.elements(message);
        inside
            .filter(|&node| self.tree.name(node) == name)
            .collect()
    }

    /// The value of an attribute.
    pub fn attribute(&self, node: NodeId, name: &str) -> Option<String> {
        let element = self.tree.element(node)?;
        let found = element.attributes.iter().find(|known| known.name == name);
        found.map(|found| found.value.to_string())
    }

    /// Sets an attribute.
    pub fn set(&mut self, node: NodeId, name: &str, value: &str) {
        set_attribute(&mut self.tree, node, name, value);
    }

    /// Takes an attribute away.
    pub fn remove(&mut self, node: NodeId, name: &str) {
        if let Some(element) = self.tree.element_mut(node) {
            element.attributes.retain(|known| known.name != name);
        }
    }

    /// The entity as text.
    pub(crate) fn write(&self) -> Vec<u8> {
        let usual = String::from_utf8(pap::document(&self.tree, self.version)).unwrap_or_default();
        let doctype = usual.split_once("<!DOCTYPE ").map(|parts| parts.1);
        let doctype = doctype.and_then(|rest| rest.split_once('>'));
        let doctype = doctype.map(|parts| parts.0.to_owned());
        let style = xml::Style {
            declaration: Some("version=\"1.0\"".to_owned()),
            doctype: doctype.filter(|_| !self.version.is_empty()),
            quotes: self.quotes,
            ..xml::Style::default()
        };
        xml::write(&self.tree, &style)
    }
}
