//! The subjects of client provisioning and of what is pushed like it: what their fields are.
//!
//! How things travel stands here, what is carried in [`content`]. Only words here; [`build`] fills them
//! from what arrived and from what was asked of a gateway.

mod assemble;
mod build;
mod content;
mod document;
mod download;
mod each;
mod notice;
mod pap;
mod push;

use super::http::{Http, Request, Tls};
use crate::node::{Lent, subjects};

pub(crate) use build::Memory;
pub(crate) use content::TABLES as CONTENT_TABLES;
use content::{
    Account, Characteristic, Document, Download, Loading, Package, Parm, ServiceIndication, Trigger,
};
pub(crate) use each::{EACH, SHARED};

subjects! {
    /// All that arrived for one `await`, or a request and what came back.
    "exchange" as Exchange<'a> {
        /// Its number in the case run, from 1.
        number: i64,
        /// The device, by its name in the case: `a`.
        device: String,
        /// False where the request was bent beyond what the protocol allows.
        lawful: bool,
        /// `delivery`, `fetch`, `submit`, `query`, `cancel`, `notify`, or `other`.
        action: String,
        /// The request; absent for a delivery.
        request: Option<Lent<'a, Request<'a>>>,
        /// The HTTP answer.
        http: Option<Lent<'a, Http<'a>>>,
        /// True for a status of class 2.
        accepted: bool,
        /// True for a status of class 4.
        refused: bool,
        /// How the connection broke: `closed`, `timeout`, `too-long`, `garbled`.
        broke: Option<String>,
        /// What the TLS handshake showed.
        tls: Option<Lent<'a, Tls<'a>>>,
        /// Kinds of what was odd in what came back.
        notes: Vec<String>,
        /// So many units arrived: requests of PAP, PDUs of SMPP, datagrams, files.
        units: i64,
        /// So many whole pushes they make.
        pushes: i64,
    }

    /// All that arrived for one `await`.
    "delivery" as Delivery {
        /// How it travelled: `pap`, `smpp`, `udp`, `file`; empty where nothing came.
        carrier: String,
        /// The device, by its name in the case.
        device: String,
        /// So many units arrived.
        units: i64,
        /// So many whole pushes they make.
        pushes: i64,
        /// So many messages lack a part.
        incomplete: i64,
        /// Octets of all units.
        octets: i64,
        /// The media types of the pushes.
        medias: Vec<String>,
        /// True where the gateway refused what was submitted last.
        refused: bool,
        /// Kinds of what was odd about the segments together.
        notes: Vec<String>,
    }

    /// One short message.
    "segment" as Segment {
        /// Where it stands among those that arrived, from 1.
        position: i64,
        /// The port that it goes to.
        to_port: Option<i64>,
        /// The port that it comes from.
        from_port: Option<i64>,
        /// The reference of its concatenation.
        reference: Option<i64>,
        /// How many parts its message is said to have.
        total: Option<i64>,
        /// Which of them it is.
        number: Option<i64>,
        /// Octets of its user data, header included.
        octets: i64,
        /// True where the PDU says that there is a user data header.
        has_header: bool,
        /// The data coding.
        coding: i64,
        /// True for a data coding of octets.
        eight_bit: bool,
        /// True where its message has more than one segment.
        concatenated: bool,
        /// The media type of the push that it is part of, where that is whole.
        media: Option<String>,
        /// Kinds of what was odd in it.
        notes: Vec<String>,
    }

    /// A push: the PDU of WSP, or what a gateway is asked to make of one.
    "push" as Push {
        /// How it travelled: `pap`, `smpp`, `udp`, `file`.
        carrier: String,
        /// What it holds: `document`, `si`, `sl`, `trigger`, `other`.
        kind: String,
        /// True where it is a PDU of WSP; what is handed to a gateway is none yet.
        has_pdu: bool,
        /// The transaction id.
        tid: Option<i64>,
        /// The type of the PDU: 6 for a push.
        pdu_type: Option<i64>,
        /// The media type in lower case, without parameters.
        media: Option<String>,
        /// True where SEC is there.
        has_sec: bool,
        /// SEC as a number.
        sec: Option<i64>,
        /// How SEC is written: `short`, `long`, `text`, `quoted`; `pap` where HTTP has it.
        sec_form: Option<String>,
        /// True where MAC is there.
        has_mac: bool,
        /// MAC, without quotation marks.
        mac: Option<String>,
        /// How MAC is written: `text`, `quoted`; `pap` where HTTP has it.
        mac_form: Option<String>,
        /// True where a NUL ends MAC; true where HTTP has it.
        mac_closed: bool,
        /// True where MAC could be checked: the secrets are known.
        mac_checked: bool,
        /// True where it is the right one over these octets.
        mac_ok: bool,
        /// The known mistake that explains a wrong one, in words.
        mac_slip: Option<String>,
        /// True where the PIN of a push with SEC 3 could be checked.
        pin_checked: bool,
        /// True where it is right for these octets.
        pin_ok: bool,
        /// True where the PIN was looked for in everything that is not protected.
        pin_sought: bool,
        /// True where it was found there.
        pin_shown: bool,
        /// X-Wap-Application-Id as text; absent where there is no such header.
        application_id: Option<String>,
        /// True where Push-Flag is there.
        has_flag: bool,
        /// Push-Flag, bit 0: the gateway authenticated the initiator.
        initiator_authenticated: bool,
        /// Push-Flag, bit 1: the gateway trusts the content.
        content_trusted: bool,
        /// X-Wap-Initiator-URI.
        initiator_uri: Option<String>,
        /// Octets of content type and headers.
        header_octets: i64,
        /// Octets of the body.
        body_octets: i64,
        /// So many segments or units it came in.
        segments: i64,
        /// The name of the root element, where the body is XML or WBXML.
        root: Option<String>,
        /// The public identifier of WBXML: a number in decimal, or a text.
        public_id: Option<String>,
        /// The character set of WBXML: 106 for UTF-8.
        charset: Option<i64>,
        /// Names of the headers, without the content type.
        field_names: Vec<String>,
        /// Their values, in the same order.
        field_values: Vec<String>,
        /// Kinds of what was odd in the PDU, `wsp.bad-value-length`.
        notes: Vec<String>,
        /// True where something of this media type was submitted to the gateway before.
        submitted: bool,
        /// True where the body is what was submitted, octet by octet.
        same_body: bool,
        /// True where SEC is what was submitted.
        same_sec: bool,
        /// True where MAC is what was submitted, letter by letter.
        same_mac: bool,
        /// True where the last submission had credentials.
        with_credentials: bool,
    }

    /// A request to a push proxy gateway, or what such a gateway notifies.
    "pap" as Pap {
        /// The method.
        method: String,
        /// The media type of the request, in lower case.
        media: Option<String>,
        /// The parameter `type` of the media type, in lower case.
        r#type: Option<String>,
        /// True where the media type names a boundary.
        has_boundary: bool,
        /// The media types of the parts.
        parts: Vec<String>,
        /// The number of the part that holds the control document, from 1; 0 where none does.
        control_part: i64,
        /// The name of the message: `push-message`; empty where it could not be read.
        message: String,
        /// push-id.
        push_id: Option<String>,
        /// True where an earlier push of the case run has the same push-id.
        push_id_reused: bool,
        /// True where push-id is that of what was submitted last.
        push_id_ok: bool,
        /// message-state.
        state: Option<String>,
        /// The addresses.
        addresses: Vec<String>,
        /// deliver-before-timestamp.
        before: Option<String>,
        /// deliver-after-timestamp.
        after: Option<String>,
        /// delivery-method of quality-of-service.
        delivery_method: Option<String>,
        /// ppg-notify-requested-to.
        notify_to: Option<String>,
        /// Kinds of what was odd in it.
        notes: Vec<String>,
    }

    /// An address in a push message of PAP.
    "address" as Address {
        /// As written.
        value: String,
        /// True where it is `WAPPUSH=…/TYPE=…@…` of a known type.
        valid: bool,
        /// True where that is the address of none of the devices of the profile.
        foreign: bool,
        /// The type: `PLMN`, `USER`, `IPv4`; empty where there is none.
        kind: String,
    }

    /// What a gateway answered to a push initiator, or an initiator to a gateway.
    "response" as Response {
        /// The name of the message: `push-response`, `badmessage-response`, `cancel-response`, …
        kind: String,
        /// The code as written.
        code: Option<String>,
        /// True for one of the list of PAP.
        known_code: bool,
        /// push-id.
        push_id: Option<String>,
        /// True where that is the push-id of the request.
        push_id_ok: bool,
        /// message-state.
        state: Option<String>,
        /// True where bad-message-fragment is there and not empty.
        has_fragment: bool,
        /// True where the document is XML without fault.
        well_formed: bool,
    }

    /// What the run knows of the target.
    "profile" as Profile {
        /// The role of the target: `cp-server`, `ppg`.
        role: String,
        /// The carrier axis: `pap`, `smpp`, `udp`, `file`.
        carrier: String,
    }
}
