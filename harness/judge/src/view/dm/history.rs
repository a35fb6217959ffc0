//! What the sessions of a case run have shown so far: the memory of the rules.
//!
//! It is fed once an exchange, first with the request, then with the answer.

use std::collections::{BTreeMap, BTreeSet};

use assay_wire::dm::{Command as Sent, Message, Text};
use assay_wire::recording::Place;

use super::message::manages;
use super::{Command, Session};
use crate::node::{Arena, Lent, Subject, lent};
use crate::replay::Exchange;
use crate::rule::decode_base64;
use crate::view::http::count;

/// So much of a session is remembered at most, of each kind of thing.
const KEPT: usize = 1024;

/// The commands of each message of the device, by MsgID.
pub(super) type Asked<'a> = BTreeMap<&'a str, Commands<'a>>;

/// The commands of one message in document order, each with its CmdID.
pub(super) type Commands<'a> = Vec<(Option<&'a str>, Lent<'a, Command<'a>>)>;

/// The codes that an answer gives to each command of a request, by its CmdID.
pub(super) type Codes<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// What makes two commands the same: name, targets, data, and the commands inside.
pub(super) type Signature<'a> = Vec<&'a str>;

/// The memory of a case run.
#[derive(Default)]
pub(crate) struct History<'a> {
    sessions: BTreeMap<u32, Known<'a>>,
    nonces: BTreeSet<String>,
    exchanges: i64,
}

/// What one session has shown so far.
#[derive(Default)]
pub(super) struct Known<'a> {
    /// As rules see it.
    pub(super) seen: Session<'a>,
    /// The commands of each message of the device, by MsgID.
    pub(super) asked: Asked<'a>,
    /// The commands of the target that the device answered with 2xx.
    pub(super) done: BTreeSet<Signature<'a>>,
    /// The commands of the target that wait for a Status, by MsgID and CmdID.
    waiting: BTreeMap<(&'a str, &'a str), Signature<'a>>,
    device: String,
    /// Whether a nonce came with the acceptance of its credentials; absent where they were not accepted.
    gave_nonce: Option<bool>,
    unlawful: bool,
    place: Option<Place>,
}

impl<'a> History<'a> {
    /// The number of the next exchange, from 1.
    pub(super) fn count(&mut self) -> i64 {
        self.exchanges += 1;
        self.exchanges
    }

    /// A session of a device, and every nonce that the target gave out in any.
    pub(super) fn session(
        &mut self,
        number: u32,
        device: &str,
    ) -> (&mut Known<'a>, &mut BTreeSet<String>) {
        if !self.sessions.contains_key(&number) {
            let mut known = Known {
                device: device.to_owned(),
                ..Known::default()
            };
            let mut before = self.sessions.values().rev();
            let accepted = before.find_map(|it| it.gave_nonce.filter(|_| it.device == device));
            known.seen.nonce_promised = accepted.unwrap_or_default();
            self.sessions.insert(number, known);
        }
        (self.sessions.entry(number).or_default(), &mut self.nonces)
    }

    /// The sessions as they ended, and whether every request of each was lawful.
    pub(crate) fn ended(&self, arena: &'a Arena) -> Vec<(Lent<'a, Session<'a>>, bool)> {
        let sessions = self.sessions.values();
        sessions
            .map(|known| (known.seen.clone().at(arena, known.place), !known.unlawful))
            .collect()
    }
}

impl<'a> Known<'a> {
    /// A request goes out.
    pub(super) fn request(
        &mut self,
        arena: &'a Arena,
        message: Option<&Message<'a>>,
        credentials: bool,
        exchange: &Exchange,
    ) {
        self.unlawful |= !exchange.lawful;
        self.place = Some(exchange.place());
        self.seen.credentials |= credentials;
        let Some(message) = message else { return };
        if let Some(meta) = message
            .header
            .as_ref()
            .and_then(|header| header.meta.as_ref())
        {
            let number = |text: &Option<Text<'_>>| text.as_ref()?.value.parse().ok();
            self.seen.max_msg_size = number(&meta.max_msg_size).or(self.seen.max_msg_size);
            self.seen.max_obj_size = number(&meta.max_obj_size).or(self.seen.max_obj_size);
        }
        for status in message.statuses() {
            let Some(command) = self.waiting.remove(&reference(arena, status)) else {
                continue;
            };
            // 215 and 216: not carried out, and undone again.
            let is_done = matches!(status.code(), 200..=214 | 217..=299);
            if is_done && self.done.len() < KEPT {
                self.done.insert(command);
            }
        }
        self.seen.outstanding = count(self.waiting.len());
    }

    /// An answer came back, or none.
    pub(super) fn reply(
        &mut self,
        arena: &'a Arena,
        message: Option<&Message<'a>>,
        scheme: Option<&'a str>,
    ) {
        self.seen.exchanges += 1;
        let Some(message) = message else { return };
        let code = message.header_status().map_or(0, Sent::code);
        let seen = &mut self.seen;
        seen.replies += 1;
        if !is_refusal(code) && seen.msg_ids.len() < KEPT {
            seen.msg_ids.push(msg_id(arena, message));
            seen.last_msg_number = message.msg_id().parse().ok();
        }
        if seen.source.is_none() {
            let header = message.header.as_ref();
            seen.source = header
                .and_then(|header| header.source.as_ref())
                .map(|source| lent(arena, &message.tree.text(source.node)));
        }
        let header = message.header.as_ref();
        if let Some(uri) = header.and_then(|header| header.resp_uri.as_ref()) {
            seen.resp_uri = Some(lent(arena, &uri.value));
        }
        let mut gives_nonce = false;
        for status in message.statuses() {
            let Some(challenge) = &status.chal else {
                continue;
            };
            seen.challenged = true;
            let nonce = challenge
                .meta
                .as_ref()
                .and_then(|meta| meta.next_nonce.as_ref());
            if let Some(nonce) = nonce
                && seen.nonces.len() < KEPT
            {
                seen.nonces.push(lent(arena, &nonce.value));
            }
            gives_nonce |= nonce.is_some();
        }
        if matches!(code, 200 | 212) && (scheme.is_some() || gives_nonce) {
            self.gave_nonce = Some(gives_nonce);
        }
        seen.accepted |= code == 212;
        if matches!(code, 200 | 212) && seen.scheme.is_none() {
            seen.scheme = scheme;
        }
        seen.closed |= closes(message);
        for command in message.all_commands() {
            if command.name != "Status" && command.name != "Results" && self.waiting.len() < KEPT {
                let key = (
                    msg_id(arena, message),
                    value(arena, command.cmd_id.as_ref()),
                );
                self.waiting.insert(key, signature(arena, command));
            }
        }
        self.seen.outstanding = count(self.waiting.len());
    }
}

/// True for the code of a header Status that turns a message down, but for want of credentials.
pub(super) fn is_refusal(code: u64) -> bool {
    (400..600).contains(&code) && code != 401 && code != 407
}

/// True for a message that ends its session: the package is complete, and nothing is asked for.
pub(super) fn closes(message: &Message<'_>) -> bool {
    let asks = |command: &&Sent<'_>| {
        manages(command.name)
            || (command.name == "Alert" && matches!(command.code(), 1100..=1104 | 1222))
            || command.chal.is_some()
    };
    message.fin.is_some() && !message.all_commands().iter().any(asks)
}

/// What makes two commands the same.
pub(super) fn signature<'a>(arena: &'a Arena, command: &Sent<'a>) -> Signature<'a> {
    let mut pieces = Vec::with_capacity(1 + 3 * command.items.len());
    pieces.push(command.name);
    for item in &command.items {
        let parts = [&item.target, &item.source, &item.data];
        pieces.extend(parts.map(|part| value(arena, part.as_ref())));
    }
    let inner = command.children.iter();
    pieces.extend(inner.flat_map(|command| signature(arena, command)));
    pieces
}

/// The codes that an answer gives to each command of a request.
pub(super) fn answer_codes<'a>(
    arena: &'a Arena,
    request: &Message<'a>,
    answer: Option<&Message<'a>>,
) -> Codes<'a> {
    let mut codes: Codes<'a> = BTreeMap::new();
    for status in answer.into_iter().flat_map(Message::statuses) {
        let (message, command) = reference(arena, status);
        if message == request.msg_id() && !status.is_header_status() {
            let code = value(arena, status.data.as_ref());
            codes.entry(command).or_default().push(code);
        }
    }
    codes
}

/// Adds a nonce to those that were given out before. Whether it is one of them, and whether at least
/// half of its octets are, each in its place, those of another one.
pub(super) fn remember_nonce(before: &mut BTreeSet<String>, text: &str) -> (bool, bool) {
    let octets = decode_base64(text).unwrap_or_default();
    let alike = |other: &String| {
        let other = decode_base64(other).unwrap_or_default();
        let same = octets.iter().zip(&other).filter(|(a, b)| a == b).count();
        !octets.is_empty() && octets != other && same * 2 >= octets.len()
    };
    let resembles = before.iter().any(alike);
    let is_known = before.contains(text);
    if !is_known && before.len() < KEPT {
        before.insert(text.to_owned());
    }
    (is_known, resembles)
}

/// MsgRef and CmdRef of a Status.
fn reference<'a>(arena: &'a Arena, status: &Sent<'a>) -> (&'a str, &'a str) {
    (
        value(arena, status.msg_ref.as_ref()),
        value(arena, status.cmd_ref.as_ref()),
    )
}

/// MsgID as text, empty where absent.
pub(super) fn msg_id<'a>(arena: &'a Arena, message: &Message<'a>) -> &'a str {
    let header = message.header.as_ref();
    value(arena, header.and_then(|header| header.msg_id.as_ref()))
}

/// A text, empty where absent.
pub(super) fn value<'a>(arena: &'a Arena, text: Option<&Text<'a>>) -> &'a str {
    text.map_or("", |text| lent(arena, &text.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_resembles_what_was_given_out_before() {
        let mut before = BTreeSet::new();
        let mut given = |text| remember_nonce(&mut before, text);
        assert_eq!(given("AAAAAAAAAAAgJgAAAAAAAQ=="), (false, false));
        assert_eq!(given("AAAAAAAAAAAgJgAAAAAAAg=="), (false, true));
        assert_eq!(given("AAAAAAAAAAAgJgAAAAAAAQ=="), (true, true));
        assert_eq!(given("LG3iZQhhdmKNHixt4mUIYQ=="), (false, false));
        assert_eq!(given("LG3iZQhhdmKNHixt4mUIYQ=="), (true, false));
        assert_eq!(given("no base64"), (false, false));
    }
}
