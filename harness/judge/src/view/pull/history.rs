//! What a device has been told so far in a case run: the memory of the rules.
//!
//! Tokens belong to who X-Device-UUID says, packages to who speaks. Of what was fetched so much is
//! kept that a part of a package can be compared with the whole.

use std::collections::{BTreeMap, BTreeSet};

use assay_wire::pull::field;

use crate::replay::Exchange;

/// So many things of each kind are remembered at most.
const KEPT: usize = 1024;

/// So many octets of packages are kept in all.
const OCTETS: usize = 8 << 20;

/// The memory of a case run.
#[derive(Default)]
pub(super) struct History {
    /// By X-Device-UUID.
    marks: BTreeMap<String, Marks>,
    /// By the name of the device in the case.
    devices: BTreeMap<String, Known>,
    exchanges: i64,
}

/// What stands in the header fields.
#[derive(Clone, Default)]
pub(super) struct Marks {
    /// The newest token.
    pub(super) token: Option<String>,
    /// So many polls were answered.
    pub(super) polls: i64,
}

/// What one device has been told.
#[derive(Default)]
pub(super) struct Known {
    /// The packages of the last poll response.
    pub(super) listed: BTreeSet<String>,
    /// PackageSize of the last instructions, by package.
    pub(super) sizes: BTreeMap<String, i64>,
    /// Each location that was given, and the package behind it.
    located: Vec<(String, String)>,
    /// All octets of what was fetched whole, by location.
    fetched: BTreeMap<String, Vec<u8>>,
    kept: usize,
}

impl History {
    /// The number of the next exchange, from 1.
    pub(super) fn count(&mut self) -> i64 {
        self.exchanges += 1;
        self.exchanges
    }

    /// The marks of the device of an exchange.
    pub(super) fn marks(&mut self, exchange: &Exchange) -> &mut Marks {
        let request = exchange.request.as_ref();
        let uuid = request.and_then(|it| it.field(field::UUID));
        let uuid = uuid.map_or("", |uuid| uuid.value.trim()).to_owned();
        self.marks.entry(uuid).or_default()
    }

    /// What this device has been told.
    pub(super) fn device(&mut self, name: &str) -> &mut Known {
        self.devices.entry(name.to_owned()).or_default()
    }
}

impl Known {
    /// A location of a package was given.
    pub(super) fn locate(&mut self, url: &str, package: &str) {
        if self.located.len() < KEPT {
            self.located.push((url.to_owned(), package.to_owned()));
        }
    }

    /// The package behind the URL of a request, by its host and target: that of the last location
    /// that leads there.
    pub(super) fn package_at(&self, host: &str, target: &str) -> Option<&str> {
        let leads = |(url, _): &&(String, String)| leads(url, host, target);
        let found = self.located.iter().rev().find(leads);
        found.map(|(_, package)| package.as_str())
    }

    /// A package was fetched whole.
    pub(super) fn keep(&mut self, at: &str, octets: &[u8]) {
        if self.fetched.contains_key(at) || self.kept.saturating_add(octets.len()) > OCTETS {
            return;
        }
        self.kept += octets.len();
        self.fetched.insert(at.to_owned(), octets.to_vec());
    }

    /// Whether these octets stand from this place on in what was fetched whole; absent where it was
    /// not.
    pub(super) fn is_same(&self, at: &str, from: u64, octets: &[u8]) -> Option<bool> {
        let whole = self.fetched.get(at)?;
        let rest = usize::try_from(from)
            .ok()
            .and_then(|from| whole.get(from..));
        Some(rest.is_some_and(|rest| rest.starts_with(octets)))
    }
}

/// True where a URL, of whatever scheme, is that of a request with this host and target, or the
/// folder of it. One that names no host is taken to be of the same.
fn leads(url: &str, host: &str, target: &str) -> bool {
    let url = url.trim();
    let (authority, path) = match url.split_once("://") {
        Some((_, rest)) => match rest.find('/') {
            Some(at) => (Some(rest.get(..at).unwrap_or_default()), rest.get(at..)),
            None => (Some(rest), Some("/")),
        },
        None => (None, Some(url)),
    };
    let path = path.unwrap_or_default();
    let path = path.split('#').next().unwrap_or_default();
    let authority = authority.map(|it| it.rsplit('@').next().unwrap_or_default());
    authority.is_none_or(|authority| authority.eq_ignore_ascii_case(host))
        && (path == target || (path.ends_with('/') && target.starts_with(path)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("http://h:1/p/x.cab", true)]
    #[case("https://H:1/p/x.cab#top", true)]
    #[case("/p/x.cab", true)]
    #[case("http://h:1/p/", true)]
    #[case("http://h:1/p", false)]
    #[case("http://h:2/p/x.cab", false)]
    #[case("http://h:1/p/y.cab", false)]
    #[case("http://h:1", true)]
    fn a_request_is_known_by_host_and_target(#[case] url: &str, #[case] is_known: bool) {
        let mut known = Known::default();
        known.locate(url, "P");
        let found = known.package_at("h:1", "/p/x.cab");
        assert_eq!(found, is_known.then_some("P"));
    }

    #[test]
    fn parts_are_compared_with_the_whole() {
        let mut known = Known::default();
        assert_eq!(known.is_same("x", 0, b"a"), None);
        known.keep("x", b"abcdef");
        assert_eq!(known.is_same("x", 2, b"cd"), Some(true));
        assert_eq!(known.is_same("x", 2, b"de"), Some(false));
        assert_eq!(known.is_same("x", 4, b"efg"), Some(false));
        assert_eq!(known.is_same("x", u64::MAX, b""), Some(false));
    }
}
