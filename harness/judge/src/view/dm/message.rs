//! The nodes of one document.
//!
//! Each is made once. Texts are taken as they stand; a field says what is there and has no opinion.
//! Of what a hostile document has too much of, the first [`LONGEST_LIST`] are made.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use assay_wire::Tree;
use assay_wire::dm::{self as syncml, Text};
use assay_wire::recording::Place;
use assay_wire::tree::NodeId;

use super::build::name_of;
use super::history::{Asked, Codes, Signature, closes, is_refusal, signature};
use super::{Alert, Challenge, Command, Cred, Element, Header, Item, Message, Meta, Status};
use crate::node::{Lent, Subject, Texts};
use crate::replay::Document;
use crate::rule::{LONGEST_LIST, Read, Value};
use crate::view::Run;
use crate::view::http::{count, declared_encoding, digits};

/// The nodes of one document.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) header: Option<Lent<'a, Header<'a>>>,
    pub(super) cred: Option<Lent<'a, Cred<'a>>>,
    pub(super) commands: Vec<Lent<'a, Command<'a>>>,
    pub(super) statuses: Vec<(Lent<'a, Status<'a>>, Lent<'a, Command<'a>>)>,
    pub(super) alerts: Vec<(Lent<'a, Alert<'a>>, Lent<'a, Command<'a>>)>,
    pub(super) results: Vec<Lent<'a, Command<'a>>>,
    pub(super) items: Vec<(Lent<'a, Item<'a>>, Lent<'a, Command<'a>>)>,
    pub(super) challenges: Vec<(Lent<'a, Challenge<'a>>, Lent<'a, Status<'a>>)>,
    pub(super) metas: Vec<Lent<'a, Meta<'a>>>,
    pub(super) elements: Vec<Lent<'a, Element<'a>>>,
}

/// True for the commands that manage a device.
pub(super) fn manages(name: &str) -> bool {
    matches!(
        name,
        "Add" | "Replace" | "Delete" | "Get" | "Exec" | "Copy" | "Atomic" | "Sequence"
    )
}

/// What makes a Status the same as another one: MsgRef, CmdRef, TargetRef and SourceRef.
type Reference<'a> = (
    Cow<'a, str>,
    Cow<'a, str>,
    Vec<Cow<'a, str>>,
    Vec<Cow<'a, str>>,
);

/// The fields that Status nodes are made for.
const STATUSES: &[Read] = &[
    ("message", "statuses"),
    ("message", "header_statuses"),
    ("message", "header_code"),
    ("message", "challenge"),
];

/// The fields that Item nodes are made for.
const ITEMS: &[Read] = &[("message", "items"), ("command", "items")];

/// Writes the nodes of one document.
pub(super) struct Writer<'a, 'w> {
    pub(super) document: &'a Document<'a>,
    pub(super) tree: &'a Tree<'a>,
    pub(super) run: &'w Run<'w>,
    parts: Parts<'a>,
    /// The codes that the answer gives to each command, by CmdID.
    pub(super) codes: Codes<'a>,
    /// The commands of each message that this one may answer, by MsgID.
    pub(super) asked: Option<&'w Asked<'a>>,
    /// The commands that were sent and answered before.
    pub(super) done: Option<&'w BTreeSet<Signature<'a>>>,
    /// The nonces that were given out before; those of this document are added.
    pub(super) nonces: Option<&'w mut BTreeSet<String>>,
    /// Whether this is what came back.
    pub(super) is_reply: bool,
    ids: BTreeSet<Cow<'a, str>>,
    positions: i64,
    references: BTreeSet<Reference<'a>>,
    answered: BTreeMap<Cow<'a, str>, i64>,
}

impl<'a, 'w> Writer<'a, 'w> {
    pub(super) fn new(document: &'a Document<'a>, run: &'w Run<'w>) -> Self {
        Self {
            document,
            tree: &document.tree,
            run,
            parts: Parts::default(),
            codes: BTreeMap::new(),
            asked: None,
            done: None,
            nonces: None,
            is_reply: false,
            ids: BTreeSet::new(),
            positions: 0,
            references: BTreeSet::new(),
            answered: BTreeMap::new(),
        }
    }

    /// Whether any rule reads one of these fields of the document. A reply is made whole, its parts
    /// are subjects; of what was sent nothing is made that nobody asks for.
    pub(super) fn wants(&self, fields: &[Read]) -> bool {
        let is_read = |read: &BTreeSet<Read>| fields.iter().any(|field| read.contains(field));
        self.is_reply || self.run.of_sent.is_none_or(is_read)
    }

    /// The node of the message, and those of its parts.
    pub(super) fn write(
        mut self,
        message: &syncml::Message<'a>,
    ) -> (Lent<'a, Message<'a>>, Parts<'a>) {
        let header = message.header.as_ref().map(|header| self.header(header));
        self.parts.header.clone_from(&header);
        let mut direct = Vec::new();
        for command in &message.commands {
            if self.parts.commands.len() >= LONGEST_LIST {
                break;
            }
            let written = self.command(command, None);
            direct.extend(written.first().cloned());
            self.parts.commands.extend(written);
        }
        if self.wants(&[("message", "meta_strays")]) {
            self.metas_and_elements(message.root);
        }

        let all = message.all_commands();
        let alerts = self.parts.alerts.iter().map(|(alert, _)| alert.clone());
        let statuses = self.parts.statuses.iter().map(|(status, _)| status.clone());
        let header_statuses: Vec<Lent<'a, Status<'a>>> = statuses
            .clone()
            .filter(|status| status.node.holds("is_header"))
            .collect();
        let header_code = message.header_status().map_or(0, syncml::Command::code);
        let root = message.tree.element(message.root);
        let namespace = root.map(|root| Cow::Borrowed(root.namespace.uri()));
        let fields = Message {
            encoding: name_of(self.document.encoding).into(),
            octets: count(self.document.octets),
            well_formed: self.document.is_well_formed(),
            notes: self
                .document
                .notes
                .iter()
                .map(|note| note.kind.into())
                .collect(),
            declared_encoding: declared_encoding(self.document.body()).map(Cow::Owned),
            wbxml: self.wbxml(),
            root: self.tree.name(message.root).into(),
            namespace: namespace.filter(|namespace| !namespace.is_empty()),
            children: self.children(message.root),
            header,
            body_children: message
                .body
                .map(|body| self.children(body))
                .unwrap_or_default(),
            items: self
                .parts
                .items
                .iter()
                .map(|(item, _)| item.clone())
                .collect(),
            names: message
                .commands
                .iter()
                .take(direct.len())
                .map(|it| it.name)
                .collect(),
            commands: direct,
            all_names: all
                .iter()
                .take(self.parts.commands.len())
                .map(|it| it.name)
                .collect(),
            all_commands: self.parts.commands.clone(),
            cmd_ids: all
                .iter()
                .filter_map(|command| self.text(command.cmd_id.as_ref()))
                .take(LONGEST_LIST)
                .collect(),
            targets: all
                .iter()
                .flat_map(|command| &command.items)
                .filter_map(|item| self.text(item.target.as_ref()))
                .take(LONGEST_LIST)
                .collect(),
            elements: self.element_names(message.root),
            meta_strays: self
                .parts
                .metas
                .iter()
                .filter_map(|meta| meta.node.field("strays"))
                .flat_map(Value::words)
                .collect(),
            header_code: header_statuses
                .first()
                .and_then(|status| status.node.words("code")),
            statuses: statuses.collect(),
            header_statuses,
            refusal: is_refusal(header_code),
            challenge: self
                .parts
                .challenges
                .first()
                .map(|(challenge, _)| challenge.clone()),
            alert_codes: self
                .parts
                .alerts
                .iter()
                .filter_map(|(alert, _)| alert.node.words("code"))
                .collect(),
            alerts: alerts.collect(),
            fin: message.fin.is_some(),
            final_empty: self.final_empty(message),
            more_data: all
                .iter()
                .any(|it| it.items.iter().any(|item| item.more_data.is_some())),
            manages: all.iter().any(|command| manages(command.name)),
            asks_user: all
                .iter()
                .any(|it| it.name == "Alert" && (1100..=1104).contains(&it.code())),
            closes: closes(message),
        };
        (fields.at(self.place(message.root)), self.parts)
    }

    fn header(&mut self, header: &syncml::Header<'a>) -> Lent<'a, Header<'a>> {
        let cred = header.cred.as_ref().map(|cred| self.cred(cred));
        self.parts.cred.clone_from(&cred);
        let meta = header.meta.as_ref();
        let number = |text: Option<&Text<'_>>| text.and_then(|text| text.value.parse().ok());
        let fields = Header {
            children: self.children(header.node),
            ver_dtd: self.text(header.ver_dtd.as_ref()),
            ver_proto: self.text(header.ver_proto.as_ref()),
            session_id: self.text(header.session_id.as_ref()),
            msg_id: self.text(header.msg_id.as_ref()),
            msg_number: digits(self.text(header.msg_id.as_ref()).as_deref()),
            target: self.text(header.target.as_ref()),
            source: self.text(header.source.as_ref()),
            source_name: self.text(header.source_name.as_ref()),
            resp_uri: self.text(header.resp_uri.as_ref()),
            no_resp: header.no_resp.is_some(),
            cred,
            max_msg_size: number(meta.and_then(|meta| meta.max_msg_size.as_ref())),
            max_obj_size: number(meta.and_then(|meta| meta.max_obj_size.as_ref())),
            meta: meta.map(|meta| self.meta(meta)),
        };
        fields.at(self.place(header.node))
    }

    /// A command and those inside it, itself first.
    fn command(
        &mut self,
        command: &syncml::Command<'a>,
        parent: Option<&'a str>,
    ) -> Vec<Lent<'a, Command<'a>>> {
        let position = self.positions;
        self.positions += 1;
        let cmd_id = self.text(command.cmd_id.as_ref());
        let id_seen_before = cmd_id
            .as_ref()
            .is_some_and(|cmd_id| !self.ids.insert(trimmed(cmd_id)));
        let room = LONGEST_LIST.saturating_sub(self.parts.items.len());
        let are_read =
            self.wants(ITEMS) || (command.name == "Alert" && self.wants(&[("alert", "items")]));
        let room = if are_read { room } else { 0 };
        let items: Vec<Lent<'a, Item<'a>>> = command
            .items
            .iter()
            .take(room)
            .enumerate()
            .map(|(position, item)| self.item(item, position, command))
            .collect();
        let mut inner = Vec::new();
        let mut direct = Vec::new();
        for child in &command.children {
            if self.positions >= count(LONGEST_LIST) {
                break;
            }
            let written = self.command(child, Some(command.name));
            direct.extend(written.first().cloned());
            inner.extend(written);
        }
        let fields = Command {
            name: command.name.into(),
            children: if self.wants(&[("command", "children")]) {
                self.children(command.node)
            } else {
                Texts::default()
            },
            position,
            parent: parent.map(Cow::Borrowed),
            commands: direct,
            answer_codes: self.codes.get(command.id()).cloned().unwrap_or_default(),
            cmd_id,
            id_seen_before,
            manages: manages(command.name),
            msg_ref: self.text(command.msg_ref.as_ref()),
            cmd_ref: self.text(command.cmd_ref.as_ref()),
            data: self.text(command.data.as_ref()),
            meta: command
                .meta
                .as_ref()
                .filter(|_| self.wants(&[("command", "meta")]))
                .map(|meta| self.meta(meta)),
            items: items.clone(),
            no_resp: self.tree.child(command.node, "NoResp").is_some(),
            has_cred: command.cred.is_some(),
            correlator: self.text(command.correlator.as_ref()),
            done_before: self
                .done
                .is_some_and(|done| done.contains(&signature(command))),
        };
        let node = fields.at(self.place(command.node));
        self.parts
            .items
            .extend(items.iter().map(|item| (item.clone(), node.clone())));
        match command.name {
            "Status" if self.wants(STATUSES) => self.status(command, &node, items),
            "Alert" => self.alert(command, &node, items),
            "Results" => self.parts.results.push(node.clone()),
            _ => {}
        }
        inner.insert(0, node);
        inner
    }

    fn status(
        &mut self,
        status: &syncml::Command<'a>,
        command: &Lent<'a, Command<'a>>,
        items: Vec<Lent<'a, Item<'a>>>,
    ) {
        let texts = |texts: &[Text<'a>]| -> Vec<Cow<'a, str>> {
            texts
                .iter()
                .filter_map(|text| self.text(Some(text)))
                .collect()
        };
        let (target_refs, source_refs) = (texts(&status.target_refs), texts(&status.source_refs));
        let value =
            |text: Option<&Text<'a>>| text.map(|text| text.value.clone()).unwrap_or_default();
        let (msg_ref, cmd_ref) = (
            value(status.msg_ref.as_ref()),
            value(status.cmd_ref.as_ref()),
        );
        let is_header = status.is_header_status();
        let answers = self
            .asked
            .filter(|_| !is_header)
            .and_then(|asked| asked.get(&msg_ref))
            .and_then(|asked| {
                let named = |it: &&Lent<'a, Command<'a>>| it.node.text("cmd_id") == Some(&*cmd_ref);
                asked.iter().find(named).cloned()
            });
        let place = answers
            .as_ref()
            .and_then(|command| command.node.number("position"));
        let before = self.answered.get(&msg_ref).copied().unwrap_or(-1);
        let out_of_order = place.is_some_and(|place| place < before);
        if let Some(place) = place {
            self.answered.insert(msg_ref.clone(), place.max(before));
        }
        let reference = (msg_ref, cmd_ref, target_refs.clone(), source_refs.clone());
        let challenge = status
            .chal
            .as_ref()
            .map(|challenge| self.challenge(challenge));
        let code = self.text(status.data.as_ref());
        let fields = Status {
            children: self.children(status.node),
            position: count(self.parts.statuses.len()),
            cmd_id: self.text(status.cmd_id.as_ref()),
            msg_ref: self.text(status.msg_ref.as_ref()),
            cmd_ref: self.text(status.cmd_ref.as_ref()),
            cmd: self.text(status.cmd.as_ref()),
            target_refs,
            source_refs,
            code_number: digits(code.as_deref()),
            code,
            challenge: challenge.clone(),
            items,
            is_header,
            answers,
            out_of_order,
            repeats: !self.references.insert(reference),
        };
        let node = fields.at(self.place(status.node));
        self.parts
            .challenges
            .extend(challenge.map(|challenge| (challenge, node.clone())));
        self.parts.statuses.push((node, command.clone()));
    }

    fn alert(
        &mut self,
        alert: &syncml::Command<'a>,
        command: &Lent<'a, Command<'a>>,
        items: Vec<Lent<'a, Item<'a>>>,
    ) {
        let code = self.text(alert.data.as_ref());
        let fields = Alert {
            children: self.children(alert.node),
            cmd_id: self.text(alert.cmd_id.as_ref()),
            code_number: digits(code.as_deref()),
            code,
            items,
            correlator: self.text(alert.correlator.as_ref()),
        };
        let node = fields.at(self.place(alert.node));
        self.parts.alerts.push((node, command.clone()));
    }

    fn metas_and_elements(&mut self, root: NodeId) {
        for id in self.tree.descend(root) {
            let Some(element) = self.tree.element(id) else {
                continue;
            };
            if element.local() == "Meta" && self.parts.metas.len() < LONGEST_LIST {
                let meta = self.meta(&syncml::Meta::of(self.tree, id));
                self.parts.metas.push(meta);
            }
            if self.is_reply && self.run.elements && self.parts.elements.len() < LONGEST_LIST {
                let parent = self.tree.parent(id);
                let fields = Element {
                    name: element.local().into(),
                    namespace: element.namespace.uri().into(),
                    parent: parent.map(|parent| self.tree.name(parent).into()),
                    children: self.children(id),
                };
                self.parts.elements.push(fields.at(self.place(id)));
            }
        }
    }

    fn final_empty(&self, message: &syncml::Message<'a>) -> bool {
        let Some(body) = message.body else {
            return true;
        };
        let mut finals = self
            .tree
            .elements(body)
            .filter(|&id| self.tree.name(id) == "Final");
        finals.all(|id| {
            self.tree.elements(id).next().is_none() && self.tree.text(id).trim().is_empty()
        })
    }

    fn element_names(&self, root: NodeId) -> Texts<'a> {
        if !self.wants(&[("message", "elements")]) {
            return Texts::default();
        }
        // They are many and of few kinds; of many kinds the first ones are kept.
        let mut names: Vec<&'a str> = Vec::new();
        let tree = self.tree;
        for element in tree.descend(root).filter_map(|id| tree.element(id)) {
            let name = element.local();
            if let Err(at) = names.binary_search(&name) {
                names.insert(at, name);
                names.truncate(LONGEST_LIST);
            }
        }
        names.into_iter().collect()
    }

    pub(super) fn children(&self, id: NodeId) -> Texts<'a> {
        let tree = self.tree;
        let names = tree.elements(id).take(LONGEST_LIST);
        names.map(|child| tree.name(child)).collect()
    }

    /// The text as it stands; that of the view has lost the white space around it.
    pub(super) fn text(&self, text: Option<&Text<'a>>) -> Option<Cow<'a, str>> {
        let tree = self.tree;
        text.map(|text| tree.text(text.node))
    }

    pub(super) fn place(&self, id: NodeId) -> Place {
        self.document.place(self.tree.span(id))
    }
}

/// A text without the white space around it.
fn trimmed<'a>(text: &Cow<'a, str>) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}
