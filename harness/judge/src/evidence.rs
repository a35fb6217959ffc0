//! Which octets of a subject a broken rule is about: those of the elements that it reads, where the
//! names that it uses lead to elements.
//!
//! Only for the eyes of people: a rule whose names lead nowhere is about its whole subject.

use assay_wire::Span;
use assay_wire::recording::Place;

use crate::family::Family;
use crate::replay::Exchange;

/// The octets that a rule is about, which reads these paths and has this subject at this place.
pub(crate) fn narrow(
    family: &dyn Family,
    exchange: &Exchange,
    subject: &str,
    place: Place,
    reads: &[Vec<String>],
) -> Place {
    let found = exchange.reply.as_ref().and_then(|document| {
        let spans = reads
            .iter()
            .filter_map(|path| family.element(document, subject, place, path));
        let covered = spans.map(|id| document.tree.span(id)).reduce(Span::to)?;
        Some(document.place(covered))
    });
    if let Some(found) = found {
        return found;
    }
    let reads_http = reads.iter().any(|path| {
        matches!(path.as_slice(), [exchange, http, ..] if exchange == "exchange" && http == "http")
    });
    match exchange.received_at {
        Some(received) if reads_http && received == place => head(exchange, received),
        _ => place,
    }
}

/// The head of an answer, without its body.
fn head(exchange: &Exchange, received: Place) -> Place {
    let Some(response) = &exchange.response else {
        return received;
    };
    let (start, len) = (received.span.start(), received.span.len as usize);
    let end = start + response.body.span.start().min(len);
    Place {
        span: Span::new(start + response.span.start().min(len), end),
        ..received
    }
}
