//! The short result at the end of a run.

use std::fmt::Write as _;

use assay_run::{State, Summary};

/// The result in a few lines: counts, what stayed unreached and what would unlock it, the verdict.
pub fn console(summary: &Summary) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "target        {} {}",
        summary.target.role, summary.target.url
    );
    for line in &summary.target.claims {
        let _ = writeln!(text, "claims        {line}");
    }
    for line in &summary.assumed {
        let _ = writeln!(text, "assumed       {line}");
    }
    if summary.target.insecure {
        let _ = writeln!(text, "insecure      any certificate was taken");
    }
    let judged = summary.requirements.iter().filter(|r| r.judged > 0).count();
    let tested = summary
        .requirements
        .iter()
        .filter(|r| r.disposition == "tested")
        .count();
    let _ = writeln!(
        text,
        "requirements  {judged} judged of {tested} tested: {}",
        counts(&summary.requirement_counts)
    );
    let _ = writeln!(
        text,
        "cases         {}: {}",
        summary.cases.len(),
        counts(&summary.counts)
    );
    if !summary.unlocks.is_empty() {
        let _ = writeln!(text, "unreached     what the profile would have to give:");
        for (need, cases) in &summary.unlocks {
            let _ = writeln!(text, "              {need}: {} cases", cases.len());
        }
    }
    let known = summary
        .cases
        .iter()
        .flat_map(|case| &case.findings)
        .filter(|f| f.known.is_some());
    let known = known.count();
    if known > 0 {
        let _ = writeln!(text, "baseline      {known} known findings left out");
    }
    for stale in &summary.stale {
        let _ = writeln!(
            text,
            "stale         the baseline entry {stale} matches nothing any more"
        );
    }
    if summary.interrupted {
        let _ = writeln!(text, "interrupted   what was not played is missing");
    }
    let also: Vec<String> = [
        State::Error,
        State::Fail,
        State::Blocked,
        State::Inconclusive,
    ]
    .into_iter()
    .filter_map(|state| {
        let count = summary
            .counts
            .get(state.name())
            .copied()
            .unwrap_or_default();
        (count > 0).then(|| format!("{count} {state}"))
    })
    .collect();
    let also = if also.is_empty() {
        String::new()
    } else {
        format!(" ({} cases)", also.join(", "))
    };
    let _ = writeln!(
        text,
        "verdict       {}{also}, exit code {}",
        summary.verdict, summary.exit_code
    );
    text
}

fn counts(counts: &std::collections::BTreeMap<String, usize>) -> String {
    let shown = State::ALL.into_iter().filter_map(|state| {
        let count = counts.get(state.name()).copied().unwrap_or_default();
        (count > 0).then(|| format!("{count} {state}"))
    });
    shown.collect::<Vec<_>>().join(", ")
}
