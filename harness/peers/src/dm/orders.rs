//! Orders: what an administrator wants a device to do, and how it becomes a command.
//!
//! From JSON by kind, or from an XML fragment. Whose turn it is and what came of it is the
//! business of the session.

use std::sync::Arc;

use assay_wire::dm::{COMMANDS, Draft, MetaDraft, Version, is_command};
use assay_wire::tree::{Kind, Namespace, NodeId, Tree};
use assay_wire::{Limits, xml};
use serde::Deserialize;

/// The body of `POST /admin/queue`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Asking {
    /// The device that it is for.
    pub(crate) device: String,
    /// Get, Add, Replace, Delete, Exec, Copy, Atomic, Sequence or Alert.
    pub(crate) kind: String,
    /// Target/LocURI of the Item; for an Alert the option string.
    pub(crate) target: String,
    /// Source/LocURI of the Item of a Copy.
    pub(crate) source: String,
    /// Item/Data; for an Alert the text to show.
    pub(crate) data: Option<String>,
    /// Meta/Format.
    pub(crate) format: String,
    /// Meta/Type; for an Alert its code, usually 1100.
    #[serde(rename = "type")]
    pub(crate) media: String,
    /// What an Atomic or a Sequence holds.
    pub(crate) commands: Vec<Asking>,
    /// Instead of all that: commands as XML, without CmdID.
    pub(crate) xml: Option<String>,
}

/// A command that waits for its device.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    tree: Arc<Tree<'static>>,
    root: NodeId,
}

/// Why an order cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadOrder {
    #[error("no device is named")]
    NoDevice,
    #[error("`{0}` is no command that a server may send")]
    Kind(String),
    #[error("the fragment is no XML: {0}")]
    Xml(String),
    #[error("the fragment holds no command")]
    Empty,
    #[error("markup inside Data must be escaped, or stand in CDATA")]
    Markup,
}

impl Order {
    /// The orders that a request of the administrator asks for.
    pub(crate) fn from_asking(asking: &Asking) -> Result<Vec<Self>, BadOrder> {
        if asking.device.is_empty() {
            return Err(BadOrder::NoDevice);
        }
        if let Some(text) = asking.xml.as_ref().filter(|text| !text.is_empty()) {
            return Self::from_xml(text);
        }
        // What is built here is taken apart again when it is sent: the header is a dummy.
        let mut draft = Draft::new(Version::V1_2, "1", "1", "", "");
        let body = draft.body;
        let root = build(&mut draft, body, asking)?;
        let tree = Arc::new(draft.tree);
        Ok(vec![Self { tree, root }])
    }

    fn from_xml(text: &str) -> Result<Vec<Self>, BadOrder> {
        let wrapped = format!("<SyncBody>{text}</SyncBody>");
        let (tree, notes) = xml::read(wrapped.as_bytes(), &Limits::TARGET)
            .map_err(|bad| BadOrder::Xml(bad.to_string()))?;
        if let Some(note) = notes.iter().find(|note| xml::is_fault(note.kind)) {
            return Err(BadOrder::Xml(note.text.clone()));
        }
        let tree = Arc::new(tree.into_owned());
        let body = tree.root().ok_or(BadOrder::Empty)?;
        let mut orders = Vec::new();
        for root in tree.elements(body) {
            let name = tree.name(root);
            if !is_command(name) || matches!(name, "Status" | "Results") {
                return Err(BadOrder::Kind(name.to_owned()));
            }
            let markup = tree
                .descend(root)
                .any(|node| tree.name(node) == "Data" && tree.elements(node).next().is_some());
            if markup {
                return Err(BadOrder::Markup);
            }
            orders.push(Self {
                tree: tree.clone(),
                root,
            });
        }
        if orders.is_empty() {
            Err(BadOrder::Empty)
        } else {
            Ok(orders)
        }
    }

    /// Writes the command, and those inside it, with the next CmdIDs. Returns its element.
    pub(crate) fn write(&self, draft: &mut Draft) -> NodeId {
        let body = draft.body;
        self.write_in(draft, body, self.root)
    }

    /// Octets of the largest object that it carries.
    pub(crate) fn object_size(&self) -> usize {
        let data = self
            .tree
            .descend(self.root)
            .filter(|&node| self.tree.name(node) == "Data");
        data.map(|node| self.tree.octets(node).len())
            .max()
            .unwrap_or(0)
    }

    /// True for a Get, alone or inside another command.
    pub(crate) fn gets(&self) -> bool {
        self.tree
            .descend(self.root)
            .any(|node| self.tree.name(node) == "Get")
    }

    fn write_in(&self, draft: &mut Draft, parent: NodeId, node: NodeId) -> NodeId {
        let name = self.tree.name(node);
        let known = COMMANDS
            .iter()
            .find(|known| **known == name)
            .copied()
            .unwrap_or("Get");
        let command = draft.command_in(parent, known);
        for child in self.tree.children(node) {
            let name = self.tree.name(child);
            if is_command(name) {
                self.write_in(draft, command, child);
            } else if name != "CmdID" && self.tree.element(child).is_some() {
                self.copy(draft, command, child, false);
            }
        }
        command
    }

    fn copy(&self, draft: &mut Draft, parent: NodeId, node: NodeId, in_meta: bool) {
        match &self.tree.node(node).kind {
            Kind::Element(element) => {
                let root = draft.tree.element(draft.root);
                let outer = root.map_or(Namespace::None, |root| root.namespace.clone());
                if element.local() == "Correlator" && outer == Namespace::SyncMl11 {
                    // Correlator came with SyncML 1.2.
                    return;
                }
                let namespace = if in_meta { Namespace::MetInf } else { outer };
                let name = element.local().to_owned();
                let inside = in_meta || name == "Meta";
                let copy = draft.tree.push_element(Some(parent), namespace, name);
                for child in self.tree.children(node) {
                    let blank = matches!(&self.tree.node(child).kind,
                        Kind::Text(text, _) if text.trim().is_empty());
                    let leaf = self.tree.elements(node).next().is_none();
                    if leaf || !blank {
                        self.copy(draft, copy, child, inside);
                    }
                }
            }
            Kind::Text(..) | Kind::Opaque(_) => {
                let kind = self.tree.node(node).kind.clone();
                draft
                    .tree
                    .push(Some(parent), kind, assay_wire::Span::default());
            }
            Kind::Comment(_) | Kind::Instruction(_) => {}
        }
    }
}

fn build(draft: &mut Draft, parent: NodeId, asking: &Asking) -> Result<NodeId, BadOrder> {
    const KINDS: [&str; 9] = [
        "Get", "Add", "Replace", "Delete", "Exec", "Copy", "Atomic", "Sequence", "Alert",
    ];
    let kind = KINDS
        .into_iter()
        .find(|kind| kind.eq_ignore_ascii_case(&asking.kind));
    let kind = kind.ok_or_else(|| BadOrder::Kind(asking.kind.clone()))?;
    let command = draft.command_in(parent, kind);
    match kind {
        "Atomic" | "Sequence" => {
            if asking.commands.is_empty() {
                return Err(BadOrder::Empty);
            }
            for inner in &asking.commands {
                build(draft, command, inner)?;
            }
        }
        "Alert" => {
            let code = if asking.media.is_empty() {
                "1100"
            } else {
                &asking.media
            };
            draft.leaf(command, "Data", code);
            // Two Items at least: options, then the text (OMA-TS-DM_Protocol 10.2).
            for text in std::iter::once(asking.target.as_str())
                .chain(asking.data.as_deref().unwrap_or_default().split('\n'))
            {
                let item = draft.item(command);
                draft.leaf(item, "Data", text);
            }
        }
        _ => {
            let item = draft.item(command);
            draft.located(item, "Target", &asking.target, None);
            if kind == "Copy" {
                draft.located(item, "Source", &asking.source, None);
            }
            let some = |text: &String| (!text.is_empty()).then(|| text.clone());
            let meta = MetaDraft {
                format: some(&asking.format),
                kind: some(&asking.media),
                ..MetaDraft::default()
            };
            if !meta.is_empty() && !matches!(kind, "Get" | "Delete" | "Copy") {
                draft.meta(item, &meta);
            }
            // Add and Replace carry a value, if only an empty one, unless the format has none.
            let none = matches!(asking.format.as_str(), "node" | "null");
            let data = asking.data.as_deref().unwrap_or_default();
            let needed = matches!(kind, "Add" | "Replace") && !none;
            if needed || (!data.is_empty() && matches!(kind, "Add" | "Replace" | "Exec")) {
                draft.leaf(item, "Data", data);
            }
        }
    }
    Ok(command)
}
