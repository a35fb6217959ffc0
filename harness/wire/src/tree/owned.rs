//! Trees that outlive what they were read from.
//!
//! Only text is copied; numbers, spans and links stay as they are.

use std::borrow::Cow;

use super::arena::Arena;
use super::{Attribute, Element, Kind, Namespace, Node, Tree};

impl Tree<'_> {
    /// The same document, owning all its text.
    pub fn into_owned(self) -> Tree<'static> {
        let nodes = self.nodes.into_nodes().map(|node| Node {
            kind: node.kind.into_owned(),
            token: node.token,
            parent: node.parent,
            first: node.first,
            last: node.last,
            next: node.next,
        });
        Tree {
            nodes: Arena::from_nodes(nodes),
            first: self.first,
            last: self.last,
        }
    }
}

impl Kind<'_> {
    pub(super) fn into_owned(self) -> Kind<'static> {
        match self {
            Kind::Element(element) => Kind::Element(Element {
                name: Cow::Owned(element.name.into_owned()),
                namespace: element.namespace.into_owned(),
                attributes: element
                    .attributes
                    .into_iter()
                    .map(|attribute| Attribute {
                        name: Cow::Owned(attribute.name.into_owned()),
                        value: Cow::Owned(attribute.value.into_owned()),
                        namespace: attribute.namespace.into_owned(),
                        span: attribute.span,
                    })
                    .collect(),
                end: element.end,
            }),
            Kind::Text(text, form) => Kind::Text(Cow::Owned(text.into_owned()), form),
            Kind::Opaque(octets) => Kind::Opaque(Cow::Owned(octets.into_owned())),
            Kind::Comment(text) => Kind::Comment(Cow::Owned(text.into_owned())),
            Kind::Instruction(text) => Kind::Instruction(Cow::Owned(text.into_owned())),
        }
    }
}

impl Namespace<'_> {
    pub(super) fn into_owned(self) -> Namespace<'static> {
        match self {
            Self::Other(uri) => Namespace::Other(Cow::Owned(uri.into_owned())),
            Self::None => Namespace::None,
            Self::SyncMl10 => Namespace::SyncMl10,
            Self::SyncMl11 => Namespace::SyncMl11,
            Self::SyncMl12 => Namespace::SyncMl12,
            Self::MetInf => Namespace::MetInf,
            Self::DevInf => Namespace::DevInf,
            Self::DmDdf => Namespace::DmDdf,
        }
    }
}
