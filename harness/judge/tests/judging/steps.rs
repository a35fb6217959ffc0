//! The steps of a case: what they look at, and what becomes of the case.

use assay_judge::{By, Judgement, Verdict};
use assay_wire::recording::{Breakage, Event, LinkId, Recording};
use rstest::rstest;

use crate::tape::{Tape, judged, package_1, reply, status};

/// A suite with one case of these steps.
fn suite(steps: &[&str]) -> String {
    let steps: Vec<String> = steps
        .iter()
        .map(|step| format!("      - {step}\n"))
        .collect();
    format!(
        "requirements:\n  - {{id: dm.test.one, must: It holds., ref: R 1}}\n  \
         - {{id: dm.test.two, should: It holds., ref: R 2}}\n  \
         - {{id: dm.test.three, must: It holds., ref: R 3, basis: inferred}}\n  \
         - {{id: dm.test.four, may: It holds., ref: R 4}}\n\
         cases:\n  - id: dm.test.case\n    does: Plays.\n    proves: [dm.test.one, dm.test.two]\n    \
         steps:\n{}",
        steps.concat()
    )
}

fn refused(nonce: &str) -> String {
    let status = "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd>";
    let meta = "<Meta xmlns=\"syncml:metinf\"><Format>b64</Format><Type>syncml:auth-md5</Type>";
    reply(
        "1",
        &format!(
            "{status}<Chal>{meta}<NextNonce>{nonce}</NextNonce></Meta></Chal><Data>401</Data>\
             </Status><Final/>"
        ),
    )
}

fn answered(answer: &str) -> Recording {
    let mut tape = Tape::new("1.2");
    tape.send(0, &package_1("1"));
    tape.receive(answer);
    tape.done()
}

fn summary(judgement: &Judgement) -> Vec<(String, Verdict)> {
    let findings = judgement.findings.iter();
    findings
        .map(|finding| (finding.requirement.clone(), finding.verdict))
        .collect()
}

#[test]
fn an_expectation_that_holds_passes_for_its_requirement() {
    let steps = ["package-1: {}", "expect: {golden: dm/security/refused}"];
    let judgement = judged(&suite(&steps), &answered(&refused("QUJD")));
    assert_eq!(judgement.verdict, Verdict::Pass);
    assert_eq!(
        summary(&judgement),
        [("dm.test.one".to_owned(), Verdict::Pass)]
    );
    assert_eq!(judgement.findings[0].by, By::Case);
    assert!(judgement.reasons.is_empty());
}

#[test]
fn an_expectation_that_does_not_hold_breaks_its_requirement() {
    let steps = ["package-1: {}", "expect: {golden: dm/security/refused}"];
    let recording = answered(&refused("not-base64!"));
    let judgement = judged(&suite(&steps), &recording);
    assert_eq!(judgement.verdict, Verdict::Fail);
    let finding = &judgement.findings[0];
    assert_eq!(finding.verdict, Verdict::Fail);
    let guilty = recording.octets(finding.place.expect("a place"));
    assert_eq!(guilty, b"<NextNonce>not-base64!</NextNonce>");
    insta::assert_snapshot!(format!(
        "{}\n\n{}",
        finding.message,
        finding.diff.join("\n")
    ));
}

#[rstest]
#[case("dm.test.one", Verdict::Fail, Verdict::Fail)]
#[case("dm.test.two", Verdict::Warn, Verdict::Warn)]
#[case("dm.test.three", Verdict::Warn, Verdict::Warn)]
#[case("dm.test.four", Verdict::Pass, Verdict::Pass)]
fn a_breach_is_worth_what_its_requirement_allows(
    #[case] of: &str,
    #[case] of_finding: Verdict,
    #[case] of_case: Verdict,
) {
    let expect = format!("expect: {{of: {of}, golden: dm/security/refused}}");
    let judgement = judged(
        &suite(&["package-1: {}", &expect]),
        &answered(&refused("?")),
    );
    assert_eq!(judgement.verdict, of_case);
    assert_eq!(summary(&judgement), [(of.to_owned(), of_finding)]);
    assert!(judgement.findings[0].is_breach());
}

#[test]
fn what_is_not_given_makes_the_case_inconclusive_and_breaks_nothing() {
    let steps = [
        "package-1: {}",
        "given: {golden: dm/security/refused}",
        "expect: {golden: dm/security/refused}",
    ];
    let judgement = judged(&suite(&steps), &answered(&refused("?")));
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    assert!(judgement.findings.is_empty());
    insta::assert_snapshot!(judgement.reasons[0].text);
}

#[test]
fn a_rule_shows_what_it_read() {
    let holds =
        "expect:\n          holds: |\n            reply.header_code == \"200\" && reply.fin";
    let judgement = judged(
        &suite(&["package-1: {}", holds]),
        &answered(&refused("QUJD")),
    );
    let finding = &judgement.findings[0];
    assert_eq!(
        finding.expected,
        "reply.header_code == \"200\" && reply.fin"
    );
    assert_eq!(
        finding.received,
        "reply.header_code is \"401\", reply.fin is true"
    );
}

#[test]
fn each_step_looks_at_the_exchange_before_it() {
    let holds = |code: &str| {
        format!("expect:\n          holds: |\n            reply.header_code == \"{code}\"")
    };
    let steps = [
        "package-1: {}",
        &holds("401"),
        "package-1: {again: true}",
        &holds("212"),
    ];
    let mut tape = Tape::new("1.2");
    tape.send(0, &package_1("1"));
    tape.receive(&refused("QUJD"));
    tape.send(2, &package_1("2"));
    tape.receive(&reply("2", &status("1", "0", "SyncHdr", "212")));
    assert_eq!(judged(&suite(&steps), &tape.done()).verdict, Verdict::Pass);
}

const EXPECT: &str = "expect: {golden: dm/security/refused}";

fn broken(how: Breakage) -> Tape {
    let mut tape = Tape::new("1.2");
    tape.send(0, &package_1("1"));
    let why = "closed after 0 octets".to_owned();
    tape.event(Event::Broke {
        link: LinkId(0),
        how,
        why,
    });
    tape
}

#[test]
fn a_broken_connection_says_nothing_about_a_message() {
    let recording = broken(Breakage::Closed).done();
    let judgement = judged(&suite(&["package-1: {}", EXPECT]), &recording);
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    assert!(judgement.findings.is_empty());
    assert_eq!(
        judgement.reasons[0].text,
        "the connection broke: closed after 0 octets"
    );
}

#[rstest]
#[case::lawful(true, Verdict::Inconclusive)]
#[case::unlawful(false, Verdict::Fail)]
fn a_broken_connection_is_no_answer_unless_the_request_asked_for_it(
    #[case] lawful: bool,
    #[case] verdict: Verdict,
) {
    let mut tape = Tape::new("1.2");
    tape.send_as(0, &package_1("1"), lawful, 1);
    tape.event(Event::Broke {
        link: LinkId(0),
        how: Breakage::Timeout,
        why: "nothing for 10 s".to_owned(),
    });
    let holds = "expect:\n          holds: |\n            exchange.replied";
    let judgement = judged(&suite(&["package-1: {}", holds]), &tape.done());
    assert_eq!(judgement.verdict, verdict);
}

#[test]
fn a_rule_about_the_connection_breaks_where_it_breaks() {
    let holds = "expect:\n          holds: |\n            !has(exchange.broke)";
    let recording = broken(Breakage::Timeout).done();
    let judgement = judged(&suite(&["package-1: {}", holds]), &recording);
    assert_eq!(judgement.verdict, Verdict::Fail);
}

#[test]
fn what_was_not_played_is_not_looked_at() {
    let recording = broken(Breakage::Closed).done();
    let holds = "expect:\n          holds: |\n            !has(exchange.broke)";
    let judgement = judged(&suite(&["package-1: {}", "answer: {}", holds]), &recording);
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    assert!(judgement.findings.is_empty());
}

#[rstest]
#[case::by_what_was_bent(false, Verdict::Warn, &[("dm.test.two".to_owned(), Verdict::Warn)])]
#[case::by_itself(true, Verdict::Inconclusive, &[])]
fn a_target_that_dies_is_broken_where_it_was_killed(
    #[case] lawful: bool,
    #[case] verdict: Verdict,
    #[case] found: &[(String, Verdict)],
) {
    let mut tape = Tape::new("1.2");
    tape.send_as(0, &package_1("1"), lawful, 1);
    tape.event(Event::Broke {
        link: LinkId(0),
        how: Breakage::Closed,
        why: "closed after 0 octets".to_owned(),
    });
    tape.event(Event::Died { step: 0 });
    let steps = [
        "package-1: {}",
        "expect: {of: dm.test.two, golden: dm/security/refused}",
    ];
    let judgement = judged(&suite(&steps), &tape.done());
    assert_eq!(judgement.verdict, verdict);
    assert_eq!(summary(&judgement), found);
    let text = "the target died: it accepted no connection any more";
    assert!(judgement.reasons.iter().any(|it| it.text == text));
}

#[rstest]
#[case(Event::Refused { step: 0, why: "nobody there".into() }, Verdict::Inconclusive, "no connection: nobody there")]
#[case(Event::Stuck { step: 0, why: "no nonce".into() }, Verdict::Inconclusive, "could not go on: no nonce")]
#[case(
    Event::Hook { step: 0, name: "reset".into(), worked: false, answer: "HTTP 500".into() },
    Verdict::Blocked,
    "the hook reset did not work: HTTP 500"
)]
fn what_the_harness_cannot_do_is_no_failure(
    #[case] event: Event,
    #[case] verdict: Verdict,
    #[case] reason: &str,
) {
    let mut tape = Tape::new("1.2");
    tape.event(event);
    let judgement = judged(&suite(&["package-1: {}", EXPECT]), &tape.done());
    assert_eq!(
        (judgement.verdict, judgement.reasons[0].text.as_str()),
        (verdict, reason)
    );
    assert!(judgement.findings.is_empty());
}

#[test]
fn an_error_page_is_no_message_and_breaks_the_expectation() {
    let mut tape = Tape::new("1.2");
    tape.send(0, &package_1("1"));
    tape.receive_octets(
        b"HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>",
    );
    let judgement = judged(&suite(&["package-1: {}", EXPECT]), &tape.done());
    assert_eq!(judgement.verdict, Verdict::Fail);
    let received = "no message came back: HTTP 500 with text/html and 13 octets";
    assert_eq!(judgement.findings[0].message, received);
}

#[test]
fn a_case_that_looks_at_nothing_is_an_error() {
    let judgement = judged(&suite(&["package-1: {}"]), &answered(&refused("QUJD")));
    assert_eq!(judgement.verdict, Verdict::Error);
    assert_eq!(judgement.reasons[0].text, "nothing was looked at");
}

#[test]
fn a_case_whose_monitors_find_nothing_to_look_at_is_inconclusive() {
    let monitor = "must: It holds., ref: R 1, each: command, holds: \"command.name != ''\"}";
    let suite = suite(&["package-1: {}"]).replace("must: It holds., ref: R 1}", monitor);
    let judgement = judged(&suite, &answered("<SyncML><SyncBody/></SyncML>"));
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    let reason = &judgement.reasons[0].text;
    assert_eq!(reason, "nothing came that the case is about");
    let judgement = judged(&suite, &answered(&refused("QUJD")));
    assert_eq!(judgement.verdict, Verdict::Pass);
}

#[test]
fn a_rule_that_cannot_be_evaluated_is_an_error_of_the_harness() {
    let holds = "expect:\n          holds: |\n            int(last(reply.names)) == 1";
    let judgement = judged(
        &suite(&["package-1: {}", holds]),
        &answered(&refused("QUJD")),
    );
    assert_eq!(judgement.verdict, Verdict::Error);
    assert_eq!(judgement.findings[0].verdict, Verdict::Error);
}

#[test]
fn a_throttled_request_was_no_exchange() {
    let mut tape = Tape::new("1.2");
    tape.send(0, &package_1("1"));
    tape.receive_octets(b"HTTP/1.1 429 Slow\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n");
    tape.event(Event::Throttled { step: 0, waited: 0 });
    tape.send(0, &package_1("1"));
    tape.receive(&refused("QUJD"));
    let judgement = judged(&suite(&["package-1: {}", EXPECT]), &tape.done());
    assert_eq!(
        (judgement.verdict, judgement.findings[0].exchange),
        (Verdict::Pass, Some(1))
    );
}
