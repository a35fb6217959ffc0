//! Answers of the device management service, good and bad, against the rules of the suites: a good
//! one breaks nothing, a bad one breaks what its vector announces and nothing else. What else a
//! server may make of a poll or a download is named too.

use std::collections::BTreeSet;

use assay_judge::{By, Rules, judge};
use assay_suites::Catalogue;
use assay_suites::vectors::{Kind, Vector, all, get};
use assay_wire::recording::Recording;
use rstest::rstest;

use crate::pull::{Tape, ok};
use crate::tape::profile;

const MARKS: &str = "X-Device-Auth: t2\r\nX-Device-Timestamp: now\r\n";

/// The document of a vector.
fn document(vector: &Vector) -> String {
    let octets = vector.bytes().expect(vector.path);
    String::from_utf8(octets.into_owned()).expect(vector.path)
}

/// A case run in which this is answered, as far as it needs what goes before.
fn played(vector: &Vector) -> Tape {
    let generation = match vector.announced("generation") {
        "" => "5.0",
        named => named,
    };
    let mut tape = Tape::new(generation);
    let good = |name| document(&get(name).expect(name));
    let poll = good("pull/device-poll/full");
    let answer = document(vector);
    match vector.name.split('/').nth(1) {
        Some("poll-response") => tape.post("Poll", &poll, &answer),
        Some("instructions") => {
            tape.post("Poll", &poll, &good("pull/poll-response/full"));
            let ask = good("pull/instructions-request/minimal");
            tape.post("InstructionRequest", &ask, &answer);
        }
        Some("package-location") => {
            tape.post("Poll", &poll, &good("pull/poll-response/full"));
            let ask = good("pull/location-request/full");
            tape.post("LocationRequest", &ask, &answer);
        }
        _ => {}
    }
    tape
}

/// What the rules of the suites say that a case run broke.
fn broken(recording: &Recording) -> Vec<String> {
    let catalogue = Catalogue::embedded().expect("suites that load");
    let Ok(rules) = Rules::compile(&catalogue) else {
        panic!("the rules of the suites do not compile");
    };
    broken_by(&catalogue, &rules, recording)
}

fn broken_by(catalogue: &Catalogue, rules: &Rules, recording: &Recording) -> Vec<String> {
    let (_, case) = catalogue.case("pull.robustness.answers").expect("a case");
    let judgement = judge(rules, catalogue, case, &profile(), recording);
    let breaches = judgement
        .findings
        .iter()
        .filter(|it| it.by == By::Monitor && it.is_breach());
    let ids: BTreeSet<&str> = breaches.map(|it| it.requirement.as_str()).collect();
    ids.into_iter().map(str::to_owned).collect()
}

#[rstest]
#[case::html(
    ok("text/html", MARKS, "<html><body>Sorry</body></html>"),
    "pull.poll.answered"
)]
#[case::nothing(ok("text/xml", MARKS, ""), "pull.poll.answered")]
#[case::other_xml(ok("text/xml", MARKS, "<rss/>"), "pull.poll.answered")]
#[case::redirect(b"HTTP/1.1 302 Found\r\nLocation: /dm\r\nContent-Length: 0\r\n\r\n".to_vec(), "pull.poll.answered")]
#[case::error(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n".to_vec(), "pull.poll.answered")]
#[case::endless(ok("text/xml", MARKS, &endless()), "pull.robustness.bounded-answers")]
fn what_a_server_makes_of_a_poll_is_named(#[case] answer: Vec<u8>, #[case] id: &str) {
    let mut tape = Tape::new("5.0");
    let fields = "X-Device-UUID: u\r\nX-Device-Action: Poll\r\n";
    let poll = document(&get("pull/device-poll/full").expect("a vector"));
    tape.exchange("POST /dm", fields, &poll, &answer);
    assert_eq!(broken(&tape.done()), [id]);
}

/// A list of a hundred thousand packages.
fn endless() -> String {
    let ids: Vec<String> = (0..100_000)
        .map(|id| format!("<Package ID=\"{id}\"/>"))
        .collect();
    let ids = ids.concat();
    format!("<PollResponse><ApplicablePackages>{ids}</ApplicablePackages></PollResponse>")
}

fn part(range: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 206 P\r\nContent-Range: bytes {range}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

#[rstest]
#[case::right("", ok("x/y", "", "abcdef"), "")]
#[case::shorter("", ok("x/y", "", "abc"), "pull.location.package-size")]
#[case::longer("", ok("x/y", "", "abcdefg"), "pull.location.package-size")]
#[case::cut("", b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc".to_vec(), "pull.location.whole")]
#[case::html("", ok("text/html", "", "<html>"), "pull.location.fetched")]
#[case::redirect("", b"HTTP/1.1 302 F\r\nLocation: /packages/1/a.cab\r\nContent-Length: 0\r\n\r\n".to_vec(), "pull.location.fetched")]
#[case::right_part("Range: bytes=2-3\r\n", part("2-3/6", "cd"), "")]
#[case::from_later(
    "Range: bytes=2-3\r\n",
    part("2-3/6", "de"),
    "pull.location.range-asked"
)]
#[case::of_later(
    "Range: bytes=2-3\r\n",
    part("3-4/6", "de"),
    "pull.location.range-asked"
)]
#[case::unsaid("Range: bytes=2-3\r\n", part("*/6", "cd"), "pull.location.range-asked")]
#[case::too_much(
    "Range: bytes=2-3\r\n",
    part("2-4/6", "cde"),
    "pull.location.range-asked"
)]
fn what_a_server_makes_of_a_download_is_named(
    #[case] range: &str,
    #[case] answer: Vec<u8>,
    #[case] id: &str,
) {
    let mut tape = Tape::new("5.0");
    let good = |name| document(&get(name).expect(name));
    let ask = good("pull/instructions-request/minimal");
    let instructions = good("pull/instructions/full").replace("4096", "6");
    tape.post("InstructionRequest", &ask, &instructions);
    let ask = good("pull/location-request/full");
    let located = good("pull/package-location/minimal");
    let located = located.replace("http://dp.example.test/pkg/", "http://h/packages/1/");
    tape.post("LocationRequest", &ask, &located);
    if !range.is_empty() {
        tape.get("", &ok("x/y", "", "abcdef"));
    }
    tape.get(range, &answer);
    let broken = broken(&tape.done());
    assert_eq!(broken.join(" "), id);
}

#[test]
fn answers_break_what_they_announce_and_nothing_else() {
    let catalogue = Catalogue::embedded().expect("suites that load");
    let Ok(rules) = Rules::compile(&catalogue) else {
        panic!("the rules of the suites do not compile");
    };
    let mut others = Vec::new();
    let mut seen = BTreeSet::new();
    for vector in all().filter(|vector| vector.kind == Kind::Document) {
        let recording = played(&vector).done();
        if recording.events.is_empty() {
            continue;
        }
        let ids = broken_by(&catalogue, &rules, &recording);
        if ids.join(" ") != vector.announced("breaks") {
            others.push(format!("{} {}", vector.path, ids.join(" ")));
        }
        seen.extend(ids);
    }
    assert!(others.is_empty(), "{others:#?}");
    assert!(seen.len() > 15, "{seen:?}");
}
