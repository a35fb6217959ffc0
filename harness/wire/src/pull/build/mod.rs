//! Builds the documents of the device management service, elements in the order that was observed.
//!
//! What comes out is a plain tree, so that a bent document is an ordinary one that somebody changed
//! afterwards. Texts are written as given: a draft may hold what the service does not allow.

mod agent;
mod server;

pub use agent::{
    AdapterDraft, DevicePollDraft, DirectoryDraft, FileDraft, FileReportDraft, InventoryDraft,
    LocationRequestDraft, StatusDraft, StatusMessageDraft, instructions_request,
};
pub use server::{
    ClientSettingsDraft, FilterDraft, InstructionsDraft, LocationDraft, OrderDraft, PackageDraft,
    PackageLocationDraft, PollResponseDraft, RecurrenceDraft,
};

use crate::pull::namespace;
use crate::span::Span;
use crate::tree::{Attribute, Namespace, NodeId, Tree};

/// Adds an empty element in the namespace of its parent.
pub fn element(tree: &mut Tree<'static>, parent: NodeId, name: &'static str) -> NodeId {
    let namespace = tree
        .element(parent)
        .map(|element| element.namespace.clone())
        .unwrap_or_default();
    tree.push_element(Some(parent), namespace, name)
}

/// Adds an element with text in it, in the namespace of its parent.
pub fn leaf(tree: &mut Tree<'static>, parent: NodeId, name: &'static str, text: &str) -> NodeId {
    let leaf = element(tree, parent, name);
    if !text.is_empty() {
        tree.push_text(leaf, text.to_owned());
    }
    leaf
}

/// Adds an attribute, or changes it where the element has it.
pub fn attribute(tree: &mut Tree<'static>, node: NodeId, name: &'static str, value: &str) {
    let Some(element) = tree.element_mut(node) else {
        return;
    };
    let value = value.to_owned().into();
    match element
        .attributes
        .iter_mut()
        .find(|known| known.name == name)
    {
        Some(known) => known.value = value,
        None => element.attributes.push(Attribute {
            name: name.into(),
            value,
            namespace: Namespace::None,
            span: Span::default(),
        }),
    }
}

/// Puts all elements of a document into this namespace.
pub fn set_namespace(tree: &mut Tree<'static>, namespace: &Namespace<'static>) {
    let all: Vec<NodeId> = tree
        .root()
        .map_or_else(Vec::new, |root| tree.descend(root).collect());
    for id in all {
        if let Some(element) = tree.element_mut(id) {
            element.namespace = namespace.clone();
        }
    }
}

/// A document with this root in the namespace of the service.
fn document(name: &'static str) -> (Tree<'static>, NodeId) {
    rooted(namespace(), name)
}

/// A document with this root in no namespace.
fn report(name: &'static str) -> (Tree<'static>, NodeId) {
    rooted(Namespace::None, name)
}

fn rooted(namespace: Namespace<'static>, name: &'static str) -> (Tree<'static>, NodeId) {
    let mut tree = Tree::new();
    let root = tree.push_element(None, namespace, name);
    (tree, root)
}

fn leaves(tree: &mut Tree<'static>, parent: NodeId, all: &[(&'static str, Option<&str>)]) {
    for (name, text) in all {
        if let Some(text) = text {
            leaf(tree, parent, name, text);
        }
    }
}

fn attributes(tree: &mut Tree<'static>, node: NodeId, all: &[(&'static str, Option<&str>)]) {
    for (name, value) in all {
        if let Some(value) = value {
            attribute(tree, node, name, value);
        }
    }
}
