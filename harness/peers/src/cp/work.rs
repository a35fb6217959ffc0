//! What the hooks have done: documents, indications, notifications made and sent, packages packed.

use assay_wire::cab::Compression;
use assay_wire::cp::{TEXT_MEDIA, WBXML_MEDIA, si, sl};
use assay_wire::digest::unb64;
use assay_wire::mac::Method;
use assay_wire::trigger::{self, TriggerDraft};

use super::admin::{Asking, Done, Target};
use super::content::{self, Written, parse};
use super::doc::{Doc, Kind};
use super::notification::Notice;
use super::packages::{File, PATH};
use super::packing::{Extension, Packing};
use super::pap;
use super::protect::{Protection, protect};
use super::push::{self, Origin, Push};
use super::samples::{self, sample};
use super::server::Server;
use crate::carry::smpp::Verdict;
use crate::carry::{Carrier, Lost, Sms, smpp, udp};
use crate::hex;
use crate::loose::{Refusal, bad};
use crate::switch::Family;

/// Who provisions, unless a hook says otherwise.
const PROV_URL: &str = "https://cp.example.com/cp";
/// Who manages, unless a hook says otherwise.
const SERVER_URL: &str = "https://dm.example.com/dm";
/// The name of the management server.
const SERVER_ID: &str = "assay-server";
/// When indications begin and end, unless a hook says otherwise.
const CREATED: &str = "2026-01-01T00:00:00Z";
const EXPIRES: &str = "2090-01-01T00:00:00Z";

/// Pushes a document that the hook gives, or one of the server's own by its name.
pub(super) async fn document(server: &Server, asking: &Asking, origin: String) -> Done {
    let method = asking.method(None)?;
    let text = match (asking.document.text(), asking.name.text()) {
        (Some(text), _) => text.to_owned(),
        (None, name) => own(asking, name.unwrap_or("connectivity"), method)?,
    };
    provision(server, asking, origin, &text, method).await
}

/// Pushes the server's own document.
pub(super) async fn bootstrap(server: &Server, asking: &Asking, origin: String) -> Done {
    let method = asking.method(Some(Method::UserNetwPin))?;
    let text = own(asking, "full", method)?;
    provision(server, asking, origin, &text, method).await
}

fn own(asking: &Asking, name: &str, method: Option<Method>) -> Result<String, Refusal> {
    // The roles that the message itself has: operator, user, or nobody.
    let role = match method {
        Some(Method::NetwPin | Method::UserNetwPin) => 4,
        Some(Method::UserPin | Method::UserPinMac) => 16,
        None => 64,
    };
    let facts = samples::Facts {
        prov_url: asking.initiator.text().unwrap_or(PROV_URL),
        server_url: asking.server_url.text().unwrap_or(SERVER_URL),
        server_id: asking.server_id.text().unwrap_or(SERVER_ID),
        role,
    };
    sample(name, &facts).ok_or_else(|| bad("name", "no document that this server has"))
}

async fn provision(
    server: &Server,
    asking: &Asking,
    origin: String,
    text: &str,
    method: Option<Method>,
) -> Done {
    let switches = &server.switches;
    let target = asking.target(origin)?;
    let doc = parse(text, Kind::Document).map_err(|why| bad("document", &why))?;
    let mut written = written(doc, server)?;
    let mut media = WBXML_MEDIA;
    if switches.on("document-as-text") {
        written.binary.clone_from(&written.text);
        media = TEXT_MEDIA;
    }
    let method = method
        .filter(|_| !switches.on("security-left-out"))
        .map(|method| match method {
            Method::UserNetwPin if switches.on("user-network-pin-unsupported") => Method::NetwPin,
            method => method,
        });
    let mut protection = Protection::default();
    if let Some(method) = method {
        let (imsi, pin) = (target.imsi.as_deref(), target.pin.as_deref());
        protection = protect(method, imsi, pin, &written, switches)
            .map_err(|missing| (400, missing.to_string()))?;
    }
    let told = protection.told.clone();
    let kind = Kind::Document;
    let sent = send(server, &target, kind, media, written.binary, protection).await?;
    Ok(match told {
        None => sent,
        Some(told) if target.carrier == Carrier::File => format!("{sent}\n{told}"),
        Some(told) => format!("{told}\n{sent}"),
    })
}

/// Pushes a service indication.
pub(super) async fn indication(server: &Server, asking: &Asking, origin: String) -> Done {
    let target = asking.target(origin)?;
    let href = asking.href.text().map(|href| linked(server, href));
    let drawn = format!("{}@cp.example.com", server.state().number());
    let draft = si::IndicationDraft {
        href: href.as_deref(),
        si_id: Some(asking.si_id.text().unwrap_or(&drawn)),
        created: Some(asking.created.text().unwrap_or(CREATED)),
        expires: Some(asking.expires.text().unwrap_or(EXPIRES)),
        action: asking.action.text(),
        text: asking.text.text().unwrap_or("New settings"),
    };
    let doc = Doc {
        tree: draft.tree(),
        kind: Kind::Indication,
        rom: false,
    };
    indicate(server, &target, doc, si::WBXML_MEDIA).await
}

/// Pushes a service loading.
pub(super) async fn loading(server: &Server, asking: &Asking, origin: String) -> Done {
    let target = asking.target(origin)?;
    let href = linked(server, asking.href.needed("href")?);
    let doc = Doc {
        tree: sl::loading(&href, asking.action.text()),
        kind: Kind::Loading,
        rom: false,
    };
    indicate(server, &target, doc, sl::WBXML_MEDIA).await
}

async fn indicate(server: &Server, target: &Target, doc: Doc, media: &str) -> Done {
    let kind = doc.kind;
    let written = written(doc, server)?;
    send(
        server,
        target,
        kind,
        media,
        written.binary,
        Protection::default(),
    )
    .await
}

/// A link as the server gives it.
fn linked(server: &Server, href: &str) -> String {
    if server.switches.on("link-to-unsigned-package")
        && let Some(place) = server
            .state()
            .shelf
            .of_url(href)
            .and_then(|file| file.unsigned.clone())
        && let Some((origin, rest)) = href.split_once(PATH)
    {
        let name = rest.split('/').nth(1).unwrap_or_default();
        return format!("{origin}{PATH}{place}/{name}");
    }
    href.to_owned()
}

fn written(doc: Doc, server: &Server) -> Result<Written, Refusal> {
    let written = content::write(doc, &server.switches);
    written.map_err(|error| (400, error.to_string()))
}

/// Pushes a notification of OMA DM.
pub(super) async fn trigger(server: &Server, asking: &Asking, origin: String) -> Done {
    let target = asking.target(origin)?;
    let number = server.state().number();
    let session = match asking.session_id.text() {
        None => (number % 0xFFFF + 1) as u16,
        Some(text) => {
            let session = match text.strip_prefix("0x") {
                Some(digits) => u16::from_str_radix(digits, 16),
                None => text.parse(),
            };
            let session = session.ok().filter(|session| *session > 0);
            session.ok_or_else(|| bad("session-id", "1 to 65535, or 0x1 to 0xFFFF"))?
        }
    };
    let nonce = asking.nonce.text().map_or(Some(Vec::new()), unb64);
    let mut nonce = nonce.ok_or_else(|| bad("nonce", "base64"))?;
    let is_lost = asking.nonce_lost.is_true();
    if is_lost && !server.switches.on("trigger-without-default-nonce") {
        nonce = trigger::DEFAULT_NONCE.to_vec();
        if server.switches.on("default-nonce-as-text") {
            nonce = b"0x00000000".to_vec();
        }
    }
    if server.switches.on("trigger-over-first-nonce") {
        nonce = server.state().first_nonce(&target.device, nonce);
    }
    let password = asking.server_password.text();
    let mut draft = TriggerDraft::new(asking.server_id.text().unwrap_or(SERVER_ID), session);
    draft.ui_mode = match asking.ui_mode.text() {
        None | Some("1" | "background") => 1,
        Some("0" | "not-specified") => 0,
        Some("2" | "informative") => 2,
        Some("3" | "user-interaction") => 3,
        Some(_) => return Err(bad("ui-mode", "0 to 3")),
    };
    draft.initiator = match asking.initiator.text() {
        None | Some("server" | "1") => 1,
        Some("user" | "client" | "0") => 0,
        Some(_) => return Err(bad("initiator", "server or user")),
    };
    draft.version = match asking.version.text() {
        None | Some("1.2") => 11,
        Some("1.1") => 10,
        Some(_) => return Err(bad("version", "1.1 or 1.2, of OMA DM")),
    };
    let notice = Notice {
        draft,
        password: password.unwrap_or("secret-assay-server"),
        client_password: &format!("secret-{}", target.device),
        nonce: &nonce,
    };
    let octets = notice.write(&server.switches);
    let target = Target {
        initiator: None,
        ..target
    };
    let protection = Protection::default();
    let sent = send(
        server,
        &target,
        Kind::Trigger,
        trigger::MEDIA,
        octets,
        protection,
    )
    .await?;
    Ok(format!("{sent}\nsession {session}"))
}

/// Hands a push to the carrier that is asked for.
async fn send(
    server: &Server,
    target: &Target,
    kind: Kind,
    media: &str,
    body: Vec<u8>,
    protection: Protection,
) -> Done {
    let switches = &server.switches;
    let origin = Origin {
        initiator: target.initiator.as_deref(),
        own_gateway: target.carrier != Carrier::Pap,
    };
    let pin = target.pin.as_deref();
    let push: Push = push::make(kind, media, body, protection, pin, origin, switches);
    let number = server.state().number();
    let sent = match target.carrier {
        Carrier::File => return Ok(hex::upper(&push.pdu())),
        Carrier::Udp => udp(&target.gateway, &push.pdu()).await.map(|()| None),
        Carrier::Smpp => {
            let mut sms = Sms::new(kind, (number % 0xFFFF + 1) as u16);
            for bend in switches.short_messages(Family::Cp) {
                bend(&mut sms);
            }
            let (device, address) = (&target.device, &target.address);
            let verdict = smpp::submit(&target.gateway, device, address, &sms, &push.pdu()).await;
            verdict.map(|verdict| match verdict {
                Verdict::Taken => None,
                Verdict::Refused(status) => Some(format!("refused with status {status}")),
            })
        }
        Carrier::Pap => pap::submit(server, target, &push).await,
    };
    match sent {
        Ok(None) => Ok("sent".to_owned()),
        // It was handed over; what the gateway makes of it is the gateway's affair.
        Ok(Some(answer)) => Ok(answer),
        Err(lost @ (Lost::Silence | Lost::Answer(_))) => Ok(lost.to_string()),
        Err(lost @ (Lost::Address(_) | Lost::TooLong(_))) => Err((400, lost.to_string())),
        Err(lost @ Lost::Io(_)) => Err((502, lost.to_string())),
    }
}

/// Packs a document and puts it where it can be fetched.
pub(super) fn publish(server: &Server, asking: &Asking, origin: &str) -> Done {
    let switches = &server.switches;
    let name = asking.name.text().unwrap_or("assay");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.len() > 64 || !name.chars().all(plain) {
        return Err(bad("name", "at most 64 letters, digits, - and _"));
    }
    let extension = match asking.extension.text() {
        None | Some("cpf") => Extension::Cpf,
        Some("cab") => Extension::Cab,
        Some("provxml") => Extension::Provxml,
        Some(_) => return Err(bad("extension", "cpf, cab or provxml")),
    };
    let compression = match asking.compression.text() {
        None | Some("none") => Compression::Stored,
        Some("mszip") => Compression::Mszip,
        Some(_) => return Err(bad("compression", "none or mszip")),
    };
    let signed = asking.signed.boolean("signed")?.unwrap_or(false);
    let text = match asking.document.text() {
        Some(text) => text.to_owned(),
        None => own(asking, "connectivity", None)?,
    };
    let mut doc = parse(&text, Kind::Document).map_err(|why| bad("document", &why))?;
    doc.rom = extension == Extension::Provxml;
    for bend in switches.provisioning() {
        bend(&mut doc);
    }
    let octets = content::text(&doc.tree);
    let mut packing = Packing::new(name, extension, octets, compression, signed);
    for bend in switches.packings() {
        bend(&mut packing);
    }
    let mut state = server.state();
    let place = state.token();
    let mut put = |packing: &Packing, place: String, unsigned: Option<String>| {
        let file = File {
            name: packing.file_name.clone(),
            octets: packing.write().map_err(|why| (500, why))?,
            plain: packing.bare,
            unsigned,
        };
        if state.shelf.put(place, file) {
            Ok(())
        } else {
            Err((413, "too large".to_owned()))
        }
    };
    let mut unsigned = None;
    if packing.signer.is_some() {
        let copy = Packing {
            signer: None,
            ..packing.clone()
        };
        let place = format!("{place}0");
        put(&copy, place.clone(), None)?;
        unsigned = Some(place);
    }
    put(&packing, place.clone(), unsigned)?;
    Ok(format!("{origin}{PATH}{place}/{}", packing.file_name))
}
