//! Kannel under the suite of gateways, by the command line, the profile and the steps that
//! suites/profiles/kannel.md describes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::gateway::Kannel;
use crate::namespace::inside;

/// The worst verdict of each requirement, the known ones counted as what they are.
const VERDICTS: &[(&str, &str)] = &[
    ("cp.gateway.answered", "pass"),
    ("cp.gateway.authenticated", "warn"),
    ("cp.gateway.codes", "pass"),
    ("cp.gateway.content", "pass"),
    ("cp.gateway.malformed", "pass"),
    ("cp.gateway.notification", "warn"),
    ("cp.gateway.replacement", "warn"),
    ("cp.gateway.reuse", "fail"),
    ("cp.gateway.security", "fail"),
    ("cp.gateway.several-addresses", "warn"),
    ("cp.gateway.strangers", "pass"),
    ("cp.gateway.unknown-push", "warn"),
];

#[test]
fn the_suite_finds_what_it_is_known_to_break() {
    inside("suite::the_suite_finds_what_it_is_known_to_break", || {
        let _kannel = Kannel::start();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kannel-report");
        let ran = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .current_dir(root)
            .args(["conform", "--role", "ppg", "--jobs", "1", "--report"])
            .arg(&report)
            .args(["--profile", "suites/profiles/kannel.yaml"])
            .output()
            .expect("the binary");
        let said = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
        assert_eq!(ran.status.code(), Some(0), "{said}");
        let text = fs::read_to_string(report.join("report.json")).expect("a report");
        let report: Value = serde_json::from_str(&text).expect("JSON");
        let verdicts = verdicts(&report);
        let verdicts: Vec<_> = verdicts.iter().map(|(id, it)| (&**id, &**it)).collect();
        assert_eq!(verdicts, VERDICTS, "{said}");
        assert_eq!(list(&report, "stale").count(), 0, "{said}");
    });
}

/// Of each requirement that was tested, the worst that was found.
fn verdicts(report: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let tested = list(report, "requirements").filter(|it| !it["verdict"].is_null());
    let mut worst: BTreeMap<_, _> = tested
        .map(|it| (text(&it["id"]), text(&it["verdict"])))
        .collect();
    for finding in list(report, "cases").flat_map(|case| list(case, "findings")) {
        if let (Some(known), found @ ("warn" | "fail")) = (
            worst.get_mut(&text(&finding["requirement"])),
            finding["verdict"].as_str().unwrap_or_default(),
        ) && known != "fail"
        {
            found.clone_into(known);
        }
    }
    worst
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}
