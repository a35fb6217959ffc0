//! The management tree of the device: its nodes, and what each command does to one of them
//! (OMA-TS-DM_TND 6 and 7, OMA-TS-DM_StdObj 5.3, the status codes of OMA-TS-DM_RepPro 6.6).
//!
//! It knows one command on one node at a time. What an Atomic rolls back, what a case says instead
//! and how a Status is written stand in `answer`.

use std::collections::BTreeMap;

use assay_wire::dm::{Property, Version, split_property};

use crate::dm::node::{
    Content, Found, Given, Node, Rights, account, dev_detail, dev_info, segments,
};

/// What a hostile server may fill: nodes, and octets of all values.
const MOST_NODES: usize = 4_096;
const MOST_OCTETS: usize = 4 << 20;
const MOST_LEVELS: usize = 48;
/// Octets of the Title property (OMA-TS-DM_TND 7.7), and of an access control list here.
const LONGEST_TITLE: usize = 255;
const LONGEST_ACL: usize = 4_096;

/// The tree. Cheap to copy: values are shared.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    root: Node,
    nodes: usize,
    octets: usize,
}

impl Tree {
    /// The tree of a device: DevInfo, DevDetail, and a DMAcc of that version for this server.
    pub(crate) fn of_device(version: Version, device: &str, server: &str) -> Self {
        let mut tree = Self {
            root: Node::interior(Rights::Permanent),
            nodes: 1,
            octets: 0,
        };
        "Add=*&Get=*".clone_into(&mut tree.root.acl);
        for (path, rights) in [
            ("DevInfo", Rights::ReadOnly),
            ("DevDetail", Rights::ReadOnly),
            ("DevDetail/Ext", Rights::Permanent),
            ("SyncML", Rights::Permanent),
            ("SyncML/DMAcc", Rights::Permanent),
        ] {
            tree.put(path, Node::interior(rights));
        }
        for (name, value) in dev_info(version, device) {
            tree.put(
                &format!("DevInfo/{name}"),
                Node::leaf(Rights::ReadOnly, "chr", &value),
            );
        }
        for (path, format, value) in dev_detail() {
            tree.put(
                &format!("DevDetail/{path}"),
                Node::leaf(Rights::ReadOnly, format, value),
            );
        }
        for (path, format, value) in [("Note", "chr", "one"), ("Blob", "bin", "")] {
            let node = Node::leaf(Rights::Free, format, value);
            tree.put(&format!("DevDetail/Ext/{path}"), node);
        }
        for (path, format, rights, value) in account(version, device, server) {
            tree.put(
                &format!("SyncML/DMAcc/assay/{path}"),
                Node::leaf(rights, format, value),
            );
        }
        tree
    }

    /// Puts a leaf there whatever stood there before: what the case says that the device has.
    /// A value that ends the URI with `/` makes an interior node.
    pub(crate) fn plant(&mut self, uri: &str, value: &str) {
        let (path, _) = split_property(uri);
        let node = if path.ends_with('/') {
            Node::interior(Rights::Free)
        } else {
            Node::leaf(Rights::Free, "chr", value)
        };
        let path = path.trim_end_matches('/');
        if let Ok(segments) = segments(path) {
            self.put(&segments.join("/"), node);
        }
    }

    /// Get: a value, a list of children, or a property.
    pub(crate) fn get(&self, uri: &str) -> Result<Found, u32> {
        let (path, property) = split_property(uri);
        let segments = segments(path)?;
        let node = self.root.down(&segments).ok_or(404_u32)?;
        match property {
            None if node.rights == Rights::Secret => Err(405),
            None => Ok(match &node.content {
                Content::Leaf(found) => found.clone(),
                Content::Interior(children) => {
                    let names: Vec<&str> = children.keys().map(String::as_str).collect();
                    Found {
                        media: None,
                        ..Found::new("node", names.join("/").as_bytes())
                    }
                }
            }),
            Some(Property::Prop(name)) => {
                let value = match (name, &node.content) {
                    ("ACL", _) => node.acl.clone(),
                    ("Title", _) => node.title.clone(),
                    ("Name", _) => (*segments.last().unwrap_or(&".")).to_owned(),
                    ("Format", Content::Interior(_)) => "node".to_owned(),
                    ("Format", Content::Leaf(found)) => found.format.clone().unwrap_or_default(),
                    ("Type", Content::Leaf(found)) => found
                        .media
                        .clone()
                        .unwrap_or_else(|| "text/plain".to_owned()),
                    ("Type", Content::Interior(_)) => String::new(),
                    ("Size", Content::Leaf(found)) => found.octets.len().to_string(),
                    // An interior node has no Size; TStamp and VerNo are optional for a device (OMA-TS-DM_TND 7.3).
                    _ => return Err(406),
                };
                // Meta on property values is not recommended (OMA-TS-DM_TND 7).
                Ok(Found {
                    format: None,
                    media: None,
                    octets: value.into_bytes().into(),
                })
            }
            Some(Property::List(_) | Property::Other(_)) => Err(406),
        }
    }

    /// Add: the node must not be there, what leads to it is made where missing.
    pub(crate) fn add(&mut self, uri: &str, given: Given<'_>) -> u32 {
        let (path, property) = split_property(uri);
        if property.is_some() {
            return 405;
        }
        let segments = match segments(path) {
            Ok(segments) => segments,
            Err(code) => return code,
        };
        if segments.is_empty() {
            return 418;
        }
        if segments.len() > MOST_LEVELS {
            return 414;
        }
        if let Some(code) = self.too_long(path, &segments) {
            return code;
        }
        if self.root.down(&segments).is_some() {
            return 418;
        }
        // The nearest ancestor that is there decides.
        let known = (0..segments.len())
            .rev()
            .find_map(|n| self.root.down(&segments[..n]));
        match known.map(|node| (&node.content, node.rights)) {
            Some((Content::Interior(_), Rights::Free | Rights::Permanent)) => {}
            _ => return 405,
        }
        let node = match Node::given(given) {
            Ok(node) => node,
            Err(code) => return code,
        };
        if self.nodes + segments.len() > MOST_NODES || self.octets + node.octets() > MOST_OCTETS {
            return 420;
        }
        self.put(&segments.join("/"), node);
        200
    }

    /// Replace: of a value, or of the properties ACL, Name and Title.
    pub(crate) fn replace(&mut self, uri: &str, given: Given<'_>) -> u32 {
        let (path, property) = split_property(uri);
        let segments = match segments(path) {
            Ok(segments) => segments,
            Err(code) => return code,
        };
        let room = MOST_OCTETS.saturating_sub(self.octets);
        let Some(node) = self.root.down_mut(&segments) else {
            return 404;
        };
        match property {
            Some(property) => {
                let Ok(text) = std::str::from_utf8(given.octets) else {
                    return 415;
                };
                match property {
                    Property::Prop("Name") => self.rename(&segments, text),
                    Property::Prop("ACL") if text.len() > LONGEST_ACL => 420,
                    Property::Prop("ACL") => {
                        text.clone_into(&mut node.acl);
                        200
                    }
                    Property::Prop("Title") if text.len() > LONGEST_TITLE => 413,
                    Property::Prop("Title") => {
                        text.clone_into(&mut node.title);
                        200
                    }
                    Property::Prop("Format" | "Size" | "Type" | "TStamp" | "VerNo") => 405,
                    _ => 406,
                }
            }
            None if node.rights == Rights::ReadOnly => 405,
            None => {
                let Content::Leaf(before) = &node.content else {
                    return 405;
                };
                // Format and Type that are not given stay what they are.
                let given = Given {
                    format: given.format.or(before.format.as_deref()),
                    media: given.media.or(before.media.as_deref()),
                    ..given
                };
                let after = match Node::given(given) {
                    Ok(Node {
                        content: Content::Leaf(found),
                        ..
                    }) => found,
                    Ok(_) => return 405,
                    Err(code) => return code,
                };
                let grown = after.octets.len().saturating_sub(before.octets.len());
                if grown > room {
                    return 420;
                }
                self.octets = self.octets + after.octets.len() - before.octets.len();
                node.content = Content::Leaf(after);
                200
            }
        }
    }

    /// Delete: of a node and all below it.
    pub(crate) fn delete(&mut self, uri: &str) -> u32 {
        let (path, property) = split_property(uri);
        let segments = match segments(path) {
            Ok(segments) => segments,
            Err(code) => return code,
        };
        let Some(node) = self.root.down(&segments) else {
            return 404;
        };
        if property.is_some() || !node.may_go() {
            return 405;
        }
        let (nodes, octets) = node.size();
        let Some((last, parents)) = segments.split_last() else {
            return 405;
        };
        if let Some(Node {
            content: Content::Interior(children),
            ..
        }) = self.root.down_mut(parents)
        {
            children.remove(*last);
        }
        self.nodes -= nodes;
        self.octets -= octets;
        200
    }

    /// Copy: from leaf to leaf.
    pub(crate) fn copy(&mut self, source: &str, target: &str) -> u32 {
        let (path, property) = split_property(source);
        let found = match segments(path) {
            Ok(segments) => self.root.down(&segments),
            Err(code) => return code,
        };
        let found = match found.map(|node| (&node.content, node.rights)) {
            None => return 404,
            Some((Content::Leaf(found), rights)) if rights != Rights::Secret => found.clone(),
            Some(_) => return 405,
        };
        if property.is_some() {
            return 405;
        }
        let given = Given {
            format: found.format.as_deref(),
            media: found.media.as_deref(),
            octets: &found.octets,
        };
        // A copy of binary octets is not read as base64 once more.
        match self.add(
            target,
            Given {
                octets: &[],
                ..given
            },
        ) {
            200 | 418 => {}
            code => return code,
        }
        let room = MOST_OCTETS.saturating_sub(self.octets);
        let (path, _) = split_property(target);
        let node = segments(path)
            .ok()
            .and_then(|segments| self.root.down_mut(&segments));
        match node {
            Some(Node {
                content: Content::Leaf(there),
                rights: Rights::Free,
                ..
            }) => {
                if found.octets.len().saturating_sub(there.octets.len()) > room {
                    return 420;
                }
                self.octets = self.octets + found.octets.len() - there.octets.len();
                *there = found;
                200
            }
            _ => 403,
        }
    }

    /// Exec: of any node that is not one of the standard objects.
    pub(crate) fn exec(&self, uri: &str) -> u32 {
        let (path, property) = split_property(uri);
        match segments(path).map(|segments| self.root.down(&segments).map(|node| node.rights)) {
            Err(code) => code,
            Ok(None) => 404,
            Ok(Some(Rights::Free)) if property.is_none() => 200,
            Ok(Some(_)) => 405,
        }
    }

    fn rename(&mut self, segments: &[&str], to: &str) -> u32 {
        let Some((last, parents)) = segments.split_last() else {
            return 405;
        };
        if !self.root.down(segments).is_some_and(Node::may_go) {
            return 405;
        }
        if to.is_empty() || to.contains('/') || to == "." || to == ".." {
            return 405;
        }
        let Some(Node {
            content: Content::Interior(children),
            ..
        }) = self.root.down_mut(parents)
        else {
            return 404;
        };
        if children.contains_key(to) {
            return 418;
        }
        if let Some(node) = children.remove(*last) {
            children.insert(to.to_owned(), node);
        }
        200
    }

    /// 414 where the URI is beyond what DevDetail/URI allows; zero there means no limit.
    fn too_long(&self, path: &str, segments: &[&str]) -> Option<u32> {
        let limit = |name: &str| {
            let found = self.get(&format!("./DevDetail/URI/{name}")).ok()?;
            let limit: usize = std::str::from_utf8(&found.octets).ok()?.parse().ok()?;
            (limit > 0).then_some(limit)
        };
        let longest = segments
            .iter()
            .map(|segment| segment.len())
            .max()
            .unwrap_or_default();
        let beyond = [
            (limit("MaxDepth"), segments.len()),
            (limit("MaxTotLen"), path.len()),
            (limit("MaxSegLen"), longest),
        ];
        beyond
            .iter()
            .any(|(limit, is)| limit.is_some_and(|limit| *is > limit))
            .then_some(414)
    }

    /// Puts a node there, and interior nodes before it; whatever is in the way goes.
    fn put(&mut self, path: &str, node: Node) {
        let mut at = &mut self.root;
        let mut names = path.split('/').filter(|name| !name.is_empty()).peekable();
        let mut node = Some(node);
        while let Some(name) = names.next() {
            if let Content::Leaf(found) = &at.content {
                self.octets -= found.octets.len();
                at.content = Content::Interior(BTreeMap::new());
            }
            let Content::Interior(children) = &mut at.content else {
                return;
            };
            if names.peek().is_none()
                && let Some(node) = node.take()
            {
                let (nodes, octets) = children.get(name).map(Node::size).unwrap_or_default();
                self.nodes = self.nodes + 1 - nodes;
                self.octets = self.octets + node.octets() - octets;
                children.insert(name.to_owned(), node);
                return;
            }
            at = children.entry(name.to_owned()).or_insert_with(|| {
                self.nodes += 1;
                Node::interior(Rights::Free)
            });
        }
    }
}

#[cfg(test)]
mod tests;
