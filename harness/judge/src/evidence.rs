//! Which octets of a subject a broken rule is about: those of the elements that it reads, where the
//! names that it uses lead to elements.
//!
//! Only for the eyes of people: a rule whose names lead nowhere is about its whole subject.

use assay_wire::dm::Message;
use assay_wire::recording::Place;
use assay_wire::tree::NodeId;
use assay_wire::{Span, Tree};

use crate::replay::{Document, Exchange};

/// The octets that a rule is about, which reads these paths and has this subject at this place.
pub(crate) fn narrow(
    exchange: &Exchange,
    subject: &str,
    place: Place,
    reads: &[Vec<String>],
) -> Place {
    let found = exchange.reply.as_ref().and_then(|document| {
        let spans = reads
            .iter()
            .filter_map(|path| element(document, subject, place, path));
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

/// The element that a path leads to.
fn element(document: &Document, subject: &str, place: Place, path: &[String]) -> Option<NodeId> {
    let tree = &document.tree;
    let (first, fields) = path.split_first()?;
    let root = tree.root()?;
    if first == "reply" {
        return in_message(tree, root, fields);
    }
    if first != subject {
        return None;
    }
    let whole = tree
        .descend(root)
        .find(|&id| document.place(tree.span(id)) == place)?;
    inside(tree, whole, fields)
}

/// The element that a path from the message leads to. Some fields sum up what stands elsewhere.
fn in_message(tree: &Tree<'_>, root: NodeId, fields: &[String]) -> Option<NodeId> {
    let (first, rest) = fields.split_first()?;
    match first.as_str() {
        "header" => {
            let header = tree.child(root, "SyncHdr")?;
            if rest.is_empty() {
                Some(header)
            } else {
                inside(tree, header, rest)
            }
        }
        "header_code" | "refusal" => {
            let message = Message::of(tree)?;
            let status = message.header_status()?;
            Some(status.data.as_ref().map_or(status.node, |data| data.node))
        }
        "challenge" => {
            let message = Message::of(tree)?;
            let challenge = message
                .statuses()
                .find_map(|status| status.chal.as_ref())?
                .node;
            if rest.is_empty() {
                Some(challenge)
            } else {
                inside(tree, challenge, rest)
            }
        }
        "fin" | "final_empty" => tree.find(root, "SyncBody/Final"),
        _ => None,
    }
}

/// The element that fields lead to from another: as far as they lead, but farther than nowhere.
fn inside(tree: &Tree<'_>, from: NodeId, fields: &[String]) -> Option<NodeId> {
    let mut at = None;
    for field in fields {
        let Some(next) = step(tree, at.unwrap_or(from), field) else {
            break;
        };
        at = Some(next);
    }
    at
}

/// The element that a field is named after: directly inside, or in a Meta.
fn step(tree: &Tree<'_>, from: NodeId, field: &str) -> Option<NodeId> {
    let wanted = match field {
        "code" | "code_number" | "has_data" => "data".to_owned(),
        "nonce" => "nextnonce".to_owned(),
        "msg_number" => "msgid".to_owned(),
        "challenge" => "chal".to_owned(),
        other => other.replace('_', ""),
    };
    let named = |id: &NodeId| tree.name(*id).eq_ignore_ascii_case(&wanted);
    let direct = |from| tree.elements(from).find(named);
    let in_meta = |from| {
        let meta = tree.child(from, "Meta")?;
        direct(tree.child(meta, "MetInf").unwrap_or(meta))
    };
    direct(from).or_else(|| in_meta(from))
}
