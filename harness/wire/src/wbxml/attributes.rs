//! Attribute lists of elements and instructions.
//!
//! Which elements have them is the reader's business; what their tokens mean is the vocabulary's.

use std::borrow::Cow;

use super::lex::{LITERAL, Token};
use super::read::{Reader, beyond};
use crate::span::{Span, TooBad};
use crate::tree::{Attribute, Kind, Namespace};

impl<'a> Reader<'a> {
    /// An instruction: one attribute, whose name is the target, up to its END.
    pub(super) fn instruction(&mut self, span: Span) -> Result<(), TooBad> {
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
    pub(super) fn attributes(&mut self) -> Result<Vec<Attribute<'a>>, TooBad> {
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
            let limit = self.limits.attributes;
            return Err(beyond(limit, "attributes of one element", span));
        }
        self.attributes += 1;
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
