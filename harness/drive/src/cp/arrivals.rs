//! Takes in what came for a device: records it with its secrets masked, counts whole pushes, puts
//! segments together, and keeps what later steps need.
//!
//! What only the secrets of a device can check is checked here, as arithmetic. What a push is worth
//! is judged elsewhere.

use std::collections::BTreeMap;

use assay_wire::mac::{self, Method, Secrets};
use assay_wire::recording::Place;
use assay_wire::smpp::{self, Body, command};
use assay_wire::{Limits, http, sms, trigger};

use super::Actor;
use super::hub::{Carrier, Unit};
use super::pushed::{self, Pushed};
use crate::Recorder;
use crate::exchange::Arrival;
use crate::mask;
use crate::target::Identity;

/// So many messages are put together at the same time.
const OPEN: usize = 64;

/// What has come for a device.
#[derive(Default)]
pub(super) struct Standing {
    /// Whole pushes since the last wait.
    pushes: u32,
    /// Result notifications since the last wait.
    notifications: u32,
    /// Messages of which parts are missing, by their sender and reference.
    open: BTreeMap<(String, bool, u16), Parts>,
    /// True where the sender of segments said good-bye.
    unbound: bool,
    /// The push-id of the last push, and where its result is wanted.
    pub(super) push_id: Option<String>,
    pub(super) notify_to: Option<String>,
    /// What the last SI or SL points to.
    pub(super) href: Option<String>,
    /// The numbers in what the last hook answered: a PIN may be among them.
    pub(super) told: Vec<String>,
    /// The password and the nonce of the server that asks a device to call; no nonce where it was
    /// told that the nonce is lost.
    pub(super) notice: Option<(String, Option<Vec<u8>>)>,
}

/// The forms that the default nonce `0x00000000` is read as; the standard names its digits only.
const DEFAULT_NONCES: [&[u8]; 3] = [&trigger::DEFAULT_NONCE, b"0x00000000", b"00000000"];

/// The parts of a message that are there.
struct Parts {
    total: u8,
    parts: BTreeMap<u8, (Vec<u8>, Place)>,
}

impl Standing {
    /// How many came since the last wait.
    pub(super) fn came(&self, notifications: bool) -> u32 {
        if notifications {
            self.notifications
        } else {
            self.pushes
        }
    }

    /// True where nobody will send what is missing.
    pub(super) fn is_given_up(&self) -> bool {
        self.unbound && !self.open.is_empty()
    }

    /// What is there of a message that is not whole.
    pub(super) fn incomplete(&self) -> Option<String> {
        let (_, parts) = self.open.first_key_value()?;
        Some(format!(
            "{} of {} segments of one",
            parts.parts.len(),
            parts.total
        ))
    }

    /// Counts from here.
    pub(super) fn begin_anew(&mut self, notifications: bool) {
        if notifications {
            self.notifications = 0;
        } else {
            self.pushes = 0;
            self.open.clear();
        }
    }

    /// Adds a segment. Gives the message that is whole with it, and the place of its first part.
    fn add(
        &mut self,
        from: &str,
        segment: &sms::Segment,
        octets: &[u8],
        place: Place,
    ) -> Option<(Vec<u8>, Place)> {
        let payload = segment.payload.of(octets).to_vec();
        let Some(part) = segment.part else {
            return Some((payload, place));
        };
        let key = (from.to_owned(), part.wide, part.reference);
        if self.open.len() >= OPEN && !self.open.contains_key(&key) {
            self.open.pop_first();
        }
        let parts = self.open.entry(key.clone()).or_insert_with(|| Parts {
            total: part.total,
            parts: BTreeMap::new(),
        });
        parts.parts.entry(part.number).or_insert((payload, place));
        if parts.parts.len() < usize::from(parts.total) {
            return None;
        }
        let whole = self.open.remove(&key)?.parts;
        let place = whole.values().next().map_or(place, |(_, place)| *place);
        let octets = whole.into_values().flat_map(|(octets, _)| octets);
        Some((octets.collect(), place))
    }
}

/// The numbers in a text that may be PINs.
pub(super) fn numbers(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| (2..=40).contains(&word.len()) && word.bytes().all(|c| c.is_ascii_digit()))
        .take(16)
        .map(str::to_owned)
        .collect()
}

impl Actor<'_> {
    /// Takes in one thing that came.
    pub(super) fn take_in(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        unit: &Unit,
    ) {
        let Ok(leased) = self.lease.device(name) else {
            return;
        };
        let identity = leased.identity.clone();
        let pin = identity.pin.as_deref().unwrap_or_default();
        let mut kept = unit.octets.clone();
        let shows = mask::digits(&kept, pin);
        for span in shows {
            mask::blot(&mut kept, span);
        }
        mask::mask(&mut kept, &credentials(unit));
        let place = recorder.arrived(&Arrival {
            connection: unit.connection,
            octets: &kept,
            answer: &unit.answer,
            at: unit.at,
            step: number,
            device: name,
            carrier: unit.carrier.name(),
        });
        if !unit.is_whole {
            return;
        }
        let standing = &mut self.device(name).standing;
        let pushed = match unit.carrier {
            Carrier::Pap => {
                let request = http::request(&unit.octets, &Limits::TARGET);
                let Ok(http::Progress::Done(request)) = request else {
                    return;
                };
                let said = pushed::by_pap(&request);
                if said.is_notification {
                    standing.notifications += 1;
                    return;
                }
                standing.pushes += 1;
                standing.push_id = said.push_id;
                standing.notify_to = said.notify_to;
                said.pushed
                    .map(|pushed| (pushed, unit.octets.clone(), place))
            }
            Carrier::Smpp => {
                let Ok(Some((pdu, _))) = smpp::read(&unit.octets, &Limits::TARGET) else {
                    return;
                };
                match (pdu.command, &pdu.body) {
                    (command::SUBMIT_SM, Body::Message(message)) => {
                        let octets = message.octets();
                        let segment = sms::segment(octets, message.has_header());
                        let from = &message.from.digits;
                        let whole = standing.add(from, &segment, octets, place);
                        standing.pushes += u32::from(whole.is_some());
                        whole.and_then(|(octets, place)| {
                            Some((pushed::by_wsp(&octets)?, octets, place))
                        })
                    }
                    (command::UNBIND, _) => {
                        standing.unbound = true;
                        None
                    }
                    (_, Body::Bind(_)) => {
                        standing.unbound = false;
                        None
                    }
                    _ => None,
                }
            }
            Carrier::Udp | Carrier::File => {
                standing.pushes += 1;
                pushed::by_wsp(&unit.octets).map(|pushed| (pushed, unit.octets.clone(), place))
            }
        };
        if let Some((pushed, all, place)) = pushed {
            if let Some(href) = pushed.href() {
                standing.href = Some(href);
            }
            if !pin.is_empty() {
                // Where it shows it no longer stands in the recording.
                let is_hidden = mask::digits(&all, pin).is_empty();
                recorder.proof(place, "pin-hidden", "pin", "", is_hidden);
            }
            prove(recorder, standing, &pushed, &all, &identity, place);
        }
    }
}

/// Checks what needs a secret.
fn prove(
    recorder: &mut Recorder<'_>,
    standing: &Standing,
    pushed: &Pushed,
    all: &[u8],
    identity: &Identity,
    place: Place,
) {
    if pushed.media == trigger::MEDIA
        && let Some((password, nonce)) = &standing.notice
        && let Ok(notice) = trigger::read(&pushed.body, &Limits::TARGET)
    {
        let verify = |nonce: &[u8]| trigger::verify(&pushed.body, &notice.server, password, nonce);
        match nonce {
            Some(nonce) => {
                let holds = verify(nonce);
                recorder.proof(place, "trigger-digest", "server-password", "octets", holds);
            }
            // A digest that does not hold may be one over a nonce that only the server knows.
            None if DEFAULT_NONCES.iter().any(|nonce| verify(nonce)) => {
                recorder.proof(place, "trigger-digest", "server-password", "default", true);
            }
            None => {}
        }
    }
    let Some(method) = pushed.sec.and_then(Method::of) else {
        return;
    };
    if method == Method::UserPinMac {
        if !standing.told.is_empty() {
            let mut told = standing.told.iter();
            let holds = told.any(|pin| mac::verify_pin(pin, &pushed.body));
            recorder.proof(place, "push-pin", "told-pin", "", holds);
        }
        return;
    }
    let Some(claimed) = &pushed.mac else { return };
    let secrets = Secrets {
        imsi: identity.imsi.as_deref(),
        pin: identity.pin.as_deref(),
    };
    let with = match method {
        Method::NetwPin => "imsi",
        Method::UserPin | Method::UserPinMac => "pin",
        Method::UserNetwPin => "imsi+pin",
    };
    let claimed = claimed.trim_matches('"');
    if let Ok(holds) = mac::verify(method, &secrets, &pushed.body, claimed) {
        let slip = (!holds)
            .then(|| mac::explain(method, &secrets, all, &pushed.body, claimed))
            .flatten();
        let slip = slip.map(mac::Slip::says).unwrap_or_default();
        recorder.proof(place, "push-mac", with, &slip, holds);
    }
}

/// The credentials by which a target introduces itself.
fn credentials(unit: &Unit) -> Vec<Vec<u8>> {
    match unit.carrier {
        Carrier::Smpp => match smpp::read(&unit.octets, &Limits::TARGET) {
            Ok(Some((pdu, _))) => match pdu.body {
                Body::Bind(bind) if !bind.password.is_empty() => vec![bind.password.into_bytes()],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        },
        Carrier::Pap => match http::request(&unit.octets, &Limits::TARGET) {
            Ok(http::Progress::Done(request)) => {
                let fields = request.fields.into_iter();
                let fields: Vec<_> = fields.map(|field| (field.name, field.value)).collect();
                mask::of_fields(&fields)
            }
            _ => Vec::new(),
        },
        Carrier::Udp | Carrier::File => Vec::new(),
    }
}
