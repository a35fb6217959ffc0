//! The harness against the built-in provisioning server and the built-in gateway: right, and with
//! everything that they may do wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use assay_drive::{Lease, LeasedDevice, Target};
use assay_peers::{Family, Switches, faults, start};
use assay_suites::profile;
use assay_suites::suite::Axis;
use assay_wire::recording::{Event, Recording};
use rstest::rstest;
use tokio::time::timeout;

use crate::script::case;

/// Plays these steps with the devices of the profile of this name.
async fn play(name: &str, switches: Switches, carrier: &str, steps: &str) -> Recording {
    let running = start(switches, ([127, 0, 0, 1], 0).into());
    let running = running.await.expect("a peer");
    let mut profile = profile::embedded(name).unwrap_or_else(|why| panic!("{why}"));
    profile.target.url = Some(running.ppg.clone());
    profile.limits.timeout_ms = Some(2_000);
    let target = Target::from_profile(&profile).expect("a target");
    let names = ["a", "b"].map(str::to_owned).into_iter();
    let devices = target.devices.iter().cloned().map(LeasedDevice::new);
    let mut lease = Lease {
        devices: names.zip(devices).collect(),
    };
    let mut axes = BTreeMap::new();
    if !carrier.is_empty() {
        axes.insert(Axis::Carrier, carrier.to_owned());
    }
    let case = case(steps);
    let played = assay_drive::play(&case, &axes, &target, &mut lease);
    let played = timeout(Duration::from_secs(20), played).await;
    played.expect("it ends")
}

/// What kept the case from going on.
fn trouble(recording: &Recording) -> Vec<String> {
    let events = recording.events.iter();
    let trouble = events.filter_map(|(_, event)| match event {
        Event::Waited { what: why, .. }
        | Event::Stuck { why, .. }
        | Event::Refused { why, .. }
        | Event::Broke { why, .. }
        | Event::Hook {
            worked: false,
            answer: why,
            ..
        } => Some(why.clone()),
        _ => None,
    });
    trouble.collect()
}

#[rstest]
#[tokio::test]
async fn every_protection_is_checked_over_every_carrier(
    #[values("pap", "smpp", "udp", "file")] carrier: &str,
    #[values("netwpin", "userpin", "usernetwpin", "userpinmac")] security: &str,
    #[values("a", "b")] device: &str,
) {
    let steps = format!(
        "- hook: {{call: push-document, device: {device}, with: {{security: {security}}}}}\n\
         - await: {{}}\n"
    );
    let played = play("reference-cp", Switches::default(), carrier, &steps).await;
    assert_eq!(trouble(&played), [""; 0]);
    let proofs: Vec<(&str, bool)> = played
        .events
        .iter()
        .filter_map(|(_, event)| match event {
            Event::Proof(proof) => Some((proof.formula.as_str(), proof.holds)),
            _ => None,
        })
        .collect();
    let formula = if security == "userpinmac" {
        "push-pin"
    } else {
        "push-mac"
    };
    assert_eq!(proofs, [("pin-hidden", true), (formula, true)]);
}

#[tokio::test]
async fn packages_results_and_notifications_are_followed() {
    let steps = "- hook: {call: publish-package, with: {name: settings}}\n\
                 - fetch: {what: published}\n\
                 - hook: {call: push-sl, with: {href: '${published}', notify: 'true'}}\n\
                 - await: {}\n- fetch: {from: 0, length: 4}\n- notify: {}\n\
                 - hook: {call: trigger-dm, with: {nonce: YWJj}}\n- await: {}\n\
                 - hook: {call: reset}\n";
    let played = play("reference-cp", Switches::default(), "pap", steps).await;
    assert_eq!(trouble(&played), [""; 0]);
    assert_eq!(digest_holds(&played), Some(true));
}

#[rstest]
#[case::octets(&[], &[], Some(true))]
#[case::text(&[], &["default-nonce-as-text"], Some(true))]
#[case::another_nonce_proves_nothing(&["trigger-without-default-nonce"], &[], None)]
#[tokio::test]
async fn a_lost_nonce_is_replaced_by_the_default_one(
    #[case] faults: &[&str],
    #[case] variants: &[&str],
    #[case] wanted: Option<bool>,
) {
    let switches = Switches::new(faults, variants).expect("switches");
    let steps = "- hook: {call: trigger-dm, with: {nonce-lost: 'true'}}\n- await: {}\n";
    let played = play("reference-cp", switches, "udp", steps).await;
    assert_eq!(trouble(&played), [""; 0]);
    assert_eq!(digest_holds(&played), wanted);
}

fn digest_holds(played: &Recording) -> Option<bool> {
    played.events.iter().find_map(|(_, event)| match event {
        Event::Proof(proof) if proof.formula == "trigger-digest" => Some(proof.holds),
        _ => None,
    })
}

#[tokio::test]
async fn a_gateway_pushes_on_what_it_is_given() {
    let steps = "- hook: {call: route, with: {carrier: smpp}}\n\
                 - submit: {security: userpin, notify: true}\n- await: {}\n\
                 - await: {notification: true}\n- query: {}\n- cancel: {}\n";
    let played = play("reference-ppg", Switches::default(), "", steps).await;
    assert_eq!(trouble(&played), [""; 0]);
    let holds = played.events.iter().any(|(_, event)| match event {
        Event::Proof(proof) => proof.formula == "push-mac" && proof.holds,
        _ => false,
    });
    assert!(holds);
}

#[tokio::test]
async fn of_what_a_gateway_refused_nothing_is_awaited() {
    let switches = Switches::new(&[], &["multiple-addresses-refused"]).expect("a variant");
    let steps = "- hook: {call: route}\n- hook: {call: route, device: b}\n- submit: {also: [b]}\n\
                 - await: {device: a, owed: true, within-ms: 60000}\n\
                 - await: {device: b, owed: true, within-ms: 60000}\n";
    let played = play("reference-ppg", switches, "", steps).await;
    assert_eq!(trouble(&played), [""; 0]);
}

#[tokio::test]
async fn nothing_that_a_server_does_wrong_ends_the_harness() {
    let steps = "- hook: {call: bootstrap, with: {security: usernetwpin}}\n\
                 - await: {within-ms: 200}\n- hook: {call: push-si, with: {href: 'http://x.example/'}}\n\
                 - await: {within-ms: 200}\n";
    for fault in faults(Family::Cp) {
        for carrier in ["pap", "smpp"] {
            let switches = Switches::new(&[fault.name], &[]).expect("a fault");
            let played = play("reference-cp", switches, carrier, steps).await;
            assert!(!played.events.is_empty(), "{}", fault.name);
        }
    }
}
