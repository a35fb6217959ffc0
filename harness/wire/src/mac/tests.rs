//! The golden MACs: two of other people's implementations, the rest computed.

use rstest::rstest;

use super::*;

/// The smallest document.
const B1: &str = "030B6A004501";
/// A document with an access point and a DM account.
const B2: &str = "030B6A00C54503312E310001C65501871106034E310001871006AB01870706034E657400018708060361706E2E6578616D706C650001870906890101C600015501873600000603773700018700013800000603646D2E6578616D706C650001872206034E310001870503494E49540001C60001560187340000060368747470733A2F2F646D2E6578616D706C652F646D0001C653018723060334343300010101C600015701873000000603434C49454E5400018700013300000600019301873200000603730001010101";
const ODD: &str = "001010123456789";
const EVEN: &str = "00101012345678";

fn octets(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("hex"))
        .collect()
}

fn secrets<'a>(imsi: &'a str, pin: &'a str) -> Secrets<'a> {
    Secrets {
        imsi: Some(imsi),
        pin: Some(pin),
    }
}

#[rstest]
#[case::fifteen_digits(ODD, "0910101032547698")]
#[case::fourteen_digits(EVEN, "01101010325476F8")]
#[case::of_gecko("466923103145252", "4966291330412525")]
#[case::one_digit("1", "19")]
fn an_imsi_becomes_semi_octets(#[case] imsi: &str, #[case] key: &str) {
    assert_eq!(imsi_key(imsi).map(|key| hex(&key)), Some(key.to_owned()));
}

#[rstest]
#[case("")]
#[case("0010101234567890")]
#[case("00101A")]
#[case("٣٣٣")]
fn what_is_no_imsi_has_no_key(#[case] imsi: &str) {
    assert_eq!(imsi_key(imsi), None);
    let secrets = secrets(imsi, "1234");
    assert_eq!(mac(Method::NetwPin, &secrets, b""), Err(NoKey::BadImsi));
}

#[rstest]
#[case::t1_of_gecko(
    B1,
    Method::NetwPin,
    "466923103145252",
    "1AF545FE2823DC9347064450F90FF1BBF957E146"
)]
#[case::t3(B1, Method::NetwPin, ODD, "DC2F6C9FBEBC5610A87291727F52643251FDACC4")]
#[case::t4(B1, Method::NetwPin, EVEN, "5B354716B960CAEA0219BADA337195ECE5839C9B")]
#[case::t5(
    B1,
    Method::UserNetwPin,
    ODD,
    "D69F9EF86F8B14D5B61716445EDD6EFF7B82D26F"
)]
#[case::t6(
    B1,
    Method::UserNetwPin,
    EVEN,
    "BEEA31B0DA30D45F061EDBA15AC0897CE853F235"
)]
#[case::t7(B1, Method::UserPin, ODD, "6CD48BFD7FFC33183154734DF4434DA694E25E6A")]
#[case::t10(B2, Method::NetwPin, ODD, "8993694B303C378F6969EC61A2AE5010DD95D538")]
#[case::t11(B2, Method::NetwPin, EVEN, "CCE44B15E2690A9B4A7C0B0573C5FEAB0EB8D23C")]
#[case::t12(B2, Method::UserPin, ODD, "C3989C73EA5F04AE7F8E85F5E2FC3C4CF838D5A4")]
#[case::t13(
    B2,
    Method::UserNetwPin,
    ODD,
    "FBB199E4AB14E5937C09A166CA29CC6A44A00079"
)]
#[case::t14(
    B2,
    Method::UserNetwPin,
    EVEN,
    "BD38E890B49AACE3F5122A46A6E42A068410F23F"
)]
fn macs_are_golden(
    #[case] body: &str,
    #[case] method: Method,
    #[case] imsi: &str,
    #[case] golden: &str,
) {
    let body = octets(body);
    let secrets = secrets(imsi, "1234");
    assert_eq!(mac(method, &secrets, &body).as_deref(), Ok(golden));
    assert_eq!(
        verify(method, &secrets, &body, &golden.to_lowercase()),
        Ok(true)
    );
    assert_eq!(verify(method, &secrets, &body[1..], golden), Ok(false));
}

#[rstest]
#[case::t8(B1, "12345", "1234528080")]
#[case::of_zeros(B1, "00000", "0000091455")]
#[case::t9(B1, "98765432", "9876543204826652")]
#[case::t15(B2, "12345", "1234545205")]
#[case::longer_of_zeros(B2, "00000", "0000010206")]
#[case::longer_of_eight(B2, "98765432", "9876543257209737")]
fn check_digits_are_golden(#[case] body: &str, #[case] key: &str, #[case] pin: &str) {
    let body = octets(body);
    assert_eq!(pin_with_check(key, &body), pin);
    assert!(verify_pin(pin, &body));
    assert!(!verify_pin(pin, &body[1..]));
}

#[rstest]
#[case("")]
#[case("123")]
#[case("12a4")]
#[case("1\u{e9}2")]
fn a_pin_that_has_no_halves_checks_nothing(#[case] pin: &str) {
    assert!(!verify_pin(pin, b"body"));
}

#[test]
fn a_method_is_found_by_number_and_by_name() {
    for method in Method::ALL {
        assert_eq!(Method::of(u64::from(method.code())), Some(method));
        assert_eq!(Method::named(&method.name().to_lowercase()), Some(method));
        assert_eq!(Method::named(&method.code().to_string()), Some(method));
    }
    assert_eq!((Method::of(4), Method::named("PIN")), (None, None));
}

#[test]
fn known_mistakes_are_told_apart() {
    let (body, pdu) = (octets(B1), octets("0006B6030B6A004501"));
    let secrets = secrets(EVEN, "1234");
    let found = |method, key: &[u8], over: &[u8]| {
        explain(method, &secrets, &pdu, &body, &hex(&hmac_sha1(key, over)))
    };
    let key = imsi_key(EVEN).expect("digits");
    let zeros = imsi_key_filled(EVEN, 0).expect("digits");
    let both = [b"1234", &key[..]].concat();
    assert_eq!(
        found(Method::NetwPin, EVEN.as_bytes(), &body),
        Some(Slip::ImsiAsText)
    );
    assert_eq!(
        found(Method::NetwPin, &zeros, &body),
        Some(Slip::ImsiFilledWithZero)
    );
    assert_eq!(
        found(Method::UserNetwPin, &both, &body),
        Some(Slip::PinFirst)
    );
    assert_eq!(
        found(Method::UserPinMac, b"1234", &body),
        Some(Slip::AsUserPin)
    );
    assert_eq!(found(Method::UserPin, b"1234", &pdu), Some(Slip::OverPdu));
    assert_eq!(
        found(Method::UserPin, b"1234", &body[..5]),
        Some(Slip::OverOneOctetMore)
    );
    let netw = Some(Slip::OtherMethod(Method::NetwPin));
    assert_eq!(found(Method::UserPin, &key, &body), netw);
    assert_eq!(found(Method::UserPin, b"4321", &body), None);
}
