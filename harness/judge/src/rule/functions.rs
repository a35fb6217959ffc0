//! The functions that rules may call beside those of the language: one table for docs and check,
//! and what each does.
#![expect(
    clippy::needless_pass_by_value,
    reason = "the engine hands arguments over in a vector"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use regex::Regex;

use super::burn;
use super::engine::{CelBool, CelInt, CelList, CelString, CowVal, DYN_TYPE, Env, ExecutionError};
use super::engine::{LIST_TYPE, STRING_TYPE, Type, Val};
use super::value::{NodeValue, text_of};

/// What a function takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// Characters.
    Text,
    /// Characters written out in the rule itself.
    Literal,
    /// A list of anything.
    List,
    /// A list of texts.
    Texts,
    /// A list or a text.
    Sized,
    /// A node that has this field.
    NodeWith(&'static str),
    /// Anything.
    Any,
    /// An entry of the list that was given first.
    Entry,
}

/// A function that rules may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What stands before the dot, where it is called on something.
    pub on: Option<Kind>,
    /// What stands between the parentheses.
    pub takes: &'static [Kind],
    /// What it gives.
    pub gives: Kind,
    /// A call.
    pub example: &'static str,
    /// What it gives, in words.
    pub doc: &'static str,
}

macro_rules! functions {
    ($( $name:literal ($($on:expr)?; $($takes:expr),*) -> $gives:expr, $example:literal, $doc:literal; )+) => {
        &[$( Function {
            name: $name,
            on: functions!(@on $($on)?),
            takes: &[$($takes),*],
            gives: $gives,
            example: $example,
            doc: $doc,
        } ),+]
    };
    (@on $on:expr) => { Some($on) };
    (@on) => { None };
}

/// Every function that a rule may call; another name does not compile.
pub const FUNCTIONS: &[Function] = functions! {
    "size"(; Kind::Sized) -> Kind::Int, "size(reply.commands)",
        "The number of entries of a list, or of characters of a text.";
    "size"(Kind::Sized;) -> Kind::Int, "reply.commands.size()",
        "The same.";
    "startsWith"(Kind::Text; Kind::Text) -> Kind::Bool, "header.source.startsWith(\"http\")",
        "Whether a text begins so.";
    "endsWith"(Kind::Text; Kind::Text) -> Kind::Bool, "exchange.http.media.endsWith(\"+xml\")",
        "Whether a text ends so.";
    "contains"(Kind::Text; Kind::Text) -> Kind::Bool, "item.target.contains(\"?prop=\")",
        "Whether a text holds another.";
    "matches"(Kind::Text; Kind::Literal) -> Kind::Bool, "header.msg_id.matches(\"^[1-9][0-9]*$\")",
        "Whether a regular expression, written out in the rule, is found in a text.";
    "lower"(Kind::Text;) -> Kind::Text, "reply.encoding.lower()",
        "The text in lower case.";
    "int"(; Kind::Any) -> Kind::Int, "int(\"12\")",
        "The number that a text writes; an error where it writes none.";
    "string"(; Kind::Any) -> Kind::Text, "string(12)",
        "The text of a number.";
    "in_order"(; Kind::Texts, Kind::Texts) -> Kind::Bool, "in_order(item.children, [\"Target\", \"Source\"])",
        "Whether a list holds nothing but the names of the second, in its order. Repeats may stand together, any name may be missing.";
    "unique"(; Kind::List) -> Kind::Bool, "unique(header.children)",
        "Whether no entry of a list of texts or numbers stands there twice.";
    "count"(; Kind::List, Kind::Any) -> Kind::Int, "count(reply.body_children, \"Final\")",
        "How often a value stands in a list.";
    "last"(; Kind::List) -> Kind::Entry, "last(reply.body_children)",
        "The last entry of a list; an error where it is empty.";
    "is_base64"(; Kind::Text) -> Kind::Bool, "is_base64(cred.data)",
        "Whether a text is base64 of the standard alphabet with its padding, white space aside.";
    "base64_octets"(; Kind::Text) -> Kind::Int, "base64_octets(cred.data)",
        "How many octets a base64 text stands for; zero where it is none.";
    "has_note"(Kind::NodeWith("notes"); Kind::Literal) -> Kind::Bool, "reply.has_note(\"wbxml.*\")",
        "Whether a decoder noticed something of this kind; a star at the end stands for anything.";
    "has_field"(Kind::NodeWith("field_names"); Kind::Text) -> Kind::Bool, "exchange.http.has_field(\"cache-control\")",
        "Whether there is a header field of this name, in any case.";
    "field"(Kind::NodeWith("field_names"); Kind::Text) -> Kind::Text, "exchange.http.field(\"cache-control\")",
        "The value of a header field, those of one name joined with a comma; empty where there is none.";
};

type Result<'b, 'v> = std::result::Result<CowVal<'b, 'v>, ExecutionError>;

/// Gives the engine the functions that are ours.
pub(super) fn declare(env: &mut Env) {
    type Op = for<'b, 'v> fn(Vec<CowVal<'b, 'v>>) -> Result<'b, 'v>;
    let global: [(&str, Vec<Type>, Op); 6] = [
        ("in_order", vec![LIST_TYPE, LIST_TYPE], in_order),
        ("unique", vec![LIST_TYPE], unique),
        ("count", vec![LIST_TYPE, DYN_TYPE], count),
        ("last", vec![LIST_TYPE], last),
        ("is_base64", vec![STRING_TYPE], is_base64),
        ("base64_octets", vec![STRING_TYPE], base64_octets),
    ];
    for (name, takes, op) in global {
        env.add_overload(name, name, takes, op)
            .expect("no two functions of ours are alike");
    }
    let member: [(&str, Type, Vec<Type>, Op); 5] = [
        ("matches", STRING_TYPE, vec![STRING_TYPE], matches),
        ("lower", STRING_TYPE, vec![], lower),
        ("has_note", DYN_TYPE, vec![STRING_TYPE], has_note),
        ("has_field", DYN_TYPE, vec![STRING_TYPE], has_field),
        ("field", DYN_TYPE, vec![STRING_TYPE], field),
    ];
    for (name, on, takes, op) in member {
        env.add_member_overload(name, name, on, takes, op)
            .expect("no two functions of ours are alike");
    }
}

/// Compiles a pattern, or takes it from those compiled before. Patterns are written out in rules,
/// so there are never more of them than rules.
pub(super) fn pattern(text: &str) -> std::result::Result<Arc<Regex>, String> {
    static COMPILED: LazyLock<RwLock<BTreeMap<String, Arc<Regex>>>> =
        LazyLock::new(RwLock::default);
    if let Some(regex) = COMPILED
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(text)
    {
        return Ok(Arc::clone(regex));
    }
    let regex = Arc::new(Regex::new(text).map_err(|error| error.to_string())?);
    let mut compiled = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    compiled.insert(text.to_owned(), Arc::clone(&regex));
    Ok(regex)
}

/// The octets that a base64 text stands for, white space aside. The alphabet is the standard one,
/// and padding is not left out.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    let symbols: Vec<u8> = text
        .bytes()
        .filter(|octet| !octet.is_ascii_whitespace())
        .collect();
    GeneralPurpose::new(&alphabet::STANDARD, config)
        .decode(symbols)
        .ok()
}

fn in_order<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<'b, 'v> {
    let (names, order) = (texts(&args, 0)?, texts(&args, 1)?);
    let places: Option<Vec<usize>> = names
        .iter()
        .map(|name| order.iter().position(|other| other == name))
        .collect();
    let sorted = places.is_some_and(|places| places.is_sorted());
    Ok(CowVal::owned(CelBool::from(sorted)))
}

fn unique<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<'b, 'v> {
    let entries = list(&args, 0)?;
    let mut seen = BTreeSet::new();
    let unique = entries.iter().all(|entry| match text_of(entry.as_ref()) {
        Some(text) => seen.insert((0, text.to_owned())),
        None => match entry.downcast_ref::<CelInt>() {
            Some(number) => seen.insert((*number.inner(), String::new())),
            None => true,
        },
    });
    Ok(CowVal::owned(CelBool::from(unique)))
}

fn count<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<'b, 'v> {
    let wanted = argument(&args, 1)?;
    let found = list(&args, 0)?
        .iter()
        .filter(|entry| entry.equals(wanted))
        .count();
    Ok(CowVal::owned(CelInt::from(
        i64::try_from(found).unwrap_or(i64::MAX),
    )))
}

fn last<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<'b, 'v> {
    match list(&args, 0)?.last() {
        Some(entry) => Ok(CowVal::Owned(entry.clone_as_boxed())),
        None => Err(ExecutionError::function_error("last", "the list is empty")),
    }
}

fn is_base64<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<'b, 'v> {
    let decoded = decode_base64(text(&args, 0)?);
    Ok(CowVal::owned(CelBool::from(decoded.is_some())))
}

fn base64_octets<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<'b, 'v> {
    let octets = decode_base64(text(&args, 0)?).map_or(0, |octets| octets.len());
    Ok(CowVal::owned(CelInt::from(
        i64::try_from(octets).unwrap_or(i64::MAX),
    )))
}

fn matches<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<'b, 'v> {
    let regex = pattern(text(&args, 1)?)
        .map_err(|error| ExecutionError::function_error("matches", error))?;
    Ok(CowVal::owned(CelBool::from(
        regex.is_match(text(&args, 0)?),
    )))
}

fn lower<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<'b, 'v> {
    Ok(CowVal::owned(CelString::from(
        text(&args, 0)?.to_lowercase(),
    )))
}

fn has_note<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<'b, 'v> {
    let wanted = text(&args, 1)?;
    let found = texts_of(&args, "notes")?.any(|kind| match wanted.strip_suffix('*') {
        Some(start) => kind.starts_with(start),
        None => kind == wanted,
    });
    Ok(CowVal::owned(CelBool::from(found)))
}

fn has_field<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<'b, 'v> {
    let wanted = text(&args, 1)?;
    let found = texts_of(&args, "field_names")?.any(|name| name.eq_ignore_ascii_case(wanted));
    Ok(CowVal::owned(CelBool::from(found)))
}

fn field<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<'b, 'v> {
    let wanted = text(&args, 1)?;
    let values: Vec<&str> = texts_of(&args, "field_names")?
        .zip(texts_of(&args, "field_values")?)
        .filter(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(_, value)| value)
        .collect();
    Ok(CowVal::owned(CelString::from(values.join(", "))))
}

fn argument<'a>(
    args: &'a [CowVal<'_, '_>],
    index: usize,
) -> std::result::Result<&'a dyn Val, ExecutionError> {
    let argument = args
        .get(index)
        .ok_or_else(ExecutionError::missing_argument_or_target)?;
    Ok(argument.as_ref())
}

fn text<'a>(
    args: &'a [CowVal<'_, '_>],
    index: usize,
) -> std::result::Result<&'a str, ExecutionError> {
    text_of(argument(args, index)?).ok_or_else(|| unexpected(args, index, "string"))
}

fn list<'a, 'v>(
    args: &'a [CowVal<'_, 'v>],
    index: usize,
) -> std::result::Result<&'a [Box<dyn Val + 'v>], ExecutionError> {
    let list = args
        .get(index)
        .and_then(|argument| argument.downcast_ref::<CelList<'v>>())
        .ok_or_else(|| unexpected(args, index, "list"))?;
    burn(list.inner().len())?;
    Ok(list.inner())
}

fn texts<'a>(
    args: &'a [CowVal<'_, '_>],
    index: usize,
) -> std::result::Result<Vec<&'a str>, ExecutionError> {
    let entries = list(args, index)?
        .iter()
        .map(|entry| text_of(entry.as_ref()));
    entries
        .collect::<Option<_>>()
        .ok_or_else(|| unexpected(args, index, "list of strings"))
}

fn texts_of<'a>(
    args: &'a [CowVal<'_, '_>],
    name: &'static str,
) -> std::result::Result<impl Iterator<Item = &'a str>, ExecutionError> {
    let node = argument(args, 0)?
        .downcast_ref::<NodeValue>()
        .ok_or_else(|| unexpected(args, 0, "node"))?;
    let list = node.0.field(name);
    burn(list.map_or(0, |list| list.texts().count()))?;
    Ok(list.into_iter().flat_map(super::value::Value::texts))
}

fn unexpected(args: &[CowVal<'_, '_>], index: usize, want: &str) -> ExecutionError {
    let got = args
        .get(index)
        .map_or("nothing", |argument| argument.get_type().name());
    ExecutionError::UnexpectedType {
        got: got.to_owned(),
        want: want.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", Some(0))]
    #[case("QQ==", Some(1))]
    #[case("QUJD", Some(3))]
    #[case("QU JD\n", Some(3))]
    #[case("QUJ", None)]
    #[case("QQ=a", None)]
    #[case("Q===", None)]
    #[case("QQ==QQ==", None)]
    #[case("Q-_D", None)]
    fn base64_is_counted_in_octets(#[case] text: &str, #[case] octets: Option<usize>) {
        assert_eq!(decode_base64(text).map(|octets| octets.len()), octets);
    }
}
