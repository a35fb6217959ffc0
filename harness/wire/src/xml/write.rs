//! Tree to text, with the freedoms that XML leaves to its writer.
//!
//! Whatever the [`Style`], reading the text again gives the same elements, namespaces, attributes
//! and characters. Names, comments and instructions are written as the tree has them: whether a
//! vocabulary, or XML, allows them is not asked, since a peer may be told to break a rule.

mod plain;

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::names;
use super::sink::Sink;
use super::style::{Empty, Quotes, Style, Texts};
use super::text::{cdata, escape};
use crate::tree::{Attribute, Children, Element, Form, Kind, Namespace, NodeId, Tree};

/// Writes a document as UTF-8.
///
/// An element whose namespace is not the one that its prefix, or the lack of one, means at that
/// place gets a declaration, unless it carries one for that prefix as an attribute. Carriage
/// returns and characters that XML excludes become references. Opaque octets cannot be said in XML:
/// they become base64. A comment with two hyphens, or an instruction with its end mark inside, is
/// kept from ending early by a space.
pub fn write(tree: &Tree<'_>, style: &Style) -> Vec<u8> {
    let writer = Writer {
        tree,
        style,
        out: Sink::with_capacity(128 + 24 * tree.len()),
        scope: Vec::with_capacity(8),
        open: Vec::with_capacity(16),
        bare: style.indent.is_none()
            && style.syncml_prefix.is_none()
            && style.metinf_prefix.is_none()
            && style.referenced.is_empty()
            && style.texts != Texts::Cdata,
    };
    writer.document().into_vec()
}

/// An element whose end tag is still to be written.
struct Open<'t, 'a> {
    name: Name<'t>,
    rest: Children<'t, 'a>,
    mark: usize,
    indented: bool,
}

/// A name as it is written: that of the tree, behind a prefix that the style may add.
#[derive(Clone, Copy)]
struct Name<'t> {
    added: &'t str,
    written: &'t str,
}

impl<'t> Name<'t> {
    fn prefix(self) -> &'t str {
        if self.added.is_empty() {
            prefix(self.written)
        } else {
            self.added
        }
    }
}

/// What a prefix means.
#[derive(Clone, Copy)]
struct Bound<'t, 'a> {
    /// Empty for the default namespace.
    prefix: &'t str,
    uri: &'t str,
    /// The namespace of this URI, where some element has it: that is sooner compared.
    namespace: Option<&'t Namespace<'a>>,
}

impl<'a> Bound<'_, 'a> {
    #[inline]
    fn means(&self, namespace: &Namespace<'a>) -> bool {
        self.namespace == Some(namespace) || same(self.uri, namespace.uri())
    }
}

struct Writer<'t, 'a> {
    tree: &'t Tree<'a>,
    style: &'t Style,
    out: Sink,
    /// What prefixes mean, innermost last.
    scope: Vec<Bound<'t, 'a>>,
    open: Vec<Open<'t, 'a>>,
    /// The style asks nothing of names, of texts, or of the space between elements.
    bare: bool,
}

impl<'t, 'a> Writer<'t, 'a> {
    fn document(mut self) -> Sink {
        let style = self.style;
        if let Some(inside) = &style.declaration {
            self.out.extend(["<?xml ", inside, "?>"]);
            self.line(0);
        }
        if let Some(inside) = &style.doctype {
            self.out.extend(["<!DOCTYPE ", inside, ">"]);
            self.line(0);
        }
        let root = self.tree.root();
        for id in self.tree.top() {
            let asides = Some(id) == root && self.has_asides();
            if asides {
                self.asides();
                self.line(0);
            }
            self.node(id, true);
            if self.bare {
                self.plain();
            }
            while !self.open.is_empty() {
                self.step();
            }
            self.line(0);
            if asides {
                self.asides();
                self.line(0);
            }
        }
        self.out
    }

    /// Writes what comes next inside the innermost open element, or its end tag.
    fn step(&mut self) {
        let depth = self.open.len();
        let Some(open) = self.open.last_mut() else {
            return;
        };
        let indented = open.indented;
        if let Some(id) = open.rest.next() {
            if indented {
                self.line(depth);
            }
            self.node(id, indented);
            return;
        }
        if indented {
            self.line(depth - 1);
        }
        if let Some(open) = self.open.pop() {
            self.end(open.name);
            self.scope.truncate(open.mark);
        }
    }

    fn node(&mut self, id: NodeId, indented: bool) {
        let node = self.tree.node(id);
        match &node.kind {
            Kind::Element(element) => self.element(id, element, indented),
            Kind::Text(text, form) => self.text(text, *form),
            Kind::Opaque(octets) => self.out.push_str(&STANDARD.encode(octets)),
            Kind::Comment(text) => self.comment(text),
            Kind::Instruction(text) => self.instruction(text),
        }
    }

    fn element(&mut self, id: NodeId, element: &'t Element<'a>, indented: bool) {
        let mark = self.scope.len();
        let name = self.name(element);
        if name.added.is_empty() {
            self.out.extend(["<", name.written]);
        } else {
            self.out.extend(["<", name.added, ":", name.written]);
        }
        if element.attributes.is_empty() {
            if !self.is_innermost(name.prefix(), &element.namespace) {
                self.bind(name.prefix(), &element.namespace, mark);
            }
        } else {
            self.attributes(name, element, mark);
        }
        let mut rest = self.tree.children(id);
        let Some(first) = rest.next() else {
            self.scope.truncate(mark);
            match self.style.empty {
                Empty::OneTag => self.out.push_str("/>"),
                Empty::TwoTags => {
                    self.out.push_str(">");
                    self.end(name);
                }
            }
            return;
        };
        self.out.push_str(">");
        // Most elements hold one text, and are done with it.
        if let Kind::Text(text, form) = &self.tree.node(first).kind
            && rest.next().is_none()
        {
            self.text(text, *form);
            self.end(name);
            self.scope.truncate(mark);
            return;
        }
        let outermost = self.open.is_empty() && self.has_asides();
        let spaced = (outermost || indented && self.style.indent.is_some()) && self.is_plain(id);
        let rest = self.tree.children(id);
        let indented = indented && spaced;
        self.open.push(Open {
            name,
            rest,
            mark,
            indented,
        });
        if outermost && spaced {
            self.line(1);
            self.asides();
        }
    }

    /// True for an element without text, in which space means nothing.
    fn is_plain(&self, id: NodeId) -> bool {
        let textual = |kind: &Kind<'_>| matches!(kind, Kind::Text(..) | Kind::Opaque(_));
        !self
            .tree
            .children(id)
            .any(|child| textual(&self.tree.node(child).kind))
    }

    fn attributes(&mut self, name: Name<'t>, element: &'t Element<'a>, mark: usize) {
        for attribute in element
            .attributes
            .iter()
            .filter(|attribute| attribute.declares())
        {
            let uri: &'t str = &attribute.value;
            self.scope.push(Bound {
                prefix: declared(attribute),
                uri,
                namespace: (uri == element.namespace.uri()).then_some(&element.namespace),
            });
        }
        self.bind(name.prefix(), &element.namespace, mark);
        for attribute in &element.attributes {
            if attribute.namespace != Namespace::None {
                self.bind(prefix(&attribute.name), &attribute.namespace, mark);
            }
            self.attribute("", &attribute.name, &attribute.value);
        }
    }

    /// The name with the prefix that the style asks for, where the tree has none.
    fn name(&self, element: &'t Element<'a>) -> Name<'t> {
        let written = element.name.as_ref();
        let asked = match &element.namespace {
            Namespace::MetInf => self.style.metinf_prefix.as_deref(),
            namespace if namespace.is_syncml() => self.style.syncml_prefix.as_deref(),
            _ => None,
        };
        let added = asked.filter(|_| prefix(written).is_empty());
        Name {
            added: added.unwrap_or_default(),
            written,
        }
    }

    /// True where the last declaration made says just this, as it mostly does.
    #[inline]
    fn is_innermost(&self, prefix: &str, namespace: &Namespace<'a>) -> bool {
        self.scope
            .last()
            .is_some_and(|bound| same(bound.prefix, prefix) && bound.namespace == Some(namespace))
    }

    /// Declares what this prefix has to mean, unless it does, or the element, whose bindings are
    /// those from `mark` on, says otherwise.
    fn bind(&mut self, prefix: &'t str, namespace: &'t Namespace<'a>, mark: usize) {
        let uri = namespace.uri();
        let bound = self
            .scope
            .iter()
            .rposition(|bound| same(bound.prefix, prefix));
        let means = match bound.and_then(|at| self.scope.get(at)) {
            Some(bound) => bound.uri,
            // Without a declaration a prefix means nothing, and its lack the lack of a namespace.
            None => "",
        };
        let carried = bound.is_some_and(|at| at >= mark);
        let undone = uri.is_empty() && !prefix.is_empty();
        if same(means, uri) || carried || undone || matches!(prefix, "xml" | "xmlns") {
            return;
        }
        self.scope.push(Bound {
            prefix,
            uri,
            namespace: Some(namespace),
        });
        match prefix {
            "" => self.attribute("xmlns", "", uri),
            _ => self.attribute("xmlns:", prefix, uri),
        }
    }

    /// An attribute, its name in two parts.
    fn attribute(&mut self, first: &str, second: &str, value: &str) {
        let (before, quote, after) = self.quotes();
        self.out.extend([" ", first, second, before]);
        escape(&mut self.out, value, false, |c| {
            c == quote || matches!(c, '\t' | '\n')
        });
        self.out.push_str(after);
    }

    /// What stands around the value of an attribute, and must not stand in it.
    fn quotes(&self) -> (&'static str, char, &'static str) {
        match self.style.quotes {
            Quotes::Double => ("=\"", '"', "\""),
            Quotes::Single => ("='", '\'', "'"),
        }
    }

    fn end(&mut self, name: Name<'t>) {
        if name.added.is_empty() {
            self.out.extend(["</", name.written, ">"]);
        } else {
            self.out.extend(["</", name.added, ":", name.written, ">"]);
        }
    }

    fn text(&mut self, text: &str, form: Form) {
        let referenced = &self.style.referenced;
        match (self.style.texts, form) {
            (Texts::Cdata, _) | (Texts::ByForm, Form::Cdata) => cdata(&mut self.out, text),
            (Texts::ByForm, Form::Reference) => escape(&mut self.out, text, true, |_| true),
            _ if referenced.is_empty() => escape(&mut self.out, text, false, |_| false),
            _ => escape(&mut self.out, text, true, |c| referenced.contains(&c)),
        }
    }

    fn has_asides(&self) -> bool {
        self.style.comment.is_some() || self.style.instruction.is_some()
    }

    /// The comment and the instruction that the style asks for.
    fn asides(&mut self) {
        let style = self.style;
        if let Some(text) = &style.comment {
            self.comment(text);
        }
        if let Some(text) = &style.instruction {
            self.instruction(text);
        }
    }

    fn comment(&mut self, text: &str) {
        let mut text = Cow::Borrowed(text);
        while text.contains("--") {
            text = Cow::Owned(text.replace("--", "- -"));
        }
        let tail = if text.ends_with('-') { " -->" } else { "-->" };
        self.out.extend(["<!--", &text, tail]);
    }

    fn instruction(&mut self, text: &str) {
        self.out.extend(["<?", &text.replace("?>", "? >"), "?>"]);
    }

    /// Begins a line, if lines are asked for.
    fn line(&mut self, depth: usize) {
        if let Some(indent) = self.style.indent {
            self.out.extend(["\n", &" ".repeat(indent * depth)]);
        }
    }
}

/// Equality of texts that are mostly empty: comparing the octets of nothing is slow, because it may
/// look at an address that is none.
#[inline]
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && (a.is_empty() || a == b)
}

/// The prefix of a name as written; empty for none.
fn prefix(name: &str) -> &str {
    if names::is_unprefixed(name) {
        return "";
    }
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

/// The prefix that a namespace declaration declares; empty for the default namespace.
fn declared<'t>(attribute: &'t Attribute<'_>) -> &'t str {
    attribute.name.strip_prefix("xmlns:").unwrap_or_default()
}

#[cfg(test)]
mod tests;
