//! An answer as a tree, with small tools to bend it, and what it answers.
//!
//! What the switches do to it stands in their tables; nothing here knows right from wrong.

use assay_wire::pull::{Kind, attribute, leaf};
use assay_wire::tree::{NodeId, Tree};

/// What a document answers.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Which document it is.
    pub kind: Kind,
    /// True where the agent is one of CE .NET 4.2.
    pub old_agent: bool,
}

/// An answer before it is written.
#[derive(Clone, Debug)]
pub struct Doc {
    /// The document.
    pub tree: Tree<'static>,
    /// What it answers.
    pub facts: Facts,
}

impl Doc {
    /// The root, where the document is of this kind.
    pub fn root(&self, kind: Kind) -> Option<NodeId> {
        self.tree.root().filter(|_| self.facts.kind == kind)
    }

    /// All elements of this name, in document order.
    pub fn all(&self, name: &str) -> Vec<NodeId> {
        let root = self.tree.root();
        root.map_or_else(Vec::new, |root| {
            let all = self.tree.descend(root);
            all.filter(|&node| self.tree.name(node) == name).collect()
        })
    }

    /// The packages of instructions.
    pub fn instructed(&self) -> Vec<NodeId> {
        self.root(Kind::Instructions)
            .map_or_else(Vec::new, |root| self.children(root, "Package"))
    }

    /// The packages of a poll response.
    pub fn listed(&self) -> Vec<NodeId> {
        let list = self
            .root(Kind::PollResponse)
            .and_then(|root| self.tree.child(root, "ApplicablePackages"));
        list.map_or_else(Vec::new, |list| self.children(list, "Package"))
    }

    /// The elements of this name directly inside a node.
    pub fn children(&self, node: NodeId, name: &str) -> Vec<NodeId> {
        let inside = self.tree.elements(node);
        inside
            .filter(|&child| self.tree.name(child) == name)
            .collect()
    }

    /// Changes the text of all elements of this name.
    pub fn set_all(&mut self, name: &str, text: &str) {
        for node in self.all(name) {
            self.tree.set_text(node, text.to_owned());
        }
    }

    /// Takes all elements of this name out.
    pub fn remove_all(&mut self, name: &str) {
        for node in self.all(name) {
            self.tree.detach(node);
        }
    }

    /// Adds an element with text as the last inside a node, in the namespace of that node.
    pub fn add(&mut self, parent: NodeId, name: &'static str, text: &str) -> NodeId {
        leaf(&mut self.tree, parent, name, text)
    }

    /// The same directly before the first element of this name inside the node; last without one.
    pub fn add_before(&mut self, parent: NodeId, before: &str, name: &'static str) -> NodeId {
        let anchor = self.tree.child(parent, before);
        let node = self.add(parent, name, "");
        if let Some(anchor) = anchor {
            self.tree.detach(node);
            self.tree.attach_before(anchor, node);
        }
        node
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
    pub fn value(&self, node: NodeId, name: &str) -> Option<String> {
        let element = self.tree.element(node)?;
        let found = element.attributes.iter().find(|known| known.name == name);
        found.map(|found| found.value.to_string())
    }

    /// Sets an attribute.
    pub fn set_attribute(&mut self, node: NodeId, name: &'static str, value: &str) {
        attribute(&mut self.tree, node, name, value);
    }

    /// Takes an attribute away.
    pub fn remove_attribute(&mut self, node: NodeId, name: &str) {
        if let Some(element) = self.tree.element_mut(node) {
            element.attributes.retain(|known| known.name != name);
        }
    }
}
