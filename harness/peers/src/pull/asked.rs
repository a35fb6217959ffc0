//! What an agent sent, by its action: the typed view of its body.
//!
//! Only whether it is such a document is decided here.

use assay_wire::pull::{
    Action, DevicePoll, FileReport, InstructionsRequest, Inventory, LocationRequest, ReportKind,
    Status,
};
use assay_wire::{Limits, Note, TooBad, Tree, xml};

/// What the header fields say that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Any action but a report.
    Action(Action),
    /// A report.
    Report(ReportKind),
}

/// A document of an agent.
pub(crate) enum Asked<'t> {
    Poll(Box<DevicePoll<'t>>),
    Instructions(InstructionsRequest<'t>),
    Location(LocationRequest<'t>),
    Status(Status<'t>),
    Software,
    Machine(Inventory<'t>),
}

impl<'t> Asked<'t> {
    /// The view; absent where the document is another one.
    pub(crate) fn of(wanted: Wanted, tree: &'t Tree<'t>) -> Option<Self> {
        match wanted {
            Wanted::Action(Action::Poll) => DevicePoll::of(tree).map(Box::new).map(Self::Poll),
            Wanted::Action(Action::Instructions) => {
                InstructionsRequest::of(tree).map(Self::Instructions)
            }
            Wanted::Action(Action::Location) => LocationRequest::of(tree).map(Self::Location),
            Wanted::Action(Action::Status) => Status::of(tree).map(Self::Status),
            Wanted::Report(ReportKind::Software) => FileReport::of(tree).map(|_| Self::Software),
            Wanted::Report(ReportKind::Machine) => Inventory::of(tree).map(Self::Machine),
            Wanted::Action(Action::Report) | Wanted::Report(ReportKind::File) => None,
        }
    }
}

/// Reads a body. Nothing comes of one that is not well-formed; a DTD makes it so unless `dtd`.
pub(crate) fn read(octets: &[u8], dtd: bool) -> Option<Tree<'_>> {
    let read: Result<(Tree<'_>, Vec<Note>), TooBad> = xml::read(octets, &Limits::TARGET);
    let (tree, notes) = read.ok()?;
    let of_dtd = |kind: &str| kind.contains("doctype") || kind.contains("entity");
    let bad = notes.iter().any(|note| {
        if of_dtd(note.kind) {
            !dtd
        } else {
            xml::is_fault(note.kind)
        }
    });
    (!bad && tree.root().is_some()).then_some(tree)
}
