//! The subjects that are carried: documents, indications, notifications, packages. What their fields
//! are.
//!
//! How they travel is said in [`super`]. Only words here; the files beside this one fill them. Names of
//! characteristics and parameters are those of the standard, as they are written.

use crate::node::{Lent, subjects};

subjects! {
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
}
