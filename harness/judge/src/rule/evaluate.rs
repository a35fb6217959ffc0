//! What a term comes to in a scope.
//!
//! Values are lent from where they stand, and made only where there is something to make. The logic
//! is that of the language: `&&` and `||` have an answer where either side alone decides it, even
//! if the other has none; so have `all` and `exists`.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::term::{Each, Field, Order, Sum, Term, What};
use super::value::Value;
use super::{FUEL, Scope};
use crate::node::Node;

/// Why a term comes to nothing.
#[derive(Debug)]
pub(super) enum Stop {
    /// A field is absent.
    Absent,
    /// There is no subject at this place of the names.
    Nothing(usize),
    /// It cannot be evaluated, for this reason.
    Wrong(Box<str>),
}

impl Stop {
    /// It cannot be evaluated, for this reason.
    pub(super) fn wrong(why: impl Into<Box<str>>) -> Self {
        Self::Wrong(why.into())
    }
}

/// What may still be looked at.
pub(super) struct Fuel(u32);

impl Fuel {
    /// Takes so much.
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
    let mut at = At {
        scope,
        entry: None,
        fuel: Fuel(FUEL),
    };
    term.truth(&mut at)
}

/// Where the evaluation is.
struct At<'a> {
    scope: &'a Scope<'a>,
    /// The entry that a comprehension is at.
    entry: Option<Cow<'a, Value<'a>>>,
    fuel: Fuel,
}

type Answer<'a> = Result<Cow<'a, Value<'a>>, Stop>;

impl Term {
    /// The truth that it is.
    fn truth<'a>(&'a self, at: &mut At<'a>) -> Result<bool, Stop> {
        self.answer(at)?.map_err(neither)
    }

    /// The truth that it is, or else what it is.
    fn answer<'a>(&'a self, at: &mut At<'a>) -> Result<Result<bool, &'static str>, Stop> {
        match self {
            Self::Not(term) => term.truth(at).map(|truth| !truth),
            Self::And(terms) => decided(terms, false, at),
            Self::Or(terms) => decided(terms, true, at),
            Self::Has(of, field) => of.with(at, |of, at| {
                at.fuel.burn(1)?;
                Ok(field.of(of)?.is_some())
            }),
            Self::Equal(terms, wanted) => {
                let [left, right] = &**terms;
                left.with(at, |left, at| {
                    right.with(at, |right, _| Ok((left == right) == *wanted))
                })
            }
            Self::Order(terms, wanted) => {
                let [left, right] = &**terms;
                left.with(at, |left, at| {
                    right.with(at, |right, _| wanted.of(left, right))
                })
            }
            Self::In(terms) => {
                let [entry, list] = &**terms;
                entry.with(at, |entry, at| {
                    list.with(at, |list, _| Ok(entries(list)?.contains(entry)))
                })
            }
            Self::Matches(text, regex) => text.with(at, |text, _| {
                let text = text.as_text().ok_or_else(|| unfit("matches", text))?;
                Ok(regex.is_match(text))
            }),
            Self::Each(each) if !matches!(each.what, What::Map(..)) => each.truth(at),
            _ => {
                let value = self.value(at)?;
                return Ok(value.as_bool().ok_or_else(|| value.kind()));
            }
        }
        .map(Ok)
    }

    /// What it comes to, where that stands somewhere already; nothing is done where it does not.
    fn lent<'a>(&'a self, at: &mut At<'a>) -> Result<Option<&'a Value<'a>>, Stop> {
        match self {
            Self::Literal(value) => Ok(Some(value)),
            Self::Name(name) => at.scope.value(*name).map(Some),
            Self::Path(name, path) => {
                let mut value = at.scope.value(*name)?;
                for field in path {
                    let node = node(value)?;
                    at.fuel.burn(1)?;
                    value = node.at(*field).ok_or(Stop::Absent)?;
                }
                Ok(Some(value))
            }
            Self::Entry => match &at.entry {
                Some(Cow::Borrowed(value)) => Ok(Some(*value)),
                _ => Ok(None),
            },
            Self::Field(of, field) => match of.lent(at)? {
                Some(of) => {
                    at.fuel.burn(1)?;
                    field.of(of)?.map(Some).ok_or(Stop::Absent)
                }
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// Shows what it comes to, without having made it where it stands somewhere.
    fn with<'a, R>(
        &'a self,
        at: &mut At<'a>,
        show: impl FnOnce(&Value<'a>, &mut At<'a>) -> Result<R, Stop>,
    ) -> Result<R, Stop> {
        match self.lent(at)? {
            Some(value) => show(value, at),
            None => show(&*self.value(at)?, at),
        }
    }

    /// What it comes to.
    fn value<'a>(&'a self, at: &mut At<'a>) -> Answer<'a> {
        if let Some(value) = self.lent(at)? {
            return Ok(Cow::Borrowed(value));
        }
        match self {
            Self::Entry => at.entry.clone().ok_or(Stop::Absent),
            Self::Field(of, field) => {
                let of = of.value(at)?;
                at.fuel.burn(1)?;
                let held = field.of(&of)?.cloned();
                held.map(Cow::Owned).ok_or(Stop::Absent)
            }
            Self::List(terms) => {
                let mut list = Vec::with_capacity(terms.len());
                for term in terms {
                    list.push(term.value(at)?.into_owned());
                }
                Ok(Cow::Owned(Value::List(list)))
            }
            Self::If(terms) => {
                let [which, yes, no] = &**terms;
                if which.truth(at)? { yes } else { no }.value(at)
            }
            Self::Index(terms) => {
                let [list, index] = &**terms;
                let (list, index) = (list.value(at)?, index.value(at)?);
                let number = index.as_int().and_then(|index| usize::try_from(index).ok());
                let beyond = || Stop::wrong(format!("there is no entry {}", index.show()));
                let number = number.ok_or_else(beyond)?;
                match list {
                    Cow::Borrowed(list) => entries(list)?.get(number).map(Cow::Borrowed),
                    Cow::Owned(list) => entries(&list)?.get(number).cloned().map(Cow::Owned),
                }
                .ok_or_else(beyond)
            }
            Self::Sum(terms, sum) => {
                let [left, right] = &**terms;
                let (left, right) = (left.value(at)?, right.value(at)?);
                sum.of(&left, &right).map(Cow::Owned)
            }
            Self::Negative(term) => {
                let value = term.value(at)?;
                let number = value.as_int().and_then(i64::checked_neg);
                let number = number.ok_or_else(|| unfit("-", &value))?;
                Ok(Cow::Owned(Value::Int(number)))
            }
            Self::One(run, term) => {
                term.with(at, |value, at| run([value], &mut at.fuel).map(Cow::Owned))
            }
            Self::Two(run, terms, last_first) => {
                let [left, right] = &**terms;
                let (first, second) = if *last_first {
                    (right, left)
                } else {
                    (left, right)
                };
                first.with(at, |first, at| {
                    second.with(at, |second, at| {
                        let given = if *last_first {
                            [second, first]
                        } else {
                            [first, second]
                        };
                        run(given, &mut at.fuel).map(Cow::Owned)
                    })
                })
            }
            Self::Each(each) => match &each.what {
                What::Map(which, made) => each.map(which.as_ref(), made, at),
                _ => Ok(Cow::Owned(Value::Bool(each.truth(at)?))),
            },
            _ => Ok(Cow::Owned(Value::Bool(self.truth(at)?))),
        }
    }
}

/// The truth of two terms of which one alone decides where it is `deciding`.
fn decided<'a>(terms: &'a [Term; 2], deciding: bool, at: &mut At<'a>) -> Result<bool, Stop> {
    let [left, right] = terms;
    let left = left.truth(at);
    if matches!(left, Ok(truth) if truth == deciding) {
        return Ok(deciding);
    }
    match (left, right.answer(at)?) {
        (_, Ok(truth)) if truth == deciding => Ok(deciding),
        (Ok(_), Ok(truth)) => Ok(truth),
        (Err(stop), _) => Err(stop),
        (Ok(_), Err(kind)) => Err(neither(kind)),
    }
}

impl Field {
    /// What it holds in this node, if anything.
    fn of<'v, 'n>(&self, value: &'v Value<'n>) -> Result<Option<&'v Value<'n>>, Stop> {
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
        let around = at.entry.take();
        let mut visited = |entry, at: &mut At<'a>| {
            at.entry = Some(entry);
            visit(at)
        };
        let mut outcome = Ok(false);
        match range {
            Cow::Borrowed(list) => {
                for entry in entries(list)? {
                    outcome = visited(Cow::Borrowed(entry), at);
                    if !matches!(outcome, Ok(false)) {
                        break;
                    }
                }
            }
            Cow::Owned(Value::List(list)) => {
                for entry in list {
                    outcome = visited(Cow::Owned(entry), at);
                    if !matches!(outcome, Ok(false)) {
                        break;
                    }
                }
            }
            Cow::Owned(other) => return Err(unfit("a comprehension", &other)),
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
            What::Map(..) => Err(neither("a list")),
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

    fn map<'a>(&'a self, which: Option<&'a Term>, made: &'a Term, at: &mut At<'a>) -> Answer<'a> {
        let mut list = Vec::new();
        self.visit(at, |at| {
            let wanted = which.map_or(Ok(true), |which| which.truth(at))?;
            if wanted {
                list.push(made.value(at)?.into_owned());
            }
            Ok(false)
        })?;
        Ok(Cow::Owned(Value::List(list)))
    }
}

impl Order {
    fn of(self, left: &Value<'_>, right: &Value<'_>) -> Result<bool, Stop> {
        let order = left.order(right).ok_or_else(|| {
            let (left, right) = (left.kind(), right.kind());
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
    fn of<'v>(self, left: &Value<'v>, right: &Value<'v>) -> Result<Value<'v>, Stop> {
        let sum = match (self, left, right) {
            (Self::Plus, Value::Text(left), Value::Text(right)) => {
                return Ok(Value::Text(format!("{left}{right}").into()));
            }
            (Self::Plus, Value::List(left), Value::List(right)) => {
                return Ok(Value::List([left.as_slice(), right].concat()));
            }
            (sum, Value::Int(left), Value::Int(right)) => match sum {
                Self::Plus => left.checked_add(*right),
                Self::Minus => left.checked_sub(*right),
                Self::Times => left.checked_mul(*right),
                Self::By => left.checked_div(*right),
                Self::Rest => left.checked_rem(*right),
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
pub(super) fn entries<'v, 'n>(value: &'v Value<'n>) -> Result<&'v [Value<'n>], Stop> {
    match value {
        Value::List(entries) => Ok(entries),
        other => Err(Stop::wrong(format!("{} has no entries", other.kind()))),
    }
}

/// That a value is not what a function or an operator takes.
pub(super) fn unfit(name: &str, value: &Value<'_>) -> Stop {
    Stop::wrong(format!("`{name}` does not take {}", value.show()))
}

fn neither(kind: &str) -> Stop {
    Stop::wrong(format!("it is {kind}, neither true nor false"))
}

fn node<'v, 'n>(value: &'v Value<'n>) -> Result<&'v Node<'n>, Stop> {
    match value {
        Value::Node(node) => Ok(node),
        other => Err(Stop::wrong(format!("{} has no fields", other.kind()))),
    }
}
