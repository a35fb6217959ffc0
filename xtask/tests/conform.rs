//! Every case of the suites, with every value of its axes, as a test against the built-in server.
//!
//! The names are paths without spaces or commas (`dm::security::replayed-digest::1.2::wbxml`), so
//! that `cargo test`, `cargo nextest` and their filters and partitions take them. A trial plays its
//! controls itself first: under nextest each trial is a process of its own.

#![expect(
    clippy::print_stderr,
    reason = "what keeps the tests from starting is said there"
)]

use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use assay_peers::Running;
use assay_run::{Bench as _, Claims, Names, Options, Run, State, Suite, plan, run};
use assay_suites::profile::Profile;
use assay_suites::suite::Role;
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::Runtime;
use xtask::BuiltIn;

/// What all trials of a process share: one server, started by the first that runs.
struct Stage {
    suite: Arc<Suite>,
    runtime: Runtime,
    started: OnceLock<Result<(Running, Arc<Profile>), String>>,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let suite = match xtask::suite(None) {
        Ok(suite) => suite,
        Err(error) => {
            eprintln!("{error:#}");
            return ExitCode::FAILURE;
        }
    };
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let stage = Arc::new(Stage {
        suite,
        runtime,
        started: OnceLock::new(),
    });
    let mut trials: Vec<Trial> = runs(&stage.suite)
        .into_iter()
        .map(|run| {
            let stage = Arc::clone(&stage);
            Trial::test(name(&run), move || trial(&stage, &run))
        })
        .collect();
    let all = Arc::clone(&stage);
    trials.push(Trial::test("dm::coverage", move || coverage(&all)));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// All runs that the built-in server is there for.
fn runs(suite: &Suite) -> Vec<Run> {
    let Ok(profile) = assay_suites::profile::embedded("reference") else {
        return Vec::new();
    };
    let profile = BuiltIn::dressed(
        profile,
        "http://127.0.0.1:1/dm",
        "https://127.0.0.1:1/dm",
        "",
    );
    let claims = Claims::of(&profile);
    let plan = plan(
        &suite.catalogue,
        Role::DmServer,
        &profile,
        &claims,
        &Names::All,
    );
    plan.planned
        .into_iter()
        .map(|planned| planned.run)
        .collect()
}

fn name(run: &Run) -> String {
    let axes: Vec<&str> = run.axes.values().map(String::as_str).collect();
    format!("{}::{}", run.case.replace('.', "::"), axes.join("::"))
}

impl Stage {
    fn profile(&self) -> Result<Arc<Profile>, Failed> {
        let started = self.started.get_or_init(|| {
            let started = self.runtime.block_on(BuiltIn.start(&[], &[]));
            let (running, profile) = started.map_err(|error| error.to_string())?;
            Ok((running, Arc::new(profile)))
        });
        match started {
            Ok((_, profile)) => Ok(Arc::clone(profile)),
            Err(error) => Err(error.into()),
        }
    }
}

fn trial(stage: &Stage, wanted: &Run) -> Result<(), Failed> {
    let options = Options {
        names: Names::These([wanted.case.clone()].into()),
        ..Options::all(Role::DmServer)
    };
    let axes = assay_run::axis_names(&wanted.axes);
    // The axes of the trial, and no others: the profile claims no more than they say.
    let mut profile = (*stage.profile()?).clone();
    profile.claims.versions = Some(axes.get("version").cloned().into_iter().collect());
    profile.claims.encodings = Some(axes.get("encoding").cloned().into_iter().collect());
    let suite = Arc::clone(&stage.suite);
    let summary =
        stage
            .runtime
            .block_on(run(suite, Arc::new(profile), &options, Arc::new(|_| {})))?;
    let played = summary
        .cases
        .iter()
        .find(|case| case.id == wanted.case && case.axes == axes);
    let wrong = summary.cases.iter().flat_map(|case| &case.findings);
    let wrong = wrong
        .filter(|finding| finding.verdict != State::Pass)
        .count();
    match played {
        Some(case) if case.verdict == State::Pass && wrong == 0 => Ok(()),
        Some(case) => {
            let reasons = case.reasons.join("; ");
            Err(format!(
                "{} {reasons}\n{}",
                case.verdict,
                assay_reports::cards(&summary)
            )
            .into())
        }
        None => Err("the case was not played".into()),
    }
}

/// The whole plan in one run: every tested requirement is judged, and every one is met.
fn coverage(stage: &Stage) -> Result<(), Failed> {
    let suite = Arc::clone(&stage.suite);
    let options = Options::all(Role::DmServer);
    let profile = stage.profile()?;
    let summary = stage
        .runtime
        .block_on(run(suite, profile, &options, Arc::new(|_| {})))?;
    let not_judged: Vec<String> = summary
        .requirements
        .iter()
        .filter(|requirement| {
            requirement.disposition == "tested" && requirement.verdict != Some(State::Pass)
        })
        .map(|requirement| format!("{}: {}", requirement.id, requirement.reasons.join("; ")))
        .collect();
    if not_judged.is_empty() {
        Ok(())
    } else {
        Err(not_judged.join("\n").into())
    }
}
