//! Macs over messages, and what proves the server to the device.

use assay_suites::profile::{Profile, Secret, ServerIdentity};
use assay_wire::digest;
use assay_wire::dm::hmac::{self, Hmac};
use assay_wire::http::Request;
use assay_wire::recording::{Event, Proof, Recording};
use insta::assert_snapshot;
use rstest::rstest;

use crate::script::{Reply, challenge, command, document, message, play, status};

fn with_server(profile: &mut Profile) {
    profile.server = Some(ServerIdentity {
        id: "srvid".to_owned(),
        password: Secret::Text("srvpwd".to_owned()),
    });
}

/// A challenge for a mac, or a nonce for the next.
fn mac(msg: u32, code: u32, nonce: &str) -> Reply {
    let get = command("Get", 2, "./DevInfo/Man");
    let get = if code == 200 { get.as_str() } else { "" };
    let status = challenge(msg, code, "MAC", Some(nonce));
    message(msg, &format!("{status}{get}<Final/>"))
}

fn field(request: &Request) -> Option<Hmac> {
    let field = request.field(hmac::FIELD)?;
    Some(Hmac::read(&field.value))
}

fn proofs(recording: &Recording) -> Vec<&Proof> {
    let events = recording.events.iter();
    let proofs = events.filter_map(|(_, event)| match event {
        Event::Proof(proof) => Some(proof),
        _ => None,
    });
    proofs.collect()
}

#[tokio::test]
async fn a_challenge_for_a_mac_is_followed_in_each_message() {
    let replies = vec![
        mac(1, 407, "MQ=="),
        mac(2, 200, "Mg=="),
        mac(3, 200, "Mw=="),
    ];
    let played = play("- package-1: {}\n- answer: {}", replies).run().await;
    let [first, second, third] = &played.requests[..] else {
        panic!("{} requests", played.requests.len());
    };
    assert_eq!(field(first), None);
    for (request, nonce) in [(second, b"1"), (third, b"2")] {
        let body = &request.body.octets;
        let right = Hmac {
            algorithm: Some("MD5".to_owned()),
            username: Some("user-a".to_owned()),
            quoted: true,
            mac: Some(digest::mac("user-a", "secret-a", nonce, body)),
            strays: Vec::new(),
        };
        assert_eq!(field(request), Some(right));
    }
    assert!(!played.bodies().contains("Cred"), "{}", played.bodies());
    assert_eq!(played.all("LocName")[1], "user-a");
    assert_eq!(played.lawful(), [true, true, true]);
    // The next session begins with a mac, for that is what the nonce is for.
    let mut next = play("- package-1: {}", vec![mac(1, 200, "NA==")]);
    next.lease = played.lease;
    let played = next.run().await;
    let body = &played.requests[0].body.octets;
    let right = digest::mac("user-a", "secret-a", b"3", body);
    assert_eq!(
        field(&played.requests[0]).and_then(|it| it.mac),
        Some(right)
    );
}

#[rstest]
#[case::algorithm("{field: no-algorithm}", "x-syncml-hmac", "username=\"user-a\", mac=")]
#[case::spaces(
    "{field: spaced}",
    "x-syncml-hmac",
    "algorithm=MD5  ,   username=\"user-a\"  ,   mac="
)]
#[case::capitals(
    "{field: capitals}",
    "X-SYNCML-HMAC",
    "algorithm=MD5, username=\"user-a\", mac="
)]
#[case::user(
    "{user: somebody}",
    "x-syncml-hmac",
    "algorithm=MD5, username=\"somebody\", mac="
)]
#[tokio::test]
async fn the_field_of_a_mac_is_written_as_the_step_says(
    #[case] bends: &str,
    #[case] name: &str,
    #[case] start: &str,
) {
    let steps = format!(
        "- package-1: {{auth: none}}\n- package-1: {{again: true, auth: {{mac: {bends}}}}}"
    );
    let replies = vec![mac(1, 407, "MQ=="), mac(2, 200, "Mg==")];
    let played = play(steps.leak(), replies).run().await;
    let field = played.requests[1].field(hmac::FIELD).expect("a field");
    assert_eq!(field.name, name);
    assert!(field.value.starts_with(start), "{}", field.value);
}

#[tokio::test]
async fn a_mac_may_be_that_of_another_body() {
    let steps =
        "- package-1: {auth: none}\n- package-1: {again: true, auth: {mac: {tampered: true}}}";
    let replies = vec![mac(1, 407, "MQ=="), mac(2, 401, "Mg==")];
    let played = play(steps, replies).run().await;
    let request = &played.requests[1];
    let right = digest::mac("user-a", "secret-a", b"1", &request.body.octets);
    let sent = field(request).and_then(|field| field.mac).expect("a mac");
    assert!(sent != right && sent.len() == right.len());
    assert_eq!(played.lawful(), [true, true]);
}

/// A message with a command and, where there is one, the server's Cred.
fn proving(msg: u32, cred: Option<&str>) -> Reply {
    let cred = cred.map(|data| {
        format!(
            "<Cred><Meta><Format xmlns='syncml:metinf'>b64</Format>\
             <Type xmlns='syncml:metinf'>syncml:auth-md5</Type></Meta><Data>{data}</Data></Cred>"
        )
    });
    let get = command("Get", 2, "./DevInfo/Man");
    let body = format!("{}{get}<Final/>", status(msg, 212));
    Reply::Xml(document(msg, &cred.unwrap_or_default(), &body))
}

#[tokio::test]
async fn a_server_that_is_doubted_gets_a_nonce_and_nothing_done() {
    let steps = "- package-1: {}\n- answer: {header-status: 407, challenge: md5}\n\
                 - answer: {header-status: 212, challenge: md5}";
    let replies = vec![proving(1, None), proving(2, Some("QQ==")), proving(3, None)];
    let mut play = play(steps, replies);
    play.edit = with_server;
    let played = play.run().await;
    assert_snapshot!(played.bodies());
    // The digest of the second message is none over the nonce of the first doubt.
    let proofs = proofs(&played.recording);
    assert_eq!(proofs.len(), 1);
    let proof = proofs[0];
    assert_eq!((proof.formula.as_str(), proof.holds), ("md5-cred", false));
    assert_eq!(played.recording.octets(proof.place), b"QQ==");
}

#[rstest]
#[case::as_it_is(|digest: &str| proving(2, Some(digest)))]
#[case::in_references(|digest: &str| proving(2, Some(&digest.replace('=', "&#61;"))))]
#[case::in_wbxml(|digest: &str| match proving(2, Some(digest)) {
    Reply::Xml(text) => Reply::Wbxml(text),
    other => other,
})]
#[tokio::test]
async fn what_the_server_proves_is_checked_when_it_comes(#[case] written: fn(&str) -> Reply) {
    let steps = "- package-1: {}\n- answer: {header-status: 407, challenge: md5}";
    let once = async |data: &str| {
        let replies = vec![proving(1, Some("QQ==")), written(data)];
        let mut play = play(steps, replies);
        play.edit = with_server;
        play.run().await
    };
    let nonce = once("QQ==").await.lease.devices["a"].server_nonce.clone();
    let right = digest::md5_cred("srvid", "srvpwd", &nonce.expect("a nonce"));
    let played = once(&right).await;
    // Nothing is said of the first message: its server knew no nonce of the device.
    let proofs = proofs(&played.recording);
    assert_eq!(proofs.len(), 1);
    assert!(proofs[0].holds);
    assert_eq!(proofs[0].with, "server-password");
}
