//! The small nodes of a document: items, Meta, Chal, Cred, and the head of a WBXML document.

use assay_wire::dm as syncml;
use assay_wire::tree::{Form, Kind, Namespace, NodeId};
use assay_wire::wbxml::PublicId;

use super::history::remember_nonce;
use super::message::Writer;
use super::{Challenge, Cred, Item, Meta, Nonce, Wbxml};
use crate::node::{Lent, Subject, Texts};
use crate::rule::decode_base64;
use crate::view::http::count;

impl<'a> Writer<'a, '_> {
    pub(super) fn item(
        &self,
        item: &syncml::Item<'a>,
        position: usize,
        command: &syncml::Command<'a>,
    ) -> Lent<'a, Item<'a>> {
        let metas = [item.meta.as_ref(), command.meta.as_ref()];
        let format = metas
            .iter()
            .flatten()
            .find_map(|meta| self.text(meta.format.as_ref()));
        let kind = metas
            .iter()
            .flatten()
            .find_map(|meta| self.text(meta.kind.as_ref()));
        let data = item.data.as_ref().map(|data| data.node);
        let inside: Vec<NodeId> = data
            .map(|data| self.tree.elements(data).collect())
            .unwrap_or_default();
        let declares = |&element: &NodeId| {
            let element = self.tree.element(element);
            element.is_some_and(|it| {
                it.attributes
                    .iter()
                    .any(|attribute| attribute.name == "xmlns")
            })
        };
        let fields = Item {
            children: self.children(item.node),
            command: command.name,
            position: count(position),
            target: self.text(item.target.as_ref()),
            source: self.text(item.source.as_ref()),
            meta: self.wanted_meta(self.wanted.item_meta, item.meta.as_deref()),
            effective_format: format.unwrap_or("chr"),
            effective_type: kind.unwrap_or("text/plain"),
            has_data: data.is_some(),
            data: self.text(item.data.as_ref()),
            data_octets: data.map_or(0, |data| count(self.tree.octets(data).len())),
            opaque: data.is_some_and(|data| {
                let is_opaque = |child| match &self.tree.node(child).kind {
                    Kind::Opaque(_) => true,
                    Kind::Text(_, form) => *form == Form::Opaque,
                    _ => false,
                };
                self.tree.children(data).any(is_opaque)
            }),
            data_declares: !inside.is_empty() && inside.iter().all(declares),
            data_children: Texts::of(self.arena(), inside.iter().map(|&id| self.tree.name(id))),
            more_data: item.more_data.is_some(),
        };
        fields.at(self.arena(), self.place(item.node))
    }

    pub(super) fn challenge(&mut self, challenge: &syncml::Chal<'a>) -> Lent<'a, Challenge<'a>> {
        let meta = challenge.meta.as_ref();
        let nonce = meta.and_then(|meta| meta.next_nonce.as_ref()).map(|nonce| {
            let text = self.text(Some(nonce)).unwrap_or_default();
            let octets = decode_base64(text);
            let nonces = self.nonces.as_mut();
            let (seen_before, resembles) =
                nonces.map_or((false, false), |nonces| remember_nonce(nonces, text));
            let fields = Nonce {
                valid_base64: octets.is_some(),
                octets: octets.map_or(0, |octets| count(octets.len())),
                seen_before,
                resembles,
                text,
            };
            fields.at(self.arena(), self.place(nonce.node))
        });
        let fields = Challenge {
            children: meta
                .map(|meta| self.children(meta.node))
                .unwrap_or_default(),
            r#type: self.text(meta.and_then(|meta| meta.kind.as_ref())),
            format: self.text(meta.and_then(|meta| meta.format.as_ref())),
            nonce,
        };
        fields.at(self.arena(), self.place(challenge.node))
    }

    pub(super) fn cred(&self, cred: &syncml::Cred<'a>) -> Lent<'a, Cred<'a>> {
        let place = self.place(cred.node);
        let fields = Cred {
            children: self.children(cred.node),
            r#type: self.text(cred.meta.as_ref().and_then(|meta| meta.kind.as_ref())),
            format: self.text(cred.meta.as_ref().and_then(|meta| meta.format.as_ref())),
            data: self.text(cred.data.as_ref()),
            proved: self.run.proved(place),
        };
        fields.at(self.arena(), place)
    }

    pub(super) fn meta(&self, meta: &syncml::Meta<'a>) -> Lent<'a, Meta<'a>> {
        let holder = self.tree.parent(meta.node);
        let inside = self.tree.child(meta.node, "MetInf").unwrap_or(meta.node);
        let is_stray = |&element: &NodeId| {
            let element = self.tree.element(element);
            element.is_some_and(|element| element.namespace != Namespace::MetInf)
        };
        let strays = self.tree.elements(inside).filter(is_stray);
        let fields = Meta {
            children: self.children(inside),
            parent: holder
                .map(|holder| self.tree.name(holder))
                .unwrap_or_default(),
            strays: Texts::of(self.arena(), strays.map(|id| self.tree.name(id))),
            format: self.text(meta.format.as_ref()),
            r#type: self.text(meta.kind.as_ref()),
            mark: self.text(meta.mark.as_ref()),
            size: self.text(meta.size.as_ref()),
            next_nonce: self.text(meta.next_nonce.as_ref()),
            max_msg_size: self.text(meta.max_msg_size.as_ref()),
            max_obj_size: self.text(meta.max_obj_size.as_ref()),
        };
        fields.at(self.arena(), self.place(meta.node))
    }

    /// The node of a Meta that may be absent, where it is wanted.
    pub(super) fn wanted_meta(
        &self,
        wanted: bool,
        meta: Option<&syncml::Meta<'a>>,
    ) -> Option<Lent<'a, Meta<'a>>> {
        meta.filter(|_| wanted).map(|meta| self.meta(meta))
    }

    pub(super) fn wbxml(&self) -> Option<Lent<'a, Wbxml<'a>>> {
        let header = self.document.wbxml.as_ref()?;
        let (public_id, public_text) = match &header.public_id {
            PublicId::Number(number) => (Some(i64::from(*number)), None),
            PublicId::Text(text) => (None, Some(text.as_str())),
        };
        let fields = Wbxml {
            version: i64::from(header.version),
            public_id,
            public_text,
            charset: i64::from(header.charset),
            table_octets: i64::from(header.table.len),
        };
        Some(fields.at(self.arena(), self.document.place(header.span)))
    }
}
