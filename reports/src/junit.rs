//! JUnit XML, as CI systems read it.
//!
//! Written here: the crate for it brings a second quick-xml and a second date library.
//! A suite is a chapter; a breach is a `failure`, a fault of the harness or a case that could not
//! be judged is an `error`, what stands outside is `skipped`.

use std::collections::BTreeMap;
use std::io;

use assay_run::{CaseResult, State, Summary};
use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};

/// The summary as JUnit XML.
///
/// # Errors
///
/// Only where memory cannot be written to.
pub fn junit(summary: &Summary) -> io::Result<String> {
    let mut chapters: BTreeMap<&str, Vec<&CaseResult>> = BTreeMap::new();
    for case in &summary.cases {
        let chapter = case.id.rsplit_once('.').map_or("", |(chapter, _)| chapter);
        chapters.entry(chapter).or_default().push(case);
    }
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let all: Vec<&CaseResult> = summary.cases.iter().collect();
    writer.write_event(Event::Start(counted(
        BytesStart::new("testsuites"),
        "assay",
        &all,
    )))?;
    for (chapter, cases) in chapters {
        writer.write_event(Event::Start(counted(
            BytesStart::new("testsuite"),
            chapter,
            &cases,
        )))?;
        for case in cases {
            write_case(&mut writer, chapter, case)?;
        }
        writer.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    writer.write_event(Event::End(BytesEnd::new("testsuites")))?;
    let text = String::from_utf8(writer.into_inner()).map_err(io::Error::other)?;
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}\n"
    ))
}

fn counted<'a>(mut start: BytesStart<'a>, name: &str, cases: &[&CaseResult]) -> BytesStart<'a> {
    let of = |wanted: &str| {
        cases
            .iter()
            .filter(|case| element(case.verdict) == Some(wanted))
            .count()
    };
    let micros: u64 = cases.iter().map(|case| case.micros).sum();
    start.push_attribute(("name", name));
    start.push_attribute(("tests", cases.len().to_string().as_str()));
    start.push_attribute(("failures", of("failure").to_string().as_str()));
    start.push_attribute(("errors", of("error").to_string().as_str()));
    start.push_attribute(("skipped", of("skipped").to_string().as_str()));
    start.push_attribute(("time", seconds(micros).as_str()));
    start
}

fn write_case(writer: &mut Writer<Vec<u8>>, chapter: &str, case: &CaseResult) -> io::Result<()> {
    let mut start = BytesStart::new("testcase");
    start.push_attribute(("classname", chapter));
    start.push_attribute(("name", printable(&case.name()).as_str()));
    start.push_attribute(("time", seconds(case.micros).as_str()));
    let wrong: Vec<_> = case
        .findings
        .iter()
        .filter(|finding| finding.verdict != State::Pass)
        .collect();
    let Some(name) = element(case.verdict) else {
        if wrong.is_empty() {
            return writer.write_event(Event::Empty(start));
        }
        // What monitors saw in a case that passed belongs to its requirement; it is shown here.
        writer.write_event(Event::Start(start))?;
        writer.write_event(Event::Start(BytesStart::new("system-out")))?;
        writer.write_event(Event::Text(BytesText::new(&printable(&lines(case)))))?;
        writer.write_event(Event::End(BytesEnd::new("system-out")))?;
        return writer.write_event(Event::End(BytesEnd::new("testcase")));
    };
    writer.write_event(Event::Start(start))?;
    let mut reason = BytesStart::new(name);
    let first = wrong.first().map(|finding| finding.message.clone());
    let message = first.unwrap_or_else(|| case.reasons.join("; "));
    reason.push_attribute(("message", printable(&message).as_str()));
    reason.push_attribute(("type", case.verdict.name()));
    writer.write_event(Event::Start(reason))?;
    writer.write_event(Event::Text(BytesText::new(&printable(&lines(case)))))?;
    writer.write_event(Event::End(BytesEnd::new(name)))?;
    writer.write_event(Event::End(BytesEnd::new("testcase")))
}

fn lines(case: &CaseResult) -> String {
    let mut lines = case.reasons.clone();
    for finding in case
        .findings
        .iter()
        .filter(|finding| finding.verdict != State::Pass)
    {
        lines.push(format!(
            "{} {}: {}",
            finding.verdict, finding.requirement, finding.message
        ));
        lines.push(format!("  expected {}", finding.expected));
        lines.push(format!("  received {}", finding.received));
    }
    lines.join("\n")
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

/// XML has no way to say most control characters; a report says where one stood.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' => c,
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => '\u{FFFD}',
            c => c,
        })
        .collect()
}
