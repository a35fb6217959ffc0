//! Polls: what a device says of itself, how the options bend it, and which of them are lawful.

use rstest::rstest;

use crate::script::{Reply, play, poll_response, poll_response_with, status};

/// A poll response with a token and a timestamp beside it.
fn marked(token: &str, timestamp: &str) -> Reply {
    let fields = format!("X-Device-Auth: {token}\r\nX-Device-Timestamp: {timestamp}\r\n");
    Reply::Body(fields, "<PollResponse/>".to_owned())
}

#[rstest]
#[case("4.2")]
#[case("5.0")]
#[case("6.0")]
#[tokio::test]
async fn a_first_poll_has_everything_but_marks(#[case] generation: &'static str) {
    let played = play("- poll: {}", vec![poll_response(&[])]);
    let played = played.generation(generation).run().await;
    insta::assert_snapshot!(format!("first_poll_{generation}"), played.transcript());
    assert_eq!(played.lawful(), [true]);
    assert_eq!(played.stuck(), None);
}

#[tokio::test]
async fn a_later_poll_gives_the_newest_marks_back() {
    let steps = "[{poll: {}}, {poll: {}}, {poll: {}}]";
    let replies = vec![
        marked("one", "11/11/2002 10:40:30 AM"),
        marked("two", "later"),
        poll_response(&[]),
    ];
    let played = play(steps, replies).run().await;
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        played.fields("X-Device-Auth"),
        [some(""), some("one"), some("two")]
    );
    assert_eq!(
        played.fields("X-Device-Timestamp"),
        [some(""), some("11/11/2002 10:40:30 AM"), some("later")]
    );
    let body = String::from_utf8_lossy(&played.requests[2].body.octets);
    assert!(body.contains("<AuthorizationToken>two</AuthorizationToken>"));
    assert!(body.contains("<Timestamp>later</Timestamp>"));
    let sessions: Vec<u32> = played.sent().map(|(_, session, _)| session).collect();
    assert_eq!(sessions, [0, 1, 2]);
    let steps: Vec<u32> = played.sent().map(|(step, ..)| step).collect();
    assert_eq!(steps, [0, 1, 2]);
}

#[rstest]
#[case("{}", true)]
#[case("{auth: none}", false)]
#[case("{auth: wrong}", false)]
#[case("{auth: {token: stale}}", false)]
#[case("{auth: {token: one}}", true)]
#[case("{timestamp: empty}", true)]
#[case("{timestamp: {text: now}}", true)]
#[case("{timestamp: {text: never}}", false)]
#[case("{uuid: none}", false)]
#[case("{uuid: '0BADF00D-1111'}", true)]
#[case("{omit: [Domain, MAC, CodePage, UserName, Connection]}", true)]
#[case("{omit: [ManagementSystem]}", false)]
#[case("{code-page: lower, reversed: true, header-case: upper}", true)]
#[case("{http: {method: PUT}}", false)]
#[case("{http: {version: '1.0'}}", true)]
#[case("{http: {framing: chunked}}", true)]
#[case("{http: {headers: {X-Device-Action: Dance}}}", false)]
#[case("{http: {headers: {x-device-timestamp: ''}}}", false)]
#[case("{http: {headers: {X-Device-client-version: ''}}}", true)]
#[case("{http: {headers: {Content-Type: application/xml}}}", true)]
#[case("{http: {headers: {Content-Length: '3'}}}", false)]
#[tokio::test]
async fn only_what_an_agent_may_send_is_lawful(#[case] options: &str, #[case] lawful: bool) {
    let steps = format!("[{{poll: {{}}}}, {{poll: {options}}}]");
    let replies = vec![marked("one", "now"), poll_response(&[])];
    let played = play(&steps, replies).run().await;
    assert_eq!(played.lawful(), [true, lawful]);
}

#[tokio::test]
async fn an_id_of_299_characters_is_the_longest_that_is_lawful() {
    for (length, lawful) in [(299, true), (300, false)] {
        let steps = format!("- poll: {{uuid: '{}'}}", "x".repeat(length));
        let played = play(&steps, vec![poll_response(&[])]).run().await;
        assert_eq!(played.lawful(), [lawful]);
    }
}

#[tokio::test]
async fn options_bend_the_poll() {
    let steps = "
- poll: {auth: none, uuid: none, timestamp: {text: never}, header-case: lower}
- poll: {auth: wrong, code-page: lower, reversed: true, omit: [MAC, Connection]}
";
    let replies = vec![poll_response(&[]), poll_response(&[])];
    let played = play(steps, replies).run().await;
    insta::assert_snapshot!("bent_polls", played.transcript());
}

#[tokio::test]
async fn other_ids_have_marks_of_their_own() {
    let steps = "[{poll: {}}, {poll: {uuid: other}}, {poll: {uuid: other}}, {poll: {}}]";
    let replies = vec![
        marked("mine", "m"),
        marked("its", "i"),
        marked("its2", "i2"),
        poll_response(&[]),
    ];
    let played = play(steps, replies).run().await;
    let tokens = played.fields("X-Device-Auth");
    let tokens: Vec<&str> = tokens.iter().flatten().map(String::as_str).collect();
    assert_eq!(tokens, ["", "", "its", "mine"]);
    assert_eq!(played.lawful(), [true; 4]);
    let pull = &played.lease.devices["a"].pull;
    assert_eq!(pull.token.as_deref(), Some("mine"));
}

#[tokio::test]
async fn two_devices_are_two() {
    let steps = "[{poll: {}}, {poll: {device: b}}, {poll: {device: a}}, {poll: {device: b}}]";
    let replies = vec![
        marked("of-a", "1"),
        marked("of-b", "2"),
        status(401),
        status(500),
    ];
    let played = play(steps, replies).run().await;
    let tokens = played.fields("X-Device-Auth");
    let tokens: Vec<&str> = tokens.iter().flatten().map(String::as_str).collect();
    assert_eq!(tokens, ["", "", "of-a", "of-b"]);
    let uuids = played.fields("X-Device-UUID");
    assert_eq!(uuids[1].as_deref(), Some("assay-b"));
    assert_eq!(played.stuck(), None);
}

#[tokio::test]
async fn a_device_that_is_not_leased_cannot_poll() {
    let played = play("- poll: {device: c}", Vec::new()).run().await;
    let stuck = played.stuck().expect("stuck");
    assert_eq!(stuck, (0, "no device c is leased".to_owned()));
}

#[tokio::test]
async fn a_poll_over_tls_needs_a_url_for_it() {
    let played = play("- poll: {http: {secure: true}}", Vec::new())
        .run()
        .await;
    let stuck = played.stuck().expect("stuck");
    assert_eq!(stuck, (0, "the profile gives no https URL".to_owned()));
}

#[tokio::test]
async fn the_server_that_an_answer_names_is_not_followed() {
    let settings = "<ClientSettings><PollServer>evil.example</PollServer></ClientSettings>";
    let replies = vec![poll_response_with(settings, &[]), poll_response(&[])];
    let played = play("[{poll: {}}, {poll: {}}]", replies).run().await;
    assert_eq!(played.requests.len(), 2);
}
