//! The verbs of OMA DM, role of the device: package 1, answers, and how a message is bent.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Http;
use crate::suite::Scheme;
use crate::yaml::Located;

/// Package 1: session alert, DevInfo, credentials.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Package1 {
    /// Which leased device, by its name in the case; usually `a`.
    pub device: Option<String>,
    /// The SessionID; usually a fresh one.
    pub session: Option<String>,
    /// True to send package 1 again in the session that is open, with the next MsgID.
    pub again: bool,
    /// Credentials; usually those of the device, following challenges until accepted or refused.
    pub auth: Auth,
    /// The alerts; usually one 1201.
    pub alerts: Option<Vec<Alert>>,
    /// What the DevInfo Replace holds; usually the five mandatory nodes.
    pub dev_info: DevInfo,
    /// Which command stands first; usually the alerts.
    pub first: First,
    /// The CmdIDs of the commands in order; usually 1, 2, 3.
    pub cmd_ids: Option<Vec<u32>>,
    /// False to leave Final out: more messages of the package follow.
    pub r#final: Option<bool>,
    /// False to leave out the Status for the server's header when package 1 is sent again.
    pub leading_status: Option<bool>,
    /// MaxMsgSize in the header, in octets.
    pub max_msg_size: Option<u32>,
    /// MaxObjSize in the header, in octets.
    pub max_obj_size: Option<u32>,
    /// RespURI in the header: `own` for the device's own URI, or any text.
    pub resp_uri: Option<String>,
    /// VerDTD; usually that of the version axis.
    pub ver_dtd: Option<String>,
    /// VerProto; usually that of the version axis.
    pub ver_proto: Option<String>,
    /// Children of SyncHdr to leave out. Makes the message unlawful.
    pub omit: Vec<String>,
    /// Commands beside alerts and DevInfo: a message fragment of the vectors.
    pub commands: Option<Located<String>>,
    /// How it is sent.
    pub http: Http,
    /// How WBXML is written; without effect in XML.
    pub wbxml: Wbxml,
}

/// Credentials of one message. A bare word, or one key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Auth {
    /// What the device would do: the scheme that the target claims, and one more try after a challenge.
    #[default]
    Usual,
    /// No Cred, and no second try.
    None,
    /// Exactly this basic Cred, and no second try.
    Basic(Basic),
    /// Exactly this md5 Cred, and no second try.
    Md5(Md5),
    /// Exactly this mac in the header field `x-syncml-hmac`, and no second try.
    Mac(Mac),
    /// Exactly this Cred, and no second try.
    Cred(Cred),
}

/// A basic credential.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Basic {
    /// Whose user and password; usually those of the device that speaks.
    pub of: Option<String>,
    /// The password; usually the right one.
    pub password: Option<String>,
    /// The user; usually the right one.
    pub user: Option<String>,
    /// False to leave out Cred/Meta.
    pub meta: Option<bool>,
}

/// An md5 credential.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Md5 {
    /// Whose user and password; usually those of the device that speaks.
    pub of: Option<String>,
    /// The password; usually the right one.
    pub password: Option<String>,
    /// The user; usually the right one.
    pub user: Option<String>,
    /// Which nonce goes in and how; usually the octets of the newest.
    pub nonce: Nonce,
    /// The formula; usually that of DM 1.1.2 and later.
    pub formula: Formula,
    /// False to leave out Cred/Meta.
    pub meta: Option<bool>,
}

/// A mac over a whole message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mac {
    /// Whose user and password; usually those of the device that speaks.
    pub of: Option<String>,
    /// The password; usually the right one.
    pub password: Option<String>,
    /// The user in the field and in the mac; usually the right one, which stays in LocName.
    pub user: Option<String>,
    /// Which nonce goes in and how; usually the octets of the newest.
    pub nonce: Nonce,
    /// How the field is written.
    pub field: MacField,
    /// True to make the mac over another message than the one that is sent.
    pub tampered: bool,
}

/// How the field `x-syncml-hmac` is written: all of them ways that the standard allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MacField {
    /// `x-syncml-hmac: algorithm=MD5, username="u", mac=…`.
    #[default]
    Usual,
    /// Without the algorithm, which is MD5 then.
    NoAlgorithm,
    /// With more space around the commas.
    Spaced,
    /// With its name in capitals.
    Capitals,
}

/// What is made of the nonce.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Nonce {
    /// The octets that the base64 text of the newest NextNonce stands for.
    #[default]
    Octets,
    /// The base64 text itself: a mistake that a server must not accept.
    AsText,
    /// The octets of the nonce before the newest.
    Previous,
    /// No octets at all.
    Empty,
    /// Octets that no server gave out.
    Foreign,
    /// The four zero octets that both fall back to when the nonce is lost.
    Default,
}

/// The md5 formula.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Formula {
    /// B64(MD5(B64(MD5(user:password)):nonce)).
    #[default]
    Dm,
    /// B64(MD5(user:password:nonce)) of SyncML 1.0: a mistake that a server must not accept.
    Syncml10,
}

/// A credential spelled out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cred {
    /// Cred/Meta/Type.
    pub r#type: String,
    /// Cred/Meta/Format; usually `b64`.
    pub format: Option<String>,
    /// Cred/Data.
    pub data: String,
}

/// One Alert of the client.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Alert {
    /// The alert code.
    pub code: u32,
    /// Its items; usually none.
    pub items: Vec<AlertItem>,
    /// A Correlator, and where it stands.
    pub correlator: Option<String>,
    /// True to put the Correlator before Data, as one widespread encoder does.
    pub correlator_first: bool,
}

/// One Item of an Alert.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct AlertItem {
    /// Source/LocURI.
    pub source: Option<String>,
    /// Meta/Type.
    pub r#type: Option<String>,
    /// Meta/Format.
    pub format: Option<String>,
    /// Meta/Mark.
    pub mark: Option<String>,
    /// Data.
    pub data: Option<String>,
}

/// What the DevInfo Replace holds.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DevInfo {
    /// True to leave the Replace out.
    pub omit: bool,
    /// True to write `DevInfo/DevId` for `./DevInfo/DevId`.
    pub bare: bool,
    /// Nodes to add or to change, by the path below `./DevInfo/`.
    pub nodes: BTreeMap<String, String>,
    /// False to leave Meta out of the items.
    pub meta: Option<bool>,
}

/// Which command of package 1 stands first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum First {
    /// The alerts.
    #[default]
    Alert,
    /// The DevInfo Replace.
    Replace,
}

/// The next message of package 3.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Answer {
    /// Which device; usually the one that spoke last.
    pub device: Option<String>,
    /// The status for each command by its name (`Replace: 404`, `Alert: 406`, `"*": 405`); usually what the tree gives.
    pub statuses: BTreeMap<String, u32>,
    /// The Status for the server's header; usually 200. With 401 or 407 no command is carried out.
    pub header_status: Option<u32>,
    /// The scheme that the Status for the server's header asks of the server, with a fresh nonce:
    /// `md5` or `mac`. With 200 or 212 it is the nonce that counts from then on.
    pub challenge: Option<Scheme>,
    /// Which commands are answered; usually all that are not answered yet.
    pub of: Share,
    /// How Results are written.
    pub results: Results,
    /// Alerts to add.
    pub alerts: Vec<Alert>,
    /// Credentials; usually none once the session was accepted with 212.
    pub auth: Auth,
    /// False to leave Final out: more messages of the package follow.
    pub r#final: Option<bool>,
    /// True to add a Status for a command that the server never sent.
    pub stray_status: bool,
    /// Nodes that the tree holds beside its own, by URI.
    pub tree: BTreeMap<String, String>,
    /// MaxMsgSize in the header, in octets.
    pub max_msg_size: Option<u32>,
    /// Commands beside Status, Results and alerts: a message fragment of the vectors.
    pub commands: Option<Located<String>>,
    /// The SessionID; usually that of the session. Another one makes the message unlawful.
    pub session: Option<String>,
    /// How it is sent.
    pub http: Http,
    /// How WBXML is written; without effect in XML.
    pub wbxml: Wbxml,
}

/// A share of the commands that wait for an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Share {
    /// All of them.
    #[default]
    All,
    /// The first half; the others wait for the next answer.
    FirstHalf,
    /// None of them: Status for the header only.
    None,
}

/// How Results are written.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the format, not a state"
)]
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Results {
    /// True to leave them out although the Status is 200.
    pub omit: bool,
    /// False to leave MsgRef out.
    pub msg_ref: Option<bool>,
    /// True to add a Cmd element, as MS-MDM shows it.
    pub cmd: bool,
    /// True to put Meta beside the Items instead of inside them.
    pub meta_on_command: bool,
    /// True for one Results with several Items where several Gets are answered.
    pub together: bool,
}

/// Answers until the server closes the session.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Finish {
    /// Which device; usually the one that spoke last.
    pub device: Option<String>,
    /// At most so many messages; usually 10.
    pub rounds: Option<u32>,
    /// The status for each command by its name; usually what the tree gives.
    pub statuses: BTreeMap<String, u32>,
    /// The scheme for which each Status for the server's header gives a fresh nonce.
    pub challenge: Option<Scheme>,
}

/// How WBXML is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Wbxml {
    /// The version octet: `1.1`, `1.2` (usually) or `1.3`.
    pub version: Option<String>,
    /// How text is written; usually inline.
    pub strings: Strings,
    /// How the public identifier is written; usually the number of the version axis.
    pub public_id: PublicId,
    /// True to switch code pages more often than needed.
    pub redundant_switches: bool,
    /// True to write empty elements with the content bit and an END.
    pub empty_with_content: bool,
}

/// How text is written in WBXML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Strings {
    /// STR_I.
    #[default]
    Inline,
    /// STR_T.
    Table,
    /// OPAQUE.
    Opaque,
    /// All of them in turn.
    Mixed,
}

/// How the public identifier is written in WBXML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PublicId {
    /// The number of the version.
    #[default]
    Number,
    /// The formal public identifier in the string table.
    Text,
    /// The number of the other version.
    OtherVersion,
}
