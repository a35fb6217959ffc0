//! What is heard of a client: a message, what HTTP knows of it, and whose session it names.
//!
//! What comes of it is decided in `session`.

use std::hash::{DefaultHasher, Hash, Hasher};

use assay_wire::Encoding;
use assay_wire::dm::{Command, Header, Message, Version};
use assay_wire::view::{Text, value};

use super::doc::{self, Asked, Client, Facts};
use super::store::{Key, Session};
use crate::switch::Switches;

/// What HTTP knows about a message.
#[derive(Clone, Debug)]
pub(crate) struct Call<'a> {
    /// The form that the answer shall have.
    pub(crate) encoding: Encoding,
    /// The URL of the service.
    pub(crate) url: String,
    /// What the query says about the session, where the client followed RespURI.
    pub(crate) token: Option<String>,
    /// The connection.
    pub(crate) connection: u64,
    /// True where a certificate of the client proves the device.
    pub(crate) certified: bool,
    /// The version that the public identifier of WBXML names, if it is to count.
    pub(crate) public_id: Option<Version>,
    /// The octets of the message.
    pub(crate) body: &'a [u8],
    /// The field `x-syncml-hmac`.
    pub(crate) hmac: Option<&'a str>,
}

/// What is needed of a message to find its way.
pub(super) struct Heard<'m, 't> {
    pub(super) call: &'m Call<'m>,
    pub(super) message: &'m Message<'t>,
    pub(super) header: &'m Header<'t>,
    pub(super) session: &'m str,
    pub(super) msg: &'m str,
    pub(super) device: &'m str,
    /// True where it looks like package 1: a session alert, DevInfo, or a client event alone.
    pub(super) opens: bool,
    pub(super) fin: bool,
}

impl Heard<'_, '_> {
    /// A session belongs to a device and has a SessionID.
    pub(super) fn key(&self, switches: &Switches) -> Key {
        let (mut device, mut session) = (self.device.to_owned(), self.session.to_owned());
        if switches.on("sessions-by-id-alone") {
            device.clear();
        }
        if switches.on("new-session-continues-old") {
            session.clear();
        }
        (device, session)
    }

    /// The version of a message, or the code that refuses it and what is supported instead.
    pub(super) fn version(
        &self,
        switches: &Switches,
    ) -> Result<Version, (u32, &'static [&'static str])> {
        let on = |name| switches.on(name);
        let (dtd, proto) = (
            value(self.header.ver_dtd.as_ref()),
            value(self.header.ver_proto.as_ref()),
        );
        if let Some(version) = self.call.public_id {
            return Ok(version);
        }
        if dtd.is_empty() || proto.is_empty() {
            return Err((400, &[]));
        }
        let by_dtd = Version::from_dtd(dtd);
        let by_proto = Version::from_proto(proto);
        match (by_dtd, by_proto) {
            (None, _) if !on("ver-dtd-unchecked") => Err((505, &["1.1", "1.2"])),
            (_, None) if !on("ver-proto-unchecked") => Err((513, &["DM/1.1", "DM/1.2"])),
            (Some(dtd), Some(proto)) if dtd != proto && !on("versions-that-disagree-accepted") => {
                Err((513, &["DM/1.1", "DM/1.2"]))
            }
            (dtd, proto) => Ok(dtd.or(proto).unwrap_or(Version::V1_2)),
        }
    }

    /// What the answer is to know of it.
    pub(super) fn facts(&self, session: &Session, stage: doc::Stage) -> Facts {
        let asked = self.message.commands.iter().map(|command| Asked {
            name: command.name.to_owned(),
            cmd_id: command.id().to_owned(),
            code: value(command.data.as_ref()).to_owned(),
            items: command.items.len(),
            source: value(command.items.first().and_then(|item| item.source.as_ref())).to_owned(),
            target: value(command.items.first().and_then(|item| item.target.as_ref())).to_owned(),
        });
        Facts {
            encoding: self.call.encoding,
            version: session.version,
            stage,
            client: match (session.accepted, self.call.certified) {
                (false, _) => Client::Stranger,
                (true, false) => Client::Known,
                (true, true) => Client::OfWindows,
            },
            round: session.msg,
            session: self.session.to_owned(),
            msg: self.msg.to_owned(),
            device: self.device.to_owned(),
            fin: self.fin,
            package_1: session.package_1,
            asked: asked.collect(),
            url: session.url.clone(),
            max_msg_size: session.max_msg_size,
        }
    }

    /// The same octets again have the same number.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.call.body.hash(&mut hasher);
        hasher.finish()
    }
}

/// True for the commands that make a message a package 1: a session alert, or DevInfo.
pub(super) fn opens(command: &Command<'_>) -> bool {
    let dev_info = |uri: &Option<Text<'_>>| {
        uri.as_ref()
            .is_some_and(|uri| uri.value.trim_start_matches("./").starts_with("DevInfo/"))
    };
    match command.name {
        "Alert" => matches!(command.code(), 1200 | 1201),
        "Replace" => command
            .items
            .iter()
            .any(|i| dev_info(&i.source) || dev_info(&i.target)),
        _ => false,
    }
}

/// True for a package 1 of Windows that holds nothing but client events (MS-MDM 4.1).
pub(super) fn is_event_alone(message: &Message<'_>) -> bool {
    let mut commands = message.commands.iter();
    commands.len() > 0 && commands.all(|c| c.name == "Alert" && c.code() == 1224)
}

/// True for what answers commands.
pub(super) fn is_answer(name: &str) -> bool {
    matches!(name, "Status" | "Results")
}
