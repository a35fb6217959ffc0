//! What the gateway remembers: pushes by their ids, and where devices are.
//!
//! Bounded, for whoever submits may be anybody.

use std::collections::{HashMap, VecDeque};

use crate::carry::Carrier;
use crate::clock;

/// Most pushes, and most routes, that are remembered; the oldest go.
const KEPT: usize = 4096;

/// How far a push has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It waits, or is on its way.
    Pending,
    /// It was handed over.
    Delivered,
    /// It could not be.
    Undeliverable,
    /// Its time was over.
    Expired,
    /// Its initiator did not want it any more.
    Cancelled,
}

impl Progress {
    /// The word of the protocol for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Undeliverable => "undeliverable",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A push that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// How far it has come.
    pub(crate) progress: Progress,
    /// Since when.
    pub(crate) at: i64,
    /// For which devices it is.
    devices: Vec<String>,
}

/// Where a device is.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// Which device.
    pub(crate) device: String,
    /// Which way leads there.
    pub(crate) carrier: Carrier,
    /// Where that begins.
    pub(crate) gateway: String,
}

/// Everything that is remembered.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pushes: HashMap<String, Record>,
    ages: VecDeque<String>,
    routes: HashMap<String, Route>,
    route_ages: VecDeque<String>,
    drawn: u16,
}

impl Ledger {
    /// Enters a push for these devices; whatever was entered under its id is forgotten.
    pub(crate) fn enter(&mut self, push_id: &str, devices: Vec<String>) {
        let record = Record {
            progress: Progress::Pending,
            at: clock::now(),
            devices,
        };
        if self.pushes.insert(push_id.to_owned(), record).is_none() {
            self.ages.push_back(push_id.to_owned());
        }
        while self.ages.len() > KEPT {
            if let Some(oldest) = self.ages.pop_front() {
                self.pushes.remove(&oldest);
            }
        }
    }

    /// The push of an id.
    pub(crate) fn push(&self, push_id: &str) -> Option<&Record> {
        self.pushes.get(push_id)
    }

    /// Notes how far a push has come.
    pub(crate) fn progress(&mut self, push_id: &str, progress: Progress) {
        if let Some(record) = self.pushes.get_mut(push_id) {
            record.progress = progress;
            record.at = clock::now();
        }
    }

    /// Says where a device is, by its number and its name.
    pub(crate) fn lead(&mut self, address: &str, route: &Route) {
        for name in [address, &route.device] {
            let name = plain(name).to_owned();
            if self.routes.insert(name.clone(), route.clone()).is_none() {
                self.route_ages.push_back(name);
            }
        }
        while self.route_ages.len() > KEPT {
            if let Some(oldest) = self.route_ages.pop_front() {
                self.routes.remove(&oldest);
            }
        }
    }

    /// Where the device of a number or name is.
    pub(crate) fn route(&self, name: &str) -> Option<&Route> {
        self.routes.get(plain(name))
    }

    /// A reference for the segments of a push.
    pub(crate) fn reference(&mut self) -> u16 {
        self.drawn = self.drawn.wrapping_add(1);
        self.drawn
    }

    /// Forgets a device: where it is, and the pushes that are for it.
    pub(crate) fn forget(&mut self, device: &str) {
        let is_of = |name: &String| name == device;
        self.routes.retain(|_, route| !is_of(&route.device));
        self.pushes
            .retain(|_, push| !push.devices.iter().any(is_of));
        self.route_ages
            .retain(|name| self.routes.contains_key(name));
        self.ages.retain(|id| self.pushes.contains_key(id));
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// A number without the sign in front.
fn plain(name: &str) -> &str {
    name.strip_prefix('+').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_pushes_and_routes_are_forgotten() {
        let mut ledger = Ledger::default();
        let route = Route {
            device: "assay-1".into(),
            carrier: Carrier::Udp,
            gateway: "127.0.0.1:9".into(),
        };
        for number in 0..=KEPT {
            ledger.enter(&number.to_string(), Vec::new());
            ledger.lead(&format!("+{number}"), &route);
        }
        assert!(ledger.push("0").is_none() && ledger.push("1").is_some());
        assert!(ledger.route("0").is_none() && ledger.route("4096").is_some());
        assert!(ledger.routes.len() <= KEPT && ledger.pushes.len() == KEPT);
    }

    #[test]
    fn a_device_is_forgotten_and_the_others_are_not() {
        let mut ledger = Ledger::default();
        for device in ["assay-1", "assay-2"] {
            let route = Route {
                device: device.into(),
                carrier: Carrier::Udp,
                gateway: "127.0.0.1:9".into(),
            };
            ledger.lead(&format!("+1-{device}"), &route);
            ledger.enter(device, vec![device.into()]);
        }
        ledger.forget("assay-1");
        for name in ["assay-1", "+1-assay-1"] {
            assert!(ledger.route(name).is_none() && ledger.push(name).is_none());
        }
        assert!(ledger.route("+1-assay-2").is_some() && ledger.push("assay-2").is_some());
        assert_eq!((ledger.ages.len(), ledger.route_ages.len()), (1, 2));
    }
}
