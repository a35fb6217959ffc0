//! Who is let in, and with what: the fields that say what a message asks, and tokens.
//!
//! What the message then says is the business of `service`.

use assay_wire::pull::{Action, ReportKind};

use super::asked::Wanted;
use super::call::{Call, Refusal};
use super::store::{Device, Poll};
use crate::switch::Switches;

/// How a request may go on that is let in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Admitted {
    /// As one that is new.
    Fresh,
    /// A poll that was answered already.
    Again,
}

/// What the fields ask for; nothing where a switch lets anything pass.
pub(super) fn wanted(call: &Call<'_>, switches: &Switches) -> Result<Option<Wanted>, Refusal> {
    let action = call.action.and_then(Action::named);
    match action {
        None if switches.on("unknown-action-accepted") => Ok(None),
        None => Err((400, "X-Device-Action names no action")),
        Some(Action::Status) if switches.on("status-at-other-url") => {
            Err((404, "statuses go elsewhere"))
        }
        Some(Action::Report) if switches.on("report-type-ignored") => {
            Ok(Some(Wanted::Report(ReportKind::Software)))
        }
        Some(Action::Report) => match call.report_type.and_then(ReportKind::named) {
            Some(kind) => Ok(Some(Wanted::Report(kind))),
            None if switches.on("unknown-report-type-accepted") => Ok(None),
            None => Err((400, "X-Device-ReportType names no report")),
        },
        Some(action) => Ok(Some(Wanted::Action(action))),
    }
}

/// Looks at the token. A device that nobody knows has none, and no record is made for it yet:
/// what is refused leaves no trace.
pub(super) fn admit(
    device: Option<&mut Device>,
    call: &Call<'_>,
    wanted: Wanted,
    switches: &Switches,
) -> Result<Admitted, Refusal> {
    let is_poll = wanted == Wanted::Action(Action::Poll);
    let timestamp = call.timestamp.unwrap_or_default();
    if is_poll && call.timestamp == Some("") && switches.on("empty-timestamp-refused") {
        return Err((400, "X-Device-Timestamp is empty"));
    }
    let Some(device) = device else {
        return Ok(Admitted::Fresh);
    };
    if !is_poll && timestamp != device.timestamp && switches.on("timestamp-needed-everywhere") {
        return Err((400, "X-Device-Timestamp is not the last one"));
    }
    let Some(newest) = &device.token else {
        return Ok(Admitted::Fresh);
    };
    let expected = match device.earlier.back() {
        Some(before) if switches.on("newest-token-refused") => before,
        _ => newest,
    };
    let token = call.token.unwrap_or_default();
    let stale = device.earlier.iter().any(|old| old == token);
    if token == expected {
        device.shown = true;
        return Ok(Admitted::Fresh);
    }
    let this = Poll {
        token: token.to_owned(),
        timestamp: timestamp.to_owned(),
        body: call.fingerprint(),
    };
    if is_poll && !device.shown && device.last.as_ref() == Some(&this) {
        return Ok(Admitted::Again);
    }
    // A device that has lost what it kept begins anew.
    let begins = is_poll && call.token == Some("") && timestamp.is_empty();
    let lax = if stale {
        switches.on("stale-token-accepted")
    } else {
        switches.on("wrong-token-accepted")
    };
    if begins || lax {
        return Ok(Admitted::Fresh);
    }
    let status = if switches.on("token-refused-with-403") {
        403
    } else {
        401
    };
    Err((status, "X-Device-Auth is not the newest token"))
}
