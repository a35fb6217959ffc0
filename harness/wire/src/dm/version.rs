//! The versions of OMA DM and their strings on the wire.

use crate::tree::Namespace;

/// A version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// OMA DM 1.1.2.
    V1_1,
    /// OMA DM 1.2 and 1.2.1.
    V1_2,
}

impl Version {
    /// Both, oldest first.
    pub const ALL: [Self; 2] = [Self::V1_1, Self::V1_2];

    /// VerDTD: `1.1`, `1.2` (OMA-TS-DM_Protocol 8.3).
    pub fn dtd(self) -> &'static str {
        match self {
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
        }
    }

    /// VerProto: `DM/1.1`, `DM/1.2` (OMA-TS-DM_RepPro 6.1.25).
    pub fn proto(self) -> &'static str {
        match self {
            Self::V1_1 => "DM/1.1",
            Self::V1_2 => "DM/1.2",
        }
    }

    /// The namespace of the representation protocol.
    pub fn namespace(self) -> Namespace<'static> {
        match self {
            Self::V1_1 => Namespace::SyncMl11,
            Self::V1_2 => Namespace::SyncMl12,
        }
    }

    /// The version that this VerDTD names.
    pub fn from_dtd(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.dtd() == text)
    }

    /// The version that this VerProto names.
    pub fn from_proto(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|version| version.proto() == text)
    }
}
