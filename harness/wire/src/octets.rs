//! Octets from the front to the back: what the readers of binary formats walk with.
//!
//! It never reads behind the end and knows no format; what a missing octet means is the caller's
//! business.

use crate::span::Span;

/// A place in an input.
#[derive(Clone, Debug)]
pub(crate) struct Octets<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Octets<'a> {
    /// All of these octets.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            end: bytes.len(),
        }
    }

    /// The same input from here to `end`, as far as that lies in front of the present end.
    pub(crate) fn within(&self, end: usize) -> Self {
        let end = end.min(self.end);
        Self {
            bytes: self.bytes,
            at: self.at.min(end),
            end,
        }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn end(&self) -> usize {
        self.end
    }

    /// Reads on from here; never from behind the end.
    pub(crate) fn go(&mut self, at: usize) {
        self.at = at.min(self.end);
    }

    /// How many octets are left.
    pub(crate) fn left(&self) -> usize {
        self.end - self.at
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.left() == 0
    }

    /// From `start` up to here.
    pub(crate) fn since(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    /// What has not been read.
    pub(crate) fn ahead(&self) -> Span {
        Span::new(self.at, self.end)
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at..self.end)?.first().copied()
    }

    pub(crate) fn octet(&mut self) -> Option<u8> {
        let octet = self.peek()?;
        self.at += 1;
        Some(octet)
    }

    /// The next `count` octets; none where they are not there.
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.end)?.get(..count)?;
        self.at += count;
        Some(taken)
    }

    /// All that is left.
    pub(crate) fn rest(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.at..self.end).unwrap_or_default();
        self.at = self.end;
        rest
    }

    /// The octets up to a NUL, which is read as well; all that is left, and false, without one.
    pub(crate) fn string(&mut self) -> (&'a [u8], bool) {
        let ahead = self.bytes.get(self.at..self.end).unwrap_or_default();
        match ahead.iter().position(|&octet| octet == 0) {
            Some(length) => {
                self.at += length + 1;
                (ahead.get(..length).unwrap_or_default(), true)
            }
            None => (self.rest(), false),
        }
    }
}

/// A number of at most eight octets, the highest first.
pub(crate) fn number(octets: &[u8]) -> u64 {
    octets
        .iter()
        .fold(0, |number, &octet| number << 8 | u64::from(octet))
}

/// Octets as upper-case hex digits.
pub(crate) fn hex(octets: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut text = String::with_capacity(octets.len() * 2);
    for octet in octets {
        for nibble in [octet >> 4, octet & 0x0F] {
            text.push(char::from(DIGITS[usize::from(nibble)]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_behind_the_end() {
        let mut octets = Octets::new(b"ab\0cd").within(4);
        assert_eq!(octets.string(), (&b"ab"[..], true));
        assert_eq!((octets.at(), octets.left()), (3, 1));
        assert_eq!(octets.take(2), None);
        assert_eq!(octets.string(), (&b"c"[..], false));
        assert_eq!(octets.octet(), None);
        octets.go(99);
        assert_eq!(octets.ahead(), Span::new(4, 4));
    }

    #[test]
    fn numbers_have_their_highest_octet_first() {
        assert_eq!(number(&[0x0B, 0x84]), 2948);
        assert_eq!(hex(&[0x0B, 0x84, 0xF0]), "0B84F0");
    }
}
