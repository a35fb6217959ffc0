//! What a breach shows of the octets: no more than it is about, and as people read it.

use assay_wire::recording::Recording;
use rstest::rstest;

use crate::tape::{Tape, judged, package_1, reply};

fn suite(each: &str, holds: &str) -> String {
    format!(
        "requirements:\n  - id: dm.test.one\n    must: It holds.\n    ref: R 1\n    each: {each}\n    \
         holds: |\n      {holds}\ncases:\n  - id: dm.test.case\n    \
         does: Plays.\n    proves: [dm.test.one]\n    steps:\n      - package-1: {{}}\n"
    )
}

fn recording() -> Recording {
    let mut tape = Tape::new("1.2");
    tape.send(0, &package_1("1"));
    tape.receive(&reply(
        "7",
        "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd>\
         <Chal><Meta><Type>t</Type><NextNonce>?</NextNonce></Meta></Chal><Data>407</Data></Status>\
         <Final/>",
    ));
    tape.done()
}

#[rstest]
#[case("header", "header.msg_id == sent.header.msg_id", "<MsgID>7</MsgID>")]
#[case(
    "header",
    "header.ver_dtd == \"1\" && header.ver_proto == \"1\"",
    "<VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>"
)]
#[case("status", "status.code == \"401\"", "<Data>407</Data>")]
#[case(
    "challenge",
    "has(challenge.nonce) && challenge.nonce.valid_base64",
    "<NextNonce>?</NextNonce>"
)]
#[case(
    "challenge",
    "has(challenge.nonce) && challenge.format == \"b64\"",
    "<NextNonce>?</NextNonce>"
)]
#[case("reply", "reply.header_code == \"200\"", "<Data>407</Data>")]
#[case(
    "reply",
    "has(reply.header) && reply.header.session_id == \"2\"",
    "<SessionID>1a</SessionID>"
)]
#[case("exchange", "!reply.fin", "<Final/>")]
#[case(
    "exchange",
    "has(exchange.http) && exchange.http.status == 404",
    "HTTP/1.1 200 OK"
)]
#[case("reply", "size(reply.names) == 0", "<SyncML ")]
fn a_breach_is_about_what_its_rule_reads(
    #[case] each: &str,
    #[case] holds: &str,
    #[case] octets: &str,
) {
    let recording = recording();
    let judgement = judged(&suite(each, holds), &recording);
    let place = judgement.findings[0].place.expect("a place");
    let guilty = String::from_utf8_lossy(recording.octets(place)).into_owned();
    assert!(guilty.starts_with(octets), "{guilty}");
    assert!(
        octets.ends_with(' ') || octets.starts_with("HTTP") || guilty == octets,
        "{guilty}"
    );
}

#[rstest]
#[case::a_head("head", "has(exchange.http) && exchange.http.status == 404")]
#[case::an_answer("answer", "exchange.lawful && !exchange.replied")]
fn an_answer_is_shown_as_text(#[case] name: &str, #[case] holds: &str) {
    let judgement = judged(&suite("exchange", holds), &recording());
    insta::assert_snapshot!(
        name,
        judgement.findings[0].snippet.as_deref().expect("a snippet")
    );
}

#[test]
fn octets_that_are_no_message_are_shown_in_rows() {
    let mut tape = Tape::new("1.2");
    tape.send(0, &package_1("1"));
    tape.receive_octets(b"\x00\x01SSH-2.0-OpenSSH what is this\r\n");
    let judgement = judged(&suite("exchange", "has(exchange.http)"), &tape.done());
    insta::assert_snapshot!(judgement.findings[0].snippet.as_deref().expect("a snippet"));
}
