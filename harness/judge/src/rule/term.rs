//! A rule as it is evaluated: the expression with its names, fields and functions looked up.
//!
//! The engine parses rules and spells out their macros. Its interpreter would look every name up
//! again at every look, which takes longer than the exchange that is judged; here that is done once.
//! What an expression means is not changed: a test compares both.

use std::cell::RefCell;
use std::sync::Arc;

use regex::Regex;

use super::Names;
use super::engine::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};
use super::functions::{Run, pattern, run};
use super::known::Known;
use super::value::Value;

/// A part of a rule.
#[derive(Debug)]
pub(super) enum Term {
    Literal(Value<'static>),
    /// The subject at this place of the names.
    Name(usize),
    /// The fields of a subject, one behind the other, at these places of their tables: at least one.
    Path(usize, Box<[usize]>),
    /// The entry that the comprehension around it is at.
    Entry,
    Field(Box<Term>, Field),
    Has(Box<Term>, Field),
    List(Box<[Term]>),
    Not(Box<Term>),
    And(Box<[Term; 2]>),
    Or(Box<[Term; 2]>),
    If(Box<[Term; 3]>),
    /// Whether two values are equal, or whether they are not.
    Equal(Box<[Term; 2]>, bool),
    Order(Box<[Term; 2]>, Order),
    In(Box<[Term; 2]>),
    Index(Box<[Term; 2]>),
    Sum(Box<[Term; 2]>, Sum),
    Negative(Box<Term>),
    Matches(Box<Term>, Arc<Regex>),
    /// A function of one value.
    One(Run<1>, Box<Term>),
    /// A function of two; true where the second one is evaluated first.
    Two(Run<2>, Box<[Term; 2]>, bool),
    Each(Box<Each>),
}

/// Which field of a node.
#[derive(Debug)]
pub(super) enum Field {
    /// The one at this place of a table that is known.
    At(usize),
    /// The one of this name, of whatever node.
    Named(String),
}

/// How two values may stand to each other.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What two values are made into.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sum {
    Plus,
    Minus,
    Times,
    By,
    Rest,
}

/// A comprehension.
#[derive(Debug)]
pub(super) struct Each {
    pub(super) range: Term,
    pub(super) what: What,
}

/// What a comprehension makes of a list.
#[derive(Debug)]
pub(super) enum What {
    All(Term),
    Exists(Term),
    ExistsOne(Term),
    /// `filter` and `map`: which entries, and what becomes of each.
    Map(Option<Term>, Term),
}

/// The term of an expression that was checked, and every field that it reads.
///
/// # Errors
/// The id of the first part that rules do not have: a number that is not whole, octets.
pub(super) fn term(expression: &IdedExpr, names: Names) -> Result<(Term, Vec<Read>), u64> {
    let reads = RefCell::default();
    let resolver = Resolver {
        names,
        entry: None,
        reads: &reads,
    };
    let (term, _) = resolver.of(expression)?;
    Ok((term, reads.into_inner()))
}

/// A field that a rule reads, by the names of its table and its own, and the way there.
pub(crate) type Read = ((&'static str, &'static str), Way);

/// The name that a path begins with and the fields on it, those of entries of lists among them; absent
/// where nobody can tell.
pub(crate) type Way = Option<Vec<&'static str>>;

struct Resolver<'n> {
    names: Names,
    /// The variable of the comprehension around, and what is known of it.
    entry: Option<(&'n str, Known, Way)>,
    reads: &'n RefCell<Vec<Read>>,
}

type Resolved = Result<(Term, Known), u64>;

impl Resolver<'_> {
    fn of(&self, expression: &IdedExpr) -> Resolved {
        let id = expression.id;
        let resolved = match &expression.expr {
            Expr::Literal(value) => literal(value).map(Term::Literal).map(unknown),
            Expr::Ident(name) => self.name(name),
            Expr::Select(select) => {
                let (of, known) = self.of(&select.operand)?;
                let way = self.way(&of);
                self.field(&known, way, &select.field)
                    .map(|(field, known)| {
                        if select.test {
                            (Term::Has(Box::new(of), field), Known::Bool)
                        } else {
                            (select_from(of, field), known)
                        }
                    })
            }
            Expr::List(list) => Some(unknown(self.list(&list.elements)?)),
            Expr::Call(call) => self.call(call, id)?,
            Expr::Comprehension(inner) => self.each(inner, id)?,
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => None,
        };
        resolved.ok_or(id)
    }

    fn list(&self, expressions: &[IdedExpr]) -> Result<Term, u64> {
        let terms: Result<Vec<Term>, u64> = expressions
            .iter()
            .map(|entry| self.of(entry).map(|(term, _)| term))
            .collect();
        let terms = terms?;
        let literal = |term: &Term| match term {
            Term::Literal(value) => Some(*value),
            _ => None,
        };
        let literals: Option<Vec<Value<'static>>> = terms.iter().map(literal).collect();
        Ok(match literals {
            Some(values) => Term::Literal(Value::List(values.leak())),
            None => Term::List(terms.into()),
        })
    }

    fn name(&self, name: &str) -> Option<(Term, Known)> {
        if let Some((entry, known, _)) = &self.entry
            && *entry == name
        {
            return Some((Term::Entry, known.clone()));
        }
        let at = self.names.iter().position(|(known, _)| *known == name)?;
        let (_, table) = self.names.get(at)?;
        Some((Term::Name(at), Known::Node(table)))
    }

    /// A field of what is known, and what is known of it.
    fn field(&self, of: &Known, path: Way, name: &str) -> Option<(Field, Known)> {
        let Known::Node(table) = of else {
            return Some((Field::Named(name.to_owned()), Known::Anything));
        };
        let at = table.fields.iter().position(|field| field.name == name)?;
        let field = table.fields.get(at)?;
        let read = ((table.name, field.name), path);
        self.reads.borrow_mut().push(read);
        Some((Field::At(at), Known::of(&field.shape)))
    }

    /// The names that lead to what a term comes to.
    fn way(&self, term: &Term) -> Way {
        match term {
            Term::Name(name) => Some(vec![self.names.get(*name)?.0]),
            Term::Path(name, path) => {
                let (name, mut table) = *self.names.get(*name)?;
                let mut way = vec![name];
                for at in path {
                    let field = table.fields.get(*at)?;
                    way.push(field.name);
                    if let Known::Node(inner) = Known::of(&field.shape) {
                        table = inner;
                    }
                }
                Some(way)
            }
            Term::Entry => self.entry.as_ref()?.2.clone(),
            Term::Index(terms) => self.way(&terms[0]),
            _ => None,
        }
    }

    fn call(&self, call: &CallExpr, id: u64) -> Result<Option<(Term, Known)>, u64> {
        let target = call.target.as_deref();
        let (mut terms, mut knowns) = (Vec::new(), Vec::new());
        for argument in target.into_iter().chain(&call.args) {
            let (term, known) = self.of(argument)?;
            terms.push(term);
            knowns.push(known);
        }
        if target.is_none() {
            match operator(&call.func_name, terms) {
                Ok(term) => {
                    let known = match &term {
                        Term::Index(_) => entry_of(knowns.into_iter().next()),
                        Term::If(_) => knowns.into_iter().nth(1).unwrap_or(Known::Anything),
                        _ => Known::Anything,
                    };
                    return Ok(Some((term, known)));
                }
                Err(back) => terms = back,
            }
        }
        let known = match call.func_name.as_str() {
            "last" => entry_of(knowns.into_iter().next()),
            _ => Known::Anything,
        };
        let term = match <[Term; 2]>::try_from(terms) {
            Ok([on, given]) if call.func_name == "matches" => {
                let Term::Literal(Value::Text(text)) = &given else {
                    return Err(id);
                };
                let regex = pattern(text).map_err(|_| id)?;
                Some(Term::Matches(Box::new(on), regex))
            }
            Ok(two) => {
                run::two(&call.func_name).map(|run| Term::Two(run, Box::new(two), target.is_some()))
            }
            Err(terms) => {
                let one = <[Term; 1]>::try_from(terms).ok();
                let run = run::one(&call.func_name);
                one.zip(run).map(|([on], run)| Term::One(run, Box::new(on)))
            }
        };
        Ok(term.map(|term| (term, known)))
    }

    /// The engine has written `all`, `exists`, `exists_one`, `filter` and `map` out as folds; this
    /// reads them back.
    fn each(&self, fold: &ComprehensionExpr, id: u64) -> Result<Option<(Term, Known)>, u64> {
        let (range, known) = self.of(&fold.iter_range)?;
        let inner = Resolver {
            names: self.names,
            entry: Some((&fold.iter_var, entry_of(Some(known)), self.way(&range))),
            reads: self.reads,
        };
        let is_result =
            |it: &IdedExpr| matches!(&it.expr, Expr::Ident(name) if *name == fold.accu_var);
        // What is added to the result so far: one entry, or the number one.
        let added = |it: &'_ IdedExpr| match &it.expr {
            Expr::Call(call) if call.func_name == operators::ADD => match call.args.as_slice() {
                [before, more] if is_result(before) => Some(more.clone()),
                _ => None,
            },
            _ => None,
        };
        let single = |it: &IdedExpr| match &it.expr {
            Expr::List(list) => list.elements.first().map(|made| inner.of(made)),
            _ => None,
        };
        let Expr::Call(step) = &fold.loop_step.expr else {
            return Ok(None);
        };
        let mut of = Known::Anything;
        let what = match (step.func_name.as_str(), step.args.as_slice()) {
            (operators::LOGICAL_AND, [result, holds]) if is_result(result) => {
                What::All(inner.of(holds)?.0)
            }
            (operators::LOGICAL_OR, [result, holds]) if is_result(result) => {
                What::Exists(inner.of(holds)?.0)
            }
            (operators::CONDITIONAL, [which, then, result]) if is_result(result) => {
                let (which, more) = (inner.of(which)?.0, added(then).ok_or(id)?);
                match single(&more) {
                    Some(made) => {
                        let (made, known) = made?;
                        of = known;
                        What::Map(Some(which), made)
                    }
                    None => What::ExistsOne(which),
                }
            }
            _ => {
                let more = added(&fold.loop_step).ok_or(id)?;
                let (made, known) = single(&more).ok_or(id)??;
                of = known;
                What::Map(None, made)
            }
        };
        let each = Term::Each(Box::new(Each { range, what }));
        Ok(Some((each, Known::List(Box::new(of)))))
    }
}

fn unknown(term: Term) -> (Term, Known) {
    (term, Known::Anything)
}

/// A field of a term. Fields of fields of a subject are one path.
fn select_from(of: Term, field: Field) -> Term {
    match (of, field) {
        (Term::Name(name), Field::At(at)) => Term::Path(name, Box::new([at])),
        (Term::Path(name, path), Field::At(at)) => {
            Term::Path(name, path.into_iter().chain([at]).collect())
        }
        (of, field) => Term::Field(Box::new(of), field),
    }
}

/// The term of an operator; its arguments where it is none.
fn operator(name: &str, terms: Vec<Term>) -> Result<Term, Vec<Term>> {
    match terms.len() {
        1 => {
            let [one] = take(terms)?;
            let one = Box::new(one);
            match name {
                operators::LOGICAL_NOT => Ok(Term::Not(one)),
                operators::NEGATE => Ok(Term::Negative(one)),
                _ => Err(vec![*one]),
            }
        }
        2 => {
            let two = Box::new(take(terms)?);
            match name {
                operators::LOGICAL_AND => Ok(Term::And(two)),
                operators::LOGICAL_OR => Ok(Term::Or(two)),
                operators::EQUALS => Ok(Term::Equal(two, true)),
                operators::NOT_EQUALS => Ok(Term::Equal(two, false)),
                operators::LESS => Ok(Term::Order(two, Order::Less)),
                operators::LESS_EQUALS => Ok(Term::Order(two, Order::LessOrEqual)),
                operators::GREATER => Ok(Term::Order(two, Order::Greater)),
                operators::GREATER_EQUALS => Ok(Term::Order(two, Order::GreaterOrEqual)),
                operators::IN => Ok(Term::In(two)),
                operators::INDEX => Ok(Term::Index(two)),
                operators::ADD => Ok(Term::Sum(two, Sum::Plus)),
                operators::SUBSTRACT => Ok(Term::Sum(two, Sum::Minus)),
                operators::MULTIPLY => Ok(Term::Sum(two, Sum::Times)),
                operators::DIVIDE => Ok(Term::Sum(two, Sum::By)),
                operators::MODULO => Ok(Term::Sum(two, Sum::Rest)),
                _ => Err(Vec::from(*two)),
            }
        }
        3 if name == operators::CONDITIONAL => Ok(Term::If(Box::new(take(terms)?))),
        _ => Err(terms),
    }
}

fn take<const N: usize>(terms: Vec<Term>) -> Result<[Term; N], Vec<Term>> {
    terms.try_into()
}

/// What is written out in a rule. Rules are compiled once and asked until the process ends: so long
/// their texts and lists are kept.
fn literal(value: &LiteralValue) -> Option<Value<'static>> {
    match value {
        LiteralValue::Boolean(truth) => Some(Value::Bool(*truth.inner())),
        LiteralValue::Int(number) => Some(Value::Int(*number.inner())),
        LiteralValue::String(text) => Some(Value::Text(text.inner().to_owned().leak())),
        _ => None,
    }
}

fn entry_of(list: Option<Known>) -> Known {
    match list {
        Some(Known::List(of)) => *of,
        _ => Known::Anything,
    }
}
