//! Pushes over PAP: what the gateway answers, what is kept, and what follows.

use assay_wire::cp::{si, sl};
use assay_wire::mac::Method;
use assay_wire::pap::PartDraft;
use assay_wire::recording::Event;
use assay_wire::wbxml;
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::script::{
    Asked, DOCUMENT, PIN, digits, place, play, push_by_pap, request, request_with, tell,
};

const PUSH: &str = "- hook: {call: push-document}\n- await: {}\n";

#[tokio::test]
async fn a_push_is_taken_recorded_and_answered() {
    let played = play(PUSH, async |asked| push_by_pap(&asked).await)
        .run()
        .await;
    let octets = request("/pap/assay-a", "push-1", "+15550101", None);
    assert_eq!(played.arrived(), [(1, "a", "pap", octets.len())]);
    assert_eq!(played.octets(), [octets]);
    let [answer] = &played.answers()[..] else {
        panic!("{:?}", played.answers());
    };
    assert!(answer.starts_with("HTTP/1.1 202 Accepted\r\n"), "{answer}");
    assert!(
        answer.contains("<response-result code=\"1001\""),
        "{answer}"
    );
    assert!(answer.contains("push-id=\"push-1\""), "{answer}");
    assert_eq!(
        played.proofs(),
        [("pin-hidden", "pin", true), ("push-mac", "pin", true)]
    );
    assert_eq!((played.waited(), played.stuck()), (None, None));
}

#[tokio::test]
async fn a_hook_is_told_whom_to_push_to_and_where() {
    let steps = "- hook: {call: push-document, device: b, with: {security: userpin, \
                 document: '<d id=\"${device}\"/>'}}\n- await: {}\n";
    let played = play(steps, async |asked| push_by_pap(&asked).await)
        .run()
        .await;
    let told = &played.asked[0];
    for (name, value) in [
        ("device", "assay-b"),
        ("address", "+15550102"),
        ("imsi", "001010123456789"),
        ("pin", PIN),
        ("carrier", "pap"),
        ("security", "userpin"),
        ("document", "<d id=\"assay-b\"/>"),
    ] {
        assert_eq!(told.value(name), value, "{name}");
    }
    assert!(told.gateway().ends_with("/pap/assay-b"), "{told:?}");
    assert!(told.value("smpp").starts_with("127.0.0.1:"), "{told:?}");
    assert_eq!(played.arrived()[0].1, "b");
}

#[rstest]
#[case("{answer: duplicate}", Some("code=\"2007\""))]
#[case("{answer: forbidden}", Some("code=\"2001\""))]
#[case("{answer: unavailable}", Some("code=\"4001\""))]
#[case("{answer: accepted, code: 3003}", Some("code=\"3003\""))]
#[case("{answer: bad}", Some("<badmessage-response code=\"2000\""))]
#[case("{answer: http-500}", Some("HTTP/1.1 500 "))]
#[case("{answer: silent}", None)]
#[tokio::test]
async fn a_gateway_answers_as_it_is_told(#[case] gateway: &str, #[case] says: Option<&str>) {
    let steps = format!("- gateway: {gateway}\n{PUSH}");
    let act = async |asked: Asked| {
        let pushing = push_by_pap(&asked);
        let waited = tokio::time::timeout(std::time::Duration::from_millis(200), pushing);
        waited.await.unwrap_or_default()
    };
    let played = play(&steps, act).run().await;
    assert_eq!(played.arrived().len(), 1);
    let answers = played.answers();
    match says {
        Some(says) => assert!(answers[0].contains(says), "{answers:?}"),
        None => assert!(answers.is_empty(), "{answers:?}"),
    }
}

#[tokio::test]
async fn a_push_that_never_comes_is_said_to_be_awaited() {
    let steps = "- hook: {call: push-document}\n- await: {within-ms: 50}\n- await: {}\n";
    let played = play(steps, async |_| String::new()).run().await;
    assert_eq!(played.waited(), Some("1 push by pap for a awaited, 0 came"));
    let last = played.recording.events.last();
    assert!(matches!(last, Some((_, Event::Waited { step: 1, .. }))));
}

#[tokio::test]
async fn what_is_watched_for_in_vain_is_no_trouble() {
    let steps = "- await: {count: 0, within-ms: 20}\n- hook: {call: push-document}\n\
                 - await: {count: 0, within-ms: 20}\n";
    let played = play(steps, async |asked| push_by_pap(&asked).await)
        .run()
        .await;
    assert_eq!(played.waited(), None);
    assert_eq!(played.arrived().len(), 1);
}

#[tokio::test]
async fn what_nobody_waits_for_is_kept_as_well() {
    let steps = "- hook: {call: push-document}\n";
    let played = play(steps, async |asked| push_by_pap(&asked).await)
        .run()
        .await;
    assert_eq!(played.arrived()[0].0, 0);
}

#[tokio::test]
async fn a_wrong_mac_and_a_pin_in_clear_are_found_and_the_pin_is_masked() {
    let act = async |asked: Asked| {
        let (host, path) = place(asked.gateway());
        let mac = digits(Method::UserPin, "000000");
        let kind = format!("application/vnd.wap.connectivity-wbxml; SEC=1; MAC=\"{mac}\"");
        let mut content = PartDraft::new(&kind, DOCUMENT);
        let hint = ("X-Hint".to_owned(), format!("PIN={PIN}"));
        content.fields.push(hint);
        tell(host, &request_with(&path, "1", "+15550101", None, content)).await;
        format!("pushed, the PIN is {PIN}")
    };
    let played = play(PUSH, act).run().await;
    assert_eq!(
        played.proofs(),
        [("pin-hidden", "pin", false), ("push-mac", "pin", false)]
    );
    let all = String::from_utf8_lossy(played.octets()[0]).into_owned();
    assert!(all.contains("X-Hint: PIN=******\r\n"), "{all}");
    let events = format!("{:?}", played.recording.events);
    assert!(events.contains("the PIN is ******"), "{events}");
}

#[tokio::test]
async fn a_result_is_notified_where_the_push_wants_it() {
    let act = async |asked: Asked| {
        let (host, path) = place(asked.gateway());
        let own = asked.value("own").to_owned();
        let url = Some(asked.value("text")).filter(|text| !text.is_empty());
        let url = url.map_or(own + "/results", str::to_owned);
        tell(host, &request(&path, "push-9", "+15550101", Some(&url))).await
    };
    let steps = format!("{PUSH}- notify: {{state: expired, code: 4000}}\n");
    let played = play(&steps, act).run().await;
    let [request] = &played.requests[..] else {
        panic!("{:?}", played.stuck());
    };
    assert_eq!(request.target, "/results");
    let body = String::from_utf8_lossy(&request.body.octets).into_owned();
    for part in [
        "push-id=\"push-9\"",
        "message-state=\"expired\"",
        "code=\"4000\"",
    ] {
        assert!(body.contains(part), "{body}");
    }
    let elsewhere = "push-document, with: {text: 'http://elsewhere.example/x'}}";
    let steps = steps.replace("push-document}", elsewhere);
    let played = play(&steps, act).run().await;
    let stuck = played.stuck().expect("a reason");
    assert!(stuck.contains("leads to elsewhere.example"), "{stuck}");
}

#[rstest]
#[case::indication(false)]
#[case::loading(true)]
#[tokio::test]
async fn what_a_push_points_to_is_fetched(#[case] loading: bool) {
    let act = move |asked: Asked| async move {
        let (host, path) = place(asked.gateway());
        let href = asked.value("href");
        let (media, tree) = if loading {
            (sl::WBXML_MEDIA, sl::loading(href, None))
        } else {
            let draft = si::IndicationDraft {
                href: Some(href),
                text: "New",
                ..si::IndicationDraft::default()
            };
            (si::WBXML_MEDIA, draft.tree())
        };
        let octets = wbxml::write(&tree, &wbxml::Style::default()).expect("a document");
        let content = PartDraft::new(media, octets);
        tell(host, &request_with(&path, "1", "+15550101", None, content)).await
    };
    let steps = "- hook: {call: push-si, with: {href: 'packages/x.cpf'}}\n- await: {}\n\
                 - fetch: {from: 2, length: 3}\n- fetch: {what: published}\n";
    let played = play(steps, act).run().await;
    let [request] = &played.requests[..] else {
        panic!("{:?}", played.requests);
    };
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("GET", "/packages/x.cpf")
    );
    assert_eq!(request.field("Range").expect("a range").value, "bytes=2-4");
    assert_eq!(
        played.stuck(),
        Some("no hook has published a package at a URL")
    );
}

#[tokio::test]
async fn many_requests_travel_over_one_connection() {
    let act = async |asked: Asked| {
        let (host, path) = place(asked.gateway());
        let one = request(&path, "1", "+15550101", None);
        let two = request(&path, "2", "+15550101", None);
        tell(host, &[one, two].concat()).await
    };
    let steps = "- hook: {call: push-document}\n- await: {count: 2}\n";
    let played = play(steps, act).run().await;
    assert_eq!(played.arrived().len(), 2);
    let links = played.links();
    assert_eq!(links[0], links[1]);
    assert!(played.answers()[1].contains("push-id=\"2\""));
}

#[tokio::test]
async fn a_sender_that_waits_to_go_on_is_told_to() {
    let act = async |asked: Asked| {
        let (host, path) = place(asked.gateway());
        let octets = request(&path, "1", "+15550101", None);
        let text = String::from_utf8(octets).expect("text");
        let text = text.replace("Host: hub", "Host: hub\r\nExpect: 100-continue");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        let mut stream = TcpStream::connect(host).await.expect("a hub");
        stream
            .write_all(format!("{head}\r\n\r\n").as_bytes())
            .await
            .expect("open");
        let mut raw = [0; 25];
        stream
            .read_exact(&mut raw)
            .await
            .expect("an interim answer");
        assert_eq!(&raw, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(body.as_bytes()).await.expect("open");
        stream.read_exact(&mut raw).await.expect("an answer");
        String::new()
    };
    let played = play(PUSH, act).run().await;
    assert_eq!(played.arrived().len(), 1);
}
