//! What would be played, for `--plan`; asks nobody.

use std::fmt::Write as _;

use assay_run::{Options, Suite};
use assay_suites::profile::Profile;
use assay_suites::suite::Case;
use assay_suites::uses::Uses;

/// What a case has the target do beside the protocol, and what it says that it leaves there.
fn left(case: &Case) -> String {
    let hooks: Vec<String> = Uses::of(case).hooks.into_iter().collect();
    let mut text = String::new();
    if !hooks.is_empty() {
        let _ = write!(text, ", calls {}", hooks.join(", "));
    }
    if let Some(leaves) = &case.leaves {
        let _ = write!(text, ", leaves: {leaves}");
    }
    text
}

/// What would be played; asks nobody.
pub(super) fn plan(suite: &Suite, profile: &Profile, options: &Options) -> String {
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
        let case = suite.catalogue.case(&planned.run.case);
        let left = case.map(|(_, case)| left(case)).unwrap_or_default();
        let (count, ending) = match planned.devices {
            1 => (1, ""),
            count => (count, "s"),
        };
        let name = planned.run.name();
        let _ = writeln!(text, "play     {name}{role}: {count} device{ending}{left}");
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
