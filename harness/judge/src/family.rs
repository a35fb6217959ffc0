//! What judging knows of each family of protocols, behind one trait: its words for rules, how its
//! documents are recognised, what is remembered from exchange to exchange, and how a finding is told.
//!
//! A family is chosen by the role of the suite that a requirement or a case stands in. What is the
//! same for all of them knows none of them.

pub(crate) mod cp;
pub(crate) mod dm;
pub(crate) mod pull;

use assay_suites::suite::Role;
use assay_wire::media::Media;
use assay_wire::recording::Place;
use assay_wire::tree::NodeId;
use assay_wire::{Encoding, Tree};

use crate::compare::Bindings;
use crate::node::Table;
use crate::replay::{Document, Exchange};
use crate::view::{Each, Ended, Named, Run, View};

/// All families.
pub(crate) const ALL: &[&dyn Family] = &[&dm::Dm, &cp::Cp, &pull::Pull];

/// The family of a role; absent where nothing judges that role.
pub(crate) fn of(role: Role) -> Option<&'static dyn Family> {
    ALL.iter()
        .copied()
        .find(|family| family.roles().contains(&role))
}

/// A family of protocols.
pub(crate) trait Family: Sync {
    /// Its name: `dm`.
    fn name(&self) -> &'static str;

    /// Its name for people.
    fn title(&self) -> &'static str;

    /// The roles that its targets play.
    fn roles(&self) -> &'static [Role];

    /// What `each` may name.
    fn each(&self) -> &'static [Each];

    /// The names that rules of an `expect` may use.
    fn shared(&self) -> &'static [Named];

    /// All its subjects, but for those that all families share, as they stand together.
    fn tables(&self) -> &'static [&'static [&'static Table]];

    /// What is missing where no document came back: `a SyncML message`.
    fn document(&self) -> &'static str;

    /// The forms of its documents.
    fn encodings(&self) -> &'static [Encoding];

    /// The form that a media type promises.
    fn promised(&self, media: &Media) -> Option<Encoding>;

    /// True for a document with this root element, where a media type promised one or not.
    fn owns(&self, root: &str, promised: bool) -> bool;

    /// A memory of a case run that begins.
    fn memory<'a>(&self, run: Run<'a>) -> Box<dyn Memory<'a> + 'a>;

    /// A document in a few lines.
    fn gist(&self, document: &Document) -> Vec<String>;

    /// The element that a path from a subject leads to, which stands at this place.
    fn element(
        &self,
        document: &Document,
        subject: &str,
        place: Place,
        path: &[String],
    ) -> Option<NodeId>;

    /// True for a subject that an `expect` may ask for in vain: what came was something else.
    fn may_lack(&self, _: &str) -> bool {
        false
    }

    /// What the request of an exchange gives a golden, anew each time.
    fn bind(&self, exchange: &Exchange, bindings: &mut Bindings);
}

/// What the exchanges of a case run have shown so far.
pub(crate) trait Memory<'a> {
    /// The nodes of the next exchange.
    fn view(&mut self, exchange: &'a Exchange<'a>) -> View<'a>;

    /// The subjects that are complete now that the case run has ended.
    fn ended(&self) -> Vec<Ended<'a>>;
}

/// The element that fields lead to from another, one step after the other: as far as they lead, but
/// farther than nowhere.
fn inside(
    tree: &Tree<'_>,
    from: NodeId,
    fields: &[String],
    step: impl Fn(&Tree<'_>, NodeId, &str) -> Option<NodeId>,
) -> Option<NodeId> {
    let mut at = None;
    for field in fields {
        let Some(next) = step(tree, at.unwrap_or(from), field) else {
            break;
        };
        at = Some(next);
    }
    at
}

/// The element of a document that stands at a place.
fn standing(document: &Document, place: Place) -> Option<NodeId> {
    let tree = &document.tree;
    tree.descend(tree.root()?)
        .find(|&id| document.place(tree.span(id)) == place)
}
