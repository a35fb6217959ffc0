//! `serve`: the built-in server alone, for a run from another process.

use std::io::Write as _;

use crate::args::Serve;

/// Runs until it is interrupted. Prints one line an endpoint, then `ready`.
pub(crate) fn serve(args: &Serve) -> anyhow::Result<u8> {
    let switches = xtask::switches(&args.fault, &args.variant)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let running = assay_peers::start(switches, args.listen).await?;
        let mut out = std::io::stdout().lock();
        writeln!(out, "dm {}", running.dm)?;
        writeln!(out, "dm-secure {}", running.dm_secure)?;
        writeln!(out, "pull {}", running.pull)?;
        writeln!(out, "pull-secure {}", running.pull_secure)?;
        writeln!(out, "ppg {}", running.ppg)?;
        writeln!(out, "packages {}", running.packages)?;
        writeln!(out, "admin {}", running.admin)?;
        writeln!(out, "cp-admin {}", running.cp_admin)?;
        writeln!(out, "ppg-admin {}", running.ppg_admin)?;
        writeln!(out, "ready")?;
        out.flush()?;
        drop(out);
        tokio::signal::ctrl_c().await?;
        Ok(0)
    })
}
