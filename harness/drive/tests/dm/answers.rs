//! What the device answers to commands, and how a case bends the answers.

use insta::assert_snapshot;
use rstest::rstest;

use crate::script::{Played, Reply, closing, command, message, play, status};

/// The second message, which answers these commands, from its SyncBody on.
async fn answer_to(commands: &str, step: &'static str) -> String {
    second(&played(commands, step).await)
}

async fn played(commands: &str, step: &'static str) -> Played {
    let steps: &'static str = format!("- package-1: {{}}\n{step}").leak();
    let asking = message(7, &format!("{}{commands}<Final/>", status(1, 200)));
    play(steps, vec![asking, closing(8), closing(9)])
        .run()
        .await
}

fn second(played: &Played) -> String {
    let bodies = played.bodies();
    let body = bodies.split("\n\n").nth(1).expect("a second message");
    body.split_once("<SyncBody>").expect("a body").1.to_owned()
}

/// An Add or a Replace with one Item.
fn with_data(name: &str, id: u32, target: &str, format: &str, data: &str) -> String {
    format!(
        "<{name}><CmdID>{id}</CmdID><Item><Target><LocURI>{target}</LocURI></Target>\
         <Meta><Format xmlns='syncml:metinf'>{format}</Format></Meta><Data>{data}</Data></Item></{name}>"
    )
}

#[tokio::test]
async fn every_command_has_its_status_and_a_get_its_results() {
    let commands = [
        command("Get", 2, "./DevInfo/DevId"),
        command("Get", 3, "./DevDetail/URI"),
        command("Get", 4, "./Nothing"),
        with_data("Add", 5, "./Vendor/New", "b64", "Tm9uY2U="),
        command("Get", 6, "./Vendor/New"),
        command("Get", 7, "./Vendor/New?prop=Format"),
        with_data("Replace", 8, "./Vendor/None", "chr", "x"),
        command("Delete", 9, "./DevInfo"),
        command("Exec", 10, "./Vendor"),
        "<Alert><CmdID>11</CmdID><Data>1100</Data></Alert>".to_owned(),
        format!(
            "<Atomic><CmdID>12</CmdID>{}{}</Atomic>",
            with_data("Add", 13, "./Vendor/B", "chr", "b"),
            command("Delete", 14, "./Vendor/None")
        ),
        format!(
            "<Sequence><CmdID>15</CmdID>{}</Sequence>",
            command("Get", 16, "./DevInfo/Lang")
        ),
        "<Search><CmdID>17</CmdID></Search>".to_owned(),
    ];
    assert_snapshot!(answer_to(&commands.concat(), "- answer: {}").await);
}

#[tokio::test]
async fn a_case_gives_its_own_statuses() {
    let commands = [
        command("Get", 2, "./DevInfo/DevId"),
        command("Delete", 3, "./DevInfo"),
        command("Exec", 4, "./DevInfo"),
    ];
    let step = "- answer: {header-status: 212, statuses: {Get: 404, '*': 425, Exec: 200}}";
    assert_snapshot!(answer_to(&commands.concat(), step).await);
}

#[rstest]
#[case("omitted", "{omit: true}")]
#[case("without-msg-ref", "{msg-ref: false}")]
#[case("with-cmd", "{cmd: true}")]
#[case("meta-on-command", "{meta-on-command: true}")]
#[case("together", "{together: true}")]
#[tokio::test]
async fn results_are_written_in_several_ways(#[case] name: &str, #[case] style: &str) {
    let commands = [
        command("Get", 2, "./DevInfo/Man"),
        command("Get", 3, "./DevInfo/Lang"),
    ];
    let step = format!("- answer: {{results: {style}}}").leak();
    assert_snapshot!(
        format!("results-{name}"),
        answer_to(&commands.concat(), step).await
    );
}

#[tokio::test]
async fn what_the_case_adds_to_the_tree_is_there() {
    let step = "- answer: {tree: {./Vendor/A: value}}";
    let answer = answer_to(&command("Get", 2, "./Vendor/A"), step).await;
    assert!(answer.contains("<Data>value</Data>"), "{answer}");
}

#[tokio::test]
async fn half_of_the_commands_wait_for_the_next_answer() {
    let commands: String = (2..5)
        .map(|id| command("Get", id, "./DevInfo/Man"))
        .collect();
    let steps = "
- package-1: {}
- answer: {of: first-half, final: false}
- answer: {of: none, final: false}
- answer: {}
";
    let next = |msg, of| {
        let alert = "<Alert><CmdID>2</CmdID><Data>1222</Data></Alert>";
        message(msg, &format!("{}{alert}", status(of, 200)))
    };
    let replies = vec![
        message(7, &format!("{}{commands}<Final/>", status(1, 200))),
        next(8, 2),
        next(9, 3),
        closing(10),
    ];
    let played = play(steps, replies).run().await;
    assert_eq!(played.stuck(), None);
    assert_snapshot!(
        played
            .bodies()
            .split("\n\n")
            .skip(1)
            .collect::<Vec<_>>()
            .join("\n\n")
    );
}

#[tokio::test]
async fn alerts_and_stray_statuses_follow_the_answers() {
    let step = "- answer: {stray-status: true, max-msg-size: 500, alerts: [{code: 1224}]}";
    let answer = answer_to(&command("Get", 2, "./DevInfo/Man"), step).await;
    assert_snapshot!(answer);
}

#[tokio::test]
async fn a_chunk_is_taken_in_and_the_next_one_asked_for() {
    let chunk = with_data("Add", 2, "./Vendor/Large", "chr", "one")
        .replace("</Data>", "</Data><MoreData/>");
    let answer = answer_to(&chunk, "- answer: {}").await;
    assert!(answer.contains("<Data>213</Data>") && answer.contains("<Data>1222</Data>"));
}

#[rstest]
#[case("- answer: {}", true)]
#[case("- answer: {session: other}", false)]
#[case("- answer: {http: {headers: {User-Agent: ''}}}", true)]
#[case("- answer: {http: {method: PUT}}", false)]
#[case("- finish: {statuses: {Get: 404}}", true)]
#[tokio::test]
async fn an_answer_is_lawful_unless_it_is_not(#[case] step: &'static str, #[case] lawful: bool) {
    let played = played(&command("Get", 2, "./DevInfo/Man"), step).await;
    assert_eq!(played.lawful(), [true, lawful]);
}

#[tokio::test]
async fn an_answer_that_nobody_wants_is_unlawful_where_the_case_insists() {
    let played = played("", "- answer: {stray-status: true}").await;
    assert_eq!((played.lawful(), played.stuck()), (vec![true, false], None));
}

#[tokio::test]
async fn the_session_of_an_answer_may_be_another() {
    let played = played(
        &command("Get", 2, "./DevInfo/Man"),
        "- answer: {session: FFFF}",
    )
    .await;
    assert_eq!(played.all("SessionID"), ["1", "FFFF"]);
}

#[tokio::test]
async fn the_tree_lives_as_long_as_the_case() {
    let add = with_data("Add", 2, "./Vendor/New", "chr", "kept");
    let asking =
        |msg, commands: &str| message(msg, &format!("{}{commands}<Final/>", status(msg, 200)));
    let steps = "- package-1: {}\n- finish: {}\n- package-1: {}\n- finish: {}";
    let replies = vec![
        asking(1, &add),
        closing(2),
        asking(1, &command("Get", 2, "./Vendor/New")),
        closing(2),
    ];
    let played = play(steps, replies).run().await;
    assert!(played.bodies().contains("<Data>kept</Data>"));
}

#[tokio::test]
async fn a_server_that_asks_for_too_much_gets_less() {
    let gets: String = (2..3_000)
        .map(|id| command("Get", id, "./DevInfo"))
        .collect();
    let played = played(&gets, "- finish: {}").await;
    assert_eq!(played.stuck(), None);
    assert_eq!(played.requests.len(), 2);
    assert!(played.requests[1].body.octets.len() < 4 << 20);
}

#[tokio::test]
async fn what_is_half_a_message_is_answered_as_far_as_it_goes() {
    let broken = "<SyncML><SyncHdr><MsgID>4</MsgID></SyncHdr><SyncBody><Get><CmdID>3</CmdID>";
    let replies = vec![Reply::Xml(broken.to_owned()), closing(2)];
    let played = play("- package-1: {}\n- answer: {}", replies).run().await;
    assert_eq!((played.stuck(), played.requests.len()), (None, 2));
    assert!(second(&played).contains("<CmdRef>3</CmdRef>\n<Cmd>Get</Cmd>\n<Data>412</Data>"));
}
