//! Hands pushes on to devices: the content as a PDU, short messages or a datagram, and the
//! notification of what came of it.

use std::sync::Weak;
use std::time::Duration;

use assay_wire::cp::{TEXT_MEDIA, WBXML_MEDIA, si, sl};
use assay_wire::pap::{self, OutcomeDraft};
use assay_wire::wsp::{self, INITIATOR_AUTHENTICATED, PushDraft};
use assay_wire::{trigger, wbxml};

use super::Reply;
use super::asked::Content;
use super::ledger::{Progress, Route};
use super::server::Gateway;
use crate::carry::smpp::Verdict;
use crate::carry::{Carrier, Sms, http, smpp, udp};
use crate::clock;
use crate::control::Control;
use crate::cp::{Kind, Push, parse};
use crate::switch::{Family, Switches};

/// The longest that a push waits for its time.
const LONGEST: i64 = 24 * 3600;

/// A push that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Its name.
    pub(crate) push_id: String,
    /// Where it goes: the address as it was given, the number in it, the way there.
    pub(crate) targets: Vec<(String, String, Route)>,
    /// What it says.
    pub(crate) push: Push,
    /// The instant before which it is not sent.
    pub(crate) after: Option<i64>,
    /// The instant from which on it is not sent.
    pub(crate) before: Option<i64>,
    /// Where to tell what came of it.
    pub(crate) notify: Option<String>,
    /// When it came in.
    pub(crate) received: String,
}

/// A push out of a content entity: indications and loadings as text become WBXML.
///
/// # Errors
/// Content that cannot be transformed.
pub(crate) fn push(
    content: &Content,
    authenticated: bool,
    switches: &Switches,
) -> Result<Push, &'static str> {
    let (kind, media, body) = match content.media.essence.as_str() {
        si::TEXT_MEDIA => {
            let kind = Kind::Indication;
            (kind, si::WBXML_MEDIA, tokens(&content.body, kind)?)
        }
        sl::TEXT_MEDIA => {
            let kind = Kind::Loading;
            (kind, sl::WBXML_MEDIA, tokens(&content.body, kind)?)
        }
        si::WBXML_MEDIA => (Kind::Indication, si::WBXML_MEDIA, content.body.clone()),
        sl::WBXML_MEDIA => (Kind::Loading, sl::WBXML_MEDIA, content.body.clone()),
        trigger::MEDIA => (Kind::Trigger, trigger::MEDIA, content.body.clone()),
        // What is signed stays as it is, text or not.
        TEXT_MEDIA => (Kind::Document, TEXT_MEDIA, content.body.clone()),
        WBXML_MEDIA => (Kind::Document, WBXML_MEDIA, content.body.clone()),
        other => (Kind::Document, other, content.body.clone()),
    };
    let mut draft = PushDraft::new(media, body);
    let sec = content.media.param("sec").map(str::trim);
    draft.sec = sec
        .and_then(|sec| sec.parse().ok())
        .filter(|sec| *sec < 0x80);
    draft.mac = content.media.param("mac").map(str::to_owned);
    draft.headers.clone_from(&content.headers);
    let mut push = Push {
        kind,
        draft,
        style: wsp::Style::default(),
        pin: None,
    };
    // What a notification may say beside its application is limited.
    let flags = authenticated || switches.on("push-flag-for-everybody");
    if flags && kind != Kind::Trigger {
        push.header("Push-Flag", &INITIATOR_AUTHENTICATED.to_string(), false);
    }
    for bend in switches.pushes(Family::Ppg) {
        bend(&mut push);
    }
    Ok(push)
}

/// An indication or loading as WBXML.
fn tokens(text: &[u8], kind: Kind) -> Result<Vec<u8>, &'static str> {
    let text = std::str::from_utf8(text).map_err(|_| "the content is not UTF-8")?;
    let doc = parse(text, kind).map_err(|_| "the content is no XML")?;
    let style = wbxml::Style::default();
    wbxml::write(&doc.tree, &style).map_err(|_| "the content cannot be tokenised")
}

/// Waits for the time of a push, hands it on, and tells what came of it.
pub(crate) async fn run(gateway: Weak<Gateway>, job: Job) {
    let wait = job.after.map_or(0, |after| after - clock::now());
    if wait > LONGEST {
        // It stays pending; no run is as long as that.
        return;
    }
    if wait > 0 {
        let seconds = u64::try_from(wait).unwrap_or(0);
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
    // A gateway that has gone has nobody left to answer to.
    let Some(gateway) = gateway.upgrade() else {
        return;
    };
    let pending = |gateway: &Gateway| {
        let ledger = gateway.ledger();
        let record = ledger.push(&job.push_id);
        record.is_some_and(|record| record.progress == Progress::Pending)
    };
    if !pending(&gateway) {
        return;
    }
    let late = job.before.is_some_and(|before| before <= clock::now());
    for (address, number, route) in &job.targets {
        if gateway.ledger().push(&job.push_id).is_none() {
            // It was forgotten meanwhile.
            return;
        }
        let progress = if late {
            Progress::Expired
        } else if deliver(&gateway, number, route, &job.push).await {
            Progress::Delivered
        } else {
            Progress::Undeliverable
        };
        gateway.ledger().progress(&job.push_id, progress);
        tell(&gateway, &job, address, progress).await;
    }
}

async fn deliver(gateway: &Gateway, number: &str, route: &Route, push: &Push) -> bool {
    let pdu = push.pdu();
    match route.carrier {
        Carrier::Udp => udp(&route.gateway, &pdu).await.is_ok(),
        Carrier::Smpp => {
            let reference = gateway.ledger().reference();
            let mut sms = Sms::new(push.kind, reference);
            for bend in gateway.switches.short_messages(Family::Ppg) {
                bend(&mut sms);
            }
            let sent = smpp::submit(&route.gateway, &route.device, number, &sms, &pdu).await;
            matches!(sent, Ok(Verdict::Taken))
        }
        Carrier::Pap | Carrier::File => false,
    }
}

/// Tells the initiator what came of a push, where it wants to know.
async fn tell(gateway: &Gateway, job: &Job, address: &str, progress: Progress) {
    let Some(url) = &job.notify else {
        return;
    };
    if gateway.switches.on("notification-not-sent") {
        return;
    }
    let code = match progress {
        Progress::Delivered => 1000,
        Progress::Expired => 3003,
        Progress::Pending | Progress::Undeliverable | Progress::Cancelled => 4001,
    };
    let time = clock::text(clock::now());
    let outcome = OutcomeDraft {
        code,
        description: pap::meaning(code),
        state: Some(progress.word()),
        time: Some(&time),
        addresses: vec![address],
    };
    let tree = pap::result_notification(&job.push_id, Some(&job.received), &outcome);
    let mut reply = Reply {
        control: Control::new(tree),
    };
    for bend in gateway.switches.replies() {
        bend(&mut reply);
    }
    let fields = [("Content-Type", pap::CONTROL_MEDIA)];
    // Whether the initiator listens is its own affair.
    let _ = http::post(url, &fields, &reply.control.write()).await;
}
