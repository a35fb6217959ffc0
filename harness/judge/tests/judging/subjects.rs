//! What the subjects show of a session: each line is a rule that has to hold.

use assay_judge::Verdict;
use assay_wire::recording::{Breakage, Direction, Event, LinkId, Place, Proof, Recording};
use rstest::rstest;

use crate::tape::{Tape, judged, package_1, reply};

const CHALLENGE: &str = "<Chal><Meta><Type xmlns=\"syncml:metinf\">syncml:auth-md5</Type>\
     <Format xmlns=\"syncml:metinf\">b64</Format>\
     <NextNonce xmlns=\"syncml:metinf\">QUJD</NextNonce></Meta></Chal>";

/// Two rounds of one session: a challenge, then what is managed, then the end of it.
fn session() -> Recording {
    let mut tape = Tape::new("1.2");
    let header = "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd>";
    tape.send(0, &package_1("1"));
    tape.receive(&reply(
        "1",
        &format!("{header}{CHALLENGE}<Data>407</Data></Status><Final/>"),
    ));
    let cred = "<Source><LocURI>IMEI:1</LocURI></Source><Cred><Meta>\
                <Type xmlns=\"syncml:metinf\">syncml:auth-md5</Type></Meta><Data>QUJD</Data></Cred>";
    let again = package_1("2").replace(
        "<Source><LocURI>IMEI:1</LocURI></Source></SyncHdr>",
        &format!("{cred}</SyncHdr>"),
    );
    tape.send(1, &again);
    tape.receive(&reply(
        "2",
        "<Status><CmdID>1</CmdID><MsgRef>2</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>212</Data></Status>\
         <Status><CmdID>2</CmdID><MsgRef>2</MsgRef><CmdRef>2</CmdRef><Cmd>Replace</Cmd><Data>200</Data></Status>\
         <Status><CmdID>3</CmdID><MsgRef>2</MsgRef><CmdRef>1</CmdRef><Cmd>Alert</Cmd><Data>200</Data></Status>\
         <Status><CmdID>3</CmdID><MsgRef>2</MsgRef><CmdRef>1</CmdRef><Cmd>Alert</Cmd><Data>200</Data></Status>\
         <Status><CmdID>5</CmdID><MsgRef>2</MsgRef><CmdRef>9</CmdRef><Cmd>Get</Cmd><Data>200</Data></Status>\
         <Atomic><CmdID>6</CmdID><Meta><Format>b64</Format></Meta>\
         <Replace><CmdID>7</CmdID><Item><Target><LocURI>./A</LocURI></Target><Meta><Size xmlns=\"syncml:metinf\">3</Size></Meta>\
         <Data><p>x</p></Data></Item></Replace></Atomic>\
         <Get><CmdID>8</CmdID><Item><Target><LocURI>./B?prop=ACL</LocURI></Target></Item></Get><Final/>",
    ));
    let statuses = "<Status><CmdID>1</CmdID><MsgRef>2</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>\
                    <Status><CmdID>2</CmdID><MsgRef>2</MsgRef><CmdRef>8</CmdRef><Cmd>Get</Cmd><Data>200</Data></Status><Final/>";
    let answer = reply("3", statuses);
    tape.send(2, &answer);
    tape.receive(&reply(
        "3",
        "<Status><CmdID>1</CmdID><MsgRef>3</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>\
         <Get><CmdID>2</CmdID><Item><Target><LocURI>./B?prop=ACL</LocURI></Target></Item></Get>",
    ));
    tape.send(3, &package_1("4"));
    tape.receive_octets(b"HTTP/1.1 503 No\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\nno");
    tape.done()
}

fn suite(each: &str, when: &str, holds: &str) -> String {
    format!(
        "requirements:\n  - id: dm.test.one\n    must: It holds.\n    ref: R 1\n    each: {each}\n    \
         when: |\n      {when}\n    holds: |\n      {holds}\ncases:\n  - id: dm.test.case\n    \
         does: Plays.\n    proves: [dm.test.one]\n    steps:\n      - package-1: {{}}\n"
    )
}

#[rstest]
#[case::challenge(
    "challenge",
    "true",
    "challenge.type == \"syncml:auth-md5\" && has(challenge.nonce) && challenge.nonce.octets == 3 && !challenge.nonce.seen_before && status.is_header",
    1
)]
#[case::message_order(
    "header",
    "true",
    "header.msg_number == (has(session.last_msg_number) ? session.last_msg_number + 1 : 1)",
    3
)]
#[case::header_order(
    "header",
    "true",
    "in_order(header.children, [\"VerDTD\", \"VerProto\", \"SessionID\", \"MsgID\", \"Target\", \"Source\"]) && unique(header.children)",
    3
)]
#[case::source_kept("header", "has(session.source)", "header.source == session.source", 2)]
#[case::answers(
    "status",
    "has(status.answers)",
    "status.answers.name == status.cmd",
    3
)]
#[case::stray(
    "status",
    "!status.is_header && !has(status.answers)",
    "status.cmd_ref == \"9\"",
    1
)]
#[case::out_of_order("status", "status.out_of_order", "status.cmd == \"Alert\"", 2)]
#[case::repeats("status", "status.repeats", "status.position == 3", 1)]
#[case::id_seen("command", "command.id_seen_before", "command.cmd_id == \"3\"", 1)]
#[case::nested(
    "command",
    "has(command.parent)",
    "command.parent == \"Atomic\" && command.position == 6 && command.name == \"Replace\"",
    1
)]
#[case::done_before(
    "command",
    "command.done_before",
    "command.name == \"Get\" && exchange.number == 3",
    1
)]
#[case::codes(
    "exchange",
    "exchange.number == 2",
    "sent.commands.all(c, size(c.answer_codes) == (c.name == \"Alert\" ? 2 : 1))",
    1
)]
#[case::format_of_the_command(
    "item",
    "item.command == \"Replace\"",
    "item.effective_format == \"chr\" && item.has_data && item.data_children == [\"p\"] && !item.data_declares",
    1
)]
#[case::property(
    "item",
    "item.target.contains(\"?prop=\")",
    "!item.has_data && item.effective_type == \"text/plain\"",
    2
)]
#[case::strays(
    "meta",
    "size(meta.strays) > 0",
    "meta.parent == \"Atomic\" && meta.strays == [\"Format\"]",
    1
)]
#[case::accepted(
    "exchange",
    "exchange.number > 2",
    "session.accepted && has(session.scheme) && session.scheme == \"syncml:auth-md5\"",
    2
)]
#[case::not_accepted_yet("exchange", "exchange.number <= 2", "!session.accepted", 2)]
#[case::credentials("exchange", "true", "session.credentials == (exchange.number >= 2)", 4)]
#[case::closed("exchange", "true", "!session.closed", 4)]
#[case::waiting("reply", "exchange.number == 3", "session.outstanding == 2", 1)]
#[case::http(
    "exchange",
    "has(exchange.http) && exchange.http.status == 503",
    "!exchange.replied && exchange.http.field(\"X-a\") == \"1, 2\" && exchange.http.has_field(\"x-A\") && !exchange.http.has_field(\"x\") && exchange.http.body_octets == 2",
    1
)]
#[case::not_without_a_reply("exchange", "true", "size(reply.names) > 0", 3)]
#[case::code(
    "reply",
    "true",
    "reply.header_code in [\"407\", \"212\", \"200\"] && !reply.refusal && reply.well_formed && reply.namespace == \"SYNCML:SYNCML1.2\"",
    3
)]
#[case::fin(
    "reply",
    "reply.fin",
    "last(reply.body_children) == \"Final\" && count(reply.body_children, \"Final\") == 1 && reply.final_empty",
    2
)]
#[case::manages(
    "reply",
    "true",
    "reply.manages == (exchange.number > 1) && !reply.closes && !reply.asks_user",
    3
)]
#[case::ids(
    "reply",
    "!unique(reply.cmd_ids)",
    "exchange.number == 2 && count(reply.cmd_ids, \"3\") == 2",
    1
)]
#[case::targets(
    "reply",
    "exchange.number == 2",
    "reply.targets == [\"./A\", \"./B?prop=ACL\"] && reply.items.exists(i, i.command == \"Get\")",
    1
)]
#[case::elements(
    "element",
    "element.name == \"p\"",
    "element.parent == \"Data\" && element.children == []",
    1
)]
#[case::whole_session(
    "session",
    "true",
    "session.exchanges == 4 && session.replies == 3 && session.msg_ids == [\"1\", \"2\", \"3\"] && session.nonces == [\"QUJD\"]",
    1
)]
#[case::profile(
    "reply",
    "true",
    "profile.protocol == \"dm-1.2\" && profile.version == \"1.2\" && profile.encoding == \"xml\" && profile.auth == []",
    3
)]
fn it_shows(#[case] each: &str, #[case] when: &str, #[case] holds: &str, #[case] looked: u32) {
    let judgement = judged(&suite(each, when, holds), &session());
    let messages: Vec<&str> = judgement
        .findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(
        (messages, judgement.looked.get("dm.test.one").copied()),
        (vec![""], Some(looked))
    );
}

fn one(answer: &[u8]) -> Recording {
    let mut tape = Tape::new("1.1");
    tape.send(0, &package_1("1"));
    tape.receive_octets(answer);
    tape.done()
}

fn wrapped(media: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {media}\r\nTransfer-Encoding: chunked\r\n\r\n");
    let size = format!("{:x}\r\n", body.len());
    let chunk = [size.as_bytes(), body, b"\r\n"].concat();
    let chunk = if body.is_empty() { Vec::new() } else { chunk };
    [head.as_bytes(), &chunk, b"0\r\n\r\n"].concat()
}

#[rstest]
#[case::sniffed(
    "text/xml",
    b"<SyncML><SyncBody/></SyncML>",
    "exchange.replied && !has(exchange.encoding_promised) && has(exchange.encoding) && exchange.encoding == \"xml\""
)]
#[case::error_page(
    "text/html",
    b"<html/>",
    "!exchange.replied && size(exchange.notes) == 0"
)]
#[case::garbage(
    "application/vnd.syncml.dm+xml",
    b"garbage",
    "!exchange.replied && exchange.has_note(\"xml.*\")"
)]
#[case::empty(
    "application/vnd.syncml.dm+xml",
    b"",
    "!exchange.replied && size(exchange.notes) == 0"
)]
#[case::second_root(
    "application/vnd.syncml.dm+xml",
    b"<SyncML/><SyncML/>",
    "exchange.replied && !exchange.well_formed && exchange.has_note(\"xml.second-root\")"
)]
#[case::declared(
    "application/vnd.syncml.dm+xml",
    b"<?xml version='1.0' encoding='latin-1'?><SyncML/>",
    "reply.has_note(\"xml.encoding\") && has(reply.declared_encoding) && reply.declared_encoding == \"latin-1\""
)]
#[case::wbxml(
    "application/vnd.syncml.dm+wbxml",
    b"\x02\xA4\x01\x6A\x00\x6D\x6B\x01\x01",
    "exchange.encoding_promised == \"wbxml\" && reply.root == \"SyncML\" && reply.children == [\"SyncBody\"] && has(reply.wbxml) && reply.wbxml.version == 2 && reply.wbxml.public_id == 4609 && reply.wbxml.charset == 106"
)]
#[case::other_form(
    "application/vnd.syncml.dm+xml",
    b"\x02\xA4\x01\x6A\x00\x2D",
    "exchange.encoding == \"wbxml\" && exchange.encoding_promised == \"xml\""
)]
#[case::chunked(
    "application/vnd.syncml.dm+xml; charset=utf-8",
    b"<SyncML/>",
    "has(exchange.http) && exchange.http.chunked && !has(exchange.http.content_length) && exchange.http.media_params == [\"charset=utf-8\"]"
)]
#[case::no_commands(
    "application/vnd.syncml.dm+xml",
    b"<SyncML/>",
    "size(reply.commands) == 0 && !has(reply.header) && !reply.fin && reply.final_empty"
)]
#[case::version(
    "application/vnd.syncml.dm+xml",
    b"<SyncML/>",
    "profile.protocol == \"dm-1.1\""
)]
fn an_answer_shows(#[case] media: &str, #[case] body: &[u8], #[case] holds: &str) {
    // What is asked without has() is there.
    let when = "exchange.number == 1";
    let holds = holds.replace(
        "exchange.encoding_promised ==",
        "has(exchange.encoding_promised) && exchange.encoding_promised ==",
    );
    let holds = holds.replace(
        "exchange.encoding ==",
        "has(exchange.encoding) && exchange.encoding ==",
    );
    let judgement = judged(
        &suite("exchange", when, &holds),
        &one(&wrapped(media, body)),
    );
    let messages: Vec<&str> = judgement
        .findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(messages, [""]);
}

#[test]
fn a_guilty_element_in_chunks_is_found_in_the_octets_of_the_link() {
    let body = "<SyncML><SyncHdr><MsgID>1</MsgID></SyncHdr></SyncML>";
    let (first, second) = body.split_at(20);
    let octets = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.syncml.dm+xml\r\n\
         Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    let recording = one(octets.as_bytes());
    let judgement = judged(
        &suite("header", "true", "size(header.children) == 2"),
        &recording,
    );
    let finding = &judgement.findings[0];
    let guilty = recording.octets(finding.place.expect("a place"));
    let guilty = String::from_utf8_lossy(guilty).into_owned();
    assert!(
        guilty.starts_with("<SyncHdr>") && guilty.ends_with("</SyncHdr>"),
        "{guilty}"
    );
    insta::assert_snapshot!(finding.snippet.as_deref().unwrap_or_default());
}

#[test]
fn a_note_is_a_subject_with_its_octets() {
    let octets = wrapped("application/vnd.syncml.dm+xml", b"<SyncML></SyncML>tail");
    let recording = one(&octets);
    let judgement = judged(
        &suite("note", "note.fault", "note.of == \"http\""),
        &recording,
    );
    let finding = &judgement.findings[0];
    assert_eq!(finding.verdict, Verdict::Fail);
    assert_eq!(recording.octets(finding.place.expect("a place")), b"tail");
}

#[test]
fn a_credential_is_what_was_proved_at_capture() {
    let mut tape = Tape::new("1.2");
    tape.send(0, &package_1("1"));
    let body =
        reply("1", "<Final/>").replace("</SyncHdr>", "<Cred><Data>QUJD</Data></Cred></SyncHdr>");
    tape.receive(&body);
    let mut recording = tape.done();
    let octets = String::from_utf8(recording.links[0].r#in.clone()).expect("text");
    let at = octets.find("QUJD").expect("the credential");
    let span = assay_wire::Span::new(at, at + 4);
    let place = Place {
        link: LinkId(0),
        direction: Direction::In,
        span,
    };
    let (formula, with, nonce) = ("md5-cred".into(), "server".into(), "octets".into());
    let proof = Proof {
        place,
        formula,
        with,
        nonce,
        holds: false,
    };
    recording.events.push((0, Event::Proof(proof)));
    let suite = suite("cred", "has(cred.proved)", "cred.proved");
    assert_eq!(
        judged(&suite, &recording).findings[0].verdict,
        Verdict::Fail
    );
}

#[test]
fn a_break_is_seen_with_its_kind() {
    let mut tape = Tape::new("1.2");
    tape.send(0, &package_1("1"));
    tape.receive_octets(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<Sync");
    let why = "closed".to_owned();
    tape.event(Event::Broke {
        link: LinkId(0),
        how: Breakage::Closed,
        why,
    });
    let holds = "has(exchange.broke) && exchange.broke == \"closed\" && has(exchange.http) && exchange.has_note(\"http.short-body\")";
    let judgement = judged(&suite("exchange", "true", holds), &tape.done());
    assert_eq!(judgement.findings[0].message, "");
}
