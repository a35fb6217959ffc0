//! What can be said about a rule before it meets a message: that its fields exist, that those which
//! may be absent are asked for, that it compares like with like, and that its cost is bounded.

use std::collections::BTreeSet;

use assay_suites::words::hint;

use super::Trouble;
use super::engine::{CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue};
use super::engine::{SourceInfo, operators};
use super::functions::{FUNCTIONS, Kind, pattern};
use super::known::Known;
use crate::node::{Shape, Table};

/// The paths that a rule asks for with `has()`, `challenge.nonce`.
pub(super) fn asked(expression: &IdedExpr) -> Vec<String> {
    let mut asked = Vec::new();
    walk(expression, &mut |expr| {
        if let Expr::Select(select) = &expr.expr
            && select.test
            && let Some(operand) = path(&select.operand)
        {
            asked.push(format!("{operand}.{}", select.field));
        }
    });
    asked
}

/// The paths that a rule reads, those of `has()` among them, once each and in its order. One that
/// another goes on from is left out.
pub(super) fn read(
    expression: &IdedExpr,
    names: &[(&'static str, &'static Table)],
) -> Vec<Vec<String>> {
    let mut paths: Vec<String> = Vec::new();
    walk(expression, &mut |expr| {
        let path = match &expr.expr {
            Expr::Select(select) if select.test => {
                path(&select.operand).map(|operand| format!("{operand}.{}", select.field))
            }
            Expr::Select(_) => path(expr),
            _ => None,
        };
        paths.extend(path.filter(|path| !paths.contains(path)));
    });
    let is_end = |path: &&String| {
        let start = format!("{path}.");
        !paths.iter().any(|other| other.starts_with(&start))
    };
    let is_named = |path: &Vec<String>| {
        path.first()
            .is_some_and(|first| names.iter().any(|(name, _)| first == name))
    };
    let split = paths
        .iter()
        .filter(is_end)
        .map(|path| path.split('.').map(str::to_owned));
    split.map(Iterator::collect).filter(is_named).collect()
}

/// Everything that is wrong with a rule that may use these names.
pub(super) fn check(
    expression: &IdedExpr,
    source: &SourceInfo,
    names: &[(&'static str, &'static Table)],
    asked: &[String],
) -> Vec<Trouble> {
    let mut check = Check {
        source,
        asked: asked.iter().map(String::as_str).collect(),
        bound: names
            .iter()
            .map(|(name, table)| ((*name).to_owned(), Known::Node(table)))
            .collect(),
        depth: 0,
        demanded: true,
        troubles: Vec::new(),
    };
    let known = check.of(expression);
    if !matches!(known, Known::Bool | Known::Anything) {
        check.trouble(
            expression,
            format!("a rule is true or false, this is {}", known.name()),
        );
    }
    check.troubles
}

struct Check<'a> {
    source: &'a SourceInfo,
    asked: BTreeSet<&'a str>,
    bound: Vec<(String, Known)>,
    depth: usize,
    /// True where the rule cannot be true unless this part of it is.
    demanded: bool,
    troubles: Vec<Trouble>,
}

impl Check<'_> {
    fn trouble(&mut self, at: &IdedExpr, message: String) {
        let at = self
            .source
            .offset_for(at.id)
            .map_or(0, |(start, _)| start as usize);
        // A field begins behind its dot.
        let at = at + usize::from(self.source.source.as_bytes().get(at) == Some(&b'.'));
        let trouble = Trouble { at, message };
        if !self.troubles.contains(&trouble) {
            self.troubles.push(trouble);
        }
    }

    fn of(&mut self, expression: &IdedExpr) -> Known {
        match &expression.expr {
            Expr::Literal(literal) => match literal {
                LiteralValue::Boolean(_) => Known::Bool,
                LiteralValue::Int(_) => Known::Int,
                LiteralValue::String(_) => Known::Text,
                _ => Known::Anything,
            },
            Expr::Ident(name) => self.name(expression, name),
            Expr::Select(select) => {
                let operand = self.of(&select.operand);
                self.field(
                    expression,
                    &select.operand,
                    &operand,
                    &select.field,
                    select.test,
                )
            }
            Expr::List(list) => {
                let mut of = None;
                for element in &list.elements {
                    let known = self.of(element);
                    of = Some(match of {
                        None => known,
                        Some(of) if of == known => of,
                        Some(_) => Known::Anything,
                    });
                }
                Known::List(Box::new(of.unwrap_or(Known::Anything)))
            }
            Expr::Call(call) => self.call(expression, call),
            Expr::Comprehension(comprehension) => self.comprehension(expression, comprehension),
            Expr::Map(_) | Expr::Struct(_) => {
                self.trouble(expression, "maps and messages have no use in a rule".into());
                Known::Anything
            }
            Expr::Unspecified => Known::Anything,
        }
    }

    fn name(&mut self, at: &IdedExpr, name: &str) -> Known {
        if let Some((_, known)) = self.bound.iter().rev().find(|(bound, _)| bound == name) {
            return known.clone();
        }
        let names: Vec<&str> = self.bound.iter().map(|(name, _)| name.as_str()).collect();
        let list = names.join(", ");
        self.trouble(
            at,
            format!("nothing here is called `{name}`; there is {list}"),
        );
        Known::Anything
    }

    fn field(
        &mut self,
        at: &IdedExpr,
        operand: &IdedExpr,
        of: &Known,
        name: &str,
        test: bool,
    ) -> Known {
        let table = match of {
            Known::Anything => return if test { Known::Bool } else { Known::Anything },
            Known::Node(table) => table,
            other => {
                self.trouble(
                    at,
                    format!("{} has no fields, so no `{name}`", other.name()),
                );
                return Known::Anything;
            }
        };
        let Some(field) = table.field(name) else {
            let like = hint(name, table.fields.iter().map(|field| field.name));
            self.trouble(at, format!("`{}` has no field `{name}`{like}", table.name));
            return Known::Anything;
        };
        if test {
            if !field.optional {
                let message = format!(
                    "`{}.{name}` is always there, `has()` says nothing",
                    table.name
                );
                self.trouble(at, message);
            }
            return Known::Bool;
        }
        if field.optional
            && let Some(path) = path(operand).map(|operand| format!("{operand}.{name}"))
            && !self.asked.contains(path.as_str())
            && !self.is_told(&path, &field.shape)
        {
            self.trouble(
                at,
                format!("`{path}` may be absent: ask `has({path})` first"),
            );
        }
        Known::of(&field.shape)
    }

    /// Whether it is clear what the rule says where this field is absent, without asking.
    ///
    /// What the device sent it sent on purpose. A plain value that the target owes, and without
    /// which the rule cannot be true, makes it false. Of anything else nobody can tell.
    fn is_told(&self, path: &str, shape: &Shape) -> bool {
        let root = path.split('.').next().unwrap_or_default();
        let is_owed = !matches!(root, "session" | "profile" | "exchange");
        let is_plain = matches!(shape, Shape::Bool | Shape::Int | Shape::Text);
        root == "sent" || (self.demanded && is_owed && is_plain)
    }

    fn call(&mut self, at: &IdedExpr, call: &CallExpr) -> Known {
        let demanded = self.demanded;
        self.demanded &= !matches!(
            call.func_name.as_str(),
            operators::LOGICAL_NOT
                | operators::NOT_EQUALS
                | operators::LOGICAL_OR
                | operators::CONDITIONAL
        );
        let target = call.target.as_ref().map(|target| self.of(target));
        let args: Vec<Known> = call.args.iter().map(|argument| self.of(argument)).collect();
        self.demanded = demanded;
        if call.target.is_none()
            && let Some(known) = self.operator(at, &call.func_name, &args)
        {
            return known;
        }
        let mut candidates = FUNCTIONS
            .iter()
            .filter(|function| function.name == call.func_name)
            .filter(|function| function.on.is_some() == target.is_some())
            .peekable();
        if candidates.peek().is_none() {
            let like = hint(
                &call.func_name,
                FUNCTIONS.iter().map(|function| function.name),
            );
            self.trouble(
                at,
                format!("there is no function `{}`{like}", call.func_name),
            );
            return Known::Anything;
        }
        let Some(function) = candidates.find(|function| {
            let given = target.iter().chain(&args);
            let taken = function.on.iter().chain(function.takes);
            function.takes.len() == args.len()
                && taken.zip(given).all(|(kind, known)| known.fits(kind))
        }) else {
            self.trouble(at, format!("`{}` does not take this", call.func_name));
            return Known::Anything;
        };
        for (kind, argument) in function.takes.iter().zip(&call.args) {
            if *kind == Kind::Literal {
                self.literal(argument, function.name);
            }
        }
        match function.gives {
            Kind::Bool => Known::Bool,
            Kind::Int => Known::Int,
            Kind::Text | Kind::Literal => Known::Text,
            Kind::Entry => match args.into_iter().next() {
                Some(Known::List(of)) => *of,
                _ => Known::Anything,
            },
            _ => Known::Anything,
        }
    }

    fn literal(&mut self, argument: &IdedExpr, function: &str) {
        let Expr::Literal(LiteralValue::String(text)) = &argument.expr else {
            let message = format!("`{function}` takes a text that is written out in the rule");
            self.trouble(argument, message);
            return;
        };
        if function == "matches"
            && let Err(error) = pattern(text.inner())
        {
            let error = error
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ");
            self.trouble(argument, format!("no regular expression: {error}"));
        }
    }

    fn operator(&mut self, at: &IdedExpr, name: &str, args: &[Known]) -> Option<Known> {
        match (name, args) {
            (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => {
                if !left.like(right) {
                    let (left, right) = (left.name(), right.name());
                    self.trouble(at, format!("{left} is never equal to {right}"));
                }
                Some(Known::Bool)
            }
            (operators::IN, [entry, list]) => {
                match list {
                    Known::List(of) if !entry.like(of) => {
                        let (entry, of) = (entry.name(), of.name());
                        self.trouble(at, format!("{entry} is never in a list of {of}"));
                    }
                    Known::List(_) | Known::Anything => {}
                    other => self.trouble(at, format!("{} is no list", other.name())),
                }
                Some(Known::Bool)
            }
            (
                operators::LESS
                | operators::LESS_EQUALS
                | operators::GREATER
                | operators::GREATER_EQUALS,
                [left, right],
            ) => {
                let ordered =
                    |known: &Known| matches!(known, Known::Int | Known::Text | Known::Anything);
                if !left.like(right) || !ordered(left) || !ordered(right) {
                    let (left, right) = (left.name(), right.name());
                    self.trouble(at, format!("{left} and {right} have no order"));
                }
                Some(Known::Bool)
            }
            (operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT, args) => {
                if let Some(other) = args
                    .iter()
                    .find(|known| !matches!(known, Known::Bool | Known::Anything))
                {
                    self.trouble(at, format!("{} is neither true nor false", other.name()));
                }
                Some(Known::Bool)
            }
            (operators::NOT_STRICTLY_FALSE, _) => Some(Known::Bool),
            (operators::CONDITIONAL, [_, yes, no]) => {
                let vague = match no {
                    Known::List(of) => **of == Known::Anything,
                    known => *known == Known::Anything,
                };
                Some(if vague { yes.clone() } else { no.clone() })
            }
            (operators::INDEX, [list, _]) => match list {
                Known::List(of) => Some((**of).clone()),
                Known::Anything => Some(Known::Anything),
                other => {
                    self.trouble(at, format!("{} has no entries", other.name()));
                    Some(Known::Anything)
                }
            },
            (operators::ADD, [left, right]) => match (left, right) {
                (Known::Anything, other) | (other, Known::Anything) => Some(other.clone()),
                (Known::List(of), other) if **of == Known::Anything => Some(other.clone()),
                (left, right) => {
                    if !left.like(right) {
                        let (left, right) = (left.name(), right.name());
                        self.trouble(at, format!("{left} and {right} do not add up"));
                    }
                    Some(left.clone())
                }
            },
            (
                operators::SUBSTRACT
                | operators::MULTIPLY
                | operators::DIVIDE
                | operators::MODULO
                | operators::NEGATE,
                _,
            ) => Some(Known::Int),
            _ => None,
        }
    }

    fn comprehension(&mut self, at: &IdedExpr, inner: &ComprehensionExpr) -> Known {
        let range = self.of(&inner.iter_range);
        if self.depth > 0 {
            let message = "a comprehension inside another costs their product: use a subject, a \
                           field or a function";
            self.trouble(at, message.into());
        }
        let entry = match range {
            Known::List(of) => *of,
            Known::Anything => Known::Anything,
            other => {
                self.trouble(
                    &inner.iter_range,
                    format!("{} has no entries", other.name()),
                );
                Known::Anything
            }
        };
        let accumulated = self.of(&inner.accu_init);
        self.depth += 1;
        let demanded = std::mem::replace(&mut self.demanded, false);
        let before = self.bound.len();
        self.bound.push((inner.iter_var.clone(), entry));
        self.bound.push((inner.accu_var.clone(), accumulated));
        let step = self.of(&inner.loop_step);
        self.bound.push((inner.accu_var.clone(), step));
        let result = self.of(&inner.result);
        self.bound.truncate(before);
        self.depth -= 1;
        self.demanded = demanded;
        result
    }
}

/// The names that lead to a field, `exchange.http`, where it is nothing but names.
fn path(expression: &IdedExpr) -> Option<String> {
    match &expression.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            Some(format!("{}.{}", path(&select.operand)?, select.field))
        }
        _ => None,
    }
}

/// Calls `visit` for an expression and all inside it.
fn walk<'e>(expression: &'e IdedExpr, visit: &mut impl FnMut(&'e IdedExpr)) {
    visit(expression);
    match &expression.expr {
        Expr::Select(select) => walk(&select.operand, visit),
        Expr::Call(call) => {
            call.target.iter().for_each(|target| walk(target, visit));
            call.args.iter().for_each(|argument| walk(argument, visit));
        }
        Expr::List(list) => list
            .elements
            .iter()
            .for_each(|element| walk(element, visit)),
        Expr::Comprehension(inner) => {
            let parts = [
                &inner.iter_range,
                &inner.accu_init,
                &inner.loop_step,
                &inner.result,
            ];
            for part in parts {
                walk(part, visit);
            }
        }
        Expr::Map(map) => {
            for entry in &map.entries {
                if let EntryExpr::MapEntry(entry) = &entry.expr {
                    walk(&entry.key, visit);
                    walk(&entry.value, visit);
                }
            }
        }
        Expr::Struct(_) | Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => {}
    }
}
