//! The nodes of one exchange, and which of them are subjects of what name.
//!
//! Documents are written by [`super::document`] and [`super::answers`], downloads by
//! [`super::download`]; what was told before is in [`super::history`].

use assay_suites::suite::Role;
use assay_wire::http::Request;
use assay_wire::pull::{
    Action, InstructionsRequest, LocationRequest, PollResponse, ReportKind, Status, field,
};

use super::document::{Parts, Writer};
use super::download::download;
use super::history::{History, Marks};
use super::{Exchange, Profile};
use crate::family;
use crate::node::{Arena, Lent, Subject};
use crate::replay::{self, Document};
use crate::view::http::{self as shared, odd};
use crate::view::{Ended, Run, View};

/// What the exchanges of a case run have shown so far.
pub(crate) struct Memory<'a> {
    arena: &'a Arena,
    profile: Lent<'a, Profile>,
    history: History,
}

impl<'a> Memory<'a> {
    /// Of a case run that begins.
    pub(crate) fn new(run: &Run<'a>) -> Self {
        let role = match run.role {
            Role::PullAgent => "pull-agent",
            _ => "pull-server",
        };
        let profile = Profile {
            generation: run.axis("generation", "5.0"),
            role: role.to_owned(),
            url: run.profile.target.url.clone(),
        };
        Self {
            arena: run.arena,
            profile: profile.at(run.arena, None),
            history: History::default(),
        }
    }
}

impl<'a> family::Memory<'a> for Memory<'a> {
    fn view(&mut self, exchange: &'a replay::Exchange<'a>) -> View<'a> {
        let mut whole = self.exchange(exchange);
        let asked = whole.package.clone();
        let known = self.history.device(&exchange.device);
        let write = |document: &'a Document<'a>| {
            Writer::new(document, asked.as_deref(), known, self.arena).write()
        };
        let sent = exchange.sent.as_ref().map(write);
        let reply = exchange.reply.as_ref().map(write);
        if whole.action == "download" {
            whole.download = download(exchange, self.history.device(&exchange.device), self.arena);
        }
        if let Some((_, parts)) = &reply {
            self.learn(exchange, &whole, parts);
        }
        let marks = self.history.marks(exchange);
        if whole.received_token.is_some() && whole.action != "download" {
            marks.token.clone_from(&whole.received_token);
        }
        marks.polls += i64::from(whole.action == "poll" && whole.accepted);

        let mut view = View::default();
        if let Some(download) = &whole.download {
            view.add("download", [download]);
        }
        let whole = whole.at(self.arena, exchange.place());
        view.share("exchange", whole);
        view.share("profile", self.profile);
        view.add("exchange", [&whole]);
        view.add("note", &odd(exchange, self.arena));
        if let Some((sent, _)) = &sent {
            view.share("sent", *sent);
        }
        if let Some((reply, parts)) = &reply {
            view.share("reply", *reply);
            view.add("reply", [reply]);
            parts.add_to(&mut view);
        }
        view
    }

    fn ended(&self) -> Vec<Ended<'a>> {
        Vec::new()
    }
}

impl<'a> Memory<'a> {
    /// The fields of an exchange, but for what it downloaded.
    fn exchange(&mut self, exchange: &'a replay::Exchange<'a>) -> Exchange<'a> {
        let number = self.history.count();
        let Marks { token, polls } = self.history.marks(exchange).clone();
        let request = exchange.request.as_ref();
        let response = exchange.response.as_ref();
        let reply = exchange.reply.as_ref();
        let status = response.map_or(0, |response| response.status);
        let sent = |name: &str| Some(request?.field(name)?.value.clone());
        let received = |name: &str| Some(response?.field(name)?.value.clone());
        let action = request.map_or("other", action);
        let is_empty =
            |value: &Option<String>| value.as_ref().is_none_or(|it| it.trim().is_empty());
        let (sent_token, sent_timestamp) = (sent(field::AUTH), sent(field::TIMESTAMP));
        let report_type = sent(field::REPORT_TYPE);
        Exchange {
            number,
            device: exchange.device.clone(),
            lawful: exchange.lawful,
            request: shared::request(exchange, self.arena),
            http: shared::response(exchange, self.arena),
            replied: reply.is_some(),
            well_formed: reply.is_some_and(Document::is_well_formed),
            reply_root: reply
                .and_then(|it| Some(it.tree.name(it.tree.root()?).to_owned()))
                .unwrap_or_default(),
            accepted: (200..300).contains(&status),
            refused: (400..500).contains(&status),
            broke: exchange
                .broke
                .as_ref()
                .map(|(how, _)| shared::breakage(*how).to_owned()),
            tls: exchange
                .tls
                .as_ref()
                .map(|tls| shared::tls(tls, self.arena)),
            notes: exchange
                .odd
                .iter()
                .map(|(note, _)| note.kind.to_owned())
                .collect(),
            report_type: report_type.filter(|_| action == "report").map(|value| {
                ReportKind::named(&value)
                    .map_or("other", ReportKind::word)
                    .to_owned()
            }),
            package: self.package(exchange, action),
            first_poll: action == "poll" && is_empty(&sent_token) && is_empty(&sent_timestamp),
            action: action.to_owned(),
            received_token: received(field::AUTH),
            received_timestamp: received(field::TIMESTAMP),
            sent_token,
            sent_timestamp,
            newest_token: token,
            polls,
            download: None,
        }
    }

    /// The package that a request is about.
    fn package(&mut self, exchange: &replay::Exchange, action: &str) -> Option<String> {
        if action == "download" {
            let request = exchange.request.as_ref()?;
            let host = request.field("host").map_or("", |host| host.value.trim());
            let known = self.history.device(&exchange.device);
            return known.package_at(host, &request.target).map(str::to_owned);
        }
        let tree = &exchange.sent.as_ref()?.tree;
        if let Some(request) = InstructionsRequest::of(tree) {
            return Some(request.id?.value.trim().to_owned());
        }
        if let Some(request) = LocationRequest::of(tree) {
            return Some(request.package_id?.value.into_owned());
        }
        let status = Status::of(tree)?;
        let id = status.messages.first()?.package_id?;
        Some(id.value.trim().to_owned())
    }

    /// Keeps what an answer told the device.
    fn learn(&mut self, exchange: &replay::Exchange, whole: &Exchange, parts: &Parts) {
        let known = self.history.device(&exchange.device);
        let tree = exchange.reply.as_ref().map(|reply| &reply.tree);
        if let Some(polled) = tree.and_then(PollResponse::of) {
            known.listed = polled.ids().map(|id| id.trim().to_owned()).collect();
        }
        for package in &parts.instructions {
            let (id, size) = (package.node.text("id"), package.node.number("size_number"));
            if let (Some(id), Some(size)) = (id, size) {
                known.sizes.insert(id.trim().to_owned(), size);
            }
        }
        for location in &parts.locations {
            if let (Some(url), Some(package)) = (location.node.text("url"), &whole.package) {
                known.locate(url, package);
            }
        }
    }
}

/// What a request asks.
fn action(request: &Request) -> &'static str {
    match request.field(field::ACTION) {
        Some(value) => Action::named(&value.value).map_or("other", Action::word),
        None if request.method.eq_ignore_ascii_case("POST") => "other",
        None => "download",
    }
}
