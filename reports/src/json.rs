//! `report.json`: the summary as it is; the schemas of it and of `prove.json`.

use std::io;

use assay_run::{Proof, Summary};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The summary as JSON.
///
/// # Errors
///
/// Only where a value cannot be written as JSON, which no summary holds.
pub fn json(summary: &Summary) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(summary).map_err(io::Error::other)? + "\n")
}

/// The JSON Schema (2020-12) of `report.json`: `reports/schema/report.json`.
pub fn report_schema() -> Value {
    of::<Summary>("A report of Assay")
}

/// The JSON Schema (2020-12) of `prove.json`: `reports/schema/prove.json`.
pub fn prove_schema() -> Value {
    of::<Proof>("A proof of Assay")
}

fn of<T: JsonSchema>(title: &str) -> Value {
    // As it is written, not as it could be read.
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::report("report", report_schema())]
    #[case::prove("prove", prove_schema())]
    fn the_checked_in_schema_is_the_generated_one(#[case] name: &str, #[case] schema: Value) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/{name}.json"));
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&path, format!("{schema:#}\n")).unwrap();
        }
        // Compared as values: the order of keys depends on what else is built.
        let found = std::fs::read(&path).unwrap();
        let found: Value = serde_json::from_slice(&found).unwrap();
        let how = "UPDATE_SCHEMA=1 cargo test -p assay-reports";
        assert!(found == schema, "schema/{name}.json is old: {how}");
    }
}
