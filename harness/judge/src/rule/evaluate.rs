//! What a term comes to in a scope.
//!
//! Values are lent from where they live; what is made of them lives as long as the evaluation. The logic
//! is that of the language: `&&` and `||` have an answer where either side alone decides it, even
//! if the other has none; so have `all` and `exists`.

use std::cmp::Ordering;

use super::term::{Each, Field, Order, Sum, Term, What};
use super::value::{Sort, Value};
use super::{FUEL, Scope};
use crate::node::{Arena, Node};

/// Why a term comes to nothing. It is small, for every term of a rule may say so.
#[derive(Debug)]
pub(super) enum Stop {
    /// A field is absent.
    Absent,
    /// There is no subject at this place of the names.
    Nothing(u32),
    /// It should be true or false, and is this.
    Neither(Sort),
    /// It cannot be evaluated, for this reason.
    Wrong(Box<Why>),
}

/// A reason, in words.
#[derive(Debug)]
pub(super) struct Why(pub(super) String);

impl Stop {
    /// It cannot be evaluated, for this reason.
    pub(super) fn wrong(why: impl Into<String>) -> Self {
        Self::Wrong(Box::new(Why(why.into())))
    }
}

/// What may still be looked at.
pub(super) struct Fuel(u32);

impl Fuel {
    /// Takes so much.
    #[inline]
    pub(super) fn burn(&mut self, amount: usize) -> Result<(), Stop> {
        let amount = u32::try_from(amount).unwrap_or(u32::MAX);
        match self.0.checked_sub(amount) {
            Some(left) => {
                self.0 = left;
                Ok(())
            }
            None => Err(Stop::wrong("the rule looks at too much; narrow it")),
        }
    }
}

/// Whether the term is true in this scope.
pub(super) fn holds(term: &Term, scope: &Scope<'_>) -> Result<bool, Stop> {
    let arena = Arena::new();
    let mut at = At {
        scope,
        arena: &arena,
        entry: None,
        fuel: Fuel(FUEL),
    };
    term.truth(&mut at)
}

/// Where the evaluation is.
pub(super) struct At<'a> {
    scope: &'a Scope<'a>,
    /// Where what it makes lives.
    pub(super) arena: &'a Arena,
    /// The entry that a comprehension is at.
    entry: Option<Value<'a>>,
    pub(super) fuel: Fuel,
}

impl<'a> At<'a> {
    /// What the fields at these places of their tables lead to from a subject.
    fn follow(&mut self, name: usize, path: &[usize]) -> Result<Value<'a>, Stop> {
        self.fuel.burn(path.len())?;
        let mut value = Value::Node(self.scope.node(name)?);
        for field in path {
            value = node(value)?.at(*field).ok_or(Stop::Absent)?;
        }
        Ok(value)
    }
}

impl Term {
    /// The truth that it is.
    fn truth<'a>(&'a self, at: &mut At<'a>) -> Result<bool, Stop> {
        match self {
            Self::Not(term) => term.truth(at).map(|truth| !truth),
            Self::And(terms) => decided(terms, false, at),
            Self::Or(terms) => decided(terms, true, at),
            Self::Has(of, field) => {
                let of = of.value(at)?;
                at.fuel.burn(1)?;
                Ok(field.of(of)?.is_some())
            }
            Self::Equal(terms, wanted) => {
                let [left, right] = both(terms, at)?;
                Ok((left == right) == *wanted)
            }
            Self::Order(terms, wanted) => {
                let [left, right] = both(terms, at)?;
                wanted.of(left, right)
            }
            Self::In(terms) => {
                let [entry, list] = both(terms, at)?;
                Ok(entries(list)?.contains(&entry))
            }
            Self::Matches(text, regex) => {
                let text = text.value(at)?;
                let text = text.as_text().ok_or_else(|| unfit("matches", text))?;
                Ok(regex.is_match(text))
            }
            Self::Each(each) if !matches!(each.what, What::Map(..)) => each.truth(at),
            _ => {
                let value = self.value(at)?;
                value.as_bool().ok_or(Stop::Neither(value.sort()))
            }
        }
    }

    /// Whether it can come to nothing but a truth.
    fn is_truth(&self) -> bool {
        match self {
            Self::Each(each) => !matches!(each.what, What::Map(..)),
            _ => matches!(
                self,
                Self::Not(_)
                    | Self::And(_)
                    | Self::Or(_)
                    | Self::Has(..)
                    | Self::Equal(..)
                    | Self::Order(..)
                    | Self::In(_)
                    | Self::Matches(..)
            ),
        }
    }

    /// What it comes to. Mostly that is there already: a field, or what the rule itself says.
    #[inline]
    fn value<'a>(&'a self, at: &mut At<'a>) -> Result<Value<'a>, Stop> {
        match self {
            Self::Literal(value) => Ok(*value),
            Self::Path(name, path) => at.follow(*name, path),
            Self::Entry => at.entry.ok_or(Stop::Absent),
            _ => self.made(at),
        }
    }

    /// What it comes to, where there is more to do.
    fn made<'a>(&'a self, at: &mut At<'a>) -> Result<Value<'a>, Stop> {
        match self {
            Self::Literal(_) | Self::Path(..) | Self::Entry => self.value(at),
            Self::Name(name) => at.scope.node(*name).map(Value::Node),
            Self::Field(of, field) => {
                let of = of.value(at)?;
                at.fuel.burn(1)?;
                field.of(of)?.ok_or(Stop::Absent)
            }
            Self::List(terms) => {
                let mut list = Vec::with_capacity(terms.len());
                for term in terms {
                    list.push(term.value(at)?);
                }
                Ok(Value::List(at.arena.alloc_slice_copy(&list)))
            }
            Self::If(terms) => {
                let [which, yes, no] = &**terms;
                if which.truth(at)? { yes } else { no }.value(at)
            }
            Self::Index(terms) => {
                let [list, index] = both(terms, at)?;
                let number = index.as_int().and_then(|index| usize::try_from(index).ok());
                let beyond = || Stop::wrong(format!("there is no entry {}", index.show()));
                let entries = entries(list);
                let number = number.ok_or_else(beyond)?;
                entries?.get(number).copied().ok_or_else(beyond)
            }
            Self::Sum(terms, sum) => {
                let [left, right] = both(terms, at)?;
                sum.of(left, right, at.arena)
            }
            Self::Negative(term) => {
                let value = term.value(at)?;
                let number = value.as_int().and_then(i64::checked_neg);
                number.map(Value::Int).ok_or_else(|| unfit("-", value))
            }
            Self::One(run, term) => {
                let given = term.value(at)?;
                run([given], at)
            }
            Self::Two(run, terms, last_first) => {
                let [left, right] = &**terms;
                let given = if *last_first {
                    let right = right.value(at)?;
                    [left.value(at)?, right]
                } else {
                    [left.value(at)?, right.value(at)?]
                };
                run(given, at)
            }
            Self::Each(each) => match &each.what {
                What::Map(which, made) => each.map(which.as_ref(), made, at),
                _ => each.truth(at).map(Value::Bool),
            },
            _ => self.truth(at).map(Value::Bool),
        }
    }
}

/// What two terms come to, the left one first.
#[inline]
fn both<'a>(terms: &'a [Term; 2], at: &mut At<'a>) -> Result<[Value<'a>; 2], Stop> {
    let [left, right] = terms;
    Ok([left.value(at)?, right.value(at)?])
}

/// The truth of two terms of which one alone decides where it is `deciding`.
fn decided<'a>(terms: &'a [Term; 2], deciding: bool, at: &mut At<'a>) -> Result<bool, Stop> {
    let [left, right] = terms;
    let left = left.truth(at);
    if matches!(left, Ok(truth) if truth == deciding) {
        return Ok(deciding);
    }
    match (left, right.truth(at)) {
        (_, Ok(truth)) if truth == deciding => Ok(deciding),
        (Ok(_), right) => right,
        (Err(stop), Err(Stop::Neither(_))) if !right.is_truth() => Err(stop),
        (Err(_), Err(stop)) | (Err(stop), Ok(_)) => Err(stop),
    }
}

impl Field {
    /// What it holds in this node, if anything.
    fn of<'a>(&self, value: Value<'a>) -> Result<Option<Value<'a>>, Stop> {
        let node = node(value)?;
        Ok(match self {
            Self::At(index) => node.at(*index),
            Self::Named(name) => node.field(name),
        })
    }
}

impl Each {
    /// Visits the entries of the range until `visit` says that it has seen enough. Each is the entry of
    /// the terms that are evaluated meanwhile.
    fn visit<'a>(
        &'a self,
        at: &mut At<'a>,
        mut visit: impl FnMut(&mut At<'a>) -> Result<bool, Stop>,
    ) -> Result<(), Stop> {
        let range = self.range.value(at)?;
        let Value::List(list) = range else {
            return Err(unfit("a comprehension", range));
        };
        let around = at.entry.take();
        let mut outcome = Ok(false);
        for entry in list {
            at.entry = Some(*entry);
            outcome = visit(at);
            if !matches!(outcome, Ok(false)) {
                break;
            }
        }
        at.entry = around;
        outcome.map(drop)
    }

    fn truth<'a>(&'a self, at: &mut At<'a>) -> Result<bool, Stop> {
        match &self.what {
            What::All(holds) => self.any(holds, false, at).map(|any| !any),
            What::Exists(holds) => self.any(holds, true, at),
            What::ExistsOne(holds) => {
                let mut count = 0;
                self.visit(at, |at| {
                    count += u32::from(holds.truth(at)?);
                    Ok(false)
                })?;
                Ok(count == 1)
            }
            What::Map(..) => Err(Stop::Neither(Sort::List)),
        }
    }

    /// Whether the term is `wanted` of any entry. One such entry decides, even if others have no
    /// answer.
    fn any<'a>(&'a self, term: &'a Term, wanted: bool, at: &mut At<'a>) -> Result<bool, Stop> {
        let mut unanswered = None;
        let mut found = false;
        self.visit(at, |at| {
            match term.truth(at) {
                Ok(truth) => found = truth == wanted,
                Err(stop) => unanswered = Some(stop),
            }
            Ok(found)
        })?;
        match unanswered {
            Some(stop) if !found => Err(stop),
            _ => Ok(found),
        }
    }

    fn map<'a>(
        &'a self,
        which: Option<&'a Term>,
        made: &'a Term,
        at: &mut At<'a>,
    ) -> Result<Value<'a>, Stop> {
        let mut list = Vec::new();
        self.visit(at, |at| {
            let wanted = which.map_or(Ok(true), |which| which.truth(at))?;
            if wanted {
                list.push(made.value(at)?);
            }
            Ok(false)
        })?;
        Ok(Value::List(at.arena.alloc_slice_copy(&list)))
    }
}

impl Order {
    fn of(self, left: Value<'_>, right: Value<'_>) -> Result<bool, Stop> {
        let order = left.order(right).ok_or_else(|| {
            let (left, right) = (left.sort(), right.sort());
            Stop::wrong(format!("{left} and {right} have no order"))
        })?;
        Ok(match self {
            Self::Less => order == Ordering::Less,
            Self::LessOrEqual => order != Ordering::Greater,
            Self::Greater => order == Ordering::Greater,
            Self::GreaterOrEqual => order != Ordering::Less,
        })
    }
}

impl Sum {
    fn of<'a>(
        self,
        left: Value<'a>,
        right: Value<'a>,
        arena: &'a Arena,
    ) -> Result<Value<'a>, Stop> {
        let sum = match (self, left, right) {
            (Self::Plus, Value::Text(left), Value::Text(right)) => {
                return Ok(Value::Text(arena.alloc_str(&[left, right].concat())));
            }
            (Self::Plus, Value::List(left), Value::List(right)) => {
                let both = [left, right].concat();
                return Ok(Value::List(arena.alloc_slice_copy(&both)));
            }
            (sum, Value::Int(left), Value::Int(right)) => match sum {
                Self::Plus => left.checked_add(right),
                Self::Minus => left.checked_sub(right),
                Self::Times => left.checked_mul(right),
                Self::By => left.checked_div(right),
                Self::Rest => left.checked_rem(right),
            },
            _ => None,
        };
        sum.map(Value::Int).ok_or_else(|| {
            let (left, right) = (left.show(), right.show());
            Stop::wrong(format!("{left} and {right} cannot be put together"))
        })
    }
}

/// The entries of a list.
#[inline]
pub(super) fn entries(value: Value<'_>) -> Result<&[Value<'_>], Stop> {
    match value {
        Value::List(entries) => Ok(entries),
        other => Err(Stop::wrong(format!("{} has no entries", other.sort()))),
    }
}

/// That a value is not what a function or an operator takes.
pub(super) fn unfit(name: &str, value: Value<'_>) -> Stop {
    Stop::wrong(format!("`{name}` does not take {}", value.show()))
}

#[inline]
fn node(value: Value<'_>) -> Result<&Node<'_>, Stop> {
    match value {
        Value::Node(node) => Ok(node),
        other => Err(Stop::wrong(format!("{} has no fields", other.sort()))),
    }
}
