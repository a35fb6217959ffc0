//! SMPP 3.4: the PDUs by which a short message centre is talked to, read with bounds and written.
//!
//! No connection and no state: who is bound, and what an answer means, is the actor's business.

use crate::octets::{Octets, number};
use crate::span::{Limits, Span, TooBad};

/// Commands, by their id. An answer has the high bit set.
pub mod command {
    /// generic_nack.
    pub const GENERIC_NACK: u32 = 0x8000_0000;
    /// bind_receiver.
    pub const BIND_RECEIVER: u32 = 0x0000_0001;
    /// bind_transmitter.
    pub const BIND_TRANSMITTER: u32 = 0x0000_0002;
    /// submit_sm.
    pub const SUBMIT_SM: u32 = 0x0000_0004;
    /// deliver_sm.
    pub const DELIVER_SM: u32 = 0x0000_0005;
    /// unbind.
    pub const UNBIND: u32 = 0x0000_0006;
    /// bind_transceiver.
    pub const BIND_TRANSCEIVER: u32 = 0x0000_0009;
    /// enquire_link.
    pub const ENQUIRE_LINK: u32 = 0x0000_0015;
    /// The bit of an answer.
    pub const ANSWER: u32 = 0x8000_0000;
}

/// Statuses of an answer that are used here.
pub mod status {
    /// No error.
    pub const OK: u32 = 0;
    /// The length of a command is wrong.
    pub const BAD_LENGTH: u32 = 0x02;
    /// A command that is not known.
    pub const BAD_COMMAND: u32 = 0x03;
    /// A command that does not fit the state of the connection.
    pub const BAD_STATE: u32 = 0x04;
    /// The destination address is wrong.
    pub const BAD_DESTINATION: u32 = 0x0B;
    /// The password is wrong.
    pub const BAD_PASSWORD: u32 = 0x0E;
    /// The message was not taken.
    pub const SUBMIT_FAILED: u32 = 0x45;
    /// Too many messages.
    pub const THROTTLED: u32 = 0x58;
}

/// The parameter that holds a message too long for its field.
pub const MESSAGE_PAYLOAD: u16 = 0x0424;
/// The bit of esm_class that says that a message has a user data header.
pub const HAS_HEADER: u8 = 0x40;
/// Octets of a header.
const HEADER: usize = 16;
/// No PDU is longer than this, whatever its length says: the most that a payload parameter holds.
const MOST: usize = 70_000;

/// A PDU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdu {
    /// Which command it is: see [`command`].
    pub command: u32,
    /// How it went, in an answer.
    pub status: u32,
    /// Which question it answers, or is.
    pub sequence: u32,
    /// What it says.
    pub body: Body,
}

/// What a PDU says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// bind_receiver, bind_transmitter, bind_transceiver.
    Bind(Bind),
    /// Their answers: the id of the centre, and parameters.
    Bound(String, Vec<Tlv>),
    /// submit_sm, deliver_sm.
    Message(Box<Message>),
    /// Their answers: the id of the message.
    Taken(String),
    /// unbind, enquire_link, generic_nack, and answers without a body.
    Empty,
    /// Any other.
    Other(Vec<u8>),
}

/// A bind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bind {
    /// Who binds.
    pub system_id: String,
    /// By which password.
    pub password: String,
    /// What kind of system it is.
    pub system_type: String,
    /// The version of the protocol: 0x34.
    pub version: u8,
    /// Type of number.
    pub ton: u8,
    /// Numbering plan.
    pub npi: u8,
    /// The addresses that it serves.
    pub range: String,
}

/// An address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Type of number: 1 for international.
    pub ton: u8,
    /// Numbering plan: 1 for telephones.
    pub npi: u8,
    /// The digits.
    pub digits: String,
}

impl Address {
    /// An address of these digits; a plus sign in front makes it international.
    pub fn new(number: &str) -> Self {
        let digits = number.strip_prefix('+');
        Self {
            ton: u8::from(digits.is_some()),
            npi: 1,
            digits: digits.unwrap_or(number).to_owned(),
        }
    }
}

/// A short message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The service.
    pub service: String,
    /// Who sends it.
    pub from: Address,
    /// Who gets it.
    pub to: Address,
    /// What kind of message it is: see [`HAS_HEADER`].
    pub esm_class: u8,
    /// The protocol identifier.
    pub protocol: u8,
    /// The priority.
    pub priority: u8,
    /// When it is to be sent; empty for now.
    pub schedule: String,
    /// How long it is valid; empty for the centre's own choice.
    pub validity: String,
    /// Which receipts are wanted.
    pub registered: u8,
    /// Whether it replaces an earlier one.
    pub replace: u8,
    /// The data coding.
    pub coding: u8,
    /// The text of the centre that is meant.
    pub canned: u8,
    /// The user data, header included.
    pub user_data: Vec<u8>,
    /// Further parameters.
    pub tlvs: Vec<Tlv>,
}

impl Message {
    /// A message of octets with a user data header.
    pub fn of_segment(from: &str, to: &str, user_data: impl Into<Vec<u8>>) -> Self {
        Self {
            from: Address::new(from),
            to: Address::new(to),
            esm_class: HAS_HEADER,
            coding: crate::sms::OCTETS,
            user_data: user_data.into(),
            ..Self::default()
        }
    }

    /// The user data, in whichever of its two places.
    pub fn octets(&self) -> &[u8] {
        let payload = self.tlvs.iter().find(|tlv| tlv.tag == MESSAGE_PAYLOAD);
        match payload {
            Some(payload) if self.user_data.is_empty() => &payload.value,
            _ => &self.user_data,
        }
    }

    /// The user data begins with a header.
    pub fn has_header(&self) -> bool {
        self.esm_class & HAS_HEADER != 0
    }
}

/// An optional parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tlv {
    /// Which.
    pub tag: u16,
    /// Its octets.
    pub value: Vec<u8>,
}

/// Reads the PDU at the front of what came over a connection, and says how many octets it took;
/// none where more have to come.
///
/// # Errors
/// [`TooBad`] with the offset where the octets are no PDU. After one that is cut by its own length
/// the connection cannot go on; `smpp.bad-body` leaves the next PDU at its place.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Option<(Pdu, usize)>, TooBad> {
    let Some(head) = bytes.get(..4) else {
        return Ok(None);
    };
    let length = number(head) as usize;
    if length < HEADER || length > MOST.min(limits.bytes) {
        let text = format!("a PDU of {length} octets");
        return Err(TooBad::new("smpp.bad-length", Span::new(0, 4), text));
    }
    let Some(bytes) = bytes.get(..length) else {
        return Ok(None);
    };
    let mut octets = Octets::new(bytes);
    octets.go(4);
    let mut word = || number(octets.take(4).unwrap_or_default()) as u32;
    let (command, status, sequence) = (word(), word(), word());
    let body = body(command, status, &mut octets)?;
    let pdu = Pdu {
        command,
        status,
        sequence,
        body,
    };
    Ok(Some((pdu, length)))
}

fn bad(octets: &Octets<'_>, text: impl Into<String>) -> TooBad {
    TooBad::new("smpp.bad-body", octets.ahead(), text)
}

fn body(command: u32, status: u32, octets: &mut Octets<'_>) -> Result<Body, TooBad> {
    use command::{ANSWER, BIND_RECEIVER, BIND_TRANSCEIVER, BIND_TRANSMITTER};
    let asked = command & !ANSWER;
    let is_bind = matches!(asked, BIND_RECEIVER | BIND_TRANSMITTER | BIND_TRANSCEIVER);
    let is_message = matches!(asked, command::SUBMIT_SM | command::DELIVER_SM);
    let is_answer = command & ANSWER != 0;
    // An answer that says no may have no body at all.
    if octets.is_empty() && (status != 0 || !(is_bind || is_message)) {
        return Ok(Body::Empty);
    }
    match (is_bind, is_message, is_answer) {
        (true, _, false) => {
            let bind = Bind {
                system_id: string(octets, 16, "system_id")?,
                password: string(octets, 9, "password")?,
                system_type: string(octets, 13, "system_type")?,
                version: octet(octets, "interface_version")?,
                ton: octet(octets, "addr_ton")?,
                npi: octet(octets, "addr_npi")?,
                range: string(octets, 41, "address_range")?,
            };
            ended(octets)?;
            Ok(Body::Bind(bind))
        }
        (true, _, true) => {
            let id = string(octets, 16, "system_id")?;
            Ok(Body::Bound(id, tlvs(octets)?))
        }
        (_, true, false) => Ok(Body::Message(Box::new(message(octets)?))),
        (_, true, true) => {
            let id = string(octets, 65, "message_id")?;
            tlvs(octets)?;
            Ok(Body::Taken(id))
        }
        _ => Ok(Body::Other(octets.rest().to_vec())),
    }
}

fn message(octets: &mut Octets<'_>) -> Result<Message, TooBad> {
    let mut message = Message {
        service: string(octets, 6, "service_type")?,
        from: address(octets, "source_addr")?,
        to: address(octets, "destination_addr")?,
        esm_class: octet(octets, "esm_class")?,
        protocol: octet(octets, "protocol_id")?,
        priority: octet(octets, "priority_flag")?,
        schedule: string(octets, 17, "schedule_delivery_time")?,
        validity: string(octets, 17, "validity_period")?,
        registered: octet(octets, "registered_delivery")?,
        replace: octet(octets, "replace_if_present_flag")?,
        coding: octet(octets, "data_coding")?,
        canned: octet(octets, "sm_default_msg_id")?,
        ..Message::default()
    };
    let length = usize::from(octet(octets, "sm_length")?);
    let Some(user_data) = octets.take(length) else {
        let text = format!(
            "short_message of {length} octets where {} are left",
            octets.left()
        );
        return Err(bad(octets, text));
    };
    message.user_data = user_data.to_vec();
    message.tlvs = tlvs(octets)?;
    Ok(message)
}

fn address(octets: &mut Octets<'_>, what: &str) -> Result<Address, TooBad> {
    Ok(Address {
        ton: octet(octets, what)?,
        npi: octet(octets, what)?,
        digits: string(octets, 21, what)?,
    })
}

fn octet(octets: &mut Octets<'_>, what: &str) -> Result<u8, TooBad> {
    octets
        .octet()
        .ok_or_else(|| bad(octets, format!("no {what}")))
}

/// A text of at most `most` octets, its NUL included.
fn string(octets: &mut Octets<'_>, most: usize, what: &str) -> Result<String, TooBad> {
    let mut ahead = octets.within(octets.at() + most);
    let (text, ended) = ahead.string();
    if !ended {
        let text = format!("{what} has no NUL within {most} octets");
        return Err(bad(octets, text));
    }
    octets.go(ahead.at());
    Ok(String::from_utf8_lossy(text).into_owned())
}

fn tlvs(octets: &mut Octets<'_>) -> Result<Vec<Tlv>, TooBad> {
    let mut found = Vec::new();
    while !octets.is_empty() {
        let start = octets.clone();
        let mut word = || octets.take(2).map(|word| number(word) as u16);
        let (Some(tag), Some(length)) = (word(), word()) else {
            return Err(bad(&start, "octets that are no parameter"));
        };
        let Some(value) = octets.take(usize::from(length)) else {
            let text = format!(
                "parameter {tag:04X} of {length} octets where {} are left",
                octets.left()
            );
            return Err(bad(&start, text));
        };
        found.push(Tlv {
            tag,
            value: value.to_vec(),
        });
    }
    Ok(found)
}

fn ended(octets: &Octets<'_>) -> Result<(), TooBad> {
    if octets.is_empty() {
        return Ok(());
    }
    Err(bad(
        octets,
        format!("{} octets behind the last field", octets.left()),
    ))
}

impl Pdu {
    /// A question.
    pub fn ask(command: u32, sequence: u32, body: Body) -> Self {
        Self {
            command,
            status: status::OK,
            sequence,
            body,
        }
    }

    /// The answer to this, of this status.
    #[must_use]
    pub fn answer(&self, status: u32, body: Body) -> Self {
        Self {
            command: self.command | command::ANSWER,
            status,
            sequence: self.sequence,
            body,
        }
    }

    /// Whether it is an answer.
    pub fn is_answer(&self) -> bool {
        self.command & command::ANSWER != 0
    }

    /// The name of the command; its number where it has none.
    pub fn name(&self) -> String {
        let asked = match self.command & !command::ANSWER {
            0 if self.is_answer() => return "generic_nack".to_owned(),
            command::BIND_RECEIVER => "bind_receiver",
            command::BIND_TRANSMITTER => "bind_transmitter",
            command::BIND_TRANSCEIVER => "bind_transceiver",
            command::SUBMIT_SM => "submit_sm",
            command::DELIVER_SM => "deliver_sm",
            command::UNBIND => "unbind",
            command::ENQUIRE_LINK => "enquire_link",
            _ => return format!("command {:08X}", self.command),
        };
        format!("{asked}{}", if self.is_answer() { "_resp" } else { "" })
    }

    /// The octets. Texts are cut at what their fields hold.
    pub fn write(&self) -> Vec<u8> {
        let mut body = Vec::new();
        match &self.body {
            Body::Bind(bind) => {
                put(&mut body, &bind.system_id, 16);
                put(&mut body, &bind.password, 9);
                put(&mut body, &bind.system_type, 13);
                body.extend_from_slice(&[bind.version, bind.ton, bind.npi]);
                put(&mut body, &bind.range, 41);
            }
            Body::Bound(id, tlvs) => {
                put(&mut body, id, 16);
                put_tlvs(&mut body, tlvs);
            }
            Body::Message(message) => message.write(&mut body),
            Body::Taken(id) => put(&mut body, id, 65),
            Body::Empty => {}
            Body::Other(octets) => body.extend_from_slice(octets),
        }
        let length = (HEADER + body.len()) as u32;
        let head = [length, self.command, self.status, self.sequence];
        let mut out: Vec<u8> = head.iter().flat_map(|word| word.to_be_bytes()).collect();
        out.extend(body);
        out
    }
}

impl Message {
    fn write(&self, out: &mut Vec<u8>) {
        put(out, &self.service, 6);
        for address in [&self.from, &self.to] {
            out.extend_from_slice(&[address.ton, address.npi]);
            put(out, &address.digits, 21);
        }
        out.extend_from_slice(&[self.esm_class, self.protocol, self.priority]);
        put(out, &self.schedule, 17);
        put(out, &self.validity, 17);
        out.extend_from_slice(&[self.registered, self.replace, self.coding, self.canned]);
        // What the field does not hold goes into a parameter, and then the field is empty.
        let fits = self.user_data.len() <= 254;
        let field = if fits { &self.user_data[..] } else { &[] };
        out.push(field.len() as u8);
        out.extend_from_slice(field);
        put_tlvs(out, &self.tlvs);
        if !fits {
            let payload = Tlv {
                tag: MESSAGE_PAYLOAD,
                value: self.user_data.clone(),
            };
            put_tlvs(out, &[payload]);
        }
    }
}

fn put(out: &mut Vec<u8>, text: &str, most: usize) {
    out.extend(text.bytes().filter(|&octet| octet != 0).take(most - 1));
    out.push(0);
}

fn put_tlvs(out: &mut Vec<u8>, tlvs: &[Tlv]) {
    for tlv in tlvs {
        let value = tlv
            .value
            .get(..tlv.value.len().min(65_535))
            .unwrap_or_default();
        out.extend_from_slice(&tlv.tag.to_be_bytes());
        out.extend_from_slice(&(value.len() as u16).to_be_bytes());
        out.extend_from_slice(value);
    }
}

#[cfg(test)]
mod tests;
