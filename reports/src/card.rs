//! What a failure shows, in one order for all of them: verdict and id, the sentence, expected and
//! received, the octets, the control, how to play it again, and the line for a baseline.

use std::fmt::Write as _;

use assay_run::{CaseResult, FindingResult, RequirementResult, State, Summary};

/// The cards of everything that is not right, grouped by requirement: the first finding of each in
/// full, the others by the name of their case run.
pub fn cards(summary: &Summary) -> String {
    let mut text = String::new();
    for requirement in &summary.requirements {
        let findings = summary.cases.iter().flat_map(|case| {
            let findings = case.findings.iter();
            findings.map(move |finding| (case, finding))
        });
        let mut wrong = findings.filter(|(_, finding)| {
            finding.requirement == requirement.id
                && finding.known.is_none()
                && matches!(finding.verdict, State::Warn | State::Fail | State::Error)
        });
        let Some((case, finding)) = wrong.next() else {
            continue;
        };
        text += &card(requirement, case, finding);
        let also: Vec<String> = wrong.map(|(case, _)| case.name()).collect();
        if !also.is_empty() {
            let shown = also.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
            let more = also.len().saturating_sub(4);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            let _ = writeln!(text, "  also in   {shown}{more}");
        }
        text.push('\n');
    }
    for case in &summary.cases {
        let silent = case
            .findings
            .iter()
            .all(|finding| finding.verdict == State::Pass);
        let odd = !case.verdict.is_outside() && case.verdict != State::Pass;
        if odd && (silent || case.verdict == State::Error) {
            let _ = writeln!(
                text,
                "{} {}",
                case.verdict.name().to_uppercase(),
                case.name()
            );
            for reason in &case.reasons {
                let _ = writeln!(text, "  because   {reason}");
            }
            let _ = writeln!(
                text,
                "  replay    cargo xtask conform --only '{}'\n",
                case.id
            );
        }
    }
    text
}

/// The card of one finding.
pub fn card(requirement: &RequirementResult, case: &CaseResult, finding: &FindingResult) -> String {
    let mut text = String::new();
    let level = format!("{:?}", requirement.level).to_uppercase();
    let _ = writeln!(
        text,
        "{} {}",
        finding.verdict.name().to_uppercase(),
        finding.requirement
    );
    let _ = writeln!(
        text,
        "  {level}      {} ({})",
        requirement.says, requirement.r#ref
    );
    let _ = writeln!(text, "  case      {}", case.name());
    let _ = writeln!(text, "  what      {}", finding.message);
    indented(&mut text, "expected", &finding.expected);
    indented(&mut text, "received", &finding.received);
    if let Some(place) = &finding.place {
        let _ = writeln!(text, "  bytes     {place}");
    }
    if let Some(snippet) = &finding.snippet {
        for line in snippet.lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    if let Some(control) = &case.control {
        let _ = writeln!(text, "  control   {control} passed");
    }
    let _ = writeln!(text, "  asked by  {}", finding.suite);
    let _ = writeln!(text, "  replay    cargo xtask conform --only '{}'", case.id);
    let _ = writeln!(
        text,
        "  baseline  - {{requirement: {}, case: {}, why: \"…\"}}",
        finding.requirement, case.id
    );
    text
}

fn indented(text: &mut String, label: &str, value: &str) {
    let mut lines = value.lines();
    let Some(first) = lines.next() else { return };
    let _ = writeln!(text, "  {label:9} {first}");
    for line in lines {
        let _ = writeln!(text, "            {line}");
    }
}
