//! Authenticode over cabinets: whether a signature is true and whom it leads to, as facts.
//!
//! A signature is PKCS#7 SignedData behind the cabinet, over a digest of it (SpcIndirectData). RSA
//! over SHA-1 and SHA-2 is checked, with keys from 1024 bits on. Timestamps, revocation, policies
//! and name constraints are not; where they matter a note says so. What a device grants to a
//! signer is not known here, nor what time it is: both come from the caller.

mod chain;
mod der;
mod dump;
mod hash;
mod octets;
mod oid;
mod pem;
mod pkcs7;
mod sign;
pub mod specimen;
mod verify;
mod x509;

pub use dump::dump;
pub use hash::Hash;
pub use pem::certificates;
pub use sign::{Lie, Signer, Style, Unsignable};
pub use verify::verify;

use crate::span::{Note, Span};

/// Whom to trust, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trust<'a> {
    /// The roots, DER. A signer's own certificate may be one.
    pub roots: &'a [Vec<u8>],
    /// The time at which certificates have to be valid, in seconds since 1970.
    pub at: i64,
}

/// What is true of a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The octets of the signature; none where the cabinet is not signed.
    pub span: Option<Span>,
    /// Whether the digest that was signed is that of the cabinet.
    pub digest: bool,
    /// Whether the key of the signer signed that digest.
    pub signature: bool,
    /// Whether the certificate of the signer is for code and leads to a root that is trusted.
    pub chain: bool,
    /// The hash of the digest.
    pub hash: Option<Hash>,
    /// The name of the signer, `CN=…, O=…`.
    pub signer: Option<String>,
    /// The names from the signer to the last that was found.
    pub names: Vec<String>,
    /// When it was signed, as the signer says, in seconds since 1970.
    pub signed_at: Option<i64>,
    /// What is wrong or worth knowing.
    pub notes: Vec<Note>,
}

impl Facts {
    /// True where digest, signature and chain are all as they should be.
    pub fn is_good(&self) -> bool {
        self.digest && self.signature && self.chain
    }
}

/// Every kind of note that [`verify`] gives: whether it makes a fact untrue, and what it says.
pub const KINDS: &[(&str, bool, &str)] = &[
    ("sign.absent", true, "there is no signature"),
    (
        "sign.unreadable",
        true,
        "the signature is no PKCS#7 SignedData in DER",
    ),
    (
        "sign.version",
        false,
        "SignedData of another version than 1",
    ),
    (
        "sign.trailing-octets",
        false,
        "octets behind the message that are no filling",
    ),
    (
        "sign.not-indirect-data",
        true,
        "what is signed is not SpcIndirectData",
    ),
    (
        "sign.not-a-cabinet",
        false,
        "the digest is said to be of something else than a cabinet",
    ),
    (
        "sign.wrong-digest",
        true,
        "the digest is not that of the cabinet",
    ),
    ("sign.no-signer", true, "nobody signed"),
    (
        "sign.many-signers",
        false,
        "more than one signer, of whom the first is looked at",
    ),
    (
        "sign.no-certificate",
        true,
        "the certificate of the signer is not there",
    ),
    (
        "sign.bad-certificate",
        false,
        "a certificate that cannot be read",
    ),
    ("sign.no-attributes", true, "no signed attributes"),
    (
        "sign.two-hashes",
        false,
        "the signer uses another hash than the digest",
    ),
    (
        "sign.wrong-content-type",
        true,
        "the attribute contentType is wrong or missing",
    ),
    (
        "sign.wrong-message-digest",
        true,
        "the attribute messageDigest is wrong or missing",
    ),
    (
        "sign.wrong-signature",
        true,
        "the signer's key did not make the signature",
    ),
    (
        "sign.unsupported",
        true,
        "an algorithm or a key that is not checked here",
    ),
    ("sign.weak", false, "a hash or a key that is too weak today"),
    ("sign.timestamp", false, "a timestamp, which is not checked"),
    (
        "sign.wrong-usage",
        true,
        "the certificate of the signer is not for code",
    ),
    (
        "sign.no-usage",
        false,
        "the certificate of the signer does not say what it is for",
    ),
    (
        "sign.not-yet-valid",
        true,
        "a certificate of the chain is not valid yet",
    ),
    (
        "sign.expired",
        true,
        "a certificate of the chain is no longer valid",
    ),
    (
        "sign.unknown-critical",
        true,
        "a critical extension that is not known here",
    ),
    (
        "sign.wrong-issuer-signature",
        true,
        "a certificate that its issuer did not sign",
    ),
    (
        "sign.not-an-issuer",
        true,
        "a certificate of the chain may not issue others",
    ),
    ("sign.untrusted", true, "the chain leads to no given root"),
    ("sign.bad-root", false, "a given root cannot be read"),
];

/// True for a kind of note that makes a fact untrue.
pub fn is_fault(kind: &str) -> bool {
    KINDS.iter().any(|row| row.0 == kind && row.1)
}
