//! An SMS centre (SMPP 3.4) as gateways and servers see it: it lets them bind, takes their
//! messages, answers as the device wants it, and tells of the delivery where that is wanted.
//!
//! Nothing is delivered; segments are put together elsewhere.

use std::sync::Arc;

use assay_suites::step::cp::GatewayAnswer;
use assay_wire::Limits;
use assay_wire::smpp::{self, Body, Message, Pdu, Tlv, command, status};
use time::OffsetDateTime;
use time::macros::format_description;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use super::mailbox::{Carrier, Mailbox, Policy, Unit};
use super::{Desk, MOST, PATIENCE, SILENCE};

/// The name of the centre.
const CENTRE: &str = "assay";
/// The parameter of a bind answer with the version of the protocol.
const INTERFACE_VERSION: u16 = 0x0210;
/// An error of the centre itself.
const SYSTEM_ERROR: u32 = 0x08;
/// The queue of the centre is full.
const QUEUE_FULL: u32 = 0x14;
/// The octets of a PDU header.
const HEADER: usize = 16;
/// So many PDUs wait until it is known whose they are.
const PENDING: usize = 16;

/// What is known of a connection.
struct Session {
    connection: u64,
    desk: Arc<Desk>,
    /// Who bound, and whether it takes messages.
    bound: Option<(String, bool)>,
    /// What came before it was known whose it is.
    pending: Vec<Unit>,
    /// The number of the next question of the centre.
    sequence: u32,
}

/// One connection.
pub(super) async fn serve(mut stream: TcpStream, desk: Arc<Desk>) {
    let mut session = Session {
        connection: desk.connection(),
        desk,
        bound: None,
        pending: Vec::new(),
        sequence: 0,
    };
    let mut raw: Vec<u8> = Vec::new();
    let mut buffer = vec![0; 16 * 1024];
    let limits = Limits {
        bytes: MOST,
        ..Limits::TARGET
    };
    let mut deadline = Instant::now() + SILENCE;
    'connection: loop {
        loop {
            let turn = match smpp::read(&raw, &limits) {
                Ok(None) => break,
                Ok(Some((pdu, length))) => session.turn(&pdu, take(&mut raw, length)),
                Err(bad) if bad.kind == "smpp.bad-body" => {
                    let length = raw.get(..4).map_or(0, |four| {
                        four.iter()
                            .fold(0, |sum, octet| sum << 8 | usize::from(*octet))
                    });
                    session.unreadable(take(&mut raw, length.max(HEADER)))
                }
                Err(_) => break 'connection,
            };
            let written = timeout(PATIENCE, stream.write_all(&turn.answer)).await;
            if !matches!(written, Ok(Ok(()))) || turn.is_over {
                let _ = stream.shutdown().await;
                break 'connection;
            }
            deadline = Instant::now() + if raw.is_empty() { SILENCE } else { PATIENCE };
        }
        let was_empty = raw.is_empty();
        match timeout_at(deadline, stream.read(&mut buffer)).await {
            Ok(Ok(length @ 1..)) => raw.extend_from_slice(buffer.get(..length).unwrap_or_default()),
            _ => break,
        }
        if was_empty {
            deadline = Instant::now() + PATIENCE;
        }
    }
    session.end(raw);
}

fn take(raw: &mut Vec<u8>, length: usize) -> Vec<u8> {
    let length = length.min(raw.len());
    raw.drain(..length).collect()
}

/// What is said to a PDU.
#[derive(Default)]
struct Turn {
    answer: Vec<u8>,
    is_over: bool,
}

impl Session {
    fn turn(&mut self, pdu: &Pdu, octets: Vec<u8>) -> Turn {
        let mailbox = self.whose(pdu);
        let mut turn = Turn::default();
        let answer = match pdu.command {
            command::BIND_RECEIVER | command::BIND_TRANSMITTER | command::BIND_TRANSCEIVER => {
                if let Body::Bind(bind) = &pdu.body {
                    let takes = pdu.command != command::BIND_TRANSMITTER;
                    self.bound = Some((bind.system_id.clone(), takes));
                }
                let version = Tlv {
                    tag: INTERFACE_VERSION,
                    value: vec![0x34],
                };
                let body = Body::Bound(CENTRE.to_owned(), vec![version]);
                Some(pdu.answer(status::OK, body))
            }
            command::SUBMIT_SM => {
                let (answer, receipt) = self.taken(pdu, mailbox.as_deref());
                turn.answer = answer.map(|pdu| pdu.write()).unwrap_or_default();
                turn.answer
                    .extend(receipt.map(|pdu| pdu.write()).unwrap_or_default());
                None
            }
            command::ENQUIRE_LINK => Some(pdu.answer(status::OK, Body::Empty)),
            command::UNBIND => {
                turn.is_over = true;
                Some(pdu.answer(status::OK, Body::Empty))
            }
            _ if pdu.is_answer() => None,
            _ => Some(nack(pdu.sequence, status::BAD_COMMAND)),
        };
        if let Some(answer) = answer {
            turn.answer = answer.write();
        }
        // Before the answer is out: whoever has read it may look for the push at once.
        self.put(mailbox, self.unit(octets, turn.answer.clone(), true));
        turn
    }

    /// A PDU whose length can be read, and nothing else.
    fn unreadable(&mut self, octets: Vec<u8>) -> Turn {
        let sequence = octets.get(12..16).map_or(0, |four| {
            four.iter()
                .fold(0, |sum, octet| sum << 8 | u32::from(*octet))
        });
        let answer = nack(sequence, status::BAD_LENGTH).write();
        let mailbox = self.of_bound();
        self.put(mailbox, self.unit(octets, answer.clone(), true));
        Turn {
            answer,
            is_over: false,
        }
    }

    /// The answer to a message, and what tells of its delivery.
    fn taken(&mut self, pdu: &Pdu, mailbox: Option<&Mailbox>) -> (Option<Pdu>, Option<Pdu>) {
        let no = |status| (Some(pdu.answer(status, Body::Empty)), None);
        let Some((_, takes)) = self.bound.clone() else {
            return no(status::BAD_STATE);
        };
        let Some(mailbox) = mailbox else {
            return no(status::BAD_DESTINATION);
        };
        match verdict(mailbox.policy()) {
            None => (None, None),
            Some(status::OK) => {
                let id = mailbox.message_id();
                let answer = pdu.answer(status::OK, Body::Taken(id.clone()));
                let Body::Message(message) = &pdu.body else {
                    return (Some(answer), None);
                };
                let wanted = takes && message.registered & 0x03 == 1;
                let receipt = wanted.then(|| self.receipt(message, &id));
                (Some(answer), receipt)
            }
            Some(status) => no(status),
        }
    }

    /// A delivery receipt (SMPP 3.4, appendix B).
    fn receipt(&mut self, message: &Message, id: &str) -> Pdu {
        self.sequence += 1;
        let format = format_description!("[year repr:last_two][month][day][hour][minute]");
        let now = OffsetDateTime::now_utc().format(format);
        let now = now.unwrap_or_default();
        let text = format!(
            "id:{id} sub:001 dlvrd:001 submit date:{now} done date:{now} stat:DELIVRD err:000 text:"
        );
        let receipt = Message {
            from: message.to.clone(),
            to: message.from.clone(),
            esm_class: 0x04,
            user_data: text.into_bytes(),
            ..Message::default()
        };
        let body = Body::Message(Box::new(receipt));
        Pdu::ask(command::DELIVER_SM, self.sequence, body)
    }

    /// For whom a PDU is: by who bound, else by the number that a message goes to; else for whoever
    /// waits.
    fn whose(&self, pdu: &Pdu) -> Option<Arc<Mailbox>> {
        match &pdu.body {
            Body::Bind(bind) => self.desk.of_device(&bind.system_id),
            Body::Message(message) => self
                .of_bound()
                .or_else(|| self.desk.of_address(&message.to.digits))
                .or_else(|| self.desk.waiting()),
            _ => self.of_bound(),
        }
    }

    fn of_bound(&self) -> Option<Arc<Mailbox>> {
        let (name, _) = self.bound.as_ref()?;
        self.desk.of_device(name)
    }

    fn put(&mut self, mailbox: Option<Arc<Mailbox>>, unit: Unit) {
        match mailbox {
            Some(mailbox) => {
                for earlier in self.pending.drain(..) {
                    mailbox.put(earlier);
                }
                mailbox.put(unit);
            }
            None if self.pending.len() < PENDING => self.pending.push(unit),
            None => {}
        }
    }

    fn unit(&self, octets: Vec<u8>, answer: Vec<u8>, is_whole: bool) -> Unit {
        Unit {
            connection: Some(self.connection),
            carrier: Carrier::Smpp,
            octets,
            answer,
            at: Instant::now(),
            is_whole,
        }
    }

    /// The connection is over, with these octets left that are no PDU.
    fn end(&mut self, rest: Vec<u8>) {
        let mailbox = self.of_bound();
        if !rest.is_empty() {
            let mailbox = mailbox.or_else(|| self.desk.waiting());
            let unit = self.unit(rest, Vec::new(), false);
            self.put(mailbox, unit);
        } else if !self.pending.is_empty()
            && let Some(waiting) = mailbox.or_else(|| self.desk.waiting())
        {
            for unit in self.pending.drain(..) {
                waiting.put(unit);
            }
        }
    }
}

fn nack(sequence: u32, status: u32) -> Pdu {
    Pdu {
        command: command::GENERIC_NACK,
        status,
        sequence,
        body: Body::Empty,
    }
}

/// The status that answers a message; none where nothing does.
fn verdict(policy: Policy) -> Option<u32> {
    let usual = match policy.answer {
        GatewayAnswer::Accepted => status::OK,
        GatewayAnswer::Duplicate => status::SUBMIT_FAILED,
        GatewayAnswer::Bad => status::BAD_LENGTH,
        GatewayAnswer::Forbidden => status::BAD_DESTINATION,
        GatewayAnswer::Unavailable => QUEUE_FULL,
        GatewayAnswer::Http500 => SYSTEM_ERROR,
        GatewayAnswer::Silent => return None,
    };
    Some(policy.code.unwrap_or(usual))
}
