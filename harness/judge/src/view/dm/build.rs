//! The nodes of one exchange, and which of them are subjects of what name.
//!
//! The document is written by [`super::message`], the session by [`super::history`].

use assay_wire::dm::hmac::{self, Hmac};
use assay_wire::{Encoding, dm as syncml};

use super::history::{History, answer_codes, msg_id};
use super::message::{Parts, Writer};
use super::wanted::Wanted;
use super::{Exchange, Mac, Profile};
use crate::family::{self, dm::promised};
use crate::node::{Arena, Lent, Subject, Texts, lent};
use crate::replay;
use crate::view::http::{self as shared, odd};
use crate::view::{Ended, Run, View};

/// What the exchanges of a case run have shown so far.
pub(crate) struct Memory<'a> {
    run: Run<'a>,
    profile: Lent<'a, Profile>,
    history: History<'a>,
    of_sent: Wanted,
    of_reply: Wanted,
}

impl<'a> Memory<'a> {
    /// Of a case run that begins.
    pub(crate) fn new(run: Run<'a>) -> Self {
        Self {
            profile: profile(&run).at(run.arena, None),
            of_sent: Wanted::of_sent(run.reads),
            of_reply: Wanted::of_reply(run.reads),
            run,
            history: History::default(),
        }
    }
}

impl<'a> family::Memory<'a> for Memory<'a> {
    /// What the exchange shows is added to the history.
    fn view(&mut self, exchange: &'a replay::Exchange<'a>) -> View<'a> {
        let Self {
            run,
            profile,
            history,
            of_sent,
            of_reply,
        } = self;
        let arena = run.arena;
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
            .is_some_and(|it| it.field(hmac::FIELD).is_some());
        let credentials = hmac || cred.is_some();
        let number = history.count();
        let (known, nonces) = history.session(exchange.session, &exchange.device);
        known.request(arena, request, credentials, exchange);

        let sent_parts = sent.as_ref().map(|(document, message)| {
            let mut writer = Writer::new(document, run, of_sent);
            writer.codes = answer_codes(arena, message, answer);
            writer.write(message)
        });
        if let (Some(message), Some((_, parts))) = (request, &sent_parts) {
            let asked = &mut known.asked;
            asked.insert(msg_id(arena, message), parts.commands.clone());
        }
        let session = known.seen.clone().at(arena, exchange.place());
        let reply_parts = reply.as_ref().map(|(document, message)| {
            let mut writer = Writer::new(document, run, of_reply);
            writer.asked = Some(&known.asked);
            writer.done = Some(&known.done);
            writer.nonces = Some(nonces);
            writer.write(message)
        });
        let scheme = cred.and_then(|cred| cred.meta.as_ref()?.kind.as_ref());
        known.reply(
            arena,
            answer,
            scheme.map(|scheme| lent(arena, &scheme.value)),
        );

        let mac = mac(exchange, run);
        let whole = exchange_node(exchange, number, (credentials, mac), arena);
        let mut view = View::default();
        view.add("mac", &mac);
        view.share("exchange", whole);
        view.share("session", session);
        view.share("profile", *profile);
        view.add("exchange", [&whole]);
        view.add("note", &odd(exchange, arena));
        if let Some((sent, _)) = &sent_parts {
            view.share("sent", *sent);
        }
        if let Some((reply, parts)) = &reply_parts {
            view.share("reply", *reply);
            view.add("reply", [reply]);
            parts.add_to(&mut view);
        }
        view
    }

    fn ended(&self) -> Vec<Ended<'a>> {
        let ended = self.history.ended(self.run.arena).into_iter();
        let sessions = ended.map(|(session, lawful)| Ended {
            name: "session",
            place: session.node.place,
            looked: vec![("session", session.node), ("profile", self.profile.node)],
            lawful,
        });
        sessions.collect()
    }
}

impl<'a> Parts<'a> {
    /// The subjects of a reply.
    fn add_to(&self, view: &mut View<'a>) {
        view.add("header", &self.header);
        view.add("command", self.commands.iter().map(|(_, node)| node));
        let results = self.results.iter().map(|node| (node, node));
        view.add_with("results", "command", results);
        view.add_with("status", "command", both(&self.statuses));
        view.add_with("alert", "command", both(&self.alerts));
        view.add_with("item", "command", both(&self.items));
        view.add_with("challenge", "status", both(&self.challenges));
        view.add_with("cred", "header", self.cred.iter().zip(&self.header));
        view.add("meta", &self.metas);
        view.add("element", &self.elements);
    }
}

fn both<'n, 'a, S, T>(
    nodes: &'n [(Lent<'a, S>, Lent<'a, T>)],
) -> impl Iterator<Item = (&'n Lent<'a, S>, &'n Lent<'a, T>)> {
    nodes.iter().map(|(node, with)| (node, with))
}

fn profile(run: &Run<'_>) -> Profile {
    let auth = run
        .profile
        .claims
        .auth
        .iter()
        .flatten()
        .map(|scheme| scheme.name().to_owned());
    Profile {
        version: run.axis("version", "1.2"),
        encoding: run.axis("encoding", "xml"),
        protocol: run.protocol.name().to_owned(),
        auth: auth.collect(),
        url: run.profile.target.url.clone(),
        has_server: run.profile.server.is_some(),
    }
}

/// The mac of an answer.
fn mac<'a>(exchange: &'a replay::Exchange<'a>, run: &Run<'a>) -> Option<Lent<'a, Mac>> {
    let (response, received) = (exchange.response.as_ref()?, exchange.received_at?);
    let field = response.field(hmac::FIELD)?;
    let place = replay::within(received, field.span);
    let read = Hmac::read(&field.value);
    let fields = Mac {
        algorithm: read.algorithm,
        username: read.username,
        quoted: read.quoted,
        value: read.mac,
        strays: read.strays,
        proved: run.proved(place),
    };
    Some(fields.at(run.arena, place))
}

fn exchange_node<'a>(
    exchange: &'a replay::Exchange<'a>,
    number: i64,
    (credentials, mac): (bool, Option<Lent<'a, Mac>>),
    arena: &'a Arena,
) -> Lent<'a, Exchange<'a>> {
    let reply = exchange.reply.as_ref();
    let promised = exchange.media.as_ref().and_then(promised);
    let fields = Exchange {
        number,
        device: &exchange.device,
        lawful: exchange.lawful,
        request: shared::request(exchange, arena),
        http: shared::response(exchange, arena),
        replied: reply.is_some(),
        well_formed: reply.is_some_and(replay::Document::is_well_formed),
        encoding_sent: exchange.sent.as_ref().map(|it| name_of(it.encoding)),
        encoding: reply.map(|it| name_of(it.encoding)),
        encoding_promised: promised.map(name_of),
        broke: exchange
            .broke
            .as_ref()
            .map(|(how, _)| shared::breakage(*how)),
        credentials,
        tls: exchange.tls.as_ref().map(|tls| shared::tls(tls, arena)),
        mac,
        notes: Texts::of(arena, exchange.odd.iter().map(|(note, _)| note.kind)),
    };
    fields.at(arena, exchange.place())
}

pub(super) fn name_of(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Xml => "xml",
        Encoding::Wbxml => "wbxml",
    }
}
