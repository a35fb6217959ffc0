//! A value of a header or a parameter in the forms of WSP (WAP-230 8.4.2): number, text, octets.
//!
//! What a value means for its header is left to whoever asks.

use super::uintvar;
use crate::octets::{Octets, hex, number};
use crate::span::{Notes, Span};

/// How a value stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// A number of seven bits in one octet with the high bit set.
    Short,
    /// A number behind its length.
    Long,
    /// Text up to a NUL.
    Text,
    /// Text that begins with a quotation mark, up to a NUL.
    Quoted,
    /// Octets behind their length that are no number.
    Data,
    /// Nothing: a NUL octet alone.
    Empty,
}

impl Form {
    /// A word for it in rules and dumps.
    pub fn word(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Long => "long",
            Self::Text => "text",
            Self::Quoted => "quoted",
            Self::Data => "data",
            Self::Empty => "empty",
        }
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// It as text: a number in decimal, octets as hex digits, a text without quotation mark.
    pub text: String,
    /// The number that it is.
    pub number: Option<u64>,
    /// How it stands there.
    pub form: Form,
    /// True where the text has no NUL at its end.
    pub open: bool,
    /// All of its octets.
    pub span: Span,
}

impl Value {
    fn number(number: u64, form: Form, span: Span) -> Self {
        Self {
            text: number.to_string(),
            number: Some(number),
            form,
            open: false,
            span,
        }
    }
}

/// The next value; none where nothing is left. Long forms of at most eight octets are numbers, as
/// long as `octets_too` does not ask for octets.
pub(super) fn read(octets: &mut Octets<'_>, octets_too: bool, notes: &mut Notes) -> Option<Value> {
    let start = octets.at();
    let first = octets.peek()?;
    match first {
        0x80.. => {
            octets.octet();
            let number = u64::from(first & 0x7F);
            Some(Value::number(number, Form::Short, octets.since(start)))
        }
        0x00..=0x1F => {
            let length = length(octets, notes)?;
            if first == 0 {
                return Some(Value {
                    text: String::new(),
                    number: None,
                    form: Form::Empty,
                    open: false,
                    span: octets.since(start),
                });
            }
            let data = octets.take(length).unwrap_or_else(|| {
                let text = format!("{length} octets where {} are left", octets.left());
                notes.push("wsp.cut-short", octets.ahead(), text);
                octets.rest()
            });
            let span = octets.since(start);
            if (1..=8).contains(&data.len()) && !octets_too {
                let number = number(data);
                return Some(Value::number(number, Form::Long, span));
            }
            Some(Value {
                text: hex(data),
                number: None,
                form: Form::Data,
                open: false,
                span,
            })
        }
        _ => Some(text(octets, notes)),
    }
}

/// A text up to its NUL, without the quotation mark or the quote octet in front.
pub(super) fn text(octets: &mut Octets<'_>, notes: &mut Notes) -> Value {
    let start = octets.at();
    let (mut raw, ended) = octets.string();
    let span = octets.since(start);
    if !ended {
        notes.push(
            "wsp.unterminated-text",
            span,
            "a text without its final NUL",
        );
    }
    if raw.iter().skip(1).any(|octet| !octet.is_ascii()) {
        notes.push("wsp.not-ascii", span, "a text that is not ASCII");
    }
    let mut form = Form::Text;
    match raw.split_first() {
        Some((b'"', rest)) => {
            form = Form::Quoted;
            raw = rest.strip_suffix(b"\"").unwrap_or(rest);
            notes.push_once("wsp.quoted-value", span, "a text in quotation marks");
        }
        // An octet that says: the next one is text although its high bit is set.
        Some((0x7F, rest)) => raw = rest,
        _ => {}
    }
    Value {
        text: String::from_utf8_lossy(raw).into_owned(),
        number: None,
        form,
        open: !ended,
        span,
    }
}

/// A value length: one octet up to 30, or a quote octet and an integer.
pub(super) fn length(octets: &mut Octets<'_>, notes: &mut Notes) -> Option<usize> {
    let start = octets.at();
    let first = octets.octet()?;
    if first != 0x1F {
        return Some(usize::from(first));
    }
    let Some(length) = uintvar::read(octets, notes) else {
        notes.push(
            "wsp.cut-short",
            octets.since(start),
            "a length that does not end",
        );
        return Some(0);
    };
    if length.value <= 30 {
        let text = format!("{} behind a length quote", length.value);
        notes.push_once("wsp.needless-length-quote", octets.since(start), text);
    }
    Some(length.value as usize)
}
