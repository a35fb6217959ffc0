//! Whether the signature of a cabinet is true: the digest of its octets, the signer's signature
//! over that digest, and the chain to a root, each by itself, so that one lie does not hide another.

use super::chain;
use super::der::{self, OCTET_STRING, Value};
use super::hash::{Checked, Hash};
use super::pkcs7::{self, Indirect, SignedData, Signer};
use super::x509::{self, Certificate};
use super::{Facts, Trust, octets, oid};
use crate::cab::Cabinet;
use crate::span::{Limits, Notes, Span};

/// Looks at the signature of a cabinet that was read from these octets.
pub fn verify(bytes: &[u8], cabinet: &Cabinet, trust: &Trust<'_>, limits: &Limits) -> Facts {
    let mut notes = Notes::new(limits);
    let mut facts = Facts {
        span: cabinet.signature,
        ..Facts::default()
    };
    match cabinet.signature {
        None => notes.push("sign.absent", Span::new(0, 0), "the cabinet is not signed"),
        Some(span) => match pkcs7::read(bytes, span) {
            Err(bad) => notes.push("sign.unreadable", bad.span, bad.text),
            Ok(message) => {
                let mut look = Look {
                    bytes,
                    cabinet,
                    trust,
                    facts: &mut facts,
                    notes: &mut notes,
                };
                look.at(&message, span);
            }
        },
    }
    facts.notes = notes.into_vec();
    facts
}

struct Look<'l> {
    bytes: &'l [u8],
    cabinet: &'l Cabinet,
    trust: &'l Trust<'l>,
    facts: &'l mut Facts,
    notes: &'l mut Notes,
}

impl Look<'_> {
    fn at(&mut self, message: &SignedData<'_>, span: Span) {
        self.form(message);
        let indirect = self.indirect(message);
        if let Some((_, indirect)) = &indirect {
            self.facts.digest = self.digest(indirect, span.start());
        }
        let certificates = self.certificates(message);
        let signer = match message.signers.as_slice() {
            [] => {
                self.notes.push("sign.no-signer", span, "nobody signed");
                return;
            }
            [signer] => signer,
            [signer, second, ..] => {
                let text = format!("{} signers in place of one", message.signers.len());
                self.notes.push("sign.many-signers", second.span, text);
                signer
            }
        };
        if let Some(stamp) = signer.timestamp {
            let text = "a timestamp, which is not checked";
            self.notes.push("sign.timestamp", stamp, text);
        }
        let content = indirect.map(|(value, indirect)| (value, indirect.hash));
        let found = certificates
            .iter()
            .find(|one| one.issuer == signer.issuer && one.serial == signer.serial);
        let Some(own) = found else {
            let text = "the certificate of the signer is not there";
            self.notes.push("sign.no-certificate", signer.span, text);
            return;
        };
        self.facts.signer = Some(own.name.clone());
        let attributes = self.attributes(signer, content);
        let signature = self.signature(signer, own, content.map(|(value, _)| value));
        self.facts.signature = attributes && signature;
        self.chain(own, &certificates);
    }

    fn form(&mut self, message: &SignedData<'_>) {
        if message.version.body() != [1] {
            let text = "a version of SignedData that is not 1";
            self.notes
                .push("sign.version", message.version.span(), text);
        }
        let behind = message.behind.of(self.bytes);
        // Signers fill up to a multiple of eight octets.
        if behind.len() >= 8 || behind.iter().any(|&octet| octet != 0) {
            let text = format!("{} octets behind the signature", behind.len());
            self.notes
                .push("sign.trailing-octets", message.behind, text);
        }
    }

    /// What the message says is signed, where it is the digest of a cabinet.
    fn indirect<'v>(&mut self, message: &SignedData<'v>) -> Option<(Value<'v>, Indirect<'v>)> {
        let kind = message.content_type;
        if kind.body() != oid::SPC_INDIRECT_DATA {
            let text = format!("{} is signed, not SpcIndirectData", oid::name(kind.body()));
            self.notes.push("sign.not-indirect-data", kind.span(), text);
            return None;
        }
        let Some(content) = message.content else {
            let text = "nothing is signed";
            self.notes.push("sign.not-indirect-data", kind.span(), text);
            return None;
        };
        match pkcs7::indirect(content) {
            Ok(indirect) => {
                let kind = indirect.kind;
                if kind.body() != oid::SPC_CAB_DATA {
                    let text = format!("a digest of {}, not of a cabinet", oid::name(kind.body()));
                    self.notes.push("sign.not-a-cabinet", kind.span(), text);
                }
                Some((content, indirect))
            }
            Err(bad) => {
                self.notes.push("sign.unreadable", bad.span, bad.text);
                None
            }
        }
    }

    fn digest(&mut self, indirect: &Indirect<'_>, end: usize) -> bool {
        let span = indirect.digest.span();
        let Some(hash) = Hash::from_oid(indirect.hash) else {
            let text = format!("the digest is {}", oid::name(indirect.hash));
            self.notes.push("sign.unsupported", span, text);
            return false;
        };
        self.facts.hash = Some(hash);
        if hash.is_weak() {
            let text = format!("the digest is {hash}");
            self.notes.push("sign.weak", span, text);
        }
        let computed = hash.over(&octets::hashed(self.bytes, self.cabinet, end));
        if computed == indirect.digest.body() {
            return true;
        }
        let text = format!(
            "the digest is {}, that of the cabinet is {}",
            hex(indirect.digest.body()),
            hex(&computed)
        );
        self.notes.push("sign.wrong-digest", span, text);
        false
    }

    fn certificates<'v>(&mut self, message: &SignedData<'v>) -> Vec<Certificate<'v>> {
        let mut found = Vec::new();
        for value in &message.certificates {
            match Certificate::parse(*value) {
                Ok(certificate) => found.push(certificate),
                Err(bad) => self.notes.push("sign.bad-certificate", bad.span, bad.text),
            }
        }
        found
    }

    /// Whether the signed attributes are about this content.
    fn attributes(&mut self, signer: &Signer<'_>, content: Option<(Value<'_>, &[u8])>) -> bool {
        let Some((content, hash)) = content else {
            return false;
        };
        let Some(attributes) = signer.attributes else {
            let text = "no signed attributes";
            self.notes.push("sign.no-attributes", signer.span, text);
            return false;
        };
        if hash != signer.hash {
            let (other, own) = (oid::name(hash), oid::name(signer.hash));
            let text = format!("the signer uses {own}, the digest of the cabinet is {other}");
            self.notes.push("sign.two-hashes", signer.span, text);
        }
        let mut good = true;
        match signer.attribute(oid::CONTENT_TYPE) {
            Some(kind) if kind.body() == oid::SPC_INDIRECT_DATA => {}
            other => {
                let span = other.map_or(attributes.span(), |value| value.span());
                let text = "contentType is not SpcIndirectData";
                self.notes.push("sign.wrong-content-type", span, text);
                good = false;
            }
        }
        let digest = signer.attribute(oid::MESSAGE_DIGEST);
        let digest = digest.filter(|value| value.tag == OCTET_STRING);
        match (digest, Hash::from_oid(signer.hash)) {
            (None, _) => {
                let text = "no messageDigest";
                self.notes
                    .push("sign.wrong-message-digest", attributes.span(), text);
                good = false;
            }
            (Some(found), Some(hash)) => {
                // Over the contents of SpcIndirectData, its tag and length left out.
                let computed = hash.over(&[content.body()]);
                if computed != found.body() {
                    let text = format!(
                        "messageDigest is {}, that of SpcIndirectData is {}",
                        hex(found.body()),
                        hex(&computed)
                    );
                    self.notes
                        .push("sign.wrong-message-digest", found.span(), text);
                    good = false;
                }
            }
            // What the hash is, is told with the signature.
            (Some(_), None) => good = false,
        }
        if let Some(time) = signer.attribute(oid::SIGNING_TIME) {
            self.facts.signed_at = x509::seconds(time).ok();
        }
        good
    }

    /// Whether the signer's key made the signature.
    fn signature(
        &mut self,
        signer: &Signer<'_>,
        own: &Certificate<'_>,
        content: Option<Value<'_>>,
    ) -> bool {
        let span = signer.signature.span();
        let named = Hash::of_rsa(signer.algorithm);
        let is_rsa = signer.algorithm == oid::RSA || named.is_some();
        let Some(hash) = Hash::from_oid(signer.hash).filter(|_| is_rsa) else {
            let text = format!(
                "the signature is {} over {}",
                oid::name(signer.algorithm),
                oid::name(signer.hash)
            );
            self.notes.push("sign.unsupported", span, text);
            return false;
        };
        // The attributes are signed as the SET that they are, not as the [0] they are sent as.
        let signed = match (signer.attributes, content) {
            (Some(attributes), _) => der::value(der::SET, attributes.body()),
            (None, Some(content)) => content.body().to_vec(),
            (None, None) => return false,
        };
        match own.made(hash, &signed, signer.signature.body()) {
            Checked::Right => true,
            Checked::Wrong => {
                let text = format!("the key of {:?} did not make this signature", own.name);
                self.notes.push("sign.wrong-signature", span, text);
                false
            }
            Checked::Unsupported => {
                let text = format!("{} over {hash} is not checked here", own.key_text());
                self.notes.push("sign.unsupported", span, text);
                false
            }
        }
    }

    fn chain(&mut self, own: &Certificate<'_>, certificates: &[Certificate<'_>]) {
        let mut roots = Vec::new();
        for root in self.trust.roots {
            match Certificate::parse_whole(root) {
                Ok(root) => roots.push(root),
                Err(bad) => {
                    let text = format!("a given root cannot be read: {}", bad.text);
                    self.notes.push("sign.bad-root", Span::default(), text);
                }
            }
        }
        let chain = chain::follow(own, certificates, &roots, self.trust.at, self.notes);
        self.facts.chain = chain.is_good;
        self.facts.names = chain.names;
    }
}

/// The first octets of a digest.
fn hex(octets: &[u8]) -> String {
    const SHOWN: usize = 8;
    let pairs: Vec<String> = octets
        .iter()
        .take(SHOWN)
        .map(|octet| format!("{octet:02x}"))
        .collect();
    let mut text = pairs.concat();
    if octets.len() > SHOWN {
        text.push('…');
    }
    text
}
