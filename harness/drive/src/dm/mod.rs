//! Plays the device side of OMA DM: each verb of a case as messages of one device.
//!
//! It says which messages are sent and when. How a message is put together stands in `compose` and
//! `bend`, what a device knows in `client`, what it does with a command in `work` and `tree`, how
//! it answers in `answer`; the octets on the wire are the business of the recorder.

mod answer;
mod bend;
mod client;
mod compose;
mod node;
mod tree;
mod work;

use std::collections::BTreeMap;

use assay_suites::step::{self, Answer, Auth, Finish, Package1, Repeat, Send};
use assay_suites::suite::{Protocol, Scheme};
use assay_suites::vectors;
use assay_wire::dm::Version;
use assay_wire::dm::hmac::{self, Hmac};
use assay_wire::{Encoding, Limits, Span, digest, http};
use reqwest::Url;

use crate::dm::client::{Credential, Device, Reply, Session, Standing};
use crate::halt::Halt;
use crate::outgoing::{self, vector};
use crate::template;
use crate::{Lease, Outcome, Outgoing, Recorder, Tag, Target};

/// How often a challenge is followed before the device gives up.
const CHALLENGES: u32 = 2;
/// How many messages `finish` sends where the step does not say.
const ROUNDS: u32 = 10;
/// The SessionIDs that devices use: at most four characters (OMA-TS-DM_Protocol 8.3).
const SESSIONS: u32 = 9_999;

/// The devices of a case run.
pub(crate) struct Actor<'a> {
    target: &'a Target,
    lease: &'a mut Lease,
    version: Version,
    encoding: Encoding,
    devices: BTreeMap<String, Device>,
    /// The device that spoke last.
    spoke: Option<String>,
    sessions: u32,
    /// True where the client certificate is for cases that speak something else.
    anonymous: bool,
}

/// A message that is ready to go.
struct Ready {
    body: Vec<u8>,
    credential: Option<Credential>,
    lawful: bool,
}

impl<'a> Actor<'a> {
    /// The devices that are leased, speaking this version in this encoding, and maybe as Windows does.
    pub(crate) fn new(
        target: &'a Target,
        lease: &'a mut Lease,
        version: Version,
        encoding: Encoding,
        speaks: Option<Protocol>,
    ) -> Self {
        // Beside OMA DM a certificate is how Windows gets in, and would answer for all other devices.
        let claimed = target.claims.protocols.as_deref().unwrap_or_default();
        let beside = claimed.len() > 1 && claimed.contains(&Protocol::WindowsMdm);
        let devices = BTreeMap::new();
        Self {
            target,
            lease,
            version,
            encoding,
            devices,
            spoke: None,
            sessions: 0,
            anonymous: beside && speaks.is_none() && target.url.scheme() == "https",
        }
    }

    /// The values that a hook knows about this device.
    pub(crate) fn hook_values(&self, device: Option<&String>) -> Result<(String, String), Halt> {
        let name = device.map_or("a", String::as_str);
        let leased = self.lease.device(name)?;
        Ok((leased.identity.id.clone(), leased.identity.user.clone()))
    }

    /// Package 1 (OMA-TS-DM_Protocol 8.3), and again with credentials where it is challenged (9.1).
    pub(crate) async fn package_1(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Package1,
    ) -> Result<(), Halt> {
        let name = step.device.clone().unwrap_or_else(|| "a".to_owned());
        let mut again = step.again;
        if again {
            self.session(&name)?;
        } else {
            let base = outgoing::base(self.target, &step.http)?;
            self.open(&name, step.session.clone(), base)?;
        }
        for challenges in 0..=CHALLENGES {
            let credential = self.credential(&name, &step.auth, false)?;
            if challenges > 0 && credential.is_none() {
                return Ok(());
            }
            let ready = self.build_package_1(&name, step, credential, again)?;
            self.exchange(recorder, number, &name, ready, &step.http)
                .await?;
            let session = self.session(&name)?;
            // What is no message asks for nothing, whatever was asked for before.
            let challenged =
                session.reply.is_some() && matches!(session.standing, Standing::Challenged(_));
            if step.auth != Auth::Usual || !challenged {
                return Ok(());
            }
            again = true;
        }
        Ok(())
    }

    /// The next message of package 3 (OMA-TS-DM_Protocol 8.5).
    pub(crate) async fn answer(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Answer,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let session = self.session(&name)?;
        if session.reply.is_none() {
            return Err(Halt::Stuck("the last answer was no message".to_owned()));
        }
        let says_more = !step.alerts.is_empty()
            || step.commands.is_some()
            || step.stray_status
            || step.session.is_some();
        let over = session.is_over() && !session.was_refused();
        if over && !says_more {
            return Err(Halt::Stuck("the server wants no answer".to_owned()));
        }
        let mut ready = self.build_answer(&name, step)?;
        ready.lawful &= !over;
        self.exchange(recorder, number, &name, ready, &step.http)
            .await
    }

    /// Answers until the server wants nothing more.
    pub(crate) async fn finish(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Finish,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let answer = Answer {
            device: Some(name.clone()),
            statuses: step.statuses.clone(),
            challenge: step.challenge,
            ..Answer::default()
        };
        for _ in 0..step.rounds.unwrap_or(ROUNDS) {
            if self.session(&name)?.is_over() {
                break;
            }
            self.answer(recorder, number, &answer).await?;
        }
        Ok(())
    }

    /// Anything at all.
    pub(crate) async fn send(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Send,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        if step.again {
            self.session(&name)?;
        } else {
            let base = outgoing::base(self.target, &step.http)?;
            self.open(&name, None, base)?;
        }
        let mut ready = Ready {
            body: Vec::new(),
            credential: None,
            lawful: step.lawful,
        };
        if let Some(message) = &step.message {
            let credential = self.credential(&name, &Auth::Usual, false)?;
            let mut holes = self.holes(&name, credential.as_ref())?;
            let text = vector(&message.value, vectors::Kind::Message)?.text;
            let tree = template::message(text, &mut holes)?;
            ready.body = bend::body(&tree, self.encoding, &step.wbxml)?;
            ready.credential = credential.filter(|_| text.contains("${cred}"));
            let session = self.session(&name)?;
            session.next_msg += u32::from(text.contains("${msg}"));
            session.asked.clear();
            session.sent_final = text.contains("<Final");
        } else {
            ready.body = outgoing::raw(step)?;
        }
        outgoing::cut(&mut ready.body, step.cut);
        self.exchange(recorder, number, &name, ready, &step.http)
            .await
    }

    /// The last request of the device once more, byte for byte.
    pub(crate) async fn repeat(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Repeat,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let session = self.session(&name)?;
        session.asked.clear();
        session.chunks = None;
        let last = self
            .devices
            .get(&name)
            .and_then(|device| device.last.clone());
        let (outgoing, tag) = last.ok_or_else(|| Halt::Stuck(format!("{name} sent nothing")))?;
        let tag = Tag {
            step: number,
            // What a monitor would find in the answer to a repeat it has found already.
            lawful: false,
            ..tag
        };
        let reply = self.put_on_the_wire(recorder, &name, outgoing, tag).await?;
        self.take_in(&name, reply, None);
        Ok(())
    }

    async fn exchange(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        ready: Ready,
        http: &step::Http,
    ) -> Result<(), Halt> {
        let target = self.target;
        let encoding = self.encoding;
        let session = self.session(name)?;
        let scheme = ready
            .credential
            .as_ref()
            .and_then(|credential| credential.scheme);
        let key = ready.credential.as_ref().and_then(|it| it.key.as_ref());
        let mac = key.map(|key| key.field(&ready.body));
        // A digest stays in the recording; what gives the password away does not.
        let data = ready
            .credential
            .map(|credential| credential.data)
            .filter(|data| !data.is_empty());
        let secrets = match (&data, scheme) {
            (Some(data), Some(Scheme::Basic)) => vec![data.clone().into_bytes()],
            _ => Vec::new(),
        };
        let besides = (mac, secrets);
        let outgoing = bend::outgoing(target, session, http, encoding, ready.body, besides)?;
        let tag = Tag {
            step: number,
            device: name.to_owned(),
            session: session.number,
            lawful: ready.lawful,
        };
        let digest = data.filter(|_| scheme == Some(Scheme::Md5));
        let body = digest
            .as_ref()
            .map(|_| outgoing.body.clone())
            .unwrap_or_default();
        let reply = self.put_on_the_wire(recorder, name, outgoing, tag).await?;
        if let Some(digest) = digest {
            self.prove(recorder, name, &digest, &body);
        }
        self.take_in(name, reply, scheme);
        Ok(())
    }

    /// Records whether the digest that was just sent is the right one: later nobody has the
    /// password.
    fn prove(&self, recorder: &mut Recorder<'_>, name: &str, digest: &str, body: &[u8]) {
        let Ok(leased) = self.lease.device(name) else {
            return;
        };
        let identity = &leased.identity;
        let (Some(password), Some(nonce)) = (&identity.password, &leased.nonce) else {
            return;
        };
        let found = find(body, digest.as_bytes());
        let span = found.map(|at| Span::new(at, at + digest.len()));
        if let Some(place) = span.and_then(|span| recorder.sent_body(span)) {
            let holds = digest::md5_cred(&identity.user, password, nonce) == digest;
            recorder.proof(place, "md5-cred", "client-password", "octets", holds);
        }
    }

    /// Records whether the server proved with this answer that it is who it says it is: later nobody
    /// has its password. Before the device gave it a nonce nobody knows which one it used.
    fn prove_server(
        &self,
        recorder: &mut Recorder<'_>,
        name: &str,
        response: &http::Response,
        reply: Option<&Reply>,
    ) {
        let (Some(server), Ok(leased)) = (&self.target.server, self.lease.device(name)) else {
            return;
        };
        let Some(nonce) = &leased.server_nonce else {
            return;
        };
        let (id, password, body) = (&server.id, &server.password, &response.body.octets);
        if let Some((data, span)) = reply.and_then(|reply| reply.cred.as_ref())
            && let Some(place) = recorder.received_body(*span)
        {
            let holds = digest::md5_cred(id, password, nonce) == *data;
            recorder.proof(place, "md5-cred", "server-password", "octets", holds);
        }
        if let Some(field) = response.field(hmac::FIELD)
            && let Some(place) = recorder.received(field.span)
        {
            let holds =
                Hmac::read(&field.value).mac == Some(digest::mac(id, password, nonce, body));
            recorder.proof(place, "mac", "server-password", "octets", holds);
        }
    }

    async fn put_on_the_wire(
        &mut self,
        recorder: &mut Recorder<'_>,
        name: &str,
        mut outgoing: Outgoing,
        tag: Tag,
    ) -> Result<Option<Reply>, Halt> {
        outgoing.without_certificate |= self.anonymous;
        self.spoke = Some(name.to_owned());
        self.device(name)?.last = Some((outgoing.clone(), tag.clone()));
        let limits = Limits {
            bytes: self.target.limits.answer_bytes,
            ..Limits::TARGET
        };
        let lawful = tag.lawful;
        let outcome = recorder.exchange(outgoing, tag).await;
        if !matches!(outcome, Outcome::Answer(_)) {
            // Whether the server ever got the nonce that was given it nobody knows.
            self.lease.device_mut(name)?.server_nonce = None;
        }
        match outcome {
            Outcome::Answer(response) => {
                let reply = Reply::read(&response, &limits);
                self.prove_server(recorder, name, &response, reply.as_ref());
                Ok(reply)
            }
            // What was wrong may be turned away like this: whether the target lives on is for the
            // steps that follow to show.
            Outcome::Broke(..) if !lawful && !recorder.target_died() => Ok(None),
            Outcome::Broke(..) | Outcome::Refused(_) => Err(Halt::Over),
        }
    }

    fn take_in(&mut self, name: &str, reply: Option<Reply>, sent: Option<Scheme>) {
        let leased = self.lease.devices.get_mut(name);
        let session = self
            .devices
            .get_mut(name)
            .and_then(|device| device.session.as_mut());
        if let (Some(session), Some(leased)) = (session, leased) {
            session.take_in(reply, sent, leased);
        }
    }

    /// Opens a session of the device; what it had before is forgotten.
    fn open(&mut self, name: &str, id: Option<String>, base: Url) -> Result<(), Halt> {
        let leased = self.lease.device_mut(name)?;
        let id = id.unwrap_or_else(|| {
            leased.next_session = leased.next_session % SESSIONS + 1;
            leased.next_session.to_string()
        });
        let (version, device, server) = (self.version, &leased.identity.id, base.as_str());
        let device = self
            .devices
            .entry(name.to_owned())
            .or_insert_with(|| Device {
                tree: tree::Tree::of_device(version, device, server),
                session: None,
                last: None,
            });
        device.session = Some(Session::new(id, self.sessions, base));
        self.sessions += 1;
        Ok(())
    }

    /// The device that a step means: its own word, else the one that spoke last.
    fn speaker(&self, device: Option<&String>) -> String {
        device
            .or(self.spoke.as_ref())
            .map_or_else(|| "a".to_owned(), Clone::clone)
    }

    fn device(&mut self, name: &str) -> Result<&mut Device, Halt> {
        let device = self.devices.get_mut(name);
        device.ok_or_else(|| Halt::Stuck(format!("{name} has no session")))
    }

    fn session(&mut self, name: &str) -> Result<&mut Session, Halt> {
        let session = self.device(name)?.session.as_mut();
        session.ok_or_else(|| Halt::Stuck(format!("{name} has no session")))
    }
}

/// Where these octets stand in others.
fn find(octets: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut windows = octets.windows(wanted.len().max(1));
    windows.position(|window| window == wanted)
}
