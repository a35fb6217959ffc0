//! The download host: packages by their place in a URL, whole or in part, and listed by WebDAV.
//!
//! It knows no device and asks for no field of the management service. What a range means stands in
//! `range`.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::package::Package;

use super::server::{page, plain};
use super::service::Server;
use crate::listen::Connection;
use crate::range::{Ask, asked};
use crate::switch::Switches;

/// The name of the file in a folder. Any other is served too.
pub(super) const FILE: &str = "package.cab";

/// The folder of a package.
pub(super) async fn folder(
    State(server): State<Arc<Server>>,
    Extension(connection): Extension<Connection>,
    Path(place): Path<String>,
    request: Request,
) -> Response {
    serve(&server, &connection, &place, true, &request)
}

/// The file in it, whatever its name.
pub(super) async fn file(
    State(server): State<Arc<Server>>,
    Extension(connection): Extension<Connection>,
    Path((place, _)): Path<(String, String)>,
    request: Request,
) -> Response {
    serve(&server, &connection, &place, false, &request)
}

fn serve(
    server: &Server,
    connection: &Connection,
    place: &str,
    folder: bool,
    request: &Request,
) -> Response {
    let on = |name| server.switches.on(name);
    if request.method() == Method::HEAD {
        connection.wish.bodiless();
    } else if on("download-cut-short") {
        connection.wish.rewrite();
    }
    let Some(package) = server.store().at(place) else {
        return plain(404, "no such package");
    };
    if on("download-needs-token") && !request.headers().contains_key("x-device-auth") {
        return plain(401, "X-Device-Auth is missing");
    }
    let lists = !on("propfind-refused") && (folder || !on("propfind-of-folders-only"));
    match request.method() {
        &Method::GET | &Method::HEAD if on("download-redirected-forever") => {
            let here = [(header::LOCATION, request.uri().path().to_owned())];
            (StatusCode::FOUND, here).into_response()
        }
        &Method::GET | &Method::HEAD if on("html-for-packages") => page(),
        &Method::GET => get(&server.switches, place, &package, request.headers()),
        &Method::HEAD => get(&server.switches, place, &package, &HeaderMap::new()),
        method if method.as_str() == "PROPFIND" && lists => {
            let depth = request.headers().get("depth");
            // What is named is listed always, what is in it but to depth 0.
            let inside = depth.is_none_or(|depth| depth != "0") && !on("propfind-lists-nothing");
            propfind(place, folder, inside, &package)
        }
        _ => {
            let allow = [(header::ALLOW, "GET, HEAD, PROPFIND")];
            (StatusCode::METHOD_NOT_ALLOWED, allow, "only GET\n").into_response()
        }
    }
}

fn get(switches: &Switches, place: &str, package: &Package, fields: &HeaderMap) -> Response {
    let on = |name| switches.on(name);
    let mut data = Cow::Borrowed(&package.data);
    if on("download-longer-than-said") {
        data.to_mut().push(b'!');
    }
    let length = data.len();
    let tag = format!("\"{place}\"");
    let text = |name: HeaderName| fields.get(name).and_then(|value| value.to_str().ok());
    let same = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let ask = match text(header::RANGE) {
        Some(range) if same && !on("ranges-ignored") => asked(range, length),
        _ => Ask::All,
    };
    let (status, range, part) = match ask {
        Ask::All => (StatusCode::OK, None, data.into_owned()),
        Ask::Nothing => {
            let status = if on("range-beyond-end-answered") {
                StatusCode::PARTIAL_CONTENT
            } else {
                StatusCode::RANGE_NOT_SATISFIABLE
            };
            (status, Some(format!("bytes */{length}")), Vec::new())
        }
        Ask::Part(from, to) => {
            let shift = usize::from(on("range-off-by-one"));
            let ring = data.iter().cycle().skip(from + shift);
            let part = ring.take(to - from).copied().collect();
            let shift = usize::from(on("content-range-wrong"));
            let range = format!("bytes {}-{}/{length}", from + shift, to - 1 + shift);
            let range = (!on("content-range-left-out")).then_some(range);
            (StatusCode::PARTIAL_CONTENT, range, part)
        }
    };
    let mut response = Response::new(Body::from(part));
    *response.status_mut() = status;
    let accepts = !on("ranges-ignored") && !on("accept-ranges-left-out");
    let out = response.headers_mut();
    for (name, value) in [
        (
            header::CONTENT_TYPE,
            Some("application/octet-stream".to_owned()),
        ),
        (header::ACCEPT_RANGES, accepts.then(|| "bytes".to_owned())),
        (header::ETAG, Some(tag)),
        (header::CONTENT_RANGE, range),
    ] {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            out.insert(name, value);
        }
    }
    response
}

/// What is at a URL, and for a folder what is in it (RFC 4918 section 9.1).
fn propfind(place: &str, folder: bool, inside: bool, package: &Package) -> Response {
    let here = format!("/packages/{place}/");
    let size = package.data.len();
    let entry = |href: &str, properties: &str| {
        format!(
            "<D:response><D:href>{href}</D:href><D:propstat><D:prop>{properties}</D:prop>\
             <D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
        )
    };
    let mut entries = String::new();
    if folder {
        entries += &entry(&here, "<D:resourcetype><D:collection/></D:resourcetype>");
    }
    if inside || !folder {
        // The name of the listing is as good as the one that was asked for, and is no echo.
        let properties =
            format!("<D:resourcetype/><D:getcontentlength>{size}</D:getcontentlength>");
        entries += &entry(&(here + FILE), &properties);
    }
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <D:multistatus xmlns:D=\"DAV:\">{entries}</D:multistatus>"
    );
    let kind = [(header::CONTENT_TYPE, "application/xml; charset=utf-8")];
    (StatusCode::MULTI_STATUS, kind, body).into_response()
}
