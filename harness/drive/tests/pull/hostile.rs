//! Servers that send what no agent expects: each is bounded, recorded, and outlived.

use std::time::Duration;

use assay_drive::PackageState;
use assay_wire::recording::{Breakage, Event};
use rstest::rstest;
use tokio::time::timeout;

use crate::script::{
    Play, Played, Reply, instructions, location, part, play, poll_response, status, taken, xml,
};

/// Plays it, and fails where it takes longer than anybody would wait.
async fn outlived(play: Play) -> Played {
    let played = play
        .edit(|profile| profile.limits.timeout_ms = Some(1_000))
        .run();
    let played = timeout(Duration::from_secs(20), played).await;
    played.expect("it ends")
}

fn fetching(reply: Reply) -> Vec<Reply> {
    vec![
        poll_response(&["P"]),
        instructions("P", ""),
        location("P", &["/pkg"]),
        taken(),
        reply,
        taken(),
    ]
}

fn breakage(played: &Played) -> Vec<Breakage> {
    let events = played.recording.events.iter();
    let broke = events.filter_map(|(_, event)| match event {
        Event::Broke { how, .. } => Some(*how),
        _ => None,
    });
    broke.collect()
}

#[tokio::test]
async fn a_redirect_leads_nowhere() {
    let there = "HTTP/1.1 302 Found\r\nLocation: {origin}/pkg\r\nContent-Length: 0\r\n\r\n";
    let played = play("- sync: {}", fetching(Reply::Raw(there.to_owned())));
    let played = outlived(played).await;
    assert_eq!(played.asked()[4..], ["GET /pkg", "Status 11032"]);
    let played = outlived(play("- poll: {}", vec![Reply::Raw(there.to_owned())])).await;
    assert_eq!(played.requests.len(), 1);
}

#[rstest]
#[case::no_length("HTTP/1.1 200 OK\r\n\r\n", Breakage::TooLong)]
#[case::promised(
    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
    Breakage::TooLong
)]
#[case::no_head("", Breakage::TooLong)]
#[case::chunks_that_are_none(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    Breakage::Garbled
)]
#[tokio::test]
async fn an_endless_download_ends(#[case] head: &str, #[case] how: Breakage) {
    let played = play("- sync: {}", fetching(Reply::Endless(head.to_owned())));
    let played = outlived(played).await;
    assert_eq!(played.asked()[4..], ["GET /pkg", "Status 11032"]);
    assert_eq!(played.packages(), [("P", &PackageState::Failed)]);
    // Where nothing is HTTP from the first octet on, that may be said as well.
    let broke = breakage(&played);
    assert!(
        broke == [how] || (head.is_empty() && broke == [Breakage::Garbled]),
        "{broke:?}"
    );
    let held: usize = played
        .recording
        .links
        .iter()
        .map(|link| link.r#in.len())
        .sum();
    assert!(held < 200_000, "{held} octets");
}

#[tokio::test]
async fn a_length_that_is_not_kept_is_no_end() {
    // Longer than it says: the rest belongs to nobody.
    let long = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef";
    let played = outlived(play("- sync: {}", fetching(Reply::Raw(long.to_owned())))).await;
    assert_eq!(played.asked()[5], "Status 11031");
    // Shorter, and silence.
    let short = "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nabc";
    let played = outlived(play("- sync: {}", fetching(Reply::Stall(short.to_owned())))).await;
    assert_eq!(played.asked()[5], "Status 11032");
    assert_eq!(breakage(&played), [Breakage::Timeout]);
}

#[tokio::test]
async fn a_server_that_always_gives_one_octet_more_is_left() {
    let mut replies = fetching(Reply::Close(
        "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\na".to_owned(),
    ));
    replies.pop();
    for from in 1..50 {
        replies.push(part(&format!("{from}-{from}/999"), "b"));
    }
    let played = outlived(play("- sync: {}", replies)).await;
    assert_eq!(played.requests.len(), 4 + 4 + 1);
    assert!(played.asked()[8].starts_with("Status 11032"));
}

#[tokio::test]
async fn a_server_that_says_nothing_ends_the_case() {
    for steps in ["- poll: {}", "- sync: {}", "- report: {}"] {
        let played = outlived(play(steps, vec![Reply::Stall(String::new())])).await;
        assert_eq!(played.requests.len(), 1);
        assert_eq!(breakage(&played), [Breakage::Timeout]);
        assert_eq!(played.lawful(), [true]);
    }
}

#[tokio::test]
async fn a_list_without_end_is_cut() {
    let ids: Vec<String> = (0..100_000).map(|id| format!("P{id}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    for bytes in [20_000, 8 << 20] {
        let mut replies = vec![poll_response(&ids)];
        replies.extend(vec![status(404); 50]);
        let played = play("- sync: {}", replies);
        let played = if bytes == 20_000 {
            outlived(played).await
        } else {
            let played = played.edit(|profile| profile.limits.answer_bytes = Some(8 << 20));
            let played = timeout(Duration::from_secs(20), played.run()).await;
            played.expect("it ends")
        };
        // Too long to read, too many nodes to read: neither is a list.
        assert!(played.requests.len() <= 1 + 5, "{}", played.requests.len());
        assert_eq!(played.packages(), []);
    }
}

#[tokio::test]
async fn a_long_list_is_looked_after_in_part() {
    let ids: Vec<String> = (0..300).map(|id| format!("P{id}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut replies = vec![poll_response(&ids)];
    replies.extend(vec![status(404); 50]);
    let played = outlived(play("- sync: {}", replies)).await;
    assert_eq!(played.requests.len(), 1 + 16);
    assert_eq!(played.stuck(), None);
}

#[tokio::test]
async fn ids_that_could_break_a_message_do_not() {
    let ids = ["&lt;&quot;&apos;&amp;", "a&#10;b", "]]&gt;", " ", ""];
    let mut replies = vec![poll_response(&ids)];
    replies.extend(vec![status(404); 5]);
    let played = outlived(play("- sync: {}", replies)).await;
    assert_eq!(played.requests.len(), 4);
    for request in &played.requests[1..] {
        let text = &request.body.octets;
        let read = assay_wire::xml::read(text, &assay_wire::Limits::TARGET);
        let (_, notes) = read.expect("a document");
        assert!(notes.is_empty(), "{notes:?}");
    }
}

#[rstest]
#[case("a\u{1}b")]
#[case("caf\u{e9}")]
#[tokio::test]
async fn marks_that_cannot_be_sent_back_are_not(#[case] token: &str) {
    let fields = format!("X-Device-Auth: {token}\r\nX-Device-Timestamp: {token}\r\n");
    let replies = vec![
        Reply::Body(fields, "<PollResponse/>".to_owned()),
        poll_response(&[]),
    ];
    let played = outlived(play("[{poll: {}}, {poll: {}}]", replies)).await;
    assert_eq!(played.fields("X-Device-Auth")[1].as_deref(), Some(""));
    assert_eq!(played.lease.devices["a"].pull.token, None);
}

#[rstest]
#[case::deep(format!("<PollResponse>{}", "<a>".repeat(5_000)))]
#[case::entities(
    "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><PollResponse>&b;</PollResponse>".to_owned()
)]
#[case::octets("\u{fffd}\u{0}".repeat(100))]
#[case::other("<Instructions/>".to_owned())]
#[tokio::test]
async fn any_body_is_read_or_left(#[case] body: String) {
    let steps = "[{poll: {}}, {instructions: {package: P}}, {location: {}}]";
    let replies = vec![xml(body.clone()), xml(body.clone()), xml(body)];
    let played = outlived(play(steps, replies)).await;
    assert_eq!(played.requests.len(), 3);
    assert_eq!(played.stuck(), None);
}

#[tokio::test]
async fn numbers_of_a_server_are_never_counted_with_beyond_their_end() {
    let max = u64::MAX;
    let replies = vec![
        poll_response(&["P"]),
        instructions(
            "P",
            "<StartTime>9999-12-31 23:59:59</StartTime><PackageSize>-1</PackageSize><CommandLine>c\
             </CommandLine><Recurrence><Interval>9999-99-99 99:99:99</Interval><Behavior>Execute \
             Only</Behavior></Recurrence>",
        ),
        xml(format!(
            "<PackageLocation><Locations><Location metric='{max}9'><HTTP><URL>/a</URL></HTTP>\
             </Location><Location metric='{max}'><HTTP><URL>/b</URL></HTTP></Location>\
             </Locations></PackageLocation>"
        )),
        taken(),
        part(&format!("0-{max}/{max}"), "x"),
        part(&format!("{max}-0/0"), "x"),
        taken(),
        poll_response(&["P"]),
    ];
    let played = outlived(play("[{sync: {}}, {sync: {}}]", replies)).await;
    assert_eq!(played.asked()[6], "Status 11032");
    assert_eq!(played.asked()[7], "Poll");
}

#[tokio::test]
async fn a_folder_that_lists_itself_or_the_world_is_bounded() {
    let all = (0..2_000).map(|number| format!("<response><href>/pkg/{number}</href></response>"));
    let all: Vec<String> = all.collect();
    let all = all.concat();
    let listing = format!("HTTP/1.0 207 M\r\n\r\n<multistatus>{all}</multistatus>");
    let mut replies = fetching(Reply::Close(listing));
    replies[2] = location("P", &["/pkg/"]);
    replies.pop();
    replies.extend(vec![xml("x"); 50]);
    let played = play("- sync: {}", replies).edit(|profile| {
        profile.limits.answer_bytes = Some(1 << 20);
    });
    let played = timeout(Duration::from_secs(20), played.run())
        .await
        .expect("it ends");
    assert_eq!(played.requests.len(), 4 + 1 + 16 + 1);
}
