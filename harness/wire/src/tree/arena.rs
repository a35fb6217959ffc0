//! Where the nodes of a tree are kept, and how they are given back.
//!
//! Most nodes own no memory: their names are those of a vocabulary, their texts stand in the input.
//! The others are known, so that dropping a tree need not look at all of its nodes. How nodes hang
//! together is for the tree.

use std::borrow::Cow;
use std::mem::ManuallyDrop;

use super::{Element, Form, Kind, Node, NodeId};

/// Nodes by their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Arena<'a> {
    nodes: Vec<ManuallyDrop<Node<'a>>>,
    /// All nodes that may own memory, perhaps more than once.
    owners: Vec<NodeId>,
}

impl<'a> Arena<'a> {
    /// Nothing, and room for so many nodes.
    pub(super) fn with_capacity(nodes: usize) -> Self {
        Self {
            nodes: Vec::with_capacity(nodes),
            owners: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    #[inline]
    pub(super) fn node(&self, id: NodeId) -> &Node<'a> {
        &self.nodes[id.index()]
    }

    /// A node to change as its owner likes.
    pub(super) fn node_mut(&mut self, id: NodeId) -> &mut Node<'a> {
        if self.owners.last() != Some(&id) {
            self.owners.push(id);
        }
        &mut self.nodes[id.index()]
    }

    /// A node to change its place, or the span of its end. It must not come to own memory by that.
    #[inline]
    pub(super) fn place_mut(&mut self, id: NodeId) -> &mut Node<'a> {
        &mut self.nodes[id.index()]
    }

    /// Adds a node, which is made where it belongs. Measured: `push` has it made elsewhere, and
    /// copying it from there waits for every one of its fields to be written.
    #[expect(
        clippy::inline_always,
        reason = "measured: a node is made by one store for each of its fields"
    )]
    #[inline(always)]
    pub(super) fn add(&mut self, owns: bool, node: impl FnOnce() -> Node<'a>) {
        if owns {
            self.owners.push(NodeId::at(self.nodes.len()));
        }
        self.nodes
            .extend(std::iter::once_with(|| ManuallyDrop::new(node())));
    }

    /// These nodes, all of which may own memory.
    pub(super) fn from_nodes(nodes: impl Iterator<Item = Node<'a>>) -> Self {
        let nodes: Vec<_> = nodes.map(ManuallyDrop::new).collect();
        let owners = (0..nodes.len()).map(NodeId::at).collect();
        Self { nodes, owners }
    }

    /// All nodes in their order.
    pub(super) fn into_nodes(mut self) -> impl Iterator<Item = Node<'a>> {
        self.owners.clear();
        let nodes = std::mem::take(&mut self.nodes);
        nodes.into_iter().map(ManuallyDrop::into_inner)
    }
}

impl Drop for Arena<'_> {
    fn drop(&mut self) {
        for &id in &self.owners {
            if let Some(node) = self.nodes.get_mut(id.index()) {
                node.kind = Kind::Text(Cow::Borrowed(""), Form::Plain);
            }
        }
    }
}

impl Kind<'_> {
    /// Whether it may own memory.
    #[inline]
    pub(super) fn owns(&self) -> bool {
        match self {
            Self::Element(Element {
                name,
                namespace,
                attributes,
                ..
            }) => attributes.capacity() > 0 || matches!(name, Cow::Owned(_)) || namespace.owns(),
            Self::Opaque(octets) => matches!(octets, Cow::Owned(_)),
            Self::Text(text, _) | Self::Comment(text) | Self::Instruction(text) => {
                matches!(text, Cow::Owned(_))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{Limits, Span};
    use crate::tree::{Namespace, Tree};
    use crate::{wbxml, xml};

    /// The nodes that own memory; all of them are known.
    fn owners(tree: &Tree<'_>) -> usize {
        let arena = &tree.nodes;
        let ids = (0..arena.len()).map(NodeId::at);
        let owners: Vec<_> = ids.filter(|&id| arena.node(id).kind.owns()).collect();
        for id in &owners {
            assert!(arena.owners.contains(id), "{:?}", arena.node(*id));
        }
        owners.len()
    }

    #[test]
    fn nodes_that_own_memory_are_known_however_they_came_by_it() {
        let text = b"<a x='1' xmlns:p='u'>b<p:c/>&amp;\r\n<!--d\r\n--><?e f?><![CDATA[g]]></a>";
        let (mut tree, _) = xml::read(text, &Limits::TARGET).expect("a tree");
        assert_eq!(owners(&tree), 3);
        let root = tree.root().expect("a root");
        for name in ["h", "i"] {
            let child = tree.push_element(Some(root), Namespace::None, name.to_owned());
            tree.push_text(child, name.to_owned());
            tree.set_text(child, name.repeat(2));
        }
        assert_eq!(owners(&tree), 3 + 2 * 3);
        tree.element_mut(root).expect("an element").namespace =
            Namespace::Other("v".to_owned().into());
        let opaque = tree.push(
            Some(root),
            Kind::Opaque(Cow::Borrowed(b"j")),
            Span::default(),
        );
        assert_eq!(owners(&tree), 3 + 2 * 3);
        tree.node_mut(opaque).kind = Kind::Opaque(Cow::Owned(b"k".to_vec()));
        assert_eq!(owners(&tree), 3 + 2 * 3 + 1);
        let clone = tree.clone();
        assert_eq!(owners(&clone), owners(&tree));
        let mut copy = Tree::new();
        copy.copy(None, &tree, root);
        assert_eq!(owners(&copy), tree.descend(root).count());
        let owned = tree.into_owned();
        assert_eq!(owners(&owned), owned.len());
    }

    #[test]
    fn a_message_owns_no_memory_but_for_what_it_does_not_say_verbatim() {
        let body =
            b"\x02\xA4\x01\x6A\x03One\x6D\x6C\x71\x031.2\x00\x01\x01\x4F\x03a\x00\x02\x20\x01";
        let (tree, ..) = wbxml::read(body, &Limits::TARGET).expect("a tree");
        assert_eq!((tree.len(), owners(&tree)), (7, 1));
        let (tree, ..) = wbxml::read(b"\x02\xA4\x01\x6A\0\x6D\x7D\x01\x01", &Limits::TARGET)
            .expect("a tree with an unknown token");
        assert_eq!((tree.len(), owners(&tree)), (2, 1));
    }
}
