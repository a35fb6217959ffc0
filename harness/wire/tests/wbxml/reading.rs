//! Tokens to trees: what each construct means, and what is noted of each fault.

use assay_wire::wbxml::{self, PublicId, Style};
use assay_wire::{Limits, Span};
use rstest::rstest;

use crate::common::{octets, outline};

/// A server's closing message: the vector of 127 octets that has a known digest.
const MINIMAL: &str = "
    02a4016a006d6c7103312e3200017203444d2f312e32000165033100015b033200016e5703494d45493a3439
    3330303531303035393238303000010167570368747470733a2f2f646d2e6578616d706c652f646d00010101
    6b694b033100015c033200014c033000014a0353796e6348647200014f03323030000101120101";

fn minimal() -> Vec<u8> {
    octets(MINIMAL)
}

/// Reads a body behind the usual header of 1.2 and tells its tree and the kinds of its notes.
fn body(text: &str) -> (String, Vec<&'static str>) {
    read(&format!("02 A401 6A 00 {text}"))
}

fn read(text: &str) -> (String, Vec<&'static str>) {
    let bytes = octets(text);
    let (tree, _, notes) = wbxml::read(&bytes, &Limits::TARGET).expect("a tree");
    for note in &notes {
        assert!(
            wbxml::KINDS.iter().any(|row| row.0 == note.kind),
            "{} is listed",
            note.kind
        );
        assert!(note.span.end() <= bytes.len(), "{note:?} lies inside");
    }
    (outline(&tree), notes.iter().map(|note| note.kind).collect())
}

#[test]
fn the_minimal_message_reads_and_is_written_to_the_same_octets() {
    let bytes = minimal();
    assert_eq!(bytes.len(), 127);
    let (tree, header, notes) = wbxml::read(&bytes, &Limits::TARGET).expect("a tree");
    assert_eq!(notes, []);
    assert_eq!(header.public_id, PublicId::Number(0x1201));
    assert_eq!((header.version, header.charset), (2, 106));
    assert_eq!(
        (header.table, header.span),
        (Span::new(5, 5), Span::new(0, 5))
    );
    assert_eq!(
        outline(&tree),
        "SYNCML1.2:SyncML{SyncHdr{VerDTD{\"1.2\"} VerProto{\"DM/1.2\"} SessionID{\"1\"} \
         MsgID{\"2\"} Target{LocURI{\"IMEI:493005100592800\"}} \
         Source{LocURI{\"https://dm.example/dm\"}}} SyncBody{Status{CmdID{\"1\"} MsgRef{\"2\"} \
         CmdRef{\"0\"} Cmd{\"SyncHdr\"} Data{\"200\"}} Final}}"
    );
    assert_eq!(
        wbxml::write(&tree, &Style::default()).expect("writable"),
        bytes
    );
}

#[test]
fn spans_cover_tokens_and_elements() {
    let bytes = minimal();
    let (tree, ..) = wbxml::read(&bytes, &Limits::TARGET).expect("a tree");
    let root = tree.root().expect("a root");
    assert_eq!(tree.span(root), Span::new(5, 127));
    let version = tree.find(root, "SyncHdr/VerDTD").expect("VerDTD");
    assert_eq!(tree.span(version).of(&bytes), b"\x71\x031.2\0\x01");
    assert_eq!(tree.inner_span(version).of(&bytes), b"\x031.2\0");
    let last = tree.find(root, "SyncBody/Final").expect("Final");
    assert_eq!(tree.span(last).of(&bytes), b"\x12");
}

#[rstest]
#[case::element_without_content("2D", "SYNCML1.2:SyncML")]
#[case::element_with_content_but_empty("6D 01", "SYNCML1.2:SyncML")]
#[case::inline_string("6D 03 \"a\" 00 01", "SYNCML1.2:SyncML{\"a\"}")]
#[case::empty_inline_string("6D 03 00 01", "SYNCML1.2:SyncML")]
#[case::opaque_text("6D C3 02 \"ab\" 01", "SYNCML1.2:SyncML{O\"ab\"}")]
#[case::opaque_octets("6D C3 02 FF 00 01", "SYNCML1.2:SyncML{<FF00>}")]
#[case::entity("6D 02 84 F6 00 01", "SYNCML1.2:SyncML{R\"\u{13B00}\"}")]
#[case::instruction("43 04 00 03 \"b\" 00 01 6D 01", "?a b? SYNCML1.2:SyncML")]
#[case::switch_and_back(
    "6D 5A 00 01 47 03 \"b64\" 00 01 01 00 00 4F 03 \"x\" 00 01 01",
    "SYNCML1.2:SyncML{Meta{metinf:Format{\"b64\"}} Data{\"x\"}}"
)]
#[case::ddf_inside_data(
    "6D 4F 00 02 60 77 03 \"1.2\" 00 01 01 01 01",
    "SYNCML1.2:SyncML{Data{dmddf1.2:MgmtTree{VerDTD{\"1.2\"}}}}"
)]
#[case::redundant_switch("00 00 6D 00 00 01", "SYNCML1.2:SyncML")]
fn a_construct_reads_without_a_note(#[case] text: &str, #[case] expected: &str) {
    let (tree, notes) = if text.starts_with("43") {
        read(&format!("02 A401 6A 02 \"a\" 00 {text}"))
    } else {
        body(text)
    };
    assert_eq!((tree.as_str(), notes.as_slice()), (expected, &[][..]));
}

#[rstest]
#[case::table_reference("02 A401 6A 04 \"one\" 00 6D 83 00 01", "SYNCML1.2:SyncML{T\"one\"}")]
#[case::literal("02 A401 6A 04 \"One\" 00 6D 04 00 01", "SYNCML1.2:SyncML{One}")]
#[case::literal_with_content(
    "02 A401 6A 04 \"One\" 00 6D 44 00 03 \"x\" 00 01 01",
    "SYNCML1.2:SyncML{One{\"x\"}}"
)]
#[case::literal_with_attribute(
    "02 A401 6A 06 \"One\" 00 \"a\" 00 6D 84 00 04 04 03 \"b\" 00 02 26 01 01",
    "SYNCML1.2:SyncML{One[a=b&]}"
)]
#[case::literal_with_both(
    "02 A401 6A 06 \"One\" 00 \"a\" 00 6D C4 00 04 04 83 00 01 83 00 01 01",
    "SYNCML1.2:SyncML{One[a=One]{T\"One\"}}"
)]
#[case::literal_in_a_foreign_namespace(
    "02 A401 6A 0A \"One\" 00 \"xmlns\" 00 6D 84 00 04 04 03 \"urn:x\" 00 01 01",
    "SYNCML1.2:SyncML{x:One}"
)]
#[case::version_1_1("01 9F53 6A 00 2D", "SYNCML1.1:SyncML")]
#[case::version_1_3("03 9F51 6A 00 2D", "SYNCML1.0:SyncML")]
#[case::public_id_in_the_table(
    "02 00 00 6A 1E \"-//SYNCML//DTD SyncML 1.1//EN\" 00 2D",
    "SYNCML1.1:SyncML"
)]
#[case::public_id_behind_another_string(
    "02 00 02 6A 20 \"x\" 00 \"-//oma//dtd syncml 1.2//en\" 00 00 00 00 2D",
    "SYNCML1.2:SyncML"
)]
#[case::device_information(
    "02 A403 6A 00 4A 65 03 \"1.2\" 00 01 1C 01",
    "devinf:DevInf{VerDTD{\"1.2\"} MaxSize}"
)]
#[case::renamed_in_a_later_version("02 9F54 6A 00 4A 1C 01", "devinf:DevInf{Size}")]
#[case::ddf_on_its_own(
    "02 00 00 6A 1B \"-//OMA//DTD-DM-DDF 1.2//EN\" 00 00 02 20",
    "dmddf1.2:MgmtTree"
)]
fn a_document_reads_without_a_note(#[case] text: &str, #[case] expected: &str) {
    let (tree, notes) = read(text);
    assert_eq!((tree.as_str(), notes.as_slice()), (expected, &[][..]));
}

#[rstest]
#[case::unknown_token("6D 3D 01", "SYNCML1.2:SyncML{token-3D}", "wbxml.unknown-token")]
#[case::unknown_page(
    "6D 00 09 05 00 00 01",
    "SYNCML1.2:SyncML{:token-05}",
    "wbxml.unknown-page wbxml.unknown-token"
)]
#[case::no_switch_back(
    "6D 5A 00 01 07 01 4F 03 \"x\" 00 01 01",
    "SYNCML1.2:SyncML{Meta{metinf:Format} metinf:Next{\"x\"}}",
    "wbxml.page-not-switched"
)]
#[case::no_switch_back_to_an_unused_code(
    "6D 5A 00 01 07 01 2B 01",
    "SYNCML1.2:SyncML{Meta{metinf:Format} metinf:token-2B}",
    "wbxml.page-not-switched"
)]
#[case::no_switch_into_meta(
    "6D 5A 07 01 01",
    "SYNCML1.2:SyncML{Meta{Archive}}",
    "wbxml.page-not-switched"
)]
#[case::trailing("2D 00 00", "SYNCML1.2:SyncML", "wbxml.trailing-bytes")]
#[case::end_too_many("6D 01 01", "SYNCML1.2:SyncML", "wbxml.trailing-bytes")]
#[case::missing_end("6D 6C", "SYNCML1.2:SyncML{SyncHdr}", "wbxml.missing-end")]
#[case::bad_utf_8("6D 03 FF 00 01", "SYNCML1.2:SyncML{\"\u{FFFD}\"}", "wbxml.bad-utf8")]
#[case::index_without_table("6D 83 00 01", "SYNCML1.2:SyncML", "wbxml.bad-string-index")]
#[case::unterminated(
    "6D 03 \"ab\"",
    "SYNCML1.2:SyncML{\"ab\"}",
    "wbxml.unterminated-string wbxml.missing-end"
)]
#[case::opaque_too_long(
    "6D C3 05 \"ab\"",
    "SYNCML1.2:SyncML{O\"ab\"}",
    "wbxml.cut-short wbxml.missing-end"
)]
#[case::cut_in_an_operand(
    "6D 02 84",
    "SYNCML1.2:SyncML{R\"\u{FFFD}\"}",
    "wbxml.cut-short wbxml.bad-entity wbxml.missing-end"
)]
#[case::padded_integer(
    "6D C3 80 01 \"a\" 01",
    "SYNCML1.2:SyncML{O\"a\"}",
    "wbxml.overlong-mb-int"
)]
#[case::wide_integer(
    "6D C3 9F FF FF FF 7F \"a\" 01",
    "SYNCML1.2:SyncML{O\"a\\u{1}\"}",
    "wbxml.bad-mb-int wbxml.cut-short wbxml.missing-end"
)]
#[case::bad_entity(
    "6D 02 83 B0 00 01",
    "SYNCML1.2:SyncML{R\"\u{FFFD}\"}",
    "wbxml.bad-entity"
)]
#[case::attribute_token(
    "AD 05 03 \"a\" 00 01",
    "SYNCML1.2:SyncML[attribute-05=a]",
    "wbxml.unknown-attribute"
)]
#[case::value_without_attribute("AD 03 \"a\" 00 01", "SYNCML1.2:SyncML", "wbxml.bad-attribute")]
#[case::value_token(
    "AD 05 85 01",
    "SYNCML1.2:SyncML[attribute-05=]",
    "wbxml.unknown-attribute wbxml.unknown-attribute"
)]
#[case::cut_in_attributes(
    "AD 05",
    "SYNCML1.2:SyncML[attribute-05=]",
    "wbxml.unknown-attribute wbxml.missing-end"
)]
#[case::extension_inline("6D 40 \"a\" 00 01", "SYNCML1.2:SyncML{\"a\"}", "wbxml.extension")]
#[case::extension("6D C0 01", "SYNCML1.2:SyncML", "wbxml.extension")]
#[case::text_before_the_root("03 \"a\" 00 2D", "SYNCML1.2:SyncML", "wbxml.outside-root")]
#[case::end_before_the_root("01 2D", "SYNCML1.2:SyncML", "wbxml.outside-root")]
fn a_fault_is_noted_and_read_past(#[case] text: &str, #[case] tree: &str, #[case] kinds: &str) {
    let (found, notes) = body(text);
    assert_eq!((found.as_str(), notes.join(" ").as_str()), (tree, kinds));
}

#[rstest]
#[case::version_1_4("04 A401 6A 00 2D", "wbxml.bad-version")]
#[case::version_1_0_without_charset("00 A401 00 2D", "wbxml.bad-version")]
#[case::version_1_0_with_charset("00 A401 6A 00 2D", "wbxml.bad-version")]
#[case::unknown_public_id("02 01 6A 00 2D", "wbxml.unknown-public-id")]
#[case::charset("02 A401 04 00 2D", "wbxml.bad-charset")]
#[case::public_id_without_nul(
    "02 00 00 6A 1D \"-//SYNCML//DTD SyncML 1.2//EN\" 2D",
    "wbxml.unterminated-public-id"
)]
#[case::public_id_outside_the_table(
    "02 00 05 6A 00 2D",
    "wbxml.bad-string-index wbxml.unknown-public-id"
)]
#[case::index_into_a_string("02 A401 6A 04 \"one\" 00 6D 83 01 01", "wbxml.mid-string-index")]
#[case::table_without_nul("02 A401 6A 03 \"one\" 6D 83 00 01", "wbxml.unterminated-string")]
#[case::index_behind_the_table("02 A401 6A 04 \"one\" 00 6D 83 04 01", "wbxml.bad-string-index")]
#[case::too_new_by_public_id("02 9F53 6A 00 6D 3C 01", "wbxml.token-too-new")]
#[case::too_new_by_verdtd(
    "02 A401 6A 00 6D 6C 71 03 \"1.1\" 00 01 01 3C 01",
    "wbxml.token-too-new"
)]
#[case::verdtd_stands_over_the_public_id("02 9F53 6A 00 6D 6C 71 03 \"1.2\" 00 01 01 3C 01", "")]
#[case::utf_8_called_latin_1("02 A401 04 00 6D 03 C3 BC 00 01", "wbxml.bad-charset wbxml.bad-utf8")]
#[case::latin_1("02 A401 04 00 6D 03 FC 00 01", "wbxml.bad-charset")]
fn a_fault_of_the_header_or_the_table_is_noted(#[case] text: &str, #[case] kinds: &str) {
    assert_eq!(read(text).1.join(" "), kinds);
}

#[rstest]
#[case::nothing("", "wbxml.cut-short")]
#[case::version_only("02", "wbxml.cut-short")]
#[case::cut_in_public_id("02 A4", "wbxml.cut-short")]
#[case::no_charset("02 A401", "wbxml.cut-short")]
#[case::no_table("02 A401 6A", "wbxml.cut-short")]
#[case::table_too_long("02 A401 6A 05 00", "wbxml.cut-short")]
#[case::no_body("02 A401 6A 00", "wbxml.no-root")]
#[case::only_text("02 A401 6A 00 03 \"a\" 00", "wbxml.no-root")]
fn without_a_root_there_is_no_tree(#[case] text: &str, #[case] kind: &str) {
    let refused = wbxml::read(&octets(text), &Limits::TARGET).map(|_| ());
    assert_eq!(refused.expect_err("refused").kind, kind);
}

#[test]
fn limits_end_reading() {
    let small = Limits {
        bytes: 200,
        depth: 4,
        attributes: 2,
        nodes: 8,
        notes: 3,
    };
    let refused = |body: &str| {
        let bytes = octets(&format!("02 A401 6A 28 {} 00 {body}", "61".repeat(39)));
        wbxml::read(&bytes, &small)
            .map(|(.., notes)| notes.len())
            .map_err(|refused| refused.text)
    };
    let told = |result: Result<usize, String>| result.expect_err("beyond a limit");
    assert!(told(refused(&"6D".repeat(5))).contains("4 levels"));
    assert!(told(refused(&format!("6D {} 01", "12".repeat(9)))).contains("8 elements"));
    assert!(told(refused("AD 04 00 04 00 04 00 01")).contains("2 attributes"));
    assert!(told(refused(&format!("6D {}", "83 00".repeat(6)))).contains("expand"));
    assert!(told(refused(&"00 00".repeat(120))).contains("200 are read"));
    assert_eq!(refused(&format!("6D {} 01", "C0".repeat(20))), Ok(3));
}

#[test]
fn a_hundred_thousand_levels_neither_overflow_nor_hang() {
    let mut bytes = octets("02 A401 6A 00");
    bytes.extend(std::iter::repeat_n(0x6D, 100_000));
    let limits = Limits {
        depth: usize::MAX,
        nodes: usize::MAX,
        ..Limits::TARGET
    };
    let (tree, _, notes) = wbxml::read(&bytes, &limits).expect("a tree");
    assert_eq!((tree.len(), notes[0].kind), (100_000, "wbxml.missing-end"));
    let written = wbxml::write(&tree, &Style::default()).expect("writable");
    assert_eq!(written.len(), 4 + 1 + 2 * 100_000 - 1);
}

#[test]
fn a_fault_cannot_hide_behind_many_freedoms() {
    let freedoms = "C3 80 01 \"a\" ".repeat(100);
    let (_, kinds) = body(&format!("6D {freedoms} 3D 01"));
    assert_eq!(kinds, ["wbxml.overlong-mb-int", "wbxml.unknown-token"]);
}
