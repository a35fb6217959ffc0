//! Tokens and records: retries, cold boots, devices side by side.

use crate::agent::{Agent, document};
use crate::{peer, runtime};

fn status(response: Option<assay_wire::http::Response>) -> u16 {
    response.map_or(0, |response| response.status)
}

#[test]
fn a_poll_whose_answer_was_lost_is_answered_again() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    let mut agent = Agent::new(&peer.pull, "retry");
    agent.poll("first");
    let body = document(&agent.draft().tree());
    let lost = agent.post("second", "Poll", &body).expect("an answer");
    let again = agent
        .post("second again", "Poll", &body)
        .expect("an answer");
    assert_eq!(again.status, 200);
    for name in ["x-device-auth", "x-device-timestamp"] {
        let value = |response: &assay_wire::http::Response| {
            response.field(name).map(|field| field.value.clone())
        };
        assert_eq!(value(&lost), value(&again), "{name}");
    }
    let old = (agent.token.clone(), agent.timestamp.clone());
    agent.keep(Some(&again));
    assert_eq!(status(agent.poll("third")), 200);
    (agent.token, agent.timestamp) = old;
    assert_eq!(status(agent.post("second, late", "Poll", &body)), 401);
}

#[test]
fn a_token_belongs_to_a_device_and_to_no_connection() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    let mut agent = Agent::new(&peer.pull, "wandering");
    agent.hook("publish", r#"{"device":"$me","id":"p"}"#);
    agent.poll("first");
    agent.http.close();
    assert_eq!(
        status(agent.instructions("over another connection", "p")),
        200
    );
}

#[test]
fn a_device_after_a_cold_boot_begins_anew_and_keeps_its_packages() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    let mut agent = Agent::new(&peer.pull, "boot");
    agent.hook("publish", r#"{"device":"$me","id":"kept"}"#);
    agent.poll("first");
    agent.poll("second");
    let mut booted = Agent::new(&peer.pull, "boot");
    let poll = booted.poll("after a boot").expect("an answer");
    assert_eq!(poll.status, 200);
    assert!(String::from_utf8_lossy(&poll.body.octets).contains("ID=\"kept\""));
    assert_eq!(status(agent.poll("with the token before the boot")), 401);
    assert_eq!(status(booted.instructions("with the new one", "kept")), 200);
}

#[test]
fn two_devices_never_meet() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    let mut one = Agent::new(&peer.pull, "one");
    let mut two = Agent::new(&peer.pull, "two");
    one.hook("publish", r#"{"device":"$me","id":"same","data":"one's"}"#);
    two.hook(
        "publish",
        r#"{"device":"$me","id":"same","data":"that of two"}"#,
    );
    one.hook("publish", r#"{"device":"$me","id":"own"}"#);
    one.poll("one");
    let listed = two.poll("two").expect("an answer");
    assert!(!String::from_utf8_lossy(&listed.body.octets).contains("own"));
    assert_eq!(status(two.instructions("two's", "own")), 404);
    assert_eq!(two.location("two's", "own"), None);
    let token = one.token.clone();
    two.with("X-Device-Auth", Some(&token));
    assert_eq!(
        status(two.instructions("with the token of one", "same")),
        401
    );
    for (agent, data) in [(&mut one, "one's"), (&mut two, "that of two")] {
        let url = agent.location("same", "same").expect("a URL");
        let got = agent.download("same", "GET", &url, &[]).expect("an answer");
        assert_eq!(got.body.octets, data.as_bytes());
    }
    two.hook("reset", r#"{"device":"$me"}"#);
    assert_eq!(status(one.instructions("one's", "own")), 200);
    two.hook("reset", "{}");
    assert_eq!(status(one.instructions("one's", "own")), 404);
}

#[test]
fn a_hook_says_what_it_cannot_do() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    let mut agent = Agent::new(&peer.pull, "hooks");
    for (what, body, status) in [
        ("publish", r#"{"device":"$me","id":"a","size":null}"#, 200),
        ("publish", r#"{"device":"$me"}"#, 400),
        ("publish", r#"{"id":"a"}"#, 400),
        (
            "publish",
            r#"{"device":"$me","id":"a","flags":"08 00 00 00"}"#,
            400,
        ),
        ("publish", r#"{"device":"$me","id":"a","size":"many"}"#, 400),
        (
            "publish",
            r#"{"device":"$me","id":"a","size":99999999999}"#,
            400,
        ),
        (
            "publish",
            r#"{"device":"$me","id":"a","start-time":"now"}"#,
            400,
        ),
        (
            "publish",
            r#"{"device":"$me","id":"a","recurrence":"weekly"}"#,
            400,
        ),
        (
            "publish",
            r#"{"device":"$me","id":"a","behavior":"Execute"}"#,
            400,
        ),
        (
            "publish",
            r#"{"device":"$me","id":"a","required":"perhaps"}"#,
            400,
        ),
        (
            "publish",
            r#"{"device":"$me","id":"a","colour":"red"}"#,
            400,
        ),
        ("publish", r#"{"device":["$me"],"id":"a"}"#, 400),
        ("order", r#"{"device":"$me","kind":"machine"}"#, 200),
        ("order", r#"{"device":"$me","kind":"gossip"}"#, 400),
        (
            "order",
            r#"{"device":"$me","kind":"machine","filter":"*"}"#,
            400,
        ),
        (
            "order",
            r#"{"device":"$me","kind":"file","interval":"0000-00-00 00:00:00"}"#,
            400,
        ),
        ("assign", r#"{"device":"$me","id":"a"}"#, 200),
        ("assign", r#"{"device":"$me","id":"b"}"#, 404),
        ("withdraw", r#"{"device":"$me","id":"a"}"#, 200),
        ("withdraw", r#"{"device":"$me","id":"a"}"#, 404),
        ("show", r#"{"device":"nobody"}"#, 404),
        ("dance", "{}", 404),
        ("publish", r#"{"device":"#, 400),
    ] {
        assert_eq!(agent.ask_hook(what, body).status, status, "{what} {body}");
    }
}
