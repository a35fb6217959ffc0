//! A document on its way out as a tree, with small tools to bend it, and what it is for.
//!
//! What the switches do to it stands in their tables; nothing here knows right from wrong.

use std::borrow::Cow;

use assay_wire::span::Span;
use assay_wire::tree::{Attribute, Kind as NodeKind, Namespace, NodeId, Tree};

/// What is pushed or packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A provisioning document.
    Document,
    /// A service indication.
    Indication,
    /// A service loading.
    Loading,
    /// A notification of OMA DM: no tree.
    Trigger,
}

/// A document before it is written.
#[derive(Clone, Debug)]
pub struct Doc {
    /// The document.
    pub tree: Tree<'static>,
    /// What it is.
    pub kind: Kind,
    /// True for one that goes into the ROM of a device.
    pub rom: bool,
}

impl Doc {
    /// All characteristics of this type, in document order.
    pub fn all(&self, kind: &str) -> Vec<NodeId> {
        self.elements()
            .into_iter()
            .filter(|&node| self.tree.name(node) == "characteristic")
            .filter(|&node| self.attribute(node, "type").as_deref() == Some(kind))
            .collect()
    }

    /// All applications with this APPID.
    pub fn applications(&self, id: &str) -> Vec<NodeId> {
        let mut all = self.all("APPLICATION");
        all.retain(|&node| self.value(node, "APPID").as_deref() == Some(id));
        all
    }

    /// All elements, in document order.
    pub fn elements(&self) -> Vec<NodeId> {
        let root = self.tree.root();
        root.map_or_else(Vec::new, |root| {
            let all = self.tree.descend(root);
            all.filter(|&node| self.tree.element(node).is_some())
                .collect()
        })
    }

    /// The elements of this name.
    pub fn named(&self, name: &str) -> Vec<NodeId> {
        let mut all = self.elements();
        all.retain(|&node| self.tree.name(node) == name);
        all
    }

    /// The characteristics of this type directly inside a node.
    pub fn inside(&self, node: NodeId, kind: &str) -> Vec<NodeId> {
        let inside = self.tree.elements(node);
        inside
            .filter(|&child| self.attribute(child, "type").as_deref() == Some(kind))
            .collect()
    }

    /// The parameters of this name directly inside a node.
    pub fn parms(&self, node: NodeId, name: &str) -> Vec<NodeId> {
        let inside = self.tree.elements(node);
        inside
            .filter(|&child| self.tree.name(child) == "parm")
            .filter(|&child| self.attribute(child, "name").as_deref() == Some(name))
            .collect()
    }

    /// The value of the first parameter of this name directly inside a node.
    pub fn value(&self, node: NodeId, name: &str) -> Option<String> {
        let first = self.parms(node, name).first().copied()?;
        self.attribute(first, "value")
    }

    /// Changes all parameters of this name directly inside a node.
    pub fn set(&mut self, node: NodeId, name: &str, value: &str) {
        for parm in self.parms(node, name) {
            self.set_attribute(parm, "value", value);
        }
    }

    /// Changes all parameters of this name inside all characteristics of this type.
    pub fn set_all(&mut self, kind: &str, name: &str, value: &str) {
        for node in self.all(kind) {
            self.set(node, name, value);
        }
    }

    /// Takes the parameters of this name out of all characteristics of this type.
    pub fn remove_all(&mut self, kind: &str, name: &str) {
        for node in self.all(kind) {
            self.remove(node, name);
        }
    }

    /// Takes the parameters of this name out of a node.
    pub fn remove(&mut self, node: NodeId, name: &str) {
        for parm in self.parms(node, name) {
            self.tree.detach(parm);
        }
    }

    /// Takes the characteristics of this type out of a node.
    pub fn remove_inside(&mut self, node: NodeId, kind: &str) {
        for child in self.inside(node, kind) {
            self.tree.detach(child);
        }
    }

    /// Adds a parameter in front of the characteristics inside a node; a flag without a value.
    pub fn add(&mut self, node: NodeId, name: &str, value: Option<&str>) -> NodeId {
        let anchor = self.tree.child(node, "characteristic");
        let parm = self.tree.push_element(Some(node), Namespace::None, "parm");
        if let Some(anchor) = anchor {
            self.tree.detach(parm);
            self.tree.attach_before(anchor, parm);
        }
        self.set_attribute(parm, "name", name);
        if let Some(value) = value {
            self.set_attribute(parm, "value", value);
        }
        parm
    }

    /// Adds a characteristic as the last inside a node.
    pub fn add_characteristic(&mut self, node: NodeId, kind: &str) -> NodeId {
        let name = "characteristic";
        let added = self.tree.push_element(Some(node), Namespace::None, name);
        self.set_attribute(added, "type", kind);
        added
    }

    /// Puts a copy of a node directly before it.
    pub fn double(&mut self, node: NodeId) -> NodeId {
        let source = self.tree.clone();
        let copy = self.tree.copy(None, &source, node);
        self.tree.detach(copy);
        self.tree.attach_before(node, copy);
        copy
    }

    /// The value of an attribute.
    pub fn attribute(&self, node: NodeId, name: &str) -> Option<String> {
        let element = self.tree.element(node)?;
        let found = element.attributes.iter().find(|known| known.name == name);
        found.map(|found| found.value.to_string())
    }

    /// Sets an attribute; a new one stands behind the others.
    pub fn set_attribute(&mut self, node: NodeId, name: &str, value: &str) {
        set_attribute(&mut self.tree, node, name, value);
    }

    /// Takes an attribute away.
    pub fn remove_attribute(&mut self, node: NodeId, name: &str) {
        if let Some(element) = self.tree.element_mut(node) {
            element.attributes.retain(|known| known.name != name);
        }
    }

    /// Renames an element.
    pub fn rename(&mut self, node: NodeId, name: &str) {
        if let Some(element) = self.tree.element_mut(node) {
            element.name = Cow::Owned(name.to_owned());
        }
    }

    /// Takes out what says nothing in a document of elements: comments, instructions, white space.
    pub(crate) fn strip(&mut self) {
        let Some(root) = self.tree.root() else {
            return;
        };
        let idle: Vec<NodeId> = self
            .tree
            .descend(root)
            .filter(|&node| match &self.tree.node(node).kind {
                NodeKind::Comment(_) | NodeKind::Instruction(_) => true,
                NodeKind::Text(text, _) => text.trim().is_empty(),
                NodeKind::Element(_) | NodeKind::Opaque(_) => false,
            })
            .collect();
        for node in idle {
            self.tree.detach(node);
        }
    }
}

/// Sets an attribute of an element; a new one stands behind the others.
pub(crate) fn set_attribute(tree: &mut Tree<'static>, node: NodeId, name: &str, value: &str) {
    let Some(element) = tree.element_mut(node) else {
        return;
    };
    let value = Cow::Owned(value.to_owned());
    if let Some(known) = element.attributes.iter_mut().find(|a| a.name == name) {
        known.value = value;
        return;
    }
    element.attributes.push(Attribute {
        name: Cow::Owned(name.to_owned()),
        value,
        namespace: Namespace::None,
        span: Span::default(),
    });
}
