//! Faults of the management server, a table a chapter. One line breaks one rule; which one is said
//! in the suites, by name.

mod download;
mod location;
mod packages;
mod poll;
mod reports;
mod robustness;
mod settings;
mod status;
mod transport;

use crate::switch::Fault;

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Fault> {
    let tables = [
        transport::TRANSPORT,
        poll::POLL,
        settings::SETTINGS,
        packages::PACKAGES,
        location::LOCATION,
        download::DOWNLOAD,
        status::STATUS,
        reports::REPORTS,
        robustness::ROBUSTNESS,
    ];
    tables.into_iter().flatten()
}

/// Leaves the first half of a document, where it is the one whose root begins so.
fn halve(body: &mut Vec<u8>, root: &str) {
    let begins = |window: &[u8]| window == root.as_bytes();
    if body.windows(root.len()).any(begins) {
        body.truncate(body.len() / 2);
    }
}
