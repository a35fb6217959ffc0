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
use std::sync::Arc;

use assay_run::{Bench as _, Claims, Names, Options, Run, State, Suite, Summary, plan, run};
use assay_suites::profile::Profile;
use assay_suites::suite::Axis;
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::Runtime;
use xtask::{BUILT_IN, BuiltIn};

/// What all trials of a process share. Each starts a server of its own: devices are not shared
/// between trials that run side by side.
struct Stage {
    suite: Arc<Suite>,
    runtime: Runtime,
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
    let stage = Arc::new(Stage { suite, runtime });
    let mut trials = Vec::new();
    for bench in BUILT_IN {
        let runs = runs(&stage.suite, bench);
        if runs.is_empty() {
            continue;
        }
        let all = Arc::clone(&stage);
        let coverage = move || coverage(&all, bench);
        let role = bench.0.name();
        trials.push(Trial::test(format!("{role}::coverage"), coverage));
        trials.extend(runs.into_iter().map(|run| {
            let stage = Arc::clone(&stage);
            Trial::test(name(&run), move || trial(&stage, bench, &run))
        }));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// All runs that the built-in peer of a role is there for.
fn runs(suite: &Suite, bench: BuiltIn) -> Vec<Run> {
    let Ok(profile) = bench.reference() else {
        return Vec::new();
    };
    let urls = ["http://127.0.0.1:1/", "https://127.0.0.1:1/"];
    let profile = BuiltIn::dressed(profile, urls, [""; 2]);
    let claims = Claims::of(bench.0, &profile);
    let plan = plan(&suite.catalogue, &profile, &claims, &Names::All);
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
    /// Plays against a fresh server, with what is changed in its profile.
    fn run(
        &self,
        bench: BuiltIn,
        names: Names,
        change: impl FnOnce(&mut Profile),
    ) -> Result<Summary, Failed> {
        let options = Options {
            names,
            ..Options::all(bench.0)
        };
        self.runtime.block_on(async {
            let (running, mut profile) = bench.start(&[], &[]).await?;
            change(&mut profile);
            let suite = Arc::clone(&self.suite);
            let summary = run(suite, Arc::new(profile), &options, Arc::new(|_| {})).await?;
            drop(running);
            Ok(summary)
        })
    }
}

fn trial(stage: &Stage, bench: BuiltIn, wanted: &Run) -> Result<(), Failed> {
    let names = Names::These([wanted.case.clone()].into());
    let axes = assay_run::axis_names(&wanted.axes);
    // The axes of the trial, and no others: the profile claims no more than they say.
    let summary = stage.run(bench, names, |profile| {
        let claims = &mut profile.claims;
        for axis in Axis::ALL {
            let value = wanted.axes.get(&axis);
            *claims.values_mut(axis) = value.map(|value| vec![value.clone()]);
        }
    })?;
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
fn coverage(stage: &Stage, bench: BuiltIn) -> Result<(), Failed> {
    let summary = stage.run(bench, Names::All, |_| {})?;
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
