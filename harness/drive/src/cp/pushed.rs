//! What is read of a push to play on: what it carries, how it is protected, where it leads.
//!
//! As lenient as can be. What is wrong with it is found out elsewhere, from the recording.

use assay_wire::http::Request;
use assay_wire::{Encoding, Limits, cp, media, pap, wsp, xml};

/// What a push carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pushed {
    pub(super) media: String,
    pub(super) sec: Option<u64>,
    pub(super) mac: Option<String>,
    pub(super) body: Vec<u8>,
}

/// What a request of PAP says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) is_notification: bool,
    pub(super) push_id: Option<String>,
    pub(super) notify_to: Option<String>,
    pub(super) pushed: Option<Pushed>,
}

/// Reads a request of PAP.
pub(super) fn by_pap(request: &Request) -> Said {
    let limits = Limits::TARGET;
    let body = &request.body.octets;
    let kind = request.field("Content-Type");
    let kind = kind.map_or("", |field| field.value.as_str());
    let is_multipart =
        media::parse(kind).is_some_and(|media| media.essence.starts_with("multipart/"));
    let mut said = Said::default();
    let mut control = body.as_slice();
    if is_multipart {
        let Ok(multipart) = pap::multipart(body, kind, &limits) else {
            return said;
        };
        control = &[];
        for part in &multipart.parts {
            let media = part.media();
            let essence = media.as_ref().map_or("", |media| media.essence.as_str());
            if essence == pap::CONTROL_MEDIA && control.is_empty() {
                control = part.body.of(body);
            } else if said.pushed.is_none()
                && let Some(media) = media
            {
                said.pushed = Some(Pushed {
                    sec: media.param("sec").and_then(|text| text.trim().parse().ok()),
                    mac: media.param("mac").map(str::to_owned),
                    media: media.essence,
                    body: part.body.of(body).to_vec(),
                });
            }
        }
    }
    let Ok((tree, _)) = xml::read(control, &limits) else {
        return said;
    };
    if let Some(message) = pap::Document::of(&tree).and_then(|document| document.message) {
        said.is_notification = message.name == "resultnotification-message";
        said.push_id = message.push_id.map(str::to_owned);
        let notify_to = message.attribute("ppg-notify-requested-to");
        said.notify_to = notify_to.map(str::to_owned);
    }
    said
}

/// Reads a push PDU of WSP; nothing where the octets are none.
pub(super) fn by_wsp(octets: &[u8]) -> Option<Pushed> {
    let push = wsp::read(octets, &Limits::TARGET).ok()?;
    if push.pdu_type != wsp::PUSH {
        return None;
    }
    Some(Pushed {
        media: push.content_type.as_ref()?.media.clone(),
        sec: push.sec(),
        mac: push.mac().map(str::to_owned),
        body: push.body.of(octets).to_vec(),
    })
}

impl Pushed {
    /// What it points to, where it is an indication or a loading.
    pub(super) fn href(&self) -> Option<String> {
        let encoding = match self.media.as_str() {
            cp::si::WBXML_MEDIA | cp::sl::WBXML_MEDIA => Encoding::Wbxml,
            cp::si::TEXT_MEDIA | cp::sl::TEXT_MEDIA => Encoding::Xml,
            _ => return None,
        };
        let decoded = assay_wire::read(&self.body, encoding, &Limits::TARGET).ok()?;
        let href = match self.media.as_str() {
            cp::si::WBXML_MEDIA | cp::si::TEXT_MEDIA => {
                cp::si::Indication::of(&decoded.tree)?.href?
            }
            _ => cp::sl::Loading::of(&decoded.tree)?.href?,
        };
        Some(href.to_owned())
    }
}
