//! The typed view of a provisioning document over a tree: characteristics with their parameters, in
//! document order.
//!
//! Lenient: whatever has the shape of a characteristic or a parameter is one, wherever it stands;
//! what is odd is noted. Which parameters a characteristic ought to have is told by [`super::SHAPES`]
//! and judged elsewhere.

use crate::span::{Limits, Note, Notes, Span};
use crate::tree::{Kind, NodeId, Tree};
use crate::wbxml::pages::PROV;
use crate::wbxml::{How, Place, Spelling};

use super::{Count, ROOT, shape};

/// Every kind of note that [`Document::of`] gives: whether it is a fault, and what it says.
pub const KINDS: &[(&str, bool, &str)] = &[
    (
        "prov.wrong-root",
        true,
        "the root element is no wap-provisioningdoc",
    ),
    (
        "prov.unknown-element",
        true,
        "an element that no provisioning document has",
    ),
    (
        "prov.unknown-attribute",
        true,
        "an attribute that its element does not have",
    ),
    ("prov.no-type", true, "a characteristic without a type"),
    ("prov.no-name", true, "a parameter without a name"),
    (
        "prov.misplaced",
        true,
        "an element inside another that cannot hold it",
    ),
    ("prov.text", true, "character data, which no element holds"),
    (
        "prov.microsoft",
        false,
        "an element or attribute of Windows Mobile only",
    ),
    (
        "prov.page-not-switched",
        true,
        "a token that names what its characteristic does not have, and would on the other page",
    ),
];

/// True for a kind of note that no conforming document gives.
pub fn is_fault(kind: &str) -> bool {
    KINDS.iter().any(|row| row.0 == kind && row.1)
}

/// A provisioning document.
#[derive(Clone, Debug)]
pub struct Document<'t> {
    /// The tree that it is a view of.
    pub tree: &'t Tree<'t>,
    /// The root element, whatever its name is.
    pub root: NodeId,
    /// The version as it is written.
    pub version: Option<&'t str>,
    /// All characteristics at all depths, in document order.
    pub characteristics: Vec<Characteristic<'t>>,
    /// Parameters directly in the root, where none ought to be.
    pub loose: Vec<Parm<'t>>,
    /// What was read past.
    pub notes: Vec<Note>,
}

/// What an element asks for or says; all but the first are of Windows Mobile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flavour {
    /// `characteristic`, `parm`: sets.
    Set,
    /// `characteristic-query`, `parm-query`: asks.
    Query,
    /// `nocharacteristic`, `noparm`: removes, or says that there is none.
    No,
    /// An element with `-error` at its end.
    Error,
}

/// A characteristic.
#[derive(Clone, Debug)]
pub struct Characteristic<'t> {
    /// The element.
    pub node: NodeId,
    /// Its type; empty where it has none.
    pub kind: &'t str,
    /// Sets, asks, removes, or tells of an error.
    pub flavour: Flavour,
    /// The types from the outermost to this one: `APPLICATION/APPAUTH`.
    pub path: String,
    /// The index of the one around it.
    pub parent: Option<usize>,
    /// Its parameters in order.
    pub parms: Vec<Parm<'t>>,
    /// From its start token to its end token.
    pub span: Span,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parm<'t> {
    /// The element.
    pub node: NodeId,
    /// Its name; empty where it has none.
    pub name: &'t str,
    /// Its value; none for a flag.
    pub value: Option<&'t str>,
    /// Sets, asks, removes, or tells of an error.
    pub flavour: Flavour,
    /// All of it.
    pub span: Span,
}

impl<'t> Characteristic<'t> {
    /// The first parameter of this name.
    pub fn parm(&self, name: &str) -> Option<&Parm<'t>> {
        self.parms.iter().find(|parm| parm.name == name)
    }

    /// The value of the first parameter of this name; empty for a flag.
    pub fn value(&self, name: &str) -> Option<&'t str> {
        self.parm(name).map(|parm| parm.value.unwrap_or_default())
    }

    /// The values of all parameters of this name, in order.
    pub fn values<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'t str> + 's {
        let named = self.parms.iter().filter(move |parm| parm.name == name);
        named.map(|parm| parm.value.unwrap_or_default())
    }

    /// Whether a parameter of this name is there.
    pub fn has(&self, name: &str) -> bool {
        self.parm(name).is_some()
    }
}

impl<'t> Document<'t> {
    /// The view of a tree; none where it has no root element. `spelling` tells how a WBXML document
    /// is written, so that names on the wrong page are noticed.
    pub fn of(tree: &'t Tree<'t>, spelling: Option<&Spelling>) -> Option<Self> {
        let root = tree.root()?;
        let mut reading = Reading {
            tree,
            spelling,
            characteristics: Vec::new(),
            loose: Vec::new(),
            notes: Notes::new(&Limits::TARGET),
        };
        if tree.name(root) != ROOT {
            let text = format!("the root element is {}", tree.name(root));
            reading
                .notes
                .push("prov.wrong-root", tree.node(root).token, text);
        }
        reading.attributes(root, &["version"], &[]);
        reading.walk(root);
        reading.wrong_types();
        let version = attribute(tree, root, "version");
        Some(Self {
            tree,
            root,
            version,
            characteristics: reading.characteristics,
            loose: reading.loose,
            notes: reading.notes.into_vec(),
        })
    }

    /// All characteristics of this type, at all depths.
    pub fn of_kind<'s>(
        &'s self,
        kind: &'s str,
    ) -> impl Iterator<Item = (usize, &'s Characteristic<'t>)> + 's {
        let all = self.characteristics.iter().enumerate();
        all.filter(move |(_, characteristic)| characteristic.kind == kind)
    }

    /// The characteristics directly inside this one.
    pub fn inside(&self, parent: usize) -> impl Iterator<Item = (usize, &Characteristic<'t>)> {
        let all = self.characteristics.iter().enumerate();
        all.filter(move |(_, characteristic)| characteristic.parent == Some(parent))
    }

    /// The characteristics of this type directly inside this one.
    pub fn inside_of_kind<'s>(
        &'s self,
        parent: usize,
        kind: &'s str,
    ) -> impl Iterator<Item = (usize, &'s Characteristic<'t>)> + 's {
        self.inside(parent)
            .filter(move |(_, characteristic)| characteristic.kind == kind)
    }
}

struct Reading<'t, 's> {
    tree: &'t Tree<'t>,
    spelling: Option<&'s Spelling>,
    characteristics: Vec<Characteristic<'t>>,
    loose: Vec<Parm<'t>>,
    notes: Notes,
}

impl<'t> Reading<'t, '_> {
    /// All below the root, without recursion.
    fn walk(&mut self, root: NodeId) {
        // The element around and the characteristic that it is, if it is one.
        let mut open: Vec<(NodeId, Option<usize>)> = vec![(root, None)];
        for id in self.tree.descend(root).skip(1) {
            let parent = self.tree.parent(id);
            while open.last().is_some_and(|(last, _)| Some(*last) != parent) {
                open.pop();
            }
            let around = open.iter().rev().find_map(|(_, index)| *index);
            let directly = open
                .last()
                .is_some_and(|&(last, index)| last == root || index.is_some());
            match &self.tree.node(id).kind {
                Kind::Element(_) => {
                    let index = self.element(id, around, directly);
                    open.push((id, index));
                }
                Kind::Text(text, _) if text.trim().is_empty() => {}
                Kind::Text(..) | Kind::Opaque(_) => {
                    let text = "character data";
                    self.notes.push("prov.text", self.tree.node(id).token, text);
                }
                Kind::Comment(_) | Kind::Instruction(_) => {}
            }
        }
    }

    /// An element; the index of the characteristic that it is.
    fn element(&mut self, id: NodeId, around: Option<usize>, directly: bool) -> Option<usize> {
        let name = self.tree.name(id);
        let token = self.tree.node(id).token;
        let (base, flavour) = match name {
            "characteristic" => ("characteristic", Flavour::Set),
            "parm" => ("parm", Flavour::Set),
            "characteristic-query" => ("characteristic", Flavour::Query),
            "parm-query" => ("parm", Flavour::Query),
            "nocharacteristic" => ("characteristic", Flavour::No),
            "noparm" => ("parm", Flavour::No),
            _ => match name.strip_suffix("-error") {
                Some("characteristic" | "characteristic-query" | "nocharacteristic") => {
                    ("characteristic", Flavour::Error)
                }
                Some("parm" | "parm-query" | "noparm") => ("parm", Flavour::Error),
                _ => {
                    self.notes
                        .push("prov.unknown-element", token, format!("an element {name}"));
                    return None;
                }
            },
        };
        if flavour != Flavour::Set {
            self.notes
                .push_once("prov.microsoft", token, format!("an element {name}"));
        }
        if !directly {
            let text = format!("{name} inside an element that holds none");
            self.notes.push("prov.misplaced", token, text);
        }
        if base == "parm" {
            self.parm(id, flavour, around);
            return None;
        }
        Some(self.characteristic(id, flavour, around))
    }

    fn characteristic(&mut self, id: NodeId, flavour: Flavour, around: Option<usize>) -> usize {
        const MICROSOFT: &[&str] = &["translation", "mwid", "recursive", "desc", "code"];
        self.attributes(id, &["type"], MICROSOFT);
        let kind = attribute(self.tree, id, "type");
        if kind.is_none() {
            let text = "a characteristic without a type";
            self.notes
                .push("prov.no-type", self.tree.node(id).token, text);
        }
        let kind = kind.unwrap_or_default();
        let outer = around.and_then(|index| self.characteristics.get(index));
        let path = match outer {
            Some(outer) => format!("{}/{kind}", outer.path),
            None => kind.to_owned(),
        };
        self.characteristics.push(Characteristic {
            node: id,
            kind,
            flavour,
            path,
            parent: around,
            parms: Vec::new(),
            span: self.tree.span(id),
        });
        self.characteristics.len() - 1
    }

    fn parm(&mut self, id: NodeId, flavour: Flavour, around: Option<usize>) {
        const MICROSOFT: &[&str] = &[
            "datatype",
            "semantic-type",
            "maxvalue",
            "minvalue",
            "maxlength",
            "options",
            "multiple",
            "rw-access",
            "label",
            "access-role",
            "desc",
            "nooverwrite",
            "code",
        ];
        self.attributes(id, &["name", "value"], MICROSOFT);
        let name = attribute(self.tree, id, "name");
        if name.is_none() {
            let text = "a parameter without a name";
            self.notes
                .push("prov.no-name", self.tree.node(id).token, text);
        }
        let parm = Parm {
            node: id,
            name: name.unwrap_or_default(),
            value: attribute(self.tree, id, "value"),
            flavour,
            span: self.tree.span(id),
        };
        let Some(index) = around else {
            let text = format!("{} directly in the root", parm.name);
            self.notes
                .push("prov.misplaced", self.tree.node(id).token, text);
            self.loose.push(parm);
            return;
        };
        let kind = self
            .characteristics
            .get(index)
            .map_or("", |outer| outer.kind);
        self.wrong_page(kind, &parm);
        if let Some(outer) = self.characteristics.get_mut(index) {
            outer.parms.push(parm);
        }
    }

    fn attributes(&mut self, id: NodeId, known: &[&str], microsoft: &[&str]) {
        let Some(element) = self.tree.element(id) else {
            return;
        };
        for attribute in element
            .attributes
            .iter()
            .filter(|attribute| !attribute.declares())
        {
            let name = attribute.name.as_ref();
            if known.contains(&name) {
                continue;
            }
            let text = format!("{name} of {}", element.name);
            if microsoft.contains(&name) {
                self.notes.push_once("prov.microsoft", attribute.span, text);
            } else {
                self.notes
                    .push("prov.unknown-attribute", attribute.span, text);
            }
        }
    }

    /// Characteristics whose type is a token that makes no sense with what is in them, where all of
    /// it would on the other page: none of what they need is there, and the tokens of all their
    /// parameters name what the other type has.
    fn wrong_types(&mut self) {
        let Some(spelling) = self.spelling else {
            return;
        };
        for characteristic in &self.characteristics {
            let token = |id: NodeId, name: &str| {
                let element = self.tree.element(id)?;
                let mut attributes = element.attributes.iter();
                let found = attributes.find(|attribute| attribute.name == name)?;
                let piece = spelling.first(found.span)?;
                match (piece.place, piece.how) {
                    (Place::Start, How::Token(code)) => Some((piece, code)),
                    _ => None,
                }
            };
            let Some((piece, code)) = token(characteristic.node, "type") else {
                continue;
            };
            let other = 1 - piece.page.min(1);
            let meant = PROV.attribute(other, code).filter(|row| row.2 == "type");
            let (Some(here), Some(meant)) = (
                shape(characteristic.kind),
                meant.and_then(|row| shape(row.3)),
            ) else {
                continue;
            };
            let needed = |parm: &Parm<'_>| {
                let shape = here.parm(parm.name);
                shape.is_some_and(|shape| matches!(shape.count, Count::One | Count::Some))
            };
            let fits = |parm: &Parm<'_>| {
                let row =
                    token(parm.node, "name").and_then(|(_, code)| PROV.attribute(other, code));
                row.is_some_and(|row| meant.parm(row.3).is_some())
            };
            let parms = &characteristic.parms;
            if here.kind != meant.kind
                && !parms.is_empty()
                && !parms.iter().any(needed)
                && parms.iter().all(fits)
            {
                let text = format!("{} would be {} on page {other}", here.kind, meant.kind);
                self.notes.push("prov.page-not-switched", piece.span, text);
            }
        }
    }

    /// A parameter whose name is a token that makes no sense here, and would on the other page.
    fn wrong_page(&mut self, kind: &str, parm: &Parm<'t>) {
        let Some(shape) = shape(kind) else { return };
        if shape.parm(parm.name).is_some() {
            return;
        }
        let element = self.tree.element(parm.node);
        let name = element.and_then(|element| {
            element
                .attributes
                .iter()
                .find(|attribute| attribute.name == "name")
        });
        let Some(span) = name.map(|name| name.span) else {
            return;
        };
        let piece = self.spelling.and_then(|spelling| spelling.first(span));
        let Some(piece) = piece.filter(|piece| piece.place == Place::Start) else {
            return;
        };
        let How::Token(code) = piece.how else { return };
        let other = PROV.attribute(1 - piece.page.min(1), code);
        if let Some(other) = other.filter(|row| row.2 == "name" && shape.parm(row.3).is_some()) {
            let text = format!(
                "{kind} has no {}; the token would be {} on page {}",
                parm.name, other.3, other.0
            );
            self.notes.push("prov.page-not-switched", piece.span, text);
        }
    }
}

/// The value of an attribute.
pub(super) fn attribute<'t>(tree: &'t Tree<'t>, id: NodeId, name: &str) -> Option<&'t str> {
    let mut attributes = tree.element(id)?.attributes.iter();
    attributes
        .find(|attribute| attribute.name == name)
        .map(|attribute| attribute.value.as_ref())
}
