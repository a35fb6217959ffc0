//! Segments put together again: out of order, doubled, missing, and of several messages at once.
//!
//! It waits for nothing: what is not among the segments is missing.

use std::collections::HashMap;

use super::udh::{Part, Segment, segment};
use crate::span::{Note, Span};

/// A datagram that was put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Where it goes and where it comes from, by its first part in order.
    pub ports: Option<(u16, u16)>,
    /// The reference, and whether it has sixteen bits; none for a message of one segment.
    pub reference: Option<(u16, bool)>,
    /// How many parts it is said to have.
    pub total: u8,
    /// The segments that it is made of, by their place in the input, in the order of the parts.
    pub segments: Vec<usize>,
    /// The parts that did not come.
    pub missing: Vec<u8>,
    /// What the parts carry, in order; the missing ones leave no gap.
    pub payload: Vec<u8>,
}

/// All that some segments come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// The messages in the order of their first segments.
    pub messages: Vec<Message>,
    /// What each segment says.
    pub segments: Vec<Segment>,
    /// What is odd about the segments together: the place of the segment, and the note.
    pub notes: Vec<(usize, Note)>,
}

impl Joined {
    /// The messages of which no part is missing.
    pub fn whole(&self) -> impl Iterator<Item = &Message> {
        self.messages
            .iter()
            .filter(|message| message.missing.is_empty())
    }
}

/// Puts segments together: user data, and whether it has a header.
pub fn join<'a>(segments: impl IntoIterator<Item = (&'a [u8], bool)>) -> Joined {
    let mut joined = Joined::default();
    let mut all: Vec<&[u8]> = Vec::new();
    // Messages of several parts, by reference: the place among the messages.
    let mut open: HashMap<(u16, bool), usize> = HashMap::new();
    for (at, (user_data, has_header)) in segments.into_iter().enumerate() {
        all.push(user_data);
        let read = segment(user_data, has_header);
        match read.part {
            None => joined.messages.push(Message {
                ports: read.ports,
                reference: None,
                total: 1,
                segments: vec![at],
                missing: Vec::new(),
                payload: Vec::new(),
            }),
            Some(part) => {
                let key = (part.reference, part.wide);
                let place = *open.entry(key).or_insert_with(|| {
                    joined.messages.push(Message {
                        ports: read.ports,
                        reference: Some(key),
                        total: part.total,
                        segments: Vec::new(),
                        missing: Vec::new(),
                        payload: Vec::new(),
                    });
                    joined.messages.len() - 1
                });
                joined.segments.push(read);
                add(&mut joined, place, at, part, &all);
                continue;
            }
        }
        joined.segments.push(read);
    }
    for place in 0..joined.messages.len() {
        finish(&mut joined, place, &all);
    }
    joined
}

/// Adds a part to a message, if it is not there yet.
fn add(joined: &mut Joined, place: usize, at: usize, part: Part, all: &[&[u8]]) {
    let Joined {
        messages,
        segments,
        notes,
    } = joined;
    let (Some(message), Some(read)) = (messages.get_mut(place), segments.get(at)) else {
        return;
    };
    let span = read.udh.as_ref().map_or(Span::default(), |udh| udh.span);
    let mut note = |kind, text: String| notes.push((at, Note::new(kind, span, text)));
    let number_of = |other: usize| {
        let part = segments.get(other).and_then(|segment| segment.part);
        part.map_or(0, |part| part.number)
    };
    if part.total != message.total {
        let text = format!(
            "{} parts, and {} were said before",
            part.total, message.total
        );
        note("sms.differing-total", text);
    }
    let first = message
        .segments
        .first()
        .and_then(|&first| segments.get(first));
    if let Some(first) = first.filter(|first| first.ports != read.ports) {
        let ports =
            |ports: Option<(u16, u16)>| ports.map_or("none".to_owned(), |(to, _)| to.to_string());
        let text = format!(
            "to port {}, and another part to {}",
            ports(read.ports),
            ports(first.ports)
        );
        note("sms.differing-ports", text);
    }
    if let Some(&same) = message
        .segments
        .iter()
        .find(|&&other| number_of(other) == part.number)
    {
        let payload = |at: usize| {
            let span = segments
                .get(at)
                .map_or(Span::default(), |segment| segment.payload);
            span.of(all.get(at).copied().unwrap_or_default()).to_vec()
        };
        let number = part.number;
        if payload(same) == payload(at) {
            note("sms.doubled-part", format!("part {number} again"));
        } else {
            note(
                "sms.differing-part",
                format!("part {number} again with other octets"),
            );
        }
        return;
    }
    let after = message
        .segments
        .iter()
        .rposition(|&other| number_of(other) < part.number);
    let position = after.map_or(0, |after| after + 1);
    if position < message.segments.len() {
        note(
            "sms.out-of-order",
            format!("part {} behind a later one", part.number),
        );
    }
    message.segments.insert(position, at);
}

/// Joins the parts of a message, and counts what is missing.
fn finish(joined: &mut Joined, place: usize, all: &[&[u8]]) {
    let Joined {
        messages,
        segments,
        notes,
    } = joined;
    let Some(message) = messages.get_mut(place) else {
        return;
    };
    let mut there = [false; 256];
    for &at in &message.segments {
        let Some(read) = segments.get(at) else {
            continue;
        };
        let octets = all.get(at).copied().unwrap_or_default();
        message.payload.extend_from_slice(read.payload.of(octets));
        if let Some(part) = read.part {
            there[usize::from(part.number)] = true;
        }
    }
    if message.reference.is_none() {
        return;
    }
    let first = message.segments.first().copied().unwrap_or_default();
    message.ports = segments.get(first).and_then(|segment| segment.ports);
    message.missing = (1..=message.total)
        .filter(|&number| !there[usize::from(number)])
        .collect();
    if let Some(number) = message.missing.first() {
        let text = format!("part {number} of {}", message.total);
        let more = message.missing.len() - 1;
        let text = if more > 0 {
            format!("{text} and {more} more")
        } else {
            text
        };
        notes.push((first, Note::new("sms.missing-part", Span::default(), text)));
    }
}
