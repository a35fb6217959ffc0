//! The Windows MDM profile: a server that knows its devices by a certificate, judged at its URL.

use rstest::rstest;

use crate::reports::report;
use crate::tool::{Ran, Served, file, folder, xtask};

/// What a profile says that is of Windows alone.
const ALONE: &str = "extends: windows-mdm\ndevices: [{id: assay-a}, {id: assay-b}]";

/// The same for one that serves OMA DM as well.
const BESIDE: &str = "claims: {auth: [md5, basic, mac], protocols: [dm-1.1, dm-1.2, windows-mdm]}\n\
    devices: [{id: assay-a, password: {text: secret-assay-a}}, \
    {id: assay-b, password: {text: secret-assay-b}}]";

/// A server with these switches, judged by a profile that says this. The folder of the report is named
/// after the test.
fn judged(test: &str, says: &str, switches: &[&str]) -> (Ran, String) {
    let home = folder(test).display().to_string();
    let arguments = [&["--certificates", &home], switches].concat();
    let served = Served::start(&arguments);
    let profile = format!(
        "assay: 1
{says}
target:
  url: \"{}\"
  ca: \"{home}/ca.pem\"
  client-cert: \"{home}/client.pem\"
hooks:
  queue-command:
    http:
      method: POST
      url: \"${{origin}}/admin/queue\"
      headers: {{Content-Type: application/json}}
      body: '{{\"device\": \"${{json:device}}\", \"kind\": \"${{json:kind}}\", \"target\": \"${{json:target}}\",
        \"data\": \"${{json:data}}\", \"format\": \"${{json:format}}\", \"type\": \"${{json:type}}\",
        \"xml\": \"${{json:xml}}\"}}'
  reset:
    http:
      method: POST
      url: \"${{origin}}/admin/reset\"
      headers: {{Content-Type: application/json}}
      body: '{{\"device\": \"${{json:device}}\"}}'
",
        served.secure
    );
    let profile = file(&format!("{test}-profile"), "windows.yaml", &profile);
    let out = format!("{home}/report");
    let ran = xtask(&["conform", "--profile", &profile, "--report", &out]);
    (ran, out)
}

#[rstest]
#[case::usual("windows-usual", ALONE, &[])]
#[case::only_with_a_certificate("windows-firm", ALONE, &["--variant", "client-certificate-required"])]
#[case::beside_oma_dm("windows-beside", BESIDE, &[])]
fn a_server_of_windows_is_judged_whole(
    #[case] test: &str,
    #[case] says: &str,
    #[case] switches: &[&str],
) {
    let (ran, out) = judged(test, says, switches);
    assert_eq!(ran.code, Some(0), "{ran}");
    let report = report(&out);
    let passed = report["requirements"].as_array().expect("requirements");
    let passed = passed.iter().filter(|it| it["verdict"] == "pass").count();
    assert!(passed >= 120, "{passed}: {ran}");
    let cases = report["cases"].as_array().expect("cases");
    let mut of_windows = cases.iter().filter(|it| {
        let id = it["id"].as_str().unwrap_or_default();
        id.starts_with("dm.windows.") && it["axes"]["encoding"] == "xml"
    });
    assert!(of_windows.clone().count() >= 10);
    assert!(of_windows.all(|it| it["verdict"] == "pass"), "{ran}");
}

#[test]
fn what_windows_does_not_know_is_a_breach_for_it_alone() {
    let (ran, _) = judged("windows-fault", ALONE, &["--fault", "sequence-to-windows"]);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(
        ran.out.contains("FAIL dm.envelope.windows-grammar"),
        "{ran}"
    );
    let ran = xtask(&[
        "conform",
        "--role",
        "dm-server",
        "--variant",
        "commands-in-sequence",
        "--only",
        "dm.envelope.managed-session",
    ]);
    assert_eq!(ran.code, Some(0), "OMA DM knows it: {ran}");
}
