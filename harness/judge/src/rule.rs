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
mod functions;
mod known;
mod value;

use std::cell::Cell;
use std::sync::Arc;

use crate::node::{Node, Table};

/// The names of the engine that the files below use.
mod engine {
    pub(super) use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue};
    pub(super) use cel::common::ast::{EntryExpr, SourceInfo, operators};
    pub(super) use cel::common::traits::Indexer;
    pub(super) use cel::common::types::{CelBool, CelInt, CelList, CelString, DYN_TYPE, Type};
    pub(super) use cel::common::types::{LIST_TYPE, STRING_TYPE};
    pub(super) use cel::common::value::{CowVal, StaticVal, Val};
    pub(super) use cel::{Env, ExecutionError};
}

pub(crate) use functions::decode_base64;
pub use functions::{FUNCTIONS, Function, Kind};
pub(crate) use value::Value;

/// No list in a view is longer; what is beyond is left out.
pub const LONGEST_LIST: usize = 256;

/// So many fields and list entries may one evaluation look at.
pub const FUEL: u32 = 50_000;

thread_local! {
    static TANK: Cell<u32> = const { Cell::new(FUEL) };
}

/// Compiles rules and evaluates them.
pub(crate) struct Engine {
    env: Arc<cel::Env>,
}

/// A compiled rule.
pub(crate) struct Rule {
    program: cel::Program,
    asks: Vec<String>,
    /// The paths of names that it reads, once each.
    reads: Vec<Vec<String>>,
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

    /// What it reads and what stands there, in one line: the evidence of its answer.
    pub(crate) fn received(&self, scope: &Scope<'_>) -> String {
        let mut pieces = Vec::new();
        for path in &self.reads {
            let Some((name, fields)) = path.split_first() else {
                continue;
            };
            let shown = match value::look(scope, name, fields) {
                value::Found::Value(shown) => format!("{} is {shown}", path.join(".")),
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
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope<'a> {
    nodes: Vec<(&'static str, value::NodeValue)>,
    parent: Option<&'a Scope<'a>>,
}

impl<'a> Scope<'a> {
    /// A scope inside another: its names come first.
    pub(crate) fn inside(parent: &'a Scope<'a>) -> Self {
        Self {
            nodes: Vec::new(),
            parent: Some(parent),
        }
    }

    /// The node of this name.
    fn node(&self, name: &str) -> Option<&Arc<Node>> {
        let own = self
            .nodes
            .iter()
            .find(|(own, _)| *own == name)
            .map(|(_, node)| &node.0);
        own.or_else(|| self.parent?.node(name))
    }

    /// Puts a node under a name.
    pub(crate) fn set(&mut self, name: &'static str, node: &Arc<Node>) {
        self.nodes.push((name, value::NodeValue(Arc::clone(node))));
    }
}

impl cel::context::VariableResolver for Scope<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<cel::common::value::CowVal<'b, 'b>> {
        let own = self.nodes.iter().find(|(name, _)| *name == variable);
        match (own, self.parent) {
            (Some((_, node)), _) => Some(cel::common::value::CowVal::Borrowed(node)),
            (None, Some(parent)) => parent.resolve(variable),
            (None, None) => None,
        }
    }
}

impl Engine {
    /// An engine with the functions of [`FUNCTIONS`].
    pub(crate) fn new() -> Self {
        // Without its regex feature the engine has no `matches`; ours keeps what it compiled.
        let mut env = cel::Env::stdlib().with_optional_support(false);
        functions::declare(&mut env);
        Self { env: Arc::new(env) }
    }

    /// Compiles a rule that may use these names.
    ///
    /// `guards` are other rules that hold wherever this one is evaluated (its `when`): what they ask
    /// with `has()` need not be asked again.
    pub(crate) fn compile(
        &self,
        text: &str,
        names: &[(&'static str, &'static Table)],
        guards: &[&Rule],
    ) -> Result<Rule, Vec<Trouble>> {
        let program = self.env.compile(text).map_err(|errors| {
            let troubles = errors.errors.iter().map(|error| Trouble {
                at: offset(text, error.pos),
                message: error.msg.trim().to_owned(),
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
        let reads = check::read(program.expression(), names);
        Ok(Rule {
            program,
            asks,
            reads,
            text: text.to_owned(),
        })
    }

    /// What the rule says in this scope.
    ///
    /// # Errors
    /// Where a name of the rule has nothing behind it, where an operator or a function does not
    /// take what it is given, where the fuel is spent, and where the rule is neither true nor false.
    pub(crate) fn holds(&self, rule: &Rule, scope: &Scope<'_>) -> Result<bool, Unanswered> {
        TANK.set(FUEL);
        let mut context = cel::Context::with_env(Arc::clone(&self.env));
        context.set_variable_resolver(scope);
        match cel::Value::resolve_val(rule.program.expression(), &context) {
            Ok(value) => {
                let truth = value.downcast_ref::<cel::common::types::CelBool>();
                truth.map(|truth| *truth.inner()).ok_or_else(|| {
                    let name = value.get_type().name();
                    Unanswered::Error(format!("it is a {name}, neither true nor false"))
                })
            }
            Err(cel::ExecutionError::UndeclaredReference(name)) => {
                Err(Unanswered::Nothing(name.to_string()))
            }
            // The check has seen to it that a rule is only read like this where it is false
            // without the field; unless it was the device that left it out.
            Err(cel::ExecutionError::NoSuchKey(_)) => match rule.unsent(scope) {
                Some(path) => Err(Unanswered::Nothing(path)),
                None => Ok(false),
            },
            Err(error) => Err(Unanswered::Error(error.to_string())),
        }
    }
}

/// Takes so much fuel; an error where the tank is empty.
fn burn(amount: usize) -> Result<(), cel::ExecutionError> {
    let left = TANK
        .get()
        .checked_sub(u32::try_from(amount).unwrap_or(u32::MAX));
    let Some(left) = left else {
        return Err(cel::ExecutionError::function_error(
            "rule",
            "looks at too much; narrow it",
        ));
    };
    TANK.set(left);
    Ok(())
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
