//! What may stand in front of the root element: the XML declaration and the document type
//! declaration, checked down to their grammar.
//!
//! Pure functions from a token to the notes it earns. Where the token stood is for `read`. No
//! external subset is fetched, no entity expanded, no declaration honoured.

use super::names;
use crate::span::{Note, Span};

/// Checks `<?xml … ?>`, whose text this is, at offset `at`: productions 23 to 26, 32 and 80.
pub(super) fn declaration(token: &str, at: usize) -> Vec<Note> {
    let span = Span::new(at, at + token.len());
    let bad = |why: &str| vec![Note::new("xml.bad-declaration", span, why)];
    let Some(inside) = token
        .strip_prefix("<?xml")
        .and_then(|rest| rest.strip_suffix("?>"))
    else {
        return bad("it is not between <?xml and ?>");
    };
    let mut rest = inside;
    let mut notes = Vec::new();
    let Some(version) = pseudo_attribute(&mut rest, "version") else {
        return bad("its version is missing or not written as an attribute");
    };
    let minor = version.strip_prefix("1.").unwrap_or_default();
    if minor.is_empty() || !minor.bytes().all(|octet| octet.is_ascii_digit()) {
        return bad("its version is no version of XML");
    }
    if version != "1.0" {
        notes.push(Note::new("xml.version", span, "a version other than 1.0"));
    }
    if let Some(encoding) = pseudo_attribute(&mut rest, "encoding") {
        let named = encoding.starts_with(|c: char| c.is_ascii_alphabetic())
            && encoding
                .bytes()
                .all(|o| o.is_ascii_alphanumeric() || b"._-".contains(&o));
        if !named {
            return bad("its encoding is no name of an encoding");
        }
        if !encoding.eq_ignore_ascii_case("utf-8") {
            notes.push(Note::new(
                "xml.encoding",
                span,
                "an encoding other than UTF-8",
            ));
        }
    }
    if let Some(standalone) = pseudo_attribute(&mut rest, "standalone")
        && !matches!(standalone, "yes" | "no")
    {
        return bad("its standalone is neither yes nor no");
    }
    if !rest.bytes().all(names::is_space) {
        return bad("it holds more than version, encoding and standalone, in this order");
    }
    notes
}

/// Takes ` name = "value"` off the front of `rest`, and gives the value.
fn pseudo_attribute<'t>(rest: &mut &'t str, name: &str) -> Option<&'t str> {
    let after = skip_space(rest);
    if after.len() == rest.len() {
        return None;
    }
    let after = skip_space(skip_space(after.strip_prefix(name)?).strip_prefix('=')?);
    let (value, after) = quoted(after)?;
    *rest = after;
    Some(value)
}

/// Checks `<!DOCTYPE … >`, whose text this is, at offset `at`: productions 28, 28a, 28b and 75.
/// The last note is the declaration itself.
pub(super) fn doctype(token: &str, at: usize) -> Vec<Note> {
    let mut notes = Vec::new();
    let span = Span::new(at, at + token.len());
    if let Err(why) = doctype_inside(token, at, &mut notes) {
        notes.push(Note::new("xml.bad-doctype", span, why));
    }
    notes.push(Note::new(
        "xml.doctype",
        span,
        "a document type declaration",
    ));
    notes
}

fn doctype_inside(token: &str, at: usize, notes: &mut Vec<Note>) -> Result<(), &'static str> {
    let rest = token
        .strip_prefix("<!DOCTYPE")
        .ok_or("it does not begin with <!DOCTYPE")?;
    let rest = rest.strip_suffix('>').ok_or("it does not end with >")?;
    let rest = space(rest).ok_or("there is no space behind <!DOCTYPE")?;
    let name = &rest[..names::name_len(rest)];
    names::qualified(name).ok_or("its name is no qualified name")?;
    let mut rest = &rest[name.len()..];
    if let Some(spaced) = space(rest) {
        rest = external(spaced).ok_or("its external identifier is not written as one")?;
    }
    rest = skip_space(rest);
    if let Some(subset) = rest.strip_prefix('[') {
        let start = at + token.len() - 1 - subset.len();
        rest = internal(subset, start, notes)?;
        rest = skip_space(rest);
    }
    if rest.is_empty() {
        Ok(())
    } else {
        Err("something stands where it should end")
    }
}

/// Takes an external identifier, if one is there, off the front: production 75.
fn external(rest: &str) -> Option<&str> {
    if let Some(rest) = rest.strip_prefix("SYSTEM") {
        return Some(quoted(space(rest)?)?.1);
    }
    if let Some(rest) = rest.strip_prefix("PUBLIC") {
        let (public, rest) = quoted(space(rest)?)?;
        let sound = |o: u8| o.is_ascii_alphanumeric() || b" \r\n-'()+,./:=?;!*#@$_%".contains(&o);
        if !public.bytes().all(sound) {
            return None;
        }
        return Some(quoted(space(rest)?)?.1);
    }
    Some(rest)
}

/// Reads the internal subset up to and with its `]`, noting each declaration: production 28b.
fn internal<'t>(
    subset: &'t str,
    start: usize,
    notes: &mut Vec<Note>,
) -> Result<&'t str, &'static str> {
    let mut rest = subset;
    loop {
        rest = skip_space(rest);
        let from = start + subset.len() - rest.len();
        if let Some(after) = rest.strip_prefix(']') {
            return Ok(after);
        }
        let (kind, end, why) = if let Some(inside) = rest.strip_prefix("<!--") {
            let end = inside.find("--").ok_or("a comment in it is not closed")?;
            if !inside[end..].starts_with("-->") {
                return Err("a comment in it holds two hyphens");
            }
            rest = &inside[end + 3..];
            continue;
        } else if let Some(inside) = rest.strip_prefix("<?") {
            let end = inside
                .find("?>")
                .ok_or("an instruction in it is not closed")?;
            instruction(&inside[..end])?;
            rest = &inside[end + 2..];
            continue;
        } else if rest.starts_with("<!ENTITY") {
            (
                "xml.entity-declaration",
                declaration_end(rest)?,
                "an entity declaration",
            )
        } else if rest.starts_with("<!") {
            (
                "xml.markup-declaration",
                declaration_end(rest)?,
                "a markup declaration",
            )
        } else if let Some(inside) = rest.strip_prefix('%') {
            let end = inside.find(';').ok_or("a reference in it is not closed")?;
            (
                "xml.markup-declaration",
                end + 2,
                "a reference to a parameter entity",
            )
        } else {
            return Err("its internal subset holds no markup where markup should be");
        };
        notes.push(Note::new(kind, Span::new(from, from + end), why));
        rest = &rest[end..];
    }
}

/// Where a markup declaration ends: behind the first `>` outside quotes.
fn declaration_end(rest: &str) -> Result<usize, &'static str> {
    let mut quote = None;
    for (at, octet) in rest.bytes().enumerate() {
        match (quote, octet) {
            (None, b'>') => return Ok(at + 1),
            (None, b'"' | b'\'') => quote = Some(octet),
            (Some(open), _) if open == octet => quote = None,
            _ => {}
        }
    }
    Err("a declaration in it is not closed")
}

/// Checks the inside of a processing instruction, between `<?` and `?>`: productions 16 and 17.
pub(super) fn instruction(inside: &str) -> Result<(), &'static str> {
    let target = &inside[..names::name_len(inside)];
    let after = &inside[target.len()..];
    if !names::is_ncname(target) {
        Err("its target is no name")
    } else if target.eq_ignore_ascii_case("xml") {
        Err("its target is reserved")
    } else if !after.is_empty() && space(after).is_none() {
        Err("there is no space behind its target")
    } else {
        Ok(())
    }
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}

/// What follows at least one space.
fn space(text: &str) -> Option<&str> {
    let after = skip_space(text);
    (after.len() < text.len()).then_some(after)
}

/// A quoted literal at the front, without its quotes, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    text[1..].split_once(quote)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn kinds(notes: &[Note]) -> Vec<&str> {
        notes.iter().map(|note| note.kind).collect()
    }

    #[rstest]
    #[case("<?xml version='1.0'?>", &[])]
    #[case("<?xml version = \"1.0\" encoding='utf-8' standalone='no' ?>", &[])]
    #[case("<?xml version='1.0' standalone='yes'?>", &[])]
    #[case("<?xml version='1.1'?>", &["xml.version"])]
    #[case("<?xml version='1.0' encoding='ISO-8859-1'?>", &["xml.encoding"])]
    #[case("<?xml?>", &["xml.bad-declaration"])]
    #[case("<?xml version='1-.0'?>", &["xml.bad-declaration"])]
    #[case("<?xml version='2.0'?>", &["xml.bad-declaration"])]
    #[case("<?xml version='1.'?>", &["xml.bad-declaration"])]
    #[case("<?xml version=1.0?>", &["xml.bad-declaration"])]
    #[case("<?xml version=\"1.0'?>", &["xml.bad-declaration"])]
    #[case("<?xml encoding='utf-8'?>", &["xml.bad-declaration"])]
    #[case("<?xml encoding='utf-8' version='1.0'?>", &["xml.bad-declaration"])]
    #[case("<?xml version='1.0'encoding='utf-8'?>", &["xml.bad-declaration"])]
    #[case("<?xml version='1.0' encoding='8bit'?>", &["xml.bad-declaration"])]
    #[case("<?xml version='1.0' encoding=''?>", &["xml.bad-declaration"])]
    #[case("<?xml version='1.0' standalone='maybe'?>", &["xml.bad-declaration"])]
    #[case("<?xml version='1.0' standalone='no' encoding='utf-8'?>", &["xml.bad-declaration"])]
    #[case("<?xml version='1.0' author='x'?>", &["xml.bad-declaration"])]
    fn a_declaration_is_checked_down_to_its_order(#[case] token: &str, #[case] noted: &[&str]) {
        assert_eq!(kinds(&declaration(token, 0)), noted);
    }

    #[rstest]
    #[case("<!DOCTYPE SyncML>", &[])]
    #[case("<!DOCTYPE SyncML PUBLIC \"-//SYNCML//DTD SyncML 1.1//EN\" \"syncml.dtd\">", &[])]
    #[case("<!DOCTYPE a SYSTEM 'x>y'\n>", &[])]
    #[case("<!DOCTYPE a []>", &[])]
    #[case("<!DOCTYPE a [ <?p ]>?> <!-- ]> --> ] >", &[])]
    #[case("<!DOCTYPE a [<!ENTITY b 'c>'>]>", &["xml.entity-declaration"])]
    #[case("<!DOCTYPE a [<!ENTITY % b 'c'>%b;]>", &["xml.entity-declaration", "xml.markup-declaration"])]
    #[case("<!DOCTYPE a [<!ELEMENT a ANY>]>", &["xml.markup-declaration"])]
    #[case("<!doctype a>", &["xml.bad-doctype"])]
    #[case("<!DOCTYPEa>", &["xml.bad-doctype"])]
    #[case("<!DOCTYPE 1>", &["xml.bad-doctype"])]
    #[case("<!DOCTYPE a b>", &["xml.bad-doctype"])]
    #[case("<!DOCTYPE a SYSTEM>", &["xml.bad-doctype"])]
    #[case("<!DOCTYPE a SYSTEM'x'>", &["xml.bad-doctype"])]
    #[case("<!DOCTYPE a PUBLIC 'x'>", &["xml.bad-doctype"])]
    #[case("<!DOCTYPE a PUBLIC '<' 'x'>", &["xml.bad-doctype"])]
    #[case("<!DOCTYPE a [text]>", &["xml.bad-doctype"])]
    #[case("<!DOCTYPE a [<?xml version='1.0'?>]>", &["xml.bad-doctype"])]
    #[case("<!DOCTYPE a [<!-- -- -->]>", &["xml.bad-doctype"])]
    #[case("<!DOCTYPE a [] x>", &["xml.bad-doctype"])]
    fn a_document_type_is_named_and_never_processed(#[case] token: &str, #[case] noted: &[&str]) {
        let notes = doctype(token, 7);
        let (own, others) = notes.split_last().expect("a note of its own");
        assert_eq!(own.kind, "xml.doctype");
        assert_eq!(own.span, Span::new(7, 7 + token.len()));
        assert_eq!(kinds(others), noted);
    }

    #[test]
    fn a_declaration_in_the_subset_is_pointed_at() {
        let token = "<!DOCTYPE a [ <!ENTITY b 'c'> ]>";
        let notes = doctype(token, 0);
        assert_eq!(notes[0].span.of(token.as_bytes()), b"<!ENTITY b 'c'>");
    }
}
