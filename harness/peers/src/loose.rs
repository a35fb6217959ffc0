//! Values that hooks are told: texts, numbers and booleans are taken alike, and an empty text is one
//! that is not given, for who calls a hook may know texts only.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Visitor};

/// Most characters of a text that names something.
const MOST: usize = 299;

/// Why a hook is refused: the HTTP status and a sentence.
pub(crate) type Refusal = (u16, String);

/// A value in any form; absent where it is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Loose(Option<String>);

impl Loose {
    /// The value as text.
    pub(crate) fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// A text that may be a name, and has to be there.
    pub(crate) fn needed(&self, name: &str) -> Result<&str, Refusal> {
        self.text()
            .filter(|text| text.chars().count() <= MOST)
            .ok_or_else(|| bad(name, "needed, and has at most 299 characters"))
    }

    /// True where it says so, and nothing else.
    pub(crate) fn is_true(&self) -> bool {
        self.text() == Some("true")
    }

    /// True or false, in the usual words.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, Refusal> {
        let Some(text) = self.text() else {
            return Ok(None);
        };
        match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(Some(true)),
            "false" | "no" | "0" => Ok(Some(false)),
            _ => Err(bad(name, "true or false")),
        }
    }
}

/// A value that a hook does not take.
pub(crate) fn bad(name: &str, wanted: &str) -> Refusal {
    (400, format!("{name} is {wanted}"))
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Loose;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number or a boolean")
            }
            fn visit_str<E>(self, text: &str) -> Result<Loose, E> {
                Ok(Loose((!text.is_empty()).then(|| text.to_owned())))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Loose, E> {
                Ok(Loose(Some(number.to_string())))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Loose, E> {
                Ok(Loose(Some(value.to_string())))
            }
            fn visit_unit<E>(self) -> Result<Loose, E> {
                Ok(Loose(None))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
