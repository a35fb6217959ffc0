//! What status each command of a client gets.
//!
//! A client of DM may send Replace of DevInfo, Alert, Results and Status (OMA-TS-DM_Protocol 8);
//! everything else is refused. Nothing is done here, only answered.

use assay_wire::dm::{Command, Item, Message, StatusDraft, Text, Version};

use crate::switch::Switches;

/// Types of Generic Alerts that the server can do something with.
const GENERIC_ALERTS: [&str; 4] = [
    "org.openmobilealliance.dm.firmwareupdate",
    "com.microsoft",
    "com.microsoft:mdm.unenrollment.userrequest",
    "example.assay",
];
/// Types of client events (1224) that it can do something with.
const CLIENT_EVENTS: [&str; 3] = [
    "com.microsoft/MDM/LoginStatus",
    "com.microsoft/MDM/AADUserToken",
    "example.assay/event",
];

/// One Status for each command of the message but Status and Results, in order.
///
/// `refusal` is the code for all of them where the header was not accepted.
pub(crate) fn of(
    message: &Message<'_>,
    version: Version,
    device: &str,
    refusal: Option<u32>,
    switches: &Switches,
) -> Vec<StatusDraft> {
    let mut statuses = Vec::new();
    for command in &message.commands {
        let codes = match (command.name, refusal) {
            ("Status", _) => continue,
            // 200 is never sent for Results; a chunk of a large object is acknowledged.
            ("Results", _) if refusal.is_some() || !unfinished(command) => continue,
            ("Results", _) => vec![213],
            (_, Some(code)) => vec![code],
            ("Alert", None) => alert(command, version),
            ("Replace", None) => replace(command, device, switches),
            ("Put" | "Map" | "Move" | "Search" | "Sync", None) => vec![406],
            _ => vec![405],
        };
        if command.cmd_id.is_none() {
            continue;
        }
        let one = codes.iter().all(|code| Some(code) == codes.first());
        let single = StatusDraft {
            msg_ref: message.msg_id().to_owned(),
            cmd_ref: command.id().to_owned(),
            cmd: command.name.to_owned(),
            code: codes.first().copied().unwrap_or(412),
            ..StatusDraft::default()
        };
        if one {
            statuses.push(single);
            continue;
        }
        for (code, item) in codes.into_iter().zip(&command.items) {
            statuses.push(StatusDraft {
                code,
                target_ref: owned(item.target.as_ref()),
                source_ref: owned(item.source.as_ref()),
                ..single.clone()
            });
        }
    }
    statuses
}

/// True where an Item says that more of its data follows.
fn unfinished(command: &Command<'_>) -> bool {
    command.items.iter().any(|item| item.more_data.is_some())
}

/// The codes of an Alert: one for each Item, at least one (OMA-TS-DM_RepPro 7 and 6.6.2).
fn alert(command: &Command<'_>, version: Version) -> Vec<u32> {
    let Some(data) = &command.data else {
        return vec![412];
    };
    match data.number() {
        Some(1200..=1201 | 1222..=1223) => vec![200],
        Some(1224) => each_item(command, |item| match kind(item) {
            Some(kind) if CLIENT_EVENTS.contains(&kind) => 200,
            Some(_) => 406,
            None => 412,
        }),
        // Generic Alerts came with DM 1.2.
        Some(1226) if version == Version::V1_2 => each_item(command, generic),
        _ => vec![406],
    }
}

/// 200, 412 or 415 (OMA-TS-DM_Protocol 8.7).
fn generic(item: &Item<'_>) -> u32 {
    let format = item.meta.as_ref().and_then(|meta| meta.format.as_ref());
    let (Some(kind), Some(_), Some(_)) = (kind(item), format, &item.data) else {
        return 412;
    };
    let name = kind
        .strip_prefix("Reversed-Domain-Name:")
        .unwrap_or(kind)
        .trim();
    let known = GENERIC_ALERTS.iter().any(|known| {
        name.strip_prefix(known)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
    });
    if known { 200 } else { 415 }
}

/// The codes of a Replace: DevInfo is taken, and nothing else.
fn replace(command: &Command<'_>, device: &str, switches: &Switches) -> Vec<u32> {
    each_item(command, |item| {
        let uri = item.source.as_ref().or(item.target.as_ref());
        let Some(uri) = uri.map(|uri| uri.value.as_ref()) else {
            return 412;
        };
        let path = match uri.strip_prefix("./") {
            Some(path) => path,
            None if switches.on("dev-info-needs-dot-slash") => return 404,
            None => uri,
        };
        match path.strip_prefix("DevInfo/") {
            None => 405,
            Some("DevId") if !switches.on("dev-id-spoof-accepted") => {
                let said = item.data.as_ref().map(|data| data.value.trim());
                // Whoever says to be another device than the one that speaks is not believed.
                if said == Some(device) { 200 } else { 403 }
            }
            Some(_) => 200,
        }
    })
}

fn each_item(command: &Command<'_>, code: impl Fn(&Item<'_>) -> u32) -> Vec<u32> {
    if command.items.is_empty() {
        return vec![412];
    }
    command.items.iter().map(code).collect()
}

fn kind<'a>(item: &'a Item<'_>) -> Option<&'a str> {
    let kind = item.meta.as_ref()?.kind.as_ref()?.value.as_ref();
    (!kind.is_empty()).then_some(kind)
}

fn owned(text: Option<&Text<'_>>) -> Option<String> {
    text.map(|text| text.value.to_string())
}
