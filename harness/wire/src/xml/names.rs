//! The lexical rules of XML 1.0: which octets are space, which characters are characters, what a
//! name is, and what a reference means.
//!
//! Facts of "Extensible Markup Language 1.0 (Fifth Edition)" and "Namespaces in XML 1.0", applied
//! to slices. Where those slices come from, and what is made of a breach, is for `read`.

use std::borrow::Cow;

use super::words;

/// May begin a name.
const START: u8 = 1;
/// May stand inside a name.
const PART: u8 = 2;
/// Space: production 3, S.
const SPACE: u8 = 4;
/// Parts a prefix from a name.
const COLON: u8 = 16;
/// Needs more than copying inside an attribute value.
const SPECIAL: u8 = 8;

/// Is, or begins, a character that a writer may have to escape.
const SUSPECT: u8 = 32;

static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let octet = at as u8;
        table[at] = match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => START | PART,
            b':' => START | PART | COLON,
            b'0'..=b'9' | b'-' | b'.' => PART,
            b' ' => SPACE,
            b'\t' | b'\n' | b'\r' => SPACE | SPECIAL | SUSPECT,
            b'<' | b'&' => SPECIAL | SUSPECT,
            b'>' | b'"' | b'\'' | 0..=0x1F | 0xEF => SUSPECT,
            _ => 0,
        };
        at += 1;
    }
    table
}

/// True for space, tab, line feed and carriage return.
#[inline]
pub(super) fn is_space(octet: u8) -> bool {
    CLASS[octet as usize] & SPACE != 0
}

/// True where the octet ends the plain part of an attribute value: `<`, `&`, or space to normalise.
#[inline]
pub(super) fn is_special(octet: u8) -> bool {
    CLASS[octet as usize] & SPECIAL != 0
}

/// True where the octet is, or begins, a character that a writer may have to escape.
#[inline]
pub(super) fn is_suspect(octet: u8) -> bool {
    CLASS[octet as usize] & SUSPECT != 0
}

/// True where any octet is [suspect](is_suspect). All are looked at: most texts have none, and
/// stopping early would cost a branch an octet.
#[inline]
pub(super) fn has_suspect(octets: &[u8]) -> bool {
    let classes = octets
        .iter()
        .fold(0, |found, &octet| found | CLASS[octet as usize]);
    classes & SUSPECT != 0
}

/// True for text without anything to escape; for text that is no ASCII it may be false.
#[inline]
pub(super) fn is_plain(text: &str) -> bool {
    // `<` and `>` differ in one bit.
    words::all(text.as_bytes(), |word| {
        words::at_least(word, 0x20)
            & words::other(word, b'<', b'<' ^ b'>')
            & words::other(word, b'&', 0)
    })
}

/// True for a name without a colon; for a name that is no ASCII it may be false.
#[inline]
pub(super) fn is_unprefixed(name: &str) -> bool {
    words::all(name.as_bytes(), |word| words::other(word, b':', 0))
}

/// True for characters that a document may hold at all: production 2, Char.
pub(super) fn is_char(c: char) -> bool {
    !matches!(c, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}')
}

/// The length of the run of name characters at the start of `text`: production 7, Nmtoken.
#[inline]
pub(super) fn name_len(text: &str) -> usize {
    let octets = text.as_bytes();
    let ascii = octets
        .iter()
        .position(|&octet| CLASS[octet as usize] & PART == 0);
    let Some(ascii) = ascii else {
        return octets.len();
    };
    if octets[ascii].is_ascii() {
        return ascii;
    }
    let rest = &text[ascii..];
    ascii + rest.find(|c| !is_part(c)).unwrap_or(rest.len())
}

/// The length of the simple name at the start of `text`, which is ASCII and has no colon; zero
/// where there is none. What follows may continue a name that is not so simple.
#[inline]
pub(super) fn simple_len(text: &str) -> usize {
    let octets = text.as_bytes();
    match octets.first() {
        Some(&first) if CLASS[first as usize] & (START | COLON) == START => {}
        _ => return 0,
    }
    let simple = |&octet: &u8| CLASS[octet as usize] & (PART | COLON) == PART;
    octets
        .iter()
        .position(|octet| !simple(octet))
        .unwrap_or(octets.len())
}

/// True where a run of name characters is a name: production 5, its first character.
pub(super) fn begins_name(run: &str) -> bool {
    match run.as_bytes().first() {
        Some(octet) if octet.is_ascii() => CLASS[*octet as usize] & START != 0,
        _ => run.chars().next().is_some_and(is_start),
    }
}

/// Prefix (empty for none) and local part of a qualified name: Namespaces in XML, production 7.
pub(super) fn qualified(run: &str) -> Option<(&str, &str)> {
    if !begins_name(run) || name_len(run) != run.len() {
        return None;
    }
    match run.bytes().position(|octet| octet == b':') {
        None => Some(("", run)),
        Some(at) => {
            let (prefix, local) = (&run[..at], &run[at + 1..]);
            let sound = at > 0 && begins_name(local) && !local.contains(':');
            sound.then_some((prefix, local))
        }
    }
}

/// True for a name without a colon: Namespaces in XML, production 4.
pub(super) fn is_ncname(text: &str) -> bool {
    name_len(text) == text.len() && begins_name(text) && !text.contains(':')
}

fn is_start(c: char) -> bool {
    matches!(c,
        ':' | '_' | 'A'..='Z' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn is_part(c: char) -> bool {
    is_start(c)
        || matches!(c,
            '-' | '.' | '0'..='9' | '\u{B7}'
            | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// What a reference stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Referent {
    /// These characters.
    Text(Cow<'static, str>),
    /// A character that no document may hold, by its number.
    Forbidden(Cow<'static, str>),
    /// A general entity that nothing declares.
    Undefined,
    /// Nothing: it is not written as a reference is.
    Malformed,
}

/// What stands for the reference whose inside, between `&` and `;`, this is: productions 66 to 68.
pub(super) fn referent(inside: &str) -> Referent {
    match inside {
        "lt" => Referent::Text("<".into()),
        "gt" => Referent::Text(">".into()),
        "amp" => Referent::Text("&".into()),
        "apos" => Referent::Text("'".into()),
        "quot" => Referent::Text("\"".into()),
        _ => match inside.strip_prefix('#') {
            Some(number) => numbered(number),
            None if is_ncname(inside) => Referent::Undefined,
            None => Referent::Malformed,
        },
    }
}

fn numbered(number: &str) -> Referent {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Referent::Malformed;
    }
    // Leading zeros are allowed in any number, so a long number need not be a large one.
    match u32::from_str_radix(digits, radix)
        .ok()
        .and_then(char::from_u32)
    {
        Some(c) if is_char(c) => Referent::Text(text_of(c)),
        Some(c) => Referent::Forbidden(text_of(c)),
        None => Referent::Malformed,
    }
}

/// Characters of a name that a note quotes.
const QUOTED: usize = 40;

/// A name as a note quotes it: cut where it is long.
pub(super) fn short(name: &str) -> String {
    match name.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{:?}…", &name[..end]),
        None => format!("{name:?}"),
    }
}

/// The commonest referents are ASCII, and borrow from this.
static ASCII: &str = "\0\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0B\x0C\r\x0E\x0F\x10\x11\x12\x13\
    \x14\x15\x16\x17\x18\x19\x1A\x1B\x1C\x1D\x1E\x1F !\"#$%&'()*+,-./0123456789:;<=>?@\
    ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7F";

fn text_of(c: char) -> Cow<'static, str> {
    let at = c as usize;
    match ASCII.get(at..=at) {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(c.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_nothing_to_escape() {
        for c in '\0'..='\u{FF}' {
            let text = c.to_string();
            let escaped = matches!(c, '\0'..='\x1F' | '<' | '>' | '&');
            assert_eq!(is_plain(&text), c.is_ascii() && !escaped, "{c:?}");
            assert_eq!(is_unprefixed(&text), c.is_ascii() && c != ':', "{c:?}");
        }
    }

    #[test]
    fn each_ascii_character_is_its_own_text() {
        for c in '\0'..='\x7F' {
            assert_eq!(text_of(c), c.to_string());
        }
        assert_eq!(text_of('é'), "é");
    }

    #[rstest::rstest]
    #[case("a", Some(("", "a")))]
    #[case("a:b", Some(("a", "b")))]
    #[case("é:ü", Some(("é", "ü")))]
    #[case("a:b:c", None)]
    #[case(":a", None)]
    #[case("a:", None)]
    #[case("a:1", None)]
    #[case("1a", None)]
    #[case("-a", None)]
    #[case("a'b", None)]
    #[case("", None)]
    fn a_qualified_name_has_one_colon_at_most(
        #[case] name: &str,
        #[case] parts: Option<(&str, &str)>,
    ) {
        assert_eq!(qualified(name), parts);
    }

    #[rstest::rstest]
    #[case("lt", Referent::Text("<".into()))]
    #[case("#65", Referent::Text("A".into()))]
    #[case("#x20AC", Referent::Text("€".into()))]
    #[case("#0000000000000065", Referent::Text("A".into()))]
    #[case("#0", Referent::Forbidden("\0".into()))]
    #[case("#xFFFE", Referent::Forbidden("\u{FFFE}".into()))]
    #[case("#xD800", Referent::Malformed)]
    #[case("#x110000", Referent::Malformed)]
    #[case("#99999999999999999999", Referent::Malformed)]
    #[case("#X41", Referent::Malformed)]
    #[case("#+65", Referent::Malformed)]
    #[case("#", Referent::Malformed)]
    #[case("#x", Referent::Malformed)]
    #[case("LT", Referent::Undefined)]
    #[case("nbsp", Referent::Undefined)]
    #[case("a b", Referent::Malformed)]
    #[case("a:b", Referent::Malformed)]
    #[case("", Referent::Malformed)]
    fn a_reference_means_one_thing(#[case] inside: &str, #[case] meaning: Referent) {
        assert_eq!(referent(inside), meaning);
    }

    #[test]
    fn a_name_ends_where_its_characters_do() {
        assert_eq!(name_len("abc def"), 3);
        assert_eq!(name_len("aéb="), 4);
        assert_eq!(name_len("a×b"), 1);
        assert_eq!(name_len("<a"), 0);
        assert_eq!(name_len(""), 0);
    }
}
