//! How much the readers take before they give up, and that giving up is quick: no input below the
//! limit on octets makes a reader slower than its length.

use assay_wire::span::{Limits, TooBad};
use assay_wire::xml;
use rstest::rstest;

fn refusal(text: &str, limits: &Limits) -> TooBad {
    xml::read(text.as_bytes(), limits).expect_err("a refusal")
}

/// Limits that only the one under test can meet.
const WIDE: Limits = Limits {
    bytes: 1 << 26,
    depth: 1 << 20,
    attributes: 1 << 20,
    nodes: 1 << 22,
    notes: 64,
};

#[test]
fn a_document_ends_at_the_limit_on_octets() {
    let limits = Limits {
        bytes: 8,
        ..Limits::TARGET
    };
    assert!(xml::read(b"<a>b</a>", &limits).is_ok());
    let error = refusal("<a>bc</a>", &limits);
    assert_eq!(error.kind, "xml.too-long");
    assert_eq!((error.span.start(), error.span.end()), (8, 9));
}

#[test]
fn elements_nest_as_deep_as_the_limit() {
    let limits = Limits {
        depth: 3,
        ..Limits::TARGET
    };
    assert!(xml::read(b"<a><b><c/></b></a>", &limits).is_ok());
    let error = refusal("<a><b><c><d/></c></b></a>", &limits);
    assert_eq!(error.kind, "xml.too-deep");
    assert_eq!((error.span.start(), error.span.end()), (9, 13));
}

#[test]
fn an_element_has_as_many_attributes_as_the_limit() {
    let limits = Limits {
        attributes: 2,
        ..Limits::TARGET
    };
    assert!(xml::read(b"<a b='' c=''/>", &limits).is_ok());
    assert_eq!(
        refusal("<a b='' c='' d=''/>", &limits).kind,
        "xml.too-many-attributes"
    );
}

#[rstest]
#[case::elements("<a><b/><c/></a>")]
#[case::texts("<a>x&lt;</a>")]
#[case::attributes("<a b='' c=''/>")]
#[case::asides("<!--x--><?y?><a/>")]
fn every_kind_of_node_counts(#[case] text: &str) {
    let limits = |nodes| Limits {
        nodes,
        ..Limits::TARGET
    };
    assert!(xml::read(text.as_bytes(), &limits(3)).is_ok());
    assert_eq!(refusal(text, &limits(2)).kind, "xml.too-many-nodes");
}

#[test]
fn notes_beyond_the_limit_are_only_counted() {
    let text = format!("<a>{}</a>", "&b;".repeat(1000));
    let (tree, notes) = xml::read(text.as_bytes(), &Limits::TARGET).expect("a tree");
    assert_eq!(tree.len(), 1001);
    assert_eq!(notes.len(), Limits::TARGET.notes);
    let last = notes.last().expect("a note");
    assert!(last.text.contains("936 notes more"), "{}", last.text);
}

#[test]
fn a_fault_is_among_the_notes_however_much_is_odd_before_it() {
    let mut text = String::from("<?xml version='1.1' encoding='x'?><!DOCTYPE a><a>");
    for _ in 0..200 {
        text.extend(["<b xmlns='", &"u".repeat(1100), "'/>"]);
    }
    text.push_str("</a>]");
    let limits = Limits {
        notes: 8,
        ..Limits::TARGET
    };
    let (_, notes) = xml::read(text.as_bytes(), &limits).expect("a tree");
    assert!(
        notes.iter().any(|note| xml::is_fault(note.kind)),
        "{notes:?}"
    );
}

#[test]
fn a_namespace_is_cut_before_it_multiplies() {
    let text = format!("<a xmlns='{}'><b/></a>", "ü".repeat(1000));
    let (tree, notes) = xml::read(text.as_bytes(), &Limits::TARGET).expect("a tree");
    assert_eq!(notes[0].kind, "xml.long-namespace");
    let root = tree.root().and_then(|id| tree.element(id)).expect("a root");
    assert_eq!(root.namespace.uri().len(), 1024);
}

/// Half a megabyte and more of what a naive reader takes quadratic time for: minutes, not parts of
/// a second. There is no clock here; a test that hangs fails.
#[rstest]
#[case::attributes(repeated("<a ", 50_000, |n| format!("b{n}='' "), "/>"))]
#[case::same_attributes(repeated("<a ", 50_000, |_| "b='' ".into(), "/>"))]
#[case::prefixes(repeated("<a ", 50_000, |n| format!("xmlns:p{n}='u' "), "/>"))]
#[case::prefixes_in_use(
    repeated("<a ", 20_000, |n| format!("xmlns:p{n}='u' "), ">")
        + &repeated("", 20_000, |n| format!("<p{n}:b/>"), "</a>")
)]
#[case::unbound(repeated("<a>", 50_000, |n| format!("<p{n}:b/>"), "</a>"))]
#[case::depth(repeated("", 50_000, |_| "<a>".into(), &"</a>".repeat(50_000)))]
#[case::unclosed(repeated("", 100_000, |_| "<a>".into(), ""))]
#[case::strays(repeated("<a>", 100_000, |_| "</b>".into(), "</a>"))]
#[case::ampersands(repeated("<a>", 300_000, |_| "&".into(), "</a>"))]
#[case::ampersands_in_value(repeated("<a b='", 500_000, |_| "&".into(), "'/>"))]
#[case::bad_markup(repeated("<a>", 100_000, |_| "<!b".into(), "</a>"))]
#[case::closed_bad_markup(repeated("<a>", 100_000, |_| "<!b>".into(), "</a>"))]
#[case::sections(repeated("<a>", 50_000, |_| "<![CDATA[".into(), "</a>"))]
#[case::comments(repeated("<a>", 100_000, |_| "<!--".into(), "</a>"))]
#[case::brackets(repeated("<a>", 500_000, |_| "]".into(), "</a>"))]
#[case::marks(repeated("", 100_000, |_| "\u{FEFF}".into(), "<a/>"))]
#[case::roots(repeated("", 100_000, |_| "<a/>".into(), ""))]
#[case::doctypes(repeated("", 50_000, |_| "<!DOCTYPE a>".into(), "<a/>"))]
#[case::entities(repeated("<!DOCTYPE a [", 50_000, |_| "<!ENTITY b 'c'>".into(), "]><a/>"))]
#[case::subset(repeated("<!DOCTYPE a [", 100_000, |_| "<!--".into(), "]><a/>"))]
#[case::instructions(repeated("", 100_000, |_| "<?".into(), "<a/>"))]
#[case::quotes(repeated("<a>", 100_000, |_| "<b'".into(), "</a>"))]
#[case::control_characters(repeated("<a>", 200_000, |_| "\u{1}x".into(), "</a>"))]
#[case::long_number(repeated("<a>&#", 500_000, |_| "0".into(), "65;</a>"))]
#[case::long_name(repeated("<", 500_000, |_| "a:".into(), "/>"))]
fn reading_stays_linear(#[case] text: String) {
    for limits in [Limits::TARGET, WIDE] {
        match xml::read(text.as_bytes(), &limits) {
            Ok((tree, notes)) => assert!(!tree.is_empty() && notes.len() <= limits.notes),
            Err(error) => assert!(error.kind.starts_with("xml.")),
        }
    }
}

fn repeated(start: &str, times: usize, part: impl Fn(usize) -> String, end: &str) -> String {
    let mut text = String::from(start);
    text.extend((0..times).map(part));
    text + end
}
