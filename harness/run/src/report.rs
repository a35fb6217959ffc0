//! The report of a run, as `report.json` has it and as every renderer gets it.
//!
//! Data only: what stands in it is summed up in [`crate::summary`].

use std::collections::{BTreeMap, BTreeSet};

use assay_judge::{By, Finding};
use assay_suites::basis::{Basis, Level};
use serde::{Deserialize, Serialize};

use crate::state::State;

/// The version of the report format.
pub const FORMAT: u32 = 1;

/// Everything that a report shows. `report.json` is this, written out.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    /// The version of this format.
    pub assay: u32,
    /// The verdict of the run: the worst over all cases and requirements.
    pub verdict: State,
    /// The exit code that goes with it.
    pub exit_code: u8,
    /// How many case runs came to what; all eight are there.
    pub counts: BTreeMap<String, usize>,
    /// How many tested requirements came to what; all eight are there.
    pub requirement_counts: BTreeMap<String, usize>,
    /// How many requirements of the role are tested, and how many are not and why.
    pub dispositions: BTreeMap<String, usize>,
    /// The tool and the suite that judged.
    pub tool: Tool,
    /// What was judged, as far as it showed itself: one entry for each role.
    pub targets: Vec<TargetFacts>,
    /// How to run it again, without what was picked and without secrets: `cargo xtask conform …`.
    pub command: String,
    /// What whoever reads the result has to know first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What the run took for granted about the target, and why.
    pub assumed: Vec<String>,
    /// Case runs.
    pub cases: Vec<CaseResult>,
    /// Requirements, the untested ones among them.
    pub requirements: Vec<RequirementResult>,
    /// What the profile would have to give, and the cases that this would unlock.
    pub unlocks: BTreeMap<String, Vec<String>>,
    /// Entries of the baseline that nothing matched any more.
    pub stale: Vec<String>,
    /// When it started and ended, RFC 3339.
    pub started: String,
    /// See `started`.
    pub finished: String,
    /// True where it was interrupted: what was not played is missing.
    pub interrupted: bool,
}

/// The tool and the suite that judged.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Tool {
    /// Its version.
    pub version: String,
    /// SHA-256 over all suite files.
    pub suite_digest: String,
    /// The seed of everything that is chosen freely.
    pub seed: u64,
}

/// What was judged.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct TargetFacts {
    /// Its role.
    pub role: String,
    /// Where it is.
    pub url: String,
    /// Its Server header field.
    pub server: Option<String>,
    /// The claims that it was judged by.
    pub claims: Vec<String>,
    /// True where any certificate was taken.
    pub insecure: bool,
}

/// One case run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct CaseResult {
    /// The id of the case.
    pub id: String,
    /// What it was played with.
    pub axes: BTreeMap<String, String>,
    /// What it came to.
    pub verdict: State,
    /// Why it stands outside, or could not be judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// What was received instead of what a `given` asked for, as lines of a diff.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diff: Vec<String>,
    /// True where only a case that it controls asked for it.
    pub as_control: bool,
    /// The control that had to pass first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
    /// What it found: all of its own, and what monitors found wrong in it.
    pub findings: Vec<FindingResult>,
    /// How often each monitor looked.
    #[serde(skip)]
    pub looked: BTreeMap<String, u32>,
    /// The requirements that it judges.
    #[serde(skip)]
    pub proves: Vec<String>,
    /// The devices that tried to get in with their own credentials.
    #[serde(skip)]
    pub tried: BTreeSet<String>,
    /// Microseconds that it took.
    pub micros: u64,
}

impl CaseResult {
    /// The name of the run: `dm.security.replayed-digest@1.2+wbxml`.
    pub fn name(&self) -> String {
        // By name the encoding would come first.
        let axes: Vec<&str> = self.axes.values().rev().map(String::as_str).collect();
        run_name(&self.id, &axes)
    }

    /// Where a device that is not let in played, nothing is known but what monitors saw: whether the target
    /// is wrong or the profile, nobody can tell.
    pub(crate) fn doubt(&mut self, unbelieved: &BTreeSet<String>) {
        let Some(device) = self.tried.intersection(unbelieved).next() else {
            return;
        };
        self.findings.retain(|finding| finding.by == "monitor");
        self.reasons = vec![never_let_in(device)];
        self.verdict = State::Inconclusive;
    }
}

/// The name of a case run: its case, and the values of its axes where it has any.
pub(crate) fn run_name(case: &str, axes: &[&str]) -> String {
    if axes.is_empty() {
        return case.to_owned();
    }
    format!("{case}@{}", axes.join("+"))
}

/// What is said of a device that was asked for credentials and never let in.
pub(crate) fn never_let_in(device: &str) -> String {
    format!(
        "{device} is asked for credentials and never let in: are user, password, claims.auth and \
         target.client-cert right?"
    )
}

/// One requirement broken, or met by a case of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct FindingResult {
    /// The requirement.
    pub requirement: String,
    /// Its level under the protocol of the run.
    pub level: Level,
    /// How the requirement is known; what is not known from the standard itself only warns.
    pub basis: Basis,
    /// What it comes to.
    pub verdict: State,
    /// `monitor` or `case`.
    pub by: String,
    /// What was looked at: `status of exchange 2`, `step 4, exchange 2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// One line.
    pub message: String,
    /// What should have been there.
    pub expected: String,
    /// What was there.
    pub received: String,
    /// Expected (`-`) and received (`+`), line by line, where a golden was compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diff: Vec<String>,
    /// What was sent in this exchange, in a few lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<String>,
    /// What came back, in a few lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered: Vec<String>,
    /// Where the octets stand: `link 0 in 120+14`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The octets, annotated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<String>,
    /// The suite file and line that asks for it.
    pub suite: String,
    /// The reason of the baseline, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
}

/// One requirement.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct RequirementResult {
    /// Its id.
    pub id: String,
    /// Its level.
    pub level: Level,
    /// The role that it binds.
    pub role: String,
    /// `tested`, `open`, `untestable`, `implicit`, `out-of-scope`, `deprecated`.
    pub disposition: String,
    /// What it came to; absent where it is not tested.
    pub verdict: Option<State>,
    /// The sentence.
    pub says: String,
    /// Where the standard says so.
    pub r#ref: String,
    /// Why it is not tested, not applicable or unreached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// How many subjects and cases were judged for it.
    pub judged: u32,
}

/// A finding in the words of a report.
pub(crate) fn finding_result(finding: &Finding) -> FindingResult {
    FindingResult {
        requirement: finding.requirement.clone(),
        level: finding.level,
        basis: finding.basis,
        verdict: finding.verdict.into(),
        by: match finding.by {
            By::Monitor => "monitor".to_owned(),
            By::Case => "case".to_owned(),
        },
        subject: subject(finding),
        message: finding.message.clone(),
        expected: finding.expected.clone(),
        received: finding.received.clone(),
        diff: finding.diff.clone(),
        sent: finding.sent.clone(),
        answered: finding.answered.clone(),
        place: finding.place.map(|place| {
            let direction = match place.direction {
                assay_wire::recording::Direction::Out => "out",
                assay_wire::recording::Direction::In => "in",
            };
            format!(
                "link {} {direction} {}+{}",
                place.link.0, place.span.at, place.span.len
            )
        }),
        snippet: finding.snippet.clone(),
        suite: format!("{}:{}", finding.suite.file, finding.suite.line),
        known: None,
    }
}

/// What was looked at, in words.
fn subject(finding: &Finding) -> Option<String> {
    let exchange = finding.exchange.map(|number| format!("exchange {number}"));
    match (finding.subject, finding.step, exchange) {
        (Some("exchange"), _, Some(exchange)) => Some(exchange),
        (Some(subject), _, Some(exchange)) => Some(format!("{subject} of {exchange}")),
        (Some(subject), _, None) => Some(subject.to_owned()),
        // Steps are counted from one where people read them.
        (None, Some(step), Some(exchange)) => Some(format!("step {}, {exchange}", step + 1)),
        (None, Some(step), None) => Some(format!("step {}", step + 1)),
        (None, None, exchange) => exchange,
    }
}
