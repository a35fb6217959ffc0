//! A profile: one YAML file about one target. What it claims, the values needed to test it, its
//! hooks, its baseline.
//!
//! The types are here, the reading in [`load`]. Secrets are named here and fetched elsewhere; no
//! hook is called and no URL is opened.

mod check;
mod discreet;
mod load;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

pub use self::load::{embedded, load, names, read};
use crate::role::{Axis, Protocol, Role};
use crate::suite::Scheme;

/// The hooks that cases may call. A profile gives those that its target has.
pub const HOOKS: &[&str] = &[
    "queue-command",
    "set-account",
    "publish-package",
    "assign",
    "withdraw",
    "order-report",
    "push-document",
    "push-si",
    "push-sl",
    "trigger-dm",
    "bootstrap",
    "route",
    "reset",
];

/// A profile.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// The version of this format: 1.
    pub assay: u32,
    /// A profile that comes with the suite, whose values this one replaces. One level only.
    pub extends: Option<String>,
    /// Which side the target plays; usually `dm-server`.
    pub role: Option<Role>,
    /// Where it is.
    #[serde(default)]
    pub target: Target,
    /// What it claims. What is not given is found out before the run, and reported as assumed.
    #[serde(default)]
    pub claims: Claims,
    /// The devices that it knows: a pool, from which each case leases what it needs.
    #[serde(default)]
    pub devices: Vec<Device>,
    /// The server's own identity, for what only it may prove.
    pub server: Option<ServerIdentity>,
    /// Where the harness listens for what the target sends of its own accord.
    #[serde(default)]
    pub listen: Listen,
    /// How the harness makes it do what no message of the protocol asks for.
    #[serde(default)]
    pub hooks: BTreeMap<String, Hook>,
    /// `mine`: the target is the user's own, and abuse may harm it. Loopback always is.
    pub owner: Option<Owner>,
    /// Time and size.
    #[serde(default)]
    pub limits: RunLimits,
    /// Findings that are known, with the reason.
    #[serde(default)]
    pub baseline: Vec<Known>,
}

/// Where a target is and how it is reached.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Target {
    /// The URL of the service.
    pub url: Option<String>,
    /// The same service over TLS, where `url` is plain.
    pub secure_url: Option<String>,
    /// A PEM file of further roots to trust; like all files that a profile names found from its own folder.
    pub ca: Option<PathBuf>,
    /// The same as text: PEM. The built-in peers use it.
    pub ca_pem: Option<String>,
    /// Certificates as text: PEM. Roots by which packages of the target may be signed.
    pub signers: Option<String>,
    /// A PEM file with a client certificate and its key.
    pub client_cert: Option<PathBuf>,
    /// The same as text: PEM, which no file may hold in clear. The built-in peers use it.
    #[serde(skip)]
    pub client_cert_pem: Option<String>,
    /// True to take any certificate. Said in the report.
    pub insecure: bool,
    /// Header fields for every request.
    pub headers: BTreeMap<String, String>,
    /// What every request adds to the query of the URL.
    pub query: Option<String>,
    /// Hosts, `host` or `host:port`, from which packages may be fetched beside that of the URL. A
    /// target on loopback may name any host of loopback.
    pub download_hosts: Vec<String>,
}

/// Where the harness listens for pushes: an address and a port, `127.0.0.1:0` for any that is free.
/// Usually 127.0.0.1 and a free port.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Listen {
    /// The push access protocol: a gateway to which push initiators submit.
    pub pap: Option<String>,
    /// SMPP: an SMS centre.
    pub smpp: Option<String>,
    /// UDP: devices that take datagrams. With port 0 each device has a port of its own.
    pub udp: Option<String>,
    /// The host by which the target reaches these; usually the address that is listened on.
    pub host: Option<String>,
}

/// What a target claims (ISO 9646: ICS).
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Claims {
    /// `1.1`, `1.2`.
    pub versions: Option<Vec<String>>,
    /// `xml`, `wbxml`.
    pub encodings: Option<Vec<String>>,
    /// The schemes of the application layer that it accepts.
    pub auth: Option<Vec<Scheme>>,
    /// `[windows-mdm]` for a server of the Windows MDM profile alone, else OMA DM by version, to which
    /// `windows-mdm` may be added; `[windows-mobile]` for one that provisions Windows Mobile, else OMA CP.
    pub protocols: Option<Vec<Protocol>>,
    /// `4.2`, `5.0`, `6.0`: generations of Windows CE whose devices it serves.
    pub generations: Option<Vec<String>>,
    /// `pap`, `smpp`, `udp`, `file`: how its pushes travel.
    pub carriers: Option<Vec<String>>,
}

impl Claims {
    /// What it claims of an axis; absent where it is silent.
    pub fn values(&self, axis: Axis) -> Option<&Vec<String>> {
        match axis {
            Axis::Version => self.versions.as_ref(),
            Axis::Encoding => self.encodings.as_ref(),
            Axis::Generation => self.generations.as_ref(),
            Axis::Carrier => self.carriers.as_ref(),
        }
    }

    /// The place of what it claims of an axis.
    pub fn values_mut(&mut self, axis: Axis) -> &mut Option<Vec<String>> {
        match axis {
            Axis::Version => &mut self.versions,
            Axis::Encoding => &mut self.encodings,
            Axis::Generation => &mut self.generations,
            Axis::Carrier => &mut self.carriers,
        }
    }
}

/// A device that the target knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Device {
    /// Its id, which is Source/LocURI and DevInfo/DevId.
    pub id: String,
    /// Its user name.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// Its number in the telephone network (MSISDN): `+15550100`.
    pub address: Option<String>,
    /// The number of its subscriber, which the network knows: 6 to 15 digits.
    pub imsi: Option<String>,
    /// The PIN that its user was told.
    pub pin: Option<Secret>,
}

/// A secret, or where it is.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Secret {
    /// The secret itself.
    Text(String),
    /// The name of an environment variable.
    Env(String),
    /// A file whose first line it is, found from the folder of the profile.
    File(PathBuf),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text(…)"),
            Self::Env(name) => write!(f, "Env({name:?})"),
            Self::File(path) => write!(f, "File({path:?})"),
        }
    }
}

/// The server's own identity.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServerIdentity {
    /// Its identifier, `ServerID` of its account on the device.
    pub id: String,
    /// Its password.
    pub password: Secret,
}

/// A hook: an HTTP request or a command line, `${name}` filled in.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Hook {
    /// An HTTP request. Any 2xx is success.
    Http(HttpHook),
    /// A command line: program and arguments. Exit code 0 is success.
    Run(Vec<String>),
}

/// An HTTP request of a hook.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HttpHook {
    /// The method; usually POST.
    pub method: Option<String>,
    /// The URL; `${origin}` is scheme, host and port of the target.
    pub url: String,
    /// Header fields.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body. Inside JSON strings, values are escaped where written `${json:name}`.
    pub body: Option<String>,
}

/// Whose the target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// The user's own.
    Mine,
}

/// Time and size of one exchange.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RunLimits {
    /// Milliseconds for one exchange, connecting included; usually 10 000.
    pub timeout_ms: Option<u64>,
    /// Octets of one answer; usually 1 MiB.
    pub answer_bytes: Option<usize>,
    /// Milliseconds between two exchanges; usually none.
    pub pause_ms: Option<u64>,
}

/// A finding that is known.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Known {
    /// The requirement that is broken.
    pub requirement: String,
    /// The case in which it is; any where not given.
    pub case: Option<String>,
    /// Why that is so.
    pub why: String,
    /// The day, `2027-01-31`, after which it counts again.
    pub until: Option<String>,
}
