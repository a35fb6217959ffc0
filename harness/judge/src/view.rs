//! What rules see: the subjects, the names that go with each, and their tables.
//!
//! Here is what all families share; what the fields of a family are is in a file a family beside
//! this one, how they are filled in a folder beside that.

pub(crate) mod cp;
pub(crate) mod dm;
pub(crate) mod http;
mod page;
pub(crate) mod pull;

use std::collections::BTreeMap;

use assay_suites::profile::Profile;
use assay_suites::suite::{Protocol, Role};
use assay_wire::recording::{Direction, Place, Proof, Recording};

use crate::node::{Arena, Lent, Node, Table};
use crate::rule::{Names, Scope, Way};

pub use page::page;

/// A name that rules may use, and the table behind it.
pub type Named = (&'static str, &'static Table);

/// A subject that `each` may name, and what else its rules may name.
#[derive(Clone, Copy, Debug)]
pub struct Each {
    /// The name.
    pub name: &'static str,
    /// The names that its rules may use, and the table behind each.
    pub names: Names,
    /// When there is one.
    pub doc: &'static str,
}

/// What is the same for all exchanges of a case run.
pub(crate) struct Run<'a> {
    /// Where nodes are made.
    pub(crate) arena: &'a Arena,
    pub(crate) profile: &'a Profile,
    pub(crate) role: Role,
    pub(crate) protocol: Protocol,
    pub(crate) recording: &'a Recording,
    pub(crate) proofs: &'a [Proof],
    /// What rules look at; absent where all of it is wanted.
    pub(crate) reads: Option<&'a Reads>,
}

/// What all rules together look at, so that nothing is made that nobody asks for.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    /// Fields by the names of their tables and their own, and the paths that lead there.
    pub(crate) fields: BTreeMap<(&'static str, &'static str), Vec<Way>>,
    /// Whether single elements are looked at: they are many.
    pub(crate) elements: bool,
}

impl Run<'_> {
    /// Whether what was received here proves what it is to prove; absent where nobody could tell when it
    /// was captured.
    fn proved(&self, place: Place) -> Option<bool> {
        let is_here = |proof: &&Proof| {
            let (its, inside) = (proof.place, place.span);
            its.link == place.link
                && (its.direction, place.direction) == (Direction::In, Direction::In)
                && its.span.start() < inside.end()
                && inside.start() < its.span.end()
        };
        self.proofs.iter().find(is_here).map(|proof| proof.holds)
    }

    /// The value of an axis, or the usual one.
    fn axis(&self, name: &str, usual: &str) -> String {
        let value = self.recording.axes.get(name);
        value.map_or(usual, String::as_str).to_owned()
    }
}

/// A node and its name.
type Known<'a> = (&'static str, &'a Node<'a>);

/// A subject, and a node that goes with it.
pub(crate) struct Looked<'a> {
    subject: Known<'a>,
    with: Option<Known<'a>>,
}

impl<'a> Looked<'a> {
    /// Where the subject stands.
    pub(crate) fn place(&self) -> Option<Place> {
        self.subject.1.place
    }

    /// Puts both behind their names.
    pub(crate) fn put(&self, scope: &mut Scope<'a>) {
        for (name, node) in [&self.subject].into_iter().chain(&self.with) {
            scope.set(name, node);
        }
    }
}

/// The nodes of one exchange.
#[derive(Default)]
pub(crate) struct View<'a> {
    shared: Vec<Known<'a>>,
    subjects: Vec<(&'static str, Vec<Looked<'a>>)>,
}

impl<'a> View<'a> {
    /// Puts a node under a name that all rules on the exchange share.
    fn share<S>(&mut self, name: &'static str, node: Lent<'a, S>) {
        self.shared.push((name, node.node));
    }

    /// Adds subjects of this name.
    fn add<'n, S: 'n>(
        &mut self,
        name: &'static str,
        nodes: impl IntoIterator<Item = &'n Lent<'a, S>>,
    ) where
        'a: 'n,
    {
        let looked = nodes.into_iter().map(|node| Looked {
            subject: (name, node.node),
            with: None,
        });
        self.subjects.push((name, looked.collect()));
    }

    /// Adds subjects of this name, each with a node that goes with it.
    fn add_with<'n, S: 'n, T: 'n>(
        &mut self,
        name: &'static str,
        other: &'static str,
        nodes: impl IntoIterator<Item = (&'n Lent<'a, S>, &'n Lent<'a, T>)>,
    ) where
        'a: 'n,
    {
        let looked = nodes.into_iter().map(|(node, with)| Looked {
            subject: (name, node.node),
            with: Some((other, with.node)),
        });
        self.subjects.push((name, looked.collect()));
    }

    /// A scope with these names: something is behind those that all rules on the exchange share.
    pub(crate) fn scope(&self, names: Names) -> Scope<'a> {
        scope(&self.shared, names)
    }

    /// Every subject of this name in the exchange.
    pub(crate) fn subjects(&self, name: &str) -> impl Iterator<Item = &Looked<'a>> {
        let of_name = self.subjects.iter().filter(move |(own, _)| *own == name);
        of_name.flat_map(|(_, looked)| looked)
    }
}

/// A subject that is complete only when the case run has ended.
pub(crate) struct Ended<'a> {
    /// Its name.
    pub(crate) name: &'static str,
    /// It, and what else its rules may name.
    pub(crate) looked: Vec<Known<'a>>,
    /// Where its end stands.
    pub(crate) place: Option<Place>,
    /// False where any request of it was not lawful.
    pub(crate) lawful: bool,
}

/// A scope with these names, and these nodes behind them.
pub(crate) fn scope<'a>(looked: &[Known<'a>], names: Names) -> Scope<'a> {
    let mut scope = Scope::new(names);
    for (name, node) in looked {
        scope.set(name, node);
    }
    scope
}
