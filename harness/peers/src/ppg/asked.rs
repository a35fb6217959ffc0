//! What an initiator sent: the control entity and the content entity, or what is wrong with them.
//!
//! Only whether it can be understood is decided here.

use assay_wire::media::Media;
use assay_wire::pap::{self, Document, Multipart};
use assay_wire::tree::Tree;
use assay_wire::{Limits, media, xml};

/// A content entity.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    /// What it is.
    pub(crate) media: Media,
    /// The headers of it that go to the device.
    pub(crate) headers: Vec<(String, String)>,
    /// Its octets.
    pub(crate) body: Vec<u8>,
}

/// The entities of a request.
#[derive(Debug)]
pub(crate) struct Entities {
    /// The control entity as it came.
    pub(crate) control: Vec<u8>,
    /// The content entity.
    pub(crate) content: Option<Content>,
}

/// Headers that a gateway hands on as they are.
const PASSED: [&str; 4] = [
    "X-Wap-Application-Id",
    "X-Wap-Content-URI",
    "X-Wap-Initiator-URI",
    "X-MS-DESC",
];

/// Takes a request apart.
///
/// # Errors
/// Why it cannot be.
pub(crate) fn entities(content_type: &str, body: &[u8]) -> Result<Entities, &'static str> {
    let whole = media::parse(content_type).ok_or("no content type")?;
    if matches!(whole.essence.as_str(), "application/xml" | "text/xml") {
        return Ok(Entities {
            control: body.to_vec(),
            content: None,
        });
    }
    if whole.essence != pap::MULTIPART_MEDIA {
        return Err("the content type is not multipart/related");
    }
    let parts = pap::multipart(body, content_type, &Limits::TARGET);
    let parts = parts.map_err(|_| "the parts cannot be told apart")?;
    if parts.notes.iter().any(|note| lethal(note.kind)) {
        return Err("the parts cannot be told apart");
    }
    let first = parts.parts.first().ok_or("there is no control entity")?;
    let octets = |part: &pap::Part| part.body.of(body).to_vec();
    if first
        .media()
        .is_none_or(|media| media.essence != pap::CONTROL_MEDIA)
    {
        return Err("the first part is no control entity");
    }
    Ok(Entities {
        control: octets(first),
        content: content(&parts, body),
    })
}

/// What leaves no doubt that octets are missing.
fn lethal(kind: &str) -> bool {
    matches!(
        kind,
        "pap.no-boundary" | "pap.bad-boundary" | "pap.boundary-missing" | "pap.missing-close"
    )
}

fn content(parts: &Multipart, body: &[u8]) -> Option<Content> {
    let part = parts.parts.get(1)?;
    let headers = PASSED.iter().filter_map(|name| {
        let field = part.field(name)?;
        Some(((*name).to_owned(), field.value.clone()))
    });
    Some(Content {
        media: part.media()?,
        headers: headers.collect(),
        body: part.body.of(body).to_vec(),
    })
}

/// Reads a control entity; none comes of one that is not well-formed or has no message.
pub(crate) fn control(octets: &[u8]) -> Option<Tree<'_>> {
    let (tree, notes) = xml::read(octets, &Limits::TARGET).ok()?;
    let of_dtd = |kind: &str| kind.contains("doctype");
    let bad = notes
        .iter()
        .any(|note| xml::is_fault(note.kind) && !of_dtd(note.kind));
    let whole = !bad
        && Document::of(&tree).is_some_and(|document| {
            let notes = &document.notes;
            // A wrong address has a code of its own.
            let bad = |kind: &str| kind != "pap.bad-address" && pap::is_fault(kind);
            document.message.is_some() && !notes.iter().any(|note| bad(note.kind))
        });
    whole.then_some(tree)
}
