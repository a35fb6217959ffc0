//! What people get wrong in a file, and what they are told: a clear message, the file, the line,
//! the column and the source line. Nothing here may take long, either.

use std::path::PathBuf;

use assay_suites::{Catalogue, Diagnostic, profile};
use rstest::{Context, rstest};

const HEAD: &str = "assay: 1\nrole: dm-server\nchapter: dm.small\nstandard: A standard\n";
const CASE: &str = "cases:\n  - id: dm.small.case\n    does: Asks.\n    proves: []\n    steps:\n";

fn suite(text: &str) -> String {
    match Catalogue::from_sources([("dm/small.yaml".to_owned(), text.to_owned())]) {
        Ok(catalogue) => panic!("it loads: {:?}", catalogue.suites),
        Err(problems) => told(&problems),
    }
}

fn told(found: &[Diagnostic]) -> String {
    found
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

fn assert_told(name: &str, found: &str) {
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(format!("bad-{name}"), found);
    });
}

#[rstest]
#[case::slip_in_a_field("reqirements: []\n")]
#[case::unknown_field("colour: red\n")]
#[case::key_twice("chapter: dm.other\n")]
#[case::wrong_type("requirements: none\n")]
#[case::number_for_a_list_entry("requirements:\n  - 1\n")]
#[case::slip_in_a_word(
    "requirements:\n  - {id: dm.small.a, must: It is., ref: A 1, basis: reed}\n"
)]
#[case::field_missing("requirements:\n  - id: dm.small.a\n    must: It is.\n")]
#[case::colon_in_prose("requirements:\n  - id: dm.small.a\n    must: It answers: always.\n")]
#[case::rule_that_begins_with_a_bang("requirements:\n  - id: dm.small.a\n    holds: !reply.bad\n")]
#[case::null_for_a_text("requirements:\n  - id: ~\n")]
#[case::tab("requirements:\n\t- id: dm.small.a\n")]
#[case::not_closed("requirements: [{id: dm.small.a\n")]
#[case::second_document("---\nassay: 1\n")]
#[case::anchor("requirements: &all []\n")]
#[case::alias("requirements: *all\n")]
#[case::merge_key("<<: {cases: []}\n")]
#[case::tag("requirements: !python/object []\n")]
#[case::not_ascii("requirements:\n  - {id: dm.small.a, must: Grüße., reff: A 1}\n")]
fn a_bad_suite_is_told(#[context] test: Context, #[case] tail: &str) {
    assert_told(
        test.description.unwrap_or("suite"),
        &suite(&format!("{HEAD}{tail}")),
    );
}

#[rstest]
#[case::step_unknown("      - pakage-1: {}\n")]
#[case::step_bare("      - package-1\n")]
#[case::step_without_options("      - package-1:\n      - answer: {}\n")]
#[case::step_with_two_verbs("      - package-1: {}\n        answer: {}\n")]
#[case::step_with_an_unknown_option("      - package-1: {alert: 1200}\n")]
#[case::credentials_bare("      - package-1: {auth: basic}\n")]
#[case::credentials_unknown("      - package-1: {auth: {md6: {}}}\n")]
#[case::slip_in_a_value("      - package-1: {auth: {md5: {nonce: astext}}}\n")]
#[case::number_too_small("      - package-1: {max-msg-size: -1}\n")]
#[case::word_for_a_switch("      - package-1: {again: yes}\n")]
fn a_bad_step_is_told(#[context] test: Context, #[case] step: &str) {
    assert_told(
        test.description.unwrap_or("step"),
        &suite(&format!("{HEAD}{CASE}{step}")),
    );
}

#[rstest]
#[case::empty_file("")]
#[case::only_comments("# Nothing yet.\n\n")]
#[case::only_text("hello\n")]
#[case::control_characters("\u{0}\u{1}\u{2}")]
#[case::markup("<SyncML/>\n")]
fn what_is_no_suite_at_all_is_told(#[context] test: Context, #[case] text: &str) {
    assert_told(test.description.unwrap_or("file"), &suite(text));
}

#[test]
fn a_deep_file_is_refused_at_once() {
    assert_told(
        "deep-flow",
        &suite(&format!("{HEAD}requirements: {}\n", "[".repeat(50_000))),
    );
    let block: Vec<_> = (0..2000)
        .map(|n| format!("{}-", " ".repeat(n % 300)))
        .collect();
    let block = block.join("\n");
    assert!(suite(&block).contains("small.yaml:"));
    let nested: Vec<_> = (0..200).map(|n| format!("{}a:", " ".repeat(n))).collect();
    let nested = nested.join("\n");
    assert!(suite(&nested).contains("small.yaml:1:1"));
}

#[test]
fn a_bomb_of_aliases_is_refused_at_once() {
    let mut bomb = format!("{HEAD}requirements:\n  - &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, before) in "bcdefghij".chars().zip("abcdefghi".chars()) {
        let aliases = vec![format!("*{before}"); 9].join(", ");
        bomb.extend(["  - &", &name.to_string(), " [", &aliases, "]\n"]);
    }
    assert_told("alias-bomb", &suite(&bomb));
}

#[test]
fn a_huge_file_is_refused_at_once() {
    let huge = format!("{HEAD}requirements:\n{}", "  - {}\n".repeat(300_000));
    assert_told("huge-file", &suite(&huge));
    let many = format!("{HEAD}requirements: [{}]\n", "~,".repeat(200_000));
    assert!(suite(&many).contains("small.yaml:5:"));
    let long = format!("{HEAD}requirements: {}\n", "x".repeat(900_000));
    assert!(suite(&long).len() < 5000);
}

#[rstest]
#[case::profile_field_unknown("assay: 1\ntaget: {url: http://h/}\n")]
#[case::profile_wrong_type("assay: 1\ndevices: {id: a}\n")]
#[case::profile_key_twice("assay: 1\ntarget: {url: http://h/, url: http://i/}\n")]
#[case::profile_of_another_version("assay: 2\n")]
#[case::profile_url_without_scheme("assay: 1\ntarget:\n  url: dm.example/dm\n")]
#[case::profile_secure_url_plain("assay: 1\ntarget:\n  secure-url: http://dm.example/dm\n")]
#[case::profile_header_name("assay: 1\ntarget:\n  headers: {\"X Y\": z}\n")]
#[case::profile_header_of_the_harness("assay: 1\ntarget:\n  headers: {Host: other.example}\n")]
#[case::profile_header_of_two_lines("assay: 1\ntarget:\n  headers: {Key: \"a\\nOther: b\"}\n")]
#[case::profile_password_in_url("assay: 1\ntarget: {url: 'https://me:secret@dm.example/'}\n")]
#[case::profile_version_unknown("assay: 1\nclaims: {versions: [\"1.2\", \"1.3\"]}\n")]
#[case::profile_claims_nothing("assay: 1\nclaims: {encodings: []}\n")]
#[case::profile_auth_claims_nothing("assay: 1\nclaims: {auth: []}\n")]
#[case::profile_device_twice("assay: 1\ndevices:\n  - {id: phone-1}\n  - {id: phone-1}\n")]
#[case::profile_device_twice_in_a_line(
    "assay: 1\ndevices: [{id: a, password: {text: hunter2}}, {id: a}]\n"
)]
#[case::profile_device_without_id("assay: 1\ndevices:\n  - {user: joe}\n")]
#[case::profile_secret_bare("assay: 1\ndevices: [{id: a, password: hunter2}]\n")]
#[case::profile_hook_unknown("assay: 1\nhooks:\n  queue: {run: [./queue]}\n")]
#[case::profile_hook_empty("assay: 1\nhooks:\n  reset: {run: []}\n")]
#[case::profile_hook_url("assay: 1\nhooks:\n  reset: {http: {url: /admin/reset}}\n")]
#[case::profile_day(
    "assay: 1\nbaseline:\n  - {requirement: dm.a.b, why: Known., until: 2027-13-01}\n"
)]
#[case::profile_baseline_without_reason(
    "assay: 1\nbaseline:\n  - {requirement: dm.a.b, why: ''}\n"
)]
#[case::profile_extends_unknown("assay: 1\nextends: windows-mbm\n")]
#[case::profile_empty("")]
fn a_bad_profile_is_told(#[context] test: Context, #[case] text: &str) {
    let problem = profile::read("mine.yaml", text).unwrap_err();
    assert_told(test.description.unwrap_or("profile"), &problem.to_string());
}

#[rstest]
#[case::bare("    password: hunter2\n")]
#[case::bare_below("    password:\n      hunter2\n")]
#[case::two_ways("    password: {text: hunter2, env: X}\n")]
#[case::two_ways_below("    password:\n      text: hunter2\n      env: X\n")]
#[case::slip("    password: {txt: hunter2}\n")]
#[case::with_a_colon("    password: hunter2: 3\n")]
#[case::slip_in_the_key("    pasword: hunter2\n")]
#[case::slip_before_it("    usr: joe\n    password: hunter2\n")]
#[case::twice("    password: {text: hunter2, text: hunter2}\n")]
#[case::as_json("    \"password\": \"hunter2\"\n")]
#[case::with_a_space("    password : hunter2\n")]
#[case::a_list_below("    password:\n      text:\n        - hunter2\n")]
#[case::of_the_server("server:\n  id: s\n  \"password\": \"hunter2\"\n")]
#[case::of_a_header_field("target: {headers: {X-Api-Key: hunter2}, colour: blue}\n")]
#[case::of_a_list_of_them("target:\n  headers:\n    X-Api-Key: [hunter2]\n")]
#[case::of_a_hook(
    "hooks:\n  reset:\n    http: {url: 'http://a/', headers: {Authorization: hunter2}, colour: b}\n"
)]
fn a_secret_never_stands_in_a_message(#[case] tail: &str) {
    let text = format!("assay: 1\ndevices:\n  - id: a\n{tail}");
    let problem = profile::read("mine.yaml", &text).unwrap_err();
    assert!(
        !format!("{problem} {problem:?}").contains("hunter2"),
        "{problem}"
    );
    assert!(problem.line >= 4);
}

#[test]
fn a_file_that_is_no_text_or_is_not_there_is_told() {
    let folder = Folder::new("binary");
    folder.write("a.yaml", b"assay: 1\nrole: \xff\xfe\n");
    let problem = profile::load(folder.path("a.yaml")).unwrap_err();
    assert_eq!((problem.line, problem.column), (2, 7));
    assert_told("file-binary", &folder.without_path(&problem.to_string()));
    let problem = profile::load(folder.path("b.yaml")).unwrap_err();
    assert_told("file-missing", &folder.without_path(&problem.to_string()));
}

#[test]
fn every_broken_file_of_a_folder_is_told() {
    let folder = Folder::new("several");
    folder.write("a.yaml", b"assay: one\n");
    folder.write("b.yaml", HEAD.as_bytes());
    folder.write("c.yaml", b"\xff");
    folder.write("d.txt", b"no suite");
    let problems = Catalogue::from_dir(&folder.0).unwrap_err();
    assert_told("folder", &folder.without_path(&told(&problems)));
    let empty = Folder::new("empty");
    let problems = Catalogue::from_dir(&empty.0).unwrap_err();
    assert_told("folder-empty", &empty.without_path(&told(&problems)));
}

/// A folder of this test, gone after it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("assay-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    fn write(&self, file: &str, bytes: &[u8]) {
        std::fs::write(self.path(file), bytes).unwrap();
    }

    fn without_path(&self, text: &str) -> String {
        text.replace(&self.0.display().to_string(), "FOLDER")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
