//! Several runs, one for each role, as one report and as one proof.

use std::collections::{BTreeMap, BTreeSet};

use crate::proof::Proof;
use crate::report::Summary;

impl Summary {
    /// This run and another of the same suite as one: counts added up, the worst verdict.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        let worst = if other.verdict > self.verdict {
            (other.verdict, other.exit_code)
        } else {
            (self.verdict, self.exit_code)
        };
        (self.verdict, self.exit_code) = worst;
        add(&mut self.counts, &other.counts);
        add(&mut self.requirement_counts, &other.requirement_counts);
        add(&mut self.dispositions, &other.dispositions);
        self.targets.extend(other.targets);
        self.warnings.extend(other.warnings);
        self.warnings = once(self.warnings);
        self.assumed.extend(other.assumed);
        self.assumed = once(self.assumed);
        self.cases.extend(other.cases);
        self.requirements.extend(other.requirements);
        for (need, cases) in other.unlocks {
            self.unlocks.entry(need).or_default().extend(cases);
        }
        self.stale.extend(other.stale);
        self.started = self.started.min(other.started);
        self.finished = self.finished.max(other.finished);
        self.interrupted |= other.interrupted;
        self
    }
}

impl Proof {
    /// This proof and that of another role as one.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.faults.total += other.faults.total;
        self.faults.declared += other.faults.declared;
        self.faults.killed += other.faults.killed;
        self.variants.total += other.variants.total;
        self.variants.alarms += other.variants.alarms;
        self.requirements.tested += other.requirements.tested;
        self.requirements.killing += other.requirements.killing;
        self.trivial.total += other.trivial.total;
        self.trivial.passing += other.trivial.passing;
        self.matrix.extend(other.matrix);
        self.variant_runs.extend(other.variant_runs);
        self.trivial_runs.extend(other.trivial_runs);
        self.gaps.extend(other.gaps);
        self
    }
}

fn add(to: &mut BTreeMap<String, usize>, more: &BTreeMap<String, usize>) {
    for (name, count) in more {
        *to.entry(name.clone()).or_default() += count;
    }
}

/// Each line once, in the order in which they came.
fn once(lines: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    lines
        .into_iter()
        .filter(|line| seen.insert(line.clone()))
        .collect()
}
