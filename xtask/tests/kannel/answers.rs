//! What Kannel answers to pushes that are wrong, and to messages other than pushes.

use assay_wire::cp::si::{self, IndicationDraft};
use assay_wire::pap::{self, PartDraft, QualityDraft};
use assay_wire::xml;

use crate::centre::Centre;
use crate::gateway::{
    ADDRESS, Answer, Kannel, USER, body, control, is_silent_to, message, post, post_as, ready,
};
use crate::namespace::inside;

const PUSH: &str = "push-response";
const BAD: &str = "badmessage-response";

fn indication() -> PartDraft {
    let draft = IndicationDraft {
        href: Some("http://www.example.com/"),
        text: "Hello",
        ..IndicationDraft::default()
    };
    PartDraft::new(
        si::TEXT_MEDIA,
        xml::write(&draft.tree(), &xml::Style::default()),
    )
}

fn answer(status: u16, message: &str, code: u16) -> Answer {
    Answer {
        status,
        message: message.to_owned(),
        code: Some(code),
    }
}

/// A push whose address is this.
fn to(address: &'static str) -> Vec<u8> {
    let mut message = message("to");
    message.addresses = vec![address.into()];
    body(pap::document(&message.tree(), "2.0"), indication())
}

/// A push with this attribute.
fn with(name: &'static str, value: &'static str) -> Vec<u8> {
    let mut message = message("with");
    message.attributes.push((name, value.into()));
    body(pap::document(&message.tree(), "2.0"), indication())
}

#[test]
fn it_answers_as_it_is_known_to() {
    inside("answers::it_answers_as_it_is_known_to", || {
        let centre = Centre::open();
        let kannel = Kannel::start();
        what_it_takes(&centre);
        what_it_refuses();
        what_it_does_not_know();
        what_it_takes_and_drops(&centre);
        what_it_dies_of(&kannel);
    });
}

fn what_it_takes(centre: &Centre) {
    for _ in 0..2 {
        let answered = post(USER, &body(control("twice"), indication()));
        assert_eq!(
            answered,
            Some(answer(202, PUSH, 1001)),
            "a push-id may come twice"
        );
        centre.push();
    }
    let mut both = message("both");
    both.addresses = vec!["WAPPUSH=+15550199/TYPE=PLMN@x".into(), ADDRESS.into()];
    let both = body(pap::document(&both.tree(), "2.0"), indication());
    assert_eq!(post(USER, &both), Some(answer(202, PUSH, 1001)));
    assert_eq!(centre.push().to, "15550100", "the last address");
    assert!(centre.is_silent(), "and no other");
    let answered = post(
        USER,
        &with("deliver-before-timestamp", "2099-01-01T00:00:00Z"),
    );
    assert_eq!(answered, Some(answer(202, PUSH, 1001)));
    centre.push();
}

fn what_it_refuses() {
    let refused = post(
        USER,
        &with("deliver-before-timestamp", "2001-01-01T00:00:00Z"),
    );
    assert_eq!(refused, Some(answer(202, PUSH, 2001)));
    let broken = PartDraft::new(si::TEXT_MEDIA, "<si><indication");
    let refused = post(USER, &body(control("broken"), broken));
    assert_eq!(refused, Some(answer(202, PUSH, 3006)));
    for wrong in [
        body(b"no XML <<<".to_vec(), indication()),
        to("WAPPUSH=joe/TYPE=USER@ppg.example.com"),
        to("WAPPUSH=+1555x/TYPE=PLMN@ppg.example.com"),
        to("WAPPUSH=+15550100/TYPE=FAX@ppg.example.com"),
        with("deliver-before-timestamp", "tomorrow"),
    ] {
        let said = String::from_utf8_lossy(&wrong);
        assert_eq!(post(USER, &wrong), Some(answer(202, BAD, 2000)), "{said}");
    }
    let whole = body(control("cut"), indication());
    let cut = &whole[..whole.len() - 8];
    assert_eq!(
        post(USER, cut),
        Some(answer(202, BAD, 2000)),
        "no closing boundary"
    );
    let nobody = post("", &whole).map(|answer| answer.status);
    assert_eq!(nobody, Some(401));
    let stranger = post("username=mallory&password=secret", &whole).map(|answer| answer.status);
    assert_eq!(stranger, Some(403));
}

/// A push that replaces, a query, and a cancellation.
fn what_it_does_not_know() {
    let replacing = with("replace-push-id", "twice");
    assert_eq!(post(USER, &replacing), Some(answer(202, BAD, 2000)));
    let query = pap::document(&pap::status_query("twice", &[]), "2.0");
    let cancel = pap::document(&pap::cancel("twice", &[]), "2.0");
    for entity in [query, cancel] {
        let alone = post_as(pap::CONTROL_MEDIA, USER, &entity);
        assert_eq!(alone, Some(answer(202, BAD, 2000)));
        assert_eq!(
            post(USER, &body(entity, indication())),
            Some(answer(202, BAD, 2000))
        );
    }
}

/// Accepted, but nothing is sent, and nobody is told.
fn what_it_takes_and_drops(centre: &Centre) {
    let later = with("deliver-after-timestamp", "2099-01-01T00:00:00Z");
    assert_eq!(post(USER, &later), Some(answer(202, PUSH, 1001)));
    assert!(centre.is_silent());
    let mut confirmed = message("confirmed");
    confirmed.addresses = vec!["WAPPUSH=+15550198/TYPE=PLMN@x".into()];
    confirmed.quality = Some(QualityDraft {
        method: Some("confirmed"),
        ..QualityDraft::default()
    });
    let confirmed = body(pap::document(&confirmed.tree(), "2.0"), indication());
    assert_eq!(post(USER, &confirmed), Some(answer(202, PUSH, 1001)));
    assert!(centre.is_silent());
}

/// Segmentation faults, and a request that keeps it busy for ever.
fn what_it_dies_of(kannel: &Kannel) {
    assert!(kannel.deaths(0).is_empty(), "until here it lived");
    let whole = body(control("whole"), indication());
    let unbounded = post_as("multipart/related; type=\"application/xml\"", USER, &whole);
    assert_eq!(
        unbounded,
        Some(answer(202, BAD, 2000)),
        "it answers before it dies"
    );
    assert_eq!(kannel.deaths(1), ["139"]);
    ready();
    let nameless = "<?xml version=\"1.0\"?><pap><push-message/></pap>";
    let nameless = post(USER, &body(nameless.into(), indication()));
    assert_eq!(nameless, None);
    assert_eq!(kannel.deaths(2), ["139", "139"]);
    ready();
    assert!(is_silent_to(&to("+15550100")), "no WAPPUSH= in front");
    assert!(
        is_silent_to(&whole),
        "nor does it answer anything after that"
    );
}
