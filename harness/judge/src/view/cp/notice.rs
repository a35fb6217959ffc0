//! The nodes of indications, loadings and notifications.

use assay_wire::cp::si::Indication as Si;
use assay_wire::cp::sl::Loading as Sl;
use assay_wire::recording::{Place, Proof};
use assay_wire::{Limits, trigger};

use super::push::{Read, encoding, touches};
use super::{Loading, ServiceIndication, Trigger};
use crate::node::{Arena, Lent, Subject};
use crate::view::http::count;

/// The node of an indication, and by what it is known: its id and where it leads.
pub(super) fn indication(read: &Read, limits: &Limits) -> Option<ServiceIndication> {
    let media = read.fields.media.clone().unwrap_or_default();
    let encoding = encoding(&media, &read.body)?;
    let decoded = assay_wire::read(&read.body, encoding, limits).ok()?;
    let si = Si::of(&decoded.tree)?;
    Some(ServiceIndication {
        media,
        root: decoded.tree.name(si.root).to_owned(),
        has_indication: si.node.is_some(),
        href: si.href.map(str::to_owned),
        si_id: si.si_id.map(str::to_owned),
        id_reused: false,
        created: si.created.map(str::to_owned),
        expires: si.expires.map(str::to_owned),
        action: si.action.map(str::to_owned),
        text: si.text.clone(),
        charset: decoded.wbxml.as_ref().map(|it| i64::from(it.charset)),
        notes: decoded.notes.iter().map(|it| it.kind.to_owned()).collect(),
    })
}

/// The node of a loading.
pub(super) fn loading<'a>(
    read: &Read,
    arena: &'a Arena,
    limits: &Limits,
) -> Option<Lent<'a, Loading>> {
    let media = read.fields.media.clone().unwrap_or_default();
    let encoding = encoding(&media, &read.body)?;
    let decoded = assay_wire::read(&read.body, encoding, limits).ok()?;
    let sl = Sl::of(&decoded.tree)?;
    let fields = Loading {
        media,
        root: decoded.tree.name(sl.root).to_owned(),
        href: sl.href.map(str::to_owned),
        action: sl.action.map(str::to_owned),
        charset: decoded.wbxml.as_ref().map(|it| i64::from(it.charset)),
        notes: decoded.notes.iter().map(|it| it.kind.to_owned()).collect(),
    };
    Some(fields.at(arena, read.at))
}

/// The node of a notification.
pub(super) fn notification<'a>(
    read: &Read,
    proofs: &[Proof],
    places: &[Place],
    arena: &'a Arena,
    limits: &Limits,
) -> Lent<'a, Trigger> {
    let mut all = proofs.iter();
    let proof = all.find(|proof| {
        proof.formula == "trigger-digest" && places.iter().any(|at| touches(*at, proof.place))
    });
    let base = Trigger {
        octets: count(read.body.len()),
        digest_checked: proof.is_some(),
        digest_ok: proof.is_some_and(|proof| proof.holds),
        digest_text: read
            .body
            .iter()
            .take(trigger::DIGEST)
            .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'=')),
        application_first: read
            .first_header
            .as_ref()
            .is_some_and(|name| name.eq_ignore_ascii_case("X-Wap-Application-Id")),
        header_octets: read.fields.header_octets,
        ..Trigger::default()
    };
    let fields = match trigger::read(&read.body, limits) {
        Ok(own) => Trigger {
            readable: true,
            version: i64::from(own.version),
            ui_mode: i64::from(own.ui_mode),
            initiator: i64::from(own.initiator),
            future: i64::from(own.future),
            session: i64::from(own.session),
            length: i64::from(own.length),
            server: own.server,
            vendor_octets: i64::from(own.vendor.len),
            notes: own.notes.iter().map(|it| it.kind.to_owned()).collect(),
            ..base
        },
        Err(bad) => Trigger {
            notes: vec![bad.kind.to_owned()],
            ..base
        },
    };
    fields.at(arena, read.at)
}
