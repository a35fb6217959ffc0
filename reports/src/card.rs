//! What a failure shows, in one order for all of them: id and verdict, the requirement, expected
//! and received, the octets, what was sent and answered, the control, how to play it again, and the
//! line for a baseline.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use assay_run::{CaseResult, FindingResult, RequirementResult, State, Summary};

use crate::text::{cut, few, printable};

/// So many characters of one line are shown.
const WIDTH: usize = 200;

/// So many lines of one value are shown.
const LINES: usize = 12;

/// So many names are shown where there may be many.
const NAMES: usize = 4;

/// The cards of everything that is not right: each requirement by its first finding, with the names
/// of the other case runs; then the cases that came to nothing, by what kept them.
pub fn cards(summary: &Summary) -> String {
    let mut text = String::new();
    for requirement in &summary.requirements {
        let findings = summary.cases.iter().flat_map(|case| {
            let findings = case.findings.iter();
            findings.map(move |finding| (case, finding))
        });
        let mut wrong: Vec<_> = findings
            .filter(|(_, finding)| finding.requirement == requirement.id && counts(finding))
            .collect();
        // The worst first; those of the same verdict in the order of their cases.
        wrong.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.verdict));
        let Some((case, finding)) = wrong.first() else {
            continue;
        };
        let mut also: Vec<String> = Vec::new();
        for (other, _) in &wrong {
            let name = other.name();
            if name != case.name() && !also.contains(&name) {
                also.push(name);
            }
        }
        text += &card_also(summary, requirement, case, finding, &also);
        text.push('\n');
    }
    text + &unexplained(summary)
}

/// The card of one finding.
pub fn card(
    summary: &Summary,
    requirement: &RequirementResult,
    case: &CaseResult,
    finding: &FindingResult,
) -> String {
    card_also(summary, requirement, case, finding, &[])
}

fn card_also(
    summary: &Summary,
    requirement: &RequirementResult,
    case: &CaseResult,
    finding: &FindingResult,
    also: &[String],
) -> String {
    let mut text = String::new();
    let verdict = finding.verdict.name().to_uppercase();
    let _ = writeln!(text, "{verdict} {}", finding.requirement);
    let level = format!("{:?}", finding.level).to_uppercase();
    let basis = match format!("{:?}", finding.basis).to_lowercase().as_str() {
        "inferred" => "; known by inference, which only warns".to_owned(),
        "memory" => "; known by memory, which only warns".to_owned(),
        _ => String::new(),
    };
    let sentence = format!("{} ({}{basis})", requirement.says, requirement.r#ref);
    line(&mut text, &level, &sentence);
    let subject = finding.subject.as_deref().unwrap_or("the whole case");
    line(&mut text, "in", &format!("{}: {subject}", case.name()));
    if !also.is_empty() {
        line(&mut text, "and in", &few(also, NAMES));
    }
    // What only repeats the lines around it is left out.
    let repeats = [&format!("{subject}: "), "it does not hold: "]
        .iter()
        .any(|before| finding.message.strip_prefix(*before) == Some(&finding.received));
    if !repeats {
        line(&mut text, "what", &finding.message);
    }
    line(&mut text, "expected", &finding.expected);
    line(&mut text, "received", &finding.received);
    if !finding.diff.is_empty() {
        line(&mut text, "diff", &finding.diff.join("\n"));
    }
    if let Some(place) = &finding.place {
        line(&mut text, "bytes", &format!("{place} of the recording"));
    }
    for row in finding.snippet.iter().flat_map(|snippet| snippet.lines()) {
        let _ = writeln!(text, "    {}", printable(row));
    }
    line(&mut text, "sent", &finding.sent.join("\n"));
    line(&mut text, "answered", &finding.answered.join("\n"));
    if let Some(control) = &case.control {
        line(&mut text, "control", &format!("{control} passed"));
    }
    line(&mut text, "asked in", &finding.suite);
    line(&mut text, "replay", &replay(summary, case));
    let _ = writeln!(text, "  baseline  {}", baseline(case, finding, also));
    text
}

/// The line that plays a case again.
fn replay(summary: &Summary, case: &CaseResult) -> String {
    format!("{} --only {}", summary.command, case.id)
}

/// The entry of a profile that makes a finding a known one, in all cases that have it. Valid YAML as it
/// stands.
fn baseline(case: &CaseResult, finding: &FindingResult, also: &[String]) -> String {
    let (requirement, id) = (&finding.requirement, &case.id);
    let is_alone = also
        .iter()
        .all(|run| run.split('@').next() == Some(id.as_str()));
    let case = if is_alone {
        format!(" case: {id},")
    } else {
        String::new()
    };
    format!("- {{requirement: {requirement},{case} why: \"…\"}}")
}

fn counts(finding: &FindingResult) -> bool {
    finding.known.is_none() && matches!(finding.verdict, State::Warn | State::Fail | State::Error)
}

/// Case runs that no finding explains, by what they came to and why.
fn unexplained(summary: &Summary) -> String {
    let mut groups: BTreeMap<(State, String), Vec<&CaseResult>> = BTreeMap::new();
    for case in &summary.cases {
        let explained = case
            .findings
            .iter()
            .any(|finding| finding.by == "case" && counts(finding));
        if case.verdict.is_outside() || case.verdict == State::Pass || explained {
            continue;
        }
        let mut why: Vec<String> = case.reasons.iter().map(|why| without_axes(why)).collect();
        why.extend(case.diff.iter().cloned());
        let key = (case.verdict, why.join("\n"));
        groups.entry(key).or_default().push(case);
    }
    let mut text = String::new();
    for ((verdict, why), cases) in groups.iter().rev() {
        let Some(first) = cases.first() else { continue };
        let names: Vec<String> = cases.iter().map(|case| case.name()).collect();
        let verdict = verdict.name().to_uppercase();
        let _ = writeln!(text, "{verdict} {}", few(&names, NAMES));
        line(&mut text, "because", why);
        line(&mut text, "replay", &replay(summary, first));
        text.push('\n');
    }
    text
}

/// A control without the axes that it was played with: what blocks all of them is told once.
fn without_axes(why: &str) -> String {
    let control = why.strip_prefix("its control ");
    match control.and_then(|it| Some((it.split_once('@')?.0, it.split_once(' ')?.1))) {
        Some((id, came_to)) => format!("its control {id} {came_to}"),
        None => why.to_owned(),
    }
}

/// A value beside its label; further lines of it below, as many as one reads.
fn line(text: &mut String, label: &str, value: &str) {
    let value = printable(value);
    let mut label = label;
    let mut lines = value.lines();
    for line in lines.by_ref().take(LINES) {
        let _ = writeln!(text, "  {label:9} {}", cut(line, WIDTH));
        label = "";
    }
    let left = lines.count();
    if left > 0 {
        let _ = writeln!(text, "  {label:9} … {left} lines more");
    }
}
