//! Sums of findings that are made up: verdicts of the run and its requirements, and the baseline.

use rstest::rstest;
use serde_json::json;

use super::*;
use crate::plan::Run;
use assay_suites::suite::{Axis, Role};

const SUITE: &str = r"
assay: 1
role: dm-server
chapter: dm.x
standard: X
requirements:
  - id: dm.x.seen
    must: It is seen.
    ref: X 1
    each: reply
    holds: |
      true
    dies-by: [a]
  - id: dm.x.sometimes
    must: It is so where it comes to that.
    ref: X 1
    each: reply
    when: |
      reply.fin
    holds: |
      true
    dies-by: [b]
  - {id: dm.x.played, must: It is played., ref: X 1, dies-by: [c]}
  - {id: dm.x.new, must: It is new., ref: X 1, for: [dm-1.2], dies-by: [d]}
  - {id: dm.x.hidden, must: It is hidden., ref: X 1, untestable: Nothing shows.}
cases:
  - id: dm.x.case
    does: Plays.
    proves: [dm.x.played]
    steps: [{send: {text: a}}]
";

fn catalogue() -> Catalogue {
    let sources = [("x.yaml".to_owned(), SUITE.to_owned())];
    Catalogue::from_sources(sources).expect("a suite")
}

fn case(id: &str, verdict: State, findings: Vec<FindingResult>) -> CaseResult {
    CaseResult {
        id: id.to_owned(),
        axes: BTreeMap::from([
            ("version".to_owned(), "1.2".to_owned()),
            ("encoding".to_owned(), "xml".to_owned()),
        ]),
        verdict,
        reasons: Vec::new(),
        diff: Vec::new(),
        as_control: false,
        control: None,
        findings,
        looked: BTreeMap::new(),
        proves: vec!["dm.x.played".to_owned()],
        tried: BTreeSet::new(),
        micros: 0,
    }
}

fn found(requirement: &str, by: &str, verdict: State) -> FindingResult {
    let finding = json!({
        "requirement": requirement, "level": "must", "basis": "read", "verdict": verdict, "by": by,
        "message": "it is not so", "expected": "", "received": "", "suite": "x.yaml:1",
    });
    serde_json::from_value(finding).expect("a finding")
}

/// What a run of these cases sums up to.
struct Sum<'a> {
    played: Vec<CaseResult>,
    outside: &'a [Outside],
    baseline: Vec<Known>,
    versions: &'a [&'a str],
    whole: bool,
    interrupted: bool,
}

fn sum(played: Vec<CaseResult>) -> Sum<'static> {
    Sum {
        played,
        outside: &[],
        baseline: Vec::new(),
        versions: &["1.1", "1.2"],
        whole: true,
        interrupted: false,
    }
}

impl Sum<'_> {
    fn up(self) -> Sums {
        let profile = Profile {
            baseline: self.baseline,
            ..Profile::default()
        };
        let mut claims = Claims::of(Role::DmServer, &profile);
        let versions = self.versions.iter().map(|it| (*it).to_owned()).collect();
        claims.values.insert(Axis::Version, versions);
        sum_up(Material {
            catalogue: &catalogue(),
            profile: &profile,
            claims: &claims,
            outside: self.outside,
            played: self.played,
            whole: self.whole,
            interrupted: self.interrupted,
            today: "2026-06-15".to_owned(),
        })
    }
}

fn requirement<'a>(sums: &'a Sums, id: &str) -> &'a RequirementResult {
    let found = sums.requirements.iter().find(|it| it.id == id);
    found.expect("a requirement")
}

#[rstest]
#[case(&[State::Pass, State::Warn], State::Warn, 0)]
#[case(&[State::Pass, State::Inconclusive, State::Warn], State::Inconclusive, 2)]
#[case(&[State::Inconclusive, State::Blocked], State::Blocked, 2)]
#[case(&[State::Fail, State::Blocked], State::Fail, 1)]
#[case(&[State::Error, State::Fail], State::Error, 3)]
#[case(&[], State::Inconclusive, 2)]
fn the_worst_verdict_is_that_of_the_run(
    #[case] states: &[State],
    #[case] worst: State,
    #[case] code: u8,
) {
    let cases = states.iter().zip(["dm.x.a", "dm.x.b", "dm.x.c"]);
    let cases = cases.map(|(state, id)| case(id, *state, Vec::new()));
    let sums = sum(cases.collect()).up();
    assert_eq!((sums.verdict, sums.verdict.exit_code()), (worst, code));
    for state in State::ALL {
        let count = states.iter().filter(|it| **it == state).count();
        assert_eq!(sums.counts[state.name()], count, "{state}");
    }
}

#[test]
fn a_finding_of_a_monitor_fails_its_requirement_and_the_run_and_not_the_case() {
    let finding = found("dm.x.seen", "monitor", State::Fail);
    let sums = sum(vec![case("dm.x.case", State::Pass, vec![finding])]).up();
    assert_eq!(sums.verdict, State::Fail);
    assert_eq!(sums.cases[0].verdict, State::Pass);
    assert_eq!(requirement(&sums, "dm.x.seen").verdict, Some(State::Fail));
}

#[test]
fn what_stands_outside_never_makes_a_run_better_or_worse() {
    let outside = |state, reason: &str| Outside {
        run: Run {
            case: "dm.x.case".to_owned(),
            axes: Axes::new(),
        },
        state,
        reasons: vec![reason.to_owned()],
        proves: vec!["dm.x.played".to_owned()],
    };
    let all = [
        outside(State::Unreached, "2 devices"),
        outside(
            State::NotApplicable,
            "the target does not claim version 1.1",
        ),
    ];
    let sums = Sum {
        outside: &all,
        ..sum(vec![case("dm.x.other", State::Pass, Vec::new())])
    };
    let sums = sums.up();
    assert_eq!(sums.verdict, State::Pass);
    assert_eq!(
        (sums.counts["unreached"], sums.counts["not-applicable"]),
        (1, 1)
    );
    let expected = BTreeMap::from([("2 devices".to_owned(), vec!["dm.x.case".to_owned()])]);
    assert_eq!(sums.unlocks, expected);
    let only_outside = Sum {
        outside: &all,
        ..sum(Vec::new())
    };
    assert_eq!(
        only_outside.up().verdict,
        State::Inconclusive,
        "nothing was judged"
    );
}

#[test]
fn a_monitor_that_never_looked_is_unreached_and_says_what_it_waited_for() {
    let mut played = case("dm.x.case", State::Pass, Vec::new());
    played.looked = BTreeMap::from([("dm.x.seen".to_owned(), 3)]);
    let sums = sum(vec![played]).up();
    let seen = requirement(&sums, "dm.x.seen");
    assert_eq!((seen.verdict, seen.judged), (Some(State::Pass), 3));
    let sometimes = requirement(&sums, "dm.x.sometimes");
    assert_eq!(sometimes.verdict, Some(State::Unreached));
    assert_eq!(
        sometimes.reasons,
        ["its condition never came true: reply.fin"]
    );
    assert_eq!(requirement(&sums, "dm.x.hidden").verdict, None);
    assert_eq!(
        requirement(&sums, "dm.x.hidden").reasons,
        ["Nothing shows."]
    );
    let new = requirement(&sums, "dm.x.new");
    assert_eq!(new.verdict, Some(State::Unreached));
}

#[test]
fn a_requirement_of_another_protocol_is_not_applicable() {
    let sums = Sum {
        versions: &["1.1"],
        ..sum(vec![case("dm.x.case", State::Pass, Vec::new())])
    };
    let sums = sums.up();
    let new = requirement(&sums, "dm.x.new");
    assert_eq!(new.verdict, Some(State::NotApplicable));
    assert_eq!(new.reasons, ["holds for dm-1.2 only"]);
}

#[test]
fn a_requirement_whose_case_came_to_nothing_says_which() {
    let played = case("dm.x.case", State::Blocked, Vec::new());
    let sums = sum(vec![played]).up();
    let played = requirement(&sums, "dm.x.played");
    assert_eq!(played.verdict, Some(State::Unreached));
    assert_eq!(played.reasons, ["dm.x.case@1.2+xml came to blocked"]);
}

#[test]
fn an_interrupted_run_never_passes() {
    let sums = Sum {
        interrupted: true,
        ..sum(vec![case("dm.x.other", State::Pass, Vec::new())])
    };
    let sums = sums.up();
    assert_eq!(sums.verdict, State::Inconclusive);
    let reasons = &requirement(&sums, "dm.x.sometimes").reasons;
    assert!(
        reasons.contains(&"the run was interrupted".to_owned()),
        "{reasons:?}"
    );
}

fn known(requirement: &str, case: Option<&str>, until: Option<&str>) -> Known {
    Known {
        requirement: requirement.to_owned(),
        case: case.map(str::to_owned),
        why: "the proxy".to_owned(),
        until: until.map(str::to_owned),
    }
}

fn failing() -> Vec<CaseResult> {
    let finding = found("dm.x.played", "case", State::Fail);
    vec![case("dm.x.case", State::Fail, vec![finding])]
}

#[rstest]
#[case::anywhere(None, None, State::Pass)]
#[case::in_this_case(Some("dm.x.case"), None, State::Pass)]
#[case::in_this_run(Some("dm.x.case@1.2+xml"), None, State::Pass)]
#[case::in_another_case(Some("dm.x.other"), None, State::Fail)]
#[case::until_today(None, Some("2026-06-15"), State::Pass)]
#[case::until_yesterday(None, Some("2026-06-14"), State::Fail)]
fn a_known_finding_is_left_out_of_the_verdict(
    #[case] of: Option<&str>,
    #[case] until: Option<&str>,
    #[case] verdict: State,
) {
    let sums = Sum {
        baseline: vec![known("dm.x.played", of, until)],
        whole: false,
        ..sum(failing())
    };
    let sums = sums.up();
    assert_eq!(sums.verdict, verdict);
    assert_eq!(requirement(&sums, "dm.x.played").verdict, Some(verdict));
    let why = sums.cases[0].findings[0].known.as_deref();
    assert_eq!(why, (verdict == State::Pass).then_some("the proxy"));
    assert!(sums.stale.is_empty());
}

#[test]
fn a_finding_beside_a_known_one_still_counts() {
    let mut played = failing();
    played[0]
        .findings
        .push(found("dm.x.new", "case", State::Warn));
    let sums = Sum {
        baseline: vec![known("dm.x.played", None, None)],
        ..sum(played)
    };
    assert_eq!(sums.up().cases[0].verdict, State::Warn);
}

#[rstest]
#[case::whole(true, State::Fail)]
#[case::in_part(false, State::Pass)]
fn an_entry_that_nothing_matches_any_more_fails_a_whole_run(
    #[case] whole: bool,
    #[case] verdict: State,
) {
    let met = found("dm.x.played", "case", State::Pass);
    let sums = Sum {
        baseline: vec![
            known("dm.x.played", None, None),
            known("dm.x.sometimes", None, None),
        ],
        whole,
        ..sum(vec![case("dm.x.case", State::Pass, vec![met])])
    };
    let sums = sums.up();
    assert_eq!(sums.verdict, verdict);
    let stale: &[&str] = if whole {
        &["dm.x.played (the proxy)"]
    } else {
        &[]
    };
    assert_eq!(sums.stale, stale, "what was not judged is not stale");
}

#[test]
fn an_expired_entry_is_not_stale_while_there_is_something_to_find() {
    let sums = Sum {
        baseline: vec![known("dm.x.played", None, Some("2026-06-14"))],
        ..sum(failing())
    };
    let sums = sums.up();
    assert_eq!((sums.verdict, sums.stale.len()), (State::Fail, 0));
}
