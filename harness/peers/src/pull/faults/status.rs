//! Faults of statuses.

use crate::switch::Fault;
use crate::table::pull::logic;

pub(super) const STATUS: &[Fault] = &[
    logic(
        "several-statuses-refused",
        "refuses more than one status at a time",
    ),
    logic(
        "status-parameters-refused",
        "refuses statuses with parameters",
    ),
    logic(
        "unknown-status-refused",
        "refuses codes that are not documented",
    ),
    logic(
        "failed-download-refused",
        "refuses the status of a failed download",
    ),
    logic(
        "status-repeat-refused",
        "refuses a status that it has already",
    ),
];
