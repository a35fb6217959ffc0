//! Faults of the push proxy gateway. One line breaks one rule; which one is said in the suites, by
//! name.

use crate::switch::Fault;
use crate::table::ppg::{logic, push, reply};

use super::Reply;

pub(crate) const FAULTS: &[Fault] = &[
    // Answers.
    logic("answered-in-plain-text", "answers in plain text"),
    logic("answered-with-204", "answers without a body"),
    logic(
        "malformed-control-accepted",
        "accepts control entities that it cannot understand",
    ),
    logic(
        "malformed-control-as-http-400",
        "answers to malformed control entities with an error of HTTP",
    ),
    reply(
        "bad-message-without-fragment",
        "does not show which message was bad",
        |reply| {
            if let Some(node) = reply.control.named("badmessage-response") {
                reply.control.remove(node, "bad-message-fragment");
            }
        },
    ),
    reply(
        "bad-message-with-other-code",
        "says internal error of bad messages",
        |reply| {
            if let Some(node) = reply.control.named("badmessage-response") {
                reply.control.set(node, "code", "3000");
            }
        },
    ),
    logic(
        "push-id-reuse-accepted",
        "accepts a second push under one push-id",
    ),
    reply(
        "code-out-of-list",
        "answers with a code that is in no list",
        |reply| code(reply, "1099"),
    ),
    reply("code-in-words", "answers with a word for a code", |reply| {
        code(reply, "OK");
    }),
    logic(
        "unknown-push-found",
        "says of pushes that it does not know that they are delivered",
    ),
    logic(
        "unknown-push-cancelled",
        "cancels pushes that it does not know",
    ),
    // Notifications.
    logic("notification-not-sent", "tells nobody what came of pushes"),
    reply(
        "notification-without-state",
        "tells what came of pushes without their state",
        |reply| {
            if let Some(node) = reply.control.named("resultnotification-message") {
                reply.control.remove(node, "message-state");
            }
        },
    ),
    reply(
        "notification-of-another-push",
        "tells what came of pushes under other push-ids",
        |reply| {
            if let Some(node) = reply.control.named("resultnotification-message") {
                reply
                    .control
                    .set(node, "push-id", "another@ppg.example.com");
            }
        },
    ),
    // What devices get.
    push("security-dropped", "drops SEC and MAC", |push| {
        push.draft.sec = None;
        push.draft.mac = None;
    }),
    push("mac-dropped", "drops MAC", |push| push.draft.mac = None),
    push("mac-mangled", "writes MAC in lower-case letters", |push| {
        push.draft.mac = push.draft.mac.take().map(|mac| mac.to_ascii_lowercase());
    }),
    push(
        "content-altered",
        "puts an octet behind the content",
        |push| push.draft.body.push(0x01),
    ),
    logic(
        "push-flag-for-everybody",
        "says of all initiators that they are authenticated",
    ),
    push(
        "push-flag-for-nobody",
        "says of no initiator that it is authenticated",
        |push| push.without("Push-Flag"),
    ),
    logic(
        "wrong-credentials-relayed",
        "relays for initiators with wrong credentials",
    ),
    logic("second-address-dropped", "sends to the first address only"),
    logic(
        "replacement-ignored",
        "sends both the push that is replaced and the other one",
    ),
];

fn code(reply: &mut Reply, code: &str) {
    if reply.control.named("push-response").is_some() {
        for result in reply.control.inside("response-result") {
            reply.control.set(result, "code", code);
        }
    }
}
