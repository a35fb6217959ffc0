//! The typed view of a SyncML DM message over a tree (OMA-TS-DM_RepPro 6, SyncML RepPro 1.2.2).
//!
//! Lenient: it takes what is there by local name, in any order and any namespace; what is missing
//! is absent, what repeats is there as often as it was sent where that matters, else the first
//! counts. Whether order, namespace and number were right is the judge's business, which finds the
//! nodes here.

use crate::dm::is_command;
use crate::tree::{NodeId, Tree};
use crate::view::{named, text, value};

pub use crate::view::Text;

/// A message.
#[derive(Clone, Debug)]
pub struct Message<'t> {
    /// The tree that it is a view of.
    pub tree: &'t Tree<'t>,
    /// The root element, whatever its name is.
    pub root: NodeId,
    /// The first SyncHdr.
    pub header: Option<Header<'t>>,
    /// The first SyncBody.
    pub body: Option<NodeId>,
    /// The commands directly in SyncBody, in order, Status and Results among them.
    pub commands: Vec<Command<'t>>,
    /// The first Final in SyncBody.
    pub fin: Option<NodeId>,
}

/// SyncHdr.
#[derive(Clone, Debug)]
pub struct Header<'t> {
    /// The element.
    pub node: NodeId,
    /// VerDTD.
    pub ver_dtd: Option<Text<'t>>,
    /// VerProto.
    pub ver_proto: Option<Text<'t>>,
    /// SessionID.
    pub session_id: Option<Text<'t>>,
    /// MsgID.
    pub msg_id: Option<Text<'t>>,
    /// Target/LocURI.
    pub target: Option<Text<'t>>,
    /// Target/LocName.
    pub target_name: Option<Text<'t>>,
    /// Source/LocURI.
    pub source: Option<Text<'t>>,
    /// Source/LocName, which carries the user name.
    pub source_name: Option<Text<'t>>,
    /// RespURI.
    pub resp_uri: Option<Text<'t>>,
    /// NoResp.
    pub no_resp: Option<NodeId>,
    /// Cred.
    pub cred: Option<Cred<'t>>,
    /// Meta.
    pub meta: Option<Meta<'t>>,
}

/// Cred.
#[derive(Clone, Debug)]
pub struct Cred<'t> {
    /// The element.
    pub node: NodeId,
    /// Meta.
    pub meta: Option<Meta<'t>>,
    /// Data.
    pub data: Option<Text<'t>>,
}

/// Chal.
#[derive(Clone, Debug)]
pub struct Chal<'t> {
    /// The element.
    pub node: NodeId,
    /// Meta.
    pub meta: Option<Meta<'t>>,
}

/// Meta.
#[derive(Clone, Debug)]
pub struct Meta<'t> {
    /// The element.
    pub node: NodeId,
    /// Format.
    pub format: Option<Text<'t>>,
    /// Type.
    pub kind: Option<Text<'t>>,
    /// Mark.
    pub mark: Option<Text<'t>>,
    /// Size.
    pub size: Option<Text<'t>>,
    /// NextNonce.
    pub next_nonce: Option<Text<'t>>,
    /// MaxMsgSize.
    pub max_msg_size: Option<Text<'t>>,
    /// MaxObjSize.
    pub max_obj_size: Option<Text<'t>>,
}

/// A command, Status and Results among them.
#[derive(Clone, Debug)]
pub struct Command<'t> {
    /// The element.
    pub node: NodeId,
    /// Its name, `Replace`.
    pub name: &'t str,
    /// CmdID.
    pub cmd_id: Option<Text<'t>>,
    /// Meta.
    pub meta: Option<Meta<'t>>,
    /// Data: the code of an Alert or a Status.
    pub data: Option<Text<'t>>,
    /// The items in order.
    pub items: Vec<Item<'t>>,
    /// The commands inside an Atomic or a Sequence.
    pub children: Vec<Command<'t>>,
    /// MsgRef of a Status or Results.
    pub msg_ref: Option<Text<'t>>,
    /// CmdRef of a Status or Results.
    pub cmd_ref: Option<Text<'t>>,
    /// Cmd of a Status.
    pub cmd: Option<Text<'t>>,
    /// All TargetRef.
    pub target_refs: Vec<Text<'t>>,
    /// All SourceRef.
    pub source_refs: Vec<Text<'t>>,
    /// Chal of a Status.
    pub chal: Option<Chal<'t>>,
    /// Cred, which belongs in SyncHdr alone.
    pub cred: Option<Cred<'t>>,
    /// Correlator.
    pub correlator: Option<Text<'t>>,
}

/// Item.
#[derive(Clone, Debug)]
pub struct Item<'t> {
    /// The element.
    pub node: NodeId,
    /// Target/LocURI.
    pub target: Option<Text<'t>>,
    /// Source/LocURI.
    pub source: Option<Text<'t>>,
    /// Meta.
    pub meta: Option<Meta<'t>>,
    /// Data. White space is kept.
    pub data: Option<Text<'t>>,
    /// MoreData.
    pub more_data: Option<NodeId>,
}

impl<'t> Message<'t> {
    /// The view of this document; absent where it has no element at all.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = tree.root()?;
        let body = tree.child(root, "SyncBody");
        Some(Self {
            tree,
            root,
            header: tree
                .child(root, "SyncHdr")
                .map(|node| Header::of(tree, node)),
            body,
            commands: body.map(|body| commands(tree, body)).unwrap_or_default(),
            fin: body.and_then(|body| tree.child(body, "Final")),
        })
    }

    /// All commands, those inside Atomic and Sequence behind their container.
    pub fn all_commands(&self) -> Vec<&Command<'t>> {
        fn walk<'m, 't>(commands: &'m [Command<'t>], all: &mut Vec<&'m Command<'t>>) {
            for command in commands {
                all.push(command);
                walk(&command.children, all);
            }
        }
        let mut all = Vec::new();
        walk(&self.commands, &mut all);
        all
    }

    /// The Status elements in order.
    pub fn statuses(&self) -> impl Iterator<Item = &Command<'t>> {
        self.commands
            .iter()
            .filter(|command| command.name == "Status")
    }

    /// The Status for the header of the message answered.
    pub fn header_status(&self) -> Option<&Command<'t>> {
        self.statuses().find(|status| status.is_header_status())
    }

    /// What is neither Status nor Results.
    pub fn requests(&self) -> impl Iterator<Item = &Command<'t>> {
        self.commands
            .iter()
            .filter(|command| !matches!(command.name, "Status" | "Results"))
    }

    /// MsgID as text, empty where absent.
    pub fn msg_id(&self) -> &str {
        value(
            self.header
                .as_ref()
                .and_then(|header| header.msg_id.as_ref()),
        )
    }

    /// SessionID as text, empty where absent.
    pub fn session_id(&self) -> &str {
        value(
            self.header
                .as_ref()
                .and_then(|header| header.session_id.as_ref()),
        )
    }
}

impl<'t> Header<'t> {
    fn of(tree: &'t Tree<'t>, node: NodeId) -> Self {
        Self {
            node,
            ver_dtd: text(tree, node, "VerDTD"),
            ver_proto: text(tree, node, "VerProto"),
            session_id: text(tree, node, "SessionID"),
            msg_id: text(tree, node, "MsgID"),
            target: text(tree, node, "Target/LocURI"),
            target_name: text(tree, node, "Target/LocName"),
            source: text(tree, node, "Source/LocURI"),
            source_name: text(tree, node, "Source/LocName"),
            resp_uri: text(tree, node, "RespURI"),
            no_resp: tree.child(node, "NoResp"),
            cred: cred(tree, node),
            meta: meta(tree, node),
        }
    }
}

impl<'t> Meta<'t> {
    /// The view of this Meta element.
    pub fn of(tree: &'t Tree<'t>, node: NodeId) -> Self {
        // Meta may hold its elements directly or inside one MetInf.
        let inside = tree.child(node, "MetInf").unwrap_or(node);
        Self {
            node,
            format: text(tree, inside, "Format"),
            kind: text(tree, inside, "Type"),
            mark: text(tree, inside, "Mark"),
            size: text(tree, inside, "Size"),
            next_nonce: text(tree, inside, "NextNonce"),
            max_msg_size: text(tree, inside, "MaxMsgSize"),
            max_obj_size: text(tree, inside, "MaxObjSize"),
        }
    }
}

impl<'t> Command<'t> {
    fn of(tree: &'t Tree<'t>, node: NodeId) -> Self {
        let name = tree.name(node);
        let refs = |name: &'static str| {
            named(tree, node, name)
                .map(|child| Text::of(tree, child))
                .collect()
        };
        Self {
            node,
            name,
            cmd_id: text(tree, node, "CmdID"),
            meta: meta(tree, node),
            data: text(tree, node, "Data"),
            items: named(tree, node, "Item")
                .map(|item| Item::of(tree, item))
                .collect(),
            children: if matches!(name, "Atomic" | "Sequence") {
                commands(tree, node)
            } else {
                Vec::new()
            },
            msg_ref: text(tree, node, "MsgRef"),
            cmd_ref: text(tree, node, "CmdRef"),
            cmd: text(tree, node, "Cmd"),
            target_refs: refs("TargetRef"),
            source_refs: refs("SourceRef"),
            chal: tree.child(node, "Chal").map(|chal| Chal {
                node: chal,
                meta: self::meta(tree, chal),
            }),
            cred: cred(tree, node),
            correlator: text(tree, node, "Correlator"),
        }
    }

    /// True for a Status of the message header: CmdRef 0, or Cmd SyncHdr.
    pub fn is_header_status(&self) -> bool {
        self.name == "Status"
            && (value(self.cmd.as_ref()) == "SyncHdr" || value(self.cmd_ref.as_ref()) == "0")
    }

    /// The code of a Status or an Alert; zero where it is absent or no number.
    pub fn code(&self) -> u64 {
        self.data
            .as_ref()
            .and_then(Text::number)
            .unwrap_or_default()
    }

    /// CmdID as text, empty where absent.
    pub fn id(&self) -> &str {
        value(self.cmd_id.as_ref())
    }
}

impl<'t> Item<'t> {
    fn of(tree: &'t Tree<'t>, node: NodeId) -> Self {
        Self {
            node,
            target: text(tree, node, "Target/LocURI"),
            source: text(tree, node, "Source/LocURI"),
            meta: meta(tree, node),
            data: tree.child(node, "Data").map(|data| Text {
                value: tree.text(data),
                node: data,
            }),
            more_data: tree.child(node, "MoreData"),
        }
    }
}

fn commands<'t>(tree: &'t Tree<'t>, parent: NodeId) -> Vec<Command<'t>> {
    tree.elements(parent)
        .filter(|&child| is_command(tree.name(child)))
        .map(|child| Command::of(tree, child))
        .collect()
}

fn meta<'t>(tree: &'t Tree<'t>, parent: NodeId) -> Option<Meta<'t>> {
    tree.child(parent, "Meta").map(|node| Meta::of(tree, node))
}

fn cred<'t>(tree: &'t Tree<'t>, parent: NodeId) -> Option<Cred<'t>> {
    let node = tree.child(parent, "Cred")?;
    Some(Cred {
        node,
        meta: meta(tree, node),
        data: text(tree, node, "Data"),
    })
}
