//! Subjects: what a rule looks at. A table for each, and nodes with a place and fields.
//!
//! One macro makes of one description of a subject: the struct that a view fills, the table that
//! rules are checked against, and the text of `SUBJECTS.md`. What the fields of a family mean is
//! said in [`crate::view`]; how a rule reads them, in [`crate::rule`].

use std::marker::PhantomData;
use std::sync::Arc;

use assay_wire::recording::Place;

use crate::rule::Value;

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
pub(crate) struct Node {
    pub(crate) table: &'static Table,
    pub(crate) place: Option<Place>,
    fields: Vec<Option<Value>>,
}

impl Node {
    /// What the field of this name holds; absent where it holds nothing, or does not exist.
    pub(crate) fn field(&self, name: &str) -> Option<&Value> {
        let index = self
            .table
            .fields
            .iter()
            .position(|field| field.name == name)?;
        self.at(index)
    }

    /// What the field at this place of the table holds.
    pub(crate) fn at(&self, index: usize) -> Option<&Value> {
        self.fields.get(index)?.as_ref()
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

    /// The text that the field of this name holds.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.field(name)?.as_text()
    }
}

/// A struct that describes a subject.
pub(crate) trait Subject {
    /// Its table.
    fn table() -> &'static Table;
    /// Its fields in the order of the table.
    fn values(self) -> Vec<Option<Value>>;

    /// The node, standing at this place.
    fn at(self, place: impl Into<Option<Place>>) -> Ref<Self>
    where
        Self: Sized,
    {
        let node = Node {
            table: Self::table(),
            place: place.into(),
            fields: self.values(),
        };
        Ref {
            node: Arc::new(node),
            subject: PhantomData,
        }
    }
}

/// A node of a known subject.
#[derive(Debug)]
pub(crate) struct Ref<S> {
    pub(crate) node: Arc<Node>,
    subject: PhantomData<fn() -> S>,
}

impl<S> Clone for Ref<S> {
    fn clone(&self) -> Self {
        Self {
            node: Arc::clone(&self.node),
            subject: PhantomData,
        }
    }
}

/// What a field of a subject may be in Rust.
pub(crate) trait Held {
    const SHAPE: Shape;
    const OPTIONAL: bool = false;
    fn value(self) -> Option<Value>;
}

impl Held for bool {
    const SHAPE: Shape = Shape::Bool;
    fn value(self) -> Option<Value> {
        Some(Value::Bool(self))
    }
}

impl Held for i64 {
    const SHAPE: Shape = Shape::Int;
    fn value(self) -> Option<Value> {
        Some(Value::Int(self))
    }
}

impl Held for String {
    const SHAPE: Shape = Shape::Text;
    fn value(self) -> Option<Value> {
        Some(Value::Text(self))
    }
}

impl<T: Held> Held for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const OPTIONAL: bool = true;
    fn value(self) -> Option<Value> {
        self.and_then(Held::value)
    }
}

impl<T: Held> Held for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
    fn value(self) -> Option<Value> {
        Some(Value::list(self.into_iter().filter_map(Held::value)))
    }
}

impl<S: Subject> Held for Ref<S> {
    const SHAPE: Shape = Shape::Node(Of(S::table));
    fn value(self) -> Option<Value> {
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
        $name:literal as $subject:ident {
            $( $(#[doc = $field_doc:literal])+ $field:ident: $held:ty, )+
        }
    )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Debug, Default)]
            pub(crate) struct $subject {
                $( $(#[doc = $field_doc])+ pub(crate) $field: $held, )+
            }

            impl $crate::node::Subject for $subject {
                fn table() -> &'static $crate::node::Table {
                    $subject::TABLE
                }

                fn values(self) -> Vec<Option<$crate::rule::Value>> {
                    vec![$( $crate::node::Held::value(self.$field) ),+]
                }
            }

            impl $subject {
                /// The name and the fields.
                pub(crate) const TABLE: &'static $crate::node::Table = &$crate::node::Table {
                    name: $name,
                    doc: concat!($($doc, "\n"),+),
                    fields: &[$( $crate::node::Field {
                        name: $crate::node::plain(stringify!($field)),
                        shape: <$held as $crate::node::Held>::SHAPE,
                        optional: <$held as $crate::node::Held>::OPTIONAL,
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
