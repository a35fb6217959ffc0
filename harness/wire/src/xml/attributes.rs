//! The attributes of one start tag: names, values, and which of them are there twice.
//!
//! Lexical only. What a namespace declaration binds, and which namespace a prefix means, is the
//! business of the reader around it.

use std::borrow::Cow;
use std::collections::HashSet;

use super::names::{self, short};
use super::text::resolve;
use crate::span::{Notes, Span, TooBad};
use crate::tree::{Attribute, Namespace};

/// Up to this many attributes are compared each with each.
const FEW: usize = 8;

/// Reads the attributes between two offsets of the text.
pub(super) struct Attributes<'a, 'n> {
    text: &'a str,
    at: usize,
    end: usize,
    notes: &'n mut Notes,
}

impl<'a, 'n> Attributes<'a, 'n> {
    /// The attributes between the name and the end of a start tag.
    pub(super) fn new(text: &'a str, at: usize, end: usize, notes: &'n mut Notes) -> Self {
        Self {
            text,
            at,
            end,
            notes,
        }
    }

    /// All of them, without namespaces, if they are no more than `limit`.
    pub(super) fn read(mut self, limit: usize, tag: Span) -> Result<Vec<Attribute<'a>>, TooBad> {
        let mut attributes = Vec::with_capacity(1);
        loop {
            let spaced = self.skip_space();
            if self.at >= self.end {
                return Ok(attributes);
            }
            if !spaced {
                self.bad(self.at, "no space in front of an attribute");
            }
            if attributes.len() == limit {
                let text = format!("an element has more than {limit} attributes");
                return Err(TooBad::new("xml.too-many-attributes", tag, text));
            }
            attributes.extend(self.attribute());
        }
    }

    fn attribute(&mut self) -> Option<Attribute<'a>> {
        let start = self.at;
        let len = names::name_len(&self.text[self.at..self.end]);
        let name = &self.text[self.at..self.at + len];
        if name.is_empty() {
            self.skip_to_space();
            self.bad(start, "an attribute without a name");
            return None;
        }
        self.at += len;
        if names::simple_len(name) != len && names::qualified(name).is_none() {
            let why = format!("{} is no qualified name", short(name));
            self.notes
                .push("xml.bad-name", Span::new(start, self.at), why);
        }
        let named = self.at;
        self.skip_space();
        if self.octet() != Some(b'=') {
            self.at = named;
            self.bad(start, "an attribute without a value");
            return Some(attribute(name, Cow::Borrowed(""), start, named));
        }
        self.at += 1;
        self.skip_space();
        let value = if let Some(quote @ (b'"' | b'\'')) = self.octet() {
            self.at += 1;
            self.quoted(start, quote)
        } else {
            let from = self.at;
            self.skip_to_space();
            self.bad(start, "an attribute value without quotes");
            Cow::Borrowed(&self.text[from..self.at])
        };
        Some(attribute(name, value, start, self.at))
    }

    /// The value up to this quote: XML 1.0, 3.3.3 for attributes that no DTD declares.
    fn quoted(&mut self, start: usize, quote: u8) -> Cow<'a, str> {
        let from = self.at;
        let octets = &self.text.as_bytes()[from..self.end];
        let mut special = false;
        let mut len = 0;
        for &octet in octets {
            if octet == quote {
                break;
            }
            special |= names::is_special(octet);
            len += 1;
        }
        let value = &self.text[from..from + len];
        self.at = from + len + 1;
        if len == octets.len() {
            self.at = self.end;
            self.bad(start, "an attribute value without a closing quote");
        }
        if special {
            self.normalised(value, from)
        } else {
            Cow::Borrowed(value)
        }
    }

    fn normalised(&mut self, value: &'a str, from: usize) -> Cow<'a, str> {
        let mut normal = String::with_capacity(value.len());
        let mut at = 0;
        while let Some(len) = value[at..].bytes().position(names::is_special) {
            normal.push_str(&value[at..at + len]);
            at += len;
            let rest = &value[at..];
            let mut taken = 1;
            match rest.as_bytes().first() {
                Some(b'&') => {
                    let end = rest[1..].find([';', '&']).map(|end| end + 1);
                    if let Some(end) = end.filter(|&end| rest[end..].starts_with(';')) {
                        taken = end + 1;
                        normal.push_str(&resolve(&rest[..taken], from + at, self.notes));
                    } else {
                        let span = Span::new(from + at, from + at + 1);
                        let why = "an ampersand that begins no reference";
                        self.notes.push("xml.bad-reference", span, why);
                        normal.push('&');
                    }
                }
                Some(b'<') => {
                    let why = "a less-than sign in an attribute value";
                    self.notes.push(
                        "xml.less-than-in-attribute",
                        Span::new(from + at, from + at + 1),
                        why,
                    );
                    normal.push('<');
                }
                Some(b'\r') if rest[1..].starts_with('\n') => {
                    taken = 2;
                    normal.push(' ');
                }
                _ => normal.push(' '),
            }
            at += taken;
        }
        normal.push_str(&value[at..]);
        Cow::Owned(normal)
    }

    fn octet(&self) -> Option<u8> {
        self.text.as_bytes()[..self.end].get(self.at).copied()
    }

    fn skip_space(&mut self) -> bool {
        let start = self.at;
        while self.octet().is_some_and(names::is_space) {
            self.at += 1;
        }
        self.at > start
    }

    fn skip_to_space(&mut self) {
        while self.octet().is_some_and(|octet| !names::is_space(octet)) {
            self.at += 1;
        }
    }

    fn bad(&mut self, start: usize, why: &str) {
        self.notes
            .push("xml.bad-attribute", Span::new(start, self.at), why);
    }
}

fn attribute<'a>(name: &'a str, value: Cow<'a, str>, start: usize, end: usize) -> Attribute<'a> {
    let span = Span::new(start, end);
    Attribute {
        name: Cow::Borrowed(name),
        value,
        namespace: Namespace::None,
        span,
    }
}

/// Notes each attribute whose expanded name an earlier one has: Namespaces in XML, 6.3.
pub(super) fn duplicates(attributes: &[Attribute<'_>], notes: &mut Notes) {
    let same = |a: &Attribute<'_>, b: &Attribute<'_>| {
        a.name == b.name || a.namespace != Namespace::None && key(a) == key(b)
    };
    let mut note = |attribute: &Attribute<'_>| {
        let why = format!("the attribute {} is there twice", short(&attribute.name));
        notes.push("xml.duplicate-attribute", attribute.span, why);
    };
    if attributes.len() <= 1 {
        return;
    }
    if attributes.len() <= FEW {
        for (at, attribute) in attributes.iter().enumerate() {
            if attributes[..at]
                .iter()
                .any(|earlier| same(earlier, attribute))
            {
                note(attribute);
            }
        }
        return;
    }
    let mut names = HashSet::with_capacity(attributes.len());
    let mut keys = HashSet::new();
    for attribute in attributes {
        let mut twice = !names.insert(attribute.name.as_ref());
        if attribute.namespace != Namespace::None {
            twice |= !keys.insert(key(attribute));
        }
        if twice {
            note(attribute);
        }
    }
}

fn key<'t>(attribute: &'t Attribute<'_>) -> (&'t str, &'t str) {
    (attribute.namespace.uri(), attribute.local())
}
