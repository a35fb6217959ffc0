//! Text of a target among ours: what could harm a terminal or an XML document is written out, what
//! is long is cut.

/// The text with its control characters, and those that turn the direction of writing, written out
/// as `\u{1b}`. Tabs and line breaks stay.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let harms = match c {
            '\t' | '\n' => false,
            // Marks of direction; and two that XML has no way to write, as most of the others.
            '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FFFE}'
            | '\u{FFFF}' => true,
            c => c.is_control(),
        };
        if harms {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// At most so many characters, with the number of the others.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((at, _)) => {
            let left = text.chars().count() - most;
            format!("{}… {left} characters more", &text[..at])
        }
    }
}

/// The first few of many, with the number of the others.
pub(crate) fn few<T: AsRef<str>>(all: &[T], most: usize) -> String {
    let shown: Vec<&str> = all.iter().take(most).map(AsRef::as_ref).collect();
    let shown = shown.join(", ");
    match all.len().saturating_sub(most) {
        0 => shown,
        left => format!("{shown} and {left} more"),
    }
}

/// A number of things: `1 case`, `2 cases`.
pub(crate) fn number(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
