//! The harness as a push initiator, against a gateway that takes everything.

use assay_suites::suite::Role;
use assay_wire::http::Request;
use assay_wire::{Limits, pap, xml};
use rstest::rstest;

use crate::script::{Asked, Bound, Played, play};

async fn submitted(steps: &str) -> Played {
    play(steps, async |_| String::new())
        .edit(|profile| profile.role = Some(Role::Ppg))
        .run()
        .await
}

fn control(request: &Request) -> String {
    let kind = &request.field("Content-Type").expect("a type").value;
    let body = &request.body.octets;
    if !kind.starts_with("multipart/") {
        return String::from_utf8_lossy(body).into_owned();
    }
    let parts = pap::multipart(body, kind, &Limits::TARGET).expect("parts");
    assert_eq!(parts.notes, []);
    let first = &parts.parts[0];
    assert_eq!(first.media().expect("a type").essence, "application/xml");
    String::from_utf8_lossy(first.body.of(body)).into_owned()
}

#[tokio::test]
async fn a_push_is_submitted_as_the_protocol_wants_it() {
    let steps = "- submit: {device: b, security: userpin, notify: true, \
                 before: '2030-01-01T00:00:00Z', quality: {priority: high, \
                 delivery-method: unconfirmed, network: GSM, network-required: 'true'}}\n";
    let played = submitted(steps).await;
    let [request] = &played.requests[..] else {
        panic!("{:?} {:?}", played.requests, played.stuck());
    };
    assert_eq!(request.target, "/ppg");
    let control = control(request);
    let (tree, _) = xml::read(control.as_bytes(), &Limits::TARGET).expect("XML");
    let document = pap::Document::of(&tree).expect("a document");
    assert_eq!(document.notes, []);
    let message = document.message.expect("a message");
    assert_eq!(
        message.addresses[0].value,
        "WAPPUSH=+15550102/TYPE=PLMN@127.0.0.1"
    );
    let wanted = message.attribute("ppg-notify-requested-to").expect("a URL");
    assert!(wanted.ends_with("/pap/assay-b"), "{wanted}");
    assert!(message.quality.expect("a quality").network_required);
    let body = String::from_utf8_lossy(&request.body.octets).into_owned();
    assert!(body.contains("connectivity-wbxml; SEC=1; MAC=\""), "{body}");
}

#[tokio::test]
async fn a_push_is_asked_after_taken_back_and_repeated() {
    let steps = "- submit: {content: si}\n- query: {}\n- cancel: {}\n\
                 - submit: {content: text, push-id: last, replace: last}\n- repeat: {}\n\
                 - query: {push-id: unknown, addresses: ['x']}\n\
                 - send: {text: '<pap/>', lawful: true}\n";
    let played = submitted(steps).await;
    assert_eq!(played.stuck(), None);
    let controls: Vec<String> = played.requests.iter().map(control).collect();
    let id = |text: &str| {
        let (_, rest) = text.split_once("push-id=\"").expect("an id");
        rest.split_once('"').expect("an end").0.to_owned()
    };
    let first = id(&controls[0]);
    assert!(controls[1].contains("<statusquery-message"), "{controls:?}");
    assert!(controls[2].contains("<cancel-message"), "{controls:?}");
    assert_eq!(
        [id(&controls[1]), id(&controls[2]), id(&controls[3])],
        [first.clone(), first.clone(), first.clone()]
    );
    assert!(controls[3].contains(&format!("replace-push-id=\"{first}\"")));
    assert_eq!(controls[4], controls[3]);
    assert_eq!(id(&controls[5]), "unknown");
    assert_eq!(controls[6], "<pap/>");
}

#[rstest]
#[case("bad-control")]
#[case("no-push-id")]
#[case("no-address")]
#[case("content-first")]
#[case("no-content")]
#[case("no-boundary")]
#[case("no-multipart")]
#[case("unclosed")]
#[tokio::test]
async fn what_is_bent_differs_and_is_not_lawful(#[case] bend: &str) {
    let steps = format!(
        "- submit: {{content: sl, push-id: x}}\n- submit: {{content: sl, push-id: x, bend: {bend}}}\n"
    );
    let played = submitted(&steps).await;
    let [straight, bent] = &played.requests[..] else {
        panic!("{:?}", played.requests);
    };
    let all = |request: &Request| {
        let kind = request
            .field("Content-Type")
            .map(|field| field.value.clone());
        (kind, request.body.octets.clone())
    };
    assert_ne!(all(straight), all(bent));
    let events = format!("{:?}", played.recording.events);
    assert!(events.contains("lawful: true") && events.contains("lawful: false"));
}

#[tokio::test]
async fn what_the_gateway_sends_and_tells_is_awaited_apart() {
    // The hook stands for the gateway: it submits a message and notifies its result.
    let act = async |asked: Asked| {
        let mut bound = Bound::new(asked.value("smpp"), "gateway").await;
        bound
            .submit(
                asked.value("address"),
                &[6, 5, 4, 0x0B, 0x84, 0x23, 0xF0, 1],
            )
            .await;
        let outcome = pap::OutcomeDraft {
            code: 1000,
            state: Some("delivered"),
            ..pap::OutcomeDraft::default()
        };
        let tree = pap::result_notification("1", None, &outcome);
        let body = String::from_utf8(pap::document(&tree, "2.0")).expect("text");
        let (host, path) = crate::script::place(asked.value("pap"));
        let request = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        crate::script::tell(host, request.as_bytes()).await
    };
    let steps = "- submit: {notify: true}\n- hook: {call: trigger-dm}\n\
                 - await: {}\n- await: {notification: true, within-ms: 50}\n";
    let played = play(steps, act)
        .edit(|profile| profile.role = Some(Role::Ppg))
        .run()
        .await;
    let answers = played.answers();
    assert!(
        answers
            .iter()
            .any(|text| text.contains("<resultnotification-response")),
        "{answers:?}"
    );
    // Both had come when the first wait ended, and each counts for its own.
    assert_eq!((played.waited(), played.stuck()), (None, None));
}

#[tokio::test]
async fn a_push_for_several_devices_names_the_addresses_of_all() {
    let played = submitted("- submit: {also: [b]}\n").await;
    let control = control(&played.requests[0]);
    for number in ["+15550101", "+15550102"] {
        let address = format!("WAPPUSH={number}/TYPE=PLMN@127.0.0.1");
        assert!(control.contains(&address), "{control}");
    }
}

#[tokio::test]
async fn what_is_owed_and_does_not_come_does_not_end_the_case() {
    let steps = "- submit: {}\n- await: {owed: true, within-ms: 50}\n- query: {}\n";
    let played = submitted(steps).await;
    assert_eq!((played.waited(), played.stuck()), (None, None));
    assert_eq!(played.requests.len(), 2);
}
