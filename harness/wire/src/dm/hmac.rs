//! The header field `x-syncml-hmac`, which authenticates a message as a whole: who made the mac, and
//! the mac (OMA-TS-DM_Security 5.4.3).
//!
//! What the mac is made of is in [`crate::digest::mac`]. Lenient: parts are taken as far as they can be
//! told apart.

use std::fmt::Write as _;

/// The name of the field, which counts in any case.
pub const FIELD: &str = "x-syncml-hmac";

/// What the field says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hmac {
    /// The algorithm; MD5 where it is left out.
    pub algorithm: Option<String>,
    /// Who made the mac, without the quotes.
    pub username: Option<String>,
    /// True where the username stands in quotes, as it has to.
    pub quoted: bool,
    /// The mac, base64.
    pub mac: Option<String>,
    /// Parts that are none of these, as they are written; a part that comes twice among them.
    pub strays: Vec<String>,
}

impl Hmac {
    /// Reads the value of the field.
    pub fn read(value: &str) -> Self {
        let mut read = Self::default();
        for part in parts(value) {
            let (name, text) = part.split_once('=').unwrap_or((part, ""));
            let text = text.trim();
            let unquoted = quoted(text);
            let plain = unquoted.clone().unwrap_or_else(|| text.to_owned());
            let slot = match name.trim().to_ascii_lowercase().as_str() {
                "algorithm" => &mut read.algorithm,
                "username" => {
                    read.quoted = unquoted.is_some();
                    &mut read.username
                }
                "mac" => &mut read.mac,
                _ => {
                    read.strays.push(part.to_owned());
                    continue;
                }
            };
            if slot.is_some() {
                read.strays.push(part.to_owned());
            } else {
                *slot = Some(plain);
            }
        }
        read
    }

    /// The value of the field, `algorithm=MD5, username="u", mac=…`. The username is put in quotes
    /// whatever [`Hmac::quoted`] says.
    pub fn write(&self) -> String {
        let mut text = String::new();
        if let Some(algorithm) = &self.algorithm {
            let _ = write!(text, "algorithm={algorithm}, ");
        }
        let username = self.username.as_deref().unwrap_or_default();
        let escaped = username.replace('\\', "\\\\").replace('"', "\\\"");
        let mac = self.mac.as_deref().unwrap_or_default();
        let _ = write!(text, "username=\"{escaped}\", mac={mac}");
        text
    }
}

/// The parts between commas outside quotes, white space around them removed; empty ones left out.
fn parts(value: &str) -> Vec<&str> {
    let (mut inside, mut escaped) = (false, false);
    let parts = value.split(|c| {
        let ends = c == ',' && !inside;
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
        ends
    });
    let trimmed = parts.map(str::trim);
    trimmed.filter(|part| !part.is_empty()).collect()
}

/// What stands between quotes; absent where there are none around it.
fn quoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut plain = String::with_capacity(inner.len());
    let mut escaped = false;
    for c in inner.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            plain.push(c);
            escaped = false;
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn hmac(algorithm: Option<&str>, username: &str, mac: &str) -> Hmac {
        Hmac {
            algorithm: algorithm.map(str::to_owned),
            username: Some(username.to_owned()),
            quoted: true,
            mac: Some(mac.to_owned()),
            strays: Vec::new(),
        }
    }

    #[rstest]
    // The grammar of OMA-TS-DM_Security 5.4.3; its mac is no value of the formula.
    #[case::of_the_standard(
        r#"algorithm=MD5, username="Robert Jordan", mac=NTI2OTJhMDAwNjYxODkwYmQ3NWUxN2RhN2ZmYmJlMzk"#,
        hmac(Some("MD5"), "Robert Jordan", "NTI2OTJhMDAwNjYxODkwYmQ3NWUxN2RhN2ZmYmJlMzk")
    )]
    #[case::no_algorithm(r#"username="u",mac=QQ=="#, hmac(None, "u", "QQ=="))]
    #[case::spaces(
        "  Algorithm = MD5 ,\tUserName=\"u\"  ,  MAC = QQ== ",
        hmac(Some("MD5"), "u", "QQ==")
    )]
    #[case::a_comma_in_quotes(r#"mac=QQ==, username="a, \"b\"""#, hmac(None, "a, \"b\"", "QQ=="))]
    fn a_field_is_read_part_by_part(#[case] value: &str, #[case] read: Hmac) {
        assert_eq!(Hmac::read(value), read);
    }

    #[test]
    fn what_is_odd_is_kept() {
        let read = Hmac::read("username=u; mac=QQ==, mac=a, mac=b, realm=\"x");
        assert_eq!(read.username.as_deref(), Some("u; mac=QQ=="));
        assert!(!read.quoted);
        assert_eq!(read.mac.as_deref(), Some("a"));
        assert_eq!(read.strays, ["mac=b", "realm=\"x"]);
        assert_eq!(Hmac::read(""), Hmac::default());
        assert_eq!(Hmac::read(",,"), Hmac::default());
    }

    #[test]
    fn what_is_written_reads_back() {
        for one in [
            hmac(Some("MD5"), "a \"b\" \\ c, d", "QQ=="),
            hmac(None, "", ""),
        ] {
            assert_eq!(Hmac::read(&one.write()), one);
        }
        let written = hmac(Some("MD5"), "Bruce2", "urdCeS3JUmjFgi8SX3webw==").write();
        assert_eq!(
            written,
            r#"algorithm=MD5, username="Bruce2", mac=urdCeS3JUmjFgi8SX3webw=="#
        );
    }
}
