//! TPDUs: SMS-DELIVER as a device gets it and SMS-SUBMIT as a centre gets it (3GPP TS 23.040 9.2.2).

use super::udh::semi_octets;
use crate::octets::Octets;
use crate::span::{Limits, Note, Notes, Span, TooBad};

/// Which way a TPDU goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// SMS-DELIVER: from the centre to the device.
    Deliver,
    /// SMS-SUBMIT: from the device to the centre.
    Submit,
}

/// What user data is coded in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alphabet {
    /// Septets.
    Gsm7,
    /// Octets.
    Octets,
    /// Sixteen bits a character.
    Ucs2,
}

/// What a data coding octet says of the alphabet (3GPP TS 23.038, 4).
pub fn alphabet(coding: u8) -> Alphabet {
    match (coding >> 4, coding >> 2 & 0x03) {
        // The general group, with deletion and with compression among it.
        (0x0..=0x7, 1) | (0xF, 1 | 3) => Alphabet::Octets,
        (0x0..=0x7, 2) | (0xE, _) => Alphabet::Ucs2,
        _ => Alphabet::Gsm7,
    }
}

/// The address of the other side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The digits; `*`, `#`, `a`, `b` and `c` are digits as well. Without a plus sign.
    pub digits: String,
    /// Type of number and numbering plan: 0x91 for an international number.
    pub kind: u8,
    /// All of it.
    pub span: Span,
}

impl Address {
    /// An address of these digits; a plus sign in front makes it international.
    pub fn new(number: &str) -> Self {
        let digits = number.strip_prefix('+');
        Self {
            digits: digits.unwrap_or(number).to_owned(),
            kind: if digits.is_some() { 0x91 } else { 0x81 },
            span: Span::default(),
        }
    }

    /// The number, with a plus sign where it is international.
    pub fn number(&self) -> String {
        let plus = if self.kind & 0x70 == 0x10 { "+" } else { "" };
        format!("{plus}{}", self.digits)
    }

    fn write(&self, out: &mut Vec<u8>) {
        let digits: Vec<u8> = self.digits.chars().filter_map(nibble).take(20).collect();
        out.push(digits.len() as u8);
        out.push(self.kind);
        for pair in digits.chunks(2) {
            out.push(
                pair.get(1).copied().unwrap_or(0x0F) << 4 | pair.first().copied().unwrap_or(0x0F),
            );
        }
    }
}

const DIGITS: [char; 15] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'a', 'b', 'c',
];

fn nibble(digit: char) -> Option<u8> {
    DIGITS
        .iter()
        .position(|&known| known == digit)
        .map(|at| at as u8)
}

/// A TPDU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tpdu {
    /// Which way it goes.
    pub direction: Direction,
    /// The first octet.
    pub first: u8,
    /// The user data has a header.
    pub has_header: bool,
    /// The reference of a submission.
    pub reference: Option<u8>,
    /// Who sent it, or who gets it.
    pub address: Address,
    /// The protocol identifier.
    pub protocol: u8,
    /// The data coding.
    pub coding: u8,
    /// The time stamp of a delivery, or the validity period of a submission.
    pub time: Span,
    /// The length of the user data as it is written: octets, or septets of text.
    pub length: u8,
    /// The user data.
    pub user_data: Span,
    /// What was read past.
    pub notes: Vec<Note>,
}

/// Reads a TPDU. Its first octet tells which way it goes.
///
/// # Errors
/// [`TooBad`] where it ends before its user data, or is of another type.
pub fn read(bytes: &[u8]) -> Result<Tpdu, TooBad> {
    let end = Span::new(bytes.len(), bytes.len());
    let cut = |what: &str| {
        TooBad::new(
            "sms.cut-short",
            end,
            format!("the TPDU ends before its {what}"),
        )
    };
    let mut notes = Notes::new(&Limits::TARGET);
    let mut octets = Octets::new(bytes);
    let first = octets.octet().ok_or_else(|| cut("type"))?;
    let direction = match first & 0x03 {
        0 => Direction::Deliver,
        1 => Direction::Submit,
        other => {
            let text = format!("a TPDU of type {other}");
            return Err(TooBad::new("sms.not-a-message", Span::new(0, 1), text));
        }
    };
    let mut reference = None;
    if direction == Direction::Submit {
        reference = Some(octets.octet().ok_or_else(|| cut("reference"))?);
    }
    let address = address(&mut octets, &mut notes).ok_or_else(|| cut("address"))?;
    let protocol = octets.octet().ok_or_else(|| cut("protocol identifier"))?;
    let at_coding = octets.at();
    let coding = octets.octet().ok_or_else(|| cut("data coding"))?;
    let start = octets.at();
    let length_of_time = match (direction, first >> 3 & 0x03) {
        (Direction::Submit, 0) => 0,
        (Direction::Submit, 2) => 1,
        _ => 7,
    };
    octets.take(length_of_time).ok_or_else(|| cut("time"))?;
    let time = octets.since(start);
    let at_length = octets.at();
    let length = octets.octet().ok_or_else(|| cut("user data length"))?;
    let count = match alphabet(coding) {
        Alphabet::Gsm7 => (usize::from(length) * 7).div_ceil(8),
        Alphabet::Octets | Alphabet::Ucs2 => usize::from(length),
    };
    if alphabet(coding) != Alphabet::Octets {
        let text = format!("data coding {coding:02X}");
        notes.push("sms.not-octets", Span::new(at_coding, at_coding + 1), text);
    }
    if count > octets.left() {
        let text = format!(
            "{count} octets of user data where {} are left",
            octets.left()
        );
        notes.push(
            "sms.bad-user-data-length",
            Span::new(at_length, at_length + 1),
            text,
        );
    }
    let user_data = Span::new(octets.at(), octets.at() + count.min(octets.left()));
    octets.go(user_data.end());
    if !octets.is_empty() {
        let text = format!("{} octets behind the user data", octets.left());
        notes.push("sms.trailing-bytes", octets.ahead(), text);
    }
    Ok(Tpdu {
        direction,
        first,
        has_header: first & 0x40 != 0,
        reference,
        address,
        protocol,
        coding,
        time,
        length,
        user_data,
        notes: notes.into_vec(),
    })
}

fn address(octets: &mut Octets<'_>, notes: &mut Notes) -> Option<Address> {
    let start = octets.at();
    let count = usize::from(octets.octet()?);
    let kind = octets.octet()?;
    let packed = octets.take(count.div_ceil(2))?;
    let span = octets.since(start);
    let nibbles = packed
        .iter()
        .flat_map(|&octet| semi_octets(octet))
        .take(count);
    let digits: Option<String> = nibbles
        .map(|nibble| DIGITS.get(usize::from(nibble)).copied())
        .collect();
    let is_text = kind & 0x70 == 0x50;
    let digits = digits.filter(|_| !is_text).unwrap_or_else(|| {
        if !is_text {
            notes.push("sms.bad-address", span, "a digit that is none");
        }
        crate::octets::hex(packed)
    });
    Some(Address { digits, kind, span })
}

/// A TPDU that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TpduDraft {
    /// Which way it goes.
    pub direction: Direction,
    /// Who sent it, or who gets it.
    pub address: Address,
    /// The data coding.
    pub coding: u8,
    /// The user data has a header.
    pub has_header: bool,
    /// Further bits of the first octet: 0x04 in a delivery says that no more messages wait.
    pub flags: u8,
    /// The reference of a submission.
    pub reference: u8,
    /// The time stamp of a delivery, in semi-octets.
    pub time: [u8; 7],
    /// The user data.
    pub user_data: Vec<u8>,
}

impl TpduDraft {
    /// A delivery of octets with a header.
    pub fn deliver(from: &str, user_data: impl Into<Vec<u8>>) -> Self {
        Self {
            direction: Direction::Deliver,
            address: Address::new(from),
            coding: super::OCTETS,
            has_header: true,
            flags: 0x04,
            reference: 0,
            time: [0x62, 0x11, 0x22, 0x21, 0x00, 0x00, 0x00],
            user_data: user_data.into(),
        }
    }

    /// A submission of octets with a header, without a validity period.
    pub fn submit(to: &str, user_data: impl Into<Vec<u8>>) -> Self {
        Self {
            direction: Direction::Submit,
            address: Address::new(to),
            flags: 0,
            ..Self::deliver("", user_data)
        }
    }

    /// The TPDU.
    pub fn write(&self) -> Vec<u8> {
        let udhi = if self.has_header { 0x40 } else { 0 };
        let kind = match self.direction {
            Direction::Deliver => 0x00,
            Direction::Submit => 0x01,
        };
        let mut out = vec![kind | udhi | self.flags];
        if self.direction == Direction::Submit {
            out.push(self.reference);
        }
        self.address.write(&mut out);
        out.extend_from_slice(&[0x00, self.coding]);
        if self.direction == Direction::Deliver {
            out.extend_from_slice(&self.time);
        }
        out.push(self.user_data.len().min(255) as u8);
        out.extend_from_slice(&self.user_data);
        out
    }
}
