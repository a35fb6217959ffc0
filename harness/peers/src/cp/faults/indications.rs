//! Faults of service indications and service loadings.

use assay_wire::cp::{si, sl};
use assay_wire::tree::NodeId;
use assay_wire::wbxml::{Dates, Identify, PublicId};

use crate::cp::content::to_latin_1;
use crate::cp::doc::{Doc, Kind};
use crate::switch::Fault;
use crate::table::cp::{coding, content, logic, push, tree};

pub(super) const INDICATIONS: &[Fault] = &[
    tree(
        "si-without-indication",
        "sends indications without the element of that name",
        |doc| {
            if let Some(node) = indication(doc) {
                doc.tree.detach(node);
            }
        },
    ),
    tree("sl-without-href", "leaves href of loadings out", |doc| {
        if let Some(root) = loading(doc) {
            doc.remove_attribute(root, "href");
        }
    }),
    coding(
        "indication-ids-swapped",
        "takes the public ids of SI and SL for each other",
        |coding| {
            let id = match coding.kind {
                Kind::Indication => 6,
                Kind::Loading => 5,
                Kind::Document | Kind::Trigger => return,
            };
            coding.style.public_id = Identify::Given(PublicId::Number(id));
        },
    ),
    push(
        "indication-media-swapped",
        "takes the media types of SI and SL for each other",
        |push| match push.kind {
            Kind::Indication => sl::WBXML_MEDIA.clone_into(&mut push.draft.media),
            Kind::Loading => si::WBXML_MEDIA.clone_into(&mut push.draft.media),
            Kind::Document | Kind::Trigger => {}
        },
    ),
    coding("si-dates-as-text", "writes dates as text", |coding| {
        coding.style.attributes.dates = Dates::Text;
    }),
    coding(
        "si-dates-untrimmed",
        "leaves the zeros at the end of dates",
        |coding| coding.style.attributes.dates = Dates::Untrimmed,
    ),
    tree("si-id-left-out", "leaves si-id out", |doc| {
        indicate(doc, |doc, node, deletes| {
            if !deletes {
                doc.remove_attribute(node, "si-id");
            }
        });
    }),
    tree("si-id-constant", "gives all indications one si-id", |doc| {
        indicate(doc, |doc, node, deletes| {
            if !deletes {
                doc.set_attribute(node, "si-id", "assay");
            }
        });
    }),
    tree("si-created-left-out", "leaves created out", |doc| {
        indicate(doc, |doc, node, deletes| {
            if !deletes {
                doc.remove_attribute(node, "created");
            }
        });
    }),
    tree("si-delete-without-id", "deletes without si-id", |doc| {
        indicate(doc, |doc, node, deletes| {
            if deletes {
                doc.remove_attribute(node, "si-id");
            }
        });
    }),
    tree(
        "si-expires-before-created",
        "has indications expire before they are created",
        |doc| {
            indicate(doc, |doc, node, _| {
                doc.set_attribute(node, "si-expires", "2001-01-01T00:00:00Z");
            });
        },
    ),
    tree(
        "si-text-left-out",
        "sends indications without text",
        |doc| {
            indicate(doc, |doc, node, _| doc.tree.clear(node));
        },
    ),
    content(
        "si-in-latin-1",
        "writes indications in ISO 8859-1, and says so",
        |content| {
            if content.kind == Kind::Indication && to_latin_1(&mut content.octets) {
                content.declare_latin_1();
            }
        },
    ),
    tree("href-relative", "links without scheme and host", |doc| {
        for node in linking(doc) {
            let href = doc.attribute(node, "href").unwrap_or_default();
            let behind = href.split_once("://").map_or(&*href, |parts| parts.1);
            let path = behind.find('/').map_or("/", |at| &behind[at..]).to_owned();
            if !href.is_empty() {
                doc.set_attribute(node, "href", &path);
            }
        }
    }),
    logic(
        "href-leads-nowhere",
        "does not serve the packages that it publishes",
    ),
    tree(
        "sl-action-unknown",
        "asks for an action that loadings do not have",
        |doc| {
            if let Some(root) = loading(doc) {
                doc.set_attribute(root, "action", "execute-now");
            }
        },
    ),
    logic(
        "link-to-unsigned-package",
        "links to an unsigned copy of a signed package",
    ),
    tree(
        "sl-href-without-tls",
        "links loadings to where there is no TLS",
        |doc| {
            if let Some(root) = loading(doc) {
                let href = doc.attribute(root, "href").unwrap_or_default();
                if let Some(rest) = href.strip_prefix("https:") {
                    doc.set_attribute(root, "href", &format!("http:{rest}"));
                }
            }
        },
    ),
];

fn indication(doc: &Doc) -> Option<NodeId> {
    let root = doc.tree.root().filter(|_| doc.kind == Kind::Indication)?;
    doc.tree.child(root, "indication")
}

fn loading(doc: &Doc) -> Option<NodeId> {
    doc.tree.root().filter(|_| doc.kind == Kind::Loading)
}

/// What has a link in it.
fn linking(doc: &Doc) -> Vec<NodeId> {
    [indication(doc), loading(doc)]
        .into_iter()
        .flatten()
        .collect()
}

/// Bends the indication, knowing whether it deletes another.
fn indicate(doc: &mut Doc, bend: fn(&mut Doc, NodeId, bool)) {
    if let Some(node) = indication(doc) {
        let deletes = doc.attribute(node, "action").as_deref() == Some("delete");
        bend(doc, node, deletes);
    }
}
