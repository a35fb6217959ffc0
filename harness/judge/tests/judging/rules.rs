//! Rules are checked before they meet a message, and what is wrong is shown where it stands.

use assay_judge::{Rules, page};
use assay_suites::Catalogue;
use rstest::rstest;

use crate::tape::{compiled, troubles};

fn requirement(each: &str, when: Option<&str>, holds: &str) -> String {
    let when = when
        .map(|when| format!("    when: |\n      {when}\n"))
        .unwrap_or_default();
    format!(
        "requirements:\n  - id: dm.test.one\n    must: It holds.\n    ref: R 1\n    each: {each}\n\
         {when}    holds: |\n      {holds}\n"
    )
}

#[test]
fn the_rules_of_this_build_compile() {
    let catalogue = Catalogue::embedded().expect("suites that load");
    if let Err(troubles) = Rules::compile(&catalogue) {
        let troubles: Vec<String> = troubles.iter().map(ToString::to_string).collect();
        panic!("{}", troubles.join("\n\n"));
    }
}

#[test]
fn a_typo_in_a_field_is_shown_with_its_line_and_column() {
    let text = requirement("header", None, "header.session_id == sent.header.sesion_id");
    let troubles = troubles(&text);
    assert_eq!((troubles[0].line, troubles[0].column), (11, 40));
    insta::assert_snapshot!(troubles[0].to_string());
}

#[test]
fn a_trouble_in_the_third_line_of_a_rule_stands_in_its_own_line() {
    let rule =
        "status.is_header ||\n        status.position > 0 &&\n          status.cmmd == \"x\"";
    let troubles = troubles(&requirement("status", None, rule));
    assert_eq!((troubles[0].line, troubles[0].column), (13, 18));
    insta::assert_snapshot!(troubles[0].to_string());
}

#[rstest]
#[case("status", "status.code == 200", "a text is never equal to a number")]
#[case("status", "status.code.foo == 1", "a text has no fields, so no `foo`")]
#[case(
    "status",
    "statuz.code == \"1\"",
    "nothing here is called `statuz`; there is status, command, exchange, reply, sent, session, profile"
)]
#[case(
    "reply",
    "reply.commands.all(c, c.nam == \"Get\")",
    "`command` has no field `nam`; did you mean `name`?"
)]
#[case(
    "reply",
    "reply.commands.filter(c, c.manages).all(d, d.foo)",
    "`command` has no field `foo`"
)]
#[case(
    "reply",
    "reply.commands.all(c, reply.commands.exists(d, d.position == c.position))",
    "a comprehension inside another costs their product: use a subject, a field or a function"
)]
#[case(
    "reply",
    "in_odrer(reply.names, [\"a\"])",
    "there is no function `in_odrer`; did you mean `in_order`?"
)]
#[case("reply", "in_order(reply.names, 3)", "`in_order` does not take this")]
#[case(
    "reply",
    "has(reply.fin)",
    "`message.fin` is always there, `has()` says nothing"
)]
#[case(
    "reply",
    "size(reply.names)",
    "a rule is true or false, this is a number"
)]
#[case(
    "reply",
    "reply.header.msg_id == \"1\"",
    "`reply.header` may be absent: ask `has(reply.header)` first"
)]
#[case(
    "status",
    "status.code != \"500\"",
    "`status.code` may be absent: ask `has(status.code)` first"
)]
#[case(
    "status",
    "status.is_header || status.code == \"500\"",
    "`status.code` may be absent: ask `has(status.code)` first"
)]
#[case(
    "header",
    "header.source == session.source",
    "`session.source` may be absent: ask `has(session.source)` first"
)]
#[case(
    "header",
    "header.msg_id.matches(\"[\")",
    "no regular expression: unclosed character class"
)]
#[case(
    "header",
    "header.msg_id.matches(header.session_id)",
    "`matches` takes a text that is written out in the rule"
)]
#[case(
    "header",
    "header.msg_id in [1, 2]",
    "a text is never in a list of a number"
)]
#[case(
    "header",
    "exchange.has_note(\"x\") && header.has_note(\"x\")",
    "`has_note` does not take this"
)]
#[case(
    "header",
    "header.no_resp + 1 == 2",
    "a truth and a number do not add up"
)]
#[case(
    "headers",
    "true",
    "no such subject; there is exchange, reply, header, command, status, results, alert, item, challenge, cred, mac, meta, element, note, session"
)]
fn what_cannot_be_meant_does_not_compile(
    #[case] each: &str,
    #[case] holds: &str,
    #[case] message: &str,
) {
    assert_eq!(
        troubles(&requirement(each, None, holds))[0].message,
        message
    );
}

#[test]
fn an_expression_that_is_none_is_shown_where_it_breaks() {
    let troubles = troubles(&requirement("header", None, "header.msg_id == == \"1\""));
    insta::assert_snapshot!(troubles[0].to_string());
}

#[test]
fn what_when_asks_need_not_be_asked_again() {
    let when = Some("has(session.source)");
    let text = requirement("header", when, "header.source == session.source");
    assert!(compiled("dm/test.yaml", &crate::tape::suite(&text)).is_ok());
}

#[test]
fn a_rule_without_a_subject_does_not_compile() {
    let text = "requirements:\n  - id: dm.test.one\n    must: It holds.\n    ref: R 1\n    holds: |\n      true\n";
    assert_eq!(
        troubles(text)[0].message,
        "a rule needs `each`: the subject that it looks at"
    );
}

#[rstest]
#[case("expect: {}", "says nothing: it needs `golden` or `holds`")]
#[case("expect: {golden: dm/nothing/here}", "there is no golden of this name")]
fn an_expectation_that_asks_nothing_does_not_compile(#[case] step: &str, #[case] message: &str) {
    let text = format!(
        "requirements:\n  - {{id: dm.test.one, must: It holds., ref: R 1}}\ncases:\n  \
         - id: dm.test.case\n    does: Plays.\n    proves: [dm.test.one]\n    steps:\n      \
         - package-1: {{}}\n      - {step}\n"
    );
    assert_eq!(troubles(&text)[0].message, message);
}

#[test]
fn the_page_about_subjects_is_the_one_that_is_checked_in() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/SUBJECTS.md");
    if std::env::var_os("UPDATE_SUBJECTS").is_some() {
        std::fs::write(path, page()).expect("a file that can be written");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let hint = "run the tests of this crate with UPDATE_SUBJECTS=1";
    assert!(
        written == page(),
        "SUBJECTS.md is not what the tables say: {hint}"
    );
}
