//! Whole messages, raw octets, repeated requests and hooks.

use assay_suites::profile::Hook;
use assay_suites::vectors;
use assay_wire::digest;
use assay_wire::http::Request;
use assay_wire::recording::Event;
use insta::assert_snapshot;
use rstest::rstest;

use crate::script::{Reply, closing, command, message, play, status};

#[tokio::test]
async fn a_message_of_the_vectors_is_filled() {
    let steps = "- send: {message: dm/session/package-1}";
    let mut play = play(steps, vec![closing(1)]);
    play.version = "1.1";
    play.lease.devices.get_mut("a").expect("a device").nonce = Some(b"Nonce".to_vec());
    let played = play.run().await;
    assert_eq!(played.lawful(), [false]);
    assert!(
        played
            .bodies()
            .contains(&digest::md5_cred("user-a", "secret-a", b"Nonce"))
    );
    assert_snapshot!(played.bodies());
}

#[tokio::test]
async fn a_message_is_sent_in_the_encoding_of_the_axis() {
    let steps = "- send: {message: dm/session/package-1, lawful: true}";
    let text = play(steps, vec![closing(1)]).run().await;
    let mut play = play(steps, vec![closing(1)]);
    play.encoding = "wbxml";
    let binary = play.run().await;
    assert_eq!(binary.lawful(), [true]);
    assert_eq!(binary.bodies(), format!("(WBXML)\n{}", text.bodies()));
}

#[tokio::test]
async fn a_message_carries_on_in_the_open_session() {
    let get = format!(
        "{}{}<Final/>",
        status(1, 200),
        command("Get", 2, "./DevInfo")
    );
    let steps = "
- package-1: {session: 1a}
- send: {message: dm/session/package-1, again: true}
- send: {message: dm/session/package-1}
- answer: {}
";
    let replies = vec![
        message(1, &get),
        message(2, &get),
        message(1, &get),
        closing(2),
    ];
    let played = play(steps, replies).run().await;
    assert_eq!(played.all("SessionID"), ["1a", "1a", "1", "1"]);
    assert_eq!(played.all("MsgID"), ["1", "2", "1", "2"]);
    let sessions: Vec<u32> = played.sent().map(|(_, session, _)| session).collect();
    assert_eq!(sessions, [0, 0, 1, 1]);
}

#[tokio::test]
async fn octets_text_and_filler_are_sent_as_they_are() {
    let steps = "
- send: {bytes: dm/wbxml/minimal-close}
- send: {text: '<SyncML>${session}'}
- send: {filler: 100}
- send: {text: abcdef, cut: 2}
- send: {text: abcdef, cut: -2}
- send: {}
";
    let played = play(steps, (0..6).map(|_| Reply::Http(400)).collect())
        .run()
        .await;
    let bodies: Vec<&[u8]> = played
        .requests
        .iter()
        .map(|request| request.body.octets.as_slice())
        .collect();
    let vector = vectors::get("dm/wbxml/minimal-close").expect("a vector");
    let octets = vector.bytes().expect("octets");
    assert_eq!(
        bodies,
        [
            &octets[..],
            b"<SyncML>${session}",
            &[b'x'; 100],
            b"ab",
            b"abcd",
            b""
        ]
    );
    assert_eq!(played.lawful(), [false; 6]);
}

#[tokio::test]
async fn a_request_is_repeated_octet_for_octet() {
    let steps = "- package-1: {}\n- repeat: {}\n- finish: {}";
    let get = format!(
        "{}{}<Final/>",
        status(1, 200),
        command("Get", 2, "./DevInfo/Man")
    );
    let replies = vec![message(1, &get), message(1, &get), closing(2)];
    let played = play(steps, replies).run().await;
    assert_eq!(
        played.requests[0].body.octets,
        played.requests[1].body.octets
    );
    assert_eq!(played.all("MsgID"), ["1", "1", "2"]);
    let sent: Vec<_> = played.sent().collect();
    assert_eq!(sent, [(0, 0, true), (1, 0, false), (2, 0, true)]);
    assert_eq!(
        played.bodies().matches("<Results>").count(),
        1,
        "what came twice is answered once"
    );
}

#[rstest]
#[case::anything("- send: {text: '<SyncML'}\n- package-1: {}", &["", "2"])]
#[case::a_bent_package("- package-1: {omit: [VerDTD]}\n- package-1: {}", &["1", "2"])]
#[case::a_repeat("- package-1: {omit: [VerDTD]}\n- repeat: {}", &["1", "1"])]
#[case::an_answer_to_nothing("- send: {text: ''}\n- answer: {}", &[""])]
#[tokio::test]
async fn the_run_goes_on_where_an_unlawful_message_is_turned_away(
    #[case] steps: &'static str,
    #[case] sessions: &[&str],
) {
    let played = play(steps, vec![Reply::Close, closing(1)]).run().await;
    let all: Vec<String> = played.requests.iter().map(session_id).collect();
    assert_eq!(all, sessions);
    let broke = |(_, event): &(u64, Event)| matches!(event, Event::Broke { .. });
    assert!(played.recording.events.iter().any(broke));
}

/// The SessionID in a request, nothing where it is no message.
fn session_id(request: &Request) -> String {
    let body = String::from_utf8_lossy(&request.body.octets);
    let after = body.split_once("<SessionID>").map(|(_, after)| after);
    let id = after.and_then(|after| Some(after.split_once('<')?.0));
    id.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_hook_is_called_with_its_values() {
    let steps = "
- hook: {call: queue-command, device: b, with: {kind: Get, target: ./DevInfo}}
- package-1: {}
";
    let mut play = play(steps, vec![closing(1)]);
    play.edit = |profile| {
        let words = ["echo", "${device} ${kind} ${target}"];
        let hook = Hook::Run(words.map(str::to_owned).to_vec());
        profile.hooks.insert("queue-command".to_owned(), hook);
    };
    let played = play.run().await;
    assert_eq!(played.requests.len(), 1);
    let hook = played
        .recording
        .events
        .iter()
        .find_map(|(_, event)| match event {
            Event::Hook {
                step,
                name,
                worked,
                answer,
            } => Some((*step, name.clone(), *worked, answer.clone())),
            _ => None,
        });
    let (step, name, worked, answer) = hook.expect("a call");
    assert_eq!(
        (step, name.as_str(), worked, answer.trim()),
        (0, "queue-command", true, "assay-b Get ./DevInfo")
    );
}

#[tokio::test]
async fn the_run_ends_where_a_hook_fails() {
    let mut play = play("- hook: {call: reset}\n- package-1: {}", vec![closing(1)]);
    play.edit = |profile| {
        profile
            .hooks
            .insert("reset".to_owned(), Hook::Run(vec!["false".to_owned()]));
    };
    let played = play.run().await;
    assert_eq!(played.requests.len(), 0);
    assert!(matches!(
        played.recording.events[..],
        [(_, Event::Hook { worked: false, .. })]
    ));
}
