//! WBXML of client provisioning, SI and SL byte for byte: attribute tokens, their pages, dates.

use crate::common::{octets, outline};
use assay_wire::wbxml::{
    self, Attributes, Dates, How, Pages, Place, Spelling, Starts, Strings, Style, Values,
};
use assay_wire::{Encoding, Limits, Tree, xml};
use rstest::rstest;

/// A document with an access point and a DM account, as two other encoders write it.
const B2: &str = "030B6A00C54503312E310001C65501871106034E310001871006AB01870706034E657400018708060361706E2E6578616D706C650001870906890101C600015501873600000603773700018700013800000603646D2E6578616D706C650001872206034E310001870503494E49540001C60001560187340000060368747470733A2F2F646D2E6578616D706C652F646D0001C653018723060334343300010101C600015701873000000603434C49454E5400018700013300000600019301873200000603730001010101";

const B2_XML: &str = r#"<wap-provisioningdoc version="1.1">
<characteristic type="NAPDEF"><parm name="NAPID" value="N1"/><parm name="BEARER" value="GSM-GPRS"/>
<parm name="NAME" value="Net"/><parm name="NAP-ADDRESS" value="apn.example"/>
<parm name="NAP-ADDRTYPE" value="APN"/></characteristic>
<characteristic type="APPLICATION"><parm name="APPID" value="w7"/>
<parm name="PROVIDER-ID" value="dm.example"/><parm name="TO-NAPID" value="N1"/><parm name="INIT"/>
<characteristic type="APPADDR"><parm name="ADDR" value="https://dm.example/dm"/>
<characteristic type="PORT"><parm name="PORTNBR" value="443"/></characteristic></characteristic>
<characteristic type="APPAUTH"><parm name="AAUTHLEVEL" value="CLIENT"/>
<parm name="AAUTHTYPE" value="DIGEST"/><parm name="AAUTHSECRET" value="s"/></characteristic>
</characteristic></wap-provisioningdoc>"#;

fn tree(text: &str) -> Tree<'_> {
    xml::read(text.as_bytes(), &Limits::TARGET)
        .expect("a tree")
        .0
}

/// What the decoder makes of hex digits: the outline, and the kinds of its notes.
fn read(text: &str) -> (String, Vec<&'static str>) {
    let bytes = octets(text);
    let (tree, _, notes) = wbxml::read(&bytes, &Limits::TARGET).expect("a tree");
    (outline(&tree), notes.iter().map(|note| note.kind).collect())
}

fn v1_3() -> Style {
    Style {
        version: 0x03,
        ..Style::default()
    }
}

/// The elements of a document without the space between them.
fn compact(text: &str) -> String {
    outline(&tree(&text.replace('\n', "")))
}

#[test]
fn the_golden_document_is_read_and_written() {
    assert_eq!(read(B2), (compact(B2_XML), vec![]));
    let written = wbxml::write(&tree(B2_XML), &v1_3()).expect("writable");
    assert_eq!(written, octets(B2));
}

#[rstest]
#[case::bare(Attributes { starts: Starts::Bare, ..Attributes::default() })]
#[case::literal(Attributes { starts: Starts::Literal, ..Attributes::default() })]
#[case::whole(Attributes { values: Values::Whole, ..Attributes::default() })]
#[case::never(Attributes { values: Values::Never, ..Attributes::default() })]
#[case::current(Attributes { pages: Pages::Current, ..Attributes::default() })]
#[case::microsoft(Attributes { microsoft: true, ..Attributes::default() })]
fn every_way_to_write_attributes_reads_the_same(
    #[case] attributes: Attributes,
    #[values(Strings::AsGiven, Strings::Table, Strings::Shared, Strings::Mixed)] strings: Strings,
    #[values(false, true)] redundant_switches: bool,
) {
    let style = Style {
        attributes,
        strings,
        redundant_switches,
        ..v1_3()
    };
    let written = wbxml::write(&tree(B2_XML), &style).expect("writable");
    let decoded = assay_wire::read(&written, Encoding::Wbxml, &Limits::TARGET).expect("a tree");
    assert_eq!(outline(&decoded.tree), compact(B2_XML));
    assert_eq!(decoded.notes, []);
    let other = written != octets(B2);
    assert!(other || (strings != Strings::Table && !redundant_switches));
}

#[test]
fn pages_without_a_switch_read_as_other_names() {
    let style = Style {
        attributes: Attributes {
            pages: Pages::Unswitched,
            ..Attributes::default()
        },
        ..v1_3()
    };
    let text = r#"<wap-provisioningdoc><characteristic type="APPLICATION"><parm name="APPID" value="w7"/></characteristic></wap-provisioningdoc>"#;
    let written = wbxml::write(&tree(text), &style).expect("writable");
    let (tree, ..) = wbxml::read(&written, &Limits::TARGET).expect("a tree");
    let outline = outline(&tree);
    assert!(outline.contains("[type=NAPDEF]"), "{outline}");
    assert!(outline.contains("[name=MAX-BITRATE-DNLINK]"), "{outline}");
}

#[test]
fn values_of_the_draft_of_2002_are_read_and_noted() {
    let style = Style {
        attributes: Attributes {
            old_values: true,
            ..Attributes::default()
        },
        ..v1_3()
    };
    let text = r#"<wap-provisioningdoc><parm name="AAUTHTYPE" value="HTTP-BASIC,DIGEST"/></wap-provisioningdoc>"#;
    let written = wbxml::write(&tree(text), &style).expect("writable");
    let (decoded, header, notes) = wbxml::read(&written, &Limits::TARGET).expect("a tree");
    assert_eq!(outline(&decoded), compact(text));
    let kinds: Vec<_> = notes.iter().map(|note| note.kind).collect();
    assert_eq!(
        kinds, ["wbxml.old-value-token"; 2],
        "HTTP-BASIC is a value of page 0"
    );
    let spelling = Spelling::read(&written, &header, &Limits::TARGET);
    let old = spelling
        .pieces
        .iter()
        .filter(|piece| matches!(piece.how, How::OldToken(_)));
    assert_eq!(old.count(), 2);
}

#[test]
fn how_a_value_is_written_is_told_by_its_span() {
    let bytes = octets(B2);
    let (tree, header, _) = wbxml::read(&bytes, &Limits::TARGET).expect("a tree");
    let spelling = Spelling::read(&bytes, &header, &Limits::TARGET);
    let root = tree.root().expect("a root");
    let found = tree.descend(root).find_map(|id| {
        let attributes = &tree.element(id)?.attributes;
        let is_type = attributes.first()?.value == "AAUTHTYPE";
        is_type.then_some((id, attributes))
    });
    let (id, attributes) = found.expect("the parameter");
    let element = spelling.first(tree.node(id).token).expect("its token");
    assert_eq!(
        (element.place, element.page, element.how),
        (Place::Element, 0, How::Token(7))
    );
    let name: Vec<_> = spelling
        .of(attributes[0].span)
        .iter()
        .map(|p| (p.page, p.how))
        .collect();
    assert_eq!(name, [(1, How::Token(0x33))]);
    let value: Vec<_> = spelling
        .of(attributes[1].span)
        .iter()
        .map(|p| (p.page, p.how))
        .collect();
    assert_eq!(value, [(0, How::Token(0x06)), (1, How::Token(0x93))]);
}

const SI: &str = "02056A0045C60D0378797A00850365 6D61696C2F3132332F6162632E776D6C00 0AC30719990625152315 10C30419990630 0103596F7520686176652034206E657720656D61696C73000101";
const SI_XML: &str = r#"<si><indication href="http://www.xyz.com/email/123/abc.wml" created="1999-06-25T15:23:15Z" si-expires="1999-06-30T00:00:00Z">You have 4 new emails</indication></si>"#;
const SI_2: &str = "02056A0045C60D036578616D706C65008503632F612E6370660011037331000AC306200901020304 10C3042009020108 01034869000101";
const SI_2_XML: &str = r#"<si><indication href="http://www.example.com/c/a.cpf" si-id="s1" created="2009-01-02T03:04:00Z" si-expires="2009-02-01T00:00:00Z" action="signal-high">Hi</indication></si>"#;
const SL: &str = "02066A0085060903612E6578616D706C652F782E6370660001";
const SL_XML: &str = r#"<sl action="execute-high" href="http://a.example/x.cpf"/>"#;

#[rstest]
#[case::of_the_standard(SI, SI_XML)]
#[case::with_an_id(SI_2, SI_2_XML)]
#[case::loading(SL, SL_XML)]
fn indications_are_read_and_written(#[case] hex: &str, #[case] text: &str) {
    assert_eq!(read(hex), (compact(text), vec![]));
    let written = wbxml::write(&tree(text), &Style::default()).expect("writable");
    assert_eq!(written, octets(hex));
}

#[rstest]
#[case::untrimmed(Dates::Untrimmed, &["wbxml.untrimmed-date"])]
#[case::text(Dates::Text, &["wbxml.date-as-text"; 2])]
fn dates_that_are_written_otherwise_are_noted(#[case] dates: Dates, #[case] kinds: &[&str]) {
    let attributes = Attributes {
        dates,
        ..Attributes::default()
    };
    let style = Style {
        attributes,
        ..Style::default()
    };
    let written = wbxml::write(&tree(SI_XML), &style).expect("writable");
    let (decoded, _, notes) = wbxml::read(&written, &Limits::TARGET).expect("a tree");
    assert_eq!(outline(&decoded), compact(SI_XML));
    let found: Vec<_> = notes.iter().map(|note| note.kind).collect();
    assert_eq!(found, kinds);
}

#[rstest]
#[case::microsoft_element_on_page_0("030B6A00 45 60 01 01", "wap-provisioningdoc{token-20}", &["wbxml.page-not-switched"])]
#[case::attribute_of_page_1("030B6A00 45 86 56 01 01", "wap-provisioningdoc{characteristic[type=BOOTSTRAP]}", &[])]
#[case::attribute_of_a_microsoft_page("030B6A00 45 86 7F 01 01", "wap-provisioningdoc{characteristic[attribute-7F=]}", &["wbxml.unknown-attribute"])]
#[case::value_of_page_1("030B6A00 45 87 06 8D 01 01", "wap-provisioningdoc{parm[value=]}", &["wbxml.page-not-switched"])]
#[case::unknown_value("030B6A00 45 87 06 FF 01 01", "wap-provisioningdoc{parm[value=]}", &["wbxml.unknown-attribute"])]
#[case::unknown_page("030B6A00 45 87 00 09 06 01 01", "wap-provisioningdoc{parm[attribute-06=]}", &["wbxml.unknown-page", "wbxml.page-not-switched"])]
#[case::addendum("030B6A00 45 86 00 01 5A 01 01", "wap-provisioningdoc{characteristic[type=WLAN]}", &["wbxml.addendum-token"])]
#[case::bad_date("02056A00 45 86 0A C3 03 199906 01 01", "si{indication[created=1999-06-00T00:00:00Z]}", &["wbxml.bad-date"])]
#[case::microsoft_element("030B6A00 45 00 C8 20 01", "wap-provisioningdoc{characteristic-query}", &[])]
#[case::microsoft_attribute("030B6A00 45 86 00 C9 07 01 01", "wap-provisioningdoc{characteristic[type=Registry]}", &[])]
#[case::public_id_as_text(
    "0300006A 1D \"-//WAPFORUM//DTD PROV 1.0//EN\" 05",
    "wap-provisioningdoc",
    &["wbxml.unterminated-public-id"]
)]
fn what_is_odd_is_noted(#[case] hex: &str, #[case] outline: &str, #[case] kinds: &[&str]) {
    assert_eq!(read(hex), (outline.to_owned(), kinds.to_vec()));
}

#[test]
fn one_octet_that_stands_for_many_cannot_amplify() {
    let mut bytes = octets("030B6A00 45 87 06");
    bytes.extend(std::iter::repeat_n(0x95, 100_000));
    let refused = wbxml::read(&bytes, &Limits::TARGET)
        .map(|_| ())
        .expect_err("3 MB of text");
    assert_eq!(refused.kind, "wbxml.limit");
}
