//! Certificates (RFC 5280) as far as the signature of a program needs them. Whether one is trusted
//! is decided in [`super::chain`].

use time::{Date, Month};

use super::der::{self, Bad, GENERALIZED_TIME, OCTET_STRING, OID, Reader, SEQUENCE, SET, Value};
use super::hash::{self, Checked, Hash};
use super::oid;
use crate::span::Span;

/// A certificate; everything borrows from its octets.
#[derive(Clone, Debug)]
pub(super) struct Certificate<'a> {
    pub(super) whole: Value<'a>,
    signed: &'a [u8],
    algorithm: &'a [u8],
    signature: &'a [u8],
    pub(super) serial: &'a [u8],
    pub(super) issuer: &'a [u8],
    pub(super) subject: &'a [u8],
    pub(super) name: String,
    /// Seconds since 1970.
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) validity: Span,
    key_algorithm: &'a [u8],
    key: &'a [u8],
    pub(super) extensions: Extensions<'a>,
}

/// What the extensions say.
#[derive(Clone, Debug, Default)]
pub(super) struct Extensions<'a> {
    pub(super) is_ca: bool,
    /// How many further issuers may stand below this one.
    pub(super) path: Option<u64>,
    /// The bits, the first the highest.
    pub(super) usage: Option<u8>,
    pub(super) extended: Option<Vec<&'a [u8]>>,
    /// A critical one that is not known here.
    pub(super) unknown: Option<(String, Span)>,
}

/// Bits of keyUsage.
pub(super) const DIGITAL_SIGNATURE: u8 = 0x80;
pub(super) const KEY_CERT_SIGN: u8 = 0x04;

impl<'a> Certificate<'a> {
    pub(super) fn parse(whole: Value<'a>) -> Result<Self, Bad> {
        let mut parts = whole.inside();
        let body = parts.expect(SEQUENCE, "certificate body")?;
        let algorithm = algorithm(&mut parts)?;
        let signature = parts.next()?.bits()?;

        let mut fields = body.inside();
        fields.optional(der::holder(0))?;
        let serial = fields.expect(der::INTEGER, "serial number")?.body();
        fields.expect(SEQUENCE, "signature algorithm")?;
        let issuer = fields.expect(SEQUENCE, "issuer")?;
        let validity = fields.expect(SEQUENCE, "validity")?;
        let mut times = validity.inside();
        let from = seconds(times.next()?)?;
        let until = seconds(times.next()?)?;
        let subject = fields.expect(SEQUENCE, "subject")?;
        let mut info = fields.expect(SEQUENCE, "public key")?.inside();
        let key_algorithm = self::algorithm(&mut info)?;
        let key = info.next()?.bits()?;
        // issuerUniqueID and subjectUniqueID, which nobody has.
        fields.optional(der::context(1))?;
        fields.optional(der::context(2))?;
        let extensions = match fields.optional(der::holder(3))? {
            Some(list) => extensions(list)?,
            None => Extensions::default(),
        };
        Ok(Self {
            whole,
            signed: body.whole(),
            algorithm,
            signature,
            serial,
            issuer: issuer.whole(),
            subject: subject.whole(),
            name: name(subject),
            from,
            until,
            validity: validity.span(),
            key_algorithm,
            key,
            extensions,
        })
    }

    /// Reads a certificate that stands alone.
    pub(super) fn parse_whole(octets: &'a [u8]) -> Result<Self, Bad> {
        let mut reader = Reader::new(octets, Span::new(0, octets.len()));
        Self::parse(reader.expect(SEQUENCE, "certificate")?)
    }

    /// Checks a signature that this certificate's key is said to have made.
    pub(super) fn made(&self, hash: Hash, signed: &[u8], signature: &[u8]) -> Checked {
        if self.key_algorithm == oid::RSA {
            hash::rsa(self.key, hash, signed, signature)
        } else {
            Checked::Unsupported
        }
    }

    /// Whether this certificate's key signed that certificate.
    pub(super) fn issued(&self, other: &Certificate<'_>) -> Checked {
        match Hash::of_rsa(other.algorithm) {
            Some(hash) => self.made(hash, other.signed, other.signature),
            None => Checked::Unsupported,
        }
    }

    /// The key and what it is made for, in words.
    pub(super) fn key_text(&self) -> String {
        match hash::modulus_bits(self.key) {
            Some(bits) if self.key_algorithm == oid::RSA => format!("RSA of {bits} bits"),
            _ => oid::name(self.key_algorithm),
        }
    }

    /// True for an RSA key that nobody should use today.
    pub(super) fn is_weak(&self) -> bool {
        self.key_algorithm == oid::RSA && hash::modulus_bits(self.key).is_some_and(|n| n < 2048)
    }
}

/// The identifier of an AlgorithmIdentifier; its parameters are not looked at.
pub(super) fn algorithm<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Bad> {
    let sequence = reader.expect(SEQUENCE, "algorithm")?;
    Ok(sequence.inside().expect(OID, "algorithm")?.body())
}

fn extensions(list: Value<'_>) -> Result<Extensions<'_>, Bad> {
    const BOOLEAN: u8 = 0x01;
    let mut found = Extensions::default();
    let mut each = list.inside().expect(SEQUENCE, "extensions")?.inside();
    while !each.is_empty() {
        let extension = each.expect(SEQUENCE, "extension")?;
        let mut fields = extension.inside();
        let id = fields.expect(OID, "extension")?.body();
        let critical = fields.optional(BOOLEAN)?;
        let is_critical = critical.is_some_and(|value| value.body() != [0]);
        let octets = fields.expect(OCTET_STRING, "extension")?;
        let mut inside = octets.inside();
        if id == oid::BASIC_CONSTRAINTS {
            let mut fields = inside.expect(SEQUENCE, "basicConstraints")?.inside();
            let ca = fields.optional(BOOLEAN)?;
            found.is_ca = ca.is_some_and(|value| value.body() != [0]);
            found.path = fields.optional(der::INTEGER)?.map(small);
        } else if id == oid::KEY_USAGE {
            let bits = inside.expect(der::BIT_STRING, "keyUsage")?.body();
            found.usage = Some(bits.get(1).copied().unwrap_or_default());
        } else if id == oid::EXTENDED_KEY_USAGE {
            let mut usages = Vec::new();
            let mut each = inside.expect(SEQUENCE, "extendedKeyUsage")?.inside();
            while !each.is_empty() {
                usages.push(each.expect(OID, "extendedKeyUsage")?.body());
            }
            found.extended = Some(usages);
        } else if is_critical {
            found.unknown = Some((oid::name(id), extension.span()));
        }
    }
    Ok(found)
}

/// A small number; what does not fit is as large as can be.
fn small(value: Value<'_>) -> u64 {
    let digits = value.body();
    if digits.len() > 8 {
        return u64::MAX;
    }
    let fold = |sum: u64, &octet: &u8| sum << 8 | u64::from(octet);
    digits.iter().fold(0, fold)
}

/// A time as seconds since 1970: two digits of the year up to 2049, four from then on.
pub(super) fn seconds(value: Value<'_>) -> Result<i64, Bad> {
    let bad = || Bad::new(value.span(), "no time of the form that certificates have");
    let text = std::str::from_utf8(value.body()).map_err(|_| bad())?;
    let digits = text.strip_suffix('Z').ok_or_else(bad)?;
    if !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return Err(bad());
    }
    let (year, rest) = match value.tag {
        der::UTC_TIME => digits.split_at_checked(2),
        GENERALIZED_TIME => digits.split_at_checked(4),
        _ => None,
    }
    .ok_or_else(bad)?;
    let mut year: i32 = year.parse().map_err(|_| bad())?;
    if value.tag == der::UTC_TIME {
        year += if year < 50 { 2000 } else { 1900 };
    }
    if rest.len() != 10 {
        return Err(bad());
    }
    let two = |at: usize| -> Result<u8, Bad> {
        let pair = rest.get(at..at + 2).ok_or_else(bad)?;
        pair.parse().map_err(|_| bad())
    };
    let month = Month::try_from(two(0)?).map_err(|_| bad())?;
    let date = Date::from_calendar_date(year, month, two(2)?).map_err(|_| bad())?;
    let time = date
        .with_hms(two(4)?, two(6)?, two(8)?)
        .map_err(|_| bad())?;
    Ok(time.assume_utc().unix_timestamp())
}

/// A name as text, `CN=…, O=…`, in the order of the certificate.
pub(super) fn name(value: Value<'_>) -> String {
    let mut parts = Vec::new();
    let mut each = value.inside();
    while let Ok(set) = each.expect(SET, "name") {
        let mut pairs = set.inside();
        while let Ok(pair) = pairs.expect(SEQUENCE, "name") {
            let mut fields = pair.inside();
            if let (Ok(id), Ok(text)) = (fields.expect(OID, "name"), fields.next()) {
                parts.push(format!("{}={}", oid::name(id.body()), string(text)));
            }
        }
    }
    parts.join(", ")
}

/// A string of any of its types.
pub(super) fn string(value: Value<'_>) -> String {
    const BMP: u8 = 0x1E;
    let octets = value.body();
    if value.tag == BMP {
        return utf_16(octets);
    }
    String::from_utf8_lossy(octets).into_owned()
}

/// UTF-16, the high octet first.
pub(super) fn utf_16(octets: &[u8]) -> String {
    let (pairs, _) = octets.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn read(tag: u8, text: &str) -> Result<i64, Bad> {
        let octets = der::value(tag, text.as_bytes());
        let mut reader = Reader::new(&octets, Span::new(0, octets.len()));
        seconds(reader.next().expect("a value"))
    }

    #[rstest]
    #[case(der::UTC_TIME, "700101000000Z", 0)]
    #[case(der::UTC_TIME, "231114221320Z", 1_700_000_000)]
    #[case(der::UTC_TIME, "491231235959Z", 2_524_607_999)]
    #[case(der::UTC_TIME, "500101000000Z", -631_152_000)]
    #[case(GENERALIZED_TIME, "20991231235959Z", 4_102_444_799)]
    fn a_time_is_read(#[case] tag: u8, #[case] text: &str, #[case] seconds: i64) {
        assert_eq!(read(tag, text), Ok(seconds));
    }

    #[rstest]
    #[case(der::UTC_TIME, "")]
    #[case(der::UTC_TIME, "231114221320")]
    #[case(der::UTC_TIME, "2311142213Z")]
    #[case(der::UTC_TIME, "231314221320Z")]
    #[case(der::UTC_TIME, "23111422132éZ")]
    #[case(GENERALIZED_TIME, "231114221320Z")]
    #[case(GENERALIZED_TIME, "20231114221320+0100")]
    #[case(der::INTEGER, "231114221320Z")]
    fn what_is_no_time_is_none(#[case] tag: u8, #[case] text: &str) {
        assert!(read(tag, text).is_err());
    }
}
