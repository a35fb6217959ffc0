//! Messages of packages, and anything at all: what they say, and which of them are lawful.

use rstest::rstest;

use crate::script::{instructions, location, play, poll_response, status, taken, xml};

#[tokio::test]
async fn each_verb_says_what_it_is_about() {
    let steps = "
- poll: {}
- instructions: {}
- location: {directory: site-north}
- status: {}
- status: {ids: [11031, 11035], parameters: {bytes: '4096'}, timestamp: '2031-01-02 03:04:05'}
";
    let replies = vec![
        poll_response(&["P", "Q"]),
        instructions("P", ""),
        location("P", &["/pkg"]),
        taken(),
        taken(),
    ];
    let played = play(steps, replies).run().await;
    insta::assert_snapshot!("verbs", played.transcript());
    assert_eq!(played.lawful(), [true; 5]);
    let sessions: Vec<u32> = played.sent().map(|(_, session, _)| session).collect();
    assert_eq!(sessions, [0; 5]);
}

#[tokio::test]
async fn instructions_are_asked_for_each_listed_package_once() {
    let steps = "[{poll: {}}, {instructions: {}}, {instructions: {}}, {location: {}}, \
                 {instructions: {}}]";
    let replies = vec![
        poll_response(&["P", "P", "Q"]),
        instructions("P", ""),
        status(404),
        status(404),
    ];
    let played = play(steps, replies).run().await;
    let asked = [
        "Poll",
        "InstructionRequest P",
        "InstructionRequest Q",
        "LocationRequest Q",
    ];
    assert_eq!(played.asked(), asked);
    let why = "the poll response lists no package to ask for".to_owned();
    assert_eq!(played.stuck(), Some((4, why)));
}

#[rstest]
#[case("- instructions: {}", "no poll response is known yet")]
#[case("- location: {}", "no package is known yet")]
#[case("- status: {}", "no package is known yet")]
#[case("- download: {}", "no package is known yet")]
#[case("- download: {package: P}", "no answer gave the location of P")]
#[case("- repeat: {}", "a sent nothing")]
#[case(
    "- send: {message: pull/no/such}",
    "no vector pull/no/such.send.xml is there"
)]
#[case("- package-1: {}", "no agent does this")]
#[tokio::test]
async fn what_is_not_known_cannot_be_asked(#[case] step: &str, #[case] why: &str) {
    let steps = format!("- poll: {{uuid: other}}\n{step}");
    // The list of another id is not that of the device.
    let steps = if step.contains("repeat") {
        step.to_owned()
    } else {
        steps
    };
    let played = play(&steps, vec![poll_response(&["P"])]).run().await;
    assert_eq!(played.stuck().map(|(_, why)| why), Some(why.to_owned()));
}

#[rstest]
#[case("{instructions: {package: X}}", false)]
#[case(
    "{instructions: {package: P, http: {headers: {X-Device-Timestamp: other}}}}",
    true
)]
#[case(
    "{instructions: {package: P, http: {headers: {X-Device-UUID: other}}}}",
    false
)]
#[case("{location: {package: X}}", false)]
#[case("{location: {package: P}}", true)]
#[case("{status: {package: X}}", false)]
#[case("{status: {package: P, ids: []}}", false)]
#[case("{status: {package: P, ids: [99999]}}", true)]
#[case("{status: {package: P, timestamp: yesterday}}", false)]
#[case("{status: {package: P, timestamp: '2031-02-29 00:00:00'}}", false)]
#[case("{send: {text: hello}}", false)]
#[case("{send: {text: hello, lawful: true}}", true)]
#[tokio::test]
async fn only_what_an_agent_may_ask_is_lawful(#[case] step: &str, #[case] lawful: bool) {
    let steps = format!("[{{poll: {{}}}}, {step}]");
    let played = play(&steps, vec![poll_response(&["P"]), taken()])
        .run()
        .await;
    assert_eq!(played.lawful(), [true, lawful]);
}

#[tokio::test]
async fn what_is_sent_is_the_business_of_the_step() {
    let steps = "
- send: {text: '<DevicePoll', http: {headers: {X-Device-Action: Poll}}}
- send: {nested: 3, cut: -4, http: {headers: {X-Device-Action: Report, X-Device-UUID: ''}}}
- send: {filler: 3, http: {headers: {X-Device-Auth: x}}}
";
    let played = play(steps, vec![status(400), status(400), status(400)]);
    insta::assert_snapshot!("sent", played.run().await.transcript());
}

#[tokio::test]
async fn a_poll_that_is_sent_has_its_answer_read() {
    let steps = "
- send: {text: '<DevicePoll/>', http: {headers: {x-device-action: poll}}}
- instructions: {}
";
    let played = play(steps, vec![poll_response(&["P"]), xml("<Instructions/>")]);
    assert_eq!(played.run().await.asked(), ["poll", "InstructionRequest P"]);
}

#[tokio::test]
async fn a_repeat_is_the_same_octets_and_proves_nothing_again() {
    let steps = "[{poll: {}}, {status: {package: P}}, {repeat: {}}, {poll: {}}]";
    let replies = vec![poll_response(&["P"]), taken(), taken(), poll_response(&[])];
    let played = play(steps, replies).run().await;
    let octets = |at: usize| &played.requests[at].body.octets;
    assert_eq!(octets(1), octets(2));
    assert_eq!(
        played.fields("X-Device-Action")[2].as_deref(),
        Some("Status")
    );
    assert_eq!(played.lawful(), [true, true, false, true]);
}
