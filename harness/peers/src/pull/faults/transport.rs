//! Faults of the transport: URL, TLS, header fields, tokens.

use crate::switch::Fault;
use crate::table::pull::logic;

pub(super) const TRANSPORT: &[Fault] = &[
    logic("status-at-other-url", "takes statuses at another URL"),
    logic(
        "certificate-misnamed",
        "has a certificate that names no host of its own",
    ),
    logic(
        "field-names-case-matters",
        "needs field names in the letters of the documentation",
    ),
    logic(
        "report-type-ignored",
        "takes every report for a software inventory",
    ),
    logic(
        "long-uuid-refused",
        "refuses device ids of more than 64 characters",
    ),
    logic("missing-uuid-accepted", "takes messages of nobody"),
    logic(
        "unknown-action-accepted",
        "takes messages whose action it does not know",
    ),
    logic(
        "unknown-report-type-accepted",
        "takes reports whose type it does not know",
    ),
    logic("token-not-handed-out", "gives no token, and asks for none"),
    logic(
        "newest-token-refused",
        "goes by the token before the newest",
    ),
    logic("wrong-token-accepted", "takes tokens that it never gave"),
    logic("stale-token-accepted", "takes tokens that it has replaced"),
];
