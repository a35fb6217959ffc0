//! The routes of the management server and its rules of HTTP: methods, sizes, fields of answers.
//!
//! What a message means is the business of `service`; packages are handed out by `download`, the
//! hooks of the administrator are in `admin`.

use std::sync::Arc;

use assay_wire::pull::field;
use axum::Extension;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};

use super::call::{Answer, Answered, Call};
use super::service::Server;
use super::{admin, download};
use crate::intake;
use crate::listen::Connection;
use crate::switch::{Family, Switches};

/// The path of the service.
pub(crate) const PATH: &str = "/devicemgmt/server.aspx";
/// Octets of a request that are read; more is 413. A collected file may be large.
const LARGEST: usize = 2 << 20;

/// The routes: the service, `/packages/…`, `/admin/pull/…`.
pub(crate) fn routes(switches: Arc<Switches>) -> Router {
    Router::new()
        .route(PATH, any(manage))
        .route("/packages/{place}/", any(download::folder))
        .route("/packages/{place}/{name}", any(download::file))
        .route("/admin/pull/{what}", post(admin::hook))
        .with_state(Arc::new(Server::new(switches)))
}

async fn manage(
    State(server): State<Arc<Server>>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response {
    let switches = server.switches.clone();
    match request.method() {
        &Method::HEAD => connection.wish.bodiless(),
        _ if switches.rewrite(Family::Pull) => connection.wish.rewrite(),
        _ => {}
    }
    let heard = connection.heard.take();
    let (parts, body) = request.into_parts();
    let fields = &parts.headers;
    if parts.method != Method::POST {
        let allow = [(header::ALLOW, "POST")];
        return (StatusCode::METHOD_NOT_ALLOWED, allow, "only POST\n").into_response();
    }
    let octets = match intake::read(fields, body, LARGEST).await {
        Ok(octets) => octets,
        Err(status) => return plain(status, "the body cannot be read"),
    };
    // What is left of the body; the next request begins behind it.
    connection.heard.take();
    if switches.on("field-names-case-matters") && misspelled(fields, &heard) {
        return plain(400, "a field is missing");
    }
    let scheme = if connection.secure { "https" } else { "http" };
    let text = |name: &str| fields.get(name).and_then(|value| value.to_str().ok());
    let call = Call {
        uuid: text(field::UUID),
        token: text(field::AUTH),
        timestamp: text(field::TIMESTAMP),
        client_version: text(field::CLIENT_VERSION),
        action: text(field::ACTION),
        report_type: text(field::REPORT_TYPE),
        filename: text(field::FILENAME),
        media_type: text("content-type"),
        origin: format!("{scheme}://{}", connection.local),
        host: connection.local.to_string(),
        body: &octets,
    };
    match server.answer(&call) {
        Answer::Refused(status, why) => plain(status, why),
        Answer::Taken => taken(&switches),
        Answer::Document(answered) => document(answered, &switches),
        Answer::Page => page(),
    }
}

/// True where a field of the service is there in another spelling than that of the documentation.
fn misspelled(fields: &HeaderMap, heard: &[u8]) -> bool {
    [field::UUID, field::ACTION].iter().any(|name| {
        let wanted = [b"\n", name.as_bytes(), b":"].concat();
        let spelled = heard.windows(wanted.len()).any(|window| window == wanted);
        fields.contains_key(*name) && !spelled
    })
}

fn taken(switches: &Switches) -> Response {
    if switches.on("acknowledged-with-204") {
        return StatusCode::NO_CONTENT.into_response();
    }
    StatusCode::OK.into_response()
}

fn document(answered: Answered, switches: &Switches) -> Response {
    let mut response = if answered.body.is_empty() {
        taken(switches)
    } else {
        let media = match () {
            () if switches.on("media-type-application-xml") => "application/xml",
            () if switches.on("charset-left-out") => "text/xml",
            () => "text/xml; charset=utf-8",
        };
        let mut response = Response::new(Body::from(answered.body));
        let media = HeaderValue::from_static(media);
        response.headers_mut().insert(header::CONTENT_TYPE, media);
        response
    };
    let beside = [
        (field::AUTH, answered.token),
        (field::TIMESTAMP, answered.timestamp),
    ];
    for (name, value) in beside {
        let name = HeaderName::try_from(name).ok();
        let value = value.and_then(|value| HeaderValue::try_from(value).ok());
        if let (Some(name), Some(value)) = (name, value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A status and a reason in plain text.
pub(super) fn plain(status: u16, why: &'static str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, format!("{why}\n")).into_response()
}

/// A page for people, with 200.
pub(super) fn page() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let body =
        "<html><head><title>Welcome</title></head><body><p>Sign in, please.</p></body></html>\n";
    (kind, body).into_response()
}
