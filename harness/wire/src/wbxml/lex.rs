//! The octets of a WBXML body as tokens with spans, and the integers and strings inside them.
//!
//! It knows no vocabulary and no nesting: what a code means, and whether it may stand where it
//! stands, is left to the reader. What is odd about one token alone is noted here.

use crate::span::{Notes, Span};

/// A token of the body, its operands read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// SWITCH_PAGE and the page.
    SwitchPage(u8),
    /// END.
    End,
    /// ENTITY and its code point.
    Entity(u32),
    /// STR_I, without the terminator.
    Inline(&'a [u8]),
    /// LITERAL, LITERAL_A, LITERAL_C, LITERAL_AC: the octet, and the table index of the name.
    Literal(u8, u32),
    /// EXT_I_0 to EXT_I_2, without the terminator.
    ExtensionInline(&'a [u8]),
    /// PI.
    Instruction,
    /// EXT_T_0 to EXT_T_2 and the index.
    ExtensionTable(u32),
    /// STR_T and the index.
    Table(u32),
    /// EXT_0 to EXT_2.
    Extension,
    /// OPAQUE and its octets.
    Opaque(&'a [u8]),
    /// Any other: an element, an attribute or an attribute value of the vocabulary.
    Code(u8),
}

/// The bit of an element token that says that attributes follow.
pub(crate) const ATTRIBUTES: u8 = 0x80;
/// The bit of an element token that says that content follows.
pub(crate) const CONTENT: u8 = 0x40;

pub(crate) const SWITCH_PAGE: u8 = 0x00;
pub(crate) const END: u8 = 0x01;
pub(crate) const ENTITY: u8 = 0x02;
pub(crate) const STR_I: u8 = 0x03;
pub(crate) const LITERAL: u8 = 0x04;
pub(crate) const PI: u8 = 0x43;
pub(crate) const STR_T: u8 = 0x83;
pub(crate) const OPAQUE: u8 = 0xC3;

/// What a global token is called.
pub(crate) fn name(octet: u8) -> &'static str {
    match octet {
        0x00 => "SWITCH_PAGE",
        0x01 => "END",
        0x02 => "ENTITY",
        0x03 => "STR_I",
        0x04 => "LITERAL",
        0x40 => "EXT_I_0",
        0x41 => "EXT_I_1",
        0x42 => "EXT_I_2",
        0x43 => "PI",
        0x44 => "LITERAL_C",
        0x80 => "EXT_T_0",
        0x81 => "EXT_T_1",
        0x82 => "EXT_T_2",
        0x83 => "STR_T",
        0x84 => "LITERAL_A",
        0xC0 => "EXT_0",
        0xC1 => "EXT_1",
        0xC2 => "EXT_2",
        0xC3 => "OPAQUE",
        0xC4 => "LITERAL_AC",
        _ => "",
    }
}

/// Reads tokens one after the other and never past the end.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The offset of what is read next.
    #[inline]
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Reads on from here.
    #[inline]
    pub(crate) fn go(&mut self, at: usize) {
        self.at = at;
    }

    /// The inline string that comes next, if END comes behind it. Nothing is read by that.
    #[inline]
    pub(crate) fn ended_string(&self) -> Option<&'a [u8]> {
        let (&STR_I, rest) = self.bytes.get(self.at..)?.split_first()? else {
            return None;
        };
        let string = terminated(rest)?;
        (rest.get(string.len() + 1) == Some(&END)).then_some(string)
    }

    /// The next octet.
    #[inline]
    pub(crate) fn octet(&mut self) -> Option<u8> {
        let octet = self.bytes.get(self.at).copied()?;
        self.at += 1;
        Some(octet)
    }

    /// The next token and its span; none at the end of the input. An operand that the input cuts
    /// short is noted and read as far as it is there.
    pub(crate) fn token(&mut self, notes: &mut Notes) -> Option<(Token<'a>, Span)> {
        let start = self.at;
        let octet = self.octet()?;
        let token = self.operands(octet, start, notes);
        Some((token, Span::new(start, self.at)))
    }

    /// The token that this octet, which was read at `start`, begins.
    pub(crate) fn operands(&mut self, octet: u8, start: usize, notes: &mut Notes) -> Token<'a> {
        match octet {
            SWITCH_PAGE => Token::SwitchPage(self.operand_octet(start, notes)),
            END => Token::End,
            ENTITY => Token::Entity(self.operand(start, notes)),
            STR_I => Token::Inline(self.string(start, notes)),
            LITERAL | 0x44 | 0x84 | 0xC4 => Token::Literal(octet, self.operand(start, notes)),
            0x40..=0x42 => Token::ExtensionInline(self.string(start, notes)),
            PI => Token::Instruction,
            0x80..=0x82 => Token::ExtensionTable(self.operand(start, notes)),
            STR_T => Token::Table(self.operand(start, notes)),
            0xC0..=0xC2 => Token::Extension,
            OPAQUE => Token::Opaque(self.counted(start, notes)),
            code => Token::Code(code),
        }
    }

    /// A multi-byte integer; none where the input ends inside it.
    pub(crate) fn integer(&mut self, notes: &mut Notes) -> Option<u32> {
        let start = self.at;
        let mut value: u64 = 0;
        loop {
            let octet = self.octet()?;
            // Saturates above 2^32 and stays there, however many octets follow.
            value = (value << 7 | u64::from(octet & 0x7F)).min(u64::from(u32::MAX) + 1);
            if octet & 0x80 == 0 {
                break;
            }
        }
        let span = Span::new(start, self.at);
        let Ok(value) = u32::try_from(value) else {
            notes.push(
                "wbxml.bad-mb-int",
                span,
                "multi-byte integer of more than 32 bits",
            );
            return Some(u32::MAX);
        };
        if self.at - start > 1 && self.bytes.get(start) == Some(&0x80) {
            let text = format!("multi-byte integer {value} in {} octets", self.at - start);
            notes.push_once("wbxml.overlong-mb-int", span, text);
        }
        Some(value)
    }

    fn operand_octet(&mut self, start: usize, notes: &mut Notes) -> u8 {
        self.octet().unwrap_or_else(|| {
            self.cut_short(start, notes);
            0
        })
    }

    #[inline]
    fn operand(&mut self, start: usize, notes: &mut Notes) -> u32 {
        if let Some(&octet @ 0..=0x7F) = self.bytes.get(self.at) {
            self.at += 1;
            return u32::from(octet);
        }
        self.integer(notes).unwrap_or_else(|| {
            self.cut_short(start, notes);
            u32::MAX
        })
    }

    /// The octets of an inline string whose token was read at `start`, without the NUL.
    #[inline]
    pub(crate) fn string(&mut self, start: usize, notes: &mut Notes) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if let Some(string) = terminated(rest) {
            self.at += string.len() + 1;
            return string;
        }
        self.unterminated(start, rest, notes)
    }

    #[cold]
    fn unterminated(&mut self, start: usize, rest: &'a [u8], notes: &mut Notes) -> &'a [u8] {
        self.at = self.bytes.len();
        let span = Span::new(start, self.at);
        notes.push(
            "wbxml.unterminated-string",
            span,
            "inline string without its final NUL",
        );
        rest
    }

    fn counted(&mut self, start: usize, notes: &mut Notes) -> &'a [u8] {
        let length = self.operand(start, notes) as usize;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if let Some(octets) = rest.get(..length) {
            self.at += length;
            return octets;
        }
        self.at = self.bytes.len();
        let text = format!("opaque of {length} octets where {} are left", rest.len());
        notes.push("wbxml.cut-short", Span::new(start, self.at), text);
        rest
    }

    #[cold]
    fn cut_short(&self, start: usize, notes: &mut Notes) {
        let octet = self.bytes.get(start).copied().unwrap_or_default();
        let text = format!("the document ends inside {}", name(octet));
        notes.push("wbxml.cut-short", Span::new(start, self.at), text);
    }
}

/// The octets up to the first NUL; none where there is no NUL.
///
/// Eight octets at a time, which is what strings of a message are worth: the search of the standard
/// library is faster on long ones and takes longer to set up.
#[inline]
pub(crate) fn terminated(bytes: &[u8]) -> Option<&[u8]> {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut at = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        // The lowest bit that is set here is the top bit of the first octet that is zero.
        let zero = word.wrapping_sub(LOW) & !word & HIGH;
        if zero != 0 {
            return bytes.get(..at + zero.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let end = rest.iter().position(|&octet| octet == 0)?;
    bytes.get(..at + end)
}

/// Appends a multi-byte integer in its shortest form.
pub(crate) fn put_integer(out: &mut Vec<u8>, value: u32) {
    for shift in [28, 21, 14, 7] {
        if value >> shift != 0 {
            out.push(0x80 | (value >> shift & 0x7F) as u8);
        }
    }
    out.push((value & 0x7F) as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Limits;

    #[test]
    fn integers_come_back_in_their_shortest_form() {
        for value in [
            0,
            1,
            0x7F,
            0x80,
            0x1201,
            0x3FFF,
            0x4000,
            0x1F_FFFF,
            0x0FFF_FFFF,
            u32::MAX,
        ] {
            let mut out = Vec::new();
            put_integer(&mut out, value);
            let mut notes = Notes::new(&Limits::TARGET);
            let mut lexer = Lexer::new(&out, 0);
            assert_eq!(lexer.integer(&mut notes), Some(value));
            assert_eq!(lexer.at(), out.len());
            assert!(notes.into_vec().is_empty());
        }
    }

    #[test]
    fn strings_end_at_their_first_nul() {
        for length in 0..20 {
            let mut bytes = vec![b'x'; length];
            assert_eq!(terminated(&bytes), None);
            bytes.extend([0, 0x80, 0x01, 0, 0, 0, 0, 0, 0, 0]);
            assert_eq!(terminated(&bytes), bytes.get(..length));
            bytes[..length].fill(0x80);
            assert_eq!(terminated(&bytes), bytes.get(..length));
        }
    }

    #[test]
    fn integers_that_are_padded_too_wide_or_cut_are_noticed() {
        let read = |bytes: &[u8]| {
            let mut notes = Notes::new(&Limits::TARGET);
            let value = Lexer::new(bytes, 0).integer(&mut notes);
            (value, notes.into_vec().first().map(|note| note.kind))
        };
        assert_eq!(
            read(&[0x80, 0x80, 0x05]),
            (Some(5), Some("wbxml.overlong-mb-int"))
        );
        assert_eq!(
            read(&[0x90, 0x80, 0x80, 0x80, 0]),
            (Some(u32::MAX), Some("wbxml.bad-mb-int"))
        );
        assert_eq!(read(&[0xFF; 40]), (None, None));
    }
}
