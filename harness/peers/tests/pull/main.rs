//! The management server asked everything: what a conforming one answers, that every fault shows,
//! and that no variant does more than it may.

#![expect(
    clippy::format_push_string,
    reason = "a script reads better with plain texts"
)]

mod agent;
mod hostile;
#[path = "../shared/http.rs"]
mod http;
mod pair;
mod script;
mod short;
mod tokens;

use std::collections::BTreeSet;

use assay_peers::{Family, Running, Switches, faults, start, variants};

use http::Noted;

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
}

fn peer(runtime: &tokio::runtime::Runtime, faults: &[&str], variants: &[&str]) -> Running {
    let mut variants = variants.to_vec();
    variants.push("seed=pull");
    let switches = Switches::new(faults, &variants).expect("known switches");
    runtime
        .block_on(start(switches, ([127, 0, 0, 1], 0).into()))
        .expect("a peer")
}

/// The notes of the whole script, as far as `go_on` wants more.
fn asked(faults: &[&str], variants: &[&str], go_on: impl Fn(&[Noted]) -> bool) -> Vec<Noted> {
    let runtime = runtime();
    let peer = peer(&runtime, faults, variants);
    let mut notes = Vec::new();
    for section in script::SECTIONS {
        section(&peer.pull, &mut notes);
        if !go_on(&notes) {
            break;
        }
    }
    notes
}

fn all_asked(variants: &[&str]) -> Vec<Noted> {
    asked(&[], variants, |_| true)
}

#[test]
fn a_conforming_server_answers_as_the_documentation_says() {
    let notes = all_asked(&[]);
    let bad: Vec<_> = notes.iter().filter_map(|note| note.bad.as_ref()).collect();
    assert!(bad.is_empty(), "{bad:?}");
    let lines = notes
        .iter()
        .map(|note| format!("{}\n    {}", note.label, note.short));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_fault_changes_what_can_be_seen() {
    let honest = all_asked(&[]);
    let again = all_asked(&[]);
    for (one, two) in honest.iter().zip(&again) {
        assert_eq!(one.raw, two.raw, "{}: two runs differ", one.label);
    }
    let same = |bent: &[Noted]| honest.iter().zip(bent).all(|(one, two)| one.raw == two.raw);
    let names = faults(Family::Pull);
    // What a certificate names is seen over TLS only.
    let names = names
        .map(|fault| fault.name)
        .filter(|name| *name != "certificate-misnamed");
    let hidden: BTreeSet<_> = names
        .filter(|name| {
            let bent = asked(&[name], &[], same);
            bent.len() == honest.len() && same(&bent)
        })
        .collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}

/// Variants that answer another way, and mean it.
const OTHER_ANSWERS: [&str; 6] = [
    "token-refused-with-403",
    "acknowledged-with-204",
    "unknown-package-as-empty",
    "settings-left-out",
    "token-not-rotated",
    "propfind-of-folders-only",
];

#[test]
fn a_variant_is_another_way_to_say_the_same() {
    let honest = all_asked(&[]);
    let mut failures = Vec::new();
    for variant in variants(Family::Pull) {
        let name = variant.name;
        let other = all_asked(&[name]);
        let mut fail = |what: String| failures.push(format!("{name}: {what}"));
        for note in &other {
            if let Some(bad) = &note.bad {
                fail(format!("{}: {bad}", note.label));
            }
        }
        if honest
            .iter()
            .zip(&other)
            .all(|(one, two)| one.raw == two.raw)
        {
            fail("changes nothing".to_owned());
        }
        if honest.len() != other.len() {
            fail(format!("{} exchanges, not {}", other.len(), honest.len()));
        }
        if OTHER_ANSWERS.contains(&name) {
            continue;
        }
        let pairs = honest.iter().zip(&other);
        for (one, two) in pairs.filter(|(one, two)| one.short != two.short) {
            fail(format!("{}:\n  {}\n  {}", one.label, one.short, two.short));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
