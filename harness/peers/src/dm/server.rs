//! The routes of the DM server and its rules of HTTP: methods, media types, sizes, form of answers.
//!
//! And the hooks of the administrator. What a message means is the business of `session`.

use std::sync::Arc;

use assay_wire::dm::{Message, Version, hmac};
use assay_wire::{Decoded, Encoding, Limits, media, read, wbxml, xml};
use axum::Extension;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};

use super::heard::Call;
use super::orders::{Asking, Order};
use super::session::{Answer, Server};
use super::store::Account;
use super::stumble;
use crate::intake;
use crate::listen::Connection;
use crate::loose::Loose;
use crate::switch::{Auth, Family, Switches};

/// Octets of a request that are read; more is 413.
const LARGEST: usize = 1 << 20;
const DM_XML: &str = "application/vnd.syncml.dm+xml";
const DM_WBXML: &str = "application/vnd.syncml.dm+wbxml";

/// The routes: `/dm`, `/admin/queue`, `/admin/set-account`, `/admin/trigger-dm`, `/admin/reset`.
pub(crate) fn routes(switches: Arc<Switches>) -> Router {
    Router::new()
        .route("/dm", any(dm))
        .route("/admin/queue", post(queue))
        .route("/admin/set-account", post(set_account))
        .route("/admin/trigger-dm", post(trigger))
        .route("/admin/reset", post(reset))
        .with_state(Arc::new(Server::new(switches)))
}

async fn dm(
    State(server): State<Arc<Server>>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response {
    match request.method() {
        &Method::HEAD => connection.wish.bodiless(),
        _ if server.switches.rewrite(Family::Dm) => connection.wish.rewrite(),
        _ => {}
    }
    let (parts, body) = request.into_parts();
    let switches = server.switches.clone();
    let fields = &parts.headers;
    if parts.method != Method::POST {
        if parts.method == Method::GET && switches.on("get-served") {
            return (
                StatusCode::OK,
                [(header::CONTENT_TYPE, "text/html")],
                "<h1>DM</h1>",
            )
                .into_response();
        }
        if switches.on("get-answered-404") {
            return plain(404, "nothing here");
        }
        let allow = [(header::ALLOW, "POST")];
        return (StatusCode::METHOD_NOT_ALLOWED, allow, "only POST\n").into_response();
    }
    let query = parts.uri.query().unwrap_or_default();
    if let Some(status) = stumble_over_head(&switches, &parts) {
        return plain(status, "the peer stumbled");
    }
    if switches.on("query-not-found") && has_mode(query) {
        return plain(404, "nothing here");
    }
    if switches.on("post-redirected") && !query.contains("moved=1") {
        let to = [(header::LOCATION, "/dm?moved=1")];
        return (StatusCode::TEMPORARY_REDIRECT, to, "").into_response();
    }
    let form = match form_of(fields) {
        Some(form) => form,
        None if switches.on("any-media-type-processed") => Encoding::Xml,
        None if switches.on("wrong-media-type-as-400") => {
            return plain(400, "not a media type of OMA DM");
        }
        None => return plain(415, "not a media type of OMA DM"),
    };
    let octets = match intake::read(fields, body, LARGEST).await {
        Ok(octets) => octets,
        Err(413) if switches.on("large-body-crashes") => return plain(500, "too large"),
        Err(status) => return plain(status, "the body cannot be read"),
    };
    let crashes = switches.on("malformed-body-crashes");
    let malformed = |why| plain(if crashes { 500 } else { 400 }, why);
    if octets.is_empty() {
        return malformed("the body is empty");
    }
    let Ok(decoded) = read(&octets, form, &Limits::TARGET) else {
        return malformed("the body is no document");
    };
    if faulty(&decoded, &switches) {
        return malformed("the body is not well-formed");
    }
    let Some(message) = Message::of(&decoded.tree) else {
        return malformed("the body is empty");
    };
    let binary = decoded.wbxml.as_ref();
    if binary.is_some_and(|head| stumble::over_wbxml(&octets, head, &message, &switches)) {
        return plain(400, "the peer stumbled");
    }
    let scheme = if connection.secure { "https" } else { "http" };
    let call = Call {
        encoding: if switches.on("accept-ignored") {
            form
        } else {
            accepted(fields, form)
        },
        url: format!("{scheme}://{}/dm", connection.local),
        token: parameter(query, "sid"),
        connection: connection.number,
        certified: connection.certified && !switches.on("certificate-not-enough")
            || switches.on("maintenance-mode-trusted") && has_mode(query),
        public_id: binary
            .filter(|_| switches.on("version-from-public-id"))
            .and_then(|head| version_of(&head.public_id)),
        body: &octets,
        hmac: fields
            .get(hmac::FIELD)
            .and_then(|value| value.to_str().ok()),
    };
    match server.answer(&call, &message) {
        Answer::Http(status, why) => plain(status, why),
        Answer::Message { denied: true, .. } if switches.on("bad-credentials-as-http-401") => {
            plain(401, "unauthorized")
        }
        Answer::Message {
            body,
            encoding,
            mac,
            ..
        } => {
            let mut response = answer(body, encoding, &switches);
            if let Some(mac) = mac.and_then(|mac| HeaderValue::from_str(&mac).ok()) {
                response.headers_mut().insert(hmac::FIELD, mac);
            }
            response
        }
    }
}

/// A message as HTTP has it.
fn answer(body: Vec<u8>, encoding: Encoding, switches: &Switches) -> Response {
    let media = match encoding {
        _ if switches.on("media-type-text-xml") => "text/xml",
        Encoding::Xml if switches.on("data-sync-media-type") => "application/vnd.syncml+xml",
        Encoding::Wbxml if switches.on("data-sync-media-type") => "application/vnd.syncml+wbxml",
        Encoding::Xml if switches.on("content-type-with-charset") => {
            "application/vnd.syncml.dm+xml; charset=utf-8"
        }
        Encoding::Xml if switches.on("content-type-with-parameters") => {
            "application/vnd.syncml.dm+xml;verproto=\"DM/1.2\"; verdtd=1.2"
        }
        Encoding::Wbxml if switches.on("content-type-with-parameters") => {
            "application/vnd.syncml.dm+wbxml; verproto=\"DM/1.2\""
        }
        Encoding::Xml => DM_XML,
        Encoding::Wbxml => DM_WBXML,
    };
    let mut response = Response::new(Body::from(body));
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    let cache = if switches.on("cache-control-no-store") {
        "no-store"
    } else {
        "private"
    };
    if !switches.on("cache-control-missing") {
        fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    }
    if switches.on("more-response-headers") {
        fields.insert(header::SERVER, HeaderValue::from_static("Peer/1.0 (assay)"));
        fields.insert(header::SET_COOKIE, HeaderValue::from_static("id=1; Path=/"));
        fields.insert(header::VARY, HeaderValue::from_static("Accept"));
        fields.insert("x-request-id", HeaderValue::from_static("7f3a"));
    }
    response
}

fn plain(status: u16, why: &'static str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    if status == StatusCode::NO_CONTENT {
        return status.into_response();
    }
    (status, format!("{why}\n")).into_response()
}

/// What a switched peer stumbles over in the head of a request.
fn stumble_over_head(switches: &Switches, parts: &axum::http::request::Parts) -> Option<u16> {
    let fields = &parts.headers;
    let type_parameters = || {
        let value = fields
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        value
            .and_then(media::parse)
            .is_some_and(|media| !media.params.is_empty())
    };
    let old = parts.version == axum::http::Version::HTTP_10;
    let stumbles: [(&str, bool, u16); 7] = [
        ("charset-parameter-refused", type_parameters(), 415),
        (
            "chunked-request-refused",
            fields.contains_key(header::TRANSFER_ENCODING),
            411,
        ),
        (
            "expectation-refused",
            fields.contains_key(header::EXPECT),
            417,
        ),
        ("http-10-refused", old, 505),
        (
            "header-field-of-windows-refused",
            fields.contains_key("ms-cv"),
            400,
        ),
        (
            "user-agent-required",
            !fields.contains_key(header::USER_AGENT),
            403,
        ),
        (
            "media-type-case-matters",
            fields
                .get(header::CONTENT_TYPE)
                .is_some_and(|value| value.as_bytes().iter().any(u8::is_ascii_uppercase)),
            415,
        ),
    ];
    let hit = stumbles
        .iter()
        .find(|(name, when, _)| switches.on(name) && *when);
    hit.map(|(_, _, status)| *status)
}

/// The form that the media type says; parameters and letter case do not count.
fn form_of(fields: &HeaderMap) -> Option<Encoding> {
    let value = fields.get(header::CONTENT_TYPE)?.to_str().ok()?;
    match media::parse(value)?.essence.as_str() {
        DM_XML => Some(Encoding::Xml),
        DM_WBXML => Some(Encoding::Wbxml),
        _ => None,
    }
}

/// The form of the request, unless Accept lists the other one alone.
fn accepted(fields: &HeaderMap, form: Encoding) -> Encoding {
    let mut takes = (false, false);
    for value in fields.get_all(header::ACCEPT) {
        for media in media::parse_list(value.to_str().unwrap_or_default()) {
            if media.param("q").and_then(|q| q.parse::<f32>().ok()) == Some(0.0) {
                continue;
            }
            match media.essence.as_str() {
                DM_XML => takes.0 = true,
                DM_WBXML => takes.1 = true,
                "*/*" | "application/*" => return form,
                _ => {}
            }
        }
    }
    match takes {
        (true, false) => Encoding::Xml,
        (false, true) => Encoding::Wbxml,
        _ => form,
    }
}

/// True for a document that the server does not look into.
fn faulty(decoded: &Decoded<'_>, switches: &Switches) -> bool {
    if switches.on("entities-accepted") {
        return false;
    }
    decoded.notes.iter().any(|note| match note.kind {
        // The version is that of VerDTD, whatever the public identifier says.
        "wbxml.unknown-public-id" | "wbxml.token-too-new" => false,
        kind => xml::is_fault(kind) || wbxml::is_fault(kind),
    })
}

fn version_of(id: &wbxml::PublicId) -> Option<Version> {
    match id {
        wbxml::PublicId::Number(0x0FD3) => Some(Version::V1_1),
        wbxml::PublicId::Number(0x1201) => Some(Version::V1_2),
        wbxml::PublicId::Number(_) => None,
        wbxml::PublicId::Text(text) if text.contains("1.1") => Some(Version::V1_1),
        wbxml::PublicId::Text(_) => Some(Version::V1_2),
    }
}

/// True for what Windows adds to the URL (MS-MDM 2.1).
fn has_mode(query: &str) -> bool {
    parameter(query, "mode").is_some()
}

fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// `POST /admin/queue`: commands for a device.
async fn queue(State(server): State<Arc<Server>>, body: Body) -> Response {
    let Ok(octets) = axum::body::to_bytes(body, LARGEST).await else {
        return plain(413, "too large");
    };
    let asking: Asking = match serde_json::from_slice(&octets) {
        Ok(asking) => asking,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let orders = match Order::from_asking(&asking) {
        Ok(orders) => orders,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let mut store = server.store();
    let count = orders.len();
    if orders
        .into_iter()
        .all(|order| store.queue(&asking.device, order))
    {
        (
            StatusCode::OK,
            format!("{count} queued for {}\n", asking.device),
        )
            .into_response()
    } else {
        plain(429, "too many orders wait")
    }
}

/// `POST /admin/set-account`: by which scheme alone a device gets in (`auth`), and by which one the
/// server proves itself to it from the start (`server-auth`).
async fn set_account(State(server): State<Arc<Server>>, body: Body) -> Response {
    #[derive(serde::Deserialize, Default)]
    #[serde(default, rename_all = "kebab-case")]
    struct Wanted {
        device: String,
        auth: Loose,
        server_auth: Loose,
    }
    let Ok(octets) = axum::body::to_bytes(body, LARGEST).await else {
        return plain(413, "too large");
    };
    let wanted: Wanted = match serde_json::from_slice(&octets) {
        Ok(wanted) => wanted,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let scheme = |name: &Loose| match name.text() {
        None => Ok(None),
        Some(name) => Auth::named(name).map(Some).ok_or(()),
    };
    let (Ok(auth), Ok(own)) = (scheme(&wanted.auth), scheme(&wanted.server_auth)) else {
        return plain(400, "auth and server-auth are none, basic, md5 or mac");
    };
    server.store().device(&wanted.device).account = Account { auth, server: own };
    plain(200, "set up")
}

/// `POST /admin/trigger-dm`: a device was asked to open a session. Who asked it, and how the
/// notification travels, is the business of the provisioning server.
async fn trigger(State(server): State<Arc<Server>>, body: Body) -> Response {
    #[derive(serde::Deserialize, Default)]
    #[serde(default, rename_all = "kebab-case")]
    struct Notice {
        device: String,
        session_id: Loose,
        nonce_lost: Loose,
    }
    let Ok(octets) = axum::body::to_bytes(body, LARGEST).await else {
        return plain(413, "too large");
    };
    let notice: Notice = match serde_json::from_slice(&octets) {
        Ok(notice) => notice,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let mut store = server.store();
    let keeper = store.device(&notice.device);
    keeper.triggered = notice.session_id.text().and_then(|id| id.parse().ok());
    keeper.is_lost |= notice.nonce_lost.is_true();
    plain(200, "noted")
}

/// `POST /admin/reset`: forgets everything, or what it knows of one device.
async fn reset(State(server): State<Arc<Server>>, body: Body) -> Response {
    #[derive(serde::Deserialize, Default)]
    #[serde(default)]
    struct Which {
        device: Option<String>,
    }
    let Ok(octets) = axum::body::to_bytes(body, LARGEST).await else {
        return plain(413, "too large");
    };
    let which: Which = serde_json::from_slice(&octets).unwrap_or_default();
    server
        .store()
        .reset(which.device.as_deref().filter(|device| !device.is_empty()));
    plain(200, "forgotten")
}
