//! Changes to a tree: nodes added, moved, copied, taken out.
//!
//! A node that was taken out keeps its number and its place in the arena. Readers add nodes in a
//! quicker way, which is for `fill`.

use std::borrow::Cow;

use super::{Element, Form, Kind, Namespace, NodeId, Tree};
use crate::span::Span;

impl<'a> Tree<'a> {
    /// Adds a node as the last inside `parent`, or at the top.
    pub fn push(&mut self, parent: Option<NodeId>, kind: Kind<'a>, token: Span) -> NodeId {
        let id = NodeId::at(self.nodes.len());
        let last = match parent {
            Some(parent) => self.nodes.place_mut(parent).last.replace(id),
            None => self.last.replace(id),
        };
        self.push_behind(parent, last, kind, token)
    }

    /// Adds an element without attributes as the last inside `parent`, or at the top.
    pub fn push_element(
        &mut self,
        parent: Option<NodeId>,
        namespace: Namespace<'a>,
        name: impl Into<Cow<'a, str>>,
    ) -> NodeId {
        let element = Element {
            name: name.into(),
            namespace,
            attributes: Vec::new(),
            end: Span::default(),
        };
        self.push(parent, Kind::Element(element), Span::default())
    }

    /// Adds plain text as the last inside `parent`.
    pub fn push_text(&mut self, parent: NodeId, text: impl Into<Cow<'a, str>>) -> NodeId {
        self.push(
            Some(parent),
            Kind::Text(text.into(), Form::Plain),
            Span::default(),
        )
    }

    /// Puts a detached node back as the last inside `parent`, or at the top.
    pub fn attach(&mut self, parent: Option<NodeId>, id: NodeId) {
        self.nodes.place_mut(id).parent = parent;
        let last = match parent {
            Some(parent) => self.nodes.place_mut(parent).last.replace(id),
            None => self.last.replace(id),
        };
        match (last, parent) {
            (Some(last), _) => self.nodes.place_mut(last).next = Some(id),
            (None, Some(parent)) => self.nodes.place_mut(parent).first = Some(id),
            (None, None) => self.first = Some(id),
        }
    }

    /// Puts a detached node directly before another.
    pub fn attach_before(&mut self, before: NodeId, id: NodeId) {
        let parent = self.parent(before);
        let siblings: Vec<NodeId> = match parent {
            Some(parent) => self.children(parent).collect(),
            None => self.top().collect(),
        };
        let previous = siblings
            .iter()
            .take_while(|&&sibling| sibling != before)
            .last()
            .copied();
        self.nodes.place_mut(id).parent = parent;
        self.nodes.place_mut(id).next = Some(before);
        match (previous, parent) {
            (Some(previous), _) => self.nodes.place_mut(previous).next = Some(id),
            (None, Some(parent)) => self.nodes.place_mut(parent).first = Some(id),
            (None, None) => self.first = Some(id),
        }
    }

    /// Takes a node, and all below it, out of the document. It may be attached again.
    pub fn detach(&mut self, id: NodeId) {
        let parent = self.parent(id);
        let siblings: Vec<NodeId> = match parent {
            Some(parent) => self.children(parent).collect(),
            None => self.top().collect(),
        };
        let Some(position) = siblings.iter().position(|&sibling| sibling == id) else {
            return;
        };
        let previous = position.checked_sub(1).map(|before| siblings[before]);
        let next = siblings.get(position + 1).copied();
        match (previous, parent) {
            (Some(previous), _) => self.nodes.place_mut(previous).next = next,
            (None, Some(parent)) => self.nodes.place_mut(parent).first = next,
            (None, None) => self.first = next,
        }
        if next.is_none() {
            match parent {
                Some(parent) => self.nodes.place_mut(parent).last = previous,
                None => self.last = previous,
            }
        }
        let node = self.nodes.place_mut(id);
        node.parent = None;
        node.next = None;
    }

    /// Copies a node of any tree, and all below it, as the last inside `parent`, or at the top.
    pub fn copy(&mut self, parent: Option<NodeId>, from: &Tree<'_>, id: NodeId) -> NodeId {
        let source = from.node(id);
        let copied = self.push(parent, source.kind.clone().into_owned(), source.token);
        for child in from.children(id) {
            self.copy(Some(copied), from, child);
        }
        copied
    }

    /// Replaces everything inside an element by this text.
    pub fn set_text(&mut self, id: NodeId, text: impl Into<Cow<'a, str>>) {
        self.clear(id);
        self.push_text(id, text);
    }

    /// Takes everything out of an element.
    pub fn clear(&mut self, id: NodeId) {
        let children: Vec<NodeId> = self.children(id).collect();
        for child in children {
            self.detach(child);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(tree: &Tree<'_>) -> Vec<String> {
        let root = tree.root().expect("a root");
        tree.descend(root)
            .map(|id| tree.name(id).to_owned())
            .collect()
    }

    #[test]
    fn a_subtree_moves_in_front_of_its_sibling() {
        let mut tree = Tree::new();
        let root = tree.push_element(None, Namespace::None, "a");
        let b = tree.push_element(Some(root), Namespace::None, "b");
        let c = tree.push_element(Some(root), Namespace::None, "c");
        tree.push_element(Some(c), Namespace::None, "d");
        tree.detach(c);
        assert_eq!(names(&tree), ["a", "b"]);
        tree.attach_before(b, c);
        assert_eq!(names(&tree), ["a", "c", "d", "b"]);
        tree.push_element(Some(root), Namespace::None, "e");
        assert_eq!(names(&tree), ["a", "c", "d", "b", "e"]);
    }

    #[test]
    fn text_joins_the_pieces_of_all_forms() {
        let mut tree = Tree::new();
        let root = tree.push_element(None, Namespace::None, "a");
        tree.push_text(root, "one ");
        tree.push(
            Some(root),
            Kind::Opaque(Cow::Borrowed(b"two")),
            Span::default(),
        );
        assert_eq!(tree.text(root), "one two");
        tree.set_text(root, "three");
        assert_eq!(tree.text(root), "three");
    }
}
