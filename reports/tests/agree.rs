//! Console, JSON and JUnit tell the same run: the same counts, and no report is greener than the
//! exit code.

mod made;

use std::collections::BTreeMap;

use assay_reports::{console, json, junit};
use assay_run::{State, Summary};
use proptest::prelude::*;
use quick_xml::events::Event;
use serde_json::Value;

use crate::made::{case, finding, requirement, summary};

type Counts = BTreeMap<String, usize>;

/// The counts behind a label of the console, and the total before them.
fn on_console(text: &str, label: &str) -> (usize, Counts) {
    let line = text.lines().find(|line| line.starts_with(label));
    let line = line.expect("the line").trim_start_matches(label);
    let (total, counts) = line.split_once(": ").expect("a total");
    let total = total.split_whitespace().next().expect("a number");
    let counts = counts.split("; ").next().unwrap_or_default();
    let counts = counts.split(", ").filter_map(|count| count.split_once(' '));
    let counts = counts.map(|(count, state)| (state.to_owned(), count.parse().expect("a number")));
    (total.parse().expect("a number"), counts.collect())
}

/// Cases or requirements of `report.json`, counted anew.
fn in_json(report: &Value, list: &str) -> Counts {
    let mut counts = Counts::new();
    for entry in report[list].as_array().expect("a list") {
        if let Some(state) = entry["verdict"].as_str() {
            *counts.entry(state.to_owned()).or_default() += 1;
        }
    }
    counts
}

/// Elements of each suite of JUnit, and what its attributes say of them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Numbers {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Numbers {
    fn add(&mut self, other: &Self) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
    }

    fn of(counts: &Counts) -> Self {
        let of = |states: &[State]| {
            let counts = states.iter().filter_map(|state| counts.get(state.name()));
            counts.sum()
        };
        Self {
            tests: counts.values().sum(),
            failures: of(&[State::Fail]),
            errors: of(&[State::Inconclusive, State::Blocked, State::Error]),
            skipped: of(&[State::NotApplicable, State::Unreached]),
        }
    }
}

/// What stands in JUnit by suite; what its attributes say is compared on the way.
fn in_junit(text: &str) -> BTreeMap<String, Numbers> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut said: BTreeMap<String, Numbers> = BTreeMap::new();
    let mut found: BTreeMap<String, Numbers> = BTreeMap::new();
    let mut suite = String::new();
    loop {
        let event = reader.read_event().expect("well-formed XML");
        let (Event::Start(start) | Event::Empty(start)) = &event else {
            if matches!(event, Event::Eof) {
                break;
            }
            continue;
        };
        let attribute = |name: &str| {
            let value = start.try_get_attribute(name).expect("attributes");
            value.expect("the attribute").value.into_owned()
        };
        let number = |name: &str| attribute(name).parse().expect("a number");
        match start.name().as_ref() {
            name @ ("testsuites" | "testsuite") => {
                suite = attribute("name");
                let numbers = Numbers {
                    tests: number("tests"),
                    failures: number("failures"),
                    errors: number("errors"),
                    skipped: number("skipped"),
                };
                if name == "testsuite" {
                    found.insert(suite.clone(), Numbers::default());
                }
                said.insert(suite.clone(), numbers);
            }
            name => {
                let numbers = found.get_mut(&suite).expect("a suite");
                match name {
                    "testcase" => numbers.tests += 1,
                    "failure" => numbers.failures += 1,
                    "error" => numbers.errors += 1,
                    "skipped" => numbers.skipped += 1,
                    _ => {}
                }
            }
        }
    }
    let mut all = Numbers::default();
    for numbers in found.values() {
        all.add(numbers);
    }
    assert_eq!(said.remove("assay"), Some(all), "{text}");
    assert_eq!(said, found, "{text}");
    found
}

fn agree(summary: &Summary) {
    let text = console(summary);
    let report: Value = serde_json::from_str(&json(summary).expect("JSON")).expect("JSON");
    let mut suites = in_junit(&junit(summary).expect("JUnit"));

    let cases = in_json(&report, "cases");
    assert_eq!(
        on_console(&text, "case runs "),
        (cases.values().sum(), cases.clone()),
        "{text}"
    );
    let requirements = in_json(&report, "requirements");
    let total = requirements.values().sum();
    assert_eq!(
        on_console(&text, "requirements "),
        (total, requirements.clone()),
        "{text}"
    );
    for (list, counts) in [("counts", &cases), ("requirement-counts", &requirements)] {
        let all = report[list].as_object().expect("an object");
        assert_eq!(all.len(), State::ALL.len());
        for (state, count) in all {
            let counted = counts.get(state).copied().unwrap_or_default();
            assert_eq!(count.as_u64(), Some(counted as u64), "{list} {state}");
        }
    }

    let run = suites.remove("run").unwrap_or_default();
    let of_requirements = suites.remove("requirements").unwrap_or_default();
    let mut of_cases = Numbers::default();
    for numbers in suites.values() {
        of_cases.add(numbers);
    }
    assert_eq!(of_cases, Numbers::of(&cases));
    assert_eq!(of_requirements, Numbers::of(&requirements));
    assert!(run.failures >= summary.stale.len());

    let red = [&of_cases, &of_requirements, &run];
    let red = red.iter().any(|it| it.failures + it.errors > 0);
    assert_eq!(red, summary.exit_code != 0, "{text}");
    let exit_code = format!("exit code {}", summary.exit_code);
    assert!(
        text.lines()
            .last()
            .is_some_and(|line| line.contains(&exit_code))
    );
    assert_eq!(
        report["exit-code"].as_u64(),
        Some(u64::from(summary.exit_code))
    );
    assert_eq!(report["verdict"].as_str(), Some(summary.verdict.name()));
}

fn state() -> impl Strategy<Value = State> {
    prop::sample::select(State::ALL.to_vec())
}

prop_compose! {
    fn summaries()(
        cases in prop::collection::vec((0..4_usize, state(), prop::option::of((state(), any::<bool>(), any::<bool>()))), 0..24),
        requirements in prop::collection::vec(prop::option::of(state()), 0..12),
        stale in 0..3_usize,
        interrupted in any::<bool>(),
        unlocks in 0..9_usize,
    ) -> Summary {
        let cases = cases.into_iter().enumerate().map(|(nth, (chapter, verdict, found))| {
            let mut case = case(&format!("dm.chapter-{chapter}.case-{nth}"), verdict);
            if let Some((verdict, monitor, known)) = found {
                let by = if monitor { "monitor" } else { "case" };
                let mut finding = finding(&format!("dm.chapter-{chapter}.one"), by, verdict);
                finding.known = known.then(|| "it is known".to_owned());
                case.findings.push(finding);
            }
            case
        });
        let requirements = requirements
            .into_iter()
            .enumerate()
            .map(|(nth, verdict)| requirement(&format!("dm.chapter-0.requirement-{nth}"), verdict));
        let stale = (0..stale).map(|nth| format!("dm.one.{nth} (it was so)"));
        let mut summary =
            summary(cases.collect(), requirements.collect(), stale.collect(), interrupted);
        for nth in 0..unlocks {
            summary.unlocks.insert(format!("hook h{nth}"), vec!["dm.chapter-0.case-0".to_owned()]);
        }
        summary
    }
}

proptest! {
    #[test]
    fn all_renderers_tell_the_same_run(summary in summaries()) {
        agree(&summary);
    }
}

#[test]
fn a_run_of_nothing_is_red_everywhere() {
    let nothing = summary(Vec::new(), Vec::new(), Vec::new(), false);
    assert_eq!(nothing.exit_code, 2);
    agree(&nothing);
}

#[test]
fn a_breach_that_only_a_monitor_saw_is_red_in_junit() {
    let mut passed = case("dm.security.session", State::Pass);
    passed
        .findings
        .push(finding("dm.security.one", "monitor", State::Fail));
    let broken = requirement("dm.security.one", Some(State::Fail));
    let summary = summary(vec![passed], vec![broken], Vec::new(), false);
    agree(&summary);
    assert_eq!(
        in_junit(&junit(&summary).expect("JUnit"))["requirements"].failures,
        1
    );
}
