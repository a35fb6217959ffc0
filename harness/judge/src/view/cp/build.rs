//! The nodes of one exchange or delivery, and which of them are subjects of what name.

use std::collections::{BTreeMap, BTreeSet};

use assay_suites::suite::Role;
use assay_wire::recording::Place;
use assay_wire::{Limits, authenticode};

use super::assemble::{Assembled, Short, assemble};
use super::document::{self, Source};
use super::download::{self, Fetched, Roots};
use super::notice;
use super::pap::{self, Submitted};
use super::push::{self, Knowledge, Read};
use super::{Delivery, Exchange, Profile, Push, Segment};
use crate::family;
use crate::node::{Lent, Subject};
use crate::replay::{self, Arrival};
use crate::rule::LONGEST_LIST;
use crate::view::http::{self as shared, count, odd};
use crate::view::{Ended, Run, View};

/// What the exchanges of a case run have shown so far.
pub(crate) struct Memory<'a> {
    run: Run<'a>,
    profile: Lent<'a, Profile>,
    roots: Roots,
    number: i64,
    push_ids: BTreeSet<String>,
    /// Where the indications of each id lead.
    si_ids: BTreeMap<String, Option<String>>,
    /// What was submitted for whom last.
    submitted: BTreeMap<String, Submitted>,
    /// For whom something was submitted last.
    last: Option<String>,
    fetched: Fetched,
}

const LIMITS: &Limits = &Limits::TARGET;

impl<'a> Memory<'a> {
    /// Of a case run that begins.
    pub(crate) fn new(run: Run<'a>) -> Self {
        let role = match run.role {
            Role::Ppg => "ppg",
            _ => "cp-server",
        };
        let profile = Profile {
            role: role.to_owned(),
            carrier: run.axis("carrier", "pap"),
        };
        let signers = run.profile.target.signers.as_deref().unwrap_or_default();
        Self {
            profile: profile.at(run.arena, None),
            roots: Roots {
                roots: authenticode::certificates(signers),
                at: seconds(&run.recording.started).unwrap_or(NOON),
            },
            run,
            number: 0,
            push_ids: BTreeSet::new(),
            si_ids: BTreeMap::new(),
            submitted: BTreeMap::new(),
            last: None,
            fetched: Fetched::default(),
        }
    }
}

impl<'a> family::Memory<'a> for Memory<'a> {
    fn view(&mut self, exchange: &'a replay::Exchange<'a>) -> View<'a> {
        self.number += 1;
        let mut view = View::default();
        view.share("profile", self.profile);
        match &exchange.delivery {
            Some(units) => self.delivery(exchange, units, &mut view),
            None => self.exchange(exchange, &mut view),
        }
        view
    }

    fn ended(&self) -> Vec<Ended<'a>> {
        Vec::new()
    }
}

impl<'a> Memory<'a> {
    fn exchange(&mut self, exchange: &'a replay::Exchange<'a>, view: &mut View<'a>) {
        let action = pap::action(exchange);
        let whole = self
            .whole(exchange, action)
            .at(self.run.arena, exchange.place());
        view.share("exchange", whole);
        view.add("exchange", [&whole]);
        view.add("note", &odd(exchange, self.run.arena));
        if let Some(response) = pap::response(exchange, self.run.arena) {
            view.share("response", response);
            view.add("response", [&response]);
        }
        if action == "submit"
            && let Some(submitted) = pap::submitted(exchange, LIMITS)
        {
            self.submitted.insert(exchange.device.clone(), submitted);
            self.last = Some(exchange.device.clone());
        }
        if action == "fetch"
            && let Some(shown) = download::fetch(
                exchange,
                &mut self.fetched,
                &self.roots,
                self.run.arena,
                LIMITS,
            )
        {
            view.share("download", shown.download);
            view.add("download", [&shown.download]);
            if let Some(package) = &shown.package {
                view.share("cabinet", *package);
                view.add_with("cabinet", "download", [(package, &shown.download)]);
            }
            if let Some(document) = &shown.document {
                view.share("document", document.document);
                document.add_to(view);
            }
        }
    }

    /// The fields of an exchange.
    fn whole(&self, exchange: &'a replay::Exchange<'a>, action: &str) -> Exchange<'a> {
        let response = exchange.response.as_ref();
        let status = response.map_or(0, |response| response.status);
        Exchange {
            number: self.number,
            device: exchange.device.clone(),
            lawful: exchange.lawful,
            action: action.to_owned(),
            request: shared::request(exchange, self.run.arena),
            http: shared::response(exchange, self.run.arena),
            accepted: (200..300).contains(&status),
            refused: (400..500).contains(&status),
            broke: exchange
                .broke
                .as_ref()
                .map(|(how, _)| shared::breakage(*how).to_owned()),
            tls: exchange
                .tls
                .as_ref()
                .map(|tls| shared::tls(tls, self.run.arena)),
            notes: exchange
                .odd
                .iter()
                .map(|(note, _)| note.kind.to_owned())
                .collect(),
            units: 0,
            pushes: 0,
        }
    }

    fn delivery(
        &mut self,
        exchange: &'a replay::Exchange<'a>,
        units: &[Arrival],
        view: &mut View<'a>,
    ) {
        let (recording, arena) = (self.run.recording, self.run.arena);
        let Assembled {
            pushes,
            shorts,
            requests,
            incomplete,
            notes,
        } = assemble(recording, units, LIMITS);
        let known = Knowledge {
            profile: self.run.profile,
            proofs: self.run.proofs,
            limits: LIMITS,
        };
        let place_of = |at: &usize| units.get(*at).map(|unit| unit.at);
        let mut reads: Vec<(Option<Read>, Vec<Place>)> = Vec::new();
        for carried in pushes {
            let places: Vec<Place> = carried.units.iter().filter_map(place_of).collect();
            reads.push((push::of_pdu(&carried, &places, &known), places));
        }
        for at in requests.iter().filter_map(place_of) {
            let Some(mut request) = pap::request(recording, at, LIMITS) else {
                continue;
            };
            for (address, _) in &mut request.addresses {
                address.foreign = pap::is_foreign(&address.value, &self.run.profile.devices);
            }
            let submitted = self.submitted(&exchange.device);
            let wanted = submitted.and_then(|it| it.push_id.as_ref());
            request.fields.push_id_ok =
                wanted.is_some() && wanted == request.fields.push_id.as_ref();
            let is_notification = request.fields.message == pap::NOTIFICATION;
            let ids = &mut self.push_ids;
            let (node, addresses) =
                pap::nodes(request.fields, request.at, request.addresses, ids, arena);
            view.share("pap", node);
            view.add("pap", [&node]);
            view.add_with("address", "pap", addresses.iter().map(|it| (it, &node)));
            if is_notification {
                continue;
            }
            let content = request.content;
            let read = content.map(|content| push::of_content(content, &[at], &known));
            reads.push((read, vec![at]));
        }
        let medias = reads
            .iter()
            .filter_map(|(read, _)| read.as_ref()?.fields.media.clone());
        let carrier = units.first().map(|unit| unit.carrier.clone());
        let whole = Delivery {
            carrier: carrier.unwrap_or_default(),
            device: exchange.device.clone(),
            units: count(units.len()),
            pushes: count(reads.len()),
            incomplete: count(incomplete),
            octets: units.iter().map(|unit| i64::from(unit.at.span.len)).sum(),
            medias: medias.take(LONGEST_LIST).collect(),
            refused: self
                .submitted(&exchange.device)
                .is_some_and(|it| it.refused),
            notes: notes.iter().map(|note| note.kind.to_owned()).collect(),
        };
        let fields = Exchange {
            units: whole.units,
            pushes: whole.pushes,
            ..self.whole(exchange, "delivery")
        };
        let node = fields.at(self.run.arena, exchange.place());
        view.share("exchange", node);
        view.add("exchange", [&node]);
        let delivery = whole.at(self.run.arena, exchange.place());
        view.share("delivery", delivery);
        view.add("delivery", [&delivery]);
        let segments = (1..).zip(&shorts).map(|(position, short)| {
            let read = short.push.and_then(|at| reads.get(at));
            segment(position, short, read.and_then(|(read, _)| read.as_ref())).at(arena, short.at)
        });
        let segments: Vec<_> = segments.collect();
        view.add_with(
            "segment",
            "delivery",
            segments.iter().map(|it| (it, &delivery)),
        );
        for (read, places) in reads.into_iter().rev() {
            if let Some(read) = read {
                self.push(exchange, read, &places, view);
            }
        }
    }

    /// One whole push and what is in it. The first of a delivery is shared last, so that it counts.
    fn push(
        &mut self,
        exchange: &'a replay::Exchange<'a>,
        mut read: Read,
        places: &[Place],
        view: &mut View<'a>,
    ) {
        let arena = self.run.arena;
        self.compare(exchange, &mut read);
        let push = read.fields.clone().at(arena, read.at);
        view.share("push", push);
        view.add("push", [&push]);
        match read.fields.kind.as_str() {
            "document" => {
                let media = read.fields.media.clone().unwrap_or_default();
                let Some(encoding) = push::encoding(&media, &read.body) else {
                    return;
                };
                let source = Source {
                    from: "push",
                    octets: &read.body,
                    encoding,
                    place: &|span| read.body_at.place(span),
                    sec: read.fields.sec,
                    roles: roles(&read.fields),
                };
                let Some(nodes) = document::read(&source, arena, LIMITS) else {
                    return;
                };
                view.share("document", nodes.document);
                if let Some(account) = nodes.account() {
                    view.share("account", *account);
                }
                nodes.add_to(view);
            }
            "si" => {
                let Some(mut fields) = notice::indication(&read, LIMITS) else {
                    return;
                };
                if let Some(id) = &fields.si_id {
                    let before = self.si_ids.get(id);
                    fields.id_reused = before.is_some_and(|href| *href != fields.href);
                    let href = fields.href.clone();
                    self.si_ids.entry(id.clone()).or_insert(href);
                }
                let node = fields.at(arena, read.at);
                view.share("si", node);
                view.add_with("si", "push", [(&node, &push)]);
            }
            "sl" => {
                if let Some(node) = notice::loading(&read, arena, LIMITS) {
                    view.share("sl", node);
                    view.add_with("sl", "push", [(&node, &push)]);
                }
            }
            "trigger" => {
                let node = notice::notification(&read, self.run.proofs, places, arena, LIMITS);
                view.share("trigger", node);
                view.add_with("trigger", "push", [(&node, &push)]);
            }
            _ => {}
        }
    }

    /// What was submitted last for the device; else what was submitted last, for it may be one of
    /// several that it was for.
    fn submitted(&self, device: &str) -> Option<&Submitted> {
        let own = self.submitted.get(device);
        own.or_else(|| self.submitted.get(self.last.as_ref()?))
    }

    /// What the push has of what was submitted for the device.
    fn compare(&self, exchange: &replay::Exchange<'_>, read: &mut Read) {
        let Some(submitted) = self.submitted(&exchange.device) else {
            return;
        };
        let fields: &mut Push = &mut read.fields;
        fields.with_credentials = submitted.with_credentials;
        fields.submitted = fields.media.as_deref() == Some(submitted.media.as_str());
        fields.same_body = read.body == submitted.body;
        fields.same_sec = fields.sec == submitted.sec;
        fields.same_mac = fields.mac == submitted.mac;
    }
}

fn segment(position: i64, short: &Short, read: Option<&Read>) -> Segment {
    let own = &short.segment;
    Segment {
        position,
        to_port: own.ports.map(|(to, _)| i64::from(to)),
        from_port: own.ports.map(|(_, from)| i64::from(from)),
        reference: own.part.map(|part| i64::from(part.reference)),
        total: own.part.map(|part| i64::from(part.total)),
        number: own.part.map(|part| i64::from(part.number)),
        octets: count(short.octets),
        has_header: short.has_header,
        coding: i64::from(short.coding),
        eight_bit: is_octets(short.coding),
        concatenated: short.concatenated,
        media: read.and_then(|read| read.fields.media.clone()),
        notes: own.notes.iter().map(|it| it.kind.to_owned()).collect(),
    }
}

/// True for a data coding of octets (3GPP TS 23.038, 4).
fn is_octets(coding: u8) -> bool {
    match coding >> 4 {
        0x0..=0x7 => coding >> 2 & 0x03 == 1,
        0xF => coding & 0x04 != 0,
        _ => false,
    }
}

/// The roles that Windows Mobile gives a message, as a sum: by its MAC, and by what the gateway says.
fn roles(push: &Push) -> i64 {
    let by_mac = match push.sec {
        Some(0) => 4,
        Some(1 | 3) => 16,
        Some(2) => 20,
        _ => 64,
    };
    let by_flag = if push.initiator_authenticated {
        1024
    } else {
        0
    };
    let by_trust = if push.content_trusted { 2048 } else { 0 };
    let is_tps = push.initiator_authenticated && push.initiator_uri.is_some();
    by_mac + by_flag + by_trust + if is_tps { 128 + 8 } else { 0 }
}

/// Where nobody wrote down when a run began: noon of the first day of 2025.
const NOON: i64 = 1_735_732_800;

/// The seconds since 1970 of a time in UTC, `2025-01-01T12:00:00Z`.
fn seconds(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let time = number(11, 13)? * 3600 + number(14, 16)? * 60 + number(17, 19)?;
    // Days from a year that begins in March, so that leap days come last.
    let year = if month <= 2 { year - 1 } else { year };
    let months = (month + 9) % 12;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * months + 2) / 5 + day - 1;
    Some((days - 719_468) * 86_400 + time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_counted_from_1970() {
        assert_eq!(seconds("2025-01-01T12:00:00Z"), Some(NOON));
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2000-02-29T00:00:01.5Z"), Some(951_782_401));
        assert_eq!(seconds(""), None);
    }

    #[test]
    fn data_codings_of_octets_are_known() {
        assert!(is_octets(0x04) && is_octets(0xF5) && is_octets(0x14));
        assert!(!is_octets(0x00) && !is_octets(0xF1) && !is_octets(0x08));
    }
}
