//! Faults of the download host.

use crate::framing::{halve_body, head_end};
use crate::switch::Fault;
use crate::table::pull::{logic, response};

pub(super) const DOWNLOAD: &[Fault] = &[
    logic(
        "download-needs-token",
        "hands packages out with a token only",
    ),
    logic(
        "download-redirected-forever",
        "redirects a download to where it is",
    ),
    logic(
        "html-for-packages",
        "answers downloads with a web page and 200",
    ),
    response(
        "download-cut-short",
        "ends the connection in the middle of a package",
        halve_package,
    ),
    logic(
        "download-longer-than-said",
        "serves one octet more than it says",
    ),
    logic(
        "accept-ranges-left-out",
        "does not say that it knows ranges",
    ),
    logic("ranges-ignored", "answers ranges with the whole package"),
    logic(
        "range-off-by-one",
        "answers ranges with octets from one place later",
    ),
    logic(
        "range-beyond-end-answered",
        "answers a range beyond the end with 206",
    ),
    logic(
        "content-range-left-out",
        "answers ranges without saying which",
    ),
    logic(
        "content-range-wrong",
        "says of ranges that they begin one place later",
    ),
    logic(
        "propfind-lists-nothing",
        "lists a folder without what is in it",
    ),
    logic("propfind-refused", "refuses PROPFIND"),
];

/// Answers of the service share the stream with packages, and are no packages.
fn halve_package(octets: &mut Vec<u8>) {
    let head = &octets[..head_end(octets).unwrap_or_default()];
    if String::from_utf8_lossy(head).contains("octet-stream") {
        halve_body(octets);
    }
}
