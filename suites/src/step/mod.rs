//! The steps of a case: a mapping with exactly one key, the verb, and its options.
//!
//! Verbs of a family bend the actor by typed options, and stand in a file of their own; `send` puts
//! anything at all on the wire; `given` and `expect` look at the last answer. The only folder here
//! that knows a family's words.

pub mod cp;
mod dm;
pub mod pull;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::role::Family;
use crate::yaml::Located;

pub use dm::{
    Alert, AlertItem, Answer, Auth, Basic, Cred, DevInfo, Finish, First, Formula, Mac, MacField,
    Md5, Nonce, Package1, PublicId, Results, Share, Strings, Wbxml,
};

/// One step.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// Opens a session (or opens it again) with package 1 of OMA DM.
    #[serde(rename = "package-1")]
    Package1(Package1),
    /// Answers the last server message: the next message of package 3.
    Answer(Answer),
    /// Answers until the server closes the session, at most so many times.
    Finish(Finish),
    /// Polls as a device of the Windows CE device management service.
    Poll(pull::Poll),
    /// Asks for the instructions of one package.
    Instructions(pull::Instructions),
    /// Asks where one package is.
    Location(pull::Location),
    /// Fetches a package, or a part of it.
    Download(pull::Download),
    /// Says what became of a package.
    Status(pull::Status),
    /// Sends a report: software, machine, file.
    Report(pull::Report),
    /// Does all that an agent does in one cycle.
    Sync(pull::Sync),
    /// Waits for pushes to a device.
    Await(cp::Await),
    /// Says how the gateway of a device answers from now on.
    Gateway(cp::Gateway),
    /// Says what became of a push.
    Notify(cp::Notify),
    /// Fetches what a device was pointed to.
    Fetch(cp::Fetch),
    /// Submits a push to a gateway.
    Submit(cp::Submit),
    /// Asks a gateway what became of a push.
    Query(cp::Query),
    /// Takes a push back.
    Cancel(cp::Cancel),
    /// Sends a whole message or raw bytes. Unlawful unless it says otherwise.
    Send(Send),
    /// Sends the last request of the device again, byte for byte.
    Repeat(Repeat),
    /// Asks the target, through a hook of the profile, to do something.
    Hook(HookCall),
    /// What must hold before the question can be put; else the case is inconclusive.
    Given(Expect),
    /// What must hold; else the requirement that it speaks for is broken.
    Expect(Expect),
}

impl Step {
    /// The family that the verb belongs to; absent for those of all families.
    pub fn family(&self) -> Option<Family> {
        match self {
            Self::Package1(_) | Self::Answer(_) | Self::Finish(_) => Some(Family::Dm),
            Self::Poll(_)
            | Self::Instructions(_)
            | Self::Location(_)
            | Self::Download(_)
            | Self::Status(_)
            | Self::Report(_)
            | Self::Sync(_) => Some(Family::Pull),
            Self::Await(_)
            | Self::Gateway(_)
            | Self::Notify(_)
            | Self::Fetch(_)
            | Self::Submit(_)
            | Self::Query(_)
            | Self::Cancel(_) => Some(Family::Cp),
            Self::Send(_) | Self::Repeat(_) | Self::Hook(_) | Self::Given(_) | Self::Expect(_) => {
                None
            }
        }
    }
}

/// A whole message or raw bytes.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Send {
    /// A message of the vectors, its holes filled.
    pub message: Option<Located<String>>,
    /// Octets of the vectors (`.hex`), as they are.
    pub bytes: Option<Located<String>>,
    /// Text, as it is.
    pub text: Option<String>,
    /// So many octets of `x`, for bodies that are only large.
    pub filler: Option<u32>,
    /// So many elements inside each other, for bodies that are only deep.
    pub nested: Option<u32>,
    /// Which device; usually the one that spoke last, else `a`.
    pub device: Option<String>,
    /// Cut the body after so many octets (from the end where negative).
    pub cut: Option<i64>,
    /// True where the standard allows the message, so that monitors may look at the answer.
    pub lawful: bool,
    /// True where it may harm the target: only on loopback or on the user's own.
    pub abuse: bool,
    /// True to carry on in the open session: its SessionID and next MsgID fill the holes.
    pub again: bool,
    /// How it is sent.
    pub http: Http,
    /// How WBXML is written; without effect in XML.
    pub wbxml: Wbxml,
}

/// How a request is sent; usually POST, the URL of the session, the media type of the encoding,
/// Content-Length, HTTP/1.1, the open connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Http {
    /// The method.
    pub method: Option<String>,
    /// What is added to the query of the URL: `mode=Maintenance`.
    pub query: Option<String>,
    /// `base` for the URL of the profile although the server gave a RespURI.
    pub to: To,
    /// Header fields to add or to replace; an empty value takes the field out.
    pub headers: BTreeMap<String, String>,
    /// How the body is framed.
    pub framing: Framing,
    /// `1.0` or `1.1`.
    pub version: Option<String>,
    /// True for a new connection.
    pub new_connection: bool,
    /// True to send it over the https URL of the profile.
    pub secure: bool,
    /// True to show no client certificate, whatever the profile gives.
    pub without_certificate: bool,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum To {
    /// To the RespURI of the last answer, if it gave one, else to the URL of the profile.
    #[default]
    Session,
    /// To the URL of the profile.
    Base,
}

/// How a request body is framed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// Content-Length.
    #[default]
    Length,
    /// Transfer-Encoding: chunked, in several chunks.
    Chunked,
    /// `Expect: 100-continue` and Content-Length; the body follows the 100 or a short wait.
    ExpectContinue,
}

/// Sends the last request again.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Repeat {
    /// Which device; usually the one that spoke last.
    pub device: Option<String>,
}

/// Calls a hook of the profile.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct HookCall {
    /// The hook: `queue-command`.
    pub call: Located<String>,
    /// Which device it is about; usually `a`.
    pub device: Option<String>,
    /// Named values for the hook: `kind`, `target`, `data`, `format`, `type`; for packages and
    /// reports `id`, `name`, `required`, `size`, `flags` and others; for pushes `security`, `href`,
    /// `text`, `action`, `si-id`, `created`, `expires`, `push-id`, `notify` and others. Of pushes,
    /// `${published}` in a value is the URL that `publish-package` answered last.
    pub with: BTreeMap<String, String>,
    /// A message of the vectors, its holes filled, as the value `document`.
    pub document: Option<Located<String>>,
}

/// What must hold of the last answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expect {
    /// A golden message of the vectors.
    pub golden: Option<Located<String>>,
    /// A rule in CEL over the exchange: `exchange`, `reply`, `session`, `sent`, `profile`.
    pub holds: Option<Located<String>>,
    /// The requirement that it speaks for; usually the first that the case proves.
    pub of: Option<Located<String>>,
}
