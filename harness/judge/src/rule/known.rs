//! What is known of a value before the rule meets a message, and what values go together.

use super::functions::Kind;
use crate::node::{Shape, Table};

/// What is known of the value of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Known {
    Anything,
    Bool,
    Int,
    Text,
    List(Box<Known>),
    Node(&'static Table),
}

impl Known {
    pub(super) fn of(shape: &Shape) -> Self {
        match shape {
            Shape::Bool => Self::Bool,
            Shape::Int => Self::Int,
            Shape::Text => Self::Text,
            Shape::List(of) => Self::List(Box::new(Self::of(of))),
            Shape::Node(of) => Self::Node(of.table()),
        }
    }

    pub(super) fn name(&self) -> String {
        match self {
            Self::Anything => "anything".into(),
            Self::Bool => "a truth".into(),
            Self::Int => "a number".into(),
            Self::Text => "a text".into(),
            Self::List(_) => "a list".into(),
            Self::Node(table) => format!("a {}", table.name),
        }
    }

    /// Whether values of both may be equal.
    pub(super) fn like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Anything, _) | (_, Self::Anything) => true,
            (Self::List(left), Self::List(right)) => left.like(right),
            (left, right) => left == right,
        }
    }

    pub(super) fn fits(&self, kind: &Kind) -> bool {
        match (self, kind) {
            (Self::Anything, _)
            | (_, Kind::Any | Kind::Entry)
            | (Self::Bool, Kind::Bool)
            | (Self::Int, Kind::Int)
            | (Self::Text, Kind::Text | Kind::Literal | Kind::Sized)
            | (Self::List(_), Kind::List | Kind::Sized) => true,
            (Self::List(of), Kind::Texts) => of.like(&Self::Text),
            (Self::Node(table), Kind::NodeWith(field)) => table.field(field).is_some(),
            _ => false,
        }
    }
}
