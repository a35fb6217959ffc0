//! A push before it is handed to a carrier: media type, protection, headers, body, and how they are
//! written as a PDU.

use assay_wire::wsp::{self, PushDraft};

use super::doc::Kind;
use super::protect::Protection;
use crate::switch::{Family, Switches};

/// A push, and what it is.
#[derive(Clone, Debug)]
pub struct Push {
    /// What it carries.
    pub kind: Kind,
    /// Its fields. A gateway gets them as they are.
    pub draft: PushDraft,
    /// How the PDU is written where this server writes it itself.
    pub style: wsp::Style,
    /// The PIN that the user and this server share.
    pub pin: Option<String>,
}

/// What a push says of who initiated it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    /// The URI of the initiator, where it is to be named.
    pub(crate) initiator: Option<&'a str>,
    /// True where this server is its own gateway.
    pub(crate) own_gateway: bool,
}

/// Makes a push as the switches want it.
pub(crate) fn make(
    kind: Kind,
    media: &str,
    body: Vec<u8>,
    protection: Protection,
    pin: Option<&str>,
    origin: Origin<'_>,
    switches: &Switches,
) -> Push {
    let mut draft = PushDraft::new(media, body);
    draft.sec = protection.sec;
    draft.mac = protection.mac;
    if kind == Kind::Trigger {
        let id = "x-wap-application:syncml.dm".to_owned();
        draft.headers.push(("X-Wap-Application-Id".to_owned(), id));
    }
    if let Some(initiator) = origin.initiator {
        let header = ("X-Wap-Initiator-URI".to_owned(), initiator.to_owned());
        draft.headers.push(header);
        if origin.own_gateway {
            // It authenticated itself.
            let flag = wsp::INITIATOR_AUTHENTICATED.to_string();
            draft.headers.push(("Push-Flag".to_owned(), flag));
        }
    }
    let mut push = Push {
        kind,
        draft,
        style: wsp::Style::default(),
        pin: pin.map(str::to_owned),
    };
    for bend in switches.pushes(Family::Cp) {
        bend(&mut push);
    }
    push
}

impl Push {
    /// Sets a header, in front of the others where it is new and `first`.
    pub fn header(&mut self, name: &str, value: &str, first: bool) {
        let headers = &mut self.draft.headers;
        headers.retain(|header| !header.0.eq_ignore_ascii_case(name));
        let header = (name.to_owned(), value.to_owned());
        if first {
            headers.insert(0, header);
        } else {
            headers.push(header);
        }
    }

    /// Takes a header away.
    pub fn without(&mut self, name: &str) {
        let headers = &mut self.draft.headers;
        headers.retain(|header| !header.0.eq_ignore_ascii_case(name));
    }

    /// The PDU.
    pub fn pdu(&self) -> Vec<u8> {
        self.draft.write(&self.style)
    }
}
