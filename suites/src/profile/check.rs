//! What in a profile cannot be right, whatever the target.

use std::collections::BTreeSet;

use super::{Claims, Hook, Listen, Profile, Target};
use crate::diagnostic::Diagnostic;
use crate::role::Axis;

/// What is wrong, and the words by which its place in the file is found.
pub(super) struct Wrong {
    key: &'static str,
    value: String,
    nth: usize,
    pub(super) message: String,
}

impl Wrong {
    pub(super) fn new(key: &'static str, value: &str, message: impl Into<String>) -> Self {
        Self {
            key,
            value: value.to_owned(),
            nth: 0,
            message: message.into(),
        }
    }

    /// Points at the value behind its key, or at the key where it is written in some other way.
    pub(super) fn diagnostic(&self, file: &str, source: &str) -> Diagnostic {
        let key = format!("{}:", self.key);
        let from = source.find(&key).unwrap_or_default();
        let value = (!self.value.is_empty())
            .then(|| words(&source[from..], &self.value).nth(self.nth))
            .flatten();
        let (at, len) = value.map_or((from, key.len()), |(at, text)| (from + at, text.len()));
        Diagnostic::new(file, source, at, len, &self.message)
    }
}

/// The places where a value stands as a word of its own.
fn words<'a>(text: &'a str, value: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.match_indices(value).filter(move |(at, found)| {
        !text[..*at].ends_with(inside) && !text[at + found.len()..].starts_with(inside)
    })
}

pub(super) fn check(profile: &Profile) -> Result<(), Wrong> {
    if profile.assay != 1 {
        let message = "this version of the format is unknown; it must be 1";
        return Err(Wrong::new("assay", &profile.assay.to_string(), message));
    }
    check_urls(&profile.target)?;
    check_claims(&profile.claims)?;
    check_listen(&profile.listen)?;
    let mut ids = BTreeSet::new();
    for device in &profile.devices {
        if device.id.is_empty() {
            return Err(Wrong::new("devices", "", "a device has no id"));
        }
        if !ids.insert(&device.id) {
            let message = format!("the device `{}` is given twice", device.id);
            return Err(Wrong {
                nth: 1,
                ..Wrong::new("devices", &device.id, message)
            });
        }
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(imsi) = &device.imsi
            && !((6..=15).contains(&imsi.len()) && is_digits(imsi))
        {
            let message = "an IMSI has 6 to 15 digits (write it in quotation marks)";
            return Err(Wrong::new("imsi", imsi, message));
        }
        if let Some(address) = &device.address {
            let digits = address.strip_prefix('+').unwrap_or(address);
            if digits.is_empty() || digits.len() > 20 || !is_digits(digits) {
                let message = "an address is a telephone number: \"+15550100\"";
                return Err(Wrong::new("address", address, message));
            }
        }
    }
    for (name, hook) in &profile.hooks {
        if !super::HOOKS.contains(&name.as_str()) {
            let known = super::HOOKS.join(", ");
            let message = format!("no case calls a hook `{name}`; there are {known}");
            return Err(Wrong::new("hooks", name, message));
        }
        match hook {
            Hook::Run(line) if line.is_empty() => {
                return Err(Wrong::new(
                    "hooks",
                    name,
                    format!("the hook `{name}` runs nothing"),
                ));
            }
            Hook::Http(http) if !is_http(&http.url) && !http.url.starts_with("${origin}") => {
                let message = "the URL of a hook begins with http://, https:// or ${origin}";
                return Err(Wrong::new("hooks", &http.url, message));
            }
            _ => {}
        }
    }
    for known in &profile.baseline {
        if let Some(until) = known.until.as_ref().filter(|until| !is_day(until)) {
            return Err(Wrong::new(
                "baseline",
                until,
                "a day is written as 2027-01-31",
            ));
        }
        if known.why.trim().is_empty() {
            let message = "an entry of the baseline says why";
            return Err(Wrong::new("baseline", &known.requirement, message));
        }
    }
    Ok(())
}

fn check_urls(target: &Target) -> Result<(), Wrong> {
    if let Some(url) = target.url.as_ref().filter(|url| !is_http(url)) {
        return Err(Wrong::new(
            "url",
            url,
            "a URL begins with http:// or https:// and a host, and holds no spaces",
        ));
    }
    let urls = [("url", &target.url), ("secure-url", &target.secure_url)];
    for (key, url) in urls {
        let host = url
            .as_deref()
            .and_then(|url| url.split(['/', '?', '#']).nth(2));
        if host.is_some_and(|host| host.contains('@')) {
            // Whatever stands there is not shown.
            let message =
                "a URL holds no user and password; a header field has them (Authorization)";
            return Err(Wrong::new(key, "", message));
        }
    }
    let secure = target.secure_url.as_ref();
    if let Some(url) = secure.filter(|url| !is_http(url) || !url.starts_with("https://")) {
        return Err(Wrong::new(
            "secure-url",
            url,
            "this URL begins with https:// and a host",
        ));
    }
    for host in &target.download_hosts {
        if host.is_empty() || host.contains(|c: char| c.is_whitespace() || "/?#@".contains(c)) {
            let message = "a host is written as `host` or `host:port`, without scheme and path";
            return Err(Wrong::new("download-hosts", host, message));
        }
    }
    for (name, value) in &target.headers {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) {
            return Err(Wrong::new(
                "headers",
                name,
                "this is no name of a header field",
            ));
        }
        let own = ["content-length", "transfer-encoding", "host", "connection"];
        if own.iter().any(|own| name.eq_ignore_ascii_case(own)) {
            let message = format!("the harness writes the header field {name} itself");
            return Err(Wrong::new("headers", name, message));
        }
        if value.chars().any(|c| c.is_control() && c != '\t') {
            let message = format!(
                "the value of the header field {name} holds a line break or a control character"
            );
            return Err(Wrong::new("headers", name, message));
        }
    }
    Ok(())
}

fn check_claims(claims: &Claims) -> Result<(), Wrong> {
    if claims.auth.as_ref().is_some_and(Vec::is_empty) {
        let message = "an empty list claims nothing; `[none]` claims that anybody is served";
        return Err(Wrong::new("auth", "", message));
    }
    let lists = [
        ("versions", Axis::Version),
        ("encodings", Axis::Encoding),
        ("generations", Axis::Generation),
        ("carriers", Axis::Carrier),
    ];
    for (key, axis) in lists {
        let (list, known) = (claims.values(axis), axis.values());
        for value in list.into_iter().flatten() {
            if !known.contains(&value.as_str()) {
                let message = format!("`{value}` is unknown here; there are {}", known.join(", "));
                return Err(Wrong::new(key, value, message));
            }
        }
        if list.is_some_and(Vec::is_empty) {
            let message = "an empty list claims nothing; leave it out to have it found out";
            return Err(Wrong::new(key, "", message));
        }
    }
    Ok(())
}

fn check_listen(listen: &Listen) -> Result<(), Wrong> {
    let addresses = [
        ("pap", &listen.pap),
        ("smpp", &listen.smpp),
        ("udp", &listen.udp),
    ];
    for (key, address) in addresses {
        if let Some(address) = address
            && address.parse::<std::net::SocketAddr>().is_err()
        {
            let message = "an address of this host and a port: 127.0.0.1:0, or [::1]:8080";
            return Err(Wrong::new(key, address, message));
        }
    }
    if let Some(host) = &listen.host
        && (host.is_empty() || host.contains(|c: char| c.is_whitespace() || "/?#@".contains(c)))
    {
        let message = "a host is written without scheme, port and path";
        return Err(Wrong::new("host", host, message));
    }
    Ok(())
}

fn is_http(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| !host.is_empty())
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn is_day(text: &str) -> bool {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(nth, byte)| match nth {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let part = |from, to| {
        text.get(from..to)
            .and_then(|part: &str| part.parse::<u32>().ok())
    };
    shape
        && part(5, 7).is_some_and(|month| (1..=12).contains(&month))
        && part(8, 10).is_some_and(|day| (1..=31).contains(&day))
}
