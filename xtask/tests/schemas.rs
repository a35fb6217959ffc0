//! The JSON Schemas (2020-12) of what is read and written: suites, profiles, `report.json` and
//! `prove.json`. Editors complete by them, scripts rely on them.
//!
//! They are generated from the types, checked in, and compared here; nothing else makes them.

use std::path::Path;

use assay_run::{Proof, Summary};
use assay_suites::profile::Profile;
use assay_suites::suite::Suite;
use rstest::rstest;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// What is read: as it may be written by hand.
fn read<T: JsonSchema>(title: &str) -> Value {
    of::<T>(SchemaSettings::draft2020_12(), title)
}

/// What is written: as it is, not as it could be read.
fn written<T: JsonSchema>(title: &str) -> Value {
    of::<T>(SchemaSettings::draft2020_12().for_serialize(), title)
}

fn of<T: JsonSchema>(settings: SchemaSettings, title: &str) -> Value {
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}

#[rstest]
#[case("suites/schema/suite.json", read::<Suite>("A suite of Assay"))]
#[case("suites/schema/profile.json", read::<Profile>("A profile of Assay"))]
#[case("reports/schema/report.json", written::<Summary>("A report of Assay"))]
#[case("reports/schema/prove.json", written::<Proof>("A proof of Assay"))]
fn the_checked_in_schema_is_the_generated_one(#[case] path: &str, #[case] schema: Value) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&file, format!("{schema:#}\n")).unwrap();
    }
    // Compared as values: the order of keys depends on what else is built.
    let found = std::fs::read(&file).unwrap();
    let found: Value = serde_json::from_slice(&found).unwrap();
    let how = "UPDATE_SCHEMA=1 cargo test -p xtask --test schemas";
    assert!(found == schema, "{path} is old: {how}");
}

#[test]
fn a_schema_knows_the_words_of_the_format_and_their_meaning() {
    let schema = read::<Suite>("").to_string();
    for word in [
        "package-1",
        "as-text",
        "dies-by",
        "out-of-scope",
        "dm-server",
    ] {
        assert!(schema.contains(&format!("\"{word}\"")), "{word}");
    }
    assert!(schema.contains("The base64 text itself"));
    let profile = read::<Profile>("").to_string();
    assert!(profile.contains("\"client-cert\""));
}
