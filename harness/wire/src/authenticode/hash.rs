//! The hashes that signatures use, and RSA signatures over them, checked by ring.

use md5::Md5;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::oid;

/// A hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hash {
    /// MD5, 16 octets. Signatures over it are not checked here.
    Md5,
    /// SHA-1, 20 octets: what the devices of that time know.
    Sha1,
    /// SHA-256, 32 octets.
    #[default]
    Sha256,
    /// SHA-384, 48 octets.
    Sha384,
    /// SHA-512, 64 octets.
    Sha512,
}

impl Hash {
    /// The hash over these pieces, one behind the other.
    pub(super) fn over(self, pieces: &[&[u8]]) -> Vec<u8> {
        fn digest<D: Digest>(pieces: &[&[u8]]) -> Vec<u8> {
            let mut digest = D::new();
            for piece in pieces {
                digest.update(piece);
            }
            digest.finalize().to_vec()
        }
        match self {
            Self::Md5 => digest::<Md5>(pieces),
            Self::Sha1 => digest::<Sha1>(pieces),
            Self::Sha256 => digest::<Sha256>(pieces),
            Self::Sha384 => digest::<Sha384>(pieces),
            Self::Sha512 => digest::<Sha512>(pieces),
        }
    }

    pub(super) fn from_oid(found: &[u8]) -> Option<Self> {
        let all = [
            Self::Md5,
            Self::Sha1,
            Self::Sha256,
            Self::Sha384,
            Self::Sha512,
        ];
        all.into_iter().find(|hash| hash.oid() == found)
    }

    pub(super) fn oid(self) -> &'static [u8] {
        match self {
            Self::Md5 => oid::MD5,
            Self::Sha1 => oid::SHA1,
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
        }
    }

    /// The hash of a signature algorithm that names RSA and a hash at once.
    pub(super) fn of_rsa(algorithm: &[u8]) -> Option<Self> {
        [
            (oid::RSA_MD5, Self::Md5),
            (oid::RSA_SHA1, Self::Sha1),
            (oid::RSA_SHA256, Self::Sha256),
            (oid::RSA_SHA384, Self::Sha384),
            (oid::RSA_SHA512, Self::Sha512),
        ]
        .into_iter()
        .find_map(|(oid, hash)| (oid == algorithm).then_some(hash))
    }

    /// True for what nobody should sign with today.
    pub(super) fn is_weak(self) -> bool {
        matches!(self, Self::Md5 | Self::Sha1)
    }
}

impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        })
    }
}

/// What a check of a signature found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checked {
    Right,
    Wrong,
    /// Not a signature that is checked here.
    Unsupported,
}

/// Checks an RSA signature (PKCS#1 v1.5) by this key, a DER RSAPublicKey.
pub(super) fn rsa(key: &[u8], hash: Hash, signed: &[u8], signature: &[u8]) -> Checked {
    let Some(bits) = modulus_bits(key) else {
        return Checked::Unsupported;
    };
    let is_long = bits >= 2048;
    let algorithm: &dyn VerificationAlgorithm = match hash {
        Hash::Sha1 => &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha256 => &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        Hash::Sha384 if is_long => &signature::RSA_PKCS1_2048_8192_SHA384,
        Hash::Md5 | Hash::Sha384 => return Checked::Unsupported,
        Hash::Sha512 => &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    };
    if !(1024..=8192).contains(&bits) {
        return Checked::Unsupported;
    }
    match UnparsedPublicKey::new(algorithm, key).verify(signed, signature) {
        Ok(()) => Checked::Right,
        Err(_) => Checked::Wrong,
    }
}

/// The length of the modulus of a DER RSAPublicKey.
pub(super) fn modulus_bits(key: &[u8]) -> Option<usize> {
    use super::der::{INTEGER, Reader, SEQUENCE};
    use crate::span::Span;

    let mut reader = Reader::new(key, Span::new(0, key.len()));
    let sequence = reader.expect(SEQUENCE, "key").ok()?;
    let modulus = sequence.inside().expect(INTEGER, "modulus").ok()?;
    let digits = modulus.body();
    let zeros = digits.iter().take_while(|&&octet| octet == 0).count();
    let digits = digits.get(zeros..)?;
    let first = digits.first()?;
    Some(digits.len() * 8 - first.leading_zeros() as usize)
}
