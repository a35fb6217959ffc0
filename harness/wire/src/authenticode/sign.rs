//! Signing a cabinet, truly or with one lie, for peers and tests. Keys that matter have no place
//! here.

use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::{self, RsaEncoding};
use time::OffsetDateTime;

use super::der::{self, INTEGER, NULL, OCTET_STRING, OID, SEQUENCE, SET};
use super::hash::Hash;
use super::x509::Certificate;
use super::{octets, oid, pem};
use crate::cab;
use crate::span::Limits;

/// A key and the certificates that go with it.
pub struct Signer {
    key: KeyPair,
    certificates: Vec<Vec<u8>>,
}

/// What a signer is free to choose, and where it may lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// The hash; SHA-1 is not signed with here.
    pub hash: Hash,
    /// The signing time, in seconds since 1970; none leaves the attribute out.
    pub time: Option<i64>,
    /// What is not true.
    pub lie: Option<Lie>,
}

/// A lie that changing octets afterwards would not tell alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// The digest in SpcIndirectData is not that of the cabinet; all else is true of it.
    Digest,
    /// The attribute messageDigest is not that of SpcIndirectData; the signature over it is true.
    MessageDigest,
    /// The signature is over other attributes.
    Signature,
    /// The certificate of the signer is left out.
    NoCertificate,
    /// The digest is said to be that of a program, not of a cabinet.
    Kind,
}

/// Why nothing can be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsignable {
    /// The key is no PKCS#8 RSA key of 2048 to 4096 bits.
    #[error("the key is no PKCS#8 RSA key of 2048 to 4096 bits")]
    Key,
    /// The first certificate is missing or cannot be read.
    #[error("the certificate of the signer is missing or cannot be read")]
    Certificate,
    /// The octets are no whole cabinet.
    #[error("the octets are no whole cabinet")]
    Cabinet,
    /// The hash is one that is not signed with here.
    #[error("{0} is not signed with here")]
    Hash(Hash),
}

impl Signer {
    /// A signer from a PKCS#8 key and DER certificates, its own first.
    ///
    /// # Errors
    /// [`Unsignable::Key`], [`Unsignable::Certificate`].
    pub fn new(key: &[u8], certificates: Vec<Vec<u8>>) -> Result<Self, Unsignable> {
        let key = KeyPair::from_pkcs8(key).map_err(|_| Unsignable::Key)?;
        let own = certificates.first().ok_or(Unsignable::Certificate)?;
        Certificate::parse_whole(own).map_err(|_| Unsignable::Certificate)?;
        Ok(Self { key, certificates })
    }

    /// The same from PEM text: one `PRIVATE KEY`, one or more `CERTIFICATE`.
    ///
    /// # Errors
    /// [`Unsignable::Key`], [`Unsignable::Certificate`].
    pub fn from_pem(key: &str, certificates: &str) -> Result<Self, Unsignable> {
        let key = pem::blocks(key, "PRIVATE KEY");
        let key = key.first().ok_or(Unsignable::Key)?;
        Self::new(key, pem::certificates(certificates))
    }

    /// The cabinet with a signature; one that it has already is replaced.
    ///
    /// # Errors
    /// [`Unsignable::Cabinet`], [`Unsignable::Hash`].
    pub fn sign(&self, cabinet: &[u8], style: &Style) -> Result<Vec<u8>, Unsignable> {
        let limits = Limits {
            bytes: cabinet.len().max(Limits::TARGET.bytes),
            ..Limits::TARGET
        };
        let read = |bytes: &[u8]| cab::read(bytes, &limits).map_err(|_| Unsignable::Cabinet);
        let (unsigned, _) = read(cabinet)?;
        let mut out = octets::with_room(cabinet, &unsigned).ok_or(Unsignable::Cabinet)?;
        let (roomy, _) = read(&out)?;
        let mut digest = style.hash.over(&octets::hashed(&out, &roomy, out.len()));
        if style.lie == Some(Lie::Digest) {
            flip(&mut digest);
        }
        let mut message = self.message(&digest, style)?;
        message.resize(message.len().next_multiple_of(8), 0);
        let fits = |number| u32::try_from(number).map_err(|_| Unsignable::Cabinet);
        let (start, length) = (fits(out.len())?, fits(message.len())?);
        octets::point(&mut out, start, length).ok_or(Unsignable::Cabinet)?;
        out.extend(message);
        Ok(out)
    }

    /// The message over this digest of a cabinet.
    fn message(&self, digest: &[u8], style: &Style) -> Result<Vec<u8>, Unsignable> {
        let own = self.certificates.first().ok_or(Unsignable::Certificate)?;
        let own = Certificate::parse_whole(own).map_err(|_| Unsignable::Certificate)?;
        let algorithm = algorithm(style.hash.oid());
        let kind = match style.lie {
            Some(Lie::Kind) => SPC_PE_IMAGE,
            _ => oid::SPC_CAB_DATA,
        };
        let what = der::values(SEQUENCE, &[&der::value(OID, kind), &link()]);
        let octets = der::value(OCTET_STRING, digest);
        let info = der::values(SEQUENCE, &[&algorithm, &octets]);
        let indirect = [what, info].concat();

        let attributes = attributes(&indirect, style);
        let signature = self.made(&der::set_of(SET, attributes.clone()), style)?;
        let who = [own.issuer, &der::value(INTEGER, own.serial)];
        let signer = der::values(
            SEQUENCE,
            &[
                &der::value(INTEGER, &[1]),
                &der::values(SEQUENCE, &who),
                &algorithm,
                &der::set_of(der::holder(0), attributes),
                &self::algorithm(oid::RSA),
                &der::value(OCTET_STRING, &signature),
            ],
        );

        let left_out = usize::from(style.lie == Some(Lie::NoCertificate));
        let certificates: Vec<&[u8]> = self
            .certificates
            .iter()
            .skip(left_out)
            .map(|c| &**c)
            .collect();
        let content = der::values(der::holder(0), &[&der::value(SEQUENCE, &indirect)]);
        let kind = der::value(OID, oid::SPC_INDIRECT_DATA);
        let data = der::values(
            SEQUENCE,
            &[
                &der::value(INTEGER, &[1]),
                &der::value(SET, &algorithm),
                &der::values(SEQUENCE, &[&kind, &content]),
                &der::values(der::holder(0), &certificates),
                &der::value(SET, &signer),
            ],
        );
        let kind = der::value(OID, oid::SIGNED_DATA);
        let data = der::value(der::holder(0), &data);
        Ok(der::values(SEQUENCE, &[&kind, &data]))
    }

    /// The signature over the attributes as a SET.
    fn made(&self, attributes: &[u8], style: &Style) -> Result<Vec<u8>, Unsignable> {
        let padding: &dyn RsaEncoding = match style.hash {
            Hash::Sha256 => &signature::RSA_PKCS1_SHA256,
            Hash::Sha384 => &signature::RSA_PKCS1_SHA384,
            Hash::Sha512 => &signature::RSA_PKCS1_SHA512,
            weak @ (Hash::Md5 | Hash::Sha1) => return Err(Unsignable::Hash(weak)),
        };
        let mut signed = attributes.to_vec();
        if style.lie == Some(Lie::Signature) {
            flip(&mut signed);
        }
        let mut out = vec![0; self.key.public().modulus_len()];
        let random = SystemRandom::new();
        let made = self.key.sign(padding, &random, &signed, &mut out);
        made.map_err(|_| Unsignable::Key)?;
        Ok(out)
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

/// What the digest of a program is called.
const SPC_PE_IMAGE: &[u8] = &[0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x0F];

fn algorithm(id: &[u8]) -> Vec<u8> {
    der::values(SEQUENCE, &[&der::value(OID, id), &der::value(NULL, &[])])
}

/// SpcLink as signers of cabinets fill it: a file of a name that says it means nothing.
fn link() -> Vec<u8> {
    let name: Vec<u8> = "<<<Obsolete>>>"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    der::value(der::holder(2), &der::value(der::context(0), &name))
}

/// The signed attributes over these contents of SpcIndirectData.
fn attributes(indirect: &[u8], style: &Style) -> Vec<Vec<u8>> {
    let attribute = |id: &[u8], value: &[u8]| {
        der::values(SEQUENCE, &[&der::value(OID, id), &der::value(SET, value)])
    };
    let mut digest = style.hash.over(&[indirect]);
    if style.lie == Some(Lie::MessageDigest) {
        flip(&mut digest);
    }
    let individual = der::value(SEQUENCE, &der::value(OID, oid::SPC_INDIVIDUAL));
    let mut all = vec![
        attribute(oid::CONTENT_TYPE, &der::value(OID, oid::SPC_INDIRECT_DATA)),
        attribute(oid::MESSAGE_DIGEST, &der::value(OCTET_STRING, &digest)),
        attribute(oid::SPC_STATEMENT_TYPE, &individual),
        attribute(oid::SPC_OPUS_INFO, &der::value(SEQUENCE, &[])),
    ];
    if let Some(time) = style.time.and_then(utc_time) {
        all.push(attribute(oid::SIGNING_TIME, &time));
    }
    all
}

/// A time from 1950 to 2049.
fn utc_time(seconds: i64) -> Option<Vec<u8>> {
    let time = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    if !(1950..2050).contains(&time.year()) {
        return None;
    }
    let text = format!(
        "{:02}{:02}{:02}{:02}{:02}{:02}Z",
        time.year() % 100,
        u8::from(time.month()),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    );
    Some(der::value(der::UTC_TIME, text.as_bytes()))
}

fn flip(octets: &mut [u8]) {
    if let Some(last) = octets.last_mut() {
        *last ^= 0xFF;
    }
}
