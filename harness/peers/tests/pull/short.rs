//! What the replies of the management server hold, in short, whichever way they say it.

use assay_wire::http::Response;
use assay_wire::pull::{Instructions, PackageLocation, PollResponse, boolean};
use assay_wire::{Limits, xml};

/// The summary, and what the body does not decode for.
pub(crate) fn summary(response: &Response) -> (String, Option<String>) {
    let mut short = format!("HTTP {}", response.status);
    for name in ["allow", "content-range", "accept-ranges"] {
        if let Some(field) = response.field(name) {
            short.push_str(&format!(" {name}={}", field.value));
        }
    }
    let octets = &response.body.octets;
    let media = response.field("content-type").map(|field| &*field.value);
    if media.is_some_and(|media| media.contains("octet-stream")) {
        let sum: u64 = octets
            .iter()
            .zip(1..)
            .map(|(o, at)| u64::from(*o) * at)
            .sum();
        short.push_str(&format!(" | {} octets, sum {sum}", octets.len()));
        return (short, None);
    }
    if media.is_some_and(|media| media.contains("json")) {
        short.push_str(&format!(" | {}", String::from_utf8_lossy(octets)));
    }
    if !media.is_some_and(|media| media.contains("xml")) {
        return (short, None);
    }
    let (tree, notes) = match xml::read(octets, &Limits::TARGET) {
        Ok(read) => read,
        Err(bad) => return (short, Some(bad.to_string())),
    };
    let fault = notes.iter().find(|note| xml::is_fault(note.kind));
    let bad = fault.map(|note| format!("{}: {}", note.kind, note.text));
    if let Some(view) = PollResponse::of(&tree) {
        short.push_str(" | PollResponse");
        if let Some(client) = view.settings.as_ref().and_then(|s| s.client.as_ref()) {
            let texts = [
                &client.poll_interval,
                &client.retry_count,
                &client.retry_interval,
            ];
            let texts = texts.map(|text| text.as_ref().map_or("-", |text| &*text.value));
            let version = client.version.map_or("-", |version| version.value);
            short.push_str(&format!(" settings {version}: {}", texts.join(", ")));
        }
        for order in view.orders() {
            let word = order.kind.word();
            let interval = order.interval.as_ref().map_or("-", |text| &*text.value);
            short.push_str(&format!("; {word} {} {interval}", order.is_enabled()));
            for filter in &order.filters {
                let texts = [&filter.path, &filter.filter];
                let [path, pattern] = texts.map(|t| t.as_ref().map_or("-", |t| &*t.value));
                let recursive = filter.recursive.as_ref().and_then(|t| boolean(&t.value));
                short.push_str(&format!(" {path}{pattern} {recursive:?}"));
            }
        }
        let mut ids: Vec<&str> = view.ids().collect();
        ids.sort_unstable();
        short.push_str(&format!("; packages [{}]", ids.join(" ")));
    } else if let Some(view) = Instructions::of(&tree) {
        short.push_str(" | Instructions");
        for package in &view.packages {
            let text = |text: &Option<assay_wire::pull::Text<'_>>| {
                text.as_ref()
                    .map_or("-".to_owned(), |text| text.value.to_string())
            };
            let required = package.required.as_ref().and_then(|t| boolean(&t.value));
            // Without the element there is something to download.
            let source = package.source_files.as_ref();
            let source = source.is_none_or(|text| text.value == "Yes");
            short.push_str(&format!(
                " {} {required:?} {} {} {} {} {:?} {:?} {} {} {source}",
                text(&package.id),
                text(&package.name),
                text(&package.size),
                text(&package.flags),
                text(&package.start_time),
                package.utc.map(|utc| utc.value),
                package
                    .recurrence
                    .as_ref()
                    .map(|r| (r.interval(), r.behavior())),
                text(&package.local_destination),
                text(&package.command_line),
            ));
        }
    } else if let Some(view) = PackageLocation::of(&tree) {
        let id = view.package_id.as_ref().map_or("-", |id| &*id.value);
        short.push_str(&format!(" | PackageLocation {id}"));
        if let Some(first) = view.all.first() {
            let metric = first.metric.map_or("-", |metric| metric.value);
            short.push_str(&format!(" metric {metric} {}", first.url.is_some()));
        }
    } else {
        let root = tree.root().map_or("", |root| tree.name(root));
        short.push_str(&format!(" | {root}"));
    }
    (short, bad)
}
