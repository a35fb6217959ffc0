//! What the text of a file shows and its values do not: the schema line, prose and rules that YAML
//! cuts without a word, entries that do not begin with their id, the length of an entry.

use crate::catalogue::LoadedSuite;
use crate::diagnostic::Diagnostic;
use crate::yaml::Located;

/// How the first line of every file begins, so that editors complete and check it.
pub(crate) const SCHEMA_LINE: &str = "# yaml-language-server: $schema=";

/// The keys whose values are prose.
const PROSE: [&str; 14] = [
    "must",
    "should",
    "may",
    "does",
    "note",
    "why",
    "ref",
    "standard",
    "leaves",
    "open",
    "untestable",
    "implicit",
    "out-of-scope",
    "deprecated",
];

/// The schema line, and entries that do not begin with their id.
pub(super) fn layout(loaded: &LoadedSuite, found: &mut Vec<Diagnostic>) {
    let LoadedSuite { source, suite, .. } = loaded;
    if !source.starts_with(SCHEMA_LINE) {
        let message = format!("a file begins with `{SCHEMA_LINE}…`");
        found.push(loaded.diagnostic_at(0, 0, &message));
    }
    let ids = suite.requirements.iter().map(|requirement| &requirement.id);
    for id in ids.chain(suite.cases.iter().map(|case| &case.id)) {
        let start = source[..id.at].rfind('\n').map_or(0, |newline| newline + 1);
        let before = source[start..id.at].trim_start();
        if !(before.starts_with("- id:") || before.starts_with("- {id:")) {
            found.push(loaded.diagnostic(id, "an entry begins with its id: `- id: …`"));
        }
    }
}

/// Prose in a plain scalar ends at ` #`, and nobody is told.
pub(super) fn cut_prose(loaded: &LoadedSuite, found: &mut Vec<Diagnostic>) {
    let mut at = 0;
    // What is being read below a key of this indentation: true for plain prose, false for a block.
    let mut inside: Option<(usize, bool)> = None;
    for line in loaded.source.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let text = line.trim_end();
        let bare = text.trim_start_matches([' ', '-']);
        let indent = text.len() - bare.len();
        if bare.is_empty() {
            continue;
        }
        if let Some((below, is_plain)) = inside {
            if text.len() - text.trim_start().len() > below {
                if is_plain {
                    found.extend(cut(loaded, start, text));
                }
                continue;
            }
            inside = None;
        }
        let Some((key, value)) = bare.split_once(':') else {
            continue;
        };
        let value = value.trim_start();
        if value.starts_with(['|', '>']) {
            inside = Some((indent, false));
        } else if PROSE.contains(&key) && !value.starts_with(['"', '\'']) {
            inside = Some((indent, true));
            found.extend(cut(loaded, start, text));
        }
    }
}

fn cut(loaded: &LoadedSuite, start: usize, text: &str) -> Option<Diagnostic> {
    let from = text.find(" #")?;
    let message = "YAML cuts this text at ` #`: quote it, or put the comment on its own line";
    Some(loaded.diagnostic_at(start + from + 1, text.len() - from - 1, message))
}

/// What is wrong with how a rule is written: it stands in a literal block scalar.
pub(super) fn rule(loaded: &LoadedSuite, rule: &Located<String>) -> Option<Diagnostic> {
    let before = loaded.source.get(..rule.at)?.trim_end();
    let header = before.rsplit('\n').next().unwrap_or_default();
    let header = header.split(" #").next().unwrap_or_default().trim_end();
    let is_literal = header
        .rsplit(' ')
        .next()
        .is_some_and(|word| word.starts_with('|'));
    let is_below = loaded.source.get(before.len()..rule.at)?.contains('\n');
    if is_literal && is_below {
        return None;
    }
    let message = "a rule stands in a block scalar: `|`, and the rule on the lines below";
    Some(loaded.diagnostic(rule, message))
}

/// The lines of the list entry that begins on the line of this offset.
pub(super) fn entry_lines(source: &str, at: usize) -> usize {
    let start = source[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let dash = indent(&source[start..]);
    let mut lines = 1;
    for (nth, line) in (2..).zip(source[start..].lines().skip(1)) {
        let text = line.trim_start();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if indent(line) <= dash {
            break;
        }
        lines = nth;
    }
    lines
}
