//! The steps of a case that look: `given` and `expect`, each at the exchange completed before it.
//!
//! They alone make the verdict of the case. What the harness could not do is never a failure of the
//! target: it makes the case inconclusive, or blocked where it was a hook. The one exception is a
//! target that died.

use assay_suites::Catalogue;
use assay_suites::step::{Expect, Step};
use assay_suites::suite::{Case, Protocol, Requirement};
use assay_wire::recording::{Place, Recording};
use assay_wire::tree::NodeId;

use crate::compare::{Bindings, compare};
use crate::evidence::narrow;
use crate::family::Family;
use crate::finding::{By, Finding, Location, Reason};
use crate::gist;
use crate::monitor::{breach, finding, level, one_line};
use crate::replay::{Exchange, Halt, Replay};
use crate::rule::{Rule, Unanswered};
use crate::rules::{Asked, Rules};
use crate::snippet::snippet;
use crate::verdict::Verdict;
use crate::view::View;

/// What is needed to judge the steps of a case.
pub(crate) struct Steps<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) case: &'a Case,
    pub(crate) family: &'static dyn Family,
    pub(crate) protocol: Protocol,
    pub(crate) recording: &'a Recording,
    pub(crate) replay: &'a Replay<'a>,
    pub(crate) views: &'a [View<'a>],
}

/// What the steps come to.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) verdict: Verdict,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) findings: Vec<Finding>,
}

/// What one look came to.
enum Look {
    Holds,
    Mismatch {
        message: String,
        expected: String,
        received: String,
        diff: Vec<String>,
        place: Option<Place>,
    },
    /// Nobody can tell, for this reason.
    Untold(String),
    /// The suite or the harness is at fault.
    Fault(String),
}

impl Steps<'_> {
    /// Judges the steps in their order, up to where the case could not go on.
    pub(crate) fn judge(&self) -> Outcome {
        let mut outcome = Outcome::default();
        let mut bindings = Bindings::new();
        // Of what halted it at one step, the death of the target explains the rest.
        let first = |(step, halt): &&(u32, Halt)| (*step, *halt != Halt::Died);
        let halt = self.replay.halts.iter().min_by_key(first);
        for (index, step) in self.case.steps.iter().enumerate() {
            let index32 = u32::try_from(index).unwrap_or(u32::MAX);
            if halt.is_some_and(|(step, _)| *step <= index32) {
                break;
            }
            let (is_given, expect) = match &step.value {
                Step::Given(expect) => (true, expect),
                Step::Expect(expect) => (false, expect),
                _ => continue,
            };
            let key = (self.case.id.value.clone(), index);
            let Some(asked) = self.rules.expects.get(&key) else {
                let text = "the step was not compiled with the others".to_owned();
                outcome.reason(Verdict::Error, Some(index32), text);
                continue;
            };
            // The exchanges are in the order of their steps. What arrives beside a step that does
            // not wait for it is not what the next one looks at.
            let exchanges = &self.replay.exchanges;
            let end = exchanges.partition_point(|it| it.step < index32);
            let before = exchanges.get(..end).unwrap_or_default();
            let before = before.iter().rposition(|it| self.is_looked_at(it));
            let before = before.map_or(0, |at| at + 1);
            let look = match before.checked_sub(1) {
                Some(at) => match self.unplayed(index, at) {
                    Some(why) => Look::Untold(why),
                    None => self.look(asked, at, &mut bindings),
                },
                None => Look::Untold("nothing was exchanged before".into()),
            };
            let exchange = before
                .checked_sub(1)
                .and_then(|at| self.replay.exchanges.get(at));
            let number = u32::try_from(before).unwrap_or(u32::MAX);
            if is_given {
                if !given(look, index32, &mut outcome) {
                    break;
                }
            } else {
                self.expect(
                    look,
                    expect,
                    asked,
                    (index32, number),
                    exchange,
                    &mut outcome,
                );
            }
        }
        if let Some((step, halt)) = halt {
            self.halted(*step, halt, &mut outcome);
        }
        outcome
    }

    /// False for what arrived while a step did something else than wait, or waited for another device.
    fn is_looked_at(&self, exchange: &Exchange<'_>) -> bool {
        let step = self.case.steps.get(exchange.step as usize);
        exchange.delivery.is_none()
            || step.is_some_and(|step| match &step.value {
                Step::Await(wait) => exchange.is_for(wait.device.as_ref()),
                _ => false,
            })
    }

    /// Why the exchange before a step is not the one that the step is about: the steps between were
    /// not played.
    fn unplayed(&self, index: usize, at: usize) -> Option<String> {
        // `finish` may find that there is nothing to say.
        let speaks = |step: &Step| {
            let silent = matches!(
                step,
                Step::Finish(_)
                    | Step::Hook(_)
                    | Step::Gateway(_)
                    | Step::Given(_)
                    | Step::Expect(_)
            );
            !silent
        };
        let spoken = self
            .case
            .steps
            .iter()
            .take(index)
            .rposition(|step| speaks(&step.value))?;
        let exchange = self.replay.exchanges.get(at)?;
        if exchange.step as usize >= spoken {
            return None;
        }
        Some(match &exchange.broke {
            Some((_, why)) => format!("the connection broke before: {why}"),
            None => format!("step {} was not played", spoken + 1),
        })
    }

    fn look(&self, asked: &Asked, at: usize, bindings: &mut Bindings) -> Look {
        let (Some(exchange), Some(view)) = (self.replay.exchanges.get(at), self.views.get(at))
        else {
            return Look::Fault("the exchange has no view".into());
        };
        if let Some(name) = &asked.golden {
            let Some(golden) = self.rules.goldens.get(name) else {
                return Look::Fault(format!("the golden {name} was not compiled"));
            };
            if let Some(why) = hiccup(exchange, None) {
                return Look::Untold(why);
            }
            let Some(reply) = &exchange.reply else {
                return self.nothing_came(exchange);
            };
            self.family.bind(exchange, bindings);
            if let Err(mismatch) = compare(golden, &reply.tree, bindings) {
                let place = |id: NodeId| reply.place(reply.tree.span(id));
                return Look::Mismatch {
                    message: format!(
                        "{name}: expected {}, received {}",
                        mismatch.expected, mismatch.received
                    ),
                    expected: mismatch.expected,
                    received: mismatch.received,
                    diff: mismatch.diff,
                    place: mismatch.node.map(place).or(exchange.received_at),
                };
            }
        }
        let Some(rule) = &asked.holds else {
            return Look::Holds;
        };
        if let Some(why) = hiccup(exchange, Some(rule)) {
            return Look::Untold(why);
        }
        let scope = view.scope(self.family.shared());
        match rule.holds(&scope) {
            Ok(true) => Look::Holds,
            Ok(false) => {
                let received = rule.received(&scope);
                Look::Mismatch {
                    message: format!("it does not hold: {received}"),
                    expected: one_line(rule.text()),
                    received,
                    diff: Vec::new(),
                    place: Some(narrow(
                        self.family,
                        exchange,
                        "exchange",
                        exchange.place(),
                        rule.reads(),
                    )),
                }
            }
            Err(Unanswered::Nothing(name)) if name == "reply" => self.nothing_came(exchange),
            Err(Unanswered::Nothing(name)) if self.family.may_lack(&name) => Look::Mismatch {
                message: format!("what came is no {name}"),
                expected: one_line(rule.text()),
                received: format!("there is no {name}"),
                diff: Vec::new(),
                place: Some(exchange.place()),
            },
            Err(error) => Look::Fault(format!("the rule cannot be evaluated: {error}")),
        }
    }

    fn expect(
        &self,
        look: Look,
        expect: &Expect,
        asked: &Asked,
        (step, number): (u32, u32),
        exchange: Option<&Exchange>,
        outcome: &mut Outcome,
    ) {
        let Some(requirement) = self.spoken_for(Some(expect)) else {
            let text = "it speaks for no requirement of the catalogue".to_owned();
            outcome.reason(Verdict::Error, Some(step), text);
            return;
        };
        let mut found = self.finding(requirement, &asked.suite);
        found.step = Some(step);
        found.exchange = Some(number);
        found.place = exchange.map(|exchange| exchange.place());
        match look {
            Look::Holds => outcome.verdict.worsen(Verdict::Pass),
            Look::Untold(why) => return outcome.reason(Verdict::Inconclusive, Some(step), why),
            Look::Fault(why) => {
                outcome.reason(Verdict::Error, Some(step), why.clone());
                found.verdict = Verdict::Error;
                found.message = why;
            }
            Look::Mismatch {
                message,
                expected,
                received,
                diff,
                place,
            } => {
                found.verdict = breach(found.level, requirement);
                found.snippet = place.and_then(|place| snippet(self.recording, exchange, place));
                gist::add(&mut found, exchange, self.family);
                outcome.reasons.push(Reason {
                    verdict: found.verdict,
                    step: Some(step),
                    text: message.clone(),
                    diff: Vec::new(),
                    place,
                });
                found.message = message;
                found.expected = expected;
                found.received = received;
                found.diff = diff;
                found.place = place;
                outcome.verdict.worsen(found.verdict);
            }
        }
        outcome.findings.push(found);
    }

    fn halted(&self, step: u32, halt: &Halt, outcome: &mut Outcome) {
        let text = match halt {
            Halt::Died => return self.died(step, outcome),
            Halt::Refused(why) => format!("no connection: {why}"),
            Halt::Stuck(why) => format!("could not go on: {why}"),
            Halt::Hook(name, answer) => {
                let text = format!("the hook {name} did not work: {answer}");
                return outcome.reason(Verdict::Blocked, Some(step), text);
            }
        };
        outcome.reason(Verdict::Inconclusive, Some(step), text);
    }

    /// The target accepts no connections any more. Where the last request was bent, it was killed by
    /// that: whoever would have spoken next is broken. Else nobody knows what ended it.
    fn died(&self, step: u32, outcome: &mut Outcome) {
        let text = "the target died: it accepted no connection any more".to_owned();
        let exchanges = &self.replay.exchanges;
        let last = exchanges.iter().rposition(|it| it.step <= step);
        let exchange = last.and_then(|at| exchanges.get(at));
        let next = self
            .case
            .steps
            .iter()
            .skip(step as usize)
            .find_map(|it| match &it.value {
                Step::Expect(expect) => Some(expect),
                _ => None,
            });
        let requirement = self.spoken_for(next);
        let (Some(requirement), false) = (requirement, exchange.is_none_or(|it| it.lawful)) else {
            return outcome.reason(Verdict::Inconclusive, Some(step), text);
        };
        let key = |at: usize| (self.case.id.value.clone(), at);
        let asked =
            (step as usize..self.case.steps.len()).find_map(|at| self.rules.expects.get(&key(at)));
        let suite = asked.map(|asked| asked.suite.clone()).unwrap_or_default();
        let mut found = self.finding(requirement, &suite);
        found.verdict = breach(found.level, requirement);
        found.message.clone_from(&text);
        found.received.clone_from(&text);
        found.step = Some(step);
        found.exchange = last.and_then(|at| u32::try_from(at + 1).ok());
        found.place = exchange.map(|exchange| exchange.sent_at);
        gist::add(&mut found, exchange, self.family);
        found.snippet = found
            .place
            .and_then(|place| snippet(self.recording, exchange, place));
        outcome.reason(found.verdict, Some(step), text);
        outcome.findings.push(found);
    }

    /// No document came back where one is looked at. Where the transport broke this says nothing about
    /// the requirement; where an answer came that is none of the protocol, it does.
    fn nothing_came(&self, exchange: &Exchange) -> Look {
        if let Some((_, why)) = &exchange.broke {
            return Look::Untold(format!("the connection broke: {why}"));
        }
        let received = match &exchange.response {
            Some(response) => {
                let media = response
                    .field("content-type")
                    .map_or("no media type", |it| &it.value);
                let octets = response.body.octets.len();
                format!("HTTP {} with {media} and {octets} octets", response.status)
            }
            None if exchange.received_at.is_some() => "octets that are no HTTP".to_owned(),
            None => return Look::Untold("no answer was recorded".into()),
        };
        Look::Mismatch {
            message: format!("no message came back: {received}"),
            expected: self.family.document().into(),
            received,
            diff: Vec::new(),
            place: Some(exchange.place()),
        }
    }

    /// The requirement that a step speaks for: the one it names, else the first that the case proves.
    fn spoken_for(&self, expect: Option<&Expect>) -> Option<&Requirement> {
        let id = expect
            .and_then(|expect| expect.of.as_ref())
            .or(self.case.proves.first())?;
        self.catalogue
            .requirement(&id.value)
            .map(|(_, requirement)| requirement)
    }

    fn finding(&self, requirement: &Requirement, suite: &Location) -> Finding {
        let level = level(requirement, self.protocol);
        finding(requirement, &self.case.id.value, level, By::Case, suite)
    }
}

/// How the transport failed under a lawful exchange: that is no answer of the target, whatever came of
/// one, unless the rule asks for it.
fn hiccup(exchange: &Exchange, rule: Option<&Rule>) -> Option<String> {
    let (_, why) = exchange.broke.as_ref().filter(|_| exchange.lawful)?;
    let asks = |path: &Vec<String>| path.iter().any(|name| name == "broke");
    let is_asked = rule.is_some_and(|rule| rule.reads().iter().any(asks));
    (!is_asked).then(|| format!("the connection broke: {why}"))
}

/// The steps of a case that wait and are content with nothing, and for which device.
pub(crate) fn quiet(case: &Case) -> Vec<(u32, Option<String>)> {
    let steps = (0..).zip(&case.steps);
    let waits = steps.filter_map(|(index, step)| match &step.value {
        Step::Await(wait) if wait.count == Some(0) || wait.owed => {
            Some((index, wait.device.clone()))
        }
        _ => None,
    });
    waits.collect()
}

/// True where the case goes on.
fn given(look: Look, step: u32, outcome: &mut Outcome) -> bool {
    match look {
        Look::Holds => return true,
        Look::Mismatch {
            message,
            diff,
            place,
            ..
        } => outcome.reasons.push(Reason {
            verdict: Verdict::Inconclusive,
            step: Some(step),
            text: format!("the question could not be put: {message}"),
            diff,
            place,
        }),
        Look::Untold(why) => {
            let text = format!("the question could not be put: {why}");
            outcome.reason(Verdict::Inconclusive, Some(step), text);
        }
        Look::Fault(why) => outcome.reason(Verdict::Error, Some(step), why),
    }
    outcome.settle();
    false
}

impl Outcome {
    fn reason(&mut self, verdict: Verdict, step: Option<u32>, text: String) {
        self.reasons.push(Reason {
            verdict,
            step,
            text,
            diff: Vec::new(),
            place: None,
        });
        self.settle();
    }

    fn settle(&mut self) {
        if let Some(reason) = self.reasons.last() {
            self.verdict.worsen(reason.verdict);
        }
    }
}
