//! Golden messages: templates with holes, read once and checked while they are read.
//!
//! A golden is XML, whatever the encoding of what it is compared with ([`crate::compare`]). What is
//! listed has to be there in that order, other things may stand between; attributes and an element
//! in the namespace `urn:assay:golden` say otherwise:
//!
//! | markup | meaning |
//! |---|---|
//! | `${name}` | a whole text: equal to what the name stands for, or what it stands for from here on |
//! | `${name:class}` | the same, and of this class: any, int, b64, hex, uri, text |
//! | `closed="true"` | nothing else may stand in this element |
//! | `any-order="true"` | what is listed in this element may stand in any order |
//! | `optional="true"` | this element may be missing |
//! | `<none-of>Add Replace</none-of>` | no element of these names may stand here |
//!
//! An element that is written empty says nothing about what is in it, unless it is closed.

use assay_wire::tree::{Kind, Namespace, NodeId};
use assay_wire::{Limits, Span, Tree, xml};

use crate::rule::decode_base64;

/// The namespace of the markup.
pub const NAMESPACE: &str = "urn:assay:golden";

/// A golden message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Golden {
    pub(crate) root: Template,
}

/// What an element has to be.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an attribute of its own"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    /// Its name, without prefix.
    pub(crate) name: String,
    /// True for an element of the device description framework, whose names are those of others.
    pub(crate) is_ddf: bool,
    pub(crate) closed: bool,
    pub(crate) any_order: bool,
    pub(crate) optional: bool,
    pub(crate) none_of: Vec<String>,
    pub(crate) content: Content,
}

/// What has to be in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Anything.
    Anything,
    /// This text.
    Text(String),
    /// Whatever this name stands for.
    Hole(String, Class),
    /// These elements.
    Elements(Vec<Template>),
}

/// What a text has to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Any,
    Int,
    B64,
    Hex,
    Uri,
    Text,
}

/// What is wrong with a golden, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) span: Span,
    pub(crate) message: String,
}

impl Class {
    const NAMES: [(&'static str, Self); 6] = [
        ("any", Self::Any),
        ("int", Self::Int),
        ("b64", Self::B64),
        ("hex", Self::Hex),
        ("uri", Self::Uri),
        ("text", Self::Text),
    ];

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, class)| *class == self)
            .map_or("", |(name, _)| name)
    }

    /// Whether a text is of this class. All but `any` want at least one character.
    pub(crate) fn holds(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Int => !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit()),
            Self::B64 => !text.trim().is_empty() && decode_base64(text).is_some(),
            Self::Hex => !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_hexdigit()),
            Self::Uri => {
                let printable = |c: char| !c.is_whitespace() && !c.is_control();
                !text.is_empty() && text.chars().all(printable)
            }
            Self::Text => !text.trim().is_empty(),
        }
    }
}

/// Reads a golden.
pub(crate) fn parse(source: &str) -> Result<Golden, Vec<Trouble>> {
    let (tree, notes) = match xml::read(source.as_bytes(), &Limits::TARGET) {
        Ok(read) => read,
        Err(bad) => {
            return Err(vec![Trouble {
                span: bad.span,
                message: bad.text,
            }]);
        }
    };
    let mut reader = Reader {
        tree: &tree,
        troubles: Vec::new(),
    };
    let faults = notes.iter().filter(|note| xml::is_fault(note.kind));
    reader.troubles.extend(faults.map(|note| Trouble {
        span: note.span,
        message: note.text.clone(),
    }));
    let root = tree.root().map(|root| reader.template(root));
    match root {
        Some(root) if reader.troubles.is_empty() => Ok(Golden { root }),
        _ => Err(reader.troubles),
    }
}

struct Reader<'a> {
    tree: &'a Tree<'a>,
    troubles: Vec<Trouble>,
}

impl Reader<'_> {
    fn trouble(&mut self, span: Span, message: impl Into<String>) {
        self.troubles.push(Trouble {
            span,
            message: message.into(),
        });
    }

    fn template(&mut self, id: NodeId) -> Template {
        let mut template = Template {
            name: self.tree.name(id).to_owned(),
            is_ddf: is_ddf(self.tree, id),
            closed: false,
            any_order: false,
            optional: false,
            none_of: Vec::new(),
            content: Content::Anything,
        };
        self.attributes(id, &mut template);
        let elements: Vec<NodeId> = self.tree.elements(id).collect();
        let text = self.tree.text(id).trim().to_owned();
        let inside: Vec<Template> = elements
            .iter()
            .filter_map(|&child| self.inside(child, &mut template))
            .collect();
        if elements.is_empty() {
            if !text.is_empty() {
                template.content = self.text(id, text);
            }
        } else {
            if !text.is_empty() {
                self.trouble(self.tree.span(id), "text beside elements is never compared");
            }
            template.content = Content::Elements(inside);
        }
        template
    }

    /// An element of the golden, or what is markup of ours.
    fn inside(&mut self, id: NodeId, parent: &mut Template) -> Option<Template> {
        let is_ours = |namespace: &Namespace<'_>| namespace.uri() == NAMESPACE;
        if !self
            .tree
            .element(id)
            .is_some_and(|element| is_ours(&element.namespace))
        {
            return Some(self.template(id));
        }
        let span = self.tree.span(id);
        if self.tree.name(id) == "none-of" {
            let names = self.tree.text(id);
            parent
                .none_of
                .extend(names.split_whitespace().map(str::to_owned));
            if parent.none_of.is_empty() {
                self.trouble(span, "none-of without a name");
            }
        } else {
            self.trouble(span, "only none-of is an element of this namespace");
        }
        None
    }

    fn attributes(&mut self, id: NodeId, template: &mut Template) {
        let attributes = self
            .tree
            .element(id)
            .map(|element| element.attributes.clone());
        for attribute in attributes.unwrap_or_default() {
            if attribute.declares() {
                continue;
            }
            if attribute.namespace.uri() != NAMESPACE {
                self.trouble(attribute.span, "attributes are not compared");
                continue;
            }
            match attribute.local() {
                "closed" => template.closed = true,
                "any-order" => template.any_order = true,
                "optional" => template.optional = true,
                _ => self.trouble(
                    attribute.span,
                    "there is closed, any-order and optional, and no other attribute",
                ),
            }
            if attribute.value != "true" {
                self.trouble(
                    attribute.span,
                    "the value is true, or the attribute is left out",
                );
            }
        }
    }

    fn text(&mut self, id: NodeId, text: String) -> Content {
        if !text.contains("${") {
            return Content::Text(text);
        }
        let span = self.tree.inner_span(id);
        let hole = text
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'));
        let Some(hole) = hole.filter(|hole| !hole.contains("${")) else {
            self.trouble(span, "a hole stands for a whole text");
            return Content::Anything;
        };
        let (name, class) = hole.split_once(':').unwrap_or((hole, "any"));
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if name.is_empty() || !name.chars().all(is_name) {
            self.trouble(
                span,
                "a hole has a name of letters, digits, dots and hyphens",
            );
        }
        let class = Class::NAMES.iter().find(|(name, _)| *name == class);
        let Some((_, class)) = class else {
            let names = Class::NAMES.map(|(name, _)| name).join(", ");
            self.trouble(span, format!("the classes of holes are {names}"));
            return Content::Anything;
        };
        Content::Hole(name.to_owned(), *class)
    }
}

/// True for an element of the device description framework.
pub(crate) fn is_ddf(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.element(id)
        .is_some_and(|element| element.namespace == Namespace::DmDdf)
}

/// The first lines of a template or an element, for a diff: indented, attributes left out.
pub(crate) fn lines(tree: &Tree<'_>, id: NodeId, depth: usize, lines: &mut Vec<String>) {
    if lines.len() >= crate::compare::LINES {
        return;
    }
    let name = tree.name(id);
    let indent = "  ".repeat(depth);
    let text = tree.text(id);
    let text = text.trim();
    if tree.elements(id).next().is_none() {
        let line = if text.is_empty() {
            format!("{indent}<{name}/>")
        } else {
            format!("{indent}<{name}>{}</{name}>", crate::compare::short(text))
        };
        lines.push(line);
        return;
    }
    lines.push(format!("{indent}<{name}>"));
    for child in tree.children(id) {
        if matches!(tree.node(child).kind, Kind::Element(_)) {
            self::lines(tree, child, depth + 1, lines);
        }
    }
    lines.push(format!("{indent}</{name}>"));
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_golden_is_read_with_its_markup() {
        let golden = parse(
            r#"<!-- why --><SyncML xmlns:g="urn:assay:golden"><SyncBody g:closed="true">
                 <Status g:any-order="true"><Data>200</Data><MsgRef>${msg:int}</MsgRef></Status>
                 <Final g:optional="true"/><g:none-of>Get Exec</g:none-of></SyncBody></SyncML>"#,
        )
        .expect("a golden");
        let Content::Elements(body) = &golden.root.content else {
            panic!("no body")
        };
        let [body] = body.as_slice() else {
            panic!("one body")
        };
        assert!(body.closed && body.none_of == ["Get", "Exec"]);
        let Content::Elements(commands) = &body.content else {
            panic!("no commands")
        };
        let [status, fin] = commands.as_slice() else {
            panic!("two elements")
        };
        assert!(status.any_order && fin.optional && fin.content == Content::Anything);
        let Content::Elements(parts) = &status.content else {
            panic!("no parts")
        };
        assert_eq!(parts[0].content, Content::Text("200".into()));
        assert_eq!(parts[1].content, Content::Hole("msg".into(), Class::Int));
    }

    #[rstest]
    #[case(
        "<a>${x:date}</a>",
        "the classes of holes are any, int, b64, hex, uri, text"
    )]
    #[case("<a>x${y}</a>", "a hole stands for a whole text")]
    #[case("<a>${}</a>", "a hole has a name of letters, digits, dots and hyphens")]
    #[case("<a b='c'/>", "attributes are not compared")]
    #[case("<a>text<b/></a>", "text beside elements is never compared")]
    #[case(
        "<a xmlns:g='urn:assay:golden' g:close='true'/>",
        "there is closed, any-order and optional, and no other attribute"
    )]
    #[case(
        "<a xmlns:g='urn:assay:golden' g:closed='yes'/>",
        "the value is true, or the attribute is left out"
    )]
    #[case(
        "<a xmlns:g='urn:assay:golden'><g:some/></a>",
        "only none-of is an element of this namespace"
    )]
    fn a_wrong_golden_says_what_is_wrong(#[case] source: &str, #[case] message: &str) {
        let troubles = parse(source).expect_err("a trouble");
        assert_eq!(troubles[0].message, message);
    }

    #[rstest]
    #[case(Class::Int, "12", true)]
    #[case(Class::Int, "-1", false)]
    #[case(Class::B64, "QUJD", true)]
    #[case(Class::B64, "", false)]
    #[case(Class::Hex, "1aF", true)]
    #[case(Class::Hex, "1g", false)]
    #[case(Class::Uri, "http://a/b?c", true)]
    #[case(Class::Uri, "a b", false)]
    #[case(Class::Text, " ", false)]
    #[case(Class::Any, "", true)]
    fn classes_hold_for_their_texts(#[case] class: Class, #[case] text: &str, #[case] holds: bool) {
        assert_eq!(class.holds(text), holds);
    }
}
