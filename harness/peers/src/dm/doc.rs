//! A reply as a tree, with small tools to bend it, and what it answers.
//!
//! What the switches do to it stands in their tables; nothing here knows right from wrong.

use assay_wire::dm::{Version, is_command};
use assay_wire::tree::{Kind, Namespace, NodeId, Tree};

use assay_wire::Encoding;

/// Where in a session a reply stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It asks for credentials: 401 or 407.
    Challenge,
    /// It refuses: any other 4xx or 5xx for the header.
    Refusal,
    /// It asks for the rest of the client's package.
    NextMessage,
    /// It carries management commands.
    Managing,
    /// It closes the session.
    Closing,
}

/// A command of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// Its CmdID.
    pub cmd_id: String,
    /// The Data of an Alert.
    pub code: String,
    /// How many Items it has.
    pub items: usize,
    /// Source/LocURI of its first Item.
    pub source: String,
    /// Target/LocURI of its first Item.
    pub target: String,
}

/// How far the server knows its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// Not authenticated, and has to be.
    Stranger,
    /// Authenticated, or need not be.
    Known,
    /// A client of the Windows profile, whom a certificate proved.
    OfWindows,
}

/// What a reply answers, and how it came about.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The form that the reply is written in.
    pub encoding: Encoding,
    /// The version that the client speaks.
    pub version: Version,
    /// Where in the session it stands.
    pub stage: Stage,
    /// Who the client is.
    pub client: Client,
    /// The number of the reply in its session, from 1.
    pub round: u32,
    /// SessionID of the request.
    pub session: String,
    /// MsgID of the request.
    pub msg: String,
    /// Source/LocURI of the request.
    pub device: String,
    /// True where the request had Final.
    pub fin: bool,
    /// True until the client's first package was complete.
    pub package_1: bool,
    /// The commands of the request, in order.
    pub asked: Vec<Asked>,
    /// The URL of the service.
    pub url: String,
    /// MaxMsgSize of the client, in octets.
    pub max_msg_size: Option<usize>,
}

/// A reply before it is written.
#[derive(Clone, Debug)]
pub struct Doc {
    /// The document.
    pub tree: Tree<'static>,
    /// What it answers.
    pub facts: Facts,
}

impl Doc {
    /// True where it will be written in XML.
    pub fn is_xml(&self) -> bool {
        self.facts.encoding == Encoding::Xml
    }

    /// SyncHdr.
    pub fn header(&self) -> Option<NodeId> {
        self.tree.child(self.tree.root()?, "SyncHdr")
    }

    /// SyncBody.
    pub fn body(&self) -> Option<NodeId> {
        self.tree.child(self.tree.root()?, "SyncBody")
    }

    /// Final.
    pub fn fin(&self) -> Option<NodeId> {
        self.tree.child(self.body()?, "Final")
    }

    /// The elements directly in SyncBody with this name.
    pub fn named(&self, name: &str) -> Vec<NodeId> {
        let Some(body) = self.body() else {
            return Vec::new();
        };
        self.tree
            .elements(body)
            .filter(|&node| self.tree.name(node) == name)
            .collect()
    }

    /// All Status elements, in order.
    pub fn statuses(&self) -> Vec<NodeId> {
        self.named("Status")
    }

    /// The Status for the header of the request.
    pub fn header_status(&self) -> Option<NodeId> {
        self.statuses()
            .into_iter()
            .find(|&status| self.text(status, "Cmd") == "SyncHdr")
    }

    /// The Status elements for a command of this name; for all but the header where `*`.
    pub fn statuses_for(&self, command: &str) -> Vec<NodeId> {
        let mut statuses = self.statuses();
        statuses.retain(|&status| {
            let cmd = self.text(status, "Cmd");
            if command == "*" {
                cmd != "SyncHdr"
            } else {
                cmd == command
            }
        });
        statuses
    }

    /// The commands directly in SyncBody that are no Status, alerts among them.
    pub fn commands(&self) -> Vec<NodeId> {
        let Some(body) = self.body() else {
            return Vec::new();
        };
        let commands = self.tree.elements(body).filter(|&node| {
            let name = self.tree.name(node);
            is_command(name) && name != "Status"
        });
        commands.collect()
    }

    /// All commands of this name, those inside Atomic and Sequence among them.
    pub fn anywhere(&self, names: &[&str]) -> Vec<NodeId> {
        let Some(body) = self.body() else {
            return Vec::new();
        };
        self.tree
            .descend(body)
            .filter(|&node| names.contains(&self.tree.name(node)))
            .collect()
    }

    /// All Chal elements.
    pub fn challenges(&self) -> Vec<NodeId> {
        self.anywhere(&["Chal"])
    }

    /// The text at this path below a node; empty where there is none.
    pub fn text(&self, node: NodeId, path: &str) -> String {
        self.tree
            .find(node, path)
            .map(|at| self.tree.text(at).into_owned())
            .unwrap_or_default()
    }

    /// Changes the text at this path below a node, where there is such an element.
    pub fn set(&mut self, node: NodeId, path: &str, text: impl Into<String>) {
        if let Some(at) = self.tree.find(node, path) {
            self.tree.set_text(at, text.into());
        }
    }

    /// Takes the element at this path below a node out.
    pub fn remove(&mut self, node: NodeId, path: &str) {
        if let Some(at) = self.tree.find(node, path) {
            self.tree.detach(at);
        }
    }

    /// Takes a node out.
    pub fn drop(&mut self, node: NodeId) {
        self.tree.detach(node);
    }

    /// Changes the local name of an element.
    pub fn rename(&mut self, node: NodeId, name: &'static str) {
        if let Some(element) = self.tree.element_mut(node) {
            element.name = name.into();
        }
    }

    /// Adds an element with text as the last inside a node, in the namespace of that node.
    pub fn add(&mut self, parent: NodeId, name: &'static str, text: &str) -> NodeId {
        let namespace = self.namespace(parent);
        let leaf = self.tree.push_element(Some(parent), namespace, name);
        if !text.is_empty() {
            self.tree.push_text(leaf, text.to_owned());
        }
        leaf
    }

    /// The same directly before the first element of this name inside the node; last without one.
    pub fn add_before(
        &mut self,
        parent: NodeId,
        before: &str,
        name: &'static str,
        text: &str,
    ) -> NodeId {
        let anchor = self.tree.child(parent, before);
        let leaf = self.add(parent, name, text);
        if let Some(anchor) = anchor {
            self.tree.detach(leaf);
            self.tree.attach_before(anchor, leaf);
        }
        leaf
    }

    /// Makes a node the first inside its parent.
    pub fn make_first(&mut self, node: NodeId) {
        let Some(parent) = self.tree.parent(node) else {
            return;
        };
        let Some(first) = self.tree.children(parent).next() else {
            return;
        };
        if first != node {
            self.tree.detach(node);
            self.tree.attach_before(first, node);
        }
    }

    /// Makes a node the last inside its parent; with Final as neighbour, the last before it.
    pub fn make_last(&mut self, node: NodeId) {
        let Some(parent) = self.tree.parent(node) else {
            return;
        };
        self.tree.detach(node);
        match self.tree.child(parent, "Final") {
            Some(fin) if fin != node => self.tree.attach_before(fin, node),
            _ => self.tree.attach(Some(parent), node),
        }
    }

    /// Puts a copy of a node directly before it.
    pub fn double(&mut self, node: NodeId) -> NodeId {
        let source = self.tree.clone();
        let copy = self.tree.copy(None, &source, node);
        self.tree.detach(copy);
        self.tree.attach_before(node, copy);
        copy
    }

    /// Adds a command with the next CmdID, before Final.
    pub fn command(&mut self, name: &'static str) -> Option<NodeId> {
        let body = self.body()?;
        let id = self.next_cmd_id();
        let command = self.add_before(body, "Final", name, "");
        self.add(command, "CmdID", &id.to_string());
        Some(command)
    }

    /// Adds a Status for a command of the request, before Final.
    pub fn status(&mut self, cmd_ref: &str, cmd: &str, code: &str) -> Option<NodeId> {
        let msg = self.facts.msg.clone();
        let status = self.command("Status")?;
        self.add(status, "MsgRef", &msg);
        self.add(status, "CmdRef", cmd_ref);
        self.add(status, "Cmd", cmd);
        self.add(status, "Data", code);
        Some(status)
    }

    /// Adds an Alert with this code, before Final.
    pub fn alert(&mut self, code: &str) -> Option<NodeId> {
        let alert = self.command("Alert")?;
        self.add(alert, "Data", code);
        Some(alert)
    }

    /// A CmdID that is not in use.
    pub fn next_cmd_id(&self) -> u32 {
        let ids = self.anywhere(&["CmdID"]).into_iter();
        let highest = ids
            .filter_map(|id| self.tree.text(id).parse::<u32>().ok())
            .max();
        highest.unwrap_or(0) + 1
    }

    /// Gives every element of the tree that is in a SyncML namespace another namespace.
    pub fn set_namespace(&mut self, namespace: &Namespace<'static>) {
        let Some(root) = self.tree.root() else { return };
        let nodes: Vec<NodeId> = self.tree.descend(root).collect();
        for node in nodes {
            if let Kind::Element(element) = &mut self.tree.node_mut(node).kind
                && element.namespace.is_syncml()
            {
                element.namespace = namespace.clone();
            }
        }
    }

    fn namespace(&self, node: NodeId) -> Namespace<'static> {
        let namespace = self
            .tree
            .element(node)
            .map(|element| element.namespace.clone());
        namespace.unwrap_or(self.facts.version.namespace())
    }
}
