//! `prove`: faults, variants and trivial peers.

use assay_run::{Proof, ProveOptions};
use assay_suites::LoadedSuite;
use xtask::BUILT_IN;

use crate::args::Prove;
use crate::out;

/// Exit code 0 where all is proved, 1 where something stands against it.
pub(crate) fn prove(args: &Prove) -> anyhow::Result<u8> {
    let suite = xtask::suite(None)?;
    for name in &args.only {
        let is_variant = assay_peers::all_variants().any(|variant| variant.name == *name);
        let is_trivial = assay_peers::trivial().any(|peer| peer == name);
        if !(is_variant || is_trivial) {
            xtask::switches(std::slice::from_ref(name), &[])?;
        }
    }
    if let Some(directory) = &args.report {
        assay_reports::begin_proof(directory)?;
    }
    let options = ProveOptions {
        only: args.only.clone(),
        all: args.all,
        jobs: args.jobs,
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let started = std::time::Instant::now();
    let mut proof = Proof::default();
    for bench in BUILT_IN {
        let of_role = |(loaded, _): (&LoadedSuite, _)| loaded.suite.role == bench.0;
        if !suite.catalogue.requirements().any(of_role) {
            continue;
        }
        let its = runtime.block_on(assay_run::prove(&bench, &suite, &options, &|line| {
            crate::out::note(format_args!(
                "{:7.1} s  {line}",
                started.elapsed().as_secs_f64()
            ));
        }))?;
        proof = proof.with(its);
    }
    if let Some(directory) = &args.report {
        assay_reports::write_proof(directory, &proof)?;
    }
    out::print(assay_reports::matrix(&proof));
    Ok(u8::from(!proof.gaps.is_empty()))
}
