//! Elements: start tags with names, attributes and namespaces, and the end tags that fit them.
//!
//! What an attribute is, and what a prefix means, is for `attributes` and `scope`.

use std::borrow::Cow;

use super::super::attributes::Attributes;
use super::super::names::{self, short};
use super::{Open, Reader};
use crate::span::{Span, TooBad};
use crate::tree::{Element, Form, Kind, Namespace};

impl<'a> Reader<'a, '_> {
    pub(super) fn start(&mut self, at: usize, end: usize, empty: bool) -> Result<(), TooBad> {
        let token = Span::new(at, end);
        let last = end - 1 - usize::from(empty);
        let inside = &self.text[at + 1..last];
        let (name, simple) = tag_name(inside);
        if name.is_empty() {
            self.notes
                .push("xml.bad-markup", Span::new(at, end), "a tag without a name");
            return self.kept(at, end, Form::Plain, Cow::Borrowed(&self.text[at..end]));
        }
        if self.open.len() >= self.limits.depth {
            let text = format!("elements are nested deeper than {}", self.limits.depth);
            return Err(TooBad::new("xml.too-deep", token, text));
        }
        if self.open.is_empty() {
            if self.rooted {
                self.notes.push(
                    "xml.second-root",
                    Span::new(at, end),
                    "an element behind the root element",
                );
            }
            self.rooted = true;
        }
        let mark = self.scopes.mark();
        let attributes = if name.len() == inside.len() {
            Vec::new()
        } else {
            let attributes = Attributes::new(self.text, at + 1 + name.len(), last, self.notes);
            let mut attributes = attributes.read(self.limits.attributes, token)?;
            self.scopes.declare(&attributes, self.notes);
            self.scopes.resolve(&mut attributes, self.notes);
            attributes
        };
        let namespace = if simple {
            self.scopes.unprefixed()
        } else {
            match names::qualified(name) {
                Some(("", _)) => self.scopes.unprefixed(),
                Some((prefix, _)) => self.scopes.bound(prefix, at + 1, self.notes),
                None => self.bad_name(at + 1, name),
            }
        };
        self.count(1 + attributes.len(), token)?;
        let position = Span::new(end, end);
        let element = Element {
            name: Cow::Borrowed(name),
            namespace,
            attributes,
            end: position,
        };
        let id = self.add(Kind::Element(element), token);
        if empty {
            self.scopes.leave(mark);
        } else {
            let last = None;
            self.open.push(Open {
                id,
                last,
                name,
                mark,
            });
        }
        Ok(())
    }

    pub(super) fn end(&mut self, at: usize, end: usize) {
        let inside = &self.text[at + 2..end - 1];
        if self.open.last().is_some_and(|open| open.name == inside) {
            self.close(at, end);
            return;
        }
        let name = inside.trim_end_matches([' ', '\t', '\n', '\r']);
        let name = match name.find([' ', '\t', '\n', '\r']) {
            Some(space) => {
                self.notes.push(
                    "xml.bad-end-tag",
                    Span::new(at, end),
                    "an end tag with more than a name",
                );
                &name[..space]
            }
            None => name,
        };
        let Some(depth) = self.open.iter().rposition(|open| open.name == name) else {
            let why = format!("no element {} is open here", short(name));
            self.notes
                .push("xml.mismatched-end", Span::new(at, end), why);
            return;
        };
        while self.open.len() > depth + 1 {
            let Some(open) = self.open.pop() else { return };
            self.unclosed(&open, at);
        }
        self.close(at, end);
    }

    pub(super) fn close(&mut self, at: usize, end: usize) {
        let Some(open) = self.open.pop() else { return };
        self.scopes.leave(open.mark);
        self.tree.close(open.id, open.last, Span::new(at, end));
    }

    pub(super) fn unclosed(&mut self, open: &Open<'a>, at: usize) {
        let token = self.tree.node(open.id).token;
        let why = format!("the element {} has no end tag", short(open.name));
        self.notes
            .push("xml.unclosed", Span::new(token.start(), token.end()), why);
        self.scopes.leave(open.mark);
        self.tree.close(open.id, open.last, Span::new(at, at));
    }

    fn bad_name(&mut self, at: usize, name: &str) -> Namespace<'a> {
        let why = format!("{} is no qualified name", short(name));
        self.notes
            .push("xml.bad-name", Span::new(at, at + name.len()), why);
        Namespace::None
    }
}

/// What stands for the name at the start of a tag, all up to space, whether it is a name or not;
/// and true where it certainly is one, without a prefix.
fn tag_name(inside: &str) -> (&str, bool) {
    let octets = inside.as_bytes();
    let len = names::simple_len(inside);
    if octets.get(len).is_none_or(|&octet| names::is_space(octet)) {
        return (&inside[..len], len > 0);
    }
    let len = octets.iter().position(|&octet| names::is_space(octet));
    (&inside[..len.unwrap_or(octets.len())], false)
}
