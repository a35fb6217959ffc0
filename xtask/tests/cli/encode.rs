//! `encode`: what it writes is what `decode` reads, with the MAC that was asked for.

use std::path::PathBuf;

use rstest::rstest;

use crate::tool::xtask;

const DOCUMENT: &str = "<wap-provisioningdoc></wap-provisioningdoc>";
const LONG: &str = "<wap-provisioningdoc version=\"1.1\">
  <characteristic type=\"NAPDEF\"><parm name=\"NAME\" value=\"FILLER\"/></characteristic>
</wap-provisioningdoc>";

/// A scratch file of this name and text.
fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("the scratch directory takes files");
    path
}

fn shown(path: &std::path::Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn a_push_is_written_with_the_mac_that_was_asked_for() {
    let document = file("encode-signed.xml", DOCUMENT);
    let ran = xtask(&[
        "encode",
        shown(&document),
        "--sec",
        "netwpin",
        "--imsi",
        "001010123456789",
    ]);
    assert_eq!(ran.code, Some(0), "{ran}");
    // The empty root stands without content, so that the octets are those of no vector.
    assert!(
        ran.out
            .contains("# Content-Type application/vnd.wap.connectivity-wbxml"),
        "{ran}"
    );
    assert!(ran.out.contains("#   SEC 0"), "{ran}");
    assert!(ran.out.contains("#   MAC text \""), "{ran}");
}

#[test]
fn short_messages_are_written_and_decoded() {
    let document = file("encode-long.xml", &LONG.replace("FILLER", &"x".repeat(200)));
    let ran = xtask(&["encode", shown(&document), "--as", "sms"]);
    assert!(ran.out.contains("# 1 of 2, 140 octets"), "{ran}");
    assert!(ran.out.contains("# 2 of 2,"), "{ran}");

    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("encode-push.bin");
    let ran = xtask(&[
        "encode",
        shown(&document),
        "--as",
        "push",
        "--out",
        shown(&out),
    ]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{ran}");
    let ran = xtask(&["decode", shown(&out)]);
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(ran.out.contains("type=\"NAPDEF\""), "{ran}");
}

#[test]
fn hex_that_is_written_is_hex_that_is_read() {
    let document = file("encode-hex.xml", DOCUMENT);
    for form in ["wbxml", "push", "sms", "tpdu", "pap", "cab"] {
        let ran = xtask(&["encode", shown(&document), "--as", form]);
        assert_eq!(ran.code, Some(0), "{ran}");
        let hex = file(&format!("encode-{form}.hex"), &ran.out);
        let ran = xtask(&["decode", shown(&hex)]);
        assert_eq!(ran.code, Some(0), "{ran}");
        // Of a package the structures are shown, and the names of its members.
        let says = if form == "cab" {
            "_setup.xml"
        } else {
            "wap-provisioningdoc"
        };
        assert!(ran.out.contains(says), "{ran}");
    }
}

#[test]
fn every_kind_of_push_is_read_again() {
    let si = "<si><indication href=\"http://www.example.com/a.cpf\" si-id=\"1\" \
              created=\"2030-01-02T03:04:00Z\">New</indication></si>";
    let sl = "<sl href=\"https://www.example.com/a.cpf\" action=\"cache\"/>";
    let package_0 = "<notification server=\"dm.example\" session=\"4660\" password=\"p\" \
                     nonce=\"bm9uY2U=\"/>";
    for (name, text, form, says) in [
        ("si", si, "push", "created"),
        ("si", si, "wbxml", "STR_I \"1\""),
        ("sl", sl, "pap", "cache"),
        ("sl", sl, "push", "action=\"cache\""),
        ("package-0", package_0, "trigger", "session"),
        ("package-0", package_0, "push", "dm.example"),
        ("package-0", package_0, "pap", "dm.example"),
        ("package-0", package_0, "tpdu", "dm.example"),
    ] {
        let document = file(&format!("encode-kind-{name}-{form}.xml"), text);
        let ran = xtask(&["encode", shown(&document), "--as", form]);
        let hex = file(&format!("encode-kind-{name}-{form}.hex"), &ran.out);
        let ran = xtask(&["decode", shown(&hex)]);
        assert_eq!(ran.code, Some(0), "{name} as {form}: {ran}");
        assert!(ran.out.contains(says), "{name} as {form}: {ran}");
    }
}

#[test]
fn the_pin_of_userpinmac_is_told() {
    let document = file("encode-pin.xml", DOCUMENT);
    let ran = xtask(&[
        "encode",
        shown(&document),
        "--sec",
        "userpinmac",
        "--mac-pin",
        "12345",
    ]);
    assert!(ran.out.starts_with("# PIN for the user: 12345"), "{ran}");
}

#[test]
fn what_cannot_be_encoded_says_why() {
    let document = file("encode-wrong.xml", DOCUMENT);
    let text = file("encode-no-xml.xml", "no XML");
    for (args, says) in [
        (
            vec!["encode", shown(&document), "--sec", "userpin"],
            "userpin needs --mac-pin",
        ),
        (
            vec!["encode", shown(&document), "--sec", "5"],
            "5 is no method",
        ),
        (vec!["encode", shown(&text)], "is no XML"),
        (
            vec!["encode", "no-such-file.xml"],
            "cannot read no-such-file.xml",
        ),
    ] {
        let ran = xtask(&args);
        assert_eq!(ran.code, Some(2), "{ran}");
        assert!(ran.err.contains(says), "{ran}");
    }
}

#[rstest]
#[case::no_push(&["--as", "wbxml", "--sec", "userpin", "--mac-pin", "1234"], "--sec protects a push")]
#[case::no_method(&["--mac-pin", "1234"], "that --sec asks for")]
#[case::no_digits(&["--sec", "userpin", "--mac-pin", "abc"], "made of digits")]
#[case::no_imsi(&["--sec", "netwpin"], "netwpin needs --imsi")]
#[case::no_pin(&["--sec", "userpin"], "userpin needs --mac-pin")]
fn what_would_not_protect_is_an_error(#[case] args: &[&str], #[case] says: &str) {
    let document = file("encode-unprotected.xml", DOCUMENT);
    let ran = xtask(&[&["encode", shown(&document)], args].concat());
    assert_eq!(ran.code, Some(2), "{ran}");
    assert!(ran.err.contains(says), "{ran}");
}
