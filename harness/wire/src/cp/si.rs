//! The typed view of a service indication (WAP-167), and how to build one.
//!
//! Which of two indications replaces the other, and when one expires, is the business of a device.

use super::build::set;
use super::document::attribute;
use crate::tree::{Namespace, NodeId, Tree};

/// The media type of an indication as text.
pub const TEXT_MEDIA: &str = "text/vnd.wap.si";
/// The media type of an indication as WBXML.
pub const WBXML_MEDIA: &str = "application/vnd.wap.sic";
/// The document type, as `xml::Style::doctype` takes it.
pub const DOCTYPE: &str =
    "si PUBLIC \"-//WAPFORUM//DTD SI 1.0//EN\" \"http://www.wapforum.org/DTD/si.dtd\"";
/// The values of `action`; the third is the one where there is none.
pub const ACTIONS: [&str; 5] = [
    "signal-none",
    "signal-low",
    "signal-medium",
    "signal-high",
    "delete",
];

/// A service indication.
#[derive(Clone, Debug)]
pub struct Indication<'t> {
    /// The root element, whatever its name is.
    pub root: NodeId,
    /// The first `indication` in it.
    pub node: Option<NodeId>,
    /// `href`.
    pub href: Option<&'t str>,
    /// `si-id`.
    pub si_id: Option<&'t str>,
    /// `created`, as text whichever way it is coded.
    pub created: Option<&'t str>,
    /// `si-expires`.
    pub expires: Option<&'t str>,
    /// `action` as it is written.
    pub action: Option<&'t str>,
    /// The text for the user, white space around it removed.
    pub text: String,
    /// The items of `info`: class and text.
    pub info: Vec<(Option<&'t str>, String)>,
}

impl<'t> Indication<'t> {
    /// The view of a tree; none where it has no root element.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = tree.root()?;
        let node = tree.child(root, "indication");
        let of = |name| node.and_then(|node| attribute(tree, node, name));
        let items = tree.child(root, "info").into_iter();
        let items = items.flat_map(|info| tree.elements(info));
        Some(Self {
            root,
            node,
            href: of("href"),
            si_id: of("si-id"),
            created: of("created"),
            expires: of("si-expires"),
            action: of("action"),
            text: node
                .map(|node| tree.text(node).trim().to_owned())
                .unwrap_or_default(),
            info: items
                .map(|item| (attribute(tree, item, "class"), tree.text(item).into_owned()))
                .collect(),
        })
    }

    /// By what an indication is known: `si-id`, or else `href` (WAP-167 5.2.1).
    pub fn id(&self) -> Option<&'t str> {
        self.si_id.or(self.href)
    }

    /// The action: `signal-medium` where none is written.
    pub fn acts(&self) -> &'t str {
        self.action.unwrap_or("signal-medium")
    }
}

/// A service indication that is to be built.
#[derive(Clone, Debug, Default)]
pub struct IndicationDraft<'d> {
    /// `href`.
    pub href: Option<&'d str>,
    /// `si-id`.
    pub si_id: Option<&'d str>,
    /// `created`: `YYYY-MM-DDThh:mm:ssZ`.
    pub created: Option<&'d str>,
    /// `si-expires`.
    pub expires: Option<&'d str>,
    /// `action`.
    pub action: Option<&'d str>,
    /// The text for the user.
    pub text: &'d str,
}

impl IndicationDraft<'_> {
    /// The document.
    pub fn tree(&self) -> Tree<'static> {
        let mut tree = Tree::new();
        let root = tree.push_element(None, Namespace::None, "si");
        let node = tree.push_element(Some(root), Namespace::None, "indication");
        let attributes = [
            ("href", self.href),
            ("si-id", self.si_id),
            ("created", self.created),
            ("si-expires", self.expires),
            ("action", self.action),
        ];
        for (name, value) in attributes {
            if let Some(value) = value {
                set(&mut tree, node, name, value);
            }
        }
        if !self.text.is_empty() {
            tree.push_text(node, self.text.to_owned());
        }
        tree
    }
}
