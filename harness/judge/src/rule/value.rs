//! What a field of a node holds, and what an expression comes to.

use std::cmp::Ordering;
use std::fmt;

use super::Scope;
use crate::node::Node;

/// A value, lent from where it lives.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Bool(bool),
    Int(i64),
    Text(&'a str),
    List(&'a [Value<'a>]),
    Node(&'a Node<'a>),
}

/// A sort of values.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sort {
    Truth,
    Number,
    Text,
    List,
    Subject,
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truth => "a truth",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Subject => "a subject",
        })
    }
}

impl<'a> Value<'a> {
    /// The text that this is, if it is one.
    pub(crate) fn as_text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth that this is, if it is one.
    pub(crate) fn as_bool(self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    /// The number that this is, if it is one.
    pub(crate) fn as_int(self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(number),
            _ => None,
        }
    }

    /// The texts of a list of texts; none of anything else.
    pub(crate) fn texts(self) -> impl Iterator<Item = &'a str> {
        let entries = match self {
            Self::List(entries) => entries,
            _ => &[],
        };
        entries.iter().filter_map(|entry| entry.as_text())
    }

    /// What comes first of two truths, numbers or texts; nothing else has an order.
    pub(super) fn order(self, other: Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(left), Value::Bool(right)) => Some(left.cmp(&right)),
            (Self::Int(left), Value::Int(right)) => Some(left.cmp(&right)),
            (Self::Text(left), Value::Text(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }

    /// What it is.
    pub(super) fn sort(self) -> Sort {
        match self {
            Self::Bool(_) => Sort::Truth,
            Self::Int(_) => Sort::Number,
            Self::Text(_) => Sort::Text,
            Self::List(_) => Sort::List,
            Self::Node(_) => Sort::Subject,
        }
    }

    /// One short line for people: texts quoted, nodes by the name of their subject.
    pub(crate) fn show(self) -> String {
        match self {
            Self::Bool(truth) => truth.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Text(text) => {
                let mut short: String = text.chars().take(60).collect();
                if short.len() < text.len() {
                    short.push('…');
                }
                format!("{short:?}")
            }
            Self::Node(node) => format!("a {}", node.table.name),
            Self::List(entries) => {
                let shown: Vec<String> = entries.iter().take(8).map(|entry| entry.show()).collect();
                let more = if entries.len() > shown.len() {
                    ", …"
                } else {
                    ""
                };
                format!("[{}{more}]", shown.join(", "))
            }
        }
    }
}

/// Values of different kinds are never equal, and a node only to itself.
impl PartialEq<Value<'_>> for Value<'_> {
    fn eq(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            (Value::Bool(left), Value::Bool(right)) => left == right,
            (Value::Int(left), Value::Int(right)) => left == right,
            (Value::Text(left), Value::Text(right)) => left == right,
            (Value::List(left), Value::List(right)) => left == right,
            (Value::Node(left), Value::Node(right)) => std::ptr::eq::<Node<'_>>(*left, *right),
            _ => false,
        }
    }
}

/// What stands at the end of a path.
pub(super) enum Found<'a> {
    /// This.
    Value(Value<'a>),
    /// Nothing: this field, counted from zero, is absent.
    Absent(usize),
    /// Nothing: there is no node of the name.
    Nothing,
}

/// What stands at the end of a path that begins with a name.
pub(super) fn look<'a>(scope: &Scope<'a>, name: &str, fields: &[String]) -> Found<'a> {
    let Some(node) = scope.named(name) else {
        return Found::Nothing;
    };
    let mut value = Value::Node(node);
    for (index, field) in fields.iter().enumerate() {
        let Value::Node(node) = value else {
            return Found::Nothing;
        };
        match node.field(field) {
            Some(inner) => value = inner,
            None => return Found::Absent(index),
        }
    }
    if fields.is_empty() {
        return Found::Nothing;
    }
    Found::Value(value)
}
