//! The built-in server: in the same process, and as a target like any other.

use std::net::TcpListener;

use rstest::rstest;

use crate::tool::{Served, file, xtask};

const UNBELIEVED: &str = "is asked for credentials and never let in";

#[test]
fn it_conforms() {
    let ran = xtask(&["conform"]);
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(ran.out.contains("verdict       pass, exit code 0"), "{ran}");
    assert!(!ran.out.contains("FAIL"), "{ran}");
}

#[test]
fn a_fault_of_it_is_caught_by_its_requirement() {
    let requirement = "dm.security.challenge-has-nonce";
    let args = ["conform", "--fault", "challenge-without-nonce", "--only"];
    let ran = xtask(&[&args[..], &[requirement]].concat());
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(
        ran.out.starts_with(&format!("FAIL {requirement}\n")),
        "{ran}"
    );
    assert!(ran.out.contains("verdict       fail"), "{ran}");
    let honest = xtask(&["conform", "--only", requirement]);
    assert_eq!(honest.code, Some(0), "{honest}");
}

#[test]
fn a_bare_url_is_judged_as_far_as_it_goes_and_says_what_is_missing() {
    let served = Served::start(&[]);
    let ran = xtask(&["conform", "--target", &served.dm]);
    assert_eq!(ran.code, Some(0), "{ran}");
    for line in [
        "version 1.2 is claimed: the target does not refuse it",
        "unreached     user and password of each device would unlock ",
        "hook queue-command would unlock ",
        "verdict       pass, exit code 0",
    ] {
        assert!(ran.out.contains(line), "{line} in {ran}");
    }
}

#[test]
fn credentials_beside_the_url_reach_further() {
    let served = Served::start(&[]);
    let secret = file("credentials", "secret.txt", "secret-assay-a\nnot this\n");
    let args = ["conform", "--target", &served.dm, "--device", "assay-a"];
    let more = ["--user", "assay-a", "--password-file", &secret];
    let ran = xtask(&[&args[..], &more].concat());
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(!ran.out.contains("user and password of each"), "{ran}");
    assert!(!ran.out.contains(UNBELIEVED), "{ran}");
    assert!(
        ran.out.contains("hook queue-command would unlock "),
        "{ran}"
    );
}

#[rstest]
#[case::one_device(
    "unbelieved",
    "devices: [{id: assay-a, password: {text: wrong}}]",
    "assay-a"
)]
#[case::one_of_two(
    "unbelieved-pair",
    "devices: [{id: assay-a, password: {text: secret-assay-a}}, \
     {id: assay-b, password: {text: wrong}}]",
    "assay-b"
)]
#[case::none_given(
    "unbelieved-none",
    "claims: {versions: [\"1.2\"], encodings: [xml], auth: [none]}",
    "assay-a"
)]
fn who_is_not_let_in_says_nothing_about_the_target(
    #[case] test: &str,
    #[case] given: &str,
    #[case] device: &str,
) {
    let served = Served::start(&[]);
    let profile = format!("assay: 1\ntarget: {{url: \"{}\"}}\n{given}\n", served.dm);
    let profile = file(test, "mine.yaml", &profile);
    let ran = xtask(&["conform", "--profile", &profile]);
    assert_eq!(ran.code, Some(2), "{ran}");
    assert!(!ran.out.contains("FAIL "), "{ran}");
    assert!(
        ran.out
            .contains(&format!("warning       {device} {UNBELIEVED}")),
        "{ran}"
    );
}

#[test]
fn what_monitors_saw_of_a_device_that_is_not_let_in_counts() {
    let served = Served::start(&["--fault", "challenge-without-nonce"]);
    let args = ["conform", "--target", &served.dm, "--password", "wrong"];
    let ran = xtask(&args);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert_eq!(ran.out.matches("FAIL ").count(), 1, "{ran}");
    assert!(
        ran.out.contains("FAIL dm.security.challenge-has-nonce\n"),
        "{ran}"
    );
}

#[test]
fn a_fault_is_caught_from_another_process_too() {
    let served = Served::start(&["--fault", "challenge-without-nonce"]);
    let ran = xtask(&["conform", "--target", &served.dm]);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(
        ran.out.contains("FAIL dm.security.challenge-has-nonce\n"),
        "{ran}"
    );
}

#[test]
fn a_certificate_that_is_taken_all_the_same_is_judged_all_the_same() {
    let served = Served::start(&[]);
    let args = ["conform", "--target", &served.secure, "--insecure"];
    let who = ["--device", "assay-a", "--password", "secret-assay-a"];
    let ran = xtask(&[&args[..], &who, &["--only", "dm.http.session"]].concat());
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.out.contains("FAIL dm.http.certificate\n"), "{ran}");
    assert!(ran.out.contains("any certificate was taken"), "{ran}");
}

#[test]
fn a_row_of_a_fact_sheet_picks_its_requirement() {
    let ran = xtask(&["conform", "--only", "DM-SRV-121"]);
    assert_eq!(ran.code, Some(0), "{ran}");
    let id = "dm.security.credentials-of-other-device";
    let of_id = xtask(&["conform", "--only", id]);
    let cases = |out: &str| {
        out.lines()
            .find(|it| it.starts_with("case runs "))
            .map(str::to_owned)
    };
    assert!(cases(&ran.out).is_some(), "{ran}");
    assert_eq!(cases(&ran.out), cases(&of_id.out), "{ran}{of_id}");
}

#[test]
fn a_plan_asks_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a listener");
    let address = listener.local_addr().expect("an address");
    let ran = xtask(&[
        "conform",
        "--plan",
        "--target",
        &format!("http://{address}/dm"),
    ]);
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(ran.out.contains("play     dm."), "{ran}");
    assert!(ran.out.contains("devices  assay-a\n"), "{ran}");
    assert!(listener.accept().is_err(), "somebody connected");
}

#[test]
fn a_control_comes_along_and_says_so() {
    let ran = xtask(&[
        "conform",
        "--plan",
        "--only",
        "dm.security.nonce-text-refused",
    ]);
    assert_eq!(ran.code, Some(0), "{ran}");
    let control = "play     dm.security.md5-accepted@1.2+xml (as control)";
    assert!(ran.out.contains(control), "{ran}");
}
