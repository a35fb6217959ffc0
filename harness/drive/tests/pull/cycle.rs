//! The whole cycle: what is asked, in which order, and what becomes of the package database.

use assay_drive::PackageState;
use rstest::rstest;

use crate::script::{
    Reply, instructions, location, play, poll_response, poll_response_with, status, taken, xml,
};

const COMMAND: &str = "<CommandLine>setup.exe</CommandLine>";

/// What the server says while P is fetched and its command is run.
fn fetching() -> Vec<Reply> {
    vec![
        instructions("P", COMMAND),
        location("P", &["/pkg"]),
        taken(),
        xml("the package"),
        taken(),
        taken(),
    ]
}

const FETCHED: [&str; 6] = [
    "InstructionRequest P",
    "LocationRequest P",
    "Status 11030",
    "GET /pkg",
    "Status 11031",
    "Status 11035",
];

#[tokio::test]
async fn what_is_listed_and_missing_is_fetched_once() {
    let mut replies = vec![poll_response(&["P"])];
    replies.extend(fetching());
    replies.push(poll_response(&["P"]));
    let played = play("[{sync: {}}, {sync: {}}]", replies).run().await;
    let mut asked = vec!["Poll"];
    asked.extend(FETCHED);
    asked.push("Poll");
    assert_eq!(played.asked(), asked);
    assert!(played.lawful().iter().all(|lawful| *lawful));
    assert_eq!(played.packages(), [("P", &PackageState::Done)]);
    let sessions: Vec<u32> = played.sent().map(|(_, session, _)| session).collect();
    assert_eq!(sessions, [0, 0, 0, 0, 0, 0, 0, 1]);
}

#[tokio::test]
async fn what_is_no_longer_listed_is_forgotten() {
    let mut replies = vec![poll_response(&["P"])];
    replies.extend(fetching());
    replies.extend([poll_response(&[]), poll_response(&["P"])]);
    replies.extend(fetching());
    let played = play("[{sync: {}}, {sync: {}}, {sync: {}}]", replies)
        .run()
        .await;
    assert_eq!(played.asked()[7..9], ["Poll", "Poll"]);
    assert_eq!(played.asked()[9..], FETCHED);
}

#[rstest]
#[case::refused(status(403))]
#[case::broken_off(xml("<PollResponse><ApplicablePackages>"))]
#[case::a_page(xml("<html><body>Welcome</body></html>"))]
#[case::nothing(xml(""))]
#[case::no_text(xml("\u{0}\u{1}\u{2}"))]
#[tokio::test]
async fn a_poll_that_fails_changes_nothing(#[case] reply: Reply) {
    let mut replies = vec![poll_response(&["P"])];
    replies.extend(fetching());
    replies.push(reply);
    let played = play("[{sync: {}}, {sync: {}}]", replies).run().await;
    assert_eq!(played.requests.len(), 8);
    assert_eq!(played.packages(), [("P", &PackageState::Done)]);
    assert_eq!(played.stuck(), None);
}

#[rstest]
#[case::refused(status(404))]
#[case::none(xml("<Instructions/>"))]
#[case::another(instructions("Q", ""))]
#[case::half(xml("<Instructions><Package><ID>P</ID>"))]
#[tokio::test]
async fn what_comes_without_instructions_waits(#[case] reply: Reply) {
    let played = play("- sync: {}", vec![poll_response(&["P"]), reply])
        .run()
        .await;
    assert_eq!(played.asked(), ["Poll", "InstructionRequest P"]);
    assert_eq!(played.packages(), [("P", &PackageState::Pending)]);
}

#[rstest]
#[case::refused(status(404))]
#[case::nowhere(location("P", &[]))]
#[case::another(location("Q", &["/q"]))]
#[tokio::test]
async fn what_comes_without_location_waits(#[case] reply: Reply) {
    let replies = vec![poll_response(&["P"]), instructions("P", ""), reply];
    let played = play("- sync: {}", replies).run().await;
    assert_eq!(played.requests.len(), 3);
    assert_eq!(played.packages(), [("P", &PackageState::Pending)]);
    assert_eq!(played.stuck(), None);
}

#[tokio::test]
async fn a_command_is_run_only_after_a_download() {
    let replies = vec![
        poll_response(&["P"]),
        instructions("P", COMMAND),
        location("P", &["/pkg"]),
        taken(),
        status(404),
        taken(),
    ];
    let played = play("- sync: {}", replies).run().await;
    assert_eq!(played.asked()[4..], ["GET /pkg", "Status 11032"]);
    assert_eq!(played.packages(), [("P", &PackageState::Failed)]);
}

#[rstest]
#[case("5.0", &["Poll", "InstructionRequest P", "Status 11035"])]
#[case("4.2", &["Poll", "InstructionRequest P", "LocationRequest P"])]
#[tokio::test]
async fn only_later_generations_know_packages_without_files(
    #[case] generation: &'static str,
    #[case] asked: &[&str],
) {
    let without = format!("<SourceFiles>No</SourceFiles>{COMMAND}");
    let replies = vec![
        poll_response(&["P"]),
        instructions("P", &without),
        status(404),
    ];
    let played = play("- sync: {}", replies)
        .generation(generation)
        .run()
        .await;
    assert_eq!(played.asked(), asked);
}

fn recurring(behavior: &str, interval: &str) -> String {
    format!(
        "{COMMAND}<Recurrence><Interval>{interval}</Interval><Behavior>{behavior}</Behavior>\
         </Recurrence>"
    )
}

#[rstest]
#[case("Execute Only", "0000-00-07 00:00:00", &["Status 11035"])]
#[case("Download and Execute", "0000-00-07 00:00:00", &FETCHED[1..])]
#[case("Execute Only", "0000-00-00 00:00:00", &[])]
#[case("execute only", "0000-00-07 00:00:00", &[])]
#[case("Execute Only", "weekly", &[])]
#[tokio::test]
async fn what_recurs_is_repeated_in_the_next_cycle(
    #[case] behavior: &str,
    #[case] interval: &str,
    #[case] again: &[&str],
) {
    let mut replies = vec![poll_response(&["P"])];
    replies.push(instructions("P", &recurring(behavior, interval)));
    replies.extend(fetching().split_off(1));
    replies.push(poll_response(&["P"]));
    replies.extend(match again.len() {
        5 => fetching().split_off(1),
        _ => vec![taken()],
    });
    let played = play("[{sync: {}}, {sync: {}}]", replies).run().await;
    assert_eq!(played.asked()[8..], *again);
    assert_eq!(played.packages(), [("P", &PackageState::Done)]);
}

/// The times of the status messages.
fn times(played: &crate::script::Played) -> Vec<String> {
    let bodies = played.requests.iter().map(|request| {
        let body = String::from_utf8_lossy(&request.body.octets).into_owned();
        let (_, rest) = body.split_once("timestamp=\"")?;
        Some(rest.split_once('"')?.0.to_owned())
    });
    bodies.flatten().collect()
}

#[tokio::test]
async fn the_clock_waits_for_a_start_time_and_nobody_waits_for_the_clock() {
    let start =
        "<StartTime UTC='true'>2040-02-29 12:00:00</StartTime><SourceFiles>No</SourceFiles>";
    let again = recurring("Execute Only", "0000-00-07 00:00:00");
    let replies = vec![
        poll_response(&["P"]),
        instructions("P", &format!("{start}{again}")),
        taken(),
        poll_response(&["P"]),
        taken(),
    ];
    let played = play("[{sync: {}}, {sync: {}}]", replies).run().await;
    assert_eq!(
        times(&played),
        ["2040-02-29 12:00:00", "2040-03-07 12:00:01"]
    );
}

#[tokio::test]
async fn a_failed_message_is_sent_again_as_often_as_the_server_wants() {
    let settings = "<ClientSettings><FailureRetryCount>2</FailureRetryCount>\
                    <FailureRetryInterval>0000-00-00 00:01:00</FailureRetryInterval>\
                    </ClientSettings>";
    let mut replies = vec![status(500), poll_response_with(settings, &["P"])];
    replies.extend([status(503), status(500), status(500)]);
    let played = play("- sync: {}", replies).run().await;
    let asked = [
        "Poll",
        "Poll",
        "InstructionRequest P",
        "InstructionRequest P",
        "InstructionRequest P",
    ];
    assert_eq!(played.asked(), asked);
    assert_eq!(
        played.requests[0].body.octets,
        played.requests[1].body.octets
    );
}

#[tokio::test]
async fn a_broken_link_is_a_failed_message() {
    let replies = vec![Reply::Close(String::new()), poll_response(&[])];
    let played = play("- sync: {}", replies).run().await;
    assert_eq!(played.asked(), ["Poll", "Poll"]);
}

#[tokio::test]
async fn only_the_cycle_sends_again_by_itself() {
    let steps = "[{poll: {}}, {poll: {}}]";
    let played = play(
        steps,
        vec![status(500), Reply::Close("HTTP/1.1 2".to_owned())],
    );
    assert_eq!(played.run().await.requests.len(), 2);
}

#[tokio::test]
async fn a_greedy_retry_count_is_bounded() {
    let settings = "<ClientSettings><FailureRetryCount>4294967295</FailureRetryCount>\
                    </ClientSettings>";
    let mut replies = vec![poll_response_with(settings, &["P"])];
    replies.extend(vec![status(500); 100]);
    let played = play("- sync: {}", replies).run().await;
    assert_eq!(played.requests.len(), 7);
}
