//! Subjects: what a rule looks at. A table for each, and nodes with a place and fields.
//!
//! One macro makes of one description of a subject: the struct that a view fills, the table that
//! rules are checked against, and the text of `SUBJECTS.md`. What the fields of a family mean is
//! said in [`crate::view`]; how a rule reads them, in [`crate::rule`].

use std::borrow::Cow;
use std::marker::PhantomData;

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

/// Where the nodes of one case run live, all of them as long as it is judged.
pub(crate) type Arena = bumpalo::Bump;

/// One subject of one exchange: where it stands and what its fields hold.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    pub(crate) table: &'static Table,
    pub(crate) place: Option<Place>,
    pub(crate) fields: &'a [Option<Value<'a>>],
}

impl<'a> Node<'a> {
    /// What the field of this name holds; absent where it holds nothing, or does not exist.
    pub(crate) fn field(&self, name: &str) -> Option<Value<'a>> {
        let index = self
            .table
            .fields
            .iter()
            .position(|field| field.name == name)?;
        self.at(index)
    }

    /// What the field at this place of the table holds.
    #[inline]
    pub(crate) fn at(&self, index: usize) -> Option<Value<'a>> {
        *self.fields.get(index)?
    }

    /// The number that the field of this name holds.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.field(name)?.as_int()
    }

    /// The text that the field of this name holds.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
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
    fn values(self, arena: &'a Arena) -> &'a [Option<Value<'a>>];

    /// The node, standing at this place.
    fn at(self, arena: &'a Arena, place: impl Into<Option<Place>>) -> Lent<'a, Self>
    where
        Self: Sized,
    {
        let node = Node {
            table: Self::table(),
            place: place.into(),
            fields: self.values(arena),
        };
        Lent {
            node: arena.alloc(node),
            subject: PhantomData,
        }
    }
}

/// A node of a known subject.
#[derive(Debug)]
pub(crate) struct Lent<'a, S> {
    pub(crate) node: &'a Node<'a>,
    subject: PhantomData<fn() -> S>,
}

impl<S> Clone for Lent<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Lent<'_, S> {}

/// A text that lives as long as nodes do.
pub(crate) fn lent<'a>(arena: &'a Arena, text: &Cow<'a, str>) -> &'a str {
    match text {
        Cow::Borrowed(text) => text,
        Cow::Owned(text) => arena.alloc_str(text),
    }
}

/// What a field of a subject may be in Rust.
pub(crate) trait Shaped {
    const SHAPE: Shape;
    const OPTIONAL: bool = false;
}

/// A value of a field, as rules see it.
pub(crate) trait Held<'a>: Shaped {
    fn value(self, arena: &'a Arena) -> Option<Value<'a>>;
}

impl Shaped for bool {
    const SHAPE: Shape = Shape::Bool;
}

impl<'a> Held<'a> for bool {
    fn value(self, _: &'a Arena) -> Option<Value<'a>> {
        Some(Value::Bool(self))
    }
}

impl Shaped for i64 {
    const SHAPE: Shape = Shape::Int;
}

impl<'a> Held<'a> for i64 {
    fn value(self, _: &'a Arena) -> Option<Value<'a>> {
        Some(Value::Int(self))
    }
}

impl Shaped for String {
    const SHAPE: Shape = Shape::Text;
}

impl<'a> Held<'a> for String {
    fn value(self, arena: &'a Arena) -> Option<Value<'a>> {
        Some(Value::Text(arena.alloc_str(&self)))
    }
}

impl Shaped for Cow<'_, str> {
    const SHAPE: Shape = Shape::Text;
}

impl<'a> Held<'a> for Cow<'a, str> {
    fn value(self, arena: &'a Arena) -> Option<Value<'a>> {
        Some(Value::Text(lent(arena, &self)))
    }
}

impl Shaped for &str {
    const SHAPE: Shape = Shape::Text;
}

impl<'a> Held<'a> for &'a str {
    fn value(self, _: &'a Arena) -> Option<Value<'a>> {
        Some(Value::Text(self))
    }
}

impl<T: Shaped> Shaped for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const OPTIONAL: bool = true;
}

impl<'a, T: Held<'a>> Held<'a> for Option<T> {
    fn value(self, arena: &'a Arena) -> Option<Value<'a>> {
        self.and_then(|held| held.value(arena))
    }
}

impl<T: Shaped> Shaped for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
}

impl<'a, T: Held<'a>> Held<'a> for Vec<T> {
    fn value(self, arena: &'a Arena) -> Option<Value<'a>> {
        let held = self.into_iter().filter_map(|held| held.value(arena));
        Some(list(arena, held))
    }
}

/// A list, cut where lists of views are.
fn list<'a>(arena: &'a Arena, values: impl Iterator<Item = Value<'a>>) -> Value<'a> {
    let mut values = values.take(LONGEST_LIST);
    // Mostly there is none.
    let Some(first) = values.next() else {
        return Value::List(&[]);
    };
    let room = values.size_hint().0.max(7) + 1;
    let mut list = bumpalo::collections::Vec::with_capacity_in(room, arena);
    list.push(first);
    for value in values {
        list.push(value);
    }
    Value::List(list.into_bump_slice())
}

/// Several of what a field may be, made into values already.
#[derive(Debug)]
pub(crate) struct List<'a, T> {
    values: Value<'a>,
    of: PhantomData<fn() -> T>,
}

/// Several texts.
pub(crate) type Texts<'a> = List<'a, &'a str>;

impl<T> Clone for List<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<'_, T> {}

impl<T> Default for List<'_, T> {
    fn default() -> Self {
        Self {
            values: Value::List(&[]),
            of: PhantomData,
        }
    }
}

impl<'a, T: Held<'a>> List<'a, T> {
    /// These.
    pub(crate) fn of(arena: &'a Arena, held: impl IntoIterator<Item = T>) -> Self {
        let held = held.into_iter();
        Self {
            values: list(arena, held.filter_map(|held| held.value(arena))),
            of: PhantomData,
        }
    }
}

impl<T: Shaped> Shaped for List<'_, T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
}

impl<'a, T: Shaped> Held<'a> for List<'a, T> {
    fn value(self, _: &'a Arena) -> Option<Value<'a>> {
        Some(self.values)
    }
}

impl<S: Described> Shaped for Lent<'_, S> {
    const SHAPE: Shape = Shape::Node(Of(S::table));
}

impl<'a, S: Described> Held<'a> for Lent<'a, S> {
    fn value(self, _: &'a Arena) -> Option<Value<'a>> {
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
                fn values(
                    self,
                    arena: &'n $crate::node::Arena,
                ) -> &'n [Option<$crate::rule::Value<'n>>] {
                    arena.alloc([$( $crate::node::Held::value(self.$field, arena) ),+])
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
