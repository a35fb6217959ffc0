//! A document of the service in a few lines: its root, and what stands in its leaves.

use assay_wire::Tree;
use assay_wire::tree::NodeId;

use crate::gist::{cut, wrapped};
use crate::replay::Document;

/// So many leaves are told.
const LEAVES: usize = 16;

pub(super) fn document(document: &Document) -> Vec<String> {
    let tree = &document.tree;
    let Some(root) = tree.root() else {
        return Vec::new();
    };
    let is_leaf = |id: &NodeId| tree.element(*id).is_some() && tree.elements(*id).next().is_none();
    let mut leaves = tree.descend(root).filter(is_leaf);
    let mut told: Vec<String> = leaves
        .by_ref()
        .take(LEAVES)
        .filter(|id| *id != root)
        .map(|id| in_words(tree, id))
        .collect();
    let left = leaves.count();
    if left > 0 {
        told.push(format!("{left} more"));
    }
    let mut lines = vec![cut(tree.name(root))];
    lines.extend(wrapped(&told));
    lines
}

/// `Package ID 9A43…`: the name, the attributes, the text. Of a token nothing but that it is there.
fn in_words(tree: &Tree<'_>, id: NodeId) -> String {
    let mut words = vec![cut(tree.name(id))];
    let attributes = tree.element(id).map_or(&[][..], |it| &it.attributes);
    for attribute in attributes.iter().filter(|it| !it.declares()) {
        words.push(format!(
            "{} {}",
            cut(attribute.local()),
            cut(&attribute.value)
        ));
    }
    let text = tree.text(id);
    if !text.trim().is_empty() && tree.name(id) != "AuthorizationToken" {
        words.push(cut(text.trim()));
    }
    words.join(" ")
}
