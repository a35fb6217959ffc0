//! Rules as the interpreter of the engine evaluates them, to compare ours with: a test, and nothing
//! that judges.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use super::engine::{Answer, CelBool, CelInt, CelList, CelString, Context, CowVal, DYN_TYPE};
use super::engine::{Env, ExecutionError, Indexer, LIST_TYPE, Program, STRING_TYPE, StaticVal};
use super::engine::{Type, Val, VariableResolver};
use super::functions::{decode_base64, pattern};
use super::{Rule, Scope, Unanswered, Value};
use crate::node::Node;

/// The interpreter, with the functions that are ours.
struct Reference {
    env: Arc<Env>,
}

/// What a rule says, as far as both have to agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Yes,
    No,
    Nothing,
    Error,
}

impl From<Result<bool, Unanswered>> for Said {
    fn from(answer: Result<bool, Unanswered>) -> Self {
        match answer {
            Ok(true) => Self::Yes,
            Ok(false) => Self::No,
            Err(Unanswered::Nothing(_)) => Self::Nothing,
            Err(Unanswered::Error(_)) => Self::Error,
        }
    }
}

impl Reference {
    fn new() -> Self {
        let mut env = Env::stdlib().with_optional_support(false);
        declare(&mut env);
        Self { env: Arc::new(env) }
    }

    fn compile(&self, rule: &Rule) -> Program {
        self.env
            .compile(rule.text())
            .expect("it was compiled before")
    }

    fn says(&self, rule: &Rule, program: &Program, subjects: &Subjects<'_>) -> Said {
        let mut context = Context::with_env(Arc::clone(&self.env));
        context.set_variable_resolver(subjects);
        match Answer::resolve_val(program.expression(), &context) {
            Ok(value) => match value.downcast_ref::<CelBool>() {
                Some(truth) if *truth.inner() => Said::Yes,
                Some(_) => Said::No,
                None => Said::Error,
            },
            Err(ExecutionError::UndeclaredReference(_)) => Said::Nothing,
            Err(ExecutionError::NoSuchKey(_)) if rule.unsent(subjects.scope).is_some() => {
                Said::Nothing
            }
            Err(ExecutionError::NoSuchKey(_)) => Said::No,
            Err(_) => Said::Error,
        }
    }
}

const ALONE: &str = "one thread asks";

/// A scope, its subjects copied, each once. The interpreter wants them to live for ever: they are
/// leaked, which a test may do.
struct Subjects<'a> {
    scope: &'a Scope<'a>,
    copies: Mutex<BTreeMap<usize, &'static Node<'static>>>,
}

impl<'a> Subjects<'a> {
    fn of(scope: &'a Scope<'a>) -> Self {
        Self {
            scope,
            copies: Mutex::default(),
        }
    }

    fn copy(&self, value: Value<'_>) -> Value<'static> {
        match value {
            Value::Bool(truth) => Value::Bool(truth),
            Value::Int(number) => Value::Int(number),
            Value::Text(text) => Value::Text(text.to_owned().leak()),
            Value::List(entries) => {
                let copies: Vec<Value<'static>> = entries.iter().map(|it| self.copy(*it)).collect();
                Value::List(copies.leak())
            }
            Value::Node(node) => Value::Node(self.copy_of(node)),
        }
    }

    fn copy_of(&self, node: &Node<'_>) -> &'static Node<'static> {
        let key = std::ptr::from_ref(node).addr();
        let known = self.copies.lock().expect(ALONE).get(&key).copied();
        known.unwrap_or_else(|| {
            let fields = node.fields.iter().map(|held| held.map(|it| self.copy(it)));
            let fields: Vec<Option<Value<'static>>> = fields.collect();
            let copy: &'static Node<'static> = Box::leak(Box::new(Node {
                table: node.table,
                place: node.place,
                fields: fields.leak(),
            }));
            self.copies.lock().expect(ALONE).insert(key, copy);
            copy
        })
    }
}

impl VariableResolver for Subjects<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let node = self.scope.named(variable)?;
        Some(CowVal::Owned(val(Value::Node(self.copy_of(node)))))
    }
}

fn val<'v>(value: Value<'static>) -> Box<dyn Val + 'v> {
    match value {
        Value::Bool(truth) => Box::new(CelBool::from(truth)),
        Value::Int(number) => Box::new(CelInt::from(number)),
        Value::Text(text) => Box::new(CelString::from(text.to_owned())),
        Value::List(entries) => {
            let entries: Vec<Box<dyn Val>> = entries.iter().map(|it| val(*it)).collect();
            Box::new(CelList::from(entries))
        }
        Value::Node(node) => Box::new(NodeValue(node)),
    }
}

#[derive(Clone, Copy, Debug)]
struct NodeValue(&'static Node<'static>);

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
            .is_some_and(|other| std::ptr::eq(self.0, other.0))
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(*self)
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
        let name = text_of(field).unwrap_or_default();
        match self.0.field(name) {
            Some(value) => Ok(CowVal::Owned(val(value))),
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

type Given<'b, 'v> = Vec<CowVal<'b, 'v>>;
type Made<'b, 'v> = Result<CowVal<'b, 'v>, ExecutionError>;

fn declare(env: &mut Env) {
    type Op = for<'b, 'v> fn(Given<'b, 'v>) -> Made<'b, 'v>;
    let global: [(&str, Vec<Type>, Op); 6] = [
        ("in_order", vec![LIST_TYPE, LIST_TYPE], |given| {
            let (names, order) = (texts(&given, 0)?, texts(&given, 1)?);
            let places: Option<Vec<usize>> = names
                .iter()
                .map(|name| order.iter().position(|other| other == name))
                .collect();
            truth(places.is_some_and(|places| places.is_sorted()))
        }),
        ("unique", vec![LIST_TYPE], |given| {
            let mut seen = BTreeSet::new();
            truth(list(&given, 0)?.iter().all(|entry| {
                let text = text_of(entry.as_ref()).map(str::to_owned);
                let number = entry.downcast_ref::<CelInt>().map(|it| *it.inner());
                (text.is_none() && number.is_none()) || seen.insert((text, number))
            }))
        }),
        ("count", vec![LIST_TYPE, DYN_TYPE], |given| {
            let wanted = given.get(1).ok_or_else(wrong)?;
            let found = list(&given, 0)?
                .iter()
                .filter(|entry| entry.equals(wanted.as_ref()));
            number(found.count())
        }),
        ("last", vec![LIST_TYPE], |given| {
            let last = list(&given, 0)?.last().ok_or_else(wrong)?;
            Ok(CowVal::Owned(last.clone_as_boxed()))
        }),
        ("is_base64", vec![STRING_TYPE], |given| {
            truth(decode_base64(text(&given, 0)?).is_some())
        }),
        ("base64_octets", vec![STRING_TYPE], |given| {
            number(decode_base64(text(&given, 0)?).map_or(0, |octets| octets.len()))
        }),
    ];
    for (name, takes, op) in global {
        env.add_overload(name, name, takes, op).expect("a new name");
    }
    let member: [(&str, Type, Vec<Type>, Op); 6] = [
        ("matches", STRING_TYPE, vec![STRING_TYPE], |given| {
            let regex = pattern(text(&given, 1)?).map_err(|_| wrong())?;
            truth(regex.is_match(text(&given, 0)?))
        }),
        ("lower", STRING_TYPE, vec![], |given| {
            made(text(&given, 0)?.to_lowercase())
        }),
        ("has_note", DYN_TYPE, vec![STRING_TYPE], |given| {
            let wanted = text(&given, 1)?;
            let kinds = texts_of(&given, "notes")?;
            truth(kinds.iter().any(|kind| match wanted.strip_suffix('*') {
                Some(start) => kind.starts_with(start),
                None => kind == wanted,
            }))
        }),
        ("has_field", DYN_TYPE, vec![STRING_TYPE], |given| {
            let wanted = text(&given, 1)?;
            let names = texts_of(&given, "field_names")?;
            truth(names.iter().any(|name| name.eq_ignore_ascii_case(wanted)))
        }),
        ("field", DYN_TYPE, vec![STRING_TYPE], |given| {
            let wanted = text(&given, 1)?;
            let names = texts_of(&given, "field_names")?;
            let values = texts_of(&given, "field_values")?;
            let found: Vec<String> = names
                .iter()
                .zip(values)
                .filter(|(name, _)| name.eq_ignore_ascii_case(wanted))
                .map(|(_, value)| value)
                .collect();
            made(found.join(", "))
        }),
        ("parm", DYN_TYPE, vec![STRING_TYPE], |given| {
            let wanted = text(&given, 1)?;
            let names = texts_of(&given, "parm_names")?;
            let values = texts_of(&given, "parm_values")?;
            let mut parms = names.iter().zip(values);
            let found = parms.find(|(name, _)| *name == wanted);
            made(found.map_or_else(String::new, |(_, value)| value))
        }),
    ];
    for (name, on, takes, op) in member {
        env.add_member_overload(name, name, on, takes, op)
            .expect("a new name");
    }
}

fn truth<'b, 'v>(truth: impl Into<Option<bool>>) -> Made<'b, 'v> {
    let truth = truth.into().ok_or_else(wrong)?;
    Ok(CowVal::owned(CelBool::from(truth)))
}

fn number<'b, 'v>(number: usize) -> Made<'b, 'v> {
    let number = i64::try_from(number).map_err(|_| wrong())?;
    Ok(CowVal::owned(CelInt::from(number)))
}

fn made<'b, 'v>(text: impl Into<Option<String>>) -> Made<'b, 'v> {
    let text = text.into().ok_or_else(wrong)?;
    Ok(CowVal::owned(CelString::from(text)))
}

fn wrong() -> ExecutionError {
    ExecutionError::function_error("reference", "does not take this")
}

fn text<'a>(given: &'a [CowVal<'_, '_>], index: usize) -> Result<&'a str, ExecutionError> {
    let value = given.get(index).ok_or_else(wrong)?;
    text_of(value.as_ref()).ok_or_else(wrong)
}

fn list<'a, 'v>(
    given: &'a [CowVal<'_, 'v>],
    index: usize,
) -> Result<&'a [Box<dyn Val + 'v>], ExecutionError> {
    let list = given
        .get(index)
        .and_then(|it| it.downcast_ref::<CelList<'v>>());
    list.map(CelList::inner).ok_or_else(wrong)
}

fn texts<'a>(given: &'a [CowVal<'_, '_>], index: usize) -> Result<Vec<&'a str>, ExecutionError> {
    let entries = list(given, index)?.iter().map(|it| text_of(it.as_ref()));
    entries.collect::<Option<_>>().ok_or_else(wrong)
}

fn texts_of(given: &[CowVal<'_, '_>], name: &str) -> Result<Vec<String>, ExecutionError> {
    let node = given.first().and_then(|it| it.downcast_ref::<NodeValue>());
    let list = node.ok_or_else(wrong)?.0.field(name);
    Ok(list
        .into_iter()
        .flat_map(Value::texts)
        .map(str::to_owned)
        .collect())
}

fn text_of(value: &dyn Val) -> Option<&str> {
    value.downcast_ref::<CelString<'_>>().map(CelString::inner)
}

mod tests;
