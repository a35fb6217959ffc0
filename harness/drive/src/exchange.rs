//! One exchange under test: a request goes out as it is written here, the answer is read, and every
//! octet of both is recorded.
//!
//! No retry of its own, no redirects, no cookies, no proxy: whatever else a client may do would
//! hide what the target does. Two things are part of HTTP and are done: a connection that was
//! closed while it waited is replaced, and a target that asks for patience (429 or 503 with
//! Retry-After) gets it once.

mod arrival;
mod request;
mod talk;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use assay_suites::step::Framing;
use assay_suites::suite::Axis;
use assay_wire::http::{self, Response};
use assay_wire::recording::{
    Breakage, Direction, Event, LATE, Link as Recorded, LinkId, Place, Proof, Recording,
};
use assay_wire::{Limits, Span};
use reqwest::Url;
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};
use tokio::time::{Instant, sleep};

pub(crate) use arrival::Arrival;

use crate::link::{self, Idle, Link};
use crate::mask::mask;
use crate::target::Target;

use request::Rendered;
use talk::Talk;

/// Secrets shorter than this are not looked for in what the target sends: too much would be hit.
const ECHOED_SECRET: usize = 6;

/// The longest wait for the answer to whether a dead target still accepts connections.
const LAST_TRY: Duration = Duration::from_secs(1);

/// A request as it shall go out.
///
/// The head is written exactly in this order and case. Where `fields` has no `Host`, it is written
/// first; where it has none of the fields that `framing` needs (`Content-Length`,
/// `Transfer-Encoding`, `Expect`), they follow at the end. A field with an empty value is left
/// out, and stands for the absence of the one that would have been added; a value of white space
/// alone is written as an empty one.
#[derive(Clone)]
pub struct Outgoing {
    /// The method.
    pub method: String,
    /// Where it goes.
    pub url: Url,
    /// The header fields in order.
    pub fields: Vec<(String, String)>,
    /// The body without framing.
    pub body: Vec<u8>,
    /// How the body is framed.
    pub framing: Framing,
    /// The minor version: 0 for HTTP/1.0, 1 for HTTP/1.1.
    pub version: u8,
    /// True for a new connection although one is open.
    pub new_connection: bool,
    /// True to show no client certificate, on a connection of its own.
    pub without_certificate: bool,
    /// Clear secrets in head or body, masked in the recording and never on the wire. Credentials of
    /// `Authorization` and cookies are masked without being named here.
    pub secrets: Vec<Vec<u8>>,
}

impl Outgoing {
    /// A POST of this body over HTTP/1.1 with a length, without further fields.
    pub fn post(url: Url, body: Vec<u8>) -> Self {
        Self {
            method: "POST".to_owned(),
            url,
            fields: Vec::new(),
            body,
            framing: Framing::Length,
            version: 1,
            new_connection: false,
            without_certificate: false,
            secrets: Vec::new(),
        }
    }
}

/// Whose request it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tag {
    /// The step of the case, from zero.
    pub step: u32,
    /// The device, by its name in the case.
    pub device: String,
    /// The session, counted over the case run.
    pub session: u32,
    /// False where the step bent the request beyond what the standard allows.
    pub lawful: bool,
}

/// How an exchange ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer came. Its spans count from the start of the octets received in this exchange.
    Answer(Response),
    /// The link broke before there was a whole answer, and why in words.
    Broke(Breakage, String),
    /// No connection could be had, and why in words.
    Refused(String),
}

/// Plays exchanges and records them, for one case run.
pub struct Recorder<'t> {
    target: &'t Target,
    recording: Recording,
    start: Instant,
    /// Open connections.
    idle: BTreeMap<Key, Link>,
    /// Origins that accepted a connection before.
    reached: BTreeSet<String>,
    secrets: BTreeSet<Vec<u8>>,
    /// The links of connections that targets opened.
    incoming: BTreeMap<u64, LinkId>,
    last: Option<Last>,
    paused: bool,
}

/// Who may use an open connection again: two devices never share one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    origin: String,
    device: String,
    without_certificate: bool,
}

/// The octets of the last exchange, and the method of its request.
struct Last {
    method: String,
    sent: Place,
    received: Place,
}

impl<'t> Recorder<'t> {
    /// Starts the recording of a case run against this target.
    pub fn new(case: &str, axes: &BTreeMap<Axis, String>, target: &'t Target) -> Self {
        let axes = axes
            .iter()
            .map(|(axis, value)| (axis.name().to_owned(), value.clone()));
        let started = OffsetDateTime::now_utc();
        Self {
            target,
            recording: Recording {
                case: case.to_owned(),
                axes: axes.collect(),
                started: started.format(&Rfc3339).unwrap_or_default(),
                ..Recording::default()
            },
            start: Instant::now(),
            idle: BTreeMap::new(),
            reached: BTreeSet::new(),
            secrets: BTreeSet::new(),
            incoming: BTreeMap::new(),
            last: None,
            paused: false,
        }
    }

    /// Sends a request, reads the answer, and records both.
    ///
    /// It ends within the deadline of the target's limits, or within three of them where the
    /// target asked for patience. A target that wants no more requests at all for now (HTTP 429) is not
    /// judged by that: the case does not go on.
    pub async fn exchange(&mut self, out: Outgoing, tag: Tag) -> Outcome {
        if self.paused && !self.target.limits.pause.is_zero() {
            sleep(self.target.limits.pause).await;
        }
        self.paused = true;
        let request = Rendered::new(&out);
        self.secrets.extend(request.secrets.iter().cloned());
        let outcome = self.attempt(&out, &request, &tag).await;
        let Some(wait) = patience(&outcome).filter(|wait| *wait <= self.target.limits.timeout)
        else {
            return self.unless_throttled(outcome, &tag);
        };
        sleep(wait).await;
        self.event(Event::Throttled {
            step: tag.step,
            waited: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        });
        let outcome = self.attempt(&out, &request, &tag).await;
        self.unless_throttled(outcome, &tag)
    }

    /// Ends the case where the target throttles.
    fn unless_throttled(&mut self, outcome: Outcome, tag: &Tag) -> Outcome {
        let Outcome::Answer(response) = &outcome else {
            return outcome;
        };
        if response.status != 429 {
            return outcome;
        }
        let patience = response
            .field("Retry-After")
            .map_or_else(String::new, |field| {
                format!(", Retry-After: {}", field.value)
            });
        let why = format!("the target takes no more requests for now (HTTP 429{patience})");
        let step = tag.step;
        self.event(Event::Throttled { step, waited: 0 });
        self.event(Event::Stuck {
            step,
            why: why.clone(),
        });
        Outcome::Refused(why)
    }

    /// Records something that happened beside the exchanges.
    pub fn event(&mut self, event: Event) {
        let since = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.recording.events.push((since, event));
    }

    /// Records that a value was checked with a secret: see [`Proof`] for its parts.
    pub fn proof(&mut self, place: Place, formula: &str, with: &str, nonce: &str, holds: bool) {
        self.event(Event::Proof(Proof {
            place,
            formula: formula.to_owned(),
            with: with.to_owned(),
            nonce: nonce.to_owned(),
            holds,
        }));
    }

    /// True where the last exchange broke and nobody accepts connections since.
    pub fn target_died(&self) -> bool {
        let last = self.recording.events.last();
        matches!(last, Some((_, Event::Died { .. })))
    }

    /// Where octets of the body that was sent last stand in the recording.
    pub fn sent_body(&self, inside: Span) -> Option<Place> {
        let last = self.last.as_ref()?;
        let raw = self.recording.octets(last.sent);
        match http::request(raw, &self.limits()) {
            Ok(http::Progress::Done(request)) => Some(within(last.sent, request.body.raw(inside))),
            _ => None,
        }
    }

    /// Where octets of the body that was received last stand in the recording.
    pub fn received_body(&self, inside: Span) -> Option<Place> {
        let last = self.last.as_ref()?;
        let raw = self.recording.octets(last.received);
        match http::response(raw, &last.method, true, &self.limits()) {
            Ok(http::Progress::Done(response)) => {
                Some(within(last.received, response.body.raw(inside)))
            }
            _ => None,
        }
    }

    /// Where octets of the answer that was received last stand in the recording, its head among them.
    pub fn received(&self, inside: Span) -> Option<Place> {
        let last = self.last.as_ref()?;
        Some(within(last.received, inside))
    }

    /// The octets that came back in the last exchange, as far as they came.
    pub(crate) fn last_received(&self) -> &[u8] {
        self.last
            .as_ref()
            .map_or(&[], |last| self.recording.octets(last.received))
    }

    /// What has been recorded so far; what the target echoed is not masked yet.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// Closes the connections, masks what the target gave back of the secrets, and hands the
    /// recording over.
    pub fn finish(mut self) -> Recording {
        let long: Vec<Vec<u8>> = self
            .secrets
            .into_iter()
            .filter(|secret| secret.len() >= ECHOED_SECRET)
            .collect();
        for link in &mut self.recording.links {
            mask(&mut link.r#in, &long);
        }
        self.recording
    }

    /// One request over an open connection or a new one.
    async fn attempt(&mut self, out: &Outgoing, request: &Rendered, tag: &Tag) -> Outcome {
        let deadline = Instant::now() + self.target.limits.timeout;
        let key = Key {
            origin: out.url.origin().ascii_serialization(),
            device: tag.device.clone(),
            without_certificate: out.without_certificate,
        };
        let idle = self.idle.remove(&key).filter(|_| !out.new_connection);
        let mut in_vain = None;
        if let Some(link) = self.still_quiet(idle).await {
            match self.talk(link, true, out, request, tag, deadline).await {
                // Normal in HTTP: the target had closed it in the meantime, and no answer was lost.
                // Only if nobody is there any more was it this request that ended things.
                Talk::Stale(at) => in_vain = Some((at, self.recording.events.split_off(at))),
                ended => return self.ended(ended, key, out, tag).await,
            }
        }
        let link = match self.connect(out, &key, tag, deadline).await {
            Ok(link) => link,
            Err(ended) => {
                if let Some((at, events)) = in_vain {
                    self.recording.events.splice(at..at, events);
                }
                return ended;
            }
        };
        let ended = self.talk(link, false, out, request, tag, deadline).await;
        self.ended(ended, key, out, tag).await
    }

    async fn still_quiet(&mut self, idle: Option<Link>) -> Option<Link> {
        let mut link = idle?;
        match link.idle().await {
            Idle::Quiet => Some(link),
            Idle::Closed => None,
            Idle::Octets(octets) => {
                // They belong behind the answer before: nothing else was asked for.
                self.recorded(link.id).r#in.extend_from_slice(&octets);
                let before = self.recording.events.iter_mut().rev();
                for (_, event) in before {
                    match event {
                        Event::Received { link: id, span } if *id == link.id => {
                            *span = Span::new(span.start(), span.end() + octets.len());
                            break;
                        }
                        _ => {}
                    }
                }
                None
            }
        }
    }

    /// A new connection, or how the exchange ended without one.
    async fn connect(
        &mut self,
        out: &Outgoing,
        key: &Key,
        tag: &Tag,
        deadline: Instant,
    ) -> Result<Link, Outcome> {
        let id = LinkId(u32::try_from(self.recording.links.len()).unwrap_or(u32::MAX));
        let anonymous = key.without_certificate.then(|| self.target.tls.anonymous());
        let tls = anonymous.as_ref().unwrap_or(&self.target.tls);
        let (why, nobody, tls) = match link::connect(&out.url, tls, deadline).await {
            Ok((stream, tls)) => {
                self.open(id, tls);
                self.reached.insert(key.origin.clone());
                return Ok(Link { id, stream });
            }
            Err(none) => (none.why, none.nobody, none.tls),
        };
        let goes_on = |valid| valid || self.target.tls.insecure;
        let by_target = tls
            .as_ref()
            .is_some_and(|facts| facts.asked_for_certificate && goes_on(facts.certificate_valid));
        if tls.is_some() {
            // The connection was there; what its handshake showed is worth keeping.
            self.open(id, tls);
            if key.without_certificate && by_target {
                // To go no further is how a target may answer whoever shows none: an exchange in
                // which nothing was sent.
                self.event(Event::Sent {
                    link: id,
                    span: Span::default(),
                    step: tag.step,
                    device: tag.device.clone(),
                    session: tag.session,
                    lawful: tag.lawful,
                });
                let how = if why.ends_with(LATE) {
                    Breakage::Timeout
                } else {
                    Breakage::Closed
                };
                self.event(Event::Broke {
                    link: id,
                    how,
                    why: why.clone(),
                });
                self.see_whether_it_lives(&out.url, tag).await;
                return Err(Outcome::Broke(how, why));
            }
        }
        self.event(Event::Refused {
            step: tag.step,
            why: why.clone(),
        });
        if nobody && self.reached.contains(&key.origin) {
            self.event(Event::Died { step: tag.step });
        }
        Err(Outcome::Refused(why))
    }

    fn open(&mut self, link: LinkId, tls: Option<assay_wire::recording::TlsFacts>) {
        self.recording.links.push(Recorded {
            tls,
            ..Recorded::default()
        });
        self.event(Event::Open { link });
    }

    /// Keeps the connection for the next exchange where it may be kept; else sees whether the
    /// target lives on.
    async fn ended(&mut self, talk: Talk, key: Key, out: &Outgoing, tag: &Tag) -> Outcome {
        let (how, why) = match talk {
            Talk::Answered { response, keep } => {
                if let Some(link) = keep {
                    self.idle.insert(key, link);
                }
                return Outcome::Answer(response);
            }
            Talk::Broke(how, why) => (how, why),
            Talk::Stale(_) => (Breakage::Closed, "closed before any answer".to_owned()),
        };
        self.see_whether_it_lives(&out.url, tag).await;
        Outcome::Broke(how, why)
    }

    /// Records where nobody accepts connections any more.
    async fn see_whether_it_lives(&mut self, url: &Url, tag: &Tag) {
        let deadline = Instant::now() + self.target.limits.timeout.min(LAST_TRY);
        if !link::accepts(url, deadline).await {
            self.event(Event::Died { step: tag.step });
        }
    }

    fn recorded(&mut self, id: LinkId) -> &mut Recorded {
        let at = id.0 as usize;
        if self.recording.links.len() <= at {
            self.recording.links.resize_with(at + 1, Recorded::default);
        }
        &mut self.recording.links[at]
    }

    fn limits(&self) -> Limits {
        Limits {
            bytes: self.target.limits.answer_bytes,
            ..Limits::TARGET
        }
    }
}

fn within(place: Place, span: Span) -> Place {
    let start = place.span.start() + span.start();
    Place {
        span: Span::new(start, start + span.len as usize),
        ..place
    }
}

/// How long the target asked the harness to wait (RFC 9110 10.2.3, RFC 6585 4).
fn patience(outcome: &Outcome) -> Option<Duration> {
    let Outcome::Answer(response) = outcome else {
        return None;
    };
    if !matches!(response.status, 429 | 503) {
        return None;
    }
    let text = response.field("Retry-After")?.value.as_str();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = OffsetDateTime::parse(text, &Rfc2822).ok()?;
    let wait = until - OffsetDateTime::now_utc();
    Some(Duration::try_from(wait).unwrap_or(Duration::ZERO))
}

fn place(link: LinkId, direction: Direction, start: usize, end: usize) -> Place {
    Place {
        link,
        direction,
        span: Span::new(start, end),
    }
}
