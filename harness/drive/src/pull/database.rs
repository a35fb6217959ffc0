//! What a device keeps from case to case: the token and the timestamp that the server gave it, and
//! its package database (CE 6.0 documentation, "Device Management HTTP Headers", "Package
//! Database").
//!
//! Values of a server come back to it in header fields, so that only those are kept that may stand
//! there.

use std::collections::BTreeMap;

use assay_wire::http::Response;
use assay_wire::pull::{Datetime, field};

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
    pub packages: BTreeMap<String, PackageState>,
    /// Tokens and timestamps of other ids that it polled with.
    others: BTreeMap<String, (Option<String>, Option<String>)>,
    /// Seconds that its virtual clock went on.
    clock: u32,
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

impl PullMemory {
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
        if token.is_some() {
            *own_token = token;
        }
        if timestamp.is_some() {
            *own_timestamp = timestamp;
        }
    }

    /// The virtual time, a second later each time that somebody asks.
    pub(super) fn now(&mut self) -> Datetime {
        let seconds = self.clock % 86_400;
        self.clock = self.clock.wrapping_add(1);
        let part = |text: u32| u8::try_from(text).unwrap_or_default();
        Datetime {
            year: 2031,
            month: 5,
            day: 4,
            hour: part(seconds / 3600),
            minute: part(seconds / 60 % 60),
            second: part(seconds % 60),
        }
    }

    /// True for a package that is not to be asked for again.
    pub(super) fn holds(&self, id: &str) -> bool {
        self.packages.get(id) == Some(&PackageState::Done)
    }
}

/// True for a value that may stand in a header field.
pub(super) fn is_fit(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST && !text.contains(char::is_control)
}
