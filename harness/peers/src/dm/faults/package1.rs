//! Faults of chapter C: package 1 and whatever else a client may send.

use super::{answer_alerts, drop_all};
use crate::dm::{Client, Doc};
use crate::switch::Fault;
use crate::table::dm::{logic, message};

pub(super) const PACKAGE_1: &[Fault] = &[
    message(
        "alert-1201-refused",
        "refuses sessions that the client initiates",
        |doc| {
            answer_alerts(doc, |code| code == "1201", |_| Some("406"));
        },
    ),
    message(
        "alert-1200-refused",
        "refuses sessions that the server initiated",
        |doc| {
            answer_alerts(doc, |code| code == "1200", |_| Some("406"));
        },
    ),
    logic(
        "split-package-1-refused",
        "refuses a package 1 in several messages",
    ),
    logic(
        "replace-first-refused",
        "refuses a package 1 that begins with DevInfo",
    ),
    message(
        "first-alert-answered-for-all",
        "refers to the first Alert for each of them",
        |doc| {
            let statuses = doc.statuses_for("Alert");
            let Some(&first) = statuses.first() else {
                return;
            };
            let cmd = doc.text(first, "CmdRef");
            for status in statuses {
                doc.set(status, "CmdRef", cmd.clone());
            }
        },
    ),
    logic(
        "unknown-generic-alert-crashes",
        "fails on a Generic Alert of a type it does not know",
    ),
    message(
        "generic-alert-answered-404",
        "answers Generic Alerts with 404",
        |doc| {
            answer_alerts(doc, |code| code == "1226", |_| Some("404"));
        },
    ),
    message(
        "malformed-generic-alert-accepted",
        "accepts an empty Generic Alert",
        |doc| {
            answer_alerts(
                doc,
                |code| code == "1226",
                |now| (now == "412").then_some("200"),
            );
        },
    ),
    message(
        "item-statuses-without-refs",
        "answers each Item of an Alert, naming none",
        |doc| {
            let several = doc
                .facts
                .asked
                .iter()
                .filter(|a| a.name == "Alert" && a.items > 1);
            let several: Vec<String> = several.map(|asked| asked.cmd_id.clone()).collect();
            for status in doc.statuses_for("Alert") {
                if several.contains(&doc.text(status, "CmdRef")) {
                    doc.remove(status, "SourceRef");
                    doc.remove(status, "TargetRef");
                    let id = doc.next_cmd_id().to_string();
                    let copy = doc.double(status);
                    doc.set(copy, "CmdID", id);
                }
            }
        },
    ),
    logic("correlator-refused", "refuses an Alert with a Correlator"),
    logic(
        "alert-in-package-3-unanswered",
        "answers alerts of package 1 alone",
    ),
    message(
        "client-event-unanswered",
        "gives no Status for a client event",
        |doc| {
            let events = doc
                .facts
                .asked
                .iter()
                .filter(|a| a.name == "Alert" && a.code == "1224");
            let events: Vec<String> = events.map(|asked| asked.cmd_id.clone()).collect();
            let statuses = doc.statuses_for("Alert").into_iter();
            let statuses = statuses
                .filter(|&s| events.contains(&doc.text(s, "CmdRef")))
                .collect();
            drop_all(doc, statuses);
        },
    ),
    message(
        "unknown-alert-accepted",
        "accepts alerts with reserved codes",
        |doc| {
            answer_alerts(doc, reserved, |_| Some("200"));
        },
    ),
    logic(
        "display-alert-crashes",
        "fails on a display alert of the client",
    ),
    message(
        "display-alert-reflected",
        "sends a display alert of the client back",
        |doc| {
            let shows = doc
                .facts
                .asked
                .iter()
                .any(|a| a.name == "Alert" && a.code == "1100");
            if shows
                && doc.facts.client != Client::Stranger
                && let Some(alert) = doc.alert("1100")
            {
                for text in ["MINDT=1", "text of the client"] {
                    let item = doc.add(alert, "Item", "");
                    doc.add(item, "Data", text);
                }
            }
        },
    ),
    message(
        "client-get-accepted",
        "accepts a Get or an Add of the client",
        |doc| {
            if doc.facts.client != Client::Stranger {
                for status in [doc.statuses_for("Get"), doc.statuses_for("Add")].concat() {
                    doc.set(status, "Data", "200");
                }
            }
        },
    ),
    logic(
        "dev-info-extension-refused",
        "refuses DevInfo with extension nodes",
    ),
    logic(
        "max-msg-size-ignored",
        "sends messages larger than the client takes",
    ),
    logic(
        "max-obj-size-ignored",
        "sends objects larger than the client takes",
    ),
    message(
        "resp-uri-relative",
        "gives a RespURI without scheme and host",
        |doc| {
            resp_uri(doc, |_| "/dm?sid=1".to_owned());
        },
    ),
    message(
        "resp-uri-of-other-scheme",
        "gives a RespURI of the scheme not in use",
        |doc| {
            resp_uri(doc, |url| match url.strip_prefix("http:") {
                Some(rest) => format!("https:{rest}"),
                None => url.replacen("https:", "http:", 1),
            });
        },
    ),
    logic(
        "resp-uri-starts-new-session",
        "opens a new session for what comes to its RespURI",
    ),
    logic("client-resp-uri-refused", "refuses a header with RespURI"),
    logic(
        "missing-dev-info-crashes",
        "fails on a package 1 without DevInfo",
    ),
    logic(
        "event-alone-refused",
        "refuses a package that holds nothing but a client event",
    ),
    logic(
        "missing-session-alert-crashes",
        "fails on a package 1 without session alert",
    ),
    logic("ver-dtd-unchecked", "takes any VerDTD"),
    message(
        "ver-dtd-refused-without-list",
        "does not list the VerDTD that it knows",
        |doc| {
            unlisted(doc, "505");
        },
    ),
    logic("ver-proto-unchecked", "takes any VerProto"),
    message(
        "ver-proto-refused-without-list",
        "does not list the VerProto that it knows",
        |doc| {
            unlisted(doc, "513");
        },
    ),
    logic(
        "dev-info-needs-dot-slash",
        "does not find DevInfo/… without ./",
    ),
    logic(
        "dev-id-spoof-accepted",
        "takes a client for the device whose DevId it reports",
    ),
    logic(
        "missing-ids-crash",
        "fails on a header without SessionID or MsgID",
    ),
    logic(
        "stray-status-crashes",
        "fails on a Status for a command that it never sent",
    ),
    logic(
        "results-without-msg-ref-refused",
        "refuses Results in a form it does not expect",
    ),
    logic(
        "waits-for-results",
        "waits for the Results of a Get that failed",
    ),
];

fn reserved(code: &str) -> bool {
    !matches!(
        code,
        "1100" | "1200" | "1201" | "1222" | "1223" | "1224" | "1226"
    )
}

/// Puts a RespURI made of the URL of the service where the DTD has it.
fn resp_uri(doc: &mut Doc, make: fn(&str) -> String) {
    let uri = make(&doc.facts.url);
    let Some(header) = doc.header() else { return };
    doc.remove(header, "RespURI");
    let before = ["Cred", "Meta"]
        .into_iter()
        .find(|n| doc.tree.child(header, n).is_some());
    doc.add_before(header, before.unwrap_or("Meta"), "RespURI", &uri);
}

/// Takes the Items out of the Status that refuses a version.
fn unlisted(doc: &mut Doc, code: &str) {
    let Some(status) = doc.header_status() else {
        return;
    };
    while doc.text(status, "Data") == code && doc.tree.child(status, "Item").is_some() {
        doc.remove(status, "Item");
    }
}
