//! The XML reader against another one: what it calls well-formed, roxmltree accepts, over many
//! thousand seeded damages to messages; and where both accept, both see the same elements.
//!
//! roxmltree is laxer in places (it takes `</:a>`, say), so nothing is asked the other way round.

use std::fmt::Write as _;

use assay_wire::span::Limits;
use assay_wire::tree::{NodeId, Tree};
use assay_wire::xml;

/// Messages, and one document with a bit of everything.
const SAMPLES: [&str; 4] = [
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SyncML xmlns=\"SYNCML:SYNCML1.2\">\n \
     <SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID>\
     <MsgID>1</MsgID><Target><LocURI>http://a/dm?x=1&amp;y=2</LocURI></Target>\
     <Source><LocURI>IMEI:493005100592800</LocURI></Source>\
     <Meta><MaxMsgSize xmlns=\"syncml:metinf\">5000</MaxMsgSize></Meta></SyncHdr>\n \
     <SyncBody><Alert><CmdID>1</CmdID><Data>1201</Data></Alert><Final/></SyncBody>\n</SyncML>\n",
    "<s:SyncML xmlns:s='SYNCML:SYNCML1.1' xmlns:m='syncml:metinf'><s:SyncBody><s:Status>\
     <s:Chal><s:Meta><m:Format>b64</m:Format><m:Type>syncml:auth-md5</m:Type>\
     <m:NextNonce>LG3iZQhhdmKNHg==</m:NextNonce></s:Meta></s:Chal><s:Data>401</s:Data>\
     </s:Status></s:SyncBody></s:SyncML>",
    "<SyncML><SyncBody><Replace><CmdID>4</CmdID><Item><Target><LocURI>./a</LocURI></Target>\
     <Data><![CDATA[<b c=\"d\">]]>&#65;&#x20AC;é</Data></Item></Replace><Final/></SyncBody></SyncML>",
    "\u{FEFF}<!-- a - b --><?p i?><ä:a xmlns:ä='u' ä:b='1' c = \"&lt;'\t&#10;\" xml:lang='de'>\
     x]] >\r\n<b xmlns='v' d='>'/><b xmlns=''>\u{1F600}</b ><c ></c></ä:a><!----> <?q?>\n",
];

/// What damage is made of: pieces that mean something to a reader.
const PIECES: [&str; 48] = [
    "<",
    ">",
    "&",
    ";",
    "'",
    "\"",
    "/",
    "=",
    ":",
    "!",
    "?",
    "-",
    "--",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?",
    "?>",
    "<?xml version='1.0'?>",
    "</",
    "/>",
    "&lt;",
    "&#0;",
    "&#x41;",
    "&x;",
    "&#",
    "xmlns",
    "xmlns=''",
    " xmlns:q='u'",
    " q:r=''",
    "q:",
    " ",
    "\n",
    "\r",
    "\t",
    "\u{1}",
    "\u{FFFE}",
    "é",
    "1",
    ".",
    "a",
    "<a/>",
    "<a>",
    "</a>",
    " a=''",
    "\u{FEFF}",
    "xml",
];

/// SplitMix64: short, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let bound = u64::try_from(bound.max(1)).expect("a usize has 64 bits at most");
        usize::try_from((mixed ^ (mixed >> 31)) % bound).expect("below a usize")
    }

    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// One to three damages: something put in, taken out, copied elsewhere, or swapped.
    fn damaged(&mut self, sample: &str) -> String {
        let mut text = sample.to_owned();
        for _ in 0..=self.below(3) {
            let at = self.place(&text);
            let taken = self.below(7);
            let to = at
                + text[at..]
                    .chars()
                    .take(taken)
                    .map(char::len_utf8)
                    .sum::<usize>();
            let piece = PIECES[self.below(PIECES.len())];
            match self.below(4) {
                0 => text.insert_str(at, piece),
                1 => text.replace_range(at..to, ""),
                2 => text.replace_range(at..to, piece),
                _ => {
                    let copied = text[at..to].to_owned();
                    let at = self.place(&text);
                    text.insert_str(at, &copied);
                }
            }
        }
        text
    }
}

/// The elements in document order, as `{namespace}name` with their attributes and their text.
fn ours(tree: &Tree<'_>, root: NodeId) -> Vec<String> {
    let elements = tree
        .descend(root)
        .filter_map(|id| Some((id, tree.element(id)?)));
    elements
        .map(|(id, element)| {
            let mut line = format!("{{{}}}{}", element.namespace.uri(), element.local());
            for attribute in element
                .attributes
                .iter()
                .filter(|attribute| !attribute.declares())
            {
                let uri = attribute.namespace.uri();
                let _ = write!(
                    line,
                    " {{{uri}}}{}={:?}",
                    attribute.local(),
                    attribute.value
                );
            }
            format!("{line} {:?}", tree.text(id))
        })
        .collect()
}

fn theirs(document: &roxmltree::Document<'_>) -> Vec<String> {
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    elements
        .map(|node| {
            let uri = node.tag_name().namespace().unwrap_or_default();
            let mut line = format!("{{{uri}}}{}", node.tag_name().name());
            for attribute in node.attributes() {
                let uri = attribute.namespace().unwrap_or_default();
                let _ = write!(
                    line,
                    " {{{uri}}}{}={:?}",
                    attribute.name(),
                    attribute.value()
                );
            }
            let text: String = node
                .children()
                .filter(roxmltree::Node::is_text)
                .filter_map(|n| n.text())
                .collect();
            format!("{line} {text:?}")
        })
        .collect()
}

#[derive(Default, Debug)]
struct Tally {
    both_accept: usize,
    both_refuse: usize,
    only_we_refuse: usize,
}

/// roxmltree takes `p:xmlns` for a declaration of the default namespace, though it is an attribute
/// like any other, and leaves a lone carriage return as it is where a text has references.
fn misread(text: &str, tree: &Tree<'_>, root: NodeId) -> bool {
    let elements = tree.descend(root).filter_map(|id| tree.element(id));
    elements
        .flat_map(|element| &element.attributes)
        .any(|attribute| !attribute.declares() && attribute.local() == "xmlns")
        || text.contains('&') && text.replace("\r\n", "").contains('\r')
}

fn compare(text: &str, tally: &mut Tally) {
    let read = xml::read(text.as_bytes(), &Limits::TARGET);
    let parsed = roxmltree::Document::parse(text);
    let Ok((tree, notes)) = &read else {
        match parsed {
            Ok(_) => tally.only_we_refuse += 1,
            Err(_) => tally.both_refuse += 1,
        }
        return;
    };
    // roxmltree refuses every document type declaration here; what we make of one is tested
    // beside the code that reads it.
    let typed = notes.iter().any(|note| note.kind == "xml.doctype");
    let faulty = notes.iter().any(|note| xml::is_fault(note.kind));
    match (faulty || typed, parsed) {
        (false, Err(error)) => panic!("we are laxer, {error}: {text:?}"),
        (true, Err(_)) => tally.both_refuse += 1,
        (true, Ok(_)) => tally.only_we_refuse += 1,
        (false, Ok(document)) => {
            tally.both_accept += 1;
            let root = tree.root().expect("a root");
            if misread(text, tree, root) {
                return;
            }
            assert_eq!(ours(tree, root), theirs(&document), "{text:?}");
            let range = document.root_element().range();
            let span = tree.span(root);
            assert_eq!(
                (span.start(), span.end()),
                (range.start, range.end),
                "{text:?}"
            );
        }
    }
}

#[test]
fn whole_samples_are_well_formed_to_both() {
    let mut tally = Tally::default();
    for sample in SAMPLES {
        compare(sample, &mut tally);
    }
    assert_eq!(tally.both_accept, SAMPLES.len(), "{tally:?}");
}

#[test]
fn we_are_never_laxer_over_twenty_thousand_damages() {
    let mut dice = Dice(20_000);
    let mut tally = Tally::default();
    for turn in 0..20_000 {
        compare(&dice.damaged(SAMPLES[turn % SAMPLES.len()]), &mut tally);
    }
    // A test that only ever compares refusals would show nothing.
    assert!(tally.both_accept > 2_000, "{tally:?}");
    assert!(tally.both_refuse > 5_000, "{tally:?}");
    assert!(tally.only_we_refuse > 10, "{tally:?}");
}

/// What is ill-formed, or not namespace-well-formed, and roxmltree takes: known, so that a change
/// on either side shows.
#[test]
fn where_we_are_stricter_is_known() {
    for text in [
        "<?p'i x?><a/>",
        "<?xml version='1-.0'?><a/>",
        "<a :b='1'/>",
        "<a xmlns:x=''/>",
        "<a></:a>",
        "<:a/>",
        "<a unbound:xmlns='u'/>",
    ] {
        let mut tally = Tally::default();
        compare(text, &mut tally);
        assert_eq!(tally.only_we_refuse, 1, "{text}");
    }
}

#[test]
fn octets_in_any_order_end_in_a_tree_or_a_refusal() {
    let mut dice = Dice(7);
    for turn in 0..5_000 {
        let mut octets = SAMPLES[turn % SAMPLES.len()].as_bytes().to_vec();
        for _ in 0..=dice.below(4) {
            let at = dice.below(octets.len());
            octets[at] = u8::try_from(dice.below(256)).expect("below 256");
        }
        octets.truncate(dice.below(octets.len() * 2).max(1));
        if let Ok((tree, _)) = xml::read(&octets, &Limits::TARGET) {
            let root = tree.root().expect("a root");
            assert!(
                tree.descend(root)
                    .all(|id| tree.span(id).end() <= octets.len())
            );
        }
    }
}
