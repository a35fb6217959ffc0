//! The hooks of the administrator: `POST /admin/pull/publish`, `order`, `assign`, `withdraw`,
//! `reset`, `show`, with a JSON object each.
//!
//! Texts, numbers and booleans are taken alike, and an empty text is one that is not given: who
//! calls a hook may know texts only.

use std::sync::Arc;

use assay_wire::pull::{
    Behavior, Datetime, Interval, MOST_PATH, ReportKind, flags, flags_are_known, write_flags,
};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::package::{Filter, Order, Package};
use super::server::plain;
use super::service::Server;
use crate::loose::{Loose, bad};

/// Octets of a hook's body.
const LARGEST: usize = 4 << 20;
/// Most octets of a package whose size alone is said.
const SIZE: usize = 16 << 20;
/// Most filters of one order.
const FILTERS: usize = 64;

/// Everything that any hook is told.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Asking {
    device: Loose,
    id: Loose,
    name: Loose,
    required: Loose,
    optional: Loose,
    size: Loose,
    data: Loose,
    flags: Loose,
    start_time: Loose,
    utc: Loose,
    recurrence: Loose,
    behavior: Loose,
    command: Loose,
    destination: Loose,
    short: Loose,
    long: Loose,
    source_files: Loose,
    collection: Loose,
    kind: Loose,
    enabled: Loose,
    interval: Loose,
    filter: Loose,
    path: Loose,
    recursive: Loose,
    exclude_compressed: Loose,
    exclude_encrypted: Loose,
}

type Done = Result<String, (u16, String)>;

/// One of the hooks.
pub(super) async fn hook(
    State(server): State<Arc<Server>>,
    Path(what): Path<String>,
    body: Body,
) -> Response {
    let Ok(octets) = axum::body::to_bytes(body, LARGEST).await else {
        return plain(413, "too large");
    };
    let asking: Asking = match serde_json::from_slice(&octets) {
        Ok(asking) => asking,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let done = match what.as_str() {
        "publish" => publish(&server, &asking),
        "order" => order(&server, &asking),
        "assign" => assign(&server, &asking),
        "withdraw" => withdraw(&server, &asking),
        "reset" => {
            server.store().reset(asking.device.text());
            Ok("forgotten".to_owned())
        }
        "show" => show(&server, &asking),
        _ => Err((404, "no such hook".to_owned())),
    };
    match done {
        Ok(text) if what == "show" => {
            ([(header::CONTENT_TYPE, "application/json")], text).into_response()
        }
        Ok(text) => format!("{text}\n").into_response(),
        Err((status, why)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, format!("{why}\n")).into_response()
        }
    }
}

fn publish(server: &Server, asking: &Asking) -> Done {
    let device = asking.device.needed("device")?;
    let optional = asking.optional.boolean("optional")?.unwrap_or(false);
    let required = asking.required.boolean("required")?.unwrap_or(!optional);
    let size = asking.size.text().map_or(Ok(1000), str::parse::<usize>);
    let size = size.ok().filter(|size| *size <= SIZE);
    let size = size.ok_or_else(|| bad("size", "a number of octets"))?;
    let data = asking.data.text().map(|data| data.as_bytes().to_vec());
    let links = asking.flags.text().unwrap_or("03 00 00 00");
    let links = flags(links).or_else(|| links.parse().ok());
    let links = links.filter(|links| flags_are_known(*links));
    let links = links.ok_or_else(|| bad("flags", "1, 2, 3, 4 or 6"))?;
    let start_time = asking.start_time.text().unwrap_or("2026-01-01 00:00:00");
    if Datetime::parse(start_time).is_none() {
        return Err(bad("start-time", "YYYY-MM-DD hh:mm:ss"));
    }
    let behavior = asking.behavior.text();
    let behavior = behavior.unwrap_or(Behavior::DownloadAndExecute.text());
    if Behavior::parse(behavior).is_none() {
        return Err(bad("behavior", "`Download and Execute` or `Execute Only`"));
    }
    let recurrence = match asking.recurrence.text() {
        None => None,
        Some(text) => Some((interval("recurrence", text)?, behavior.to_owned())),
    };
    let destination = asking.destination.text().unwrap_or("\\Storage\\pkg");
    let command = asking.command.text().unwrap_or("setup.exe");
    for (name, text) in [("destination", destination), ("command", command)] {
        if text.chars().count() > MOST_PATH {
            return Err(bad(name, "at most 259 characters"));
        }
    }
    let package = Package {
        id: asking.id.needed("id")?.to_owned(),
        required,
        name: asking.name.text().unwrap_or("Package").to_owned(),
        short: asking.short.text().unwrap_or("A package").to_owned(),
        long: asking
            .long
            .text()
            .unwrap_or("A package to install")
            .to_owned(),
        data: data.unwrap_or_else(|| Package::octets(size)),
        flags: write_flags(links),
        start_time: start_time.to_owned(),
        utc: asking.utc.boolean("utc")?.unwrap_or(true),
        recurrence,
        destination: destination.to_owned(),
        command: Some(command.to_owned()),
        source_files: asking.source_files.boolean("source-files")?.unwrap_or(true),
        collection: asking.collection.boolean("collection")?.unwrap_or(false),
    };
    let text = format!("{} published for {device}", package.id);
    if server.store().publish(device, package) {
        Ok(text)
    } else {
        Err((429, "too many packages".to_owned()))
    }
}

fn order(server: &Server, asking: &Asking) -> Done {
    let device = asking.device.needed("device")?;
    let kind = asking.kind.needed("kind")?;
    let kind = ReportKind::ALL
        .into_iter()
        .find(|known| known.word() == kind);
    let kind = kind.ok_or_else(|| bad("kind", "software, machine or file"))?;
    let wanted = asking.interval.text();
    let wanted = wanted.map(|text| interval("interval", text)).transpose()?;
    let filter = match (asking.filter.text(), asking.path.text()) {
        (None, None) => None,
        (filter, path) => Some(Filter {
            pattern: filter.unwrap_or("*").to_owned(),
            path: path.unwrap_or("\\").to_owned(),
            recursive: asking.recursive.boolean("recursive")?,
            exclude_compressed: asking.exclude_compressed.boolean("exclude-compressed")?,
            exclude_encrypted: asking.exclude_encrypted.boolean("exclude-encrypted")?,
        }),
    };
    if kind == ReportKind::Machine && filter.is_some() {
        return Err((400, "a machine inventory has no filters".to_owned()));
    }
    let enabled = asking.enabled.boolean("enabled")?.unwrap_or(true);
    let mut store = server.store();
    let orders = &mut store.device(device).orders;
    let at = orders.iter().position(|order| order.kind == kind);
    let mut order = at.map_or(
        Order {
            kind,
            enabled,
            interval: "0000-00-01 00:00:00".to_owned(),
            filters: Vec::new(),
        },
        |at| orders.remove(at),
    );
    order.enabled = enabled;
    order.interval = wanted.unwrap_or(order.interval);
    order.filters.extend(filter);
    if order.filters.len() > FILTERS {
        return Err((429, "too many filters".to_owned()));
    }
    orders.push(order);
    // Software, files, machine: the order in which they were observed.
    let place = |kind| match kind {
        ReportKind::Software => 0,
        ReportKind::File => 1,
        ReportKind::Machine => 2,
    };
    orders.sort_by_key(|order| place(order.kind));
    Ok(format!("{} ordered from {device}", kind.value()))
}

fn assign(server: &Server, asking: &Asking) -> Done {
    let (device, id) = (asking.device.needed("device")?, asking.id.needed("id")?);
    let mut store = server.store();
    let Some(package) = store.published(id) else {
        return Err((404, format!("no package {id}")));
    };
    if store.assign(device, package) {
        Ok(format!("{id} assigned to {device}"))
    } else {
        Err((429, "too many packages".to_owned()))
    }
}

fn withdraw(server: &Server, asking: &Asking) -> Done {
    let (device, id) = (asking.device.needed("device")?, asking.id.needed("id")?);
    if server.store().withdraw(device, id) {
        Ok(format!("{id} withdrawn from {device}"))
    } else {
        Err((404, format!("{device} has no package {id}")))
    }
}

fn show(server: &Server, asking: &Asking) -> Done {
    let device = asking.device.needed("device")?;
    let store = server.store();
    let known = store.known(device);
    let known = known.ok_or_else(|| (404, format!("no device {device}")))?;
    Ok(known.show().to_string())
}

fn interval(name: &str, text: &str) -> Result<String, (u16, String)> {
    let parsed = Interval::parse(text);
    let usable = parsed.filter(|i| i.years == 0 && i.months == 0 && !i.is_zero());
    let usable = usable.ok_or_else(|| bad(name, "0000-00-DD hh:mm:ss, not zero"))?;
    Ok(usable.to_string())
}
