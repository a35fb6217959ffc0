//! The device: what it knows of its session, what it reads in an answer, and the credentials that
//! it would use (OMA-TS-DM_Protocol 8 and 9, OMA-TS-DM_Security 5.3).
//!
//! It reads an answer only as far as the next message needs it, and never judges: what is missing
//! or odd is left to those who look at the recording.

use assay_suites::step::{Basic, Formula, Mac, MacField, Md5, Nonce};
use assay_suites::suite::Scheme;
use assay_wire::dm::Message;
use assay_wire::dm::hmac::{self, Hmac};
use assay_wire::{Encoding, Limits, Span, digest, http, trigger};
use reqwest::Url;

use crate::dm::answer::Asked;
use crate::dm::tree::Tree;
use crate::dm::work::Chunks;
use crate::{LeasedDevice, Outgoing, Tag};

/// Octets that no server gave out: long enough not to be guessed by chance.
const FOREIGN_NONCE: &[u8] = b"assay-foreign-nonce-00000000";

/// A device of the case.
pub(crate) struct Device {
    pub(crate) tree: Tree,
    pub(crate) session: Option<Session>,
    /// The last request, for those that send it again.
    pub(crate) last: Option<(Outgoing, Tag)>,
}

/// A session of a device, from its side.
#[derive(Debug)]
pub(crate) struct Session {
    /// SessionID.
    pub(crate) id: String,
    /// A counter of the case run.
    pub(crate) number: u32,
    /// MsgID of the next message.
    pub(crate) next_msg: u32,
    /// The URL of the profile that the session began with.
    pub(crate) base: Url,
    /// RespURI of the last answer, as written.
    pub(crate) resp_uri: Option<String>,
    /// The last answer, where it was a message.
    pub(crate) reply: Option<Reply>,
    /// Commands of the server that wait for their answer.
    pub(crate) asked: Vec<Asked>,
    pub(crate) chunks: Option<Chunks>,
    pub(crate) standing: Standing,
    /// True where the last message of the device closed its package.
    pub(crate) sent_final: bool,
}

/// How the device stands with the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing was asked for so far.
    #[default]
    Unknown,
    /// The server wants a credential of this scheme.
    Challenged(Scheme),
    /// Accepted for the session (212).
    Accepted,
    /// Accepted for one message (200): each message needs a credential.
    EachMessage(Scheme),
}

/// What the next message needs of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) msg: String,
    /// The Status of the message header; zero where there is none.
    pub(crate) code: u64,
    /// True where the package of the server ends with this message.
    pub(crate) fin: bool,
    /// True where the server ended the session by Alert 1223.
    pub(crate) aborted: bool,
    /// Scheme and nonce of the challenge.
    challenge: Option<(Option<Scheme>, Option<Vec<u8>>)>,
    /// Data of the server's own Cred, where it is one of md5, and where it stands in the body: it may be
    /// written in more ways than one.
    pub(crate) cred: Option<(String, Span)>,
    resp_uri: Option<String>,
    asked: Vec<Asked>,
}

/// A Cred to be sent, and the user who stands in Source/LocName.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Credential {
    pub(crate) kind: String,
    pub(crate) format: String,
    pub(crate) data: String,
    /// False to leave out Cred/Meta.
    pub(crate) meta: bool,
    pub(crate) user: Option<String>,
    pub(crate) scheme: Option<Scheme>,
    /// What the mac of the message is made of, where it has one instead of a Cred.
    pub(crate) key: Option<Key>,
}

/// What a mac is made of beside the message, and how its field is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    user: String,
    password: String,
    nonce: Vec<u8>,
    field: MacField,
    tampered: bool,
}

impl Key {
    /// The header field over this body.
    pub(crate) fn field(&self, body: &[u8]) -> (String, String) {
        let mut body = body.to_vec();
        if self.tampered
            && let Some(last) = body.last_mut()
        {
            *last ^= 1;
        }
        let mac = digest::mac(&self.user, &self.password, &self.nonce, &body);
        let written = Hmac {
            algorithm: (self.field != MacField::NoAlgorithm).then(|| "MD5".to_owned()),
            username: Some(self.user.clone()),
            mac: Some(mac),
            ..Hmac::default()
        };
        let value = written.write();
        match self.field {
            MacField::Spaced => (hmac::FIELD.to_owned(), value.replace(", ", "  ,   ")),
            MacField::Capitals => (hmac::FIELD.to_ascii_uppercase(), value),
            MacField::Usual | MacField::NoAlgorithm => (hmac::FIELD.to_owned(), value),
        }
    }
}

impl Session {
    /// A session that is about to begin.
    pub(crate) fn new(id: String, number: u32, base: Url) -> Self {
        Self {
            id,
            number,
            next_msg: 1,
            base,
            resp_uri: None,
            reply: None,
            asked: Vec::new(),
            chunks: None,
            standing: Standing::Unknown,
            sent_final: false,
        }
    }

    /// Takes in what came back to a message that carried a credential of this scheme, or none.
    pub(crate) fn take_in(
        &mut self,
        reply: Option<Reply>,
        sent: Option<Scheme>,
        lease: &mut LeasedDevice,
    ) {
        let Some(mut reply) = reply else {
            self.reply = None;
            return;
        };
        lease.was_accepted |= sent.is_some() && (200..300).contains(&reply.code);
        if let Some(uri) = reply.resp_uri.take() {
            self.resp_uri = Some(uri);
        }
        if let Some((_, Some(nonce))) = &reply.challenge
            && lease.nonce.as_ref() != Some(nonce)
        {
            lease.previous_nonce = lease.nonce.replace(nonce.clone());
        }
        if let Some((Some(scheme), Some(_))) = &reply.challenge {
            lease.scheme = Some(*scheme);
        }
        self.standing = match (reply.code, &reply.challenge, sent) {
            (401 | 407, Some((Some(scheme), _)), _) => Standing::Challenged(*scheme),
            (401 | 407, _, _) => Standing::Unknown,
            (212, _, _) => Standing::Accepted,
            (200, _, Some(scheme)) if self.standing != Standing::Accepted => {
                Standing::EachMessage(scheme)
            }
            _ => self.standing,
        };
        self.asked.append(&mut reply.asked);
        self.reply = Some(reply);
    }

    /// True where there is nothing that a device would answer: the server wants nothing more, or
    /// refused, or ended the session (OMA-TS-DM_Protocol 8).
    pub(crate) fn is_over(&self) -> bool {
        let Some(reply) = &self.reply else {
            return false;
        };
        let refused = self.was_refused();
        let done = self.sent_final && reply.fin && self.asked.is_empty();
        reply.aborted || refused || done
    }

    /// True where the last answer refused the message.
    pub(crate) fn was_refused(&self) -> bool {
        self.reply
            .as_ref()
            .is_some_and(|reply| reply.code >= 400 && !reply.aborted)
    }
}

impl Reply {
    /// Reads an answer; absent where it is no message of the protocol.
    pub(crate) fn read(response: &http::Response, limits: &Limits) -> Option<Self> {
        if !(200..300).contains(&response.status) {
            return None;
        }
        let body = &response.body.octets;
        let first = body.iter().find(|octet| !octet.is_ascii_whitespace())?;
        // What the body is shows in its first octet, whatever the media type says. No XML begins
        // with a control character, and every WBXML does.
        let encoding = if *first < 0x20 {
            Encoding::Wbxml
        } else {
            Encoding::Xml
        };
        let decoded = assay_wire::read(body, encoding, limits).ok()?;
        let message = Message::of(&decoded.tree)?;
        let header = message.header.as_ref()?;
        let status = message.header_status();
        let chal = status
            .and_then(|status| status.chal.as_ref())
            .or_else(|| message.statuses().find_map(|status| status.chal.as_ref()));
        let challenge = chal.and_then(|chal| chal.meta.as_ref()).map(|meta| {
            let scheme = meta
                .kind
                .as_ref()
                .and_then(|kind| Scheme::of_type(&kind.value));
            // As some clients do: what is no base64 is taken as it is.
            let nonce = meta.next_nonce.as_ref().map(|text| {
                digest::unb64(&text.value).unwrap_or_else(|| text.value.as_bytes().to_vec())
            });
            (scheme, nonce)
        });
        let cred = header.cred.as_ref().and_then(|cred| {
            let kind = cred.meta.as_ref()?.kind.as_ref()?;
            let data = cred.data.as_ref()?;
            let found = || (data.value.to_string(), decoded.tree.inner_span(data.node));
            (kind.value == Scheme::Md5.type_name()).then(found)
        });
        let msg = message.msg_id().to_owned();
        let asked: Vec<Asked> = message
            .requests()
            .map(|command| Asked::of(command, &msg, &decoded.tree))
            .collect();
        Some(Self {
            code: status.map_or(0, assay_wire::dm::Command::code),
            fin: message.fin.is_some(),
            aborted: asked
                .iter()
                .any(|asked| asked.name == "Alert" && asked.code == 1223),
            challenge,
            cred,
            resp_uri: header.resp_uri.as_ref().map(|uri| uri.value.to_string()),
            asked,
            msg,
        })
    }
}

/// The credential that the device would send now; none where it needs none or has none.
pub(crate) fn usual(
    standing: Standing,
    lease: &LeasedDevice,
    claims: Option<&[Scheme]>,
) -> Option<Credential> {
    let scheme = match standing {
        Standing::Challenged(scheme) | Standing::EachMessage(scheme) => scheme,
        // Before any challenge the last known nonce serves (OMA-TS-DM_Security 5.3.3).
        Standing::Unknown if lease.nonce.is_some() => lease.scheme.unwrap_or(Scheme::Md5),
        Standing::Accepted | Standing::Unknown => return None,
    };
    if !claims.is_none_or(|claims| claims.contains(&scheme)) {
        return None;
    }
    match scheme {
        Scheme::None => None,
        Scheme::Basic => basic(&Basic::default(), lease).ok(),
        Scheme::Md5 => md5(&Md5::default(), lease, lease).ok(),
        Scheme::Mac => mac(&Mac::default(), lease, lease).ok(),
    }
}

/// Exactly this basic credential; `of` is the device whose user and password it has.
pub(crate) fn basic(bends: &Basic, of: &LeasedDevice) -> Result<Credential, String> {
    let (user, password) = account(bends.user.as_ref(), bends.password.as_ref(), of)?;
    Ok(Credential {
        kind: Scheme::Basic.type_name().to_owned(),
        format: "b64".to_owned(),
        data: digest::basic(&user, &password),
        meta: bends.meta != Some(false),
        user: Some(user),
        scheme: Some(Scheme::Basic),
        key: None,
    })
}

/// Exactly this md5 credential of a device; `of` is the one whose user and password it has.
pub(crate) fn md5(
    bends: &Md5,
    own: &LeasedDevice,
    of: &LeasedDevice,
) -> Result<Credential, String> {
    let (user, password) = account(bends.user.as_ref(), bends.password.as_ref(), of)?;
    let nonce = nonce(bends.nonce, own)?;
    let data = match bends.formula {
        Formula::Dm => digest::md5_cred(&user, &password, &nonce),
        Formula::Syncml10 => digest::md5_syncml10(&user, &password, &nonce),
    };
    Ok(Credential {
        kind: Scheme::Md5.type_name().to_owned(),
        format: "b64".to_owned(),
        data,
        meta: bends.meta != Some(false),
        user: Some(user),
        scheme: Some(Scheme::Md5),
        key: None,
    })
}

/// Exactly this mac of a device; `of` is the one whose user and password it has.
pub(crate) fn mac(
    bends: &Mac,
    own: &LeasedDevice,
    of: &LeasedDevice,
) -> Result<Credential, String> {
    let (user, password) = account(bends.user.as_ref(), bends.password.as_ref(), of)?;
    Ok(Credential {
        kind: Scheme::Mac.type_name().to_owned(),
        format: String::new(),
        data: String::new(),
        meta: false,
        user: Some(of.identity.user.clone()),
        scheme: Some(Scheme::Mac),
        key: Some(Key {
            user,
            password,
            nonce: nonce(bends.nonce, own)?,
            field: bends.field,
            tampered: bends.tampered,
        }),
    })
}

/// What goes into a digest of this device.
fn nonce(which: Nonce, own: &LeasedDevice) -> Result<Vec<u8>, String> {
    let newest = || own.nonce.clone().ok_or("no answer gave a nonce");
    Ok(match which {
        Nonce::Octets => newest()?,
        Nonce::AsText => digest::b64(&newest()?).into_bytes(),
        Nonce::Previous => own
            .previous_nonce
            .clone()
            .ok_or("no answers gave two nonces")?,
        Nonce::Empty => Vec::new(),
        Nonce::Foreign => FOREIGN_NONCE.to_vec(),
        Nonce::Default => trigger::DEFAULT_NONCE.to_vec(),
    })
}

fn account(
    user: Option<&String>,
    password: Option<&String>,
    of: &LeasedDevice,
) -> Result<(String, String), String> {
    let user = user.unwrap_or(&of.identity.user);
    let password = password
        .or(of.identity.password.as_ref())
        .ok_or("the device has no password")?;
    Ok((user.clone(), password.clone()))
}
