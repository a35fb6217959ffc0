//! JUnit XML, as CI systems read it.
//!
//! Written here: the crate for it brings a second quick-xml and a second date library.
//! Cases make a suite a chapter; tested requirements make a suite of their own, since monitors find
//! breaches in cases that pass; what concerns the run as a whole makes the last one. So there is a
//! `failure` or an `error` exactly where the run did not come to an exit code of zero.
//!
//! A breach is a `failure`; a fault of the harness and what could not be judged an `error`; what
//! stands outside is `skipped`.

use std::collections::BTreeMap;
use std::io;

use assay_run::{CaseResult, FindingResult, RequirementResult, State, Summary};
use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};

use crate::text::printable;

/// One `testcase`.
struct Test {
    class: String,
    name: String,
    state: State,
    micros: u64,
    message: String,
    lines: Vec<String>,
}

/// The summary as JUnit XML.
///
/// # Errors
///
/// Only where memory cannot be written to.
pub fn junit(summary: &Summary) -> io::Result<String> {
    let mut chapters: BTreeMap<&str, Vec<Test>> = BTreeMap::new();
    for case in &summary.cases {
        let chapter = case.id.rsplit_once('.').map_or("", |(chapter, _)| chapter);
        chapters
            .entry(chapter)
            .or_default()
            .push(of_case(chapter, case));
    }
    let mut suites: Vec<(&str, Vec<Test>)> = chapters.into_iter().collect();
    let requirements = summary.requirements.iter();
    suites.push((
        "requirements",
        requirements
            .filter_map(|requirement| of_requirement(summary, requirement))
            .collect(),
    ));
    suites.push(("run", of_run(summary)));
    suites.retain(|(_, tests)| !tests.is_empty());

    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let all = suites.iter().flat_map(|(_, tests)| tests);
    let start = counted(BytesStart::new("testsuites"), "assay", all);
    writer.write_event(Event::Start(start))?;
    for (name, tests) in &suites {
        let start = counted(BytesStart::new("testsuite"), name, tests.iter());
        writer.write_event(Event::Start(start))?;
        for test in tests {
            write(&mut writer, test)?;
        }
        writer.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    writer.write_event(Event::End(BytesEnd::new("testsuites")))?;
    let text = String::from_utf8(writer.into_inner()).map_err(io::Error::other)?;
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}\n"
    ))
}

fn of_case(chapter: &str, case: &CaseResult) -> Test {
    let wrong: Vec<&FindingResult> = case
        .findings
        .iter()
        .filter(|finding| finding.verdict != State::Pass)
        .collect();
    let mut lines = case.reasons.clone();
    lines.extend(case.diff.iter().cloned());
    for finding in &wrong {
        lines.push(format!(
            "{} {}: {}",
            finding.verdict, finding.requirement, finding.message
        ));
        lines.push(format!("  expected {}", finding.expected));
        lines.push(format!("  received {}", finding.received));
        lines.extend(finding.diff.iter().map(|line| format!("  {line}")));
        lines.extend(finding.known.iter().map(|why| format!("  known: {why}")));
    }
    let own = wrong.iter().find(|finding| finding.by == "case");
    let message = own.map(|finding| finding.message.clone());
    Test {
        class: chapter.to_owned(),
        name: case.name(),
        state: case.verdict,
        micros: case.micros,
        message: message.unwrap_or_else(|| case.reasons.join("; ")),
        lines,
    }
}

/// A tested requirement; none where it is not tested.
fn of_requirement(summary: &Summary, requirement: &RequirementResult) -> Option<Test> {
    let state = requirement.verdict?;
    let mut lines = requirement.reasons.clone();
    for case in &summary.cases {
        let findings = case.findings.iter();
        let own = findings.filter(|it| {
            it.requirement == requirement.id && it.verdict != State::Pass && it.known.is_none()
        });
        lines.extend(own.map(|finding| format!("{}: {}", case.name(), finding.message)));
    }
    Some(Test {
        class: "requirements".to_owned(),
        name: requirement.id.clone(),
        state,
        micros: 0,
        message: format!("{} ({})", requirement.says, requirement.r#ref),
        lines,
    })
}

/// What no case and no requirement shows, but counts.
fn of_run(summary: &Summary) -> Vec<Test> {
    let test = |name: &str, state, message: String| Test {
        class: "run".to_owned(),
        name: name.to_owned(),
        state,
        micros: 0,
        message,
        lines: Vec::new(),
    };
    let mut tests: Vec<Test> = summary
        .stale
        .iter()
        .map(|entry| test("baseline", State::Fail, format!("{entry} matches nothing")))
        .collect();
    if summary.interrupted {
        let why = "interrupted: what was not played is missing";
        tests.push(test("interrupted", State::Inconclusive, why.to_owned()));
    }
    let requirements = summary.requirements.iter().filter_map(|it| it.verdict);
    let mut states = summary
        .cases
        .iter()
        .map(|case| case.verdict)
        .chain(requirements);
    if states.all(State::is_outside) {
        let why = "nothing was judged";
        tests.push(test("nothing", State::Inconclusive, why.to_owned()));
    }
    tests
}

fn counted<'a, 't>(
    mut start: BytesStart<'a>,
    name: &str,
    tests: impl Iterator<Item = &'t Test> + Clone,
) -> BytesStart<'a> {
    let of = |wanted: &str| {
        let tests = tests.clone();
        tests
            .filter(|test| element(test.state) == Some(wanted))
            .count()
            .to_string()
    };
    start.push_attribute(("name", name));
    start.push_attribute(("tests", tests.clone().count().to_string().as_str()));
    start.push_attribute(("failures", of("failure").as_str()));
    start.push_attribute(("errors", of("error").as_str()));
    start.push_attribute(("skipped", of("skipped").as_str()));
    let micros: u64 = tests.map(|test| test.micros).sum();
    start.push_attribute(("time", seconds(micros).as_str()));
    start
}

fn write(writer: &mut Writer<Vec<u8>>, test: &Test) -> io::Result<()> {
    let mut start = BytesStart::new("testcase");
    start.push_attribute(("classname", test.class.as_str()));
    start.push_attribute(("name", printable(&test.name).as_str()));
    start.push_attribute(("time", seconds(test.micros).as_str()));
    let name = match element(test.state) {
        Some(name) => name,
        None if test.lines.is_empty() => return writer.write_event(Event::Empty(start)),
        // A warning, or what monitors saw in a case that passed.
        None => "system-out",
    };
    writer.write_event(Event::Start(start))?;
    let mut inside = BytesStart::new(name);
    if name != "system-out" {
        inside.push_attribute(("message", printable(&test.message).as_str()));
    }
    if matches!(name, "failure" | "error") {
        inside.push_attribute(("type", test.state.name()));
    }
    writer.write_event(Event::Start(inside))?;
    let lines = printable(&test.lines.join("\n"));
    writer.write_event(Event::Text(BytesText::new(&lines)))?;
    writer.write_event(Event::End(BytesEnd::new(name)))?;
    writer.write_event(Event::End(BytesEnd::new("testcase")))
}

fn element(state: State) -> Option<&'static str> {
    match state {
        State::Pass | State::Warn => None,
        State::Fail => Some("failure"),
        State::Inconclusive | State::Blocked | State::Error => Some("error"),
        State::NotApplicable | State::Unreached => Some("skipped"),
    }
}

fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}
