//! What typed views of documents are made of: texts and attribute values that know where they
//! stand, and the ways to find them in a tree.
//!
//! Lenient: local names alone count, white space around a text does not. What a document means is
//! the business of the views themselves.

use std::borrow::Cow;

use crate::span::Span;
use crate::tree::{NodeId, Tree};

/// The text of an element, and the element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'t> {
    /// Its characters, white space around them removed.
    pub value: Cow<'t, str>,
    /// The element.
    pub node: NodeId,
}

/// The value of an attribute, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attr<'t> {
    /// The value as written, references resolved.
    pub value: &'t str,
    /// Name, equals sign, quotes and value.
    pub span: Span,
}

impl<'t> Text<'t> {
    /// The text of this element, white space around it removed.
    pub(crate) fn of(tree: &'t Tree<'t>, node: NodeId) -> Self {
        let value = match tree.text(node) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
        Self { value, node }
    }

    /// The value as a number, where it is one.
    pub fn number(&self) -> Option<u64> {
        self.value.parse().ok()
    }
}

/// The text of the first element down this path.
pub(crate) fn text<'t>(tree: &'t Tree<'t>, from: NodeId, path: &str) -> Option<Text<'t>> {
    tree.find(from, path).map(|node| Text::of(tree, node))
}

/// The characters of a text; none of one that is absent.
pub fn value<'a>(text: Option<&'a Text<'_>>) -> &'a str {
    text.map_or("", |text| text.value.as_ref())
}

/// The attribute of this local name.
pub(crate) fn attr<'t>(tree: &'t Tree<'t>, node: NodeId, name: &str) -> Option<Attr<'t>> {
    let attributes = &tree.element(node)?.attributes;
    let found = attributes
        .iter()
        .find(|attribute| attribute.local() == name && !attribute.declares())?;
    Some(Attr {
        value: &found.value,
        span: found.span,
    })
}

/// The root element, where it has this name.
pub(crate) fn root(tree: &Tree<'_>, name: &str) -> Option<NodeId> {
    tree.root().filter(|&root| tree.name(root) == name)
}

/// The elements of this name directly inside.
pub(crate) fn named<'t>(
    tree: &'t Tree<'t>,
    parent: NodeId,
    name: &'t str,
) -> impl Iterator<Item = NodeId> + 't {
    tree.elements(parent)
        .filter(move |&child| tree.name(child) == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, xml};

    #[test]
    fn names_count_in_any_namespace_and_white_space_does_not() {
        let source = b"<r><x:a xmlns:x='u' x:b=' 1 '> 7\n</x:a><a>8</a></r>";
        let (tree, _) = xml::read(source, &Limits::TARGET).expect("a tree");
        let top = root(&tree, "r").expect("a root");
        assert_eq!(root(&tree, "a"), None);
        let first = text(&tree, top, "a").expect("a text");
        assert_eq!((value(Some(&first)), first.number()), ("7", Some(7)));
        assert_eq!(value(None), "");
        assert_eq!(named(&tree, top, "a").count(), 2);
        let found = attr(&tree, first.node, "b").expect("an attribute");
        assert_eq!(found.value, " 1 ");
        assert_eq!(attr(&tree, first.node, "x"), None, "a declaration is none");
    }
}
