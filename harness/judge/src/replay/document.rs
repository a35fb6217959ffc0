//! The document in the body of a message, and where its octets stand in the recording.

use assay_wire::recording::Place;
use assay_wire::{Encoding, Limits, Note, Span, Tree, http, media, wbxml};

use super::within;
use crate::family::Family;

/// A document and where it stands.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    pub(crate) tree: Tree<'a>,
    pub(crate) encoding: Encoding,
    pub(crate) wbxml: Option<wbxml::Header>,
    pub(crate) octets: usize,
    pub(crate) notes: Vec<Note>,
    body: &'a http::Body,
    base: Place,
}

impl<'a> Document<'a> {
    /// True where nothing in it is forbidden by its format.
    pub(crate) fn is_well_formed(&self) -> bool {
        !self.notes.iter().any(|note| is_fault(note.kind))
    }

    /// Its octets.
    pub(crate) fn body(&self) -> &'a [u8] {
        &self.body.octets
    }

    /// The octets of the document that stand at a place of the recording; absent where the place
    /// reaches beyond the document.
    pub(crate) fn inside(&self, place: Place) -> Option<Span> {
        let from = place.span.start().checked_sub(self.base.span.start())?;
        let body = self.body.span;
        if place.link != self.base.link || from < body.start() {
            return None;
        }
        let end = from + place.span.len as usize;
        if end > body.end() {
            return None;
        }
        // Without chunks the document stands there in one piece; with chunks it is looked for.
        let find = |at: usize| {
            let (mut low, mut high) = (0, self.body.octets.len());
            while low < high {
                let middle = usize::midpoint(low, high);
                if self.body.raw(Span::new(middle, middle)).start() < at {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            low
        };
        Some(Span::new(find(from), find(end)))
    }

    /// Where octets of the document stand in the recording.
    pub(crate) fn place(&self, inside: Span) -> Place {
        within(self.base, self.body.raw(inside))
    }
}

/// True for a note about something that the format forbids.
pub(crate) fn is_fault(kind: &str) -> bool {
    let family = kind.split_once('.').map_or(kind, |(family, _)| family);
    match family {
        "xml" => assay_wire::xml::is_fault(kind),
        "wbxml" => assay_wire::wbxml::is_fault(kind),
        "prov" => assay_wire::cp::is_fault(kind),
        "wsp" => assay_wire::wsp::is_fault(kind),
        "sms" => assay_wire::sms::is_fault(kind),
        "trigger" => assay_wire::trigger::is_fault(kind),
        "pap" => assay_wire::pap::is_fault(kind),
        "cab" => assay_wire::cab::is_fault(kind),
        "sign" => assay_wire::authenticode::is_fault(kind),
        // An interim answer is allowed before any other.
        "http" => kind != "http.interim",
        // A mark of its encoding does no harm to a document in a package; the rest does.
        "cpf" => kind != "cpf.byte-order-mark",
        // All of `smpp`, which reads no further then; and what nobody knows, so that it is looked at.
        _ => true,
    }
}

/// The document in a body. Its octets tell its form; where they tell nothing, its media type.
/// Whether it counts is for the family to say: an error page is no answer.
pub(super) fn document<'a>(
    body: &'a http::Body,
    media: Option<&media::Media>,
    base: Place,
    limits: &Limits,
    family: &dyn Family,
) -> Result<Option<Document<'a>>, assay_wire::TooBad> {
    let promised = media.and_then(|media| family.promised(media));
    let form = form(&body.octets).filter(|form| family.encodings().contains(form));
    let Some(encoding) = form.or(promised) else {
        return Ok(None);
    };
    if body.octets.is_empty() {
        return Ok(None);
    }
    let decoded = match assay_wire::read(&body.octets, encoding, limits) {
        Ok(decoded) => decoded,
        Err(bad) if promised.is_some() => return Err(bad),
        Err(_) => return Ok(None),
    };
    let is_ours = decoded
        .tree
        .root()
        .is_some_and(|root| family.owns(decoded.tree.name(root), promised.is_some()));
    if !is_ours {
        return Ok(None);
    }
    Ok(Some(Document {
        encoding,
        wbxml: decoded.wbxml,
        octets: body.octets.len(),
        notes: decoded.notes,
        tree: decoded.tree,
        body,
        base,
    }))
}

/// What the first octets say. A WBXML document begins with its version; an XML document with `<`,
/// with white space before it in the wild, or with the mark of its encoding.
fn form(octets: &[u8]) -> Option<Encoding> {
    match octets {
        [0..=8, ..] => Some(Encoding::Wbxml),
        [0xEF, 0xBB, 0xBF, ..] | [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => Some(Encoding::Xml),
        _ => match octets.iter().find(|octet| !octet.is_ascii_whitespace()) {
            Some(b'<') => Some(Encoding::Xml),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_says_which_of_its_notes_are_faults() {
        use assay_wire::{authenticode, cab, pap, sms, trigger, wsp};
        let tables = [
            wsp::KINDS,
            sms::KINDS,
            trigger::KINDS,
            pap::KINDS,
            cab::KINDS,
            authenticode::KINDS,
        ];
        for (kind, fault, _) in tables.into_iter().flatten() {
            assert_eq!(is_fault(kind), *fault, "{kind}");
        }
        let others = [
            "http.interim",
            "cpf.byte-order-mark",
            "xml.cdata",
            "smpp.bad-body",
            "new",
        ];
        assert_eq!(others.map(is_fault), [false, false, false, true, true]);
    }
}
