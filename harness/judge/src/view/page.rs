//! The page about all subjects, fields and functions, for people who write rules.

use crate::family::{self, Family};
use crate::node::{Field, Shape, Table};
use crate::rule::FUNCTIONS;
use crate::view::http;

/// The page as it is checked in: `SUBJECTS.md`.
pub fn page() -> String {
    let mut lines = vec![PREFACE.to_owned()];
    lines.push("## Functions\n\n| call | what it gives |\n|---|---|".to_owned());
    lines.extend(FUNCTIONS.iter().map(|function| {
        let example = function.example.replace('|', "\\|");
        format!("| `{example}` | {} |", function.doc)
    }));
    for family in family::ALL {
        subjects(*family, &mut lines);
    }
    lines.push("\n## All families: fields".to_owned());
    for table in http::TABLES {
        fields(table, "all", "all", &mut lines);
    }
    lines.push(String::new());
    lines.join("\n")
}

fn subjects(family: &dyn Family, lines: &mut Vec<String>) {
    let (title, prefix) = (family.title(), family.name());
    lines.push(format!("\n## {title}: subjects\n"));
    lines.push("| `each` | what it is | names |\n|---|---|---|".to_owned());
    lines.extend(family.each().iter().map(|each| {
        let names: Vec<String> = each
            .names
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        format!("| `{}` | {} | {} |", each.name, each.doc, names.join(", "))
    }));
    lines.push(format!("\n## {title}: fields"));
    for table in family.tables().iter().copied().flatten() {
        fields(table, prefix, "all", lines);
    }
}

fn fields(table: &Table, prefix: &str, shared: &str, lines: &mut Vec<String>) {
    let link = |name: &str| {
        let is_shared = http::TABLES.iter().any(|table| table.name == name);
        let of = if is_shared { shared } else { prefix };
        format!("[{name}](#{of}-{name})")
    };
    let (name, doc) = (table.name, one_line(table.doc));
    lines.push(format!("\n### {prefix} {name}\n\n{doc}\n"));
    lines.push("| field | holds | what it is |\n|---|---|---|".to_owned());
    lines.extend(table.fields.iter().map(|field| row(field, link)));
}

const PREFACE: &str = "\
# Subjects, fields and functions of rules

Generated from the tables in `src/view`; a test compares it. Rules are CEL, in block scalars.

A rule looks at one subject (`each`), and at the others that its line names. A field marked with `?`
may be absent. A text, number or truth that the target owes and does not give makes a rule false that
cannot be true without it: `header.msg_id == \"1\"` needs no more words. Elsewhere (behind `!`, `!=`,
`||`, `?:`, in a comprehension, of `session`, `profile` and `exchange`, and for fields that are
subjects themselves) the rule has to ask `has()` first, itself or in its `when`, or it does not
compile.

`reply` and `sent` are absent as a whole where no document came back or none was sent: a monitor that
reads them then does not look, an `expect` that reads `reply` does not hold. `exchange.replied` asks
for it.

Texts are as they stand in the message, white space included. No list has more than 256 entries. One
comprehension (`all`, `exists`, `exists_one`, `filter`, `map`) may not stand inside another.
";

fn row(field: &Field, link: impl Fn(&str) -> String) -> String {
    let optional = if field.optional { "?" } else { "" };
    let shape = match field.shape {
        Shape::Node(of) => link(of.table().name),
        Shape::List(Shape::Node(of)) => format!("list of {}", link(of.table().name)),
        other => other.name(),
    };
    format!(
        "| `{}`{optional} | {shape} | {} |",
        field.name,
        one_line(field.doc)
    )
}

fn one_line(doc: &str) -> String {
    doc.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}
