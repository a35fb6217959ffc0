//! The verbs of the Windows CE device management service, role of the agent: what a device asks, in
//! the documents and header fields of the service.
//!
//! Each has its usual meaning without options; the options bend it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Http;

/// One poll: `DevicePoll`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Poll {
    /// Which leased device, by its name in the case; usually `a`.
    pub device: Option<String>,
    /// X-Device-Auth; usually the newest token that the server gave out, empty before the first.
    pub auth: Token,
    /// X-Device-Timestamp; usually the last that the server gave out, empty before the first.
    pub timestamp: Timestamp,
    /// X-Device-UUID; usually the id of the device. `none` leaves it out, which is unlawful.
    pub uuid: Option<String>,
    /// Elements to leave out, wherever they stand: `Domain`, `MAC`, `CodePage`, `Connection`.
    pub omit: Vec<String>,
    /// How CodePage is spelled.
    pub code_page: CodePage,
    /// True for the elements of Identification in the reverse order.
    pub reversed: bool,
    /// How the names of the header fields are spelled.
    pub header_case: HeaderCase,
    /// How it is sent.
    pub http: Http,
}

/// The token of a request. A bare word, or one key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Token {
    /// The newest that the server gave out; an empty value before the first.
    #[default]
    Usual,
    /// No header field at all. Makes the request unlawful.
    None,
    /// One that no server gave out. Makes the request unlawful.
    Wrong,
    /// The one that the newest replaced; one that no server gave out before any was. Makes the
    /// request unlawful.
    Stale,
    /// Exactly this text. Makes the request unlawful unless it is the newest.
    Token(String),
}

/// The timestamp of a request. A bare word, or one key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Timestamp {
    /// The last that the server gave out; an empty value before the first.
    #[default]
    Usual,
    /// An empty value, as before the first poll.
    Empty,
    /// Exactly this text. Makes the request unlawful unless it is the last.
    Text(String),
}

/// How CodePage is spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CodePage {
    /// `CodePage`, as devices send it.
    #[default]
    Upper,
    /// `codePage`, as the documentation has it.
    Lower,
}

/// How the names of the header fields of the service are spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum HeaderCase {
    /// As the documentation has them.
    #[default]
    Usual,
    /// All small letters.
    Lower,
    /// All capital letters.
    Upper,
}

/// Asks for the instructions of one package: `InstructionsRequest`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Instructions {
    /// Which device; usually the one that spoke last.
    pub device: Option<String>,
    /// The package; usually the first of the last poll response that was not asked about yet.
    pub package: Option<String>,
    /// How it is sent.
    pub http: Http,
}

/// Asks where one package is: `PackageLocationRequest`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Location {
    /// Which device; usually the one that spoke last.
    pub device: Option<String>,
    /// The package; usually the one of the last instructions.
    pub package: Option<String>,
    /// The directory service that the device belongs to; usually none.
    pub directory: Option<String>,
    /// How it is sent.
    pub http: Http,
}

/// Fetches a package from the best HTTP URL of its last location, where the profile allows the
/// host. A URL that ends in a slash is a folder: it is listed first, and the first file in it is
/// fetched.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Download {
    /// Which device; usually the one that spoke last.
    pub device: Option<String>,
    /// The package; usually the one of the last location.
    pub package: Option<String>,
    /// The first octet that is wanted, by a Range; usually all of them are, without one.
    pub from: Option<u64>,
    /// How many octets are wanted, by a Range; usually all from the first.
    pub length: Option<u64>,
    /// True to ask what is in the collection instead: PROPFIND of depth 1.
    pub propfind: bool,
    /// True to send the header fields of the service along.
    pub management_headers: bool,
    /// How it is sent.
    pub http: Http,
}

/// Says what became of a package: `Status`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Status {
    /// Which device; usually the one that spoke last.
    pub device: Option<String>,
    /// The package; usually the one of the last location, else of the last instructions.
    pub package: Option<String>,
    /// The messageID of each StatusMessage; usually 11030 alone.
    pub ids: Option<Vec<u32>>,
    /// The parameters of each StatusMessage.
    pub parameters: BTreeMap<String, String>,
    /// The timestamp of each StatusMessage; usually that of the virtual clock.
    pub timestamp: Option<String>,
    /// How it is sent.
    pub http: Http,
}

/// Sends a report.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the format, not a state"
)]
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Report {
    /// Which device; usually the one that spoke last.
    pub device: Option<String>,
    /// What is reported.
    pub kind: ReportKind,
    /// The path of a collected file on the device; usually `\Apps\till.log`.
    pub name: Option<String>,
    /// What is in a collected file; usually one word.
    pub body: Option<String>,
    /// True for directories inside directories.
    pub nested: bool,
    /// True to leave out all optional attributes.
    pub bare: bool,
    /// True for several items of the same name in a machine inventory.
    pub repeated_items: bool,
    /// True for items in a machine inventory that no documentation names.
    pub unknown_items: bool,
    /// True for an XML declaration; reports are shown without.
    pub declaration: bool,
    /// True for the namespace of the other documents; reports are shown without.
    pub namespace: bool,
    /// How it is sent.
    pub http: Http,
}

/// What is reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReportKind {
    /// The files on the device: `FileReport`.
    #[default]
    Software,
    /// The hardware: `Inventory`.
    Machine,
    /// One file, octet for octet.
    File,
}

/// The whole cycle of an agent: a poll; for each listed package that the device lacks the
/// instructions, the location, the status reports and the download, and the command once it is
/// there; what recurs once more; the reports that were ordered. What failed is sent again as often
/// as the server wants. Nothing waits: the clock is virtual, and all periods are over by the next
/// cycle.
///
/// The device has the files `\assay.log`, `\Apps\till.exe`, `\Apps\till.log`,
/// `\Apps\lib\till.dll` (compressed), `\Storage\sales.dat` (encrypted) and
/// `\Windows\assay.ini`; filters find those.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sync {
    /// Which leased device, by its name in the case; usually `a`.
    pub device: Option<String>,
}
