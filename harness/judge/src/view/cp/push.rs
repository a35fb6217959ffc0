//! The node of one push: what its PDU, or the request to a gateway, says of it and of its
//! protection.
//!
//! MACs that need a PIN were checked at capture; one that needs the IMSI alone is checked here
//! where capture said nothing.

use assay_suites::profile::Profile;
use assay_wire::mac::{self, Method, Secrets};
use assay_wire::recording::{Place, Proof};
use assay_wire::wsp;
use assay_wire::{Encoding, Limits, Span, media};

use super::Push;
use super::assemble::{Carried, Pieces};
use super::pap::Content;
use crate::view::http::count;

/// A push that was read: its node's fields, and its body.
pub(super) struct Read {
    pub(super) fields: Push,
    pub(super) at: Place,
    pub(super) body: Vec<u8>,
    /// Where the body stands.
    pub(super) body_at: Pieces,
    /// The first header behind the content type.
    pub(super) first_header: Option<String>,
}

/// What is known beside the octets.
pub(super) struct Knowledge<'a> {
    pub(super) profile: &'a Profile,
    pub(super) proofs: &'a [Proof],
    pub(super) limits: &'a Limits,
}

/// Reads a PDU.
pub(super) fn of_pdu(carried: &Carried, places: &[Place], known: &Knowledge<'_>) -> Option<Read> {
    let at = carried.at.place(Span::new(0, carried.octets.len()))?;
    let base = Push {
        carrier: carried.carrier.clone(),
        has_pdu: true,
        segments: count(carried.units.len()),
        mac_closed: true,
        ..Push::default()
    };
    let pdu = match wsp::read(&carried.octets, known.limits) {
        Ok(pdu) => pdu,
        Err(bad) => {
            let fields = Push {
                kind: "other".to_owned(),
                notes: vec![bad.kind.to_owned()],
                ..base
            };
            return Some(Read {
                fields,
                at,
                body: Vec::new(),
                body_at: Pieces::default(),
                first_header: None,
            });
        }
    };
    let body = pdu.body.of(&carried.octets).to_vec();
    let value = |name: &str| pdu.header(name).and_then(|header| header.value.as_ref());
    let sec = pdu.param("SEC");
    let mac = pdu.param("MAC");
    let form_of = |param: Option<&wsp::Param>| {
        let value = param?.value.as_ref()?;
        Some(value.form.word().to_owned())
    };
    let flag = pdu.push_flag().unwrap_or_default();
    let headers = pdu.headers.iter();
    let mut fields = Push {
        tid: Some(i64::from(pdu.tid)),
        pdu_type: Some(i64::from(pdu.pdu_type)),
        media: pdu
            .content_type
            .as_ref()
            .map(|it| it.media.to_ascii_lowercase()),
        has_sec: sec.is_some(),
        sec: pdu.sec().and_then(|sec| i64::try_from(sec).ok()),
        sec_form: form_of(sec),
        has_mac: mac.is_some(),
        mac: pdu.mac().map(str::to_owned),
        mac_form: form_of(mac),
        mac_closed: mac
            .and_then(|mac| mac.value.as_ref())
            .is_none_or(|value| !value.open),
        application_id: value("X-Wap-Application-Id").map(|value| {
            let number = value.number.and_then(|it| u32::try_from(it).ok());
            let name = number.and_then(wsp::application_id);
            name.map_or_else(|| value.text.clone(), str::to_owned)
        }),
        has_flag: pdu.header("Push-Flag").is_some(),
        initiator_authenticated: flag & u64::from(wsp::INITIATOR_AUTHENTICATED) != 0,
        content_trusted: flag & u64::from(wsp::CONTENT_TRUSTED) != 0,
        initiator_uri: value("X-Wap-Initiator-URI").map(|value| value.text.clone()),
        header_octets: i64::from(pdu.headers_length.value),
        body_octets: count(body.len()),
        field_names: headers.clone().map(|header| header.name.clone()).collect(),
        field_values: headers
            .map(|header| {
                let value = header.value.as_ref();
                value.map_or_else(String::new, |value| value.text.clone())
            })
            .collect(),
        notes: pdu.notes.iter().map(|note| note.kind.to_owned()).collect(),
        ..base
    };
    protection(&mut fields, &body, &carried.octets, places, known);
    look_inside(&mut fields, &body, known.limits);
    Some(Read {
        fields,
        at,
        body,
        body_at: carried.at.from(pdu.body.start()),
        first_header: pdu.headers.first().map(|header| header.name.clone()),
    })
}

/// Reads what a gateway was asked to push.
pub(super) fn of_content(content: Content, places: &[Place], known: &Knowledge<'_>) -> Read {
    let field = |name: &str| {
        let mut fields = content.fields.iter();
        fields
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.clone())
    };
    let media = field("content-type").and_then(|value| media::parse(&value));
    let param = |name: &str| {
        let mut params = media.iter().flat_map(|media| &media.params);
        params
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim_matches('"').to_owned())
    };
    let sec = param("SEC");
    let mac = param("MAC");
    let is_type = |name: &str| name.eq_ignore_ascii_case("content-type");
    let others = content.fields.iter().filter(|(name, _)| !is_type(name));
    let flag: u64 = field("Push-Flag")
        .and_then(|value| value.trim().parse().ok())
        .unwrap_or_default();
    let mut fields = Push {
        carrier: "pap".to_owned(),
        media: media.as_ref().map(|media| media.essence.clone()),
        has_sec: sec.is_some(),
        sec: sec.as_ref().and_then(|sec| sec.trim().parse().ok()),
        sec_form: sec.is_some().then(|| "pap".to_owned()),
        has_mac: mac.is_some(),
        mac_form: mac.is_some().then(|| "pap".to_owned()),
        mac,
        mac_closed: true,
        application_id: field("X-Wap-Application-Id"),
        has_flag: field("Push-Flag").is_some(),
        initiator_authenticated: flag & 1 != 0,
        content_trusted: flag & 2 != 0,
        initiator_uri: field("X-Wap-Initiator-URI"),
        body_octets: count(content.body.len()),
        segments: 1,
        field_names: others.clone().map(|(name, _)| name.clone()).collect(),
        field_values: others.clone().map(|(_, value)| value.clone()).collect(),
        ..Push::default()
    };
    protection(&mut fields, &content.body, &content.body, places, known);
    look_inside(&mut fields, &content.body, known.limits);
    Read {
        fields,
        at: content.at,
        body: content.body,
        body_at: Pieces(vec![content.body_at]),
        first_header: None,
    }
}

/// What the proofs of capture, or else the IMSI, say of SEC and MAC.
fn protection(fields: &mut Push, body: &[u8], pdu: &[u8], at: &[Place], known: &Knowledge<'_>) {
    let find = |formula: &str| {
        let mut proofs = known.proofs.iter();
        proofs
            .find(|proof| proof.formula == formula && at.iter().any(|at| touches(*at, proof.place)))
    };
    if let Some(proof) = find("push-mac") {
        fields.mac_checked = true;
        fields.mac_ok = proof.holds;
        fields.mac_slip = Some(proof.nonce.clone()).filter(|slip| !proof.holds && !slip.is_empty());
    } else if let (Some(0), Some(claimed)) = (fields.sec, fields.mac.clone()) {
        let imsis = known.profile.devices.iter();
        let imsis: Vec<&str> = imsis.filter_map(|device| device.imsi.as_deref()).collect();
        let secrets = |imsi| Secrets {
            imsi: Some(imsi),
            pin: None,
        };
        let method = Method::NetwPin;
        fields.mac_checked = !imsis.is_empty();
        fields.mac_ok = imsis
            .iter()
            .any(|imsi| mac::verify(method, &secrets(imsi), body, &claimed) == Ok(true));
        if !fields.mac_ok {
            let mut slips = imsis
                .iter()
                .filter_map(|imsi| mac::explain(method, &secrets(imsi), pdu, body, &claimed));
            fields.mac_slip = slips.next().map(mac::Slip::says);
        }
    }
    if let Some(proof) = find("push-pin") {
        (fields.pin_checked, fields.pin_ok) = (true, proof.holds);
    }
    if let Some(proof) = find("pin-hidden") {
        (fields.pin_sought, fields.pin_shown) = (true, !proof.holds);
    }
}

/// True where two places share an octet, or one is a position inside the other.
pub(super) fn touches(at: Place, other: Place) -> bool {
    at.link == other.link
        && at.direction == other.direction
        && at.span.start() <= other.span.start()
        && other.span.start() < at.span.end().max(at.span.start() + 1)
}

/// What kind of thing the body is.
fn look_inside(fields: &mut Push, body: &[u8], limits: &Limits) {
    let media = fields.media.as_deref().unwrap_or_default();
    let by_media = match media {
        assay_wire::cp::WBXML_MEDIA | assay_wire::cp::TEXT_MEDIA => "document",
        assay_wire::cp::si::WBXML_MEDIA | assay_wire::cp::si::TEXT_MEDIA => "si",
        assay_wire::cp::sl::WBXML_MEDIA | assay_wire::cp::sl::TEXT_MEDIA => "sl",
        assay_wire::trigger::MEDIA => "trigger",
        _ => "other",
    };
    by_media.clone_into(&mut fields.kind);
    let Some(encoding) = encoding(media, body) else {
        return;
    };
    let Ok(decoded) = assay_wire::read(body, encoding, limits) else {
        return;
    };
    let tree = &decoded.tree;
    fields.root = tree.root().map(|root| tree.name(root).to_owned());
    fields.public_id = decoded.wbxml.as_ref().map(|it| public_id(&it.public_id));
    fields.charset = decoded.wbxml.as_ref().map(|it| i64::from(it.charset));
}

/// The form of a body that may be a document.
pub(super) fn encoding(media: &str, body: &[u8]) -> Option<Encoding> {
    if media == assay_wire::trigger::MEDIA {
        return None;
    }
    match body.iter().find(|octet| !octet.is_ascii_whitespace()) {
        Some(b'<' | 0xEF) => Some(Encoding::Xml),
        Some(0..=8) => Some(Encoding::Wbxml),
        _ if media.ends_with("wbxml") => Some(Encoding::Wbxml),
        _ => None,
    }
}

/// A public identifier as rules have it.
pub(super) fn public_id(id: &assay_wire::wbxml::PublicId) -> String {
    match id {
        assay_wire::wbxml::PublicId::Number(number) => number.to_string(),
        assay_wire::wbxml::PublicId::Text(text) => text.clone(),
    }
}
