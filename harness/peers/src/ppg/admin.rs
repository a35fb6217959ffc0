//! The hooks of the administrator: `POST /admin/ppg/route` says where a device is, `POST
//! /admin/ppg/reset` forgets a device, or everything where it names none; a JSON object each.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::ledger::Route;
use super::server::Gateway;
use crate::carry::Carrier;
use crate::loose::{Loose, Refusal, bad};

/// Octets of a hook's body.
const LARGEST: usize = 64 << 10;

/// Everything that a hook is told.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Asking {
    device: Loose,
    address: Loose,
    carrier: Loose,
    gateway: Loose,
}

/// One of the hooks.
pub(super) async fn hook(
    State(gateway): State<Arc<Gateway>>,
    Path(what): Path<String>,
    body: Body,
) -> Response {
    let Ok(octets) = axum::body::to_bytes(body, LARGEST).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "too large\n").into_response();
    };
    // A reset needs nothing to be said.
    let given = if octets.is_empty() {
        b"{}"
    } else {
        &octets[..]
    };
    let asking: Asking = match serde_json::from_slice(given) {
        Ok(asking) => asking,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let done = match what.as_str() {
        "route" => route(&gateway, &asking),
        "reset" => {
            match asking.device.text().filter(|device| !device.is_empty()) {
                // Others go on meanwhile.
                Some(device) => gateway.ledger().forget(device),
                None => gateway.reset(),
            }
            Ok("forgotten")
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

fn route(gateway: &Gateway, asking: &Asking) -> Result<&'static str, Refusal> {
    let device = asking.device.needed("device")?;
    let carrier = Carrier::named(asking.carrier.text().unwrap_or("smpp"));
    let carrier = carrier.filter(|carrier| matches!(carrier, Carrier::Smpp | Carrier::Udp));
    let route = Route {
        device: device.to_owned(),
        carrier: carrier.ok_or_else(|| bad("carrier", "smpp or udp"))?,
        gateway: asking.gateway.needed("gateway")?.to_owned(),
    };
    let address = asking.address.text().unwrap_or(device);
    if address.chars().count() > 299 {
        return Err(bad("address", "at most 299 characters"));
    }
    gateway.ledger().lead(address, &route);
    Ok("known")
}
