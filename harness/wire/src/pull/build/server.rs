//! Drafts of what a management server answers: PollResponse, Instructions, PackageLocation.

use super::{attribute, document, element, leaf, leaves};
use crate::pull::ReportKind;
use crate::tree::Tree;

/// A `PollResponse` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollResponseDraft {
    /// `ClientSettings`.
    pub client: Option<ClientSettingsDraft>,
    /// What is ordered to be reported, in order. Software, file and machine were observed.
    pub orders: Vec<OrderDraft>,
    /// The ids of the packages that the device is to have.
    pub packages: Vec<String>,
}

/// `ClientSettings` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientSettingsDraft {
    /// `version`.
    pub version: Option<String>,
    /// `PollServer`.
    pub poll_server: Option<String>,
    /// `PollInterval`.
    pub poll_interval: Option<String>,
    /// `FailureRetryCount`.
    pub retry_count: Option<String>,
    /// `FailureRetryInterval`.
    pub retry_interval: Option<String>,
}

/// The settings of one kind of report to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderDraft {
    /// What is ordered.
    pub kind: ReportKind,
    /// `version`.
    pub version: Option<String>,
    /// `Enabled`.
    pub enabled: Option<String>,
    /// `Interval`.
    pub interval: Option<String>,
    /// Each `FileFilterItem`.
    pub filters: Vec<FilterDraft>,
}

/// A `FileFilterItem` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterDraft {
    /// `Filter`.
    pub filter: String,
    /// `Path`.
    pub path: String,
    /// `Recursive`.
    pub recursive: Option<String>,
    /// `ExcludeCompressed`.
    pub exclude_compressed: Option<String>,
    /// `ExcludeEncrypted`.
    pub exclude_encrypted: Option<String>,
}

/// `Instructions` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstructionsDraft {
    /// The packages; a server sends one.
    pub packages: Vec<PackageDraft>,
}

/// A `Package` of instructions to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageDraft {
    /// `ID`.
    pub id: String,
    /// `Required`.
    pub required: String,
    /// `Name`.
    pub name: String,
    /// `ShortDescription`.
    pub short_description: Option<String>,
    /// `LongDescription`.
    pub long_description: Option<String>,
    /// `PackageSize`, in octets.
    pub size: String,
    /// `Flags`.
    pub flags: String,
    /// `StartTime`.
    pub start_time: String,
    /// `UTC` of `StartTime`.
    pub utc: Option<String>,
    /// `Recurrence`.
    pub recurrence: Option<RecurrenceDraft>,
    /// `LocalDestination`.
    pub local_destination: String,
    /// `CommandLine`.
    pub command_line: Option<String>,
    /// `SourceFiles`, which agents of CE .NET 4.2 do not know.
    pub source_files: Option<String>,
}

/// `Recurrence` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecurrenceDraft {
    /// `Interval`.
    pub interval: String,
    /// `Behavior`.
    pub behavior: String,
}

/// A `PackageLocation` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageLocationDraft {
    /// `PackageID`.
    pub package_id: String,
    /// Each `Location`.
    pub locations: Vec<LocationDraft>,
}

/// A `Location` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocationDraft {
    /// `metric`.
    pub metric: Option<String>,
    /// `SMB/SMBPath`.
    pub smb_path: Option<String>,
    /// `HTTP/URL`.
    pub url: Option<String>,
    /// `DirectoryService/Name`.
    pub directory: Option<String>,
    /// Each `IPSubnets/Subnet`.
    pub subnets: Vec<String>,
}

impl PollResponseDraft {
    /// The document. Without settings and orders there is no `Settings`.
    pub fn tree(&self) -> Tree<'static> {
        let (mut tree, root) = document("PollResponse");
        if self.client.is_some() || !self.orders.is_empty() {
            let settings = element(&mut tree, root, "Settings");
            if let Some(client) = &self.client {
                let node = element(&mut tree, settings, "ClientSettings");
                if let Some(version) = &client.version {
                    attribute(&mut tree, node, "version", version);
                }
                leaves(
                    &mut tree,
                    node,
                    &[
                        ("PollServer", client.poll_server.as_deref()),
                        ("PollInterval", client.poll_interval.as_deref()),
                        ("FailureRetryCount", client.retry_count.as_deref()),
                        ("FailureRetryInterval", client.retry_interval.as_deref()),
                    ],
                );
            }
            for order in &self.orders {
                order.write(&mut tree, settings);
            }
        }
        let applicable = element(&mut tree, root, "ApplicablePackages");
        for id in &self.packages {
            let package = element(&mut tree, applicable, "Package");
            attribute(&mut tree, package, "ID", id);
        }
        tree
    }
}

impl OrderDraft {
    /// An order of this kind: version 1.0, enabled, at this interval, without filters.
    pub fn new(kind: ReportKind, interval: &str) -> Self {
        Self {
            kind,
            version: Some("1.0".into()),
            enabled: Some("true".into()),
            interval: Some(interval.into()),
            filters: Vec::new(),
        }
    }

    fn write(&self, tree: &mut Tree<'static>, settings: crate::tree::NodeId) {
        let node = element(tree, settings, self.kind.settings());
        if let Some(version) = &self.version {
            attribute(tree, node, "version", version);
        }
        let inside = [
            ("Enabled", self.enabled.as_deref()),
            ("Interval", self.interval.as_deref()),
        ];
        leaves(tree, node, &inside);
        for filter in &self.filters {
            let node = element(tree, node, "FileFilterItem");
            leaf(tree, node, "Filter", &filter.filter);
            leaf(tree, node, "Path", &filter.path);
            let inside = [
                ("Recursive", filter.recursive.as_deref()),
                ("ExcludeCompressed", filter.exclude_compressed.as_deref()),
                ("ExcludeEncrypted", filter.exclude_encrypted.as_deref()),
            ];
            leaves(tree, node, &inside);
        }
    }
}

impl InstructionsDraft {
    /// The document.
    pub fn tree(&self) -> Tree<'static> {
        let (mut tree, root) = document("Instructions");
        for package in &self.packages {
            let node = element(&mut tree, root, "Package");
            let first = [
                ("ID", Some(package.id.as_str())),
                ("Required", Some(&package.required)),
                ("Name", Some(&package.name)),
                ("ShortDescription", package.short_description.as_deref()),
                ("LongDescription", package.long_description.as_deref()),
                ("PackageSize", Some(&package.size)),
                ("Flags", Some(&package.flags)),
            ];
            leaves(&mut tree, node, &first);
            let start = leaf(&mut tree, node, "StartTime", &package.start_time);
            if let Some(utc) = &package.utc {
                attribute(&mut tree, start, "UTC", utc);
            }
            if let Some(recurrence) = &package.recurrence {
                let node = element(&mut tree, node, "Recurrence");
                leaf(&mut tree, node, "Interval", &recurrence.interval);
                leaf(&mut tree, node, "Behavior", &recurrence.behavior);
            }
            let last = [
                ("LocalDestination", Some(package.local_destination.as_str())),
                ("CommandLine", package.command_line.as_deref()),
                ("SourceFiles", package.source_files.as_deref()),
            ];
            leaves(&mut tree, node, &last);
        }
        tree
    }
}

impl PackageLocationDraft {
    /// The document.
    pub fn tree(&self) -> Tree<'static> {
        let (mut tree, root) = document("PackageLocation");
        leaf(&mut tree, root, "PackageID", &self.package_id);
        let locations = element(&mut tree, root, "Locations");
        for location in &self.locations {
            let node = element(&mut tree, locations, "Location");
            if let Some(metric) = &location.metric {
                attribute(&mut tree, node, "metric", metric);
            }
            let paths = [
                ("SMB", "SMBPath", &location.smb_path),
                ("HTTP", "URL", &location.url),
                ("DirectoryService", "Name", &location.directory),
            ];
            for (outer, inner, text) in paths {
                if let Some(text) = text {
                    let outer = element(&mut tree, node, outer);
                    leaf(&mut tree, outer, inner, text);
                }
            }
            if !location.subnets.is_empty() {
                let subnets = element(&mut tree, node, "IPSubnets");
                for subnet in &location.subnets {
                    leaf(&mut tree, subnets, "Subnet", subnet);
                }
            }
        }
        tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pull::{Behavior, Instructions, PackageLocation, PollResponse, set_namespace};
    use crate::tree::Namespace;
    use crate::xml;

    fn text(tree: &Tree<'_>) -> String {
        String::from_utf8(xml::write(tree, &xml::Style::default())).expect("UTF-8")
    }

    fn poll_response() -> PollResponseDraft {
        PollResponseDraft {
            client: Some(ClientSettingsDraft {
                version: Some("1.0".into()),
                poll_interval: Some("0000-00-00 00:30:00".into()),
                ..ClientSettingsDraft::default()
            }),
            orders: vec![OrderDraft {
                filters: vec![FilterDraft {
                    filter: "*.exe".into(),
                    path: "\\Apps".into(),
                    recursive: Some("true".into()),
                    ..FilterDraft::default()
                }],
                ..OrderDraft::new(ReportKind::Software, "0000-00-07 00:00:00")
            }],
            packages: vec!["A".into(), "B&C".into()],
        }
    }

    #[test]
    fn a_poll_response_reads_as_it_was_drafted() {
        let tree = poll_response().tree();
        assert!(text(&tree).starts_with(
            "<PollResponse xmlns=\"http://www.microsoft.com/DeviceManagement.xsd\"><Settings>\
             <ClientSettings version=\"1.0\"><PollInterval>0000-00-00 00:30:00</PollInterval>"
        ));
        let view = PollResponse::of(&tree).expect("a poll response");
        assert_eq!(view.ids().collect::<Vec<_>>(), ["A", "B&C"]);
        let order = &view.orders()[0];
        assert!(order.is_enabled() && order.kind == ReportKind::Software);
        assert_eq!(
            order.filters[0].path.as_ref().expect("a path").value,
            "\\Apps"
        );
        let client = view.settings.as_ref().and_then(|s| s.client.as_ref());
        assert_eq!(
            client.and_then(|c| c.version).expect("a version").value,
            "1.0"
        );
        assert!(Instructions::of(&tree).is_none());
    }

    #[test]
    fn no_packages_are_an_empty_list_and_no_settings_are_none() {
        let mut tree = PollResponseDraft::default().tree();
        set_namespace(&mut tree, &Namespace::None);
        assert_eq!(
            text(&tree),
            "<PollResponse><ApplicablePackages/></PollResponse>"
        );
        let view = PollResponse::of(&tree).expect("a poll response");
        assert!(view.applicable.is_some() && view.settings.is_none() && view.packages.is_empty());
    }

    #[test]
    fn destinations_are_found_in_either_place() {
        let draft = InstructionsDraft {
            packages: vec![PackageDraft {
                id: "A".into(),
                required: "Yes".into(),
                flags: "03 00 00 00".into(),
                utc: Some("true".into()),
                recurrence: Some(RecurrenceDraft {
                    interval: "0000-00-01 00:00:00".into(),
                    behavior: "Execute Only".into(),
                }),
                local_destination: "\\x".into(),
                ..PackageDraft::default()
            }],
        };
        let mut tree = draft.tree();
        let root = tree.root().expect("a root");
        let from = tree.find(root, "Package/LocalDestination").expect("a path");
        let to = tree.find(root, "Package/Recurrence").expect("a recurrence");
        for moved in [false, true] {
            if moved {
                tree.detach(from);
                tree.attach(Some(to), from);
            }
            let view = Instructions::of(&tree).expect("instructions");
            let package = &view.packages[0];
            let destination = package.local_destination.as_ref().expect("a path");
            assert_eq!((&*destination.value, destination.node), ("\\x", from));
            let recurrence = package.recurrence.as_ref().expect("a recurrence");
            assert_eq!(recurrence.behavior(), Some(Behavior::ExecuteOnly));
            assert_eq!(package.utc.expect("UTC").value, "true");
        }
    }

    #[test]
    fn a_location_names_its_ways() {
        let draft = PackageLocationDraft {
            package_id: "A".into(),
            locations: vec![
                LocationDraft {
                    metric: Some("1".into()),
                    url: Some("http://host/a?b&c".into()),
                    smb_path: Some("\\\\host\\a".into()),
                    directory: Some("north".into()),
                    subnets: vec!["192.0.2.0".into(), "198.51.100.0".into()],
                },
                LocationDraft::default(),
            ],
        };
        let written = text(&draft.tree());
        let (tree, _) = xml::read(written.as_bytes(), &crate::Limits::TARGET).expect("XML");
        let view = PackageLocation::of(&tree).expect("a location");
        assert_eq!(view.all.len(), 2);
        let first = &view.all[0];
        assert_eq!(
            first.url.as_ref().expect("a URL").value,
            "http://host/a?b&c"
        );
        assert_eq!(first.subnets.len(), 2);
        assert_eq!(
            first.metric.expect("a metric").span.of(written.as_bytes()),
            b"metric=\"1\""
        );
        assert!(view.all[1].metric.is_none() && view.all[1].url.is_none());
    }
}
