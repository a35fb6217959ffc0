//! The functions that rules may call beside those of the language: one table for docs and check,
//! and what each does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use regex::Regex;

use super::evaluate::{At, Stop, entries, unfit};
use super::value::Value;

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
    "parm"(Kind::NodeWith("parm_names"); Kind::Text) -> Kind::Text, "characteristic.parm(\"NAPID\")",
        "The value of the first parameter of this name; empty where there is none, and for a flag.";
};

/// What a function does with its arguments, what stands before the dot among them.
pub(super) type Run<const N: usize> =
    for<'v> fn([Value<'v>; N], &mut At<'v>) -> Result<Value<'v>, Stop>;

/// What the functions do; how many values each takes, [`FUNCTIONS`] says. `matches` is none of them:
/// its pattern is compiled with the rule.
pub(super) mod run {
    use super::Run;

    /// What a function of one value does.
    pub(in crate::rule) fn one(name: &str) -> Option<Run<1>> {
        Some(match name {
            "size" => super::size,
            "lower" => super::lower,
            "int" => super::int,
            "string" => super::string,
            "unique" => super::unique,
            "last" => super::last,
            "is_base64" => super::is_base64,
            "base64_octets" => super::base64_octets,
            _ => return None,
        })
    }

    /// What a function of two values does.
    pub(in crate::rule) fn two(name: &str) -> Option<Run<2>> {
        Some(match name {
            "startsWith" => |given, _| super::texts(given, |text, start| text.starts_with(start)),
            "endsWith" => |given, _| super::texts(given, |text, end| text.ends_with(end)),
            "contains" => |given, _| super::texts(given, |text, inner| text.contains(inner)),
            "in_order" => super::in_order,
            "count" => super::count,
            "has_note" => super::has_note,
            "has_field" => super::has_field,
            "field" => super::field,
            "parm" => super::parm,
            _ => return None,
        })
    }
}

/// Compiles a pattern, or takes it from those compiled before. Patterns are written out in rules,
/// so there are never more of them than rules.
pub(super) fn pattern(text: &str) -> Result<Arc<Regex>, String> {
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

fn size<'v>([of]: [Value<'v>; 1], _: &mut At<'v>) -> Result<Value<'v>, Stop> {
    match of {
        Value::Text(text) => Ok(number(text.chars().count())),
        other => Ok(number(entries(other)?.len())),
    }
}

fn texts([left, right]: [Value<'_>; 2], ask: fn(&str, &str) -> bool) -> Result<Value<'_>, Stop> {
    Ok(Value::Bool(ask(text(left)?, text(right)?)))
}

fn lower<'v>([of]: [Value<'v>; 1], at: &mut At<'v>) -> Result<Value<'v>, Stop> {
    let lower = text(of)?.to_lowercase();
    Ok(Value::Text(at.arena.alloc_str(&lower)))
}

fn int<'v>([of]: [Value<'v>; 1], _: &mut At<'v>) -> Result<Value<'v>, Stop> {
    match of {
        Value::Int(number) => Ok(Value::Int(number)),
        other => {
            let number = other.as_text().and_then(|text| text.parse().ok());
            number.map(Value::Int).ok_or_else(|| unfit("int", other))
        }
    }
}

fn string<'v>([of]: [Value<'v>; 1], at: &mut At<'v>) -> Result<Value<'v>, Stop> {
    match of {
        Value::Text(text) => Ok(Value::Text(text)),
        Value::Int(number) => Ok(Value::Text(at.arena.alloc_str(&number.to_string()))),
        Value::Bool(truth) => Ok(Value::Text(at.arena.alloc_str(&truth.to_string()))),
        other => Err(unfit("string", other)),
    }
}

fn in_order<'v>([names, order]: [Value<'v>; 2], at: &mut At<'v>) -> Result<Value<'v>, Stop> {
    let (names, order) = (list(names, at)?, list(order, at)?);
    for entry in names.iter().chain(order) {
        text(*entry)?;
    }
    let mut before = 0;
    let sorted = names.iter().all(|name| {
        // Mostly it is the same name again, or one that stands behind it.
        let place = order.iter().position(|other| other == name);
        let is_sorted = place.is_some_and(|place| place >= before);
        before = place.unwrap_or(before);
        is_sorted
    });
    Ok(Value::Bool(sorted))
}

fn unique<'v>([of]: [Value<'v>; 1], at: &mut At<'v>) -> Result<Value<'v>, Stop> {
    let mut seen = BTreeSet::new();
    let unique = list(of, at)?.iter().all(|entry| match *entry {
        Value::Text(text) => seen.insert((None, text)),
        Value::Int(number) => seen.insert((Some(number), "")),
        _ => true,
    });
    Ok(Value::Bool(unique))
}

fn count<'v>([of, wanted]: [Value<'v>; 2], at: &mut At<'v>) -> Result<Value<'v>, Stop> {
    let found = list(of, at)?.iter().filter(|entry| **entry == wanted);
    Ok(number(found.count()))
}

fn last<'v>([of]: [Value<'v>; 1], at: &mut At<'v>) -> Result<Value<'v>, Stop> {
    let last = list(of, at)?.last().copied();
    last.ok_or_else(|| Stop::wrong("`last` of an empty list"))
}

fn is_base64<'v>([of]: [Value<'v>; 1], _: &mut At<'v>) -> Result<Value<'v>, Stop> {
    Ok(Value::Bool(decode_base64(text(of)?).is_some()))
}

fn base64_octets<'v>([of]: [Value<'v>; 1], _: &mut At<'v>) -> Result<Value<'v>, Stop> {
    let octets = decode_base64(text(of)?);
    Ok(number(octets.map_or(0, |octets| octets.len())))
}

fn has_note<'v>([of, wanted]: [Value<'v>; 2], at: &mut At<'v>) -> Result<Value<'v>, Stop> {
    let wanted = text(wanted)?;
    let found = texts_of(of, "notes", at)?.any(|kind| match wanted.strip_suffix('*') {
        Some(start) => kind.starts_with(start),
        None => kind == wanted,
    });
    Ok(Value::Bool(found))
}

fn has_field<'v>([of, wanted]: [Value<'v>; 2], at: &mut At<'v>) -> Result<Value<'v>, Stop> {
    let wanted = text(wanted)?;
    let mut names = texts_of(of, "field_names", at)?;
    Ok(Value::Bool(
        names.any(|name| name.eq_ignore_ascii_case(wanted)),
    ))
}

fn field<'v>([of, wanted]: [Value<'v>; 2], at: &mut At<'v>) -> Result<Value<'v>, Stop> {
    let wanted = text(wanted)?;
    let values: Vec<&str> = texts_of(of, "field_names", at)?
        .zip(texts_of(of, "field_values", at)?)
        .filter(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(_, value)| value)
        .collect();
    Ok(Value::Text(at.arena.alloc_str(&values.join(", "))))
}

fn parm<'v>([of, wanted]: [Value<'v>; 2], at: &mut At<'v>) -> Result<Value<'v>, Stop> {
    let wanted = text(wanted)?;
    let mut parms = texts_of(of, "parm_names", at)?.zip(texts_of(of, "parm_values", at)?);
    let found = parms.find(|(name, _)| *name == wanted);
    Ok(Value::Text(found.map_or("", |(_, value)| value)))
}

fn number<'v>(len: usize) -> Value<'v> {
    Value::Int(i64::try_from(len).unwrap_or(i64::MAX))
}

fn text(value: Value<'_>) -> Result<&str, Stop> {
    let no_text = || Stop::wrong(format!("{} is no text", value.show()));
    value.as_text().ok_or_else(no_text)
}

fn list<'v>(value: Value<'v>, at: &mut At<'_>) -> Result<&'v [Value<'v>], Stop> {
    let entries = entries(value)?;
    at.fuel.burn(entries.len())?;
    Ok(entries)
}

fn texts_of<'v>(
    node: Value<'v>,
    name: &'static str,
    at: &mut At<'_>,
) -> Result<impl Iterator<Item = &'v str> + use<'v>, Stop> {
    let list = match node {
        Value::Node(node) => node.field(name),
        other => return Err(unfit(name, other)),
    };
    at.fuel.burn(list.map_or(0, |list| list.texts().count()))?;
    Ok(list.into_iter().flat_map(Value::texts))
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
