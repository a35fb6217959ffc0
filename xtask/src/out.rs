//! Standard output and standard error. Whoever reads them may stop reading (`| head`): that ends no run and
//! loses no report.

use std::fmt::Display;
use std::io::{ErrorKind, Write as _};

/// Writes this to standard output.
pub(crate) fn print(text: impl Display) {
    let mut out = std::io::stdout().lock();
    let written = write!(out, "{text}").and_then(|()| out.flush());
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
    {
        note(format_args!("error: cannot write the output: {error}"));
    }
}

/// Writes a line.
pub(crate) fn line(text: impl Display) {
    print(format_args!("{text}\n"));
}

/// Writes a line to standard error.
pub(crate) fn note(text: impl Display) {
    // Where nobody reads it there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{text}");
}
