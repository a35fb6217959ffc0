//! What a field of a node holds, as the engine takes it: prepared once, borrowed at each look.

use std::any::Any;
use std::sync::Arc;

use super::engine::{CelBool, CelInt, CelList, CelString, CowVal, DYN_TYPE, ExecutionError};
use super::engine::{Indexer, StaticVal, Type, Val};
use super::{LONGEST_LIST, Scope, burn};
use crate::node::Node;

/// The value of a field.
#[derive(Debug)]
pub(crate) struct Value(Box<dyn Val>);

impl Value {
    pub(crate) fn bool(value: bool) -> Self {
        Self(Box::new(CelBool::from(value)))
    }

    pub(crate) fn int(value: i64) -> Self {
        Self(Box::new(CelInt::from(value)))
    }

    pub(crate) fn text(value: String) -> Self {
        Self(Box::new(CelString::from(value)))
    }

    pub(crate) fn node(node: Arc<Node>) -> Self {
        Self(Box::new(NodeValue(node)))
    }

    /// A list, cut at the longest that a view holds.
    pub(crate) fn list(values: impl Iterator<Item = Self>) -> Self {
        let values: Vec<Box<dyn Val>> = values.take(LONGEST_LIST).map(|value| value.0).collect();
        Self(Box::new(CelList::from(values)))
    }

    /// The text that this is, if it is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        text_of(self.0.as_ref())
    }

    /// The truth that this is, if it is one.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        self.0.downcast_ref::<CelBool>().map(|truth| *truth.inner())
    }

    /// The number that this is, if it is one.
    pub(crate) fn as_int(&self) -> Option<i64> {
        self.0
            .downcast_ref::<CelInt>()
            .map(|number| *number.inner())
    }

    /// The texts of a list of texts; none of anything else.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let list = self.0.downcast_ref::<CelList<'static>>();
        let entries = list.map(CelList::inner).unwrap_or_default();
        entries.iter().filter_map(|entry| text_of(entry.as_ref()))
    }

    /// What the engine sees.
    pub(super) fn val(&self) -> &(dyn Val + 'static) {
        self.0.as_ref()
    }

    /// One short line for people: texts quoted, nodes by the name of their subject.
    pub(crate) fn show(&self) -> String {
        show(self.0.as_ref())
    }
}

/// A node as a value: its fields are looked up by name, one that is absent is a missing key.
#[derive(Clone, Debug)]
pub(crate) struct NodeValue(pub(crate) Arc<Node>);

impl Val for NodeValue {
    fn get_type(&self) -> &Type {
        &DYN_TYPE
    }

    fn cel_type() -> &'static Type {
        &DYN_TYPE
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn equals(&self, other: &dyn Val) -> bool {
        other
            .downcast_ref::<Self>()
            .is_some_and(|other| Arc::ptr_eq(&self.0, &other.0))
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(self.clone())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl StaticVal for NodeValue {}

impl Indexer for NodeValue {
    fn get<'b, 'v>(&'b self, field: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        burn(1)?;
        let name = text_of(field).unwrap_or_default();
        match self.0.field(name) {
            Some(value) => Ok(CowVal::Borrowed(value.val())),
            None => Err(ExecutionError::no_such_key(name)),
        }
    }

    fn steal<'v>(self: Box<Self>, field: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(field).map(CowVal::into_owned)
    }
}

/// What stands at the end of a path.
pub(super) enum Found {
    /// This, in one short line.
    Value(String),
    /// Nothing: this field, counted from zero, is absent.
    Absent(usize),
    /// Nothing: there is no node of the name.
    Nothing,
}

/// What stands at the end of a path that begins with a name.
pub(super) fn look(scope: &Scope<'_>, name: &str, fields: &[String]) -> Found {
    let Some(node) = scope.node(name) else {
        return Found::Nothing;
    };
    let mut node = Arc::clone(node);
    for (index, field) in fields.iter().enumerate() {
        let Some(value) = node.field(field) else {
            return Found::Absent(index);
        };
        if index + 1 == fields.len() {
            return Found::Value(value.show());
        }
        let Some(inner) = value
            .0
            .downcast_ref::<NodeValue>()
            .map(|inner| Arc::clone(&inner.0))
        else {
            return Found::Nothing;
        };
        node = inner;
    }
    Found::Nothing
}

/// The text that a value is, if it is one.
pub(super) fn text_of(value: &dyn Val) -> Option<&str> {
    value.downcast_ref::<CelString<'_>>().map(CelString::inner)
}

fn show(value: &dyn Val) -> String {
    if let Some(text) = text_of(value) {
        let mut short: String = text.chars().take(60).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        format!("{short:?}")
    } else if let Some(number) = value.downcast_ref::<CelInt>() {
        number.inner().to_string()
    } else if let Some(truth) = value.downcast_ref::<CelBool>() {
        truth.inner().to_string()
    } else if let Some(node) = value.downcast_ref::<NodeValue>() {
        format!("a {}", node.0.table.name)
    } else if let Some(list) = value.downcast_ref::<CelList<'_>>() {
        let shown: Vec<String> = list
            .inner()
            .iter()
            .take(8)
            .map(|entry| show(entry.as_ref()))
            .collect();
        let more = if list.inner().len() > shown.len() {
            ", …"
        } else {
            ""
        };
        format!("[{}{more}]", shown.join(", "))
    } else {
        value.get_type().name().to_owned()
    }
}
