//! The provisioning server and the push proxy gateway asked everything: what honest ones send, that
//! every fault shows, and that no variant does more than it may.

#![expect(
    clippy::format_push_string,
    reason = "a script reads better with plain texts"
)]

mod ears;
mod gateway;
mod hostile;
#[expect(dead_code, reason = "what this script needs of it is not all")]
#[path = "../shared/http.rs"]
mod http;
mod script;
mod show;

use std::collections::BTreeSet;

use assay_peers::{Family, Running, Switches, faults, start, variants};

/// What device, user and server share.
pub(crate) const IMSI: &str = "00101012345678";
pub(crate) const PIN: &str = "123456";

/// One thing that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// What was asked.
    pub(crate) label: String,
    /// Its octets, without what changes from run to run.
    pub(crate) raw: String,
    /// The same in short.
    pub(crate) short: String,
    /// What is wrong with it.
    pub(crate) bad: Vec<String>,
}

type Section = fn(&Running, &mut Vec<Seen>);

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}

pub(crate) fn peer(
    runtime: &tokio::runtime::Runtime,
    faults: &[&str],
    variants: &[&str],
) -> Running {
    let mut variants = variants.to_vec();
    variants.push("seed=cp");
    let switches = Switches::new(faults, &variants).expect("known switches");
    runtime
        .block_on(start(switches, ([127, 0, 0, 1], 0).into()))
        .expect("a peer")
}

fn sections(family: Family) -> &'static [Section] {
    match family {
        Family::Ppg => gateway::SECTIONS,
        _ => script::SECTIONS,
    }
}

/// What a script saw, as far as `go_on` wants more.
fn asked(
    family: Family,
    faults: &[&str],
    variants: &[&str],
    go_on: impl Fn(&[Seen]) -> bool,
) -> Vec<Seen> {
    let runtime = runtime();
    let peer = peer(&runtime, faults, variants);
    let mut seen = Vec::new();
    for section in sections(family) {
        section(&peer, &mut seen);
        if !go_on(&seen) {
            break;
        }
    }
    seen
}

fn all_asked(family: Family, variants: &[&str]) -> Vec<Seen> {
    asked(family, &[], variants, |_| true)
}

fn lines(seen: &[Seen]) -> String {
    let lines = seen.iter().map(|one| {
        let short = one.short.trim_end().replace('\n', "\n    ");
        format!("{}\n    {short}", one.label)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn honest(family: Family) -> Vec<Seen> {
    let seen = all_asked(family, &[]);
    let bad: Vec<_> = seen
        .iter()
        .filter(|one| !one.bad.is_empty())
        .map(|one| (&one.label, &one.bad))
        .collect();
    assert!(bad.is_empty(), "{bad:#?}");
    seen
}

#[test]
fn an_honest_server_pushes_what_is_asked() {
    insta::assert_snapshot!(lines(&honest(Family::Cp)));
}

#[test]
fn an_honest_gateway_relays_what_it_takes() {
    insta::assert_snapshot!(lines(&honest(Family::Ppg)));
}

fn every_fault_shows(family: Family) {
    let honest = all_asked(family, &[]);
    let again = all_asked(family, &[]);
    for (one, two) in honest.iter().zip(&again) {
        assert_eq!(one.raw, two.raw, "{}: two runs differ", one.label);
    }
    let same = |bent: &[Seen]| honest.iter().zip(bent).all(|(one, two)| one.raw == two.raw);
    let hidden: BTreeSet<_> = faults(family)
        .map(|fault| fault.name)
        .filter(|name| {
            let bent = asked(family, &[name], &[], same);
            bent.len() == honest.len() && same(&bent)
        })
        .collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}

#[test]
fn every_fault_of_the_server_shows() {
    every_fault_shows(Family::Cp);
}

#[test]
fn every_fault_of_the_gateway_shows() {
    every_fault_shows(Family::Ppg);
}

/// Variants that answer another way, and mean it.
const OTHER_ANSWERS: [&str; 11] = [
    "application-id-given",
    "pap-quality-left-out",
    "default-nonce-as-text",
    "trigger-with-vendor-part",
    "credentials-required",
    "multiple-addresses-refused",
    "replacement-refused",
    "accepted-as-1000",
    "gateway-application-id",
    "gateway-initiator-uri",
    "progress-noted",
];

fn no_variant_does_more(family: Family) {
    let honest = all_asked(family, &[]);
    let mut failures = Vec::new();
    for variant in variants(family) {
        let name = variant.name;
        let other = all_asked(family, &[name]);
        let mut fail = |what: String| failures.push(format!("{name}: {what}"));
        for seen in other.iter().filter(|seen| !seen.bad.is_empty()) {
            fail(format!("{}: {:?}", seen.label, seen.bad));
        }
        let pairs = || honest.iter().zip(&other);
        if pairs().all(|(one, two)| one.raw == two.raw) {
            fail("changes nothing".to_owned());
        }
        if OTHER_ANSWERS.contains(&name) {
            continue;
        }
        if honest.len() != other.len() {
            fail(format!("{} things seen, not {}", other.len(), honest.len()));
        }
        for (one, two) in pairs().filter(|(one, two)| one.short != two.short) {
            fail(format!("{}:\n  {}\n  {}", one.label, one.short, two.short));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_variant_of_the_server_pushes_the_same() {
    no_variant_does_more(Family::Cp);
}

#[test]
fn a_variant_of_the_gateway_relays_the_same() {
    no_variant_does_more(Family::Ppg);
}
