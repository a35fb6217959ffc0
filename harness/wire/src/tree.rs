//! The one document tree: XML and WBXML both read into it and are both written from it.
//!
//! It keeps order, namespaces, prefixes, unknown elements and the span of every token. It has no
//! opinion: what a vocabulary means is the business of `dm`, `cp` and `pull`.
//!
//! An arena: nodes are numbered, children are a linked list, so that a peer's fault may cut out or
//! move a subtree in place. Text borrows from the input wherever the input holds it verbatim.

mod fill;
mod owned;

use std::borrow::Cow;
use std::num::NonZeroU32;

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

/// A namespace: those of the field have a name here, whatever else was declared is kept as text.
///
/// WBXML has no namespaces on the wire; its reader gives each element that of its code page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Namespace<'a> {
    /// No namespace at all.
    #[default]
    None,
    /// `SYNCML:SYNCML1.0`.
    SyncMl10,
    /// `SYNCML:SYNCML1.1`.
    SyncMl11,
    /// `SYNCML:SYNCML1.2`.
    SyncMl12,
    /// `syncml:metinf`.
    MetInf,
    /// `syncml:devinf`.
    DevInf,
    /// `syncml:dmddf1.2`.
    DmDdf,
    /// Any other, as declared.
    Other(Cow<'a, str>),
}

impl<'a> Namespace<'a> {
    /// The namespace that this URI names.
    pub fn from_uri(uri: impl Into<Cow<'a, str>>) -> Self {
        let uri = uri.into();
        match uri.as_ref() {
            "" => Self::None,
            "SYNCML:SYNCML1.0" => Self::SyncMl10,
            "SYNCML:SYNCML1.1" => Self::SyncMl11,
            "SYNCML:SYNCML1.2" => Self::SyncMl12,
            "syncml:metinf" => Self::MetInf,
            "syncml:devinf" => Self::DevInf,
            "syncml:dmddf1.2" => Self::DmDdf,
            _ => Self::Other(uri),
        }
    }

    /// The URI; empty for none.
    pub fn uri(&self) -> &str {
        match self {
            Self::None => "",
            Self::SyncMl10 => "SYNCML:SYNCML1.0",
            Self::SyncMl11 => "SYNCML:SYNCML1.1",
            Self::SyncMl12 => "SYNCML:SYNCML1.2",
            Self::MetInf => "syncml:metinf",
            Self::DevInf => "syncml:devinf",
            Self::DmDdf => "syncml:dmddf1.2",
            Self::Other(uri) => uri,
        }
    }

    /// True for the three namespaces of the SyncML representation protocol.
    pub fn is_syncml(&self) -> bool {
        matches!(self, Self::SyncMl10 | Self::SyncMl11 | Self::SyncMl12)
    }
}

/// One attribute, namespace declarations among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// The name as written, prefix included.
    pub name: Cow<'a, str>,
    /// The value, references resolved.
    pub value: Cow<'a, str>,
    /// The namespace of a prefixed name.
    pub namespace: Namespace<'a>,
    /// Name, equals sign, quotes and value; for WBXML its tokens.
    pub span: Span,
}

impl Attribute<'_> {
    /// The name without its prefix.
    pub fn local(&self) -> &str {
        local(&self.name)
    }

    /// True for `xmlns` and `xmlns:…`.
    pub fn declares(&self) -> bool {
        self.name == "xmlns" || self.name.starts_with("xmlns:")
    }
}

/// An element: start and end token, name, namespace, attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// The name as written, prefix included.
    pub name: Cow<'a, str>,
    /// The namespace that the name is in.
    pub namespace: Namespace<'a>,
    /// Attributes in document order. Empty, mostly, and then it owns no memory.
    pub attributes: Vec<Attribute<'a>>,
    /// The end token; empty (a position) where the start token closes the element itself.
    pub end: Span,
}

impl Element<'_> {
    /// Whether this is its name without its prefix.
    #[inline]
    pub fn is(&self, local: &str) -> bool {
        match self.name.strip_suffix(local) {
            Some(prefix) => prefix.is_empty() || prefix.ends_with(':'),
            None => false,
        }
    }

    /// The name without its prefix.
    pub fn local(&self) -> &str {
        local(&self.name)
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
    nodes: Vec<Node<'a>>,
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
            nodes: Vec::with_capacity(nodes),
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
        self.nodes.is_empty()
    }

    /// The first element at the top.
    pub fn root(&self) -> Option<NodeId> {
        self.top().find(|&id| self.element(id).is_some())
    }

    /// All nodes at the top: comments, instructions, and one root if the document is right.
    pub fn top(&self) -> Children<'_, 'a> {
        Children {
            tree: self,
            next: self.first,
        }
    }

    /// The node of this number.
    #[inline]
    pub fn node(&self, id: NodeId) -> &Node<'a> {
        &self.nodes[id.index()]
    }

    /// The node of this number, to change.
    #[inline]
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node<'a> {
        &mut self.nodes[id.index()]
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

    /// All nodes directly inside this one, in order.
    pub fn children(&self, id: NodeId) -> Children<'_, 'a> {
        Children {
            tree: self,
            next: self.node(id).first,
        }
    }

    /// The elements directly inside this one, in order.
    pub fn elements(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.children(id)
            .filter(|&child| self.element(child).is_some())
    }

    /// The first element of this local name directly inside.
    pub fn child(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.children(id)
            .find(|&child| self.element(child).is_some_and(|it| it.is(name)))
    }

    /// The first element down this path of local names, `Target/LocURI`.
    pub fn find(&self, id: NodeId, path: &str) -> Option<NodeId> {
        path.split('/')
            .try_fold(id, |at, name| self.child(at, name))
    }

    /// The node and all below it, in document order.
    pub fn descend(&self, id: NodeId) -> Descend<'_, 'a> {
        Descend {
            tree: self,
            top: id,
            next: Some(id),
        }
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
        own.chain(self.children(id))
            .flat_map(|child| match &self.node(child).kind {
                Kind::Text(text, _) => text.as_bytes().to_vec(),
                Kind::Opaque(octets) => octets.to_vec(),
                _ => Vec::new(),
            })
            .collect()
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

    /// Adds a node as the last inside `parent`, or at the top.
    pub fn push(&mut self, parent: Option<NodeId>, kind: Kind<'a>, token: Span) -> NodeId {
        let id = NodeId::at(self.nodes.len());
        let last = match parent {
            Some(parent) => self.node_mut(parent).last.replace(id),
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
        self.node_mut(id).parent = parent;
        let last = match parent {
            Some(parent) => self.node_mut(parent).last.replace(id),
            None => self.last.replace(id),
        };
        match (last, parent) {
            (Some(last), _) => self.node_mut(last).next = Some(id),
            (None, Some(parent)) => self.node_mut(parent).first = Some(id),
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
        self.node_mut(id).parent = parent;
        self.node_mut(id).next = Some(before);
        match (previous, parent) {
            (Some(previous), _) => self.node_mut(previous).next = Some(id),
            (None, Some(parent)) => self.node_mut(parent).first = Some(id),
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
            (Some(previous), _) => self.node_mut(previous).next = next,
            (None, Some(parent)) => self.node_mut(parent).first = next,
            (None, None) => self.first = next,
        }
        if next.is_none() {
            match parent {
                Some(parent) => self.node_mut(parent).last = previous,
                None => self.last = previous,
            }
        }
        let node = self.node_mut(id);
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

/// Iterates over siblings.
#[derive(Clone)]
pub struct Children<'t, 'a> {
    tree: &'t Tree<'a>,
    next: Option<NodeId>,
}

impl Iterator for Children<'_, '_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = self.next?;
        self.next = self.tree.node(id).next;
        Some(id)
    }
}

/// Iterates over a subtree in document order.
pub struct Descend<'t, 'a> {
    tree: &'t Tree<'a>,
    top: NodeId,
    next: Option<NodeId>,
}

impl Iterator for Descend<'_, '_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = self.next?;
        self.next = self.tree.node(id).first.or_else(|| {
            let mut at = id;
            loop {
                if at == self.top {
                    return None;
                }
                if let Some(next) = self.tree.node(at).next {
                    return Some(next);
                }
                at = self.tree.node(at).parent?;
            }
        });
        Some(id)
    }
}

fn local(name: &str) -> &str {
    // Names are short: a search made for long texts takes longer than they are.
    match name.bytes().rposition(|octet| octet == b':') {
        Some(colon) => name.get(colon + 1..).unwrap_or_default(),
        None => name,
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
