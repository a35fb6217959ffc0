//! The user data header: elements for ports and for concatenation (3GPP TS 23.040 9.2.3.24).

use crate::octets::Octets;
use crate::span::{Limits, Note, Notes, Span};

use super::USER_DATA;

/// An element of a user data header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// 00: concatenation with a reference of eight bits.
    Concat8 {
        /// Which message it is.
        reference: u8,
        /// How many parts it has.
        total: u8,
        /// Which part this is, from 1.
        number: u8,
    },
    /// 08: concatenation with a reference of sixteen bits.
    Concat16 {
        /// Which message it is.
        reference: u16,
        /// How many parts it has.
        total: u8,
        /// Which part this is, from 1.
        number: u8,
    },
    /// 04: ports of eight bits.
    Ports8 {
        /// Where it goes.
        to: u8,
        /// Where it comes from.
        from: u8,
    },
    /// 05: ports of sixteen bits.
    Ports16 {
        /// Where it goes.
        to: u16,
        /// Where it comes from.
        from: u16,
    },
    /// Any other, or one of the above with a wrong length.
    Other {
        /// What it is.
        id: u8,
        /// Its octets.
        octets: Vec<u8>,
    },
}

impl Element {
    /// The identifier.
    pub fn id(&self) -> u8 {
        match self {
            Self::Concat8 { .. } => 0x00,
            Self::Ports8 { .. } => 0x04,
            Self::Ports16 { .. } => 0x05,
            Self::Concat16 { .. } => 0x08,
            Self::Other { id, .. } => *id,
        }
    }

    fn octets(&self) -> Vec<u8> {
        match self {
            Self::Concat8 {
                reference,
                total,
                number,
            } => vec![*reference, *total, *number],
            Self::Concat16 {
                reference,
                total,
                number,
            } => {
                let [high, low] = reference.to_be_bytes();
                vec![high, low, *total, *number]
            }
            Self::Ports8 { to, from } => vec![*to, *from],
            Self::Ports16 { to, from } => [to.to_be_bytes(), from.to_be_bytes()].concat(),
            Self::Other { octets, .. } => octets.clone(),
        }
    }

    fn of(id: u8, octets: &[u8]) -> Self {
        match (id, octets) {
            (0x00, &[reference, total, number]) => Self::Concat8 {
                reference,
                total,
                number,
            },
            (0x08, &[high, low, total, number]) => {
                let reference = u16::from_be_bytes([high, low]);
                Self::Concat16 {
                    reference,
                    total,
                    number,
                }
            }
            (0x04, &[to, from]) => Self::Ports8 { to, from },
            (0x05, &[a, b, c, d]) => Self::Ports16 {
                to: u16::from_be_bytes([a, b]),
                from: u16::from_be_bytes([c, d]),
            },
            _ => Self::Other {
                id,
                octets: octets.to_vec(),
            },
        }
    }
}

/// A user data header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Udh {
    /// Its elements in order, and where each stands.
    pub elements: Vec<(Element, Span)>,
    /// All of it, its length octet included.
    pub span: Span,
}

/// Which part of which message a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// Which message.
    pub reference: u16,
    /// The reference has sixteen bits.
    pub wide: bool,
    /// How many parts the message has.
    pub total: u8,
    /// Which part this is, from 1.
    pub number: u8,
}

/// The user data of one short message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its header, if it has one.
    pub udh: Option<Udh>,
    /// Where it goes and where it comes from, by the last element that says so.
    pub ports: Option<(u16, u16)>,
    /// Which part it is; none where it is a whole message.
    pub part: Option<Part>,
    /// What it carries.
    pub payload: Span,
    /// What was read past.
    pub notes: Vec<Note>,
}

/// Reads user data. `has_header` is what the TPDU says of it.
pub fn segment(user_data: &[u8], has_header: bool) -> Segment {
    let mut notes = Notes::new(&Limits::TARGET);
    let mut octets = Octets::new(user_data);
    if user_data.len() > USER_DATA {
        let text = format!("{} octets of user data", user_data.len());
        notes.push("sms.too-long", Span::new(USER_DATA, user_data.len()), text);
    }
    let udh = has_header.then(|| header(&mut octets, &mut notes));
    let (mut ports, mut part) = (None, None);
    for (element, span) in udh.iter().flat_map(|udh| &udh.elements) {
        let (reference, wide, total, number) = match *element {
            Element::Concat8 {
                reference,
                total,
                number,
            } => (u16::from(reference), false, total, number),
            Element::Concat16 {
                reference,
                total,
                number,
            } => (reference, true, total, number),
            Element::Ports8 { to, from } => {
                ports = Some((u16::from(to), u16::from(from)));
                continue;
            }
            Element::Ports16 { to, from } => {
                ports = Some((to, from));
                continue;
            }
            Element::Other { .. } => continue,
        };
        if number == 0 || number > total {
            notes.push("sms.bad-part", *span, format!("part {number} of {total}"));
            // What a receiver is to do with such an element: nothing (9.2.3.24.1).
            continue;
        }
        if total == 1 {
            notes.push_once("sms.single-part", *span, "part 1 of 1");
        }
        part = Some(Part {
            reference,
            wide,
            total,
            number,
        });
    }
    if udh.is_some() && ports.is_none() {
        let span = udh.as_ref().map_or(Span::default(), |udh| udh.span);
        notes.push("sms.no-ports", span, "no port numbers");
    }
    Segment {
        udh,
        ports,
        part,
        payload: octets.ahead(),
        notes: notes.into_vec(),
    }
}

fn header(octets: &mut Octets<'_>, notes: &mut Notes) -> Udh {
    let start = octets.at();
    let length = usize::from(octets.octet().unwrap_or_default());
    if length > octets.left() || octets.at() == start {
        let text = format!(
            "a header of {length} octets where {} are left",
            octets.left()
        );
        notes.push("sms.bad-header-length", octets.since(start), text);
    }
    let mut inner = octets.within(octets.at() + length);
    let mut elements: Vec<(Element, Span)> = Vec::new();
    while !inner.is_empty() {
        let at = inner.at();
        let id = inner.octet().unwrap_or_default();
        let length = usize::from(inner.octet().unwrap_or_default());
        let data = inner.take(length).unwrap_or_else(|| {
            let text = format!(
                "element {id:02X} of {length} octets where {} are left",
                inner.left()
            );
            notes.push("sms.bad-element-length", Span::new(at, inner.end()), text);
            inner.rest()
        });
        let span = inner.since(at);
        let element = Element::of(id, data);
        if let Element::Other { id, octets } = &element {
            if matches!(id, 0x00 | 0x04 | 0x05 | 0x08) && octets.len() == length {
                let text = format!("element {id:02X} of {length} octets");
                notes.push("sms.bad-element-length", span, text);
            } else {
                notes.push_once("sms.unknown-element", span, format!("element {id:02X}"));
            }
        }
        if elements.iter().any(|(other, _)| other.id() == id) {
            notes.push(
                "sms.doubled-element",
                span,
                format!("element {id:02X} again"),
            );
        }
        elements.push((element, span));
    }
    octets.go(inner.end());
    Udh {
        elements,
        span: octets.since(start),
    }
}

/// A user data header with its length octet.
pub fn write_udh(elements: &[Element]) -> Vec<u8> {
    let mut out = vec![0];
    for element in elements {
        let octets = element.octets();
        out.push(element.id());
        out.push(octets.len() as u8);
        out.extend(octets);
    }
    let length = out.len() - 1;
    if let Some(first) = out.first_mut() {
        *first = length as u8;
    }
    out
}

/// The digits of an octet in semi-octets, the low one first.
pub(super) fn semi_octets(octet: u8) -> [u8; 2] {
    [octet & 0x0F, octet >> 4]
}
