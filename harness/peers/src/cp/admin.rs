//! The hooks of the administrator: `POST /admin/cp/push-document`, `bootstrap`, `push-si`,
//! `push-sl`, `trigger-dm`, `publish-package`, `reset`, with a JSON object each.
//!
//! Here it is understood what is asked; what is made of it stands in `work`.

use std::sync::Arc;

use assay_wire::mac::Method;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::server::Server;
use super::work;
use crate::carry::Carrier;
use crate::listen::Connection;
use crate::loose::{Loose, Refusal, bad};

/// Octets of a hook's body.
const LARGEST: usize = 1 << 20;

/// Everything that any hook is told.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Asking {
    pub(super) device: Loose,
    pub(super) address: Loose,
    pub(super) imsi: Loose,
    pub(super) pin: Loose,
    pub(super) carrier: Loose,
    pub(super) gateway: Loose,
    pub(super) push_id: Loose,
    pub(super) notify: Loose,
    pub(super) initiator: Loose,
    pub(super) document: Loose,
    pub(super) name: Loose,
    pub(super) security: Loose,
    pub(super) href: Loose,
    pub(super) text: Loose,
    pub(super) action: Loose,
    pub(super) si_id: Loose,
    pub(super) created: Loose,
    pub(super) expires: Loose,
    pub(super) session_id: Loose,
    pub(super) ui_mode: Loose,
    pub(super) version: Loose,
    pub(super) nonce: Loose,
    pub(super) nonce_lost: Loose,
    pub(super) server_id: Loose,
    pub(super) server_password: Loose,
    pub(super) server_url: Loose,
    pub(super) compression: Loose,
    pub(super) signed: Loose,
    pub(super) extension: Loose,
}

/// To whom a push goes, and how.
#[derive(Debug)]
pub(super) struct Target {
    /// Which device.
    pub(super) device: String,
    /// Its number; its name where none is known.
    pub(super) address: String,
    /// The IMSI in it.
    pub(super) imsi: Option<String>,
    /// The PIN that its user knows.
    pub(super) pin: Option<String>,
    /// Which way.
    pub(super) carrier: Carrier,
    /// Where that begins.
    pub(super) gateway: String,
    /// The name of the push.
    pub(super) push_id: Option<String>,
    /// True where the gateway is to tell what came of it.
    pub(super) notify: bool,
    /// Who initiates it.
    pub(super) initiator: Option<String>,
    /// Scheme, host and port of this server.
    pub(super) origin: String,
}

/// The first line of what a hook answers, or why it is refused.
pub(super) type Done = Result<String, Refusal>;

/// One of the hooks.
pub(super) async fn hook(
    State(server): State<Arc<Server>>,
    Extension(connection): Extension<Connection>,
    Path(what): Path<String>,
    body: Body,
) -> Response {
    let Ok(octets) = axum::body::to_bytes(body, LARGEST).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "too large\n").into_response();
    };
    let asking: Asking = match serde_json::from_slice(&octets) {
        Ok(asking) => asking,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let scheme = if connection.secure { "https" } else { "http" };
    let origin = format!("{scheme}://{}", connection.local);
    let done = match what.as_str() {
        "push-document" => work::document(&server, &asking, origin).await,
        "bootstrap" => work::bootstrap(&server, &asking, origin).await,
        "push-si" => work::indication(&server, &asking, origin).await,
        "push-sl" => work::loading(&server, &asking, origin).await,
        "trigger-dm" => work::trigger(&server, &asking, origin).await,
        "publish-package" => work::publish(&server, &asking, &origin),
        "reset" => {
            // Packages are of no device: that of one takes none away from the others.
            if asking.device.text().is_none_or(str::is_empty) {
                server.state().shelf.clear();
            }
            Ok("forgotten".to_owned())
        }
        _ => Err((404, "no such hook".to_owned())),
    };
    match done {
        Ok(text) => format!("{text}\n").into_response(),
        Err((status, why)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, format!("{why}\n")).into_response()
        }
    }
}

impl Asking {
    /// To whom a push is to go.
    pub(super) fn target(&self, origin: String) -> Result<Target, Refusal> {
        let device = self.device.needed("device")?.to_owned();
        let address = self.address.text().unwrap_or(&device).to_owned();
        if address.chars().any(char::is_control) || address.len() > 100 {
            return Err(bad("address", "a number"));
        }
        let carrier = self.carrier.text().unwrap_or("pap");
        let carrier = Carrier::named(carrier);
        let carrier = carrier.ok_or_else(|| bad("carrier", "pap, smpp, udp or file"))?;
        let gateway = match carrier {
            Carrier::File => "",
            Carrier::Pap | Carrier::Smpp | Carrier::Udp => self.gateway.needed("gateway")?,
        };
        let digits = |name: &str, value: &Loose, most: usize| match value.text() {
            Some(text) if text.len() > most || !text.bytes().all(|c| c.is_ascii_digit()) => {
                Err(bad(name, &format!("at most {most} digits")))
            }
            text => Ok(text.map(str::to_owned)),
        };
        let line = |name: &str, value: &Loose| match value.text() {
            Some(text) if text.chars().any(char::is_control) || text.len() > 1000 => {
                Err(bad(name, "one line"))
            }
            text => Ok(text.map(str::to_owned)),
        };
        Ok(Target {
            address,
            imsi: digits("imsi", &self.imsi, 15)?,
            pin: digits("pin", &self.pin, 20)?,
            carrier,
            gateway: gateway.to_owned(),
            push_id: line("push-id", &self.push_id)?,
            notify: self.notify.boolean("notify")?.unwrap_or(false),
            initiator: line("initiator", &self.initiator)?,
            device,
            origin,
        })
    }

    /// How a push is to be protected; nothing where it is not.
    pub(super) fn method(&self, usual: Option<Method>) -> Result<Option<Method>, Refusal> {
        match self.security.text() {
            None => Ok(usual),
            Some("none") => Ok(None),
            Some(name) => {
                let method = Method::named(name);
                let names = "none, netwpin, userpin, usernetwpin or userpinmac";
                method.map(Some).ok_or_else(|| bad("security", names))
            }
        }
    }
}
