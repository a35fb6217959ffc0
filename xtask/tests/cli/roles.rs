//! Several families: together against the built-in peers, and each at a URL of its own.

use std::path::Path;

use crate::reports::report;
use crate::tool::{Served, file, folder, xtask};

#[test]
fn without_a_target_all_families_are_one_result() {
    let directory = folder("together").display().to_string();
    let ran = xtask(&["conform", "--report", &directory]);
    assert_eq!(ran.code, Some(0), "{ran}");
    let report = report(&directory);
    let targets = report["targets"].as_array().expect("targets");
    let roles: Vec<&str> = targets
        .iter()
        .filter_map(|it| it["role"].as_str())
        .collect();
    for role in ["dm-server", "pull-server"] {
        assert!(roles.contains(&role), "{roles:?}");
    }
    let cases = report["cases"].as_array().expect("cases");
    for family in ["dm.", "pull."] {
        let its = |case: &&serde_json::Value| {
            case["id"].as_str().is_some_and(|id| id.starts_with(family))
        };
        assert!(cases.iter().any(|case| its(&case)), "{family}");
    }
    let counts = report["counts"].as_object().expect("counts");
    let counted: u64 = counts.values().filter_map(serde_json::Value::as_u64).sum();
    assert_eq!(
        counted,
        cases.len() as u64,
        "every case run is counted once"
    );
    assert!(!Path::new(&directory).join("recordings").exists());
}

#[test]
fn a_pattern_of_one_family_plays_nothing_of_the_others() {
    let ran = xtask(&["conform", "--only", "pull.poll.*"]);
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(!ran.out.contains("dm-server"), "{ran}");
    let ran = xtask(&["conform", "--role", "dm-server", "--only", "pull.poll.*"]);
    assert_eq!(ran.code, Some(2), "another role has no such case: {ran}");
}

#[test]
fn a_bare_url_is_asked_which_family_answers_there() {
    let served = Served::start(&[]);
    for (url, role) in [(&served.dm, "dm-server"), (&served.pull, "pull-server")] {
        let ran = xtask(&["conform", "--target", url]);
        assert_eq!(ran.code, Some(0), "{ran}");
        let found = format!("found: a {role} answers there (--role would say otherwise)");
        assert!(ran.err.contains(&found), "{ran}");
        let target = format!("target        {role} {url}");
        assert!(ran.out.contains(&target), "{ran}");
    }
}

#[test]
fn a_role_that_is_given_is_not_found_out() {
    let served = Served::start(&[]);
    let ran = xtask(&["conform", "--role", "pull-server", "--target", &served.pull]);
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(!ran.err.contains("found:"), "{ran}");
    let ran = xtask(&["conform", "--role", "pull-server", "--target", &served.dm]);
    assert_eq!(ran.code, Some(2), "a DM server answers no poll: {ran}");
    assert!(ran.err.contains("a poll is answered with"), "{ran}");
}

#[test]
fn a_management_server_with_a_fault_fails_at_a_url() {
    let served = Served::start(&["--fault", "poll-interval-in-seconds"]);
    let profile = format!(
        "assay: 1\nextends: reference-pull\ntarget: {{url: \"{}\"}}\n",
        served.pull
    );
    let profile = file("pull-profile", "mine.yaml", &profile);
    let ran = xtask(&["conform", "--profile", &profile]);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.out.contains("FAIL pull."), "{ran}");
}

#[test]
fn a_seed_says_where_the_sessions_begin() {
    let served = Served::start(&["--fault", "alert-accepted-beside-challenge"]);
    let judged = |seed: &str| {
        let ran = xtask(&[
            "conform",
            "--target",
            &served.dm,
            "--device",
            "assay-a",
            "--only",
            "dm.envelope.challenged-session",
            "--seed",
            seed,
        ]);
        let at = ran.out.find("session ").map(|at| at + "session ".len());
        let session = at.and_then(|at| ran.out[at..].split(',').next()?.parse::<u32>().ok());
        session.unwrap_or_else(|| panic!("no card: {ran}"))
    };
    for (seed, first) in [("1000", 1001), ("5000", 5001)] {
        // Some sessions are opened before those of the case.
        let session = judged(seed);
        assert!((first..first + 30).contains(&session), "{session}");
    }
}
