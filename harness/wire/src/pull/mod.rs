//! The device management service of Windows CE: names on the wire, the typed views of its
//! documents, their lexical types, and how to build them.
//!
//! Sources are the device management pages of the Windows CE .NET 4.2, CE 5.0 and CE 6.0
//! documentation. Whether a document is right is decided elsewhere.

mod build;
mod lexical;
mod message;
mod request;

pub use build::{
    AdapterDraft, ClientSettingsDraft, DevicePollDraft, DirectoryDraft, FileDraft, FileReportDraft,
    FilterDraft, InstructionsDraft, InventoryDraft, LocationDraft, LocationRequestDraft,
    OrderDraft, PackageDraft, PackageLocationDraft, PollResponseDraft, RecurrenceDraft,
    StatusDraft, StatusMessageDraft, attribute, element, instructions_request, leaf, set_namespace,
};
pub use lexical::{
    Behavior, Datetime, Interval, MOST_ID, MOST_LONG, MOST_NAME, MOST_PATH, MOST_SHORT, boolean,
    flags, flags_are_known, is_guid, write_flags,
};
pub use message::{
    ClientSettings, Filter, Instructions, Listed, Location, Package, PackageLocation, PollResponse,
    Recurrence, ReportOrder, Settings,
};
pub use request::{
    Adapter, DevicePoll, Directory, File, FileReport, InstructionsRequest, Inventory,
    InventoryItem, LocationRequest, Property, Status, StatusMessage,
};

use crate::tree::{Namespace, Tree};

pub use crate::view::{Attr, Text};

/// The namespace of all documents but the reports.
pub const NAMESPACE: &str = "http://www.microsoft.com/DeviceManagement.xsd";

/// The media type that the agent of the harness sends; the documentation names none.
pub const MEDIA_TYPE: &str = "text/xml; charset=utf-8";

/// The media type that the agent of the harness sends with a collected file.
pub const FILE_MEDIA_TYPE: &str = "application/octet-stream";

/// The header fields of the service, as the documentation spells them.
pub mod field {
    /// Who speaks: the unique device id. On every message.
    pub const UUID: &str = "X-Device-UUID";
    /// The newest token that the server gave out. On every message, and in answers.
    pub const AUTH: &str = "X-Device-Auth";
    /// The mark of the last successful poll. On polls, and in their answers.
    pub const TIMESTAMP: &str = "X-Device-Timestamp";
    /// The version of the agent.
    pub const CLIENT_VERSION: &str = "X-Device-client-version";
    /// What is asked: see [`super::Action`].
    pub const ACTION: &str = "X-Device-Action";
    /// Which report it is: see [`super::ReportKind`].
    pub const REPORT_TYPE: &str = "X-Device-ReportType";
    /// The path of a collected file on the device.
    pub const FILENAME: &str = "X-Device-FullyQualifiedFilename";
}

/// A package download begins.
pub const DOWNLOAD_STARTED: u32 = 11030;
/// A package download succeeded.
pub const DOWNLOAD_SUCCEEDED: u32 = 11031;
/// A package download failed.
pub const DOWNLOAD_FAILED: u32 = 11032;
/// The command line of a package succeeded.
pub const EXECUTION_SUCCEEDED: u32 = 11035;

/// The namespace of all documents but the reports, for a tree.
pub fn namespace() -> Namespace<'static> {
    Namespace::Other(NAMESPACE.into())
}

/// What a message asks for, by the value of `X-Device-Action`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// What the device is to have and to report.
    Poll,
    /// The instructions for one package.
    Instructions,
    /// Where one package is.
    Location,
    /// What became of a package.
    Status,
    /// A report: software, machine, file.
    Report,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Poll,
        Self::Instructions,
        Self::Location,
        Self::Status,
        Self::Report,
    ];

    /// The value of the header field. The documentation has no sample of `Status`.
    pub fn value(self) -> &'static str {
        match self {
            Self::Poll => "Poll",
            Self::Instructions => "InstructionRequest",
            Self::Location => "LocationRequest",
            Self::Status => "Status",
            Self::Report => "Report",
        }
    }

    /// A word for it in rules: `poll`, `instructions`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Instructions => "instructions",
            Self::Location => "location",
            Self::Status => "status",
            Self::Report => "report",
        }
    }

    /// The action that this value names, in any case of its letters.
    pub fn named(value: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|action| action.value().eq_ignore_ascii_case(value.trim()))
    }
}

/// The kinds of reports, by the value of `X-Device-ReportType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportKind {
    /// The files on the device.
    Software,
    /// The hardware.
    Machine,
    /// One file.
    File,
}

impl ReportKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Software, Self::Machine, Self::File];

    /// The value of the header field.
    pub fn value(self) -> &'static str {
        match self {
            Self::Software => "SoftwareInventory",
            Self::Machine => "MachineInventory",
            Self::File => "FileCollection",
        }
    }

    /// The element of a poll response that orders it.
    pub fn settings(self) -> &'static str {
        match self {
            Self::Software => "SoftwareInventorySettings",
            Self::Machine => "MachineInventorySettings",
            Self::File => "FileCollectionSettings",
        }
    }

    /// A word for it in rules: `software`, `machine`, `file`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Software => "software",
            Self::Machine => "machine",
            Self::File => "file",
        }
    }

    /// The kind that this value names, in any case of its letters.
    pub fn named(value: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.value().eq_ignore_ascii_case(value.trim()))
    }

    /// The kind that this element of a poll response orders.
    pub fn of_settings(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.settings() == name)
    }
}

/// The generations of the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generation {
    /// Windows CE .NET 4.2.
    Ce42,
    /// Windows CE 5.0.
    #[default]
    Ce50,
    /// Windows Embedded CE 6.0.
    Ce60,
}

impl Generation {
    /// All of them, oldest first.
    pub const ALL: [Self; 3] = [Self::Ce42, Self::Ce50, Self::Ce60];

    /// Its name on the axis: `4.2`, `5.0`, `6.0`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ce42 => "4.2",
            Self::Ce50 => "5.0",
            Self::Ce60 => "6.0",
        }
    }

    /// The generation of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// True where its instructions may hold `SourceFiles`.
    pub fn has_source_files(self) -> bool {
        self != Self::Ce42
    }
}

/// The documents of the service, by their root elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `DevicePoll`.
    DevicePoll,
    /// `PollResponse`.
    PollResponse,
    /// `InstructionsRequest`.
    InstructionsRequest,
    /// `Instructions`.
    Instructions,
    /// `PackageLocationRequest`.
    LocationRequest,
    /// `PackageLocation`.
    PackageLocation,
    /// `Status`.
    Status,
    /// `FileReport`.
    FileReport,
    /// `Inventory`.
    Inventory,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::DevicePoll,
        Self::PollResponse,
        Self::InstructionsRequest,
        Self::Instructions,
        Self::LocationRequest,
        Self::PackageLocation,
        Self::Status,
        Self::FileReport,
        Self::Inventory,
    ];

    /// The name of the root element.
    pub fn root(self) -> &'static str {
        match self {
            Self::DevicePoll => "DevicePoll",
            Self::PollResponse => "PollResponse",
            Self::InstructionsRequest => "InstructionsRequest",
            Self::Instructions => "Instructions",
            Self::LocationRequest => "PackageLocationRequest",
            Self::PackageLocation => "PackageLocation",
            Self::Status => "Status",
            Self::FileReport => "FileReport",
            Self::Inventory => "Inventory",
        }
    }

    /// What this document is, by the local name of its root in any namespace.
    pub fn of(tree: &Tree<'_>) -> Option<Self> {
        let name = tree.name(tree.root()?);
        Self::ALL.into_iter().find(|kind| kind.root() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_in_any_case() {
        assert_eq!(
            Action::named("instructionREQUEST "),
            Some(Action::Instructions)
        );
        assert_eq!(Action::named("InstructionsRequest"), None);
        assert_eq!(
            ReportKind::named("softwareinventory"),
            Some(ReportKind::Software)
        );
        assert_eq!(
            ReportKind::of_settings("FileCollectionSettings"),
            Some(ReportKind::File)
        );
        assert_eq!(Generation::named("6.0"), Some(Generation::Ce60));
        assert!(!Generation::Ce42.has_source_files());
    }
}
