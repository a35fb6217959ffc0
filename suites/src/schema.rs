//! JSON Schemas of the two formats, for editors: completion, descriptions, slips underlined.
//!
//! They are generated from the model and checked in; the loader itself does not use them.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::profile::Profile;
use crate::suite::Suite;

/// The schema of a suite file: `suites/schema/suite.json`.
pub fn suite() -> Value {
    of::<Suite>("A suite of Assay")
}

/// The schema of a profile: `suites/schema/profile.json`.
pub fn profile() -> Value {
    of::<Profile>("A profile of Assay")
}

/// A schema as it is checked in: indented, with a line break at its end.
pub fn text(schema: &Value) -> String {
    format!("{schema:#}\n")
}

fn of<T: JsonSchema>(title: &str) -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::suite("suite", suite())]
    #[case::profile("profile", profile())]
    fn the_checked_in_schema_is_the_generated_one(#[case] name: &str, #[case] schema: Value) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/{name}.json"));
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&path, text(&schema)).unwrap();
        }
        // Compared as values: the order of keys depends on what else is built.
        let found = std::fs::read(&path).unwrap();
        let found: Value = serde_json::from_slice(&found).unwrap();
        let how = "UPDATE_SCHEMA=1 cargo test -p assay-suites";
        assert!(found == schema, "schema/{name}.json is old: {how}");
    }

    #[test]
    fn a_schema_knows_the_words_of_the_format_and_their_meaning() {
        let schema = suite().to_string();
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
        assert!(profile().to_string().contains("\"client-cert\""));
    }
}
