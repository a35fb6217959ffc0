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
    assert_eq!(guilty, "<Data>OK</Data>");
    assert_eq!(
        finding.message,
        "status of exchange 1: status.code is \"OK\""
    );
    insta::assert_snapshot!(finding.snippet.as_deref().expect("a snippet"));
}

#[test]
fn answers_to_unlawful_requests_are_not_looked_at() {
    let mut tape = Tape::new("1.2");
    tape.send_as(0, &package_1("1"), false, 1);
    tape.receive(&reply("1", ""));
    let recording = tape.done();
    let judgement = judged(&suite("reply", "", "reply.fin"), &recording);
    assert!(judgement.findings.is_empty() && judgement.looked.is_empty());
    let judgement = judged(
        &suite("reply", "    always: true\n", "reply.fin"),
        &recording,
    );
    assert_eq!(judgement.looked["dm.test.one"], 1);
    let judgement = judged(&suite("session", "", "session.closed"), &recording);
    assert!(judgement.looked.is_empty());
}

#[test]
fn only_the_requirements_of_the_protocol_are_judged() {
    let recording = exchange("<Final/>");
    let judgement = judged(
        &suite("reply", "    for: [dm-1.1]\n", "reply.fin"),
        &recording,
    );
    assert!(judgement.findings.is_empty());
    let judgement = judged(
        &suite("reply", "    for: [dm-1.1, dm-1.2]\n", "reply.fin"),
        &recording,
    );
    assert_eq!(judgement.findings.len(), 1);
}

#[test]
fn a_level_may_differ_with_the_protocol() {
    let except = "    except:\n      - {for: dm-1.2, level: should, why: It says so.}\n";
    let judgement = judged(&suite("reply", except, "!reply.fin"), &exchange("<Final/>"));
    assert_eq!(judgement.findings[0].verdict, Verdict::Warn);
}

#[test]
fn a_condition_that_is_false_does_not_look() {
    let when = "    when: |\n      reply.manages\n";
    let judgement = judged(&suite("reply", when, "!reply.fin"), &exchange("<Final/>"));
    assert!(judgement.findings.is_empty() && judgement.looked.is_empty());
}

#[test]
fn a_condition_on_what_is_absent_does_not_look() {
    let when = "    when: |\n      status.code == \"200\"\n";
    let body = "<Status><CmdID>1</CmdID></Status><Final/>";
    let judgement = judged(&suite("status", when, "!reply.fin"), &exchange(body));
    assert!(judgement.findings.is_empty());
}

#[test]
fn what_the_target_owes_and_does_not_give_breaks_the_rule() {
    let body = "<Status><CmdID>1</CmdID></Status><Final/>";
    let judgement = judged(
        &suite("status", "", "status.code == \"200\""),
        &exchange(body),
    );
    assert_eq!(
        judgement.findings[0].message,
        "status of exchange 1: status.code is absent"
    );
}

#[test]
fn three_breaches_of_a_requirement_are_enough() {
    let body: String = (1..20)
        .map(|id| status(&id.to_string(), "0", "SyncHdr", "?"))
        .collect();
    let judgement = judged(
        &suite("status", "", "status.code == \"200\""),
        &exchange(&body),
    );
    assert_eq!(
        (judgement.findings.len(), judgement.looked["dm.test.one"]),
        (3, 19)
    );
}

#[test]
fn a_rule_that_cannot_be_evaluated_is_an_error_told_once() {
    let body = format!("{0}{0}{0}", status("1", "0", "SyncHdr", "OK"));
    let judgement = judged(
        &suite("status", "", "int(status.code) == 200"),
        &exchange(&body),
    );
    let [finding] = judgement.findings.as_slice() else {
        panic!("{judgement:#?}")
    };
    assert_eq!(finding.verdict, Verdict::Error);
    assert!(
        finding
            .message
            .starts_with("the rule cannot be evaluated: "),
        "{}",
        finding.message
    );
    // A monitor never changes the case: this one has no step that looks, and its monitor did not.
    assert_eq!(judgement.verdict, Verdict::Error);
}

#[test]
fn a_rule_that_looks_at_too_much_is_an_error() {
    let body = "<Get><CmdID>1</CmdID></Get>".repeat(256);
    let many = (0..80).map(|_| "reply.commands.all(c, c.name == \"Get\" && c.manages)");
    let rule = many.collect::<Vec<_>>().join(" && ");
    let started = judged(&suite("reply", "", &rule), &exchange(&body));
    assert_eq!(started.findings[0].verdict, Verdict::Pass);
    let rule = (0..8)
        .map(|_| rule.clone())
        .collect::<Vec<_>>()
        .join(" && ");
    let judgement = judged(&suite("reply", "", &rule), &exchange(&body));
    assert_eq!(judgement.findings[0].verdict, Verdict::Error);
    assert!(judgement.findings[0].message.contains("looks at too much"));
}

#[test]
fn an_element_beyond_the_bound_is_left_out() {
    let body = "<Get><CmdID>1</CmdID></Get>".repeat(1000);
    let judgement = judged(&suite("command", "", "command.manages"), &exchange(&body));
    assert_eq!(judgement.looked["dm.test.one"], 256);
}
