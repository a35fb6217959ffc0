//! Tokens to a tree, leniently: what is odd becomes a note and reading goes on.
//!
//! It never recurses, and it stops where a [`Limits`] says so. What a note means for a verdict is
//! not decided here.

use std::borrow::Cow;

use super::header::{self, Fields, Header};
use super::lex::{ATTRIBUTES, CONTENT, LITERAL, Lexer, PI, Token};
use super::pages::{Document, Page, SYNCML, Since, Space, Vocabulary};
use super::strings::Table;
use crate::span::{Limits, Note, Notes, Span, TooBad};
use crate::tree::{Attribute, Element, Form, Kind, Namespace, NodeId, Tree};

/// Reads a document.
///
/// The vocabulary follows the public identifier (SyncML where that is unknown), and so does the
/// version in the SyncML namespace. Whether a token is newer than the document is judged by its
/// `VerDTD`, because deployed servers write one version there and another in the header.
/// An unknown token is kept as an element called `token-3F`. Empty strings leave no node behind.
///
/// # Errors
/// [`TooBad`] where the header is cut, where there is no root element, and beyond the limits.
pub fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(Tree<'a>, Header, Vec<Note>), TooBad> {
    if bytes.len() > limits.bytes {
        let span = Span::new(limits.bytes, bytes.len());
        let text = format!("{} octets, and {} are read", bytes.len(), limits.bytes);
        return Err(TooBad::new("wbxml.limit", span, text));
    }
    let mut notes = Notes::new(limits);
    let header = header::read(bytes, &mut Fields::default(), &mut notes)?;
    let document = Document::of(&header.public_id);
    let vocabulary = document.map_or(&SYNCML, |document| document.vocabulary);
    let version = document.map_or(Since::V12, |document| document.version);
    // Nearly every element of a message holds one string, and the two take some eight octets.
    let nodes = (bytes.len() / 5 + 8).min(limits.nodes);
    let mut reader = Reader {
        lexer: Lexer::new(bytes, header.span.end()),
        end: bytes.len(),
        strings: Table::new(header.table.of(bytes), header.charset, limits),
        vocabulary,
        named: version,
        version,
        page: vocabulary.page(0),
        attribute_page: 0,
        tree: Tree::with_capacity(nodes),
        open: Vec::with_capacity(limits.depth.min(16)),
        nodes: 0,
        limits: *limits,
        notes,
    };
    reader.body()?;
    Ok((reader.tree, header, reader.notes.into_vec()))
}

/// An element whose END has not come yet.
#[derive(Clone, Copy)]
struct Open {
    id: NodeId,
    /// None for literals and elements of unknown pages, in which anything may stand.
    space: Option<Space>,
    tag: u8,
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    end: usize,
    strings: Table<'a>,
    vocabulary: &'static Vocabulary,
    /// The version in the namespace: that of the public identifier.
    named: Since,
    /// The version that tokens are held against: that of VerDTD as soon as it was read.
    version: Since,
    page: Option<&'static Page>,
    attribute_page: u8,
    tree: Tree<'a>,
    open: Vec<Open>,
    nodes: usize,
    limits: Limits,
    notes: Notes,
}

impl<'a> Reader<'a> {
    fn body(&mut self) -> Result<(), TooBad> {
        let mut rooted = false;
        loop {
            if rooted && self.open.is_empty() && self.trailing() {
                break;
            }
            let Some((token, span)) = self.lexer.token(&mut self.notes) else {
                break;
            };
            match token {
                Token::Code(code) => {
                    self.element(code, span)?;
                    rooted = true;
                }
                Token::Literal(octet, index) => {
                    self.literal(octet, index, span)?;
                    rooted = true;
                }
                Token::End => self.end(span),
                Token::Inline(octets) => self.string(octets, Form::Plain, span)?,
                Token::Table(index) => {
                    let octets = self.strings.at(index, span, &mut self.notes)?;
                    self.string(octets, Form::Table, span)?;
                }
                Token::Opaque(octets) => self.opaque(octets, span)?,
                Token::Entity(code) => {
                    let character = self.character(code, span).to_string();
                    self.text(Cow::Owned(character), Form::Reference, span)?;
                }
                Token::SwitchPage(number) => self.switch(number, span),
                Token::Instruction => self.instruction(span)?,
                Token::ExtensionInline(octets) => {
                    self.notes
                        .push("wbxml.extension", span, "an inline string as extension");
                    self.string(octets, Form::Plain, span)?;
                }
                Token::ExtensionTable(index) => {
                    self.notes.push(
                        "wbxml.extension",
                        span,
                        "a string of the table as extension",
                    );
                    let octets = self.strings.at(index, span, &mut self.notes)?;
                    self.string(octets, Form::Table, span)?;
                }
                Token::Extension => {
                    self.notes
                        .push("wbxml.extension", span, "an extension without operand");
                }
            }
        }
        if !rooted {
            let span = Span::new(self.end, self.end);
            return Err(TooBad::new(
                "wbxml.no-root",
                span,
                "the document has no root element",
            ));
        }
        if !self.open.is_empty() {
            let end = Span::new(self.end, self.end);
            let text = format!("the document ends and {} elements do not", self.open.len());
            self.notes.push("wbxml.missing-end", end, text);
            while !self.open.is_empty() {
                self.end(end);
            }
        }
        Ok(())
    }

    /// After the root: nothing but instructions may follow. True where reading is over.
    fn trailing(&mut self) -> bool {
        let at = self.lexer.at();
        let mut ahead = self.lexer.clone();
        match ahead.octet() {
            None => true,
            Some(PI) => false,
            Some(_) => {
                let text = format!("{} octets after the root element", self.end - at);
                self.notes
                    .push("wbxml.trailing-bytes", Span::new(at, self.end), text);
                true
            }
        }
    }

    #[inline]
    fn element(&mut self, code: u8, span: Span) -> Result<(), TooBad> {
        let tag = code & 0x3F;
        let page = self.page;
        let known = page.and_then(|page| Some((page, page.tag(tag, self.version)?)));
        let namespace = page.map_or(Namespace::None, |page| page.space.namespace(self.named));
        let Some((page, name)) = known else {
            let name = self.unknown(tag, span);
            return self.open(code, name, namespace, None, span);
        };
        self.check(page, tag, name, span);
        let space = Some(page.space);
        let name = Cow::Borrowed(name);
        self.open(code, name, namespace, space, span)
    }

    fn literal(&mut self, octet: u8, index: u32, span: Span) -> Result<(), TooBad> {
        let octets = self.strings.at(index, span, &mut self.notes)?;
        let name = self.strings.decode(octets, span, &mut self.notes);
        // A name without a token is in the namespace around it, as an unprefixed one is in XML.
        let around = self.open.last().and_then(|open| self.tree.element(open.id));
        let namespace = around.map_or(Namespace::None, |element| element.namespace.clone());
        self.open(octet, name, namespace, None, span)
    }

    /// Adds an element; `code` says whether attributes and content follow.
    #[inline]
    fn open(
        &mut self,
        code: u8,
        name: Cow<'a, str>,
        mut namespace: Namespace<'a>,
        space: Option<Space>,
        span: Span,
    ) -> Result<(), TooBad> {
        let mut attributes = Vec::new();
        let mut token = span;
        if code & ATTRIBUTES != 0 {
            attributes = self.attributes()?;
            token = Span::new(span.start(), self.lexer.at());
            if space.is_none()
                && let Some(declared) = attributes
                    .iter()
                    .find(|attribute| attribute.name == "xmlns")
            {
                namespace = Namespace::from_uri(declared.value.clone());
            }
        }
        let end = Span::new(token.end(), token.end());
        let element = Element {
            name,
            namespace,
            attributes,
            end,
        };
        let id = self.push(Kind::Element(element), token)?;
        if code & CONTENT != 0 {
            if self.open.len() >= self.limits.depth {
                let text = format!("more than {} levels of nesting", self.limits.depth);
                return Err(TooBad::new("wbxml.limit", span, text));
            }
            self.open.push(Open {
                id,
                space,
                tag: code & 0x3F,
            });
        }
        Ok(())
    }

    fn end(&mut self, span: Span) {
        let Some(open) = self.open.pop() else {
            self.notes
                .push("wbxml.outside-root", span, "END before the root element");
            return;
        };
        if let Some(element) = self.tree.element_mut(open.id) {
            element.end = span;
        }
    }

    fn switch(&mut self, number: u8, span: Span) {
        self.page = self.vocabulary.page(number);
        if self.page.is_none() {
            let text = format!("{} has no code page {number}", self.vocabulary.name);
            self.notes.push("wbxml.unknown-page", span, text);
        }
    }

    /// Whether a token that its page knows may stand here, and in this version.
    #[inline]
    fn check(&mut self, page: &'static Page, tag: u8, name: &str, span: Span) {
        if let Some(open) = self.open.last()
            && misplaced(*open, page.space)
        {
            let around = self.tree.name(open.id);
            let text = format!(
                "{name} of page {} ({}) inside {around}",
                page.number, page.name
            );
            self.notes.push("wbxml.page-not-switched", span, text);
        }
        let since = page.since(tag);
        if since > self.version {
            let (since, version) = (since.dtd(), self.version.dtd());
            let text = format!("{name} is of version {since} and the document of {version}");
            self.notes.push("wbxml.token-too-new", span, text);
        }
    }

    #[cold]
    fn unknown(&mut self, tag: u8, span: Span) -> Cow<'a, str> {
        let around = self
            .open
            .last()
            .filter(|_| self.page.is_some())
            .and_then(|open| open.space);
        let mut pages = self.vocabulary.pages.iter();
        let meant = pages
            .find(|page| Some(page.space) == around)
            .and_then(|page| page.tag(tag, Since::V12).map(|name| (page, name)));
        if let Some((page, name)) = meant {
            let text = format!("token {tag:02X} would be {name} on page {}", page.number);
            self.notes.push("wbxml.page-not-switched", span, text);
        } else {
            let page = self.page.map_or("this page", |page| page.name);
            self.notes.push(
                "wbxml.unknown-token",
                span,
                format!("{page} has no token {tag:02X}"),
            );
        }
        Cow::Owned(format!("token-{tag:02X}"))
    }

    fn string(&mut self, octets: &'a [u8], form: Form, span: Span) -> Result<(), TooBad> {
        let text = self.strings.decode(octets, span, &mut self.notes);
        self.text(text, form, span)
    }

    fn opaque(&mut self, octets: &'a [u8], span: Span) -> Result<(), TooBad> {
        match std::str::from_utf8(octets) {
            Ok(text) => self.text(Cow::Borrowed(text), Form::Opaque, span),
            Err(_) if self.open.is_empty() => self.text(Cow::Borrowed("?"), Form::Opaque, span),
            Err(_) => self
                .push(Kind::Opaque(Cow::Borrowed(octets)), span)
                .map(|_| ()),
        }
    }

    #[inline]
    fn text(&mut self, text: Cow<'a, str>, form: Form, span: Span) -> Result<(), TooBad> {
        let Some(open) = self.open.last() else {
            self.notes
                .push("wbxml.outside-root", span, "text before the root element");
            return Ok(());
        };
        if text.is_empty() {
            return Ok(());
        }
        if declares_version(*open)
            && let Some(version) = Since::from_dtd(&text)
        {
            self.version = version;
        }
        self.push(Kind::Text(text, form), span).map(|_| ())
    }

    fn character(&mut self, code: u32, span: Span) -> char {
        char::from_u32(code)
            .filter(|&character| character != '\0')
            .unwrap_or_else(|| {
                self.notes.push(
                    "wbxml.bad-entity",
                    span,
                    format!("no character has the code {code}"),
                );
                char::REPLACEMENT_CHARACTER
            })
    }

    /// An instruction: one attribute, whose name is the target, up to its END.
    fn instruction(&mut self, span: Span) -> Result<(), TooBad> {
        let attributes = self.attributes()?;
        let mut text = String::new();
        for attribute in &attributes {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&attribute.name);
            if !attribute.value.is_empty() {
                text.push(' ');
                text.push_str(&attribute.value);
            }
        }
        let span = Span::new(span.start(), self.lexer.at());
        self.push(Kind::Instruction(Cow::Owned(text)), span)
            .map(|_| ())
    }

    /// An attribute list up to and with its END.
    fn attributes(&mut self) -> Result<Vec<Attribute<'a>>, TooBad> {
        let mut list: Vec<Attribute<'a>> = Vec::new();
        loop {
            let Some((token, span)) = self.lexer.token(&mut self.notes) else {
                let end = Span::new(self.end, self.end);
                self.notes.push(
                    "wbxml.missing-end",
                    end,
                    "the document ends in an attribute list",
                );
                break;
            };
            match token {
                Token::End => break,
                Token::SwitchPage(number) => self.attribute_page = number,
                Token::Code(code @ 0..0x80) => {
                    let (name, value) = self.attribute_start(code, span);
                    self.attribute(&mut list, name, value, span)?;
                }
                Token::Literal(octet, index) => {
                    if octet != LITERAL {
                        let text = "a literal element in an attribute list";
                        self.notes.push("wbxml.bad-attribute", span, text);
                    }
                    let octets = self.strings.at(index, span, &mut self.notes)?;
                    let name = self.strings.decode(octets, span, &mut self.notes);
                    self.attribute(&mut list, name, "", span)?;
                }
                Token::Code(code) => {
                    let page = self.attribute_page;
                    let known = |row: &&(u8, u8, &'static str)| row.0 == page && row.1 == code;
                    if let Some(row) = self.vocabulary.values.iter().find(known) {
                        self.value(&mut list, Cow::Borrowed(row.2), span);
                    } else {
                        let text = format!("no attribute value has the token {code:02X}");
                        self.notes.push("wbxml.unknown-attribute", span, text);
                    }
                }
                Token::Inline(octets) | Token::Opaque(octets) => {
                    let text = self.strings.decode(octets, span, &mut self.notes);
                    self.value(&mut list, text, span);
                }
                Token::Table(index) => {
                    let octets = self.strings.at(index, span, &mut self.notes)?;
                    let text = self.strings.decode(octets, span, &mut self.notes);
                    self.value(&mut list, text, span);
                }
                Token::Entity(code) => {
                    let character = self.character(code, span).to_string();
                    self.value(&mut list, Cow::Owned(character), span);
                }
                Token::Instruction
                | Token::ExtensionInline(_)
                | Token::ExtensionTable(_)
                | Token::Extension => {
                    let text = "a token that has no meaning in an attribute list";
                    self.notes.push("wbxml.bad-attribute", span, text);
                }
            }
        }
        resolve_prefixes(&mut list);
        Ok(list)
    }

    fn attribute_start(&mut self, code: u8, span: Span) -> (Cow<'a, str>, &'static str) {
        let page = self.attribute_page;
        let mut rows = self.vocabulary.attributes.iter();
        if let Some(row) = rows.find(|row| row.0 == page && row.1 == code) {
            return (Cow::Borrowed(row.2), row.3);
        }
        let text = format!("no attribute has the token {code:02X}");
        self.notes.push("wbxml.unknown-attribute", span, text);
        (Cow::Owned(format!("attribute-{code:02X}")), "")
    }

    fn attribute(
        &mut self,
        list: &mut Vec<Attribute<'a>>,
        name: Cow<'a, str>,
        value: &'static str,
        span: Span,
    ) -> Result<(), TooBad> {
        if list.len() >= self.limits.attributes {
            let text = format!(
                "more than {} attributes of one element",
                self.limits.attributes
            );
            return Err(TooBad::new("wbxml.limit", span, text));
        }
        self.count(span)?;
        let namespace = Namespace::None;
        list.push(Attribute {
            name,
            value: Cow::Borrowed(value),
            namespace,
            span,
        });
        Ok(())
    }

    fn value(&mut self, list: &mut [Attribute<'a>], piece: Cow<'a, str>, span: Span) {
        let Some(attribute) = list.last_mut() else {
            self.notes.push(
                "wbxml.bad-attribute",
                span,
                "an attribute value without an attribute",
            );
            return;
        };
        attribute.span = attribute.span.to(span);
        if attribute.value.is_empty() {
            attribute.value = piece;
        } else {
            attribute.value.to_mut().push_str(&piece);
        }
    }

    #[inline]
    fn push(&mut self, kind: Kind<'a>, span: Span) -> Result<NodeId, TooBad> {
        self.count(span)?;
        Ok(self
            .tree
            .push(self.open.last().map(|open| open.id), kind, span))
    }

    #[inline]
    fn count(&mut self, span: Span) -> Result<(), TooBad> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            let text = format!(
                "more than {} elements, texts and attributes",
                self.limits.nodes
            );
            return Err(TooBad::new("wbxml.limit", span, text));
        }
        Ok(())
    }
}

/// `Meta` of page 0.
const META: u8 = 0x1A;
/// `Data` of page 0.
const DATA: u8 = 0x0F;

/// True where an element of this space cannot stand inside that element: Meta holds meta
/// information and nothing else does, save for Data, which may hold any document.
#[inline]
fn misplaced(around: Open, inner: Space) -> bool {
    match (around.space, inner) {
        (None, _) => false,
        (Some(Space::SyncMl), Space::SyncMl) => around.tag == META,
        (Some(Space::SyncMl), _) => around.tag != META && around.tag != DATA,
        (Some(outer), inner) => outer != inner,
    }
}

/// True inside VerDTD of SyncML and of DevInf.
#[inline]
fn declares_version(open: Open) -> bool {
    matches!(
        (open.space, open.tag),
        (Some(Space::SyncMl), 0x31) | (Some(Space::DevInf), 0x25)
    )
}

/// Gives prefixed attributes the namespace that their own list declares.
fn resolve_prefixes(list: &mut [Attribute<'_>]) {
    for at in 0..list.len() {
        let found = list.get(at).and_then(|attribute| {
            let (prefix, _) = attribute
                .name
                .split_once(':')
                .filter(|(prefix, _)| *prefix != "xmlns")?;
            let declared = list
                .iter()
                .find(|other| other.name.strip_prefix("xmlns:") == Some(prefix));
            declared.map(|declared| declared.value.clone())
        });
        if let Some(uri) = found
            && let Some(attribute) = list.get_mut(at)
        {
            attribute.namespace = Namespace::from_uri(uri);
        }
    }
}
