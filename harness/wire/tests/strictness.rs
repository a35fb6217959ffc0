//! What the XML reader notes, row by row, and that it reads on: each fault alone in a document.
//!
//! The oracle for what nobody thought of is in `never_laxer.rs`.

use assay_wire::span::Limits;
use assay_wire::tree::{Form, Kind, Namespace, NodeId, Tree};
use assay_wire::{Encoding, Note, xml};
use rstest::rstest;

fn read(text: &[u8]) -> (Tree<'_>, Vec<Note>) {
    xml::read(text, &Limits::TARGET).expect("a tree")
}

fn kinds(notes: &[Note]) -> Vec<&str> {
    notes.iter().map(|note| note.kind).collect()
}

/// The tree as one line: `a[x=1](b() "text")`.
fn line(tree: &Tree<'_>, id: NodeId) -> String {
    match &tree.node(id).kind {
        Kind::Element(element) => {
            let attributes: Vec<String> = element
                .attributes
                .iter()
                .map(|a| format!("[{}={}]", a.name, a.value))
                .collect();
            let inside: Vec<String> = tree.children(id).map(|child| line(tree, child)).collect();
            format!(
                "{}{}({})",
                element.name,
                attributes.concat(),
                inside.join(" ")
            )
        }
        Kind::Text(text, _) => format!("{text:?}"),
        Kind::Opaque(octets) => format!("{octets:?}"),
        Kind::Comment(text) => format!("<!--{text}-->"),
        Kind::Instruction(text) => format!("<?{text}?>"),
    }
}

fn lines(tree: &Tree<'_>) -> String {
    tree.top()
        .map(|id| line(tree, id))
        .collect::<Vec<_>>()
        .join(" ")
}

#[rstest]
#[case::least("<a/>", "a()")]
#[case::declared("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>\n", "a()")]
#[case::marked("\u{FEFF}<?xml version='1.0'?><a/>", "a()")]
#[case::space_in_tags("<a ><b\n/></a\t>", "a(b())")]
#[case::attributes("<a b='1' c = \"2&lt;'\"/>", "a[b=1][c=2<']()")]
#[case::attribute_space("<a b='x\ty\r\nz&#10;'/>", "a[b=x y z\n]()")]
#[case::greater_in_attribute("<a b='>'/>", "a[b=>]()")]
#[case::pieces("<a>x&lt;<![CDATA[<&]]>y</a>", r#"a("x" "<" "<&" "y")"#)]
#[case::numbers("<a>&#65;&#x20AC;&#13;</a>", r#"a("A" "€" "\r")"#)]
#[case::line_ends("<a>x\r\ny\rz</a>", r#"a("x\ny\nz")"#)]
#[case::line_ends_in_cdata("<a><![CDATA[x\r\n]]></a>", r#"a("x\n")"#)]
#[case::brackets("<a>]] > ]]&gt;</a>", r#"a("]] > ]]" ">")"#)]
#[case::asides("<!--x - y--><a><?p q?></a><?r?>", "<!--x - y--> a(<?p q?>) <?r?>")]
#[case::space_around(" \n<a/>\t\r\n", "a()")]
#[case::foreign_names("<ä:ö xmlns:ä='u'/>", "ä:ö[xmlns:ä=u]()")]
#[case::undone("<a xmlns='u'><b xmlns=''/></a>", "a[xmlns=u](b[xmlns=]())")]
#[case::language("<a xml:lang='de'/>", "a[xml:lang=de]()")]
#[case::same_local(
    "<a xmlns:p='u' xmlns:q='v' p:x='1' q:x='2' x='3'/>",
    "a[xmlns:p=u][xmlns:q=v][p:x=1][q:x=2][x=3]()"
)]
fn what_is_well_formed_earns_no_note(#[case] text: &str, #[case] tree: &str) {
    let (read, notes) = read(text.as_bytes());
    assert_eq!(kinds(&notes), [""; 0]);
    assert_eq!(lines(&read), tree);
}

#[rstest]
#[case("<a/><b/>", "xml.second-root", "<b/>", "a() b()")]
#[case("<a/>x", "xml.text-after-root", "x", "a()")]
#[case("<a/>&amp;", "xml.text-after-root", "&amp;", "a()")]
#[case("<a/><![CDATA[ ]]>", "xml.text-after-root", "<![CDATA[ ]]>", "a()")]
#[case("x<a/>", "xml.text-before-root", "x", "a()")]
#[case("<a><b></a>", "xml.unclosed", "<b>", "a(b())")]
#[case("<a>x", "xml.unclosed", "<a>", r#"a("x")"#)]
#[case("<a></b></a>", "xml.mismatched-end", "</b>", "a()")]
#[case("<a></a></a>", "xml.mismatched-end", "</a>", "a()")]
#[case("<a></A></a>", "xml.mismatched-end", "</A>", "a()")]
#[case("<a></:a></a>", "xml.mismatched-end", "</:a>", "a()")]
#[case("<a></ a></a>", "xml.mismatched-end", "</ a>", "a()")]
#[case("<a></a b='c'>", "xml.bad-end-tag", "</a b='c'>", "a()")]
#[case(
    "<a>x\u{1}\u{2}y</a>",
    "xml.control-character",
    "\u{1}\u{2}",
    r#"a("x\u{1}\u{2}y")"#
)]
#[case(
    "<a>\u{FFFE}</a>",
    "xml.control-character",
    "\u{FFFE}",
    r#"a("\u{fffe}")"#
)]
#[case("<a>]]></a>", "xml.cdata-end", "]]>", r#"a("]]>")"#)]
#[case(
    "<a><!-- -- --></a>",
    "xml.bad-comment",
    "<!-- -- -->",
    "a(<!-- -- -->)"
)]
#[case("<a><!-----></a>", "xml.bad-comment", "<!----->", "a(<!----->)")]
#[case(
    " <?xml version='1.0'?><a/>",
    "xml.late-declaration",
    "<?xml version='1.0'?>",
    "a()"
)]
#[case(
    "<a><?xml version='1.0'?></a>",
    "xml.late-declaration",
    "<?xml version='1.0'?>",
    "a()"
)]
#[case(
    "<?xml version='1-.0'?><a/>",
    "xml.bad-declaration",
    "<?xml version='1-.0'?>",
    "a()"
)]
#[case("<?p'i x?><a/>", "xml.bad-instruction", "<?p'i x?>", "<?p'i x?> a()")]
#[case("<?XML x?><a/>", "xml.bad-instruction", "<?XML x?>", "<?XML x?> a()")]
#[case("<?p:i x?><a/>", "xml.bad-instruction", "<?p:i x?>", "<?p:i x?> a()")]
#[case("<??><a/>", "xml.bad-instruction", "<??>", "<??> a()")]
#[case("<a>&nbsp;</a>", "xml.undefined-entity", "&nbsp;", r#"a("&nbsp;")"#)]
#[case("<a>&#0;</a>", "xml.bad-reference", "&#0;", r#"a("\0")"#)]
#[case("<a>&#xD800;</a>", "xml.bad-reference", "&#xD800;", r#"a("&#xD800;")"#)]
#[case("<a>&;</a>", "xml.bad-reference", "&;", r#"a("&;")"#)]
#[case("<a>x & y</a>", "xml.bad-reference", "&", r#"a("x " "& y")"#)]
#[case("<a>x &lt y</a>", "xml.bad-reference", "&", r#"a("x " "&lt y")"#)]
#[case("<a b='&nbsp;'/>", "xml.undefined-entity", "&nbsp;", "a[b=&nbsp;]()")]
#[case("<a b='x & y'/>", "xml.bad-reference", "&", "a[b=x & y]()")]
#[case("<a b='<'/>", "xml.less-than-in-attribute", "<", "a[b=<]()")]
#[case(
    "<a b='1' b='2'/>",
    "xml.duplicate-attribute",
    "b='2'",
    "a[b=1][b=2]()"
)]
#[case(
    "<a xmlns='u' xmlns='v'/>",
    "xml.duplicate-attribute",
    "xmlns='v'",
    "a[xmlns=u][xmlns=v]()"
)]
#[case("<a b=1 />", "xml.bad-attribute", "b=1", "a[b=1]()")]
#[case("<a b/>", "xml.bad-attribute", "b", "a[b=]()")]
#[case("<a b='1'c='2'/>", "xml.bad-attribute", "", "a[b=1][c=2]()")]
#[case("<a 1b='1'/>", "xml.bad-name", "1b", "a[1b=1]()")]
#[case("<a :b='1'/>", "xml.bad-name", ":b", "a[:b=1]()")]
#[case("<a ='1'/>", "xml.bad-attribute", "='1'", "a()")]
#[case("<:a/>", "xml.bad-name", ":a", ":a()")]
#[case("<1a/>", "xml.bad-name", "1a", "1a()")]
#[case("<a:b:c xmlns:a='u'/>", "xml.bad-name", "a:b:c", "a:b:c[xmlns:a=u]()")]
#[case("<a><b'c'/></a>", "xml.bad-name", "b'c'", "a(b'c'())")]
#[case("<a>< b></a>", "xml.bad-markup", "< b>", r#"a("< b>")"#)]
#[case("<a><!b></a>", "xml.bad-markup", "<!b>", "a()")]
#[case("<a><![cdata[x]]></a>", "xml.bad-markup", "<![cdata[x]]>", "a()")]
#[case("<a/><!b>", "xml.bad-markup", "<!b>", "a()")]
#[case("<a/><!--x", "xml.cut", "<!--x", "a()")]
#[case("<a/><b c='>", "xml.cut", "<b c='>", "a()")]
#[case("<a/><", "xml.cut", "<", "a()")]
#[case("<p:a/>", "xml.unbound-prefix", "p", "p:a()")]
#[case("<a p:b='1'/>", "xml.unbound-prefix", "p", "a[p:b=1]()")]
#[case(
    "<a unbound:xmlns='u'/>",
    "xml.unbound-prefix",
    "unbound",
    "a[unbound:xmlns=u]()"
)]
#[case("<xmlns:a/>", "xml.unbound-prefix", "xmlns", "xmlns:a()")]
#[case("<a xmlns:x=''/>", "xml.bad-namespace", "xmlns:x=''", "a[xmlns:x=]()")]
#[case(
    "<a xmlns:xml='u'/>",
    "xml.bad-namespace",
    "xmlns:xml='u'",
    "a[xmlns:xml=u]()"
)]
#[case(
    "<a xmlns:xmlns='u'/>",
    "xml.bad-namespace",
    "xmlns:xmlns='u'",
    "a[xmlns:xmlns=u]()"
)]
#[case(
    "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
    "xml.bad-namespace",
    "xmlns='http://www.w3.org/2000/xmlns/'",
    "a[xmlns=http://www.w3.org/2000/xmlns/]()"
)]
#[case(
    "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
    "xml.bad-namespace",
    "xmlns:p='http://www.w3.org/XML/1998/namespace'",
    "a[xmlns:p=http://www.w3.org/XML/1998/namespace]()"
)]
#[case(
    "<a xmlns:p='u' xmlns:q='u' p:x='' q:x=''/>",
    "xml.duplicate-attribute",
    "q:x=''",
    "a[xmlns:p=u][xmlns:q=u][p:x=][q:x=]()"
)]
#[case("<a/><!DOCTYPE a>", "xml.misplaced-doctype", "<!DOCTYPE a>", "a()")]
#[case(
    "<!DOCTYPE a><!DOCTYPE b><a/>",
    "xml.second-doctype",
    "<!DOCTYPE b>",
    "a()"
)]
#[case("<!DOCTYPE><a/>", "xml.bad-doctype", "<!DOCTYPE>", "a()")]
#[case(
    "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    "xml.entity-declaration",
    "<!ENTITY b 'c'>",
    r#"a("&b;")"#
)]
fn each_fault_is_noted_where_it_is(
    #[case] text: &str,
    #[case] kind: &str,
    #[case] at: &str,
    #[case] tree: &str,
) {
    let (read, notes) = read(text.as_bytes());
    let note = notes.iter().find(|note| note.kind == kind);
    let note = note.unwrap_or_else(|| panic!("{text} earns {:?}", kinds(&notes)));
    assert!(xml::is_fault(note.kind));
    assert_eq!(std::str::from_utf8(note.span.of(text.as_bytes())), Ok(at));
    assert_eq!(lines(&read), tree);
}

#[rstest]
#[case("<!DOCTYPE SyncML PUBLIC '-//SYNCML//DTD SyncML 1.1//EN' 'x.dtd'><a/>", &["xml.doctype"])]
#[case("<!DOCTYPE a [ <?p ]>?> ]><a/>", &["xml.doctype"])]
#[case("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", &["xml.encoding"])]
#[case("<?xml version='1.1'?><a/>", &["xml.version"])]
fn what_is_odd_and_well_formed_is_noted_without_a_fault(#[case] text: &str, #[case] kind: &[&str]) {
    let (_, notes) = read(text.as_bytes());
    assert_eq!(kinds(&notes), kind);
    assert!(!notes.iter().any(|note| xml::is_fault(note.kind)));
}

#[rstest]
#[case(b"", "xml.no-root")]
#[case(b"   ", "xml.no-root")]
#[case(b"text only", "xml.no-root")]
#[case(b"<!-- <a/> -->", "xml.no-root")]
#[case(b"</a>", "xml.no-root")]
#[case(b"<", "xml.no-root")]
#[case(b"<a'b/>", "xml.no-root")]
#[case(b"\xFF\xFE<\0a\0/\0>\0", "xml.encoding")]
#[case(b"\0<\0a\0/\0>", "xml.encoding")]
fn nothing_is_left_where_no_element_is(#[case] bytes: &[u8], #[case] kind: &str) {
    let error = xml::read(bytes, &Limits::TARGET).expect_err("no tree");
    assert_eq!(error.kind, kind);
}

#[test]
fn octets_that_are_no_utf_8_keep_their_places() {
    let bytes = b"<a>x\xFF\xC3y</a><!--\xE2\x82-->";
    let (tree, notes) = read(bytes);
    assert_eq!(lines(&tree), r#"a("x??y") <!--??-->"#);
    assert_eq!(kinds(&notes), ["xml.bad-encoding"; 3]);
    assert_eq!(notes[0].span.of(bytes), b"\xFF");
    assert_eq!(notes[2].span.of(bytes), b"\xE2\x82");
}

#[test]
fn reading_goes_on_behind_each_fault() {
    let text = "x<a b=1 >\u{2}<c>&no;<!z></a></d><e/>y";
    let (tree, notes) = read(text.as_bytes());
    assert_eq!(lines(&tree), "a[b=1](\"\\u{2}\" c(\"&no;\")) e()");
    assert_eq!(
        kinds(&notes),
        [
            "xml.text-before-root",
            "xml.bad-attribute",
            "xml.control-character",
            "xml.unclosed",
            "xml.undefined-entity",
            "xml.bad-markup",
            "xml.mismatched-end",
            "xml.second-root",
            "xml.text-after-root",
        ]
    );
}

#[test]
fn every_token_has_its_span() {
    let text = "\u{FEFF}<p:a xmlns:p='SYNCML:SYNCML1.2'  x = '1'>t&amp;<![CDATA[c]]><b/></p:a >";
    let bytes = text.as_bytes();
    let (tree, notes) = read(bytes);
    assert_eq!(kinds(&notes), [""; 0]);
    let root = tree.root().expect("a root");
    let element = tree.element(root).expect("an element");
    assert_eq!(element.namespace, Namespace::SyncMl12);
    assert_eq!(element.local(), "a");
    assert_eq!(element.end.of(bytes), b"</p:a >");
    assert_eq!(element.attributes[1].span.of(bytes), b"x = '1'");
    let tokens: Vec<&[u8]> = tree
        .children(root)
        .map(|id| tree.node(id).token.of(bytes))
        .collect();
    assert_eq!(tokens, [&b"t"[..], b"&amp;", b"<![CDATA[c]]>", b"<b/>"]);
    assert_eq!(tree.text(root), "t&c");
    let forms: Vec<Form> = tree
        .children(root)
        .filter_map(|id| match tree.node(id).kind {
            Kind::Text(_, form) => Some(form),
            _ => None,
        })
        .collect();
    assert_eq!(forms, [Form::Plain, Form::Reference, Form::Cdata]);
    assert_eq!(tree.span(root).end(), bytes.len());
}

#[test]
fn an_unclosed_element_ends_where_its_parent_does() {
    let text = b"<a><b>x</a>";
    let (tree, _) = read(text);
    let b = tree
        .root()
        .and_then(|root| tree.child(root, "b"))
        .expect("b");
    assert_eq!(tree.span(b).of(text), b"<b>x");
}

#[test]
fn namespaces_reach_as_far_as_their_element() {
    let text = b"<a xmlns='SYNCML:SYNCML1.1'><b xmlns='syncml:metinf'><c/></b><d xmlns:q='u'>\
        <q:e q:f='' g=''/></d></a>";
    let (tree, notes) = read(text);
    assert_eq!(kinds(&notes), [""; 0]);
    let root = tree.root().expect("a root");
    let uris: Vec<String> = tree
        .descend(root)
        .filter_map(|id| tree.element(id))
        .map(|element| format!("{} {}", element.name, element.namespace.uri()))
        .collect();
    assert_eq!(
        uris,
        [
            "a SYNCML:SYNCML1.1",
            "b syncml:metinf",
            "c syncml:metinf",
            "d SYNCML:SYNCML1.1",
            "q:e u"
        ]
    );
    let e = tree
        .find(root, "d/e")
        .and_then(|id| tree.element(id))
        .expect("e");
    assert_eq!(e.attributes[0].namespace.uri(), "u");
    assert_eq!(e.attributes[1].namespace, Namespace::None);
}

#[test]
fn the_one_reader_goes_by_the_encoding() {
    let decoded = assay_wire::read(b"<a/>", Encoding::Xml, &Limits::TARGET).expect("a document");
    assert_eq!(decoded.encoding, Encoding::Xml);
    assert!(decoded.tree.root().is_some());
}
