//! Faults of the chapter on Windows: events, fields and the end of an enrollment.

use super::{answer_alerts, drop_all};
use crate::dm::Client;
use crate::switch::Fault;
use crate::table::dm::{logic, message};

pub(super) const WINDOWS: &[Fault] = &[
    message(
        "login-status-unanswered",
        "has no Status for the client events of Windows",
        |doc| {
            if doc.facts.client == Client::OfWindows {
                let events: Vec<String> = (doc.facts.asked.iter())
                    .filter(|asked| asked.code == "1224")
                    .map(|asked| asked.cmd_id.clone())
                    .collect();
                let mut statuses = doc.statuses_for("Alert");
                statuses.retain(|&status| events.contains(&doc.text(status, "CmdRef")));
                drop_all(doc, statuses);
            }
        },
    ),
    logic(
        "client-event-of-windows-crashes",
        "fails on client events of Windows other than the login status",
    ),
    message(
        "unenrollment-unknown",
        "does not know the alert by which a user of Windows leaves",
        |doc| {
            if doc.facts.client == Client::OfWindows {
                answer_alerts(doc, |code| code == "1226", |_| Some("415"));
            }
        },
    ),
    logic(
        "header-field-of-windows-refused",
        "refuses requests with a field that Windows adds",
    ),
];
