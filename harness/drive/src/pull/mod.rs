//! Plays the agent of the Windows CE device management service: each verb of a case as requests of
//! one device.
//!
//! It says which requests are sent and when. How a message is put together stands in `compose` and
//! `reports`, what a device read in `agent`, what it keeps in `database`, how packages are fetched
//! in `download`, the whole cycle in `sync`; the octets on the wire are the business of the
//! recorder.

mod agent;
mod clock;
mod compose;
mod database;
mod download;
mod fetch;
mod files;
mod reports;
mod sync;

use std::collections::BTreeMap;

use assay_suites::step::pull::{Instructions, Location, Poll, Report, Status};
use assay_suites::step::{Http, Repeat, Send, Step};
use assay_suites::vectors;
use assay_wire::Limits;
use assay_wire::http::Response;
use assay_wire::pull::{
    Action, DOWNLOAD_STARTED, Datetime, Generation, LocationRequestDraft, StatusDraft,
    StatusMessageDraft, field, instructions_request,
};
use assay_wire::recording::Breakage;

use crate::halt::Halt;
use crate::outgoing::{self, vector};
use crate::pull::agent::{Asked, Device};
use crate::pull::compose::{Envelope, is_lawful_request, octets};
use crate::pull::reports::Ready;
use crate::template::{self, Holes};
use crate::{Lease, Outcome, Outgoing, Recorder, Tag, Target};

pub use database::{Package, PackageState, PullMemory};

/// The devices of a case run.
pub(crate) struct Actor<'a> {
    target: &'a Target,
    lease: &'a mut Lease,
    generation: Generation,
    devices: BTreeMap<String, Device>,
    /// The device that spoke last.
    spoke: Option<String>,
    sessions: u32,
    /// How often a message is sent again that failed; only the whole cycle does so.
    retries: u32,
}

/// A message that is ready to go to the management server.
struct Message<'s> {
    asked: Asked,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
    lawful: bool,
    http: &'s Http,
}

impl<'a> Actor<'a> {
    /// The devices that are leased, of this generation.
    pub(crate) fn new(target: &'a Target, lease: &'a mut Lease, generation: Generation) -> Self {
        Self {
            target,
            lease,
            generation,
            devices: BTreeMap::new(),
            spoke: None,
            sessions: 0,
            retries: 0,
        }
    }

    /// The values that a hook knows about this device.
    pub(crate) fn hook_values(&self, device: Option<&String>) -> Result<(String, String), Halt> {
        let leased = self.lease.device(device.map_or("a", String::as_str))?;
        Ok((leased.identity.id.clone(), leased.identity.user.clone()))
    }

    /// The target was told to forget this device, which begins anew.
    pub(crate) fn forget(&mut self, device: Option<&String>) {
        let name = device.map_or("a", String::as_str);
        self.devices.remove(name);
        if let Ok(leased) = self.lease.device_mut(name) {
            leased.pull.forget();
        }
    }

    /// Plays one step.
    pub(crate) async fn play(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Step,
    ) -> Result<(), Halt> {
        match step {
            Step::Poll(step) => self.poll(recorder, number, step).await.map(drop),
            Step::Instructions(step) => self.instructions(recorder, number, step).await.map(drop),
            Step::Location(step) => self.location(recorder, number, step).await.map(drop),
            Step::Download(step) => self.download(recorder, number, step).await,
            Step::Status(step) => self.status(recorder, number, step).await,
            Step::Report(step) => self.report(recorder, number, step).await,
            Step::Sync(step) => self.sync(recorder, number, step).await,
            Step::Send(step) => self.send(recorder, number, step).await,
            Step::Repeat(step) => self.repeat(recorder, number, step).await,
            _ => Err(Halt::Stuck("no agent does this".to_owned())),
        }
    }

    /// One poll. Gives whether a poll response came.
    async fn poll(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Poll,
    ) -> Result<bool, Halt> {
        let name = step.device.clone().unwrap_or_else(|| "a".to_owned());
        let leased = self.lease.device(&name)?;
        let (identity, memory) = (&leased.identity, &leased.pull);
        let envelope = Envelope::of_poll(step, identity, memory, self.generation);
        let message = Message {
            asked: Asked::Poll(compose::other_id(step, identity).map(str::to_owned)),
            fields: envelope.fields(Some(Action::Poll), None, None),
            body: octets(&compose::poll(step, &envelope, identity), true),
            lawful: compose::is_lawful_poll(step, identity, memory),
            http: &step.http,
        };
        let session = self.sessions;
        self.sessions += 1;
        self.device(&name).session = Some(session);
        if !self.post(recorder, number, &name, message).await? {
            return Ok(false);
        }
        let device = self.device(&name);
        let periods = device.orders.iter().map(|order| order.period);
        let (changes, longest) = (device.settings, periods.max().unwrap_or_default());
        let settings = &mut self.lease.device_mut(&name)?.pull.settings;
        changes.apply(settings);
        settings.report = longest;
        Ok(true)
    }

    /// Asks for the instructions of a package. Gives whether they came.
    async fn instructions(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Instructions,
    ) -> Result<bool, Halt> {
        let name = self.speaker(step.device.as_ref());
        let device = self.device(&name);
        let package = if let Some(package) = &step.package {
            package.clone()
        } else {
            let listed = device.listed.as_ref();
            let listed = listed.ok_or_else(|| unknown("poll response"))?;
            let next = listed.iter().find(|id| !device.asked.contains(*id));
            next.cloned().ok_or_else(|| {
                Halt::Stuck("the poll response lists no package to ask for".to_owned())
            })?
        };
        device.asked.insert(package.clone());
        let lawful = device.is_listed(&package);
        device.busy_with = Some(package.clone());
        let message = Message {
            fields: self
                .envelope(&name)?
                .fields(Some(Action::Instructions), None, None),
            body: octets(&instructions_request(&package), true),
            lawful: lawful && is_lawful_request(&step.http, "POST", false),
            http: &step.http,
            asked: Asked::Instructions(package),
        };
        self.post(recorder, number, &name, message).await
    }

    /// Asks where a package is. Gives whether a location came.
    async fn location(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Location,
    ) -> Result<bool, Halt> {
        let name = self.speaker(step.device.as_ref());
        let package = self.package(&name, step.package.as_ref())?;
        let lawful = self.device(&name).is_listed(&package);
        let (address, subnet) = compose::ADDRESS;
        let draft = LocationRequestDraft {
            package_id: package.clone(),
            directory: step.directory.clone(),
            addresses: vec![(address.to_owned(), subnet.to_owned())],
        };
        let message = Message {
            fields: self
                .envelope(&name)?
                .fields(Some(Action::Location), None, None),
            body: octets(&draft.tree(), true),
            lawful: lawful && is_lawful_request(&step.http, "POST", false),
            http: &step.http,
            asked: Asked::Location(package),
        };
        self.post(recorder, number, &name, message).await
    }

    /// Says what became of a package.
    async fn status(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Status,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let package = self.package(&name, step.package.as_ref())?;
        let listed = self.device(&name).is_listed(&package);
        let memory = &mut self.lease.device_mut(&name)?.pull;
        let timestamp = match &step.timestamp {
            Some(text) => text.clone(),
            None => memory.clock.now().to_string(),
        };
        let ids = step.ids.clone().unwrap_or_else(|| vec![DOWNLOAD_STARTED]);
        let lawful = listed && !ids.is_empty() && Datetime::parse(&timestamp).is_some();
        let parameters: Vec<(String, String)> = step.parameters.clone().into_iter().collect();
        let messages = ids.iter().map(|id| StatusMessageDraft {
            package_id: package.clone(),
            message_id: id.to_string(),
            timestamp: timestamp.clone(),
            parameters: parameters.clone(),
        });
        let draft = StatusDraft {
            messages: messages.collect(),
        };
        let message = Message {
            asked: Asked::Nothing,
            fields: self
                .envelope(&name)?
                .fields(Some(Action::Status), None, None),
            body: octets(&draft.tree(), true),
            lawful: lawful && is_lawful_request(&step.http, "POST", false),
            http: &step.http,
        };
        self.post(recorder, number, &name, message).await.map(drop)
    }

    /// Sends a report.
    async fn report(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Report,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let report = reports::asked(step, self.generation);
        self.deliver(recorder, number, &name, report, &step.http)
            .await
    }

    async fn deliver(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        report: Ready,
        http: &Http,
    ) -> Result<(), Halt> {
        let envelope = self.envelope(name)?;
        let (kind, path) = (Some(report.kind), report.path.as_deref());
        let message = Message {
            asked: Asked::Nothing,
            fields: envelope.fields(Some(Action::Report), kind, path),
            body: report.body,
            lawful: report.lawful && is_lawful_request(http, "POST", false),
            http,
        };
        self.post(recorder, number, name, message).await.map(drop)
    }

    /// Anything at all; what is asked stands in the header fields of the step.
    async fn send(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Send,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let mut body = if let Some(message) = &step.message {
            let text = vector(&message.value, vectors::Kind::Message)?.text;
            let mut holes = self.holes(&name)?;
            octets(&template::message(text, &mut holes)?, true)
        } else {
            outgoing::raw(step)?
        };
        outgoing::cut(&mut body, step.cut);
        let named = |name: &str| {
            let mut headers = step.http.headers.iter();
            headers.find(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        // What comes back to a poll is the list of the device, whoever wrote the poll.
        let action = named(field::ACTION);
        let is_poll = action.and_then(|(_, value)| Action::named(value)) == Some(Action::Poll);
        let is_own = named(field::UUID).is_none();
        let message = Message {
            asked: if is_poll && is_own {
                Asked::Poll(None)
            } else {
                Asked::Nothing
            },
            fields: self.envelope(&name)?.fields(None, None, None),
            body,
            lawful: step.lawful,
            http: &step.http,
        };
        self.post(recorder, number, &name, message).await.map(drop)
    }

    /// The last request of the device once more, byte for byte.
    async fn repeat(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Repeat,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let last = self.device(&name).last.clone();
        let (out, tag) = last.ok_or_else(|| Halt::Stuck(format!("{name} sent nothing")))?;
        let tag = Tag {
            step: number,
            // What a monitor would find in the answer to a repeat it has found already.
            lawful: false,
            ..tag
        };
        let at_home = out.url.origin() == self.target.url.origin();
        let leased = self.lease.device(&name)?;
        let uuid = out
            .fields
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(field::UUID));
        let other = uuid.map(|(_, value)| value.clone());
        let other = other.filter(|value| *value != leased.identity.id);
        match self.put_on_the_wire(recorder, &name, out, tag).await {
            Outcome::Answer(response) if at_home => {
                let memory = &mut self.lease.device_mut(&name)?.pull;
                memory.take_over(other.as_deref(), &response);
                Ok(())
            }
            Outcome::Answer(_) => Ok(()),
            Outcome::Broke(..) | Outcome::Refused(_) => Err(Halt::Over),
        }
    }

    /// Sends a message to the management server, once more as often as may be where it fails. Gives
    /// whether what was asked for came.
    async fn post(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        message: Message<'_>,
    ) -> Result<bool, Halt> {
        let (target, http) = (self.target, message.http);
        let url = outgoing::base(target, http)?;
        let secrets = Vec::new();
        let out = outgoing::outgoing(target, url, http, message.fields, message.body, secrets)?;
        let tag = Tag {
            step: number,
            device: name.to_owned(),
            session: self.session(name),
            lawful: message.lawful,
        };
        let mut tries = 0;
        let response: Response = loop {
            let (out, tag) = (out.clone(), tag.clone());
            let outcome = self.put_on_the_wire(recorder, name, out, tag).await;
            let failed = match &outcome {
                Outcome::Answer(response) => response.status >= 500,
                // Whoever is dead, or silent for so long, is not asked again.
                Outcome::Broke(Breakage::Closed | Breakage::Garbled, _) => !recorder.target_died(),
                Outcome::Broke(..) | Outcome::Refused(_) => false,
            };
            if failed && tries < self.retries {
                tries += 1;
                let memory = &mut self.lease.device_mut(name)?.pull;
                memory.clock.pass(memory.settings.retry);
                continue;
            }
            match outcome {
                Outcome::Answer(response) => break response,
                Outcome::Broke(..) | Outcome::Refused(_) => return Err(Halt::Over),
            }
        };
        let other = match &message.asked {
            Asked::Poll(id) => id.as_deref(),
            _ => None,
        };
        self.lease
            .device_mut(name)?
            .pull
            .take_over(other, &response);
        let limits = self.limits();
        let device = self.device(name);
        Ok(device.take_in(&message.asked, &response, &limits))
    }

    async fn put_on_the_wire(
        &mut self,
        recorder: &mut Recorder<'_>,
        name: &str,
        out: Outgoing,
        tag: Tag,
    ) -> Outcome {
        self.spoke = Some(name.to_owned());
        self.device(name).last = Some((out.clone(), tag.clone()));
        recorder.exchange(out, tag).await
    }

    /// What fills the holes of a message.
    fn holes(&mut self, name: &str) -> Result<Holes, Halt> {
        let package = self.device(name).busy_with.clone().unwrap_or_default();
        let others = self.lease.devices.iter();
        let other = others
            .filter(|(known, _)| *known != name)
            .map(|(_, device)| device.identity.id.clone())
            .next();
        let leased = self.lease.device(name)?;
        let (token, timestamp) = leased.pull.marks(None);
        Ok(Holes {
            target: self.target.url.to_string(),
            device: leased.identity.id.clone(),
            user: leased.identity.user.clone(),
            other_device: other.unwrap_or_else(|| "assay-other".to_owned()),
            token: token.unwrap_or_default().to_owned(),
            timestamp: timestamp.unwrap_or_default().to_owned(),
            package,
            ..Holes::default()
        })
    }

    fn envelope(&self, name: &str) -> Result<Envelope, Halt> {
        let leased = self.lease.device(name)?;
        Ok(Envelope::usual(
            &leased.identity,
            &leased.pull,
            self.generation,
        ))
    }

    /// The package that a step means: its own word, else the one that was spoken of last.
    fn package(&mut self, name: &str, given: Option<&String>) -> Result<String, Halt> {
        let device = self.device(name);
        let package = given.or(device.busy_with.as_ref()).cloned();
        let package = package.ok_or_else(|| unknown("package"))?;
        device.busy_with = Some(package.clone());
        Ok(package)
    }

    /// The session of the device: its last poll, or one of its own before any.
    fn session(&mut self, name: &str) -> u32 {
        let next = self.sessions;
        let session = *self.device(name).session.get_or_insert(next);
        self.sessions = self.sessions.max(session + 1);
        session
    }

    fn limits(&self) -> Limits {
        Limits {
            bytes: self.target.limits.answer_bytes,
            ..Limits::TARGET
        }
    }

    /// The device that a step means: its own word, else the one that spoke last.
    fn speaker(&self, device: Option<&String>) -> String {
        device
            .or(self.spoke.as_ref())
            .map_or_else(|| "a".to_owned(), Clone::clone)
    }

    fn device(&mut self, name: &str) -> &mut Device {
        self.devices.entry(name.to_owned()).or_default()
    }
}

fn unknown(what: &str) -> Halt {
    Halt::Stuck(format!("no {what} is known yet"))
}
