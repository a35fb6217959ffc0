//! Media types with their parameters, as `Content-Type` and `Accept` carry them.
//!
//! Lenient: where `mediatype` refuses a value, its pieces are taken apart by hand. Which media
//! type a message ought to have is not known here.

use mediatype::{MediaType, ReadParams};

/// A media type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// `type/subtype` in lower case, suffix included: `application/vnd.syncml.dm+xml`.
    pub essence: String,
    /// The whole value as it was written, without white space around it.
    pub as_written: String,
    /// The parameters in order: names in lower case, values without their quotes.
    pub params: Vec<(String, String)>,
}

impl Media {
    /// The first parameter of this name, which is given in lower case.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Reads one media type; nothing where there is no `type/subtype` at all.
pub fn parse(field_value: &str) -> Option<Media> {
    let written = field_value.trim();
    let (essence, params) = by_the_book(written).or_else(|| by_hand(written))?;
    Some(Media {
        essence,
        as_written: written.to_owned(),
        params,
    })
}

/// Reads a list such as that of `Accept`; members that are no media types are skipped.
pub fn parse_list(field_value: &str) -> Vec<Media> {
    pieces(field_value, ',')
        .into_iter()
        .filter_map(parse)
        .collect()
}

type Parts = (String, Vec<(String, String)>);

fn by_the_book(written: &str) -> Option<Parts> {
    let media = MediaType::parse(written).ok()?;
    let params = media
        .params()
        .map(|(name, value)| {
            let value = value.unquoted_str().into_owned();
            (name.as_str().to_ascii_lowercase(), value)
        })
        .collect();
    Some((essence(&media), params))
}

/// `type/subtype+suffix` in lower case.
fn essence(media: &MediaType<'_>) -> String {
    let suffix = media.suffix.map_or("", |suffix| suffix.as_str());
    let joint = if suffix.is_empty() { "" } else { "+" };
    let mut essence = [media.ty.as_str(), "/", media.subty.as_str(), joint, suffix].concat();
    essence.make_ascii_lowercase();
    essence
}

fn by_hand(written: &str) -> Option<Parts> {
    let mut pieces = pieces(written, ';').into_iter();
    let (kind, sub) = pieces.next()?.split_once('/')?;
    let (kind, sub) = (kind.trim(), sub.trim());
    if kind.is_empty() || sub.is_empty() || kind.contains(char::is_whitespace) {
        return None;
    }
    let params = pieces
        .filter(|piece| !piece.is_empty())
        .map(|piece| match piece.split_once('=') {
            Some((name, value)) => (name.trim().to_ascii_lowercase(), unquoted(value.trim())),
            None => (piece.to_ascii_lowercase(), String::new()),
        })
        .collect();
    Some((format!("{kind}/{sub}").to_ascii_lowercase(), params))
}

/// Splits at `separator` outside quoted strings; the pieces are trimmed.
fn pieces(text: &str, separator: char) -> Vec<&str> {
    let (mut found, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            c if c == separator && !quoted => {
                found.push(text[start..at].trim());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    found.push(text[start..].trim());
    found
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let (mut text, mut escaped) = (String::with_capacity(inner.len()), false);
    for c in inner.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            text.push(c);
            escaped = false;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("application/vnd.syncml.dm+xml", "application/vnd.syncml.dm+xml", &[])]
    #[case::mixed_case(
        "Application/Vnd.SyncML.DM+WBXML; CharSet=\"utf-8\"",
        "application/vnd.syncml.dm+wbxml",
        &[("charset", "utf-8")]
    )]
    #[case::escapes(r#"text/plain; a="x\"; y" ; b=2"#, "text/plain", &[("a", "x\"; y"), ("b", "2")])]
    #[case::trailing_semicolon("text/xml;", "text/xml", &[])]
    #[case::parameter_without_value("text/xml; charset", "text/xml", &[("charset", "")])]
    #[case::spaces_around_equals("text/xml; charset = utf-8", "text/xml", &[("charset", "utf-8")])]
    #[case::open_quote("text/xml; charset=\"utf-8", "text/xml", &[("charset", "utf-8")])]
    fn media_types_are_read(
        #[case] written: &str,
        #[case] essence: &str,
        #[case] params: &[(&str, &str)],
    ) {
        let media = parse(written).unwrap();
        assert_eq!(media.essence, essence);
        let read: Vec<_> = media.params.iter().map(|(n, v)| (&**n, &**v)).collect();
        assert_eq!(read, params);
        assert_eq!(media.as_written, written);
    }

    #[rstest]
    #[case("")]
    #[case("xml")]
    #[case("/xml")]
    #[case("text/")]
    #[case("; charset=utf-8")]
    fn what_has_no_type_and_subtype_is_none(#[case] written: &str) {
        assert_eq!(parse(written), None);
    }

    #[test]
    fn a_list_is_split_outside_quotes() {
        let list = parse_list("text/xml;q=\"0,5\", application/vnd.syncml.dm+wbxml, junk");
        let essences: Vec<_> = list.iter().map(|media| &*media.essence).collect();
        assert_eq!(essences, ["text/xml", "application/vnd.syncml.dm+wbxml"]);
        assert_eq!(list[0].param("q"), Some("0,5"));
    }
}
