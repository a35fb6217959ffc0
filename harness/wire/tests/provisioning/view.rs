//! The typed views of provisioning documents, service indications and service loadings.

use crate::common::outline;
use assay_wire::cp::si::{Indication, IndicationDraft};
use assay_wire::cp::sl::{self, Loading};
use assay_wire::cp::{
    self, AccountDraft, AuthDraft, BootstrapDraft, Document, Draft, Graph, NapDraft, ProxyDraft,
    Target,
};
use assay_wire::wbxml::{self, Attributes, Pages, Spelling, Style};
use assay_wire::{Limits, Tree, xml};
use rstest::rstest;

fn tree(text: &str) -> Tree<'_> {
    xml::read(text.as_bytes(), &Limits::TARGET)
        .expect("a tree")
        .0
}

/// A document with all that management takes.
fn complete() -> Tree<'static> {
    let mut draft = Draft::new(Some("1.1"));
    let bootstrap = BootstrapDraft {
        name: Some("Operator"),
        proxies: &["proxy.example"],
        url: Some("https://tps.example/"),
        contexts: Some("0"),
        ..BootstrapDraft::default()
    };
    bootstrap.add(&mut draft);
    let nap = NapDraft {
        id: "N1",
        name: "Net",
        bearers: &["GSM-GPRS"],
        address: "apn.example",
        address_type: Some("APN"),
        internet: true,
        auth: Some(("PAP", "user", "secret")),
    };
    nap.add(&mut draft);
    let proxy = ProxyDraft {
        id: "proxy.example",
        name: "Proxy",
        trust: true,
        physical: "P1",
        address: "192.0.2.1",
        address_type: Some("IPV4"),
        naps: &["N1", "INTERNET"],
        ports: &[("9201", Some("CO-WSP"))],
        ..ProxyDraft::default()
    };
    proxy.add(&mut draft);
    let auths = [
        AuthDraft {
            level: Some("APPSRV"),
            kind: Some("BASIC, DIGEST"),
            name: Some("user"),
            secret: Some("secret"),
            data: None,
        },
        AuthDraft {
            level: Some("CLIENT"),
            kind: Some("DIGEST"),
            secret: Some("server-secret"),
            data: Some("bm9uY2U="),
            name: None,
        },
    ];
    let account = AccountDraft {
        provider: "dm.example",
        address: "https://dm.example/dm",
        port: Some("443"),
        nap: Some("N1"),
        init: true,
        more: &[("ROLE", Some("8")), ("USEHWDEVID", None)],
        auths: &auths,
        ..AccountDraft::default()
    };
    account.add(&mut draft);
    draft.into_tree()
}

#[test]
fn what_is_built_is_seen_through_both_encodings() {
    let built = complete();
    let text = xml::write(&built, &xml::Style::default());
    let octets = wbxml::write(&built, &Style::default()).expect("writable");
    let (from_text, notes) = xml::read(&text, &Limits::TARGET).expect("a tree");
    assert_eq!(notes, []);
    let (from_octets, header, notes) = wbxml::read(&octets, &Limits::TARGET).expect("a tree");
    assert_eq!(notes, []);
    let spelling = Spelling::read(&octets, &header, &Limits::TARGET);
    for (tree, spelling) in [(&from_text, None), (&from_octets, Some(&spelling))] {
        let document = Document::of(tree, spelling).expect("a document");
        assert_eq!(document.notes, []);
        assert_eq!(document.version, Some("1.1"));
        let paths: Vec<_> = document
            .characteristics
            .iter()
            .map(|c| c.path.as_str())
            .collect();
        let expected = [
            "BOOTSTRAP",
            "NAPDEF",
            "NAPDEF/NAPAUTHINFO",
            "PXLOGICAL",
            "PXLOGICAL/PXPHYSICAL",
            "PXLOGICAL/PXPHYSICAL/PORT",
            "APPLICATION",
            "APPLICATION/APPADDR",
            "APPLICATION/APPADDR/PORT",
            "APPLICATION/APPAUTH",
            "APPLICATION/APPAUTH",
        ];
        assert_eq!(paths, expected);
        let accounts = cp::accounts(&document);
        let [account] = &accounts[..] else {
            panic!("{accounts:?}")
        };
        assert_eq!(account.addresses, [("https://dm.example/dm", Some("443"))]);
        assert_eq!(
            (account.provider, account.init, account.role),
            (Some("dm.example"), true, Some("8"))
        );
        assert_eq!(
            account.auth("APPSRV").expect("one").types,
            ["BASIC", "DIGEST"]
        );
        assert_eq!(account.auth("CLIENT").expect("one").data, Some("bm9uY2U="));
        let bootstraps = cp::bootstraps(&document);
        assert_eq!(bootstraps[0].url, Some("https://tps.example/"));
        let graph = Graph::of(&document);
        let links: Vec<_> = graph
            .links
            .iter()
            .map(|link| (link.by, link.id, link.target))
            .collect();
        let expected = [
            ("PROXY-ID", "proxy.example", Target::Found(3)),
            ("TO-NAPID", "N1", Target::Found(1)),
            ("TO-NAPID", "INTERNET", Target::Internet),
            ("TO-NAPID", "N1", Target::Found(1)),
        ];
        assert_eq!(links, expected);
        assert_eq!((graph.dangling().count(), graph.doubled().count()), (0, 0));
        let napdef = &document.characteristics[1];
        let shape = cp::shape(napdef.kind).expect("known");
        assert!(
            napdef
                .parms
                .iter()
                .all(|parm| shape.parm(parm.name).is_some())
        );
        assert_eq!(napdef.parm("INTERNET").expect("a flag").value, None);
    }
}

#[test]
fn references_that_lead_nowhere_and_ids_given_twice_are_found() {
    let text = r#"<wap-provisioningdoc><characteristic type="NAPDEF"><parm name="NAPID" value="N1"/></characteristic>
        <characteristic type="NAPDEF"><parm name="NAPID" value="N1"/></characteristic>
        <characteristic type="APPLICATION"><parm name="TO-PROXY" value="N1"/><parm name="TO-NAPID" value="N2"/></characteristic>
        </wap-provisioningdoc>"#;
    let tree = tree(text);
    let document = Document::of(&tree, None).expect("a document");
    let graph = Graph::of(&document);
    let dangling: Vec<_> = graph.dangling().map(|link| (link.by, link.id)).collect();
    assert_eq!(dangling, [("TO-PROXY", "N1"), ("TO-NAPID", "N2")]);
    let doubled: Vec<_> = graph.doubled().map(|id| (id.id, id.at)).collect();
    assert_eq!(doubled, [("N1", 1)]);
}

#[rstest]
#[case("<a/>", "prov.wrong-root")]
#[case("<wap-provisioningdoc colour='x'/>", "prov.unknown-attribute")]
#[case(
    "<wap-provisioningdoc><x/></wap-provisioningdoc>",
    "prov.unknown-element"
)]
#[case(
    "<wap-provisioningdoc><characteristic/></wap-provisioningdoc>",
    "prov.no-type"
)]
#[case(
    "<wap-provisioningdoc><characteristic type='A'><parm/></characteristic></wap-provisioningdoc>",
    "prov.no-name"
)]
#[case(
    "<wap-provisioningdoc><parm name='A'/></wap-provisioningdoc>",
    "prov.misplaced"
)]
#[case(
    "<wap-provisioningdoc><characteristic type='A'><parm name='A'><parm name='B'/></parm></characteristic></wap-provisioningdoc>",
    "prov.misplaced"
)]
#[case("<wap-provisioningdoc>x</wap-provisioningdoc>", "prov.text")]
#[case(
    "<wap-provisioningdoc><characteristic-query type='A'/></wap-provisioningdoc>",
    "prov.microsoft"
)]
#[case(
    "<wap-provisioningdoc><characteristic type='A' mwid='1'/></wap-provisioningdoc>",
    "prov.microsoft"
)]
fn what_is_odd_is_noted_once(#[case] text: &str, #[case] kind: &str) {
    let tree = tree(text);
    let document = Document::of(&tree, None).expect("a document");
    let kinds: Vec<_> = document.notes.iter().map(|note| note.kind).collect();
    assert_eq!(kinds, [kind]);
    assert_eq!(cp::is_fault(kind), kind != "prov.microsoft");
}

#[test]
fn a_name_on_the_wrong_page_is_noticed() {
    let mut draft = Draft::new(Some("1.1"));
    let inside = draft.characteristic(None, "NAPDEF");
    draft.parm(inside, "NAPID", "N1");
    let port = draft.characteristic(None, "APPAUTH");
    draft.parm(port, "AAUTHNAME", "user");
    let unswitched = Attributes {
        pages: Pages::Unswitched,
        starts: wbxml::Starts::Longest,
        ..Attributes::default()
    };
    let style = Style {
        attributes: unswitched,
        ..Style::default()
    };
    let octets = wbxml::write(&draft.into_tree(), &style).expect("writable");
    let (tree, header, _) = wbxml::read(&octets, &Limits::TARGET).expect("a tree");
    let spelling = Spelling::read(&octets, &header, &Limits::TARGET);
    let document = Document::of(&tree, Some(&spelling)).expect("a document");
    assert_eq!(document.characteristics[1].kind, "VENDORCONFIG");
    let kinds: Vec<_> = document
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    assert_eq!(kinds, ["VENDORCONFIG would be APPAUTH on page 1"]);

    let octets: Vec<u8> = [
        &[
            0x03, 0x0B, 0x6A, 0x00, 0x45, 0xC6, 0x00, 0x01, 0x57, 0x01, 0x87, 0x00, 0x00,
        ][..],
        &[0x31, 0x06, 0x03, b'u', 0x00, 0x01, 0x01, 0x01],
    ]
    .concat();
    let (tree, header, _) = wbxml::read(&octets, &Limits::TARGET).expect("a tree");
    let spelling = Spelling::read(&octets, &header, &Limits::TARGET);
    let document = Document::of(&tree, Some(&spelling)).expect("a document");
    let kinds: Vec<_> = document
        .notes
        .iter()
        .map(|note| (note.kind, note.span.start()))
        .collect();
    assert_eq!(kinds, [("prov.page-not-switched", 13)]);
}

#[test]
fn an_indication_comes_back_through_wbxml() {
    let draft = IndicationDraft {
        href: Some("http://www.example.com/c/a.cpf"),
        si_id: None,
        created: Some("2009-01-02T03:04:00Z"),
        expires: Some("2009-02-01T00:00:00Z"),
        action: None,
        text: "Hi",
    };
    let octets = wbxml::write(&draft.tree(), &Style::default()).expect("writable");
    let (tree, _, notes) = wbxml::read(&octets, &Limits::TARGET).expect("a tree");
    assert_eq!(notes, []);
    let si = Indication::of(&tree).expect("an indication");
    assert_eq!(
        (si.id(), si.acts(), si.text.as_str()),
        (draft.href, "signal-medium", "Hi")
    );
    assert_eq!((si.created, si.expires), (draft.created, draft.expires));
    let with_info =
        self::tree(r#"<si><indication si-id="s"/><info><item class="c">t</item></info></si>"#);
    let si = Indication::of(&with_info).expect("an indication");
    assert_eq!(
        (si.id(), &si.info[..]),
        (Some("s"), &[(Some("c"), "t".to_owned())][..])
    );
}

#[test]
fn a_loading_comes_back_through_wbxml() {
    let built = sl::loading("https://a.example/x.cpf", Some("cache"));
    let octets = wbxml::write(&built, &Style::default()).expect("writable");
    let (tree, ..) = wbxml::read(&octets, &Limits::TARGET).expect("a tree");
    let loading = Loading::of(&tree).expect("a loading");
    assert_eq!(
        (loading.href, loading.acts()),
        (Some("https://a.example/x.cpf"), "cache")
    );
    assert_eq!(outline(&tree), outline(&built));
    assert_eq!(
        Loading::of(&sl::loading("x", None)).expect("one").acts(),
        "execute-low"
    );
}
