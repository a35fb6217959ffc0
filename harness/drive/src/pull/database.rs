//! What a device keeps from case to case: the token and the timestamp that the server gave it, its
//! settings and its package database (CE 6.0 documentation, "Device Management HTTP Headers",
//! "Package Database").
//!
//! Values of a server come back to it in header fields, so that only those are kept that may stand
//! there.

use std::collections::BTreeMap;

use assay_wire::http::Response;
use assay_wire::pull::{Behavior, Datetime, field};

use crate::pull::clock::Clock;

/// Values longer than this are not kept.
const LONGEST: usize = 4096;
/// So many other identities are remembered.
const OTHERS: usize = 64;

/// What a device remembers of the management service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullMemory {
    /// The newest X-Device-Auth that the server gave it.
    pub token: Option<String>,
    /// The last X-Device-Timestamp that the server gave it.
    pub timestamp: Option<String>,
    /// The package database, by package id.
    pub packages: BTreeMap<String, Package>,
    /// Tokens and timestamps of other ids that it polled with.
    others: BTreeMap<String, (Option<String>, Option<String>)>,
    /// The token before the newest one.
    replaced: Option<String>,
    pub(super) settings: Settings,
    pub(super) clock: Clock,
}

/// A package that the server wants the device to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// What became of it.
    pub state: PackageState,
    /// What its instructions said, once they came.
    pub(super) instructed: Option<Instructed>,
}

/// What became of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackageState {
    /// Listed, and not fetched yet.
    Pending,
    /// The download from this origin broke after so many octets.
    Broken {
        /// Scheme, host and port.
        origin: String,
        /// Octets that are there.
        octets: u64,
    },
    /// The download failed.
    Failed,
    /// It is there, or there was nothing to fetch.
    Done,
}

/// What instructions say about a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instructed {
    /// True where a command is to be run afterwards.
    pub(super) command: bool,
    /// False where there is nothing to fetch.
    pub(super) source_files: bool,
    /// When it may begin.
    pub(super) start: Option<Datetime>,
    /// What happens each time that the period is over, and the period in seconds.
    pub(super) again: Option<(Behavior, u64)>,
}

/// `ClientSettings`, without the server: where that is says the profile alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    /// Seconds between polls.
    pub(super) poll: u64,
    /// Tries after one that failed.
    pub(super) retries: u32,
    /// Seconds between tries.
    pub(super) retry: u64,
    /// The longest period of a report that is ordered, in seconds.
    pub(super) report: u64,
}

impl Default for Settings {
    /// What the documentation gives where nobody configured anything ("Poll Request").
    fn default() -> Self {
        Self {
            poll: 3600,
            retries: 5,
            retry: 180,
            report: 0,
        }
    }
}

impl PullMemory {
    /// Begins anew, as a device that was never managed. The clock goes on.
    pub fn forget(&mut self) {
        *self = Self {
            clock: self.clock,
            ..Self::default()
        };
    }

    /// The token that the newest one replaced.
    pub(super) fn replaced(&self) -> Option<&str> {
        self.replaced.as_deref()
    }

    /// Token and timestamp that polls of this id carry; of the device itself where absent.
    pub(super) fn marks(&self, id: Option<&str>) -> (Option<&str>, Option<&str>) {
        let (token, timestamp) = match id {
            None => (&self.token, &self.timestamp),
            Some(id) => match self.others.get(id) {
                Some((token, timestamp)) => (token, timestamp),
                None => return (None, None),
            },
        };
        (token.as_deref(), timestamp.as_deref())
    }

    /// Takes over the token and, of an answer that is no refusal, the timestamp.
    pub(super) fn take_over(&mut self, id: Option<&str>, response: &Response) {
        let value = |name| {
            let text = response.field(name)?.value.trim();
            is_fit(text).then(|| text.to_owned())
        };
        let token = value(field::AUTH);
        let served = (200..300).contains(&response.status);
        let timestamp = value(field::TIMESTAMP).filter(|_| served);
        let (own_token, own_timestamp) = match id {
            None => (&mut self.token, &mut self.timestamp),
            Some(id) => {
                if self.others.len() >= OTHERS && !self.others.contains_key(id) {
                    self.others.pop_first();
                }
                let (token, timestamp) = self.others.entry(id.to_owned()).or_default();
                (token, timestamp)
            }
        };
        if token.is_some() && token != *own_token {
            let replaced = std::mem::replace(own_token, token);
            if id.is_none() && replaced.is_some() {
                self.replaced = replaced;
            }
        }
        if timestamp.is_some() {
            *own_timestamp = timestamp;
        }
    }

    /// Lets so much time pass that all that recurs is due once: the next poll, the reports, the
    /// packages.
    pub(super) fn wait(&mut self) {
        let packages = self.packages.values();
        let periods = packages.filter_map(|package| Some(package.instructed?.again?.1));
        let longest = periods.chain([self.settings.poll, self.settings.report]);
        self.clock.pass(longest.max().unwrap_or_default());
    }
}

/// True for a value that may stand in a header field as it came.
fn is_fit(text: &str) -> bool {
    let printable = text.bytes().all(|octet| (0x20..0x7F).contains(&octet));
    printable && (1..=LONGEST).contains(&text.len())
}

#[cfg(test)]
mod tests {
    use assay_wire::Limits;
    use assay_wire::http::{self, Progress};
    use rstest::rstest;

    use super::*;

    fn response(status: u16, fields: &str) -> Response {
        let raw = format!("HTTP/1.1 {status} X\r\n{fields}Content-Length: 0\r\n\r\n");
        match http::response(raw.as_bytes(), "POST", true, &Limits::TARGET) {
            Ok(Progress::Done(response)) => response,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_newest_token_counts_whatever_came_with_it() {
        let mut memory = PullMemory::default();
        assert_eq!(memory.marks(None), (None, None));
        let fields = "x-device-auth: one\r\nX-Device-Timestamp: now\r\n";
        memory.take_over(None, &response(200, fields));
        assert_eq!(memory.marks(None), (Some("one"), Some("now")));
        memory.take_over(None, &response(200, ""));
        assert_eq!(memory.marks(None), (Some("one"), Some("now")));
        let fields = "X-Device-Auth: two\r\nX-Device-Timestamp: never\r\n";
        memory.take_over(None, &response(401, fields));
        assert_eq!(memory.marks(None), (Some("two"), Some("now")));
    }

    #[test]
    fn other_ids_have_marks_of_their_own() {
        let mut memory = PullMemory::default();
        memory.take_over(Some("b"), &response(200, "X-Device-Auth: of-b\r\n"));
        assert_eq!(memory.marks(None), (None, None));
        assert_eq!(memory.marks(Some("b")), (Some("of-b"), None));
        for number in 0..1000 {
            let id = format!("c{number:03}");
            memory.take_over(Some(&id), &response(200, "X-Device-Auth: x\r\n"));
        }
        assert_eq!(memory.others.len(), OTHERS);
    }

    #[rstest]
    #[case("", false)]
    #[case("11/11/2002 10:40:30 AM", true)]
    #[case("caf\u{e9}", false)]
    #[case("a\u{1}b", false)]
    fn only_what_can_be_sent_back_is_kept(#[case] text: &str, #[case] kept: bool) {
        assert_eq!(is_fit(text), kept);
        assert!(!is_fit(&"x".repeat(LONGEST + 1)));
    }

    #[test]
    fn what_is_forgotten_is_not_the_time() {
        let mut memory = PullMemory::default();
        memory.take_over(None, &response(200, "X-Device-Auth: one\r\n"));
        memory.wait();
        let clock = memory.clock;
        memory.forget();
        assert_eq!(memory.marks(None), (None, None));
        assert_eq!(memory.clock, clock);
        assert_ne!(memory.clock, Clock::default());
    }
}
