//! Where in the bytes something stands, what a decoder noticed there, and how much it will read.
//!
//! Spans are relative to the input a decoder was given; [`crate::recording`] relates them to a link.

use serde::{Deserialize, Serialize};

/// The octets `at .. at + len` of one input.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// Offset of the first octet, from zero.
    pub at: u32,
    /// Number of octets; zero marks a position.
    pub len: u32,
}

impl Span {
    /// The octets from `start` up to, but not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        let at = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        Self {
            at,
            len: end.saturating_sub(at),
        }
    }

    /// Offset of the first octet.
    pub fn start(self) -> usize {
        self.at as usize
    }

    /// Offset behind the last octet.
    pub fn end(self) -> usize {
        self.at as usize + self.len as usize
    }

    /// The octets of `input` that this span covers; short or empty where the input ends before.
    pub fn of(self, input: &[u8]) -> &[u8] {
        let end = self.end().min(input.len());
        &input[self.start().min(end)..end]
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start().min(other.start()), self.end().max(other.end()))
    }
}

/// Something a lenient decoder noticed and read past: a departure from the format that is not fatal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Its kind, `format.what`: `xml.second-root`, `wbxml.trailing-bytes`, `http.two-lengths`.
    pub kind: &'static str,
    /// The octets it is about.
    pub span: Span,
    /// One lower-case clause for people.
    pub text: String,
}

impl Note {
    /// A note of this kind over these octets.
    pub fn new(kind: &'static str, span: Span, text: impl Into<String>) -> Self {
        Self {
            kind,
            span,
            text: text.into(),
        }
    }
}

/// The notes of one decoder, kept up to a limit, so that noise cannot exhaust memory.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    kept: Vec<Note>,
    limit: usize,
    more: usize,
}

impl Notes {
    /// No notes yet, and room for [`Limits::notes`].
    pub fn new(limits: &Limits) -> Self {
        Self {
            kept: Vec::new(),
            limit: limits.notes,
            more: 0,
        }
    }

    /// Keeps this note, or counts it where no room is left.
    pub fn push(&mut self, kind: &'static str, span: Span, text: impl Into<String>) {
        if self.kept.len() < self.limit {
            self.kept.push(Note::new(kind, span, text));
        } else {
            self.more += 1;
        }
    }

    /// Keeps this note unless one of its kind is there already. For what is worth knowing and no
    /// fault, so that many of them cannot push a fault over the limit.
    pub fn push_once(&mut self, kind: &'static str, span: Span, text: impl Into<String>) {
        if self.kept.iter().all(|note| note.kind != kind) {
            self.push(kind, span, text);
        }
    }

    /// All that was kept; the last one tells how many were not.
    pub fn into_vec(mut self) -> Vec<Note> {
        if self.more > 0
            && let Some(last) = self.kept.last_mut()
        {
            last.text = format!("{}; and {} notes more", last.text, self.more);
        }
        self.kept
    }
}

/// How much of hostile input a decoder reads before it gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets of input, and of any text that the input expands to.
    pub bytes: usize,
    /// Levels of nesting.
    pub depth: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Elements, texts and attributes of one document.
    pub nodes: usize,
    /// Notes kept; further ones are counted in the last.
    pub notes: usize,
}

impl Limits {
    /// What a target may send: 1 MiB, 64 levels, 64 attributes, 50 000 nodes.
    pub const TARGET: Self = Self {
        bytes: 1 << 20,
        depth: 64,
        attributes: 64,
        nodes: 50_000,
        notes: 64,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::TARGET
    }
}

/// Why no document could be made of an input: nothing is left to judge but this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text} at byte {}", span.at)]
pub struct TooBad {
    /// Its kind, named like the kind of a [`Note`].
    pub kind: &'static str,
    /// The octets where reading stopped.
    pub span: Span,
    /// One lower-case clause for people.
    pub text: String,
}

impl TooBad {
    /// An error of this kind at these octets.
    pub fn new(kind: &'static str, span: Span, text: impl Into<String>) -> Self {
        Self {
            kind,
            span,
            text: text.into(),
        }
    }
}
