//! Kannel, which is a push proxy gateway in C, against what we write, read and judge: what it makes
//! of our pushes, what it answers, and what its own push initiator sends.
//!
//! Each test that starts Kannel starts one of its own, in a network namespace of its own: Kannel
//! opens its ports on all interfaces, whatever its configuration says. What is not installed, or not
//! allowed, is skipped and says so; where `CI` is set it has to be there. What Kannel does is not
//! wrong here, only known: a change on either side has to show.

#![expect(clippy::print_stdout, reason = "what is skipped has to be seen")]

mod answers;
mod centre;
mod emitted;
mod gateway;
mod initiator;
mod namespace;
mod suite;

use std::path::PathBuf;
use std::time::Duration;

/// Longer than anything takes that comes at all.
pub(crate) const PROMPT: Duration = Duration::from_secs(8);

/// Where a tool is, or nothing where it is not installed.
pub(crate) fn tool(name: &str, package: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Daemons and tests of Debian are where PATH does not lead.
    let more = ["/usr/sbin", "/sbin", "/usr/lib/kannel/test"];
    let mut places = std::env::split_paths(&path).chain(more.iter().map(PathBuf::from));
    let found = places.find_map(|folder| Some(folder.join(name)).filter(|file| file.is_file()));
    if found.is_none() {
        skip(&format!("install {package}"));
    }
    found
}

/// Says what is skipped; where everything has to be there, that is a failure.
pub(crate) fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "not skipped here: {why}");
    println!("skipped: {why}");
}
