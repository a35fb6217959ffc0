//! `report.json`: the summary as it is, and the schema of it.

use std::io;

use assay_run::Summary;

/// The summary as JSON.
///
/// # Errors
///
/// Only where a value cannot be written as JSON, which no summary holds.
pub fn json(summary: &Summary) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(summary).map_err(io::Error::other)? + "\n")
}

/// The JSON Schema (2020-12) of `report.json`.
///
/// # Errors
///
/// Only where the schema cannot be written as JSON, which it can.
pub fn report_schema() -> io::Result<String> {
    let schema = schemars::schema_for!(Summary);
    Ok(serde_json::to_string_pretty(&schema).map_err(io::Error::other)? + "\n")
}
