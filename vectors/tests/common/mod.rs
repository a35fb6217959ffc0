//! What the tests of vectors share: the octets of one, and what a document means.

use assay_vectors::{Kind, Vector, all};
use assay_wire::Tree;
use assay_wire::tree::NodeId;

/// All vectors that are WBXML documents, or what is left of one.
pub(crate) fn documents() -> impl Iterator<Item = Vector> {
    all().filter(|vector| vector.kind == Kind::Bytes && vector.name.contains("/wbxml/"))
}

/// The octets of a vector.
pub(crate) fn bytes(vector: &Vector) -> Vec<u8> {
    vector
        .bytes()
        .unwrap_or_else(|bad| panic!("{}: {bad}", vector.path))
        .into_owned()
}

/// What the comment in front of the octets announces behind this word; nothing where it does not.
pub(crate) fn announced(vector: &Vector, word: &str) -> String {
    let mut comments = vector
        .text
        .lines()
        .map_while(|line| line.strip_prefix("# "));
    let kinds = comments.find_map(|comment| comment.strip_prefix(word));
    kinds.unwrap_or_default().trim().to_owned()
}

/// A document as lines: depth, vocabulary, name, attributes, and the text of elements that hold
/// only text.
pub(crate) fn meaning(tree: &Tree<'_>) -> String {
    let mut lines = Vec::new();
    for id in tree.top().filter(|&id| tree.element(id).is_some()) {
        add(tree, id, 0, &mut lines);
    }
    lines.join("\n")
}

fn add(tree: &Tree<'_>, id: NodeId, depth: usize, lines: &mut Vec<String>) {
    let Some(element) = tree.element(id) else {
        return;
    };
    let mut line = format!("{depth} {} {}", element.namespace.uri(), element.local());
    for attribute in element
        .attributes
        .iter()
        .filter(|attribute| !attribute.declares())
    {
        line.push_str(" @");
        line.push_str(&attribute.name);
        line.push('=');
        line.push_str(&attribute.value);
    }
    let is_leaf = tree.elements(id).next().is_none();
    let text = if is_leaf { tree.text(id) } else { "".into() };
    lines.push(format!("{line} {text:?}"));
    for child in tree.elements(id) {
        add(tree, child, depth + 1, lines);
    }
}
