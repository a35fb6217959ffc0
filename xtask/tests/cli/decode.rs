//! `decode` of cabinets: what it says of a signature, and its exit code.

use rstest::rstest;

use crate::tool::xtask;

#[rstest]
#[case::plain("stored", 0, "not signed")]
#[case::signed("signed", 0, "(TEST ONLY): digest right, signature right")]
#[case::changed("signed-other-octets", 1, "digest wrong, signature right")]
#[case::no_signature("signed-wrong-signature", 1, "digest right, signature wrong")]
#[case::damaged("bad-checksum", 1, "note cab.bad-checksum at byte 71")]
#[case::none("cut-in-header", 1, "no cabinet: ")]
fn a_cabinet_is_told_of(#[case] vector: &str, #[case] code: i32, #[case] says: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/cp/cab");
    let ran = xtask(&["decode", &format!("{folder}/{vector}.hex")]);
    assert_eq!(ran.code, Some(code), "{ran}");
    assert!(ran.out.contains(says), "{ran}");
    assert_eq!(
        ran.out.contains("signature \"MSCF\""),
        vector != "cut-in-header"
    );
}
