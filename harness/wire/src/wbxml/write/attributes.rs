//! Attributes to tokens: starts that stand for the beginning of a value, values, pages, dates.
//!
//! Where there are several lawful forms the style chooses; where there is no token at all the name
//! is a literal and the value a string.

use std::borrow::Cow;

use super::{Attribute, LITERAL, Namespace, SWITCH_PAGE, Unwritable, Writer, put_integer};
use crate::tree::Form;
use crate::wbxml::dates;
use crate::wbxml::pages::{AttributeStart, AttributeValue, MICROSOFT, OLD_VALUES};
use crate::wbxml::style::{Dates, Pages, Starts, Values};

/// A piece of a value.
#[derive(Clone, Copy)]
enum Piece<'t> {
    Text(&'t str),
    Token(&'static AttributeValue),
}

impl<'t, 'a> Writer<'t, 'a> {
    /// All attributes but namespace declarations, each prefix declared in front of its first use.
    pub(super) fn attributes(&mut self, attributes: &'t [Attribute<'a>]) -> Result<(), Unwritable> {
        let mut prefixes: Vec<&str> = Vec::new();
        for attribute in attributes.iter().filter(|attribute| !attribute.declares()) {
            if let Namespace::Other(uri) = &attribute.namespace
                && let Some((prefix, _)) = attribute.name.split_once(':')
                && prefix != "xml"
                && !prefixes.contains(&prefix)
            {
                prefixes.push(prefix);
                self.attribute(Cow::Owned(format!("xmlns:{prefix}")), uri)?;
            }
            self.attribute(Cow::Borrowed(attribute.name.as_ref()), &attribute.value)?;
        }
        Ok(())
    }

    pub(super) fn attribute(
        &mut self,
        name: Cow<'t, str>,
        value: &'t str,
    ) -> Result<(), Unwritable> {
        let is_date = self.vocabulary.dates.contains(&name.as_ref());
        let rest = if let Some(row) = self.start(&name, value) {
            self.attribute_switch(row.0);
            self.out.push(row.1);
            value.get(row.3.len()..).unwrap_or_default()
        } else {
            let index = self.name(name)?;
            self.out.push(LITERAL);
            put_integer(&mut self.out, index);
            value
        };
        if is_date && let Some(octets) = dates::encode(rest) {
            match self.style.attributes.dates {
                Dates::Coded => return self.opaque(dates::trimmed(&octets)),
                Dates::Untrimmed => return self.opaque(&octets),
                Dates::Text => {}
            }
        }
        for piece in self.pieces(rest) {
            match piece {
                Piece::Text(text) => {
                    let place = self.place(text, Form::Plain);
                    self.text(Cow::Borrowed(text), place)?;
                }
                Piece::Token(row) => self.value_token(row),
            }
        }
        Ok(())
    }

    /// The start token for an attribute, by the style.
    fn start(&self, name: &str, value: &str) -> Option<&'static AttributeStart> {
        let style = self.style.attributes;
        let vocabulary = self.vocabulary;
        let fitting = vocabulary.attributes.iter().filter(|row| {
            row.2 == name
                && value.starts_with(row.3)
                && (row.0 < MICROSOFT || style.microsoft)
                && (style.starts == Starts::Longest || row.3.is_empty())
        });
        if style.starts == Starts::Literal {
            return None;
        }
        let current =
            |row: &AttributeStart| style.pages == Pages::Current && row.0 == self.attribute_page;
        // Of equal ones the first, which is of the lowest page.
        fitting.rev().max_by_key(|row| (row.3.len(), current(row)))
    }

    /// A value in pieces, by the style.
    fn pieces(&self, value: &'t str) -> Vec<Piece<'t>> {
        let style = self.style.attributes;
        if value.is_empty() {
            return Vec::new();
        }
        let mut pieces = vec![Piece::Text(value)];
        let rows = self.vocabulary.values.iter();
        for row in rows.filter(|row| row.0 < MICROSOFT || style.microsoft) {
            match style.values {
                Values::Never => break,
                Values::Whole if value == row.2 => return vec![Piece::Token(self.preferred(row))],
                Values::Whole => {}
                Values::Anywhere if !value.contains(row.2) => {}
                Values::Anywhere => {
                    let token = Piece::Token(self.preferred(row));
                    let split = |piece| match piece {
                        Piece::Text(text) => between(text, row.2, token),
                        token @ Piece::Token(_) => vec![token],
                    };
                    pieces = pieces.into_iter().flat_map(split).collect();
                }
            }
        }
        pieces
    }

    /// The same value on the current page, where the style wants that.
    fn preferred(&self, row: &'static AttributeValue) -> &'static AttributeValue {
        if self.style.attributes.pages != Pages::Current {
            return row;
        }
        let mut rows = self.vocabulary.values.iter();
        rows.find(|other| other.0 == self.attribute_page && other.2 == row.2)
            .unwrap_or(row)
    }

    fn value_token(&mut self, row: &AttributeValue) {
        self.attribute_switch(row.0);
        let old = OLD_VALUES.iter().find(|old| row.0 == 1 && old.1 == row.2);
        match old.filter(|_| self.style.attributes.old_values) {
            Some(old) => self.out.push(old.0),
            None => self.out.push(row.1),
        }
    }

    fn attribute_switch(&mut self, page: u8) {
        let pages = self.style.attributes.pages;
        if (page != self.attribute_page || self.style.redundant_switches)
            && pages != Pages::Unswitched
        {
            self.out.extend_from_slice(&[SWITCH_PAGE, page]);
            self.attribute_page = page;
        }
    }
}

/// What stands around each occurrence of a text, and a token in place of it.
fn between<'t>(text: &'t str, of: &str, token: Piece<'t>) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    for (at, part) in text.split(of).enumerate() {
        if at > 0 {
            pieces.push(token);
        }
        if !part.is_empty() {
            pieces.push(Piece::Text(part));
        }
    }
    pieces
}
