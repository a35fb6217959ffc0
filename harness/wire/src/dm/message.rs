//! The typed view of a SyncML DM message over a tree (OMA-TS-DM_RepPro 6, SyncML RepPro 1.2.2).
//!
//! Lenient: it takes what is there by local name, in any order and any namespace; what is missing
//! is absent, what repeats is there as often as it was sent where that matters, else the first
//! counts. Whether order, namespace and number were right is the judge's business, which finds the
//! nodes here.

use crate::dm::is_command;
use crate::tree::{NodeId, Tree};
use crate::view::{text, value};

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
    pub meta: Option<Box<Meta<'t>>>,
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
    pub chal: Option<Box<Chal<'t>>>,
    /// Cred, which belongs in SyncHdr alone.
    pub cred: Option<Box<Cred<'t>>>,
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
    pub meta: Option<Box<Meta<'t>>>,
    /// Data. White space is kept.
    pub data: Option<Text<'t>>,
    /// MoreData.
    pub more_data: Option<NodeId>,
}

impl<'t> Message<'t> {
    /// The view of this document; absent where it has no element at all.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = tree.root()?;
        let (mut header, mut body) = (None, None);
        for child in tree.elements(root) {
            match tree.name(child) {
                "SyncHdr" => first(&mut header, child),
                "SyncBody" => first(&mut body, child),
                _ => {}
            }
        }
        let mut message = Self {
            tree,
            root,
            header: header.map(|node| Header::of(tree, node)),
            body,
            commands: Vec::new(),
            fin: None,
        };
        for child in body.into_iter().flat_map(|body| tree.elements(body)) {
            match tree.name(child) {
                "Final" => first(&mut message.fin, child),
                name if is_command(name) => message.commands.push(Command::of(tree, child, name)),
                _ => {}
            }
        }
        Some(message)
    }

    /// All commands, those inside Atomic and Sequence behind their container.
    pub fn all_commands(&self) -> Vec<&Command<'t>> {
        fn walk<'m, 't>(commands: &'m [Command<'t>], all: &mut Vec<&'m Command<'t>>) {
            for command in commands {
                all.push(command);
                walk(&command.children, all);
            }
        }
        let mut all = Vec::with_capacity(self.commands.len());
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
        let mut header = Self {
            node,
            ver_dtd: None,
            ver_proto: None,
            session_id: None,
            msg_id: None,
            target: None,
            target_name: None,
            source: None,
            source_name: None,
            resp_uri: None,
            no_resp: None,
            cred: None,
            meta: None,
        };
        let (mut target, mut source) = (None, None);
        for child in tree.elements(node) {
            match tree.name(child) {
                "VerDTD" => first_text(&mut header.ver_dtd, tree, child),
                "VerProto" => first_text(&mut header.ver_proto, tree, child),
                "SessionID" => first_text(&mut header.session_id, tree, child),
                "MsgID" => first_text(&mut header.msg_id, tree, child),
                "Target" => first(&mut target, child),
                "Source" => first(&mut source, child),
                "RespURI" => first_text(&mut header.resp_uri, tree, child),
                "NoResp" => first(&mut header.no_resp, child),
                "Cred" if header.cred.is_none() => header.cred = Some(Cred::of(tree, child)),
                "Meta" if header.meta.is_none() => header.meta = Some(Meta::of(tree, child)),
                _ => {}
            }
        }
        let inside = |end: Option<NodeId>, name| text(tree, end?, name);
        header.target = inside(target, "LocURI");
        header.target_name = inside(target, "LocName");
        header.source = inside(source, "LocURI");
        header.source_name = inside(source, "LocName");
        header
    }
}

impl<'t> Meta<'t> {
    /// The view of this Meta element.
    pub fn of(tree: &'t Tree<'t>, node: NodeId) -> Self {
        // Meta may hold its elements directly or inside one MetInf.
        let inside = tree.child(node, "MetInf").unwrap_or(node);
        let mut meta = Self {
            node,
            format: None,
            kind: None,
            mark: None,
            size: None,
            next_nonce: None,
            max_msg_size: None,
            max_obj_size: None,
        };
        for child in tree.elements(inside) {
            match tree.name(child) {
                "Format" => first_text(&mut meta.format, tree, child),
                "Type" => first_text(&mut meta.kind, tree, child),
                "Mark" => first_text(&mut meta.mark, tree, child),
                "Size" => first_text(&mut meta.size, tree, child),
                "NextNonce" => first_text(&mut meta.next_nonce, tree, child),
                "MaxMsgSize" => first_text(&mut meta.max_msg_size, tree, child),
                "MaxObjSize" => first_text(&mut meta.max_obj_size, tree, child),
                _ => {}
            }
        }
        meta
    }
}

impl<'t> Cred<'t> {
    fn of(tree: &'t Tree<'t>, node: NodeId) -> Self {
        Self {
            node,
            meta: meta(tree, node),
            data: text(tree, node, "Data"),
        }
    }
}

impl<'t> Command<'t> {
    fn of(tree: &'t Tree<'t>, node: NodeId, name: &'t str) -> Self {
        let mut command = Self {
            node,
            name,
            cmd_id: None,
            meta: None,
            data: None,
            items: Vec::new(),
            children: Vec::new(),
            msg_ref: None,
            cmd_ref: None,
            cmd: None,
            target_refs: Vec::new(),
            source_refs: Vec::new(),
            chal: None,
            cred: None,
            correlator: None,
        };
        let holds_commands = matches!(name, "Atomic" | "Sequence");
        for child in tree.elements(node) {
            match tree.name(child) {
                "CmdID" => first_text(&mut command.cmd_id, tree, child),
                "Meta" if command.meta.is_none() => {
                    command.meta = Some(Box::new(Meta::of(tree, child)));
                }
                "Data" => first_text(&mut command.data, tree, child),
                "Item" => command.items.push(Item::of(tree, child)),
                "MsgRef" => first_text(&mut command.msg_ref, tree, child),
                "CmdRef" => first_text(&mut command.cmd_ref, tree, child),
                "Cmd" => first_text(&mut command.cmd, tree, child),
                "TargetRef" => command.target_refs.push(Text::of(tree, child)),
                "SourceRef" => command.source_refs.push(Text::of(tree, child)),
                "Chal" if command.chal.is_none() => {
                    let meta = meta(tree, child);
                    command.chal = Some(Box::new(Chal { node: child, meta }));
                }
                "Cred" if command.cred.is_none() => {
                    command.cred = Some(Box::new(Cred::of(tree, child)));
                }
                "Correlator" => first_text(&mut command.correlator, tree, child),
                name if holds_commands && is_command(name) => {
                    command.children.push(Command::of(tree, child, name));
                }
                _ => {}
            }
        }
        command
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
        let mut item = Self {
            node,
            target: None,
            source: None,
            meta: None,
            data: None,
            more_data: None,
        };
        let (mut target, mut source) = (None, None);
        for child in tree.elements(node) {
            match tree.name(child) {
                "Target" => first(&mut target, child),
                "Source" => first(&mut source, child),
                "Meta" if item.meta.is_none() => {
                    item.meta = Some(Box::new(Meta::of(tree, child)));
                }
                "Data" if item.data.is_none() => {
                    item.data = Some(Text {
                        value: tree.text(child),
                        node: child,
                    });
                }
                "MoreData" => first(&mut item.more_data, child),
                _ => {}
            }
        }
        let uri = |end: Option<NodeId>| text(tree, end?, "LocURI");
        item.target = uri(target);
        item.source = uri(source);
        item
    }
}

fn meta<'t>(tree: &'t Tree<'t>, parent: NodeId) -> Option<Meta<'t>> {
    tree.child(parent, "Meta").map(|node| Meta::of(tree, node))
}

/// Of what repeats the first counts.
fn first(slot: &mut Option<NodeId>, node: NodeId) {
    slot.get_or_insert(node);
}

fn first_text<'t>(slot: &mut Option<Text<'t>>, tree: &'t Tree<'t>, node: NodeId) {
    if slot.is_none() {
        *slot = Some(Text::of(tree, node));
    }
}
