//! Wrong usage: exit code 2, nothing played, and a message that says what to mend.

use insta::assert_snapshot;
use rstest::rstest;

use crate::tool::{file, folder, xtask};

#[rstest]
#[case::a_pattern_for_nothing("a-pattern-for-nothing", &["--only", "dm.none.*"])]
#[case::a_skip_for_nothing("a-skip-for-nothing", &["--skip", "dm.none.*"])]
#[case::no_pattern("no-pattern", &["--only", "dm.[a"])]
#[case::a_fault_that_is_none("a-fault-that-is-none", &["--fault", "nonce-constnat"])]
#[case::a_variant_that_is_none("a-variant-that-is-none", &["--variant", "chunkd"])]
#[case::a_role_that_is_none("a-role-that-is-none", &["--role", "dm-sever"])]
#[case::a_role_without_suite("a-role-without-suite", &["--role", "dm-client"])]
#[case::no_url("no-url", &["--target", "127.0.0.1/dm"])]
#[case::another_scheme("another-scheme", &["--target", "ftp://127.0.0.1/dm"])]
#[case::no_field("no-field", &["--target", "http://127.0.0.1:9/dm", "--header", "Nothing"])]
#[case::two_passwords("two-passwords", &["--password", "a", "--password-file", "b"])]
#[case::a_fault_of_another("a-fault-of-another", &["--target", "http://a/", "--fault", "b"])]
#[case::a_fault_of_another_role(
    "a-fault-of-another-role",
    &["--role", "pull-server", "--fault", "challenge-without-nonce"]
)]
#[case::a_device_for_the_built_in_servers("a-device-for-the-built-in", &["--device", "assay-a"])]
#[case::one_user_for_two_devices(
    "one-user-for-two-devices",
    &["--target", "http://127.0.0.1:9/dm", "--device", "a", "--device", "b", "--user", "a"]
)]
#[case::a_password_in_the_url("a-password-in-the-url", &["--target", "http://me:secret@a/dm"])]
#[case::a_space_in_the_url("a-space-in-the-url", &["--target", "http://a/d m"])]
#[case::a_field_of_the_harness(
    "a-field-of-the-harness",
    &["--target", "http://127.0.0.1:9/dm", "--header", "content-length: 3"]
)]
#[case::no_field_name(
    "no-field-name",
    &["--target", "http://127.0.0.1:9/dm", "--header", "My Key: secret"]
)]
#[case::two_lines_in_a_field(
    "two-lines-in-a-field",
    &["--target", "http://127.0.0.1:9/dm", "--header", "Key: a\r\nOther: secret"]
)]
#[case::nothing_left("nothing-left", &["--only", "dm.http.*", "--skip", "*"])]
#[case::a_report_of_a_plan("a-report-of-a-plan", &["--plan", "--report", "there"])]
#[case::a_skip_of_a_requirement("a-skip-of-a-requirement", &["--skip", "DM-SRV-121"])]
#[case::a_requirement_without_case("a-requirement-without-case", &["--only", "dm.session.long-pause"])]
#[case::cases_of_another_role(
    "cases-of-another-role",
    &["--target", "http://127.0.0.1:9/dm", "--role", "pull-server", "--only", "dm.*"]
)]
#[case::no_time("no-time", &["--timeout", "0"])]
#[case::no_number("no-number", &["--jobs", "many"])]
#[case::no_job("no-job", &["--jobs", "0"])]
#[case::no_suites("no-suites", &["--suites", "/no/such/folder"])]
#[case::no_profile("no-profile", &["--profile", "/no/such/profile.yaml"])]
#[case::no_roots("no-roots", &["--target", "http://127.0.0.1:9/dm", "--ca", "/no/roots.pem"])]
#[case::no_password_file(
    "no-password-file",
    &["--target", "http://127.0.0.1:9/dm", "--device", "a", "--password-file", "/no/secret.txt"]
)]
fn what_is_given_is_wrong(#[case] name: &str, #[case] args: &[&str]) {
    let ran = xtask(&[&["conform"], args].concat());
    assert_eq!(ran.code, Some(2), "{ran}");
    assert_snapshot!(name, ran);
}

#[rstest]
#[case::a_slip(
    "a-slip",
    "assay: 1\ntarget: {url: 'http://127.0.0.1:9/dm'}\nclaims: {version: ['1.2']}\n"
)]
#[case::a_wrong_type("a-wrong-type", "assay: 1\ntarget:\n  url: [1, 2]\n")]
#[case::a_wrong_value("a-wrong-value", "assay: 1\nclaims: {auth: [md6]}\n")]
#[case::a_baseline_for_nothing(
    "a-baseline-for-nothing",
    "assay: 1\ntarget: {url: 'http://127.0.0.1:9/dm'}\nbaseline:\n  \
     - {requirement: dm.http.status-2000, case: dm.session.hello, why: Known.}\n"
)]
#[case::a_field_that_is_none("a-field-that-is-none", "assay: 1\ncolour: blue\n")]
#[case::no_yaml("no-yaml", "assay: 1\ntarget: {url: 'http://127.0.0.1:9/dm'\n")]
#[case::nothing("nothing", "")]
#[case::an_empty_password(
    "an-empty-password",
    "assay: 1\ntarget: {url: 'http://127.0.0.1:9/dm'}\n\
     devices: [{id: a, user: a, password: {text: ''}}]\n"
)]
#[case::no_url_in_it("no-url-in-it", "assay: 1\n")]
#[case::a_base_that_is_none("a-base-that-is-none", "assay: 1\nextends: windows-mdn\n")]
#[case::a_variable_that_is_not_set(
    "a-variable-that-is-not-set",
    "assay: 1\ntarget: {url: 'http://127.0.0.1:9/dm'}\n\
     devices: [{id: a, user: a, password: {env: ASSAY_NO_SUCH_VARIABLE}}]\n"
)]
#[case::roots_that_are_none(
    "roots-that-are-none",
    "assay: 1\ntarget: {url: 'https://127.0.0.1:9/dm', ca: mine.yaml}\n"
)]
#[case::a_certificate_that_is_none(
    "a-certificate-that-is-none",
    "assay: 1\ntarget: {url: 'https://127.0.0.1:9/dm', client-cert: mine.yaml}\n"
)]
fn a_profile_is_wrong(#[case] name: &str, #[case] text: &str) {
    let path = file(&format!("profile-{name}"), "mine.yaml", text);
    let ran = xtask(&["conform", "--profile", &path]);
    assert_eq!(ran.code, Some(2), "{ran}");
    assert_snapshot!(format!("profile-{name}"), ran);
}

#[rstest]
#[case::no_yaml("no-yaml", "assay: 1\nrequirements: [\n")]
#[case::a_slip(
    "a-slip",
    "assay: 1\nrole: dm-server\nchapter: dm.x\nstandard: X\nrequirments: []\n"
)]
#[case::a_rule_that_is_none(
    "a-rule-that-is-none",
    "assay: 1\nrole: dm-server\nchapter: dm.session\nstandard: X\nrequirements:\n  \
     - id: dm.session.odd\n    must: It is odd.\n    ref: X 1\n    each: reply\n    \
     holds: |\n      reply.fromat == 1\n    dies-by: [odd]\n"
)]
#[case::an_id_given_twice(
    "an-id-given-twice",
    "assay: 1\nrole: dm-server\nchapter: mine\nstandard: X\ncases:\n  \
     - {id: mine.a, does: Asks, proves: [mine.r], steps: [{package-1: {}}]}\n  \
     - {id: mine.a, does: Asks again, proves: [mine.r], steps: [{package-1: {}}]}\n\
     requirements:\n  - id: mine.r\n    must: It answers\n    ref: X\n    each: reply\n    \
     holds: |\n      true\n"
)]
#[case::a_control_that_is_none(
    "a-control-that-is-none",
    "assay: 1\nrole: dm-server\nchapter: mine\nstandard: X\ncases:\n  \
     - {id: mine.a, does: Asks, control: mine.b, proves: [mine.r], steps: [{package-1: {}}]}\n\
     requirements:\n  - id: mine.r\n    must: It answers\n    ref: X\n    each: reply\n    \
     holds: |\n      true\n"
)]
fn a_suite_is_wrong(#[case] name: &str, #[case] text: &str) {
    let path = folder(&format!("suites-{name}"));
    std::fs::create_dir_all(path.join("dm")).expect("a folder");
    std::fs::write(path.join("dm/01-odd.yaml"), text).expect("a file");
    let ran = xtask(&["conform", "--suites", &path.display().to_string()]);
    assert_eq!(ran.code, Some(2), "{ran}");
    assert_snapshot!(format!("suites-{name}"), ran);
}

#[test]
fn a_suite_in_manners_of_its_own_is_played() {
    let text = "assay: 1\nrole: dm-server\nchapter: mine\nstandard: X\nrequirements:\n  \
         - id: ACME-1\n    must: the server answers\n    ref: X\n    each: reply\n    \
         holds: |\n      true\ncases:\n  \
         - {id: acme, does: asks, proves: [ACME-1], steps: [{package-1: {}}]}\n";
    let path = file("suites-own", "mine.yaml", text);
    let folder = path.strip_suffix("/mine.yaml").expect("a file in a folder");
    let ran = xtask(&["conform", "--suites", folder]);
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(ran.out.contains("requirements  1 tested: 1 pass"), "{ran}");
}

#[test]
fn a_folder_without_suites() {
    let path = folder("suites-none").display().to_string();
    assert_snapshot!(xtask(&["conform", "--suites", &path]));
}

#[test]
fn a_report_that_cannot_be_written_is_found_before_anything_is_played() {
    let path = file("no-folder", "report", "a file");
    let ran = xtask(&["conform", "--report", &path]);
    assert_snapshot!(ran);
    let ran = xtask(&["prove", "--report", &path, "--only", "nonce-constant"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran}");
}

#[rstest]
#[case::prove("prove", &["prove", "--only", "nonce-constnat"])]
#[case::serve("serve", &["serve", "--fault", "nonce-constnat"])]
#[case::explain("explain", &["explain", "dm.security.challenge-has-nonse"])]
#[case::list("list", &["list", "--only", "dm.none.*"])]
#[case::decode("decode", &["decode", "/no/such/file"])]
#[case::verb("verb", &["conforn"])]
fn another_verb_is_used_wrongly(#[case] name: &str, #[case] args: &[&str]) {
    let ran = xtask(args);
    assert_eq!(ran.code, Some(2), "{ran}");
    assert_snapshot!(format!("verb-{name}"), ran);
}

#[test]
fn a_device_that_the_profile_does_not_describe() {
    let profile = file(
        "device-unknown",
        "mine.yaml",
        "assay: 1\ntarget: {url: 'http://127.0.0.1:9/dm'}\n\
         devices: [{id: assay-a, password: {text: a}}]\n",
    );
    let ran = xtask(&["conform", "--profile", &profile, "--device", "assay-b"]);
    assert_eq!(ran.code, Some(2), "{ran}");
    assert_snapshot!("a-device-that-the-profile-does-not-describe", ran);
    let known = xtask(&["conform", "--profile", &profile, "--device", "assay-a"]);
    assert!(
        known.err.contains("cannot judge"),
        "it goes as far as the target: {known}"
    );
}

#[test]
fn suites_without_a_case() {
    let text = "assay: 1\nrole: dm-server\nchapter: mine\nstandard: X\nrequirements:\n  \
         - {id: ACME-1, must: the server answers, ref: X, untestable: no}\n";
    let path = file("suites-caseless", "mine.yaml", text);
    let folder = path.strip_suffix("/mine.yaml").expect("a file in a folder");
    let ran = xtask(&["conform", "--suites", folder]);
    assert_eq!(ran.code, Some(2), "{ran}");
    assert!(ran.err.contains("these suites hold no case"), "{ran}");
}
