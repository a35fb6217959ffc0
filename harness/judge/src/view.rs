//! What rules see: the subjects, the names that go with each, and their tables.
//!
//! Here is which subject brings which names; what the fields are is in a file a family beside this
//! one, how they are filled in `…/build`.

mod build;
pub(crate) mod dm;
mod history;
mod message;
mod pieces;

use crate::node::{Field, Shape, Subject, Table};
use crate::rule::FUNCTIONS;

pub(crate) use build::{Looked, Run, View, view, whole_session};
pub(crate) use history::History;

/// A subject that `each` may name, and what else its rules may name.
#[derive(Clone, Copy, Debug)]
pub struct Each {
    /// The name.
    pub name: &'static str,
    /// The names that its rules may use, and the table behind each.
    pub names: &'static [(&'static str, &'static Table)],
    /// When there is one.
    pub doc: &'static str,
}

/// The subject of this name.
pub(crate) fn each(name: &str) -> Option<&'static Each> {
    EACH.iter().find(|each| each.name == name)
}

/// The table of this name.
pub(crate) fn table(name: &str) -> Option<&'static Table> {
    dm::TABLES.iter().copied().find(|table| table.name == name)
}

/// The names of a rule that an exchange brings: those of `expect`, and of all rules on a part of it.
pub(crate) const EXCHANGE: &[(&str, &Table)] = &[
    ("exchange", dm::Exchange::TABLE),
    ("reply", dm::Message::TABLE),
    ("sent", dm::Message::TABLE),
    ("session", dm::Session::TABLE),
    ("profile", dm::Profile::TABLE),
];

macro_rules! names {
    ($($name:literal: $table:ident),+) => {
        &[
            $( ($name, dm::$table::TABLE), )+
            ("exchange", dm::Exchange::TABLE),
            ("reply", dm::Message::TABLE),
            ("sent", dm::Message::TABLE),
            ("session", dm::Session::TABLE),
            ("profile", dm::Profile::TABLE),
        ]
    };
}

/// All subjects.
pub const EACH: &[Each] = &[
    Each {
        name: "exchange",
        names: EXCHANGE,
        doc: "Every request and what came back, were it nothing.",
    },
    Each {
        name: "reply",
        names: EXCHANGE,
        doc: "Every document that came back.",
    },
    Each {
        name: "header",
        names: names!("header": Header),
        doc: "The SyncHdr of every reply that has one.",
    },
    Each {
        name: "command",
        names: names!("command": Command),
        doc: "Every command of a reply, Status and Results among them, those inside Atomic and Sequence too.",
    },
    Each {
        name: "status",
        names: names!("status": Status, "command": Command),
        doc: "Every Status of a reply; `command` is the same element.",
    },
    Each {
        name: "results",
        names: names!("results": Command, "command": Command),
        doc: "Every Results of a reply.",
    },
    Each {
        name: "alert",
        names: names!("alert": Alert, "command": Command),
        doc: "Every Alert of a reply; `command` is the same element.",
    },
    Each {
        name: "item",
        names: names!("item": Item, "command": Command),
        doc: "Every Item of every command of a reply; `command` is the one that holds it.",
    },
    Each {
        name: "challenge",
        names: names!("challenge": Challenge, "status": Status),
        doc: "Every Chal of a reply; `status` is the one that holds it.",
    },
    Each {
        name: "cred",
        names: names!("cred": Cred, "header": Header),
        doc: "The Cred of every header of a reply that has one.",
    },
    Each {
        name: "meta",
        names: names!("meta": Meta),
        doc: "Every Meta of a reply, wherever it stands.",
    },
    Each {
        name: "element",
        names: names!("element": Element),
        doc: "Every element of a reply, in document order.",
    },
    Each {
        name: "note",
        names: names!("note": Note),
        doc: "Everything odd that a decoder noticed in what came back and read past.",
    },
    Each {
        name: "session",
        names: &[
            ("session", dm::Session::TABLE),
            ("profile", dm::Profile::TABLE),
        ],
        doc: "Every session, once, after its last exchange. All of its requests were lawful.",
    },
];

/// The page about all subjects, fields and functions, for people who write rules.
pub fn page() -> String {
    let mut lines = vec![PREFACE.to_owned(), "## Subjects\n".to_owned()];
    lines.push("| `each` | what it is | names |\n|---|---|---|".to_owned());
    lines.extend(EACH.iter().map(|each| {
        let names: Vec<String> = each
            .names
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        format!("| `{}` | {} | {} |", each.name, each.doc, names.join(", "))
    }));
    lines.push("\n## Functions\n\n| call | what it gives |\n|---|---|".to_owned());
    lines.extend(FUNCTIONS.iter().map(|function| {
        let example = function.example.replace('|', "\\|");
        format!("| `{example}` | {} |", function.doc)
    }));
    lines.push("\n## Fields".to_owned());
    for table in dm::TABLES {
        lines.push(format!("\n### {}\n\n{}\n", table.name, one_line(table.doc)));
        lines.push("| field | holds | what it is |\n|---|---|---|".to_owned());
        lines.extend(table.fields.iter().map(row));
    }
    lines.push(String::new());
    lines.join("\n")
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

fn row(field: &Field) -> String {
    let optional = if field.optional { "?" } else { "" };
    let shape = match field.shape {
        Shape::Node(name) => format!("[{name}](#{name})"),
        Shape::List(Shape::Node(name)) => format!("list of [{name}](#{name})"),
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
