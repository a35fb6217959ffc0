//! Package 1 and what follows when all goes well.

use insta::assert_snapshot;
use rstest::rstest;

use crate::script::{
    Reply, challenge, closing, command, document, message, message_from, play, status,
};

#[tokio::test]
async fn a_device_opens_a_session() {
    let played = play("- package-1: {}", vec![closing(1)]).run().await;
    assert_snapshot!(played.transcript());
    assert_eq!(played.stuck(), None);
    assert_eq!(played.lawful(), [true]);
}

#[rstest]
#[case("1.1", "xml")]
#[case("1.1", "wbxml")]
#[case("1.2", "wbxml")]
#[tokio::test]
async fn versions_and_encodings_differ_as_they_must(
    #[case] version: &'static str,
    #[case] encoding: &'static str,
) {
    let mut play = play("- package-1: {}", vec![closing(1)]);
    (play.version, play.encoding) = (version, encoding);
    let played = play.run().await;
    let octets = &played.requests[0].body.octets;
    if encoding == "wbxml" {
        let id: &[u8] = if version == "1.1" {
            &[0x9F, 0x53]
        } else {
            &[0xA4, 0x01]
        };
        assert_eq!((&octets[..1], &octets[1..3]), (&[0x02][..], id));
    }
    assert_snapshot!(
        format!("package-1-{version}-{encoding}"),
        played.transcript()
    );
}

#[tokio::test]
async fn an_answer_in_wbxml_is_understood() {
    let body = format!(
        "{}{}<Final/>",
        status(1, 200),
        command("Get", 2, "./DevInfo/Man")
    );
    let replies = vec![Reply::Wbxml(document(1, "", &body)), closing(2)];
    let mut play = play("- package-1: {}\n- finish: {}", replies);
    play.encoding = "wbxml";
    assert_snapshot!(play.run().await.bodies());
}

#[tokio::test]
async fn options_of_package_1_show() {
    let steps = "
- package-1:
    session: 1a
    alerts:
      - {code: 1201}
      - code: 1226
        correlator: c1
        items: [{source: ./A, type: 'Reversed-Domain-Name:x.y', format: chr, mark: critical, data: d}]
      - {code: 1226, correlator: c2, correlator-first: true}
    dev-info: {bare: true, meta: false, nodes: {Man: Other, Ext/x: more}}
    first: replace
    cmd-ids: [7, 900, 3]
    final: false
    max-msg-size: 2048
    max-obj-size: 1000
    resp-uri: own
    auth: {cred: {type: 'syncml:auth-foo', data: AAAA}}
";
    let played = play(steps, vec![closing(1)]).run().await;
    assert_snapshot!(played.bodies());
    assert_eq!(played.lawful(), [true]);
}

#[tokio::test]
async fn what_is_left_out_makes_it_unlawful_and_other_versions_do_not() {
    let steps = "
- package-1: {omit: [SessionID, Target], dev-info: {omit: true}, alerts: []}
- package-1: {ver-dtd: '9.9', ver-proto: DM/9.9}
- package-1: {cmd-ids: [1, 1]}
- package-1: {http: {method: PUT}}
- package-1: {http: {headers: {Content-Type: text/plain}}}
- package-1: {http: {headers: {Content-Type: 'application/vnd.syncml.dm+xml; charset=utf-8'}}}
";
    let played = play(steps, (0..6).map(|_| closing(1)).collect())
        .run()
        .await;
    assert_eq!(played.lawful(), [false, true, false, false, false, true]);
    assert_eq!(played.all("VerDTD")[1], "9.9");
    assert_eq!(played.all("VerProto")[1], "DM/9.9");
    assert_eq!(played.all("SessionID"), ["", "2", "3", "4", "5", "6"]);
    assert!(
        !played.bodies().contains("<SyncBody>\n<Replace>"),
        "{}",
        played.bodies()
    );
}

#[rstest]
#[case("1.1", "xml")]
#[case("1.2", "wbxml")]
#[tokio::test]
async fn commands_of_a_fragment_follow_with_the_next_id(
    #[case] version: &'static str,
    #[case] encoding: &'static str,
) {
    let steps = "- package-1: {commands: dm/session/client-event}";
    let mut play = play(steps, vec![closing(1)]);
    (play.version, play.encoding) = (version, encoding);
    let played = play.run().await;
    assert_eq!(played.stuck(), None);
    let bodies = played.bodies();
    let fragment = bodies.split_once("</Replace>").expect("the DevInfo").1;
    assert_snapshot!(format!("fragment-{version}-{encoding}"), fragment);
}

#[tokio::test]
async fn the_session_moves_to_the_resp_uri() {
    let get = |msg| {
        format!(
            "{}{}<Final/>",
            status(msg, 200),
            command("Get", 2, "./DevInfo")
        )
    };
    let steps = "
- package-1: {}
- answer: {}
- answer: {http: {to: base, query: x=1}}
- package-1: {}
";
    let replies = vec![
        message_from(1, "/dm/other?sid=7&amp;a=b", &get(1)),
        message(2, &get(2)),
        closing(3),
        closing(1),
    ];
    let played = play(steps, replies).run().await;
    let targets: Vec<&str> = played.requests.iter().map(|r| r.target.as_str()).collect();
    assert_eq!(targets, ["/dm", "/dm/other?sid=7&a=b", "/dm?x=1", "/dm"]);
}

#[tokio::test]
async fn finish_answers_until_the_server_wants_nothing_more() {
    let more = |msg| {
        let body = format!(
            "{}{}<Final/>",
            status(msg, 200),
            command("Get", 2, "./DevInfo/Lang")
        );
        message(msg, &body)
    };
    let replies = vec![more(1), more(2), closing(3)];
    let played = play("- package-1: {}\n- finish: {}", replies.clone())
        .run()
        .await;
    assert_eq!(played.all("MsgID"), ["1", "2", "3"]);
    assert_eq!(played.stuck(), None);
    let played = play("- package-1: {}\n- finish: {rounds: 1}", replies)
        .run()
        .await;
    assert_eq!(played.all("MsgID"), ["1", "2"]);
}

#[rstest]
#[case::refused(message(1, &challenge(1, 401, "md5", Some("Tm9uY2U="))))]
#[case::closed(closing(1))]
#[case::aborted(message(1, &format!(
    "{}<Alert><CmdID>2</CmdID><Data>1223</Data></Alert><Final/>", status(1, 200)
)))]
#[tokio::test]
async fn finish_sends_nothing_where_the_session_is_over(#[case] reply: Reply) {
    let played = play("- package-1: {auth: none}\n- finish: {}", vec![reply])
        .run()
        .await;
    assert_eq!((played.requests.len(), played.stuck()), (1, None));
}

#[tokio::test]
async fn a_package_goes_over_several_messages() {
    let steps = "
- package-1: {final: false}
- answer: {alerts: [{code: 1224}]}
";
    let next = format!(
        "{}<Alert><CmdID>2</CmdID><Data>1222</Data></Alert>",
        status(1, 200)
    );
    let played = play(steps, vec![message(1, &next), closing(2)]).run().await;
    assert_snapshot!(played.bodies());
}

#[tokio::test]
async fn more_of_the_servers_package_is_asked_for() {
    let replies = vec![message(1, &status(1, 200)), closing(2)];
    let played = play("- package-1: {}\n- finish: {}", replies).run().await;
    assert_eq!(played.requests.len(), 2);
    assert!(played.bodies().ends_with(
        "<Alert>\n<CmdID>2</CmdID>\n<Data>1222</Data>\n</Alert>\n<Final/>\n</SyncBody>\n</SyncML>"
    ));
}

#[tokio::test]
async fn two_devices_speak_in_turns() {
    let get = |msg| {
        message(
            msg,
            &format!(
                "{}{}<Final/>",
                status(msg, 200),
                command("Get", 2, "./DevInfo/DevId")
            ),
        )
    };
    let steps = "
- package-1: {device: a, session: '5'}
- package-1: {device: b, session: '5'}
- answer: {device: a}
- answer: {}
- answer: {device: b}
";
    let replies = vec![get(1), get(1), get(2), closing(3), closing(2)];
    let played = play(steps, replies).run().await;
    assert_eq!(played.all("LocName"), ["user-a", "user-b", "", "", ""]);
    assert_eq!(played.all("MsgID"), ["1", "1", "2", "3", "2"]);
    let sessions: Vec<u32> = played.sent().map(|(_, session, _)| session).collect();
    assert_eq!(sessions, [0, 1, 0, 0, 1]);
}

#[tokio::test]
async fn the_run_ends_where_nothing_answers() {
    let steps = "- package-1: {}\n- package-1: {}";
    let played = play(steps, vec![Reply::Close, closing(1)]).run().await;
    assert_eq!(played.requests.len(), 1);
    assert_eq!(played.stuck(), None);
}

#[rstest]
#[case("- answer: {}", 0, "a has no session")]
#[case("- package-1: {again: true}", 0, "a has no session")]
#[case("- repeat: {}", 0, "a has no session")]
#[case("- package-1: {device: c}", 0, "no device c is leased")]
#[case("- package-1: {}\n- answer: {}", 1, "the server wants no answer")]
#[case(
    "- hook: {call: queue-command}",
    0,
    "the profile has no hook queue-command"
)]
#[case(
    "- package-1: {commands: dm/none}",
    0,
    "no vector dm/none.part.xml is there"
)]
#[case("- send: {message: dm/none}", 0, "no vector dm/none.send.xml is there")]
#[case(
    "- package-1: {http: {secure: true}}",
    0,
    "the profile gives no https URL"
)]
#[tokio::test]
async fn a_step_that_cannot_be_played_says_why(
    #[case] steps: &'static str,
    #[case] step: u32,
    #[case] why: &str,
) {
    let played = play(steps, vec![closing(1)]).run().await;
    assert_eq!(played.stuck(), Some((step, why.to_owned())));
}

#[tokio::test]
async fn what_is_no_message_has_no_answer() {
    let played = play("- package-1: {}\n- finish: {}", vec![Reply::Http(500)])
        .run()
        .await;
    assert_eq!(
        played.stuck(),
        Some((1, "the last answer was no message".to_owned()))
    );
}
