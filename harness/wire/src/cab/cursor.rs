//! Reading little-endian fields one behind the other. What they mean is left to the reader.

use crate::span::Span;

/// A place in the octets that moves on with every field.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The octets from `start` to here.
    pub(super) fn since(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    pub(super) fn octets(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count)?;
        let octets = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(octets)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.octets(1)?.first().copied()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(*self.octets(2)?.first_chunk()?))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.octets(4)?.first_chunk()?))
    }

    /// The octets up to a NUL, which is read as well.
    pub(super) fn text(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..)?;
        let length = rest.iter().position(|&octet| octet == 0)?;
        let text = rest.get(..length)?;
        self.at += length + 1;
        Some(text)
    }
}

/// Text as it is shown: UTF-8 where it is that, else each octet a character.
pub(super) fn text(octets: &[u8]) -> String {
    match std::str::from_utf8(octets) {
        Ok(text) => text.to_owned(),
        Err(_) => octets.iter().map(|&octet| char::from(octet)).collect(),
    }
}
