//! Rules: compiled once, checked against the tables of the subjects, evaluated on nodes.
//!
//! The only file that names the expression engine; its children see it through the aliases here.
//! A rule that asks for a field that no subject has does not compile. A plain value that the target
//! owes and does not give makes the rule false; wherever else a field may be absent the rule has to
//! ask `has()` first, or it does not compile. What cannot be evaluated is an error, never false. Which rule
//! looks at what, and what a breach is worth, is not decided here.
//!
//! Cost is bounded three ways: lists in a view are cut at [`LONGEST_LIST`], a comprehension may not
//! stand inside another, and one evaluation may look at [`FUEL`] fields.

mod check;
mod evaluate;
mod functions;
mod known;
#[cfg(test)]
mod reference;
mod term;
mod value;

use crate::node::Node;
use crate::view::Named;

/// The names of the engine that the files below use.
mod engine {
    pub(super) use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue};
    pub(super) use cel::common::ast::{EntryExpr, SourceInfo, operators};
    #[cfg(test)]
    pub(super) use cel::{
        Context, Env, ExecutionError, Program, Value as Answer,
        common::traits::Indexer,
        common::types::{CelBool, CelInt, CelList, CelString},
        common::types::{DYN_TYPE, LIST_TYPE, STRING_TYPE, Type},
        common::value::{CowVal, StaticVal, Val},
        context::VariableResolver,
    };
}

pub(crate) use functions::decode_base64;
pub use functions::{FUNCTIONS, Function, Kind};
pub(crate) use term::{Read, Way};
pub(crate) use value::Value;

/// No list in a view is longer; what is beyond is left out.
pub const LONGEST_LIST: usize = 256;

/// So many fields and list entries may one evaluation look at.
pub const FUEL: u32 = 50_000;

/// The names that a rule may use.
pub(crate) type Names = &'static [Named];

/// Compiles rules.
pub(crate) struct Engine {
    env: cel::Env,
}

/// A compiled rule.
pub(crate) struct Rule {
    term: term::Term,
    asks: Vec<String>,
    /// The paths of names that it reads, once each.
    reads: Vec<Vec<String>>,
    /// The fields that it reads, and from where.
    fields: Vec<Read>,
    text: String,
}

impl Rule {
    /// As it is written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The paths that it reads.
    pub(crate) fn reads(&self) -> &[Vec<String>] {
        &self.reads
    }

    /// The fields that it reads, and from where.
    pub(crate) fn fields(&self) -> &[Read] {
        &self.fields
    }

    /// The first path that it reads in what was sent, and that leads nowhere.
    fn unsent(&self, scope: &Scope<'_>) -> Option<String> {
        let sent = self
            .reads
            .iter()
            .filter(|path| path.first().is_some_and(|it| it == "sent"));
        let mut missing = sent.filter(|path| match path.split_first() {
            Some((name, fields)) => {
                !matches!(value::look(scope, name, fields), value::Found::Value(_))
            }
            None => false,
        });
        missing.next().map(|path| path.join("."))
    }

    /// What it says in this scope, which has the names that it was compiled with.
    ///
    /// # Errors
    /// Where a name of the rule has nothing behind it, where an operator or a function does not
    /// take what it is given, where the fuel is spent, and where the rule is neither true nor false.
    pub(crate) fn holds(&self, scope: &Scope<'_>) -> Result<bool, Unanswered> {
        match evaluate::holds(&self.term, scope) {
            Ok(truth) => Ok(truth),
            Err(evaluate::Stop::Nothing(at)) => {
                let name = scope.names.get(at as usize);
                let name = name.map_or("", |(name, _)| name);
                Err(Unanswered::Nothing(name.to_owned()))
            }
            // The check has seen to it that a rule is only read like this where it is false
            // without the field; unless it was the device that left it out.
            Err(evaluate::Stop::Absent) => match self.unsent(scope) {
                Some(path) => Err(Unanswered::Nothing(path)),
                None => Ok(false),
            },
            Err(evaluate::Stop::Neither(sort)) => {
                let why = format!("it is {sort}, neither true nor false");
                Err(Unanswered::Error(why))
            }
            Err(evaluate::Stop::Wrong(why)) => Err(Unanswered::Error(why.0)),
        }
    }

    /// What it reads and what stands there, in one line: the evidence of its answer.
    pub(crate) fn received(&self, scope: &Scope<'_>) -> String {
        let mut pieces = Vec::new();
        for path in &self.reads {
            let Some((name, fields)) = path.split_first() else {
                continue;
            };
            let shown = match value::look(scope, name, fields) {
                value::Found::Value(value) => format!("{} is {}", path.join("."), value.show()),
                value::Found::Absent(at) => {
                    let absent = path.get(..at + 2).unwrap_or(path);
                    format!("{} is absent", absent.join("."))
                }
                value::Found::Nothing => continue,
            };
            if !pieces.contains(&shown) {
                pieces.push(shown);
            }
        }
        if pieces.is_empty() {
            "it does not hold".to_owned()
        } else {
            pieces.join(", ")
        }
    }
}

/// What is wrong with the text of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// Offset in the text of the rule, in octets.
    pub(crate) at: usize,
    /// What is wrong, and what would be right.
    pub(crate) message: String,
}

/// Why a rule has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unanswered {
    /// It looks at a subject that is not there: there was no reply, or no document was sent.
    #[error("there is no {0}")]
    Nothing(String),
    /// It cannot be evaluated.
    #[error("{0}")]
    Error(String),
}

/// The names that a rule may use, and the subject behind each.
#[derive(Clone, Debug)]
pub(crate) struct Scope<'a> {
    names: Names,
    nodes: Vec<Option<&'a Node<'a>>>,
}

impl<'a> Scope<'a> {
    /// These names, with nothing behind them yet.
    pub(crate) fn new(names: Names) -> Self {
        Self {
            names,
            nodes: vec![None; names.len()],
        }
    }

    /// Puts a node behind a name, if it is one of these.
    pub(crate) fn set(&mut self, name: &str, node: &'a Node<'a>) {
        let at = self.names.iter().position(|(own, _)| *own == name);
        if let Some(slot) = at.and_then(|at| self.nodes.get_mut(at)) {
            *slot = Some(node);
        }
    }

    /// The subject at this place of the names.
    #[inline]
    fn node(&self, at: usize) -> Result<&'a Node<'a>, evaluate::Stop> {
        let node = self.nodes.get(at).copied().flatten();
        node.ok_or(evaluate::Stop::Nothing(
            u32::try_from(at).unwrap_or(u32::MAX),
        ))
    }

    /// The subject of this name.
    fn named(&self, name: &str) -> Option<&'a Node<'a>> {
        let at = self.names.iter().position(|(own, _)| *own == name)?;
        *self.nodes.get(at)?
    }
}

impl Engine {
    /// An engine that knows the macros of the language; its functions are those of [`FUNCTIONS`].
    pub(crate) fn new() -> Self {
        Self {
            env: cel::Env::stdlib().with_optional_support(false),
        }
    }

    /// Compiles a rule that may use these names.
    ///
    /// `guards` are other rules that hold wherever this one is evaluated (its `when`): what they ask
    /// with `has()` need not be asked again.
    pub(crate) fn compile(
        &self,
        text: &str,
        names: Names,
        guards: &[&Rule],
    ) -> Result<Rule, Vec<Trouble>> {
        let program = self.env.compile(text).map_err(|errors| {
            let troubles = errors.errors.iter().map(|error| Trouble {
                at: offset(text, error.pos),
                message: no_cel(&error.msg),
            });
            troubles.collect::<Vec<_>>()
        })?;
        let mut asks = check::asked(program.expression());
        let own = asks.len();
        asks.extend(guards.iter().flat_map(|rule| rule.asks.iter().cloned()));
        let troubles = check::check(program.expression(), program.source_info(), names, &asks);
        asks.truncate(own);
        if !troubles.is_empty() {
            return Err(troubles);
        }
        let (term, fields) = term::term(program.expression(), names).map_err(|id| {
            let at = program.source_info().offset_for(id);
            let message = "rules have truths, whole numbers, texts and lists, and nothing else";
            vec![Trouble {
                at: at.map_or(0, |(start, _)| start as usize),
                message: message.to_owned(),
            }]
        })?;
        let reads = check::read(program.expression(), names);
        Ok(Rule {
            term,
            asks,
            reads,
            fields,
            text: text.to_owned(),
        })
    }
}

/// What the parser says, without the list of everything that could have stood there.
fn no_cel(message: &str) -> String {
    let message = message.trim().trim_start_matches("Syntax error: ");
    let (what, _) = message.split_once(" expecting ").unwrap_or((message, ""));
    format!("this is no CEL: {what}")
}

/// The offset of a line and a column, both from one.
fn offset(text: &str, (line, column): (isize, isize)) -> usize {
    let line = usize::try_from(line).unwrap_or(1).max(1);
    let column = usize::try_from(column).unwrap_or(1).max(1);
    let before: usize = text
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum();
    let rest = text.get(before..).unwrap_or_default();
    let inside: usize = rest.chars().take(column - 1).map(char::len_utf8).sum();
    (before + inside).min(text.len())
}
