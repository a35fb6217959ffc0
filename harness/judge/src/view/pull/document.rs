//! The node of one document, and what all documents have.

use std::collections::BTreeSet;

use assay_wire::pull::{Attr, Instructions, PackageLocation, PollResponse, Text};
use assay_wire::recording::Place;
use assay_wire::tree::{Form, Kind, NodeId};
use assay_wire::{Span, Tree};

use super::history::Known;
use super::{
    ClientSettings, FileFilter, Instruction, Interval, Location, Message,
    PackageLocation as Located, PollResponse as Polled, ReportOrder,
};
use crate::node::{Arena, Lent, Subject};
use crate::replay::Document;
use crate::rule::LONGEST_LIST;
use crate::view::View;
use crate::view::http::{count, declaration, declared_encoding};

/// The subjects of one document.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) polled: Option<Lent<'a, Polled<'a>>>,
    pub(super) client: Option<Lent<'a, ClientSettings>>,
    pub(super) orders: Vec<Lent<'a, ReportOrder<'a>>>,
    pub(super) filters: Vec<(Lent<'a, FileFilter>, Lent<'a, ReportOrder<'a>>)>,
    pub(super) intervals: Vec<Lent<'a, Interval>>,
    pub(super) instructions: Vec<Lent<'a, Instruction>>,
    pub(super) located: Option<Lent<'a, Located<'a>>>,
    pub(super) locations: Vec<Lent<'a, Location>>,
}

/// Writes the nodes of one document.
pub(super) struct Writer<'a, 'w> {
    pub(super) document: &'a Document<'a>,
    pub(super) tree: &'a Tree<'a>,
    /// The package that was asked about.
    pub(super) asked: Option<&'w str>,
    /// What the device has been told before.
    pub(super) known: &'w Known,
    pub(super) arena: &'a Arena,
    pub(super) parts: Parts<'a>,
}

impl<'a, 'w> Writer<'a, 'w> {
    pub(super) fn new(
        document: &'a Document<'a>,
        asked: Option<&'w str>,
        known: &'w Known,
        arena: &'a Arena,
    ) -> Self {
        Self {
            document,
            tree: &document.tree,
            asked,
            known,
            arena,
            parts: Parts::default(),
        }
    }

    /// The node of the document, and those of its parts.
    pub(super) fn write(mut self) -> (Lent<'a, Message<'a>>, Parts<'a>) {
        if let Some(answer) = PollResponse::of(self.tree) {
            self.parts.polled = Some(self.poll_response(&answer));
        } else if let Some(answer) = Instructions::of(self.tree) {
            self.instructions(&answer);
        } else if let Some(answer) = PackageLocation::of(self.tree) {
            self.parts.located = Some(self.package_location(&answer));
        }
        let root = self.tree.root();
        let nodes = || root.into_iter().flat_map(|root| self.tree.descend(root));
        let elements = || nodes().filter_map(|id| self.tree.element(id));
        let is_cdata = |id: NodeId| matches!(self.tree.node(id).kind, Kind::Text(_, Form::Cdata));
        let names: BTreeSet<&str> = elements().map(assay_wire::tree::Element::local).collect();
        let kinds = self.document.notes.iter().map(|note| note.kind);
        let namespace = root.and_then(|root| self.tree.element(root));
        let namespace = namespace.map(|root| root.namespace.uri().to_owned());
        let fields = Message {
            octets: count(self.document.octets),
            well_formed: self.document.is_well_formed(),
            notes: kinds.clone().map(str::to_owned).collect(),
            declared: declaration(self.document.body()).is_some(),
            declared_encoding: declared_encoding(self.document.body()),
            has_dtd: kinds.clone().any(|kind| kind.ends_with("doctype")),
            prefixed: elements().any(|element| element.name.contains(':')),
            has_cdata: nodes().any(is_cdata),
            root: root.map_or("", |root| self.tree.name(root)).to_owned(),
            namespace: namespace.filter(|namespace| !namespace.is_empty()),
            children: root.map(|root| self.children(root)).unwrap_or_default(),
            elements: names.into_iter().map(str::to_owned).collect(),
            poll_response: self.parts.polled,
            instructions: self.parts.instructions.clone(),
            package_location: self.parts.located,
        };
        let place = match root {
            Some(root) => self.place(root),
            None => self.document.place(Span::default()),
        };
        (fields.at(self.arena, place), self.parts)
    }

    pub(super) fn children(&self, id: NodeId) -> Vec<String> {
        let names = self.tree.elements(id).take(LONGEST_LIST);
        names
            .map(|child| self.tree.name(child).to_owned())
            .collect()
    }

    /// The text as it stands; that of the view has lost the white space around it.
    pub(super) fn text(&self, text: Option<&Text<'_>>) -> Option<String> {
        text.map(|text| self.tree.text(text.node).into_owned())
    }

    /// The name of the element that a text stands in one level up.
    pub(super) fn parent(&self, text: Option<&Text<'_>>) -> Option<String> {
        let parent = self.tree.parent(text?.node)?;
        Some(self.tree.name(parent).to_owned())
    }

    pub(super) fn place(&self, id: NodeId) -> Place {
        self.document.place(self.tree.span(id))
    }
}

/// The value of an attribute.
pub(super) fn value(attr: Option<&Attr<'_>>) -> Option<String> {
    attr.map(|attr| attr.value.to_owned())
}

impl<'a> Parts<'a> {
    /// The subjects of a reply.
    pub(super) fn add_to(&self, view: &mut View<'a>) {
        view.add("poll_response", &self.polled);
        view.add("client_settings", &self.client);
        view.add("report_order", &self.orders);
        let filters = self.filters.iter().map(|(filter, order)| (filter, order));
        view.add_with("filter", "report_order", filters);
        view.add("interval", &self.intervals);
        view.add("instruction", &self.instructions);
        view.add("package_location", &self.located);
        let located = self.located.iter().cycle();
        let locations = self.locations.iter().zip(located);
        view.add_with("location", "package_location", locations);
    }
}
