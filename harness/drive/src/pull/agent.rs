//! A device during a case run: what it read in the answers so far.
//!
//! It reads an answer only as far as the next message needs it, and never judges: what is missing
//! or odd is left to those who look at the recording.

use std::collections::{BTreeMap, BTreeSet};

use assay_wire::http::Response;
use assay_wire::pull::{
    ClientSettings, Datetime, Instructions, Interval, PackageLocation, PollResponse, ReportKind,
    ReportOrder, Text, boolean,
};
use assay_wire::{Limits, Tree, xml};
use reqwest::Url;

use crate::pull::clock::length;
use crate::pull::database::{Instructed, Settings};
use crate::pull::files::Filter;
use crate::{Outgoing, Tag};

/// So many listed packages are kept of a poll response.
const MOST_LISTED: usize = 1_000;
/// So many URLs are kept of a location.
const MOST_URLS: usize = 16;
/// So many report orders are kept of a poll response.
const MOST_ORDERS: usize = 8;
/// So many filters are kept of an order.
const MOST_FILTERS: usize = 16;
/// Package ids of more octets are nobody's.
const LONGEST_ID: usize = 1_024;

/// A device of the case.
#[derive(Default)]
pub(super) struct Device {
    /// The packages that the last poll response listed, each once; absent before any.
    pub(super) listed: Option<Vec<String>>,
    /// True where it listed more than are kept.
    pub(super) lists_more: bool,
    pub(super) orders: Vec<Order>,
    /// What the last poll response changed of the settings.
    pub(super) settings: Changes,
    /// Packages whose instructions were asked for since the last poll response.
    pub(super) asked: BTreeSet<String>,
    pub(super) instructed: BTreeMap<String, Instructed>,
    /// The package that was spoken of last.
    pub(super) busy_with: Option<String>,
    /// The URLs of each package, the best first.
    pub(super) urls: BTreeMap<String, Vec<String>>,
    /// What is in the folders that were listed.
    pub(super) folders: BTreeMap<Url, Vec<Url>>,
    /// A counter of the case run, which each poll moves on.
    pub(super) session: Option<u32>,
    /// The last request, for those that send it again.
    pub(super) last: Option<(Outgoing, Tag)>,
}

/// A report that the server ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) kind: ReportKind,
    pub(super) filters: Vec<Filter>,
    /// The period in seconds.
    pub(super) period: u64,
}

/// What a poll response says of the settings; what it leaves out stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    poll: Option<u64>,
    retries: Option<u32>,
    retry: Option<u64>,
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
        let mut listed = ids.filter(|id| seen.insert(*id));
        let kept = listed.by_ref().take(MOST_LISTED).map(str::to_owned);
        self.listed = Some(kept.collect());
        self.lists_more = listed.next().is_some();
        self.asked.clear();
        let wanted = poll.orders().iter().filter(|order| order.is_enabled());
        self.orders = wanted.take(MOST_ORDERS).map(Order::of).collect();
        let client = poll.settings.as_ref().and_then(|all| all.client.as_ref());
        self.settings = client.map(Changes::of).unwrap_or_default();
        Some(())
    }

    fn take_instructions(&mut self, asked: &str, tree: &Tree<'_>) -> Option<()> {
        let instructions = Instructions::of(tree)?;
        let package = instructions
            .packages
            .iter()
            .find(|package| package.id.as_ref().is_some_and(|id| id.value == asked))?;
        let command = package.command_line.as_ref();
        let start = package.start_time.as_ref();
        let again = package.recurrence.as_ref().and_then(|recurrence| {
            // No time at all means once.
            let period = recurrence.interval().filter(|period| !period.is_zero())?;
            Some((recurrence.behavior()?, length(period)))
        });
        let instructed = Instructed {
            command: command.is_some_and(|command| !command.value.is_empty()),
            source_files: says(package.source_files.as_ref()) != Some(false),
            start: start.and_then(|start| Datetime::parse(&start.value)),
            again,
        };
        self.instructed.insert(asked.to_owned(), instructed);
        Some(())
    }

    fn take_location(&mut self, asked: &str, tree: &Tree<'_>) -> Option<()> {
        let location = PackageLocation::of(tree)?;
        let is_other = |id: &Text<'_>| id.value != asked;
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

impl Order {
    fn of(order: &ReportOrder<'_>) -> Self {
        let text = |text: &Option<Text<'_>>| text.as_ref().map(|text| text.value.to_string());
        let filters = order.filters.iter().filter_map(|filter| {
            Some(Filter {
                pattern: text(&filter.filter)?,
                path: text(&filter.path).unwrap_or_default(),
                recursive: says(filter.recursive.as_ref()) == Some(true),
                exclude_compressed: says(filter.exclude_compressed.as_ref()) == Some(true),
                exclude_encrypted: says(filter.exclude_encrypted.as_ref()) == Some(true),
            })
        });
        Self {
            kind: order.kind,
            filters: filters.take(MOST_FILTERS).collect(),
            period: period(order.interval.as_ref()).unwrap_or_default(),
        }
    }
}

impl Changes {
    fn of(client: &ClientSettings<'_>) -> Self {
        let count = client.retry_count.as_ref();
        Self {
            poll: period(client.poll_interval.as_ref()),
            retries: count.and_then(|count| count.value.parse().ok()),
            retry: period(client.retry_interval.as_ref()),
        }
    }

    /// Makes the changes.
    pub(super) fn apply(self, settings: &mut Settings) {
        settings.poll = self.poll.unwrap_or(settings.poll);
        settings.retries = self.retries.unwrap_or(settings.retries);
        settings.retry = self.retry.unwrap_or(settings.retry);
    }
}

fn says(text: Option<&Text<'_>>) -> Option<bool> {
    boolean(&text?.value)
}

fn period(text: Option<&Text<'_>>) -> Option<u64> {
    let interval = Interval::parse(&text?.value)?;
    Some(length(interval)).filter(|seconds| *seconds > 0)
}
