//! The server as a push initiator: what it submits to a gateway, and what the gateway tells it later.

use std::sync::Arc;

use assay_wire::Limits;
use assay_wire::http::Response as Answer;
use assay_wire::pap::{self, AddressKind, AddressValue, PartDraft, PushDraft, QualityDraft};
use assay_wire::xml;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::admin::Target;
use super::push::Push;
use super::server::Server;
use crate::carry::{Lost, http};
use crate::control::Control;
use crate::intake;

/// Where gateways tell what came of a push.
pub(super) const NOTIFY: &str = "/pap/notify";
/// Octets of such a message.
const LARGEST: usize = 64 << 10;
/// The gateway, as addresses name it.
const GATEWAY: &str = "ppg.example.com";
/// Between these two every push is to be delivered.
const AFTER: &str = "2020-01-01T00:00:00Z";
const BEFORE: &str = "2090-01-01T00:00:00Z";

/// A push as it is submitted to a gateway.
#[derive(Clone, Debug)]
pub struct Pap {
    /// The control entity.
    pub control: Control,
    /// The media type of the control entity.
    pub control_media: &'static str,
    /// The media type of the whole.
    pub media: &'static str,
    /// Whether the whole names the type of its first part.
    pub names_type: bool,
    /// Whether the boundary stands in quotation marks.
    pub quotes_boundary: bool,
    /// The content entity in front of the control entity. Wrong.
    pub content_first: bool,
    /// The content entity.
    pub content: PartDraft,
    /// Further fields of the control entity.
    pub fields: Vec<(String, String)>,
    /// How the parts are written.
    pub style: pap::Style,
}

impl Pap {
    fn content_type(&self) -> String {
        let mark = if self.quotes_boundary { "\"" } else { "" };
        let mut text = format!(
            "{}; boundary={mark}{}{mark}",
            self.media, self.style.boundary
        );
        if self.names_type {
            text += "; type=\"application/xml\"";
        }
        text
    }

    fn write(&self) -> Vec<u8> {
        let mut control = PartDraft::new(self.control_media, self.control.write());
        control.fields.extend(self.fields.iter().cloned());
        let mut parts = vec![control, self.content.clone()];
        if self.content_first {
            parts.reverse();
        }
        pap::write(&parts, &self.style)
    }
}

/// Submits a push. Says what the gateway answered where it did not take it.
pub(super) async fn submit(
    server: &Server,
    target: &Target,
    push: &Push,
) -> Result<Option<String>, Lost> {
    let (drawn, boundary) = {
        let mut state = server.state();
        (state.token(), state.token())
    };
    let drawn = format!("{drawn}@cp.example.com");
    let is_number = target.address.strip_prefix('+').unwrap_or(&target.address);
    let is_number = is_number.bytes().all(|digit| digit.is_ascii_digit());
    let address = AddressValue {
        device: &target.address,
        kind: if is_number {
            AddressKind::Plmn
        } else {
            AddressKind::User
        },
        gateway: GATEWAY,
    };
    let mut draft = PushDraft {
        push_id: target.push_id.as_deref().unwrap_or(&drawn),
        addresses: vec![address.to_string().into()],
        attributes: vec![
            ("deliver-before-timestamp", BEFORE.into()),
            ("deliver-after-timestamp", AFTER.into()),
        ],
        quality: Some(QualityDraft {
            priority: None,
            method: Some("unconfirmed"),
            network: Some(("GSM", false)),
            bearer: Some(("SMS", false)),
        }),
    };
    if target.notify {
        let url = format!("{}{NOTIFY}", target.origin);
        draft
            .attributes
            .push(("ppg-notify-requested-to", url.into()));
    }
    let mut pap = Pap {
        control: Control::new(draft.tree()),
        control_media: pap::CONTROL_MEDIA,
        media: pap::MULTIPART_MEDIA,
        names_type: true,
        quotes_boundary: false,
        content_first: false,
        content: content(push),
        fields: Vec::new(),
        style: pap::Style {
            boundary,
            ..pap::Style::default()
        },
    };
    for bend in server.switches.submissions() {
        bend(&mut pap);
    }
    let fields = [("Content-Type", &*pap.content_type())];
    let answer = http::post(&target.gateway, &fields, &pap.write()).await?;
    Ok(refusal(&answer))
}

/// The content entity of a push: its type with the parameters, its headers, its body.
fn content(push: &Push) -> PartDraft {
    let draft = &push.draft;
    let mut media = draft.media.clone();
    if let Some(sec) = draft.sec {
        media.extend(["; SEC=", &sec.to_string()]);
    }
    if let Some(mac) = &draft.mac {
        media.extend(["; MAC=", mac]);
    }
    let mut part = PartDraft::new(&media, draft.body.clone());
    part.fields.extend(draft.headers.iter().cloned());
    part
}

/// What an answer says that is no consent.
fn refusal(answer: &Answer) -> Option<String> {
    let read = xml::read(&answer.body.octets, &Limits::TARGET);
    let code = read.ok().and_then(|(tree, _)| {
        let document = pap::Document::of(&tree)?;
        let message = document.message?;
        message.code().or_else(|| message.outcomes.first()?.code)
    });
    match code {
        Some(1000 | 1001) => None,
        Some(code) => Some(format!("refused with code {code}")),
        None => Some(format!("HTTP {} without a code", answer.status)),
    }
}

/// Takes in what a gateway tells of a push.
pub(super) async fn notified(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (parts, body): (_, Body) = request.into_parts();
    let octets = match intake::read(&parts.headers, body, LARGEST).await {
        Ok(octets) => octets,
        Err(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            return status.into_response();
        }
    };
    let read = xml::read(&octets, &Limits::TARGET).ok();
    let document = read.as_ref().and_then(|(tree, _)| pap::Document::of(tree));
    let message = document.and_then(|document| document.message);
    let known = message.filter(|message| message.name == "resultnotification-message");
    let id = known.and_then(|message| message.push_id);
    let code = match id {
        Some(_) if !server.switches.on("notification-refused") => 1000,
        _ => 2000,
    };
    let outcome = pap::OutcomeDraft {
        code,
        description: pap::meaning(code),
        ..pap::OutcomeDraft::default()
    };
    let tree = pap::result_notification_response(id.unwrap_or_default(), &outcome);
    let media = [(header::CONTENT_TYPE, pap::CONTROL_MEDIA)];
    (media, Control::new(tree).write()).into_response()
}
