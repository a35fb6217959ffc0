//! The short result at the end of a run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use assay_run::{State, Summary};

use crate::text::{cut, few, number, printable};

/// So many entries of a list are shown.
const SHOWN: usize = 6;

/// So many characters of one line are shown.
const WIDTH: usize = 160;

/// The result in a few lines: counts, what stayed unreached and what would unlock it, the verdict.
pub fn console(summary: &Summary) -> String {
    let mut text = String::new();
    for target in &summary.targets {
        let server = target.server.as_ref().map(|it| format!(" ({it})"));
        let server = server.unwrap_or_default();
        line(
            &mut text,
            "target",
            &format!("{} {}{server}", target.role, target.url),
        );
        line(&mut text, "claims", &target.claims.join("; "));
    }
    list(&mut text, "assumed", &summary.assumed);
    list(&mut text, "warning", &summary.warnings);
    let tested = summary.dispositions.get("tested").copied();
    let others = summary.dispositions.iter();
    let others = others.filter(|(name, _)| *name != "tested");
    let others: Vec<String> = others
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    let others = if others.is_empty() {
        String::new()
    } else {
        format!("; not tested: {}", others.join(", "))
    };
    let requirements = counts(&summary.requirement_counts);
    let tested = tested.unwrap_or_default();
    line(
        &mut text,
        "requirements",
        &format!("{tested} tested: {requirements}{others}"),
    );
    let cases = counts(&summary.counts);
    line(
        &mut text,
        "case runs",
        &format!("{}: {cases}", summary.cases.len()),
    );
    unreached(&mut text, summary);
    let findings = summary.cases.iter().flat_map(|case| &case.findings);
    let known = findings.filter(|finding| finding.known.is_some()).count();
    if known > 0 {
        line(
            &mut text,
            "baseline",
            &format!("{} left out", number(known, "known finding")),
        );
    }
    let stale = summary.stale.iter();
    let stale = stale.map(|entry| format!("{entry}: this entry of the baseline matches nothing"));
    list(&mut text, "stale", &stale.collect::<Vec<_>>());
    if summary.interrupted {
        line(&mut text, "interrupted", "what was not played is missing");
    }
    let means = match summary.exit_code {
        0 => "conforms, as far as it was reached",
        1 => "does not conform",
        2 => "could not judge",
        _ => "the harness is at fault",
    };
    let verdict = format!(
        "{}, exit code {}: {means}",
        summary.verdict, summary.exit_code
    );
    line(&mut text, "verdict", &verdict);
    text
}

/// What the profile would have to give and what that unlocks, most first; then requirements that nothing showed
/// although their cases were played.
fn unreached(text: &mut String, summary: &Summary) {
    let mut needs: Vec<_> = summary.unlocks.iter().collect();
    needs.sort_by_key(|(_, cases)| std::cmp::Reverse(cases.len()));
    let needs = needs.into_iter().map(|(need, cases)| {
        let ids = few(cases, 2);
        format!(
            "{need} would unlock {} ({ids})",
            number(cases.len(), "case")
        )
    });
    list(text, "unreached", &needs.collect::<Vec<_>>());
    let silent = summary.requirements.iter().filter(|requirement| {
        requirement.verdict == Some(State::Unreached)
            && !requirement
                .reasons
                .iter()
                .any(|reason| summary.unlocks.contains_key(reason))
    });
    let silent: Vec<_> = silent.collect();
    if silent.len() > SHOWN {
        let ids: Vec<&str> = silent.iter().map(|it| it.id.as_str()).collect();
        let all = number(silent.len(), "requirement");
        let ids = few(&ids, 2);
        line(
            text,
            "not shown",
            &format!("{all} ({ids}), each with its reason in report.json"),
        );
        return;
    }
    let silent = silent.iter();
    let silent = silent.map(|it| format!("{}: {}", it.id, few(&it.reasons, 1)));
    list(text, "not shown", &silent.collect::<Vec<_>>());
}

fn counts(counts: &BTreeMap<String, usize>) -> String {
    let shown = State::ALL.into_iter().filter_map(|state| {
        let count = counts.get(state.name()).copied().unwrap_or_default();
        (count > 0).then(|| format!("{count} {state}"))
    });
    let shown: Vec<String> = shown.collect();
    if shown.is_empty() {
        "none".to_owned()
    } else {
        shown.join(", ")
    }
}

fn list(text: &mut String, label: &str, entries: &[String]) {
    let mut label = label;
    for entry in entries.iter().take(SHOWN) {
        line(text, label, entry);
        label = "";
    }
    if entries.len() > SHOWN {
        let left = entries.len() - SHOWN;
        line(text, label, &format!("… {left} more, all in report.json"));
    }
}

fn line(text: &mut String, label: &str, value: &str) {
    let value = printable(value).replace('\n', " ");
    let _ = writeln!(text, "{label:13} {}", cut(&value, WIDTH));
}
