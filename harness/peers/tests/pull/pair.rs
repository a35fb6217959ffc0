//! Two agents at once: each sees what is its own, and nothing else.

use std::sync::Barrier;

use assay_wire::http::Response;
use assay_wire::pull::{Instructions, PollResponse};
use assay_wire::{Limits, xml};

use crate::agent::Agent;
use crate::{peer, runtime};

const ROUNDS: usize = 12;
const PACKAGES: [&str; 3] = ["first", "second", "third"];

/// What two agents see of each other while they work side by side.
fn seen(faults: &[&str]) -> Vec<String> {
    let runtime = runtime();
    let peer = peer(&runtime, faults, &[]);
    let barrier = Barrier::new(2);
    std::thread::scope(|scope| {
        let agents = ["north", "south"].map(|name| {
            let (url, barrier) = (&peer.pull, &barrier);
            scope.spawn(move || work(url, name, barrier))
        });
        let seen = agents.map(|agent| agent.join().expect("no panic"));
        seen.concat()
    })
}

/// The work of one agent; what in its answers is not its own.
fn work(url: &str, name: &str, barrier: &Barrier) -> Vec<String> {
    let mut agent = Agent::new(url, name);
    let own: Vec<String> = PACKAGES.iter().map(|id| format!("{name}-{id}")).collect();
    for id in &own {
        let data = format!("the data of {id}");
        let body = format!(r#"{{"device":"$me","id":"{id}","name":"{id}","data":"{data}"}}"#);
        agent.hook("publish", &body);
    }
    let mut strange = Vec::new();
    for round in 0..ROUNDS {
        barrier.wait();
        let poll = agent.poll("a poll").expect("an answer");
        let listed = listed(&poll);
        if poll.status != 200 || listed != own {
            strange.push(format!("{name}, round {round}: {} {listed:?}", poll.status));
        }
        let id = &own[round % own.len()];
        let answer = agent.instructions("instructions", id).expect("an answer");
        let named = named(&answer);
        if named != [id.clone()] {
            strange.push(format!("{name}, round {round}: instructed about {named:?}"));
        }
        let data = agent
            .location("a location", id)
            .and_then(|url| agent.download("a download", "GET", &url, &[]))
            .map(|got| String::from_utf8_lossy(&got.body.octets).into_owned());
        if data.as_deref() != Some(&*format!("the data of {id}")) {
            strange.push(format!("{name}, round {round}: downloaded {data:?}"));
        }
    }
    strange
}

fn listed(answer: &Response) -> Vec<String> {
    let read = xml::read(&answer.body.octets, &Limits::TARGET);
    let Ok((tree, _)) = read else {
        return Vec::new();
    };
    let view = PollResponse::of(&tree);
    view.map_or_else(Vec::new, |view| view.ids().map(str::to_owned).collect())
}

fn named(answer: &Response) -> Vec<String> {
    let read = xml::read(&answer.body.octets, &Limits::TARGET);
    let Ok((tree, _)) = read else {
        return Vec::new();
    };
    let view = Instructions::of(&tree);
    let packages = view.map_or_else(Vec::new, |view| view.packages);
    let names = packages.iter().filter_map(|package| package.name.as_ref());
    names.map(|name| name.value.to_string()).collect()
}

#[test]
fn two_agents_at_once_see_nothing_of_each_other() {
    let seen = seen(&[]);
    assert!(seen.is_empty(), "{seen:#?}");
}

#[test]
fn a_server_that_mixes_its_devices_is_noticed() {
    for fault in ["answers-crossed", "packages-of-all-listed"] {
        let seen = seen(&[fault]);
        assert!(!seen.is_empty(), "{fault}");
        let strangers = |text: &String| {
            let other = if text.starts_with("north") {
                "south-first"
            } else {
                "north-first"
            };
            text.contains(other)
        };
        assert!(seen.iter().any(strangers), "{fault}: {seen:#?}");
    }
}
