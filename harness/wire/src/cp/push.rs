//! A document as the push that carries it: its media type, its octets, and their protection.
//!
//! Segments and gateways are the business of `sms` and `pap`.

use crate::mac::{self, Method, NoKey, Secrets};
use crate::tree::Tree;
use crate::wbxml::{self, Style, Unwritable};
use crate::wsp::PushDraft;

use super::{WBXML_MEDIA, si, sl};

/// How a push is protected.
#[derive(Clone, Copy, Debug)]
pub struct Protection<'s> {
    /// By which method.
    pub method: Method,
    /// With which secrets.
    pub secrets: Secrets<'s>,
}

/// Why a document cannot be pushed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unpushable {
    /// It cannot be written.
    #[error(transparent)]
    Document(#[from] Unwritable),
    /// There is no key for its MAC.
    #[error(transparent)]
    Key(#[from] NoKey),
}

/// The push of a document in WBXML. Its media type follows its root element.
///
/// # Errors
/// [`Unpushable`] where it cannot be written, or a secret is missing.
pub fn push(
    tree: &Tree<'_>,
    style: &Style,
    protection: Option<&Protection<'_>>,
) -> Result<PushDraft, Unpushable> {
    let body = wbxml::write(tree, style)?;
    let root = tree.root().map(|id| tree.name(id)).unwrap_or_default();
    let media = match root {
        "si" => si::WBXML_MEDIA,
        "sl" => sl::WBXML_MEDIA,
        _ => WBXML_MEDIA,
    };
    protected(PushDraft::new(media, body), protection)
}

/// The same push with its protection: `SEC`, and `MAC` over the body where the method has one.
///
/// # Errors
/// [`Unpushable::Key`] where a secret is missing.
pub fn protected(
    mut draft: PushDraft,
    protection: Option<&Protection<'_>>,
) -> Result<PushDraft, Unpushable> {
    if let Some(Protection { method, secrets }) = protection {
        draft.sec = Some(method.code());
        if method.has_parameter() {
            draft.mac = Some(mac::mac(*method, secrets, &draft.body)?);
        }
    }
    Ok(draft)
}
