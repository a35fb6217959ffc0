//! `lint`: suites, vectors and rules, and their links to the faults of the built-in server.

use std::collections::BTreeSet;

use assay_judge::Rules;
use assay_suites::{Catalogue, Diagnostic, lint};

use crate::args::Lint;
use crate::out;

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
    diagnostics.extend(unknown_faults(&catalogue));
    // A folder of one's own need not catch them all.
    if args.suites.is_none() {
        diagnostics.extend(uncaught_faults(&catalogue));
    }
    if args.rows {
        for row in lint::uncovered_rows(&catalogue) {
            out::line(format_args!(
                "no requirement yet for {} ({})",
                row.id, row.group
            ));
        }
    }
    if !diagnostics.is_empty() {
        return print(&diagnostics);
    }
    let tested = catalogue
        .requirements()
        .filter(|(_, requirement)| requirement.is_tested())
        .count();
    out::line(format_args!(
        "{} files, {} requirements ({tested} tested), {} cases, {} vectors: nothing wrong",
        catalogue.suites.len(),
        catalogue.requirements().count(),
        catalogue.cases().count(),
        assay_vectors::all().count(),
    ));
    0
}

fn print(diagnostics: &[Diagnostic]) -> u8 {
    for diagnostic in diagnostics {
        out::line(format_args!("{diagnostic}"));
    }
    let (count, ending) = (
        diagnostics.len(),
        if diagnostics.len() == 1 { "" } else { "s" },
    );
    out::line(format_args!("{count} mistake{ending}"));
    1
}

/// What requirements die by and no built-in server has. Suites know no peer and peers know no
/// requirement, so the two meet here.
fn unknown_faults(catalogue: &Catalogue) -> Vec<Diagnostic> {
    let known: BTreeSet<&str> = assay_peers::all_faults().map(|fault| fault.name).collect();
    let named = catalogue
        .requirements()
        .flat_map(|(loaded, requirement)| requirement.dies_by.iter().map(move |it| (loaded, it)));
    let unknown = named.filter(|(_, fault)| !known.contains(fault.value.as_str()));
    let told = unknown.map(|(loaded, fault)| {
        let message = format!("the built-in server has no fault {}", fault.value);
        loaded.diagnostic(fault, &message)
    });
    told.collect()
}

/// The faults of the built-in servers that no requirement dies by. Those of a peer wait for the suites of
/// its role.
fn uncaught_faults(catalogue: &Catalogue) -> Vec<Diagnostic> {
    let requirements = catalogue.requirements();
    let named = requirements.flat_map(|(_, requirement)| &requirement.dies_by);
    let named: BTreeSet<&str> = named.map(|fault| fault.value.as_str()).collect();
    let waits = |family| {
        let mut benches = xtask::BUILT_IN.into_iter();
        let bench = benches.find(|bench| bench.family() == Some(family));
        let mut suites = catalogue.suites.iter();
        !bench.is_some_and(|bench| suites.any(|loaded| loaded.suite.role == bench.0))
    };
    let uncaught = assay_peers::all_faults()
        .filter(|fault| !named.contains(fault.name) && !waits(fault.family));
    let told = uncaught.map(|fault| {
        let message = format!("no requirement dies by the fault {}", fault.name);
        Diagnostic::of_file("faults", &message)
    });
    told.collect()
}
