//! An exchange in a few lines: enough to see what was asked and what was said, before any octet.
//!
//! No credentials: of a Cred only its type is told. Texts of the target are cut; what is not
//! printable in them is for the renderers to mind.

use assay_wire::http;

use crate::family::Family;
use crate::finding::Finding;
use crate::replay::Exchange;

/// So many characters of a text are told.
const CHARACTERS: usize = 60;

/// So many characters a line has before the next one begins.
const WIDTH: usize = 96;

/// Adds the exchange that a finding is about.
pub(crate) fn add(finding: &mut Finding, exchange: Option<&Exchange>, family: &dyn Family) {
    if let Some(exchange) = exchange {
        finding.sent = sent(exchange, family);
        finding.answered = answered(exchange, family);
    }
}

/// The request.
fn sent(exchange: &Exchange, family: &dyn Family) -> Vec<String> {
    let Some(request) = &exchange.request else {
        return Vec::new();
    };
    let target = cut(&request.target);
    let mut lines = vec![format!(
        "{} {target}, {}",
        cut(&request.method),
        body(request.field("content-type"), &request.body)
    )];
    if let Some(document) = &exchange.sent {
        lines.extend(family.gist(document));
    }
    lines
}

/// The answer, or why there is none.
fn answered(exchange: &Exchange, family: &dyn Family) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(units) = &exchange.delivery {
        let octets: usize = units.iter().map(|unit| unit.at.span.len as usize).sum();
        return match units.first() {
            Some(first) => vec![format!(
                "arrived by {}: {} units, {octets} octets",
                cut(&first.carrier),
                units.len()
            )],
            None => vec!["nothing arrived".to_owned()],
        };
    }
    if let Some(response) = &exchange.response {
        lines.push(format!(
            "HTTP {} {}, {}",
            response.status,
            cut(&response.reason),
            body(response.field("content-type"), &response.body)
        ));
    }
    if let Some(document) = &exchange.reply {
        lines.extend(family.gist(document));
    }
    if let Some((_, why)) = &exchange.broke {
        lines.push(format!("the connection broke: {}", cut(why)));
    }
    if lines.is_empty() {
        lines.push(match exchange.received_at {
            Some(place) => format!("{} octets that are no HTTP", place.span.len),
            None => "nothing".to_owned(),
        });
    }
    lines
}

fn body(media: Option<&http::Field>, body: &http::Body) -> String {
    let media = media.map_or("no media type".to_owned(), |field| cut(&field.value));
    format!("{media}, {} octets", body.octets.len())
}

/// Pieces joined to lines of a readable length.
pub(crate) fn wrapped(pieces: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if line.len() + piece.len() < WIDTH => {
                line.push_str("; ");
                line.push_str(piece);
            }
            _ => lines.push(piece.clone()),
        }
    }
    lines
}

/// A text, cut short.
pub(crate) fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(CHARACTERS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
