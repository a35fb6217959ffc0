//! What the push proxy gateway is asked, and what devices get of it.

use assay_peers::Running;
use assay_wire::digest;
use assay_wire::pap::{self, PartDraft, PushDraft, Style};

use super::script::Script;
use super::{Section, Seen};

pub(crate) const SECTIONS: &[Section] = &[pushes, controls, several, waiting];

const FIRST: &str = "WAPPUSH=+15551234567/TYPE=PLMN@ppg.example.com";
const SECOND: &str = "WAPPUSH=assay-2/TYPE=USER@ppg.example.com";
const MAC: &str = "5B354716B960CAEA0219BADA337195ECE5839C9B";

fn script<'a>(peer: &Running, seen: &'a mut Vec<Seen>) -> Script<'a> {
    let mut script = Script::new(&peer.ppg, seen);
    script.hook("reset", "/admin/ppg/reset", &[]);
    let ways = [
        (
            "assay-1",
            "+15551234567",
            "smpp",
            script.ears.smpp.to_string(),
        ),
        (
            "assay-2",
            "+15557654321",
            "udp",
            script.ears.udp.to_string(),
        ),
    ];
    for (device, address, carrier, gateway) in ways {
        let values = [
            ("device", device),
            ("address", address),
            ("carrier", carrier),
            ("gateway", &gateway),
        ];
        script.hook("route", "/admin/ppg/route", &values);
    }
    script
}

/// Submits a push under a name, and listens for what devices and initiator get.
fn submit(
    script: &mut Script<'_>,
    label: &str,
    draft: &PushDraft<'_>,
    content: &PartDraft,
    credentials: Option<&str>,
    heard: usize,
) {
    let style = Style::default();
    let control = PartDraft::new(pap::CONTROL_MEDIA, pap::document(&draft.tree(), "2.0"));
    let body = pap::write(&[control, content.clone()], &style);
    let mut fields = vec![("Content-Type", pap::content_type(&style))];
    if let Some(password) = credentials {
        let basic = digest::basic("assay", password);
        fields.push(("Authorization", format!("Basic {basic}")));
    }
    script.send(label, "POST", "/ppg", fields, &body);
    script.listen(label, heard);
}

fn draft<'d>(push_id: &'d str, addresses: &[&'d str]) -> PushDraft<'d> {
    PushDraft {
        push_id,
        addresses: addresses.iter().map(|address| (*address).into()).collect(),
        ..PushDraft::default()
    }
}

fn document() -> PartDraft {
    let media = format!("application/vnd.wap.connectivity-wbxml; SEC=0; MAC={MAC}");
    PartDraft::new(&media, [0x03, 0x0B, 0x6A, 0x00, 0x45, 0x01])
}

const RIGHT: Option<&str> = Some("secret-assay");

fn pushes(peer: &Running, seen: &mut Vec<Seen>) {
    let script = &mut script(peer, seen);
    submit(
        script,
        "by somebody",
        &draft("1", &[FIRST]),
        &document(),
        None,
        1,
    );
    submit(
        script,
        "by a known one",
        &draft("2", &[SECOND]),
        &document(),
        RIGHT,
        1,
    );
    let wrong = Some("wrong");
    submit(
        script,
        "by a wrong one",
        &draft("3", &[FIRST]),
        &document(),
        wrong,
        0,
    );
    submit(
        script,
        "again",
        &draft("2", &[SECOND]),
        &document(),
        RIGHT,
        0,
    );

    let indication = "<?xml version=\"1.0\"?>\n<!DOCTYPE si PUBLIC \"-//WAPFORUM//DTD SI 1.0//EN\" \
                      \"http://www.wapforum.org/DTD/si.dtd\">\n<si>\n  <indication \
                      href=\"http://www.example.com/a\" si-id=\"s\" \
                      created=\"2009-01-02T03:04:00Z\">Hi</indication>\n</si>";
    let content = PartDraft::new("text/vnd.wap.si; charset=utf-8", indication);
    submit(
        script,
        "an indication",
        &draft("4", &[SECOND]),
        &content,
        RIGHT,
        1,
    );
    let content = PartDraft::new("text/vnd.wap.sl", "<sl href=\"http://a.example/\"/>");
    submit(
        script,
        "a loading",
        &draft("5", &[FIRST]),
        &content,
        RIGHT,
        1,
    );
    let content = PartDraft::new("text/vnd.wap.sl", "<sl href=");
    submit(
        script,
        "one that is none",
        &draft("6", &[FIRST]),
        &content,
        RIGHT,
        0,
    );
    let mut content = document();
    content.body = vec![0x03, 0x0B, 0x6A, 0x00, 0x45];
    content.body.resize(300, 0x01);
    content.fields = vec![("Content-Type".into(), "application/octet-stream".into())];
    let label = "several segments of anything";
    submit(script, label, &draft("7", &[FIRST]), &content, None, 1);
}

fn controls(peer: &Running, seen: &mut Vec<Seen>) {
    let script = &mut script(peer, seen);
    let url = format!("http://{}/told", script.ears.pap);
    let mut asked = draft("told", &[SECOND]);
    asked.attributes = vec![("ppg-notify-requested-to", url.into())];
    submit(script, "with a notification", &asked, &document(), RIGHT, 2);

    let control = |script: &mut Script<'_>, label: &str, media: &str, body: &[u8]| {
        let fields = vec![
            ("Content-Type", media.to_owned()),
            (
                "Authorization",
                format!("Basic {}", digest::basic("assay", "secret-assay")),
            ),
        ];
        script.send(label, "POST", "/ppg", fields, body);
    };
    let xml = pap::CONTROL_MEDIA;
    let query = |id: &str| pap::document(&pap::status_query(id, &[]), "1.0");
    let cancel = |id: &str| pap::document(&pap::cancel(id, &[]), "1.0");
    control(script, "what came of it", xml, &query("told"));
    control(script, "what came of nothing", xml, &query("nothing"));
    control(script, "not that one", xml, &cancel("told"));
    control(script, "not nothing", xml, &cancel("nothing"));
    control(
        script,
        "not well-formed",
        xml,
        b"<?xml version=\"1.0\"?><pap><push-mess",
    );
    control(script, "no message", xml, b"<pap/>");
    control(script, "another root", xml, b"<html><body/></html>");
    control(
        script,
        "no content",
        xml,
        &pap::document(&draft("8", &[FIRST]).tree(), "1.0"),
    );
    control(
        script,
        "no parts",
        &pap::content_type(&Style::default()),
        b"nothing",
    );
    control(script, "no media type", "text/plain", b"<pap/>");
    script.send("another method", "GET", "/ppg", Vec::new(), b"");
}

fn several(peer: &Running, seen: &mut Vec<Seen>) {
    let script = &mut script(peer, seen);
    submit(
        script,
        "to two",
        &draft("t", &[SECOND, SECOND]),
        &document(),
        RIGHT,
        2,
    );
    let nobody = "WAPPUSH=+4711/TYPE=PLMN@ppg.example.com";
    submit(
        script,
        "to nobody",
        &draft("n", &[nobody]),
        &document(),
        RIGHT,
        0,
    );
    submit(
        script,
        "to none",
        &draft("m", &["+4711"]),
        &document(),
        RIGHT,
        0,
    );
    let mut confirmed = draft("c", &[FIRST]);
    confirmed.quality = Some(pap::QualityDraft {
        method: Some("confirmed"),
        ..pap::QualityDraft::default()
    });
    submit(script, "confirmed", &confirmed, &document(), RIGHT, 0);
    let mut late = draft("l", &[FIRST]);
    let url = format!("http://{}/told", script.ears.pap);
    late.attributes = vec![
        ("deliver-before-timestamp", "2020-01-01T00:00:00Z".into()),
        ("ppg-notify-requested-to", url.into()),
    ];
    submit(script, "too late", &late, &document(), RIGHT, 1);
}

fn waiting(peer: &Running, seen: &mut Vec<Seen>) {
    let script = &mut script(peer, seen);
    let later = |id| {
        let mut draft = draft(id, &[FIRST]);
        let time = "2089-01-01T00:00:00Z";
        draft.attributes = vec![("deliver-after-timestamp", time.into())];
        draft
    };
    submit(script, "for later", &later("w"), &document(), RIGHT, 0);
    for (label, old) in [("instead", "w"), ("instead of nothing", "nothing")] {
        let mut draft = later(label);
        draft.attributes.push(("replace-push-id", old.into()));
        submit(script, label, &draft, &document(), RIGHT, 0);
    }
    for id in ["w", "instead"] {
        let fields = || {
            let basic = digest::basic("assay", "secret-assay");
            vec![
                ("Content-Type", pap::CONTROL_MEDIA.to_owned()),
                ("Authorization", format!("Basic {basic}")),
            ]
        };
        let query = pap::document(&pap::status_query(id, &[]), "1.0");
        script.send(id, "POST", "/ppg", fields(), &query);
        let cancel = pap::document(&pap::cancel(id, &[]), "1.0");
        script.send(id, "POST", "/ppg", fields(), &cancel);
    }
}
