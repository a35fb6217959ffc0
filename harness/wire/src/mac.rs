//! The MAC of a provisioning push: HMAC-SHA1 over the document, keyed with what network and user
//! share (OMA-WAP-ProvBoot, WAP-184).
//!
//! Plain arithmetic: which method a push names, and what a wrong MAC means, is decided elsewhere.
//! The secrets are not kept.

use crate::digest::hmac_sha1;
use crate::octets::hex;

/// How a push is protected, by the number in its `SEC` parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// 0: keyed with what the network knows, the IMSI of the subscriber.
    NetwPin,
    /// 1: keyed with a PIN that the user is told.
    UserPin,
    /// 2: keyed with both, the network's first.
    UserNetwPin,
    /// 3: the PIN itself holds the check digits.
    UserPinMac,
}

impl Method {
    /// All of them, by number.
    pub const ALL: [Self; 4] = [
        Self::NetwPin,
        Self::UserPin,
        Self::UserNetwPin,
        Self::UserPinMac,
    ];

    /// The number in `SEC`.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The method of a number.
    pub fn of(code: u64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|method| u64::from(method.code()) == code)
    }

    /// The name in the standard: `NETWPIN`, `USERPIN`, `USERNETWPIN`, `USERPINMAC`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NetwPin => "NETWPIN",
            Self::UserPin => "USERPIN",
            Self::UserNetwPin => "USERNETWPIN",
            Self::UserPinMac => "USERPINMAC",
        }
    }

    /// The method of a name (any case) or of a number as text.
    pub fn named(text: &str) -> Option<Self> {
        let number = text.trim().parse().ok().and_then(Self::of);
        let by_name = || {
            Self::ALL
                .into_iter()
                .find(|method| method.name().eq_ignore_ascii_case(text.trim()))
        };
        number.or_else(by_name)
    }

    /// True where the content type carries the MAC.
    pub fn has_parameter(self) -> bool {
        self != Self::UserPinMac
    }
}

/// What network, user and server share. Digits only.
#[derive(Clone, Copy, Debug, Default)]
pub struct Secrets<'a> {
    /// The IMSI of the subscriber: 6 to 15 digits.
    pub imsi: Option<&'a str>,
    /// The PIN; for [`Method::UserPinMac`] its first half, the part that is a key.
    pub pin: Option<&'a str>,
}

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoKey {
    /// The method needs the IMSI, and none is known.
    #[error("no IMSI is known")]
    NoImsi,
    /// The IMSI is not one to fifteen digits.
    #[error("the IMSI is not one to fifteen digits")]
    BadImsi,
    /// The method needs a PIN, and none is known.
    #[error("no PIN is known")]
    NoPin,
}

/// The IMSI as key: semi-octets as a SIM keeps them (GSM 11.11 EF IMSI without its length). The
/// first semi-octet is 9 in front of an odd number of digits; in front of an even one it is 1, and
/// a filler ends the last octet.
pub fn imsi_key(imsi: &str) -> Option<Vec<u8>> {
    imsi_key_filled(imsi, 0x0F)
}

/// The same with another filler: 0 is a known mistake.
pub fn imsi_key_filled(imsi: &str, filler: u8) -> Option<Vec<u8>> {
    if !(1..=15).contains(&imsi.len()) {
        return None;
    }
    let digits: Option<Vec<u8>> = imsi
        .bytes()
        .map(|digit| digit.is_ascii_digit().then(|| digit - b'0'))
        .collect();
    let mut nibbles = digits?;
    let is_odd = nibbles.len() % 2 == 1;
    nibbles.insert(0, if is_odd { 9 } else { 1 });
    if !is_odd {
        nibbles.push(filler & 0x0F);
    }
    let pairs = nibbles.chunks(2);
    Some(
        pairs
            .map(|pair| match pair {
                [low, high] => high << 4 | low,
                _ => 0,
            })
            .collect(),
    )
}

/// The key of a method.
///
/// # Errors
/// [`NoKey`] where a secret is missing.
pub fn key(method: Method, secrets: &Secrets<'_>) -> Result<Vec<u8>, NoKey> {
    let network = || {
        let imsi = secrets.imsi.ok_or(NoKey::NoImsi)?;
        imsi_key(imsi).ok_or(NoKey::BadImsi)
    };
    let user = || {
        secrets
            .pin
            .map(|pin| pin.as_bytes().to_vec())
            .ok_or(NoKey::NoPin)
    };
    match method {
        Method::NetwPin => network(),
        Method::UserPin | Method::UserPinMac => user(),
        Method::UserNetwPin => {
            let mut key = network()?;
            key.extend(user()?);
            Ok(key)
        }
    }
}

/// The MAC over a document: 40 upper-case hex digits. For [`Method::UserPinMac`] it is what the
/// check digits come from, and is sent nowhere.
///
/// # Errors
/// [`NoKey`] where a secret is missing.
pub fn mac(method: Method, secrets: &Secrets<'_>, body: &[u8]) -> Result<String, NoKey> {
    Ok(hex(&hmac_sha1(&key(method, secrets)?, body)))
}

/// Whether this is the MAC over a document, in any case of its letters.
///
/// # Errors
/// [`NoKey`] where a secret is missing.
pub fn verify(
    method: Method,
    secrets: &Secrets<'_>,
    body: &[u8],
    claimed: &str,
) -> Result<bool, NoKey> {
    Ok(mac(method, secrets, body)?.eq_ignore_ascii_case(claimed))
}

/// The PIN that the user is told with [`Method::UserPinMac`]: the key digits and as many check
/// digits, each the octet of the MAC at its place modulo ten. At most 20 check digits.
pub fn pin_with_check(key_digits: &str, body: &[u8]) -> String {
    let mac = hmac_sha1(key_digits.as_bytes(), body);
    let check = mac
        .iter()
        .take(key_digits.len())
        .map(|octet| char::from(b'0' + octet % 10));
    key_digits.chars().chain(check).collect()
}

/// Whether a PIN is of two halves of which the second checks the first against a document.
pub fn verify_pin(pin: &str, body: &[u8]) -> bool {
    let (half, digits) = (
        pin.len() / 2,
        pin.bytes().all(|digit| digit.is_ascii_digit()),
    );
    let is_even = !pin.is_empty() && pin.len().is_multiple_of(2);
    is_even
        && digits
        && pin
            .get(..half)
            .is_some_and(|key| pin_with_check(key, body) == pin)
}

/// A known mistake that gives a wrong MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slip {
    /// The IMSI as text rather than as semi-octets.
    ImsiAsText,
    /// An even number of IMSI digits filled with 0 rather than F.
    ImsiFilledWithZero,
    /// The PIN in front of the IMSI.
    PinFirst,
    /// With [`Method::UserPinMac`], which has no MAC, that of [`Method::UserPin`].
    AsUserPin,
    /// The right key of another method than `SEC` names.
    OtherMethod(Method),
    /// The right key over the whole push PDU rather than over its body.
    OverPdu,
    /// The right key over the body with the octet that follows it, or without its last.
    OverOneOctetMore,
}

impl Slip {
    /// What was done, as one clause.
    pub fn says(self) -> String {
        match self {
            Self::ImsiAsText => "it is keyed with the IMSI as text".to_owned(),
            Self::ImsiFilledWithZero => "the IMSI is filled with 0 instead of F".to_owned(),
            Self::PinFirst => "the PIN stands in front of the IMSI".to_owned(),
            Self::AsUserPin => "it is a MAC of USERPIN".to_owned(),
            Self::OtherMethod(method) => format!("it is right for {}", method.name()),
            Self::OverPdu => "it covers the whole push PDU".to_owned(),
            Self::OverOneOctetMore => "it covers one octet more, or less, than the body".to_owned(),
        }
    }
}

/// The known mistake that explains a wrong MAC. `pdu` is the whole push, whose end is the body.
pub fn explain(
    method: Method,
    secrets: &Secrets<'_>,
    pdu: &[u8],
    body: &[u8],
    claimed: &str,
) -> Option<Slip> {
    let gives = |key: &[u8], over: &[u8]| hex(&hmac_sha1(key, over)).eq_ignore_ascii_case(claimed);
    let pin = secrets.pin.map(str::as_bytes).unwrap_or_default();
    let with_pin = |mut key: Vec<u8>| {
        if method == Method::UserNetwPin {
            key.extend_from_slice(pin);
        }
        key
    };
    if let Some(imsi) = secrets
        .imsi
        .filter(|_| matches!(method, Method::NetwPin | Method::UserNetwPin))
    {
        if gives(&with_pin(imsi.as_bytes().to_vec()), body) {
            return Some(Slip::ImsiAsText);
        }
        let key = imsi_key_filled(imsi, 0).unwrap_or_default();
        if gives(&with_pin(key), body) {
            return Some(Slip::ImsiFilledWithZero);
        }
        let swapped: Vec<u8> = pin
            .iter()
            .copied()
            .chain(imsi_key(imsi).unwrap_or_default())
            .collect();
        if method == Method::UserNetwPin && gives(&swapped, body) {
            return Some(Slip::PinFirst);
        }
    }
    if method == Method::UserPinMac && gives(pin, body) {
        return Some(Slip::AsUserPin);
    }
    let right = key(method, secrets).ok();
    if let Some(right) = &right {
        if gives(right, pdu) {
            return Some(Slip::OverPdu);
        }
        let less = body.get(..body.len().saturating_sub(1)).unwrap_or_default();
        let more = [body, &[0]].concat();
        if gives(right, less) || gives(right, &more) {
            return Some(Slip::OverOneOctetMore);
        }
    }
    let others = Method::ALL
        .into_iter()
        .filter(|&other| other != method && other.has_parameter());
    others
        .into_iter()
        .find(|&other| key(other, secrets).is_ok_and(|key| gives(&key, body)))
        .map(Slip::OtherMethod)
}

#[cfg(test)]
mod tests;
