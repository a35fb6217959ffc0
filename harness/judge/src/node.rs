//! Subjects: what a rule looks at. A table for each, and nodes with a place and fields.
//!
//! One macro makes of one description of a subject: the struct that a view fills, the table that
//! rules are checked against, and the text of `SUBJECTS.md`. What the fields of a family mean is
//! said in [`crate::view`]; how a rule reads them, in [`crate::rule`].

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use assay_wire::recording::Place;

use crate::rule::{LONGEST_LIST, Value};

/// The shape of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// Characters.
    Text,
    /// Several of one shape, in document order.
    List(&'static Shape),
    /// A node of this subject.
    Node(Of),
}

/// Which subject a field holds. Found when it is asked for, so that a subject may hold itself.
#[derive(Clone, Copy)]
pub struct Of(pub(crate) fn() -> &'static Table);

impl Of {
    /// The subject.
    pub fn table(self) -> &'static Table {
        (self.0)()
    }
}

impl PartialEq for Of {
    fn eq(&self, other: &Self) -> bool {
        self.table().name == other.table().name
    }
}

impl Eq for Of {}

impl std::fmt::Debug for Of {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.table().name)
    }
}

/// A field of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in rules.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// True where it may be absent, so that a rule must ask `has()` first.
    pub optional: bool,
    /// What it is.
    pub doc: &'static str,
}

/// A subject: its name and its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name in rules, and in `each`.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

impl Table {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Shape {
    /// As `SUBJECTS.md` writes it.
    pub fn name(&self) -> String {
        match self {
            Self::Bool => "bool".into(),
            Self::Int => "int".into(),
            Self::Text => "text".into(),
            Self::List(of) => format!("list of {}", of.name()),
            Self::Node(of) => of.table().name.into(),
        }
    }
}

/// One subject of one exchange: where it stands and what its fields hold.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    pub(crate) table: &'static Table,
    pub(crate) place: Option<Place>,
    fields: Vec<Option<Value<'a>>>,
}

impl<'a> Node<'a> {
    /// What the field of this name holds; absent where it holds nothing, or does not exist.
    pub(crate) fn field(&self, name: &str) -> Option<&Value<'a>> {
        let index = self
            .table
            .fields
            .iter()
            .position(|field| field.name == name)?;
        self.at(index)
    }

    /// What the field at this place of the table holds.
    pub(crate) fn at(&self, index: usize) -> Option<&Value<'a>> {
        self.fields.get(index)?.as_ref()
    }

    /// A copy that owns all that it holds.
    #[cfg(test)]
    pub(crate) fn copied(&self, copy: impl Fn(&Value<'a>) -> Value<'static>) -> Node<'static> {
        let fields = self.fields.iter().map(|held| held.as_ref().map(&copy));
        Node {
            table: self.table,
            place: self.place,
            fields: fields.collect(),
        }
    }

    /// Whether the field of this name is true.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.field(name)
            .and_then(Value::as_bool)
            .unwrap_or_default()
    }

    /// The number that the field of this name holds.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.field(name)?.as_int()
    }

    /// The text that the field of this name holds, as it is held.
    pub(crate) fn words(&self, name: &str) -> Option<Cow<'a, str>> {
        match self.field(name)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// The text that the field of this name holds.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.field(name)?.as_text()
    }
}

/// A struct that describes a subject.
pub(crate) trait Described {
    /// Its table.
    fn table() -> &'static Table;
}

/// A struct that describes a subject, and what its fields hold.
pub(crate) trait Subject<'a>: Described {
    /// Its fields in the order of the table.
    fn values(self) -> Vec<Option<Value<'a>>>;

    /// The node, standing at this place.
    fn at(self, place: impl Into<Option<Place>>) -> Lent<'a, Self>
    where
        Self: Sized,
    {
        let node = Node {
            table: Self::table(),
            place: place.into(),
            fields: self.values(),
        };
        Lent {
            node: Arc::new(node),
            subject: PhantomData,
        }
    }
}

/// A node of a known subject, which borrows from what was recorded.
#[derive(Debug)]
pub(crate) struct Lent<'a, S> {
    pub(crate) node: Arc<Node<'a>>,
    subject: PhantomData<fn() -> S>,
}

/// A node of a known subject, which owns all that it holds.
pub(crate) type Ref<S> = Lent<'static, S>;

impl<S> Clone for Lent<'_, S> {
    fn clone(&self) -> Self {
        Self {
            node: Arc::clone(&self.node),
            subject: PhantomData,
        }
    }
}

/// What a field of a subject may be in Rust.
pub(crate) trait Shaped {
    const SHAPE: Shape;
    const OPTIONAL: bool = false;
}

/// A value of a field, as rules see it.
pub(crate) trait Held<'a>: Shaped {
    fn value(self) -> Option<Value<'a>>;
}

impl Shaped for bool {
    const SHAPE: Shape = Shape::Bool;
}

impl<'a> Held<'a> for bool {
    fn value(self) -> Option<Value<'a>> {
        Some(Value::Bool(self))
    }
}

impl Shaped for i64 {
    const SHAPE: Shape = Shape::Int;
}

impl<'a> Held<'a> for i64 {
    fn value(self) -> Option<Value<'a>> {
        Some(Value::Int(self))
    }
}

impl Shaped for String {
    const SHAPE: Shape = Shape::Text;
}

impl<'a> Held<'a> for String {
    fn value(self) -> Option<Value<'a>> {
        Some(Value::Text(Cow::Owned(self)))
    }
}

impl Shaped for Cow<'_, str> {
    const SHAPE: Shape = Shape::Text;
}

impl<'a> Held<'a> for Cow<'a, str> {
    fn value(self) -> Option<Value<'a>> {
        Some(Value::Text(self))
    }
}

impl<T: Shaped> Shaped for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const OPTIONAL: bool = true;
}

impl<'a, T: Held<'a>> Held<'a> for Option<T> {
    fn value(self) -> Option<Value<'a>> {
        self.and_then(Held::value)
    }
}

impl<T: Shaped> Shaped for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
}

impl<'a, T: Held<'a>> Held<'a> for Vec<T> {
    fn value(self) -> Option<Value<'a>> {
        let mut values = Vec::with_capacity(self.len().min(LONGEST_LIST));
        let held = self.into_iter().filter_map(Held::value);
        values.extend(held.take(LONGEST_LIST));
        Some(Value::List(values))
    }
}

/// Texts that are made into values at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts<'a>(Vec<Value<'a>>);

impl<'a> FromIterator<&'a str> for Texts<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Self {
        let mut values = Vec::with_capacity(8);
        let texts = texts.into_iter().take(LONGEST_LIST);
        values.extend(texts.map(|text| Value::Text(Cow::Borrowed(text))));
        Self(values)
    }
}

impl Shaped for Texts<'_> {
    const SHAPE: Shape = Shape::List(&Shape::Text);
}

impl<'a> Held<'a> for Texts<'a> {
    fn value(self) -> Option<Value<'a>> {
        Some(Value::List(self.0))
    }
}

impl<S: Described> Shaped for Lent<'_, S> {
    const SHAPE: Shape = Shape::Node(Of(S::table));
}

impl<'a, S: Described> Held<'a> for Lent<'a, S> {
    fn value(self) -> Option<Value<'a>> {
        Some(Value::Node(self.node))
    }
}

/// The name of a field without the mark that Rust needs on its own words.
pub(crate) const fn plain(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// Describes subjects: for each a struct, its table, and how its fields become values.
macro_rules! subjects {
    ($(
        $(#[doc = $doc:literal])+
        $name:literal as $subject:ident $(<$life:lifetime>)? {
            $( $(#[doc = $field_doc:literal])+ $field:ident: $held:ty, )+
        }
    )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Debug, Default)]
            pub(crate) struct $subject $(<$life>)? {
                $( $(#[doc = $field_doc])+ pub(crate) $field: $held, )+
            }

            impl $(<$life>)? $crate::node::Described for $subject $(<$life>)? {
                fn table() -> &'static $crate::node::Table {
                    $subject::TABLE
                }
            }

            impl<'n $(, $life: 'n)?> $crate::node::Subject<'n> for $subject $(<$life>)? {
                fn values(self) -> Vec<Option<$crate::rule::Value<'n>>> {
                    vec![$( $crate::node::Held::value(self.$field) ),+]
                }
            }

            impl $(<$life>)? $subject $(<$life>)? {
                /// The name and the fields.
                pub(crate) const TABLE: &'static $crate::node::Table = &$crate::node::Table {
                    name: $name,
                    doc: concat!($($doc, "\n"),+),
                    fields: &[$( $crate::node::Field {
                        name: $crate::node::plain(stringify!($field)),
                        shape: <$held as $crate::node::Shaped>::SHAPE,
                        optional: <$held as $crate::node::Shaped>::OPTIONAL,
                        doc: concat!($($field_doc, "\n"),+),
                    } ),+],
                };
            }
        )+

        /// All subjects that stand here.
        pub(crate) const TABLES: &[&$crate::node::Table] = &[$( $subject::TABLE ),+];
    };
}
pub(crate) use subjects;
