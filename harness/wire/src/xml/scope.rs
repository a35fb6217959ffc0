//! Which prefix means which namespace where, while a document is read from front to back.
//!
//! A stack of bindings with a mark for each open element, and the rules of Namespaces in XML 1.0
//! for what may be bound. What a namespace means is for the vocabularies.

use std::borrow::Cow;
use std::collections::HashMap;

use super::attributes::duplicates;
use super::names;
use crate::span::{Notes, Span};
use crate::tree::{Attribute, Namespace};

/// The namespace of the prefix `xml`, which is bound without a declaration.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of the prefix `xmlns`, which no declaration may name.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Octets of a namespace that are kept: a clone goes to each element, so it must not be long.
const NAMESPACE: usize = 1024;

/// Up to this many bindings a walk back is quicker than hashing.
const FEW: usize = 8;

/// The bindings in scope.
#[derive(Debug, Default)]
pub(super) struct Scopes<'a> {
    bindings: Vec<Binding<'a>>,
    /// The binding of the default namespace, which is asked for at almost every element.
    default: Option<usize>,
    /// Those of prefixes.
    latest: HashMap<&'a str, usize>,
    lengthy: bool,
}

#[derive(Debug)]
struct Binding<'a> {
    prefix: &'a str,
    namespace: Namespace<'a>,
    shadowed: Option<usize>,
}

impl<'a> Scopes<'a> {
    /// How many bindings there are now; to give to [`Scopes::leave`].
    pub(super) fn mark(&self) -> usize {
        self.bindings.len()
    }

    /// Binds a prefix, empty for the default namespace, until the mark in front is left.
    pub(super) fn bind(&mut self, prefix: &'a str, namespace: Namespace<'a>) {
        let at = self.bindings.len();
        let shadowed = if prefix.is_empty() {
            self.default.replace(at)
        } else {
            self.latest.insert(prefix, at)
        };
        self.bindings.push(Binding {
            prefix,
            namespace,
            shadowed,
        });
    }

    /// Forgets all bindings made since this mark.
    pub(super) fn leave(&mut self, mark: usize) {
        while self.bindings.len() > mark {
            let Some(binding) = self.bindings.pop() else {
                return;
            };
            if binding.prefix.is_empty() {
                self.default = binding.shadowed;
            } else if let Some(at) = binding.shadowed {
                self.latest.insert(binding.prefix, at);
            } else {
                self.latest.remove(binding.prefix);
            }
        }
    }

    /// The default namespace here.
    pub(super) fn unprefixed(&self) -> Namespace<'a> {
        let binding = self.default.and_then(|at| self.bindings.get(at));
        binding.map_or(Namespace::None, |binding| binding.namespace.clone())
    }

    /// What this prefix is bound to, if it is bound.
    fn lookup(&self, prefix: &str) -> Option<&Namespace<'a>> {
        let found = if self.bindings.len() <= FEW {
            self.bindings
                .iter()
                .rfind(|binding| binding.prefix == prefix)
        } else {
            self.latest
                .get(prefix)
                .and_then(|&at| self.bindings.get(at))
        };
        found.map(|binding| &binding.namespace)
    }

    /// Binds what the namespace declarations among these bind.
    pub(super) fn declare(&mut self, attributes: &[Attribute<'a>], notes: &mut Notes) {
        for attribute in attributes.iter().filter(|attribute| attribute.declares()) {
            // Names are slices of the input, so a prefix of them can be, too.
            let Cow::Borrowed(name) = attribute.name else {
                continue;
            };
            let prefix = name.strip_prefix("xmlns:").unwrap_or_default();
            let uri = &attribute.value;
            let why = match (prefix, uri.as_ref()) {
                ("xml", XML) => continue,
                ("xml", _) | (_, XML) => "xml is bound to its own namespace, and only xml",
                ("xmlns", _) | (_, XMLNS) => "xmlns is never declared",
                ("", _) if name != "xmlns" => continue,
                ("", _) => "",
                (_, "") => "only the default namespace can be undone",
                _ => "",
            };
            if !why.is_empty() {
                notes.push("xml.bad-namespace", attribute.span, why);
                continue;
            }
            let mut uri = uri.clone();
            if uri.len() > NAMESPACE {
                if !self.lengthy {
                    let why = "a namespace that is cut short, and so are others";
                    notes.push("xml.long-namespace", attribute.span, why);
                }
                self.lengthy = true;
                uri = cut(uri);
            }
            self.bind(prefix, Namespace::from_uri(uri));
        }
    }

    /// Gives prefixed attributes their namespaces, and notes those that are there twice.
    pub(super) fn resolve(&self, attributes: &mut [Attribute<'a>], notes: &mut Notes) {
        for attribute in attributes.iter_mut() {
            if attribute.declares() {
                continue;
            }
            if !attribute.name.contains(':') {
                continue;
            }
            if let Some((prefix, _)) = names::qualified(&attribute.name) {
                attribute.namespace = self.bound(prefix, attribute.span.start(), notes);
            }
        }
        duplicates(attributes, notes);
    }

    /// The namespace of a prefix that stands at this offset.
    pub(super) fn bound(&self, prefix: &str, at: usize, notes: &mut Notes) -> Namespace<'a> {
        if prefix == "xml" {
            return Namespace::Other(Cow::Borrowed(XML));
        }
        if let Some(namespace) = self.lookup(prefix) {
            return namespace.clone();
        }
        let why = format!("nothing binds the prefix {}", names::short(prefix));
        notes.push("xml.unbound-prefix", Span::new(at, at + prefix.len()), why);
        Namespace::None
    }
}

fn cut(uri: Cow<'_, str>) -> Cow<'_, str> {
    let mut end = NAMESPACE;
    while !uri.is_char_boundary(end) {
        end -= 1;
    }
    match uri {
        Cow::Borrowed(uri) => Cow::Borrowed(&uri[..end]),
        Cow::Owned(mut uri) => {
            uri.truncate(end);
            Cow::Owned(uri)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inner_binding_hides_an_outer_one_until_it_is_left() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        for filler in [&names[..0], &names[..]] {
            let mut scopes = Scopes::default();
            for name in filler {
                scopes.bind(name, Namespace::DevInf);
            }
            scopes.bind("p", Namespace::SyncMl11);
            let mark = scopes.mark();
            scopes.bind("p", Namespace::SyncMl12);
            assert_eq!(scopes.lookup("p"), Some(&Namespace::SyncMl12));
            scopes.leave(mark);
            assert_eq!(scopes.lookup("p"), Some(&Namespace::SyncMl11));
            assert_eq!(scopes.lookup("q"), None);
            scopes.leave(0);
            assert_eq!(scopes.lookup("p"), None);
        }
    }
}
