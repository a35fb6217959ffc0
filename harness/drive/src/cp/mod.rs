//! Plays what is pushed: as the device, its gateway or its SMS centre where the target is a
//! provisioning server, and as a push initiator where it is a push proxy gateway.
//!
//! It calls the hooks that make a target push, and waits for what comes. Where the harness listens
//! stands in `hub`, what is read of a push in `arrivals` and `pushed`, what is asked afterwards in
//! `follow`, what is submitted in `submit`.

mod arrivals;
mod follow;
mod given;
mod hub;
mod pushed;
mod submit;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use assay_suites::step::cp::{Await, Gateway};
use assay_suites::step::{HookCall, Step};
use assay_suites::vectors;
use assay_wire::recording::Event;
use assay_wire::{digest, xml};
use tokio::time::{Instant, timeout_at};

use crate::halt::Halt;
use crate::mask;
use crate::outgoing::vector;
use crate::template::{self, Holes};
use crate::{Lease, Outgoing, Recorder, Tag, Target, hook};

use arrivals::Standing;
use hub::{Carrier, Mailbox, Policy, Unit};

pub(crate) use hub::Hub;

/// How long `count: 0` waits where it does not say.
const WATCH: Duration = Duration::from_millis(300);
/// How long the rest of a message is awaited after its sender said good-bye.
const GRACE: Duration = Duration::from_millis(200);

/// The devices of a case run.
pub(crate) struct Actor<'a> {
    target: &'a Target,
    lease: &'a mut Lease,
    carrier: Carrier,
    boxes: BTreeMap<String, Arc<Mailbox>>,
    devices: BTreeMap<String, Device>,
    /// What the hook `publish-package` answered last, where that is a URL.
    published: Option<String>,
    /// The device that was spoken of last.
    spoke: Option<String>,
    /// The last step that was played.
    step: u32,
    sessions: u32,
}

/// What is known of a device in a case.
#[derive(Default)]
struct Device {
    /// What has come for it.
    standing: Standing,
    /// The push-id of what was submitted for it last.
    submitted: Option<String>,
    /// True where the target refused that.
    refused: bool,
    /// Its last request, to be sent again.
    last: Option<(Outgoing, Tag)>,
}

impl<'a> Actor<'a> {
    /// The devices that are leased, pushed to over this carrier.
    pub(crate) fn new(target: &'a Target, lease: &'a mut Lease, carrier: Option<&str>) -> Self {
        // A gateway chooses the bearer itself; short messages are what it usually has.
        let carrier = carrier.and_then(Carrier::named).unwrap_or(Carrier::Smpp);
        Self {
            target,
            lease,
            carrier,
            boxes: BTreeMap::new(),
            devices: BTreeMap::new(),
            published: None,
            spoke: None,
            step: 0,
            sessions: 0,
        }
    }

    /// Plays one step.
    pub(crate) async fn play(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Step,
    ) -> Result<(), Halt> {
        self.step = number;
        self.listen().await?;
        match step {
            Step::Await(step) => self.wait(recorder, number, step).await,
            Step::Gateway(step) => self.gateway(step),
            Step::Notify(step) => self.notify(recorder, number, step).await,
            Step::Fetch(step) => self.fetch(recorder, number, step).await,
            Step::Submit(step) => self.submit(recorder, number, step).await,
            Step::Query(step) => self.query(recorder, number, step).await,
            Step::Cancel(step) => self.cancel(recorder, number, step).await,
            Step::Send(step) => self.send(recorder, number, step).await,
            Step::Repeat(step) => self.repeat(recorder, number, step).await,
            _ => Err(Halt::Stuck("nobody who is pushed to does this".to_owned())),
        }
    }

    /// Calls a hook, which may be one that makes the target push, or that gives the push itself.
    pub(crate) async fn hook(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &HookCall,
    ) -> Result<(), Halt> {
        self.step = number;
        self.listen().await?;
        let called = &step.call.value;
        let hook = self.target.hooks.get(called);
        let hook = hook.ok_or_else(|| format!("the profile has no hook {called}"))?;
        let name = step.device.clone().unwrap_or_else(|| "a".to_owned());
        let values = self.values(&name, step).await?;
        self.spoke = Some(name.clone());
        let mailbox = self.mailbox(&name)?;
        mailbox.expect(true);
        let answer = hook::call_whole(hook, &values, self.target, given::ANSWER).await;
        let (worked, octets) = match answer {
            Ok(octets) => (true, octets),
            Err(why) => (false, why.into_bytes()),
        };
        let pin = self.lease.device(&name)?.identity.pin.clone();
        let mut shown = octets.clone();
        for span in mask::digits(&shown, pin.as_deref().unwrap_or_default()) {
            mask::blot(&mut shown, span);
        }
        recorder.event(Event::Hook {
            step: number,
            name: called.clone(),
            worked,
            answer: hook::cut(&shown),
        });
        if !worked {
            return Err(Halt::Over);
        }
        let nonce = values.get("nonce").and_then(|text| digest::unb64(text));
        let is_lost = values.get("nonce-lost").is_some_and(|lost| lost == "true");
        let standing = &mut self.device(&name).standing;
        standing.told = arrivals::numbers(&String::from_utf8_lossy(&octets));
        standing.notice = values
            .get("server-password")
            .filter(|password| !password.is_empty())
            .map(|password| {
                (
                    password.clone(),
                    (!is_lost).then(|| nonce.unwrap_or_default()),
                )
            });
        let first = given::first_line(&octets);
        let is_package = called == "publish-package";
        if is_package && (first.starts_with("http://") || first.starts_with("https://")) {
            self.published = Some(first);
            return Ok(());
        }
        let pushes = called.starts_with("push-") || matches!(&**called, "trigger-dm" | "bootstrap");
        if is_package || (pushes && self.carrier == Carrier::File) {
            mailbox.put(Unit {
                connection: None,
                carrier: Carrier::File,
                octets: given::arrival(hook, &first, octets)?,
                answer: Vec::new(),
                at: Instant::now(),
                is_whole: true,
            });
        }
        Ok(())
    }

    /// Takes what came and was not waited for, and gives the mailboxes back.
    pub(crate) fn finish(&mut self, recorder: &mut Recorder<'_>) {
        let boxes = std::mem::take(&mut self.boxes);
        for (name, mailbox) in boxes {
            for unit in mailbox.take() {
                self.take_in(recorder, self.step, &name, &unit);
            }
            mailbox.give_back();
        }
    }

    /// The values that a hook may name, for this device and step.
    async fn values(&self, name: &str, step: &HookCall) -> Result<BTreeMap<String, String>, Halt> {
        let hub = self.target.hub().await?;
        let identity = &self.lease.device(name)?.identity;
        let holes = self.holes(name)?;
        let mut values = BTreeMap::new();
        let mut put = |name: &str, value: &str| values.insert(name.to_owned(), value.to_owned());
        put("device", &identity.id);
        put("user", &identity.user);
        put("address", &holes.address);
        put("imsi", &holes.imsi);
        put("pin", identity.pin.as_deref().unwrap_or_default());
        let given = step
            .with
            .get("carrier")
            .and_then(|name| Carrier::named(name));
        let carrier = given.unwrap_or(self.carrier);
        put("carrier", carrier.name());
        put("gateway", &hub.gateway(identity, carrier).await?);
        for carrier in [Carrier::Pap, Carrier::Smpp, Carrier::Udp] {
            put(carrier.name(), &hub.gateway(identity, carrier).await?);
        }
        if let Some(server) = &self.target.server {
            put("server-id", &server.id);
            put("server-password", &server.password);
        }
        for (key, value) in &step.with {
            let value = if key == "document" {
                template::fill(value, &mut holes.clone())?
            } else {
                value.replace("${published}", &holes.published)
            };
            put(key, &value);
        }
        if let Some(document) = &step.document {
            let text = vector(&document.value, vectors::Kind::Message)?.text;
            let tree = template::message(text, &mut holes.clone())?;
            let octets = xml::write(&tree, &xml::Style::default());
            put("document", &String::from_utf8_lossy(&octets));
        }
        Ok(values)
    }

    /// Waits for pushes.
    async fn wait(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Await,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let mailbox = self.mailbox(&name)?;
        let wanted = step.count.unwrap_or(1);
        let usual = if wanted == 0 {
            WATCH
        } else {
            self.target.limits.timeout
        };
        let limit = step.within_ms.map_or(usual, Duration::from_millis);
        let start = Instant::now();
        let is_due = !(step.owed && self.device(&name).refused);
        let mut deadline = if is_due { start + limit } else { start };
        mailbox.expect(true);
        let came = loop {
            for unit in mailbox.take() {
                self.take_in(recorder, number, &name, &unit);
            }
            let standing = &self.device(&name).standing;
            let came = standing.came(step.notification);
            let is_enough = wanted > 0 && came >= wanted;
            if is_enough || Instant::now() >= deadline {
                break came;
            }
            if mailbox.is_flooded() {
                let why = "more was sent than the harness takes in for one case";
                return Err(Halt::Stuck(why.to_owned()));
            }
            if standing.is_given_up() {
                deadline = deadline.min(Instant::now() + GRACE);
            }
            let _ = timeout_at(deadline, mailbox.changed()).await;
        };
        let standing = &mut self.device(&name).standing;
        let left = standing.incomplete();
        standing.begin_anew(step.notification);
        if came >= wanted || step.owed {
            return Ok(());
        }
        let (what, by) = if step.notification {
            ("result notification", Carrier::Pap.name())
        } else {
            ("push", self.carrier.name())
        };
        let mut what = format!("{wanted} {what} by {by} for {name} awaited, {came} came");
        if let Some(left) = left {
            what = format!("{what}, and {left}");
        }
        recorder.event(Event::Waited {
            step: number,
            device: name,
            millis: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
            what,
        });
        Err(Halt::Over)
    }

    fn gateway(&mut self, step: &Gateway) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        self.mailbox(&name)?.answer(Policy {
            answer: step.answer,
            code: step.code,
        });
        self.spoke = Some(name);
        Ok(())
    }

    /// Sees to it that there are mailboxes.
    async fn listen(&mut self) -> Result<(), Halt> {
        if self.boxes.is_empty() {
            let hub = self.target.hub().await?;
            let devices = self.lease.devices.iter();
            self.boxes = devices
                .map(|(name, device)| (name.clone(), hub.lease(&device.identity)))
                .collect();
        }
        Ok(())
    }

    /// What fills the holes of a message.
    fn holes(&self, name: &str) -> Result<Holes, Halt> {
        let identity = &self.lease.device(name)?.identity;
        let mut others = self.lease.devices.iter();
        let other = others.find(|(known, _)| *known != name);
        Ok(Holes {
            target: self.target.url.to_string(),
            device: identity.id.clone(),
            user: identity.user.clone(),
            other_device: other.map_or_else(
                || "assay-other".to_owned(),
                |(_, device)| device.identity.id.clone(),
            ),
            address: identity.address.clone().unwrap_or_default(),
            imsi: identity.imsi.clone().unwrap_or_default(),
            published: self.published.clone().unwrap_or_default(),
            ..Holes::default()
        })
    }

    /// The device that a step means: its own word, else the one that was spoken of last.
    fn speaker(&self, device: Option<&String>) -> String {
        device
            .or(self.spoke.as_ref())
            .map_or_else(|| "a".to_owned(), Clone::clone)
    }

    fn device(&mut self, name: &str) -> &mut Device {
        self.devices.entry(name.to_owned()).or_default()
    }

    fn mailbox(&self, name: &str) -> Result<Arc<Mailbox>, Halt> {
        let mailbox = self.boxes.get(name).cloned();
        mailbox.ok_or_else(|| crate::lease::nobody(name))
    }
}

impl Drop for Actor<'_> {
    fn drop(&mut self) {
        for mailbox in self.boxes.values() {
            mailbox.give_back();
        }
    }
}
