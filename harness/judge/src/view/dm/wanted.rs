//! Which nodes and fields of a document are made: those that any rule looks at.
//!
//! What rules look at is gathered where they are compiled; how a node is made is in
//! [`super::message`].

use crate::rule::Way;
use crate::view::Reads;

/// What is made of a document. The parts of a reply are subjects; of what was sent nothing is made
/// that nobody asks for.
#[expect(clippy::struct_excessive_bools, reason = "each part is wanted or not")]
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) statuses: bool,
    pub(super) items: bool,
    pub(super) items_of_alerts: bool,
    pub(super) metas: bool,
    pub(super) elements: bool,
    pub(super) element_names: bool,
    pub(super) children_of_commands: bool,
    pub(super) command_ids: bool,
    pub(super) command_meta: bool,
    pub(super) header_meta: bool,
    pub(super) item_meta: bool,
}

impl Wanted {
    /// Of what came back.
    pub(super) fn of_reply(reads: Option<&Reads>) -> Self {
        Self {
            statuses: true,
            items: true,
            metas: true,
            elements: reads.is_none_or(|reads| reads.elements),
            ..Self::read(reads, |_| true)
        }
    }

    /// Of what was sent, which rules come to by its own name, or by what a Status answers.
    pub(super) fn of_sent(reads: Option<&Reads>) -> Self {
        Self::read(reads, |path| {
            path.first() == Some(&"sent") || path.contains(&"answers")
        })
    }

    fn read(reads: Option<&Reads>, leads_here: impl Fn(&[&str]) -> bool) -> Self {
        let is_here = |way: &Way| way.as_deref().is_none_or(&leads_here);
        let is_read = |subject, name| {
            reads.is_none_or(|reads| {
                let mut ways = reads.fields.get(&(subject, name)).into_iter().flatten();
                ways.any(is_here)
            })
        };
        let any =
            |subject, names: &[&'static str]| names.iter().any(|name| is_read(subject, *name));
        Self {
            statuses: any(
                "message",
                &["statuses", "header_statuses", "header_code", "challenge"],
            ),
            items: any("message", &["items"]) || any("command", &["items"]),
            items_of_alerts: any("alert", &["items"]),
            metas: any("message", &["meta_strays"]),
            elements: false,
            element_names: any("message", &["elements"]),
            children_of_commands: any("command", &["children"]),
            command_ids: any("command", &["id_seen_before"]),
            command_meta: any("command", &["meta"]),
            header_meta: any("header", &["meta"]),
            item_meta: any("item", &["meta"]),
        }
    }
}
