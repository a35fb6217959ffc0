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
use crate::view::{self, Ended, View};

/// So many breaches of one requirement are told in one case.
const TOLD: usize = 3;

/// What the monitors found so far.
pub(crate) struct Watch<'a> {
    rules: &'a Rules,
    recording: &'a Recording,
    case: &'a str,
    family: &'static dyn Family,
    tallies: Vec<Tally<'a>>,
}

/// What one monitor found so far.
struct Tally<'a> {
    monitor: &'a Monitor,
    requirement: &'a Requirement,
    level: Level,
    looked: u32,
    breaches: Vec<Finding>,
    failed: Option<Finding>,
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
        let of_role = rules.monitors.iter().filter(|monitor| monitor.role == role);
        let tallies = of_role.filter_map(|monitor| {
            let (_, requirement) = catalogue.requirement(&monitor.requirement)?;
            let holds_here = requirement.r#for.is_empty() || requirement.r#for.contains(&protocol);
            let level = level(requirement, protocol);
            holds_here.then_some(Tally {
                monitor,
                requirement,
                level,
                looked: 0,
                breaches: Vec::new(),
                failed: None,
            })
        });
        Self {
            rules,
            recording,
            case,
            family,
            tallies: tallies.collect(),
        }
    }

    /// Looks at one exchange, the number of which is given from 1.
    pub(crate) fn exchange(&mut self, exchange: &Exchange, number: u32, view: &View) {
        let scope = view.scope();
        for index in 0..self.tallies.len() {
            let Some(monitor) = self.tallies.get(index).map(|tally| tally.monitor) else {
                continue;
            };
            if !(exchange.lawful || monitor.always) {
                continue;
            }
            for subject in view.subjects(monitor.each) {
                let mut inner = Scope::inside(&scope);
                for (name, node) in subject {
                    inner.set(name, node);
                }
                let place = subject.first().and_then(|(_, node)| node.place);
                self.look(index, &inner, place, Some((exchange, number)));
            }
        }
    }

    /// Looks at a subject that is complete now that the case run has ended.
    pub(crate) fn ended(&mut self, ended: &Ended) {
        let scope = view::scope(&ended.looked);
        for index in 0..self.tallies.len() {
            let wanted = self.tallies.get(index).is_some_and(|tally| {
                tally.monitor.each == ended.name && (ended.lawful || tally.monitor.always)
            });
            if wanted {
                self.look(index, &scope, ended.place, None);
            }
        }
    }

    fn look(
        &mut self,
        index: usize,
        scope: &Scope<'_>,
        place: Option<Place>,
        exchange: Option<(&Exchange, u32)>,
    ) {
        let Some(tally) = self.tallies.get_mut(index) else {
            return;
        };
        let engine = &self.rules.engine;
        let answer = match &tally.monitor.when {
            Some(when) => match engine.holds(when, scope) {
                Ok(true) => engine.holds(&tally.monitor.holds, scope),
                Ok(false) => return,
                Err(error) => Err(error),
            },
            None => engine.holds(&tally.monitor.holds, scope),
        };
        let told = tally.breaches.len();
        match answer {
            // There is no reply, or no document was sent: nothing to look at.
            Err(Unanswered::Nothing(_)) => return,
            Ok(true) => {
                tally.looked += 1;
                return;
            }
            Ok(false) => {
                tally.looked += 1;
                if told >= TOLD {
                    return;
                }
            }
            Err(Unanswered::Error(_)) if tally.failed.is_some() => return,
            Err(Unanswered::Error(_)) => {}
        }
        let monitor = tally.monitor;
        let requirement = tally.requirement;
        let mut found = finding(
            requirement,
            self.case,
            tally.level,
            By::Monitor,
            &monitor.suite,
        );
        found.place = match (place, exchange) {
            (Some(place), Some((exchange, _))) => Some(narrow(
                self.family,
                exchange,
                monitor.each,
                place,
                monitor.holds.reads(),
            )),
            _ => place,
        };
        found.exchange = exchange.map(|(_, number)| number);
        found.step = exchange.map(|(exchange, _)| exchange.step);
        found.subject = Some(monitor.each);
        found.expected = one_line(monitor.holds.text());
        found.received = monitor.holds.received(scope);
        gist::add(
            &mut found,
            exchange.map(|(exchange, _)| exchange),
            self.family,
        );
        found.snippet = found.place.and_then(|place| {
            snippet(
                self.recording,
                exchange.map(|(exchange, _)| exchange),
                place,
            )
        });
        if let Err(error) = answer {
            found.verdict = Verdict::Error;
            found.message = format!("the rule cannot be evaluated: {error}");
            tally.failed = Some(found);
            return;
        }
        found.verdict = breach(tally.level, requirement);
        let (subject, received) = (monitor.each, &found.received);
        found.message = match exchange {
            Some((_, number)) => format!("{subject} of exchange {number}: {received}"),
            None => format!("{subject}: {received}"),
        };
        tally.breaches.push(found);
    }

    /// All findings in the order of the suites, and how often each monitor looked.
    pub(crate) fn done(self) -> (Vec<Finding>, BTreeMap<String, u32>) {
        let mut findings = Vec::new();
        let mut looked = BTreeMap::new();
        for tally in self.tallies {
            if tally.looked > 0 {
                looked.insert(tally.monitor.requirement.clone(), tally.looked);
            }
            if tally.looked > 0 && tally.breaches.is_empty() && tally.failed.is_none() {
                let suite = &tally.monitor.suite;
                let met = finding(
                    tally.requirement,
                    self.case,
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
