//! A run as it is watched: a bar on a terminal, lines elsewhere; recordings of what went wrong.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::{Arc, Mutex};

use assay_run::{CannotJudge, Event, Options, State, Suite, Summary};
use assay_suites::profile::Profile;
use assay_wire::recording::Recording;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Runs with a live bar on a terminal, and a line every hundred cases elsewhere.
pub(super) async fn played(
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
    let (its_bar, role) = (bar.clone(), options.role);
    let sink = move |event: &Event<'_>| match event {
        Event::Planned { plan, .. } => {
            its_bar.set_length(plan.planned.len() as u64);
            if !live {
                crate::out::note(format_args!(
                    "{}: {} case runs planned, {} outside",
                    role.name(),
                    plan.planned.len(),
                    plan.outside.len()
                ));
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
                crate::out::note(format_args!(
                    "{} of {}",
                    its_bar.position(),
                    its_bar.length().unwrap_or_default()
                ));
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
        crate::out::note(format_args!(
            "cannot keep the recording {}: {error}",
            directory.display()
        ));
    }
}
