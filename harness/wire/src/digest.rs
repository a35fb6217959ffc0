//! The digests and credentials of OMA DM and client provisioning, as plain arithmetic.
//!
//! Whose secret goes in, which nonce, and what a wrong value means is decided elsewhere.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha1::Sha1;

/// Base64 with padding, as `Format` `b64` has it.
pub fn b64(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}

/// The octets that a base64 text stands for; white space around and inside it is skipped.
pub fn unb64(text: &str) -> Option<Vec<u8>> {
    let tight: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(tight).ok()
}

/// The credential of `syncml:auth-basic`: `B64(user:password)` (OMA-TS-DM_Protocol 9.4.1).
pub fn basic(user: &str, password: &str) -> String {
    b64(format!("{user}:{password}").as_bytes())
}

/// The credential of `syncml:auth-md5`: `B64(MD5(B64(MD5(user:password)):nonce))`, the nonce as
/// the octets behind its base64 text (OMA-TS-DM_Security 5.3.2).
pub fn md5_cred(user: &str, password: &str, nonce: &[u8]) -> String {
    b64(&md5(&[
        shared_secret(user, password).as_bytes(),
        b":",
        nonce,
    ]))
}

/// The credential of SyncML 1.0: `B64(MD5(user:password:nonce))`, wrong since SyncML 1.1.
pub fn md5_syncml10(user: &str, password: &str, nonce: &[u8]) -> String {
    b64(&md5(&[
        user.as_bytes(),
        b":",
        password.as_bytes(),
        b":",
        nonce,
    ]))
}

/// The `mac` of `x-syncml-hmac`: `B64(MD5(B64(MD5(user:password)):nonce:B64(MD5(body))))`
/// (OMA-TS-DM_Security 5.4.2). The trigger of package 0 is digested in the same way.
pub fn mac(user: &str, password: &str, nonce: &[u8], body: &[u8]) -> String {
    b64(&md5(&[
        shared_secret(user, password).as_bytes(),
        b":",
        nonce,
        b":",
        b64(&md5(&[body])).as_bytes(),
    ]))
}

/// HMAC-SHA1 (RFC 2104), the MAC of a bootstrap message.
pub fn hmac_sha1(key: &[u8], body: &[u8]) -> [u8; 20] {
    // A key of HMAC may have any length, so that this never falls through.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else {
        return [0; 20];
    };
    mac.update(body);
    mac.finalize().into_bytes().into()
}

/// `B64(MD5(user:password))`: what a server may keep instead of the password.
pub fn shared_secret(user: &str, password: &str) -> String {
    b64(&md5(&[user.as_bytes(), b":", password.as_bytes()]))
}

fn md5(parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = Md5::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const USER: &str = "Bruce2";
    const PASSWORD: &str = "OhBehave";
    const WIRE_NONCE: &str = "LG3iZQhhdmKNHg==";
    /// The message of `vectors/dm/wbxml/minimal-close.hex`.
    const CLOSE: &str = "02a4016a006d6c7103312e3200017203444d2f312e32000165033100015b033200016e5703494d45493a34393330303531303035393238303000010167570368747470733a2f2f646d2e6578616d706c652f646d000101016b694b033100015c033200014c033000014a0353796e6348647200014f03323030000101120101";

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len() / 2)
            .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
            .collect()
    }

    fn in_hex(octets: &[u8]) -> String {
        use std::fmt::Write;
        octets.iter().fold(String::new(), |mut text, octet| {
            let _ = write!(text, "{octet:02x}");
            text
        })
    }

    fn nonce() -> Vec<u8> {
        unb64(WIRE_NONCE).unwrap()
    }

    #[test]
    fn base64_of_a_nonce_is_undone() {
        assert_eq!(in_hex(&nonce()), "2c6de265086176628d1e");
        assert_eq!(
            unb64(" LG3i\r\nZQhh dmKNHg==").as_deref(),
            Some(&nonce()[..])
        );
        assert_eq!(unb64("LG3i*"), None);
    }

    #[test]
    fn basic_is_the_value_of_the_standard() {
        assert_eq!(basic(USER, PASSWORD), "QnJ1Y2UyOk9oQmVoYXZl");
        assert_eq!(shared_secret(USER, PASSWORD), "PtEdr8lBQ45IbT1bZIkrOQ==");
    }

    #[rstest]
    #[case::of_the_standard(USER, PASSWORD, b"Nonce".to_vec(), "Zz6EivR3yeaaENcRN6lpAQ==")]
    #[case::over_base64_text(USER, PASSWORD, b64(b"Nonce").into_bytes(), "CmO/kTaDnxgwUdBvdtRh4A==")]
    #[case::wire_nonce(USER, PASSWORD, nonce(), "LAK2i25Fh0nxxGGaAzRRpg==")]
    #[case::wire_nonce_as_text(USER, PASSWORD, WIRE_NONCE.into(), "kpKgquN4uuyvg2Io01gZ5A==")]
    #[case::empty_nonce(USER, PASSWORD, Vec::new(), "lEf25jyjHbCcTbj4p/1pUw==")]
    #[case::of_the_server("srvid", "srvpwd", nonce(), "6HU3xnabXMvYwzWmMhbmBg==")]
    fn md5_credentials_are_golden(
        #[case] user: &str,
        #[case] password: &str,
        #[case] nonce: Vec<u8>,
        #[case] golden: &str,
    ) {
        assert_eq!(md5_cred(user, password, &nonce), golden);
    }

    #[test]
    fn the_formula_of_syncml_1_0_gives_another_value() {
        assert_eq!(
            md5_syncml10(USER, PASSWORD, b"Nonce"),
            "UmkqAAZhiQvXXhfaf/u+OQ=="
        );
    }

    #[test]
    fn macs_are_golden() {
        assert_eq!(
            mac(USER, PASSWORD, b"Nonce", b"<SyncML/>"),
            "urdCeS3JUmjFgi8SX3webw=="
        );
        let close = hex(CLOSE);
        assert_eq!(close.len(), 127);
        assert_eq!(
            mac(USER, PASSWORD, &nonce(), &close),
            "xfM/+ibg6kDTydLaSaiCPA=="
        );
    }

    #[test]
    fn hmac_sha1_of_a_bootstrap_is_golden() {
        assert_eq!(
            in_hex(&hmac_sha1(b"1234", &hex(CLOSE))),
            "0ccb48959994115668c183226b7acbcb932ac522"
        );
    }

    #[rstest]
    #[case::nonce(nonce(), "b775e5809dec20fdff4222b7bf13259b")]
    #[case::four_zero_octets(vec![0; 4], "7e68d6fc8b1b07b89be249c01490e969")]
    #[case::ascii_zero(b"0x00000000".to_vec(), "968e7ce67bb4d624dcdc7ed3cabe1f53")]
    fn the_digest_of_package_0_is_the_octets_of_a_mac(
        #[case] nonce: Vec<u8>,
        #[case] golden: &str,
    ) {
        let trigger = hex("02d800000012341263 6f6d2e6d676d747372762e6d616e616765"
            .replace(' ', "")
            .as_str());
        let digest = unb64(&mac("com.mgmtsrv.manage", "srvpwd", &nonce, &trigger)).unwrap();
        assert_eq!(in_hex(&digest), golden);
    }
}
