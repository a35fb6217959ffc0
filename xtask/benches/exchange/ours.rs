//! Our side: the recorder, and the judge with every rule of the embedded suites.

use std::collections::BTreeMap;
use std::sync::{Mutex, mpsc};

use assay_drive::{Outcome, Outgoing, Recorder, Tag, Target};
use assay_judge::{Judgement, Rules, Verdict, judge};
use assay_suites::profile::{self, Profile};
use assay_suites::suite::{Axis, Case, Protocol, Requirement, Role};
use assay_suites::{Catalogue, yaml};
use assay_wire::recording::Recording;
use tokio::runtime::Runtime;

use crate::cores;
use crate::messages::MEDIA;
use crate::{SESSION, SESSIONS};

/// Everything that a turn needs.
pub(crate) struct Stage {
    catalogue: Catalogue,
    rules: Rules,
    profile: Profile,
    target: Target,
    case: Case,
    runtime: Runtime,
}

impl Stage {
    pub(crate) fn new(url: &str) -> Self {
        let catalogue = Catalogue::embedded().expect("the suites load");
        let rules = Rules::compile(&catalogue).expect("their rules compile");
        let mut profile = profile::embedded("reference").expect("the profile loads");
        profile.target.url = Some(url.to_owned());
        let case = "{id: dm.bench.exchange, does: Exchanges., proves: [], steps: []}";
        Self {
            rules,
            catalogue,
            target: Target::from_profile(&profile).expect("a target at the URL"),
            profile,
            case: yaml::read("exchange", case).expect("a case without steps"),
            runtime: crate::runtime(),
        }
    }

    /// Plays and records.
    pub(crate) fn played(&self, requests: &[String]) {
        self.record(requests, |recording| assert!(!recording.events.is_empty()));
    }

    /// Plays and records a session, judges it, and goes on.
    pub(crate) fn judged(&self, requests: &[String]) {
        self.record(requests, |recording| passes(&self.judge(&recording)));
    }

    /// Judging is pure, so that other threads may do it while the next session is played: one on each core
    /// that is free for it.
    pub(crate) fn beside(&self, requests: &[String]) {
        let (sender, recordings) = mpsc::channel();
        let recordings = Mutex::new(recordings);
        let next = || recordings.lock().expect("no judge panics").recv();
        std::thread::scope(|scope| {
            for core in cores::free() {
                scope.spawn(move || {
                    cores::bind(core);
                    while let Ok(recording) = next() {
                        passes(&self.judge(&recording));
                    }
                });
            }
            self.record(requests, |recording| {
                sender.send(recording).expect("the judges listen");
            });
            drop(sender);
        });
    }

    /// Sees to it that every monitor looks at every exchange and finds nothing, so that no turn is
    /// fast for want of work; says how much there is.
    pub(crate) fn survey(&self, requests: &[String]) -> String {
        let mut last = None;
        self.record(requests, |recording| last = Some(self.judge(&recording)));
        let judgement = last.expect("there are sessions");
        let breaches: Vec<(&str, &str)> = judgement
            .findings
            .iter()
            .filter(|finding| finding.verdict != Verdict::Pass)
            .map(|finding| (finding.requirement.as_str(), finding.message.as_str()))
            .collect();
        assert!(breaches.is_empty(), "{breaches:#?}");
        let monitors = self
            .catalogue
            .requirements()
            .filter(|(loaded, _)| loaded.suite.role == Role::DmServer)
            .map(|(_, requirement)| requirement)
            .filter(|it| it.is_tested() && it.holds.is_some())
            .filter(|it| it.holds_for(Protocol::Dm12));
        let mut count = 0;
        for monitor in monitors {
            count += 1;
            let looked = judgement.looked.get(&monitor.id.value).copied();
            let (looked, least) = (looked.unwrap_or_default(), least(monitor));
            assert!(looked >= least, "{}: {looked}", monitor.id.value);
        }
        let looked: u32 = judgement.looked.values().sum();
        format!(
            "{count} monitors, {} of which found what they look for, {} judgements an exchange",
            judgement.looked.len(),
            looked / SESSION
        )
    }

    /// A turn of sessions, each handed over as a recording.
    fn record(&self, requests: &[String], mut with: impl FnMut(Recording)) {
        let axes = BTreeMap::from([(Axis::Version, "1.2".to_owned())]);
        for _ in 0..SESSIONS {
            let mut recorder = Recorder::new(&self.case.id.value, &axes, &self.target);
            self.runtime.block_on(async {
                for body in requests {
                    self.exchange(&mut recorder, body).await;
                }
            });
            with(recorder.finish());
        }
    }

    async fn exchange(&self, recorder: &mut Recorder<'_>, body: &str) {
        let mut out = Outgoing::post(self.target.url.clone(), body.as_bytes().to_vec());
        out.fields = vec![("Content-Type".to_owned(), MEDIA.to_owned())];
        let tag = Tag {
            step: 0,
            device: "a".to_owned(),
            session: 1,
            lawful: true,
        };
        match recorder.exchange(out, tag).await {
            Outcome::Answer(response) => assert_eq!(response.status, 200),
            other => panic!("{other:?}"),
        }
    }

    fn judge(&self, recording: &Recording) -> Judgement {
        judge(
            &self.rules,
            &self.catalogue,
            &self.case,
            &self.profile,
            recording,
        )
    }
}

/// How often a monitor has to look at a session: at every reply, and what every reply has.
fn least(monitor: &Requirement) -> u32 {
    let each = monitor.each.as_ref().map(|each| each.value.as_str());
    match each {
        Some("exchange" | "reply" | "header" | "status" | "command" | "item")
            if monitor.when.is_none() =>
        {
            SESSION
        }
        _ => 0,
    }
}

fn passes(judgement: &Judgement) {
    let met = |finding: &assay_judge::Finding| finding.verdict == Verdict::Pass;
    assert!(!judgement.looked.is_empty() && judgement.findings.iter().all(met));
}
