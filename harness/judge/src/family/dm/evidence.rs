//! The elements of a SyncML message that the paths of rules lead to.

use assay_wire::Tree;
use assay_wire::dm::Message;
use assay_wire::recording::Place;
use assay_wire::tree::NodeId;

use crate::family::{inside, standing};
use crate::replay::Document;

/// The element that a path leads to.
pub(super) fn element(
    document: &Document,
    subject: &str,
    place: Place,
    path: &[String],
) -> Option<NodeId> {
    let tree = &document.tree;
    let (first, fields) = path.split_first()?;
    let root = tree.root()?;
    if first == "reply" {
        return in_message(tree, root, fields);
    }
    if first != subject {
        return None;
    }
    inside(tree, standing(document, place)?, fields, step)
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
                inside(tree, header, rest, step)
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
                inside(tree, challenge, rest, step)
            }
        }
        "fin" | "final_empty" => tree.find(root, "SyncBody/Final"),
        _ => None,
    }
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
