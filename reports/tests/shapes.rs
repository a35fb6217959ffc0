//! What the reports look like, for a small run in which everything happens.

mod made;

use assay_reports::{card, cards, console, json, junit};
use assay_run::{FindingResult, State, Summary};
use assay_suites::basis::Basis;

use crate::made::{case, finding, requirement, summary};

fn rich() -> Summary {
    let mut accepted = case("dm.security.wrong-digest", State::Fail);
    accepted.control = Some("dm.security.md5-accepted@1.2+wbxml".to_owned());
    let mut breach = FindingResult {
        subject: Some("step 4, exchange 2".to_owned()),
        message: "dm/security/refused: expected 401, received 212".to_owned(),
        expected: "401".to_owned(),
        received: "212".to_owned(),
        ..finding("dm.security.wrong-digest-refused", "case", State::Fail)
    };
    breach.diff = ["  <Status>", "-   <Data>401</Data>", "+   <Data>212</Data>"]
        .map(str::to_owned)
        .into();
    breach.place = Some("link 0 in 120+3".to_owned());
    breach.snippet = Some(
        "  00003c  4f                   Data\n\
         > 00003d  03 32 31 32 00         STR_I \"212\"\n\
         \x20 000042  01                   END Data"
            .to_owned(),
    );
    breach.sent = vec![
        "POST /dm, application/vnd.syncml.dm+wbxml, 342 octets".to_owned(),
        "DM/1.2, session 1, message 2, from assay-1, to http://127.0.0.1:8080/dm".to_owned(),
        "1 Status 200 for SyncHdr; 2 Alert 1201; Final".to_owned(),
    ];
    breach.answered = vec!["HTTP 200 OK, application/vnd.syncml.dm+wbxml, 99 octets".to_owned()];
    accepted.findings.push(breach);
    let mut again = accepted.clone();
    again.axes.insert("encoding".to_owned(), "xml".to_owned());

    let mut passed = case("dm.session.idle", State::Pass);
    let received = "header.msg_id is \"\u{1b}[2J\u{0}\u{202e}]]>&<\"";
    passed.findings.push(FindingResult {
        basis: Basis::Inferred,
        subject: Some("header of exchange 1".to_owned()),
        message: format!("header of exchange 1: {received}"),
        received: received.to_owned(),
        ..finding("dm.session.weak", "monitor", State::Warn)
    });
    let mut known = finding("dm.session.known", "monitor", State::Fail);
    known.known = Some("fixed in the next release".to_owned());
    passed.findings.push(known);

    let mut unasked = case("dm.session.unasked", State::Inconclusive);
    unasked.reasons = vec!["the question could not be put: expected 407".to_owned()];
    unasked.diff = vec!["- <Chal/>".to_owned(), "+ <Final/>".to_owned()];
    let mut blocked = case("dm.session.blocked", State::Blocked);
    blocked.reasons = vec!["its control dm.session.idle@1.2+wbxml came to fail".to_owned()];
    let mut broken = case("dm.session.broken", State::Error);
    broken.reasons = vec!["nothing was looked at".to_owned()];
    let mut unreached = case("dm.tree.get", State::Unreached);
    unreached.reasons = vec!["hook queue".to_owned()];
    let mut unclaimed = case("dm.security.basic", State::NotApplicable);
    unclaimed.reasons = vec!["auth basic is not claimed".to_owned()];
    let warned = case("dm.session.warned", State::Warn);

    let mut silent = requirement("dm.tree.silent", Some(State::Unreached));
    silent.reasons = vec!["its condition never came true: reply.manages".to_owned()];
    let mut summary = summary(
        vec![
            blocked, broken, passed, unasked, warned, unclaimed, accepted, again, unreached,
        ],
        vec![
            requirement("dm.security.wrong-digest-refused", Some(State::Fail)),
            requirement("dm.session.weak", Some(State::Warn)),
            requirement("dm.session.known", Some(State::Pass)),
            requirement("dm.session.not-tested", None),
            silent,
        ],
        vec!["dm.session.old (it was so)".to_owned()],
        true,
    );
    let unlocks = vec!["dm.tree.get".to_owned()];
    summary.unlocks.insert("hook queue".to_owned(), unlocks);
    summary.warnings = vec!["the target is on another host".to_owned()];
    summary
}

#[test]
fn a_card_has_everything_in_its_order() {
    let summary = rich();
    let accepted = &summary.cases[6];
    insta::assert_snapshot!(card(
        &summary,
        &summary.requirements[0],
        accepted,
        &accepted.findings[0]
    ));
}

#[test]
fn the_cards_of_a_run_explain_each_verdict_once() {
    insta::assert_snapshot!(cards(&rich()));
}

#[test]
fn the_console_is_short() {
    insta::assert_snapshot!(console(&rich()));
}

#[test]
fn junit_has_failures_errors_and_what_was_skipped() {
    insta::assert_snapshot!(junit(&rich()).expect("JUnit"));
}

#[test]
fn json_has_everything() {
    insta::assert_snapshot!(json(&rich()).expect("JSON"));
}

#[test]
fn whatever_a_target_says_junit_is_well_formed_and_a_terminal_is_safe() {
    let hostile: String = ('\0'..='\u{ff}')
        .chain("\u{fffe}\u{ffff}\u{202e}".chars())
        .collect();
    let mut summary = rich();
    for case in &mut summary.cases {
        case.reasons.push(hostile.clone());
        case.diff.push(hostile.clone());
        for finding in &mut case.findings {
            finding.message.clone_from(&hostile);
            finding.expected.clone_from(&hostile);
            finding.received.clone_from(&hostile);
            finding.diff.push(hostile.clone());
            finding.sent.push(hostile.clone());
            finding.snippet = Some(hostile.clone());
        }
    }
    summary.targets[0].server = Some(hostile.clone());
    summary.assumed.push(hostile);
    let junit = junit(&summary).expect("JUnit");
    let limits = assay_wire::Limits::TARGET;
    let (_, notes) = assay_wire::xml::read(junit.as_bytes(), &limits).expect("a document");
    let faults = notes
        .iter()
        .filter(|note| assay_wire::xml::is_fault(note.kind));
    assert_eq!(faults.collect::<Vec<_>>(), Vec::<&assay_wire::Note>::new());
    for text in [junit, cards(&summary), console(&summary)] {
        let harm = text
            .chars()
            .find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        assert_eq!(harm, None);
        assert!(!text.contains('\u{202e}'));
    }
}

#[test]
fn the_line_for_a_baseline_goes_into_a_profile_as_it_is() {
    let text = cards(&rich());
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("baseline"));
    let line = line.expect("the line").trim();
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("baseline.yaml");
    let profile =
        format!("assay: 1\ntarget: {{url: \"http://127.0.0.1/dm\"}}\nbaseline:\n  {line}\n");
    std::fs::write(&path, profile).expect("a file");
    let profile = assay_suites::profile::load(&path).expect("a profile");
    assert_eq!(
        profile.baseline[0].requirement,
        "dm.security.wrong-digest-refused"
    );
    assert_eq!(
        profile.baseline[0].case.as_deref(),
        Some("dm.security.wrong-digest")
    );
}
