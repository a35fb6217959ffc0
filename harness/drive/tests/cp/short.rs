//! Pushes by short message, datagram and file.

use assay_suites::profile::Hook;
use assay_wire::mac::{self, Method};
use assay_wire::smpp::{Body, Message, command, status};
use assay_wire::sms::{self, Split};
use assay_wire::wsp;
use rstest::rstest;

use crate::script::{Asked, Bound, DOCUMENT, IMSI, PIN, pdu, play};

const PUSH: &str = "- hook: {call: push-document}\n- await: {}\n";

fn segments() -> Vec<Vec<u8>> {
    let style = Split {
        size: 40,
        ..Split::default()
    };
    let pdu = pdu(Some(Method::UserNetwPin), PIN);
    sms::split(&pdu, &style).expect("segments")
}

async fn submit(asked: Asked, segments: Vec<Vec<u8>>) -> String {
    let mut bound = Bound::new(asked.gateway(), asked.value("device")).await;
    let mut statuses = Vec::new();
    for segment in segments {
        let answer = bound.submit(asked.value("address"), &segment).await;
        statuses.push(answer.map(|pdu| pdu.status));
    }
    bound.unbind().await;
    format!("{statuses:?}")
}

#[tokio::test]
async fn segments_are_one_push_when_all_are_there() {
    let count = segments().len();
    assert!(count > 1);
    let act = async |asked| submit(asked, segments()).await;
    let played = play(PUSH, act).carrier("smpp").run().await;
    // Bind, the segments; the unbind came as well, but is waited for by nobody.
    let arrived = played.arrived();
    assert_eq!(arrived.len(), count + 2, "{arrived:?}");
    assert!(arrived.iter().all(|unit| (unit.1, unit.2) == ("a", "smpp")));
    assert_eq!(played.proofs()[1..], [("push-mac", "imsi+pin", true)]);
    assert_eq!(played.said().count(), count + 2);
    let bind = String::from_utf8_lossy(played.octets()[0]).into_owned();
    assert!(bind.contains("assay-a\0*******\0"), "{bind:?}");
}

#[tokio::test]
async fn a_message_that_stays_incomplete_is_given_up_soon() {
    let act = async |asked| {
        let mut some = segments();
        some.pop();
        submit(asked, some).await
    };
    let started = std::time::Instant::now();
    let played = play(PUSH, act).carrier("smpp").run().await;
    let total = segments().len();
    let wanted = format!(
        "1 push by smpp for a awaited, 0 came, and {} of {total} segments of one",
        total - 1
    );
    assert_eq!(played.waited(), Some(wanted.as_str()));
    assert!(started.elapsed() < std::time::Duration::from_secs(4));
}

#[tokio::test]
async fn segments_come_in_any_order_and_twice() {
    let act = async |asked| {
        let mut shuffled = segments();
        shuffled.reverse();
        let first = shuffled[0].clone();
        shuffled.insert(1, first);
        submit(asked, shuffled).await
    };
    let played = play(PUSH, act).carrier("smpp").run().await;
    assert_eq!(played.waited(), None);
    assert_eq!(played.proofs()[1..], [("push-mac", "imsi+pin", true)]);
}

#[rstest]
#[case("{answer: forbidden}", status::BAD_DESTINATION)]
#[case("{answer: http-500}", 8)]
#[case("{answer: accepted, code: 88}", status::THROTTLED)]
#[tokio::test]
async fn a_centre_answers_as_it_is_told(#[case] gateway: &str, #[case] code: u32) {
    let steps = format!("- gateway: {gateway}\n- hook: {{call: push-document}}\n");
    let act = async |asked| submit(asked, segments()[..1].to_vec()).await;
    let played = play(&steps, act).carrier("smpp").run().await;
    let events = format!("{:?}", played.recording.events);
    assert!(events.contains(&format!("[Some({code})]")), "{events}");
}

#[tokio::test]
async fn delivery_is_told_where_it_is_wanted() {
    let act = async |asked: Asked| {
        let mut bound = Bound::new(asked.gateway(), "assay-a").await;
        let mut message = Message::of_segment("+1", "+15550101", segments()[0].clone());
        message.registered = 1;
        let body = Body::Message(Box::new(message));
        bound
            .ask(command::SUBMIT_SM, body)
            .await
            .expect("an answer");
        let receipt = bound.next().await.expect("a receipt");
        assert_eq!(receipt.command, command::DELIVER_SM);
        let Body::Message(message) = receipt.body else {
            panic!("no message");
        };
        assert_eq!(message.to.digits, "1");
        String::from_utf8_lossy(&message.user_data).into_owned()
    };
    let steps = "- hook: {call: push-document}\n";
    let played = play(steps, act).carrier("smpp").run().await;
    let events = format!("{:?}", played.recording.events);
    assert!(events.contains("stat:DELIVRD"), "{events}");
}

#[tokio::test]
async fn a_datagram_is_a_push() {
    let act = async |asked: Asked| {
        let socket = tokio::net::UdpSocket::bind("127.0.0.1:0")
            .await
            .expect("a socket");
        let octets = pdu(Some(Method::NetwPin), PIN);
        socket
            .send_to(&octets, asked.gateway())
            .await
            .expect("sent");
        String::new()
    };
    let played = play(PUSH, act).carrier("udp").run().await;
    let octets = pdu(Some(Method::NetwPin), PIN);
    assert_eq!(played.octets(), [octets]);
    assert_eq!(played.proofs()[1..], [("push-mac", "imsi", true)]);
    assert_eq!(played.answers(), [""; 0]);
}

#[tokio::test]
async fn a_hook_gives_the_push_itself_as_hex() {
    let act = async |_| {
        let octets = pdu(None, PIN);
        let hex: Vec<String> = octets.iter().map(|octet| format!("{octet:02X}")).collect();
        format!("{}\nand more", hex.concat())
    };
    let played = play(PUSH, act).carrier("file").run().await;
    assert_eq!(played.octets(), [pdu(None, PIN)]);
    assert_eq!(played.arrived()[0].2, "file");
}

#[tokio::test]
async fn a_long_push_comes_whole_and_so_does_the_pin_behind_it() {
    let mut draft = wsp::PushDraft::new("application/vnd.wap.connectivity-wbxml", DOCUMENT);
    draft.body.resize(4_000, 0);
    draft.sec = Some(3);
    let octets = draft.write(&wsp::Style::default());
    let hex: Vec<String> = octets.iter().map(|octet| format!("{octet:02X}")).collect();
    let told = mac::pin_with_check("12345", &draft.body);
    let answer = format!("{}\n{told}", hex.concat());
    let played = play(PUSH, move |_| std::future::ready(answer.clone()))
        .carrier("file")
        .run()
        .await;
    assert_eq!(played.octets(), [octets]);
    assert_eq!(played.proofs()[1..], [("push-pin", "told-pin", true)]);
}

#[tokio::test]
async fn more_than_a_push_may_have_stops_the_case_with_a_reason() {
    let played = play(PUSH, async |_| String::new())
        .carrier("file")
        .edit(|profile| {
            let words = ["head", "-c", "9000000", "/dev/zero"];
            let hook = Hook::Run(words.map(str::to_owned).to_vec());
            profile.hooks.insert("push-document".to_owned(), hook);
        })
        .run()
        .await;
    assert_eq!(played.octets(), Vec::<Vec<u8>>::new());
    let why = "the hook answered more than the 2097152 octets that a push or a package may have";
    assert_eq!(played.stuck(), Some(why));
}

#[tokio::test]
async fn a_command_line_gives_a_push_or_a_package() {
    let steps = "- hook: {call: push-document}\n- await: {}\n- hook: {call: publish-package}\n\
                 - await: {}\n";
    let played = play(steps, async |_| String::new())
        .carrier("file")
        .edit(|profile| {
            let words = |line: &str| Hook::Run(line.split('|').map(str::to_owned).collect());
            let push = words("printf|010601B6030B6A004501");
            profile.hooks.insert("push-document".to_owned(), push);
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cp/main.rs");
            let package = words(&format!("echo|{path}"));
            profile.hooks.insert("publish-package".to_owned(), package);
        })
        .run()
        .await;
    let octets = played.octets();
    assert_eq!(octets[0], [&[1, 6, 1, 0xB6], DOCUMENT].concat());
    assert!(octets[1].starts_with(b"//! What the harness does"));
}

#[tokio::test]
async fn a_pin_that_checks_the_document_is_checked_with_what_the_hook_told() {
    let act = async |asked: Asked| {
        let told = mac::pin_with_check("12345", DOCUMENT);
        let mut draft = wsp::PushDraft::new("application/vnd.wap.connectivity-wbxml", DOCUMENT);
        draft.sec = Some(3);
        let octets = draft.write(&wsp::Style::default());
        let socket = tokio::net::UdpSocket::bind("127.0.0.1:0")
            .await
            .expect("a socket");
        socket
            .send_to(&octets, asked.gateway())
            .await
            .expect("sent");
        assert_eq!(asked.value("imsi"), IMSI);
        told
    };
    let played = play(PUSH, act).carrier("udp").run().await;
    assert_eq!(
        played.proofs(),
        [("pin-hidden", "pin", true), ("push-pin", "told-pin", true)]
    );
}
