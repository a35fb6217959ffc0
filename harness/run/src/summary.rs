//! Findings of all case runs summed up: verdicts of cases, requirements and the whole run.
//!
//! Every number and verdict of a report is made here, once. What a report looks like is said in
//! [`crate::report`].

use std::collections::{BTreeMap, BTreeSet};

use assay_judge::{By, Finding, Verdict};
use assay_suites::Catalogue;
use assay_suites::profile::{Known, Profile};

use crate::plan::{Axes, Claims, Outside};
use crate::report::{CaseResult, FindingResult, RequirementResult, finding_result};
use crate::state::State;

/// Why a case was not played that somebody did not wait for. Nothing that a profile gives unlocks it.
pub(crate) const INTERRUPTED: &str = "the run was interrupted";

/// What a summary is made of.
pub(crate) struct Material<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) profile: &'a Profile,
    pub(crate) claims: &'a Claims,
    pub(crate) outside: &'a [Outside],
    pub(crate) played: Vec<CaseResult>,
    /// True where nothing was left out by `--only` or `--skip`.
    pub(crate) whole: bool,
    pub(crate) interrupted: bool,
    pub(crate) today: String,
}

/// The parts of a summary that are computed from the case runs.
pub(crate) struct Sums {
    pub(crate) verdict: State,
    pub(crate) counts: BTreeMap<String, usize>,
    pub(crate) requirement_counts: BTreeMap<String, usize>,
    pub(crate) dispositions: BTreeMap<String, usize>,
    pub(crate) cases: Vec<CaseResult>,
    pub(crate) requirements: Vec<RequirementResult>,
    pub(crate) unlocks: BTreeMap<String, Vec<String>>,
    pub(crate) stale: Vec<String>,
}

/// The findings of one case run that a report shows.
pub(crate) fn shown(findings: &[Finding]) -> Vec<FindingResult> {
    findings
        .iter()
        .filter(|finding| {
            matches!(finding.by, By::Case)
                || finding.is_breach()
                || finding.verdict != Verdict::Pass
        })
        .map(finding_result)
        .collect()
}

/// Sums up.
pub(crate) fn sum_up(material: Material<'_>) -> Sums {
    let Material {
        catalogue,
        profile,
        claims,
        outside,
        mut played,
        ..
    } = material;
    // They come as they ended; reports are the same however that was.
    played.sort_by_key(CaseResult::name);
    let stale = apply_baseline(
        &profile.baseline,
        &mut played,
        &material.today,
        material.whole,
    );
    let mut requirements = requirements(catalogue, claims, outside, &played);
    if material.interrupted {
        let left_out = requirements
            .iter_mut()
            .filter(|requirement| requirement.verdict == Some(State::Unreached));
        for requirement in left_out {
            requirement.reasons.push(INTERRUPTED.to_owned());
        }
    }

    let mut cases = played;
    cases.extend(outside.iter().map(|outside| CaseResult {
        id: outside.run.case.clone(),
        axes: axis_names(&outside.run.axes),
        verdict: outside.state,
        reasons: outside.reasons.clone(),
        diff: Vec::new(),
        as_control: false,
        control: None,
        findings: Vec::new(),
        looked: BTreeMap::new(),
        proves: outside.proves.clone(),
        tried: BTreeSet::new(),
        micros: 0,
    }));
    cases.sort_by_key(CaseResult::name);

    let states = cases.iter().map(|case| case.verdict);
    let judged = requirements
        .iter()
        .filter_map(|requirement| requirement.verdict);
    let counts = count(states.clone());
    let requirement_counts = count(judged.clone());
    let mut dispositions: BTreeMap<String, usize> = BTreeMap::new();
    for requirement in &requirements {
        *dispositions
            .entry(requirement.disposition.clone())
            .or_default() += 1;
    }
    let mut verdict = states
        .chain(judged)
        .filter(|state| !state.is_outside())
        .max()
        // Nothing at all was judged: that is no pass.
        .unwrap_or(State::Inconclusive);
    if !stale.is_empty() {
        verdict = verdict.max(State::Fail);
    }
    if material.interrupted {
        verdict = verdict.max(State::Inconclusive);
    }
    let mut unlocks: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for run in outside
        .iter()
        .filter(|outside| outside.state == State::Unreached)
    {
        for need in run.reasons.iter().filter(|need| *need != INTERRUPTED) {
            let cases = unlocks.entry(need.clone()).or_default();
            if !cases.contains(&run.run.case) {
                cases.push(run.run.case.clone());
            }
        }
    }
    Sums {
        verdict,
        counts,
        requirement_counts,
        dispositions,
        cases,
        requirements,
        unlocks,
        stale,
    }
}

/// Axis values by name, for reports and recordings.
pub fn axis_names(axes: &Axes) -> BTreeMap<String, String> {
    axes.iter()
        .map(|(axis, value)| (axis.name().to_owned(), value.clone()))
        .collect()
}

fn count(states: impl Iterator<Item = State>) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = State::ALL
        .into_iter()
        .map(|state| (state.name().to_owned(), 0))
        .collect();
    for state in states {
        *counts.entry(state.name().to_owned()).or_default() += 1;
    }
    counts
}

/// Marks known findings, takes them out of the verdicts, and returns the entries that are stale.
///
/// An entry is stale where its requirement was judged and nothing was found; only a whole run may
/// say so. A case keeps a verdict that a finding outside the baseline gives it.
fn apply_baseline(
    known: &[Known],
    played: &mut [CaseResult],
    today: &str,
    whole: bool,
) -> Vec<String> {
    let mut used = BTreeSet::new();
    for case in played.iter_mut() {
        let name = case.name();
        for finding in &mut case.findings {
            if !matches!(finding.verdict, State::Warn | State::Fail) {
                continue;
            }
            let entries = known.iter().enumerate().filter(|(_, known)| {
                known.requirement == finding.requirement
                    && known
                        .case
                        .as_ref()
                        .is_none_or(|wanted| *wanted == case.id || *wanted == name)
            });
            for (index, known) in entries {
                // One that has expired is not stale as long as there is something to find.
                used.insert(index);
                let until = known.until.as_ref();
                if finding.known.is_none() && until.is_none_or(|until| until.as_str() >= today) {
                    finding.known = Some(known.why.clone());
                }
            }
        }
        if matches!(case.verdict, State::Warn | State::Fail)
            && case.findings.iter().any(|finding| finding.known.is_some())
        {
            let own = case.findings.iter().filter(|finding| finding.by == "case");
            let left = own
                .filter(|finding| finding.known.is_none())
                .map(|finding| finding.verdict);
            case.verdict = left.max().unwrap_or(State::Pass);
        }
    }
    let judged = |requirement: &str| {
        played.iter().any(|case| {
            case.looked.contains_key(requirement)
                || case
                    .findings
                    .iter()
                    .any(|finding| finding.requirement == requirement)
        })
    };
    known
        .iter()
        .enumerate()
        .filter(|(index, known)| whole && !used.contains(index) && judged(&known.requirement))
        .map(|(_, known)| format!("{} ({})", known.requirement, known.why))
        .collect()
}

fn requirements(
    catalogue: &Catalogue,
    claims: &Claims,
    outside: &[Outside],
    played: &[CaseResult],
) -> Vec<RequirementResult> {
    let of_role = catalogue
        .requirements()
        .filter(|(suite, _)| suite.suite.role == claims.role);
    of_role
        .map(|(_, requirement)| {
            let id = &requirement.id.value;
            let disposition = requirement.disposition();
            let mut result = RequirementResult {
                id: id.clone(),
                level: requirement.level(),
                role: claims.role.name().to_owned(),
                disposition: disposition.name.to_owned(),
                verdict: None,
                says: requirement.says().to_owned(),
                r#ref: requirement.r#ref.clone(),
                reasons: disposition.why.map(str::to_owned).into_iter().collect(),
                judged: 0,
            };
            if !requirement.is_tested() {
                return result;
            }
            let findings = played.iter().flat_map(|case| &case.findings);
            let own: Vec<_> = findings
                .filter(|finding| finding.requirement == *id)
                .collect();
            let looked: u32 = played.iter().filter_map(|case| case.looked.get(id)).sum();
            let by_cases = own.iter().filter(|finding| finding.by == "case").count();
            result.judged = looked + u32::try_from(by_cases).unwrap_or(u32::MAX);
            let worst = own
                .iter()
                .map(|finding| {
                    if finding.known.is_some() {
                        State::Pass
                    } else {
                        finding.verdict
                    }
                })
                .max();
            if let Some(worst) = worst.or((looked > 0).then_some(State::Pass)) {
                result.verdict = Some(worst);
                return result;
            }
            let (state, reasons) = not_judged(requirement, claims, outside, played);
            result.verdict = Some(state);
            result.reasons = reasons;
            result
        })
        .collect()
}

/// Why nothing was found out about a tested requirement.
fn not_judged(
    requirement: &assay_suites::suite::Requirement,
    claims: &Claims,
    outside: &[Outside],
    played: &[CaseResult],
) -> (State, Vec<String>) {
    let spoken = claims.spoken();
    if !spoken
        .iter()
        .any(|&protocol| requirement.holds_for(protocol))
    {
        let names: Vec<_> = requirement.r#for.iter().map(|p| p.name()).collect();
        return (
            State::NotApplicable,
            vec![format!("holds for {} only", names.join(", "))],
        );
    }
    let id = &requirement.id.value;
    let proving: Vec<&Outside> = outside
        .iter()
        .filter(|outside| outside.proves.contains(id))
        .collect();
    let played: Vec<&CaseResult> = played
        .iter()
        .filter(|case| case.proves.contains(id))
        .collect();
    if played.is_empty() && !proving.is_empty() {
        let all_unclaimed = proving
            .iter()
            .all(|outside| outside.state == State::NotApplicable);
        let state = if all_unclaimed {
            State::NotApplicable
        } else {
            State::Unreached
        };
        let reasons: BTreeSet<String> = proving
            .iter()
            .filter(|outside| outside.state == state)
            .flat_map(|outside| outside.reasons.iter().cloned())
            .collect();
        return (state, reasons.into_iter().collect());
    }
    let mut reasons: Vec<String> = played
        .iter()
        .map(|case| format!("{} came to {}", case.name(), case.verdict))
        .collect();
    if let Some(when) = &requirement.when {
        let when = when.value.split_whitespace().collect::<Vec<_>>().join(" ");
        reasons.push(format!("its condition never came true: {when}"));
    }
    if reasons.is_empty() {
        reasons.push("no case that would show it was picked".to_owned());
    }
    (State::Unreached, reasons)
}

#[cfg(test)]
mod tests;
