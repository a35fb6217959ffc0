//! Tree to text, with the freedoms that XML leaves to its writer.
//!
//! Whatever the [`Style`], reading the text again gives the same elements, namespaces, attributes
//! and characters. Names, comments and instructions are written as the tree has them: whether a
//! vocabulary, or XML, allows them is not asked, since a peer may be told to break a rule.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

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
        out: String::with_capacity(128 + 24 * tree.len()),
        scope: Vec::with_capacity(8),
        open: Vec::with_capacity(16),
        bare: style.indent.is_none()
            && style.syncml_prefix.is_none()
            && style.metinf_prefix.is_none()
            && style.referenced.is_empty()
            && style.texts != Texts::Cdata,
    };
    writer.document().into_bytes()
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
    prefix: &'t str,
    written: &'t str,
}

struct Writer<'t, 'a> {
    tree: &'t Tree<'a>,
    style: &'t Style,
    out: String,
    /// Prefix (empty for the default namespace) and URI, innermost last.
    scope: Vec<(&'t str, &'t str)>,
    open: Vec<Open<'t, 'a>>,
    /// The style asks nothing of names, of texts, or of the space between elements.
    bare: bool,
}

impl<'t, 'a> Writer<'t, 'a> {
    fn document(mut self) -> String {
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
        let Some(mut open) = self.open.pop() else {
            return;
        };
        let indented = open.indented;
        while let Some(id) = open.rest.next() {
            if self.bare && self.leaf(id) {
                continue;
            }
            self.open.push(open);
            if indented {
                self.line(depth);
            }
            self.node(id, indented);
            return;
        }
        if indented {
            self.line(depth - 1);
        }
        self.end(open.name);
        self.scope.truncate(open.mark);
    }

    /// Writes an element that holds one plain text, nothing else and no attributes, where the last
    /// declaration was for names without prefix: in a message, two of three elements. False, and
    /// nothing is written, for any other node.
    #[inline]
    fn leaf(&mut self, id: NodeId) -> bool {
        let tree = self.tree;
        let Kind::Element(element) = &tree.node(id).kind else {
            return false;
        };
        let mut children = tree.children(id);
        let Some(Kind::Text(text, Form::Plain)) = children.next().map(|id| &tree.node(id).kind)
        else {
            return false;
        };
        let Some(&("", around)) = self.scope.last() else {
            return false;
        };
        let name = element.name.as_ref();
        if children.next().is_some() || !element.attributes.is_empty() || !prefix(name).is_empty() {
            return false;
        }
        self.out.push('<');
        self.out.push_str(name);
        let uri = element.namespace.uri();
        if !std::ptr::eq(around, uri) && !same(around, uri) {
            self.attribute("xmlns", "", uri);
        }
        self.out.push('>');
        escape(&mut self.out, text, false, |_| false);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        true
    }

    fn node(&mut self, id: NodeId, indented: bool) {
        let node = self.tree.node(id);
        match &node.kind {
            Kind::Element(element) => self.element(id, element, indented),
            Kind::Text(text, form) => self.text(text, *form),
            Kind::Opaque(octets) => STANDARD.encode_string(octets, &mut self.out),
            Kind::Comment(text) => self.comment(text),
            Kind::Instruction(text) => self.instruction(text),
        }
    }

    fn element(&mut self, id: NodeId, element: &'t Element<'a>, indented: bool) {
        let mark = self.scope.len();
        let name = self.name(element);
        self.out.push('<');
        self.put(name);
        if element.attributes.is_empty() {
            if !self.is_innermost(name.prefix, &element.namespace) {
                self.bind(name.prefix, &element.namespace, mark);
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
                    self.out.push('>');
                    self.end(name);
                }
            }
            return;
        };
        self.out.push('>');
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
            self.scope.push((declared(attribute), &attribute.value));
        }
        self.bind(name.prefix, &element.namespace, mark);
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
        let prefix = prefix(written);
        let added = match &element.namespace {
            _ if !prefix.is_empty() => None,
            Namespace::MetInf => self.style.metinf_prefix.as_deref(),
            namespace if namespace.is_syncml() => self.style.syncml_prefix.as_deref(),
            _ => None,
        };
        match added {
            Some(added) => Name {
                added,
                prefix: added,
                written,
            },
            None => Name {
                added: "",
                prefix,
                written,
            },
        }
    }

    /// True where the last declaration made says just this, as it mostly does. Namespaces of the
    /// field have one name each, so that its address is enough.
    #[inline]
    fn is_innermost(&self, prefix: &str, namespace: &Namespace<'a>) -> bool {
        self.scope
            .last()
            .is_some_and(|(bound, uri)| same(bound, prefix) && std::ptr::eq(*uri, namespace.uri()))
    }

    /// Declares what this prefix has to mean, unless it does, or the element, whose bindings are
    /// those from `mark` on, says otherwise.
    fn bind(&mut self, prefix: &'t str, namespace: &'t Namespace<'a>, mark: usize) {
        let uri = namespace.uri();
        let bound = self
            .scope
            .iter()
            .rposition(|(bound, _)| same(bound, prefix));
        let means = match bound.and_then(|at| self.scope.get(at)) {
            Some(&(_, uri)) => uri,
            // Without a declaration a prefix means nothing, and its lack the lack of a namespace.
            None => "",
        };
        let carried = bound.is_some_and(|at| at >= mark);
        let undone = uri.is_empty() && !prefix.is_empty();
        if same(means, uri) || carried || undone || matches!(prefix, "xml" | "xmlns") {
            return;
        }
        self.scope.push((prefix, uri));
        match prefix {
            "" => self.attribute("xmlns", "", uri),
            _ => self.attribute("xmlns:", prefix, uri),
        }
    }

    /// An attribute, its name in two parts.
    fn attribute(&mut self, first: &str, second: &str, value: &str) {
        let (before, quote) = match self.style.quotes {
            Quotes::Double => ("=\"", '"'),
            Quotes::Single => ("='", '\''),
        };
        self.out.push(' ');
        self.out.push_str(first);
        self.out.push_str(second);
        self.out.push_str(before);
        escape(&mut self.out, value, false, |c| {
            c == quote || matches!(c, '\t' | '\n')
        });
        self.out.push(quote);
    }

    fn end(&mut self, name: Name<'t>) {
        self.out.push_str("</");
        self.put(name);
        self.out.push('>');
    }

    fn put(&mut self, name: Name<'t>) {
        if !name.added.is_empty() {
            self.out.push_str(name.added);
            self.out.push(':');
        }
        self.out.push_str(name.written);
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
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', indent * depth));
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
    let colon = name.bytes().position(|octet| octet == b':');
    colon.map_or("", |at| &name[..at])
}

/// The prefix that a namespace declaration declares; empty for the default namespace.
fn declared<'t>(attribute: &'t Attribute<'_>) -> &'t str {
    attribute.name.strip_prefix("xmlns:").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{Limits, Span};
    use crate::xml::read;

    const MESSAGE: &[u8] = b"<SyncML xmlns='SYNCML:SYNCML1.2'><SyncHdr><VerDTD>1.2</VerDTD><Meta>\
        <Size xmlns='syncml:metinf'>9</Size></Meta></SyncHdr><Data>a&lt;<![CDATA[<b>]]></Data>\
        <Final/></SyncML>";

    fn text(tree: &Tree<'_>, style: &Style) -> String {
        String::from_utf8(write(tree, style)).expect("UTF-8")
    }

    fn message() -> Tree<'static> {
        let mut tree = Tree::new();
        let root = tree.push_element(None, Namespace::SyncMl12, "SyncML");
        let header = tree.push_element(Some(root), Namespace::SyncMl12, "SyncHdr");
        let meta = tree.push_element(Some(header), Namespace::SyncMl12, "Meta");
        let size = tree.push_element(Some(meta), Namespace::MetInf, "MaxMsgSize");
        tree.push_text(size, "2048");
        tree.push_element(Some(root), Namespace::SyncMl12, "Final");
        tree
    }

    #[test]
    fn the_default_is_the_shortest() {
        let (tree, notes) = read(MESSAGE, &Limits::TARGET).expect("a tree");
        assert!(notes.is_empty());
        let expected = String::from_utf8_lossy(MESSAGE).replace('\'', "\"");
        assert_eq!(text(&tree, &Style::default()), expected);
    }

    #[test]
    fn an_element_declares_a_namespace_that_its_parent_has_not() {
        let mut tree = message();
        let root = tree.root().expect("a root");
        tree.push_element(Some(root), Namespace::None, "x");
        let expected = "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><Meta>\
            <MaxMsgSize xmlns=\"syncml:metinf\">2048</MaxMsgSize></Meta></SyncHdr><Final/>\
            <x xmlns=\"\"/></SyncML>";
        assert_eq!(text(&tree, &Style::default()), expected);
    }

    #[test]
    fn a_style_uses_every_freedom_at_once() {
        let style = Style {
            declaration: Some(Style::DECLARATION.to_owned()),
            doctype: Some("SyncML".to_owned()),
            indent: Some(1),
            syncml_prefix: Some("s".to_owned()),
            metinf_prefix: Some("m".to_owned()),
            texts: Texts::Cdata,
            quotes: Quotes::Single,
            empty: Empty::TwoTags,
            comment: Some("c".to_owned()),
            instruction: Some("p i".to_owned()),
            ..Style::default()
        };
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE SyncML>\n\
            <!--c--><?p i?>\n<s:SyncML xmlns:s='SYNCML:SYNCML1.2'>\n <!--c--><?p i?>\n \
            <s:SyncHdr>\n  <s:Meta>\n   <m:MaxMsgSize xmlns:m='syncml:metinf'>\
            <![CDATA[2048]]></m:MaxMsgSize>\n  </s:Meta>\n </s:SyncHdr>\n \
            <s:Final></s:Final>\n</s:SyncML>\n<!--c--><?p i?>\n";
        let written = text(&message(), &style);
        assert_eq!(written, expected);
        let (_, notes) = read(written.as_bytes(), &Limits::TARGET).expect("a tree");
        assert!(
            notes.iter().all(|note| note.kind == "xml.doctype"),
            "{notes:?}"
        );
    }

    #[test]
    fn what_cannot_stand_as_it_is_becomes_a_reference() {
        let mut tree = Tree::new();
        let root = tree.push_element(None, Namespace::None, "a");
        tree.push_text(root, "<\r\n]]>&\u{1}é\"");
        let element = tree.element_mut(root).expect("an element");
        let value = Cow::Borrowed("\"'<\t\r\n");
        let (name, namespace) = (Cow::Borrowed("b"), Namespace::None);
        element.attributes.push(Attribute {
            name,
            value,
            namespace,
            span: Span::default(),
        });
        let start = "<a b=\"&#34;'&lt;&#9;&#13;&#10;\">";
        assert_eq!(
            text(&tree, &Style::default()),
            format!("{start}&lt;&#13;\n]]&gt;&amp;&#1;é\"</a>")
        );
        let style = Style {
            referenced: vec!['é', '"'],
            ..Style::default()
        };
        assert_eq!(
            text(&tree, &style),
            format!("{start}&lt;&#13;\n]]&gt;&amp;&#1;&#233;&#34;</a>")
        );
        let style = Style {
            texts: Texts::Cdata,
            ..Style::default()
        };
        assert_eq!(
            text(&tree, &style),
            format!(
                "{start}<![CDATA[<]]>&#13;<![CDATA[\n]]]]><![CDATA[>&]]>&#1;<![CDATA[é\"]]></a>"
            )
        );
    }

    #[test]
    fn an_attribute_of_the_tree_has_the_last_word_on_its_prefix() {
        let (mut tree, _) = read(b"<a xmlns='u'/>", &Limits::TARGET).expect("a tree");
        let root = tree.root().expect("a root");
        tree.element_mut(root).expect("an element").namespace = Namespace::SyncMl11;
        assert_eq!(text(&tree, &Style::default()), "<a xmlns=\"u\"/>");
    }

    #[test]
    fn octets_that_xml_cannot_say_become_base64() {
        let mut tree = Tree::new();
        let root = tree.push_element(None, Namespace::None, "a");
        tree.push(
            Some(root),
            Kind::Opaque(Cow::Borrowed(b"\0\xFF")),
            Span::default(),
        );
        assert_eq!(text(&tree, &Style::default()), "<a>AP8=</a>");
    }

    #[test]
    fn no_comment_and_no_instruction_ends_early() {
        let mut tree = Tree::new();
        let root = tree.push_element(None, Namespace::None, "a");
        tree.push(Some(root), Kind::Comment("x---y-".into()), Span::default());
        tree.push(
            Some(root),
            Kind::Instruction("p ?>".into()),
            Span::default(),
        );
        assert_eq!(
            text(&tree, &Style::default()),
            "<a><!--x- - -y- --><?p ? >?></a>"
        );
    }
}
