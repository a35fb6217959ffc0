//! What a dump shows: all of a sound document, and of an unsound one as far as it goes.

#[expect(dead_code, reason = "a dump needs no outline")]
mod common;

use assay_wire::{Encoding, dump};
use common::octets;
use rstest::{Context, rstest};

fn shown(bytes: &[u8], encoding: Encoding) -> String {
    let lines = dump::lines(bytes, encoding);
    assert!(
        lines.iter().all(|line| line.span.end() <= bytes.len()),
        "all inside"
    );
    dump::render(bytes, &lines)
}

#[rstest]
#[case::sound(
    "02 A401 6A 00 6D 6C 71 03 \"1.2\" 00 01 01 6B 54 5A 00 01 47 03 \"b64\" 00 01 01 00 00 \
     4F 03 \"TWFueSBvY3RldHMgaGVyZQ==\" 00 01 01 12 01 01"
)]
#[case::every_construct(
    "02 00 00 6A 2C \"-//SYNCML//DTD SyncML 1.2//EN\" 00 \"Own\" 00 \"attr\" 00 \"text\" 00 \
     43 04 22 03 \"b\" 00 01 6D C4 1E 04 22 83 27 02 26 01 C3 03 FF 00 01 83 27 01 \
     84 1E 04 22 01 4F C3 02 \"hi\" 02 84 F6 00 01 01"
)]
#[case::faults(
    "04 9F53 04 00 6D 6C 71 03 \"1.1\" 00 01 01 6B 45 3C 5A 00 01 47 01 01 4F 03 \"a\" 00 01 \
     00 07 05 00 00 3F 83 09 01 01 01 00 00"
)]
#[case::cut_in_a_string("02 A401 6A 00 6D 6C 71 03 \"1.\"")]
#[case::cut_in_the_header("02 00 00 6A 1D \"-//SYNC\"")]
#[case::no_root("02 A401 6A 00 03 \"text\" 00")]
fn wbxml_is_shown_token_by_token(#[context] case: Context, #[case] text: &str) {
    let description = case.description.expect("cases have names");
    insta::assert_snapshot!(description, shown(&octets(text), Encoding::Wbxml));
}

#[rstest]
#[case::xml_sound(
    "<?xml version=\"1.0\"?>\n<SyncML xmlns='SYNCML:SYNCML1.2'>\n  <!-- note -->\n  <SyncHdr>\
     <VerDTD>1.2</VerDTD></SyncHdr>\n  <Data>a&amp;<![CDATA[<b>]]></Data><Final/>\n</SyncML>\n"
)]
#[case::xml_unsound("<SyncML><SyncHdr></SyncML>trailing")]
#[case::xml_not_at_all("nothing of the kind")]
fn xml_is_shown_token_by_token(#[context] case: Context, #[case] text: &str) {
    let description = case.description.expect("cases have names");
    insta::assert_snapshot!(description, shown(text.as_bytes(), Encoding::Xml));
}

#[test]
fn any_bytes_can_be_shown() {
    let bytes = octets("02 A401 6A 02 \"a\" 00 6D AC 04 00 03 \"b\" 00 01 5A 00 01 47 01 01 01 01");
    for at in 0..bytes.len() {
        for value in 0..=255 {
            let mut damaged = bytes.clone();
            damaged[at] = value;
            shown(&damaged, Encoding::Wbxml);
            shown(&damaged[..at], Encoding::Wbxml);
            shown(&damaged, Encoding::Xml);
        }
    }
}
