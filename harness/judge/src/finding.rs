//! What judging comes to: findings with their evidence, and the verdict of a case.
//!
//! Data only. A finding is complete in itself, so that reports compute nothing.

use std::collections::BTreeMap;

use assay_suites::basis::{Basis, Level};
use assay_wire::recording::Place;
use serde::Serialize;

use crate::verdict::Verdict;

/// What judging one case run comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// The verdict of the case, of its `given` and `expect` steps alone: monitors do not change it.
    pub verdict: Verdict,
    /// Why it is no pass, in the order of the steps; empty where it is one.
    pub reasons: Vec<Reason>,
    /// Requirements met and broken.
    pub findings: Vec<Finding>,
    /// How many subjects each monitor judged: requirements whose condition came true.
    pub looked: BTreeMap<String, u32>,
}

/// Why a verdict is what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The verdict.
    pub verdict: Verdict,
    /// The step, from zero, that it was given at; absent where it is about the whole case.
    pub step: Option<u32>,
    /// Why, in one line.
    pub text: String,
    /// What was received instead of what a `given` asked for, as lines of a diff.
    pub diff: Vec<String>,
    /// The octets in question.
    pub place: Option<Place>,
}

impl Reason {
    /// Why a case as a whole came to this verdict.
    pub(crate) fn new(verdict: Verdict, text: &str) -> Self {
        Self {
            verdict,
            step: None,
            text: text.to_owned(),
            diff: Vec::new(),
            place: None,
        }
    }
}

impl Judgement {
    /// Of a case that cannot be judged, for this reason.
    pub(crate) fn error(text: &str) -> Self {
        Self {
            verdict: Verdict::Error,
            reasons: vec![Reason::new(Verdict::Error, text)],
            ..Self::default()
        }
    }
}

/// One requirement met or broken, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The id of the requirement.
    pub requirement: String,
    /// The id of the case that it was seen in.
    pub case: String,
    /// The level that it was judged at, exceptions for the protocol considered.
    pub level: Level,
    /// How the requirement is known.
    pub basis: Basis,
    /// [`Verdict::Pass`] where it was met; where it was broken the worst that it can come to:
    /// [`Verdict::Fail`] or [`Verdict::Warn`], for a MAY [`Verdict::Pass`] with a message.
    /// [`Verdict::Error`] where its rule could not be evaluated.
    pub verdict: Verdict,
    /// Who says so.
    pub by: By,
    /// The kind of subject that a monitor looked at: `status`.
    pub subject: Option<&'static str>,
    /// What is wrong, in one line; empty where nothing is.
    pub message: String,
    /// What was expected.
    pub expected: String,
    /// What was received.
    pub received: String,
    /// Expected (`-`) and received (`+`), line by line, where a golden was compared.
    pub diff: Vec<String>,
    /// The octets in question.
    pub place: Option<Place>,
    /// These octets with their neighbours: offset, hex, meaning; `>` marks the lines in question.
    pub snippet: Option<String>,
    /// What was sent in the exchange, in a few lines; empty where nothing is wrong.
    pub sent: Vec<String>,
    /// What came back, likewise.
    pub answered: Vec<String>,
    /// The number of the exchange, from 1.
    pub exchange: Option<u32>,
    /// The step of the case, from zero.
    pub step: Option<u32>,
    /// Where the requirement or the step stands.
    pub suite: Location,
}

impl Finding {
    /// True where the requirement was broken, whatever that is worth.
    pub fn is_breach(&self) -> bool {
        !self.message.is_empty()
    }
}

/// Who found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// A rule that looks at every subject of every lawful exchange.
    Monitor,
    /// A step of the case.
    Case,
}

/// A place in a suite.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Location {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}
