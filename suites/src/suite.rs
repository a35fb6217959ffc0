//! The model of a suite file: requirements and cases of one chapter of one standard.
//!
//! Plain data, as the YAML has it. What needs more than one file to be checked is in [`crate::lint`].

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::basis::{Basis, Level};
pub use crate::role::{Axis, Protocol, Role};
use crate::step::Step;
use crate::yaml::Located;

/// One suite file.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Suite {
    /// The version of this format: 1.
    pub assay: u32,
    /// Which side the target plays.
    pub role: Role,
    /// The chapter, which all ids of the file begin with: `dm.security`.
    pub chapter: Located<String>,
    /// The document that the chapter follows.
    pub standard: String,
    /// What the standard demands, what is not tested among it.
    #[serde(default)]
    pub requirements: Vec<Requirement>,
    /// What is played.
    #[serde(default)]
    pub cases: Vec<Case>,
}

/// One normative statement.
///
/// Exactly one of `must`, `should` and `may` holds the sentence. Where none of `open`,
/// `untestable`, `implicit`, `out-of-scope` and `deprecated` is given it is tested: by a rule
/// (`each`, `when`, `holds`), by the cases that name it in `proves`, or by both.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", schemars(extend("oneOf" = [{"required": ["must"]}, {"required": ["should"]}, {"required": ["may"]}])))]
pub struct Requirement {
    /// Its id, which never changes: the chapter and kebab-case words.
    pub id: Located<String>,
    /// The sentence of an absolute requirement, in our own words.
    pub must: Option<String>,
    /// The sentence of a recommendation.
    pub should: Option<String>,
    /// The sentence of a freedom.
    pub may: Option<String>,
    /// Where the standard says so: document and section.
    pub r#ref: String,
    /// Other names of it: rows of the fact sheets (`DM-SRV-096`), ids of other suites.
    #[serde(default)]
    pub aka: Vec<Located<String>>,
    /// How the statement is known.
    #[serde(default)]
    pub basis: Basis,
    /// The profiles of the protocol that it holds for; empty: all of the role.
    #[serde(default)]
    pub r#for: Vec<Protocol>,
    /// What a profile must give before it can be judged, beyond what its cases need.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Where the level differs with the protocol.
    #[serde(default)]
    pub except: Vec<Exception>,
    /// The subject of its rule: a monitor is judged on every such subject of every lawful exchange.
    pub each: Option<Located<String>>,
    /// The condition of the rule, in CEL. Where it is false the subject is not looked at.
    pub when: Option<Located<String>>,
    /// The rule, in CEL.
    pub holds: Option<Located<String>>,
    /// True for a monitor that also looks at answers to unlawful requests.
    #[serde(default)]
    pub always: bool,
    /// The faults of the built-in peer that it catches.
    #[serde(default)]
    pub dies_by: Vec<Located<String>>,
    /// Why it is read this way, and what variants are allowed.
    pub note: Option<String>,
    /// Not tested yet, and why.
    pub open: Option<String>,
    /// It does not show on the wire, and why.
    pub untestable: Option<String>,
    /// It is tested by others, and which.
    pub implicit: Option<String>,
    /// It is no business of this suite, and why.
    pub out_of_scope: Option<String>,
    /// It was withdrawn, and why.
    pub deprecated: Option<String>,
}

impl Requirement {
    /// The level that its sentence stands under.
    pub fn level(&self) -> Level {
        match (&self.must, &self.should) {
            (Some(_), _) => Level::Must,
            (None, Some(_)) => Level::Should,
            (None, None) => Level::May,
        }
    }

    /// Its sentence.
    pub fn says(&self) -> &str {
        self.must
            .as_deref()
            .or(self.should.as_deref())
            .or(self.may.as_deref())
            .unwrap_or_default()
    }

    /// What is done about it.
    pub fn disposition(&self) -> Disposition<'_> {
        let reasons = [
            (&self.open, "open"),
            (&self.untestable, "untestable"),
            (&self.implicit, "implicit"),
            (&self.out_of_scope, "out-of-scope"),
            (&self.deprecated, "deprecated"),
        ];
        reasons
            .into_iter()
            .find_map(|(why, name)| {
                why.as_deref().map(|why| Disposition {
                    name,
                    why: Some(why),
                })
            })
            .unwrap_or(Disposition {
                name: "tested",
                why: None,
            })
    }

    /// True where the suite judges it.
    pub fn is_tested(&self) -> bool {
        self.disposition().why.is_none()
    }

    /// True where it holds under this protocol.
    pub fn holds_for(&self, protocol: Protocol) -> bool {
        self.r#for.is_empty() || self.r#for.contains(&protocol)
    }
}

/// What is done about a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disposition<'a> {
    /// `tested`, `open`, `untestable`, `implicit`, `out-of-scope` or `deprecated`.
    pub name: &'static str,
    /// Why it is not tested; absent where it is.
    pub why: Option<&'a str>,
}

/// What a profile must give before something can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// A user and a password for each device that is used.
    Credentials,
    /// An `https` URL.
    Tls,
    /// A client certificate (`target.client-cert`).
    ClientCertificate,
    /// Two devices.
    SecondDevice,
    /// That the target is the user's own (`owner: mine`), or on loopback: abuse may harm it.
    Owner,
    /// The server's own identity and password (`server:`).
    ServerCredentials,
    /// An IMSI for each device.
    Imsi,
    /// A PIN for each device.
    Pin,
}

/// A level that differs with the protocol.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Exception {
    /// Under which protocol.
    pub r#for: Protocol,
    /// The level there.
    pub level: Level,
    /// Why.
    pub why: String,
}

/// One played scenario of one or more sessions by one or more devices.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    /// Its id, which never changes.
    pub id: Located<String>,
    /// What it does, in one sentence that begins with a verb.
    pub does: String,
    /// The requirements that it judges; an `expect` without `of` speaks for the first.
    pub proves: Vec<Located<String>>,
    /// The case that must pass before this one means anything.
    pub control: Option<Located<String>>,
    /// What it is repeated over; an axis that is not named takes its usual value.
    #[serde(default)]
    pub over: BTreeMap<Axis, Vec<Located<String>>>,
    /// What it needs beyond what its steps show.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// The authentication schemes of which the target must claim one; empty: any, or none.
    #[serde(default)]
    pub auth: Vec<Scheme>,
    /// The protocol that the device speaks, where it is not that of the version: `windows-mdm`.
    pub speaks: Option<Protocol>,
    /// What it leaves behind on the target.
    pub leaves: Option<String>,
    /// What is done and what is looked at, in order.
    pub steps: Vec<Located<Step>>,
}

/// An authentication scheme of the application layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// None at all: anybody is served.
    None,
    /// `syncml:auth-basic`.
    Basic,
    /// `syncml:auth-md5`.
    Md5,
    /// `syncml:auth-MAC`: a mac over each message, in the header field `x-syncml-hmac`.
    Mac,
}

impl Scheme {
    /// As profiles and suites write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic => "basic",
            Self::Md5 => "md5",
            Self::Mac => "mac",
        }
    }

    /// Its Type in Cred and Chal; empty for none at all.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Basic => "syncml:auth-basic",
            Self::Md5 => "syncml:auth-md5",
            Self::Mac => "syncml:auth-MAC",
        }
    }

    /// The scheme that Type of Cred and Chal names.
    pub fn of_type(kind: &str) -> Option<Self> {
        let all = [Self::Basic, Self::Md5, Self::Mac];
        all.into_iter().find(|scheme| scheme.type_name() == kind)
    }
}
