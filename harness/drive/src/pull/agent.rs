//! A device during a case run: what it read in the answers so far.
//!
//! It reads an answer only as far as the next message needs it, and never judges: what is missing
//! or odd is left to those who look at the recording.

use std::collections::{BTreeMap, BTreeSet};

use assay_wire::http::Response;
use assay_wire::pull::{Instructions, PackageLocation, PollResponse, ReportKind, boolean};
use assay_wire::{Limits, Tree, xml};

use crate::{Outgoing, Tag};

/// So many listed packages are kept of a poll response.
const MOST_LISTED: usize = 1_000;
/// So many URLs are kept of a location.
const MOST_URLS: usize = 16;
/// So many report orders are kept of a poll response.
const MOST_ORDERS: usize = 8;
/// Package ids of more octets are nobody's.
const LONGEST_ID: usize = 1_024;

/// A device of the case.
#[derive(Default)]
pub(super) struct Device {
    /// The packages that the last poll response listed, each once; absent before any.
    pub(super) listed: Option<Vec<String>>,
    /// How many ids it listed.
    pub(super) count: usize,
    pub(super) orders: Vec<Order>,
    /// Packages whose instructions were asked for since the last poll response.
    pub(super) asked: BTreeSet<String>,
    pub(super) instructed: BTreeMap<String, Instructed>,
    /// The package that was spoken of last.
    pub(super) busy_with: Option<String>,
    /// The URLs of each package, the best first.
    pub(super) urls: BTreeMap<String, Vec<String>>,
    /// A counter of the case run, which each poll moves on.
    pub(super) session: Option<u32>,
    /// The last request, for those that send it again.
    pub(super) last: Option<(Outgoing, Tag)>,
}

/// A report that the server ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) kind: ReportKind,
    /// Directory and pattern of the first filter.
    pub(super) filter: Option<(String, String)>,
}

/// What instructions say about a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instructed {
    /// True where a command is to be run afterwards.
    pub(super) command: bool,
    /// False where there is nothing to fetch.
    pub(super) source_files: bool,
}

/// What a message asked, as far as its answer is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// A poll; with the id where it is not that of the device.
    Poll(Option<String>),
    /// The instructions for this package.
    Instructions(String),
    /// Where this package is.
    Location(String),
    /// Nothing that needs an answer.
    Nothing,
}

impl Device {
    /// True for a package that the last poll response listed.
    pub(super) fn is_listed(&self, package: &str) -> bool {
        self.listed
            .as_ref()
            .is_some_and(|listed| listed.iter().any(|known| known == package))
    }

    /// Takes in what came back. Gives whether it was what was asked for.
    pub(super) fn take_in(&mut self, asked: &Asked, response: &Response, limits: &Limits) -> bool {
        if *asked == Asked::Nothing || !(200..300).contains(&response.status) {
            return false;
        }
        let Ok((tree, notes)) = xml::read(&response.body.octets, limits) else {
            return false;
        };
        // Half a list of packages would have the device remove the others.
        if notes.iter().any(|note| note.kind == "xml.unclosed") {
            return false;
        }
        let taken = match asked {
            Asked::Poll(None) => self.take_list(&tree),
            Asked::Poll(Some(_)) | Asked::Nothing => None,
            Asked::Instructions(package) => self.take_instructions(package, &tree),
            Asked::Location(package) => self.take_location(package, &tree),
        };
        taken.is_some()
    }

    fn take_list(&mut self, tree: &Tree<'_>) -> Option<()> {
        let poll = PollResponse::of(tree)?;
        let mut seen = BTreeSet::new();
        let ids = poll
            .ids()
            .map(str::trim)
            .filter(|id| !id.is_empty() && id.len() <= LONGEST_ID);
        self.listed = Some(
            ids.filter(|id| seen.insert(*id))
                .take(MOST_LISTED)
                .map(str::to_owned)
                .collect(),
        );
        self.count = poll.packages.len();
        self.asked.clear();
        let wanted = poll.orders().iter().filter(|order| order.is_enabled());
        let orders = wanted.take(MOST_ORDERS).map(|order| {
            let filter = order.filters.first();
            let text =
                |text: Option<&assay_wire::pull::Text<'_>>| text.map(|t| t.value.to_string());
            Order {
                kind: order.kind,
                filter: filter.and_then(|filter| {
                    Some((text(filter.path.as_ref())?, text(filter.filter.as_ref())?))
                }),
            }
        });
        self.orders = orders.collect();
        Some(())
    }

    fn take_instructions(&mut self, asked: &str, tree: &Tree<'_>) -> Option<()> {
        let instructions = Instructions::of(tree)?;
        let package = instructions
            .packages
            .iter()
            .find(|package| package.id.as_ref().is_some_and(|id| id.value == asked))?;
        let says = |text: &Option<assay_wire::pull::Text<'_>>| {
            text.as_ref().and_then(|text| boolean(&text.value))
        };
        let command = package.command_line.as_ref();
        let instructed = Instructed {
            command: command.is_some_and(|command| !command.value.is_empty()),
            source_files: says(&package.source_files) != Some(false),
        };
        self.instructed.insert(asked.to_owned(), instructed);
        Some(())
    }

    fn take_location(&mut self, asked: &str, tree: &Tree<'_>) -> Option<()> {
        let location = PackageLocation::of(tree)?;
        let is_other = |id: &assay_wire::pull::Text<'_>| id.value != asked;
        if location.package_id.as_ref().is_some_and(is_other) {
            return None;
        }
        let mut ways: Vec<(u64, String)> = location
            .all
            .iter()
            .filter_map(|location| {
                let url = location.url.as_ref()?.value.to_string();
                let metric = location
                    .metric
                    .and_then(|metric| metric.value.trim().parse().ok());
                Some((metric.unwrap_or(u64::MAX), url))
            })
            .take(MOST_URLS)
            .collect();
        ways.sort_by_key(|(metric, _)| *metric);
        let urls = ways.into_iter().map(|(_, url)| url).collect();
        self.urls.insert(asked.to_owned(), urls);
        Some(())
    }
}
