//! The tokens of a WBXML document in words.
//!
//! It walks the tokens a second time rather than the tree, since SWITCH_PAGE, END and the header
//! leave no node behind. What is odd is told by the notes of the reader.

use super::{Line, quoted, refused, with_notes};
use crate::Limits;
use crate::span::{Notes, Span};
use crate::wbxml::lex::{ATTRIBUTES, CONTENT, Lexer, Token, name};
use crate::wbxml::pages::{Document, Page, SYNCML, Since, Vocabulary};
use crate::wbxml::{self, Fields, PublicId, Table, header};

pub(super) fn lines(bytes: &[u8], limits: &Limits) -> Vec<Line> {
    let mut fields = Fields::default();
    // All notes come from the reader; those of this second walk are the same once more.
    let mut notes = Notes::default();
    let header = header::read(bytes, &mut fields, &mut notes);
    let mut lines = head(bytes, &fields);
    if let Ok(header) = &header {
        table(bytes, header.table, &mut lines);
        let document = Document::of(&header.public_id);
        let mut walk = Walk {
            bytes,
            strings: Table::new(header.table.of(bytes), header.charset, limits),
            vocabulary: document.map_or(&SYNCML, |document| document.vocabulary),
            version: document.map_or(Since::V12, |document| document.version),
            page: 0,
            attribute_page: 0,
            open: Vec::new(),
            notes,
            lines,
        };
        walk.body(header.span.end());
        lines = walk.lines;
    }
    match wbxml::read(bytes, limits) {
        Ok((.., notes)) => with_notes(lines, notes),
        Err(why) => {
            refused(&mut lines, bytes, &why);
            lines
        }
    }
}

/// The header fields, as far as they are there.
fn head(bytes: &[u8], fields: &Fields) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |span: Span, text: String| {
        if span.len > 0 {
            lines.push(Line {
                span,
                depth: 0,
                text,
            });
        }
    };
    let integer = |span: Span| {
        Lexer::new(span.of(bytes), 0)
            .integer(&mut Notes::default())
            .unwrap_or_default()
    };
    let version = fields
        .version
        .of(bytes)
        .first()
        .copied()
        .unwrap_or_default();
    line(
        fields.version,
        format!("version {}.{}", (version >> 4) + 1, version & 0x0F),
    );
    let id = integer(fields.public_id);
    let text = match Document::of(&PublicId::Number(id)) {
        Some(document) => format!("public id 0x{id:04X} {}", document.fpi),
        None if id == 0 => {
            let index = fields.public_id.of(bytes).get(1..).unwrap_or_default();
            let index = Lexer::new(index, 0)
                .integer(&mut Notes::default())
                .unwrap_or_default();
            format!("public id at {index} in the string table")
        }
        None => format!("public id 0x{id:04X}"),
    };
    line(fields.public_id, text);
    let charset = integer(fields.charset);
    let called = match charset {
        3 => " US-ASCII",
        4 => " ISO-8859-1",
        106 => " UTF-8",
        _ => "",
    };
    line(fields.charset, format!("charset {charset}{called}"));
    line(
        fields.length,
        format!("string table of {} octets", integer(fields.length)),
    );
    lines
}

/// The strings of the table.
fn table(bytes: &[u8], table: Span, lines: &mut Vec<Line>) {
    let mut at = table.start();
    for string in table.of(bytes).split_inclusive(|&octet| octet == 0) {
        let text = String::from_utf8_lossy(string.strip_suffix(b"\0").unwrap_or(string));
        let text = format!("{}: {}", at - table.start(), quoted(&text));
        lines.push(Line {
            span: Span::new(at, at + string.len()),
            depth: 1,
            text,
        });
        at += string.len();
    }
}

struct Walk<'a> {
    bytes: &'a [u8],
    strings: Table<'a>,
    vocabulary: &'static Vocabulary,
    version: Since,
    page: u8,
    attribute_page: u8,
    /// The names of the elements around.
    open: Vec<String>,
    notes: Notes,
    lines: Vec<Line>,
}

impl<'a> Walk<'a> {
    fn body(&mut self, start: usize) {
        let mut lexer = Lexer::new(self.bytes, start);
        let mut rooted = false;
        // Of an attribute list or an instruction that is open: the bits of its element.
        let mut list: Option<(u8, String)> = None;
        loop {
            let at = lexer.at();
            if rooted && self.open.is_empty() && list.is_none() {
                // What follows is an instruction or is no part of the document.
                if self
                    .bytes
                    .get(at)
                    .is_some_and(|&octet| octet != wbxml::lex::PI)
                {
                    let text = format!("{} octets", self.bytes.len() - at);
                    self.lines.push(Line {
                        span: Span::new(at, self.bytes.len()),
                        depth: 0,
                        text,
                    });
                    return;
                }
            }
            if list.is_some() && self.old_value(&mut lexer) {
                continue;
            }
            let Some((token, span)) = lexer.token(&mut self.notes) else {
                return;
            };
            let octet = self.bytes.get(at).copied().unwrap_or_default();
            let text = self.words(octet, token, list.is_some());
            let inside = self.open.len() + usize::from(list.is_some());
            match (token, list.take()) {
                (Token::End, Some((bits, element))) => {
                    self.line(span, inside, "END of attributes".to_owned());
                    self.start(bits, element);
                }
                (_, Some(open)) => {
                    list = Some(open);
                    self.line(span, inside, text);
                }
                (Token::Code(bits) | Token::Literal(bits, _), None) => {
                    rooted = true;
                    let how = match bits & (ATTRIBUTES | CONTENT) {
                        0 => " (empty)",
                        ATTRIBUTES => " (attributes)",
                        CONTENT => "",
                        _ => " (attributes, content)",
                    };
                    self.line(span, inside, format!("{text}{how}"));
                    let element = match token {
                        Token::Literal(_, index) => self.string(index),
                        _ => text,
                    };
                    if bits & ATTRIBUTES != 0 {
                        list = Some((bits, element));
                    } else {
                        self.start(bits, element);
                    }
                }
                (Token::Instruction, None) => {
                    self.line(span, inside, text);
                    list = Some((0, String::new()));
                }
                (Token::End, None) => {
                    let element = self.open.pop();
                    let depth = self.open.len();
                    self.line(span, depth, format!("END {}", element.unwrap_or_default()));
                }
                (_, None) => self.line(span, inside, text),
            }
        }
    }

    /// A value of an outdated draft, whose code is that of a global token.
    fn old_value(&mut self, lexer: &mut Lexer<'a>) -> bool {
        let at = lexer.at();
        let octet = self.bytes.get(at).copied().unwrap_or_default();
        let has_table = self.strings.len() > 0;
        let old = self
            .vocabulary
            .old_value(self.attribute_page, octet, has_table);
        let Some(text) = old else { return false };
        lexer.go(at + 1);
        let depth = self.open.len() + 1;
        self.line(Span::new(at, at + 1), depth, format!("{text:?} of 2002"));
        true
    }

    fn start(&mut self, bits: u8, element: String) {
        if bits & CONTENT != 0 {
            self.open.push(element);
        }
    }

    fn line(&mut self, span: Span, depth: usize, text: String) {
        self.lines.push(Line { span, depth, text });
    }

    fn page(&self) -> Option<&'static Page> {
        self.vocabulary.page(self.page)
    }

    fn tag(&self, code: u8) -> String {
        let known = self.page().and_then(|page| page.tag(code, self.version));
        known.map_or_else(|| format!("token-{:02X}", code & 0x3F), str::to_owned)
    }

    /// What a token says, whatever stands around it.
    fn words(&mut self, octet: u8, token: Token<'a>, in_list: bool) -> String {
        let called = name(octet);
        match token {
            Token::SwitchPage(number) if in_list => {
                self.attribute_page = number;
                format!("{called} {number}")
            }
            Token::SwitchPage(number) => {
                self.page = number;
                let page = self.page().map_or("unknown", |page| page.name);
                format!("{called} {number} {page}")
            }
            Token::End | Token::Instruction | Token::Extension => called.to_owned(),
            Token::Entity(code) => match char::from_u32(code) {
                Some(character) => format!("{called} U+{code:04X} {character:?}"),
                None => format!("{called} {code}"),
            },
            Token::Inline(octets) | Token::ExtensionInline(octets) => {
                format!("{called} {}", quoted(&String::from_utf8_lossy(octets)))
            }
            Token::Opaque(octets) => match std::str::from_utf8(octets) {
                Ok(text) => format!("{called} {} {}", octets.len(), quoted(text)),
                Err(_) => format!("{called} {} octets", octets.len()),
            },
            Token::Table(index) | Token::ExtensionTable(index) => {
                format!("{called} {index} {}", self.string(index))
            }
            Token::Literal(_, index) => format!("{called} {index} {}", self.string(index)),
            Token::Code(code) if in_list => self.attribute(code),
            Token::Code(code) => self.tag(code),
        }
    }

    fn attribute(&self, code: u8) -> String {
        let page = self.attribute_page;
        let starts = self.vocabulary.attribute(page, code);
        let values = self.vocabulary.value(page, code);
        match (starts, values) {
            (Some(row), _) => format!("{}={:?}", row.2, row.3),
            (_, Some(row)) => format!("{:?}", row.2),
            _ if code < 0x80 => format!("attribute-{code:02X}"),
            _ => format!("value-{code:02X}"),
        }
    }

    fn string(&mut self, index: u32) -> String {
        let octets = self.strings.at(index, Span::default(), &mut self.notes);
        octets.map_or_else(
            |_| String::new(),
            |octets| quoted(&String::from_utf8_lossy(octets)),
        )
    }
}
