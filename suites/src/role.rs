//! Roles, and what hangs on them: the family, the axes, the protocol of a run.
//!
//! What a family is in the harness (its verbs, its subjects, its actor) is said where those are;
//! here is only which role belongs to it.

use serde::Deserialize;

/// What documents a suite is about, and whose verbs its cases speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// OMA DM.
    Dm,
    /// OMA Client Provisioning, and what is pushed like it.
    Cp,
    /// The Windows CE device management service.
    Pull,
}

impl Family {
    /// Its name, which is that of its folder and the first part of its ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dm => "dm",
            Self::Cp => "cp",
            Self::Pull => "pull",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Dm => "OMA DM",
            Self::Cp => "OMA Client Provisioning",
            Self::Pull => "the Windows CE device management service",
        }
    }
}

/// Which side the target plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// An OMA DM server.
    DmServer,
    /// An OMA client provisioning server, which pushes.
    CpServer,
    /// A push proxy gateway.
    Ppg,
    /// A server of the Windows CE device management service.
    PullServer,
    /// An OMA DM client.
    DmClient,
    /// A configuration manager.
    CpClient,
    /// The agent on a target device.
    PullAgent,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::DmServer,
        Self::CpServer,
        Self::Ppg,
        Self::PullServer,
        Self::DmClient,
        Self::CpClient,
        Self::PullAgent,
    ];

    /// Its name in suites, profiles and reports: `dm-server`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DmServer => "dm-server",
            Self::CpServer => "cp-server",
            Self::Ppg => "ppg",
            Self::PullServer => "pull-server",
            Self::DmClient => "dm-client",
            Self::CpClient => "cp-client",
            Self::PullAgent => "pull-agent",
        }
    }

    /// The role of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The family whose words its suites speak.
    pub fn family(self) -> Family {
        match self {
            Self::DmServer | Self::DmClient => Family::Dm,
            Self::CpServer | Self::Ppg | Self::CpClient => Family::Cp,
            Self::PullServer | Self::PullAgent => Family::Pull,
        }
    }

    /// What its cases may be repeated over.
    pub fn axes(self) -> &'static [Axis] {
        match self.family() {
            Family::Dm => &[Axis::Version, Axis::Encoding],
            // The others of the family are asked; only this one chooses how it pushes.
            Family::Cp if self == Self::CpServer => &[Axis::Carrier],
            Family::Cp => &[],
            Family::Pull => &[Axis::Generation],
        }
    }

    /// The protocol of a run whose case names none: what the profile claims, and the values of the axes.
    pub fn protocol<'a>(
        self,
        claimed: &[Protocol],
        value: impl Fn(Axis) -> Option<&'a str>,
    ) -> Protocol {
        match self.family() {
            Family::Dm if claimed == [Protocol::WindowsMdm] => Protocol::WindowsMdm,
            Family::Dm if value(Axis::Version) == Some("1.1") => Protocol::Dm11,
            Family::Dm => Protocol::Dm12,
            Family::Cp if claimed.contains(&Protocol::WindowsMobile) => Protocol::WindowsMobile,
            Family::Cp => Protocol::OmaCp,
            Family::Pull => match value(Axis::Generation) {
                Some("4.2") => Protocol::Ce42,
                Some("6.0") => Protocol::Ce60,
                _ => Protocol::Ce50,
            },
        }
    }
}

/// The protocols and their profiles, under which a requirement holds or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Protocol {
    /// OMA DM 1.1.2.
    #[serde(rename = "dm-1.1")]
    Dm11,
    /// OMA DM 1.2 and 1.2.1.
    #[serde(rename = "dm-1.2")]
    Dm12,
    /// The Windows MDM profile of DM 1.2.
    #[serde(rename = "windows-mdm")]
    WindowsMdm,
    /// OMA Client Provisioning 1.1.
    #[serde(rename = "oma-cp")]
    OmaCp,
    /// OMA Client Provisioning as Windows Mobile has it.
    #[serde(rename = "windows-mobile")]
    WindowsMobile,
    /// The device management service of Windows CE .NET 4.2.
    #[serde(rename = "ce-4.2")]
    Ce42,
    /// The device management service of Windows CE 5.0.
    #[serde(rename = "ce-5.0")]
    Ce50,
    /// The device management service of Windows CE 6.0.
    #[serde(rename = "ce-6.0")]
    Ce60,
}

impl Protocol {
    /// Its name in suites and profiles.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dm11 => "dm-1.1",
            Self::Dm12 => "dm-1.2",
            Self::WindowsMdm => "windows-mdm",
            Self::OmaCp => "oma-cp",
            Self::WindowsMobile => "windows-mobile",
            Self::Ce42 => "ce-4.2",
            Self::Ce50 => "ce-5.0",
            Self::Ce60 => "ce-6.0",
        }
    }

    /// The family that it belongs to.
    pub fn family(self) -> Family {
        match self {
            Self::Dm11 | Self::Dm12 | Self::WindowsMdm => Family::Dm,
            Self::OmaCp | Self::WindowsMobile => Family::Cp,
            Self::Ce42 | Self::Ce50 | Self::Ce60 => Family::Pull,
        }
    }
}

/// What a case may be repeated over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    /// `1.1`, `1.2`; usually 1.2 if the target claims it.
    Version,
    /// `xml`, `wbxml`; usually xml if the target claims it.
    Encoding,
    /// `4.2`, `5.0`, `6.0` of Windows CE, for its device management service; usually 5.0.
    Generation,
    /// `pap`, `smpp`, `udp`, `file`: how a push travels; usually `pap`.
    Carrier,
}

impl Axis {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Version,
        Self::Encoding,
        Self::Generation,
        Self::Carrier,
    ];

    /// Its name in suites, reports and recordings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Encoding => "encoding",
            Self::Generation => "generation",
            Self::Carrier => "carrier",
        }
    }

    /// All values that it has.
    pub fn values(self) -> &'static [&'static str] {
        match self {
            Self::Version => &["1.1", "1.2"],
            Self::Encoding => &["xml", "wbxml"],
            Self::Generation => &["4.2", "5.0", "6.0"],
            Self::Carrier => &["pap", "smpp", "udp", "file"],
        }
    }

    /// The values that a target is taken to have where its profile is silent: all, but only the
    /// usual carrier, since each of the others is set up by hand.
    pub fn assumed(self) -> &'static [&'static str] {
        match self {
            Self::Carrier => &["pap"],
            _ => self.values(),
        }
    }

    /// The value of cases that do not name it, where the target claims it.
    pub fn usual(self) -> &'static str {
        match self {
            Self::Version => "1.2",
            Self::Encoding => "xml",
            Self::Generation => "5.0",
            Self::Carrier => "pap",
        }
    }
}
