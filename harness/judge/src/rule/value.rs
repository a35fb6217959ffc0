//! What a field of a node holds, and what an expression comes to.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::Scope;
use crate::node::Node;

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    Bool(bool),
    Int(i64),
    Text(Cow<'a, str>),
    List(Vec<Value<'a>>),
    Node(Arc<Node<'a>>),
}

impl<'a> Value<'a> {
    /// The text that this is, if it is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth that this is, if it is one.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The number that this is, if it is one.
    pub(crate) fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The texts of a list of texts; none of anything else.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let entries = match self {
            Self::List(entries) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().filter_map(Self::as_text)
    }

    /// The same, as they are held.
    pub(crate) fn words(&self) -> impl Iterator<Item = Cow<'a, str>> {
        let entries = match self {
            Self::List(entries) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().filter_map(|entry| match entry {
            Self::Text(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// What comes first of two truths, numbers or texts; nothing else has an order.
    pub(super) fn order(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
            (Self::Int(left), Value::Int(right)) => Some(left.cmp(right)),
            (Self::Text(left), Value::Text(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }

    /// What it is, in words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Bool(_) => "a truth",
            Self::Int(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Node(_) => "a subject",
        }
    }

    /// One short line for people: texts quoted, nodes by the name of their subject.
    pub(crate) fn show(&self) -> String {
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
                let shown: Vec<String> = entries.iter().take(8).map(Self::show).collect();
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
            (Value::Node(left), Value::Node(right)) => {
                std::ptr::eq::<Node<'_>>(left.as_ref(), right.as_ref())
            }
            _ => false,
        }
    }
}

/// What stands at the end of a path.
pub(super) enum Found<'a> {
    /// This.
    Value(&'a Value<'a>),
    /// Nothing: this field, counted from zero, is absent.
    Absent(usize),
    /// Nothing: there is no node of the name.
    Nothing,
}

/// What stands at the end of a path that begins with a name.
pub(super) fn look<'a>(scope: &'a Scope<'_>, name: &str, fields: &[String]) -> Found<'a> {
    let Some(mut value) = scope.named(name) else {
        return Found::Nothing;
    };
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
