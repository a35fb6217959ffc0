//! Where a writer puts its text: octets that grow at their end, by pieces that are mostly short.
//!
//! What the pieces are, and what is escaped in them, is for `write` and `text`.

#![expect(
    clippy::inline_always,
    reason = "measured: most pieces are of a length that is known where they are put"
)]

use super::words;

/// How much is made ready at a time: it is filled before it leaves the nearest cache.
const STEP: usize = 4096;

/// Text that grows at its end.
pub(super) struct Sink {
    /// What was put, and behind it zeros to be written over.
    octets: Vec<u8>,
    /// The length of what was put.
    at: usize,
}

impl Sink {
    /// Empty, with room for so many octets.
    pub(super) fn with_capacity(octets: usize) -> Self {
        Self {
            octets: Vec::with_capacity(octets),
            at: 0,
        }
    }

    /// What was put.
    pub(super) fn into_vec(mut self) -> Vec<u8> {
        self.octets.truncate(self.at);
        self.octets
    }

    /// Appends text.
    pub(super) fn push_str(&mut self, piece: &str) {
        self.extend([piece]);
    }

    /// Appends text in several pieces.
    #[inline(always)]
    pub(super) fn extend<const N: usize>(&mut self, pieces: [&str; N]) {
        let length = pieces.iter().map(|piece| piece.len()).sum();
        if self.octets.len() - self.at < length {
            self.make_room(length);
        }
        let Some(mut room) = self.octets.get_mut(self.at..) else {
            return;
        };
        for piece in pieces {
            let Some((to, rest)) = room.split_at_mut_checked(piece.len()) else {
                return;
            };
            words::copy(to, piece.as_bytes());
            room = rest;
        }
        self.at += length;
    }

    #[cold]
    #[inline(never)]
    fn make_room(&mut self, length: usize) {
        let room = (self.octets.capacity() - self.at).clamp(length, length + STEP);
        self.octets.resize(self.at + room, 0);
    }
}
