//! The subjects of OMA DM: what their fields are.
//!
//! Only words here; [`build`] fills them from a message. Names are those of the elements in lower
//! case where there is one.

mod build;
mod each;
mod history;
mod message;
mod pieces;

use super::http::{Http, Request, Tls};
use crate::node::{Ref, subjects};

pub(crate) use build::Memory;
pub(crate) use each::{EACH, SHARED};

subjects! {
    /// One request and what came back.
    "exchange" as Exchange {
        /// Its number in the case run, from 1.
        number: i64,
        /// The device that spoke, by its name in the case.
        device: String,
        /// False where the case bent the request beyond what the standard allows.
        lawful: bool,
        /// The HTTP request.
        request: Option<Ref<Request>>,
        /// The HTTP response; absent where none came, or what came is no HTTP.
        http: Option<Ref<Http>>,
        /// True where a document came back, whatever it says.
        replied: bool,
        /// True where the document that came back was read without any fault of its format.
        well_formed: bool,
        /// `xml` or `wbxml`: the form of the document that was sent.
        encoding_sent: Option<String>,
        /// `xml` or `wbxml`: the form of the document that came back, by its octets.
        encoding: Option<String>,
        /// `xml` or `wbxml`: the form that the media type of the answer promises.
        encoding_promised: Option<String>,
        /// How the connection broke while an answer was awaited: `closed`, `timeout`, `too-long`, `garbled`.
        broke: Option<String>,
        /// True where the request carried credentials: a Cred, or a field `x-syncml-hmac`.
        credentials: bool,
        /// What the TLS handshake showed; absent on a plain connection.
        tls: Option<Ref<Tls>>,
        /// Kinds of everything odd that was noticed in what came back.
        notes: Vec<String>,
    }

    /// One document: `reply` is what came back, `sent` is what was sent.
    "message" as Message {
        /// `xml` or `wbxml`, by the octets.
        encoding: String,
        /// Octets of the document.
        octets: i64,
        /// True where it was read without any fault of its format.
        well_formed: bool,
        /// Kinds of everything odd that was noticed in it, HTTP left out.
        notes: Vec<String>,
        /// The encoding that the XML declaration names.
        declared_encoding: Option<String>,
        /// The head of a WBXML document.
        wbxml: Option<Ref<Wbxml>>,
        /// The name of the root element, without prefix.
        root: String,
        /// The namespace of the root; absent where it has none. WBXML: that of its code page.
        namespace: Option<String>,
        /// The names of the elements directly in the root.
        children: Vec<String>,
        /// The first SyncHdr.
        header: Option<Ref<Header>>,
        /// The names of the elements directly in SyncBody.
        body_children: Vec<String>,
        /// The commands directly in SyncBody, Status and Results among them.
        commands: Vec<Ref<Command>>,
        /// The same, and those inside Atomic and Sequence behind their container.
        all_commands: Vec<Ref<Command>>,
        /// Every Item of every command.
        items: Vec<Ref<Item>>,
        /// The names of `commands`.
        names: Vec<String>,
        /// The names of `all_commands`.
        all_names: Vec<String>,
        /// Every CmdID of `all_commands`.
        cmd_ids: Vec<String>,
        /// Target/LocURI of every Item of `all_commands`.
        targets: Vec<String>,
        /// The name of every kind of element in it, once each.
        elements: Vec<String>,
        /// The names of elements inside a Meta that are not in the namespace (code page) of MetInf.
        meta_strays: Vec<String>,
        /// Every Status.
        statuses: Vec<Ref<Status>>,
        /// Every Status for a SyncHdr.
        header_statuses: Vec<Ref<Status>>,
        /// The code of the first of them.
        header_code: Option<String>,
        /// True where that code is 4xx or 5xx, but for 401 and 407.
        refusal: bool,
        /// The first Chal.
        challenge: Option<Ref<Challenge>>,
        /// Every Alert directly in SyncBody.
        alerts: Vec<Ref<Alert>>,
        /// The codes of all Alerts.
        alert_codes: Vec<String>,
        /// True where Final stands in SyncBody.
        fin: bool,
        /// False where a Final holds anything.
        final_empty: bool,
        /// True where any Item says MoreData.
        more_data: bool,
        /// True where it holds a management command: Add, Replace, Delete, Get, Exec, Copy, Atomic, Sequence.
        manages: bool,
        /// True where it holds an Alert to the user, 1100 to 1104.
        asks_user: bool,
        /// True where it closes the session: Final, no management command, no Alert to the user, no Chal, no Alert 1222.
        closes: bool,
    }

    /// The head of a WBXML document.
    "wbxml" as Wbxml {
        /// The version octet: 2 is WBXML 1.2.
        version: i64,
        /// The public identifier, where it is a number.
        public_id: Option<i64>,
        /// The public identifier, where it is text.
        public_text: Option<String>,
        /// The IANA number of the character set: 106 is UTF-8.
        charset: i64,
        /// Octets of the string table.
        table_octets: i64,
    }

    /// SyncHdr.
    "header" as Header {
        /// The names of its elements.
        children: Vec<String>,
        /// VerDTD.
        ver_dtd: Option<String>,
        /// VerProto.
        ver_proto: Option<String>,
        /// SessionID.
        session_id: Option<String>,
        /// MsgID.
        msg_id: Option<String>,
        /// MsgID, where it is decimal digits.
        msg_number: Option<i64>,
        /// Target/LocURI.
        target: Option<String>,
        /// Source/LocURI.
        source: Option<String>,
        /// Source/LocName.
        source_name: Option<String>,
        /// RespURI.
        resp_uri: Option<String>,
        /// True where NoResp stands in it.
        no_resp: bool,
        /// Cred.
        cred: Option<Ref<Cred>>,
        /// Meta.
        meta: Option<Ref<Meta>>,
        /// Meta/MaxMsgSize, where it is a number.
        max_msg_size: Option<i64>,
        /// Meta/MaxObjSize, where it is a number.
        max_obj_size: Option<i64>,
    }

    /// A command, Status and Results among them.
    "command" as Command {
        /// Its name, `Replace`.
        name: String,
        /// The names of its elements.
        children: Vec<String>,
        /// Its place among all commands of the message, from 0.
        position: i64,
        /// The name of the command that it stands in, `Atomic`.
        parent: Option<String>,
        /// The commands inside it.
        commands: Vec<Ref<Command>>,
        /// CmdID.
        cmd_id: Option<String>,
        /// True where an earlier command of the message has the same CmdID.
        id_seen_before: bool,
        /// True for Add, Replace, Delete, Get, Exec, Copy, Atomic and Sequence.
        manages: bool,
        /// MsgRef.
        msg_ref: Option<String>,
        /// CmdRef.
        cmd_ref: Option<String>,
        /// Data: the code of an Alert or a Status.
        data: Option<String>,
        /// Meta.
        meta: Option<Ref<Meta>>,
        /// Its items.
        items: Vec<Ref<Item>>,
        /// True where NoResp stands in it.
        no_resp: bool,
        /// True where Cred stands in it.
        has_cred: bool,
        /// Correlator.
        correlator: Option<String>,
        /// In `sent`: the code of every Status that the reply gives it, in order.
        answer_codes: Vec<String>,
        /// True where an earlier reply of the session holds the same command, and the device answered that with a Status 2xx.
        done_before: bool,
    }

    /// A Status.
    "status" as Status {
        /// The names of its elements.
        children: Vec<String>,
        /// Its place among the Status elements of the message, from 0.
        position: i64,
        /// CmdID.
        cmd_id: Option<String>,
        /// MsgRef.
        msg_ref: Option<String>,
        /// CmdRef.
        cmd_ref: Option<String>,
        /// Cmd.
        cmd: Option<String>,
        /// All TargetRef.
        target_refs: Vec<String>,
        /// All SourceRef.
        source_refs: Vec<String>,
        /// Data.
        code: Option<String>,
        /// Data, where it is decimal digits.
        code_number: Option<i64>,
        /// Chal.
        challenge: Option<Ref<Challenge>>,
        /// Its items.
        items: Vec<Ref<Item>>,
        /// True where it answers a header: CmdRef 0, or Cmd SyncHdr.
        is_header: bool,
        /// The command that it answers, of the message that MsgRef names; absent where there is none.
        answers: Option<Ref<Command>>,
        /// True where it answers a command that stands before one that an earlier Status of the message answers.
        out_of_order: bool,
        /// True where an earlier Status of the message has the same MsgRef, CmdRef, TargetRef and SourceRef.
        repeats: bool,
    }

    /// An Alert.
    "alert" as Alert {
        /// The names of its elements.
        children: Vec<String>,
        /// CmdID.
        cmd_id: Option<String>,
        /// Data.
        code: Option<String>,
        /// Data, where it is decimal digits.
        code_number: Option<i64>,
        /// Its items.
        items: Vec<Ref<Item>>,
        /// Correlator.
        correlator: Option<String>,
    }

    /// An Item.
    "item" as Item {
        /// The names of its elements.
        children: Vec<String>,
        /// The name of the command that holds it, `Get`.
        command: String,
        /// Its place in its command, from 0.
        position: i64,
        /// Target/LocURI.
        target: Option<String>,
        /// Source/LocURI.
        source: Option<String>,
        /// Meta.
        meta: Option<Ref<Meta>>,
        /// Format of its own Meta, or of that of the command; `chr` where neither has one.
        effective_format: String,
        /// Type of its own Meta, or of that of the command; `text/plain` where neither has one.
        effective_type: String,
        /// True where Data stands in it, even an empty one.
        has_data: bool,
        /// The characters directly in Data.
        data: Option<String>,
        /// The octets directly in Data.
        data_octets: i64,
        /// True where Data came as opaque octets of WBXML.
        opaque: bool,
        /// The names of elements in Data: markup that is not escaped.
        data_children: Vec<String>,
        /// True where each of those declares a namespace of its own.
        data_declares: bool,
        /// True where MoreData stands in it.
        more_data: bool,
    }

    /// A Chal.
    "challenge" as Challenge {
        /// The names of the elements of its Meta.
        children: Vec<String>,
        /// Meta/Type.
        r#type: Option<String>,
        /// Meta/Format.
        format: Option<String>,
        /// Meta/NextNonce.
        nonce: Option<Ref<Nonce>>,
    }

    /// A NextNonce.
    "nonce" as Nonce {
        /// As written.
        text: String,
        /// True where that is base64.
        valid_base64: bool,
        /// So many octets does it stand for; zero where it is no base64.
        octets: i64,
        /// True where the target gave out the same one before in this case run.
        seen_before: bool,
        /// True where it has at least half of its octets, each in its place, in common with another one
        /// that the target gave out before in this case run: a counter, or a time stamp.
        resembles: bool,
    }

    /// A Cred.
    "cred" as Cred {
        /// The names of its elements.
        children: Vec<String>,
        /// Meta/Type.
        r#type: Option<String>,
        /// Meta/Format.
        format: Option<String>,
        /// Data.
        data: Option<String>,
        /// Whether it is what the formula gives; absent where the secret to check it was not at hand.
        proved: Option<bool>,
    }

    /// A Meta.
    "meta" as Meta {
        /// The names of its elements.
        children: Vec<String>,
        /// The element that it stands in, `Item`.
        parent: String,
        /// The names of its elements that are not in the namespace (code page) of MetInf.
        strays: Vec<String>,
        /// Format.
        format: Option<String>,
        /// Type.
        r#type: Option<String>,
        /// Mark.
        mark: Option<String>,
        /// Size.
        size: Option<String>,
        /// NextNonce.
        next_nonce: Option<String>,
        /// MaxMsgSize.
        max_msg_size: Option<String>,
        /// MaxObjSize.
        max_obj_size: Option<String>,
    }

    /// An element of whatever name.
    "element" as Element {
        /// Its name, without prefix.
        name: String,
        /// Its namespace; empty for none.
        namespace: String,
        /// The name of the element that it stands in.
        parent: Option<String>,
        /// The names of the elements in it.
        children: Vec<String>,
    }

    /// A session, as it was known when the exchange at hand began; where it is the subject, at its end.
    "session" as Session {
        /// How many requests of it were sent before.
        exchanges: i64,
        /// How many documents came back before.
        replies: i64,
        /// The MsgID of every reply before, refusals left out.
        msg_ids: Vec<String>,
        /// The last of them, where it is a number.
        last_msg_number: Option<i64>,
        /// Source/LocURI of the first reply.
        source: Option<String>,
        /// RespURI of the last reply before that had one.
        resp_uri: Option<String>,
        /// True where any request, the one at hand included, carried credentials.
        credentials: bool,
        /// True where the session of the device that was accepted last before this one gave it a
        /// nonce together with 200 or 212: the one to begin with now.
        nonce_promised: bool,
        /// True where a reply before challenged.
        challenged: bool,
        /// True where a reply before accepted the whole session: 212.
        accepted: bool,
        /// Cred/Meta/Type of the request that was accepted first, with 200 or 212.
        scheme: Option<String>,
        /// Every NextNonce that the target gave out before.
        nonces: Vec<String>,
        /// True where a reply before closed it.
        closed: bool,
        /// So many commands of the target wait for a Status, the request at hand considered.
        outstanding: i64,
        /// MaxMsgSize that the device named last, the request at hand included.
        max_msg_size: Option<i64>,
        /// MaxObjSize that the device named last, the request at hand included.
        max_obj_size: Option<i64>,
    }

    /// What the run knows of the target.
    "profile" as Profile {
        /// The version axis: `1.1`, `1.2`.
        version: String,
        /// The encoding axis: `xml`, `wbxml`.
        encoding: String,
        /// The profile of the protocol that is judged by: `dm-1.1`, `dm-1.2`, `windows-mdm`.
        protocol: String,
        /// The schemes of the application layer that it claims: `none`, `basic`, `md5`.
        auth: Vec<String>,
        /// The URL.
        url: Option<String>,
        /// True where the profile has an identity of the server.
        has_server: bool,
    }
}
