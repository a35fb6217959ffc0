//! What the server remembers: devices with their tokens, packages, orders, statuses and reports.
//!
//! Bounded, for whoever calls may be anybody. What it means is decided in the files beside it.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use assay_wire::digest;
use serde_json::{Value, json};

use super::package::{Order, Package};
use crate::switch::Options;

/// Most devices kept; the oldest goes.
const KEPT: usize = 4096;
/// Most packages of one device, and most published ones that are remembered by id.
const PACKAGES: usize = 256;
const PUBLISHED: usize = 4096;
/// Most octets of all packages together.
const OCTETS: usize = 64 << 20;
/// Most tokens remembered that a device has had.
const TOKENS: usize = 32;
/// Most packages that one device may report on, and statuses of each.
const REPORTED_ON: usize = 256;
const STATUSES: usize = 64;
/// Most reports of one device that are remembered.
const REPORTS: usize = 64;

/// Everything.
#[derive(Debug)]
pub(crate) struct Store {
    devices: HashMap<String, Device>,
    ages: VecDeque<String>,
    /// The newest package of each id.
    published: BTreeMap<String, Arc<Package>>,
    /// What the last part of a URL before the file name stands for.
    downloads: HashMap<String, Arc<Package>>,
    /// Who polled last.
    polled: Option<String>,
    drawn: u64,
    seed: Option<String>,
}

/// A package that a device is to have.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// The package.
    pub(crate) package: Arc<Package>,
    /// Its place in the URLs of this device.
    pub(crate) place: String,
}

/// A poll that was answered, for an agent that lost the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Poll {
    /// The token that it came with.
    pub(crate) token: String,
    /// Its timestamp.
    pub(crate) timestamp: String,
    /// Its body, as a number.
    pub(crate) body: u64,
}

/// A report that came.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// The value of its type.
    pub(crate) kind: &'static str,
    /// The path of a collected file, as text and nothing else.
    pub(crate) name: String,
    /// How long it was.
    pub(crate) octets: usize,
}

/// What is kept of a device.
#[derive(Debug, Default)]
pub(crate) struct Device {
    /// The token that it has to show.
    pub(crate) token: Option<String>,
    /// Those before it, newest last.
    pub(crate) earlier: VecDeque<String>,
    /// True once the newest token was shown.
    pub(crate) shown: bool,
    /// The last poll.
    pub(crate) last: Option<Poll>,
    /// The mark of the last poll.
    pub(crate) timestamp: String,
    /// Counts its polls.
    pub(crate) polls: u64,
    /// True for an agent of CE .NET 4.2.
    pub(crate) old_agent: bool,
    /// What it calls itself.
    pub(crate) name: String,
    /// What it is to have, in order.
    pub(crate) packages: Vec<Held>,
    /// What was listed to it before.
    pub(crate) listed: BTreeSet<String>,
    /// What it is to report.
    pub(crate) orders: Vec<Order>,
    /// What it said of each package: code and time, each once.
    pub(crate) statuses: BTreeMap<String, Vec<(u32, String)>>,
    /// What it reported.
    pub(crate) reports: VecDeque<Report>,
}

impl Store {
    /// An empty one.
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            devices: HashMap::new(),
            ages: VecDeque::new(),
            published: BTreeMap::new(),
            downloads: HashMap::new(),
            polled: None,
            drawn: 0,
            seed: options.seed.clone(),
        }
    }

    /// Forgets everything about a device, or about all.
    pub(crate) fn reset(&mut self, device: Option<&str>) {
        match device {
            None => {
                self.devices.clear();
                self.ages.clear();
                self.published.clear();
                self.downloads.clear();
                self.polled = None;
            }
            Some(name) => {
                self.forget_packages(name);
                self.devices.remove(name);
                self.ages.retain(|kept| kept != name);
            }
        }
    }

    /// What is kept of this device, if it is known.
    pub(crate) fn known(&self, name: &str) -> Option<&Device> {
        self.devices.get(name)
    }

    /// The same, to change.
    pub(crate) fn known_mut(&mut self, name: &str) -> Option<&mut Device> {
        self.devices.get_mut(name)
    }

    /// What is kept of this device, from now on.
    pub(crate) fn device(&mut self, name: &str) -> &mut Device {
        if !self.devices.contains_key(name) {
            if self.ages.len() >= KEPT
                && let Some(oldest) = self.ages.pop_front()
            {
                self.forget_packages(&oldest);
                self.devices.remove(&oldest);
            }
            self.ages.push_back(name.to_owned());
        }
        self.devices.entry(name.to_owned()).or_default()
    }

    /// Publishes a package for a device; false where too much is published already.
    pub(crate) fn publish(&mut self, device: &str, package: Package) -> bool {
        let held: usize = self.downloads.values().map(|held| held.data.len()).sum();
        if held + package.data.len() > OCTETS {
            return false;
        }
        let package = Arc::new(package);
        if self.published.len() >= PUBLISHED && !self.published.contains_key(&package.id) {
            self.published.pop_first();
        }
        self.published.insert(package.id.clone(), package.clone());
        self.assign(device, package)
    }

    /// Gives a device a package, in place of the one that it had of that id.
    pub(crate) fn assign(&mut self, device: &str, package: Arc<Package>) -> bool {
        self.withdraw(device, &package.id);
        if self.device(device).packages.len() >= PACKAGES {
            return false;
        }
        let place = self.draw();
        self.downloads.insert(place.clone(), package.clone());
        self.device(device).packages.push(Held { package, place });
        true
    }

    /// Takes a package from a device; false where it did not have it.
    pub(crate) fn withdraw(&mut self, device: &str, id: &str) -> bool {
        let packages = &mut self.device(device).packages;
        let Some(at) = packages.iter().position(|held| held.package.id == id) else {
            return false;
        };
        let held = packages.remove(at);
        self.downloads.remove(&held.place);
        true
    }

    /// Takes all packages from a device.
    pub(crate) fn forget_packages(&mut self, device: &str) {
        let Some(device) = self.devices.get_mut(device) else {
            return;
        };
        for held in device.packages.drain(..) {
            self.downloads.remove(&held.place);
        }
    }

    /// Notes that this device polls; gives the one that polled before it, if that is another.
    pub(crate) fn polls_now(&mut self, device: &str) -> Option<String> {
        let before = self.polled.replace(device.to_owned());
        before.filter(|before| before != device && self.devices.contains_key(before))
    }

    /// The ids of the packages of all devices, in order of age.
    pub(crate) fn ids(&self) -> Vec<String> {
        let devices = self.ages.iter().filter_map(|name| self.devices.get(name));
        let held = devices.flat_map(|device| &device.packages);
        held.map(|held| held.package.id.clone()).collect()
    }

    /// The newest package of this id, whoever has it.
    pub(crate) fn published(&self, id: &str) -> Option<Arc<Package>> {
        self.published.get(id).cloned()
    }

    /// A package of this id with a place in URLs, whichever device has it.
    pub(crate) fn of_anybody(&self, id: &str) -> Option<Held> {
        let mut all = self.devices.values().flat_map(|device| &device.packages);
        all.find(|held| held.package.id == id).cloned()
    }

    /// What this place in a URL stands for.
    pub(crate) fn at(&self, place: &str) -> Option<Arc<Package>> {
        self.downloads.get(place).cloned()
    }

    /// A text that nobody can guess, or that the seed gives.
    pub(crate) fn draw(&mut self) -> String {
        self.drawn += 1;
        let mut octets = [0; 16];
        let random = rustls::crypto::ring::default_provider().secure_random;
        if self.seed.is_some() || random.fill(&mut octets).is_err() {
            let seed = self.seed.as_deref().unwrap_or("seed");
            let text = digest::md5_cred(seed, "token", &self.drawn.to_be_bytes());
            let drawn = digest::unb64(&text).unwrap_or_default();
            octets
                .iter_mut()
                .zip(drawn)
                .for_each(|(octet, from)| *octet = from);
        }
        format!("{:032x}", u128::from_be_bytes(octets))
    }
}

impl Device {
    /// The package of this id.
    pub(crate) fn package(&self, id: &str) -> Option<&Held> {
        self.packages.iter().find(|held| held.package.id == id)
    }

    /// Gives it a new token.
    pub(crate) fn rotate(&mut self, token: String) {
        if let Some(old) = self.token.replace(token) {
            if self.earlier.len() >= TOKENS {
                self.earlier.pop_front();
            }
            self.earlier.push_back(old);
        }
        self.shown = false;
    }

    /// Remembers a status; false where it was known.
    pub(crate) fn note_status(&mut self, package: &str, code: u32, time: &str) -> bool {
        if self.statuses.len() >= REPORTED_ON && !self.statuses.contains_key(package) {
            self.statuses.pop_first();
        }
        let known = self.statuses.entry(package.to_owned()).or_default();
        let new = !known.iter().any(|(c, t)| *c == code && t == time);
        if new && known.len() < STATUSES {
            known.push((code, time.to_owned()));
        }
        new
    }

    /// Remembers a report.
    pub(crate) fn note_report(&mut self, report: Report) {
        if self.reports.len() >= REPORTS {
            self.reports.pop_front();
        }
        self.reports.push_back(report);
    }

    /// All that is known of it, for the administrator.
    pub(crate) fn show(&self) -> Value {
        let ids = self.packages.iter().map(|held| held.package.id.as_str());
        let orders = self.orders.iter().map(|order| order.kind.value());
        let statuses = self.statuses.iter().map(|(id, all)| {
            let codes: Vec<u32> = all.iter().map(|(code, _)| *code).collect();
            (id.clone(), json!(codes))
        });
        let reports = self
            .reports
            .iter()
            .map(|r| json!({"type": r.kind, "name": r.name, "octets": r.octets}));
        json!({
            "name": self.name,
            "polls": self.polls,
            "packages": ids.collect::<Vec<_>>(),
            "orders": orders.collect::<Vec<_>>(),
            "statuses": statuses.collect::<serde_json::Map<_, _>>(),
            "reports": reports.collect::<Vec<_>>(),
        })
    }
}
