//! How a document is written, and its octets before anything is computed over them.

use std::borrow::Cow;

use assay_wire::tree::Tree;
use assay_wire::wbxml::{self, Unwritable};
use assay_wire::xml;

use super::doc::{Doc, Kind};
use crate::switch::Switches;

/// How a document is going to be written.
#[derive(Clone, Debug)]
pub struct Coding {
    /// What it is.
    pub kind: Kind,
    /// The freedoms of WBXML.
    pub style: wbxml::Style,
}

/// The octets of a document.
#[derive(Clone, Debug)]
pub struct Content {
    /// What it is.
    pub kind: Kind,
    /// How it is written.
    pub octets: Vec<u8>,
}

impl Content {
    /// Says ISO 8859-1 in the header of WBXML that said UTF-8.
    pub fn declare_latin_1(&mut self) {
        if let Some(charset) = self.charset() {
            *charset = 0x04;
        }
    }

    /// The octet of the character set.
    fn charset(&mut self) -> Option<&mut u8> {
        let mut at = 1;
        // A public id of zero is followed by its place in the string table.
        let integers = if self.octets.get(at) == Some(&0) {
            2
        } else {
            1
        };
        for _ in 0..integers {
            while self.octets.get(at)? & 0x80 != 0 {
                at += 1;
            }
            at += 1;
        }
        self.octets.get_mut(at).filter(|charset| **charset == 0x6A)
    }
}

/// What a document says, in both forms.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// As WBXML.
    pub(crate) binary: Vec<u8>,
    /// As text.
    pub(crate) text: Vec<u8>,
}

/// Writes a document as the switches of the provisioning server want it.
///
/// # Errors
/// A tree that WBXML cannot hold.
pub(crate) fn write(mut doc: Doc, switches: &Switches) -> Result<Written, Unwritable> {
    for bend in switches.provisioning() {
        bend(&mut doc);
    }
    let text = text(&doc.tree);
    let mut coding = Coding {
        kind: doc.kind,
        style: wbxml::Style {
            version: if doc.kind == Kind::Document {
                0x03
            } else {
                0x02
            },
            attributes: wbxml::Attributes {
                microsoft: true,
                ..wbxml::Attributes::default()
            },
            ..wbxml::Style::default()
        },
    };
    for bend in switches.codings() {
        bend(&mut coding);
    }
    let mut content = Content {
        kind: doc.kind,
        octets: wbxml::write(&doc.tree, &coding.style)?,
    };
    for bend in switches.contents() {
        bend(&mut content);
    }
    let binary = content.octets;
    Ok(Written { binary, text })
}

/// The document as text, in UTF-8 with a declaration.
pub(crate) fn text(tree: &Tree<'static>) -> Vec<u8> {
    xml::write(tree, &xml::Style::default())
}

/// Changes the characters of UTF-8 that ISO 8859-1 has into its octets. True if there were any.
pub(crate) fn to_latin_1(octets: &mut Vec<u8>) -> bool {
    let mut out = Vec::with_capacity(octets.len());
    let mut rest = &octets[..];
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        match (first, behind.first()) {
            (0xC2 | 0xC3, Some(&second)) if second & 0xC0 == 0x80 => {
                out.push((first & 0x03) << 6 | second & 0x3F);
                rest = &behind[1..];
            }
            _ => out.push(first),
        }
    }
    let changed = out.len() != octets.len();
    *octets = out;
    changed
}

/// A document out of XML that somebody gave.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn parse(text: &str, kind: Kind) -> Result<Doc, Cow<'static, str>> {
    let limits = assay_wire::Limits::TARGET;
    let (tree, notes) =
        xml::read(text.as_bytes(), &limits).map_err(|bad| Cow::Owned(bad.to_string()))?;
    let harmless = |kind: &str| kind.contains("doctype") || !xml::is_fault(kind);
    if let Some(note) = notes.iter().find(|note| !harmless(note.kind)) {
        return Err(Cow::Owned(format!("{}: {}", note.kind, note.text)));
    }
    if tree.root().is_none() {
        return Err(Cow::Borrowed("there is no element"));
    }
    let mut doc = Doc {
        tree: tree.into_owned(),
        kind,
        rom: false,
    };
    doc.strip();
    Ok(doc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_beyond_ascii_shrink_to_one_octet() {
        let mut octets = "Réseau ÿ €".as_bytes().to_vec();
        assert!(to_latin_1(&mut octets));
        assert_eq!(octets, b"R\xE9seau \xFF \xE2\x82\xAC");
        assert!(!to_latin_1(&mut b"plain \xC3".to_vec()));
    }

    #[test]
    fn the_character_set_is_found_behind_any_public_id() {
        for head in [
            &[3, 0x0B, 0x6A, 0][..],
            &[3, 0, 0, 0x6A, 0],
            &[3, 0xA2, 0x0E, 0x6A, 0],
        ] {
            let mut content = Content {
                kind: Kind::Document,
                octets: head.to_vec(),
            };
            content.declare_latin_1();
            assert!(
                content.octets.contains(&4) && !content.octets.contains(&0x6A),
                "{head:?}"
            );
        }
    }
}
