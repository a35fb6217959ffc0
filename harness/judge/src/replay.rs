//! From a recording to exchanges: which request each answer belongs to, and the documents of both.
//!
//! Everything is read leniently; what could not be read is a note with its place. What rules see
//! of it is made in [`crate::view`].

mod document;

use std::ops::Deref;

use assay_wire::media::{self, Media};
use assay_wire::recording::{
    Breakage, Direction, Event, LinkId, Place, Proof, Recording, TlsFacts,
};
use assay_wire::{Limits, Note, Span, http};

use crate::family::Family;

use document::document;
pub(crate) use document::{Document, is_fault};

/// A recording, its HTTP read. Documents borrow from it.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    turns: Vec<Turn>,
    proofs: Vec<Proof>,
    halts: Vec<(u32, Halt)>,
}

/// A recording, read.
#[derive(Debug)]
pub(crate) struct Replay<'a> {
    /// The exchanges in the order of their requests.
    pub(crate) exchanges: Vec<Exchange<'a>>,
    /// What was checked at capture.
    pub(crate) proofs: &'a [Proof],
    /// What kept the case from going on, in order, each with its step.
    pub(crate) halts: &'a [(u32, Halt)],
}

/// What kept a case from going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Halt {
    /// No connection could be had.
    Refused(String),
    /// A hook that the profile offers did not work: its name and its answer.
    Hook(String, String),
    /// The target died.
    Died,
    /// A step could not be played, for this reason.
    Stuck(String),
}

/// A request and what came back, as far as HTTP goes.
#[derive(Debug)]
pub(crate) struct Turn {
    pub(crate) step: u32,
    pub(crate) device: String,
    pub(crate) session: u32,
    pub(crate) lawful: bool,
    pub(crate) sent_at: Place,
    pub(crate) received_at: Option<Place>,
    pub(crate) request: Option<http::Request>,
    pub(crate) response: Option<http::Response>,
    pub(crate) broke: Option<(Breakage, String)>,
    pub(crate) tls: Option<TlsFacts>,
    /// What arrived, where this is no exchange but what a step waited for.
    pub(crate) delivery: Option<Vec<Arrival>>,
    /// Why what came back is no HTTP.
    garbled: Option<(Note, Place)>,
}

/// One unit that the target sent of its own accord: a request, a PDU, a datagram.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) at: Place,
    pub(crate) carrier: String,
    /// What the harness said to it.
    pub(crate) answered: Option<Place>,
}

/// A request and what came back.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    turn: &'a Turn,
    /// The media type of what was sent.
    pub(crate) media_sent: Option<Media>,
    pub(crate) sent: Option<Document<'a>>,
    /// The media type of what came back.
    pub(crate) media: Option<Media>,
    pub(crate) reply: Option<Document<'a>>,
    /// What was odd in what came back, in HTTP and in the document, each with its place.
    pub(crate) odd: Vec<(Note, Place)>,
}

impl Deref for Exchange<'_> {
    type Target = Turn;

    fn deref(&self) -> &Turn {
        self.turn
    }
}

impl Turn {
    /// What came back, or else what was sent.
    pub(crate) fn place(&self) -> Place {
        self.received_at.unwrap_or(self.sent_at)
    }

    /// True where it is for the device that a step names; a step that names none means any.
    pub(crate) fn is_for(&self, device: Option<&String>) -> bool {
        device.is_none_or(|device| *device == self.device)
    }
}

impl Turn {
    /// One in which nothing was said yet: lawful, and in a session of its own.
    fn on(recording: &Recording, step: u32, sent_at: Place) -> Self {
        Self {
            step,
            device: String::new(),
            session: u32::MAX,
            lawful: true,
            sent_at,
            received_at: None,
            request: None,
            response: None,
            delivery: None,
            garbled: None,
            broke: None,
            tls: recording
                .link(sent_at.link)
                .and_then(|link| link.tls.clone()),
        }
    }
}

impl Heard {
    /// What has arrived for the device in this step so far.
    fn arrivals(
        &mut self,
        recording: &Recording,
        step: u32,
        device: &str,
        at: Place,
    ) -> Option<&mut Vec<Arrival>> {
        let is_it =
            |turn: &Turn| turn.delivery.is_some() && turn.step == step && turn.device == device;
        let known = self.turns.iter().rposition(is_it);
        let index = known.unwrap_or_else(|| {
            self.turns.push(Turn {
                device: device.to_owned(),
                delivery: Some(Vec::new()),
                ..Turn::on(recording, step, at)
            });
            self.turns.len() - 1
        });
        self.turns.get_mut(index)?.delivery.as_mut()
    }

    /// Adds what steps waited for that were content with nothing, and for which nothing came.
    pub(crate) fn add_quiet(&mut self, recording: &Recording, steps: &[(u32, Option<String>)]) {
        let halted = self.halts.iter().map(|(step, _)| *step).min();
        for (step, device) in steps {
            let mut turns = self.turns.iter();
            let came = turns.any(|it| it.step == *step && it.is_for(device.as_ref()));
            if came || halted.is_some_and(|halted| halted <= *step) {
                continue;
            }
            let at = Place {
                link: LinkId(0),
                direction: Direction::In,
                span: Span::default(),
            };
            let quiet = Turn {
                device: device.clone().unwrap_or_else(|| "a".to_owned()),
                delivery: Some(Vec::new()),
                ..Turn::on(recording, *step, at)
            };
            let before = self.turns.partition_point(|it| it.step < *step);
            self.turns.insert(before, quiet);
        }
    }
}

/// Reads the HTTP of a recording.
pub(crate) fn hear(recording: &Recording, limits: &Limits) -> Heard {
    let mut heard = Heard::default();
    let mut opened = None;
    for (_, event) in &recording.events {
        match event {
            Event::Open { link } => opened = Some(*link),
            // A request that was turned away for a while was no exchange: it comes once more.
            Event::Throttled { .. } => {
                heard.turns.pop();
            }
            Event::Sent {
                link,
                span,
                step,
                device,
                session,
                lawful,
            } => {
                let sent_at = Place {
                    link: *link,
                    direction: Direction::Out,
                    span: *span,
                };
                opened = None;
                heard.turns.push(Turn {
                    device: device.clone(),
                    session: *session,
                    lawful: *lawful,
                    ..Turn::on(recording, *step, sent_at)
                });
            }
            Event::Received { link, span } => {
                if let Some(turn) = last_on(&mut heard.turns, *link) {
                    let span = turn.received_at.map_or(*span, |place| place.span.to(*span));
                    let place = Place {
                        link: *link,
                        direction: Direction::In,
                        span,
                    };
                    turn.received_at = Some(place);
                }
            }
            Event::Broke { link, how, why } => {
                if let Some(turn) = last_on(&mut heard.turns, *link) {
                    turn.broke = Some((*how, why.clone()));
                }
            }
            Event::Refused { step, why } => {
                // The harness went no further than the handshake: what that showed is judged, if it
                // showed a certificate.
                if let Some(link) = opened.take().filter(|link| showed(recording, *link)) {
                    let span = Span::default();
                    let at = Place {
                        link,
                        direction: Direction::Out,
                        span,
                    };
                    heard.turns.push(Turn::on(recording, *step, at));
                }
                heard.halts.push((*step, Halt::Refused(why.clone())));
            }
            Event::Hook {
                step,
                name,
                worked,
                answer,
            } => {
                if !worked {
                    heard
                        .halts
                        .push((*step, Halt::Hook(name.clone(), answer.clone())));
                }
            }
            Event::Arrived {
                link,
                span,
                step,
                device,
                carrier,
            } => {
                opened = None;
                let at = Place {
                    link: *link,
                    direction: Direction::In,
                    span: *span,
                };
                if let Some(units) = heard.arrivals(recording, *step, device, at) {
                    units.push(Arrival {
                        at,
                        carrier: carrier.clone(),
                        answered: None,
                    });
                }
            }
            Event::Answered { link, span } => {
                opened = None;
                let turns = heard.turns.iter_mut().rev();
                let mut units = turns.flat_map(|it| it.delivery.iter_mut().flatten().rev());
                if let Some(unit) = units.find(|unit| unit.at.link == *link) {
                    unit.answered = Some(Place {
                        link: *link,
                        direction: Direction::Out,
                        span: *span,
                    });
                }
            }
            Event::Waited { step, what, .. } => {
                heard.halts.push((*step, Halt::Stuck(what.clone())));
            }
            Event::Proof(proof) => heard.proofs.push(proof.clone()),
            Event::Died { step } => heard.halts.push((*step, Halt::Died)),
            Event::Stuck { step, why } => heard.halts.push((*step, Halt::Stuck(why.clone()))),
        }
    }
    for turn in &mut heard.turns {
        turn.read(recording, limits);
    }
    heard
}

/// Reads the documents of what was heard.
pub(crate) fn replay<'a>(heard: &'a Heard, limits: &Limits, family: &dyn Family) -> Replay<'a> {
    let turns = heard.turns.iter();
    Replay {
        exchanges: turns.map(|turn| turn.exchange(limits, family)).collect(),
        proofs: &heard.proofs,
        halts: &heard.halts,
    }
}

/// True where the handshake of a link came as far as the certificate of the target.
fn showed(recording: &Recording, link: LinkId) -> bool {
    let link = recording.links.get(link.0 as usize);
    let facts = link.and_then(|link| link.tls.as_ref());
    facts.is_some_and(TlsFacts::certificate_came)
}

fn last_on(turns: &mut [Turn], link: LinkId) -> Option<&mut Turn> {
    turns
        .iter_mut()
        .rev()
        .find(|turn| turn.sent_at.link == link && turn.delivery.is_none())
}

impl Turn {
    fn read(&mut self, recording: &Recording, limits: &Limits) {
        if self.delivery.is_some() {
            return;
        }
        let raw = recording.octets(self.sent_at);
        if let Ok(http::Progress::Done(request)) = http::request(raw, limits) {
            self.request = Some(request);
        }
        let Some(place) = self.received_at else {
            return;
        };
        let raw = recording.octets(place);
        let request = self.request.as_ref();
        let method = request.map_or("POST", |request| request.method.as_str());
        let mut progress = http::response(raw, method, false, limits);
        if matches!(progress, Ok(http::Progress::More)) {
            progress = http::response(raw, method, true, limits);
        }
        match progress {
            Ok(http::Progress::Done(response)) => self.response = Some(response),
            Ok(http::Progress::More) => {}
            Err(bad) => {
                let at = within(place, bad.span);
                self.garbled = Some((Note::new(bad.kind, bad.span, bad.text), at));
            }
        }
    }

    fn exchange<'a>(&'a self, limits: &Limits, family: &dyn Family) -> Exchange<'a> {
        const TYPE: &str = "content-type";
        let media = |field: Option<&http::Field>| media::parse(&field?.value);
        let (request, response) = (self.request.as_ref(), self.response.as_ref());
        let mut exchange = Exchange {
            turn: self,
            media_sent: media(request.and_then(|it| it.field(TYPE))),
            sent: None,
            media: media(response.and_then(|it| it.field(TYPE))),
            reply: None,
            odd: self.garbled.iter().cloned().collect(),
        };
        if let Some(request) = request {
            let media = exchange.media_sent.as_ref();
            let sent = document(&request.body, media, self.sent_at, limits, family);
            exchange.sent = sent.ok().flatten();
        }
        let (Some(response), Some(place)) = (response, self.received_at) else {
            return exchange;
        };
        let noted = response
            .notes
            .iter()
            .map(|note| (note.clone(), within(place, note.span)));
        exchange.odd.extend(noted);
        let media = exchange.media.as_ref();
        match document(&response.body, media, place, limits, family) {
            Ok(Some(document)) => {
                let noted = document
                    .notes
                    .iter()
                    .map(|note| (note.clone(), document.place(note.span)));
                exchange.odd.extend(noted);
                exchange.reply = Some(document);
            }
            Ok(None) => {}
            Err(bad) => {
                let at = within(place, response.body.raw(bad.span));
                let note = Note::new(bad.kind, bad.span, bad.text);
                exchange.odd.push((note, at));
            }
        }
        exchange
    }
}

/// A span inside a place, as a place.
pub(crate) fn within(place: Place, inside: Span) -> Place {
    let start = place.span.start() + inside.start();
    Place {
        span: Span::new(start, start + inside.len as usize),
        ..place
    }
}
