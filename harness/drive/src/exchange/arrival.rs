//! What a target sent of its own accord, as it goes into a recording.

use assay_wire::Span;
use assay_wire::recording::{Direction, Event, Link as Recorded, LinkId, Place};
use tokio::time::Instant;

use super::{Recorder, place};

/// Something that a target sent of its own accord, secrets masked.
pub(crate) struct Arrival<'a> {
    /// The connection that it came over; none for octets that a hook gave.
    pub(crate) connection: Option<u64>,
    pub(crate) octets: &'a [u8],
    /// What was said to it.
    pub(crate) answer: &'a [u8],
    pub(crate) at: Instant,
    pub(crate) step: u32,
    pub(crate) device: &'a str,
    pub(crate) carrier: &'a str,
}

impl Recorder<'_> {
    /// Records what arrived and what was said to it, and gives its place.
    pub(crate) fn arrived(&mut self, arrival: &Arrival<'_>) -> Place {
        let known = arrival
            .connection
            .and_then(|number| self.incoming.get(&number));
        let id = known.copied().unwrap_or_else(|| self.incoming(arrival));
        let link = self.recorded(id);
        let came = link.r#in.len();
        link.r#in.extend_from_slice(arrival.octets);
        let sent = link.out.len();
        link.out.extend_from_slice(arrival.answer);
        let came = place(id, Direction::In, came, came + arrival.octets.len());
        let event = Event::Arrived {
            link: id,
            span: came.span,
            step: arrival.step,
            device: arrival.device.to_owned(),
            carrier: arrival.carrier.to_owned(),
        };
        self.event_at(arrival.at, event);
        if !arrival.answer.is_empty() {
            let span = Span::new(sent, sent + arrival.answer.len());
            self.event_at(arrival.at, Event::Answered { link: id, span });
        }
        came
    }

    fn incoming(&mut self, arrival: &Arrival<'_>) -> LinkId {
        let id = LinkId(u32::try_from(self.recording.links.len()).unwrap_or(u32::MAX));
        self.recording.links.push(Recorded::default());
        self.event_at(arrival.at, Event::Open { link: id });
        if let Some(connection) = arrival.connection {
            self.incoming.insert(connection, id);
        }
        id
    }

    /// Records something that happened then, behind all that was recorded before.
    fn event_at(&mut self, at: Instant, event: Event) {
        let since = at.saturating_duration_since(self.start);
        let since = u64::try_from(since.as_micros()).unwrap_or(u64::MAX);
        self.recording.events.push((since, event));
    }
}
