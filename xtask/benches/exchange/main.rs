//! What one exchange costs: played, recorded and judged by every monitor of the suites, against a
//! bare client on the same server, and against hurl where it is installed.
//!
//! `cargo bench -p xtask --bench exchange`. One client on a kept connection, requests and replies of
//! 2 KB. The contestants take turns, so that a busy machine slows all alike; medians are compared. Each
//! talks on the core that the server is on: to wake a thread on another one may take longer than the
//! exchange, and where the system puts them is chance.
//! Against reqwest counts what a run does: it judges a case beside those that are played meanwhile.
//! Against hurl counts one after the other. Whether an exchange is judged right is not asked here but
//! in the tests of the judge.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

mod cores;
mod messages;
mod ours;
mod server;
mod theirs;

use std::process::ExitCode;
use std::time::Instant;

use tokio::runtime::{Builder, Runtime};

/// So many exchanges are one session, which is judged as a whole.
const SESSION: u32 = 20;
/// So many sessions are one turn.
const SESSIONS: u32 = 25;
const ROUNDS: usize = 11;

/// The share of reqwest's rate that is to be reached.
const OF_REQWEST: f64 = 0.5;
/// The multiple of hurl's rate that is to be reached.
const OF_HURL: f64 = 2.0;

/// Exchanges a second of each contestant in one round.
struct Round {
    reqwest: f64,
    played: f64,
    judged: f64,
    beside: f64,
    hurl: Option<f64>,
}

fn main() -> ExitCode {
    rustls::crypto::ring::default_provider()
        .install_default()
        .expect("nobody was before us");
    cores::talk();
    let url = server::serve();
    let requests: Vec<String> = (1..=SESSION)
        .map(|msg| messages::request(&url, msg))
        .collect();
    let ours = ours::Stage::new(&url);
    println!("{}", ours.survey(&requests));
    println!(
        "a request has {} octets, its reply {}",
        requests[1].len(),
        messages::reply(&url, "1", "2").len()
    );
    let reqwest = theirs::Reqwest::new(&url);
    let hurl = theirs::Hurl::find(&url, &requests[1]);

    let rounds: Vec<Round> = (0..ROUNDS)
        .map(|_| Round {
            reqwest: rate(|| reqwest.turn(&requests)),
            played: rate(|| ours.played(&requests)),
            judged: rate(|| ours.judged(&requests)),
            beside: rate(|| ours.beside(&requests)),
            hurl: hurl.as_ref().map(|hurl| rate(|| hurl.turn())),
        })
        .collect();
    let show = |label: &str, of: &dyn Fn(&Round) -> f64| {
        let rate = median(rounds.iter().map(of));
        println!("{label}: {rate:.0} exchanges/s, {:.0} µs each", 1e6 / rate);
    };
    let compare = |label: &str, target: f64, of: &dyn Fn(&Round) -> f64| {
        let ratio = median(rounds.iter().map(of));
        let good = ratio >= target;
        let word = if good { "reached" } else { "MISSED" };
        println!("{ratio:.2} {label} ({target} {word})");
        good
    };
    show("reqwest, nothing but the exchange", &|it| it.reqwest);
    show("ours, played and recorded", &|it| it.played);
    show("ours, judged before the next session", &|it| it.judged);
    show("ours, judged beside the next session", &|it| it.beside);
    let mut good = compare("of reqwest, judged beside", OF_REQWEST, &|it| {
        it.beside / it.reqwest
    });
    let in_turn = median(rounds.iter().map(|it| it.judged / it.reqwest));
    println!("{in_turn:.2} of reqwest, one after the other (no target)");
    if hurl.is_some() {
        let theirs = |it: &Round| it.hurl.unwrap_or(f64::NAN);
        show("hurl, six assertions", &theirs);
        good &= compare("times hurl, one after the other", OF_HURL, &|it| {
            it.judged / theirs(it)
        });
    } else {
        println!("hurl not found: cargo install hurl --locked");
    }
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Exchanges a second over one turn.
fn rate(turn: impl FnOnce()) -> f64 {
    let start = Instant::now();
    turn();
    f64::from(SESSION * SESSIONS) / start.elapsed().as_secs_f64()
}

fn median(of: impl Iterator<Item = f64>) -> f64 {
    let mut of: Vec<f64> = of.collect();
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

/// A runtime on the thread that it is used from, the same for all.
fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}
