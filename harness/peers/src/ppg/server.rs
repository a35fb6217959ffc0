//! The routes of the gateway and its rules of HTTP: who may submit, sizes, how answers are sent.
//!
//! What a request means is the business of `answer`; hooks are in `admin`.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use assay_wire::{digest, pap};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use axum::{Extension, Router};
use tokio::task::JoinSet;

use super::ledger::Ledger;
use super::{Reply, admin, answer, asked};
use crate::control::Control;
use crate::intake;
use crate::listen::Connection;
use crate::switch::{Family, Switches};

/// The path of the gateway.
pub(crate) const PATH: &str = "/ppg";
/// Octets of a request.
const LARGEST: usize = 1 << 20;
/// Most pushes that are on their way or wait for their time.
const UNDER_WAY: usize = 1024;
/// Who may initiate pushes.
const USER: &str = "assay";
const PASSWORD: &str = "secret-assay";

/// The gateway.
#[derive(Debug)]
pub(crate) struct Gateway {
    /// What it does otherwise.
    pub(crate) switches: Arc<Switches>,
    ledger: Mutex<Ledger>,
    /// What is under way. It ends with the gateway's routes.
    tasks: Mutex<JoinSet<()>>,
}

impl Gateway {
    /// What it remembers.
    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has something done while it goes on.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        if tasks.len() < UNDER_WAY {
            tasks.spawn(task);
        }
    }

    /// Forgets everything, and lets go of what is under way.
    pub(crate) fn reset(&self) {
        self.ledger().clear();
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.abort_all();
    }
}

/// The routes: the gateway and its hooks.
pub(crate) fn routes(switches: Arc<Switches>) -> Router {
    let gateway = Gateway {
        switches,
        ledger: Mutex::default(),
        tasks: Mutex::default(),
    };
    Router::new()
        .route(PATH, any(submit))
        .route("/admin/ppg/{what}", post(admin::hook))
        .with_state(Arc::new(gateway))
}

/// True for the credentials of an initiator, false for none.
///
/// # Errors
/// Wrong ones.
fn authenticated(fields: &HeaderMap) -> Result<bool, ()> {
    let Some(given) = fields.get(header::AUTHORIZATION) else {
        return Ok(false);
    };
    let right = digest::basic(USER, PASSWORD);
    let given = given.to_str().map_err(|_| ())?;
    let (scheme, credentials) = given.split_once(' ').ok_or(())?;
    let known = scheme.eq_ignore_ascii_case("basic") && credentials.trim() == right;
    known.then_some(true).ok_or(())
}

async fn submit(
    State(gateway): State<Arc<Gateway>>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response {
    let switches = gateway.switches.clone();
    if switches.rewrite(Family::Ppg) && request.method() != Method::HEAD {
        connection.wish.rewrite();
    }
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST {
        if parts.method == Method::HEAD {
            connection.wish.bodiless();
        }
        let allow = [(header::ALLOW, "POST")];
        return (StatusCode::METHOD_NOT_ALLOWED, allow, "only POST\n").into_response();
    }
    let known = match authenticated(&parts.headers) {
        Ok(known) => known,
        Err(()) if switches.on("wrong-credentials-relayed") => false,
        Err(()) => return unauthorized(),
    };
    if !known && switches.on("credentials-required") {
        return unauthorized();
    }
    let octets = match intake::read(&parts.headers, body, LARGEST).await {
        Ok(octets) => octets,
        Err(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            return (status, "the body cannot be read\n").into_response();
        }
    };
    let media = parts.headers.get(header::CONTENT_TYPE);
    let media = media.and_then(|value| value.to_str().ok());
    let entities = asked::entities(media.unwrap_or_default(), &octets);
    let tree = match &entities {
        Ok(entities) => answer::answer(&gateway, entities, known),
        Err(why) => answer::malformed(&gateway, &octets, why),
    };
    let mut reply = Reply {
        control: Control::new(tree),
    };
    let malformed = reply.control.named("badmessage-response").is_some();
    if malformed && switches.on("malformed-control-as-http-400") {
        return (StatusCode::BAD_REQUEST, "malformed\n").into_response();
    }
    for bend in switches.replies() {
        bend(&mut reply);
    }
    if switches.on("answered-in-plain-text") {
        return (StatusCode::ACCEPTED, "OK\n").into_response();
    }
    if switches.on("answered-with-204") {
        return StatusCode::NO_CONTENT.into_response();
    }
    let media = [(header::CONTENT_TYPE, pap::CONTROL_MEDIA)];
    (StatusCode::ACCEPTED, media, reply.control.write()).into_response()
}

fn unauthorized() -> Response {
    let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"push\"")];
    let text = "who initiates pushes is known here\n";
    (StatusCode::UNAUTHORIZED, challenge, text).into_response()
}
