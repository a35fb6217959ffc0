//! `conform`: judge a target, or the built-in peers of all roles.

mod command;
mod interrupt;
mod live;
mod pick;
mod plan;
mod target;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use assay_run::{Bench as _, Options, Preflight, Stop, Suite, Summary};
use assay_suites::profile::Profile;
use assay_suites::suite::Role;
use xtask::BUILT_IN;

use crate::args::Conform;
use crate::out;

/// The exit code is that of the verdict; 2 where nothing could be judged.
pub(crate) fn conform(args: &Conform) -> anyhow::Result<u8> {
    let suite = xtask::suite(args.suites.as_deref())?;
    let role = role(args.role.as_deref(), &suite)?;
    let profile = target::profile_of(args, &suite.catalogue)?;
    if profile.is_none() {
        target::check_switches(args, role)?;
    }
    let mut options = options(args, &suite, role)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        if let Some(directory) = args.report.as_ref().filter(|_| !args.plan) {
            assay_reports::begin(directory)?;
        }
        let summary = match profile {
            Some(profile) => {
                options.role = match role.or(profile.role) {
                    Some(role) => role,
                    // Nobody is asked for a plan.
                    None if args.plan => Role::DmServer,
                    None => match assay_run::detect(&profile, options.seed, &options.stop).await {
                        Ok(found) => {
                            let role = found.role();
                            crate::out::note(format_args!(
                                "found: a {} answers there (--role would say otherwise)",
                                role.name()
                            ));
                            options.preflight = Preflight::Done(Box::new(found));
                            role
                        }
                        Err(error) => {
                            return could_not(args, &suite, &profile, &options, &error);
                        }
                    },
                };
                pick::check_role(&options.names, &suite, options.role)?;
                if args.plan {
                    out::print(plan::plan(&suite, &profile, &options));
                    return Ok(0);
                }
                let profile = Arc::new(profile);
                match live::played(&suite, &profile, &options, args.report.as_deref()).await {
                    Ok(summary) => Some(summary),
                    Err(error) => return could_not(args, &suite, &profile, &options, &error),
                }
            }
            None => built_in(args, &suite, role, &options).await?,
        };
        match summary {
            Some(summary) => reported(args, &summary),
            None if args.plan => Ok(0),
            None if suite.catalogue.cases().next().is_none() => {
                anyhow::bail!(
                    "these suites hold no case: a requirement is judged in one that proves it"
                )
            }
            None => anyhow::bail!("no built-in server plays the role of these cases"),
        }
    })
}

/// Runs the suites of the role, or of all, against the built-in peers; nothing where only the plan
/// was wanted.
async fn built_in(
    args: &Conform,
    suite: &Arc<Suite>,
    role: Option<Role>,
    options: &Options,
) -> anyhow::Result<Option<Summary>> {
    let mut all: Option<Summary> = None;
    for bench in BUILT_IN {
        let is_wanted = role.is_none_or(|role| role == bench.0)
            && (suite.catalogue.cases()).any(|(loaded, case)| {
                loaded.suite.role == bench.0 && options.names.has(&case.id.value)
            });
        if !is_wanted || options.stop.is_set() {
            continue;
        }
        let (running, profile) = bench.start(&args.fault, &args.variant).await?;
        let options = Options {
            role: bench.0,
            ..options.clone()
        };
        if args.plan {
            out::print(plan::plan(suite, &profile, &options));
            continue;
        }
        let profile = Arc::new(profile);
        let summary = live::played(suite, &profile, &options, args.report.as_deref()).await?;
        drop(running);
        all = Some(match all {
            Some(all) => all.with(summary),
            None => summary,
        });
    }
    Ok(all)
}

/// Writes the report where one is wanted, and shows the summary.
fn reported(args: &Conform, summary: &Summary) -> anyhow::Result<u8> {
    if let Some(directory) = &args.report {
        assay_reports::write(directory, summary)?;
    }
    out::print(assay_reports::cards(summary));
    out::print(assay_reports::console(summary));
    told(args);
    Ok(summary.exit_code)
}

/// Says where the report is.
fn told(args: &Conform) {
    if let Some(directory) = &args.report {
        out::line(format_args!("report        {}", directory.display()));
    }
}

/// A run that could not begin: the cause, and a report in which nothing was reached.
fn could_not(
    args: &Conform,
    suite: &Suite,
    profile: &Profile,
    options: &Options,
    error: &assay_run::CannotJudge,
) -> anyhow::Result<u8> {
    crate::out::note(format_args!("error: {error}"));
    if let Some(directory) = &args.report {
        let summary = assay_run::not_begun(suite, profile, options, error);
        assay_reports::write(directory, &summary)?;
    }
    told(args);
    Ok(2)
}

fn options(args: &Conform, suite: &Suite, role: Option<Role>) -> anyhow::Result<Options> {
    let names = pick::pick(&args.only, &args.skip, suite, role)?;
    let stop = Stop::default();
    interrupt::watch(stop.clone())?;
    Ok(Options {
        names,
        // The built-in server is there, and a fault of it is for the suite to find.
        preflight: if args.target.is_some() || args.profile.is_some() {
            Preflight::Ask
        } else {
            Preflight::Skip
        },
        jobs: args.jobs,
        seed: seed(args),
        command: command::command(args),
        stop,
        ..Options::all(role.unwrap_or(Role::DmServer))
    })
}

/// The seed that was given. Else one that is another each time, so that SessionIDs do not meet those of an
/// earlier run, which the target may remember, unless by chance. The built-in servers remember nothing.
fn seed(args: &Conform) -> u64 {
    let now = || {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| {
            u64::try_from(since.as_millis()).unwrap_or_default()
        })
    };
    let is_built_in = args.target.is_none() && args.profile.is_none();
    let given = args.identity.seed;
    given.unwrap_or_else(|| if is_built_in { 0 } else { now() })
}

/// The role of this name, for which there is a suite.
fn role(name: Option<&str>, suite: &Suite) -> anyhow::Result<Option<Role>> {
    let Some(name) = name else {
        return Ok(None);
    };
    let mut roles: Vec<Role> = suite
        .catalogue
        .suites
        .iter()
        .map(|it| it.suite.role)
        .collect();
    roles.sort_unstable();
    roles.dedup();
    let role = Role::of(name).filter(|role| roles.contains(role));
    if role.is_none() {
        let names: Vec<&str> = roles.into_iter().map(Role::name).collect();
        anyhow::bail!(
            "no suite for the role {name}: there is {}",
            names.join(", ")
        );
    }
    Ok(role)
}
