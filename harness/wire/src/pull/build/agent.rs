//! Drafts of what an agent sends: DevicePoll, InstructionsRequest, PackageLocationRequest, Status,
//! FileReport, Inventory.

use super::{attribute, attributes, document, element, leaf, leaves, report};
use crate::tree::{NodeId, Tree};

/// A `DevicePoll` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DevicePollDraft {
    /// `ManagementSystem/Name`.
    pub system: String,
    /// `ManagementSystem/Version`.
    pub system_version: String,
    /// `ID`.
    pub id: String,
    /// `DeviceName`.
    pub device_name: String,
    /// `UserName`.
    pub user_name: Option<String>,
    /// `Domain`.
    pub domain: Option<String>,
    /// `Platform`.
    pub platform: String,
    /// `Processor`.
    pub processor: String,
    /// `CodePage`.
    pub code_page: Option<String>,
    /// True to spell it `codePage`, as the documentation does.
    pub lower_code_page: bool,
    /// `SystemDefaultLCID`.
    pub lcid: Option<String>,
    /// Each `NetworkAdapter`.
    pub adapters: Vec<AdapterDraft>,
    /// `Connection/AuthorizationToken`.
    pub token: Option<String>,
    /// `Connection/Timestamp`.
    pub timestamp: Option<String>,
}

/// A `NetworkAdapter` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdapterDraft {
    /// `IPAddress`.
    pub address: String,
    /// `IPSubnet`.
    pub subnet: String,
    /// `MAC`.
    pub mac: Option<String>,
}

/// A `PackageLocationRequest` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocationRequestDraft {
    /// `PackageID`.
    pub package_id: String,
    /// `DirectoryService/Name`.
    pub directory: Option<String>,
    /// Address and subnet of each `IPAddress`.
    pub addresses: Vec<(String, String)>,
}

/// A `Status` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusDraft {
    /// Each `StatusMessage`.
    pub messages: Vec<StatusMessageDraft>,
}

/// A `StatusMessage` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusMessageDraft {
    /// `packageID`.
    pub package_id: String,
    /// `messageID`.
    pub message_id: String,
    /// `timestamp`.
    pub timestamp: String,
    /// Name and text of each `Parameter`.
    pub parameters: Vec<(String, String)>,
}

/// A `FileReport` to be written, in no namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileReportDraft {
    /// The directories directly inside it.
    pub directories: Vec<DirectoryDraft>,
}

/// A `Directory` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryDraft {
    /// `Name`, with its whole path.
    pub name: String,
    /// `Created`.
    pub created: Option<String>,
    /// `LastAccessed`.
    pub last_accessed: Option<String>,
    /// `Attributes`.
    pub attributes: Option<String>,
    /// The files in it.
    pub files: Vec<FileDraft>,
    /// The directories in it.
    pub directories: Vec<DirectoryDraft>,
}

/// A `File` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileDraft {
    /// `Name`.
    pub name: String,
    /// `Version`.
    pub version: Option<String>,
    /// `Company`.
    pub company: Option<String>,
    /// `Description`.
    pub description: Option<String>,
    /// `Size`, in octets.
    pub size: String,
    /// `Created`.
    pub created: Option<String>,
    /// `LastModified`.
    pub last_modified: Option<String>,
    /// `LastAccessed`.
    pub last_accessed: Option<String>,
    /// `Attributes`.
    pub attributes: Option<String>,
}

/// An `Inventory` to be written, in no namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InventoryDraft {
    /// `type`.
    pub kind: Option<String>,
    /// The name of each `InventoryItem`, and name and text of each `Property` in it.
    pub items: Vec<(String, Vec<(String, String)>)>,
}

impl DevicePollDraft {
    /// The document.
    pub fn tree(&self) -> Tree<'static> {
        let (mut tree, root) = document("DevicePoll");
        let system = element(&mut tree, root, "ManagementSystem");
        leaf(&mut tree, system, "Name", &self.system);
        leaf(&mut tree, system, "Version", &self.system_version);
        let node = element(&mut tree, root, "Identification");
        let code_page = if self.lower_code_page {
            "codePage"
        } else {
            "CodePage"
        };
        let inside = [
            ("ID", Some(self.id.as_str())),
            ("DeviceName", Some(&self.device_name)),
            ("UserName", self.user_name.as_deref()),
            ("Domain", self.domain.as_deref()),
            ("Platform", Some(&self.platform)),
            ("Processor", Some(&self.processor)),
            (code_page, self.code_page.as_deref()),
            ("SystemDefaultLCID", self.lcid.as_deref()),
        ];
        leaves(&mut tree, node, &inside);
        for adapter in &self.adapters {
            let node = element(&mut tree, node, "NetworkAdapter");
            let inside = [
                ("IPAddress", Some(adapter.address.as_str())),
                ("IPSubnet", Some(&adapter.subnet)),
                ("MAC", adapter.mac.as_deref()),
            ];
            leaves(&mut tree, node, &inside);
        }
        if self.token.is_some() || self.timestamp.is_some() {
            let node = element(&mut tree, root, "Connection");
            let inside = [
                ("AuthorizationToken", self.token.as_deref()),
                ("Timestamp", self.timestamp.as_deref()),
            ];
            leaves(&mut tree, node, &inside);
        }
        tree
    }
}

/// An `InstructionsRequest` for this package.
pub fn instructions_request(package: &str) -> Tree<'static> {
    let (mut tree, root) = document("InstructionsRequest");
    let node = element(&mut tree, root, "Package");
    attribute(&mut tree, node, "ID", package);
    tree
}

impl LocationRequestDraft {
    /// The document.
    pub fn tree(&self) -> Tree<'static> {
        let (mut tree, root) = document("PackageLocationRequest");
        leaf(&mut tree, root, "PackageID", &self.package_id);
        let client = element(&mut tree, root, "ClientLocation");
        if let Some(directory) = &self.directory {
            let node = element(&mut tree, client, "DirectoryService");
            leaf(&mut tree, node, "Name", directory);
        }
        if !self.addresses.is_empty() {
            let addresses = element(&mut tree, client, "IPAddresses");
            for (address, subnet) in &self.addresses {
                let node = element(&mut tree, addresses, "IPAddress");
                attribute(&mut tree, node, "address", address);
                attribute(&mut tree, node, "subnet", subnet);
            }
        }
        tree
    }
}

impl StatusDraft {
    /// The document.
    pub fn tree(&self) -> Tree<'static> {
        let (mut tree, root) = document("Status");
        for message in &self.messages {
            let node = element(&mut tree, root, "StatusMessage");
            attribute(&mut tree, node, "packageID", &message.package_id);
            attribute(&mut tree, node, "messageID", &message.message_id);
            attribute(&mut tree, node, "timestamp", &message.timestamp);
            for (name, value) in &message.parameters {
                let node = leaf(&mut tree, node, "Parameter", value);
                attribute(&mut tree, node, "name", name);
            }
        }
        tree
    }
}

impl FileReportDraft {
    /// The document.
    pub fn tree(&self) -> Tree<'static> {
        let (mut tree, root) = report("FileReport");
        for directory in &self.directories {
            directory.write(&mut tree, root);
        }
        tree
    }
}

impl DirectoryDraft {
    fn write(&self, tree: &mut Tree<'static>, parent: NodeId) {
        let node = element(tree, parent, "Directory");
        let all = [
            ("Name", Some(self.name.as_str())),
            ("Created", self.created.as_deref()),
            ("LastAccessed", self.last_accessed.as_deref()),
            ("Attributes", self.attributes.as_deref()),
        ];
        attributes(tree, node, &all);
        for file in &self.files {
            let node = element(tree, node, "File");
            let all = [
                ("Name", Some(file.name.as_str())),
                ("Version", file.version.as_deref()),
                ("Company", file.company.as_deref()),
                ("Description", file.description.as_deref()),
                ("Size", Some(&file.size)),
                ("Created", file.created.as_deref()),
                ("LastModified", file.last_modified.as_deref()),
                ("LastAccessed", file.last_accessed.as_deref()),
                ("Attributes", file.attributes.as_deref()),
            ];
            attributes(tree, node, &all);
        }
        for directory in &self.directories {
            directory.write(tree, node);
        }
    }
}

impl InventoryDraft {
    /// The document.
    pub fn tree(&self) -> Tree<'static> {
        let (mut tree, root) = report("Inventory");
        attributes(&mut tree, root, &[("type", self.kind.as_deref())]);
        for (name, properties) in &self.items {
            let item = element(&mut tree, root, "InventoryItem");
            attribute(&mut tree, item, "name", name);
            for (name, value) in properties {
                let node = leaf(&mut tree, item, "Property", value);
                attribute(&mut tree, node, "name", name);
            }
        }
        tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pull::{
        DevicePoll, FileReport, InstructionsRequest, Inventory, Kind, LocationRequest, Status,
    };
    use crate::xml;

    fn text(tree: &Tree<'_>) -> String {
        String::from_utf8(xml::write(tree, &xml::Style::default())).expect("UTF-8")
    }

    #[test]
    fn a_poll_reads_as_it_was_drafted_in_either_spelling() {
        for lower in [false, true] {
            let draft = DevicePollDraft {
                id: "U1".into(),
                code_page: Some("1252".into()),
                lower_code_page: lower,
                adapters: vec![AdapterDraft {
                    address: "192.0.2.17".into(),
                    ..AdapterDraft::default()
                }],
                token: Some("0".into()),
                ..DevicePollDraft::default()
            };
            let tree = draft.tree();
            assert_eq!(text(&tree).contains("<codePage>1252<"), lower);
            let view = DevicePoll::of(&tree).expect("a poll");
            assert_eq!(view.id.as_ref().expect("an ID").value, "U1");
            assert_eq!(view.code_page.as_ref().expect("a page").value, "1252");
            assert_eq!(view.adapters.len(), 1);
            assert_eq!(view.token.as_ref().expect("a token").value, "0");
            assert!(view.domain.is_none() && view.timestamp.is_none());
            assert_eq!(Kind::of(&tree), Some(Kind::DevicePoll));
        }
    }

    #[test]
    fn requests_name_their_package() {
        let tree = instructions_request("A");
        let view = InstructionsRequest::of(&tree).expect("a request");
        assert_eq!(view.id.expect("an ID").value, "A");
        let tree = LocationRequestDraft {
            package_id: "A".into(),
            directory: Some("north".into()),
            addresses: vec![("192.0.2.17".into(), "192.0.2.0".into())],
        }
        .tree();
        let view = LocationRequest::of(&tree).expect("a request");
        assert_eq!(view.package_id.as_ref().expect("an ID").value, "A");
        assert_eq!(view.addresses[0].1.expect("a subnet").value, "192.0.2.0");
    }

    #[test]
    fn a_status_holds_its_messages() {
        let tree = StatusDraft {
            messages: vec![StatusMessageDraft {
                package_id: "A".into(),
                message_id: "11031".into(),
                timestamp: "2031-05-04 09:06:12".into(),
                parameters: vec![("bytes".into(), "4096".into())],
            }],
        }
        .tree();
        assert!(text(&tree).ends_with(
            "<StatusMessage packageID=\"A\" messageID=\"11031\" timestamp=\"2031-05-04 09:06:12\">\
             <Parameter name=\"bytes\">4096</Parameter></StatusMessage></Status>"
        ));
        let view = Status::of(&tree).expect("a status");
        assert_eq!(view.messages[0].parameters[0].1.value, "4096");
    }

    #[test]
    fn reports_stand_in_no_namespace() {
        let inner = DirectoryDraft {
            name: "\\a\\b".into(),
            ..DirectoryDraft::default()
        };
        let tree = FileReportDraft {
            directories: vec![DirectoryDraft {
                name: "\\a".into(),
                files: vec![FileDraft {
                    name: "x.exe".into(),
                    size: "1".into(),
                    ..FileDraft::default()
                }],
                directories: vec![inner],
                ..DirectoryDraft::default()
            }],
        }
        .tree();
        assert_eq!(
            text(&tree),
            "<FileReport><Directory Name=\"\\a\"><File Name=\"x.exe\" Size=\"1\"/>\
             <Directory Name=\"\\a\\b\"/></Directory></FileReport>"
        );
        let view = FileReport::of(&tree).expect("a report");
        let names: Vec<_> = view.directories.iter().filter_map(|d| d.name).collect();
        assert_eq!(
            names.iter().map(|a| a.value).collect::<Vec<_>>(),
            ["\\a", "\\a\\b"]
        );
        let tree = InventoryDraft {
            kind: Some("machine".into()),
            items: vec![(
                "Device_OS".into(),
                vec![("MajorVersion".into(), "6".into())],
            )],
        }
        .tree();
        let view = Inventory::of(&tree).expect("an inventory");
        assert_eq!(view.items[0].properties[0].value.value, "6");
        assert_eq!(view.kind.expect("a type").value, "machine");
    }
}
