//! Recordings to findings and verdicts. Pure: no clock, no network, and the same recording always
//! comes to the same judgement, on any machine.
//!
//! [`Rules::compile`] takes the rules and goldens of a catalogue once; [`judge`] asks them about a
//! recording. What is played and what is reported is decided elsewhere, and so is what a case is
//! worth whose control failed.

mod compare;
mod evidence;
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
use assay_suites::suite::{Case, Protocol, Scheme};
use assay_wire::Limits;
use assay_wire::recording::Recording;

pub use finding::{By, Finding, Judgement, Location, Reason};
pub use golden::NAMESPACE as GOLDEN_NAMESPACE;
pub use node::{Field, Shape, Table};
pub use rule::{FUEL, FUNCTIONS, Function, Kind, LONGEST_LIST};
pub use rules::Rules;
pub use verdict::{Outside, Verdict};
pub use view::{EACH, Each, page};

use crate::monitor::Watch;
use crate::steps::Steps;
use crate::view::{History, Run, View};

/// Judges the recording of a case run.
///
/// The verdict is that of the case: of its `given` and `expect` steps, and of what kept it from
/// going on. A case without any `expect` passes where a monitor of a requirement that it proves
/// looked at something. Where nothing was looked at the verdict is an error.
pub fn judge(
    rules: &Rules,
    catalogue: &Catalogue,
    case: &Case,
    profile: &Profile,
    recording: &Recording,
) -> Judgement {
    let protocol = protocol(profile, recording);
    let limits = Limits {
        bytes: profile
            .limits
            .answer_bytes
            .unwrap_or_default()
            .max(Limits::TARGET.bytes),
        ..Limits::TARGET
    };
    let replay = replay::replay(recording, &limits);
    let run = Run {
        profile: profile_node(profile, protocol, recording),
        proofs: &replay.proofs,
        elements: rules.elements,
    };
    let mut history = History::default();
    let mut watch = Watch::new(rules, catalogue, protocol, &case.id.value, recording);
    let mut views: Vec<View> = Vec::with_capacity(replay.exchanges.len());
    for (number, exchange) in (1..).zip(&replay.exchanges) {
        let view = view::view(exchange, &mut history, &run);
        watch.exchange(exchange, number, &view);
        views.push(view);
    }
    for (session, lawful) in history.ended() {
        let scope = view::whole_session(&session, &run.profile);
        watch.session(&scope, session.node.place, lawful);
    }
    let (mut findings, looked) = watch.done();

    let steps = Steps {
        rules,
        catalogue,
        case,
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
        let proved = case
            .proves
            .iter()
            .any(|id| judgement.looked.contains_key(&id.value));
        judgement.verdict = if proved {
            Verdict::Pass
        } else {
            Verdict::Error
        };
        if !proved {
            judgement.reasons.push(Reason {
                verdict: Verdict::Error,
                step: None,
                text: "nothing was looked at".into(),
                diff: Vec::new(),
                place: None,
            });
        }
    }
    judgement.findings.append(&mut findings);
    judgement
}

/// The profile of the protocol that a run is judged by.
pub fn protocol(profile: &Profile, recording: &Recording) -> Protocol {
    let claims = profile.claims.protocols.as_deref().unwrap_or_default();
    if claims.contains(&Protocol::WindowsMdm) {
        return Protocol::WindowsMdm;
    }
    match recording.axes.get("version").map(String::as_str) {
        Some("1.1") => Protocol::Dm11,
        _ => Protocol::Dm12,
    }
}

fn profile_node(profile: &Profile, protocol: Protocol, recording: &Recording) -> view::dm::Profile {
    let axis = |name: &str, usual: &str| {
        recording
            .axes
            .get(name)
            .map_or(usual, String::as_str)
            .to_owned()
    };
    let auth = profile
        .claims
        .auth
        .iter()
        .flatten()
        .map(|scheme| match scheme {
            Scheme::None => "none".to_owned(),
            Scheme::Basic => "basic".to_owned(),
            Scheme::Md5 => "md5".to_owned(),
        });
    let protocol = match protocol {
        Protocol::Dm11 => "dm-1.1",
        Protocol::Dm12 => "dm-1.2",
        Protocol::WindowsMdm => "windows-mdm",
    };
    view::dm::Profile {
        version: axis("version", "1.2"),
        encoding: axis("encoding", "xml"),
        protocol: protocol.to_owned(),
        auth: auth.collect(),
        url: profile.target.url.clone(),
        has_server: profile.server.is_some(),
    }
}
