//! `serve`: the built-in server alone, for a run from another process.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use assay_peers::Running;

use crate::args::Serve;

/// Runs until it is interrupted. Prints one line an endpoint, then `ready`.
pub(crate) fn serve(args: &Serve) -> anyhow::Result<u8> {
    let switches = xtask::switches(&args.fault, &args.variant)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let running = assay_peers::start(switches, args.listen).await?;
        if let Some(directory) = &args.certificates {
            certificates(directory, &running)?;
        }
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

/// Writes what a device needs for TLS, as the flags `--ca` and `--client-cert` take it.
fn certificates(directory: &Path, running: &Running) -> anyhow::Result<()> {
    let files = [
        ("ca.pem", &running.ca_pem),
        ("client.pem", &running.client_pem),
    ];
    std::fs::create_dir_all(directory)
        .and_then(|()| {
            let mut files = files.into_iter();
            files.try_for_each(|(name, pem)| std::fs::write(directory.join(name), pem))
        })
        .with_context(|| format!("cannot write certificates to {}", directory.display()))
}
