//! From what arrived to whole pushes: user data out of PDUs of SMPP, segments put together, and
//! where each octet of that stands in the recording.
//!
//! What a push says is read in [`super::push`]; what a gateway is asked, in [`super::pap`].

use assay_wire::recording::{Place, Recording};
use assay_wire::sms::{self, Segment};
use assay_wire::{Limits, Note, Span, smpp};

use crate::replay::{Arrival, within};

/// So many units of one delivery are looked at.
const UNITS: usize = 1024;

/// A push PDU, put together.
pub(super) struct Carried {
    pub(super) octets: Vec<u8>,
    pub(super) at: Pieces,
    /// The units that it came in.
    pub(super) units: Vec<usize>,
    /// The carrier.
    pub(super) carrier: String,
}

/// Where octets stand that came in several pieces.
#[derive(Clone, Default)]
pub(super) struct Pieces(pub(super) Vec<Place>);

impl Pieces {
    /// Where a span of the whole stands: as far as the piece that it begins in.
    pub(super) fn place(&self, inside: Span) -> Option<Place> {
        let mut before = 0;
        for piece in &self.0 {
            let length = piece.span.len as usize;
            let from = inside.start().saturating_sub(before);
            if from < length || (from == 0 && length == 0) {
                let end = inside.end().saturating_sub(before).clamp(from, length);
                return Some(within(*piece, Span::new(from, end)));
            }
            before += length;
        }
        self.0.last().copied()
    }

    /// The part of it from an octet on.
    pub(super) fn from(&self, start: usize) -> Self {
        let mut left = start;
        let mut pieces = Vec::new();
        for piece in &self.0 {
            let length = piece.span.len as usize;
            let cut = left.min(length);
            left -= cut;
            if cut < length {
                pieces.push(within(*piece, Span::new(cut, length)));
            }
        }
        Self(pieces)
    }
}

/// A short message that arrived.
pub(super) struct Short {
    pub(super) at: Place,
    pub(super) segment: Segment,
    pub(super) octets: usize,
    pub(super) has_header: bool,
    pub(super) coding: u8,
    /// Its message has more than one part.
    pub(super) concatenated: bool,
    /// The push that it is part of, by its place among them.
    pub(super) push: Option<usize>,
}

/// All that the units come to.
#[derive(Default)]
pub(super) struct Assembled {
    pub(super) pushes: Vec<Carried>,
    pub(super) shorts: Vec<Short>,
    /// Requests of PAP, by their place among the units.
    pub(super) requests: Vec<usize>,
    pub(super) incomplete: usize,
    pub(super) notes: Vec<Note>,
}

/// A unit that is a short message.
struct Unit {
    index: usize,
    message: smpp::Message,
    /// Where its user data stands.
    at: Place,
}

/// Puts units together.
pub(super) fn assemble(recording: &Recording, units: &[Arrival], limits: &Limits) -> Assembled {
    let mut assembled = Assembled::default();
    let mut messages = Vec::new();
    for (index, unit) in units.iter().enumerate().take(UNITS) {
        let octets = recording.octets(unit.at);
        match unit.carrier.as_str() {
            "pap" => assembled.requests.push(index),
            "smpp" => messages.extend(message(index, unit.at, octets, limits)),
            carrier => assembled.pushes.push(Carried {
                octets: octets.to_vec(),
                at: Pieces(vec![unit.at]),
                units: vec![index],
                carrier: carrier.to_owned(),
            }),
        }
    }
    join(&mut assembled, &messages);
    assembled
}

fn message(index: usize, at: Place, octets: &[u8], limits: &Limits) -> Option<Unit> {
    let (pdu, _) = smpp::read(octets, limits).ok()??;
    let smpp::Body::Message(message) = pdu.body else {
        return None;
    };
    let data = message.octets();
    let start = match data.len() {
        0 => 0,
        length => octets.windows(length).rposition(|it| it == data)?,
    };
    let at = within(at, Span::new(start, start + data.len()));
    Some(Unit {
        index,
        message: *message,
        at,
    })
}

fn join(assembled: &mut Assembled, units: &[Unit]) {
    let data = units
        .iter()
        .map(|unit| (unit.message.octets(), unit.message.has_header()));
    let joined = sms::join(data);
    let mut shorts: Vec<Short> = joined
        .segments
        .into_iter()
        .zip(units)
        .map(|(segment, unit)| Short {
            at: unit.at,
            octets: unit.message.octets().len(),
            has_header: unit.message.has_header(),
            coding: unit.message.coding,
            concatenated: segment.part.is_some_and(|part| part.total > 1),
            segment,
            push: None,
        })
        .collect();
    for message in &joined.messages {
        let is_broken = message.segments.iter().any(|&at| {
            let notes = shorts.get(at).map(|short| &short.segment.notes);
            notes.is_some_and(|notes| notes.iter().any(|note| note.kind == "sms.bad-part"))
        });
        if is_broken || !message.missing.is_empty() {
            assembled.incomplete += 1;
            continue;
        }
        let push = assembled.pushes.len();
        let mut pieces = Vec::new();
        let mut from = Vec::new();
        for &at in &message.segments {
            if let (Some(short), Some(unit)) = (shorts.get_mut(at), units.get(at)) {
                short.push = Some(push);
                pieces.push(within(unit.at, short.segment.payload));
                from.push(unit.index);
            }
        }
        assembled.pushes.push(Carried {
            octets: message.payload.clone(),
            at: Pieces(pieces),
            units: from,
            carrier: "smpp".to_owned(),
        });
    }
    assembled.shorts = shorts;
    assembled.notes = joined.notes.into_iter().map(|(_, note)| note).collect();
}
