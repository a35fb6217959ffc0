//! Signs a push: which key, over what, and what the user is told.
//!
//! How the result stands in the content type is the business of `push`.

use assay_wire::digest::hmac_sha1;
use assay_wire::mac::{self, Method, NoKey, Secrets};

use super::content::Written;
use crate::hex;
use crate::switch::Switches;

/// The fewest digits of the half of a PIN that is a key.
const HALF: usize = 5;

/// What protects a push.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Protection {
    /// The number for `SEC`.
    pub(crate) sec: Option<u8>,
    /// The text for `MAC`.
    pub(crate) mac: Option<String>,
    /// What the user is to be told: the PIN with its check digits.
    pub(crate) told: Option<String>,
}

/// Protects a document with a method.
///
/// # Errors
/// Where a secret is missing.
pub(crate) fn protect(
    method: Method,
    imsi: Option<&str>,
    pin: Option<&str>,
    written: &Written,
    switches: &Switches,
) -> Result<Protection, NoKey> {
    let sec = Some(method.code());
    let over: &[u8] = match () {
        () if switches.on("mac-over-text") => &written.text,
        () if switches.on("mac-over-one-octet-less") => {
            let body = &written.binary;
            &body[..body.len().saturating_sub(1)]
        }
        () => &written.binary,
    };
    let mut pdu = Vec::new();
    let over = if switches.on("mac-over-pdu") {
        // The PDU as it would be without a MAC.
        pdu.extend_from_slice(&[0x01, 0x06, 0x04, 0x03, 0xB6, 0x91, 0x80 | method.code()]);
        pdu.extend_from_slice(over);
        &pdu
    } else {
        over
    };
    if method == Method::UserPinMac {
        return Ok(with_check_digits(pin.ok_or(NoKey::NoPin)?, over, switches));
    }
    let key = key(method, imsi, pin, switches)?;
    let digits = hex::upper(&hmac_sha1(&key, over));
    Ok(Protection {
        sec,
        mac: Some(digits),
        told: None,
    })
}

fn key(
    method: Method,
    imsi: Option<&str>,
    pin: Option<&str>,
    switches: &Switches,
) -> Result<Vec<u8>, NoKey> {
    let right = mac::key(method, &Secrets { imsi, pin })?;
    let Some(imsi) = imsi.filter(|_| method != Method::UserPin) else {
        return Ok(right);
    };
    let pin = match method {
        Method::UserNetwPin => pin.unwrap_or_default().as_bytes(),
        _ => &[],
    };
    let network = match () {
        () if switches.on("imsi-key-as-text") => Some(imsi.as_bytes().to_vec()),
        () if switches.on("imsi-key-filled-with-zero") => mac::imsi_key_filled(imsi, 0),
        () => mac::imsi_key(imsi),
    };
    let network = network.ok_or(NoKey::BadImsi)?;
    Ok(if switches.on("pin-before-imsi") {
        [pin, &network].concat()
    } else {
        [&network, pin].concat()
    })
}

/// USERPINMAC: the check is in the PIN, and there is no MAC.
fn with_check_digits(pin: &str, over: &[u8], switches: &Switches) -> Protection {
    let half = format!("{pin:0<HALF$}");
    let mut told = mac::pin_with_check(&half, over);
    if switches.on("pin-check-digits-wrong") {
        // The right digits, each one more.
        let check = told.split_off(half.len());
        let wrong = check
            .bytes()
            .map(|digit| char::from(b'0' + (digit - b'0' + 1) % 10));
        told.extend(wrong);
    }
    if switches.on("pin-halves-unequal") {
        told.pop();
    }
    let slip = switches.on("pin-mac-as-user-pin");
    let mac = slip.then(|| hex::upper(&hmac_sha1(half.as_bytes(), over)));
    Protection {
        sec: Some(Method::UserPinMac.code()),
        mac,
        told: Some(told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const B1: [u8; 6] = [0x03, 0x0B, 0x6A, 0x00, 0x45, 0x01];

    fn protected(method: Method, pin: &str, faults: &[&str]) -> Protection {
        let written = Written {
            binary: B1.to_vec(),
            text: b"<wap-provisioningdoc/>".to_vec(),
        };
        let switches = Switches::new(faults, &[]).expect("known faults");
        let imsi = Some("00101012345678");
        protect(method, imsi, Some(pin), &written, &switches).expect("a key")
    }

    #[test]
    fn the_macs_are_those_of_the_known_vectors() {
        let mac = |method| protected(method, "1234", &[]).mac.expect("a MAC");
        assert_eq!(
            mac(Method::NetwPin),
            "5B354716B960CAEA0219BADA337195ECE5839C9B"
        );
        assert_eq!(
            mac(Method::UserPin),
            "6CD48BFD7FFC33183154734DF4434DA694E25E6A"
        );
        assert_eq!(
            mac(Method::UserNetwPin),
            "BEEA31B0DA30D45F061EDBA15AC0897CE853F235"
        );
        let told = protected(Method::UserPinMac, "12345", &[]);
        assert_eq!(told.told.as_deref(), Some("1234528080"));
        assert_eq!((told.sec, told.mac), (Some(3), None));
    }

    #[test]
    fn each_fault_gives_another_mac() {
        let right = protected(Method::UserNetwPin, "1234", &[]);
        for fault in [
            "mac-over-text",
            "mac-over-pdu",
            "mac-over-one-octet-less",
            "imsi-key-as-text",
            "imsi-key-filled-with-zero",
            "pin-before-imsi",
        ] {
            let wrong = protected(Method::UserNetwPin, "1234", &[fault]);
            assert_ne!(wrong.mac, right.mac, "{fault}");
        }
        for fault in [
            "pin-check-digits-wrong",
            "pin-halves-unequal",
            "pin-mac-as-user-pin",
        ] {
            let (wrong, right) = (
                protected(Method::UserPinMac, "1234", &[fault]),
                protected(Method::UserPinMac, "1234", &[]),
            );
            assert_ne!(wrong, right, "{fault}");
        }
    }
}
