//! The download host: packages by their place in a URL, whole or in part, and listed by WebDAV.
//!
//! It knows no device and asks for no field of the management service. Ranges are those of
//! RFC 9110 section 14, one at a time.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::package::Package;
use super::server::plain;
use super::service::Server;
use crate::listen::Connection;

/// What a Range field asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    /// All of it: no range, or one that is not for this server.
    All,
    /// From the first octet to the one behind the last.
    Part(usize, usize),
    /// Nothing that there is.
    Nothing,
}

/// The folder of a package.
pub(super) async fn folder(
    State(server): State<Arc<Server>>,
    Extension(connection): Extension<Connection>,
    Path(place): Path<String>,
    request: Request,
) -> Response {
    serve(&server, &connection, &place, None, &request)
}

/// The file in it, whatever its name.
pub(super) async fn file(
    State(server): State<Arc<Server>>,
    Extension(connection): Extension<Connection>,
    Path((place, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    serve(&server, &connection, &place, Some(&name), &request)
}

fn serve(
    server: &Server,
    connection: &Connection,
    place: &str,
    name: Option<&str>,
    request: &Request,
) -> Response {
    let switches = &server.switches;
    if request.method() == Method::HEAD {
        connection.wish.bodiless();
    }
    let Some(package) = server.store().at(place) else {
        return plain(404, "no such package");
    };
    if switches.on("download-needs-token") && !request.headers().contains_key("x-device-auth") {
        return plain(401, "X-Device-Auth is missing");
    }
    match request.method() {
        &Method::GET => get(server, place, &package, request.headers()),
        &Method::HEAD => get(server, place, &package, &HeaderMap::new()),
        method if method.as_str() == "PROPFIND" && !switches.on("propfind-refused") => {
            propfind(place, name, &package, request.headers())
        }
        _ => {
            let allow = [(header::ALLOW, "GET, HEAD, PROPFIND")];
            (StatusCode::METHOD_NOT_ALLOWED, allow, "only GET\n").into_response()
        }
    }
}

fn get(server: &Server, place: &str, package: &Package, fields: &HeaderMap) -> Response {
    let switches = &server.switches;
    let data = &package.data;
    let tag = format!("\"{place}\"");
    let text = |name| {
        fields
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let same = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let ask = match text(header::RANGE) {
        Some(range) if same && !switches.on("ranges-ignored") => asked(range, data.len()),
        _ => Ask::All,
    };
    let (status, range, part) = match ask {
        Ask::All => (StatusCode::OK, None, data.clone()),
        Ask::Nothing => {
            let range = format!("bytes */{}", data.len());
            (StatusCode::RANGE_NOT_SATISFIABLE, Some(range), Vec::new())
        }
        Ask::Part(from, to) => {
            let shift = usize::from(switches.on("range-off-by-one"));
            let ring = data.iter().cycle().skip(from + shift);
            let part = ring.take(to - from).copied().collect();
            let range = format!("bytes {from}-{}/{}", to - 1, data.len());
            (StatusCode::PARTIAL_CONTENT, Some(range), part)
        }
    };
    let mut response = Response::new(Body::from(part));
    *response.status_mut() = status;
    let out = response.headers_mut();
    let kind = HeaderValue::from_static("application/octet-stream");
    out.insert(header::CONTENT_TYPE, kind);
    if !switches.on("ranges-ignored") {
        out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    }
    let texts = [(header::ETAG, Some(tag)), (header::CONTENT_RANGE, range)];
    for (name, value) in texts {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            out.insert(name, value);
        }
    }
    response
}

/// Understands a Range field for so many octets.
fn asked(range: &str, length: usize) -> Ask {
    let Some((unit, set)) = range.split_once('=') else {
        return Ask::Nothing;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return Ask::All;
    }
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        // Beyond what can be counted is beyond the end.
        digits.then(|| text.parse::<usize>().unwrap_or(usize::MAX))
    };
    let Some((first, last)) = set.trim().split_once('-') else {
        return Ask::Nothing;
    };
    let (from, to) = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => (first, last.saturating_add(1)),
        (Some(first), None) if last.is_empty() => (first, length),
        (None, Some(count)) if first.is_empty() => (length.saturating_sub(count), length),
        _ => return Ask::Nothing,
    };
    let to = to.min(length);
    if from < to {
        Ask::Part(from, to)
    } else {
        Ask::Nothing
    }
}

/// What is at a URL, and for a folder what is in it (RFC 4918 section 9.1).
fn propfind(place: &str, name: Option<&str>, package: &Package, fields: &HeaderMap) -> Response {
    let depth = fields
        .get("depth")
        .map_or(&b"infinity"[..], |value| value.as_bytes());
    let folder = format!("/packages/{place}/");
    let size = package.data.len();
    let entry = |href: &str, properties: &str| {
        format!(
            "<D:response><D:href>{href}</D:href><D:propstat><D:prop>{properties}</D:prop>\
             <D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
        )
    };
    let file = |href: &str| {
        let properties =
            format!("<D:resourcetype/><D:getcontentlength>{size}</D:getcontentlength>");
        entry(href, &properties)
    };
    let mut entries = String::new();
    if name.is_some() {
        // Any name is served; that of the listing is as good, and is no echo.
        entries += &file(&(folder + "package.cab"));
    } else {
        entries += &entry(&folder, "<D:resourcetype><D:collection/></D:resourcetype>");
        if depth != b"0" {
            entries += &file(&(folder + "package.cab"));
        }
    }
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <D:multistatus xmlns:D=\"DAV:\">{entries}</D:multistatus>"
    );
    let kind = [(header::CONTENT_TYPE, "application/xml; charset=utf-8")];
    (StatusCode::MULTI_STATUS, kind, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_to_what_there_is() {
        for (range, ask) in [
            ("bytes=0-9", Ask::Part(0, 10)),
            ("bytes=90-", Ask::Part(90, 100)),
            ("bytes=-5", Ask::Part(95, 100)),
            ("bytes=-500", Ask::Part(0, 100)),
            ("bytes=99-99999999999999999999999", Ask::Part(99, 100)),
            ("bytes=100-", Ask::Nothing),
            ("bytes=99999999999999999999999-", Ask::Nothing),
            ("bytes=-0", Ask::Nothing),
            ("bytes=9-2", Ask::Nothing),
            ("bytes=a-b", Ask::Nothing),
            ("bytes=+1-2", Ask::Nothing),
            ("bytes", Ask::Nothing),
            ("bytes=0-1,5-6", Ask::All),
            ("lines=0-1", Ask::All),
        ] {
            assert_eq!(asked(range, 100), ask, "{range}");
        }
        assert_eq!(asked("bytes=0-", 0), Ask::Nothing);
    }
}
