//! Attribute lists of elements and instructions.
//!
//! Which elements have them is the reader's business; what their tokens mean is the vocabulary's.

use std::borrow::Cow;

use super::dates;
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
            if self.old_value(&mut list) {
                continue;
            }
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
                Token::SwitchPage(number) => self.attribute_switch(number, span),
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
                Token::Code(code) => self.value_token(&mut list, code, span)?,
                Token::Opaque(octets) if self.in_date(&list) => {
                    let text = self.date(octets, span);
                    self.value(&mut list, Cow::Owned(text), span);
                }
                Token::Inline(octets) | Token::Opaque(octets) => {
                    self.uncoded(&list, span);
                    let text = self.strings.decode(octets, span, &mut self.notes);
                    self.value(&mut list, text, span);
                }
                Token::Table(index) => {
                    self.uncoded(&list, span);
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

    fn attribute_switch(&mut self, number: u8, span: Span) {
        self.attribute_page = number;
        let rows = self.vocabulary.attributes;
        if !rows.is_empty() && rows.iter().all(|row| row.0 != number) {
            let text = format!(
                "{} has no attributes on page {number}",
                self.vocabulary.name
            );
            self.notes.push("wbxml.unknown-page", span, text);
        }
    }

    /// A value of an outdated draft, whose token the lexer would take for another one.
    fn old_value(&mut self, list: &mut [Attribute<'a>]) -> bool {
        let start = self.lexer.at();
        let mut ahead = self.lexer.clone();
        let has_table = self.strings.len() > 0;
        let meant = ahead.octet().and_then(|octet| {
            self.vocabulary
                .old_value(self.attribute_page, octet, has_table)
        });
        let Some(text) = meant else { return false };
        let span = Span::new(start, ahead.at());
        self.lexer.go(ahead.at());
        self.notes.push(
            "wbxml.old-value-token",
            span,
            format!("{text:?} in the code of the draft of 2002"),
        );
        self.value(list, Cow::Borrowed(text), span);
        true
    }

    fn value_token(
        &mut self,
        list: &mut [Attribute<'a>],
        code: u8,
        span: Span,
    ) -> Result<(), TooBad> {
        let page = self.attribute_page;
        let Some(row) = self.vocabulary.value(page, code) else {
            let mut rows = self.vocabulary.values.iter();
            if let Some(row) = rows.find(|row| row.1 == code) {
                let text = format!("value {code:02X} would be {:?} on page {}", row.2, row.0);
                self.notes.push("wbxml.page-not-switched", span, text);
            } else {
                let text = format!("no attribute value has the token {code:02X}");
                self.notes.push("wbxml.unknown-attribute", span, text);
            }
            return Ok(());
        };
        if self.vocabulary.addenda_values.contains(row) {
            let text = format!("{:?} of a later addendum", row.2);
            self.notes.push_once("wbxml.addendum-token", span, text);
        }
        // One octet may stand for many, so that they count as strings of the table do.
        self.strings.spend(row.2.len(), span)?;
        self.value(list, Cow::Borrowed(row.2), span);
        Ok(())
    }

    /// Whether the attribute that is being read holds a coded date.
    fn in_date(&self, list: &[Attribute<'a>]) -> bool {
        let last = list.last().map(|attribute| attribute.name.as_ref());
        last.is_some_and(|name| self.vocabulary.dates.contains(&name))
    }

    /// A string where a coded date is due.
    fn uncoded(&mut self, list: &[Attribute<'a>], span: Span) {
        if self.in_date(list) {
            self.notes
                .push("wbxml.date-as-text", span, "a date as a string");
        }
    }

    fn date(&mut self, octets: &[u8], span: Span) -> String {
        let (text, is_date) = dates::decode(octets);
        if !is_date {
            let text = format!("{} octets that are no date", octets.len());
            self.notes.push("wbxml.bad-date", span, text);
        } else if octets.last() == Some(&0) {
            let text = format!("{} octets, the last of them zero", octets.len());
            self.notes.push("wbxml.untrimmed-date", span, text);
        }
        text
    }

    fn attribute_start(&mut self, code: u8, span: Span) -> (Cow<'a, str>, &'static str) {
        let page = self.attribute_page;
        if let Some(row) = self.vocabulary.attribute(page, code) {
            if self.vocabulary.addenda.contains(row) {
                let text = format!("{}={:?} of a later addendum", row.2, row.3);
                self.notes.push_once("wbxml.addendum-token", span, text);
            }
            return (Cow::Borrowed(row.2), row.3);
        }
        let mut rows = self.vocabulary.attributes.iter();
        if let Some(row) = rows.find(|row| row.1 == code) {
            let meant = format!("{}={:?}", row.2, row.3);
            let text = format!("attribute {code:02X} would be {meant} on page {}", row.0);
            self.notes.push("wbxml.page-not-switched", span, text);
        } else {
            let text = format!("no attribute has the token {code:02X}");
            self.notes.push("wbxml.unknown-attribute", span, text);
        }
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
