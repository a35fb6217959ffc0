//! `conform`: judge a target, or the built-in server.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use assay_run::{Bench as _, CannotJudge, Event, Names, Options, State, Stop, Suite, Summary};
use assay_suites::profile::{self, Device, Owner, Profile, Secret};
use assay_suites::select::Selector;
use assay_suites::suite::Role;
use assay_wire::recording::Recording;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use xtask::BuiltIn;

use crate::args::{Conform, Identity};

/// The exit code is that of the verdict; 2 where nothing could be judged.
pub(crate) fn conform(args: &Conform) -> anyhow::Result<u8> {
    let suite = xtask::suite(args.suites.as_deref())?;
    let options = options(args, &suite)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let given = profile_of(args)?;
        let (running, profile) = if let Some(profile) = given {
            (None, profile)
        } else {
            let (running, profile) = BuiltIn.start(&args.fault, &args.variant).await?;
            (Some(running), profile)
        };
        if args.plan {
            print!("{}", plan(&suite, &profile, &options));
            return Ok(0);
        }
        if let Some(directory) = &args.report {
            assay_reports::begin(directory)?;
        }
        let profile = Arc::new(profile);
        let summary = played(&suite, &profile, &options, args.report.as_deref()).await;
        drop(running);
        let summary = match summary {
            Ok(summary) => summary,
            Err(error) => {
                eprintln!("error: {error}");
                return Ok(2);
            }
        };
        print!(
            "{}{}",
            assay_reports::cards(&summary),
            assay_reports::console(&summary)
        );
        if let Some(directory) = &args.report {
            assay_reports::write(directory, &summary)?;
            println!("report        {}", directory.display());
        }
        Ok(summary.exit_code)
    })
}

fn options(args: &Conform, suite: &Suite) -> anyhow::Result<Options> {
    let role = match args.role.as_deref() {
        None | Some("dm-server") => Role::DmServer,
        Some(other) => anyhow::bail!("no suite for the role {other}: there is dm-server"),
    };
    let names = selector(&args.only, &args.skip, suite, role)?;
    let stop = Stop::default();
    let its = stop.clone();
    std::thread::spawn(move || interrupted(&its));
    Ok(Options {
        names,
        // The built-in server is there, and a fault of it is for the suite to find.
        preflight: args.target.is_some() || args.profile.is_some(),
        jobs: args.jobs,
        seed: args.identity.seed,
        command: command(args),
        stop,
        ..Options::all(role)
    })
}

/// How the run was asked for, without what was picked, and without secrets: a report is shown to
/// others.
fn command(args: &Conform) -> String {
    let identity = &args.identity;
    let mut command = "cargo xtask conform".to_owned();
    let mut add = |name: &str, value: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:+=@%,".contains(c);
        let value = if value.chars().all(plain) {
            value.to_owned()
        } else {
            format!("'{}'", value.replace('\'', "'\\''"))
        };
        command = format!("{command} --{name} {value}");
    };
    let path = |path: &std::path::PathBuf| path.display().to_string();
    let given = [
        ("target", args.target.clone()),
        ("role", args.role.clone()),
        ("profile", args.profile.as_ref().map(path)),
        ("suites", args.suites.as_ref().map(path)),
        ("user", identity.user.clone()),
        (
            "password",
            identity.password.as_ref().map(|_| "…".to_owned()),
        ),
        ("password-file", identity.password_file.as_ref().map(path)),
        ("ca", identity.ca.as_ref().map(path)),
        ("client-cert", identity.client_cert.as_ref().map(path)),
        (
            "timeout",
            identity.timeout.map(|timeout| timeout.to_string()),
        ),
        (
            "seed",
            (identity.seed != 0).then(|| identity.seed.to_string()),
        ),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            add(name, &value);
        }
    }
    let repeated = [
        ("fault", &args.fault),
        ("variant", &args.variant),
        ("device", &identity.device),
    ];
    for (name, values) in repeated {
        for value in values {
            add(name, value);
        }
    }
    for field in &identity.header {
        let name = field.split(':').next().unwrap_or_default();
        add("header", &format!("{name}: …"));
    }
    for (name, given) in [("insecure", identity.insecure), ("mine", identity.mine)] {
        if given {
            command = format!("{command} --{name}");
        }
    }
    command
}

/// Waits for the first interrupt, which ends the run: what was played is reported. A second one ends
/// the process as usual.
fn interrupted(stop: &Stop) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    else {
        return;
    };
    if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
        stop.now();
        eprintln!("interrupted: what was played until now is reported");
        let _ = runtime.block_on(tokio::signal::ctrl_c());
        std::process::exit(130);
    }
}

/// A pattern names cases, or requirements: then the cases that prove them.
fn selector(only: &[String], skip: &[String], suite: &Suite, role: Role) -> anyhow::Result<Names> {
    if only.is_empty() && skip.is_empty() {
        return Ok(Names::All);
    }
    let cases = suite
        .catalogue
        .cases()
        .filter(|(loaded, _)| loaded.suite.role == role);
    let cases: Vec<_> = cases.map(|(_, case)| case).collect();
    let mut names: Vec<&str> = cases.iter().map(|case| case.id.value.as_str()).collect();
    names.extend(
        cases
            .iter()
            .flat_map(|case| case.proves.iter().map(|id| id.value.as_str())),
    );
    let picked = Selector::new(only, skip)?;
    if let Some(pattern) = picked.unmatched(names).first() {
        anyhow::bail!(
            "the pattern {pattern} matches no case and no requirement; `cargo xtask list` shows the names"
        );
    }
    let left_out = Selector::new(&[], skip)?;
    let wanted = cases.iter().filter(|case| {
        left_out.matches(&case.id.value)
            && (picked.matches(&case.id.value)
                || case.proves.iter().any(|id| picked.matches(&id.value)))
    });
    Ok(Names::These(
        wanted.map(|case| case.id.value.clone()).collect(),
    ))
}

/// The profile that the arguments make: a file, a bare URL, or both; none for the built-in server.
fn profile_of(args: &Conform) -> anyhow::Result<Option<Profile>> {
    let mut profile = match (&args.profile, &args.target) {
        (None, None) => return Ok(None),
        (Some(file), _) => {
            profile::load(file).map_err(|diagnostic| anyhow::anyhow!("{diagnostic}"))?
        }
        (None, Some(url)) => {
            Profile::for_url(url).map_err(|diagnostic| anyhow::anyhow!("{diagnostic}"))?
        }
    };
    if let Some(url) = &args.target {
        profile.target.url = Some(url.clone());
    }
    anyhow::ensure!(
        profile.target.url.is_some(),
        "the profile names no target.url; give --target URL"
    );
    apply(&mut profile, &args.identity)?;
    Ok(Some(profile))
}

fn apply(profile: &mut Profile, identity: &Identity) -> anyhow::Result<()> {
    if !identity.device.is_empty() {
        profile.devices = identity
            .device
            .iter()
            .map(|id| Device {
                id: id.clone(),
                ..Device::default()
            })
            .collect();
    }
    let password = match (&identity.password, &identity.password_file) {
        (Some(password), _) => Some(Secret::Text(password.clone())),
        (None, Some(file)) => Some(Secret::File(file.clone())),
        (None, None) => None,
    };
    for device in &mut profile.devices {
        if let Some(user) = &identity.user {
            device.user = Some(user.clone());
        }
        if let Some(password) = &password {
            device.password = Some(password.clone());
            device.user.get_or_insert_with(|| device.id.clone());
        }
    }
    for field in &identity.header {
        let (name, value) = field
            .split_once(':')
            .with_context(|| format!("the header field {field:?} is not 'Name: value'"))?;
        profile
            .target
            .headers
            .insert(name.trim().to_owned(), value.trim().to_owned());
    }
    if identity.ca.is_some() {
        profile.target.ca.clone_from(&identity.ca);
    }
    if identity.client_cert.is_some() {
        profile.target.client_cert.clone_from(&identity.client_cert);
    }
    if identity.mine {
        profile.owner = Some(Owner::Mine);
    }
    profile.target.insecure |= identity.insecure;
    if identity.timeout.is_some() {
        profile.limits.timeout_ms = identity.timeout;
    }
    Ok(())
}

/// Runs with a live bar on a terminal, and a line every hundred cases elsewhere.
async fn played(
    suite: &Arc<Suite>,
    profile: &Arc<Profile>,
    options: &Options,
    report: Option<&Path>,
) -> Result<Summary, CannotJudge> {
    let live = std::io::stderr().is_terminal();
    let draw = if live {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(0), draw);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {elapsed}") {
        bar.set_style(style);
    }
    let wrong: Mutex<usize> = Mutex::default();
    let report = report.map(Path::to_owned);
    let its_bar = bar.clone();
    let sink = move |event: &Event<'_>| match event {
        Event::Planned { plan, .. } => {
            its_bar.set_length(plan.planned.len() as u64);
            if !live {
                eprintln!(
                    "{} case runs planned, {} outside",
                    plan.planned.len(),
                    plan.outside.len()
                );
            }
        }
        Event::Finished { result, recording } => {
            let odd = result
                .findings
                .iter()
                .any(|finding| finding.verdict != State::Pass);
            if odd || result.verdict != State::Pass {
                let mut wrong = wrong
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                *wrong += 1;
                its_bar.set_message(format!("{} not passed", *wrong));
                if let Some(directory) = &report {
                    save(
                        &directory
                            .join(assay_reports::RECORDINGS)
                            .join(result.name()),
                        recording,
                    );
                }
            }
            its_bar.inc(1);
            if !live && its_bar.position().is_multiple_of(100) {
                eprintln!(
                    "{} of {}",
                    its_bar.position(),
                    its_bar.length().unwrap_or_default()
                );
            }
        }
    };
    let summary = assay_run::run(
        Arc::clone(suite),
        Arc::clone(profile),
        options,
        Arc::new(sink),
    )
    .await;
    bar.finish_and_clear();
    summary
}

/// Keeps a recording. What cannot be written is said once a file; the run goes on.
fn save(directory: &Path, recording: &Recording) {
    let files = recording.write();
    let written = std::fs::create_dir_all(directory).and_then(|()| {
        files
            .iter()
            .try_for_each(|(name, octets)| std::fs::write(directory.join(name), octets))
    });
    if let Err(error) = written {
        eprintln!("cannot keep the recording {}: {error}", directory.display());
    }
}

/// What would be played; asks nobody.
fn plan(suite: &Suite, profile: &Profile, options: &Options) -> String {
    use std::fmt::Write as _;
    let (claims, assumed) = assay_run::without_asking(options.role, profile);
    let plan = assay_run::plan(&suite.catalogue, profile, &claims, &options.names);
    let mut text = String::new();
    for line in assumed {
        let _ = writeln!(text, "assumed  {line}");
    }
    for planned in &plan.planned {
        let role = if planned.as_control {
            " (as control)"
        } else {
            ""
        };
        let devices = planned.devices;
        let leaves = suite.catalogue.case(&planned.run.case);
        let leaves = leaves.and_then(|(_, case)| case.leaves.clone());
        let leaves = leaves
            .map(|leaves| format!(", leaves {leaves}"))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "play     {}{role}: {devices} device(s){leaves}",
            planned.run.name()
        );
    }
    for outside in &plan.outside {
        let reasons = outside.reasons.join("; ");
        let _ = writeln!(
            text,
            "{:8} {}: {reasons}",
            outside.state,
            outside.run.name()
        );
    }
    let devices: Vec<&str> = profile
        .devices
        .iter()
        .map(|device| device.id.as_str())
        .collect();
    let _ = writeln!(text, "devices  {}", devices.join(", "));
    let _ = writeln!(
        text,
        "{} to play, {} outside",
        plan.planned.len(),
        plan.outside.len()
    );
    text
}
