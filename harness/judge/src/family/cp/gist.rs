//! A document of the push access protocol in a few lines: its message and what that says.

use crate::gist::{cut, wrapped};
use crate::replay::Document;

/// So many attributes are told.
const ATTRIBUTES: usize = 16;

pub(super) fn document(document: &Document<'_>) -> Vec<String> {
    let tree = &document.tree;
    let Some(root) = tree.root() else {
        return Vec::new();
    };
    let elements = tree.descend(root).filter_map(|id| tree.element(id)).skip(1);
    let told = elements.flat_map(|element| {
        let attributes = element.attributes.iter().filter(|it| !it.declares());
        let shown = attributes.map(|it| format!("{} {}", cut(&it.name), cut(&it.value)));
        std::iter::once(cut(&element.name)).chain(shown)
    });
    let told: Vec<String> = told.take(ATTRIBUTES).collect();
    wrapped(&told)
}
