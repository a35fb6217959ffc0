//! The subjects of OMA DM: what their fields are.
//!
//! Only words here; [`build`] fills them from a message. Names are those of the elements in lower
//! case where there is one.

mod build;
mod each;
mod history;
mod message;
mod pieces;
mod wanted;

use super::http::{Http, Request, Tls};
use crate::node::{Lent, List, Texts, subjects};

pub(crate) use build::Memory;
pub(crate) use each::{EACH, SHARED};

/// Characters as they stand in the message.
type Text<'a> = &'a str;

subjects! {
    /// One request and what came back.
    "exchange" as Exchange<'a> {
        /// Its number in the case run, from 1.
        number: i64,
        /// The device that spoke, by its name in the case.
        device: Text<'a>,
        /// False where the case bent the request beyond what the standard allows.
        lawful: bool,
        /// The HTTP request.
        request: Option<Lent<'a, Request<'a>>>,
        /// The HTTP response; absent where none came, or what came is no HTTP.
        http: Option<Lent<'a, Http<'a>>>,
        /// True where a document came back, whatever it says.
        replied: bool,
        /// True where the document that came back was read without any fault of its format.
        well_formed: bool,
        /// `xml` or `wbxml`: the form of the document that was sent.
        encoding_sent: Option<Text<'a>>,
        /// `xml` or `wbxml`: the form of the document that came back, by its octets.
        encoding: Option<Text<'a>>,
        /// `xml` or `wbxml`: the form that the media type of the answer promises.
        encoding_promised: Option<Text<'a>>,
        /// How the connection broke while an answer was awaited: `closed`, `timeout`, `too-long`, `garbled`.
        broke: Option<Text<'a>>,
        /// True where the request carried credentials: a Cred, or a field `x-syncml-hmac`.
        credentials: bool,
        /// What the TLS handshake showed; absent on a plain connection.
        tls: Option<Lent<'a, Tls<'a>>>,
        /// The field `x-syncml-hmac` of the answer.
        mac: Option<Lent<'a, Mac>>,
        /// Kinds of everything odd that was noticed in what came back.
        notes: Texts<'a>,
    }

    /// The field `x-syncml-hmac` of an answer: the mac of the server over the message.
    "mac" as Mac {
        /// The algorithm; absent where it is left out.
        algorithm: Option<String>,
        /// The user name, without its quotes.
        username: Option<String>,
        /// True where the user name stands in quotes.
        quoted: bool,
        /// The mac.
        value: Option<String>,
        /// Parts that are none of these, or that come twice.
        strays: Vec<String>,
        /// Whether it is that of the server over this message and the nonce that the device gave last; absent where nobody can tell.
        proved: Option<bool>,
    }

    /// One document: `reply` is what came back, `sent` is what was sent.
    "message" as Message<'a> {
        /// `xml` or `wbxml`, by the octets.
        encoding: Text<'a>,
        /// Octets of the document.
        octets: i64,
        /// True where it was read without any fault of its format.
        well_formed: bool,
        /// Kinds of everything odd that was noticed in it, HTTP left out.
        notes: Texts<'a>,
        /// The encoding that the XML declaration names.
        declared_encoding: Option<Text<'a>>,
        /// The head of a WBXML document.
        wbxml: Option<Lent<'a, Wbxml<'a>>>,
        /// The name of the root element, without prefix.
        root: Text<'a>,
        /// The namespace of the root; absent where it has none. WBXML: that of its code page.
        namespace: Option<Text<'a>>,
        /// The names of the elements directly in the root.
        children: Texts<'a>,
        /// The first SyncHdr.
        header: Option<Lent<'a, Header<'a>>>,
        /// The names of the elements directly in SyncBody.
        body_children: Texts<'a>,
        /// The commands directly in SyncBody, Status and Results among them.
        commands: List<'a, Lent<'a, Command<'a>>>,
        /// The same, and those inside Atomic and Sequence behind their container.
        all_commands: List<'a, Lent<'a, Command<'a>>>,
        /// Every Item of every command.
        items: List<'a, Lent<'a, Item<'a>>>,
        /// The names of `commands`.
        names: Texts<'a>,
        /// The names of `all_commands`.
        all_names: Texts<'a>,
        /// Every CmdID of `all_commands`.
        cmd_ids: Texts<'a>,
        /// Target/LocURI of every Item of `all_commands`.
        targets: Texts<'a>,
        /// The name of every kind of element in it, once each.
        elements: Texts<'a>,
        /// The names of elements inside a Meta that are not in the namespace (code page) of MetInf.
        meta_strays: Texts<'a>,
        /// Every Status.
        statuses: List<'a, Lent<'a, Status<'a>>>,
        /// Every Status for a SyncHdr.
        header_statuses: List<'a, Lent<'a, Status<'a>>>,
        /// The code of the first of them.
        header_code: Option<Text<'a>>,
        /// True where that code is 4xx or 5xx, but for 401 and 407.
        refusal: bool,
        /// The first Chal.
        challenge: Option<Lent<'a, Challenge<'a>>>,
        /// Every Alert directly in SyncBody.
        alerts: List<'a, Lent<'a, Alert<'a>>>,
        /// The codes of all Alerts.
        alert_codes: Texts<'a>,
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
    "wbxml" as Wbxml<'a> {
        /// The version octet: 2 is WBXML 1.2.
        version: i64,
        /// The public identifier, where it is a number.
        public_id: Option<i64>,
        /// The public identifier, where it is text.
        public_text: Option<Text<'a>>,
        /// The IANA number of the character set: 106 is UTF-8.
        charset: i64,
        /// Octets of the string table.
        table_octets: i64,
    }

    /// SyncHdr.
    "header" as Header<'a> {
        /// The names of its elements.
        children: Texts<'a>,
        /// VerDTD.
        ver_dtd: Option<Text<'a>>,
        /// VerProto.
        ver_proto: Option<Text<'a>>,
        /// SessionID.
        session_id: Option<Text<'a>>,
        /// MsgID.
        msg_id: Option<Text<'a>>,
        /// MsgID, where it is decimal digits.
        msg_number: Option<i64>,
        /// Target/LocURI.
        target: Option<Text<'a>>,
        /// Source/LocURI.
        source: Option<Text<'a>>,
        /// Source/LocName.
        source_name: Option<Text<'a>>,
        /// RespURI.
        resp_uri: Option<Text<'a>>,
        /// True where NoResp stands in it.
        no_resp: bool,
        /// Cred.
        cred: Option<Lent<'a, Cred<'a>>>,
        /// Meta.
        meta: Option<Lent<'a, Meta<'a>>>,
        /// Meta/MaxMsgSize, where it is a number.
        max_msg_size: Option<i64>,
        /// Meta/MaxObjSize, where it is a number.
        max_obj_size: Option<i64>,
    }

    /// A command, Status and Results among them.
    "command" as Command<'a> {
        /// Its name, `Replace`.
        name: Text<'a>,
        /// The names of its elements.
        children: Texts<'a>,
        /// Its place among all commands of the message, from 0.
        position: i64,
        /// The name of the command that it stands in, `Atomic`.
        parent: Option<Text<'a>>,
        /// The commands inside it.
        commands: List<'a, Lent<'a, Command<'a>>>,
        /// CmdID.
        cmd_id: Option<Text<'a>>,
        /// True where an earlier command of the message has the same CmdID.
        id_seen_before: bool,
        /// True for Add, Replace, Delete, Get, Exec, Copy, Atomic and Sequence.
        manages: bool,
        /// MsgRef.
        msg_ref: Option<Text<'a>>,
        /// CmdRef.
        cmd_ref: Option<Text<'a>>,
        /// Data: the code of an Alert or a Status.
        data: Option<Text<'a>>,
        /// Meta.
        meta: Option<Lent<'a, Meta<'a>>>,
        /// Its items.
        items: List<'a, Lent<'a, Item<'a>>>,
        /// True where NoResp stands in it.
        no_resp: bool,
        /// True where Cred stands in it.
        has_cred: bool,
        /// Correlator.
        correlator: Option<Text<'a>>,
        /// In `sent`: the code of every Status that the reply gives it, in order.
        answer_codes: Texts<'a>,
        /// True where an earlier reply of the session holds the same command, and the device answered that with a Status 2xx other than 215 and 216.
        done_before: bool,
    }

    /// A Status.
    "status" as Status<'a> {
        /// The names of its elements.
        children: Texts<'a>,
        /// Its place among the Status elements of the message, from 0.
        position: i64,
        /// CmdID.
        cmd_id: Option<Text<'a>>,
        /// MsgRef.
        msg_ref: Option<Text<'a>>,
        /// CmdRef.
        cmd_ref: Option<Text<'a>>,
        /// Cmd.
        cmd: Option<Text<'a>>,
        /// All TargetRef.
        target_refs: Texts<'a>,
        /// All SourceRef.
        source_refs: Texts<'a>,
        /// Data.
        code: Option<Text<'a>>,
        /// Data, where it is decimal digits.
        code_number: Option<i64>,
        /// Chal.
        challenge: Option<Lent<'a, Challenge<'a>>>,
        /// Its items.
        items: List<'a, Lent<'a, Item<'a>>>,
        /// True where it answers a header: CmdRef 0, or Cmd SyncHdr.
        is_header: bool,
        /// The command that it answers, of the message that MsgRef names; absent where there is none.
        answers: Option<Lent<'a, Command<'a>>>,
        /// True where it answers a command that stands before one that an earlier Status of the message answers.
        out_of_order: bool,
        /// True where an earlier Status of the message has the same MsgRef, CmdRef, TargetRef and SourceRef.
        repeats: bool,
    }

    /// An Alert.
    "alert" as Alert<'a> {
        /// The names of its elements.
        children: Texts<'a>,
        /// CmdID.
        cmd_id: Option<Text<'a>>,
        /// Data.
        code: Option<Text<'a>>,
        /// Data, where it is decimal digits.
        code_number: Option<i64>,
        /// Its items.
        items: List<'a, Lent<'a, Item<'a>>>,
        /// Correlator.
        correlator: Option<Text<'a>>,
    }

    /// An Item.
    "item" as Item<'a> {
        /// The names of its elements.
        children: Texts<'a>,
        /// The name of the command that holds it, `Get`.
        command: Text<'a>,
        /// Its place in its command, from 0.
        position: i64,
        /// Target/LocURI.
        target: Option<Text<'a>>,
        /// Source/LocURI.
        source: Option<Text<'a>>,
        /// Meta.
        meta: Option<Lent<'a, Meta<'a>>>,
        /// Format of its own Meta, or of that of the command; `chr` where neither has one.
        effective_format: Text<'a>,
        /// Type of its own Meta, or of that of the command; `text/plain` where neither has one.
        effective_type: Text<'a>,
        /// True where Data stands in it, even an empty one.
        has_data: bool,
        /// The characters directly in Data.
        data: Option<Text<'a>>,
        /// The octets directly in Data.
        data_octets: i64,
        /// True where Data came as opaque octets of WBXML.
        opaque: bool,
        /// The names of elements in Data: markup that is not escaped.
        data_children: Texts<'a>,
        /// True where each of those declares a namespace of its own.
        data_declares: bool,
        /// True where MoreData stands in it.
        more_data: bool,
    }

    /// A Chal.
    "challenge" as Challenge<'a> {
        /// The names of the elements of its Meta.
        children: Texts<'a>,
        /// Meta/Type.
        r#type: Option<Text<'a>>,
        /// Meta/Format.
        format: Option<Text<'a>>,
        /// Meta/NextNonce.
        nonce: Option<Lent<'a, Nonce<'a>>>,
    }

    /// A NextNonce.
    "nonce" as Nonce<'a> {
        /// As written.
        text: Text<'a>,
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
    "cred" as Cred<'a> {
        /// The names of its elements.
        children: Texts<'a>,
        /// Meta/Type.
        r#type: Option<Text<'a>>,
        /// Meta/Format.
        format: Option<Text<'a>>,
        /// Data.
        data: Option<Text<'a>>,
        /// Whether it is what the formula gives; absent where the secret to check it was not at hand.
        proved: Option<bool>,
    }

    /// A Meta.
    "meta" as Meta<'a> {
        /// The names of its elements.
        children: Texts<'a>,
        /// The element that it stands in, `Item`.
        parent: Text<'a>,
        /// The names of its elements that are not in the namespace (code page) of MetInf.
        strays: Texts<'a>,
        /// Format.
        format: Option<Text<'a>>,
        /// Type.
        r#type: Option<Text<'a>>,
        /// Mark.
        mark: Option<Text<'a>>,
        /// Size.
        size: Option<Text<'a>>,
        /// NextNonce.
        next_nonce: Option<Text<'a>>,
        /// MaxMsgSize.
        max_msg_size: Option<Text<'a>>,
        /// MaxObjSize.
        max_obj_size: Option<Text<'a>>,
    }

    /// An element of whatever name.
    "element" as Element<'a> {
        /// Its name, without prefix.
        name: Text<'a>,
        /// Its namespace; empty for none.
        namespace: Text<'a>,
        /// The name of the element that it stands in.
        parent: Option<Text<'a>>,
        /// The names of the elements in it.
        children: Texts<'a>,
    }

    /// A session, as it was known when the exchange at hand began; where it is the subject, at its end.
    "session" as Session<'a> {
        /// How many requests of it were sent before.
        exchanges: i64,
        /// How many documents came back before.
        replies: i64,
        /// The MsgID of every reply before, refusals left out.
        msg_ids: Vec<Text<'a>>,
        /// The last of them, where it is a number.
        last_msg_number: Option<i64>,
        /// Source/LocURI of the first reply.
        source: Option<Text<'a>>,
        /// RespURI of the last reply before that had one.
        resp_uri: Option<Text<'a>>,
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
        scheme: Option<Text<'a>>,
        /// Every NextNonce that the target gave out before.
        nonces: Vec<Text<'a>>,
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
