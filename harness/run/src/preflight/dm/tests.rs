//! First answers as they were recorded, and what a run would take them for.

use assay_wire::Span;
use assay_wire::recording::{Breakage, Event, Link, LinkId, Recording};
use rstest::rstest;

use super::super::came_back;
use super::*;

fn read_recording(recording: &Recording) -> (Answer, Option<String>) {
    read(came_back(recording))
}

fn status(code: &str, challenge: &str) -> String {
    format!(
        "<SyncML xmlns='SYNCML:SYNCML1.2'><SyncHdr><VerDTD>1.2</VerDTD></SyncHdr><SyncBody>\
         <Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd>{challenge}\
         <Data>{code}</Data></Status></SyncBody></SyncML>"
    )
}

fn challenge(kind: &str) -> String {
    format!("<Chal><Meta><Type xmlns='syncml:metinf'>{kind}</Type></Meta></Chal>")
}

fn http(status: &str, fields: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nServer: Some/1\r\nContent-Length: {length}\r\n{fields}\r\n{body}")
        .into_bytes()
}

fn recorded(octets: Vec<u8>, broke: Option<&str>) -> Recording {
    let span = Span::new(0, octets.len());
    let link = LinkId(0);
    let mut events = vec![(0, Event::Received { link, span })];
    events.extend(broke.map(|why| {
        let (how, why) = (Breakage::Closed, why.to_owned());
        (1, Event::Broke { link, how, why })
    }));
    Recording {
        links: vec![Link {
            r#in: octets,
            ..Link::default()
        }],
        events,
        ..Recording::default()
    }
}

const XML: &str = "Content-Type: application/vnd.syncml.dm+xml\r\n";

fn speaks(code: u64, challenges: &[Scheme]) -> Answer {
    Answer::Speaks {
        code: Some(code),
        challenges: challenges.to_vec(),
    }
}

#[rstest]
#[case::lets_in(&status("200", ""), speaks(200, &[]))]
#[case::md5(&status("407", &challenge("syncml:auth-md5")), speaks(407, &[Scheme::Md5]))]
#[case::basic(&status("401", &challenge("syncml:auth-basic")), speaks(401, &[Scheme::Basic]))]
#[case::unheard_of(&status("407", &challenge("syncml:auth-x")), speaks(407, &[]))]
#[case::another_version(&status("505", ""), Answer::Refuses("Status 505 for the header".to_owned()))]
#[case::not_allowed(&status("403", ""), Answer::Refuses("Status 403 for the header".to_owned()))]
#[case::without_status(
    "<SyncML><SyncHdr/><SyncBody/></SyncML>",
    Answer::Speaks { code: None, challenges: Vec::new() }
)]
fn a_message_speaks_or_refuses(#[case] body: &str, #[case] expected: Answer) {
    let (answer, server) = read_recording(&recorded(http("200 OK", XML, body), None));
    assert_eq!(answer, expected);
    assert_eq!(server.as_deref(), Some("Some/1"));
}

#[rstest]
#[case::media_type("415 Unsupported Media Type", "", "", "refuses: HTTP 415")]
#[case::accept("406 Not Acceptable", "", "", "refuses: HTTP 406")]
#[case::gone("404 Not Found", "", "<html/>", "strange: answers HTTP 404 Not Found")]
#[case::redirect(
    "301 Moved",
    "Location: /there\r\n",
    "",
    "strange: answers HTTP 301 Moved, to /there"
)]
#[case::empty("200 OK", XML, "", "strange: answers HTTP 200 with an empty body")]
#[case::html(
    "200 OK",
    "Content-Type: text/html\r\n",
    "<html/>",
    "strange: answers text/html, which is no SyncML message"
)]
#[case::no_type(
    "200 OK",
    "",
    "<SyncML/>",
    "strange: answers something without a media type, which is no SyncML message"
)]
fn anything_else_is_named(
    #[case] status: &str,
    #[case] fields: &str,
    #[case] body: &str,
    #[case] expected: &str,
) {
    let (answer, _) = read_recording(&recorded(http(status, fields, body), None));
    let text = match answer {
        Answer::Refuses(why) => format!("refuses: {why}"),
        Answer::Strange(why) => format!("strange: {why}"),
        other => format!("{other:?}"),
    };
    assert_eq!(text, expected);
}

#[test]
fn who_breaks_off_or_is_not_there_is_silent() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<Sync".to_vec();
    let (answer, _) = read_recording(&recorded(half, Some("closed by the target")));
    assert_eq!(answer, Answer::Silent("closed by the target".to_owned()));
    let refused = Event::Refused {
        step: 0,
        why: "nobody".to_owned(),
    };
    let recording = Recording {
        events: vec![(0, refused)],
        ..Recording::default()
    };
    assert_eq!(
        read_recording(&recording).0,
        Answer::Silent("nobody".to_owned())
    );
    let nothing = read_recording(&Recording::default()).0;
    assert_eq!(nothing, Answer::Silent("nothing was sent".to_owned()));
}

fn axes(version: &str, encoding: &str) -> Axes {
    BTreeMap::from([
        (Axis::Version, version.to_owned()),
        (Axis::Encoding, encoding.to_owned()),
    ])
}

#[rstest]
#[case::in_all(&["xml", "wbxml"], 2, &["1.2"])]
#[case::in_one_of_two(&["xml"], 2, &["1.1", "1.2"])]
#[case::in_the_only_one(&["xml"], 1, &["1.2"])]
fn a_version_is_dropped_where_every_encoding_of_it_is_refused(
    #[case] refused_in: &[&str],
    #[case] encodings: usize,
    #[case] left: &[&str],
) {
    let mut values = vec!["1.1".to_owned(), "1.2".to_owned()];
    let refused: Vec<_> = refused_in
        .iter()
        .map(|encoding| (axes("1.1", encoding), "Status 505".to_owned()))
        .collect();
    let mut assumed = Vec::new();
    let forms = values.len() * encodings;
    settle(&mut values, Axis::Version, forms, &refused, &mut assumed);
    assert_eq!(values, left);
    assert_eq!(assumed.len(), 2, "{assumed:?}");
}

#[test]
fn troubles_are_said_once() {
    let trouble = |pair: &str, why: &str| (pair.to_owned(), why.to_owned());
    let all = [
        trouble("1.2+xml", "is odd"),
        trouble("1.2+wbxml", "is odder"),
        trouble("1.1+xml", "is odd"),
    ];
    let text = in_groups(&all);
    assert_eq!(
        text,
        "is odd (asked in 1.2+xml, 1.1+xml); is odder (asked in 1.2+wbxml)"
    );
}
