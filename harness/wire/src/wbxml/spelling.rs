//! How names and values of attributes stand in a document: on which code page, as which token or
//! kind of string.
//!
//! The tree says what a document means; this says how it is written, for requirements that ask for
//! the one form or the other. It walks the tokens a second time and notes nothing.

use super::header::Header;
use super::lex::{ATTRIBUTES, Lexer, Token};
use super::pages::{Document, SYNCML, Vocabulary};
use crate::span::{Limits, Notes, Span};

/// What a token is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// An element.
    Element,
    /// The name of an attribute, with or without the beginning of its value.
    Start,
    /// A piece of the value of an attribute.
    Value,
}

/// How a name or a piece of a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// A token of the vocabulary: its code, without the bits for attributes and content.
    Token(u8),
    /// A token of an outdated draft, whose code is that of a global token.
    OldToken(u8),
    /// A name out of the string table.
    Literal,
    /// An inline string.
    Inline,
    /// A reference into the string table.
    Table,
    /// Opaque octets.
    Opaque,
    /// A character by its number.
    Entity,
}

/// A name, or a piece of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its octets.
    pub span: Span,
    /// What it is part of.
    pub place: Place,
    /// The code page of elements or of attributes that was current.
    pub page: u8,
    /// How it is written.
    pub how: How,
}

/// All elements, names and values of a document, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    /// The pieces.
    pub pieces: Vec<Piece>,
}

impl Spelling {
    /// How the body of a document is written, as far as the limit on nodes.
    pub fn read(bytes: &[u8], header: &Header, limits: &Limits) -> Self {
        let vocabulary = Document::of(&header.public_id);
        let mut walk = Walk {
            bytes,
            lexer: Lexer::new(bytes, header.span.end()),
            vocabulary: vocabulary.map_or(&SYNCML, |document| document.vocabulary),
            has_table: header.table.len > 0,
            page: 0,
            attribute_page: 0,
            notes: Notes::default(),
            pieces: Vec::new(),
        };
        walk.body(limits.nodes);
        Self {
            pieces: walk.pieces,
        }
    }

    /// The pieces inside this span: those of an element token, or of an attribute.
    pub fn of(&self, span: Span) -> &[Piece] {
        let from = self
            .pieces
            .partition_point(|piece| piece.span.start() < span.start());
        let rest = self.pieces.get(from..).unwrap_or_default();
        let count = rest.partition_point(|piece| piece.span.end() <= span.end());
        rest.get(..count).unwrap_or_default()
    }

    /// The first piece inside this span: the element, or the name of the attribute.
    pub fn first(&self, span: Span) -> Option<Piece> {
        self.of(span).first().copied()
    }
}

struct Walk<'a> {
    bytes: &'a [u8],
    lexer: Lexer<'a>,
    vocabulary: &'static Vocabulary,
    has_table: bool,
    page: u8,
    attribute_page: u8,
    notes: Notes,
    pieces: Vec<Piece>,
}

impl Walk<'_> {
    fn body(&mut self, limit: usize) {
        let mut in_list = false;
        while self.pieces.len() < limit {
            if in_list && self.old_value() {
                continue;
            }
            let Some((token, span)) = self.lexer.token(&mut self.notes) else {
                return;
            };
            match token {
                Token::SwitchPage(page) if in_list => self.attribute_page = page,
                Token::SwitchPage(page) => self.page = page,
                Token::End => in_list = false,
                Token::Instruction => in_list = true,
                Token::Code(code) if in_list => {
                    let place = if code < 0x80 {
                        Place::Start
                    } else {
                        Place::Value
                    };
                    self.add(place, How::Token(code), span);
                }
                Token::Literal(..) if in_list => self.add(Place::Start, How::Literal, span),
                Token::Code(code) => {
                    self.add(Place::Element, How::Token(code & 0x3F), span);
                    in_list = code & ATTRIBUTES != 0;
                }
                Token::Literal(octet, _) => {
                    self.add(Place::Element, How::Literal, span);
                    in_list = octet & ATTRIBUTES != 0;
                }
                _ if !in_list => {}
                Token::Inline(_) | Token::ExtensionInline(_) => {
                    self.add(Place::Value, How::Inline, span);
                }
                Token::Table(_) | Token::ExtensionTable(_) => {
                    self.add(Place::Value, How::Table, span);
                }
                Token::Opaque(_) => self.add(Place::Value, How::Opaque, span),
                Token::Entity(_) => self.add(Place::Value, How::Entity, span),
                Token::Extension => {}
            }
        }
    }

    fn old_value(&mut self) -> bool {
        let at = self.lexer.at();
        let octet = self.bytes.get(at).copied().unwrap_or_default();
        let page = self.attribute_page;
        if self
            .vocabulary
            .old_value(page, octet, self.has_table)
            .is_none()
        {
            return false;
        }
        self.lexer.go(at + 1);
        let span = Span::new(at, at + 1);
        self.add(Place::Value, How::OldToken(octet), span);
        true
    }

    fn add(&mut self, place: Place, how: How, span: Span) {
        let page = match place {
            Place::Element => self.page,
            Place::Start | Place::Value => self.attribute_page,
        };
        self.pieces.push(Piece {
            span,
            place,
            page,
            how,
        });
    }
}
