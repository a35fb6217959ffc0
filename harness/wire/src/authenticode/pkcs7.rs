//! The message of a signature: PKCS#7 SignedData (RFC 2315) over SpcIndirectData, taken apart.
//! Whether anything in it is true is decided in [`super::verify`].

use super::der::{self, Bad, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE, SET, Value};
use super::oid;
use super::x509::algorithm;
use crate::span::Span;

/// Signers and certificates that are looked at; no real signature has as many.
const MOST: usize = 16;

/// What is signed, by whom, and the certificates that came with it.
#[derive(Clone, Debug)]
pub(super) struct SignedData<'a> {
    pub(super) version: Value<'a>,
    pub(super) content_type: Value<'a>,
    /// What stands in `[0]` of the content.
    pub(super) content: Option<Value<'a>>,
    pub(super) certificates: Vec<Value<'a>>,
    pub(super) signers: Vec<Signer<'a>>,
    /// Octets behind the message.
    pub(super) behind: Span,
}

/// SpcIndirectData: the digest of the octets that are signed.
#[derive(Clone, Debug)]
pub(super) struct Indirect<'a> {
    pub(super) kind: Value<'a>,
    pub(super) hash: &'a [u8],
    pub(super) digest: Value<'a>,
}

/// One signature.
#[derive(Clone, Debug)]
pub(super) struct Signer<'a> {
    pub(super) span: Span,
    pub(super) issuer: &'a [u8],
    pub(super) serial: &'a [u8],
    pub(super) hash: &'a [u8],
    /// The signed attributes, with the tag of `[0]`.
    pub(super) attributes: Option<Value<'a>>,
    pub(super) algorithm: &'a [u8],
    pub(super) signature: Value<'a>,
    /// A countersignature or a timestamp.
    pub(super) timestamp: Option<Span>,
}

impl<'a> Signer<'a> {
    /// The value of a signed attribute.
    pub(super) fn attribute(&self, id: &[u8]) -> Option<Value<'a>> {
        let mut each = self.attributes?.inside();
        while let Ok(attribute) = each.expect(SEQUENCE, "attribute") {
            let mut fields = attribute.inside();
            if fields.expect(OID, "attribute").ok()?.body() == id {
                return fields.expect(SET, "attribute").ok()?.inside().next().ok();
            }
        }
        None
    }
}

/// Reads the message that stands in these octets of the input.
pub(super) fn read(input: &[u8], span: Span) -> Result<SignedData<'_>, Bad> {
    let mut outer = Reader::new(input, span);
    let mut info = outer.expect(SEQUENCE, "message")?.inside();
    let kind = info.expect(OID, "type of the message")?;
    if kind.body() != oid::SIGNED_DATA {
        let text = format!("the message is {}, not signedData", oid::name(kind.body()));
        return Err(Bad::new(kind.span(), text));
    }
    let mut holder = info.expect(der::holder(0), "signed data")?.inside();
    let mut data = holder.expect(SEQUENCE, "signed data")?.inside();
    let version = data.expect(INTEGER, "version")?;
    data.expect(SET, "digest algorithms")?;
    let mut content = data.expect(SEQUENCE, "content")?.inside();
    let content_type = content.expect(OID, "type of the content")?;
    let inner = match content.optional(der::holder(0))? {
        Some(holder) => Some(holder.inside().next()?),
        None => None,
    };
    let mut certificates = Vec::new();
    if let Some(set) = data.optional(der::holder(0))? {
        let mut each = set.inside();
        while !each.is_empty() && certificates.len() < MOST {
            certificates.push(each.next()?);
        }
    }
    data.optional(der::holder(1))?;
    let mut signers = Vec::new();
    let mut each = data.expect(SET, "signers")?.inside();
    while !each.is_empty() && signers.len() < MOST {
        signers.push(signer(each.expect(SEQUENCE, "signer")?)?);
    }
    Ok(SignedData {
        version,
        content_type,
        content: inner,
        certificates,
        signers,
        behind: outer.rest(),
    })
}

fn signer(value: Value<'_>) -> Result<Signer<'_>, Bad> {
    let mut fields = value.inside();
    fields.expect(INTEGER, "version of the signer")?;
    let mut who = fields
        .expect(SEQUENCE, "issuer and serial number")?
        .inside();
    let issuer = who.expect(SEQUENCE, "issuer")?.whole();
    let serial = who.expect(INTEGER, "serial number")?.body();
    let hash = algorithm(&mut fields)?;
    let attributes = fields.optional(der::holder(0))?;
    let algorithm = algorithm(&mut fields)?;
    let signature = fields.expect(OCTET_STRING, "signature")?;
    let mut timestamp = None;
    if let Some(unsigned) = fields.optional(der::holder(1))? {
        let mut each = unsigned.inside();
        while !each.is_empty() {
            let attribute = each.expect(SEQUENCE, "attribute")?;
            let id = attribute.inside().expect(OID, "attribute")?.body();
            if id == oid::COUNTERSIGNATURE || id == oid::RFC3161 {
                timestamp = Some(attribute.span());
            }
        }
    }
    Ok(Signer {
        span: value.span(),
        issuer,
        serial,
        hash,
        attributes,
        algorithm,
        signature,
        timestamp,
    })
}

/// Takes SpcIndirectData apart.
pub(super) fn indirect(value: Value<'_>) -> Result<Indirect<'_>, Bad> {
    let mut fields = value.inside();
    let mut what = fields.expect(SEQUENCE, "what is signed")?.inside();
    let kind = what.expect(OID, "what is signed")?;
    let mut info = fields.expect(SEQUENCE, "digest")?.inside();
    let hash = algorithm(&mut info)?;
    let digest = info.expect(OCTET_STRING, "digest")?;
    Ok(Indirect { kind, hash, digest })
}
