//! The typed views of what an agent sends: DevicePoll, InstructionsRequest,
//! PackageLocationRequest, Status, FileReport and Inventory.
//!
//! As lenient as the views of answers, and used where the server is played. A collected file is no
//! document and has no view.

use crate::tree::{NodeId, Tree};
use crate::view::{Attr, Text, attr, named, root, text};

/// `DevicePoll`.
#[derive(Clone, Debug)]
pub struct DevicePoll<'t> {
    /// The root element.
    pub root: NodeId,
    /// `ManagementSystem/Name`.
    pub system: Option<Text<'t>>,
    /// `ManagementSystem/Version`.
    pub system_version: Option<Text<'t>>,
    /// `Identification`.
    pub identification: Option<NodeId>,
    /// `ID`.
    pub id: Option<Text<'t>>,
    /// `DeviceName`.
    pub device_name: Option<Text<'t>>,
    /// `UserName`.
    pub user_name: Option<Text<'t>>,
    /// `Domain`.
    pub domain: Option<Text<'t>>,
    /// `Platform`.
    pub platform: Option<Text<'t>>,
    /// `Processor`.
    pub processor: Option<Text<'t>>,
    /// `CodePage`, or `codePage`, which the documentation has.
    pub code_page: Option<Text<'t>>,
    /// `SystemDefaultLCID`.
    pub lcid: Option<Text<'t>>,
    /// Each `NetworkAdapter`.
    pub adapters: Vec<Adapter<'t>>,
    /// `Connection/AuthorizationToken`.
    pub token: Option<Text<'t>>,
    /// `Connection/Timestamp`.
    pub timestamp: Option<Text<'t>>,
}

/// `NetworkAdapter`.
#[derive(Clone, Debug)]
pub struct Adapter<'t> {
    /// The element.
    pub node: NodeId,
    /// `IPAddress`.
    pub address: Option<Text<'t>>,
    /// `IPSubnet`.
    pub subnet: Option<Text<'t>>,
    /// `MAC`.
    pub mac: Option<Text<'t>>,
}

/// `InstructionsRequest`.
#[derive(Clone, Debug)]
pub struct InstructionsRequest<'t> {
    /// The root element.
    pub root: NodeId,
    /// The first `Package`.
    pub package: Option<NodeId>,
    /// Its `ID`.
    pub id: Option<Attr<'t>>,
}

/// `PackageLocationRequest`.
#[derive(Clone, Debug)]
pub struct LocationRequest<'t> {
    /// The root element.
    pub root: NodeId,
    /// `PackageID`.
    pub package_id: Option<Text<'t>>,
    /// `ClientLocation`.
    pub client: Option<NodeId>,
    /// `DirectoryService/Name`.
    pub directory: Option<Text<'t>>,
    /// Address and subnet of each `IPAddress`.
    pub addresses: Vec<(Option<Attr<'t>>, Option<Attr<'t>>)>,
}

/// `Status`.
#[derive(Clone, Debug)]
pub struct Status<'t> {
    /// The root element.
    pub root: NodeId,
    /// Each `StatusMessage`.
    pub messages: Vec<StatusMessage<'t>>,
}

/// `StatusMessage`.
#[derive(Clone, Debug)]
pub struct StatusMessage<'t> {
    /// The element.
    pub node: NodeId,
    /// `packageID`.
    pub package_id: Option<Attr<'t>>,
    /// `messageID`.
    pub message_id: Option<Attr<'t>>,
    /// `timestamp`.
    pub timestamp: Option<Attr<'t>>,
    /// Name and text of each `Parameter`.
    pub parameters: Vec<(Option<Attr<'t>>, Text<'t>)>,
}

/// `FileReport`.
#[derive(Clone, Debug)]
pub struct FileReport<'t> {
    /// The root element.
    pub root: NodeId,
    /// All `Directory` elements in document order, those inside others behind them.
    pub directories: Vec<Directory<'t>>,
}

/// `Directory`.
#[derive(Clone, Debug)]
pub struct Directory<'t> {
    /// The element.
    pub node: NodeId,
    /// `Name`.
    pub name: Option<Attr<'t>>,
    /// Each `File` directly inside.
    pub files: Vec<File<'t>>,
}

/// `File`.
#[derive(Clone, Debug)]
pub struct File<'t> {
    /// The element.
    pub node: NodeId,
    /// `Name`.
    pub name: Option<Attr<'t>>,
    /// `Size`, in octets.
    pub size: Option<Attr<'t>>,
    /// `Version`.
    pub version: Option<Attr<'t>>,
}

/// `Inventory`.
#[derive(Clone, Debug)]
pub struct Inventory<'t> {
    /// The root element.
    pub root: NodeId,
    /// `type`.
    pub kind: Option<Attr<'t>>,
    /// Each `InventoryItem`.
    pub items: Vec<InventoryItem<'t>>,
}

/// `InventoryItem`.
#[derive(Clone, Debug)]
pub struct InventoryItem<'t> {
    /// The element.
    pub node: NodeId,
    /// `name`.
    pub name: Option<Attr<'t>>,
    /// Each `Property`.
    pub properties: Vec<Property<'t>>,
}

/// `Property`.
#[derive(Clone, Debug)]
pub struct Property<'t> {
    /// `name`.
    pub name: Option<Attr<'t>>,
    /// Its text.
    pub value: Text<'t>,
}

impl<'t> DevicePoll<'t> {
    /// The view of this document; absent where its root is another.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = root(tree, "DevicePoll")?;
        let identification = tree.child(root, "Identification");
        let inside = |name: &str| identification.and_then(|node| text(tree, node, name));
        let adapters = identification
            .into_iter()
            .flat_map(|node| named(tree, node, "NetworkAdapter"));
        Some(Self {
            root,
            system: text(tree, root, "ManagementSystem/Name"),
            system_version: text(tree, root, "ManagementSystem/Version"),
            identification,
            id: inside("ID"),
            device_name: inside("DeviceName"),
            user_name: inside("UserName"),
            domain: inside("Domain"),
            platform: inside("Platform"),
            processor: inside("Processor"),
            code_page: inside("CodePage").or_else(|| inside("codePage")),
            lcid: inside("SystemDefaultLCID"),
            adapters: adapters
                .map(|node| Adapter {
                    node,
                    address: text(tree, node, "IPAddress"),
                    subnet: text(tree, node, "IPSubnet"),
                    mac: text(tree, node, "MAC"),
                })
                .collect(),
            token: text(tree, root, "Connection/AuthorizationToken"),
            timestamp: text(tree, root, "Connection/Timestamp"),
        })
    }
}

impl<'t> InstructionsRequest<'t> {
    /// The view of this document; absent where its root is another.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = root(tree, "InstructionsRequest")?;
        let package = tree.child(root, "Package");
        Some(Self {
            root,
            package,
            id: package.and_then(|node| attr(tree, node, "ID")),
        })
    }
}

impl<'t> LocationRequest<'t> {
    /// The view of this document; absent where its root is another.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = root(tree, "PackageLocationRequest")?;
        let client = tree.child(root, "ClientLocation");
        let addresses = tree.find(root, "ClientLocation/IPAddresses");
        let addresses = addresses
            .into_iter()
            .flat_map(|node| named(tree, node, "IPAddress"));
        Some(Self {
            root,
            package_id: text(tree, root, "PackageID"),
            client,
            directory: text(tree, root, "ClientLocation/DirectoryService/Name"),
            addresses: addresses
                .map(|node| (attr(tree, node, "address"), attr(tree, node, "subnet")))
                .collect(),
        })
    }
}

impl<'t> Status<'t> {
    /// The view of this document; absent where its root is another.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = root(tree, "Status")?;
        let messages = named(tree, root, "StatusMessage").map(|node| StatusMessage {
            node,
            package_id: attr(tree, node, "packageID"),
            message_id: attr(tree, node, "messageID"),
            timestamp: attr(tree, node, "timestamp"),
            parameters: named(tree, node, "Parameter")
                .map(|node| (attr(tree, node, "name"), Text::of(tree, node)))
                .collect(),
        });
        Some(Self {
            root,
            messages: messages.collect(),
        })
    }
}

impl<'t> FileReport<'t> {
    /// The view of this document; absent where its root is another.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = root(tree, "FileReport")?;
        let directories = tree
            .descend(root)
            .filter(|&node| tree.name(node) == "Directory")
            .map(|node| Directory {
                node,
                name: attr(tree, node, "Name"),
                files: named(tree, node, "File")
                    .map(|node| File {
                        node,
                        name: attr(tree, node, "Name"),
                        size: attr(tree, node, "Size"),
                        version: attr(tree, node, "Version"),
                    })
                    .collect(),
            });
        Some(Self {
            root,
            directories: directories.collect(),
        })
    }
}

impl<'t> Inventory<'t> {
    /// The view of this document; absent where its root is another.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = root(tree, "Inventory")?;
        let items = named(tree, root, "InventoryItem").map(|node| InventoryItem {
            node,
            name: attr(tree, node, "name"),
            properties: named(tree, node, "Property")
                .map(|node| Property {
                    name: attr(tree, node, "name"),
                    value: Text::of(tree, node),
                })
                .collect(),
        });
        Some(Self {
            root,
            kind: attr(tree, root, "type"),
            items: items.collect(),
        })
    }
}
