//! Monitors: which rules look at which exchange, and what their answers come to.
//!
//! A monitor looks at every subject of its kind in every lawful exchange. Its findings belong to
//! its requirement; the verdict of the case is none of its business.

use std::collections::BTreeMap;

use assay_suites::basis::{self, Worst};
use assay_suites::suite::{Protocol, Requirement, Role};
use assay_suites::{Catalogue, basis::Level};
use assay_wire::recording::{Place, Recording};

use crate::evidence::narrow;
use crate::family::Family;
use crate::finding::{By, Finding, Location};
use crate::gist;
use crate::replay::Exchange;
use crate::rule::{Scope, Unanswered};
use crate::rules::{Monitor, Rules};
use crate::snippet::snippet;
use crate::verdict::Verdict;
use crate::view::{self, Each, Ended, View};

/// So many breaches of one requirement are told in one case.
const TOLD: usize = 3;

/// What the monitors found so far.
pub(crate) struct Watch<'a> {
    case: Case<'a>,
    groups: Vec<Group<'a>>,
}

/// The case run that is judged.
struct Case<'a> {
    id: &'a str,
    recording: &'a Recording,
    family: &'static dyn Family,
}

/// The monitors that look at one kind of subject, so that each kind is gone through once.
struct Group<'a> {
    each: &'static Each,
    tallies: Vec<Tally<'a>>,
}

/// What one monitor found so far.
struct Tally<'a> {
    /// Its place among all of them.
    nth: usize,
    monitor: &'a Monitor,
    requirement: &'a Requirement,
    level: Level,
    looked: u32,
    breaches: Vec<Finding>,
    failed: Option<Finding>,
}

/// Where monitors look.
struct At<'l> {
    scope: &'l Scope<'l>,
    place: Option<Place>,
    /// With its number; absent where the case run has ended.
    exchange: Option<(&'l Exchange<'l>, u32)>,
    lawful: bool,
}

/// The level of a requirement under a profile of the protocol.
pub(crate) fn level(requirement: &Requirement, protocol: Protocol) -> Level {
    let except = requirement
        .except
        .iter()
        .find(|exception| exception.r#for == protocol);
    except.map_or_else(|| requirement.level(), |exception| exception.level)
}

/// The verdict of a breach. A freedom that is not used is told, and passes.
pub(crate) fn breach(level: Level, requirement: &Requirement) -> Verdict {
    match basis::worst(level, requirement.basis) {
        Worst::Note => Verdict::Pass,
        Worst::Warn => Verdict::Warn,
        Worst::Fail => Verdict::Fail,
    }
}

/// A rule without the line breaks that it has in its file.
pub(crate) fn one_line(rule: &str) -> String {
    rule.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A finding about a requirement, as it is where nothing is wrong.
pub(crate) fn finding(
    requirement: &Requirement,
    case: &str,
    level: Level,
    by: By,
    suite: &Location,
) -> Finding {
    Finding {
        requirement: requirement.id.value.clone(),
        case: case.to_owned(),
        level,
        basis: requirement.basis,
        verdict: Verdict::Pass,
        by,
        subject: None,
        message: String::new(),
        expected: requirement.says().to_owned(),
        received: String::new(),
        diff: Vec::new(),
        place: None,
        snippet: None,
        sent: Vec::new(),
        answered: Vec::new(),
        exchange: None,
        step: None,
        suite: suite.clone(),
    }
}

impl<'a> Watch<'a> {
    /// The monitors of this role that hold under this profile of the protocol.
    pub(crate) fn new(
        rules: &'a Rules,
        catalogue: &'a Catalogue,
        (role, family, protocol): (Role, &'static dyn Family, Protocol),
        case: &'a str,
        recording: &'a Recording,
    ) -> Self {
        let groups = family.each().iter().map(|each| Group {
            each,
            tallies: Vec::new(),
        });
        let mut groups: Vec<Group<'a>> = groups.collect();
        let of_role = rules.monitors.iter().enumerate();
        for (nth, monitor) in of_role.filter(|(_, monitor)| monitor.role == role) {
            let Some((_, requirement)) = catalogue.requirement(&monitor.requirement) else {
                continue;
            };
            let holds_here = requirement.holds_for(protocol);
            let group = groups
                .iter_mut()
                .find(|group| group.each.name == monitor.each);
            if let Some(group) = group.filter(|_| holds_here) {
                group.tallies.push(Tally {
                    nth,
                    monitor,
                    requirement,
                    level: level(requirement, protocol),
                    looked: 0,
                    breaches: Vec::new(),
                    failed: None,
                });
            }
        }
        groups.retain(|group| !group.tallies.is_empty());
        Self {
            case: Case {
                id: case,
                recording,
                family,
            },
            groups,
        }
    }

    /// Looks at one exchange, the number of which is given from 1.
    pub(crate) fn exchange(&mut self, exchange: &Exchange, number: u32, view: &View) {
        for group in &mut self.groups {
            let mut looked = view.subjects(group.each.name).peekable();
            if looked.peek().is_none() {
                continue;
            }
            let mut scope = view.scope(group.each.names);
            for subject in looked {
                subject.put(&mut scope);
                let at = At {
                    scope: &scope,
                    place: subject.place(),
                    exchange: Some((exchange, number)),
                    lawful: exchange.lawful,
                };
                for tally in &mut group.tallies {
                    tally.look(&at, &self.case);
                }
            }
        }
    }

    /// Looks at a subject that is complete now that the case run has ended.
    pub(crate) fn ended(&mut self, ended: &Ended) {
        for group in &mut self.groups {
            if group.each.name != ended.name {
                continue;
            }
            let at = At {
                scope: &view::scope(&ended.looked, group.each.names),
                place: ended.place,
                exchange: None,
                lawful: ended.lawful,
            };
            for tally in &mut group.tallies {
                tally.look(&at, &self.case);
            }
        }
    }

    /// All findings in the order of the suites, and how often each monitor looked.
    pub(crate) fn done(self) -> (Vec<Finding>, BTreeMap<String, u32>) {
        let mut findings = Vec::new();
        let mut looked = BTreeMap::new();
        let all = self.groups.into_iter().flat_map(|group| group.tallies);
        let mut all: Vec<Tally<'_>> = all.collect();
        all.sort_by_key(|tally| tally.nth);
        for tally in all {
            if tally.looked > 0 {
                looked.insert(tally.monitor.requirement.clone(), tally.looked);
            }
            if tally.looked > 0 && tally.breaches.is_empty() && tally.failed.is_none() {
                let suite = &tally.monitor.suite;
                let met = finding(
                    tally.requirement,
                    self.case.id,
                    tally.level,
                    By::Monitor,
                    suite,
                );
                findings.push(met);
            }
            findings.extend(tally.breaches);
            findings.extend(tally.failed);
        }
        (findings, looked)
    }
}

impl Tally<'_> {
    fn look(&mut self, at: &At<'_>, case: &Case<'_>) {
        if !(at.lawful || self.monitor.always) {
            return;
        }
        let holds = &self.monitor.holds;
        let answer = match &self.monitor.when {
            Some(when) => match when.holds(at.scope) {
                Ok(true) => holds.holds(at.scope),
                Ok(false) => return,
                Err(error) => Err(error),
            },
            None => holds.holds(at.scope),
        };
        let told = self.breaches.len();
        match answer {
            // There is no reply, or no document was sent: nothing to look at.
            Err(Unanswered::Nothing(_)) => return,
            Ok(true) => {
                self.looked += 1;
                return;
            }
            Ok(false) => {
                self.looked += 1;
                if told >= TOLD {
                    return;
                }
            }
            Err(Unanswered::Error(_)) if self.failed.is_some() => return,
            Err(Unanswered::Error(_)) => {}
        }
        let monitor = self.monitor;
        let requirement = self.requirement;
        let mut found = finding(
            requirement,
            case.id,
            self.level,
            By::Monitor,
            &monitor.suite,
        );
        found.place = match (at.place, at.exchange) {
            (Some(place), Some((exchange, _))) => Some(narrow(
                case.family,
                exchange,
                monitor.each,
                place,
                monitor.holds.reads(),
            )),
            _ => at.place,
        };
        found.exchange = at.exchange.map(|(_, number)| number);
        found.step = at.exchange.map(|(exchange, _)| exchange.step);
        found.subject = Some(monitor.each);
        found.expected = one_line(monitor.holds.text());
        found.received = monitor.holds.received(at.scope);
        gist::add(
            &mut found,
            at.exchange.map(|(exchange, _)| exchange),
            case.family,
        );
        found.snippet = found.place.and_then(|place| {
            snippet(
                case.recording,
                at.exchange.map(|(exchange, _)| exchange),
                place,
            )
        });
        if let Err(error) = answer {
            found.verdict = Verdict::Error;
            found.message = format!("the rule cannot be evaluated: {error}");
            self.failed = Some(found);
            return;
        }
        found.verdict = breach(self.level, requirement);
        let (subject, received) = (monitor.each, &found.received);
        found.message = match at.exchange {
            Some((_, number)) => format!("{subject} of exchange {number}: {received}"),
            None => format!("{subject}: {received}"),
        };
        self.breaches.push(found);
    }
}
