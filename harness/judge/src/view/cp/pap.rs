//! The nodes of the push access protocol: requests to the gateway of the harness, what they ask it
//! to push, and answers of gateways and initiators.

use std::collections::BTreeSet;

use assay_suites::profile::Device;
use assay_wire::pap::{self, Multipart, Part};
use assay_wire::recording::{Place, Recording};
use assay_wire::{Limits, Span, http, media, xml};

use super::{Address, Pap, Response};
use crate::node::{Arena, Lent, Subject};
use crate::replay::{Document, Exchange, within};
use crate::rule::LONGEST_LIST;

/// The message of a gateway that tells what came of a push.
pub(super) const NOTIFICATION: &str = "resultnotification-message";

/// What a gateway is asked to push.
pub(super) struct Content {
    pub(super) fields: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// The part.
    pub(super) at: Place,
    pub(super) body_at: Place,
}

/// A request that arrived.
pub(super) struct Request {
    pub(super) fields: Pap,
    pub(super) at: Place,
    pub(super) addresses: Vec<(Address, Option<Place>)>,
    pub(super) content: Option<Content>,
}

/// Reads a request to the gateway of the harness.
pub(super) fn request(recording: &Recording, at: Place, limits: &Limits) -> Option<Request> {
    let raw = recording.octets(at);
    let Ok(http::Progress::Done(request)) = http::request(raw, limits) else {
        return None;
    };
    let value = request.field("content-type").map(|it| it.value.clone());
    let media = value.as_deref().and_then(media::parse);
    let param = |name: &str| {
        let mut params = media.iter().flat_map(|media| &media.params);
        params
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim_matches('"').to_ascii_lowercase())
    };
    let mut fields = Pap {
        method: request.method.clone(),
        media: media.as_ref().map(|media| media.essence.clone()),
        r#type: param("type"),
        has_boundary: param("boundary").is_some(),
        ..Pap::default()
    };
    let body = request.body.octets.as_slice();
    let place = |span: Span| within(at, request.body.raw(span));
    let mut found = Request {
        at,
        addresses: Vec::new(),
        content: None,
        fields: Pap::default(),
    };
    let parts = pap::multipart(body, value.as_deref().unwrap_or_default(), limits).ok();
    let notes = parts.iter().flat_map(|parts| &parts.notes);
    fields.notes = notes.map(|note| note.kind.to_owned()).collect();
    let is_parted = parts.as_ref().is_some_and(|it| !it.parts.is_empty());
    if !is_parted {
        let whole = Span::new(0, body.len());
        read_control(&mut fields, &mut found, whole, body, &place, limits);
    }
    if let Some(parts) = &parts {
        fields.parts = medias(parts);
        let control = parts.parts.iter().position(|part| is_control(part, body));
        fields.control_part = control.map_or(0, |at| i64::try_from(at + 1).unwrap_or_default());
        if let Some(part) = control.and_then(|at| parts.parts.get(at)) {
            read_control(&mut fields, &mut found, part.body, body, &place, limits);
        }
        let mut others = parts.parts.iter().enumerate();
        let content = others.find(|(at, _)| Some(*at) != control);
        found.content = content.map(|(_, part)| Content {
            fields: part
                .fields
                .iter()
                .map(|it| (it.name.clone(), it.value.clone()))
                .collect(),
            body: part.body.of(body).to_vec(),
            at: place(part.span),
            body_at: place(part.body),
        });
    }
    found.fields = fields;
    Some(found)
}

fn medias(parts: &Multipart) -> Vec<String> {
    let parts = parts.parts.iter();
    parts
        .map(|part| part.media().map(|it| it.essence).unwrap_or_default())
        .collect()
}

/// True for a part that holds a control document, whatever its media type is.
fn is_control(part: &Part, body: &[u8]) -> bool {
    let octets = part.body.of(body);
    let start = octets.get(..octets.len().min(1024)).unwrap_or_default();
    let text = String::from_utf8_lossy(start);
    text.trim_start().starts_with('<') && text.contains("<pap")
}

fn read_control(
    fields: &mut Pap,
    found: &mut Request,
    at: Span,
    body: &[u8],
    place: &dyn Fn(Span) -> Place,
    limits: &Limits,
) {
    let Ok((tree, notes)) = xml::read(at.of(body), limits) else {
        return;
    };
    fields
        .notes
        .extend(notes.iter().map(|it| it.kind.to_owned()));
    let Some(document) = pap::Document::of(&tree) else {
        return;
    };
    let kinds = document.notes.iter().map(|it| it.kind.to_owned());
    fields.notes.extend(kinds);
    let Some(message) = &document.message else {
        return;
    };
    let attribute = |name: &str| message.attribute(name).map(str::to_owned);
    message.name.clone_into(&mut fields.message);
    fields.push_id = message.push_id.map(str::to_owned);
    fields.before = attribute("deliver-before-timestamp");
    fields.after = attribute("deliver-after-timestamp");
    fields.notify_to = attribute("ppg-notify-requested-to");
    let outcome = message.outcomes.first();
    fields.state = outcome.and_then(|it| it.state).map(str::to_owned);
    let quality = message.quality.as_ref();
    fields.delivery_method = quality.and_then(|it| it.method).map(str::to_owned);
    let inside = |span: Span| {
        let start = at.start() + span.start();
        place(Span::new(start, start + span.len as usize))
    };
    for address in message.addresses.iter().take(LONGEST_LIST) {
        let read = pap::address(address.value);
        let node = Address {
            value: address.value.to_owned(),
            valid: read.is_some(),
            foreign: false,
            kind: read.map_or("", |it| it.kind.name()).to_owned(),
        };
        fields.addresses.push(address.value.to_owned());
        let span = tree.span(address.node);
        found.addresses.push((node, Some(inside(span))));
    }
}

/// True for the address of none of these devices, which are known by number or by name.
pub(super) fn is_foreign(value: &str, devices: &[Device]) -> bool {
    let Some(address) = pap::address(value) else {
        return false;
    };
    let digits = pap::digits(address.device);
    let is_own = |device: &Device| {
        let number = device.address.as_deref().map(pap::digits);
        device.id == address.device || number.is_some_and(|number| number == digits)
    };
    !devices.is_empty() && !devices.iter().any(is_own)
}

/// The node of a request, and those of its addresses.
pub(super) fn nodes<'a>(
    mut fields: Pap,
    at: Place,
    addresses: Vec<(Address, Option<Place>)>,
    used: &mut BTreeSet<String>,
    arena: &'a Arena,
) -> (Lent<'a, Pap>, Vec<Lent<'a, Address>>) {
    if let Some(id) = &fields.push_id
        && fields.message != NOTIFICATION
    {
        fields.push_id_reused = !used.insert(id.clone());
    }
    let addresses = addresses.into_iter().map(|(node, at)| node.at(arena, at));
    (fields.at(arena, at), addresses.collect())
}

/// The node of what came back to a submission, a question, a cancellation or a notification.
pub(super) fn response<'a>(
    exchange: &Exchange<'_>,
    arena: &'a Arena,
) -> Option<Lent<'a, Response>> {
    let reply = exchange.reply.as_ref()?;
    let document = pap::Document::of(&reply.tree)?;
    let message = document.message.as_ref()?;
    let outcome = message.outcomes.first();
    let node = outcome.map_or(message.node, |outcome| outcome.node);
    let attribute = |name: &str| {
        let element = document.tree.element(node)?;
        let mut attributes = element.attributes.iter();
        let found = attributes.find(|it| it.name == name)?;
        Some(found.value.clone().into_owned())
    };
    let code = attribute("code").or_else(|| message.attribute("code").map(str::to_owned));
    let number = code.as_deref().and_then(|code| code.parse().ok());
    let asked = push_id_of(exchange);
    let fragment = message.attribute("bad-message-fragment");
    let fields = Response {
        kind: message.name.to_owned(),
        known_code: number.is_some_and(|code| pap::meaning(code).is_some()),
        code,
        push_id: message.push_id.map(str::to_owned),
        push_id_ok: message.push_id.is_some() && message.push_id == asked.as_deref(),
        state: outcome.and_then(|it| it.state).map(str::to_owned),
        has_fragment: fragment.is_some_and(|it| !it.trim().is_empty()),
        well_formed: reply.is_well_formed(),
    };
    Some(fields.at(arena, place(reply)))
}

fn place(reply: &Document<'_>) -> Place {
    let root = reply.tree.root();
    reply.place(root.map_or(Span::default(), |root| reply.tree.span(root)))
}

/// What a request asks of a gateway or an initiator, by what the harness wrote.
pub(super) fn action(exchange: &Exchange<'_>) -> &'static str {
    let Some(request) = &exchange.request else {
        return "other";
    };
    if matches!(request.method.as_str(), "GET" | "HEAD") {
        return "fetch";
    }
    let body = String::from_utf8_lossy(&request.body.octets);
    let has = |name: &str| body.contains(name);
    if has("<resultnotification-message") {
        "notify"
    } else if has("<statusquery-message") {
        "query"
    } else if has("<cancel-message") {
        "cancel"
    } else {
        "submit"
    }
}

/// The push-id that a request names, as the harness wrote it.
fn push_id_of(exchange: &Exchange<'_>) -> Option<String> {
    let body = String::from_utf8_lossy(&exchange.request.as_ref()?.body.octets).into_owned();
    let (_, rest) = body.split_once(" push-id=")?;
    let quote = rest.chars().next()?;
    let (value, _) = rest.get(1..)?.split_once(quote)?;
    Some(value.to_owned())
}

/// What a submission hands to a gateway: push-id, media type, SEC, MAC and body.
pub(super) struct Submitted {
    pub(super) push_id: Option<String>,
    pub(super) media: String,
    pub(super) sec: Option<i64>,
    pub(super) mac: Option<String>,
    pub(super) body: Vec<u8>,
    pub(super) with_credentials: bool,
    /// The gateway did not take it.
    pub(super) refused: bool,
}

/// What was submitted.
pub(super) fn submitted(exchange: &Exchange<'_>, limits: &Limits) -> Option<Submitted> {
    let request = exchange.request.as_ref()?;
    let body = request.body.octets.as_slice();
    let value = request.field("content-type").map(|it| it.value.clone())?;
    let parts = pap::multipart(body, &value, limits).ok()?;
    let content = parts.parts.iter().find(|part| !is_control(part, body))?;
    let media = content.media()?;
    let param = |name: &str| {
        let mut params = media.params.iter();
        params
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim_matches('"').to_owned())
    };
    let refuses = || {
        let reply = pap::Document::of(&exchange.reply.as_ref()?.tree)?;
        Some(reply.message?.refuses())
    };
    let response = exchange.response.as_ref();
    let is_taken = response.is_some_and(|it| (200..300).contains(&it.status));
    Some(Submitted {
        push_id: push_id_of(exchange),
        refused: !is_taken || refuses() == Some(true),
        sec: param("SEC").and_then(|sec| sec.trim().parse().ok()),
        mac: param("MAC"),
        media: media.essence.clone(),
        body: content.body.of(body).to_vec(),
        with_credentials: request.field("authorization").is_some(),
    })
}
