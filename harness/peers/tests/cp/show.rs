//! What was heard, in short: decoded with the readers of the harness, and what does not decode.

use std::fmt::Write as _;

use assay_wire::http::Response;
use assay_wire::mac::{Method, Secrets, verify};
use assay_wire::pap::{self, Document};
use assay_wire::smpp::Message;
use assay_wire::{Limits, cab, cpf, media, sms, trigger, wbxml, wsp, xml};

use super::ears::Heard;
use super::{IMSI, PIN};

/// What was heard in short, and what is wrong with it.
#[derive(Default)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) bad: Vec<String>,
}

impl Shown {
    fn say(&mut self, text: impl AsRef<str>) {
        self.text += text.as_ref();
        self.text.push('\n');
    }

    fn notes(&mut self, notes: &[assay_wire::Note], is_fault: fn(&str) -> bool) {
        let faults = notes.iter().filter(|note| is_fault(note.kind));
        self.bad
            .extend(faults.map(|note| format!("{}: {}", note.kind, note.text)));
    }
}

pub(crate) fn heard(heard: &Heard) -> Shown {
    let mut shown = Shown::default();
    match heard {
        Heard::Datagram(octets) => pdu(&mut shown, octets),
        Heard::Session(_, who, messages) => session(&mut shown, who, messages),
        Heard::Request(request, _) => {
            let field = request
                .field("content-type")
                .map(|field| field.value.clone());
            let kind = field.unwrap_or_default();
            if media::parse(&kind).is_some_and(|media| media.essence == pap::CONTROL_MEDIA) {
                control(&mut shown, &request.body.octets);
            } else {
                submission(&mut shown, &kind, &request.body.octets);
            }
        }
    }
    shown
}

fn session(shown: &mut Shown, who: &str, messages: &[Message]) {
    shown.say(format!("bound as {who}"));
    let mut parts: Vec<(u8, Vec<u8>)> = Vec::new();
    for message in messages {
        let octets = message.octets();
        let segment = sms::segment(octets, message.has_header());
        shown.notes(&segment.notes, sms::is_fault);
        if sms::alphabet(message.coding) != sms::Alphabet::Octets {
            shown.bad.push("not octets".into());
        }
        if segment.ports.map(|ports| ports.0) != Some(wsp::PUSH_PORT) {
            shown.bad.push("another port".into());
        }
        let number = segment.part.map_or(1, |part| part.number);
        parts.push((number, segment.payload.of(octets).to_vec()));
    }
    parts.sort();
    pdu(
        shown,
        &parts
            .into_iter()
            .flat_map(|part| part.1)
            .collect::<Vec<_>>(),
    );
}

/// A push PDU.
pub(crate) fn pdu(shown: &mut Shown, octets: &[u8]) {
    let push = match wsp::read(octets, &Limits::TARGET) {
        Ok(push) => push,
        Err(bad) => return shown.bad.push(bad.to_string()),
    };
    shown.notes(&push.notes, wsp::is_fault);
    let media = push.content_type.as_ref().map(|kind| kind.media.clone());
    let mut line = format!("push to {}", push.application());
    for name in ["X-Wap-Initiator-URI", "X-MS-DESC"] {
        if let Some(value) = push.header(name).and_then(|header| header.value.as_ref()) {
            let _ = write!(line, ", {name} {}", value.text);
        }
    }
    if let Some(flag) = push.push_flag() {
        let _ = write!(line, ", flag {flag}");
    }
    shown.say(line);
    let body = push.body.of(octets);
    content(
        shown,
        &media.unwrap_or_default(),
        push.sec(),
        push.mac(),
        body,
    );
}

/// What a push carries.
fn content(shown: &mut Shown, media: &str, sec: Option<u64>, mac: Option<&str>, body: &[u8]) {
    let mut line = media.to_owned();
    if let Some(sec) = sec {
        let secrets = Secrets {
            imsi: Some(IMSI),
            pin: Some(PIN),
        };
        let right = Method::of(sec).and_then(|method| match (method, mac) {
            (Method::UserPinMac, None) => Some(true),
            (Method::UserPinMac, Some(_)) | (_, None) => Some(false),
            (_, Some(mac)) => verify(method, &secrets, body, mac).ok(),
        });
        let _ = write!(line, ", sec {sec}");
        if right != Some(true) {
            shown.bad.push(format!("MAC {mac:?} for SEC {sec}"));
        }
    }
    shown.say(line);
    if media == trigger::MEDIA {
        match trigger::read(body, &Limits::TARGET) {
            Ok(read) => {
                shown.notes(&read.notes, trigger::is_fault);
                let digest = trigger::verify(body, "assay-server", "secret", b"nonce");
                shown.say(format!(
                    "  version {} ui-mode {} initiator {} session {} of {}, digest {digest}",
                    read.version, read.ui_mode, read.initiator, read.session, read.server
                ));
            }
            Err(bad) => shown.bad.push(bad.to_string()),
        }
        return;
    }
    if media == "application/octet-stream" {
        return shown.say(format!("  {} octets", body.len()));
    }
    match wbxml::read(body, &Limits::TARGET) {
        Ok((tree, _, notes)) => {
            shown.notes(&notes, wbxml::is_fault);
            let style = xml::Style {
                declaration: None,
                indent: Some(1),
                ..xml::Style::default()
            };
            shown.say(String::from_utf8_lossy(&xml::write(&tree, &style)).trim_end());
        }
        Err(bad) => shown.bad.push(bad.to_string()),
    }
}

fn submission(shown: &mut Shown, kind: &str, body: &[u8]) {
    let parts = match pap::multipart(body, kind, &Limits::TARGET) {
        Ok(parts) => parts,
        Err(bad) => return shown.bad.push(bad.to_string()),
    };
    shown.notes(&parts.notes, pap::is_fault);
    for part in &parts.parts {
        let octets = part.body.of(body);
        let Some(media) = part.media() else {
            shown.bad.push("a part without media type".into());
            continue;
        };
        if media.essence == pap::CONTROL_MEDIA {
            control(shown, octets);
            continue;
        }
        let sec = media.param("sec").and_then(|sec| sec.parse().ok());
        for name in ["X-Wap-Application-Id", "X-Wap-Initiator-URI", "X-MS-DESC"] {
            if let Some(field) = part.field(name) {
                shown.say(format!("{name} {}", field.value));
            }
        }
        content(shown, &media.essence, sec, media.param("mac"), octets);
    }
}

/// A control entity.
pub(crate) fn control(shown: &mut Shown, octets: &[u8]) {
    let Ok((tree, _)) = xml::read(octets, &Limits::TARGET) else {
        return shown.bad.push("no XML".into());
    };
    let Some(document) = Document::of(&tree) else {
        return shown.bad.push("no element".into());
    };
    shown.notes(&document.notes, pap::is_fault);
    let Some(message) = &document.message else {
        return;
    };
    let id = message
        .push_id
        .map_or("", |id| if id.len() > 20 { "drawn" } else { id });
    let mut line = format!("{} {id}", message.name);
    for address in &message.addresses {
        let _ = write!(line, " to {}", address.value);
    }
    for outcome in &message.outcomes {
        let _ = write!(line, " code {:?} state {:?}", outcome.code, outcome.state);
    }
    shown.say(line);
}

/// What a hook, a gateway or a host answered.
pub(crate) fn response(response: &Response) -> Shown {
    let mut shown = Shown::default();
    let body = &response.body.octets;
    let kind = response
        .field("content-type")
        .map_or("", |field| &field.value);
    shown.say(format!("{}", response.status));
    if kind.starts_with(pap::CONTROL_MEDIA) {
        control(&mut shown, body);
    } else if body.starts_with(b"MSCF") {
        package(&mut shown, body);
    } else {
        for line in String::from_utf8_lossy(body).lines() {
            answered(&mut shown, line);
        }
    }
    shown
}

/// A line of what a hook answers: octets of a push, a PIN, or words.
fn answered(shown: &mut Shown, line: &str) {
    let octets: Option<Vec<u8>> = (0..line.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(line.get(at..at + 2)?, 16).ok())
        .collect();
    match octets {
        Some(octets) if octets.len() > 20 => pdu(shown, &octets),
        Some(_) if line.len() >= 10 => shown.say(format!("a PIN of {} digits", line.len())),
        _ => shown.say(line),
    }
}

fn package(shown: &mut Shown, body: &[u8]) {
    let package = match cpf::read(body, &Limits::TARGET) {
        Ok(package) => package,
        Err(bad) => return shown.bad.push(bad.to_string()),
    };
    let wrong = package.notes.iter();
    let wrong = wrong.filter(|note| note.kind.starts_with("cpf.") || cab::is_fault(note.kind));
    shown
        .bad
        .extend(wrong.map(|note| format!("{}: {}", note.kind, note.text)));
    let cabinet = &package.cabinet;
    let names: Vec<&str> = cabinet.members.iter().map(|member| &*member.name).collect();
    let stored = package.is_stored();
    let signed = cabinet.signature.is_some();
    shown.say(format!(
        "cabinet of {names:?}, stored {stored}, signed {signed}"
    ));
    match package.document(&Limits::TARGET) {
        Ok((tree, _)) => shown.say(format!("a document of {} nodes", tree.len())),
        Err(bad) => shown.bad.push(bad.to_string()),
    }
}
