//! OMA DM, as judging knows it.

mod bind;
mod evidence;
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
use crate::view::{Each, Named, Run, dm};

/// OMA DM.
pub(crate) struct Dm;

impl Family for Dm {
    fn name(&self) -> &'static str {
        "dm"
    }

    fn title(&self) -> &'static str {
        "OMA DM"
    }

    fn roles(&self) -> &'static [Role] {
        &[Role::DmServer, Role::DmClient]
    }

    fn each(&self) -> &'static [Each] {
        dm::EACH
    }

    fn shared(&self) -> &'static [Named] {
        dm::SHARED
    }

    fn tables(&self) -> &'static [&'static [&'static Table]] {
        &[dm::TABLES]
    }

    fn document(&self) -> &'static str {
        "a SyncML message"
    }

    fn encodings(&self) -> &'static [Encoding] {
        &[Encoding::Xml, Encoding::Wbxml]
    }

    fn promised(&self, media: &Media) -> Option<Encoding> {
        promised(media)
    }

    fn owns(&self, root: &str, promised: bool) -> bool {
        promised || root.eq_ignore_ascii_case("SyncML")
    }

    fn memory<'a>(&self, run: Run<'a>) -> Box<dyn Memory<'a> + 'a> {
        Box::new(dm::Memory::new(run))
    }

    fn gist(&self, document: &Document) -> Vec<String> {
        gist::message(document)
    }

    fn element(
        &self,
        document: &Document,
        subject: &str,
        place: Place,
        path: &[String],
    ) -> Option<NodeId> {
        evidence::element(document, subject, place, path)
    }

    fn bind(&self, exchange: &Exchange, bindings: &mut Bindings) {
        bind::bind(exchange, bindings);
    }
}

/// The form that a media type promises, where it is one of SyncML (OMA-TS-DM_RepPro 5.1).
pub(crate) fn promised(media: &Media) -> Option<Encoding> {
    match media.essence.as_str() {
        "application/vnd.syncml.dm+xml" | "application/vnd.syncml+xml" => Some(Encoding::Xml),
        "application/vnd.syncml.dm+wbxml" | "application/vnd.syncml+wbxml" => Some(Encoding::Wbxml),
        _ => None,
    }
}
