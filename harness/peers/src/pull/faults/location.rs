//! Faults of locations.

use assay_wire::pull::Kind;

use super::halve;
use crate::switch::Fault;
use crate::table::pull::{body, document, logic};

pub(super) const LOCATION: &[Fault] = &[
    logic(
        "packages-of-others-located",
        "locates packages of other devices",
    ),
    document(
        "location-of-other-package",
        "names another package than the one that it locates",
        |doc| {
            if doc.root(Kind::PackageLocation).is_some() {
                doc.set_all("PackageID", "00000000-0000-4000-8000-000000000000");
            }
        },
    ),
    body(
        "location-cut",
        "sends the first half of a location",
        |body| halve(body, "<PackageLocation"),
    ),
    document("locations-empty", "gives no location", |doc| {
        doc.remove_all("Location");
    }),
    document(
        "location-without-way",
        "gives a location without a way to it",
        |doc| {
            doc.remove_all("HTTP");
            doc.remove_all("SMB");
        },
    ),
    document("metric-left-out", "gives locations no metric", |doc| {
        for location in doc.all("Location") {
            doc.remove_attribute(location, "metric");
        }
    }),
];
