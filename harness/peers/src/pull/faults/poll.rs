//! Faults of polls: what is accepted, what is listed, the mark of the poll.

use assay_wire::pull::Kind;

use super::{body, document, logic};
use crate::switch::Fault;

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
];

/// True for the documents that answer a poll.
pub(super) fn is_response(doc: &super::Doc) -> bool {
    doc.root(Kind::PollResponse).is_some()
}
