//! The nodes of a provisioning document: itself, its characteristics, parameters and accounts.
//!
//! Of what a hostile document has too much of, the first [`MOST`] are made.

use std::collections::BTreeSet;

use assay_wire::cp::{self, Flavour, Graph, Target};
use assay_wire::recording::Place;
use assay_wire::wbxml::{How, Place as Part, Spelling};
use assay_wire::{Encoding, Limits, Span};

use super::push::public_id;
use super::{Account, Characteristic, Document, Parm};
use crate::node::{Arena, Lent, Subject};
use crate::replay;
use crate::rule::LONGEST_LIST;
use crate::view::View;
use crate::view::http::count;

/// So many characteristics, and so many parameters, of one document are looked at.
const MOST: usize = 4 * LONGEST_LIST;

/// Flags of accounts of Windows Mobile.
const FLAGS: [&str; 3] = ["INIT", "BACKCOMPATRETRYDISABLED", "USEHWDEVID"];

/// Where a document came from.
pub(super) struct Source<'a> {
    /// `push`, `package`, `rom`.
    pub(super) from: &'static str,
    pub(super) octets: &'a [u8],
    pub(super) encoding: Encoding,
    /// Where a span of it stands.
    pub(super) place: &'a dyn Fn(Span) -> Option<Place>,
    /// SEC of the push.
    pub(super) sec: Option<i64>,
    /// The roles that a device gives the message.
    pub(super) roles: i64,
}

/// All nodes of one document.
pub(super) struct Nodes<'a> {
    pub(super) document: Lent<'a, Document<'a>>,
    characteristics: Vec<Lent<'a, Characteristic>>,
    parms: Vec<Lent<'a, Parm>>,
    accounts: Vec<Lent<'a, Account>>,
}

impl<'a> Nodes<'a> {
    /// Adds them all to what rules on an exchange see.
    pub(super) fn add_to(&self, view: &mut View<'a>) {
        let document = &self.document;
        view.add("document", [document]);
        let with = |it| (it, document);
        let characteristics = self.characteristics.iter();
        view.add_with("characteristic", "document", characteristics.map(with));
        view.add_with(
            "parm",
            "document",
            self.parms.iter().map(|it| (it, document)),
        );
        let accounts = self.accounts.iter();
        view.add_with("account", "document", accounts.map(|it| (it, document)));
    }

    /// The first account.
    pub(super) fn account(&self) -> Option<&Lent<'a, Account>> {
        self.accounts.first()
    }
}

/// Reads a document; absent where nothing of it can be read.
pub(super) fn read<'a>(
    source: &Source<'_>,
    arena: &'a Arena,
    limits: &Limits,
) -> Option<Nodes<'a>> {
    let decoded = assay_wire::read(source.octets, source.encoding, limits).ok()?;
    let header = decoded.wbxml.as_ref();
    let spelling = header.map(|header| Spelling::read(source.octets, header, limits));
    let document = cp::Document::of(&decoded.tree, spelling.as_ref())?;
    let graph = Graph::of(&document);
    let kinds: Vec<String> = decoded
        .notes
        .iter()
        .chain(&document.notes)
        .map(|note| note.kind.to_owned())
        .collect();
    let tree = &decoded.tree;
    let names = tree
        .descend(document.root)
        .filter_map(|id| tree.element(id));
    let names: BTreeSet<&str> = names.map(assay_wire::tree::Element::local).collect();
    let types: BTreeSet<&str> = document.characteristics.iter().map(|it| it.kind).collect();
    let is_old = |spelling: &Spelling| {
        spelling.pieces.iter().any(|piece| {
            piece.place == Part::Element
                && piece.page == 0
                && matches!(piece.how, How::Token(code) if code >= 0x20)
        })
    };
    let writer = Writer {
        document: &document,
        source,
        arena,
    };
    let characteristics: Vec<_> = (0..document.characteristics.len().min(MOST))
        .filter_map(|at| writer.characteristic(at))
        .collect();
    let accounts = cp::accounts(&document);
    let accounts: Vec<_> = accounts.iter().map(|it| writer.account(it)).collect();
    let fields = Document {
        from: source.from.to_owned(),
        encoding: match source.encoding {
            Encoding::Xml => "xml",
            Encoding::Wbxml => "wbxml",
        }
        .to_owned(),
        octets: count(source.octets.len()),
        well_formed: !decoded.notes.iter().any(|it| replay::is_fault(it.kind)),
        notes: kinds,
        root: tree.name(document.root).to_owned(),
        version: document.version.map(str::to_owned),
        wbxml_version: header.map(|it| i64::from(it.version)),
        public_id: header.map(|it| public_id(&it.public_id)),
        charset: header.map(|it| i64::from(it.charset)),
        elements: names.into_iter().map(str::to_owned).collect(),
        types: types.into_iter().map(str::to_owned).collect(),
        doubled: graph.doubled().map(|id| id.id.to_owned()).collect(),
        dangling: graph
            .links
            .iter()
            .filter(|link| link.target == Target::Dangling)
            .map(|link| format!("{} {}", link.by, link.id))
            .collect(),
        microsoft_on_page_0: spelling.as_ref().is_some_and(is_old),
        sec: source.sec,
        characteristics: characteristics.clone(),
        accounts: accounts.clone(),
    };
    let whole = (source.place)(Span::new(0, source.octets.len()));
    Some(Nodes {
        document: fields.at(arena, whole),
        characteristics,
        parms: writer.parms(),
        accounts,
    })
}

struct Writer<'a, 'd> {
    document: &'d cp::Document<'d>,
    source: &'d Source<'d>,
    arena: &'a Arena,
}

impl<'a> Writer<'a, '_> {
    fn parent(&self, characteristic: &cp::Characteristic<'_>) -> &str {
        let outer = characteristic.parent;
        let outer = outer.and_then(|at| self.document.characteristics.get(at));
        outer.map_or("", |outer| outer.kind)
    }

    fn characteristic(&self, at: usize) -> Option<Lent<'a, Characteristic>> {
        let own = self.document.characteristics.get(at)?;
        let parent = self.parent(own);
        let shape = cp::shape(own.kind);
        let inner = self.document.inside(at).take(LONGEST_LIST);
        let pages = self.document.inside_of_kind(at, "RESOURCE");
        let mwid = self.document.tree.element(own.node).and_then(|element| {
            let mut attributes = element.attributes.iter();
            attributes.find(|it| it.name == "mwid")
        });
        let fields = Characteristic {
            r#type: own.kind.to_owned(),
            flavour: flavour(own.flavour).to_owned(),
            path: own.path.clone(),
            standard: shape.is_some(),
            placed: shape.is_none_or(|shape| shape.inside.contains(&parent)),
            parent: parent.to_owned(),
            mwid: mwid.map(|it| it.value.clone().into_owned()),
            parm_names: own.parms.iter().map(|it| it.name.to_owned()).collect(),
            parm_values: own
                .parms
                .iter()
                .map(|it| it.value.unwrap_or_default().to_owned())
                .collect(),
            inner: inner.map(|(_, it)| it.kind.to_owned()).collect(),
            start_pages: count(pages.filter(|(_, it)| it.has("STARTPAGE")).count()),
        };
        Some(fields.at(self.arena, (self.source.place)(own.span)))
    }

    fn parms(&self) -> Vec<Lent<'a, Parm>> {
        let of_characteristics = self.document.characteristics.iter().flat_map(|outer| {
            let parms = outer.parms.iter();
            parms.map(move |parm| (parm, outer.kind, outer.path.as_str()))
        });
        let loose = self.document.loose.iter().map(|parm| (parm, "", ""));
        let all = of_characteristics.chain(loose).take(MOST);
        all.map(|(parm, parent, path)| {
            let shape = cp::shape(parent).and_then(|shape| shape.parm(parm.name));
            let is_own = parent == "APPLICATION" && FLAGS.contains(&parm.name);
            let fields = Parm {
                name: parm.name.to_owned(),
                value: parm.value.map(str::to_owned),
                has_value: parm.value.is_some(),
                flavour: flavour(parm.flavour).to_owned(),
                parent: parent.to_owned(),
                path: path.to_owned(),
                flag: is_own || shape.is_some_and(|shape| shape.flag),
            };
            fields.at(self.arena, (self.source.place)(parm.span))
        })
        .collect()
    }

    fn account(&self, account: &cp::Account<'_>) -> Lent<'a, Account> {
        let own = self.document.characteristics.get(account.at);
        let role: Option<i64> = account.role.and_then(|role| role.trim().parse().ok());
        let texts = |texts: &mut dyn Iterator<Item = &str>| -> Vec<String> {
            texts.take(LONGEST_LIST).map(str::to_owned).collect()
        };
        let auths = || account.auths.iter();
        let clients = auths().filter(|auth| auth.level == Some("CLIENT"));
        let fields = Account {
            provider: account.provider.map(str::to_owned),
            addresses: texts(&mut account.addresses.iter().map(|(address, _)| *address)),
            levels: texts(&mut auths().filter_map(|auth| auth.level)),
            client_types: texts(&mut clients.flat_map(|auth| auth.types.iter().copied())),
            nonces: texts(&mut auths().filter_map(|auth| auth.data)),
            init: account.init,
            role: account.role.map(str::to_owned),
            message_roles: self.source.roles,
            role_exceeds: role.is_some_and(|role| role & !self.source.roles != 0),
            protocol: account.protocol.map(str::to_owned),
        };
        let at = own.and_then(|own| (self.source.place)(own.span));
        fields.at(self.arena, at)
    }
}

/// The word for what an element asks for.
fn flavour(flavour: Flavour) -> &'static str {
    match flavour {
        Flavour::Set => "set",
        Flavour::Query => "query",
        Flavour::No => "no",
        Flavour::Error => "error",
    }
}
