//! Faults of the management server, a table a chapter. One line breaks one rule; which one is said
//! in the suites, by name.

mod location;
mod packages;
mod poll;
mod reports;
mod robustness;
mod settings;
mod status;
mod transport;

use assay_wire::xml;

use super::doc::Doc;
use crate::switch::{At, Family, Fault};

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Fault> {
    let tables = [
        transport::TRANSPORT,
        poll::POLL,
        settings::SETTINGS,
        packages::PACKAGES,
        location::LOCATION,
        status::STATUS,
        reports::REPORTS,
        robustness::ROBUSTNESS,
    ];
    tables.into_iter().flatten()
}

const fn fault(name: &'static str, says: &'static str, at: At) -> Fault {
    Fault {
        family: Family::Pull,
        name,
        says,
        at,
    }
}

const fn logic(name: &'static str, says: &'static str) -> Fault {
    fault(name, says, At::Logic)
}

const fn document(name: &'static str, says: &'static str, bend: fn(&mut Doc)) -> Fault {
    fault(name, says, At::Document(bend))
}

const fn style(name: &'static str, says: &'static str, bend: fn(&mut xml::Style)) -> Fault {
    fault(name, says, At::Xml(bend))
}

const fn body(name: &'static str, says: &'static str, bend: fn(&mut Vec<u8>)) -> Fault {
    fault(name, says, At::Body(bend))
}
