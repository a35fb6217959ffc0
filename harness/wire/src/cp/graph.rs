//! What refers to what in a provisioning document: applications and access rules to proxies, and
//! those to access points.
//!
//! Ids that an earlier document set up are not known here.

use super::INTERNET;
use super::document::{Characteristic, Document};
use crate::span::Span;

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdKind {
    /// A network access point, by NAPID.
    Nap,
    /// A logical proxy, by PROXY-ID.
    Proxy,
}

/// An id that the document gives out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id<'t> {
    /// What it names.
    pub kind: IdKind,
    /// It.
    pub id: &'t str,
    /// The index of its characteristic.
    pub at: usize,
    /// The parameter.
    pub span: Span,
}

/// Where a reference leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// To the characteristic of this index.
    Found(usize),
    /// To any access point with access to the Internet.
    Internet,
    /// To nothing in this document.
    Dangling,
}

/// A reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link<'t> {
    /// The index of the characteristic that refers.
    pub from: usize,
    /// The name of the parameter: `TO-NAPID`, `TO-PROXY`, `PROXY-ID`.
    pub by: &'static str,
    /// The id that it names.
    pub id: &'t str,
    /// Where it leads.
    pub target: Target,
    /// The parameter.
    pub span: Span,
}

/// All ids and references of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph<'t> {
    /// The ids that it gives out, in document order.
    pub ids: Vec<Id<'t>>,
    /// The references, in document order.
    pub links: Vec<Link<'t>>,
}

impl<'t> Graph<'t> {
    /// The graph of a document.
    pub fn of(document: &Document<'t>) -> Self {
        let all = || document.characteristics.iter().enumerate();
        let mut ids = Vec::new();
        for (at, characteristic) in all() {
            let (kind, name) = match characteristic.kind {
                "NAPDEF" => (IdKind::Nap, "NAPID"),
                "PXLOGICAL" => (IdKind::Proxy, "PROXY-ID"),
                _ => continue,
            };
            let named = characteristic.parms.iter().filter(|parm| parm.name == name);
            ids.extend(named.map(|parm| Id {
                kind,
                id: parm.value.unwrap_or_default(),
                at,
                span: parm.span,
            }));
        }
        let mut links = Vec::new();
        for (from, characteristic) in all() {
            for &(by, kind) in references(characteristic) {
                let named = characteristic.parms.iter().filter(|parm| parm.name == by);
                links.extend(named.map(|parm| {
                    let id = parm.value.unwrap_or_default();
                    let mut known = ids.iter();
                    let found = known.find(|known| known.kind == kind && known.id == id);
                    let target = match found {
                        Some(found) => Target::Found(found.at),
                        None if kind == IdKind::Nap && id == INTERNET => Target::Internet,
                        None => Target::Dangling,
                    };
                    Link {
                        from,
                        by,
                        id,
                        target,
                        span: parm.span,
                    }
                }));
            }
        }
        Self { ids, links }
    }

    /// The ids that are given out a second time.
    pub fn doubled(&self) -> impl Iterator<Item = &Id<'t>> {
        let before = |at: usize| self.ids.iter().take(at);
        self.ids
            .iter()
            .enumerate()
            .filter(move |(at, id)| {
                before(*at).any(|other| other.kind == id.kind && other.id == id.id)
            })
            .map(|(_, id)| id)
    }

    /// The references that lead nowhere.
    pub fn dangling(&self) -> impl Iterator<Item = &Link<'t>> {
        self.links
            .iter()
            .filter(|link| link.target == Target::Dangling)
    }
}

/// The parameters of a characteristic that refer, and to what.
fn references(characteristic: &Characteristic<'_>) -> &'static [(&'static str, IdKind)] {
    match characteristic.kind {
        "PXPHYSICAL" => &[("TO-NAPID", IdKind::Nap)],
        "BOOTSTRAP" => &[("PROXY-ID", IdKind::Proxy)],
        "APPLICATION" | "ACCESS" => &[("TO-PROXY", IdKind::Proxy), ("TO-NAPID", IdKind::Nap)],
        _ => &[],
    }
}
