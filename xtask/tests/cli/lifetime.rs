//! Targets that die or fall silent in the middle of a run, and runs that are interrupted: what was
//! played until then is reported.

use rstest::rstest;
use serde_json::Value;

use crate::reports::{report, states};
use crate::target::{Then, relay};
use crate::tool::{PROMPT, Served, folder, start, unread, xtask};

/// A device that the server knows: without one hardly any case is played.
const WHO: [&str; 7] = [
    "conform",
    "--device",
    "assay-a",
    "--user",
    "assay-a",
    "--password",
    "secret-assay-a",
];

/// More than the questions before the run need, less than the run.
const CONNECTIONS: usize = 15;

#[test]
fn a_target_that_dies_by_itself_is_no_longer_judged() {
    let served = Served::start(&[]);
    let (url, _word) = relay(&served.dm, CONNECTIONS, Then::Dies);
    let directory = folder("dies").display().to_string();
    let args = [&WHO[..], &["--target", &url, "--report", &directory]].concat();
    let ran = xtask(&[&args[..], &["--jobs", "1"]].concat());
    assert_eq!(ran.code, Some(2), "{ran}");
    let report = report(&directory);
    assert_eq!(report["verdict"], "blocked");
    let states = states(&report);
    let count = |state: &str| states.iter().filter(|it| *it == state).count();
    assert_eq!(count("fail"), 0, "no case killed it: {ran}");
    assert!(count("pass") > 5 && count("inconclusive") > 5, "{ran}");
    assert_eq!(
        states.len(),
        planned(&url),
        "every case run is in the report"
    );
    assert!(ran.out.contains("the target died"), "{ran}");
}

#[rstest]
#[case::interrupted("INT")]
#[case::terminated("TERM")]
fn who_is_stopped_gives_what_was_played_until_then(#[case] signal: &str) {
    let served = Served::start(&[]);
    let (url, word) = relay(&served.dm, CONNECTIONS, Then::Hangs);
    let directory = folder(&format!("stopped-{signal}")).display().to_string();
    let args = [&WHO[..], &["--target", &url, "--report", &directory]].concat();
    let running = start(&[&args[..], &["--jobs", "1"]].concat());
    word.recv_timeout(PROMPT).expect("the relay falls silent");
    running.signal(signal);
    let ran = running.end();
    assert_eq!(ran.code, Some(2), "{ran}");
    assert!(ran.err.contains("interrupted: what was played"), "{ran}");
    let report = report(&directory);
    assert_eq!(report["interrupted"], true);
    assert_eq!(report["verdict"], "inconclusive");
    let states = states(&report);
    assert!(states.iter().any(|state| state == "pass"), "{ran}");
    assert!(!states.iter().any(|state| state == "inconclusive"), "{ran}");
    assert_eq!(
        states.len(),
        planned(&url),
        "every case run is in the report"
    );
    let cases = report["cases"].as_array().expect("a list");
    let left = |case: &&Value| {
        case["reasons"]
            .to_string()
            .contains("the run was interrupted")
    };
    assert!(cases.iter().filter(left).count() > 10, "{ran}");
}

#[test]
fn an_interrupt_before_the_first_case_ends_at_once() {
    let served = Served::start(&[]);
    let (url, word) = relay(&served.dm, 0, Then::Hangs);
    let running = start(&["conform", "--target", &url]);
    word.recv_timeout(PROMPT).expect("the relay falls silent");
    running.signal("INT");
    let ran = running.end();
    assert_eq!(ran.code, Some(2), "{ran}");
    assert!(
        ran.err.contains("interrupted before the first case"),
        "{ran}"
    );
}

#[rstest]
#[case::behind_http("silent", "no answer within 250 ms")]
#[case::in_the_handshake("silent-tls", "not finished in time")]
fn a_target_that_falls_silent_is_given_up(#[case] test: &str, #[case] says: &str) {
    let directory = folder(test).display().to_string();
    let served = Served::start(&["--certificates", &directory]);
    let is_tls = test == "silent-tls";
    let to = if is_tls {
        served.secure.replace("https://", "http://")
    } else {
        served.dm.clone()
    };
    let (url, _word) = relay(&to, CONNECTIONS, Then::Hangs);
    let url = if is_tls {
        url.replace("http://", "https://")
    } else {
        url
    };
    let roots = format!("{directory}/ca.pem");
    let args = [&WHO[..], &["--target", &url, "--report", &directory]].concat();
    let more = ["--jobs", "1", "--timeout", "250", "--ca", &roots];
    let ran = xtask(&[&args[..], &more].concat());
    assert_eq!(ran.code, Some(2), "{ran}");
    let report = report(&directory);
    assert_eq!(report["interrupted"], false);
    let cases = report["cases"].as_array().expect("a list");
    assert_eq!(cases.len(), planned(&url), "{ran}");
    let waited = |case: &&Value| case.to_string().contains(says);
    assert_eq!(cases.iter().filter(waited).count(), 8, "{ran}");
    let given_up = "not played: the target had answered nothing any more";
    let given_up = |case: &&Value| case.to_string().contains(given_up);
    assert!(cases.iter().filter(given_up).count() > 10, "{ran}");
}

#[test]
fn a_report_is_whole_whoever_stops_reading_the_output() {
    let directory = folder("unread").display().to_string();
    let code = unread(&["conform", "--only", "pull.poll.*", "--report", &directory]);
    assert_eq!(code, Some(0));
    assert_eq!(report(&directory)["verdict"], "pass");
}

/// How many case runs a plan for this URL knows.
fn planned(url: &str) -> usize {
    let plan = xtask(&["conform", "--plan", "--target", url]).out;
    plan.lines().filter(|line| line.contains("@1.")).count()
}
