//! Reads profiles: from a file, from those that come with the suite, from a bare URL; lays one over
//! the one that it extends, and says what in it cannot be right.
//!
//! It does not look whether files, variables or hosts that a profile names are there.

use std::collections::BTreeSet;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::{Claims, Device, Hook, Listen, Profile, RunLimits, Target};
use crate::diagnostic::Diagnostic;
use crate::role::Axis;
use crate::yaml;

static PROFILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/profiles");

/// The device of a bare URL.
const BARE_DEVICE: &str = "assay-a";

/// The names of the profiles that come with the suite.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = PROFILES
        .files()
        .filter_map(|file| file.path().to_str()?.strip_suffix(".yaml"))
        .collect();
    names.sort_unstable();
    names
}

/// The profile of this name that comes with the suite.
pub fn embedded(name: &str) -> Result<Profile, Diagnostic> {
    let file = format!("{name}.yaml");
    let Some(source) = PROFILES
        .get_file(&file)
        .and_then(include_dir::File::contents_utf8)
    else {
        return Err(Diagnostic::of_file(
            &format!("profile {name}"),
            &unknown(name),
        ));
    };
    read(&format!("profiles/{file}"), source)
}

/// The profile in this file.
pub fn load(path: impl AsRef<Path>) -> Result<Profile, Diagnostic> {
    let path = path.as_ref();
    let source = yaml::read_file(path)?;
    read(&path.display().to_string(), &source)
}

/// A profile from its text: read, laid over the one that it extends, and checked.
pub fn read(file: &str, source: &str) -> Result<Profile, Diagnostic> {
    let profile: Profile =
        yaml::read(file, source).map_err(|problem| without_secret(problem, source))?;
    check(&profile).map_err(|wrong| wrong.diagnostic(file, source))?;
    let Some(name) = profile.extends.clone() else {
        return Ok(profile);
    };
    if !names().contains(&name.as_str()) {
        return Err(Wrong::new("extends", &name, unknown(&name)).diagnostic(file, source));
    }
    let base = embedded(&name)?;
    if base.extends.is_some() {
        let message = format!("`{name}` extends another profile itself; one level only");
        return Err(Wrong::new("extends", &name, message).diagnostic(file, source));
    }
    let whole = profile.over(base);
    check(&whole).map_err(|wrong| wrong.diagnostic(file, source))?;
    Ok(whole)
}

/// A diagnostic is printed and kept in logs: no password may stand in it.
fn without_secret(mut problem: Diagnostic, source: &str) -> Diagnostic {
    let above = source.lines().take(problem.line.saturating_sub(1));
    let above = above
        .filter(|line| !line.trim().is_empty())
        .last()
        .unwrap_or_default();
    let line = &problem.source;
    let below = ["password:", "pin:"]
        .into_iter()
        .any(|key| above.trim_end().ends_with(key))
        .then(|| line.len() - line.trim().len());
    let slip = ["`password`?", "`pin`?"]
        .into_iter()
        .any(|word| problem.message.ends_with(word))
        .then_some(problem.marked.end);
    let keys = ["password:", "pin:", "text:"].into_iter();
    let on_it = keys.filter_map(|key| Some(line.find(key)? + key.len()));
    let Some(start) = below.into_iter().chain(slip).chain(on_it).min() else {
        return problem;
    };
    if problem.marked.start >= start {
        let message = "a secret is written `{text: …}`, `{env: NAME}` or `{file: PATH}`";
        message.clone_into(&mut problem.message);
    }
    problem.source.truncate(start);
    problem.source.push_str(" …");
    problem.marked.start = problem.marked.start.min(start);
    problem.marked.end = problem.marked.end.min(start).max(problem.marked.start);
    problem
}

fn unknown(name: &str) -> String {
    let hint = crate::words::hint(name, names());
    format!(
        "no profile of the suite is named `{name}`; there are {}{hint}",
        names().join(", ")
    )
}

impl Profile {
    /// The profile of a target of which nothing is known but its URL.
    pub fn for_url(url: &str) -> Result<Self, Diagnostic> {
        let profile = Self {
            assay: 1,
            target: Target {
                url: Some(url.to_owned()),
                ..Target::default()
            },
            devices: vec![Device {
                id: BARE_DEVICE.to_owned(),
                ..Device::default()
            }],
            ..Self::default()
        };
        check(&profile).map_err(|wrong| Diagnostic::of_file(url, &wrong.message))?;
        Ok(profile)
    }

    /// What cannot be right in it, for profiles that were changed after they were read.
    pub fn validate(&self) -> Result<(), String> {
        check(self).map_err(|wrong| wrong.message)
    }

    /// This profile, with the values of another where it gives none.
    fn over(self, base: Self) -> Self {
        let mut hooks = base.hooks;
        hooks.extend(self.hooks);
        Self {
            assay: self.assay,
            extends: self.extends,
            role: self.role.or(base.role),
            target: self.target.over(base.target),
            claims: self.claims.over(base.claims),
            devices: if self.devices.is_empty() {
                base.devices
            } else {
                self.devices
            },
            server: self.server.or(base.server),
            listen: self.listen.over(base.listen),
            hooks,
            owner: self.owner.or(base.owner),
            limits: self.limits.over(&base.limits),
            baseline: if self.baseline.is_empty() {
                base.baseline
            } else {
                self.baseline
            },
        }
    }
}

impl Target {
    fn over(self, base: Self) -> Self {
        let mut headers = base.headers;
        headers.extend(self.headers);
        Self {
            url: self.url.or(base.url),
            secure_url: self.secure_url.or(base.secure_url),
            ca: self.ca.or(base.ca),
            ca_pem: self.ca_pem.or(base.ca_pem),
            signers: self.signers.or(base.signers),
            client_cert: self.client_cert.or(base.client_cert),
            insecure: self.insecure || base.insecure,
            headers,
            query: self.query.or(base.query),
            download_hosts: if self.download_hosts.is_empty() {
                base.download_hosts
            } else {
                self.download_hosts
            },
        }
    }
}

impl Claims {
    fn over(self, base: Self) -> Self {
        Self {
            versions: self.versions.or(base.versions),
            encodings: self.encodings.or(base.encodings),
            auth: self.auth.or(base.auth),
            protocols: self.protocols.or(base.protocols),
            generations: self.generations.or(base.generations),
            carriers: self.carriers.or(base.carriers),
        }
    }
}

impl Listen {
    fn over(self, base: Self) -> Self {
        Self {
            pap: self.pap.or(base.pap),
            smpp: self.smpp.or(base.smpp),
            udp: self.udp.or(base.udp),
            host: self.host.or(base.host),
        }
    }
}

impl RunLimits {
    fn over(&self, base: &Self) -> Self {
        Self {
            timeout_ms: self.timeout_ms.or(base.timeout_ms),
            answer_bytes: self.answer_bytes.or(base.answer_bytes),
            pause_ms: self.pause_ms.or(base.pause_ms),
        }
    }
}

/// What is wrong, and the words by which its place in the file is found.
struct Wrong {
    key: &'static str,
    value: String,
    nth: usize,
    message: String,
}

impl Wrong {
    fn new(key: &'static str, value: &str, message: impl Into<String>) -> Self {
        Self {
            key,
            value: value.to_owned(),
            nth: 0,
            message: message.into(),
        }
    }

    /// Points at the value behind its key, or at the key where it is written in some other way.
    fn diagnostic(&self, file: &str, source: &str) -> Diagnostic {
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

fn check(profile: &Profile) -> Result<(), Wrong> {
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
            "a URL begins with http:// or https:// and a host",
        ));
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
    for name in target.headers.keys() {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) {
            return Err(Wrong::new(
                "headers",
                name,
                "this is no name of a header field",
            ));
        }
    }
    Ok(())
}

fn check_claims(claims: &Claims) -> Result<(), Wrong> {
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
