//! Clear secrets are masked where they are captured, with equal length: every span stays true.
//!
//! Digests and MACs stay as they are; they give nothing away that a judge does not need.

use assay_wire::Span;

/// What stands in place of each octet of a secret.
const MASK: u8 = b'*';

/// Replaces every occurrence of every secret.
pub(crate) fn mask(octets: &mut [u8], secrets: &[Vec<u8>]) {
    for secret in secrets {
        let Some(first) = secret.first() else {
            continue;
        };
        let mut at = 0;
        while let Some(found) = octets
            .get(at..)
            .and_then(|rest| rest.iter().position(|octet| octet == first))
        {
            at += found;
            match octets.get_mut(at..at + secret.len()) {
                Some(window) if window == secret.as_slice() => {
                    window.fill(MASK);
                    at += secret.len();
                }
                Some(_) => at += 1,
                None => break,
            }
        }
    }
}

/// Where a secret of digits stands by itself, not inside a longer number or hexadecimal digest.
pub(crate) fn digits(octets: &[u8], secret: &str) -> Vec<Span> {
    if secret.is_empty() {
        return Vec::new();
    }
    let is_apart = |octet: Option<&u8>| octet.is_none_or(|octet| !octet.is_ascii_hexdigit());
    let windows = octets.windows(secret.len()).enumerate();
    windows
        .filter(|(at, window)| {
            let before = at.checked_sub(1).and_then(|before| octets.get(before));
            *window == secret.as_bytes()
                && is_apart(before)
                && is_apart(octets.get(at + secret.len()))
        })
        .map(|(at, window)| Span::new(at, at + window.len()))
        .collect()
}

/// Replaces these octets.
pub(crate) fn blot(octets: &mut [u8], span: Span) {
    if let Some(window) = octets.get_mut(span.start()..span.end()) {
        window.fill(MASK);
    }
}

/// The secrets that header fields hold in clear: what stands behind the scheme of credentials.
pub(crate) fn of_fields(fields: &[(String, String)]) -> Vec<Vec<u8>> {
    fields
        .iter()
        .filter(|(name, _)| {
            ["authorization", "proxy-authorization", "cookie"]
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known))
        })
        .filter_map(|(name, value)| {
            let value = value.trim();
            if name.eq_ignore_ascii_case("cookie") {
                return Some(value);
            }
            match value.split_once(' ') {
                // Its parameters are digests, which the password cannot be read from.
                Some((scheme, _)) if scheme.eq_ignore_ascii_case("digest") => None,
                Some((_, credentials)) => Some(credentials.trim()),
                None => Some(value),
            }
        })
        .filter(|secret| !secret.is_empty())
        .map(|secret| secret.as_bytes().to_vec())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str, secrets: &[&str]) -> String {
        let mut octets = text.as_bytes().to_vec();
        let secrets: Vec<_> = secrets.iter().map(|s| s.as_bytes().to_vec()).collect();
        mask(&mut octets, &secrets);
        String::from_utf8(octets).unwrap()
    }

    #[test]
    fn every_occurrence_is_masked_with_equal_length() {
        assert_eq!(masked("ababc abc ab", &["abc"]), "ab*** *** ab");
        assert_eq!(masked("xx", &["", "x"]), "**");
        assert_eq!(masked("short", &["shorter"]), "short");
    }

    #[test]
    fn a_pin_is_found_where_it_stands_by_itself() {
        let found = |text: &str| digits(text.as_bytes(), "1234").len();
        assert_eq!(found("PIN=1234; 1234"), 2);
        assert_eq!(found("\u{3}1234\u{0}"), 1);
        assert_eq!(found("91234F 12345 A1234"), 0);
        assert_eq!(digits(b"1234", ""), []);
        let mut octets = b"a 1234 b".to_vec();
        for span in digits(&octets, "1234") {
            blot(&mut octets, span);
        }
        assert_eq!(octets, b"a **** b");
    }

    #[test]
    fn credentials_of_fields_are_secrets_and_digests_are_not() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields = [
            field("authorization", "Bearer abc.def"),
            field("Authorization", "Digest response=\"123\""),
            field("Cookie", "sid=1"),
            field("x-syncml-hmac", "mac=abc"),
            field("Proxy-Authorization", "opaque"),
        ];
        assert_eq!(
            of_fields(&fields),
            [b"abc.def".to_vec(), b"sid=1".to_vec(), b"opaque".to_vec()]
        );
    }
}
