//! Downloads: from where, which octets, and what is done where they do not come.

use assay_drive::PackageState;
use assay_suites::profile::Profile;
use assay_wire::recording::Event;
use rstest::rstest;

use crate::script::{
    Played, Reply, instructions, location, part, play, poll_response, status, taken, xml,
};

/// A poll that lists P and where P is, then these steps and these replies.
async fn located(
    urls: &[&str],
    steps: &str,
    replies: Vec<Reply>,
    edit: fn(&mut Profile),
) -> Played {
    let steps = format!("[{{poll: {{}}}}, {{location: {{package: P}}}}, {steps}]");
    let mut all = vec![poll_response(&["P"]), location("P", urls)];
    all.extend(replies);
    play(&steps, all).edit(edit).run().await
}

/// A cycle that comes as far as the location of P, then these replies.
async fn synced(urls: &[&str], replies: Vec<Reply>) -> Played {
    let mut all = vec![
        poll_response(&["P"]),
        instructions("P", ""),
        location("P", urls),
        taken(),
    ];
    all.extend(replies);
    play("- sync: {}", all).run().await
}

const NO_EDIT: fn(&mut Profile) = |_| {};

#[tokio::test]
async fn a_download_asks_for_octets_and_says_no_more_of_the_device() {
    let steps = "{download: {}}, {download: {from: 2}}, {download: {from: 1, length: 3}}, \
                 {download: {length: 1, management-headers: true}}";
    let replies = vec![
        xml("01234"),
        part("2-4/5", "234"),
        part("1-3/5", "123"),
        status(416),
    ];
    let played = located(&["/pkg?x=1"], steps, replies, |profile| {
        profile.target.query = Some("mode=m".to_owned());
        profile
            .target
            .headers
            .insert("X-Own".to_owned(), "1".to_owned());
    });
    let played = played.await;
    insta::assert_snapshot!("downloads", played.transcript());
    assert_eq!(played.stuck(), None);
    assert_eq!(played.lawful(), [true; 6]);
}

#[tokio::test]
async fn the_best_location_that_is_allowed_is_taken() {
    let urls = [
        "http://192.0.2.1/x",
        "ftp://127.0.0.1/x",
        "http://",
        "{origin}/good",
        "/other",
    ];
    let played = located(&urls, "{download: {}}", vec![xml("x")], NO_EDIT).await;
    assert_eq!(played.asked()[2], "GET /good");
}

#[rstest]
#[case(&["http://192.0.2.1/x"], "P is on 192.0.2.1, which is not the target and not in target.download-hosts")]
#[case(&[], "the location of P gives no HTTP URL")]
#[case(&["file:///etc/passwd"], "the location of P gives no HTTP URL")]
#[tokio::test]
async fn a_forbidden_host_is_never_spoken_to(#[case] urls: &[&str], #[case] why: &str) {
    let played = located(urls, "{download: {}}", Vec::new(), NO_EDIT).await;
    assert_eq!(played.requests.len(), 2);
    assert_eq!(played.stuck(), Some((2, why.to_owned())));
}

#[tokio::test]
async fn another_package_or_a_zero_length_is_no_download() {
    let other = xml(
        "<PackageLocation><PackageID>Q</PackageID><Locations><Location>\
                     <HTTP><URL>/q</URL></HTTP></Location></Locations></PackageLocation>",
    );
    let steps = "[{poll: {}}, {location: {package: P}}, {download: {}}]";
    let played = play(steps, vec![poll_response(&["P"]), other]).run().await;
    let why = "no answer gave the location of P".to_owned();
    assert_eq!(played.stuck(), Some((2, why)));
    let played = located(&["/x"], "{download: {length: 0}}", Vec::new(), NO_EDIT).await;
    let why = "a range has at least one octet".to_owned();
    assert_eq!(played.stuck(), Some((2, why)));
}

const LISTING: &str = "<d:multistatus xmlns:d='DAV:'>\
    <d:response><d:href>/pkg/</d:href></d:response>\
    <d:response><d:href>/pkg/sub/</d:href></d:response>\
    <d:response><d:href>http://192.0.2.1/pkg/evil</d:href></d:response>\
    <d:response><d:href>/pkg/../secret</d:href></d:response>\
    <d:response/>\
    <d:response><d:href> {origin}/pkg/one.cab </d:href></d:response>\
    <d:response><d:href>/pkg/two%20words.cab</d:href></d:response></d:multistatus>";

fn listing() -> Reply {
    Reply::Close(format!("HTTP/1.0 207 M\r\n\r\n{LISTING}"))
}

#[tokio::test]
async fn a_folder_is_listed_before_its_files_are_fetched() {
    let steps = "{download: {}}, {download: {from: 1}}, {download: {propfind: true}}";
    let replies = vec![listing(), xml("one"), part("1-2/3", "ne"), listing()];
    let played = located(&["/pkg/"], steps, replies, NO_EDIT).await;
    let asked = [
        "PROPFIND /pkg/",
        "GET /pkg/one.cab",
        "GET /pkg/one.cab bytes=1-",
        "PROPFIND /pkg/",
    ];
    assert_eq!(played.asked()[2..], asked);
    assert_eq!(played.fields("Depth")[2].as_deref(), Some("1"));
    assert_eq!(played.lawful(), [true; 6]);
}

#[tokio::test]
async fn a_folder_that_is_not_listed_is_fetched_itself() {
    for reply in [status(405), status(207), xml("<html/>")] {
        let replies = vec![reply, xml("all")];
        let played = located(&["/pkg/"], "{download: {}}", replies, NO_EDIT).await;
        assert_eq!(played.asked()[2..], ["PROPFIND /pkg/", "GET /pkg/"]);
    }
}

#[tokio::test]
async fn a_file_is_no_folder() {
    let played = located(
        &["/pkg"],
        "{download: {propfind: true}}",
        vec![status(405)],
        NO_EDIT,
    );
    assert_eq!(played.await.lawful(), [true, true, false]);
}

#[tokio::test]
async fn all_files_of_a_folder_make_the_package() {
    let played = synced(
        &["/pkg/"],
        vec![listing(), xml("one"), xml("two!"), taken()],
    )
    .await;
    let asked = [
        "PROPFIND /pkg/",
        "GET /pkg/one.cab",
        "GET /pkg/two%20words.cab",
        "Status 11031",
    ];
    assert_eq!(played.asked()[4..], asked);
    let body = String::from_utf8_lossy(&played.requests[7].body.octets).into_owned();
    assert!(
        body.contains("<Parameter name=\"bytes\">7</Parameter>"),
        "{body}"
    );
    assert_eq!(played.packages(), [("P", &PackageState::Done)]);
}

#[tokio::test]
async fn a_broken_download_goes_on_at_the_octet_where_it_broke() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n";
    let replies = vec![
        Reply::Close(format!("{head}01")),
        Reply::Close(
            "HTTP/1.1 206 P\r\nContent-Range: bytes 2-5/6\r\nContent-Length: 4\r\n\r\n2".to_owned(),
        ),
        part("3-5/6", "345"),
        taken(),
    ];
    let played = synced(&["/pkg"], replies).await;
    let asked = [
        "GET /pkg",
        "GET /pkg bytes=2-",
        "GET /pkg bytes=3-",
        "Status 11031",
    ];
    assert_eq!(played.asked()[4..], asked);
    assert_eq!(played.packages(), [("P", &PackageState::Done)]);
    assert_eq!(played.stuck(), None);
}

#[tokio::test]
async fn the_next_cycle_goes_on_where_the_last_one_ended() {
    let broken = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n01";
    let replies = vec![Reply::Stall(broken.to_owned()), taken()];
    let first = play("- sync: {}", {
        let mut all = vec![
            poll_response(&["P"]),
            instructions("P", ""),
            location("P", &["/pkg"]),
            taken(),
        ];
        all.extend(replies);
        all
    });
    let first = first
        .edit(|profile| profile.limits.timeout_ms = Some(1_000))
        .run()
        .await;
    assert_eq!(first.asked()[4..], ["GET /pkg", "Status 11032"]);
    let state = PackageState::Broken {
        origin: first.origin(),
        octets: 2,
    };
    assert_eq!(first.packages(), [("P", &state)]);

    // The server is another one now, so that the package starts over.
    let second = play(
        "- sync: {}",
        vec![
            poll_response(&["P"]),
            instructions("P", ""),
            location("P", &["/pkg"]),
            taken(),
            xml("012345"),
            taken(),
        ],
    );
    let second = second.lease(first.lease).run().await;
    assert_eq!(second.asked()[4..], ["GET /pkg", "Status 11031"]);
}

#[tokio::test]
async fn the_same_server_is_asked_for_the_rest() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n";
    let mut replies = vec![
        poll_response(&["P"]),
        instructions("P", ""),
        location("P", &["/pkg"]),
        taken(),
        Reply::Close(format!("{head}01")),
        Reply::Close(String::new()),
        taken(),
    ];
    replies.extend([
        poll_response(&["P"]),
        instructions("P", ""),
        location("P", &["/moved"]),
        taken(),
        part("2-5/6", "2345"),
        taken(),
    ]);
    let played = play("[{sync: {}}, {sync: {}}]", replies).run().await;
    let asked = ["GET /pkg", "GET /pkg bytes=2-", "Status 11032"];
    assert_eq!(played.asked()[4..7], asked);
    assert_eq!(
        played.asked()[11..],
        ["GET /moved bytes=2-", "Status 11031"]
    );
    assert_eq!(played.packages(), [("P", &PackageState::Done)]);
}

#[tokio::test]
async fn where_one_location_fails_the_next_is_tried() {
    let replies = vec![status(404), xml("all of it"), taken()];
    let played = synced(&["/one", "/two"], replies).await;
    assert_eq!(
        played.asked()[4..],
        ["GET /one", "GET /two", "Status 11031"]
    );
}

#[rstest]
#[case::elsewhere(part("0-1/6", "01"))]
#[case::nowhere(Reply::Raw("HTTP/1.1 206 P\r\nContent-Length: 1\r\n\r\n0".to_owned()))]
#[case::refused(status(416))]
#[tokio::test]
async fn octets_from_the_wrong_place_are_no_package(#[case] reply: Reply) {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n";
    let replies = vec![Reply::Close(format!("{head}012")), reply, taken()];
    let played = synced(&["/pkg"], replies).await;
    let asked = ["GET /pkg", "GET /pkg bytes=3-", "Status 11032"];
    assert_eq!(played.asked()[4..], asked);
    assert_eq!(played.packages(), [("P", &PackageState::Failed)]);
}

#[tokio::test]
async fn a_server_that_sends_all_of_it_again_is_content_too() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n";
    let replies = vec![Reply::Close(format!("{head}012")), xml("012345"), taken()];
    let played = synced(&["/pkg"], replies).await;
    assert_eq!(played.asked()[6], "Status 11031");
}

#[tokio::test]
async fn a_download_that_gives_nothing_and_breaks_ends_the_case() {
    let replies = vec![Reply::Close("HTTP/1.1 2".to_owned())];
    let played = located(&["/pkg"], "{download: {}}, {poll: {}}", replies, NO_EDIT).await;
    assert_eq!(played.requests.len(), 3);
    let last = played.recording.events.last().map(|(_, event)| event);
    assert!(matches!(last, Some(Event::Broke { .. })), "{last:?}");
}

#[tokio::test]
async fn a_download_that_breaks_in_the_middle_may_be_gone_on_with() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n012";
    let replies = vec![Reply::Close(half.to_owned()), part("3-5/6", "345")];
    let steps = "{download: {}}, {download: {from: 3}}";
    let played = located(&["/pkg"], steps, replies, NO_EDIT).await;
    assert_eq!(played.asked()[3], "GET /pkg bytes=3-");
}
