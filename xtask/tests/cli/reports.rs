//! The files that a run leaves: their shapes, which other tools read, and what never stands in them.

use std::fs;
use std::path::Path;

use assay_wire::digest;
use serde_json::Value;

use crate::tool::{Served, file, folder, xtask};

/// The verdicts, and what stands beside them.
const STATES: [&str; 8] = [
    "pass",
    "warn",
    "inconclusive",
    "blocked",
    "fail",
    "error",
    "not-applicable",
    "unreached",
];

/// `report.json` of a directory.
pub(crate) fn report(directory: &str) -> Value {
    json(directory, "report.json")
}

/// The verdicts of all cases in it.
pub(crate) fn states(report: &Value) -> Vec<String> {
    let cases = report["cases"].as_array().expect("a list");
    let states = cases.iter().map(|case| text(case, "verdict"));
    states.collect()
}

fn json(directory: &str, name: &str) -> Value {
    let text = fs::read_to_string(Path::new(directory).join(name)).expect(name);
    serde_json::from_str(&text).expect("JSON")
}

fn text(value: &Value, key: &str) -> String {
    let text = value[key].as_str();
    text.unwrap_or_else(|| panic!("{key} of {value} is no text"))
        .to_owned()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    let list = value[key].as_array();
    list.unwrap_or_else(|| panic!("{key} of {value} is no list"))
}

/// The family that an id begins with.
fn family_of(id: &str) -> Option<&'static str> {
    let family = id.split('.').next();
    ["dm", "cp", "pull"]
        .into_iter()
        .find(|known| family == Some(known))
}

#[test]
fn a_report_has_the_shape_that_others_read() {
    let directory = folder("shape").display().to_string();
    let args = [
        "conform",
        "--report",
        &directory,
        "--fault",
        "challenge-without-nonce",
    ];
    let ran = xtask(&args);
    assert_eq!(ran.code, Some(1), "{ran}");
    let report = report(&directory);
    assert_eq!(report["verdict"], "fail");
    let counts = report["counts"].as_object().expect("counts");
    let mut names: Vec<&str> = counts.keys().map(String::as_str).collect();
    let mut states = STATES;
    names.sort_unstable();
    states.sort_unstable();
    assert_eq!(names, states);
    for state in STATES {
        let there = self::states(&report);
        let there = there.iter().filter(|it| *it == state).count();
        assert_eq!(counts[state], there, "{state}");
    }
    let mut findings = 0;
    for case in list(&report, "cases") {
        assert!(family_of(&text(case, "id")).is_some());
        assert!(case["axes"].is_object());
        assert!(STATES.contains(&text(case, "verdict").as_str()));
        for finding in list(case, "findings") {
            findings += 1;
            let family = family_of(&text(finding, "requirement"));
            assert_eq!(family, family_of(&text(case, "id")));
            assert!(["must", "should", "may"].contains(&text(finding, "level").as_str()));
            let verdict = text(finding, "verdict");
            assert!(STATES[..6].contains(&verdict.as_str()));
            assert!(verdict == "pass" || !text(finding, "message").is_empty());
        }
    }
    assert!(findings > 0);
    for requirement in list(&report, "requirements") {
        assert!(["must", "should", "may"].contains(&text(requirement, "level").as_str()));
        let id = text(requirement, "id");
        let family = family_of(&id).expect("a family");
        let role = if id.starts_with("cp.gateway.") {
            "ppg".to_owned()
        } else {
            format!("{family}-server")
        };
        assert_eq!(requirement["role"], role);
        match text(requirement, "disposition").as_str() {
            "tested" => assert!(STATES.contains(&text(requirement, "verdict").as_str())),
            _ => assert!(requirement["verdict"].is_null()),
        }
    }
    for name in ["junit.xml", "report.txt"] {
        let text = fs::read_to_string(Path::new(&directory).join(name)).expect(name);
        assert!(text.contains("nonce"), "{name}");
    }
    let recordings = Path::new(&directory).join("recordings");
    assert!(fs::read_dir(recordings).expect("recordings").count() > 0);

    // The next run in the same place takes away what is no longer so.
    let again = xtask(&[
        "conform",
        "--report",
        &directory,
        "--only",
        "dm.http.session",
    ]);
    assert_eq!(again.code, Some(0), "{again}");
    assert!(!Path::new(&directory).join("recordings").exists());
    let failed = xtask(&[
        "conform",
        "--report",
        &directory,
        "--target",
        "http://127.0.0.1:1/",
    ]);
    assert_eq!(failed.code, Some(2), "{failed}");
    let report = self::report(&directory);
    assert_eq!(report["verdict"], "inconclusive");
    let cases = report["cases"].as_array().expect("cases");
    assert!(!cases.is_empty());
    let is_outside =
        |case: &Value| case["verdict"] == "unreached" || case["verdict"] == "not-applicable";
    assert!(cases.iter().all(is_outside));
    let says = |case: &Value| {
        case["reasons"]
            .to_string()
            .contains("cannot judge http://127")
    };
    assert!(cases.iter().any(says), "what kept it from being reached");
}

#[test]
fn a_proof_has_the_shape_that_others_read() {
    let directory = folder("proof").display().to_string();
    let args = ["prove", "--report", &directory, "--only", "nonce-constant"];
    let ran = xtask(&args);
    assert_eq!(ran.code, Some(0), "{ran}");
    let proof = json(&directory, "prove.json");
    let number = |group: &str, name: &str| {
        let number = proof[group][name].as_u64();
        number.unwrap_or_else(|| panic!("{group}.{name} is no number"))
    };
    assert_eq!(number("faults", "killed"), 1);
    assert_eq!(number("faults", "total"), number("faults", "declared"));
    assert!(number("faults", "total") > 100);
    assert!(number("variants", "total") > 5);
    assert_eq!(number("variants", "alarms"), 0);
    assert_eq!(number("requirements", "killing"), 1);
    assert!(number("requirements", "tested") > 100);
}

#[test]
fn a_key_in_a_header_field_stands_nowhere() {
    let served = Served::start(&["--fault", "challenge-without-nonce"]);
    let directory = folder("canary-key").display().to_string();
    let args = ["conform", "--target", &served.dm, "--report", &directory];
    let field = ["--header", "X-Api-Key: canary-of-a-key"];
    let ran = xtask(&[&args[..], &field].concat());
    let mut found = files(Path::new(&directory));
    let is_sent = |(_, octets): &(String, Vec<u8>)| has(octets, b"X-Api-Key: ***************");
    assert!(found.iter().any(is_sent), "{ran}");
    found.push(("out".to_owned(), ran.out.into_bytes()));
    found.push(("err".to_owned(), ran.err.into_bytes()));
    for (name, octets) in found {
        assert!(!has(&octets, b"canary-of-a-key"), "the key is in {name}");
    }
}

#[test]
fn a_password_stands_nowhere() {
    let password = "secret-assay-canary";
    let secret = file("canary", "secret.txt", password);
    let mut basic = false;
    for fault in [
        "accepted-with-202",
        "cred-in-command",
        "challenge-without-nonce",
    ] {
        let served = Served::start(&["--fault", fault]);
        let directory = folder(&format!("canary-{fault}")).display().to_string();
        let args = [
            "conform",
            "--target",
            &served.dm,
            "--device",
            "assay-canary",
        ];
        let more = ["--user", "assay-canary", "--password-file", &secret];
        let ran = xtask(&[&args[..], &more, &["--report", &directory]].concat());
        assert_eq!(ran.code, Some(1), "{ran}");
        let mut found = files(Path::new(&directory));
        assert!(found.len() > 3, "{ran}");
        found.push(("out".to_owned(), ran.out.into_bytes()));
        found.push(("err".to_owned(), ran.err.into_bytes()));
        for (name, octets) in found {
            basic |= has(&octets, b"syncml:auth-basic") && has(&octets, b"********");
            for form in forms(password) {
                assert!(!has(&octets, form.as_bytes()), "{form} in {name}");
            }
        }
    }
    assert!(basic, "no recording shows a masked credential of basic");
}

fn has(octets: &[u8], part: &[u8]) -> bool {
    octets.windows(part.len()).any(|window| window == part)
}

/// A secret in clear, and in base64 whatever stands before and behind it.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned()];
    for (before, cut) in [("", 2), ("a", 3), ("ab", 4)] {
        // The colon between user and password is one octet of `before`.
        let whole = digest::basic(before, secret);
        let inner = whole.trim_end_matches('=');
        forms.push(inner[cut..inner.len() - 1].to_owned());
    }
    forms
}

/// Every file below a directory, with its octets.
fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push((path.display().to_string(), fs::read(&path).expect("a file")));
        }
    }
    all
}
