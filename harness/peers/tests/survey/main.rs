//! The DM server asked everything: what a conforming one answers, that every fault shows, and that
//! no variant does more than it may.

#![expect(
    clippy::assigning_clones,
    clippy::format_push_string,
    reason = "a script reads better with plain assignments and texts"
)]

mod client;
mod device;
#[path = "../shared/http.rs"]
mod http;
mod options;
mod script;
mod tls;

use std::collections::BTreeSet;
use std::sync::Mutex;

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
    variants.push("seed=survey");
    let switches = Switches::new(faults, &variants).expect("known switches");
    runtime
        .block_on(start(switches, ([127, 0, 0, 1], 0).into()))
        .expect("a peer")
}

/// The notes of all sections, as far as `go_on` wants more.
fn survey(faults: &[&str], variants: &[&str], go_on: impl Fn(&[Noted]) -> bool) -> Vec<Noted> {
    let runtime = runtime();
    let peer = peer(&runtime, faults, variants);
    let mut notes = Vec::new();
    for section in script::SECTIONS {
        section(&peer.dm, &peer.admin, &mut notes);
        if !go_on(&notes) {
            break;
        }
    }
    notes
}

fn whole_survey(variants: &[&str]) -> Vec<Noted> {
    survey(&[], variants, |_| true)
}

/// Runs something for each name, on as many threads as there are cores.
fn for_each(names: &[&'static str], run: impl Fn(&'static str) + Sync) {
    let left = Mutex::new(names.to_vec());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(name) = { left.lock().expect("no panic").pop() } {
                    run(name);
                }
            });
        }
    });
}

#[test]
fn a_conforming_server_answers_as_the_standard_says() {
    let notes = whole_survey(&[]);
    let bad: Vec<_> = notes.iter().filter_map(|note| note.bad.as_ref()).collect();
    assert!(bad.is_empty(), "{bad:?}");
    let lines: Vec<String> = notes
        .iter()
        .map(|note| format!("{}\n    {}", note.label, note.short))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// Switches that do not show in what is said over plain HTTP: `tls` has them.
const TLS: [&str; 8] = [
    "certificate-for-other-host",
    "certificate-expired",
    "client-certificate-not-asked",
    "client-certificate-required",
    "certificate-not-enough",
    "sequence-to-windows",
    "login-status-unanswered",
    "unenrollment-unknown",
];

#[test]
fn every_fault_changes_what_can_be_seen() {
    let honest = whole_survey(&[]);
    let again = whole_survey(&[]);
    for (one, two) in honest.iter().zip(&again) {
        assert_eq!(one.raw, two.raw, "{}: two runs differ", one.label);
    }
    let hidden = Mutex::new(BTreeSet::new());
    let names: Vec<&str> = faults(Family::Dm)
        .map(|fault| fault.name)
        .filter(|name| !TLS.contains(name))
        .collect();
    for_each(&names, |name| {
        let same = |bent: &[Noted]| honest.iter().zip(bent).all(|(one, two)| one.raw == two.raw);
        let bent = survey(&[name], &[], same);
        if bent.len() == honest.len() && same(&bent) {
            hidden.lock().expect("no panic").insert(name);
        }
    });
    let hidden = hidden.into_inner().expect("no panic");
    assert!(hidden.is_empty(), "{hidden:?}");
}

/// Variants that answer another way, and mean it.
const OTHER_ANSWERS: &[&str] = &[
    "accepted-with-200",
    "next-nonce-omitted",
    "generic-alerts-answered-202",
    "client-events-accepted",
    "display-alerts-answered-200",
    "unknown-alerts-answered-400",
    "resp-uri-omitted",
    "one-command-a-message",
    "unknown-session-asked-again",
    "versions-that-disagree-accepted",
    "wrong-media-type-as-400",
    "commands-in-sequence",
    "get-answered-404",
];

#[test]
fn a_variant_is_another_way_to_say_the_same() {
    let honest = whole_survey(&[]);
    let names: Vec<&str> = variants(Family::Dm)
        .map(|variant| variant.name)
        .filter(|name| !TLS.contains(name))
        .collect();
    let failures = Mutex::new(Vec::new());
    for_each(&names, |name| {
        let other = whole_survey(&[name]);
        let fail = |what: String| failures.lock().expect("no panic").push(what);
        for note in other.iter().filter(|note| note.bad.is_some()) {
            fail(format!(
                "{name}: {}: {}",
                note.label,
                note.bad.as_deref().unwrap_or("")
            ));
        }
        if honest
            .iter()
            .zip(&other)
            .all(|(one, two)| one.raw == two.raw)
        {
            fail(format!("{name} changes nothing"));
        }
        if OTHER_ANSWERS.contains(&name) {
            return;
        }
        // What a client takes is measured in octets, so that a longer form may defer more.
        let comparable = |note: &&Noted| !note.label.starts_with("MaxMsgSize");
        let pairs = honest
            .iter()
            .filter(comparable)
            .zip(other.iter().filter(comparable));
        for (one, two) in pairs.filter(|(one, two)| one.short != two.short) {
            fail(format!(
                "{name}: {}:\n  {}\n  {}",
                one.label, one.short, two.short
            ));
        }
    });
    let failures = failures.into_inner().expect("no panic");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
