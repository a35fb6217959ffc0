//! The ways through a tree: along siblings, down a subtree, down a path of names.
//!
//! What stands at their ends is for the tree.

use super::{NodeId, Tree};

impl<'a> Tree<'a> {
    /// The first element at the top.
    pub fn root(&self) -> Option<NodeId> {
        self.top().find(|&id| self.element(id).is_some())
    }

    /// All nodes at the top: comments, instructions, and one root if the document is right.
    pub fn top(&self) -> Children<'_, 'a> {
        Children {
            tree: self,
            next: self.first,
        }
    }

    /// All nodes directly inside this one, in order.
    pub fn children(&self, id: NodeId) -> Children<'_, 'a> {
        Children {
            tree: self,
            next: self.node(id).first,
        }
    }

    /// The elements directly inside this one, in order.
    pub fn elements(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.children(id)
            .filter(|&child| self.element(child).is_some())
    }

    /// The first element of this local name directly inside.
    pub fn child(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.children(id)
            .find(|&child| self.element(child).is_some_and(|it| it.is(name)))
    }

    /// The first element down this path of local names, `Target/LocURI`.
    pub fn find(&self, id: NodeId, path: &str) -> Option<NodeId> {
        path.split('/')
            .try_fold(id, |at, name| self.child(at, name))
    }

    /// The node and all below it, in document order.
    pub fn descend(&self, id: NodeId) -> Descend<'_, 'a> {
        Descend {
            tree: self,
            top: id,
            next: Some(id),
        }
    }
}

/// Iterates over siblings.
#[derive(Clone)]
pub struct Children<'t, 'a> {
    tree: &'t Tree<'a>,
    next: Option<NodeId>,
}

impl Iterator for Children<'_, '_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = self.next?;
        self.next = self.tree.node(id).next;
        Some(id)
    }
}

/// Iterates over a subtree in document order.
pub struct Descend<'t, 'a> {
    tree: &'t Tree<'a>,
    top: NodeId,
    next: Option<NodeId>,
}

impl Iterator for Descend<'_, '_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = self.next?;
        self.next = self.tree.node(id).first.or_else(|| {
            let mut at = id;
            loop {
                if at == self.top {
                    return None;
                }
                if let Some(next) = self.tree.node(at).next {
                    return Some(next);
                }
                at = self.tree.node(at).parent?;
            }
        });
        Some(id)
    }
}
