//! What the management tree is made of: nodes, their values and rights, and the standard objects
//! of a device (OMA-TS-DM_StdObj 5.3).
//!
//! What a command does with them stands in `tree`.

use std::collections::BTreeMap;
use std::sync::Arc;

use assay_wire::dm::Version;

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
pub(crate) struct Node {
    pub(crate) content: Content,
    pub(crate) rights: Rights,
    pub(crate) acl: String,
    pub(crate) title: String,
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Interior(BTreeMap<String, Node>),
    Leaf(Found),
}

/// What a server may do with a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rights {
    /// Anything.
    Free,
    /// Get, and Add below it; it cannot be deleted or renamed.
    Permanent,
    /// Get alone, for it and all below it.
    ReadOnly,
    /// Anything but Get: a secret.
    Secret,
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

/// DevDetail by path, with the format of each node (OMA-TS-DM_StdObj 5.3.3).
pub(crate) fn dev_detail() -> [(&'static str, &'static str, &'static str); 9] {
    [
        ("DevTyp", "chr", "device"),
        ("OEM", "chr", "Assay"),
        ("FwV", "chr", "1.0"),
        ("SwV", "chr", "1.0"),
        ("HwV", "chr", "1.0"),
        ("LrgObj", "bool", "true"),
        ("URI/MaxDepth", "chr", "0"),
        ("URI/MaxTotLen", "chr", "0"),
        ("URI/MaxSegLen", "chr", "0"),
    ]
}

/// The account of the server: flat in 1.1.2, a management object in 1.2 (OMA-TS-DM_StdObj 5.3.1).
pub(crate) fn account<'a>(
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
pub(crate) fn segments(path: &str) -> Result<Vec<&str>, u32> {
    let below = match path {
        "." | "./" => "",
        _ => path.strip_prefix("./").unwrap_or(path),
    };
    if below.is_empty() {
        return if path.is_empty() {
            Err(404)
        } else {
            Ok(Vec::new())
        };
    }
    let segments: Vec<&str> = below.split('/').collect();
    if segments.iter().any(|name| matches!(*name, "" | "." | "..")) {
        return Err(404);
    }
    Ok(segments)
}

impl Found {
    pub(crate) fn new(format: &str, octets: &[u8]) -> Self {
        let media = (!matches!(format, "node" | "bin")).then(|| "text/plain".to_owned());
        Self {
            format: Some(format.to_owned()),
            media,
            octets: octets.into(),
        }
    }
}

impl Node {
    pub(crate) fn interior(rights: Rights) -> Self {
        let content = Content::Interior(BTreeMap::new());
        Self {
            content,
            rights,
            acl: String::new(),
            title: String::new(),
        }
    }

    pub(crate) fn leaf(rights: Rights, format: &str, value: &str) -> Self {
        let content = Content::Leaf(Found::new(format, value.as_bytes()));
        Self {
            content,
            ..Self::interior(rights)
        }
    }

    /// The node that a command describes; 415 where format and value do not go together.
    pub(crate) fn given(given: Given<'_>) -> Result<Self, u32> {
        let text = std::str::from_utf8(given.octets);
        if given.media.is_some_and(|media| media.contains("dmtnds")) {
            return Err(415);
        }
        let leaf = |format: &str, octets: Arc<[u8]>| {
            let media = given.media.map(str::to_owned);
            let found = Found {
                format: Some(format.to_owned()),
                media,
                octets,
            };
            Self {
                content: Content::Leaf(found),
                ..Self::interior(Rights::Free)
            }
        };
        let fits = match given.format.unwrap_or("chr") {
            "node" if given.octets.is_empty() => return Ok(Self::interior(Rights::Free)),
            // base64 is how a binary value travels, not what it is (OMA-TS-DM_TND 7.7.2).
            "b64" => {
                let octets = text
                    .ok()
                    .and_then(assay_wire::digest::unb64)
                    .ok_or(415_u32)?;
                return Ok(leaf("bin", octets.into()));
            }
            "bin" => true,
            "null" => given.octets.is_empty(),
            "int" => text.is_ok_and(|text| text.trim().parse::<i64>().is_ok()),
            "bool" => matches!(text.map(str::trim), Ok("true" | "false")),
            "chr" | "xml" | "date" | "time" | "float" => text.is_ok(),
            _ => false,
        };
        if fits {
            Ok(leaf(given.format.unwrap_or("chr"), given.octets.into()))
        } else {
            Err(415)
        }
    }

    pub(crate) fn down(&self, segments: &[&str]) -> Option<&Self> {
        segments
            .iter()
            .try_fold(self, |node, name| match &node.content {
                Content::Interior(children) => children.get(*name),
                Content::Leaf(_) => None,
            })
    }

    pub(crate) fn down_mut(&mut self, segments: &[&str]) -> Option<&mut Self> {
        segments
            .iter()
            .try_fold(self, |node, name| match &mut node.content {
                Content::Interior(children) => children.get_mut(*name),
                Content::Leaf(_) => None,
            })
    }

    /// True where it may be deleted or renamed: neither it nor anything below it is permanent.
    pub(crate) fn may_go(&self) -> bool {
        !matches!(self.rights, Rights::Permanent | Rights::ReadOnly)
    }

    pub(crate) fn octets(&self) -> usize {
        self.size().1
    }

    /// Nodes, itself among them, and octets of all values.
    pub(crate) fn size(&self) -> (usize, usize) {
        match &self.content {
            Content::Leaf(found) => (1, found.octets.len()),
            Content::Interior(children) => children
                .values()
                .map(Self::size)
                .fold((1, 0), |sum, size| (sum.0 + size.0, sum.1 + size.1)),
        }
    }
}
