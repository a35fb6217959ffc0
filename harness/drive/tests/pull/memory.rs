//! What a device keeps from case to case, and when it begins anew.

use assay_drive::PullMemory;
use assay_suites::profile::{Hook, Profile};

use crate::script::{Reply, instructions, play, poll_response, status, taken, xml};

fn with_reset(profile: &mut Profile) {
    let url = profile.target.url.clone().expect("a URL");
    let text = format!("{{http: {{method: POST, url: '{url}'}}}}");
    let hook: Hook = assay_suites::yaml::read("hook", &text).expect("a hook");
    profile.hooks.insert("reset".to_owned(), hook);
}

fn marked(token: &str) -> Reply {
    let fields = format!("X-Device-Auth: {token}\r\nX-Device-Timestamp: t-{token}\r\n");
    let body = "<PollResponse><ApplicablePackages><Package ID='P'/></ApplicablePackages>\
                </PollResponse>";
    Reply::Body(fields, body.to_owned())
}

#[tokio::test]
async fn the_next_case_knows_token_timestamp_and_packages() {
    let without_files = instructions("P", "<SourceFiles>No</SourceFiles>");
    let first = play("- sync: {}", vec![marked("one"), without_files]);
    let first = first.run().await;
    assert_eq!(first.asked(), ["Poll", "InstructionRequest P"]);
    let second = play("- sync: {}", vec![marked("two")]).lease(first.lease);
    let second = second.run().await;
    assert_eq!(second.asked(), ["Poll"], "P is held");
    assert_eq!(second.fields("X-Device-Auth"), [Some("one".to_owned())]);
    assert_eq!(
        second.fields("X-Device-Timestamp"),
        [Some("t-one".to_owned())]
    );
    assert_eq!(second.lease.devices["b"].pull, PullMemory::default());
}

#[tokio::test]
async fn a_token_of_any_answer_counts_from_the_next_message_on() {
    let steps = "[{poll: {}}, {instructions: {package: P}}, {status: {ids: [11030, 11031]}}]";
    let of_status = Reply::Body("X-Device-Auth: three\r\n".to_owned(), String::new());
    let replies = vec![
        marked("one"),
        Reply::Body("x-device-auth: two\r\n".to_owned(), String::new()),
        of_status,
    ];
    let played = play(steps, replies).run().await;
    let tokens = played.fields("X-Device-Auth");
    let tokens: Vec<&str> = tokens.iter().flatten().map(String::as_str).collect();
    assert_eq!(tokens, ["", "one", "two"]);
    let pull = &played.lease.devices["a"].pull;
    assert_eq!(pull.token.as_deref(), Some("three"));
    assert_eq!(pull.timestamp.as_deref(), Some("t-one"));
}

#[tokio::test]
async fn a_reset_makes_the_device_one_that_was_never_managed() {
    let steps = "[{sync: {}}, {hook: {call: reset}}, {poll: {}}, {instructions: {package: P}}]";
    let replies = vec![
        marked("one"),
        instructions("P", "<SourceFiles>No</SourceFiles>"),
        taken(),
        poll_response(&["P"]),
        xml("<Instructions/>"),
    ];
    let played = play(steps, replies).edit(with_reset).run().await;
    assert_eq!(played.stuck(), None);
    // The third request is the hook's, which is no part of the recording.
    let tokens = played.fields("X-Device-Auth");
    assert_eq!(tokens[3].as_deref(), Some(""));
    assert_eq!(played.packages(), []);
    let sessions: Vec<(u32, u32)> = played
        .sent()
        .map(|(step, session, _)| (step, session))
        .collect();
    assert_eq!(sessions, [(0, 0), (0, 0), (2, 1), (3, 1)]);
}

#[tokio::test]
async fn a_hook_that_fails_resets_nothing() {
    let steps = "[{poll: {}}, {hook: {call: reset}}, {poll: {}}]";
    let played = play(steps, vec![marked("one"), status(500)]).edit(with_reset);
    let played = played.run().await;
    assert_eq!(played.requests.len(), 2);
    let pull = &played.lease.devices["a"].pull;
    assert_eq!(pull.token.as_deref(), Some("one"));
}
