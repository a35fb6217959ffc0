//! The subjects of client provisioning and of what is pushed like it: what their fields are.
//!
//! Only words here; [`build`] fills them from what arrived and from what was asked of a gateway.
//! Names of characteristics and parameters are those of the standard, as they are written.

mod assemble;
mod build;
mod document;
mod download;
mod each;
mod notice;
mod pap;
mod push;

use super::http::{Http, Request, Tls};
use crate::node::{Lent, subjects};

pub(crate) use build::Memory;
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

    /// A provisioning document: pushed, out of a package, or out of a file for ROM.
    "document" as Document<'a> {
        /// Where it came from: `push`, `package`, `rom`.
        from: String,
        /// Its form: `xml`, `wbxml`.
        encoding: String,
        /// Octets of it.
        octets: i64,
        /// True where its format forbids nothing of it.
        well_formed: bool,
        /// Kinds of what was odd in it: `wbxml.…`, `xml.…`, `prov.…`.
        notes: Vec<String>,
        /// The name of the root element.
        root: String,
        /// Attribute `version`.
        version: Option<String>,
        /// The version octet of WBXML: 3 for 1.3.
        wbxml_version: Option<i64>,
        /// The public identifier of WBXML: a number in decimal, or a text.
        public_id: Option<String>,
        /// The character set of WBXML: 106 for UTF-8.
        charset: Option<i64>,
        /// The name of every kind of element in it, once each.
        elements: Vec<String>,
        /// The types of all characteristics at all depths, once each.
        types: Vec<String>,
        /// The ids that are given out twice.
        doubled: Vec<String>,
        /// The references that lead nowhere, `TO-NAPID N1`.
        dangling: Vec<String>,
        /// True where an element of Microsoft is a token of page 0.
        microsoft_on_page_0: bool,
        /// SEC of the push that carried it.
        sec: Option<i64>,
        /// Every characteristic, in document order.
        characteristics: Vec<Lent<'a, Characteristic>>,
        /// Every account of OMA DM.
        accounts: Vec<Lent<'a, Account>>,
    }

    /// A characteristic.
    "characteristic" as Characteristic {
        /// Its type; empty where it has none.
        r#type: String,
        /// `set`, `query`, `no`, `error`: what the element asks for.
        flavour: String,
        /// The types from the outermost to this one: `APPLICATION/APPAUTH`.
        path: String,
        /// The type of the one around it; empty in the root.
        parent: String,
        /// `mwid`.
        mwid: Option<String>,
        /// True for one of the standard.
        standard: bool,
        /// True where the standard has it in this place, or does not know it.
        placed: bool,
        /// The names of its parameters, in order.
        parm_names: Vec<String>,
        /// Their values, in the same order; empty for one without.
        parm_values: Vec<String>,
        /// The types of the characteristics directly inside it.
        inner: Vec<String>,
        /// So many RESOURCEs in it are the start page.
        start_pages: i64,
    }

    /// A parameter.
    "parm" as Parm {
        /// Its name.
        name: String,
        /// Its value; absent for a flag.
        value: Option<String>,
        /// True where it has a value.
        has_value: bool,
        /// `set`, `query`, `no`, `error`: what the element asks for.
        flavour: String,
        /// The type of its characteristic; empty in the root.
        parent: String,
        /// The types from the outermost characteristic to that.
        path: String,
        /// True for one that is known to be a flag, which has no value.
        flag: bool,
    }

    /// An account of OMA DM: an APPLICATION with the APPID w7.
    "account" as Account {
        /// PROVIDER-ID.
        provider: Option<String>,
        /// ADDR of the account and of each APPADDR in it.
        addresses: Vec<String>,
        /// AAUTHLEVEL of each APPAUTH.
        levels: Vec<String>,
        /// The members of AAUTHTYPE of those at level CLIENT.
        client_types: Vec<String>,
        /// AAUTHDATA of each APPAUTH that has one.
        nonces: Vec<String>,
        /// INIT.
        init: bool,
        /// ROLE.
        role: Option<String>,
        /// The sum of the roles that a device gives the message, by SEC and Push-Flag.
        message_roles: i64,
        /// True where ROLE names one that is not among them.
        role_exceeds: bool,
        /// PROTOVER.
        protocol: Option<String>,
    }

    /// A service indication.
    "si" as ServiceIndication {
        /// The media type of the push, in lower case.
        media: String,
        /// The name of the root element.
        root: String,
        /// True where `indication` is in it.
        has_indication: bool,
        /// `href`.
        href: Option<String>,
        /// `si-id`.
        si_id: Option<String>,
        /// True where an earlier indication of the case run has the same `si-id` and another `href`.
        id_reused: bool,
        /// `created`, as text whichever way it is coded.
        created: Option<String>,
        /// `si-expires`, as text.
        expires: Option<String>,
        /// `action` as it is written.
        action: Option<String>,
        /// The text for the user.
        text: String,
        /// The character set of WBXML: 106 for UTF-8.
        charset: Option<i64>,
        /// Kinds of what was odd in it: `wbxml.date-as-text`.
        notes: Vec<String>,
    }

    /// A service loading.
    "sl" as Loading {
        /// The media type of the push, in lower case.
        media: String,
        /// The name of the root element.
        root: String,
        /// `href`.
        href: Option<String>,
        /// `action` as it is written.
        action: Option<String>,
        /// The character set of WBXML: 106 for UTF-8.
        charset: Option<i64>,
        /// Kinds of what was odd in it.
        notes: Vec<String>,
    }

    /// Package 0: the notification by which a DM server asks a device to call.
    "trigger" as Trigger {
        /// Octets of it.
        octets: i64,
        /// True where its digest could be checked: password and nonce are known.
        digest_checked: bool,
        /// True where it is the right one.
        digest_ok: bool,
        /// True where the octets of the digest are all characters of base64, which no digest is.
        digest_text: bool,
        /// True where it could be read up to the server id.
        readable: bool,
        /// The version times ten: 12 for 1.2.
        version: i64,
        /// 0 not specified, 1 background, 2 informative, 3 user interaction.
        ui_mode: i64,
        /// 0 the user or the device, 1 the server.
        initiator: i64,
        /// The bits for future use, as a number.
        future: i64,
        /// The session that the device is to begin.
        session: i64,
        /// The length of the server id as it is written.
        length: i64,
        /// The server id.
        server: String,
        /// Octets of the vendor behind it.
        vendor_octets: i64,
        /// True where X-Wap-Application-Id is the first header behind the content type.
        application_first: bool,
        /// Octets of the headers of the push, content type included.
        header_octets: i64,
        /// Kinds of what was odd in it.
        notes: Vec<String>,
    }

    /// What a fetch brought.
    "download" as Download {
        /// The path of the URL.
        path: String,
        /// The last part of the path.
        name: String,
        /// What stands behind the last dot of the name, in lower case; empty where there is none.
        extension: String,
        /// The status.
        status: i64,
        /// The media type in lower case; absent where there is none.
        media: Option<String>,
        /// Octets that came.
        octets: i64,
        /// True where Content-Length is what came, or is not there.
        complete: bool,
        /// True where the octets begin as a cabinet does.
        cabinet: bool,
        /// True where a part was asked for by a Range.
        ranged: bool,
        /// True where the same was fetched whole before, so that octets can be compared.
        known: bool,
        /// True where the octets are those that stand there in what was fetched before.
        same: bool,
        /// ETag.
        etag: Option<String>,
        /// True where an earlier answer for the same URL had another ETag.
        etag_changed: bool,
    }

    /// A cabinet that was fetched, or that a hook gave.
    "cabinet" as Package {
        /// The extension that it was fetched by.
        extension: String,
        /// True where it could be read.
        readable: bool,
        /// The names of its members.
        members: Vec<String>,
        /// How its folders are packed: `stored`, `mszip`, `other`, once each.
        compressions: Vec<String>,
        /// True where it is said to be signed.
        signed: bool,
        /// True where the digest that was signed is that of the cabinet.
        digest_ok: bool,
        /// True where the key of the signer signed it.
        signature_ok: bool,
        /// True where the profile names roots, so that the chain can be followed.
        chain_checked: bool,
        /// True where it leads to one of them.
        chain_ok: bool,
        /// True where _setup.xml is a document of XML without fault.
        document_well_formed: bool,
        /// True where _setup.xml is UTF-8.
        document_utf8: bool,
        /// Kinds of what was odd in it: `cab.…`, `cpf.…`, `sign.…`.
        notes: Vec<String>,
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
