//! Plays the device side of OMA DM: each verb of a case as messages of one device.
//!
//! It says which messages are sent and when. What a device knows stands in `client`, what it does
//! with a command in `tree` and `answer`, what an option makes of a message in `bend`; the octets
//! on the wire are the business of the recorder.

pub(crate) mod answer;
pub(crate) mod bend;
pub(crate) mod client;
pub(crate) mod tree;

use std::collections::BTreeMap;

use assay_suites::step::{self, Answer, Auth, Finish, Package1, Repeat, Send, Share};
use assay_suites::vectors;
use assay_wire::dm::{Draft, StatusDraft, Version};
use assay_wire::{Encoding, Limits, http};
use reqwest::Url;

use crate::dm::answer::{Done, Worker};
use crate::dm::bend::Numbered;
use crate::dm::client::{Credential, Device, Reply, Session, Standing};
use crate::template::{self, Holes};
use crate::{Lease, LeasedDevice, Outcome, Outgoing, Recorder, Tag, Target};

/// How often a challenge is followed before the device gives up.
const CHALLENGES: u32 = 2;
/// How many messages `finish` sends where the step does not say.
const ROUNDS: u32 = 10;
/// The SessionIDs that devices use: at most four characters (OMA-TS-DM_Protocol 8.3).
const SESSIONS: u32 = 9_999;
/// The CmdRef of a Status for a command that no server sent.
const STRAY_CMD_REF: &str = "9999";

/// Why a case run does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Halt {
    /// An earlier answer, or the profile, lacks what the step needs.
    Stuck(String),
    /// The recorder has said why: nothing answers any more.
    Over,
}

impl From<String> for Halt {
    fn from(why: String) -> Self {
        Self::Stuck(why)
    }
}

impl From<template::BadTemplate> for Halt {
    fn from(why: template::BadTemplate) -> Self {
        Self::Stuck(why.to_string())
    }
}

/// The devices of a case run.
#[derive(Debug)]
pub(crate) struct Actor<'a> {
    target: &'a Target,
    lease: &'a mut Lease,
    version: Version,
    encoding: Encoding,
    devices: BTreeMap<String, Device>,
    /// The device that spoke last.
    spoke: Option<String>,
    sessions: u32,
}

/// A message that is ready to go.
struct Ready {
    body: Vec<u8>,
    credential: Option<Credential>,
    lawful: bool,
}

impl<'a> Actor<'a> {
    /// The devices that are leased, speaking this version in this encoding.
    pub(crate) fn new(
        target: &'a Target,
        lease: &'a mut Lease,
        version: Version,
        encoding: Encoding,
    ) -> Self {
        let devices = BTreeMap::new();
        Self { target, lease, version, encoding, devices, spoke: None, sessions: 0 }
    }

    /// The values that a hook knows about this device.
    pub(crate) fn hook_values(&self, device: Option<&String>) -> Result<(String, String), Halt> {
        let name = device.map_or("a", String::as_str);
        let leased = self.leased(name)?;
        Ok((leased.identity.id.clone(), leased.identity.user.clone().unwrap_or_default()))
    }

    /// Package 1 (OMA-TS-DM_Protocol 8.3), and again with credentials where it is challenged (9.1).
    pub(crate) async fn package_1(
        &mut self,
        recorder: &mut Recorder,
        number: u32,
        step: &Package1,
    ) -> Result<(), Halt> {
        let name = step.device.clone().unwrap_or_else(|| "a".to_owned());
        let mut again = step.again;
        if again {
            self.session(&name)?;
        } else {
            let base = bend::base(self.target, &step.http)?;
            self.open(&name, step.session.clone(), base)?;
        }
        for challenges in 0..=CHALLENGES {
            let credential = self.credential(&name, &step.auth, false)?;
            if challenges > 0 && credential.is_none() {
                return Ok(());
            }
            let ready = self.build_package_1(&name, step, credential, again)?;
            self.exchange(recorder, number, &name, ready, &step.http).await?;
            let session = self.session(&name)?;
            if step.auth != Auth::Usual || !matches!(session.standing, Standing::Challenged(_)) {
                return Ok(());
            }
            again = true;
        }
        Ok(())
    }

    /// The next message of package 3 (OMA-TS-DM_Protocol 8.5).
    pub(crate) async fn answer(
        &mut self,
        recorder: &mut Recorder,
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
        self.exchange(recorder, number, &name, ready, &step.http).await
    }

    /// Answers until the server wants nothing more.
    pub(crate) async fn finish(
        &mut self,
        recorder: &mut Recorder,
        number: u32,
        step: &Finish,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let answer =
            Answer { device: Some(name.clone()), statuses: step.statuses.clone(), ..Answer::default() };
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
        recorder: &mut Recorder,
        number: u32,
        step: &Send,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        if step.again {
            self.session(&name)?;
        } else {
            let base = bend::base(self.target, &step.http)?;
            self.open(&name, None, base)?;
        }
        let mut ready = Ready { body: Vec::new(), credential: None, lawful: step.lawful };
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
        } else if let Some(bytes) = &step.bytes {
            let octets = vector(&bytes.value, vectors::Kind::Bytes)?.bytes();
            ready.body = octets.map_err(|why| why.to_string())?.into_owned();
        } else if let Some(text) = &step.text {
            ready.body = text.clone().into_bytes();
        } else if let Some(octets) = step.filler {
            ready.body = vec![b'x'; octets as usize];
        }
        if let Some(cut) = step.cut {
            let length = usize::try_from(cut.unsigned_abs()).unwrap_or(usize::MAX);
            let length =
                if cut < 0 { ready.body.len().saturating_sub(length) } else { length };
            ready.body.truncate(length);
        }
        self.exchange(recorder, number, &name, ready, &step.http).await
    }

    /// The last request of the device once more, byte for byte.
    pub(crate) async fn repeat(
        &mut self,
        recorder: &mut Recorder,
        number: u32,
        step: &Repeat,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let session = self.session(&name)?;
        session.asked.clear();
        session.chunks = None;
        let last = self.devices.get(&name).and_then(|device| device.last.clone());
        let (outgoing, tag) = last.ok_or_else(|| Halt::Stuck(format!("{name} sent nothing")))?;
        let tag = Tag { step: number, ..tag };
        self.put_on_the_wire(recorder, &name, outgoing, tag, None).await
    }

    fn build_package_1(
        &mut self,
        name: &str,
        step: &Package1,
        credential: Option<Credential>,
        again: bool,
    ) -> Result<Ready, Halt> {
        let (version, encoding) = (self.version, self.encoding);
        let own_uri = self.leased(name)?.identity.id.clone();
        let user = self.leased(name)?.identity.user.clone().filter(|_| step.auth != Auth::None);
        let mut draft = self.draft(name, None)?;
        if let Some(user) = credential.as_ref().and_then(|cred| cred.user.clone()).or(user) {
            draft.source_name(&user);
        }
        if let Some(uri) = &step.resp_uri {
            draft.resp_uri(if uri == "own" { &own_uri } else { uri });
        }
        if let Some(credential) = &credential {
            bend::cred(&mut draft, credential);
        }
        bend::limits(&mut draft, step.max_msg_size, step.max_obj_size);
        bend::header(&mut draft, step);
        let mut out = Numbered::new(draft, step.cmd_ids.as_ref());
        // A device that was challenged answers the header first (OMA-TS-DM_Protocol 9.1).
        let answered = self.session(name)?.reply.as_ref().map(|reply| reply.msg.clone());
        if let Some(msg) = answered.filter(|_| again && step.leading_status != Some(false)) {
            header_status(out.next(), &msg, 200);
        }
        bend::package_1(&mut out, step, version, &own_uri);
        let mut draft = out.next().clone();
        if let Some(commands) = &step.commands {
            self.fragment(name, &commands.value, &mut draft)?;
        }
        let fin = step.r#final != Some(false);
        if fin {
            draft.fin();
        }
        let session = self.session(name)?;
        session.sent_final = fin;
        session.next_msg += 1;
        session.asked.clear();
        Ok(Ready {
            body: bend::body(&draft.tree, encoding, &step.wbxml)?,
            credential,
            lawful: bend::is_lawful_package_1(step, encoding),
        })
    }

    fn build_answer(&mut self, name: &str, step: &Answer) -> Result<Ready, Halt> {
        let encoding = self.encoding;
        let credential = self.credential(name, &step.auth, true)?;
        let mut draft = self.draft(name, step.session.as_deref())?;
        if let Some(credential) = &credential {
            if let Some(user) = &credential.user {
                draft.source_name(user);
            }
            bend::cred(&mut draft, credential);
        }
        bend::limits(&mut draft, step.max_msg_size, None);
        let device = self.device(name)?;
        for (uri, value) in &step.tree {
            device.tree.plant(uri, value);
        }
        let Device { tree, session: Some(session), .. } = device else {
            return Err(Halt::Stuck(format!("{name} has no session")));
        };
        let reply = session.reply.clone().unwrap_or_default();
        header_status(&mut draft, &reply.msg, step.header_status.unwrap_or(200));
        let share = match step.of {
            Share::All => session.asked.len(),
            Share::FirstHalf => session.asked.len().div_ceil(2),
            Share::None => 0,
        };
        let mut worker = Worker::new(tree, &mut session.chunks, &step.statuses);
        let done: Vec<Done> =
            session.asked.drain(..share).map(|asked| worker.carry_out(&asked)).collect();
        answer::write(&mut draft, &done, &step.results);
        if step.stray_status {
            draft.status(&StatusDraft {
                msg_ref: reply.msg.clone(),
                cmd_ref: STRAY_CMD_REF.to_owned(),
                cmd: "Replace".to_owned(),
                code: 200,
                ..StatusDraft::default()
            });
        }
        for alert in &step.alerts {
            bend::alert(&mut draft, alert);
        }
        let fin = step.r#final != Some(false);
        // More of a package or of an object is asked for where nothing else is to be said
        // (OMA-TS-DM_Protocol 6.2 and 7).
        let wants_more = !reply.fin && session.sent_final && done.is_empty()
            || done.iter().any(Done::wants_more);
        let says_nothing = step.alerts.is_empty()
            && step.commands.is_none()
            && !done.iter().any(Done::has_results);
        if fin && wants_more && says_nothing && session.asked.is_empty() {
            draft.alert(1222);
        }
        session.sent_final = fin;
        session.next_msg += 1;
        if let Some(commands) = &step.commands {
            self.fragment(name, &commands.value, &mut draft)?;
        }
        if fin {
            draft.fin();
        }
        Ok(Ready {
            body: bend::body(&draft.tree, encoding, &step.wbxml)?,
            credential,
            lawful: step.session.is_none() && bend::is_lawful_request(&step.http, encoding),
        })
    }

    /// A message of the device with its header, the body still empty.
    fn draft(&mut self, name: &str, session_id: Option<&str>) -> Result<Draft, Halt> {
        let device = self.leased(name)?.identity.id.clone();
        let version = self.version;
        let session = self.session(name)?;
        let id = session_id.unwrap_or(&session.id);
        let msg = session.next_msg.to_string();
        Ok(Draft::new(version, id, &msg, session.base.as_str(), &device))
    }

    fn fragment(&mut self, name: &str, vector_name: &str, draft: &mut Draft) -> Result<(), Halt> {
        let mut holes = self.holes(name, None)?;
        holes.next_cmd = draft.next_cmd_id();
        let text = vector(vector_name, vectors::Kind::Fragment)?.text;
        template::fragment(text, &mut holes, &mut draft.tree, draft.body)?;
        draft.set_next_cmd_id(holes.next_cmd);
        Ok(())
    }

    fn holes(&mut self, name: &str, credential: Option<&Credential>) -> Result<Holes, Halt> {
        let identity = self.leased(name)?.identity.clone();
        let other = self.lease.devices.iter().find(|(other, _)| *other != name);
        let other_device =
            other.map_or_else(|| "assay-other".to_owned(), |(_, other)| other.identity.id.clone());
        let version = self.version;
        let session = self.session(name)?;
        let cred = credential.and_then(|cred| Some((cred.scheme?.kind(), cred.data.clone())));
        Ok(Holes {
            version,
            session: session.id.clone(),
            msg: session.next_msg.to_string(),
            target: session.base.to_string(),
            device: identity.id,
            user: identity.user.unwrap_or_default(),
            other_session: if session.id == "7FFF" { "7FFE" } else { "7FFF" }.to_owned(),
            other_device,
            cred,
            server_msg: session.reply.as_ref().map(|reply| reply.msg.clone()),
            next_cmd: 1,
        })
    }

    /// The credential of the next message. In package 3 a device that was accepted for the session
    /// sends none, and one that was refused has no answer to it but package 1.
    fn credential(
        &mut self,
        name: &str,
        auth: &Auth,
        package_3: bool,
    ) -> Result<Option<Credential>, Halt> {
        let standing = self.session(name)?.standing;
        let own = self.leased(name)?;
        Ok(match auth {
            Auth::None => None,
            Auth::Usual if package_3 && !matches!(standing, Standing::EachMessage(_)) => None,
            Auth::Usual => client::usual(standing, own, self.target.claims.auth.as_deref()),
            Auth::Basic(bends) => {
                Some(client::basic(bends, self.leased(bends.of.as_deref().unwrap_or(name))?)?)
            }
            Auth::Md5(bends) => {
                let of = self.leased(bends.of.as_deref().unwrap_or(name))?;
                Some(client::md5(bends, own, of)?)
            }
            Auth::Cred(cred) => Some(Credential {
                kind: cred.r#type.clone(),
                format: cred.format.clone().unwrap_or_else(|| "b64".to_owned()),
                data: cred.data.clone(),
                meta: true,
                user: own.identity.user.clone(),
                scheme: None,
            }),
        })
    }

    async fn exchange(
        &mut self,
        recorder: &mut Recorder,
        number: u32,
        name: &str,
        ready: Ready,
        http: &step::Http,
    ) -> Result<(), Halt> {
        let target = self.target;
        let encoding = self.encoding;
        let session = self.session(name)?;
        let scheme = ready.credential.as_ref().and_then(|credential| credential.scheme);
        // A digest stays in the recording; what gives the password away does not.
        let secret = ready.credential.filter(|_| scheme == Some(client::Scheme::Basic));
        let secrets = secret.map(|credential| credential.data.into_bytes()).into_iter().collect();
        let outgoing = bend::outgoing(target, session, http, encoding, ready.body, secrets)?;
        let tag = Tag {
            step: number,
            device: name.to_owned(),
            session: session.number,
            lawful: ready.lawful,
        };
        self.put_on_the_wire(recorder, name, outgoing, tag, scheme).await
    }

    async fn put_on_the_wire(
        &mut self,
        recorder: &mut Recorder,
        name: &str,
        outgoing: Outgoing,
        tag: Tag,
        scheme: Option<client::Scheme>,
    ) -> Result<(), Halt> {
        self.spoke = Some(name.to_owned());
        self.device(name)?.last = Some((outgoing.clone(), tag.clone()));
        let response: http::Response = match recorder.exchange(outgoing, tag).await {
            Outcome::Answer(response) => response,
            Outcome::Broke(..) | Outcome::Refused(_) => return Err(Halt::Over),
        };
        let limits = Limits { bytes: self.target.limits.answer_bytes, ..Limits::TARGET };
        let reply = Reply::read(&response, &limits);
        let leased = self.lease.devices.get_mut(name);
        let session = self.devices.get_mut(name).and_then(|device| device.session.as_mut());
        if let (Some(session), Some(leased)) = (session, leased) {
            session.take_in(reply, scheme, leased);
        }
        Ok(())
    }

    /// Opens a session of the device; what it had before is forgotten.
    fn open(&mut self, name: &str, id: Option<String>, base: Url) -> Result<(), Halt> {
        let leased = self
            .lease
            .devices
            .get_mut(name)
            .ok_or_else(|| Halt::Stuck(format!("no device {name} is leased")))?;
        let id = id.unwrap_or_else(|| {
            leased.next_session = leased.next_session % SESSIONS + 1;
            leased.next_session.to_string()
        });
        let (version, device, server) = (self.version, &leased.identity.id, base.as_str());
        let device = self.devices.entry(name.to_owned()).or_insert_with(|| Device {
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
        device.or(self.spoke.as_ref()).map_or_else(|| "a".to_owned(), Clone::clone)
    }

    fn leased(&self, name: &str) -> Result<&LeasedDevice, Halt> {
        let leased = self.lease.devices.get(name);
        leased.ok_or_else(|| Halt::Stuck(format!("no device {name} is leased")))
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

fn header_status(draft: &mut Draft, msg: &str, code: u32) {
    draft.status(&StatusDraft {
        msg_ref: msg.to_owned(),
        cmd_ref: "0".to_owned(),
        cmd: "SyncHdr".to_owned(),
        code,
        ..StatusDraft::default()
    });
}

fn vector(name: &str, kind: vectors::Kind) -> Result<vectors::Vector, Halt> {
    vectors::get(name)
        .filter(|vector| vector.kind == kind)
        .ok_or_else(|| Halt::Stuck(format!("no vector {name}{} is there", kind.ending())))
}
