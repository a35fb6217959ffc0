//! Credentials: what is sent, what a challenge brings about, what is remembered.

use assay_suites::suite::Scheme;
use assay_wire::digest;
use assay_wire::recording::Event;
use insta::assert_snapshot;
use rstest::rstest;

use crate::script::{Reply, challenge, closing, command, lease, message, play, status};

const NONCE: &str = "LG3iZQhhdmKNHg==";

fn challenged(msg: u32, code: u32, kind: &str, nonce: Option<&str>) -> Reply {
    message(
        msg,
        &format!("{}<Final/>", challenge(msg, code, kind, nonce)),
    )
}

fn accepted(msg: u32) -> Reply {
    message(msg, &format!("{}<Final/>", status(msg, 212)))
}

#[tokio::test]
async fn an_md5_challenge_is_followed() {
    let replies = vec![challenged(1, 407, "md5", Some(NONCE)), accepted(2)];
    let played = play("- package-1: {}\n- finish: {}", replies).run().await;
    assert_snapshot!(played.bodies());
    assert_eq!(played.lawful(), [true, true]);
    let nonce = digest::unb64(NONCE).expect("base64");
    assert!(
        played
            .bodies()
            .contains(&digest::md5_cred("user-a", "secret-a", &nonce))
    );
    assert_eq!(played.lease.devices["a"].nonce, Some(nonce));
    assert_eq!(played.lease.devices["b"].nonce, None);
}

#[tokio::test]
async fn a_digest_that_was_sent_is_proved() {
    let replies = vec![challenged(1, 407, "md5", Some(NONCE)), accepted(2)];
    let played = play("- package-1: {}", replies).run().await;
    let proofs: Vec<_> = played
        .recording
        .events
        .iter()
        .filter_map(|(_, event)| {
            if let Event::Proof(proof) = event {
                Some(proof)
            } else {
                None
            }
        })
        .collect();
    let nonce = digest::unb64(NONCE).expect("base64");
    let cred = digest::md5_cred("user-a", "secret-a", &nonce);
    assert_eq!(proofs.len(), 1);
    assert_eq!(played.recording.octets(proofs[0].place), cred.as_bytes());
    assert_eq!(
        (proofs[0].formula.as_str(), proofs[0].holds),
        ("md5-cred", true)
    );
}

#[tokio::test]
async fn a_basic_challenge_is_followed_and_its_answer_masked() {
    let replies = vec![challenged(1, 407, "basic", None), accepted(2)];
    let played = play("- package-1: {}", replies).run().await;
    let cred = digest::basic("user-a", "secret-a");
    assert!(played.bodies().contains(&cred), "the server sees it");
    let link = &played.recording.links[0];
    let out = String::from_utf8_lossy(&link.out);
    assert!(
        !out.contains(&cred) && out.contains(&"*".repeat(cred.len())),
        "the recording does not"
    );
}

#[tokio::test]
async fn a_challenge_is_followed_twice_and_no_more() {
    let replies = vec![
        challenged(1, 407, "md5", Some("MQ==")),
        challenged(2, 401, "md5", Some("Mg==")),
        challenged(3, 401, "md5", Some("Mw==")),
        accepted(4),
    ];
    let played = play("- package-1: {}", replies).run().await;
    assert_eq!(played.all("MsgID"), ["1", "2", "3"]);
    assert_eq!(played.all("SessionID"), ["1", "1", "1"]);
    let device = &played.lease.devices["a"];
    assert_eq!(
        (device.nonce.as_deref(), device.previous_nonce.as_deref()),
        (Some(&b"3"[..]), Some(&b"2"[..]))
    );
}

#[tokio::test]
async fn a_scheme_that_is_not_claimed_is_not_followed() {
    let mut play = play(
        "- package-1: {}",
        vec![challenged(1, 407, "basic", None), accepted(2)],
    );
    play.claims.auth = Some(vec![Scheme::Md5]);
    assert_eq!(play.run().await.requests.len(), 1);
}

#[tokio::test]
async fn a_nonce_that_is_known_is_used_at_once() {
    let mut play = play("- package-1: {}\n- finish: {}", vec![accepted(1)]);
    play.lease.devices.get_mut("a").expect("a device").nonce = Some(b"Nonce".to_vec());
    let played = play.run().await;
    assert!(
        played
            .bodies()
            .contains(&digest::md5_cred("user-a", "secret-a", b"Nonce"))
    );
    assert_eq!(played.requests.len(), 1);
}

#[tokio::test]
async fn the_nonce_for_the_next_session_is_kept() {
    let replies = vec![challenged(1, 212, "md5", Some("TmV4dA==")), accepted(1)];
    let mut first = play("- package-1: {}\n- package-1: {}", replies);
    first.lease.devices.get_mut("a").expect("a device").nonce = Some(b"Nonce".to_vec());
    let played = first.run().await;
    assert_eq!(played.all("SessionID"), ["1", "2"]);
    let data =
        [b"Nonce".as_slice(), b"Next"].map(|nonce| digest::md5_cred("user-a", "secret-a", nonce));
    assert!(played.bodies().contains(&data[0]) && played.bodies().contains(&data[1]));

    let mut second = play("- package-1: {}", vec![accepted(1)]);
    second.lease = played.lease;
    let played = second.run().await;
    assert!(played.bodies().contains(&data[1]), "over two cases");
    assert_eq!(played.all("SessionID"), ["3"]);
}

#[tokio::test]
async fn each_message_has_a_credential_where_the_server_wants_it() {
    let get = format!(
        "{}{}<Final/>",
        challenge(2, 200, "md5", Some("TmV4dA==")),
        command("Get", 2, "./DevInfo/Man")
    );
    let replies = vec![
        challenged(1, 407, "md5", Some(NONCE)),
        message(2, &get),
        closing(3),
    ];
    let played = play("- package-1: {}\n- finish: {}", replies).run().await;
    assert_eq!(played.requests.len(), 3);
    assert!(played.bodies().ends_with("</SyncML>"));
    assert!(
        played
            .bodies()
            .contains(&digest::md5_cred("user-a", "secret-a", b"Next"))
    );
}

#[tokio::test]
async fn no_credential_follows_once_the_session_was_accepted() {
    let get = format!(
        "{}{}<Final/>",
        status(1, 212),
        command("Get", 2, "./DevInfo/Man")
    );
    let mut play = play(
        "- package-1: {}\n- finish: {}",
        vec![message(1, &get), closing(2)],
    );
    play.lease.devices.get_mut("a").expect("a device").nonce = Some(b"Nonce".to_vec());
    let played = play.run().await;
    assert_eq!(played.bodies().matches("<Cred>").count(), 1);
}

#[rstest]
#[case::octets("{md5: {}}", digest::md5_cred("user-a", "secret-a", b"new"))]
#[case::text(
    "{md5: {nonce: as-text}}",
    digest::md5_cred("user-a", "secret-a", b"bmV3")
)]
#[case::previous(
    "{md5: {nonce: previous}}",
    digest::md5_cred("user-a", "secret-a", b"old")
)]
#[case::empty("{md5: {nonce: empty}}", digest::md5_cred("user-a", "secret-a", b""))]
#[case::old_formula(
    "{md5: {formula: syncml10}}",
    digest::md5_syncml10("user-a", "secret-a", b"new")
)]
#[case::wrong(
    "{md5: {password: wrong}}",
    digest::md5_cred("user-a", "wrong", b"new")
)]
#[case::other("{md5: {of: b}}", digest::md5_cred("user-b", "secret-b", b"new"))]
#[case::basic("{basic: {}}", digest::basic("user-a", "secret-a"))]
#[case::basic_wrong("{basic: {user: x, password: 'p:q'}}", digest::basic("x", "p:q"))]
#[case::cred("{cred: {type: t, data: anything}}", "anything".to_owned())]
#[tokio::test]
async fn credentials_are_sent_as_they_are_told_and_no_challenge_is_followed(
    #[case] auth: &str,
    #[case] data: String,
) {
    let steps = format!("- package-1: {{auth: {auth}}}").leak();
    let mut play = play(
        steps,
        vec![challenged(1, 401, "md5", Some(NONCE)), accepted(2)],
    );
    let device = play.lease.devices.get_mut("a").expect("a device");
    (device.nonce, device.previous_nonce) = (Some(b"new".to_vec()), Some(b"old".to_vec()));
    let played = play.run().await;
    assert_eq!(played.requests.len(), 1);
    let expected = format!("<Data>{data}</Data>\n</Cred>");
    assert!(played.bodies().contains(&expected), "{}", played.bodies());
}

#[tokio::test]
async fn without_meta_a_credential_has_data_alone() {
    let steps = "- package-1: {auth: {basic: {meta: false}}}";
    let played = play(steps, vec![accepted(1)]).run().await;
    assert!(played.bodies().contains("<Cred>\n<Data>"));
}

#[rstest]
#[case("{md5: {}}", "no answer gave a nonce")]
#[case("{md5: {nonce: previous}}", "no answers gave two nonces")]
#[case("{basic: {of: c}}", "no device c is leased")]
#[tokio::test]
async fn what_a_credential_needs_may_be_missing(#[case] auth: &str, #[case] why: &str) {
    let steps = format!("- package-1: {{auth: {auth}}}").leak();
    let played = play(steps, Vec::new()).run().await;
    assert_eq!(played.stuck(), Some((0, why.to_owned())));
}

#[tokio::test]
async fn package_1_again_carries_on_in_the_session() {
    let steps = "
- package-1: {auth: none}
- package-1: {again: true, auth: {md5: {}}}
- package-1: {again: true, auth: none, leading-status: false}
";
    let replies = vec![
        challenged(1, 407, "md5", Some(NONCE)),
        challenged(2, 401, "md5", Some(NONCE)),
        challenged(3, 407, "md5", Some(NONCE)),
    ];
    let played = play(steps, replies).run().await;
    assert_eq!(played.all("SessionID"), ["1", "1", "1"]);
    assert_eq!(played.all("MsgID"), ["1", "2", "3"]);
    assert_eq!(played.all("MsgRef"), ["", "1", ""]);
    let sessions: Vec<u32> = played.sent().map(|(_, session, _)| session).collect();
    assert_eq!(sessions, [0, 0, 0]);
}

#[tokio::test]
async fn a_device_without_a_password_stays_without_credentials() {
    let mut play = play(
        "- package-1: {}",
        vec![challenged(1, 407, "md5", Some(NONCE)), accepted(2)],
    );
    play.lease = lease();
    play.lease
        .devices
        .get_mut("a")
        .expect("a device")
        .identity
        .password = None;
    let played = play.run().await;
    assert_eq!((played.requests.len(), played.stuck()), (1, None));
}
