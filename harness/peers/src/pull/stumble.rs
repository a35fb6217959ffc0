//! Lawful input that a switched peer stumbles over, and the HTTP status it then answers with.
//!
//! One table: the name of the switch, the status, and when. A conforming peer never comes here.

use std::collections::BTreeSet;

use assay_wire::pull::{DevicePoll, FILE_MEDIA_TYPE, Inventory, Status};
use assay_wire::tree::{Namespace, NodeId, Tree};

use super::asked::Asked;
use super::call::Call;
use crate::switch::Switches;

type Stumble = (&'static str, u16, fn(&Tree<'_>, &Asked<'_>) -> bool);

/// The items that the documentation and a capture name.
const ITEMS: [&str; 7] = [
    "Device_System",
    "Device_OS",
    "Device_Network",
    "Device_Power",
    "Device_Display",
    "Device_Memory",
    "Device_FileSystem",
];

const STUMBLES: &[Stumble] = &[
    ("domain-required", 400, |_, asked| {
        poll(asked).is_some_and(|poll| poll.domain.is_none())
    }),
    ("mac-required", 400, |_, asked| {
        poll(asked).is_some_and(|poll| poll.adapters.iter().any(|a| a.mac.is_none()))
    }),
    ("code-page-lower-case-refused", 400, |tree, asked| {
        let block = poll(asked).and_then(|poll| poll.identification);
        block.is_some_and(|block| tree.child(block, "codePage").is_some())
    }),
    ("identification-order-matters", 400, |tree, asked| {
        let block = poll(asked).and_then(|poll| poll.identification);
        let last = block.and_then(|block| tree.elements(block).last());
        last.is_some_and(|last| tree.name(last) != "NetworkAdapter")
    }),
    ("several-statuses-refused", 400, |_, asked| {
        status(asked).is_some_and(|status| status.messages.len() > 1)
    }),
    ("status-parameters-refused", 400, |_, asked| {
        status(asked).is_some_and(|status| status.messages.iter().any(|m| !m.parameters.is_empty()))
    }),
    ("unknown-status-refused", 400, |_, asked| {
        codes(asked).any(|code| !matches!(code, "11030" | "11031" | "11032" | "11035"))
    }),
    ("failed-download-refused", 400, |_, asked| {
        codes(asked).any(|code| code == "11032")
    }),
    ("nested-directories-refused", 400, |tree, asked| {
        matches!(asked, Asked::Software)
            && named(tree, "Directory").any(|node| tree.child(node, "Directory").is_some())
    }),
    ("file-details-required", 400, |tree, asked| {
        let bare = |node| {
            ["Version", "Created", "LastModified"]
                .iter()
                .any(|name| !has(tree, node, name))
        };
        matches!(asked, Asked::Software) && named(tree, "File").any(bare)
    }),
    ("repeated-items-refused", 400, |_, asked| {
        let mut seen = BTreeSet::new();
        items(asked).any(|name| !seen.insert(name))
    }),
    ("unknown-items-refused", 400, |_, asked| {
        items(asked).any(|name| !ITEMS.contains(&name))
    }),
    ("report-namespace-required", 400, |tree, asked| {
        let root = tree.root().and_then(|root| tree.element(root));
        is_report(asked) && root.is_some_and(|root| root.namespace == Namespace::None)
    }),
];

/// The status with which a switched peer refuses this document.
pub(super) fn over(
    tree: &Tree<'_>,
    asked: &Asked<'_>,
    call: &Call<'_>,
    switches: &Switches,
) -> Option<u16> {
    if is_report(asked)
        && switches.on("report-declaration-required")
        && !call.body.starts_with(b"<?xml")
    {
        return Some(400);
    }
    let hit = STUMBLES
        .iter()
        .find(|(name, _, when)| switches.on(name) && when(tree, asked));
    hit.map(|(_, status, _)| *status)
}

/// The status with which a switched peer refuses a collected file.
pub(super) fn over_file(call: &Call<'_>, switches: &Switches) -> Option<u16> {
    if switches.on("binary-file-refused") && std::str::from_utf8(call.body).is_err() {
        return Some(400);
    }
    let other = call.media_type != Some(FILE_MEDIA_TYPE);
    (switches.on("file-media-type-checked") && other).then_some(415)
}

fn poll<'a, 't>(asked: &'a Asked<'t>) -> Option<&'a DevicePoll<'t>> {
    match asked {
        Asked::Poll(poll) => Some(poll),
        _ => None,
    }
}

fn status<'a, 't>(asked: &'a Asked<'t>) -> Option<&'a Status<'t>> {
    match asked {
        Asked::Status(status) => Some(status),
        _ => None,
    }
}

fn codes<'a>(asked: &'a Asked<'_>) -> impl Iterator<Item = &'a str> {
    let messages = status(asked)
        .into_iter()
        .flat_map(|status| &status.messages);
    messages.filter_map(|message| message.message_id.map(|id| id.value))
}

fn items<'a>(asked: &'a Asked<'_>) -> impl Iterator<Item = &'a str> {
    let inventory: Option<&Inventory<'_>> = match asked {
        Asked::Machine(inventory) => Some(inventory),
        _ => None,
    };
    let items = inventory.into_iter().flat_map(|inventory| &inventory.items);
    items.filter_map(|item| item.name.map(|name| name.value))
}

fn is_report(asked: &Asked<'_>) -> bool {
    matches!(asked, Asked::Software | Asked::Machine(_))
}

fn named<'a>(tree: &'a Tree<'_>, name: &'a str) -> impl Iterator<Item = NodeId> + 'a {
    let all = tree.root().into_iter().flat_map(|root| tree.descend(root));
    all.filter(move |&node| tree.name(node) == name)
}

fn has(tree: &Tree<'_>, node: NodeId, name: &str) -> bool {
    let element = tree.element(node);
    element.is_some_and(|element| element.attributes.iter().any(|known| known.name == name))
}
