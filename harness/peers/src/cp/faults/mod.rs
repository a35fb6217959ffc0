//! Faults of the provisioning server, a table a chapter. One line breaks one rule; which one is said
//! in the suites, by name.

mod accounts;
mod direct;
mod documents;
mod indications;
mod initiator;
mod networks;
mod notifications;
mod packages;
mod protection;
mod segments;

use crate::switch::Fault;

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Fault> {
    let tables = [
        documents::DOCUMENTS,
        networks::NETWORKS,
        accounts::ACCOUNTS,
        protection::PROTECTION,
        segments::SEGMENTS,
        indications::INDICATIONS,
        initiator::INITIATOR,
        packages::PACKAGES,
        direct::DIRECT,
        notifications::NOTIFICATIONS,
    ];
    tables.into_iter().flatten()
}
