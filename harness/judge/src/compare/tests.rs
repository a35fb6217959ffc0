//! Goldens against documents: what matches, what does not, and how that reads.

use assay_wire::{Limits, xml};
use rstest::rstest;

use super::*;
use crate::golden;

/// What the names stand for after a match, or the mismatch in two lines.
fn compared(golden: &str, document: &str, known: &[(&str, &str)]) -> Result<Bindings, String> {
    let golden = format!("<S xmlns:g='urn:assay:golden'>{golden}</S>");
    let golden = golden::parse(&golden).expect("a golden");
    let document = format!("<S>{document}</S>");
    let (tree, _) = xml::read(document.as_bytes(), &Limits::TARGET).expect("a document");
    let known = known
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let mut bindings: Bindings = known.collect();
    match compare(&golden, &tree, &mut bindings) {
        Ok(()) => Ok(bindings),
        Err(mismatch) => Err(format!("{} | {}", mismatch.expected, mismatch.received)),
    }
}

#[rstest]
#[case::other_things_between("<a/><c/>", "<a/><b/><c/>")]
#[case::white_space_around("<a>1</a>", "<a> 1\n</a>")]
#[case::an_empty_element_says_nothing("<a/>", "<a>text<b/></a>")]
#[case::a_namespace_is_not_compared("<a xmlns='urn:x'/>", "<a xmlns='urn:y'/>")]
#[case::any_order("<a g:any-order='true'><b/><c/></a>", "<a><c/><b/></a>")]
#[case::optional_missing("<a/><b g:optional='true'/><c/>", "<a/><c/>")]
#[case::optional_there("<a/><b g:optional='true'/><c/>", "<a/><b/><c/>")]
#[case::closed("<a g:closed='true'><b/></a>", "<a><b/></a>")]
#[case::closed_and_empty("<a g:closed='true'/>", "<a></a>")]
#[case::none_of("<a><b/><g:none-of>c d</g:none-of></a>", "<a><e/><b/></a>")]
#[case::the_second_is_meant("<a><b>2</b></a>", "<a><b>1</b></a><a><b>2</b></a>")]
#[case::cdata("<a>&lt;b></a>", "<a><![CDATA[<b>]]></a>")]
fn it_matches(#[case] golden: &str, #[case] document: &str) {
    assert_eq!(compared(golden, document, &[]), Ok(Bindings::new()));
}

#[rstest]
#[case::missing("<a/><b/>", "<a/>", "<b> in <S> | <a>")]
#[case::out_of_order(
    "<a/><b/>",
    "<b/><a/>",
    "one more <b> in <S>, behind what came before | <b> <a>"
)]
#[case::text("<a>1</a>", "<a>2</a>", "\"1\" in <a> | \"2\"")]
#[case::class("<a>${x:int}</a>", "<a>b</a>", "int in <a> | \"b\"")]
#[case::extra(
    "<a g:closed='true'><b/></a>",
    "<a><b/><c/></a>",
    "nothing else in <a> | <c>"
)]
#[case::not_empty("<a g:closed='true'/>", "<a>x</a>", "nothing in <a> | \"x\"")]
#[case::forbidden(
    "<a><g:none-of>c d</g:none-of></a>",
    "<a><d/></a>",
    "no <d> in <a> | <d>"
)]
#[case::twice(
    "<a/><a/>",
    "<a/>",
    "one more <a> in <S>, behind what came before | <a>"
)]
#[case::any_order_missing(
    "<a g:any-order='true'><b/><c/></a>",
    "<a><c/></a>",
    "<b> in <a> | <c>"
)]
#[case::the_farthest_is_told(
    "<a><b>1</b><c>1</c><d/></a>",
    "<a><b>2</b></a><a><b>1</b><c>1</c><e/></a><a><b>1</b><c>2</c></a>",
    "<d> in <a> | <b> <c> <e>"
)]
#[case::ddf("<a xmlns='syncml:dmddf1.2'/>", "<a/>", "<a> in <S> | <a>")]
fn it_does_not_match(#[case] golden: &str, #[case] document: &str, #[case] mismatch: &str) {
    assert_eq!(compared(golden, document, &[]), Err(mismatch.to_owned()));
}

#[test]
fn a_hole_stands_for_one_text_everywhere() {
    let golden = "<a>${x}</a><b>${x}</b>";
    let bound = compared(golden, "<a>1</a><b>1</b>", &[]).expect("a match");
    assert_eq!(bound["x"], "1");
    let mismatch = compared(golden, "<a>1</a><b>2</b>", &[]);
    assert_eq!(mismatch, Err("\"1\" (${x}) in <b> | \"2\"".to_owned()));
}

#[test]
fn another_candidate_is_tried_where_a_hole_would_not_fit() {
    let golden = "<a>${x}</a><b>${x}</b>";
    let bound = compared(golden, "<a>1</a><a>2</a><b>2</b>", &[]).expect("a match");
    assert_eq!(bound["x"], "2");
}

#[test]
fn a_hole_that_is_known_beforehand_has_to_be_equal() {
    let mismatch = compared("<a>${session}</a>", "<a>1A</a>", &[("session", "1a")]);
    assert_eq!(
        mismatch,
        Err("\"1a\" (${session}) in <a> | \"1A\"".to_owned())
    );
}

#[test]
fn a_mismatch_is_shown_as_a_diff() {
    let golden = "<S><T><M>${sent.msg}</M><C>0</C><D>401</D><X><N>${nonce:b64}</N></X></T></S>";
    let golden = golden::parse(golden).expect("a golden");
    let document = b"<S><T><M>1</M><C>0</C><E/><D>200</D></T><F/></S>";
    let (tree, _) = xml::read(document, &Limits::TARGET).expect("a document");
    let mut bindings = Bindings::from([("sent.msg".to_owned(), "1".to_owned())]);
    let mismatch = compare(&golden, &tree, &mut bindings).expect_err("a mismatch");
    let node = mismatch.node.expect("a node");
    assert_eq!(tree.span(node).of(document), b"<D>200</D>");
    insta::assert_snapshot!(mismatch.diff.join("\n"));
}

#[test]
fn what_would_take_for_ever_is_given_up() {
    let golden = "<a>${x}</a>".repeat(12) + "<b/>";
    let document = "<a>1</a>".repeat(60);
    assert!(compared(&golden, &document, &[]).is_err());
}
