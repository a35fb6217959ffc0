//! A push initiator: submits pushes to a gateway under test, asks after them, takes them back.
//!
//! What the gateway makes of them arrives at the hub.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use assay_suites::step::cp::{Bend, Cancel, Content, Query, Security, Submit};
use assay_suites::step::{Http, Repeat, Send};
use assay_suites::vectors;
use assay_wire::cp::{self, Draft};
use assay_wire::http::Response;
use assay_wire::mac::{self, Method, Secrets};
use assay_wire::pap::{self, PartDraft, PushDraft, QualityDraft};
use assay_wire::trigger::{self, TriggerDraft};
use assay_wire::{Limits, Tree, wbxml, xml};

use super::Actor;
use super::follow::{fields, is_plain};
use super::hub::{Carrier, own_address};
use crate::halt::Halt;
use crate::outgoing::{self, vector};
use crate::target::Identity;
use crate::template;
use crate::{Outcome, Recorder, Tag};

/// The server that a notification asks to call where the profile names none.
const SERVER: &str = "assay-server";

impl Actor<'_> {
    /// Submits a push.
    pub(super) async fn submit(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Submit,
    ) -> Result<(), Halt> {
        let name = step.device.clone().unwrap_or_else(|| "a".to_owned());
        let identity = self.lease.device(&name)?.identity.clone();
        let known = self.device(&name).submitted.clone();
        let last = || known.clone().ok_or_else(|| nothing_submitted(&name));
        let push_id = match step.push_id.as_deref() {
            None => fresh(),
            Some("last") => last()?,
            Some(given) => given.to_owned(),
        };
        let replace = match step.replace.as_deref() {
            None => None,
            Some("last") => Some(last()?),
            Some(given) => Some(given.to_owned()),
        };
        let notify = if step.notify {
            let hub = self.target.hub().await?;
            Some(hub.gateway(&identity, Carrier::Pap).await?)
        } else {
            None
        };
        let names = || std::iter::once(&name).chain(&step.also);
        let own = names().map(|name| Ok(self.own_address(&self.lease.device(name)?.identity)));
        let own = own.collect::<Result<Vec<String>, Halt>>()?;
        let control = control(step, &push_id, replace.as_deref(), notify.as_deref(), &own);
        let content = self.content(&name, step, &identity)?;
        let (kind, body) = envelope(step.bend, control, content);
        let fields = fields(&[("Content-Type", &kind)]);
        let url = outgoing::base(self.target, &step.http)?;
        let out = outgoing::outgoing(self.target, url, &step.http, fields, body, Vec::new())?;
        self.device(&name).submitted = Some(push_id);
        for name in names() {
            // What the gateway sends may come before its answer does.
            self.mailbox(name)?.expect(true);
        }
        let lawful = step.bend.is_none() && is_plain(&step.http);
        let answer = self.say(recorder, number, &name, out, lawful).await?;
        let refused = is_refusal(&answer);
        for name in names() {
            self.device(name).refused = refused;
        }
        Ok(())
    }

    /// Asks after a push.
    pub(super) async fn query(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Query,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let push_id = self.submitted(&name, step.push_id.as_ref())?;
        let addresses: Vec<&str> = step.addresses.iter().map(String::as_str).collect();
        let tree = pap::status_query(&push_id, &addresses);
        self.ask(recorder, number, &name, &tree, &step.http).await
    }

    /// Takes a push back.
    pub(super) async fn cancel(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Cancel,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let push_id = self.submitted(&name, step.push_id.as_ref())?;
        let addresses: Vec<&str> = step.addresses.iter().map(String::as_str).collect();
        let tree = pap::cancel(&push_id, &addresses);
        self.ask(recorder, number, &name, &tree, &step.http).await
    }

    /// Anything at all.
    pub(super) async fn send(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Send,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let mut body = if let Some(message) = &step.message {
            let text = vector(&message.value, vectors::Kind::Message)?.text;
            let tree = template::message(text, &mut self.holes(&name)?)?;
            xml::write(&tree, &xml::Style::default())
        } else {
            outgoing::raw(step)?
        };
        outgoing::cut(&mut body, step.cut);
        let fields = fields(&[("Content-Type", pap::CONTROL_MEDIA)]);
        let url = outgoing::base(self.target, &step.http)?;
        let out = outgoing::outgoing(self.target, url, &step.http, fields, body, Vec::new())?;
        self.say(recorder, number, &name, out, step.lawful).await?;
        Ok(())
    }

    /// The last request of the device once more, byte for byte.
    pub(super) async fn repeat(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Repeat,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let last = self.device(&name).last.clone();
        let (out, tag) = last.ok_or_else(|| format!("{name} sent nothing"))?;
        self.spoke = Some(name);
        let tag = Tag {
            step: number,
            lawful: false,
            ..tag
        };
        match recorder.exchange(out, tag).await {
            Outcome::Answer(_) => Ok(()),
            Outcome::Broke(..) | Outcome::Refused(_) => Err(Halt::Over),
        }
    }

    async fn ask(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        tree: &Tree<'_>,
        http: &Http,
    ) -> Result<(), Halt> {
        let body = pap::document(tree, "2.0");
        let fields = fields(&[("Content-Type", pap::CONTROL_MEDIA)]);
        let url = outgoing::base(self.target, http)?;
        let out = outgoing::outgoing(self.target, url, http, fields, body, Vec::new())?;
        self.say(recorder, number, name, out, is_plain(http))
            .await?;
        Ok(())
    }

    fn submitted(&mut self, name: &str, given: Option<&String>) -> Result<String, Halt> {
        let known = &self.device(name).submitted;
        let push_id = given.or(known.as_ref()).cloned();
        Ok(push_id.ok_or_else(|| nothing_submitted(name))?)
    }

    /// The address of a device at this gateway.
    fn own_address(&self, identity: &Identity) -> String {
        let gateway = self.target.url.host_str().unwrap_or_default();
        own_address(identity.address.as_deref().unwrap_or(&identity.id), gateway)
    }

    /// The content entity.
    fn content(&self, name: &str, step: &Submit, identity: &Identity) -> Result<PartDraft, Halt> {
        let tree = match step.content {
            Content::Text => {
                return Ok(PartDraft::new("text/plain; charset=utf-8", *b"Hello"));
            }
            Content::Trigger => return Ok(self.trigger()),
            Content::Si => cp::si::IndicationDraft {
                href: Some("http://www.example.com/settings.cpf"),
                si_id: Some("settings@assay.example"),
                action: Some("signal-medium"),
                text: "New settings",
                ..cp::si::IndicationDraft::default()
            }
            .tree(),
            Content::Sl => {
                cp::sl::loading("http://www.example.com/settings.cpf", Some("execute-low"))
            }
            Content::Document => match &step.document {
                Some(document) => {
                    let text = vector(&document.value, vectors::Kind::Message)?.text;
                    template::message(text, &mut self.holes(name)?)?
                }
                None => small(),
            },
        };
        let (binary, text) = match step.content {
            Content::Si => (cp::si::WBXML_MEDIA, cp::si::TEXT_MEDIA),
            Content::Sl => (cp::sl::WBXML_MEDIA, cp::sl::TEXT_MEDIA),
            _ => (cp::WBXML_MEDIA, cp::TEXT_MEDIA),
        };
        let style = wbxml::Style {
            version: 0x03,
            ..wbxml::Style::default()
        };
        let octets = wbxml::write(&tree, &style).map_err(|error| error.to_string())?;
        let parameters = protection(step.security, identity, &octets)?;
        Ok(if step.text {
            let octets = xml::write(&tree, &xml::Style::default());
            PartDraft::new(&format!("{text}{parameters}"), octets)
        } else {
            PartDraft::new(&format!("{binary}{parameters}"), octets)
        })
    }

    /// The notification that makes a device call.
    fn trigger(&self) -> PartDraft {
        let (id, password) = match &self.target.server {
            Some(server) => (server.id.as_str(), server.password.as_str()),
            None => (SERVER, ""),
        };
        let octets = TriggerDraft::new(id, 1).write(password, b"");
        let mut part = PartDraft::new(trigger::MEDIA, octets);
        let field = ("X-Wap-Application-Id", trigger::APPLICATION);
        part.fields.push((field.0.to_owned(), field.1.to_owned()));
        part
    }
}

fn nothing_submitted(name: &str) -> String {
    format!("nothing was submitted for {name}")
}

/// True where a gateway does not take what was submitted.
fn is_refusal(answer: &Response) -> bool {
    let refuses = || {
        let (tree, _) = xml::read(&answer.body.octets, &Limits::TARGET).ok()?;
        Some(pap::Document::of(&tree)?.message?.refuses())
    };
    !(200..300).contains(&answer.status) || refuses() == Some(true)
}

/// A push-id that was never used.
fn fresh() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |now| now.as_nanos());
    format!("{now:x}-{next}@assay.example")
}

/// The document that is pushed where a step names none.
fn small() -> Tree<'static> {
    let mut draft = Draft::new(Some("1.1"));
    cp::NapDraft {
        id: "ASSAY",
        name: "Assay",
        bearers: &["GSM-GPRS"],
        address: "assay.example",
        address_type: Some("APN"),
        ..cp::NapDraft::default()
    }
    .add(&mut draft);
    draft.into_tree()
}

/// The parameters of the media type that protect a document.
fn protection(security: Security, identity: &Identity, document: &[u8]) -> Result<String, String> {
    let method = match security {
        Security::None => return Ok(String::new()),
        Security::Netwpin => Method::NetwPin,
        Security::Userpin => Method::UserPin,
        Security::Usernetwpin => Method::UserNetwPin,
        Security::Userpinmac => Method::UserPinMac,
    };
    let code = method.code();
    if !method.has_parameter() {
        return Ok(format!("; SEC={code}"));
    }
    let secrets = Secrets {
        imsi: identity.imsi.as_deref(),
        pin: identity.pin.as_deref(),
    };
    let mac = mac::mac(method, &secrets, document).map_err(|error| error.to_string())?;
    Ok(format!("; SEC={code}; MAC=\"{mac}\""))
}

/// The control entity.
fn control(
    step: &Submit,
    push_id: &str,
    replace: Option<&str>,
    notify: Option<&str>,
    own: &[String],
) -> Vec<u8> {
    if step.bend == Some(Bend::BadControl) {
        return b"<?xml version=\"1.0\"?><pap><push-message push-id=".to_vec();
    }
    let attributes = [
        ("replace-push-id", replace),
        ("deliver-before-timestamp", step.before.as_deref()),
        ("deliver-after-timestamp", step.after.as_deref()),
        ("ppg-notify-requested-to", notify),
    ];
    let attributes = attributes.into_iter();
    let addresses: &[String] = match &step.addresses {
        _ if step.bend == Some(Bend::NoAddress) => &[],
        Some(given) => given,
        None => own,
    };
    let quality = step.quality.as_ref().map(|quality| {
        let pair = |value: &'_ Option<String>, required: &Option<String>| {
            let is_required = required.as_deref() == Some("true");
            value.clone().map(|value| (value, is_required))
        };
        (
            quality.priority.clone(),
            quality.delivery_method.clone(),
            pair(&quality.network, &quality.network_required),
            pair(&quality.bearer, &quality.bearer_required),
        )
    });
    let quality = quality
        .as_ref()
        .map(|(priority, method, network, bearer)| QualityDraft {
            priority: priority.as_deref(),
            method: method.as_deref(),
            network: network.as_ref().map(|(value, is)| (value.as_str(), *is)),
            bearer: bearer.as_ref().map(|(value, is)| (value.as_str(), *is)),
        });
    let draft = PushDraft {
        push_id,
        addresses: addresses.iter().map(|it| it.as_str().into()).collect(),
        attributes: attributes
            .filter_map(|(name, value)| Some((name, value?.into())))
            .collect(),
        quality,
    };
    let octets = pap::document(&draft.tree(), "2.0");
    if step.bend != Some(Bend::NoPushId) {
        return octets;
    }
    let text = String::from_utf8_lossy(&octets);
    let attribute = format!(" push-id=\"{push_id}\"");
    text.replacen(&attribute, "", 1).into_bytes()
}

/// The body of the request and its media type.
fn envelope(bend: Option<Bend>, control: Vec<u8>, content: PartDraft) -> (String, Vec<u8>) {
    if bend == Some(Bend::NoMultipart) {
        return (pap::CONTROL_MEDIA.to_owned(), control);
    }
    let style = pap::Style {
        open: bend == Some(Bend::Unclosed),
        ..pap::Style::default()
    };
    let mut parts = vec![PartDraft::new(pap::CONTROL_MEDIA, control), content];
    match bend {
        Some(Bend::ContentFirst) => parts.reverse(),
        Some(Bend::NoContent) => parts.truncate(1),
        _ => {}
    }
    let kind = if bend == Some(Bend::NoBoundary) {
        format!("{}; type=\"{}\"", pap::MULTIPART_MEDIA, pap::CONTROL_MEDIA)
    } else {
        pap::content_type(&style)
    };
    (kind, pap::write(&parts, &style))
}
