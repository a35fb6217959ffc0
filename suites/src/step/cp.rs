//! The verbs of what is pushed: what a device, an SMS centre, a gateway or a push initiator does
//! where the target is a provisioning server or a push proxy gateway.
//!
//! Each has its usual meaning without options; the options bend it.

use serde::Deserialize;

use super::Http;
use crate::yaml::Located;

/// Waits until so many whole pushes have come for a device since the last `await`: requests of PAP,
/// messages of SMPP with all their segments, datagrams, files. What never comes makes the case
/// inconclusive.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Await {
    /// Which leased device, by its name in the case; usually the last that was spoken of, else `a`.
    pub device: Option<String>,
    /// How many; usually 1. With 0 it waits all the time and takes whatever comes.
    pub count: Option<u32>,
    /// True for result notifications instead of pushes.
    pub notification: bool,
    /// True where the target owes it: that it does not come is for an `expect` to judge, and does not
    /// end the case. Of a submission that the target refused nothing is owed.
    pub owed: bool,
    /// Milliseconds; usually the limit of the profile, and 300 where `count` is 0.
    pub within_ms: Option<u64>,
}

/// Says how the gateway, or the SMS centre, of a device answers from now on in this case.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gateway {
    /// Which device; usually the last that was spoken of, else `a`.
    pub device: Option<String>,
    /// What it answers.
    pub answer: GatewayAnswer,
    /// Another result code of PAP in the answer, or another command status of SMPP.
    pub code: Option<u32>,
}

/// What a gateway answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GatewayAnswer {
    /// 1001; status 0 in SMPP.
    #[default]
    Accepted,
    /// 2007, the push-id was used before; "submit failed" in SMPP.
    Duplicate,
    /// 2000 in a badmessage-response; "invalid message length" in SMPP.
    Bad,
    /// 2001; "invalid destination address" in SMPP.
    Forbidden,
    /// 4001; "message queue full" in SMPP.
    Unavailable,
    /// Nothing.
    Silent,
    /// HTTP status 500 without a document; "system error" in SMPP.
    #[serde(rename = "http-500")]
    Http500,
}

/// Says what became of the last push of a device: a result notification, sent to where the push
/// wanted it, as far as the profile allows the host.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Notify {
    /// Which device; usually the last that was spoken of, else `a`.
    pub device: Option<String>,
    /// The message state; usually `delivered`.
    pub state: Option<String>,
    /// The code; usually 1000.
    pub code: Option<u32>,
    /// Another push-id than that of the push.
    pub push_id: Option<String>,
    /// How it is sent.
    pub http: Http,
}

/// Fetches what a device was pointed to, as far as the profile allows the host.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fetch {
    /// Which device; usually the last that was spoken of, else `a`.
    pub device: Option<String>,
    /// What is fetched.
    pub what: What,
    /// The first octet that is wanted, by a Range; usually all of them are, without one.
    pub from: Option<u64>,
    /// How many octets are wanted, by a Range; usually all from the first.
    pub length: Option<u64>,
    /// How it is asked for; usually GET.
    pub http: Http,
}

/// What is fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// What the last SI or SL of the device points to.
    #[default]
    LastHref,
    /// What the hook `publish-package` gave the URL of.
    Published,
}

/// Submits a push to a gateway, as a push initiator.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Submit {
    /// For which device; usually `a`.
    pub device: Option<String>,
    /// What is pushed.
    pub content: Content,
    /// The document, a message of the vectors, its holes filled; usually a small one.
    pub document: Option<Located<String>>,
    /// How a document is protected, with the secrets of the device.
    pub security: Security,
    /// The push-id; usually one that was never used, `last` for that of the last `submit`.
    pub push_id: Option<String>,
    /// The push-id of a push that this one replaces; `last` for that of the last `submit`.
    pub replace: Option<String>,
    /// The addresses as PAP writes them; usually those of the device and of `also`.
    pub addresses: Option<Vec<String>>,
    /// Further leased devices for which it is.
    pub also: Vec<String>,
    /// deliver-before-timestamp.
    pub before: Option<String>,
    /// deliver-after-timestamp.
    pub after: Option<String>,
    /// quality-of-service; usually none.
    pub quality: Option<Quality>,
    /// True to have the result notified to the harness.
    pub notify: bool,
    /// True for the document as XML text, which the gateway may put into tokens.
    pub text: bool,
    /// What is wrong with the request. Makes it unlawful.
    pub bend: Option<Bend>,
    /// How it is sent.
    pub http: Http,
}

/// What is pushed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// A provisioning document.
    #[default]
    Document,
    /// A service indication.
    Si,
    /// A service loading.
    Sl,
    /// The notification that makes a device open a session of OMA DM.
    Trigger,
    /// Plain text.
    Text,
}

/// How a provisioning document is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// Not at all.
    #[default]
    None,
    /// By the IMSI: `SEC=0`.
    Netwpin,
    /// By the PIN: `SEC=1`.
    Userpin,
    /// By both: `SEC=2`.
    Usernetwpin,
    /// By a PIN that checks the document: `SEC=3`.
    Userpinmac,
}

/// quality-of-service of a push: each attribute as PAP writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Quality {
    /// `high`, `medium`, `low`.
    pub priority: Option<String>,
    /// `confirmed`, `preferconfirmed`, `unconfirmed`, `notspecified`.
    pub delivery_method: Option<String>,
    /// `GSM`.
    pub network: Option<String>,
    /// `true`, `false`.
    pub network_required: Option<String>,
    /// `SMS`.
    pub bearer: Option<String>,
    /// `true`, `false`.
    pub bearer_required: Option<String>,
}

/// What is wrong with a submitted push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Bend {
    /// The control document is no XML.
    BadControl,
    /// The control document has no push-id.
    NoPushId,
    /// The control document has no address.
    NoAddress,
    /// The content stands in front of the control document.
    ContentFirst,
    /// There is no content.
    NoContent,
    /// The media type names no boundary.
    NoBoundary,
    /// The control document alone, without multipart.
    NoMultipart,
    /// The body ends before the closing boundary.
    Unclosed,
}

/// Asks a gateway what became of a push.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Query {
    /// For which device; usually the last that was spoken of, else `a`.
    pub device: Option<String>,
    /// The push-id; usually that of the last `submit`.
    pub push_id: Option<String>,
    /// The addresses as PAP writes them; usually none, which means all.
    pub addresses: Vec<String>,
    /// How it is sent.
    pub http: Http,
}

/// Takes a push back.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cancel {
    /// For which device; usually the last that was spoken of, else `a`.
    pub device: Option<String>,
    /// The push-id; usually that of the last `submit`.
    pub push_id: Option<String>,
    /// The addresses as PAP writes them; usually none, which means all.
    pub addresses: Vec<String>,
    /// How it is sent.
    pub http: Http,
}
