//! Faults of polls: what is accepted, what is listed, the mark of the poll.

use assay_wire::pull::Kind;

use super::halve;
use crate::switch::Fault;
use crate::table::pull::{body, document, logic};

pub(super) const POLL: &[Fault] = &[
    body(
        "poll-response-cut",
        "leaves the last end tag of a poll response out",
        |body| {
            let end = b"</PollResponse>";
            if let Some(at) = body.windows(end.len()).position(|window| window == end) {
                body.truncate(at);
            }
        },
    ),
    body(
        "poll-response-halved",
        "sends the first half of a poll response",
        |body| halve(body, "<PollResponse"),
    ),
    logic("html-for-polls", "answers polls with a web page and 200"),
    logic("optional-packages-unlisted", "lists required packages only"),
    logic(
        "packages-listed-once-only",
        "lists what is new since the last poll",
    ),
    document(
        "package-id-as-text",
        "writes the ids of the list as text",
        |doc| {
            for package in doc.listed() {
                let id = doc.value(package, "ID").unwrap_or_default();
                doc.remove_attribute(package, "ID");
                doc.tree.set_text(package, id);
            }
        },
    ),
    logic(
        "packages-of-all-listed",
        "lists the packages of all devices to each",
    ),
    logic(
        "package-list-without-end",
        "lists 100 000 packages that nobody published",
    ),
    logic(
        "empty-list-as-error",
        "answers a poll without packages with 404",
    ),
    document(
        "empty-list-left-out",
        "leaves the list out where it is empty",
        |doc| {
            if doc.listed().is_empty() {
                doc.remove_all("ApplicablePackages");
            }
        },
    ),
    document("packages-listed-twice", "lists each package twice", |doc| {
        for package in doc.listed() {
            doc.double(package);
        }
    }),
    logic("timestamp-not-sent", "gives no timestamp"),
    logic(
        "empty-timestamp-refused",
        "refuses a poll with an empty timestamp",
    ),
    logic(
        "timestamp-needed-everywhere",
        "needs its last timestamp in all messages but polls",
    ),
    logic("domain-required", "refuses a poll without Domain"),
    logic("mac-required", "refuses a poll without MAC"),
    logic(
        "code-page-lower-case-refused",
        "refuses a poll with codePage",
    ),
    logic(
        "identification-order-matters",
        "refuses a poll whose NetworkAdapter is not the last of Identification",
    ),
    logic(
        "record-forgotten-at-poll",
        "makes a new record of a device at each poll",
    ),
    logic(
        "answers-crossed",
        "answers a poll for the device that polled before",
    ),
];

/// True for the documents that answer a poll.
pub(super) fn is_response(doc: &crate::pull::Doc) -> bool {
    doc.root(Kind::PollResponse).is_some()
}
