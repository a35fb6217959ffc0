//! `report.json`: the summary as it is.

use std::io;

use assay_run::Summary;

/// The summary as JSON. Its schema: `reports/schema/report.json`.
///
/// # Errors
///
/// Only where a value cannot be written as JSON, which no summary holds.
pub fn json(summary: &Summary) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(summary).map_err(io::Error::other)? + "\n")
}
