//! How readers fill a tree: at its end only, with the links that they know anyway.
//!
//! Whoever changes a tree uses the functions that are public.

#![expect(
    clippy::inline_always,
    reason = "measured: nodes are large and else are moved twice"
)]

use std::borrow::Cow;

use super::{Element, Form, Kind, Namespace, Node, NodeId, Tree};
use crate::span::Span;

impl<'a> Tree<'a> {
    /// Adds a node behind `previous`, the last one inside `parent` so far. For readers, which know
    /// it: `parent` is to learn its last node by [`Tree::close`].
    #[inline(always)]
    pub(crate) fn push_behind(
        &mut self,
        parent: Option<NodeId>,
        previous: Option<NodeId>,
        kind: Kind<'a>,
        token: Span,
    ) -> NodeId {
        let id = self.link(parent, previous);
        self.nodes.add(kind.owns(), || Node {
            kind,
            token,
            parent,
            first: None,
            last: None,
            next: None,
        });
        id
    }

    /// Like [`Tree::push_behind`]: an element (name, namespace, start token) without attributes. It
    /// ends where its token does.
    #[inline(always)]
    pub(crate) fn push_element_behind(
        &mut self,
        parent: Option<NodeId>,
        previous: Option<NodeId>,
        (name, namespace, token): (&'a str, Namespace<'a>, Span),
    ) -> NodeId {
        let id = self.link(parent, previous);
        let end = Span {
            at: token.at + token.len,
            len: 0,
        };
        self.nodes.add(namespace.owns(), || Node {
            kind: Kind::Element(Element {
                name: Cow::Borrowed(name),
                namespace,
                attributes: Vec::new(),
                end,
            }),
            token,
            parent,
            first: None,
            last: None,
            next: None,
        });
        id
    }

    /// Like [`Tree::push_behind`]: an element (name, namespace, start token) without attributes,
    /// and the plain text (and its token) that is all it holds. It is closed.
    #[inline(always)]
    pub(crate) fn push_leaf_behind(
        &mut self,
        parent: Option<NodeId>,
        previous: Option<NodeId>,
        (name, namespace, token): (&'a str, Namespace<'a>, Span),
        (text, text_token): (&'a str, Span),
        end: Span,
    ) -> NodeId {
        let id = self.link(parent, previous);
        let inner = NodeId::at(self.nodes.len() + 1);
        self.nodes.add(namespace.owns(), || Node {
            kind: Kind::Element(Element {
                name: Cow::Borrowed(name),
                namespace,
                attributes: Vec::new(),
                end,
            }),
            token,
            parent,
            first: Some(inner),
            last: Some(inner),
            next: None,
        });
        self.nodes.add(false, || Node {
            kind: Kind::Text(Cow::Borrowed(text), Form::Plain),
            token: text_token,
            parent: Some(id),
            first: None,
            last: None,
            next: None,
        });
        id
    }

    /// The id of the node that is added next, put behind `previous` already.
    #[inline]
    fn link(&mut self, parent: Option<NodeId>, previous: Option<NodeId>) -> NodeId {
        let id = NodeId::at(self.nodes.len());
        match (previous, parent) {
            (Some(previous), _) => self.nodes.place_mut(previous).next = Some(id),
            (None, Some(parent)) => self.nodes.place_mut(parent).first = Some(id),
            (None, None) => self.first = Some(id),
        }
        id
    }

    /// Ends an element that was filled by [`Tree::push_behind`].
    #[inline]
    pub(crate) fn close(&mut self, id: NodeId, last: Option<NodeId>, end: Span) {
        let node = self.nodes.place_mut(id);
        node.last = last;
        if let Kind::Element(element) = &mut node.kind {
            element.end = end;
        }
    }

    /// Ends a document that was filled by [`Tree::push_behind`].
    pub(crate) fn close_top(&mut self, last: Option<NodeId>) {
        self.last = last;
    }
}
