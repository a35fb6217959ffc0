//! What would be played, for `--plan`; asks nobody.

use std::fmt::Write as _;

use assay_run::{Options, Suite};
use assay_suites::profile::Profile;

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
