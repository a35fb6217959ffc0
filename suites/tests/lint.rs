//! Each mistake that the linter finds, made alone in a small suite that is right otherwise.

use assay_suites::{Catalogue, lint};
use rstest::{Context, rstest};

/// One requirement with a rule, one judged by a case alone, two cases.
const RIGHT: &str = r"# yaml-language-server: $schema=../schema/suite.json
assay: 1
role: dm-server
chapter: dm.small
standard: A standard
requirements:
  - id: dm.small.rule
    must: Every reply says so.
    ref: A standard 1.1
    each: reply
    holds: |
      reply.says
    dies-by: [silent]
  - id: dm.small.asked
    should: A question is answered.
    ref: A standard 1.2
    aka: [DM-SRV-001]
    dies-by: [no-answer]
  - id: dm.small.secret
    must: Secrets are kept.
    ref: A standard 1.3
    untestable: Nothing of it shows on the wire.
cases:
  - id: dm.small.plain
    does: Asks in the usual way.
    proves: [dm.small.rule]
    steps:
      - package-1: {}
  - id: dm.small.question
    does: Asks a question.
    proves: [dm.small.asked, dm.small.rule]
    control: dm.small.plain
    over: {version: ['1.1', '1.2']}
    steps:
      - package-1: {}
      - given: {golden: dm/security/challenged-md5}
      - package-1: {again: true}
      - expect: {golden: dm/security/refused}
";

fn linted(files: &[(&str, &str)]) -> String {
    let files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let catalogue = Catalogue::from_sources(files).expect("only the linter finds these");
    let found = lint::check(&catalogue);
    found
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_suite_that_is_right_has_nothing_to_tell() {
    assert_eq!(linted(&[("dm/small.yaml", RIGHT)]), "");
}

#[rstest]
// The file.
#[case::no_schema_line("# yaml-language-server: $schema=../schema/suite.json\n", "")]
#[case::unknown_format_version("assay: 1", "assay: 2")]
#[case::chapter_without_family("chapter: dm.small", "chapter: small")]
#[case::chapter_of_another_family("role: dm-server", "role: cp-server")]
// Ids.
#[case::id_of_another_chapter("id: dm.small.secret", "id: dm.large.secret")]
#[case::id_not_in_kebab_case("id: dm.small.secret", "id: dm.small.Secret_2")]
#[case::id_given_twice("id: dm.small.secret", "id: dm.small.rule")]
#[case::id_of_a_case_given_to_a_requirement("id: dm.small.secret", "id: dm.small.plain")]
#[case::id_not_first(
    "  - id: dm.small.secret\n",
    "  - basis: read\n    id: dm.small.secret\n"
)]
// Sentences.
#[case::two_levels("must: Every", "should: Every reply.\n    must: Every")]
#[case::no_level("    must: Secrets are kept.\n", "")]
#[case::sentence_without_end("should: A question is answered.", "should: A question is answered")]
#[case::no_reference("ref: A standard 1.3", "ref: ''")]
#[case::prose_cut(
    "Nothing of it shows on the wire.",
    "Nothing of it shows. # on the wire"
)]
#[case::prose_cut_below(
    "Nothing of it shows on the wire.",
    "Nothing of it\n      shows. # on the wire"
)]
// Dispositions.
#[case::two_dispositions("untestable: N", "open: Later.\n    untestable: N")]
#[case::reason_without_words("untestable: Nothing of it shows on the wire.", "untestable: ''")]
#[case::untested_with_a_fault("untestable: N", "dies-by: [leak]\n    untestable: N")]
#[case::untested_with_a_rule(
    "untestable: N",
    "each: reply\n    holds: |\n      true\n    untestable: N"
)]
#[case::untested_but_proved("proves: [dm.small.rule]", "proves: [dm.small.rule, dm.small.secret]")]
#[case::tested_by_nothing(
    "    untestable: Nothing of it shows on the wire.\n",
    "    dies-by: [leak]\n"
)]
// Rules.
#[case::rule_in_a_plain_scalar("holds: |\n      reply.says", "holds: reply.says")]
#[case::rule_in_quotes("holds: |\n      reply.says", "holds: 'reply.says'")]
#[case::rule_in_a_folded_scalar("holds: |", "holds: >-")]
#[case::condition_in_a_plain_scalar("    holds: |", "    when: reply.asked\n    holds: |")]
#[case::rule_of_an_expect("golden: dm/security/refused", "holds: reply.refused")]
#[case::subject_without_a_rule("    holds: |\n      reply.says\n", "")]
#[case::rule_without_a_subject("    each: reply\n", "")]
#[case::condition_without_a_rule(
    "    dies-by: [no-answer]",
    "    when: |\n      true\n    dies-by: [no-answer]"
)]
#[case::always_without_a_rule(
    "    dies-by: [no-answer]",
    "    always: true\n    dies-by: [no-answer]"
)]
// Faults.
#[case::no_fault("    dies-by: [silent]\n", "")]
#[case::fault_of_two_requirements("[no-answer]", "[silent]")]
#[case::fault_not_in_kebab_case("[no-answer]", "[No answer]")]
// Rows.
#[case::row_given_twice("ref: A standard 1.3", "ref: A standard 1.3\n    aka: [DM-SRV-001]")]
#[case::row_that_is_not_there("DM-SRV-001", "DM-SRV-999")]
// Protocols.
#[case::exception_of_a_protocol_left_out(
    "ref: A standard 1.2",
    "ref: A standard 1.2\n    for: [dm-1.1]\n    except: [{for: dm-1.2, level: must, why: It is.}]"
)]
#[case::exception_that_changes_nothing(
    "ref: A standard 1.2",
    "ref: A standard 1.2\n    except: [{for: dm-1.2, level: should, why: It is.}]"
)]
#[case::case_of_another_family("Asks a question.", "Asks a question.\n    speaks: windows-mobile")]
// Cases.
#[case::description_without_end("Asks a question.", "Asks a question")]
#[case::unknown_requirement("[dm.small.asked, ", "[dm.small.aksed, dm.small.asked, ")]
#[case::requirement_named_twice("[dm.small.asked, ", "[dm.small.asked, dm.small.asked, ")]
#[case::nothing_proved("proves: [dm.small.rule]", "proves: []")]
#[case::nothing_judges("    proves: [dm.small.rule]\n", "    proves: [dm.small.asked]\n")]
#[case::unknown_control("control: dm.small.plain", "control: dm.small.plane")]
#[case::own_control("control: dm.small.plain", "control: dm.small.question")]
#[case::circle_of_controls(
    "proves: [dm.small.rule]",
    "proves: [dm.small.rule]\n    control: dm.small.question"
)]
#[case::unknown_value_of_an_axis("['1.1', '1.2']", "['1.1', '1.3']")]
#[case::value_of_an_axis_twice("['1.1', '1.2']", "['1.1', '1.1']")]
#[case::axis_without_values("['1.1', '1.2']", "[]")]
#[case::nothing_sent("      - package-1: {}\n  - id", "      - hook: {call: reset}\n  - id")]
#[case::looks_before_it_sends("      - package-1: {}\n      - given", "      - given")]
#[case::too_long(
    "      - package-1: {again: true}\n",
    "      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n      - answer: {}\n"
)]
// Steps.
#[case::unknown_golden("dm/security/refused", "dm/security/refuse")]
#[case::golden_of_another_kind("dm/security/refused", "dm/session/package-1")]
#[case::unknown_message("package-1: {again: true}", "send: {message: dm/session/package-9}")]
#[case::unknown_bytes(
    "package-1: {again: true}",
    "send: {bytes: dm/elsewhere/unknown-octets}"
)]
#[case::unknown_fragment("package-1: {again: true}", "package-1: {commands: dm/session/alerts}")]
#[case::nothing_to_send("package-1: {again: true}", "send: {}")]
#[case::two_things_to_send("package-1: {again: true}", "send: {text: x, filler: 3}")]
#[case::unknown_hook("package-1: {again: true}", "hook: {call: queue-comand}")]
#[case::nothing_to_look_at("expect: {golden: dm/security/refused}", "expect: {}")]
#[case::expect_of_another_requirement(
    "proves: [dm.small.asked, dm.small.rule]\n    control: dm.small.plain\n    over: {version: ['1.1', '1.2']}\n    steps:\n      - package-1: {}\n      - given: {golden: dm/security/challenged-md5}\n      - package-1: {again: true}\n      - expect: {",
    "proves: [dm.small.asked]\n    control: dm.small.plain\n    steps:\n      - package-1: {}\n      - expect: {of: dm.small.rule, "
)]
#[case::given_speaks_for_nothing("given: {", "given: {of: dm.small.asked, ")]
fn a_mistake_is_told(#[context] test: Context, #[case] right: &str, #[case] wrong: &str) {
    let broken = RIGHT.replacen(right, wrong, 1);
    assert_ne!(broken, RIGHT, "nothing was replaced");
    let found = linted(&[("dm/small.yaml", &broken)]);
    assert_ne!(found, "", "nothing was found");
    let name = test.description.unwrap_or("mistake");
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(format!("lint-{name}"), found);
    });
}

#[test]
fn a_further_statement_of_a_row_has_its_own_entry() {
    let wider = RIGHT.replacen(
        "ref: A standard 1.3",
        "ref: A 1\n    aka: [DM-SRV-001.2]",
        1,
    );
    assert_eq!(linted(&[("dm/small.yaml", &wider)]), "");
}

#[test]
fn a_case_that_speaks_what_nothing_of_it_holds_for_is_told() {
    let other = RIGHT.replace("ref: A standard 1.1", "ref: A 1\n    for: [dm-1.2]");
    let other = other.replacen("steps:", "speaks: windows-mdm\n    steps:", 1);
    let found = linted(&[("dm/small.yaml", &other)]);
    assert!(
        found.contains("nothing that it proves holds for windows-mdm"),
        "{found}"
    );
    let wider = other.replace("[dm-1.2]", "[dm-1.2, windows-mdm]");
    assert_eq!(linted(&[("dm/small.yaml", &wider)]), "");
}

#[test]
fn a_comment_beside_what_is_no_prose_is_nobodys_business() {
    let wider = RIGHT.replacen("each: reply", "each: reply   # the whole of it", 1);
    let wider = wider.replacen("holds: |", "holds: |   # in CEL", 1);
    assert_eq!(linted(&[("dm/small.yaml", &wider)]), "");
}

#[test]
fn a_long_suite_has_short_cases() {
    let step = "      - answer: {}\n";
    let longest = RIGHT.to_owned() + &step.repeat(25 - 10) + "\n# The end.\n";
    assert_eq!(linted(&[("dm/small.yaml", &longest)]), "");
    assert_ne!(linted(&[("dm/small.yaml", &(longest + step))]), "");
}

#[test]
fn mistakes_between_files_name_the_other_file() {
    let other = RIGHT.replace("dm.small.question", "dm.small.other");
    insta::assert_snapshot!(linted(&[("dm/a.yaml", RIGHT), ("dm/b.yaml", &other)]));
}

#[test]
fn the_manners_of_the_built_in_suites_are_not_the_meaning_of_a_run() {
    let meaning = |text: &str| {
        let files = [("own.yaml".to_owned(), text.to_owned())];
        lint::check_meaning(&Catalogue::from_sources(files).unwrap())
    };
    let mut own = RIGHT.to_owned();
    for (manner, without) in [
        ("# yaml-language-server: $schema=../schema/suite.json\n", ""),
        ("chapter: dm.small", "chapter: acme"),
        ("    dies-by: [silent]\n", ""),
        ("Asks a question.", "asks a question"),
        ("DM-SRV-001", "DM-SRV-999"),
        ("dm.small.secret", "ACME-4"),
    ] {
        assert_ne!(own, own.replacen(manner, without, 1), "{manner}");
        own = own.replacen(manner, without, 1);
    }
    assert_ne!(linted(&[("own.yaml", &own)]), "");
    assert_eq!(meaning(&own), []);
    let twice = own.replacen("id: ACME-4", "id: dm.small.rule", 1);
    assert_eq!(meaning(&twice).len(), 1);
    let unknown = own.replacen("control: dm.small.plain", "control: dm.small.plane", 1);
    assert_eq!(meaning(&unknown).len(), 1);
}

#[test]
fn a_case_judges_requirements_of_its_own_role() {
    let client = "# yaml-language-server: $schema=../schema/suite.json
assay: 1
role: cp-server
chapter: cp.small
standard: A standard
cases:
  - id: cp.small.case
    does: Pushes.
    proves: [dm.small.rule]
    control: dm.small.plain
    steps:
      - package-1: {}
";
    insta::assert_snapshot!(linted(&[
        ("cp/small.yaml", client),
        ("dm/small.yaml", RIGHT)
    ]));
}

#[test]
fn uncovered_rows_are_those_without_an_entry() {
    let files = [("dm/small.yaml".to_owned(), RIGHT.to_owned())];
    let uncovered = lint::uncovered_rows(&Catalogue::from_sources(files).unwrap());
    assert_eq!(uncovered.len(), 336);
    assert_eq!(
        uncovered.first().map(|row| (row.id, row.group)),
        Some(("DM-SRV-002", "dm A"))
    );
    assert_eq!(
        uncovered.last().map(|row| (row.id, row.group)),
        Some(("PULL-001", "cp 9.7"))
    );
}
