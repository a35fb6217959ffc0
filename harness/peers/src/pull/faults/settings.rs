//! Faults of settings and orders for reports.

use super::poll::is_response;
use crate::switch::Fault;
use crate::table::pull::{document, logic};

pub(super) const SETTINGS: &[Fault] = &[
    document(
        "poll-interval-in-seconds",
        "writes PollInterval in seconds",
        |doc| {
            doc.set_all("PollInterval", "3600");
        },
    ),
    document(
        "retry-interval-in-minutes",
        "writes FailureRetryInterval in minutes",
        |doc| {
            doc.set_all("FailureRetryInterval", "3");
        },
    ),
    document(
        "report-interval-in-days",
        "writes the intervals of reports in days",
        |doc| {
            if is_response(doc) {
                doc.set_all("Interval", "1");
            }
        },
    ),
    document(
        "poll-interval-in-months",
        "writes PollInterval in months",
        |doc| {
            doc.set_all("PollInterval", "0000-01-00 00:00:00");
        },
    ),
    logic("orders-forgotten", "orders no reports"),
    document(
        "filters-left-out",
        "leaves the filters of reports out",
        |doc| {
            doc.remove_all("FileFilterItem");
        },
    ),
    document(
        "client-settings-without-version",
        "gives ClientSettings no version",
        |doc| {
            for settings in doc.all("ClientSettings") {
                doc.remove_attribute(settings, "version");
            }
        },
    ),
];
