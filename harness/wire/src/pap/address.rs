//! Addresses of devices: `WAPPUSH=+358408201681/TYPE=PLMN@ppg.carrier.example` (WAP-249, WAP-247).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What kind of address it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A telephone number.
    Plmn,
    /// A name that the gateway knows.
    User,
    /// An address of the Internet protocol, version 4.
    Ipv4,
    /// An address of the Internet protocol, version 6.
    Ipv6,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Plmn, Self::User, Self::Ipv4, Self::Ipv6];

    /// As it stands behind `TYPE=`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plmn => "PLMN",
            Self::User => "USER",
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
        }
    }
}

/// An address in its pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressValue<'a> {
    /// The number, name or address.
    pub device: &'a str,
    /// What kind it is.
    pub kind: Kind,
    /// The gateway.
    pub gateway: &'a str,
}

impl fmt::Display for AddressValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "WAPPUSH={}/TYPE={}@{}",
            self.device,
            self.kind.name(),
            self.gateway
        )
    }
}

/// The digits of a telephone number, without separators and international prefix: by them numbers
/// are compared.
pub fn digits(number: &str) -> String {
    let number = number.trim().trim_start_matches('+');
    let number = number.strip_prefix("00").unwrap_or(number);
    number.chars().filter(char::is_ascii_digit).collect()
}

/// Takes an address apart; none where it is none.
pub fn address(value: &str) -> Option<AddressValue<'_>> {
    let (prefix, rest) = value.split_at_checked("WAPPUSH=".len())?;
    let (rest, gateway) = rest.rsplit_once('@')?;
    let (device, kind) = rest.rsplit_once('/')?;
    let (key, kind) = kind.split_once('=')?;
    let same = str::eq_ignore_ascii_case;
    if !same(prefix, "WAPPUSH=") || !same(key, "TYPE") || gateway.is_empty() {
        return None;
    }
    let kind = Kind::ALL
        .into_iter()
        .find(|known| same(known.name(), kind))?;
    let fits = match kind {
        Kind::Plmn => is_number(device),
        Kind::User => !device.is_empty(),
        Kind::Ipv4 => device.parse::<Ipv4Addr>().is_ok(),
        Kind::Ipv6 => device.parse::<Ipv6Addr>().is_ok(),
    };
    let is_clean = !value.contains(|c: char| c.is_whitespace() || c.is_control());
    (fits && is_clean).then_some(AddressValue {
        device,
        kind,
        gateway,
    })
}

/// A telephone number: digits, with separators between them.
fn is_number(device: &str) -> bool {
    let digits = device.strip_prefix('+').unwrap_or(device);
    digits.contains(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_its_digits() {
        for text in ["+1 555-0100", "0015550100", "15550100", "+1.555.0100"] {
            assert_eq!(digits(text), "15550100", "{text}");
        }
        assert_eq!(digits("nobody"), "");
    }
}
