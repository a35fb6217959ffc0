//! Client provisioning: what its subjects show of recordings made by hand, and that nothing that
//! is pushed is too much.

use assay_judge::{Judgement, Verdict};
use assay_wire::cp::{si::IndicationDraft, sl};
use assay_wire::recording::Direction;
use assay_wire::recording::{Event, Link, LinkId, Place, Proof, Recording};
use assay_wire::wbxml;
use assay_wire::{Limits, Span, Tree, smpp, sms, trigger, wsp, xml};
use rstest::rstest;

use crate::tape::judged_in;

const HEAD: &str = "assay: 1\nrole: cp-server\nchapter: cp.test\nstandard: S\n";

/// A recording in which things arrive.
#[derive(Default)]
struct Tape {
    recording: Recording,
}

impl Tape {
    fn new(carrier: &str) -> Self {
        let mut tape = Self::default();
        tape.recording.case = "cp.test.case".into();
        let axes = &mut tape.recording.axes;
        axes.insert("carrier".into(), carrier.into());
        tape.recording.links.push(Link::default());
        tape
    }

    /// A unit that step `step` waited for.
    fn arrive(&mut self, step: u32, carrier: &str, octets: &[u8]) -> Place {
        let incoming = &mut self.recording.links[0].r#in;
        let start = incoming.len();
        incoming.extend(octets);
        let span = Span::new(start, incoming.len());
        let link = LinkId(0);
        let arrived = Event::Arrived {
            link,
            span,
            step,
            device: "a".into(),
            carrier: carrier.into(),
        };
        self.recording.events.push((0, arrived));
        Place {
            link,
            direction: Direction::In,
            span,
        }
    }

    /// A push PDU as short messages.
    fn sms(&mut self, step: u32, pdu: &[u8]) -> Place {
        let split = sms::Split::default();
        let mut last = None;
        for (sequence, data) in (1..).zip(sms::split(pdu, &split).expect("it fits")) {
            let message = smpp::Message::of_segment("+1555", "+1556", data);
            let body = smpp::Body::Message(Box::new(message));
            let pdu = smpp::Pdu::ask(smpp::command::SUBMIT_SM, sequence, body);
            last = Some(self.arrive(step, "smpp", &pdu.write()));
        }
        last.expect("a segment")
    }

    fn proof(&mut self, formula: &str, place: Place, holds: bool) {
        let proof = Proof {
            place,
            formula: formula.into(),
            with: "d".into(),
            nonce: String::new(),
            holds,
        };
        self.recording.events.push((0, Event::Proof(proof)));
    }
}

/// A document in WBXML.
fn document(text: &str) -> Vec<u8> {
    let text = format!("<wap-provisioningdoc version=\"1.1\">{text}</wap-provisioningdoc>");
    let (tree, _) = xml::read(text.as_bytes(), &Limits::TARGET).expect("XML");
    tokens(&tree)
}

fn tokens(tree: &Tree<'_>) -> Vec<u8> {
    wbxml::write(tree, &wbxml::Style::default()).expect("a vocabulary")
}

fn push(media: &str, body: Vec<u8>, change: impl FnOnce(&mut wsp::PushDraft)) -> Vec<u8> {
    let mut draft = wsp::PushDraft::new(media, body);
    change(&mut draft);
    draft.write(&wsp::Style::default())
}

const WBXML: &str = assay_wire::cp::WBXML_MEDIA;

const NET: &str = "<characteristic type=\"NAPDEF\"><parm name=\"NAPID\" value=\"N1\"/>\
    <parm name=\"NAME\" value=\"Net\"/><parm name=\"NAP-ADDRESS\" value=\"apn\"/>\
    <parm name=\"INTERNET\"/></characteristic>\
    <characteristic type=\"APPLICATION\"><parm name=\"APPID\" value=\"w7\"/>\
    <parm name=\"TO-NAPID\" value=\"N2\"/><parm name=\"ROLE\" value=\"8\"/>\
    <parm name=\"PROVIDER-ID\" value=\"p\"/><characteristic type=\"APPADDR\">\
    <parm name=\"ADDR\" value=\"https://h/dm\"/></characteristic><characteristic type=\"APPAUTH\">\
    <parm name=\"AAUTHLEVEL\" value=\"CLIENT\"/><parm name=\"AAUTHTYPE\" value=\"DIGEST\"/></characteristic>\
    </characteristic>";

/// A rule on one kind of subject, judged on a recording.
fn judged(each: &str, holds: &str, recording: &Recording) -> Judgement {
    let text = format!(
        "{HEAD}requirements:\n  - id: cp.test.rule\n    must: It does.\n    ref: S\n    each: {each}\n    \
         holds: |\n      {holds}\n    dies-by: [x]\ncases:\n  - id: cp.test.case\n    does: Waits.\n    \
         proves: [cp.test.rule]\n    steps:\n      - await: {{count: 0}}\n"
    );
    judged_in("cp/test.yaml", &text, recording)
}

#[track_caller]
fn holds(each: &str, rule: &str, recording: &Recording) {
    let judgement = judged(each, rule, recording);
    let message = judgement
        .findings
        .first()
        .map(|found| found.message.clone());
    assert_eq!(
        judgement.looked.len(),
        1,
        "nothing was looked at: {each}: {rule}"
    );
    let is_met = judgement
        .findings
        .iter()
        .all(|it| it.verdict == Verdict::Pass);
    assert!(is_met, "{each}: {rule}: {message:?}");
}

/// A signed document in two short messages.
fn signed() -> Recording {
    let mut tape = Tape::new("smpp");
    let body = document(NET);
    let mac = "0123456789ABCDEF0123456789ABCDEF01234567";
    let pdu = push(WBXML, body, |draft| {
        draft.sec = Some(1);
        draft.mac = Some(mac.into());
    });
    let at = tape.sms(0, &pdu);
    tape.proof("push-mac", at, true);
    tape.proof("pin-hidden", at, false);
    tape.recording
}

#[rstest]
#[case(
    "delivery",
    "delivery.carrier == \"smpp\" && delivery.units == 2 && delivery.pushes == 1"
)]
#[case("delivery", "delivery.incomplete == 0 && delivery.device == \"a\"")]
#[case("exchange", "exchange.action == \"delivery\" && exchange.pushes == 1")]
#[case(
    "segment",
    "segment.to_port == 2948 && segment.total == 2 && segment.eight_bit"
)]
#[case(
    "segment",
    "segment.media.contains(\"connectivity\") && segment.number == segment.position"
)]
#[case(
    "push",
    "push.kind == \"document\" && push.pdu_type == 6 && push.segments == 2"
)]
#[case(
    "push",
    "push.sec == 1 && push.sec_form == \"short\" && push.mac_form == \"text\" && push.mac_closed"
)]
#[case(
    "push",
    "push.mac_checked && push.mac_ok && push.pin_shown && !push.pin_checked"
)]
#[case(
    "push",
    "push.root == \"wap-provisioningdoc\" && push.public_id == \"11\" && push.charset == 106"
)]
#[case(
    "document",
    "document.from == \"push\" && document.encoding == \"wbxml\" && document.well_formed"
)]
#[case(
    "document",
    "document.version == \"1.1\" && document.dangling == [\"TO-NAPID N2\"]"
)]
#[case(
    "document",
    "document.doubled == [] && document.characteristics.size() == 4"
)]
#[case(
    "account",
    "account.provider == \"p\" && account.addresses == [\"https://h/dm\"]"
)]
#[case(
    "account",
    "account.message_roles == 16 && account.role_exceeds && account.client_types == [\"DIGEST\"]"
)]
#[case(
    "characteristic",
    "characteristic.standard && characteristic.placed && document.sec == 1"
)]
#[case("parm", "parm.has_value != parm.flag")]
fn a_push_in_short_messages_shows_all_of_itself(#[case] each: &str, #[case] rule: &str) {
    holds(each, rule, &signed());
}

#[test]
fn the_parameters_of_a_characteristic_are_found_by_name() {
    let rule = "characteristic.type != \"NAPDEF\" || (characteristic.parm(\"NAPID\") == \"N1\" \
                && characteristic.parm(\"X\") == \"\" && \"INTERNET\" in characteristic.parm_names)";
    holds("characteristic", rule, &signed());
}

#[test]
fn a_missing_segment_leaves_no_push() {
    let mut recording = signed();
    recording.events.remove(1);
    holds(
        "delivery",
        "delivery.incomplete == 1 && delivery.pushes == 0",
        &recording,
    );
}

#[test]
fn indications_and_loadings_are_seen() {
    let mut tape = Tape::new("udp");
    let si = |href| {
        let draft = IndicationDraft {
            href: Some(href),
            si_id: Some("s1"),
            created: Some("2009-01-02T03:04:00Z"),
            expires: Some("2009-02-01T00:00:00Z"),
            action: None,
            text: "Hi",
        };
        push(
            assay_wire::cp::si::WBXML_MEDIA,
            tokens(&draft.tree()),
            |_| {},
        )
    };
    tape.arrive(0, "udp", &si("http://h/a.cpf"));
    holds(
        "si",
        "si.has_indication && si.created < si.expires && si.text == \"Hi\"",
        &tape.recording,
    );
    holds(
        "si",
        "si.charset == 106 && !si.id_reused && push.public_id == \"5\"",
        &tape.recording,
    );
    tape.arrive(1, "udp", &si("http://h/b.cpf"));
    holds(
        "si",
        "si.id_reused == (si.href == \"http://h/b.cpf\")",
        &tape.recording,
    );
    let body = tokens(&sl::loading("http://h/x", Some("cache")));
    tape.arrive(2, "udp", &push(sl::WBXML_MEDIA, body, |_| {}));
    holds(
        "sl",
        "sl.root == \"sl\" && sl.href == \"http://h/x\" && sl.action == \"cache\"",
        &tape.recording,
    );
}

#[test]
fn a_notification_is_seen_with_what_was_proved_of_it() {
    let mut tape = Tape::new("udp");
    let mut draft = trigger::TriggerDraft::new("srv", 7);
    draft.vendor = vec![1, 2];
    let octets = draft.write("secret", b"nonce");
    let pdu = push(trigger::MEDIA, octets, |draft| {
        let id = ("X-Wap-Application-Id", trigger::APPLICATION);
        draft.headers.push((id.0.into(), id.1.into()));
    });
    let at = tape.arrive(0, "udp", &pdu);
    tape.proof("trigger-digest", at, true);
    let rule = "trigger.digest_checked && trigger.digest_ok && trigger.session == 7 \
                && trigger.server == \"srv\" && trigger.vendor_octets == 2 && trigger.application_first";
    holds("trigger", rule, &tape.recording);
    holds(
        "push",
        "push.application_id == \"x-wap-application:syncml.dm\"",
        &tape.recording,
    );
}

/// A request of PAP with a document to push.
fn submission() -> Vec<u8> {
    let control = "<?xml version=\"1.0\"?><!DOCTYPE pap PUBLIC \"-//WAPFORUM//DTD PAP 1.0//EN\" \
        \"http://www.wapforum.org/DTD/pap_1.0.dtd\"><pap><push-message push-id=\"p1\" \
        deliver-before-timestamp=\"2030-01-01T00:00:00Z\"><address \
        address-value=\"WAPPUSH=+1555/TYPE=PLMN@h\"/><quality-of-service delivery-method=\"unconfirmed\"/>\
        </push-message></pap>";
    let mut body = format!(
        "--b\r\nContent-Type: application/xml\r\n\r\n{control}\r\n--b\r\n\
         Content-Type: {WBXML}; SEC=1; MAC=\"AA\"\r\n\r\n"
    )
    .into_bytes();
    body.extend(document(NET));
    body.extend(b"\r\n--b--\r\n");
    let mut octets = format!(
        "POST /pap/d HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/related; boundary=b; \
         type=\"application/xml\"\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    octets.extend(body);
    octets
}

#[test]
fn a_request_to_the_gateway_is_seen_with_what_it_asks_to_push() {
    let octets = submission();
    let mut tape = Tape::new("pap");
    tape.arrive(0, "pap", &octets);
    let rule = "pap.media == \"multipart/related\" && pap.type == \"application/xml\" && pap.has_boundary \
                && pap.control_part == 1 && pap.parts.size() == 2 && pap.message == \"push-message\"";
    holds("pap", rule, &tape.recording);
    let rule = "pap.push_id == \"p1\" && pap.delivery_method == \"unconfirmed\" && !pap.push_id_reused \
                && pap.before == \"2030-01-01T00:00:00Z\" && pap.addresses.size() == 1";
    holds("pap", rule, &tape.recording);
    holds(
        "address",
        "address.valid && address.kind == \"PLMN\"",
        &tape.recording,
    );
    holds(
        "push",
        "!push.has_pdu && push.sec == 1 && push.mac == \"AA\"",
        &tape.recording,
    );
    holds(
        "document",
        "document.root == \"wap-provisioningdoc\"",
        &tape.recording,
    );
    tape.arrive(1, "pap", &octets);
    holds("exchange", "exchange.pushes == 1", &tape.recording);
}

#[test]
fn a_notification_of_a_gateway_is_seen_and_is_no_push() {
    let control = "<pap><resultnotification-message push-id=\"p1\" message-state=\"delivered\" \
        code=\"1000\"><address address-value=\"WAPPUSH=+1555/TYPE=PLMN@h\"/>\
        </resultnotification-message></pap>";
    let octets = format!(
        "POST /pap/d HTTP/1.1\r\nHost: h\r\nContent-Type: application/xml\r\n\
         Content-Length: {}\r\n\r\n{control}",
        control.len()
    );
    let mut tape = Tape::new("pap");
    tape.arrive(0, "pap", octets.as_bytes());
    let rule = "pap.message == \"resultnotification-message\" && pap.push_id == \"p1\" \
                && pap.state == \"delivered\" && !pap.push_id_ok && !pap.push_id_reused";
    holds("pap", rule, &tape.recording);
    holds("delivery", "delivery.pushes == 0", &tape.recording);
}

#[test]
fn nothing_that_was_waited_for_is_a_delivery_too() {
    let tape = Tape::new("udp");
    holds(
        "delivery",
        "delivery.pushes == 0 && delivery.carrier == \"\"",
        &tape.recording,
    );
}

#[test]
fn what_comes_for_another_device_is_not_what_was_waited_for() {
    let text = format!(
        "{HEAD}requirements:\n  - id: cp.test.rule\n    must: It does.\n    ref: S\n    dies-by: [x]\n\
         cases:\n  - id: cp.test.case\n    does: Waits.\n    proves: [cp.test.rule]\n    steps:\n      \
         - await: {{device: b, owed: true}}\n      - expect:\n          holds: |\n            \
         delivery.device == \"b\" && delivery.pushes == 0\n"
    );
    let mut tape = Tape::new("smpp");
    tape.sms(0, &push(WBXML, document(NET), |_| {}));
    let judgement = judged_in("cp/test.yaml", &text, &tape.recording);
    assert_eq!(judgement.verdict, Verdict::Pass, "{judgement:?}");
}

#[test]
fn no_octets_are_too_much() {
    let body = document(NET);
    let pdu = push(WBXML, body, |draft| draft.sec = Some(0));
    for carrier in ["smpp", "udp", "pap", "file"] {
        for end in 0..pdu.len() {
            let mut tape = Tape::new(carrier);
            tape.arrive(0, carrier, &pdu[..end]);
            judged("push", "push.kind != \"\"", &tape.recording);
        }
    }
}

#[rstest]
#[case::push("push", "push.sec == 2")]
#[case::document("document", "document.version == \"1.0\"")]
#[case::parm("parm", "parm.name != \"NAPID\"")]
#[case::segment("segment", "segment.total == 1")]
fn what_is_wrong_in_a_push_is_shown_with_its_meaning(#[case] each: &str, #[case] rule: &str) {
    let pdu = push(WBXML, document(NET), |draft| draft.sec = Some(0));
    let mut shown = Vec::new();
    for carrier in ["udp", "smpp"] {
        let mut tape = Tape::new(carrier);
        if carrier == "smpp" {
            tape.sms(0, &pdu);
        } else {
            tape.arrive(0, carrier, &pdu);
        }
        let judgement = judged(each, rule, &tape.recording);
        let found = judgement.findings.first();
        let snippet = found.and_then(|it| it.snippet.as_deref());
        shown.push(format!("{carrier}\n{}\n", snippet.unwrap_or("nothing")));
    }
    let mut tape = Tape::new("pap");
    tape.arrive(0, "pap", &submission());
    let judgement = judged(each, rule, &tape.recording);
    let snippet = judgement
        .findings
        .first()
        .and_then(|it| it.snippet.as_deref());
    shown.push(format!("pap\n{}\n", snippet.unwrap_or("nothing")));
    insta::assert_snapshot!(each, shown.concat());
}
