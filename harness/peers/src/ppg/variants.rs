//! Variants of the push proxy gateway: freedoms that the protocol leaves, each used by a switch.

use assay_wire::sms::OCTETS_CLASS_1;
use assay_wire::tree::Namespace;
use assay_wire::xml::Quotes;

use crate::cp::Kind;
use crate::framing::in_chunks;
use crate::switch::Variant;
use crate::table::ppg::{logic, push, reply, response, sms};

pub(crate) const VARIANTS: &[Variant] = &[
    logic(
        "credentials-required",
        "takes pushes from initiators with credentials only",
    ),
    logic(
        "multiple-addresses-refused",
        "takes pushes to one address only",
    ),
    logic("replacement-refused", "replaces no push"),
    reply(
        "responses-of-version-2-1",
        "answers in version 2.1",
        |reply| reply.control.version = "2.1",
    ),
    reply(
        "responses-without-doctype",
        "names no document type",
        |reply| reply.control.version = "",
    ),
    reply(
        "responses-single-quoted",
        "quotes attributes with apostrophes",
        |reply| reply.control.quotes = Quotes::Single,
    ),
    response(
        "responses-in-chunks",
        "sends chunks instead of a Content-Length",
        in_chunks,
    ),
    reply(
        "progress-noted",
        "notes the progress of a push in the answer",
        |reply| {
            let control = &mut reply.control;
            let result = control.inside("response-result").first().copied();
            if let (Some(message), Some(result)) = (control.named("push-response"), result) {
                let none = Namespace::None;
                let name = "progress-note";
                let note = control.tree.push_element(Some(message), none, name);
                control.tree.detach(note);
                control.tree.attach_before(result, note);
                control.set(note, "stage", "taken");
                control.set(note, "note", "it is in the queue");
            }
        },
    ),
    reply("accepted-as-1000", "says OK of what it accepted", |reply| {
        for result in reply.control.inside("response-result") {
            if reply.control.attribute(result, "code").as_deref() == Some("1001") {
                reply.control.set(result, "code", "1000");
                reply.control.set(result, "desc", "OK");
            }
        }
    }),
    push(
        "gateway-application-id",
        "names the usual application",
        |push| {
            let mut headers = push.draft.headers.iter();
            if !headers.any(|header| header.0 == "X-Wap-Application-Id") {
                push.header("X-Wap-Application-Id", "x-wap-application:wml.ua", true);
            }
        },
    ),
    push(
        "gateway-initiator-uri",
        "names the initiator that it authenticated",
        |push| {
            let has = |name: &str| push.draft.headers.iter().any(|header| header.0 == name);
            if has("Push-Flag") && !has("X-Wap-Initiator-URI") && push.kind != Kind::Trigger {
                push.header("X-Wap-Initiator-URI", "https://pi.example.com/", false);
            }
        },
    ),
    sms(
        "gateway-sixteen-bit-references",
        "gives segments references of sixteen bits",
        |sms| sms.split.wide = true,
    ),
    sms(
        "gateway-message-class-1",
        "sends octets of message class 1",
        |sms| sms.coding = OCTETS_CLASS_1,
    ),
];
