//! `lint`: suites, vectors and rules, and their links to the faults of the built-in server.

use std::collections::BTreeSet;

use assay_judge::Rules;
use assay_suites::{Catalogue, Diagnostic, lint};

use crate::args::Lint;

/// Exit code 0 where nothing is wrong, 1 where something is.
pub(crate) fn lint(args: &Lint) -> u8 {
    let catalogue = match &args.suites {
        Some(folder) => Catalogue::from_dir(folder),
        None => Catalogue::embedded(),
    };
    let catalogue = match catalogue {
        Ok(catalogue) => catalogue,
        Err(diagnostics) => return print(&diagnostics),
    };
    let mut diagnostics = lint::check(&catalogue);
    if let Err(more) = Rules::compile(&catalogue) {
        diagnostics.extend(more);
    }
    diagnostics.extend(faults(&catalogue));
    if args.rows {
        for row in lint::uncovered_rows(&catalogue) {
            println!("no requirement yet for {} ({})", row.id, row.group);
        }
    }
    if !diagnostics.is_empty() {
        return print(&diagnostics);
    }
    let tested = catalogue
        .requirements()
        .filter(|(_, requirement)| requirement.is_tested())
        .count();
    println!(
        "{} files, {} requirements ({tested} tested), {} cases, {} vectors: nothing wrong",
        catalogue.suites.len(),
        catalogue.requirements().count(),
        catalogue.cases().count(),
        assay_vectors::all().count(),
    );
    0
}

fn print(diagnostics: &[Diagnostic]) -> u8 {
    for diagnostic in diagnostics {
        println!("{diagnostic}");
    }
    println!("{} mistakes", diagnostics.len());
    1
}

/// Each fault that a requirement names exists, and each fault is named by a requirement. Suites know
/// no peer and peers know no requirement, so the two meet here.
fn faults(catalogue: &Catalogue) -> Vec<Diagnostic> {
    let known: BTreeSet<&str> = assay_peers::all_faults().map(|fault| fault.name).collect();
    let mut named = BTreeSet::new();
    let mut diagnostics = Vec::new();
    for (loaded, requirement) in catalogue.requirements() {
        for fault in &requirement.dies_by {
            if !known.contains(fault.value.as_str()) {
                let message = format!("the built-in server has no fault {}", fault.value);
                diagnostics.push(loaded.diagnostic(fault, &message));
            }
            named.insert(fault.value.as_str());
        }
    }
    // The faults of a peer wait for the suites of its role.
    let waits = |family| {
        let mut benches = xtask::BUILT_IN.into_iter();
        let bench = benches.find(|bench| bench.family() == Some(family));
        let mut suites = catalogue.suites.iter();
        !bench.is_some_and(|bench| suites.any(|loaded| loaded.suite.role == bench.0))
    };
    for fault in assay_peers::all_faults() {
        if named.contains(fault.name) || waits(fault.family) {
            continue;
        }
        let fault = fault.name;
        diagnostics.push(Diagnostic::of_file(
            "faults",
            &format!("no requirement dies by the fault {fault}"),
        ));
    }
    diagnostics
}
