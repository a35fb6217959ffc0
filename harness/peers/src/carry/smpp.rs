//! A client of SMPP 3.4: binds, submits each segment, waits for each answer, and unbinds.

use assay_wire::Limits;
use assay_wire::smpp::{self, Bind, Body, Message, Pdu, Tlv, command, status};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Lost, PATIENCE, Sms};

/// The password of whoever binds; eight octets are all that the protocol takes.
const PASSWORD: &str = "assay";
/// The number that short messages come from.
const FROM: &str = "+15550100";
/// Most octets that are read ahead.
const AHEAD: usize = 128 << 10;

/// What the message centre made of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It took all segments.
    Taken,
    /// It refused to be bound to, or a segment, with this status.
    Refused(u32),
}

/// Submits a push to a message centre, bound to as `system`.
pub(crate) async fn submit(
    at: &str,
    system: &str,
    to: &str,
    sms: &Sms,
    pdu: &[u8],
) -> Result<Verdict, Lost> {
    let segments = sms
        .segments(pdu)
        .map_err(|long| Lost::TooLong(long.to_string()))?;
    let talk = talk(at, system, to, sms, segments);
    tokio::time::timeout(PATIENCE, talk)
        .await
        .map_err(|_| Lost::Silence)?
}

async fn talk(
    at: &str,
    system: &str,
    to: &str,
    sms: &Sms,
    segments: Vec<Vec<u8>>,
) -> Result<Verdict, Lost> {
    let stream = TcpStream::connect(at).await?;
    stream.set_nodelay(true)?;
    let mut session = Session {
        stream,
        read: Vec::new(),
        sequence: 0,
    };
    let bind = Bind {
        system_id: system.to_owned(),
        password: PASSWORD.to_owned(),
        version: 0x34,
        ..Bind::default()
    };
    let how = if sms.as_transmitter {
        command::BIND_TRANSMITTER
    } else {
        command::BIND_TRANSCEIVER
    };
    let bound = session.ask(how, Body::Bind(bind)).await?;
    if bound.status != status::OK {
        return Ok(Verdict::Refused(bound.status));
    }
    for segment in segments {
        let mut message = Message::of_segment(FROM, to, segment);
        message.coding = sms.coding;
        if sms.in_payload {
            message.tlvs.push(Tlv {
                tag: smpp::MESSAGE_PAYLOAD,
                value: std::mem::take(&mut message.user_data),
            });
        }
        let body = Body::Message(Box::new(message));
        let taken = session.ask(command::SUBMIT_SM, body).await?;
        if taken.status != status::OK {
            return Ok(Verdict::Refused(taken.status));
        }
    }
    // Whether the centre still answers is its own affair: it has all segments.
    let _ = session.ask(command::UNBIND, Body::Empty).await;
    Ok(Verdict::Taken)
}

struct Session {
    stream: TcpStream,
    read: Vec<u8>,
    sequence: u32,
}

impl Session {
    /// Asks, and waits for the answer; what the centre asks meanwhile is answered.
    async fn ask(&mut self, command: u32, body: Body) -> Result<Pdu, Lost> {
        self.sequence += 1;
        let sequence = self.sequence;
        let question = Pdu::ask(command, sequence, body);
        self.stream.write_all(&question.write()).await?;
        loop {
            let pdu = self.next().await?;
            if pdu.is_answer() {
                if pdu.sequence == sequence || pdu.command == command::GENERIC_NACK {
                    return Ok(pdu);
                }
                continue;
            }
            let answer = match pdu.command {
                command::ENQUIRE_LINK | command::UNBIND => pdu.answer(status::OK, Body::Empty),
                command::DELIVER_SM => pdu.answer(status::OK, Body::Taken(String::new())),
                _ => Pdu {
                    command: command::GENERIC_NACK,
                    status: status::BAD_COMMAND,
                    sequence: pdu.sequence,
                    body: Body::Empty,
                },
            };
            self.stream.write_all(&answer.write()).await?;
        }
    }

    async fn next(&mut self) -> Result<Pdu, Lost> {
        let mut buffer = vec![0; 4 * 1024];
        loop {
            let found = smpp::read(&self.read, &Limits::TARGET);
            if let Some((pdu, length)) = found.map_err(|bad| Lost::Answer(bad.to_string()))? {
                self.read.drain(..length);
                return Ok(pdu);
            }
            let count = self.stream.read(&mut buffer).await?;
            if count == 0 || self.read.len() > AHEAD {
                return Err(Lost::Answer("the centre hung up".into()));
            }
            self.read.extend_from_slice(&buffer[..count]);
        }
    }
}
