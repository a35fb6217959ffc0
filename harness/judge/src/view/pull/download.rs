//! The node of a download: what was asked for, what was promised, what came.

use assay_wire::http::{Request, Response};
use assay_wire::pull::field;
use assay_wire::{Limits, xml};

use super::Download;
use super::history::Known;
use crate::node::{Arena, Lent, Subject};
use crate::replay::Exchange;
use crate::view::http::count;

/// The octets of a range: the first, the last, and the length of the whole.
type Range = (u64, Option<u64>, Option<u64>);

/// The node of a download. What it fetched whole is kept.
pub(super) fn download<'a>(
    exchange: &Exchange<'_>,
    known: &mut Known,
    arena: &'a Arena,
) -> Option<Lent<'a, Download>> {
    let request = exchange.request.as_ref()?;
    let response = exchange.response.as_ref();
    let host = value(request.field("host"));
    let at = format!("{host}{}", request.target);
    let package = known.package_at(host, &request.target).map(str::to_owned);
    let ranged = request.field("range").map(|field| field.value.as_str());
    let (from, to, _) = ranged.and_then(asked).unwrap_or_default();
    let content_range = response.and_then(|it| it.field("content-range"));
    let came = content_range.and_then(|field| given(&field.value));
    let octets = response.map_or(&[][..], |it| &it.body.octets);
    let is_get = request.method.eq_ignore_ascii_case("GET");
    let same = response.filter(|_| is_get).and_then(|response| {
        let start = match (response.status, came) {
            (206, Some((first, ..))) => {
                // What came stands where it was asked for, or it is not what was asked for.
                if first == from {
                    first
                } else {
                    return Some(false);
                }
            }
            (206, None) => from,
            (200, _) => 0,
            _ => return None,
        };
        known.is_same(&at, start, octets)
    });
    let complete = response.is_some_and(|response| is_complete(exchange, response, is_get));
    if let Some(response) = response
        && is_get
        && response.status == 200
        && complete
    {
        known.keep(&at, octets);
    }
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let fields = Download {
        method: request.method.clone(),
        package_size: package.as_ref().and_then(|it| known.sizes.get(it)).copied(),
        package,
        status: response.map(|it| i64::from(it.status)),
        with_headers: has_headers(request),
        ranged: ranged.is_some(),
        from: number(from),
        to: to.map(number),
        accept_ranges: response
            .and_then(|it| it.field("accept-ranges"))
            .map(|field| field.value.clone()),
        content_range: content_range.map(|field| field.value.clone()),
        first: came.map(|(first, ..)| number(first)),
        last: came.and_then(|(_, last, _)| last).map(number),
        total: came.and_then(|(.., total)| total).map(number),
        promised: response
            .and_then(|it| it.field("content-length"))
            .and_then(|field| field.value.trim().parse().ok()),
        octets: count(octets.len()),
        complete,
        members: response.map_or(0, |response| members(response, &request.target)),
        same,
    };
    Some(fields.at(arena, exchange.place()))
}

/// So many other resources a 207 names.
fn members(response: &Response, target: &str) -> i64 {
    if response.status != 207 {
        return 0;
    }
    let Ok((tree, _)) = xml::read(&response.body.octets, &Limits::TARGET) else {
        return 0;
    };
    let path = |url: &str| {
        let url = url.trim();
        let rest = url.split_once("://").map(|(_, rest)| rest);
        let path = rest.map_or(url, |rest| {
            rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
        });
        path.trim_end_matches('/').to_owned()
    };
    let own = path(target);
    let hrefs = tree.root().into_iter().flat_map(|root| tree.descend(root));
    let others = hrefs
        .filter(|&id| tree.name(id) == "href")
        .filter(|&id| path(&tree.text(id)) != own);
    count(others.count())
}

/// True where all octets came that the head of an answer promises, and no more.
fn is_complete(exchange: &Exchange, response: &Response, is_get: bool) -> bool {
    let length = response
        .field("content-length")
        .and_then(|field| field.value.trim().parse::<usize>().ok());
    let is_odd = response.notes.iter().any(|note| {
        matches!(
            note.kind,
            "http.short-body" | "http.extra-bytes" | "http.bad-chunk"
        )
    });
    let fits = !is_get || length.is_none_or(|length| length == response.body.octets.len());
    exchange.broke.is_none() && !is_odd && fits
}

fn has_headers(request: &Request) -> bool {
    [field::UUID, field::AUTH, field::TIMESTAMP, field::ACTION]
        .iter()
        .any(|name| request.field(name).is_some())
}

/// First and last octet that a Range asks for (RFC 9110 14.2), where it is one from a first octet on.
fn asked(value: &str) -> Option<Range> {
    let (unit, rest) = value.trim().split_once('=')?;
    let (first, last) = rest.split_once('-')?;
    let is_octets = unit.trim().eq_ignore_ascii_case("bytes");
    let first = first.trim().parse().ok().filter(|_| is_octets)?;
    Some((first, last.trim().parse().ok(), None))
}

/// What a Content-Range says (RFC 9110 14.4).
fn given(value: &str) -> Option<Range> {
    let (unit, rest) = value.trim().split_once(' ')?;
    let (part, total) = rest.split_once('/')?;
    let (first, last) = part.split_once('-')?;
    let is_octets = unit.eq_ignore_ascii_case("bytes");
    let first = first.trim().parse().ok().filter(|_| is_octets)?;
    Some((
        first,
        Some(last.trim().parse().ok()?),
        total.trim().parse().ok(),
    ))
}

fn value(field: Option<&assay_wire::http::Field>) -> &str {
    field.map_or("", |field| field.value.trim())
}
