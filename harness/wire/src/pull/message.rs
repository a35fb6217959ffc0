//! The typed views of what a management server answers: PollResponse, Instructions,
//! PackageLocation (CE 6.0 documentation, "Poll Response", "Instruction Response", "Package
//! Location Response").
//!
//! Lenient: elements are taken by local name, in any order and any namespace; what is missing is
//! absent, and of what may stand once the first counts. What is right is decided elsewhere, by the
//! nodes that are found here.

use crate::pull::{Behavior, Interval, ReportKind, boolean};
use crate::tree::{NodeId, Tree};
use crate::view::{Attr, Text, attr, named, root, text};

/// `PollResponse`.
#[derive(Clone, Debug)]
pub struct PollResponse<'t> {
    /// The root element.
    pub root: NodeId,
    /// `Settings`.
    pub settings: Option<Settings<'t>>,
    /// `ApplicablePackages`.
    pub applicable: Option<NodeId>,
    /// The packages that the device is to have, in order.
    pub packages: Vec<Listed<'t>>,
}

/// `Settings`.
#[derive(Clone, Debug)]
pub struct Settings<'t> {
    /// The element.
    pub node: NodeId,
    /// `ClientSettings`.
    pub client: Option<ClientSettings<'t>>,
    /// What is ordered to be reported, in document order.
    pub orders: Vec<ReportOrder<'t>>,
}

/// `ClientSettings`.
#[derive(Clone, Debug)]
pub struct ClientSettings<'t> {
    /// The element.
    pub node: NodeId,
    /// `version`.
    pub version: Option<Attr<'t>>,
    /// `PollServer`.
    pub poll_server: Option<Text<'t>>,
    /// `PollInterval`.
    pub poll_interval: Option<Text<'t>>,
    /// `FailureRetryCount`.
    pub retry_count: Option<Text<'t>>,
    /// `FailureRetryInterval`.
    pub retry_interval: Option<Text<'t>>,
}

/// `SoftwareInventorySettings`, `MachineInventorySettings` or `FileCollectionSettings`.
#[derive(Clone, Debug)]
pub struct ReportOrder<'t> {
    /// The element.
    pub node: NodeId,
    /// What is ordered.
    pub kind: ReportKind,
    /// `version`.
    pub version: Option<Attr<'t>>,
    /// `Enabled`.
    pub enabled: Option<Text<'t>>,
    /// `Interval`.
    pub interval: Option<Text<'t>>,
    /// Each `FileFilterItem`.
    pub filters: Vec<Filter<'t>>,
}

/// `FileFilterItem`.
#[derive(Clone, Debug)]
pub struct Filter<'t> {
    /// The element.
    pub node: NodeId,
    /// `Filter`.
    pub filter: Option<Text<'t>>,
    /// `Path`.
    pub path: Option<Text<'t>>,
    /// `Recursive`.
    pub recursive: Option<Text<'t>>,
    /// `ExcludeCompressed`.
    pub exclude_compressed: Option<Text<'t>>,
    /// `ExcludeEncrypted`.
    pub exclude_encrypted: Option<Text<'t>>,
}

/// `Package` inside `ApplicablePackages`.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'t> {
    /// The element.
    pub node: NodeId,
    /// `ID`.
    pub id: Option<Attr<'t>>,
}

/// `Instructions`.
#[derive(Clone, Debug)]
pub struct Instructions<'t> {
    /// The root element.
    pub root: NodeId,
    /// Each `Package`.
    pub packages: Vec<Package<'t>>,
}

/// `Package` inside `Instructions`.
#[derive(Clone, Debug)]
pub struct Package<'t> {
    /// The element.
    pub node: NodeId,
    /// `ID`.
    pub id: Option<Text<'t>>,
    /// `Required`.
    pub required: Option<Text<'t>>,
    /// `Name`.
    pub name: Option<Text<'t>>,
    /// `ShortDescription`.
    pub short_description: Option<Text<'t>>,
    /// `LongDescription`.
    pub long_description: Option<Text<'t>>,
    /// `PackageSize`, in octets.
    pub size: Option<Text<'t>>,
    /// `Flags`.
    pub flags: Option<Text<'t>>,
    /// `StartTime`.
    pub start_time: Option<Text<'t>>,
    /// `UTC` of `StartTime`.
    pub utc: Option<Attr<'t>>,
    /// `Recurrence`.
    pub recurrence: Option<Recurrence<'t>>,
    /// `LocalDestination`, here or inside `Recurrence`.
    pub local_destination: Option<Text<'t>>,
    /// `CommandLine`, here or inside `Recurrence`.
    pub command_line: Option<Text<'t>>,
    /// `SourceFiles`.
    pub source_files: Option<Text<'t>>,
}

/// `Recurrence`.
#[derive(Clone, Debug)]
pub struct Recurrence<'t> {
    /// The element.
    pub node: NodeId,
    /// `Interval`.
    pub interval: Option<Text<'t>>,
    /// `Behavior`.
    pub behavior: Option<Text<'t>>,
}

/// `PackageLocation`.
#[derive(Clone, Debug)]
pub struct PackageLocation<'t> {
    /// The root element.
    pub root: NodeId,
    /// `PackageID`.
    pub package_id: Option<Text<'t>>,
    /// `Locations`.
    pub locations: Option<NodeId>,
    /// Each `Location`.
    pub all: Vec<Location<'t>>,
}

/// `Location`.
#[derive(Clone, Debug)]
pub struct Location<'t> {
    /// The element.
    pub node: NodeId,
    /// `metric`.
    pub metric: Option<Attr<'t>>,
    /// `HTTP/URL`.
    pub url: Option<Text<'t>>,
    /// `SMB/SMBPath`.
    pub smb_path: Option<Text<'t>>,
    /// `DirectoryService/Name`.
    pub directory: Option<Text<'t>>,
    /// Each `IPSubnets/Subnet`.
    pub subnets: Vec<Text<'t>>,
}

impl<'t> PollResponse<'t> {
    /// The view of this document; absent where its root is another.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = root(tree, "PollResponse")?;
        let applicable = tree.child(root, "ApplicablePackages");
        let packages = applicable
            .into_iter()
            .flat_map(|node| named(tree, node, "Package"));
        Some(Self {
            root,
            settings: tree
                .child(root, "Settings")
                .map(|node| Settings::of(tree, node)),
            applicable,
            packages: packages
                .map(|node| Listed {
                    node,
                    id: attr(tree, node, "ID"),
                })
                .collect(),
        })
    }

    /// The ids of the packages that the device is to have, as written, in order.
    pub fn ids(&self) -> impl Iterator<Item = &'t str> {
        self.packages
            .iter()
            .filter_map(|package| package.id.map(|id| id.value))
    }

    /// What is ordered to be reported, in document order.
    pub fn orders(&self) -> &[ReportOrder<'t>] {
        self.settings
            .as_ref()
            .map_or(&[], |settings| &settings.orders)
    }
}

impl<'t> Settings<'t> {
    fn of(tree: &'t Tree<'t>, node: NodeId) -> Self {
        let orders = tree.elements(node).filter_map(|child| {
            let kind = ReportKind::of_settings(tree.name(child))?;
            Some(ReportOrder::of(tree, child, kind))
        });
        Self {
            node,
            client: tree
                .child(node, "ClientSettings")
                .map(|node| ClientSettings {
                    node,
                    version: attr(tree, node, "version"),
                    poll_server: text(tree, node, "PollServer"),
                    poll_interval: text(tree, node, "PollInterval"),
                    retry_count: text(tree, node, "FailureRetryCount"),
                    retry_interval: text(tree, node, "FailureRetryInterval"),
                }),
            orders: orders.collect(),
        }
    }
}

impl<'t> ReportOrder<'t> {
    fn of(tree: &'t Tree<'t>, node: NodeId, kind: ReportKind) -> Self {
        let filters = named(tree, node, "FileFilterItem").map(|node| Filter {
            node,
            filter: text(tree, node, "Filter"),
            path: text(tree, node, "Path"),
            recursive: text(tree, node, "Recursive"),
            exclude_compressed: text(tree, node, "ExcludeCompressed"),
            exclude_encrypted: text(tree, node, "ExcludeEncrypted"),
        });
        Self {
            node,
            kind,
            version: attr(tree, node, "version"),
            enabled: text(tree, node, "Enabled"),
            interval: text(tree, node, "Interval"),
            filters: filters.collect(),
        }
    }

    /// True where the report is wanted.
    pub fn is_enabled(&self) -> bool {
        self.enabled
            .as_ref()
            .is_some_and(|text| boolean(&text.value) == Some(true))
    }
}

impl<'t> Instructions<'t> {
    /// The view of this document; absent where its root is another.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = root(tree, "Instructions")?;
        Some(Self {
            root,
            packages: named(tree, root, "Package")
                .map(|node| Package::of(tree, node))
                .collect(),
        })
    }
}

impl<'t> Package<'t> {
    /// The view of this element.
    pub fn of(tree: &'t Tree<'t>, node: NodeId) -> Self {
        // The pages of two elements name Recurrence as their parent, which not every package has.
        let either = |name: &str| {
            text(tree, node, name).or_else(|| text(tree, node, &format!("Recurrence/{name}")))
        };
        let start_time = tree.child(node, "StartTime");
        Self {
            node,
            id: text(tree, node, "ID"),
            required: text(tree, node, "Required"),
            name: text(tree, node, "Name"),
            short_description: text(tree, node, "ShortDescription"),
            long_description: text(tree, node, "LongDescription"),
            size: text(tree, node, "PackageSize"),
            flags: text(tree, node, "Flags"),
            start_time: start_time.map(|node| Text::of(tree, node)),
            utc: start_time.and_then(|node| attr(tree, node, "UTC")),
            recurrence: tree.child(node, "Recurrence").map(|node| Recurrence {
                node,
                interval: text(tree, node, "Interval"),
                behavior: text(tree, node, "Behavior"),
            }),
            local_destination: either("LocalDestination"),
            command_line: either("CommandLine"),
            source_files: text(tree, node, "SourceFiles"),
        }
    }
}

impl Recurrence<'_> {
    /// What happens each time; absent where the text is none of the two.
    pub fn behavior(&self) -> Option<Behavior> {
        Behavior::parse(&self.behavior.as_ref()?.value)
    }

    /// The period; absent where the text is none.
    pub fn interval(&self) -> Option<Interval> {
        Interval::parse(&self.interval.as_ref()?.value)
    }
}

impl<'t> PackageLocation<'t> {
    /// The view of this document; absent where its root is another.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = root(tree, "PackageLocation")?;
        let locations = tree.child(root, "Locations");
        let all = locations
            .into_iter()
            .flat_map(|node| named(tree, node, "Location"));
        Some(Self {
            root,
            package_id: text(tree, root, "PackageID"),
            locations,
            all: all.map(|node| Location::of(tree, node)).collect(),
        })
    }
}

impl<'t> Location<'t> {
    fn of(tree: &'t Tree<'t>, node: NodeId) -> Self {
        let subnets = tree.child(node, "IPSubnets");
        let subnets = subnets
            .into_iter()
            .flat_map(|node| named(tree, node, "Subnet"));
        Self {
            node,
            metric: attr(tree, node, "metric"),
            url: text(tree, node, "HTTP/URL"),
            smb_path: text(tree, node, "SMB/SMBPath"),
            directory: text(tree, node, "DirectoryService/Name"),
            subnets: subnets.map(|node| Text::of(tree, node)).collect(),
        }
    }
}
