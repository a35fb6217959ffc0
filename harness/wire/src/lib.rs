//! Bytes to documents and back: what harness and peers share.
//!
//! Every decoder here is lenient: it reads past what it can and returns [`span::Note`]s with the
//! spans of what was odd, so that one early fault does not hide ten later ones. What a note means
//! for a verdict is not decided here. There is no I/O here, no clock, and no opinion.

pub mod digest;
pub mod dm;
pub mod http;
pub mod media;
pub mod recording;
pub mod span;
pub mod tree;
pub mod wbxml;

pub use span::{Limits, Note, Notes, Span, TooBad};
pub use tree::Tree;
