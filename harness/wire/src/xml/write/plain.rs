//! The short way through a document: elements without attributes and without prefix, in a style
//! that asks nothing of names, texts and space. Nearly all of a message is such.
//!
//! Whatever else stands there is left to the general way, and looks the same by either.

use super::{Bound, Name, Open, Writer, escape, names};
use crate::tree::{Children, Form, Kind, Namespace, NodeId};

/// How far a node was written.
enum Written<'t, 'a> {
    /// Not at all.
    None,
    /// From its first octet to its last.
    All,
    /// The start tag of an element of this name, that holds these.
    Start(&'t str, Children<'t, 'a>),
}

impl<'t, 'a> Writer<'t, 'a> {
    /// Writes all that is inside the open elements, and their end tags.
    pub(super) fn plain(&mut self) {
        let Some(mut open) = self.open.pop() else {
            return;
        };
        loop {
            let next = if let Some(id) = open.rest.next() {
                match self.plain_node(id) {
                    Written::All => continue,
                    Written::Start(written, rest) => {
                        self.open.push(open);
                        Some(Open {
                            name: Name { added: "", written },
                            rest,
                            mark: self.scope.len(),
                            indented: false,
                        })
                    }
                    Written::None => {
                        self.open.push(open);
                        self.node(id, false);
                        self.open.pop()
                    }
                }
            } else {
                self.out.extend(["</", open.name.written, ">"]);
                self.scope.truncate(open.mark);
                self.open.pop()
            };
            match next {
                Some(next) => open = next,
                None => return,
            }
        }
    }

    /// Writes an element that has no attributes, where the last declaration was for names without
    /// prefix: all of it if it holds one plain text and nothing else, which is two of three
    /// elements of a message.
    #[inline]
    fn plain_node(&mut self, id: NodeId) -> Written<'t, 'a> {
        let tree = self.tree;
        let Kind::Element(element) = &tree.node(id).kind else {
            return Written::None;
        };
        let Some(&around @ Bound { prefix: "", .. }) = self.scope.last() else {
            return Written::None;
        };
        let name = element.name.as_ref();
        if !element.attributes.is_empty() || !names::is_unprefixed(name) {
            return Written::None;
        }
        let children = tree.children(id);
        let mut rest = children.clone();
        let Some(first) = rest.next() else {
            return Written::None;
        };
        let declared = around.means(&element.namespace);
        if let Kind::Text(text, Form::Plain) = &tree.node(first).kind
            && rest.next().is_none()
        {
            self.out.extend(["<", name]);
            if !declared {
                self.declare(&element.namespace);
            }
            if names::is_plain(text) {
                self.out.extend([">", text, "</", name, ">"]);
            } else {
                self.out.push_str(">");
                escape(&mut self.out, text, false, |_| false);
                self.out.extend(["</", name, ">"]);
            }
            return Written::All;
        }
        if !declared {
            return Written::None;
        }
        self.out.extend(["<", name, ">"]);
        Written::Start(name, children)
    }

    /// Declares the namespace of names without prefix.
    fn declare(&mut self, namespace: &Namespace<'_>) {
        let uri = namespace.uri();
        if let Namespace::Other(_) = namespace {
            self.attribute("xmlns", "", uri);
        } else {
            let (before, _, after) = self.quotes();
            self.out.extend([" xmlns", before, uri, after]);
        }
    }
}
