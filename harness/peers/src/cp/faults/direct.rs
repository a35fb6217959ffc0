//! Faults of settings for direct push.

use crate::cp::doc::Kind;
use crate::switch::Fault;
use crate::table::cp::{content, tree};

const NAMES: [&str; 4] = [
    "HeartbeatDefault",
    "HeartbeatIncrement",
    "HeartbeatMax",
    "HeartbeatMin",
];

pub(super) const DIRECT: &[Fault] = &[
    tree(
        "heartbeat-in-minutes",
        "writes heartbeats in minutes, with their unit",
        |doc| {
            for settings in doc.all("Settings") {
                for name in NAMES {
                    let value = doc.value(settings, name).unwrap_or_default();
                    if let Ok(seconds) = value.parse::<u32>() {
                        doc.set(settings, name, &format!("{}m", seconds / 60));
                    }
                }
            }
        },
    ),
    tree(
        "heartbeat-minimum-above-default",
        "sets the shortest heartbeat above the usual one",
        |doc| doc.set_all("Settings", "HeartbeatMin", "960"),
    ),
    tree(
        "heartbeat-increment-zero",
        "sets the increment of heartbeats to zero",
        |doc| doc.set_all("Settings", "HeartbeatIncrement", "0"),
    ),
    tree(
        "heartbeat-names-with-blank",
        "puts a blank behind names of heartbeats",
        |doc| {
            for settings in doc.all("Settings") {
                for name in ["HeartbeatDefault", "HeartbeatMin"] {
                    for parm in doc.parms(settings, name) {
                        doc.set_attribute(parm, "name", &format!("{name} "));
                    }
                }
            }
        },
    ),
    content(
        "sync-tokens-of-2003",
        "takes the code page of Windows Mobile 2003 for settings of synchronisation",
        |content| {
            if content.kind == Kind::Document {
                // SWITCH_PAGE to CA, in front of a type that stands there.
                for at in 0..content.octets.len().saturating_sub(2) {
                    let window = &content.octets[at..at + 3];
                    if matches!(window, [0x00, 0xCA, 0x20..=0x26]) {
                        content.octets[at + 1] = 0x02;
                    }
                }
            }
        },
    ),
    tree(
        "heartbeat-maximum-too-high",
        "sets the longest heartbeat to an hour",
        |doc| doc.set_all("Settings", "HeartbeatMax", "3600"),
    ),
];
