//! Other people's tools against ours, over the vectors. Where the two disagree, the disagreement is
//! pinned here with its reason, so that a change on either side shows.
//!
//! A tool that is not installed is skipped and says so; where `CI` is set it has to be there.

#![expect(clippy::print_stdout, reason = "what is skipped has to be seen")]

mod cabinets;
#[path = "../common/mod.rs"]
mod common;
mod libwbxml;
mod osslsigncode;
mod provisioning;
mod scratch;
mod tshark;

use std::path::PathBuf;

/// Where a tool is, or nothing where it is not installed.
pub(crate) fn tool(name: &str, package: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).map(|folder| folder.join(name));
    let found = places.find(|file| file.is_file());
    if found.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{name} is missing: install {package}"
        );
        println!("skipped: install {package}");
    }
    found
}
