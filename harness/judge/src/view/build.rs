//! The nodes of one exchange, and which of them are subjects of what name.
//!
//! The document is written by [`super::message`], the session by [`super::history`].

use std::sync::Arc;

use assay_wire::recording::{Breakage, Place, Proof};
use assay_wire::{Encoding, dm as syncml, http, media};

use super::dm::{Exchange, Http, Message, Note, Profile, Request, Session, Tls};
use super::history::{History, answer_codes};
use super::message::{Parts, Writer};
use crate::node::{Node, Ref, Subject};
use crate::replay;
use crate::rule::Scope;

/// What is the same for all exchanges of a case run.
pub(crate) struct Run<'a> {
    pub(crate) profile: Profile,
    pub(crate) proofs: &'a [Proof],
    /// Whether any rule looks at elements: they are many.
    pub(crate) elements: bool,
}

/// The nodes of one exchange.
pub(crate) struct View {
    exchange: Ref<Exchange>,
    session: Ref<Session>,
    profile: Ref<Profile>,
    sent: Option<Ref<Message>>,
    reply: Option<(Ref<Message>, Parts)>,
    notes: Vec<Ref<Note>>,
}

/// A subject and the nodes that go with it, each under its name. The subject comes first.
pub(crate) type Looked = Vec<(&'static str, Arc<Node>)>;

impl View {
    /// The names that all rules on this exchange share.
    pub(crate) fn scope(&self) -> Scope<'static> {
        let mut scope = Scope::default();
        scope.set("exchange", &self.exchange.node);
        scope.set("session", &self.session.node);
        scope.set("profile", &self.profile.node);
        if let Some(sent) = &self.sent {
            scope.set("sent", &sent.node);
        }
        if let Some((reply, _)) = &self.reply {
            scope.set("reply", &reply.node);
        }
        scope
    }

    /// Every subject of this name in the exchange.
    pub(crate) fn subjects(&self, name: &str) -> Vec<Looked> {
        match (name, &self.reply) {
            ("exchange", _) => singles("exchange", [&self.exchange]),
            ("note", _) => singles("note", &self.notes),
            ("reply", Some((reply, _))) => singles("reply", [reply]),
            ("header", Some((_, parts))) => singles("header", &parts.header),
            ("command", Some((_, parts))) => singles("command", &parts.commands),
            ("results", Some((_, parts))) => pairs(
                "results",
                "command",
                parts.results.iter().map(|node| (node, node)),
            ),
            ("status", Some((_, parts))) => pairs("status", "command", both(&parts.statuses)),
            ("alert", Some((_, parts))) => pairs("alert", "command", both(&parts.alerts)),
            ("item", Some((_, parts))) => pairs("item", "command", both(&parts.items)),
            ("challenge", Some((_, parts))) => {
                pairs("challenge", "status", both(&parts.challenges))
            }
            ("cred", Some((_, parts))) => {
                pairs("cred", "header", parts.cred.iter().zip(&parts.header))
            }
            ("meta", Some((_, parts))) => singles("meta", &parts.metas),
            ("element", Some((_, parts))) => singles("element", &parts.elements),
            _ => Vec::new(),
        }
    }
}

fn singles<'a, S: 'a>(
    name: &'static str,
    nodes: impl IntoIterator<Item = &'a Ref<S>>,
) -> Vec<Looked> {
    nodes
        .into_iter()
        .map(|node| vec![(name, Arc::clone(&node.node))])
        .collect()
}

fn pairs<'a, S: 'a, T: 'a>(
    name: &'static str,
    other: &'static str,
    nodes: impl Iterator<Item = (&'a Ref<S>, &'a Ref<T>)>,
) -> Vec<Looked> {
    nodes
        .map(|(node, with)| {
            vec![
                (name, Arc::clone(&node.node)),
                (other, Arc::clone(&with.node)),
            ]
        })
        .collect()
}

fn both<S, T>(nodes: &[(Ref<S>, Ref<T>)]) -> impl Iterator<Item = (&Ref<S>, &Ref<T>)> {
    nodes.iter().map(|(node, with)| (node, with))
}

/// The scope of a rule on a whole session.
pub(crate) fn whole_session(session: &Ref<Session>, profile: &Profile) -> Scope<'static> {
    let mut scope = Scope::default();
    scope.set("session", &session.node);
    scope.set("profile", &profile.clone().at(None).node);
    scope
}

/// The nodes of an exchange. What it showed is added to the history.
pub(crate) fn view(exchange: &replay::Exchange, history: &mut History, run: &Run<'_>) -> View {
    let sent = exchange
        .sent
        .as_ref()
        .and_then(|it| Some((it, syncml::Message::of(&it.tree)?)));
    let reply = exchange
        .reply
        .as_ref()
        .and_then(|it| Some((it, syncml::Message::of(&it.tree)?)));
    let request = sent.as_ref().map(|(_, message)| message);
    let answer = reply.as_ref().map(|(_, message)| message);

    let cred = request.and_then(|message| message.header.as_ref()?.cred.as_ref());
    let hmac = exchange
        .request
        .as_ref()
        .is_some_and(|it| it.field("x-syncml-hmac").is_some());
    let credentials = hmac || cred.is_some();
    let number = history.count();
    let (known, nonces) = history.session(exchange.session, &exchange.device);
    known.request(request, credentials, exchange);

    let sent_parts = sent.as_ref().map(|(document, message)| {
        let mut writer = Writer::new(document, run);
        writer.codes = answer_codes(message, answer);
        writer.write(message)
    });
    if let (Some(message), Some((_, parts))) = (request, &sent_parts) {
        known
            .asked
            .insert(message.msg_id().to_owned(), parts.commands.clone());
    }
    let session = known.seen.clone().at(exchange.place());
    let reply_parts = reply.as_ref().map(|(document, message)| {
        let mut writer = Writer::new(document, run);
        writer.asked = Some(&known.asked);
        writer.done = Some(&known.done);
        writer.nonces = Some(nonces);
        writer.elements = run.elements;
        writer.write(message)
    });
    let scheme = cred.and_then(|cred| cred.meta.as_ref()?.kind.as_ref());
    known.reply(answer, scheme.map(|scheme| scheme.value.as_ref()));

    View {
        exchange: exchange_node(exchange, number, credentials),
        session,
        profile: run.profile.clone().at(None),
        sent: sent_parts.map(|(message, _)| message),
        reply: reply_parts,
        notes: exchange
            .odd
            .iter()
            .map(|(note, place)| note_node(note, *place))
            .collect(),
    }
}

fn exchange_node(exchange: &replay::Exchange, number: i64, credentials: bool) -> Ref<Exchange> {
    let reply = exchange.reply.as_ref();
    let response = exchange.response.as_ref();
    let promised = response
        .and_then(|response| media::parse(&response.field("content-type")?.value))
        .and_then(|media| replay::promised(&media));
    let fields = Exchange {
        number,
        device: exchange.device.clone(),
        lawful: exchange.lawful,
        request: exchange
            .request
            .as_ref()
            .map(|it| request_node(it, exchange.sent_at)),
        http: response.map(|response| http_node(response, exchange.place())),
        replied: reply.is_some(),
        well_formed: reply.is_some_and(replay::Document::is_well_formed),
        encoding_sent: exchange.sent.as_ref().map(|it| name_of(it.encoding)),
        encoding: reply.map(|it| name_of(it.encoding)),
        encoding_promised: promised.map(name_of),
        broke: exchange.broke.as_ref().map(|(how, _)| breakage(*how)),
        credentials,
        tls: exchange.tls.as_ref().map(|tls| {
            let tls = tls.clone();
            let fields = Tls {
                version: tls.version,
                suite: tls.suite,
                asked_for_certificate: tls.asked_for_certificate,
                presented_certificate: tls.presented_certificate,
                certificate_valid: tls.certificate_valid,
                certificate_fault: tls.certificate_fault,
            };
            fields.at(None)
        }),
        notes: exchange
            .odd
            .iter()
            .map(|(note, _)| note.kind.to_owned())
            .collect(),
    };
    fields.at(exchange.place())
}

fn request_node(request: &http::Request, place: Place) -> Ref<Request> {
    let media = request
        .field("content-type")
        .and_then(|field| media::parse(&field.value));
    let (field_names, field_values) = fields(&request.fields);
    let fields = Request {
        method: request.method.clone(),
        target: request.target.clone(),
        version: i64::from(request.version),
        media: media.map(|media| media.essence),
        body_octets: count(request.body.octets.len()),
        field_names,
        field_values,
    };
    fields.at(place)
}

fn http_node(response: &http::Response, place: Place) -> Ref<Http> {
    let media = response
        .field("content-type")
        .and_then(|field| media::parse(&field.value));
    let params = media.iter().flat_map(|media| &media.params);
    let (field_names, field_values) = fields(&response.fields);
    let length = response
        .field("content-length")
        .map(|field| field.value.trim());
    let fields = Http {
        status: i64::from(response.status),
        reason: response.reason.clone(),
        version: i64::from(response.version),
        media_params: params
            .map(|(name, value)| format!("{name}={value}"))
            .collect(),
        media: media.as_ref().map(|media| media.essence.clone()),
        content_length: length.and_then(|length| length.parse().ok()),
        chunked: response.body.framing == http::Framing::Chunked,
        body_octets: count(response.body.octets.len()),
        field_names,
        field_values,
        notes: response
            .notes
            .iter()
            .map(|note| note.kind.to_owned())
            .collect(),
    };
    fields.at(place)
}

fn fields(fields: &[http::Field]) -> (Vec<String>, Vec<String>) {
    fields
        .iter()
        .map(|field| (field.name.clone(), field.value.clone()))
        .unzip()
}

fn note_node(note: &assay_wire::Note, place: Place) -> Ref<Note> {
    let fields = Note {
        kind: note.kind.to_owned(),
        text: note.text.clone(),
        of: note.kind.split('.').next().unwrap_or_default().to_owned(),
        fault: replay::is_fault(note.kind),
    };
    fields.at(place)
}

pub(super) fn name_of(encoding: Encoding) -> String {
    match encoding {
        Encoding::Xml => "xml".into(),
        Encoding::Wbxml => "wbxml".into(),
    }
}

fn breakage(how: Breakage) -> String {
    let name = match how {
        Breakage::Closed => "closed",
        Breakage::Timeout => "timeout",
        Breakage::TooLong => "too-long",
        Breakage::Garbled => "garbled",
    };
    name.into()
}

pub(super) fn count(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}
