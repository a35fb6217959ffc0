//! The matrix of a proof.

use std::fmt::Write as _;

use assay_run::{Proof, TRIVIAL_PERCENT};

/// Every fault with the requirement that killed it, every variant, and the numbers.
pub fn matrix(proof: &Proof) -> String {
    let mut text = String::new();
    let width = proof
        .matrix
        .iter()
        .map(|row| row.fault.len())
        .max()
        .unwrap_or_default();
    for row in &proof.matrix {
        let mark = if row.killed { "killed  " } else { "SURVIVED" };
        let _ = write!(text, "{mark} {:width$}  {}", row.fault, row.requirement);
        if !row.collateral.is_empty() {
            let _ = write!(text, "  (+{} collateral)", row.collateral.len());
        }
        text.push('\n');
    }
    for row in &proof.variant_runs {
        let mark = if row.alarms.is_empty() {
            "quiet   "
        } else {
            "ALARM   "
        };
        let _ = writeln!(text, "{mark} variant {}", row.variant);
    }
    for row in &proof.trivial_runs {
        let mark = if row.is_passing() {
            "PASSES  "
        } else {
            "fails   "
        };
        let (passed, mandatory) = (row.passed.len(), row.mandatory);
        let _ = write!(text, "{mark} trivial {} as {}", row.peer, row.role);
        let _ = writeln!(text, ": {passed} of {mandatory} mandatory case runs passed");
    }
    if !proof.gaps.is_empty() {
        let _ = writeln!(text, "\nwhat stands against the proof:");
        for gap in &proof.gaps {
            let _ = writeln!(text, "  {gap}");
        }
    }
    let _ = writeln!(
        text,
        "faults        {} killed of {} ({} declared)",
        proof.faults.killed, proof.faults.total, proof.faults.declared
    );
    let _ = writeln!(
        text,
        "variants      {} alarms of {}",
        proof.variants.alarms, proof.variants.total
    );
    let _ = writeln!(
        text,
        "requirements  {} killing of {} tested",
        proof.requirements.killing, proof.requirements.tested
    );
    let _ = writeln!(
        text,
        "trivial peers {} of {} pass more than {TRIVIAL_PERCENT} %",
        proof.trivial.passing, proof.trivial.total
    );
    text
}
