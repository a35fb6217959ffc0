//! The nodes of one document.
//!
//! Each is made once. Texts are taken as they stand; a field says what is there and has no opinion.
//! Of what a hostile document has too much of, the first [`LONGEST_LIST`] are made.

use std::collections::{BTreeMap, BTreeSet};

use assay_wire::Tree;
use assay_wire::dm::{self as syncml, Text};
use assay_wire::recording::Place;
use assay_wire::tree::NodeId;

use super::build::name_of;
use super::history::{Asked, Codes, Commands, Signature, closes, is_refusal, signature, value};
use super::wanted::Wanted;
use super::{Alert, Challenge, Command, Cred, Element, Header, Item, Message, Meta, Status};
use crate::node::{Arena, Lent, List, Subject, Texts, lent};
use crate::replay::Document;
use crate::rule::{LONGEST_LIST, Value};
use crate::view::Run;
use crate::view::http::{count, declared_encoding, digits};

/// The nodes of one document.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) header: Option<Lent<'a, Header<'a>>>,
    pub(super) cred: Option<Lent<'a, Cred<'a>>>,
    /// In document order, those of containers behind them.
    pub(super) commands: Commands<'a>,
    pub(super) statuses: Vec<(Lent<'a, Status<'a>>, Lent<'a, Command<'a>>)>,
    pub(super) alerts: Vec<(Lent<'a, Alert<'a>>, Lent<'a, Command<'a>>)>,
    pub(super) results: Vec<Lent<'a, Command<'a>>>,
    pub(super) items: Vec<(Lent<'a, Item<'a>>, Lent<'a, Command<'a>>)>,
    pub(super) challenges: Vec<(Lent<'a, Challenge<'a>>, Lent<'a, Status<'a>>)>,
    pub(super) metas: Vec<Lent<'a, Meta<'a>>>,
    pub(super) elements: Vec<Lent<'a, Element<'a>>>,
    /// Every Status for a header, and its code.
    header_statuses: Vec<(Lent<'a, Status<'a>>, Option<&'a str>)>,
    alert_codes: Vec<&'a str>,
    /// What stands in a Meta and is not of MetInf.
    strays: Vec<&'a str>,
}

/// True for the commands that manage a device.
pub(super) fn manages(name: &str) -> bool {
    matches!(
        name,
        "Add" | "Replace" | "Delete" | "Get" | "Exec" | "Copy" | "Atomic" | "Sequence"
    )
}

/// What makes a Status the same as another one: MsgRef, CmdRef, TargetRef and SourceRef.
type Reference<'a> = (&'a str, &'a str, Vec<&'a str>, Vec<&'a str>);

/// Writes the nodes of one document.
pub(super) struct Writer<'a, 'w> {
    pub(super) document: &'a Document<'a>,
    pub(super) tree: &'a Tree<'a>,
    pub(super) run: &'w Run<'a>,
    parts: Parts<'a>,
    /// The codes that the answer gives to each command, by CmdID.
    pub(super) codes: Codes<'a>,
    /// The commands of each message that this one may answer, by MsgID.
    pub(super) asked: Option<&'w Asked<'a>>,
    /// The commands that were sent and answered before.
    pub(super) done: Option<&'w BTreeSet<Signature<'a>>>,
    /// The nonces that were given out before; those of this document are added.
    pub(super) nonces: Option<&'w mut BTreeSet<String>>,
    pub(super) wanted: &'w Wanted,
    ids: BTreeSet<&'a str>,
    positions: i64,
    references: BTreeSet<Reference<'a>>,
    answered: BTreeMap<&'a str, i64>,
}

impl<'a, 'w> Writer<'a, 'w> {
    pub(super) fn new(document: &'a Document<'a>, run: &'w Run<'a>, wanted: &'w Wanted) -> Self {
        Self {
            document,
            tree: &document.tree,
            run,
            parts: Parts::default(),
            codes: BTreeMap::new(),
            asked: None,
            done: None,
            nonces: None,
            wanted,
            ids: BTreeSet::new(),
            positions: 0,
            references: BTreeSet::new(),
            answered: BTreeMap::new(),
        }
    }

    /// The node of the message, and those of its parts.
    pub(super) fn write(
        mut self,
        message: &syncml::Message<'a>,
    ) -> (Lent<'a, Message<'a>>, Parts<'a>) {
        let arena = self.arena();
        let header = message.header.as_ref().map(|header| self.header(header));
        self.parts.header = header;
        let mut direct = Vec::with_capacity(message.commands.len().min(LONGEST_LIST));
        for command in &message.commands {
            if self.parts.commands.len() >= LONGEST_LIST {
                break;
            }
            direct.push(self.command(command, None));
        }
        if self.wanted.metas {
            self.metas_and_elements(message.root);
        }

        let parts = &self.parts;
        let all = message.all_commands();
        let root = message.tree.element(message.root);
        let namespace = root.map(|root| root.namespace.uri());
        let notes = self.document.notes.iter();
        let items = parts.items.iter().map(|(item, _)| *item);
        let statuses = parts.statuses.iter().map(|(status, _)| *status);
        let header_statuses = parts.header_statuses.iter();
        let alerts = parts.alerts.iter().map(|(alert, _)| *alert);
        let targets = all.iter().flat_map(|command| &command.items);
        let fields = Message {
            encoding: name_of(self.document.encoding),
            octets: count(self.document.octets),
            well_formed: self.document.is_well_formed(),
            notes: Texts::of(arena, notes.map(|note| note.kind)),
            declared_encoding: declared_encoding(self.document.body())
                .map(|name| &*arena.alloc_str(&name)),
            wbxml: self.wbxml(),
            root: self.tree.name(message.root),
            namespace: namespace.filter(|namespace| !namespace.is_empty()),
            children: self.children(message.root),
            header,
            body_children: message
                .body
                .map(|body| self.children(body))
                .unwrap_or_default(),
            items: List::of(arena, items),
            names: Texts::of(
                arena,
                message.commands.iter().take(direct.len()).map(|it| it.name),
            ),
            commands: List::of(arena, direct),
            all_names: Texts::of(
                arena,
                all.iter().take(parts.commands.len()).map(|it| it.name),
            ),
            all_commands: List::of(arena, parts.commands.iter().map(|(_, node)| *node)),
            cmd_ids: Texts::of(arena, parts.commands.iter().filter_map(|(id, _)| *id)),
            targets: Texts::of(
                arena,
                targets.filter_map(|item| self.text(item.target.as_ref())),
            ),
            elements: self.element_names(message.root),
            meta_strays: Texts::of(arena, parts.strays.iter().copied()),
            header_code: parts.header_statuses.first().and_then(|(_, code)| *code),
            statuses: List::of(arena, statuses),
            header_statuses: List::of(arena, header_statuses.map(|(status, _)| *status)),
            refusal: is_refusal(message.header_status().map_or(0, syncml::Command::code)),
            challenge: parts.challenges.first().map(|(challenge, _)| *challenge),
            alert_codes: Texts::of(arena, parts.alert_codes.iter().copied()),
            alerts: List::of(arena, alerts),
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
        let place = self.place(message.root);
        (fields.at(arena, place), self.parts)
    }

    fn header(&mut self, header: &syncml::Header<'a>) -> Lent<'a, Header<'a>> {
        let cred = header.cred.as_ref().map(|cred| self.cred(cred));
        self.parts.cred = cred;
        let meta = header.meta.as_ref();
        let number = |text: Option<&Text<'_>>| text.and_then(|text| text.value.parse().ok());
        let fields = Header {
            children: self.children(header.node),
            ver_dtd: self.text(header.ver_dtd.as_ref()),
            ver_proto: self.text(header.ver_proto.as_ref()),
            session_id: self.text(header.session_id.as_ref()),
            msg_id: self.text(header.msg_id.as_ref()),
            msg_number: digits(self.text(header.msg_id.as_ref())),
            target: self.text(header.target.as_ref()),
            source: self.text(header.source.as_ref()),
            source_name: self.text(header.source_name.as_ref()),
            resp_uri: self.text(header.resp_uri.as_ref()),
            no_resp: header.no_resp.is_some(),
            cred,
            max_msg_size: number(meta.and_then(|meta| meta.max_msg_size.as_ref())),
            max_obj_size: number(meta.and_then(|meta| meta.max_obj_size.as_ref())),
            meta: self.wanted_meta(self.wanted.header_meta, meta),
        };
        fields.at(self.arena(), self.place(header.node))
    }

    /// A command; it and those inside it become parts, itself first.
    fn command(
        &mut self,
        command: &syncml::Command<'a>,
        parent: Option<&'a str>,
    ) -> Lent<'a, Command<'a>> {
        let arena = self.arena();
        let position = self.positions;
        self.positions += 1;
        let cmd_id = self.text(command.cmd_id.as_ref());
        let id = cmd_id.filter(|_| self.wanted.command_ids);
        let id_seen_before = id.is_some_and(|id| !self.ids.insert(id.trim()));
        let are_read =
            self.wanted.items || (command.name == "Alert" && self.wanted.items_of_alerts);
        let room = if are_read {
            LONGEST_LIST.saturating_sub(self.parts.items.len())
        } else {
            0
        };
        let items = command.items.iter().take(room).enumerate();
        let items: Vec<Lent<'a, Item<'a>>> = items
            .map(|(position, item)| self.item(item, position, command))
            .collect();
        let at = self.parts.commands.len();
        let mut direct = Vec::new();
        for child in &command.children {
            if self.positions >= count(LONGEST_LIST) {
                break;
            }
            direct.push(self.command(child, Some(command.name)));
        }
        let codes = self.codes.get(command.id());
        let listed = List::of(arena, items.iter().copied());
        let mut done = self.done.iter().filter(|done| !done.is_empty());
        let fields = Command {
            name: command.name,
            children: if self.wanted.children_of_commands {
                self.children(command.node)
            } else {
                Texts::default()
            },
            position,
            parent,
            commands: List::of(arena, direct),
            answer_codes: Texts::of(arena, codes.into_iter().flatten().copied()),
            cmd_id,
            id_seen_before,
            manages: manages(command.name),
            msg_ref: self.text(command.msg_ref.as_ref()),
            cmd_ref: self.text(command.cmd_ref.as_ref()),
            data: self.text(command.data.as_ref()),
            meta: self.wanted_meta(self.wanted.command_meta, command.meta.as_deref()),
            items: listed,
            no_resp: self.tree.child(command.node, "NoResp").is_some(),
            has_cred: command.cred.is_some(),
            correlator: self.text(command.correlator.as_ref()),
            done_before: done.any(|done| done.contains(&signature(arena, command))),
        };
        let node = fields.at(arena, self.place(command.node));
        self.parts.commands.insert(at, (cmd_id, node));
        let items = items.into_iter().map(|item| (item, node));
        self.parts.items.extend(items);
        match command.name {
            "Status" if self.wanted.statuses => self.status(command, node, listed),
            "Alert" => self.alert(command, node, listed),
            "Results" => self.parts.results.push(node),
            _ => {}
        }
        node
    }

    fn status(
        &mut self,
        status: &syncml::Command<'a>,
        command: Lent<'a, Command<'a>>,
        items: List<'a, Lent<'a, Item<'a>>>,
    ) {
        let arena = self.arena();
        let texts = |texts: &[Text<'a>]| -> Vec<&'a str> {
            texts
                .iter()
                .filter_map(|text| self.text(Some(text)))
                .collect()
        };
        let (target_refs, source_refs) = (texts(&status.target_refs), texts(&status.source_refs));
        let (msg_ref, cmd_ref) = (
            value(arena, status.msg_ref.as_ref()),
            value(arena, status.cmd_ref.as_ref()),
        );
        let is_header = status.is_header_status();
        let answers = self
            .asked
            .filter(|_| !is_header)
            .and_then(|asked| asked.get(msg_ref))
            .and_then(|asked| {
                asked
                    .iter()
                    .position(|(id, _)| *id == Some(cmd_ref))
                    .map(|at| (at, asked))
            });
        let place = answers.map(|(at, _)| count(at));
        let answers = answers
            .and_then(|(at, asked)| asked.get(at))
            .map(|(_, node)| *node);
        let before = self.answered.get(msg_ref).copied().unwrap_or(-1);
        let out_of_order = place.is_some_and(|place| place < before);
        if let Some(place) = place {
            self.answered.insert(msg_ref, place.max(before));
        }
        let reference = (msg_ref, cmd_ref, target_refs, source_refs);
        let (_, _, targets, sources) = &reference;
        let target_refs = Texts::of(arena, targets.iter().copied());
        let source_refs = Texts::of(arena, sources.iter().copied());
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
            code_number: digits(code),
            code,
            challenge,
            items,
            is_header,
            answers,
            out_of_order,
            repeats: !self.references.insert(reference),
        };
        let node = fields.at(self.arena(), self.place(status.node));
        self.parts
            .challenges
            .extend(challenge.map(|challenge| (challenge, node)));
        self.parts.statuses.push((node, command));
        if is_header {
            self.parts.header_statuses.push((node, code));
        }
    }

    fn alert(
        &mut self,
        alert: &syncml::Command<'a>,
        command: Lent<'a, Command<'a>>,
        items: List<'a, Lent<'a, Item<'a>>>,
    ) {
        let code = self.text(alert.data.as_ref());
        let fields = Alert {
            children: self.children(alert.node),
            cmd_id: self.text(alert.cmd_id.as_ref()),
            code_number: digits(code),
            code,
            items,
            correlator: self.text(alert.correlator.as_ref()),
        };
        let node = fields.at(self.arena(), self.place(alert.node));
        self.parts.alerts.push((node, command));
        self.parts.alert_codes.extend(code);
    }

    fn metas_and_elements(&mut self, root: NodeId) {
        for id in self.tree.descend(root) {
            let Some(element) = self.tree.element(id) else {
                continue;
            };
            if element.local() == "Meta" && self.parts.metas.len() < LONGEST_LIST {
                let meta = self.meta(&syncml::Meta::of(self.tree, id));
                let strays = meta.node.field("strays").into_iter();
                self.parts.strays.extend(strays.flat_map(Value::texts));
                self.parts.metas.push(meta);
            }
            if self.wanted.elements && self.parts.elements.len() < LONGEST_LIST {
                let parent = self.tree.parent(id);
                let fields = Element {
                    name: element.local(),
                    namespace: element.namespace.uri(),
                    parent: parent.map(|parent| self.tree.name(parent)),
                    children: self.children(id),
                };
                self.parts
                    .elements
                    .push(fields.at(self.arena(), self.place(id)));
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
        if !self.wanted.element_names {
            return Texts::default();
        }
        // They are many and of few kinds; of many kinds the first ones are kept.
        let mut names: Vec<&'a str> = Vec::new();
        let tree = self.tree;
        for element in tree.descend(root).filter_map(|id| tree.element(id)) {
            let name = element.local();
            if names.len() < LONGEST_LIST && !names.contains(&name) {
                names.push(name);
            }
        }
        names.sort_unstable();
        Texts::of(self.arena(), names)
    }

    /// Where nodes are made.
    pub(super) fn arena(&self) -> &'a Arena {
        self.run.arena
    }

    pub(super) fn children(&self, id: NodeId) -> Texts<'a> {
        let tree = self.tree;
        let names = tree.elements(id).take(LONGEST_LIST);
        Texts::of(self.arena(), names.map(|child| tree.name(child)))
    }

    /// The text as it stands; that of the view has lost the white space around it.
    pub(super) fn text(&self, text: Option<&Text<'a>>) -> Option<&'a str> {
        let tree = self.tree;
        text.map(|text| lent(self.arena(), &tree.text(text.node)))
    }

    pub(super) fn place(&self, id: NodeId) -> Place {
        self.document.place(self.tree.span(id))
    }
}
