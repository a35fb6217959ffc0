//! A push proxy gateway as push initiators see it: takes requests of PAP and answers them as the
//! device wants it. The same door takes the result notifications of a gateway under test.
//!
//! Nothing is pushed on; what a request holds beyond its push-id is read elsewhere.

use std::sync::Arc;

use assay_suites::step::cp::GatewayAnswer;
use assay_wire::http::{self, Progress, Request};
use assay_wire::pap::{self, AddressKind, AddressValue, OutcomeDraft};
use assay_wire::{Limits, Tree, media, xml};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use time::OffsetDateTime;
use time::macros::format_description;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use super::mailbox::{Carrier, Mailbox, Policy, Unit};
use super::{Desk, MOST, PATIENCE, SILENCE};

/// The limits of what initiators send.
const LIMITS: Limits = Limits {
    bytes: MOST,
    ..Limits::TARGET
};

/// One connection.
pub(super) async fn serve(mut stream: TcpStream, desk: Arc<Desk>) {
    let connection = desk.connection();
    let mut raw = Vec::new();
    loop {
        let came = read(&mut stream, &mut raw).await;
        let (request, length) = match came {
            Came::Request(request) => {
                let length = request.span.end();
                (request, length)
            }
            Came::Nothing => return,
            Came::Broken => {
                // Half a request names a device in its first line, if it gets that far.
                if let Some(mailbox) = by_path(&desk, &first_line(&raw)).or_else(|| desk.waiting())
                {
                    mailbox.put(unit(connection, raw, Vec::new(), false));
                }
                return;
            }
        };
        let said = Said::of(&request);
        let mailbox = route(&desk, &request, &said);
        let policy = mailbox.as_deref().map(Mailbox::policy);
        let answer = answer(&request, &said, policy);
        let octets: Vec<u8> = raw.drain(..length).collect();
        if let Some(mailbox) = mailbox {
            // Before the answer is out: whoever has read it may look for the push at once.
            mailbox.put(unit(connection, octets, answer.clone(), true));
        }
        if answer.is_empty() {
            // Silent: whoever asked waits as long as it likes.
            let mut rest = [0; 1024];
            let _ = timeout(SILENCE, async {
                while let Ok(1..) = stream.read(&mut rest).await {}
            })
            .await;
            return;
        }
        let written = timeout(PATIENCE, stream.write_all(&answer)).await;
        if !matches!(written, Ok(Ok(()))) || is_last(&request) {
            let _ = stream.shutdown().await;
            return;
        }
    }
}

fn unit(connection: u64, octets: Vec<u8>, answer: Vec<u8>, is_whole: bool) -> Unit {
    Unit {
        connection: Some(connection),
        carrier: Carrier::Pap,
        octets,
        answer,
        at: Instant::now(),
        is_whole,
    }
}

enum Came {
    Request(Box<Request>),
    /// Octets that are no request, or not all of one.
    Broken,
    /// The connection ended between two requests.
    Nothing,
}

/// Reads until there is a request in `raw`.
async fn read(stream: &mut TcpStream, raw: &mut Vec<u8>) -> Came {
    let mut deadline = Instant::now() + if raw.is_empty() { SILENCE } else { PATIENCE };
    let mut buffer = vec![0; 16 * 1024];
    let mut told_to_go_on = false;
    loop {
        match http::request(raw, &LIMITS) {
            Ok(Progress::Done(request)) => return Came::Request(Box::new(request)),
            Ok(Progress::More) if raw.len() > MOST + http::HEAD_BYTES => return Came::Broken,
            Ok(Progress::More) => {}
            Err(_) => return Came::Broken,
        }
        if !told_to_go_on && waits_to_go_on(raw) {
            told_to_go_on = true;
            let go_on = stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
            let _ = timeout_at(deadline, go_on).await;
        }
        let was_empty = raw.is_empty();
        match timeout_at(deadline, stream.read(&mut buffer)).await {
            Ok(Ok(length @ 1..)) => {
                raw.extend_from_slice(buffer.get(..length).unwrap_or_default());
                if was_empty {
                    deadline = Instant::now() + PATIENCE;
                }
            }
            _ if raw.is_empty() => return Came::Nothing,
            _ => return Came::Broken,
        }
    }
}

fn waits_to_go_on(raw: &[u8]) -> bool {
    let head = raw.windows(4).position(|four| four == b"\r\n\r\n");
    let head = String::from_utf8_lossy(raw.get(..head.unwrap_or(0)).unwrap_or_default());
    head.to_ascii_lowercase()
        .contains("\r\nexpect: 100-continue")
}

fn is_last(request: &Request) -> bool {
    let says = |word: &str| {
        let field = request.field("Connection");
        field.is_some_and(|field| field.value.to_ascii_lowercase().contains(word))
    };
    says("close") || (request.version == 0 && !says("keep-alive"))
}

fn first_line(raw: &[u8]) -> String {
    let line = raw
        .split(|octet| *octet == b'\n')
        .next()
        .unwrap_or_default();
    let line = String::from_utf8_lossy(line.get(..line.len().min(512)).unwrap_or_default());
    line.split(' ').nth(1).unwrap_or_default().to_owned()
}

/// What a request says, as far as the answer and the way need it.
#[derive(Debug, Default)]
struct Said {
    /// `push-message`; none where there is no control entity.
    message: Option<String>,
    push_id: Option<String>,
    addresses: Vec<String>,
}

impl Said {
    fn of(request: &Request) -> Self {
        let Some(control) = control(request) else {
            return Self::default();
        };
        let Ok((tree, _)) = xml::read(&control, &LIMITS) else {
            return Self::default();
        };
        let Some(document) = pap::Document::of(&tree) else {
            return Self::default();
        };
        let Some(message) = document.message else {
            return Self::default();
        };
        let addresses = message.addresses.iter();
        Self {
            message: Some(message.name.to_owned()),
            push_id: message.push_id.map(str::to_owned),
            addresses: addresses.map(|address| address.value.to_owned()).collect(),
        }
    }
}

/// The control entity of a request: its first part, or all of it where there are no parts.
fn control(request: &Request) -> Option<Vec<u8>> {
    let body = &request.body.octets;
    let kind = &request.field("Content-Type")?.value;
    let is_multipart =
        media::parse(kind).is_some_and(|media| media.essence.starts_with("multipart/"));
    if !is_multipart {
        return Some(body.clone());
    }
    let parts = pap::multipart(body, kind, &LIMITS).ok()?.parts;
    let is_control = |part: &&pap::Part| {
        let media = part.media();
        media.is_some_and(|media| media.essence == pap::CONTROL_MEDIA)
    };
    let part = parts.iter().find(is_control).or(parts.first())?;
    Some(part.body.of(body).to_vec())
}

/// For whom a request is: by its path, else by its addresses; else for whoever waits.
fn route(desk: &Desk, request: &Request, said: &Said) -> Option<Arc<Mailbox>> {
    let by_address = || {
        let mut addresses = said.addresses.iter();
        addresses.find_map(|value| {
            let device = pap::address(value).map_or(value.as_str(), |address| address.device);
            desk.of_address(device).or_else(|| desk.of_device(device))
        })
    };
    by_path(desk, &request.target)
        .or_else(by_address)
        .or_else(|| desk.waiting())
}

/// The device that a request target names: `/pap/assay-a`.
fn by_path(desk: &Desk, target: &str) -> Option<Arc<Mailbox>> {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    // A proxy would be asked with the whole URL.
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => path.strip_prefix('/').unwrap_or(path),
    };
    let name = path.strip_prefix("pap/")?;
    desk.of_device(&unescaped(name.trim_end_matches('/')))
}

/// What need not be escaped in a segment of a path (RFC 3986 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A device id as a segment of a path.
pub(super) fn escaped(id: &str) -> String {
    utf8_percent_encode(id, UNRESERVED).to_string()
}

fn unescaped(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// The address of a device as PAP writes it.
pub(crate) fn own_address(device: &str, gateway: &str) -> String {
    let is_number = device.strip_prefix('+').unwrap_or(device);
    let is_number = !is_number.is_empty() && is_number.bytes().all(|c| c.is_ascii_digit());
    let kind = if is_number {
        AddressKind::Plmn
    } else {
        AddressKind::User
    };
    AddressValue {
        device,
        kind,
        gateway,
    }
    .to_string()
}

/// What is said to a request; nothing at all where the device is to be silent.
fn answer(request: &Request, said: &Said, policy: Option<Policy>) -> Vec<u8> {
    if request.method != "POST" {
        return http_answer("405 Method Not Allowed", "Allow: POST\r\n", b"");
    }
    let Some(policy) = policy else {
        // Nobody of this name is here, or nobody who has a case to play.
        return pap_answer(&refusal(said, 2003));
    };
    let (code, is_bad) = match policy.answer {
        GatewayAnswer::Accepted => (1001, false),
        GatewayAnswer::Duplicate => (2007, false),
        GatewayAnswer::Bad => (2000, true),
        GatewayAnswer::Forbidden => (2001, false),
        GatewayAnswer::Unavailable => (4001, false),
        GatewayAnswer::Silent => return Vec::new(),
        GatewayAnswer::Http500 => return http_answer("500 Internal Server Error", "", b""),
    };
    let given = policy.code.and_then(|code| u16::try_from(code).ok());
    let code = given.unwrap_or(code);
    if is_bad {
        return pap_answer(&bad(request, code));
    }
    let usual = policy.answer == GatewayAnswer::Accepted && given.is_none();
    let push_id = said.push_id.as_deref().unwrap_or_default();
    let now = now();
    let outcome = |code| OutcomeDraft {
        code,
        description: pap::meaning(code),
        ..OutcomeDraft::default()
    };
    let tree = match said.message.as_deref() {
        Some("push-message") => pap::push_response(push_id, Some(&now), &outcome(code)),
        Some("resultnotification-message") => {
            let code = if usual { 1000 } else { code };
            pap::result_notification_response(push_id, &outcome(code))
        }
        Some("cancel-message") => {
            let code = if usual { 1000 } else { code };
            pap::cancel_response(push_id, &[outcome(code)])
        }
        Some("statusquery-message") => {
            let outcome = OutcomeDraft {
                state: Some("delivered"),
                time: Some(&now),
                ..outcome(if usual { 1000 } else { code })
            };
            pap::status_query_response(push_id, &[outcome])
        }
        // What cannot be read is said to be bad with what it begins with.
        _ => bad(request, if usual { 2000 } else { code }),
    };
    pap_answer(&tree)
}

fn refusal(said: &Said, code: u16) -> Tree<'static> {
    let outcome = OutcomeDraft {
        code,
        description: pap::meaning(code),
        ..OutcomeDraft::default()
    };
    let push_id = said.push_id.as_deref().unwrap_or_default();
    pap::push_response(push_id, Some(&now()), &outcome)
}

fn bad(request: &Request, code: u16) -> Tree<'static> {
    let body = &request.body.octets;
    let fragment = String::from_utf8_lossy(body.get(..body.len().min(100)).unwrap_or_default());
    let fragment = fragment.replace(|c: char| c.is_control(), " ");
    pap::bad_message(code, pap::meaning(code), &fragment)
}

fn pap_answer(tree: &Tree<'_>) -> Vec<u8> {
    let fields = format!("Content-Type: {}\r\n", pap::CONTROL_MEDIA);
    http_answer("202 Accepted", &fields, &pap::document(tree, "2.0"))
}

fn http_answer(status: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// Now, as PAP writes it.
fn now() -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    OffsetDateTime::now_utc().format(format).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_id_survives_a_path() {
        for id in ["assay-a", "IMEI:49 01/5", "ü%2F"] {
            assert_eq!(unescaped(&escaped(id)), id);
        }
        assert_eq!(escaped("IMEI:1/2"), "IMEI%3A1%2F2");
        assert_eq!(unescaped("a%zz%4"), "a%zz%4");
    }

    #[test]
    fn an_address_says_what_it_is() {
        assert_eq!(
            own_address("+15550100", "ppg.example"),
            "WAPPUSH=+15550100/TYPE=PLMN@ppg.example"
        );
        assert_eq!(
            own_address("assay-a", "ppg.example"),
            "WAPPUSH=assay-a/TYPE=USER@ppg.example"
        );
    }
}
