//! Client provisioning and what is pushed like it, as judging knows it.

mod gist;

use assay_suites::suite::Role;
use assay_wire::Encoding;
use assay_wire::media::Media;
use assay_wire::recording::Place;
use assay_wire::tree::NodeId;

use super::{Family, Memory};
use crate::compare::Bindings;
use crate::node::Table;
use crate::replay::{Document, Exchange};
use crate::view::{Each, Named, Run, cp};

/// Client provisioning, indications, notifications, packages, and the gateways that carry them.
pub(crate) struct Cp;

impl Family for Cp {
    fn name(&self) -> &'static str {
        "cp"
    }

    fn title(&self) -> &'static str {
        "Client provisioning and push"
    }

    fn roles(&self) -> &'static [Role] {
        &[Role::CpServer, Role::Ppg]
    }

    fn each(&self) -> &'static [Each] {
        cp::EACH
    }

    fn shared(&self) -> &'static [Named] {
        cp::SHARED
    }

    fn tables(&self) -> &'static [&'static [&'static Table]] {
        &[cp::TABLES, cp::CONTENT_TABLES]
    }

    fn document(&self) -> &'static str {
        "a document of the push access protocol"
    }

    fn encodings(&self) -> &'static [Encoding] {
        &[Encoding::Xml]
    }

    fn promised(&self, media: &Media) -> Option<Encoding> {
        (media.essence == "application/xml").then_some(Encoding::Xml)
    }

    /// Only answers of the push access protocol are documents of an exchange: what is pushed and
    /// what is fetched is read where its place is known.
    fn owns(&self, root: &str, _: bool) -> bool {
        root == "pap"
    }

    fn memory<'a>(&self, run: Run<'a>) -> Box<dyn Memory<'a> + 'a> {
        Box::new(cp::Memory::new(run))
    }

    fn gist(&self, document: &Document<'_>) -> Vec<String> {
        gist::document(document)
    }

    /// What is pushed stands in pieces, so that subjects carry their places themselves.
    fn element(&self, _: &Document<'_>, _: &str, _: Place, _: &[String]) -> Option<NodeId> {
        None
    }

    fn may_lack(&self, name: &str) -> bool {
        !matches!(name, "exchange" | "profile")
    }

    fn bind(&self, _: &Exchange<'_>, _: &mut Bindings) {}
}
