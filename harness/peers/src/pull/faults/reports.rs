//! Faults of reports.

use crate::switch::Fault;
use crate::table::pull::logic;

pub(super) const REPORTS: &[Fault] = &[
    logic(
        "nested-directories-refused",
        "refuses directories in directories",
    ),
    logic(
        "file-details-required",
        "refuses files without optional attributes",
    ),
    logic(
        "repeated-items-refused",
        "refuses an inventory with two items of one name",
    ),
    logic(
        "unknown-items-refused",
        "refuses an inventory with items that it does not know",
    ),
    logic(
        "binary-file-refused",
        "refuses collected files that are no text",
    ),
    logic(
        "file-media-type-checked",
        "refuses collected files of any media type but one",
    ),
    logic(
        "report-namespace-required",
        "refuses reports without a namespace",
    ),
    logic(
        "report-declaration-required",
        "refuses reports without an XML declaration",
    ),
    logic(
        "malformed-report-acknowledged",
        "acknowledges reports that it cannot read",
    ),
];
