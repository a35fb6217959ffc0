//! TEST ONLY: a key that everybody has, and certificates for it, right ones and wrong ones. Peers
//! and tests sign with them. Whoever trusts this root trusts everybody.
//!
//! All certificates are for the one key in `specimen/signer.key.pem`; the keys of the authorities
//! that issued them were thrown away. Valid from 2001 to 2099, but for those named after their time.

use super::sign::{Signer, Unsignable};

/// The root to trust (PEM): `CN=Assay test root (TEST ONLY)`.
pub const ROOT: &str = include_str!("specimen/root.pem");
/// A root of the same form that is not to be trusted: `CN=Assay foreign root (TEST ONLY)`.
pub const FOREIGN_ROOT: &str = include_str!("specimen/foreign-root.pem");

/// The test key (PEM, PKCS#8). TEST ONLY: it protects nothing.
pub const KEY: &str = include_str!("specimen/signer.key.pem");

/// A certificate for the test key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Specimen {
    /// Issued by the root, for code.
    Good,
    /// Issued for code by an authority in between, which goes with it.
    Indirect,
    /// Issued by the foreign root.
    Foreign,
    /// Valid in 2001 only.
    Expired,
    /// Valid in 2099 only.
    Early,
    /// For servers, not for code.
    Server,
    /// Says nothing of what it is for.
    Unspecific,
    /// Issued by the good certificate, which is no authority and goes with it.
    ByNoAuthority,
}

impl Specimen {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Good,
        Self::Indirect,
        Self::Foreign,
        Self::Expired,
        Self::Early,
        Self::Server,
        Self::Unspecific,
        Self::ByNoAuthority,
    ];

    /// The certificates that go into the signature (PEM), the signer's first.
    pub fn pem(self) -> &'static str {
        match self {
            Self::Good => include_str!("specimen/good.pem"),
            Self::Indirect => include_str!("specimen/indirect.pem"),
            Self::Foreign => include_str!("specimen/foreign.pem"),
            Self::Expired => include_str!("specimen/expired.pem"),
            Self::Early => include_str!("specimen/early.pem"),
            Self::Server => include_str!("specimen/server.pem"),
            Self::Unspecific => include_str!("specimen/unspecific.pem"),
            Self::ByNoAuthority => include_str!("specimen/by-no-authority.pem"),
        }
    }

    /// The test key with this certificate.
    ///
    /// # Errors
    /// None, unless the files are damaged.
    pub fn signer(self) -> Result<Signer, Unsignable> {
        Signer::from_pem(KEY, self.pem())
    }
}
