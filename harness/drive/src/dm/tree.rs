//! The management tree of the device: its nodes, and what each command does to one of them
//! (OMA-TS-DM_TND 6 and 7, OMA-TS-DM_StdObj 5.3, the status codes of OMA-TS-DM_RepPro 6.6).
//!
//! It knows one command on one node at a time. What an Atomic rolls back, what a case says instead
//! and how a Status is written stand in `answer`.

use std::collections::BTreeMap;
use std::sync::Arc;

use assay_wire::dm::{Property, Version, split_property};

/// What a hostile server may fill: nodes, and octets of all values.
const MOST_NODES: usize = 4_096;
const MOST_OCTETS: usize = 4 << 20;
const MOST_LEVELS: usize = 48;
/// Octets of the Title property (OMA-TS-DM_TND 7.7).
const LONGEST_TITLE: usize = 255;

/// The tree. Cheap to copy: values are shared.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    root: Node,
    nodes: usize,
    octets: usize,
}

/// What a command gives for a node: of Item and Meta what is there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Given<'a> {
    pub(crate) format: Option<&'a str>,
    pub(crate) media: Option<&'a str>,
    pub(crate) octets: &'a [u8],
}

/// What a Get finds: Format, Type where known, and the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) format: Option<String>,
    pub(crate) media: Option<String>,
    pub(crate) octets: Arc<[u8]>,
}

#[derive(Clone, Debug)]
struct Node {
    content: Content,
    rights: Rights,
    acl: String,
    title: String,
}

#[derive(Clone, Debug)]
enum Content {
    Interior(BTreeMap<String, Node>),
    Leaf(Found),
}

/// What a server may do with a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rights {
    /// Anything.
    Free,
    /// Get, and Add below it; it cannot be deleted or renamed.
    Permanent,
    /// Get alone, for it and all below it.
    ReadOnly,
    /// Anything but Get: a secret.
    Secret,
}

impl Tree {
    /// The tree of a device: DevInfo, DevDetail, and a DMAcc of that version for this server.
    pub(crate) fn of_device(version: Version, device: &str, server: &str) -> Self {
        let mut tree = Self { root: Node::interior(Rights::Permanent), nodes: 1, octets: 0 };
        tree.root.acl = "Add=*&Get=*".to_owned();
        for (path, rights) in [
            ("DevInfo", Rights::ReadOnly),
            ("DevDetail", Rights::ReadOnly),
            ("SyncML", Rights::Permanent),
            ("SyncML/DMAcc", Rights::Permanent),
        ] {
            tree.put(path, Node::interior(rights));
        }
        for (name, value) in dev_info(version, device) {
            tree.put(&format!("DevInfo/{name}"), Node::leaf(Rights::ReadOnly, "chr", &value));
        }
        for (path, format, value) in [
            ("DevTyp", "chr", "device"),
            ("OEM", "chr", "Assay"),
            ("FwV", "chr", "1.0"),
            ("SwV", "chr", "1.0"),
            ("HwV", "chr", "1.0"),
            ("LrgObj", "bool", "true"),
            ("URI/MaxDepth", "chr", "0"),
            ("URI/MaxTotLen", "chr", "0"),
            ("URI/MaxSegLen", "chr", "0"),
        ] {
            tree.put(&format!("DevDetail/{path}"), Node::leaf(Rights::ReadOnly, format, value));
        }
        for (path, format, rights, value) in account(version, device, server) {
            tree.put(&format!("SyncML/DMAcc/assay/{path}"), Node::leaf(rights, format, value));
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
                    Found { media: None, ..Found::new("node", names.join("/").as_bytes()) }
                }
            }),
            Some(Property::Prop(name)) => {
                let value = match (name, &node.content) {
                    ("ACL", _) => node.acl.clone(),
                    ("Title", _) => node.title.clone(),
                    ("Name", _) => (*segments.last().unwrap_or(&".")).to_owned(),
                    ("Format", Content::Interior(_)) => "node".to_owned(),
                    ("Format", Content::Leaf(found)) => found.format.clone().unwrap_or_default(),
                    ("Type", Content::Leaf(found)) => {
                        found.media.clone().unwrap_or_else(|| "text/plain".to_owned())
                    }
                    ("Type", Content::Interior(_)) => String::new(),
                    ("Size", Content::Leaf(found)) => found.octets.len().to_string(),
                    ("Size", Content::Interior(_)) => return Err(406),
                    // TStamp and VerNo are optional for a device (OMA-TS-DM_TND 7.3).
                    _ => return Err(406),
                };
                // Meta on property values is not recommended (OMA-TS-DM_TND 7).
                Ok(Found { format: None, media: None, octets: value.into_bytes().into() })
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
        let known = (0..segments.len()).rev().find_map(|n| self.root.down(&segments[..n]));
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
        let Some(node) = self.root.down_mut(&segments) else { return 404 };
        match property {
            Some(property) => {
                let Ok(text) = std::str::from_utf8(given.octets) else { return 415 };
                match property {
                    Property::Prop("Name") => self.rename(&segments, text),
                    Property::Prop("ACL") if text.len() > room => 420,
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
                let Content::Leaf(before) = &node.content else { return 405 };
                // Format and Type that are not given stay what they are.
                let given = Given {
                    format: given.format.or(before.format.as_deref()),
                    media: given.media.or(before.media.as_deref()),
                    ..given
                };
                let after = match Node::given(given) {
                    Ok(Node { content: Content::Leaf(found), .. }) => found,
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
        let Some(node) = self.root.down(&segments) else { return 404 };
        if property.is_some() || !node.may_go() {
            return 405;
        }
        let (nodes, octets) = node.size();
        let Some((last, parents)) = segments.split_last() else { return 405 };
        if let Some(Node { content: Content::Interior(children), .. }) = self.root.down_mut(parents)
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
        match self.add(target, Given { octets: &[], ..given }) {
            200 | 418 => {}
            code => return code,
        }
        let room = MOST_OCTETS.saturating_sub(self.octets);
        let (path, _) = split_property(target);
        let node = segments(path).ok().and_then(|segments| self.root.down_mut(&segments));
        match node {
            Some(Node { content: Content::Leaf(there), rights: Rights::Free, .. }) => {
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
        let Some((last, parents)) = segments.split_last() else { return 405 };
        if !self.root.down(segments).is_some_and(Node::may_go) {
            return 405;
        }
        if to.is_empty() || to.contains('/') || to == "." || to == ".." {
            return 405;
        }
        let Some(Node { content: Content::Interior(children), .. }) = self.root.down_mut(parents)
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
        let longest = segments.iter().map(|segment| segment.len()).max().unwrap_or_default();
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
            let Content::Interior(children) = &mut at.content else { return };
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

/// The five mandatory nodes of DevInfo by name (OMA-TS-DM_StdObj 5.3.2).
pub(crate) fn dev_info(version: Version, device: &str) -> [(&'static str, String); 5] {
    [
        ("DevId", device.to_owned()),
        ("Man", "Assay".to_owned()),
        ("Mod", "Device".to_owned()),
        ("DmV", version.dtd().to_owned()),
        ("Lang", "en".to_owned()),
    ]
}

/// The account of the server: flat in 1.1.2, a management object in 1.2 (OMA-TS-DM_StdObj 5.3.1).
fn account<'a>(
    version: Version,
    device: &'a str,
    server: &'a str,
) -> Vec<(&'static str, &'static str, Rights, &'a str)> {
    use Rights::{Free, Secret};
    match version {
        Version::V1_1 => vec![
            ("Addr", "chr", Free, server),
            ("AddrType", "chr", Free, "1"),
            ("PortNbr", "chr", Free, ""),
            ("ConRef", "chr", Free, ""),
            ("ServerId", "chr", Free, "assay"),
            ("ServerPW", "chr", Secret, ""),
            ("ServerNonce", "bin", Secret, ""),
            ("UserName", "chr", Free, device),
            ("ClientPW", "chr", Secret, ""),
            ("ClientNonce", "bin", Secret, ""),
            ("AuthPref", "chr", Free, "syncml:auth-md5"),
            ("Name", "chr", Free, "Assay"),
        ],
        Version::V1_2 => vec![
            ("AppID", "chr", Free, "w7"),
            ("ServerID", "chr", Free, "assay"),
            ("Name", "chr", Free, "Assay"),
            ("AppAddr/1/Addr", "chr", Free, server),
            ("AppAddr/1/AddrType", "chr", Free, "URI"),
            ("AAuthPref", "chr", Free, "DIGEST"),
            ("AppAuth/1/AAuthLevel", "chr", Free, "CLCRED"),
            ("AppAuth/1/AAuthType", "chr", Free, "DIGEST"),
            ("AppAuth/1/AAuthName", "chr", Free, device),
            ("AppAuth/1/AAuthSecret", "chr", Secret, ""),
            ("AppAuth/1/AAuthData", "bin", Secret, ""),
        ],
    }
}

/// The names on the way to a node; 404 where the URI is none (OMA-TS-DM_TND 6).
fn segments(path: &str) -> Result<Vec<&str>, u32> {
    let below = match path {
        "." | "./" => "",
        _ => path.strip_prefix("./").unwrap_or(path),
    };
    if below.is_empty() {
        return if path.is_empty() { Err(404) } else { Ok(Vec::new()) };
    }
    let segments: Vec<&str> = below.split('/').collect();
    if segments.iter().any(|name| matches!(*name, "" | "." | "..")) {
        return Err(404);
    }
    Ok(segments)
}

impl Found {
    fn new(format: &str, octets: &[u8]) -> Self {
        let media = (!matches!(format, "node" | "bin")).then(|| "text/plain".to_owned());
        Self { format: Some(format.to_owned()), media, octets: octets.into() }
    }
}

impl Node {
    fn interior(rights: Rights) -> Self {
        let content = Content::Interior(BTreeMap::new());
        Self { content, rights, acl: String::new(), title: String::new() }
    }

    fn leaf(rights: Rights, format: &str, value: &str) -> Self {
        let content = Content::Leaf(Found::new(format, value.as_bytes()));
        Self { content, ..Self::interior(rights) }
    }

    /// The node that a command describes; 415 where format and value do not go together.
    fn given(given: Given<'_>) -> Result<Self, u32> {
        let text = std::str::from_utf8(given.octets);
        if given.media.is_some_and(|media| media.contains("dmtnds")) {
            return Err(415);
        }
        let leaf = |format: &str, octets: Arc<[u8]>| {
            let media = given.media.map(str::to_owned);
            let found = Found { format: Some(format.to_owned()), media, octets };
            Self { content: Content::Leaf(found), ..Self::interior(Rights::Free) }
        };
        let fits = match given.format.unwrap_or("chr") {
            "node" if given.octets.is_empty() => return Ok(Self::interior(Rights::Free)),
            // base64 is how a binary value travels, not what it is (OMA-TS-DM_TND 7.7.2).
            "b64" => {
                let octets = text.ok().and_then(assay_wire::digest::unb64).ok_or(415_u32)?;
                return Ok(leaf("bin", octets.into()));
            }
            "bin" => true,
            "null" => given.octets.is_empty(),
            "int" => text.is_ok_and(|text| text.trim().parse::<i64>().is_ok()),
            "bool" => matches!(text.map(str::trim), Ok("true" | "false")),
            "chr" | "xml" | "date" | "time" | "float" => text.is_ok(),
            _ => false,
        };
        if fits { Ok(leaf(given.format.unwrap_or("chr"), given.octets.into())) } else { Err(415) }
    }

    fn down(&self, segments: &[&str]) -> Option<&Self> {
        segments.iter().try_fold(self, |node, name| match &node.content {
            Content::Interior(children) => children.get(*name),
            Content::Leaf(_) => None,
        })
    }

    fn down_mut(&mut self, segments: &[&str]) -> Option<&mut Self> {
        segments.iter().try_fold(self, |node, name| match &mut node.content {
            Content::Interior(children) => children.get_mut(*name),
            Content::Leaf(_) => None,
        })
    }

    /// True where it may be deleted or renamed: neither it nor anything below it is permanent.
    fn may_go(&self) -> bool {
        !matches!(self.rights, Rights::Permanent | Rights::ReadOnly)
    }

    fn octets(&self) -> usize {
        self.size().1
    }

    /// Nodes, itself among them, and octets of all values.
    fn size(&self) -> (usize, usize) {
        match &self.content {
            Content::Leaf(found) => (1, found.octets.len()),
            Content::Interior(children) => {
                children.values().map(Self::size).fold((1, 0), |sum, size| {
                    (sum.0 + size.0, sum.1 + size.1)
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let mut tree = Tree::of_device(Version::V1_2, "IMEI:1", "http://s/dm");
        tree.plant("./Vendor/Name", "old");
        tree
    }

    fn text(tree: &Tree, uri: &str) -> Result<String, u32> {
        tree.get(uri).map(|found| String::from_utf8_lossy(&found.octets).into_owned())
    }

    fn given(text: &str) -> Given<'_> {
        Given { octets: text.as_bytes(), ..Given::default() }
    }

    #[test]
    fn both_forms_of_a_uri_name_the_same_node() {
        assert_eq!(text(&tree(), "./DevInfo/DevId"), Ok("IMEI:1".to_owned()));
        assert_eq!(text(&tree(), "DevInfo/DevId"), Ok("IMEI:1".to_owned()));
    }

    #[test]
    fn an_interior_node_lists_its_children() {
        let found = tree().get("./DevInfo").expect("a node");
        assert_eq!(&found.octets[..], b"DevId/DmV/Lang/Man/Mod");
        assert_eq!(found.format.as_deref(), Some("node"));
        assert_eq!(text(&tree(), "."), Ok("DevDetail/DevInfo/SyncML/Vendor".to_owned()));
    }

    #[test]
    fn what_is_no_uri_is_not_found() {
        for uri in ["", "./A//B", "./Vendor/", "../Vendor", "./Vendor/../DevInfo", "/Vendor"] {
            assert_eq!(text(&tree(), uri), Err(404), "{uri}");
        }
    }

    #[test]
    fn properties_are_read_and_some_are_written() {
        let mut tree = tree();
        assert_eq!(text(&tree, "./Vendor/Name?prop=Format"), Ok("chr".to_owned()));
        assert_eq!(text(&tree, "./Vendor?prop=Format"), Ok("node".to_owned()));
        assert_eq!(text(&tree, "./Vendor/Name?prop=Size"), Ok("3".to_owned()));
        assert_eq!(text(&tree, ".?prop=ACL"), Ok("Add=*&Get=*".to_owned()));
        assert_eq!(text(&tree, "./Vendor/Name?prop=VerNo"), Err(406));
        assert_eq!(text(&tree, "./Vendor?list=Struct"), Err(406));
        assert_eq!(tree.replace("./Vendor?prop=ACL", given("Get=*")), 200);
        assert_eq!(text(&tree, "./Vendor?prop=ACL"), Ok("Get=*".to_owned()));
        assert_eq!(tree.replace("./Vendor?prop=Size", given("1")), 405);
        assert_eq!(tree.replace("./Vendor?prop=Nonsense", given("1")), 406);
        assert_eq!(tree.replace("./Vendor/Name?prop=Name", given("Title")), 200);
        assert_eq!(text(&tree, "./Vendor/Title"), Ok("old".to_owned()));
        assert_eq!(tree.replace("./Vendor?prop=Name", given("DevInfo")), 418);
        assert_eq!(tree.replace("./DevInfo?prop=Name", given("Other")), 405);
    }

    #[test]
    fn add_makes_what_leads_to_the_node() {
        let mut tree = tree();
        assert_eq!(tree.add("./Vendor/Deep/Down", given("1")), 200);
        assert_eq!(text(&tree, "./Vendor/Deep"), Ok("Down".to_owned()));
        assert_eq!(tree.add("./Vendor/Deep/Down", given("1")), 418);
        assert_eq!(tree.add("./Vendor/Name/Below", given("1")), 405, "the parent is a leaf");
        assert_eq!(tree.add("./DevInfo/More", given("1")), 405);
        let node = Given { format: Some("node"), ..Given::default() };
        assert_eq!(tree.add("./Vendor/Interior", node), 200);
        assert_eq!(text(&tree, "./Vendor/Interior?prop=Format"), Ok("node".to_owned()));
    }

    #[test]
    fn values_fit_their_format() {
        let mut tree = tree();
        let with = |format, text| Given { format: Some(format), ..given(text) };
        assert_eq!(tree.add("./Vendor/Int", with("int", "seven")), 415);
        assert_eq!(tree.add("./Vendor/Int", with("int", "7")), 200);
        assert_eq!(tree.add("./Vendor/Bool", with("bool", "1")), 415);
        assert_eq!(tree.add("./Vendor/Odd", with("odd", "1")), 415);
        assert_eq!(tree.add("./Vendor/Bin", with("b64", "Tm9uY2U=")), 200);
        assert_eq!(text(&tree, "./Vendor/Bin"), Ok("Nonce".to_owned()));
        assert_eq!(text(&tree, "./Vendor/Bin?prop=Format"), Ok("bin".to_owned()));
        let tnds = Given { media: Some("application/vnd.syncml.dmtnds+xml"), ..given("<MgmtTree/>") };
        assert_eq!(tree.add("./Vendor/Tnds", tnds), 415);
    }

    #[test]
    fn what_is_permanent_stays() {
        let mut tree = tree();
        for uri in [".", "./DevInfo", "./DevInfo/DevId", "./DevDetail", "./SyncML/DMAcc"] {
            assert_eq!(tree.delete(uri), 405, "{uri}");
        }
        assert_eq!(tree.replace("./DevInfo/Man", given("Other")), 405);
        assert_eq!(tree.delete("./Vendor"), 200);
        assert_eq!(tree.delete("./Vendor"), 404);
        assert_eq!(tree.replace("./Vendor/Name", given("new")), 404);
    }

    #[test]
    fn copies_go_from_leaf_to_leaf() {
        let mut tree = tree();
        assert_eq!(tree.copy("./Vendor/Name", "./Vendor/Copy"), 200);
        assert_eq!(text(&tree, "./Vendor/Copy"), Ok("old".to_owned()));
        assert_eq!(tree.copy("./DevInfo/DevId", "./Vendor/Copy"), 200);
        assert_eq!(text(&tree, "./Vendor/Copy"), Ok("IMEI:1".to_owned()));
        assert_eq!(tree.copy("./Vendor", "./Other"), 405);
        assert_eq!(tree.copy("./Nothing", "./Other"), 404);
        assert_eq!(tree.copy("./Vendor/Name", "./DevInfo/Man"), 403);
    }

    #[test]
    fn secrets_are_not_read() {
        let secret = "./SyncML/DMAcc/assay/AppAuth/1/AAuthSecret";
        assert_eq!(text(&tree(), secret), Err(405));
        assert_eq!(tree().copy(secret, "./Vendor/Stolen"), 405);
        let mut old = Tree::of_device(Version::V1_1, "IMEI:1", "http://s/dm");
        assert_eq!(text(&old, "./SyncML/DMAcc/assay/ClientPW"), Err(405));
        assert_eq!(old.replace("./SyncML/DMAcc/assay/ClientPW", given("new")), 200);
    }

    #[test]
    fn limits_of_the_device_hold() {
        let mut tree = tree();
        tree.plant("./DevDetail/URI/MaxDepth", "2");
        tree.plant("./DevDetail/URI/MaxSegLen", "6");
        assert_eq!(tree.add("./Vendor/A/B", given("")), 414);
        assert_eq!(tree.add("./Vendor/Longest", given("")), 414);
        assert_eq!(tree.add("./Vendor/Short", given("")), 200);
    }

    #[test]
    fn a_server_cannot_fill_it_without_end() {
        let mut tree = tree();
        let large = "x".repeat(1 << 20);
        let codes: Vec<u32> =
            (0..6).map(|n| tree.add(&format!("./Large/{n}"), given(&large))).collect();
        assert_eq!(codes, [200, 200, 200, 420, 420, 420]);
        assert_eq!(tree.copy("./Large/0", "./Large/7"), 420);
        let before = tree.size_of_all();
        assert_eq!(tree.delete("./Large"), 200);
        assert!(tree.size_of_all().1 < before.1);
        let codes = (0..5_000).map(|n| tree.add(&format!("./Many/{n}"), given("")));
        assert!(codes.filter(|&code| code == 420).count() > 0);
        assert_eq!(tree.add(&"a/".repeat(100_000)[..199_999], given("")), 414);
        assert_eq!(tree.size_of_all(), tree.root.size(), "the sums are kept");
    }

    impl Tree {
        fn size_of_all(&self) -> (usize, usize) {
            (self.nodes, self.octets)
        }
    }
}
