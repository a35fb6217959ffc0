//! What Kannel makes of pushes that we wrote, put together and read by us.

use assay_wire::cp::si::{self, Indication, IndicationDraft};
use assay_wire::cp::{self, sl};
use assay_wire::mac::{self, Method, Secrets};
use assay_wire::pap::PartDraft;
use assay_wire::trigger::{self, TriggerDraft};
use assay_wire::{Limits, Tree, wbxml, xml};

use crate::centre::{Centre, Pushed};
use crate::gateway::{Kannel, submit};
use crate::namespace::inside;

/// Where a push goes to and comes from (WAP-259).
const PORTS: (u16, u16) = (2948, 9200);

fn text(tree: &Tree<'_>, doctype: &str) -> Vec<u8> {
    let style = xml::Style {
        declaration: Some("version=\"1.0\"".to_owned()),
        doctype: Some(doctype.to_owned()),
        ..xml::Style::default()
    };
    xml::write(tree, &style)
}

/// The document in a push, which is sound.
fn document(pushed: &Pushed) -> Tree<'_> {
    let (tree, header, notes) = wbxml::read(pushed.body(), &Limits::default()).expect("a document");
    let faults: Vec<_> = notes.iter().filter(|it| wbxml::is_fault(it.kind)).collect();
    assert!(faults.is_empty(), "{header:?}: {faults:?}");
    tree
}

fn media(pushed: &Pushed) -> (&str, bool) {
    let media = pushed.push.content_type.as_ref().expect("a content type");
    (&media.media, media.code.is_some())
}

#[test]
fn what_it_emits_reads_as_what_we_submitted() {
    inside("emitted::what_it_emits_reads_as_what_we_submitted", || {
        let centre = Centre::open();
        let _kannel = Kannel::start();
        indications_are_put_into_tokens(&centre);
        loadings_are_put_into_tokens(&centre);
        documents_lose_what_protects_them(&centre);
        triggers_stay_as_they_are(&centre);
        assert!(centre.is_silent(), "each push comes once");
    });
}

fn next(centre: &Centre) -> Pushed {
    let pushed = centre.push();
    assert_eq!(pushed.ports, Some(PORTS));
    assert_eq!(pushed.to, "15550100");
    assert_eq!(pushed.push.pdu_type, assay_wire::wsp::PUSH);
    pushed
}

fn indications_are_put_into_tokens(centre: &Centre) {
    let long = "You have new mail. ".repeat(20);
    for (push_id, words, segments) in [("si-short", "Mail", 1), ("si-long", long.trim(), 4)] {
        let draft = IndicationDraft {
            href: Some("http://www.example.com/mail/1.html"),
            si_id: Some("1@example.com"),
            created: Some("2026-01-02T03:04:00Z"),
            expires: Some("2026-02-01T00:00:00Z"),
            action: Some("signal-high"),
            text: words,
        };
        let octets = text(&draft.tree(), si::DOCTYPE);
        submit(push_id, PartDraft::new(si::TEXT_MEDIA, octets));
        let pushed = next(centre);
        assert_eq!(media(&pushed), (si::WBXML_MEDIA, true));
        assert_eq!(pushed.push.application(), "x-wap-application:wml.ua");
        let tree = document(&pushed);
        let read = Indication::of(&tree).expect("an indication");
        let fields = (
            read.href,
            read.si_id,
            read.created,
            read.expires,
            read.action,
        );
        let given = (
            draft.href,
            draft.si_id,
            draft.created,
            draft.expires,
            draft.action,
        );
        assert_eq!(fields, given);
        assert_eq!(read.text, words);
        assert_eq!(pushed.segments, segments);
    }
}

fn loadings_are_put_into_tokens(centre: &Centre) {
    let given = sl::loading("http://www.example.com/a", Some("execute-high"));
    let octets = text(&given, sl::DOCTYPE);
    submit("sl", PartDraft::new(sl::TEXT_MEDIA, octets));
    let pushed = next(centre);
    assert_eq!(media(&pushed), (sl::WBXML_MEDIA, true));
    let tree = document(&pushed);
    let read = sl::Loading::of(&tree).expect("a loading");
    let fields = (read.href, read.action);
    assert_eq!(
        fields,
        (Some("http://www.example.com/a"), Some("execute-high"))
    );
}

/// Parameters of the content type do not come through (PAP-012), and the type is text.
fn documents_lose_what_protects_them(centre: &Centre) {
    let mut draft = cp::Draft::new(Some("1.1"));
    let bootstrap = draft.characteristic(None, "BOOTSTRAP");
    for number in 0..30 {
        draft.parm(bootstrap, "NAME", &format!("Network number {number}"));
    }
    let style = wbxml::Style::default();
    let octets = wbxml::write(&draft.into_tree(), &style).expect("tokens");
    let secrets = Secrets {
        imsi: None,
        pin: Some("1234"),
    };
    let mac = mac::mac(Method::UserPin, &secrets, &octets).expect("a PIN");
    let media_type = format!("{}; SEC=1; MAC=\"{mac}\"", cp::WBXML_MEDIA);
    submit("document", PartDraft::new(&media_type, octets.clone()));
    let pushed = next(centre);
    assert_eq!(media(&pushed), (cp::WBXML_MEDIA, false));
    assert_eq!(pushed.body(), octets, "the document itself is not touched");
    assert_eq!((pushed.push.sec(), pushed.push.mac()), (None, None));
    assert!(pushed.segments > 4, "a push of several short messages");
}

fn triggers_stay_as_they_are(centre: &Centre) {
    let octets = TriggerDraft::new("com.example.dm", 0x1234).write("secret", b"nonce");
    let mut part = PartDraft::new(trigger::MEDIA, octets.clone());
    let field = (
        "X-Wap-Application-Id".to_owned(),
        trigger::APPLICATION.to_owned(),
    );
    part.fields.push(field);
    submit("trigger", part);
    let pushed = next(centre);
    assert_eq!(media(&pushed), (trigger::MEDIA, false));
    assert_eq!(pushed.push.application(), trigger::APPLICATION);
    assert!(trigger::verify(
        pushed.body(),
        "com.example.dm",
        "secret",
        b"nonce"
    ));
    assert_eq!(pushed.body(), octets);
}
