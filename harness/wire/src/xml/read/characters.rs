//! Characters between tags: plain ones, references and CDATA sections, inside elements and outside.
//!
//! What a reference stands for, and what a line end is, is for `text`.

use std::borrow::Cow;

use super::super::{names, text};
use super::Reader;
use crate::span::{Span, TooBad};
use crate::tree::{Form, Kind};

impl<'a> Reader<'a, '_> {
    /// Character data between markup and references; with a lone ampersand it begins with it.
    pub(super) fn plain(&mut self, at: usize, end: usize) -> Result<(), TooBad> {
        let text = &self.text[at..end];
        if text.starts_with('&') {
            let why = "an ampersand that begins no reference";
            self.notes
                .push("xml.bad-reference", Span::new(at, at + 1), why);
        }
        if self.odd.bracket
            && let Some(mark) = text.find("]]>")
        {
            let why = "the end mark of a CDATA section in plain text";
            self.notes
                .push("xml.cdata-end", Span::new(at + mark, at + mark + 3), why);
        }
        let text = self.piece(at, end);
        self.characters_at(at, end, Form::Plain, text)
    }

    pub(super) fn reference(&mut self, at: usize, end: usize) -> Result<(), TooBad> {
        let written = &self.text[at..end];
        let text = text::resolve(written, at, self.notes);
        self.characters_at(at, end, Form::Reference, text)
    }

    /// The text of this stretch with line ends normalised.
    pub(super) fn piece(&self, at: usize, end: usize) -> Cow<'a, str> {
        let text = &self.text[at..end];
        if self.odd.carriage_return {
            text::lines(text)
        } else {
            Cow::Borrowed(text)
        }
    }

    /// Keeps characters inside an element; outside of all, notes those that are not space.
    pub(super) fn characters_at(
        &mut self,
        at: usize,
        end: usize,
        form: Form,
        text: Cow<'a, str>,
    ) -> Result<(), TooBad> {
        if !self.open.is_empty() {
            return self.kept(at, end, form, text);
        }
        if form != Form::Plain || !text.bytes().all(names::is_space) {
            let kind = if self.rooted {
                "xml.text-after-root"
            } else {
                "xml.text-before-root"
            };
            self.notes
                .push(kind, Span::new(at, end), "text outside the root element");
        }
        Ok(())
    }

    pub(super) fn kept(
        &mut self,
        at: usize,
        end: usize,
        form: Form,
        text: Cow<'a, str>,
    ) -> Result<(), TooBad> {
        if self.open.is_empty() {
            return Ok(());
        }
        self.leaf(Kind::Text(text, form), Span::new(at, end))
    }
}
