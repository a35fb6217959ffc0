//! The command line. One file a verb, no logic below it.

mod args;
mod conform;
mod decode;
mod encode;
mod explain;
mod lint;
mod list;
mod out;
mod prove;
mod serve;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Verb};

/// Exit codes: 0 conforms, 1 does not, 2 could not be judged or wrong usage, 3 the harness is at fault.
fn main() -> ExitCode {
    let args = Args::parse();
    // Only fails where a provider is installed already, and then there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let result = match args.verb {
        Verb::Conform(args) => conform::conform(&args),
        Verb::Serve(args) => serve::serve(&args),
        Verb::Prove(args) => prove::prove(&args),
        Verb::Lint(args) => Ok(lint::lint(&args)),
        Verb::List(args) => list::list(&args),
        Verb::Explain(args) => explain::explain(&args),
        Verb::Decode(args) => decode::decode(&args),
        Verb::Encode(args) => encode::encode(&args),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let text = format!("{error:#}");
            // Diagnostics say it themselves.
            let label = if text.starts_with("error") {
                ""
            } else {
                "error: "
            };
            crate::out::note(format_args!("{label}{text}"));
            ExitCode::from(2)
        }
    }
}
