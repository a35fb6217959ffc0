//! What the server sends next: commands from the queue of a device, once what was sent before is
//! answered and the package of the client is over (OMA-TS-DM_Protocol 6, 8).
//!
//! How they are written stands in `orders`, how many fit into a message in `reply`.

use assay_wire::view::value;

use super::heard::Heard;
use super::orders::Order;
use super::store::{Session, Store};
use crate::switch::Switches;

/// Most commands sent in one message.
const BATCH: usize = 16;

/// Takes the Statuses of an accepted message, and chooses what to send next. A client that did not
/// believe the last message gets its commands again, or nothing more where the server gives up.
pub(super) fn choose(
    store: &mut Store,
    session: &mut Session,
    heard: &Heard<'_, '_>,
    (aborted, doubted): (bool, Option<bool>),
    switches: &Switches,
) -> Vec<Order> {
    let on = |name| switches.on(name);
    if let Some(tries_again) = doubted {
        let outstanding = std::mem::take(&mut session.outstanding);
        let again = outstanding.into_iter().map(|outstanding| outstanding.order);
        return again.filter(|_| tries_again).collect();
    }
    let was_outstanding = !session.outstanding.is_empty();
    let mut again = Vec::new();
    session.waiting = false;
    for status in heard.message.statuses() {
        let (msg, cmd) = (
            value(status.msg_ref.as_ref()),
            value(status.cmd_ref.as_ref()),
        );
        let counts = heard.fin || !on("statuses-by-position");
        let found = session
            .outstanding
            .iter()
            .position(|o| o.msg == msg && o.cmd == cmd);
        let Some(found) = found.filter(|_| counts) else {
            continue;
        };
        let done = session.outstanding.remove(found);
        if done.order.gets() && status.code() != 200 && on("waits-for-results") {
            session.waiting = true;
        }
        if on("command-resent") && session.msg < 4 {
            again.push(done.order);
        }
    }
    if aborted {
        session.outstanding.clear();
        return Vec::new();
    }
    if session.waiting {
        return Vec::new();
    }
    let mut free = heard.fin;
    if !heard.fin {
        free |= session.package_1 && on("commands-before-final");
        free |= !session.package_1 && was_outstanding && on("commands-while-outstanding");
    } else if !session.outstanding.is_empty() && on("new-session-continues-old") {
        session.waiting = true;
        free = false;
    } else if !session.outstanding.is_empty() {
        // The client closed its package and left commands without an answer.
        let left = std::mem::take(&mut session.outstanding);
        free = on("statuses-by-position");
        if free {
            again.extend(left.into_iter().map(|outstanding| outstanding.order));
        }
    }
    if !free {
        return again;
    }
    let largest = session.max_obj_size.filter(|_| !on("max-obj-size-ignored"));
    let device = owner(session, heard, switches);
    let queue = &mut store.device(device).queue;
    let mut orders = again;
    let batch = if on("one-command-a-message") {
        1
    } else {
        BATCH
    };
    while orders.len() < batch
        && let Some(order) = queue.pop_front()
    {
        // An object that the client cannot take is not sent at all.
        if largest.is_none_or(|largest| order.object_size() <= largest) {
            orders.push(order);
        }
    }
    orders
}

/// The device whose commands are sent: the one that speaks, whatever it says in DevInfo.
fn owner<'a>(session: &'a Session, heard: &'a Heard<'_, '_>, switches: &Switches) -> &'a str {
    let mut items = heard.message.requests().flat_map(|command| &command.items);
    let dev_id = items.find(|item| value(item.source.as_ref()).ends_with("DevInfo/DevId"));
    match dev_id {
        Some(item) if switches.on("dev-id-spoof-accepted") => value(item.data.as_ref()),
        _ => &session.device,
    }
}
