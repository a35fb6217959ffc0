//! What the gateway answers to a control entity, and what it has done.

use std::sync::Arc;

use assay_wire::pap::{self, Document, Message, OutcomeDraft};
use assay_wire::tree::Tree;

use super::asked::{self, Content, Entities};
use super::ledger::{Progress, Route};
use super::relay::{self, Job};
use super::server::Gateway;
use crate::clock;

/// Most addresses of one push.
const ADDRESSES: usize = 256;
/// Most octets of a bad message that are shown to its author.
const FRAGMENT: usize = 200;

/// A refusal: the code, and a sentence.
type Refused = (u16, &'static str);

/// Answers a request whose entities were taken apart.
pub(crate) fn answer(
    gateway: &Arc<Gateway>,
    entities: &Entities,
    authenticated: bool,
) -> Tree<'static> {
    let Some(tree) = asked::control(&entities.control) else {
        return malformed(
            gateway,
            &entities.control,
            "the control entity is malformed",
        );
    };
    let message = Document::of(&tree).and_then(|document| document.message);
    let Some((message, id)) = message.and_then(|message| {
        let id = message.push_id.unwrap_or_default().to_owned();
        Some((message, id)).filter(|(message, id)| !id.is_empty() || message.name == "ccq-message")
    }) else {
        return malformed(gateway, &entities.control, "the message has no push-id");
    };
    match message.name {
        "push-message" => {
            let Some(content) = &entities.content else {
                return malformed(gateway, &entities.control, "there is no content entity");
            };
            let taken = take(gateway, &message, &id, content, authenticated);
            let (code, why) = taken.err().unwrap_or((1001, "accepted for processing"));
            let outcome = outcome(code, Some(why));
            let time = clock::text(clock::now());
            pap::push_response(&id, Some(&time), &outcome)
        }
        "statusquery-message" => status(gateway, &id),
        "cancel-message" => cancel(gateway, &id),
        "ccq-message" => pap::bad_message(3001, Some("not implemented"), "ccq-message"),
        _ => malformed(
            gateway,
            &entities.control,
            "the message is not for a gateway",
        ),
    }
}

/// The answer to what cannot be understood.
pub(crate) fn malformed(gateway: &Gateway, control: &[u8], why: &str) -> Tree<'static> {
    if gateway.switches.on("malformed-control-accepted") {
        return pap::push_response("unknown", None, &outcome(1001, None));
    }
    let end = control.len().min(FRAGMENT);
    let text = String::from_utf8_lossy(&control[..end]);
    let fragment: String = text.chars().filter(|c| !c.is_control()).collect();
    pap::bad_message(2000, Some(why), &fragment)
}

fn outcome(code: u16, why: Option<&str>) -> OutcomeDraft<'_> {
    OutcomeDraft {
        code,
        description: why.or(pap::meaning(code)),
        ..OutcomeDraft::default()
    }
}

fn take(
    gateway: &Arc<Gateway>,
    message: &Message<'_>,
    id: &str,
    content: &Content,
    authenticated: bool,
) -> Result<(), Refused> {
    let switches = &gateway.switches;
    let mut targets = targets(gateway, message)?;
    if targets.len() > 1 && switches.on("multiple-addresses-refused") {
        return Err((3005, "several addresses are too many"));
    }
    if switches.on("second-address-dropped") {
        targets.truncate(1);
    }
    let known = gateway.ledger().push(id).is_some();
    if known && !switches.on("push-id-reuse-accepted") {
        return Err((2007, "the push-id is taken"));
    }
    if let Some(quality) = &message.quality {
        if quality.method == Some("confirmed") {
            return Err((3007, "no confirmed delivery over this bearer"));
        }
        let other = |given: Option<&str>, own: &[&str]| {
            given.is_some_and(|given| !own.iter().any(|own| own.eq_ignore_ascii_case(given)))
        };
        if quality.network_required && other(quality.network, &["GSM", "ANY"]) {
            return Err((3009, "no such network"));
        }
        if quality.bearer_required && other(quality.bearer, &["SMS", "ANY", "GSM-SMS"]) {
            return Err((3010, "no such bearer"));
        }
    }
    let time = |name| message.attribute(name).and_then(clock::parse);
    let (after, before) = (
        time("deliver-after-timestamp"),
        time("deliver-before-timestamp"),
    );
    if after
        .zip(before)
        .is_some_and(|(after, before)| before < after)
    {
        return Err((2000, "it is to be delivered before it may be"));
    }
    let push = relay::push(content, authenticated, switches).map_err(|why| (3006, why))?;
    let sends = replace(gateway, message)?;
    let devices = targets.iter().map(|(_, _, route)| route.device.clone());
    gateway.ledger().enter(id, devices.collect());
    if !sends {
        // Nobody is left who waits for the push that this one replaces.
        targets.clear();
        gateway.ledger().progress(id, Progress::Delivered);
    }
    let notify = message.attribute("ppg-notify-requested-to");
    let job = Job {
        push_id: id.to_owned(),
        targets,
        push,
        after,
        before,
        notify: notify.map(str::to_owned),
        received: clock::text(clock::now()),
    };
    gateway.spawn(relay::run(Arc::downgrade(gateway), job));
    Ok(())
}

fn targets(
    gateway: &Gateway,
    message: &Message<'_>,
) -> Result<Vec<(String, String, Route)>, Refused> {
    if message.addresses.len() > ADDRESSES {
        return Err((3005, "too many addresses"));
    }
    let ledger = gateway.ledger();
    let targets = message.addresses.iter().map(|address| {
        let parts = pap::address(address.value).ok_or((2002, "an address is none"))?;
        let route = ledger.route(parts.device);
        let route = route.ok_or((2003, "nobody has the address"))?;
        Ok((
            address.value.to_owned(),
            parts.device.to_owned(),
            route.clone(),
        ))
    });
    targets.collect()
}

/// Takes the push away that another one replaces. False where nobody is to get the other one.
fn replace(gateway: &Gateway, message: &Message<'_>) -> Result<bool, Refused> {
    let switches = &gateway.switches;
    let Some(old) = message.attribute("replace-push-id") else {
        return Ok(true);
    };
    if switches.on("replacement-ignored") {
        return Ok(true);
    }
    if switches.on("replacement-refused") {
        return Err((3011, "no push is replaced here"));
    }
    let mut ledger = gateway.ledger();
    let progress = ledger.push(old).map(|record| record.progress);
    match progress {
        None => Err((2004, "there is no push to replace")),
        Some(Progress::Pending) => {
            ledger.progress(old, Progress::Cancelled);
            Ok(true)
        }
        Some(_) => Ok(message.attribute("replace-method") != Some("pending-only")),
    }
}

fn status(gateway: &Gateway, id: &str) -> Tree<'static> {
    let found = gateway.ledger().push(id).cloned();
    let time = found.as_ref().map(|record| clock::text(record.at));
    let (code, state) = match &found {
        Some(record) => (1000, record.progress.word()),
        None if gateway.switches.on("unknown-push-found") => (1000, "delivered"),
        None => (2004, "unknown"),
    };
    let outcome = OutcomeDraft {
        state: Some(state),
        time: time.as_deref(),
        ..outcome(code, None)
    };
    pap::status_query_response(id, &[outcome])
}

fn cancel(gateway: &Gateway, id: &str) -> Tree<'static> {
    let mut ledger = gateway.ledger();
    let progress = ledger.push(id).map(|record| record.progress);
    let code = match progress {
        Some(Progress::Pending) => {
            ledger.progress(id, Progress::Cancelled);
            1000
        }
        Some(_) => 2008,
        None if gateway.switches.on("unknown-push-cancelled") => 1000,
        None => 2004,
    };
    pap::cancel_response(id, &[outcome(code, None)])
}
