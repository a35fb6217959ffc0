//! The elements of an answer of the service that the paths of rules lead to.

use assay_wire::Tree;
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
    if first == "reply" {
        return inside(tree, tree.root()?, fields, step);
    }
    if first != subject || subject == "exchange" {
        return None;
    }
    inside(tree, standing(document, place)?, fields, step)
}

/// The element that a field is named after, wherever inside another.
fn step(tree: &Tree<'_>, from: NodeId, field: &str) -> Option<NodeId> {
    let wanted = match field {
        "size_number" | "size" => "packagesize".to_owned(),
        "flags_valid" | "flags_value" => "flags".to_owned(),
        "start_time_valid" | "utc" => "starttime".to_owned(),
        "has_recurrence" => "recurrence".to_owned(),
        "destination_parent" => "localdestination".to_owned(),
        "command_parent" => "commandline".to_owned(),
        "has_applicable" | "packages" | "package_count" | "all_named" | "duplicates" => {
            "applicablepackages".to_owned()
        }
        "retry_count" | "retry_interval" => format!("failure{}", field.replace('_', "")),
        "locations" | "count" => "locations".to_owned(),
        "directory" => "directoryservice".to_owned(),
        other => other.replace('_', ""),
    };
    tree.descend(from)
        .filter(|id| *id != from)
        .find(|id| tree.name(*id).eq_ignore_ascii_case(&wanted))
}
