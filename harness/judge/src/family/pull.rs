//! The Windows CE device management service, as judging knows it.

mod evidence;
mod gist;

use assay_suites::suite::Role;
use assay_wire::Encoding;
use assay_wire::media::Media;
use assay_wire::pull::{InstructionsRequest, Kind, LocationRequest, field};
use assay_wire::recording::Place;
use assay_wire::tree::NodeId;

use super::{Family, Memory};
use crate::compare::Bindings;
use crate::node::Table;
use crate::replay::{Document, Exchange};
use crate::view::{Each, Named, Run, pull};

/// The device management service of Windows CE.
pub(crate) struct Pull;

impl Family for Pull {
    fn name(&self) -> &'static str {
        "pull"
    }

    fn title(&self) -> &'static str {
        "Windows CE device management"
    }

    fn roles(&self) -> &'static [Role] {
        &[Role::PullServer, Role::PullAgent]
    }

    fn each(&self) -> &'static [Each] {
        pull::EACH
    }

    fn shared(&self) -> &'static [Named] {
        pull::SHARED
    }

    fn tables(&self) -> &'static [&'static [&'static Table]] {
        &[pull::TABLES]
    }

    fn document(&self) -> &'static str {
        "a document of the service"
    }

    fn encodings(&self) -> &'static [Encoding] {
        &[Encoding::Xml]
    }

    /// The documentation names no media type, so that any that means XML promises it.
    fn promised(&self, media: &Media) -> Option<Encoding> {
        let essence = media.essence.as_str();
        matches!(essence, "text/xml" | "application/xml").then_some(Encoding::Xml)
    }

    /// Packages and lists of files are XML too, and an error page may be: only the root tells.
    fn owns(&self, root: &str, _: bool) -> bool {
        Kind::ALL.iter().any(|kind| kind.root() == root)
    }

    fn memory<'a>(&self, run: Run<'a>) -> Box<dyn Memory<'a> + 'a> {
        Box::new(pull::Memory::new(&run))
    }

    fn gist(&self, document: &Document) -> Vec<String> {
        gist::document(document)
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

    /// | name | what it stands for |
    /// |---|---|
    /// | `device` | X-Device-UUID |
    /// | `token`, `timestamp` | X-Device-Auth, X-Device-Timestamp |
    /// | `package` | the package that is asked about |
    fn bind(&self, exchange: &Exchange, bindings: &mut Bindings) {
        for name in ["device", "token", "timestamp", "package"] {
            bindings.remove(name);
        }
        let fields = [
            ("device", field::UUID),
            ("token", field::AUTH),
            ("timestamp", field::TIMESTAMP),
        ];
        for (name, field) in fields {
            let request = exchange.request.as_ref();
            if let Some(field) = request.and_then(|it| it.field(field)) {
                bindings.insert(name.to_owned(), field.value.trim().to_owned());
            }
        }
        let tree = exchange.sent.as_ref().map(|it| &it.tree);
        let package = tree.and_then(|tree| {
            let located = LocationRequest::of(tree).and_then(|it| it.package_id);
            let located = located.map(|id| id.value.into_owned());
            located.or_else(|| {
                let asked = InstructionsRequest::of(tree)?.id?;
                Some(asked.value.trim().to_owned())
            })
        });
        if let Some(package) = package {
            bindings.insert("package".to_owned(), package);
        }
    }
}
