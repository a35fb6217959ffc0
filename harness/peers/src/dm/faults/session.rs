//! Faults of chapter B: sessions, numbers of messages, who is answered and how often.

use assay_wire::tree::NodeId;

use super::{drop_all, set_all, set_header};
use crate::dm::{Doc, Stage};
use crate::switch::Fault;
use crate::table::dm::{logic, message};

pub(super) const SESSION: &[Fault] = &[
    message(
        "session-id-own",
        "answers with a SessionID of its own",
        |doc| {
            set_header(doc, "SessionID", "4711");
        },
    ),
    message(
        "session-id-reparsed",
        "writes SessionID as the number that it reads into it",
        |doc| {
            let session = doc.facts.session.clone();
            let number = session
                .parse::<u32>()
                .or_else(|_| u32::from_str_radix(&session, 16));
            set_header(
                doc,
                "SessionID",
                &number.map_or(session, |number| number.to_string()),
            );
        },
    ),
    logic(
        "session-id-needs-decimal",
        "refuses a SessionID that is no decimal number",
    ),
    logic(
        "trigger-matched-in-decimal",
        "takes the SessionID of a session that it asked for to be decimal",
    ),
    logic("session-id-zero-refused", "refuses SessionID 0"),
    message("msg-id-skips", "counts its messages by two", |doc| {
        let msg = (doc.facts.round * 2).saturating_sub(1).to_string();
        set_header(doc, "MsgID", &msg);
    }),
    message(
        "msg-id-constant",
        "gives each of its messages MsgID 1",
        |doc| {
            set_header(doc, "MsgID", "1");
        },
    ),
    message(
        "msg-ref-off-by-one",
        "refers to the message after the one it answers",
        |doc| {
            let next = doc.facts.msg.parse::<u32>().unwrap_or(0).saturating_add(1);
            set_all(doc, doc.statuses(), "MsgRef", &next.to_string());
        },
    ),
    message(
        "header-cmd-ref-one",
        "refers to the header as command 1",
        |doc| {
            let status = doc.header_status().into_iter().collect();
            set_all(doc, status, "CmdRef", "1");
        },
    ),
    message(
        "header-cmd-misspelt",
        "calls the header `SyncHeader` in its Status",
        |doc| {
            let status = doc.header_status().into_iter().collect();
            set_all(doc, status, "Cmd", "SyncHeader");
        },
    ),
    message(
        "header-status-missing",
        "gives no Status for the header after its first",
        |doc| {
            if doc.facts.round > 1 {
                drop_all(doc, doc.header_status().into_iter().collect());
            }
        },
    ),
    message(
        "header-status-doubled",
        "gives two Statuses for the header",
        |doc| {
            if let Some(status) = doc.header_status() {
                double_status(doc, status);
            }
        },
    ),
    message(
        "header-status-last",
        "gives the Status for the header last",
        |doc| {
            if let (Some(status), Some(&last)) = (doc.header_status(), doc.statuses().last())
                && last != status
            {
                doc.tree.detach(status);
                doc.tree.attach_before(last, status);
                doc.tree.detach(last);
                doc.tree.attach_before(status, last);
            }
        },
    ),
    message(
        "alert-status-missing",
        "gives no Status for alerts",
        |doc| {
            drop_all(doc, doc.statuses_for("Alert"));
        },
    ),
    message(
        "replace-status-missing",
        "gives no Status for DevInfo",
        |doc| {
            drop_all(doc, doc.statuses_for("Replace"));
        },
    ),
    message(
        "refusal-leaves-alert-unanswered",
        "gives no Status for alerts when it refuses",
        |doc| {
            if doc.facts.stage == Stage::Refusal {
                drop_all(doc, doc.statuses_for("Alert"));
            }
        },
    ),
    message(
        "refusal-leaves-dev-info-unanswered",
        "gives no Status for DevInfo when it refuses",
        |doc| {
            if doc.facts.stage == Stage::Refusal {
                drop_all(doc, doc.statuses_for("Replace"));
            }
        },
    ),
    message(
        "status-cmd-wrong",
        "names Alert in the Status for a Replace",
        |doc| {
            set_all(doc, doc.statuses_for("Replace"), "Cmd", "Alert");
        },
    ),
    message(
        "status-refs-hard-coded",
        "refers to commands 1, 2, 3 whatever was sent",
        |doc| {
            for (number, status) in doc.statuses_for("*").into_iter().enumerate() {
                doc.set(status, "CmdRef", (number + 1).to_string());
            }
        },
    ),
    message(
        "status-for-unknown-command",
        "gives a Status for a command that nobody sent",
        |doc| {
            let code = doc
                .header_status()
                .map(|status| doc.text(status, "Data"))
                .unwrap_or_default();
            if let Some(status) = doc.status("77", "Replace", &code) {
                behind_statuses(doc, status);
            }
        },
    ),
    message(
        "statuses-reversed",
        "gives its Statuses in the reverse order",
        |doc| {
            for status in doc.statuses_for("*").into_iter().skip(1) {
                let Some(&first) = doc.statuses_for("*").first() else {
                    return;
                };
                doc.tree.detach(status);
                doc.tree.attach_before(first, status);
            }
        },
    ),
    message(
        "status-doubled",
        "gives two Statuses for the same command",
        |doc| {
            if let Some(&status) = doc.statuses_for("*").first() {
                double_status(doc, status);
            }
        },
    ),
    message("status-for-status", "gives a Status for a Status", |doc| {
        answer_each(doc, "Status");
    }),
    message(
        "results-status-200",
        "gives Status 200 for Results",
        |doc| {
            answer_each(doc, "Results");
        },
    ),
    message(
        "status-names-first-item",
        "names the first Item in a Status for all of them",
        |doc| {
            let asked = doc
                .facts
                .asked
                .iter()
                .filter(|asked| asked.items > 1)
                .cloned();
            for asked in asked.collect::<Vec<_>>() {
                for status in doc.statuses_for(&asked.name) {
                    if doc.text(status, "CmdRef") == asked.cmd_id
                        && doc.tree.child(status, "SourceRef").is_none()
                    {
                        doc.add_before(status, "Data", "SourceRef", &asked.source);
                    }
                }
            }
        },
    ),
    logic(
        "close-without-message",
        "closes a session with HTTP 204 instead of a message",
    ),
    message("final-missing", "never sends Final", |doc| {
        drop_all(doc, doc.fin().into_iter().collect());
    }),
    logic(
        "commands-before-final",
        "sends commands before package 1 is complete",
    ),
    message(
        "final-on-next-message",
        "sends Final although it asks for the next message",
        |doc| {
            if let Some(body) = doc.body().filter(|_| doc.facts.stage == Stage::NextMessage) {
                doc.add(body, "Final", "");
            }
        },
    ),
    message(
        "next-message-alert-missing",
        "does not ask for the next message",
        |doc| {
            if doc.facts.stage == Stage::NextMessage && !doc.facts.package_1 {
                drop_all(doc, doc.named("Alert"));
            }
        },
    ),
    message(
        "rest-of-package-1-not-asked",
        "does not ask for the rest of package 1",
        |doc| {
            if doc.facts.stage == Stage::NextMessage && doc.facts.package_1 {
                drop_all(doc, doc.named("Alert"));
            }
        },
    ),
    logic(
        "commands-while-outstanding",
        "sends commands while others wait for their Status",
    ),
    logic("command-resent", "sends an answered command again"),
    message(
        "close-with-next-message-alert",
        "asks for the next message when it closes",
        |doc| {
            if doc.facts.stage == Stage::Closing {
                doc.alert("1222");
            }
        },
    ),
    logic(
        "repeat-not-recognised",
        "takes the repeat of a message for a new one",
    ),
    logic(
        "sessions-by-id-alone",
        "finds sessions by SessionID, whatever the device",
    ),
    logic(
        "new-session-continues-old",
        "goes on with the old session under a new SessionID",
    ),
    logic(
        "unknown-session-crashes",
        "fails with HTTP 500 on a session that it does not know",
    ),
    logic(
        "statuses-by-position",
        "loses the Statuses of all but the last message of a package",
    ),
];

fn double_status(doc: &mut Doc, status: NodeId) {
    let id = doc.next_cmd_id().to_string();
    let copy = doc.double(status);
    doc.set(copy, "CmdID", id);
}

/// Moves a Status that was added last behind the other Statuses.
fn behind_statuses(doc: &mut Doc, status: NodeId) {
    if let Some(&first) = doc.commands().first() {
        doc.tree.detach(status);
        doc.tree.attach_before(first, status);
    }
}

/// Gives Status 200 for each command of this name in the request.
fn answer_each(doc: &mut Doc, name: &str) {
    let asked = doc
        .facts
        .asked
        .iter()
        .filter(|asked| asked.name == name)
        .cloned();
    for asked in asked.collect::<Vec<_>>() {
        if let Some(status) = doc.status(&asked.cmd_id, name, "200") {
            behind_statuses(doc, status);
        }
    }
}
