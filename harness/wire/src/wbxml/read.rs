//! Tokens to a tree, leniently: what is odd becomes a note and reading goes on.
//!
//! It never recurses, and it stops where a [`Limits`] says so. What a note means for a verdict is
//! not decided here.

#![expect(
    clippy::inline_always,
    reason = "measured: half of the time of a message"
)]

mod element;

use std::borrow::Cow;

use super::header::{self, Fields, Header};
use super::lex::{END, Lexer, PI, STR_I, SWITCH_PAGE, Token};
use super::pages::{Document, Page, SYNCML, Since, Space, Vocabulary};
use super::strings::{Stretch, Table};
use crate::span::{Limits, Note, Notes, Span, TooBad};
use crate::tree::{Form, Kind, NodeId, Tree};

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
