//! TPDUs and user data in words; what a segment carries is shown where it is the whole of a push.

use super::{Line, quoted, refused, shifted, with_notes};
use crate::Limits;
use crate::sms::{self, Alphabet, Direction, Element, Segment};
use crate::span::Span;

/// A TPDU.
pub(super) fn tpdu(bytes: &[u8], limits: &Limits) -> Vec<Line> {
    let mut lines = Vec::new();
    let read = match sms::read(bytes) {
        Ok(read) => read,
        Err(why) => {
            refused(&mut lines, bytes, &why);
            return lines;
        }
    };
    let mut line = |start: usize, end: usize, text: String| {
        lines.push(Line {
            span: Span::new(start, end),
            depth: 0,
            text,
        });
    };
    let kind = match read.direction {
        Direction::Deliver => "SMS-DELIVER",
        Direction::Submit => "SMS-SUBMIT",
    };
    let header = if read.has_header {
        ", user data header"
    } else {
        ""
    };
    line(0, 1, format!("{kind}{header}"));
    if let Some(reference) = read.reference {
        line(1, 2, format!("reference {reference}"));
    }
    let address = read.address.span;
    let whose = match read.direction {
        Direction::Deliver => "from",
        Direction::Submit => "to",
    };
    line(
        address.start(),
        address.end(),
        format!("{whose} {}", quoted(&read.address.number())),
    );
    let at = address.end();
    line(at, at + 1, format!("protocol {}", read.protocol));
    let alphabet = match sms::alphabet(read.coding) {
        Alphabet::Gsm7 => "septets",
        Alphabet::Octets => "octets",
        Alphabet::Ucs2 => "UCS-2",
    };
    line(
        at + 1,
        at + 2,
        format!("data coding {:02X}, {alphabet}", read.coding),
    );
    if read.time.len > 0 {
        let what = match read.direction {
            Direction::Deliver => "time stamp",
            Direction::Submit => "validity period",
        };
        line(read.time.start(), read.time.end(), what.to_owned());
    }
    let length = read.time.end();
    line(
        length,
        length + 1,
        format!("user data of {} {alphabet}", read.length),
    );
    let mut lines = with_notes(lines, read.notes);
    let inner = user_data(read.user_data.of(bytes), read.has_header, limits);
    lines.extend(shifted(inner, read.user_data.start(), 1));
    lines
}

/// User data, with the push inside it where it is whole.
pub(super) fn user_data(bytes: &[u8], has_header: bool, limits: &Limits) -> Vec<Line> {
    let segment = sms::segment(bytes, has_header);
    let mut lines = header(&segment);
    let span = segment.payload;
    let octets = span.of(bytes);
    let is_push = segment
        .ports
        .is_some_and(|(to, _)| to == crate::wsp::PUSH_PORT);
    if segment.part.is_none() && is_push {
        lines.extend(shifted(super::push::lines(octets, limits), span.start(), 0));
    } else if span.len > 0 {
        let text = format!("{} octets", span.len);
        lines.push(Line {
            span,
            depth: 0,
            text,
        });
    }
    lines
}

fn header(segment: &Segment) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(udh) = &segment.udh {
        let at = udh.span.start();
        let length = udh.span.len.saturating_sub(1);
        lines.push(Line {
            span: Span::new(at, (at + 1).min(udh.span.end())),
            depth: 0,
            text: format!("header of {length} octets"),
        });
        for (element, span) in &udh.elements {
            let text = match element {
                Element::Concat8 {
                    reference,
                    total,
                    number,
                } => {
                    format!("part {number} of {total}, reference {reference}")
                }
                Element::Concat16 {
                    reference,
                    total,
                    number,
                } => {
                    format!("part {number} of {total}, reference {reference} of 16 bits")
                }
                Element::Ports8 { to, from } => {
                    format!("to port {to}, from port {from}, of 8 bits")
                }
                Element::Ports16 { to, from } => format!("to port {to}, from port {from}"),
                Element::Other { id, octets } => {
                    format!("element {id:02X} of {} octets", octets.len())
                }
            };
            lines.push(Line {
                span: *span,
                depth: 1,
                text,
            });
        }
    }
    with_notes(lines, segment.notes.clone())
}
