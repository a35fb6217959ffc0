//! `explain`: a requirement, its cases, its faults, its reference; or a case; or a fault.

use std::fmt::Write as _;

use assay_suites::Catalogue;
use assay_suites::suite::{Case, Requirement, Suite};

use crate::args::Explain;
use crate::out;

/// Prints everything that is known about an id, a fault or a row.
pub(crate) fn explain(args: &Explain) -> anyhow::Result<u8> {
    let catalogue = Catalogue::embedded().map_err(|diagnostics| xtask::joined(&diagnostics))?;
    let wanted = args.id.as_str();
    let mut text = String::new();
    for (loaded, requirement) in catalogue.requirements() {
        let names = requirement
            .aka
            .iter()
            .chain(&requirement.dies_by)
            .chain([&requirement.id]);
        if names.into_iter().any(|name| name.value == wanted) {
            explain_requirement(&mut text, &catalogue, &loaded.suite, requirement);
        }
    }
    if let Some((loaded, case)) = catalogue.case(wanted) {
        explain_case(&mut text, &loaded.path, &loaded.source, case);
    }
    if let Some(fault) = assay_peers::all_faults().find(|fault| fault.name == wanted) {
        let _ = writeln!(
            text,
            "fault {}: the built-in server {}",
            fault.name, fault.says
        );
    }
    if let Some(variant) = assay_peers::all_variants().find(|variant| variant.name == wanted) {
        let _ = writeln!(
            text,
            "variant {}: the built-in server {}",
            variant.name, variant.says
        );
    }
    anyhow::ensure!(
        !text.is_empty(),
        "nothing is named {wanted}; `cargo xtask list` shows the names"
    );
    out::print(text);
    Ok(0)
}

fn explain_requirement(
    text: &mut String,
    catalogue: &Catalogue,
    suite: &Suite,
    requirement: &Requirement,
) {
    let level = format!("{:?}", requirement.level()).to_uppercase();
    let _ = writeln!(text, "{}", requirement.id.value);
    let _ = writeln!(text, "  {level}: {}", requirement.says());
    let _ = writeln!(text, "  role      {}", suite.role.name());
    let _ = writeln!(
        text,
        "  reference {} (chapter follows {})",
        requirement.r#ref, suite.standard
    );
    let basis = format!("{:?}", requirement.basis).to_lowercase();
    let caps = if requirement.basis.may_fail() {
        ""
    } else {
        ": at most a warning"
    };
    let _ = writeln!(text, "  basis     {basis}{caps}");
    if !requirement.aka.is_empty() {
        let names: Vec<&str> = requirement
            .aka
            .iter()
            .map(|name| name.value.as_str())
            .collect();
        let _ = writeln!(text, "  also      {}", names.join(", "));
    }
    if !requirement.r#for.is_empty() {
        let names: Vec<_> = requirement
            .r#for
            .iter()
            .map(|protocol| protocol.name())
            .collect();
        let _ = writeln!(text, "  holds for {}", names.join(", "));
    }
    for exception in &requirement.except {
        let name = exception.r#for.name();
        let level = format!("{:?}", exception.level).to_uppercase();
        let _ = writeln!(text, "  except    {level} for {name}: {}", exception.why);
    }
    let disposition = requirement.disposition();
    let why = disposition
        .why
        .map(|why| format!(": {why}"))
        .unwrap_or_default();
    let _ = writeln!(text, "  {}{why}", disposition.name);
    for (label, rule) in [
        ("each", &requirement.each),
        ("when", &requirement.when),
        ("holds", &requirement.holds),
    ] {
        if let Some(rule) = rule {
            let _ = writeln!(
                text,
                "  {label:9} {}",
                rule.value.trim().replace('\n', "\n            ")
            );
        }
    }
    if let Some(note) = &requirement.note {
        let _ = writeln!(text, "  note      {note}");
    }
    for (_, case) in catalogue.cases() {
        if case
            .proves
            .iter()
            .any(|id| id.value == requirement.id.value)
        {
            let _ = writeln!(text, "  case      {}: {}", case.id.value, case.does);
        }
    }
    for name in &requirement.dies_by {
        let says = assay_peers::all_faults()
            .find(|fault| fault.name == name.value)
            .map_or("", |f| f.says);
        let _ = writeln!(
            text,
            "  fault     {}: the built-in server {says}",
            name.value
        );
    }
}

fn explain_case(text: &mut String, path: &str, source: &str, case: &Case) {
    let line = 1 + source
        .get(..case.id.at)
        .map_or(0, |before| before.matches('\n').count());
    let _ = writeln!(text, "{}\n  {}\n  {path}:{line}", case.id.value, case.does);
    for id in &case.proves {
        let _ = writeln!(text, "  proves    {}", id.value);
    }
    if let Some(control) = &case.control {
        let _ = writeln!(text, "  control   {}", control.value);
    }
    for (axis, values) in &case.over {
        let axis = format!("{axis:?}").to_lowercase();
        let values: Vec<&str> = values.iter().map(|value| value.value.as_str()).collect();
        let _ = writeln!(text, "  over      {axis}: {}", values.join(", "));
    }
    if let Some(leaves) = &case.leaves {
        let _ = writeln!(text, "  leaves    {leaves}");
    }
}
