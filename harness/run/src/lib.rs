//! Plan, preflight, leases, schedule, summary: everything between a suite and its report.
//!
//! `run` talks to nobody itself (`drive` does) and has no opinion (`judge` has); it decides what is
//! played when, and adds up what came of it.

mod event;
mod lease;
mod needs;
mod plan;
mod preflight;
mod proof;
mod prove;
mod report;
mod schedule;
mod state;
mod stop;
mod summary;
mod together;

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use assay_drive::{LeasedDevice, Target};
use assay_suites::profile::Profile;
use assay_suites::suite::Role;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::Semaphore;

pub use event::{Event, Sink};
pub use needs::{devices, is_owners};
pub use plan::{Axes, Claims, Names, Outside, Plan, Planned, Run, plan};
pub use preflight::{CannotJudge, Found, Preflight, detect, without_asking};
pub use proof::{FaultProof, Proof, TRIVIAL_PERCENT, TrivialProof, VariantProof};
pub use prove::{Bench, ProveOptions, prove};
pub use report::{
    CaseResult, FORMAT, FindingResult, RequirementResult, Summary, TargetFacts, Tool,
};
pub use schedule::Suite;
pub use state::State;
pub use stop::Stop;
pub use summary::axis_names;

/// What to run.
#[derive(Clone)]
pub struct Options {
    /// Which side the target plays.
    pub role: Role,
    /// Which cases.
    pub names: Names,
    /// What is asked before the first case.
    pub preflight: Preflight,
    /// How many cases at the same time.
    pub jobs: usize,
    /// The seed of what is chosen freely: the first SessionID of each device.
    pub seed: u64,
    /// How the run was asked for, without what was picked and without secrets: the start of every
    /// line that plays a case again.
    pub command: String,
    /// To end the run early; what was played is reported.
    pub stop: Stop,
    /// False to play on against a target that says nothing any more.
    pub gives_up: bool,
}

impl Options {
    /// Everything of a role.
    pub fn all(role: Role) -> Self {
        Self {
            role,
            names: Names::All,
            preflight: Preflight::Ask,
            jobs: 4,
            seed: 0,
            command: "cargo xtask conform".to_owned(),
            stop: Stop::default(),
            gives_up: true,
        }
    }
}

/// Runs the suite against the target of a profile.
///
/// # Errors
///
/// [`CannotJudge`] where the target is not there, does not speak the protocol, or the profile has
/// values that cannot be used.
pub async fn run(
    suite: Arc<Suite>,
    profile: Arc<Profile>,
    options: &Options,
    sink: Arc<Sink>,
) -> Result<Summary, CannotJudge> {
    let started = OffsetDateTime::now_utc();
    let mut profile = Profile::clone(&profile);
    profile.role = Some(options.role);
    let target = Target::from_profile(&profile).map_err(|error| CannotJudge {
        url: profile.target.url.clone().unwrap_or_default(),
        why: with_causes(&error),
    })?;
    let devices = target.devices.iter().cloned();
    let devices = devices.map(|identity| lease::fresh(identity, options.seed));
    let mut devices: Vec<LeasedDevice> = devices.collect();
    let found = match &options.preflight {
        Preflight::Ask => tokio::select! {
            found = preflight::look(options.role, &target, &profile, options.seed) => found?,
            () = options.stop.wait() => return Err(preflight::interrupted(target.url.to_string())),
        },
        Preflight::Skip => Found::unasked(options.role, &profile),
        Preflight::Done(found) => Found::clone(found),
    };
    // What the first words left with the device (a nonce, a token) goes into the run with it.
    for (device, met) in devices.iter_mut().zip(found.met.clone()) {
        *device = met;
    }
    let profile = Arc::new(found.claims.settle(&profile));
    let plan = plan(&suite.catalogue, &profile, &found.claims, &options.names);
    sink(&Event::Planned {
        plan: &plan,
        assumed: &found.assumed,
    });

    let stage = Arc::new(schedule::Stage {
        suite: Arc::clone(&suite),
        profile: Arc::clone(&profile),
        target: Arc::new(target),
        pool: Arc::new(lease::Pool::new(devices)),
        jobs: options.jobs,
        judges: Semaphore::new(options.jobs.max(1)),
        stop: options.stop.clone(),
        silence: Stop::default(),
        gives_up: options.gives_up,
        silent: AtomicUsize::default(),
        sink,
    });
    let mut played = schedule::play_all(Arc::clone(&stage), &plan).await;
    let has_fallen_silent = stage.silence.is_set();
    let mut outside = plan.outside;
    for planned in unplayed(&plan.planned, &played) {
        if has_fallen_silent {
            let why = "not played: the target had answered nothing any more";
            played.push(schedule::not_played(
                &suite,
                &planned,
                State::Inconclusive,
                why,
            ));
        } else if options.stop.is_set() {
            outside.push(not_reached(&suite, planned.run, summary::INTERRUPTED));
        } else {
            let why = "the harness broke over it";
            played.push(schedule::not_played(&suite, &planned, State::Error, why));
        }
    }
    // Those of a built-in server are right.
    let unbelieved = match options.preflight {
        Preflight::Skip => BTreeSet::new(),
        Preflight::Ask | Preflight::Done(_) => stage.pool.unbelieved(),
    };
    for case in &mut played {
        case.doubt(&unbelieved);
    }
    let mut summary = summary(&suite, &profile, options, found, &outside, played, started);
    let doubts = unbelieved.iter().map(|device| report::never_let_in(device));
    summary.warnings.extend(doubts);
    Ok(summary)
}

/// What was planned and not played.
fn unplayed(planned: &[Planned], played: &[CaseResult]) -> Vec<Planned> {
    let done: BTreeSet<String> = played.iter().map(CaseResult::name).collect();
    let left = planned.iter().filter(|it| !done.contains(&it.run.name()));
    left.cloned().collect()
}

/// A run of the plan that nobody came to, and why.
fn not_reached(suite: &Suite, run: Run, why: &str) -> Outside {
    let proves = suite.catalogue.case(&run.case);
    Outside {
        run,
        state: State::Unreached,
        reasons: vec![why.to_owned()],
        proves: proves.map_or_else(Vec::new, |(_, case)| plan::proved(case)),
    }
}

/// The summary of a run that could not begin: everything that was planned is unreached, and says
/// why.
pub fn not_begun(
    suite: &Suite,
    profile: &Profile,
    options: &Options,
    error: &CannotJudge,
) -> Summary {
    let found = Found::unasked(options.role, profile);
    let plan = plan(&suite.catalogue, profile, &found.claims, &options.names);
    let mut outside = plan.outside;
    let why = error.to_string();
    let planned = plan.planned.into_iter();
    outside.extend(planned.map(|planned| not_reached(suite, planned.run, &why)));
    let now = OffsetDateTime::now_utc();
    summary(suite, profile, options, found, &outside, Vec::new(), now)
}

fn summary(
    suite: &Suite,
    profile: &Profile,
    options: &Options,
    found: Found,
    outside: &[Outside],
    played: Vec<CaseResult>,
    started: OffsetDateTime,
) -> Summary {
    let interrupted = options.stop.is_set();
    let finished = OffsetDateTime::now_utc();
    let sums = summary::sum_up(summary::Material {
        catalogue: &suite.catalogue,
        profile,
        claims: &found.claims,
        outside,
        played,
        whole: options.names == Names::All,
        interrupted,
        today: finished.date().to_string(),
    });
    Summary {
        assay: report::FORMAT,
        verdict: sums.verdict,
        exit_code: sums.verdict.exit_code(),
        counts: sums.counts,
        requirement_counts: sums.requirement_counts,
        dispositions: sums.dispositions,
        tool: Tool {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            suite_digest: suite_digest(suite),
            seed: options.seed,
        },
        targets: vec![TargetFacts {
            role: options.role.name().to_owned(),
            url: profile.target.url.clone().unwrap_or_default(),
            server: found.server,
            claims: found.claims.lines(),
            insecure: profile.target.insecure,
        }],
        command: options.command.clone(),
        warnings: warnings(profile),
        assumed: found.assumed,
        cases: sums.cases,
        requirements: sums.requirements,
        unlocks: sums.unlocks,
        stale: sums.stale,
        started: started.format(&Rfc3339).unwrap_or_default(),
        finished: finished.format(&Rfc3339).unwrap_or_default(),
        interrupted,
    }
}

/// What makes a result worth less than it looks like.
fn warnings(profile: &Profile) -> Vec<String> {
    let mut warnings = Vec::new();
    if !is_owners(profile) {
        warnings.push(
            "the target is on another host and nobody said that it is theirs: \
             cases that may harm it are left out (--mine, or owner: mine in the profile)"
                .to_owned(),
        );
    }
    if profile.target.insecure {
        warnings.push("any certificate was taken: who answered is not known".to_owned());
    }
    warnings
}

/// An error and what caused it, in one line.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// SHA-256 over the suite files, in the order in which they were loaded.
fn suite_digest(suite: &Suite) -> String {
    let mut hash = Sha256::new();
    for loaded in &suite.catalogue.suites {
        hash.update(loaded.path.as_bytes());
        hash.update([0]);
        hash.update(loaded.source.as_bytes());
        hash.update([0]);
    }
    let mut text = String::new();
    for octet in hash.finalize() {
        let _ = write!(text, "{octet:02x}");
    }
    text
}
