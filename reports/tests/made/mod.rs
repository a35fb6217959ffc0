//! Summaries made by hand, for the tests of the renderers.

use std::collections::{BTreeMap, BTreeSet};

use assay_run::{
    CaseResult, FORMAT, FindingResult, RequirementResult, State, Summary, TargetFacts, Tool,
};
use assay_suites::basis::{Basis, Level};

/// A case run that came to this, without any finding.
pub(crate) fn case(id: &str, verdict: State) -> CaseResult {
    let axes = [("version", "1.2"), ("encoding", "wbxml")];
    CaseResult {
        id: id.to_owned(),
        axes: axes
            .map(|(axis, value)| (axis.to_owned(), value.to_owned()))
            .into(),
        verdict,
        reasons: Vec::new(),
        diff: Vec::new(),
        as_control: false,
        control: None,
        findings: Vec::new(),
        looked: BTreeMap::new(),
        proves: Vec::new(),
        tried: BTreeSet::new(),
        micros: 1500,
    }
}

/// A finding with nothing beyond what each has.
pub(crate) fn finding(requirement: &str, by: &str, verdict: State) -> FindingResult {
    FindingResult {
        requirement: requirement.to_owned(),
        level: Level::Must,
        basis: Basis::Read,
        verdict,
        by: by.to_owned(),
        subject: Some("status of exchange 2".to_owned()),
        message: "status of exchange 2: status.code is \"200\"".to_owned(),
        expected: "status.code == \"401\"".to_owned(),
        received: "status.code is \"200\"".to_owned(),
        diff: Vec::new(),
        sent: Vec::new(),
        answered: Vec::new(),
        place: None,
        snippet: None,
        suite: "dm/03-security.yaml:12".to_owned(),
        known: None,
    }
}

/// A tested requirement that came to this; one that is not tested where it came to nothing.
pub(crate) fn requirement(id: &str, verdict: Option<State>) -> RequirementResult {
    RequirementResult {
        id: id.to_owned(),
        level: Level::Must,
        role: "dm-server".to_owned(),
        disposition: if verdict.is_some() { "tested" } else { "open" }.to_owned(),
        verdict,
        says: "A wrong digest is refused.".to_owned(),
        r#ref: "OMA-TS-DM_Security 5.3".to_owned(),
        reasons: Vec::new(),
        judged: 1,
    }
}

/// A summary of these, counted and with a verdict as a run has it.
pub(crate) fn summary(
    cases: Vec<CaseResult>,
    requirements: Vec<RequirementResult>,
    stale: Vec<String>,
    interrupted: bool,
) -> Summary {
    let judged = requirements.iter().filter_map(|it| it.verdict);
    let states = cases.iter().map(|case| case.verdict).chain(judged.clone());
    let mut verdict = states
        .filter(|state| !state.is_outside())
        .max()
        .unwrap_or(State::Inconclusive);
    if !stale.is_empty() {
        verdict = verdict.max(State::Fail);
    }
    if interrupted {
        verdict = verdict.max(State::Inconclusive);
    }
    let mut dispositions: BTreeMap<String, usize> = BTreeMap::new();
    for requirement in &requirements {
        *dispositions
            .entry(requirement.disposition.clone())
            .or_default() += 1;
    }
    Summary {
        assay: FORMAT,
        verdict,
        exit_code: verdict.exit_code(),
        counts: counted(cases.iter().map(|case| case.verdict)),
        requirement_counts: counted(judged),
        dispositions,
        tool: Tool {
            version: "0.1.0".to_owned(),
            suite_digest: "00".repeat(32),
            seed: 0,
        },
        targets: vec![TargetFacts {
            role: "dm-server".to_owned(),
            url: "http://127.0.0.1:8080/dm".to_owned(),
            server: Some("Example/1".to_owned()),
            claims: vec!["versions 1.2".to_owned(), "encodings wbxml".to_owned()],
            insecure: false,
        }],
        command: "cargo xtask conform --profile mine.yaml".to_owned(),
        warnings: Vec::new(),
        assumed: vec!["protocol OMA DM: the profile names no other".to_owned()],
        cases,
        requirements,
        unlocks: BTreeMap::new(),
        stale,
        started: "2026-01-01T00:00:00Z".to_owned(),
        finished: "2026-01-01T00:00:01Z".to_owned(),
        interrupted,
    }
}

fn counted(states: impl Iterator<Item = State>) -> BTreeMap<String, usize> {
    let none = State::ALL.map(|state| (state.name().to_owned(), 0));
    let mut counts = BTreeMap::from(none);
    for state in states {
        *counts.entry(state.name().to_owned()).or_default() += 1;
    }
    counts
}
