//! Standard output. Whoever reads it may stop reading (`| head`): that ends no run and loses no report.

use std::fmt::Display;
use std::io::{ErrorKind, Write as _};

/// Writes this to standard output.
pub(crate) fn print(text: impl Display) {
    let mut out = std::io::stdout().lock();
    let written = write!(out, "{text}").and_then(|()| out.flush());
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
    {
        eprintln!("error: cannot write the output: {error}");
    }
}

/// Writes a line.
pub(crate) fn line(text: impl Display) {
    print(format_args!("{text}\n"));
}
