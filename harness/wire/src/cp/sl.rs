//! The typed view of a service loading (WAP-168), and how to build one.

use super::build::set;
use super::document::attribute;
use crate::tree::{Namespace, NodeId, Tree};

/// The media type of a loading as text.
pub const TEXT_MEDIA: &str = "text/vnd.wap.sl";
/// The media type of a loading as WBXML.
pub const WBXML_MEDIA: &str = "application/vnd.wap.slc";
/// The document type, as `xml::Style::doctype` takes it.
pub const DOCTYPE: &str =
    "sl PUBLIC \"-//WAPFORUM//DTD SL 1.0//EN\" \"http://www.wapforum.org/DTD/sl.dtd\"";
/// The values of `action`; the first is the one where there is none.
pub const ACTIONS: [&str; 3] = ["execute-low", "execute-high", "cache"];

/// A service loading.
#[derive(Clone, Debug)]
pub struct Loading<'t> {
    /// The root element, whatever its name is.
    pub root: NodeId,
    /// `href`.
    pub href: Option<&'t str>,
    /// `action` as it is written.
    pub action: Option<&'t str>,
}

impl<'t> Loading<'t> {
    /// The view of a tree; none where it has no root element.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = tree.root()?;
        Some(Self {
            root,
            href: attribute(tree, root, "href"),
            action: attribute(tree, root, "action"),
        })
    }

    /// The action: `execute-low` where none is written.
    pub fn acts(&self) -> &'t str {
        self.action.unwrap_or("execute-low")
    }
}

/// The document of a service loading.
pub fn loading(href: &str, action: Option<&str>) -> Tree<'static> {
    let mut tree = Tree::new();
    let root = tree.push_element(None, Namespace::None, "sl");
    set(&mut tree, root, "href", href);
    if let Some(action) = action {
        set(&mut tree, root, "action", action);
    }
    tree
}
