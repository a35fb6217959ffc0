//! Monitors: they look where they should, and tell what broke and where.

use crate::tape::{Tape, judged, package_1, reply, status};
use assay_judge::{By, Verdict};
use assay_wire::recording::Direction;

const CASE: &str = "
cases:
  - id: dm.test.case
    does: Plays.
    proves: [dm.test.one]
    steps:
      - package-1: {}
";

fn suite(each: &str, more: &str, holds: &str) -> String {
    format!(
        "requirements:\n  - id: dm.test.one\n    must: It holds.\n    ref: R 1\n    each: {each}\n{more}    holds: |\n      {holds}\n{CASE}"
    )
}

fn exchange(body: &str) -> assay_wire::recording::Recording {
    let mut tape = Tape::new("1.2");
    tape.send(0, &package_1("1"));
    tape.receive(&reply("1", body));
    tape.done()
}

#[test]
fn a_rule_that_holds_is_a_pass_of_its_requirement() {
    let body = format!("{}<Final/>", status("1", "0", "SyncHdr", "200"));
    let suite = suite(
        "status",
        "",
        "has(status.code) && status.code.matches(\"^[0-9]{3}$\")",
    );
    let judgement = judged(&suite, &exchange(&body));
    let [finding] = judgement.findings.as_slice() else {
        panic!("{judgement:#?}")
    };
    assert_eq!((finding.verdict, finding.by), (Verdict::Pass, By::Monitor));
    assert!(!finding.is_breach());
    assert_eq!(judgement.looked["dm.test.one"], 1);
    assert_eq!(judgement.verdict, Verdict::Pass);
}

#[test]
fn a_breach_names_the_guilty_octets_and_leaves_the_case_alone() {
    let body = format!(
        "{}{}<Final/>",
        status("1", "0", "SyncHdr", "200"),
        status("2", "1", "Alert", "OK")
    );
    let suite = suite(
        "status",
        "",
        "has(status.code) && status.code.matches(\"^[0-9]{3}$\")",
    );
    let recording = exchange(&body);
    let judgement = judged(&suite, &recording);
    let [finding] = judgement.findings.as_slice() else {
        panic!("{judgement:#?}")
    };
    assert_eq!(
        (finding.verdict, judgement.verdict),
        (Verdict::Fail, Verdict::Pass)
    );
    let place = finding.place.expect("a place");
    assert_eq!(place.direction, Direction::In);
    let guilty = String::from_utf8_lossy(recording.octets(place)).into_owned();
    assert_eq!(guilty, status("2", "1", "Alert", "OK"));
    assert_eq!(
        finding.message,
        "status of exchange 1: status.code is \"OK\""
    );
    insta::assert_snapshot!(finding.snippet.as_deref().expect("a snippet"));
}
