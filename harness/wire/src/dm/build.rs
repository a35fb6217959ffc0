//! Builds a SyncML DM message, element order as the DTD has it (SyncML RepPro DTD 1.2).
//!
//! Both sides use it: the device of the harness and the built-in server. What comes out is a plain
//! tree, so that a bent message is an ordinary message that somebody changed afterwards.

use crate::dm::Version;
use crate::tree::{Namespace, NodeId, Tree};

/// A message in the making: SyncHdr is complete, SyncBody is open.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The document so far.
    pub tree: Tree<'static>,
    /// The root, `SyncML`.
    pub root: NodeId,
    /// `SyncHdr`.
    pub header: NodeId,
    /// `SyncBody`.
    pub body: NodeId,
    namespace: Namespace<'static>,
    next_cmd_id: u32,
}

/// A Meta to be written: the elements that are given, in the order of the DTD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetaDraft {
    /// Format.
    pub format: Option<String>,
    /// Type.
    pub kind: Option<String>,
    /// Mark.
    pub mark: Option<String>,
    /// Size.
    pub size: Option<String>,
    /// NextNonce.
    pub next_nonce: Option<String>,
    /// MaxMsgSize.
    pub max_msg_size: Option<String>,
    /// MaxObjSize.
    pub max_obj_size: Option<String>,
}

impl MetaDraft {
    /// Format and Type.
    pub fn new(format: &str, kind: &str) -> Self {
        Self {
            format: Some(format.into()),
            kind: Some(kind.into()),
            ..Self::default()
        }
    }

    /// True where nothing would be written.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A Status to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusDraft {
    /// MsgRef.
    pub msg_ref: String,
    /// CmdRef.
    pub cmd_ref: String,
    /// Cmd.
    pub cmd: String,
    /// TargetRef.
    pub target_ref: Option<String>,
    /// SourceRef.
    pub source_ref: Option<String>,
    /// Chal/Meta.
    pub chal: Option<MetaDraft>,
    /// Data: the status code.
    pub code: u32,
    /// Item/Data, each in an Item of its own.
    pub items: Vec<String>,
}

impl Draft {
    /// A message with VerDTD, VerProto, SessionID, MsgID, Target and Source.
    pub fn new(version: Version, session: &str, msg: &str, target: &str, source: &str) -> Self {
        let mut tree = Tree::new();
        let namespace = version.namespace();
        let root = tree.push_element(None, namespace.clone(), "SyncML");
        let header = tree.push_element(Some(root), namespace.clone(), "SyncHdr");
        let body = tree.push_element(Some(root), namespace.clone(), "SyncBody");
        let mut draft = Self {
            tree,
            root,
            header,
            body,
            namespace,
            next_cmd_id: 1,
        };
        draft.leaf(header, "VerDTD", version.dtd());
        draft.leaf(header, "VerProto", version.proto());
        draft.leaf(header, "SessionID", session);
        draft.leaf(header, "MsgID", msg);
        draft.located(header, "Target", target, None);
        draft.located(header, "Source", source, None);
        draft
    }

    /// Sets Source/LocName of the header, which carries the user name (OMA-TS-DM_RepPro 6.1.9).
    pub fn source_name(&mut self, name: &str) {
        if let Some(source) = self.tree.child(self.header, "Source") {
            self.leaf(source, "LocName", name);
        }
    }

    /// Adds RespURI to the header; before Cred and Meta.
    pub fn resp_uri(&mut self, uri: &str) {
        self.leaf(self.header, "RespURI", uri);
    }

    /// Adds Cred to the header; before Meta.
    pub fn cred(&mut self, meta: &MetaDraft, data: &str) -> NodeId {
        let cred = self.element(self.header, "Cred");
        self.meta(cred, meta);
        self.leaf(cred, "Data", data);
        cred
    }

    /// Adds Meta to the header; last.
    pub fn header_meta(&mut self, meta: &MetaDraft) {
        self.meta(self.header, meta);
    }

    /// The CmdID that the next command gets.
    pub fn set_next_cmd_id(&mut self, id: u32) {
        self.next_cmd_id = id;
    }

    /// The CmdID that the next command would get.
    pub fn next_cmd_id(&self) -> u32 {
        self.next_cmd_id
    }

    /// Opens a command in SyncBody and gives it the next CmdID.
    pub fn command(&mut self, name: &'static str) -> NodeId {
        self.command_in(self.body, name)
    }

    /// Opens a command inside a container (Atomic, Sequence) and gives it the next CmdID.
    pub fn command_in(&mut self, parent: NodeId, name: &'static str) -> NodeId {
        let command = self.element(parent, name);
        let id = self.next_cmd_id;
        self.next_cmd_id += 1;
        self.leaf(command, "CmdID", &id.to_string());
        command
    }

    /// Adds a Status.
    pub fn status(&mut self, status: &StatusDraft) -> NodeId {
        let node = self.command("Status");
        self.leaf(node, "MsgRef", &status.msg_ref);
        self.leaf(node, "CmdRef", &status.cmd_ref);
        self.leaf(node, "Cmd", &status.cmd);
        if let Some(target) = &status.target_ref {
            self.leaf(node, "TargetRef", target);
        }
        if let Some(source) = &status.source_ref {
            self.leaf(node, "SourceRef", source);
        }
        if let Some(chal) = &status.chal {
            let node = self.element(node, "Chal");
            self.meta(node, chal);
        }
        self.leaf(node, "Data", &status.code.to_string());
        for data in &status.items {
            let item = self.element(node, "Item");
            self.leaf(item, "Data", data);
        }
        node
    }

    /// Adds an Alert without items.
    pub fn alert(&mut self, code: u32) -> NodeId {
        let alert = self.command("Alert");
        self.leaf(alert, "Data", &code.to_string());
        alert
    }

    /// Opens an Item inside a command.
    pub fn item(&mut self, command: NodeId) -> NodeId {
        self.element(command, "Item")
    }

    /// Adds `Target` or `Source` with its LocURI, and its LocName where given.
    pub fn located(&mut self, parent: NodeId, side: &'static str, uri: &str, name: Option<&str>) {
        let node = self.element(parent, side);
        self.leaf(node, "LocURI", uri);
        if let Some(name) = name {
            self.leaf(node, "LocName", name);
        }
    }

    /// Adds a Meta with what is given, each element in the namespace `syncml:metinf`.
    pub fn meta(&mut self, parent: NodeId, meta: &MetaDraft) {
        let node = self.element(parent, "Meta");
        let fields = [
            ("Format", &meta.format),
            ("Type", &meta.kind),
            ("Mark", &meta.mark),
            ("Size", &meta.size),
            ("NextNonce", &meta.next_nonce),
            ("MaxMsgSize", &meta.max_msg_size),
            ("MaxObjSize", &meta.max_obj_size),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                let leaf = self.tree.push_element(Some(node), Namespace::MetInf, name);
                self.tree.push_text(leaf, value.clone());
            }
        }
    }

    /// Adds an empty element of the representation protocol.
    pub fn element(&mut self, parent: NodeId, name: &'static str) -> NodeId {
        self.tree
            .push_element(Some(parent), self.namespace.clone(), name)
    }

    /// Adds an element of the representation protocol with text in it.
    pub fn leaf(&mut self, parent: NodeId, name: &'static str, text: &str) -> NodeId {
        let leaf = self.element(parent, name);
        if !text.is_empty() {
            self.tree.push_text(leaf, text.to_owned());
        }
        leaf
    }

    /// Closes the package: adds Final.
    pub fn fin(&mut self) {
        self.element(self.body, "Final");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dm::Message;

    #[test]
    fn what_was_built_is_what_the_view_shows() {
        let mut draft = Draft::new(Version::V1_2, "1a", "2", "IMEI:1", "http://s/dm");
        draft.source_name("user");
        draft.cred(&MetaDraft::new("b64", "syncml:auth-md5"), "AAAA");
        draft.status(&StatusDraft {
            msg_ref: "1".into(),
            cmd_ref: "0".into(),
            cmd: "SyncHdr".into(),
            chal: Some(MetaDraft::new("b64", "syncml:auth-md5")),
            code: 407,
            ..StatusDraft::default()
        });
        let atomic = draft.command("Atomic");
        let get = draft.command_in(atomic, "Get");
        let item = draft.item(get);
        draft.located(item, "Target", "./DevInfo/Man", None);
        draft.fin();

        let message = Message::of(&draft.tree).expect("a root");
        let header = message.header.as_ref().expect("a header");
        assert_eq!(message.session_id(), "1a");
        assert_eq!(header.source_name.as_ref().expect("a name").value, "user");
        assert_eq!(
            header
                .cred
                .as_ref()
                .and_then(|c| c.data.as_ref())
                .expect("data")
                .value,
            "AAAA"
        );
        let status = message.header_status().expect("a status");
        assert_eq!((status.code(), status.id()), (407, "1"));
        let names: Vec<_> = message
            .all_commands()
            .iter()
            .map(|c| (c.name, c.id()))
            .collect();
        assert_eq!(names, [("Status", "1"), ("Atomic", "2"), ("Get", "3")]);
        let get = message.all_commands()[2];
        assert_eq!(
            get.items[0].target.as_ref().expect("a target").value,
            "./DevInfo/Man"
        );
        assert!(message.fin.is_some());
    }
}
