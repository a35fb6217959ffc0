//! Faults of locations and downloads.

use assay_wire::pull::Kind;

use super::{document, logic};
use crate::switch::Fault;

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
    logic(
        "download-needs-token",
        "hands packages out with a token only",
    ),
    logic("ranges-ignored", "answers ranges with the whole package"),
    logic(
        "range-off-by-one",
        "answers ranges with octets from one place later",
    ),
    logic("propfind-refused", "refuses PROPFIND"),
];
