//! The only file that knows the YAML parser: values with their place, and one way to read a text.
//!
//! What is read is data of our own types and nothing else: no anchors, aliases, merge keys or
//! application tags, one document, bounded depth and size. What the values mean is not known here.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::diagnostic::Diagnostic;
use crate::words::closest;

/// The largest file that is read, in bytes. The largest chapter is a tenth of it.
pub const MAX_BYTES: usize = 1 << 20;

/// A value and where it stands in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Offset of its first byte in the file.
    pub at: usize,
    /// Its length in bytes; zero where only its start is known, as of a mapping.
    pub len: usize,
}

impl<T> From<T> for Located<T> {
    /// A value that stands in no file.
    fn from(value: T) -> Self {
        Self {
            value,
            at: 0,
            len: 0,
        }
    }
}

impl<T> std::ops::Deref for Located<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = serde_yaml::Spanned::<T>::deserialize(deserializer)?;
        let span = spanned.referenced.span();
        let at = span.byte_offset().unwrap_or_default();
        let len = span.byte_len().unwrap_or_default();
        Ok(Self {
            value: spanned.value,
            at: to_usize(at),
            len: to_usize(len),
        })
    }
}

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Located<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }
}

/// Reads the text of a file. The file's name is only for the diagnostic.
pub fn read<T: DeserializeOwned>(file: &str, source: &str) -> Result<T, Diagnostic> {
    if source.len() > MAX_BYTES {
        return Err(Diagnostic::of_file(file, &too_large()));
    }
    let options = serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_aliases: 0,
            max_anchors: 0,
            max_merge_keys: 0,
            max_depth: 32,
            flow_nesting_limit: 32,
            max_nodes: 20_000,
            max_events: 100_000,
            max_documents: 1,
        },
        duplicate_keys: serde_yaml::options::DuplicateKeyPolicy::Error,
        merge_keys: serde_yaml::options::MergeKeyPolicy::Error,
        strict_booleans: true,
        ignore_binary_tag_for_string: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    };
    serde_yaml::from_str_with_options(source, options)
        .map_err(|error| diagnose(file, source, &error))
}

/// Reads a file that may be anything: too large, no text, not there.
pub fn read_file(path: &std::path::Path) -> Result<String, Diagnostic> {
    use std::io::Read;

    let file = path.display().to_string();
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    std::fs::File::open(path)
        .and_then(|opened| opened.take(limit).read_to_end(&mut bytes))
        .map_err(|error| Diagnostic::of_file(&file, &format!("cannot be read: {error}")))?;
    if bytes.len() > MAX_BYTES {
        return Err(Diagnostic::of_file(&file, &too_large()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let source = String::from_utf8_lossy(error.as_bytes());
        Diagnostic::new(&file, &source, at, 1, "is not UTF-8 text")
    })
}

fn too_large() -> String {
    format!("is larger than {MAX_BYTES} bytes")
}

fn diagnose(file: &str, source: &str, error: &serde_yaml::Error) -> Diagnostic {
    let error = error.without_snippet();
    let (mut at, mut len) = error.location().map_or((0, 0), |location| {
        let span = location.span();
        let start = span.byte_offset().map(to_usize);
        let start = start.unwrap_or_else(|| offset(source, location.line(), location.column()));
        (start, span.byte_len().map_or(0, to_usize))
    });
    if matches!(error, serde_yaml::Error::Unexpected { .. }) {
        (at, len) = guilty(source, at, len);
    }
    if let serde_yaml::Error::UnsupportedTag { tag, .. } = error {
        let before = &source[..source.floor_char_boundary(at)];
        (at, len) = before
            .rfind(tag.as_str())
            .map_or((at, len), |start| (start, tag.len()));
    }
    Diagnostic::new(file, source, at, len, &wording(source, error))
}

/// The byte offset of a line and a column, for errors that know no other place.
fn offset(source: &str, line: u64, column: u64) -> usize {
    let before = to_usize(line.saturating_sub(1));
    let start: usize = source
        .split_inclusive('\n')
        .take(before)
        .map(str::len)
        .sum();
    let row = source[start..].lines().next().unwrap_or_default();
    let within = row
        .chars()
        .take(to_usize(column.saturating_sub(1)))
        .map(char::len_utf8);
    start + within.sum::<usize>()
}

/// What should have been something else: the parser points behind a word that stands alone.
fn guilty(source: &str, at: usize, len: usize) -> (usize, usize) {
    let at = source.floor_char_boundary(at);
    let after = source[at..].chars().next();
    if after.is_some_and(|after| !after.is_whitespace() && !matches!(after, '}' | ']' | ',')) {
        return (at, len);
    }
    let before = source[..at].trim_end();
    let word = before.rfind(|c: char| c.is_whitespace() || matches!(c, '{' | '[' | ','));
    let start = word.map_or(0, |before_it| before_it + 1);
    if start < before.len() {
        (start, before.len() - start)
    } else {
        (at, len)
    }
}

/// What is wrong, in the words of somebody who writes suites and not parsers.
fn wording(source: &str, error: &serde_yaml::Error) -> String {
    use serde_yaml::Error as E;
    use serde_yaml::budget::BudgetBreach as B;

    match error {
        E::Eof { .. } if is_blank(source) => "the file is empty".to_owned(),
        E::Eof { .. } => "the file ends too early".to_owned(),
        E::Unexpected { expected, .. } => match *expected {
            "mapping start" => {
                "a mapping is expected here: `key: value` below it, or `{}` for no options".into()
            }
            "sequence start" => "a list is expected here: `[…]`, or lines with `- `".into(),
            "string scalar" => "a text is expected here".into(),
            other => format!("expected here: {other}"),
        },
        E::SerdeUnknownField {
            field, expected, ..
        } => unknown("field", field, expected),
        E::SerdeUnknownVariant {
            variant, expected, ..
        } => unknown("word", variant, expected),
        E::SerdeMissingField { field, .. } => format!("the field `{field}` is missing"),
        E::InvalidScalar {
            ty: "u32" | "u64" | "usize",
            ..
        } => "a whole number from 0 is expected here".to_owned(),
        E::InvalidScalar {
            ty: "i64" | "i32", ..
        } => "a whole number is expected here".to_owned(),
        E::InvalidBooleanStrict { .. } => "`true` or `false` is expected here".to_owned(),
        E::NullIntoString { .. } => "a text is expected here; quote `null` and `~`".to_owned(),
        E::DuplicateMappingKey { key: Some(key), .. } => format!("`{key}` is given twice"),
        E::ExpectedMappingEndAfterEnumVariantValue { .. } => {
            "only one key may stand here: this is a second one".to_owned()
        }
        E::MergeKeyNotAllowed { .. } => "merge keys (`<<`) are not allowed".to_owned(),
        E::UnsupportedTag { tag, .. } => format!(
            "the tag `{tag}` is not allowed; a rule stands on the lines below `|`, other text is quoted"
        ),
        E::UnknownAnchor { .. } => "aliases are not allowed".to_owned(),
        E::Budget { breach, .. } => match breach {
            B::Aliases { .. } | B::Anchors { .. } => {
                "anchors and aliases are not allowed".to_owned()
            }
            B::Documents { .. } => "one document a file: nothing may follow `---`".to_owned(),
            B::Depth { .. } => TOO_DEEP.to_owned(),
            _ => "the file holds more values than a suite may".to_owned(),
        },
        other => {
            let text = other.to_string();
            let text = text
                .rfind(" at line ")
                .map_or(text.as_str(), |end| &text[..end]);
            if text.contains("recursion limit") {
                TOO_DEEP.into()
            } else {
                text.to_owned()
            }
        }
    }
}

const TOO_DEEP: &str = "values are nested too deep here";

fn unknown(what: &str, written: &str, known: &[&str]) -> String {
    if let Some(meant) = closest(written, known.iter().copied()) {
        return format!("unknown {what} `{written}`; did you mean `{meant}`?");
    }
    format!(
        "unknown {what} `{written}`; known here: {}",
        known.join(", ")
    )
}

fn is_blank(source: &str) -> bool {
    source
        .lines()
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

fn to_usize(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
