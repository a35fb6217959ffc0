//! Strings of a WBXML document: those of the table by index, and octets to characters; and the
//! table that a writer fills.
//!
//! Which strings go into a table is the writer's choice.

use std::borrow::Cow;
use std::collections::HashMap;

use super::lex;
use crate::span::{Limits, Notes, Span, TooBad};

/// The string table of a document that is read, and how its octets become characters.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    octets: &'a [u8],
    latin_1: bool,
    left: usize,
}

impl<'a> Table<'a> {
    /// The table of a document in this character set (IANA MIBenum).
    pub(crate) fn new(octets: &'a [u8], charset: u32, limits: &Limits) -> Self {
        Self {
            octets,
            latin_1: charset == 4,
            left: limits.bytes,
        }
    }

    /// The string at an index that was read at `span`. An index outside gives an empty string and
    /// a note. All strings together may be as long as [`Limits::bytes`] and no longer, since two
    /// octets of input can ask for a long one again and again.
    pub(crate) fn at(
        &mut self,
        index: u32,
        span: Span,
        notes: &mut Notes,
    ) -> Result<&'a [u8], TooBad> {
        let start = index as usize;
        let Some(rest) = self.octets.get(start..).filter(|rest| !rest.is_empty()) else {
            let text = format!("index {index} in a table of {} octets", self.octets.len());
            notes.push("wbxml.bad-string-index", span, text);
            return Ok(b"");
        };
        if start > 0 && self.octets.get(start - 1) != Some(&0) {
            let text = format!("index {index} points into the middle of a string");
            notes.push_once("wbxml.mid-string-index", span, text);
        }
        let string = lex::terminated(rest).unwrap_or_else(|| {
            let text = format!("the string at index {index} has no NUL");
            notes.push("wbxml.unterminated-string", span, text);
            rest
        });
        self.spend(string.len(), span)?;
        Ok(string)
    }

    /// Counts octets that a short token stands for.
    pub(crate) fn spend(&mut self, count: usize, span: Span) -> Result<(), TooBad> {
        self.left = self.left.checked_sub(count).ok_or_else(|| {
            let text = "tokens that stand for strings expand to more octets than are read";
            TooBad::new("wbxml.limit", span, text)
        })?;
        Ok(())
    }

    /// How many octets the table has.
    pub(crate) fn len(&self) -> usize {
        self.octets.len()
    }

    /// True where octets are characters as they stand, so that a [`Stretch`] may be asked.
    pub(crate) fn is_utf_8(&self) -> bool {
        !self.latin_1
    }

    /// Octets of a string as characters; what is no UTF-8 is replaced and noted.
    pub(crate) fn decode(&self, octets: &'a [u8], span: Span, notes: &mut Notes) -> Cow<'a, str> {
        match std::str::from_utf8(octets) {
            Ok(text) if !self.latin_1 || text.is_ascii() => Cow::Borrowed(text),
            result => self.decode_odd(octets, result.is_ok(), span, notes),
        }
    }

    #[cold]
    fn decode_odd(
        &self,
        octets: &'a [u8],
        utf_8: bool,
        span: Span,
        notes: &mut Notes,
    ) -> Cow<'a, str> {
        if self.latin_1 {
            if utf_8 {
                notes.push(
                    "wbxml.bad-utf8",
                    span,
                    "UTF-8 in a document said to be ISO 8859-1",
                );
                return String::from_utf8_lossy(octets);
            }
            return Cow::Owned(octets.iter().copied().map(char::from).collect());
        }
        notes.push("wbxml.bad-utf8", span, "a string that is not UTF-8");
        String::from_utf8_lossy(octets)
    }
}

/// The stretch of UTF-8 in which reading is. Most documents are one: their strings are slices of
/// it, and are looked at all together rather than one by one.
#[derive(Debug)]
pub(crate) struct Stretch<'a> {
    bytes: &'a [u8],
    start: usize,
    text: &'a str,
}

impl<'a> Stretch<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            start: 0,
            text: "",
        }
    }

    /// The octets from `start` to `end` as characters; none where they are no UTF-8.
    #[inline]
    pub(crate) fn text(&mut self, start: usize, end: usize) -> Option<&'a str> {
        // What lies in front of the stretch lies far behind it by this count.
        let known = start.wrapping_sub(self.start)..end.wrapping_sub(self.start);
        match self.text.get(known) {
            None if start < self.start || end > self.start + self.text.len() => {
                self.advance(start);
                self.text.get(..end.wrapping_sub(start))
            }
            text => text,
        }
    }

    /// Begins a stretch that reaches as far as the input is UTF-8. Each octet is looked at twice at
    /// most as long as strings are asked for in their order.
    #[cold]
    fn advance(&mut self, start: usize) {
        let rest = self.bytes.get(start..).unwrap_or_default();
        self.start = start;
        self.text = std::str::from_utf8(rest).unwrap_or_else(|bad| {
            let valid = rest.get(..bad.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        });
    }
}

/// The string table of a document that is written: each string once, in the order of first use.
#[derive(Debug, Default)]
pub(crate) struct Builder<'t> {
    octets: Vec<u8>,
    index: HashMap<Cow<'t, str>, u32>,
}

impl<'t> Builder<'t> {
    /// The index of this string, which is put into the table if it is not there yet. It must hold
    /// no NUL.
    pub(crate) fn put(&mut self, string: Cow<'t, str>) -> u32 {
        if let Some(&index) = self.index.get(&string) {
            return index;
        }
        let index = u32::try_from(self.octets.len()).unwrap_or(u32::MAX);
        self.octets.extend_from_slice(string.as_bytes());
        self.octets.push(0);
        self.index.insert(string, index);
        index
    }

    /// The octets of the table.
    pub(crate) fn octets(&self) -> &[u8] {
        &self.octets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_share_one_place() {
        let mut builder = Builder::default();
        assert_eq!(builder.put("one".into()), 0);
        assert_eq!(builder.put("two".into()), 4);
        assert_eq!(builder.put("one".into()), 0);
        assert_eq!(builder.octets(), b"one\0two\0");
    }

    #[test]
    fn references_expand_to_no_more_than_the_limit() {
        let limits = Limits {
            bytes: 10,
            ..Limits::TARGET
        };
        let mut table = Table::new(b"four\0", 106, &limits);
        let mut notes = Notes::new(&limits);
        assert_eq!(table.at(0, Span::new(0, 2), &mut notes), Ok(&b"four"[..]));
        assert_eq!(table.at(0, Span::new(2, 4), &mut notes), Ok(&b"four"[..]));
        let refused = table
            .at(0, Span::new(4, 6), &mut notes)
            .expect_err("12 octets of 10");
        assert_eq!((refused.kind, refused.span.at), ("wbxml.limit", 4));
    }
}
