//! Recordings to findings and verdicts. Pure: no clock, no network, and the same recording always
//! comes to the same judgement, on any machine.
//!
//! [`Rules::compile`] takes the rules and goldens of a catalogue once; [`judge`] asks them about a
//! recording. What is played and what is reported is decided elsewhere, and so is what a case is
//! worth whose control failed.

mod compare;
mod evidence;
mod family;
mod finding;
mod gist;
mod golden;
mod monitor;
mod node;
mod replay;
mod rule;
mod rules;
mod snippet;
mod steps;
mod verdict;
mod view;

use assay_suites::Catalogue;
use assay_suites::profile::Profile;
use assay_suites::step::Step;
use assay_suites::suite::{Case, Protocol, Role};
use assay_suites::yaml::Located;
use assay_wire::Limits;
use assay_wire::recording::Recording;

pub use finding::{By, Finding, Judgement, Location, Reason};
pub use golden::NAMESPACE as GOLDEN_NAMESPACE;
pub use node::{Field, Of, Shape, Table};
pub use rule::{FUEL, FUNCTIONS, Function, Kind, LONGEST_LIST};
pub use rules::Rules;
pub use verdict::Verdict;
pub use view::{Each, Named, page};

use crate::monitor::Watch;
use crate::node::Arena;
use crate::steps::Steps;
use crate::view::{Run, View};

/// Judges the recording of a case run.
///
/// The verdict is that of the case: of its `given` and `expect` steps, and of what kept it from
/// going on. A case without any `expect` passes where a monitor of a requirement that it proves
/// looked at something. Where they found nothing to look at it is inconclusive; where nobody looked,
/// an error.
pub fn judge(
    rules: &Rules,
    catalogue: &Catalogue,
    case: &Case,
    profile: &Profile,
    recording: &Recording,
) -> Judgement {
    let role = catalogue
        .case(&case.id.value)
        .map_or(profile.role.unwrap_or(Role::DmServer), |(loaded, _)| {
            loaded.suite.role
        });
    let Some(family) = family::of(role) else {
        let text = "no family judges the role of this case";
        return Judgement::error(text);
    };
    let protocol = protocol(role, profile, case, recording);
    let limits = Limits {
        bytes: profile
            .limits
            .answer_bytes
            .unwrap_or_default()
            .max(Limits::TARGET.bytes),
        ..Limits::TARGET
    };
    let mut heard = replay::hear(recording, &limits);
    heard.add_quiet(recording, &steps::quiet(case));
    let replay = replay::replay(&heard, &limits, family);
    let arena = Arena::new();
    let mut memory = family.memory(Run {
        arena: &arena,
        profile,
        role,
        protocol,
        recording,
        proofs: replay.proofs,
        reads: Some(&rules.reads),
    });
    let mut watch = Watch::new(
        rules,
        catalogue,
        (role, family, protocol),
        &case.id.value,
        recording,
    );
    // Only steps that look ask for an earlier view once more.
    let is_look = |step: &Located<Step>| matches!(step.value, Step::Given(_) | Step::Expect(_));
    let looks = case.steps.iter().any(is_look);
    let mut views: Vec<View<'_>> = Vec::with_capacity(replay.exchanges.len());
    for (number, exchange) in (1..).zip(&replay.exchanges) {
        let view = memory.view(exchange);
        watch.exchange(exchange, number, &view);
        if looks {
            views.push(view);
        }
    }
    for ended in memory.ended() {
        watch.ended(&ended);
    }
    let (mut findings, looked) = watch.done();

    let steps = Steps {
        rules,
        catalogue,
        case,
        family,
        protocol,
        recording,
        replay: &replay,
        views: &views,
    };
    let outcome = steps.judge();
    let mut judgement = Judgement {
        verdict: outcome.verdict,
        reasons: outcome.reasons,
        findings: outcome.findings,
        looked,
    };
    if judgement.verdict == Verdict::None {
        let proves = |is: &dyn Fn(&str) -> bool| case.proves.iter().any(|id| is(&id.value));
        let has_monitor = |id: &str| rules.monitors.iter().any(|it| it.requirement == id);
        let has_failed = findings.iter().any(|it| it.verdict == Verdict::Error);
        let reason = if proves(&|id| judgement.looked.contains_key(id)) {
            judgement.verdict = Verdict::Pass;
            None
        } else if proves(&has_monitor) && !has_failed {
            // What its monitors look at is for the target to send.
            let text = "nothing came that the case is about";
            Some(Reason::new(Verdict::Inconclusive, text))
        } else {
            Some(Reason::new(Verdict::Error, "nothing was looked at"))
        };
        if let Some(reason) = reason {
            judgement.verdict = reason.verdict;
            judgement.reasons.push(reason);
        }
    }
    judgement.findings.append(&mut findings);
    judgement
}

/// The profile of the protocol that a run is judged by.
fn protocol(role: Role, profile: &Profile, case: &Case, recording: &Recording) -> Protocol {
    let claimed = profile.claims.protocols.as_deref().unwrap_or_default();
    let by_axes = || {
        role.protocol(claimed, |axis| {
            recording.axes.get(axis.name()).map(String::as_str)
        })
    };
    case.speaks.unwrap_or_else(by_axes)
}
