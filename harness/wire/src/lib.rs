//! Bytes to documents and back: what harness and peers share.
//!
//! Every decoder here is lenient: it reads past what it can and returns [`span::Note`]s with the
//! spans of what was odd, so that one early fault does not hide ten later ones. What a note means
//! for a verdict is not decided here. There is no I/O here, no clock, and no opinion.

pub mod authenticode;
pub mod cab;
pub mod cp;
pub mod cpf;
pub mod digest;
pub mod dm;
pub mod dump;
pub mod http;
pub mod mac;
pub mod media;
mod octets;
pub mod pap;
pub mod pull;
pub mod recording;
pub mod smpp;
pub mod sms;
pub mod span;
pub mod tree;
pub mod trigger;
pub mod view;
pub mod wbxml;
pub mod wsp;
pub mod xml;

pub use span::{Limits, Note, Notes, Span, TooBad};
pub use tree::Tree;

/// How a document is put into octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// Text.
    Xml,
    /// WAP Binary XML.
    Wbxml,
}

/// A document that was read, whichever way it was encoded.
#[derive(Clone, Debug)]
pub struct Decoded<'a> {
    /// The document.
    pub tree: Tree<'a>,
    /// What the decoder read past, in the order of the input.
    pub notes: Vec<Note>,
    /// How it was encoded.
    pub encoding: Encoding,
    /// What a WBXML document says of itself before its body.
    pub wbxml: Option<wbxml::Header>,
}

/// Reads a document of this encoding.
///
/// # Errors
/// [`TooBad`] where no document is left to judge, or beyond a limit.
pub fn read<'a>(
    bytes: &'a [u8],
    encoding: Encoding,
    limits: &Limits,
) -> Result<Decoded<'a>, TooBad> {
    match encoding {
        Encoding::Xml => {
            let (tree, notes) = xml::read(bytes, limits)?;
            Ok(Decoded {
                tree,
                notes,
                encoding,
                wbxml: None,
            })
        }
        Encoding::Wbxml => {
            let (tree, header, notes) = wbxml::read(bytes, limits)?;
            Ok(Decoded {
                tree,
                notes,
                encoding,
                wbxml: Some(header),
            })
        }
    }
}
