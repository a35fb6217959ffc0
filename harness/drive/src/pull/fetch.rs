//! What a download means: where a package may be fetched from, which octets are asked for, and how
//! far an answer goes.
//!
//! A location is the word of a server, so that it leads only where the profile allows it, and a
//! redirect leads nowhere. The requests are made by `download`.

use assay_suites::step::pull::Download;
use assay_wire::http::{self, Progress, Response};
use assay_wire::{Limits, xml};
use reqwest::Url;

use crate::Target;
use crate::pull::agent::Device;
use crate::reach::is_allowed;

/// So many files of a folder are fetched.
const MOST_MEMBERS: usize = 16;

/// How far a download came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// All of it is there: so many octets.
    Whole(u64),
    /// It broke after so many octets.
    Part(u64),
    /// No octet of it can be used.
    Nothing,
}

/// The URLs of a package that the profile allows, the best first; none where its location names
/// none. Where all that it names are forbidden, it says so.
pub(super) fn ways(target: &Target, device: &Device, package: &str) -> Result<Vec<Url>, String> {
    let urls = device
        .urls
        .get(package)
        .ok_or_else(|| format!("no answer gave the location of {package}"))?;
    let urls = urls.iter().filter_map(|text| target.url.join(text).ok());
    let urls = urls.filter(|url| matches!(url.scheme(), "http" | "https"));
    let (allowed, forbidden): (Vec<Url>, Vec<Url>) = urls.partition(|url| is_allowed(target, url));
    match forbidden.first().and_then(Url::host_str) {
        Some(host) if allowed.is_empty() => Err(format!(
            "{package} is on {host}, which is not the target and not in target.download-hosts"
        )),
        _ => Ok(allowed),
    }
}

/// The best of them.
pub(super) fn way(target: &Target, device: &Device, package: &str) -> Result<Url, String> {
    let ways = ways(target, device, package)?;
    let first = ways.into_iter().next();
    first.ok_or_else(|| format!("the location of {package} gives no HTTP URL"))
}

/// True for a URL that looks like that of a folder.
pub(super) fn is_folder(url: &Url) -> bool {
    url.path().ends_with('/')
}

/// The files that a listing of this folder names, as far as they are in it (RFC 4918 9.1).
pub(super) fn members(response: &Response, folder: &Url, limits: &Limits) -> Vec<Url> {
    if response.status != 207 {
        return Vec::new();
    }
    let Ok((tree, _)) = xml::read(&response.body.octets, limits) else {
        return Vec::new();
    };
    let Some(root) = tree.root().filter(|&root| tree.name(root) == "multistatus") else {
        return Vec::new();
    };
    let answers = tree.elements(root);
    let files = answers.filter_map(|answer| {
        let url = folder
            .join(tree.text(tree.child(answer, "href")?).trim())
            .ok()?;
        let is_inside = url.origin() == folder.origin() && url.path().starts_with(folder.path());
        (is_inside && !is_folder(&url)).then_some(url)
    });
    files.take(MOST_MEMBERS).collect()
}

/// The header fields of a request for these octets; empty for all of them.
pub(super) fn fields(step: &Download) -> Result<Vec<(String, String)>, String> {
    let mut fields = Vec::new();
    if step.propfind {
        fields.push(("Depth".to_owned(), "1".to_owned()));
    }
    if step.from.is_some() || step.length.is_some() {
        let from = step.from.unwrap_or_default();
        let last = match step.length {
            None => String::new(),
            Some(0) => return Err("a range has at least one octet".to_owned()),
            Some(length) => from.saturating_add(length - 1).to_string(),
        };
        fields.push(("Range".to_owned(), format!("bytes={from}-{last}")));
    }
    Ok(fields)
}

/// What an answer gave of a package that was asked for from this octet on.
pub(super) fn came(response: &Response, from: u64) -> Came {
    let length = u64::try_from(response.body.octets.len()).unwrap_or(u64::MAX);
    match response.status {
        206 => match range(response) {
            Some((first, last, total))
                if first == from
                    && last.checked_sub(first).and_then(|n| n.checked_add(1)) == Some(length) =>
            {
                let there = from.saturating_add(length);
                match total {
                    Some(total) if there < total => Came::Part(there),
                    _ => Came::Whole(there),
                }
            }
            _ => Came::Nothing,
        },
        // A server that knows no ranges sends all of it.
        200 => Came::Whole(length),
        _ => Came::Nothing,
    }
}

/// What a broken answer gave of a package that was asked for from this octet on.
pub(super) fn broke(received: &[u8], from: u64, limits: &Limits) -> Came {
    let Ok(Progress::Done(response)) = http::response(received, "GET", true, limits) else {
        return Came::Nothing;
    };
    let length = u64::try_from(response.body.octets.len()).unwrap_or(u64::MAX);
    match response.status {
        206 if range(&response).is_some_and(|(first, ..)| first == from) => {
            Came::Part(from.saturating_add(length))
        }
        200 => Came::Part(length),
        _ => Came::Nothing,
    }
}

/// First and last octet of an answer, and the length of the whole where it is known (RFC 9110
/// 14.4).
fn range(response: &Response) -> Option<(u64, u64, Option<u64>)> {
    let value = response.field("Content-Range")?.value.trim();
    let (unit, rest) = value.split_once(' ')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (part, total) = rest.split_once('/')?;
    let (first, last) = part.split_once('-')?;
    Some((
        first.trim().parse().ok()?,
        last.trim().parse().ok()?,
        total.trim().parse().ok(),
    ))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn answer(head: &str, body: &str) -> Came {
        let raw = format!(
            "HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        match http::response(raw.as_bytes(), "GET", true, &Limits::TARGET) {
            Ok(Progress::Done(response)) => came(&response, 4),
            other => panic!("{other:?}"),
        }
    }

    #[rstest]
    #[case("206 P\r\nContent-Range: bytes 4-7/8", "4567", Came::Whole(8))]
    #[case("206 P\r\nContent-Range: bytes 4-7/*", "4567", Came::Whole(8))]
    #[case("206 P\r\nContent-Range: bytes 4-7/10", "4567", Came::Part(8))]
    #[case("206 P\r\nContent-Range: bytes 0-3/8", "0123", Came::Nothing)]
    #[case("206 P\r\nContent-Range: bytes 4-9/8", "4567", Came::Nothing)]
    #[case(
        "206 P\r\nContent-Range: bytes 4-18446744073709551615/*",
        "4567",
        Came::Nothing
    )]
    #[case("206 P\r\nContent-Range: bytes 4-3/*", "", Came::Nothing)]
    #[case("206 P\r\nContent-Range: octets", "4567", Came::Nothing)]
    #[case("206 P", "4567", Came::Nothing)]
    #[case("200 OK", "01234567", Came::Whole(8))]
    #[case("302 Found\r\nLocation: /", "", Came::Nothing)]
    #[case("416 No", "", Came::Nothing)]
    fn an_answer_gives_what_it_says(#[case] head: &str, #[case] body: &str, #[case] gives: Came) {
        assert_eq!(answer(head, body), gives);
    }
}
