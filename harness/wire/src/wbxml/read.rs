//! Tokens to a tree, leniently: what is odd becomes a note and reading goes on.
//!
//! It never recurses, and it stops where a [`Limits`] says so. What a note means for a verdict is
//! not decided here.

#![expect(
    clippy::inline_always,
    reason = "measured: half of the time of a message"
)]

use std::borrow::Cow;

use super::header::{self, Fields, Header};
use super::lex::{ATTRIBUTES, CONTENT, END, Lexer, PI, STR_I, SWITCH_PAGE, Token};
use super::pages::{Document, Page, SYNCML, Since, Space, Vocabulary};
use super::strings::{Stretch, Table};
use crate::span::{Limits, Note, Notes, Span, TooBad};
use crate::tree::{Element, Form, Kind, Namespace, NodeId, Tree};

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
    // Spans count with 32 bits.
    if bytes.len() > limits.bytes.min(u32::MAX as usize) {
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
        stretch: Stretch::new(bytes),
        vocabulary,
        named: version,
        version,
        page: vocabulary.page(0),
        attribute_page: 0,
        tree: Tree::with_capacity(nodes),
        inside: Open::OUTSIDE,
        around: Vec::with_capacity(limits.depth.min(16)),
        attributes: 0,
        limits: *limits,
        notes,
    };
    reader.body()?;
    reader.tree.close_top(reader.inside.last);
    Ok((reader.tree, header, reader.notes.into_vec()))
}

/// An element whose END has not come yet, or the document itself.
#[derive(Clone, Copy)]
struct Open {
    /// None for the document.
    id: Option<NodeId>,
    /// The last node in it so far.
    last: Option<NodeId>,
    /// None for literals and elements of unknown pages, in which anything may stand.
    space: Option<Space>,
    /// The spaces whose elements may stand in it, a bit each.
    allowed: u8,
    /// It holds the version of the document.
    declares: bool,
}

impl Open {
    const OUTSIDE: Self = Self {
        id: None,
        last: None,
        space: None,
        allowed: u8::MAX,
        declares: false,
    };
}

pub(super) struct Reader<'a> {
    pub(super) lexer: Lexer<'a>,
    pub(super) end: usize,
    pub(super) strings: Table<'a>,
    stretch: Stretch<'a>,
    pub(super) vocabulary: &'static Vocabulary,
    /// The version in the namespace: that of the public identifier.
    named: Since,
    /// The version that tokens are held against: that of VerDTD as soon as it was read.
    version: Since,
    page: Option<&'static Page>,
    pub(super) attribute_page: u8,
    tree: Tree<'a>,
    /// What nodes are added to.
    inside: Open,
    /// What is around it, the document first.
    around: Vec<Open>,
    /// Attributes so far; together with the nodes of the tree they are limited.
    pub(super) attributes: usize,
    pub(super) limits: Limits,
    pub(super) notes: Notes,
}

impl<'a> Reader<'a> {
    fn body(&mut self) -> Result<(), TooBad> {
        let mut rooted = false;
        loop {
            if self.inside.id.is_none() && rooted && self.trailing() {
                break;
            }
            let start = self.lexer.at();
            let Some(octet) = self.lexer.octet() else {
                break;
            };
            // Elements, their ends and inline strings: nearly all that messages are made of.
            match octet {
                END => self.end(octet_at(start)),
                STR_I => {
                    let octets = self.lexer.string(start, &mut self.notes);
                    self.verbatim(octets, start + 1, Form::Plain, start)?;
                }
                0x05..=0x3F | 0x45..=0x7F => {
                    self.element(octet, octet_at(start))?;
                    rooted = true;
                }
                SWITCH_PAGE if self.lexer.at() < self.end => {
                    let number = self.lexer.octet().unwrap_or_default();
                    self.switch(number, start);
                }
                _ => rooted |= self.token(octet, start)?,
            }
        }
        if !rooted {
            let span = Span::new(self.end, self.end);
            let text = "the document has no root element";
            return Err(TooBad::new("wbxml.no-root", span, text));
        }
        if self.inside.id.is_some() {
            let end = Span::new(self.end, self.end);
            let text = format!(
                "the document ends and {} elements do not",
                self.around.len()
            );
            self.notes.push("wbxml.missing-end", end, text);
            while self.inside.id.is_some() {
                self.end(end);
            }
        }
        Ok(())
    }

    /// Any token that is rarer. True for an element.
    #[inline(never)]
    fn token(&mut self, octet: u8, start: usize) -> Result<bool, TooBad> {
        let token = self.lexer.operands(octet, start, &mut self.notes);
        let span = Span::new(start, self.lexer.at());
        match token {
            Token::Code(code) => {
                self.element(code, span)?;
                return Ok(true);
            }
            Token::Literal(octet, index) => {
                self.literal(octet, index, span)?;
                return Ok(true);
            }
            Token::End => self.end(span),
            Token::Table(index) => self.reference(index, span)?,
            Token::Opaque(octets) => self.opaque(octets, span)?,
            Token::Entity(code) => {
                let character = self.character(code, span).to_string();
                self.text(Cow::Owned(character), Form::Reference, span)?;
            }
            Token::SwitchPage(number) => self.switch(number, start),
            Token::Instruction => self.instruction(span)?,
            Token::Inline(octets) => self.string(octets, Form::Plain, span)?,
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
                self.reference(index, span)?;
            }
            Token::Extension => {
                self.notes
                    .push("wbxml.extension", span, "an extension without operand");
            }
        }
        Ok(false)
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

    #[inline(always)]
    fn element(&mut self, code: u8, span: Span) -> Result<(), TooBad> {
        let tag = code & 0x3F;
        let Some(page) = self.page else {
            let name = self.unknown(tag, span);
            return self.open(code, name, Namespace::None, None, span);
        };
        let namespace = page.space.namespace(self.named);
        let Some(name) = page.tag(tag, self.version) else {
            let name = self.unknown(tag, span);
            return self.open(code, name, namespace, None, span);
        };
        if self.inside.allowed & bit(page.space) == 0 {
            self.misplaced(page, name, span);
        }
        if page.since(tag) > self.version {
            self.too_new(page, tag, name, span);
        }
        if code & (ATTRIBUTES | CONTENT) == CONTENT
            && !declares_version(Some(page.space), tag)
            && self.leaf(name, &namespace, span)
        {
            return Ok(());
        }
        let space = Some(page.space);
        if code & ATTRIBUTES != 0 {
            return self.open(code, Cow::Borrowed(name), namespace, space, span);
        }
        self.room(span)?;
        let Open { id, last, .. } = self.inside;
        let id = self
            .tree
            .push_element_behind(id, last, (name, namespace, span));
        self.inside.last = Some(id);
        if code & CONTENT != 0 {
            self.enter(id, tag, space, span)?;
        }
        Ok(())
    }

    fn literal(&mut self, octet: u8, index: u32, span: Span) -> Result<(), TooBad> {
        let octets = self.strings.at(index, span, &mut self.notes)?;
        let name = self.strings.decode(octets, span, &mut self.notes);
        // A name without a token is in the namespace around it, as an unprefixed one is in XML.
        let around = self.inside.id.and_then(|id| self.tree.element(id));
        let namespace = around.map_or(Namespace::None, |element| element.namespace.clone());
        self.open(octet, name, namespace, None, span)
    }

    /// Adds an element; `code` says whether attributes and content follow.
    #[inline(never)]
    fn open(
        &mut self,
        code: u8,
        name: Cow<'a, str>,
        mut namespace: Namespace<'a>,
        space: Option<Space>,
        mut span: Span,
    ) -> Result<(), TooBad> {
        let mut attributes = Vec::new();
        if code & ATTRIBUTES != 0 {
            attributes = self.attributes()?;
            span = Span::new(span.start(), self.lexer.at());
            let mut declared = attributes
                .iter()
                .filter(|attribute| attribute.name == "xmlns");
            if let (None, Some(declared)) = (space, declared.next()) {
                namespace = Namespace::from_uri(declared.value.clone());
            }
        }
        let element = Element {
            name,
            namespace,
            attributes,
            end: Span::new(span.end(), span.end()),
        };
        let id = self.push(Kind::Element(element), span)?;
        if code & CONTENT != 0 {
            self.enter(id, code & 0x3F, space, span)?;
        }
        Ok(())
    }

    /// Adds an element with an inline string and its END in one go, if that is what follows its
    /// token. Two of three elements of a message are such. False where it is anything else, or
    /// anything is odd about it.
    #[inline(always)]
    fn leaf(&mut self, name: &'a str, namespace: &Namespace<'a>, span: Span) -> bool {
        let Some(string) = self.lexer.ended_string() else {
            return false;
        };
        let start = self.lexer.at();
        let after = start + string.len() + 2;
        if string.is_empty()
            || !self.strings.is_utf_8()
            || self.around.len() >= self.limits.depth
            || self.tree.len() + self.attributes + 2 > self.limits.nodes
        {
            return false;
        }
        let Some(text) = self.stretch.text(start + 1, after - 1) else {
            return false;
        };
        let Open { id, last, .. } = self.inside;
        let string = Span {
            at: start as u32,
            len: (after - start) as u32,
        };
        let (element, text) = ((name, namespace.clone(), span), (text, string));
        let id = self
            .tree
            .push_leaf_behind(id, last, element, text, octet_at(after));
        self.inside.last = Some(id);
        self.lexer.go(after + 1);
        true
    }

    /// Makes an element the one that nodes are added to.
    #[inline(always)]
    fn enter(
        &mut self,
        id: NodeId,
        tag: u8,
        space: Option<Space>,
        span: Span,
    ) -> Result<(), TooBad> {
        if self.around.len() >= self.limits.depth {
            return Err(beyond(self.limits.depth, "levels of nesting", span));
        }
        let inner = Open {
            id: Some(id),
            last: None,
            space,
            allowed: allowed(space, tag),
            declares: declares_version(space, tag),
        };
        self.around.push(std::mem::replace(&mut self.inside, inner));
        Ok(())
    }

    #[inline(always)]
    fn end(&mut self, span: Span) {
        let Some(id) = self.inside.id else {
            let text = "END before the root element";
            self.notes.push("wbxml.outside-root", span, text);
            return;
        };
        self.tree.close(id, self.inside.last, span);
        self.inside = self.around.pop().unwrap_or(Open::OUTSIDE);
    }

    #[inline]
    fn switch(&mut self, number: u8, start: usize) {
        self.page = self.vocabulary.page(number);
        if self.page.is_none() {
            let text = format!("{} has no code page {number}", self.vocabulary.name);
            let span = Span::new(start, self.lexer.at());
            self.notes.push("wbxml.unknown-page", span, text);
        }
    }

    #[cold]
    fn misplaced(&mut self, page: &'static Page, name: &str, span: Span) {
        let around = self.inside.id.map_or("", |id| self.tree.name(id));
        let text = format!(
            "{name} of page {} ({}) inside {around}",
            page.number, page.name
        );
        self.notes.push("wbxml.page-not-switched", span, text);
    }

    #[cold]
    fn too_new(&mut self, page: &'static Page, tag: u8, name: &str, span: Span) {
        let (since, version) = (page.since(tag).dtd(), self.version.dtd());
        let text = format!("{name} is of version {since} and the document of {version}");
        self.notes.push("wbxml.token-too-new", span, text);
    }

    #[cold]
    fn unknown(&mut self, tag: u8, span: Span) -> Cow<'a, str> {
        let around = self.inside.space.filter(|_| self.page.is_some());
        let of_space = self.vocabulary.pages.iter();
        let mut pages = of_space.filter(|page| Some(page.space) == around);
        let meant = pages.find_map(|page| page.tag(tag, Since::V12).map(|name| (page, name)));
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

    fn reference(&mut self, index: u32, span: Span) -> Result<(), TooBad> {
        let octets = self.strings.at(index, span, &mut self.notes)?;
        self.string(octets, Form::Table, span)
    }

    /// Octets that stand at `at` in the input, of a token that began at `start`.
    #[inline(always)]
    fn verbatim(
        &mut self,
        octets: &'a [u8],
        at: usize,
        form: Form,
        start: usize,
    ) -> Result<(), TooBad> {
        let len = (self.lexer.at() - start) as u32;
        let span = Span {
            at: start as u32,
            len,
        };
        match self.stretch.text(at, at + octets.len()) {
            Some(text) if self.strings.is_utf_8() => self.text(Cow::Borrowed(text), form, span),
            _ => self.string(octets, form, span),
        }
    }

    fn opaque(&mut self, octets: &'a [u8], span: Span) -> Result<(), TooBad> {
        match std::str::from_utf8(octets) {
            Ok(text) => self.text(Cow::Borrowed(text), Form::Opaque, span),
            Err(_) if self.inside.id.is_none() => self.text(Cow::Borrowed("?"), Form::Opaque, span),
            Err(_) => self
                .push(Kind::Opaque(Cow::Borrowed(octets)), span)
                .map(|_| ()),
        }
    }

    #[inline(always)]
    fn text(&mut self, text: Cow<'a, str>, form: Form, span: Span) -> Result<(), TooBad> {
        if self.inside.id.is_none() {
            let text = "text before the root element";
            self.notes.push("wbxml.outside-root", span, text);
            return Ok(());
        }
        if text.is_empty() {
            return Ok(());
        }
        if self.inside.declares
            && let Some(version) = Since::from_dtd(&text)
        {
            self.version = version;
        }
        self.push(Kind::Text(text, form), span).map(|_| ())
    }

    pub(super) fn character(&mut self, code: u32, span: Span) -> char {
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

    #[inline(always)]
    pub(super) fn push(&mut self, kind: Kind<'a>, span: Span) -> Result<NodeId, TooBad> {
        self.room(span)?;
        let Open { id, last, .. } = self.inside;
        let id = self.tree.push_behind(id, last, kind, span);
        self.inside.last = Some(id);
        Ok(id)
    }

    /// Whether one node more is within the limits.
    #[inline(always)]
    fn room(&self, span: Span) -> Result<(), TooBad> {
        if self.tree.len() + self.attributes >= self.limits.nodes {
            let what = "elements, texts and attributes";
            return Err(beyond(self.limits.nodes, what, span));
        }
        Ok(())
    }
}

#[cold]
pub(super) fn beyond(limit: usize, what: &str, span: Span) -> TooBad {
    TooBad::new("wbxml.limit", span, format!("more than {limit} {what}"))
}

/// The span of one octet, of an input that is known to be shorter than 2^32.
#[inline]
fn octet_at(start: usize) -> Span {
    Span {
        at: start as u32,
        len: 1,
    }
}

/// `Meta` of page 0.
const META: u8 = 0x1A;
/// `Data` of page 0.
const DATA: u8 = 0x0F;

/// The bit of a space in [`Open::allowed`].
#[inline]
fn bit(space: Space) -> u8 {
    1 << space as u8
}

/// The spaces whose elements may stand inside this one: Meta holds meta information and nothing
/// else does, save for Data, which may hold any document.
#[inline]
fn allowed(space: Option<Space>, tag: u8) -> u8 {
    match (space, tag) {
        (None, _) | (Some(Space::SyncMl), DATA) => u8::MAX,
        (Some(Space::SyncMl), META) => !bit(Space::SyncMl),
        (Some(space), _) => bit(space),
    }
}

/// True for VerDTD of SyncML and of DevInf.
#[inline]
fn declares_version(space: Option<Space>, tag: u8) -> bool {
    matches!(
        (space, tag),
        (Some(Space::SyncMl), 0x31) | (Some(Space::DevInf), 0x25)
    )
}
