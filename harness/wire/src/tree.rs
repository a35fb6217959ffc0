//! The one document tree: XML and WBXML both read into it and are both written from it.
//!
//! It keeps order, namespaces, prefixes, unknown elements and the span of every token. It has no
//! opinion: what a vocabulary means is the business of `dm`, `cp` and `pull`.
//!
//! An arena: nodes are numbered, children are a linked list, so that a peer's fault may cut out or
//! move a subtree in place. Text borrows from the input wherever the input holds it verbatim.

mod arena;
mod edit;
mod element;
mod fill;
mod owned;
mod walk;

use std::borrow::Cow;
use std::num::NonZeroU32;

use self::arena::Arena;
pub use self::element::{Attribute, Element, Namespace};
pub use self::walk::{Children, Descend};
use crate::span::Span;

/// The number of a node in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The id of the node at this place of the arena: one more, so that no id is zero and an
    /// optional one takes no more room.
    #[inline]
    fn at(index: usize) -> Self {
        let number = u32::try_from(index + 1).ok().and_then(NonZeroU32::new);
        Self(number.expect("limits keep trees below 2^32 nodes"))
    }

    #[inline]
    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// How a text stood in the input, for notes, dumps and the freedoms of a writer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// Character data in XML, an inline string (STR_I) in WBXML.
    #[default]
    Plain,
    /// A CDATA section.
    Cdata,
    /// A character or entity reference.
    Reference,
    /// A reference into the string table (STR_T).
    Table,
    /// Opaque octets (OPAQUE) that are UTF-8; what is not is a [`Kind::Opaque`].
    Opaque,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// An element.
    Element(Element<'a>),
    /// Characters, references resolved. Adjacent pieces of different form are nodes of their own.
    Text(Cow<'a, str>, Form),
    /// Octets that are no text: a binary value in WBXML.
    Opaque(Cow<'a, [u8]>),
    /// A comment (XML).
    Comment(Cow<'a, str>),
    /// A processing instruction (XML), target and data as written.
    Instruction(Cow<'a, str>),
}

/// A node: what it is, where it stood, and its neighbours.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// What it is.
    pub kind: Kind<'a>,
    /// Its token: for an element its start token only, see [`Tree::span`] for all of it.
    pub token: Span,
    parent: Option<NodeId>,
    first: Option<NodeId>,
    last: Option<NodeId>,
    next: Option<NodeId>,
}

/// A document.
#[derive(Clone, Debug, Default)]
pub struct Tree<'a> {
    nodes: Arena<'a>,
    first: Option<NodeId>,
    last: Option<NodeId>,
}

impl<'a> Tree<'a> {
    /// An empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty document with room for this many nodes.
    pub fn with_capacity(nodes: usize) -> Self {
        Self {
            nodes: Arena::with_capacity(nodes),
            first: None,
            last: None,
        }
    }

    /// The number of nodes ever added.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True where nothing was ever added.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 0
    }

    /// The node of this number.
    #[inline]
    pub fn node(&self, id: NodeId) -> &Node<'a> {
        self.nodes.node(id)
    }

    /// The node of this number, to change.
    #[inline]
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node<'a> {
        self.nodes.node_mut(id)
    }

    /// The element that this node is, if it is one.
    pub fn element(&self, id: NodeId) -> Option<&Element<'a>> {
        match &self.node(id).kind {
            Kind::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The same, to change.
    pub fn element_mut(&mut self, id: NodeId) -> Option<&mut Element<'a>> {
        match &mut self.node_mut(id).kind {
            Kind::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The name of an element without prefix; empty for other nodes.
    pub fn name(&self, id: NodeId) -> &str {
        self.element(id).map_or("", Element::local)
    }

    /// The node that holds this one.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).parent
    }

    /// The characters directly inside an element (or of a text node), joined; opaque octets as
    /// far as they are UTF-8. Borrows where there is only one piece.
    pub fn text(&self, id: NodeId) -> Cow<'_, str> {
        // Mostly it is an element with one text.
        let only = self.node(id).first.map(|first| self.node(first));
        if let Some(Node {
            kind: Kind::Text(text, _),
            next: None,
            ..
        }) = only
        {
            return Cow::Borrowed(text);
        }
        let mut pieces = self.pieces(id);
        let Some(first) = pieces.next() else {
            return Cow::Borrowed("");
        };
        let Some(second) = pieces.next() else {
            return first;
        };
        let mut joined = first.into_owned();
        joined.push_str(&second);
        pieces.for_each(|piece| joined.push_str(&piece));
        Cow::Owned(joined)
    }

    /// The octets directly inside an element: its texts as UTF-8 and its opaque pieces, joined.
    pub fn octets(&self, id: NodeId) -> Vec<u8> {
        let own = std::iter::once(id).filter(|&id| self.element(id).is_none());
        let mut all = Vec::new();
        for child in own.chain(self.children(id)) {
            match &self.node(child).kind {
                Kind::Text(text, _) => all.extend_from_slice(text.as_bytes()),
                Kind::Opaque(octets) => all.extend_from_slice(octets),
                _ => {}
            }
        }
        all
    }

    fn pieces(&self, id: NodeId) -> impl Iterator<Item = Cow<'_, str>> + '_ {
        let own = std::iter::once(id).filter(|&id| self.element(id).is_none());
        own.chain(self.children(id))
            .filter_map(|child| match &self.node(child).kind {
                Kind::Text(text, _) => Some(Cow::Borrowed(text.as_ref())),
                Kind::Opaque(octets) => Some(String::from_utf8_lossy(octets)),
                _ => None,
            })
    }

    /// All of a node: for an element from its start token to its end token.
    pub fn span(&self, id: NodeId) -> Span {
        let node = self.node(id);
        match &node.kind {
            Kind::Element(element) => node.token.to(element.end),
            _ => node.token,
        }
    }

    /// The span of what stands between the start and the end token of an element.
    pub fn inner_span(&self, id: NodeId) -> Span {
        let node = self.node(id);
        match &node.kind {
            Kind::Element(element) => Span::new(node.token.end(), element.end.start()),
            _ => node.token,
        }
    }
}
