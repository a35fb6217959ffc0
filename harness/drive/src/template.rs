//! Fills the holes of a message or fragment of the vectors, and reads what comes out.
//!
//! The names of the holes and what they stand for are the table of `assay-vectors`; a test keeps
//! both the same. Where the values come from, and how a message is sent, is decided elsewhere.

use assay_wire::dm::Version;
use assay_wire::tree::{Kind, Namespace, NodeId};
use assay_wire::{Limits, Tree, xml};

/// The most octets of `${filler:N}`.
const MOST_FILLER: usize = 16 << 20;

/// What the holes of one message are filled with.
#[derive(Clone, Debug)]
pub(crate) struct Holes {
    pub(crate) version: Version,
    pub(crate) session: String,
    pub(crate) msg: String,
    pub(crate) target: String,
    pub(crate) device: String,
    pub(crate) user: String,
    pub(crate) other_session: String,
    pub(crate) other_device: String,
    /// Type, and Data in base64, of the Cred that the device would use now.
    pub(crate) cred: Option<(&'static str, String)>,
    /// MsgID of the last message of the server.
    pub(crate) server_msg: Option<String>,
    /// The CmdID that the next `${cmd}` stands for.
    pub(crate) next_cmd: u32,
    /// The newest X-Device-Auth; empty before any.
    pub(crate) token: String,
    /// The last X-Device-Timestamp; empty before any.
    pub(crate) timestamp: String,
    /// The package that the device is busy with; empty before any.
    pub(crate) package: String,
    /// The telephone number of the device; empty where none is known.
    pub(crate) address: String,
    /// The number of its subscriber; empty where none is known.
    pub(crate) imsi: String,
    /// The URL of what was published last; empty before any.
    pub(crate) published: String,
}

impl Default for Holes {
    fn default() -> Self {
        Self {
            version: Version::V1_2,
            session: String::new(),
            msg: String::new(),
            target: String::new(),
            device: String::new(),
            user: String::new(),
            other_session: String::new(),
            other_device: String::new(),
            cred: None,
            server_msg: None,
            next_cmd: 1,
            token: String::new(),
            timestamp: String::new(),
            package: String::new(),
            address: String::new(),
            imsi: String::new(),
            published: String::new(),
        }
    }
}

/// Why a template could not be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadTemplate {
    #[error("no hole is named ${{{0}}}")]
    Unknown(String),
    #[error("a hole has no end: ${{{0}")]
    Open(String),
    #[error("what was filled is no document: {0}")]
    NoDocument(String),
}

/// Fills all holes. Values are escaped; `cred` and `header-status` are markup.
pub(crate) fn fill(text: &str, holes: &mut Holes) -> Result<String, BadTemplate> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            return Err(BadTemplate::Open(after.chars().take(20).collect()));
        };
        filled.push_str(&value(name, holes).ok_or_else(|| BadTemplate::Unknown(name.into()))?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// A whole message: filled and read; comments and white space between elements taken out.
pub(crate) fn message(text: &str, holes: &mut Holes) -> Result<Tree<'static>, BadTemplate> {
    let filled = fill(text, holes)?;
    let limits = Limits {
        bytes: MOST_FILLER * 2,
        ..Limits::TARGET
    };
    let no_document = |text: &str| BadTemplate::NoDocument(text.to_owned());
    let (mut tree, notes) = xml::read(filled.as_bytes(), &limits)
        .map_err(|bad| BadTemplate::NoDocument(bad.to_string()))?;
    if let Some(note) = notes.iter().find(|note| xml::is_fault(note.kind)) {
        return Err(no_document(&note.text));
    }
    let root = tree
        .root()
        .ok_or_else(|| no_document("it has no element"))?;
    let around: Vec<NodeId> = tree.top().filter(|&id| id != root).collect();
    let superfluous: Vec<NodeId> = tree
        .descend(root)
        .filter(|&id| is_layout(&tree, id))
        .chain(around)
        .collect();
    for id in superfluous {
        tree.detach(id);
    }
    Ok(tree.into_owned())
}

/// The commands of a fragment, put into `body` behind what stands there.
pub(crate) fn fragment(
    text: &str,
    holes: &mut Holes,
    tree: &mut Tree<'static>,
    body: NodeId,
) -> Result<(), BadTemplate> {
    let part = message(text, holes)?;
    let Some(root) = part.root() else {
        return Ok(());
    };
    let commands: Vec<NodeId> = part.elements(root).collect();
    for command in commands {
        let copied = tree.copy(Some(body), &part, command);
        let all: Vec<NodeId> = tree.descend(copied).collect();
        for id in all {
            let inside_meta = tree
                .parent(id)
                .is_some_and(|parent| tree.name(parent) == "Meta");
            if let Some(element) = tree.element_mut(id)
                && element.namespace == Namespace::None
            {
                element.namespace = if inside_meta {
                    Namespace::MetInf
                } else {
                    holes.version.namespace()
                };
            }
        }
    }
    Ok(())
}

fn value(name: &str, holes: &mut Holes) -> Option<String> {
    if let Some(count) = name.strip_prefix("filler:") {
        let count: usize = count.parse().ok()?;
        return Some("x".repeat(count.min(MOST_FILLER)));
    }
    let text = match name {
        "session" => &holes.session,
        "msg" => &holes.msg,
        "target" => &holes.target,
        "device" => &holes.device,
        "user" => &holes.user,
        "other-session" => &holes.other_session,
        "other-device" => &holes.other_device,
        "token" => &holes.token,
        "timestamp" => &holes.timestamp,
        "package" => &holes.package,
        "address" => &holes.address,
        "imsi" => &holes.imsi,
        "published" => &holes.published,
        "server-msg" => holes.server_msg.as_deref().unwrap_or("1"),
        "namespace" => return Some(holes.version.namespace().uri().to_owned()),
        "ver-dtd" => holes.version.dtd(),
        "ver-proto" => holes.version.proto(),
        "cmd" => return Some(holes.command().to_string()),
        "cred" => return Some(holes.cred_markup()),
        "header-status" => return Some(holes.header_status()),
        _ => return None,
    };
    Some(escape(text))
}

impl Holes {
    fn command(&mut self) -> u32 {
        self.next_cmd += 1;
        self.next_cmd - 1
    }

    fn cred_markup(&self) -> String {
        let Some((kind, data)) = &self.cred else {
            return String::new();
        };
        format!(
            "<Cred><Meta><Format xmlns=\"syncml:metinf\">b64</Format>\
             <Type xmlns=\"syncml:metinf\">{}</Type></Meta><Data>{}</Data></Cred>",
            escape(kind),
            escape(data)
        )
    }

    fn header_status(&mut self) -> String {
        let Some(msg) = self.server_msg.as_deref().map(escape) else {
            return String::new();
        };
        let id = self.command();
        format!(
            "<Status><CmdID>{id}</CmdID><MsgRef>{msg}</MsgRef><CmdRef>0</CmdRef>\
             <Cmd>SyncHdr</Cmd><Data>200</Data></Status>"
        )
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// True for a comment, and for white space beside elements.
fn is_layout(tree: &Tree<'_>, id: NodeId) -> bool {
    match &tree.node(id).kind {
        Kind::Comment(_) => true,
        Kind::Text(text, _) => {
            text.trim().is_empty()
                && tree
                    .parent(id)
                    .is_some_and(|parent| tree.elements(parent).next().is_some())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use assay_wire::wbxml;

    use super::*;

    fn holes() -> Holes {
        Holes {
            version: Version::V1_2,
            session: "1a".into(),
            msg: "2".into(),
            target: "http://s/dm?a=1&b=2".into(),
            device: "IMEI:1".into(),
            user: "o'neill".into(),
            other_session: "2b".into(),
            other_device: "IMEI:2".into(),
            cred: Some(("syncml:auth-md5", "AAAA".into())),
            server_msg: Some("7".into()),
            next_cmd: 1,
            token: "t".into(),
            timestamp: "2031".into(),
            package: "P".into(),
            address: "+15550100".into(),
            imsi: "001010123456789".into(),
            published: "http://p/x.cpf".into(),
        }
    }

    #[test]
    fn every_hole_of_the_vectors_is_filled() {
        for name in assay_suites::vectors::HOLES {
            let hole = if *name == "filler" {
                "${filler:3}"
            } else {
                &format!("${{{name}}}")
            };
            let filled = fill(hole, &mut holes()).expect(name);
            assert!(
                !filled.is_empty() && !filled.contains('$'),
                "{name}: {filled}"
            );
        }
    }

    #[test]
    fn every_message_of_the_vectors_can_be_sent_in_its_encodings() {
        use assay_suites::vectors::{Kind, all};
        for vector in all() {
            let mut body = Tree::new();
            let root = body.push_element(None, Version::V1_2.namespace(), "SyncML");
            let tree = match vector.kind {
                Kind::Message => message(vector.text, &mut holes()),
                Kind::Fragment => {
                    fragment(vector.text, &mut holes(), &mut body, root).map(|()| body)
                }
                _ => continue,
            };
            let tree = tree.unwrap_or_else(|bad| panic!("{}: {bad}", vector.path));
            if !vector.name.starts_with("dm/") {
                continue;
            }
            let binary = wbxml::write(&tree, &wbxml::Style::default());
            assert!(binary.is_ok(), "{}: {binary:?}", vector.path);
        }
    }

    #[test]
    fn values_are_escaped() {
        let filled = fill("<a u='${user}'>${target}</a>", &mut holes());
        assert_eq!(
            filled,
            Ok("<a u='o&apos;neill'>http://s/dm?a=1&amp;b=2</a>".into())
        );
    }

    #[test]
    fn each_command_counts_one_further() {
        assert_eq!(
            fill("${cmd} ${cmd} ${cmd}", &mut holes()),
            Ok("1 2 3".into())
        );
        let filled = fill("${header-status}${cmd}", &mut holes()).expect("known holes");
        assert!(filled.starts_with("<Status><CmdID>1</CmdID><MsgRef>7</MsgRef>"));
        assert!(filled.ends_with("</Status>2"));
    }

    #[test]
    fn an_unknown_hole_is_an_error() {
        let unknown = fill("<a>${nothing}</a>", &mut holes());
        assert_eq!(unknown, Err(BadTemplate::Unknown("nothing".into())));
        assert_eq!(
            fill("${cmd", &mut holes()),
            Err(BadTemplate::Open("cmd".into()))
        );
    }

    #[test]
    fn layout_is_not_sent() {
        let text = "<!-- why -->\n<a>\n  <b> </b><!-- here -->\n  <c>${session}</c>\n</a>\n";
        let tree = message(text, &mut holes()).expect("a document");
        let root = tree.root().expect("a root");
        let kinds: Vec<&str> = tree.descend(root).map(|id| tree.name(id)).collect();
        assert_eq!(kinds, ["a", "b", "", "c", ""]);
        assert_eq!(tree.top().count(), 1);
    }

    #[test]
    fn a_fragment_takes_the_namespaces_of_the_message() {
        let mut tree = Tree::new();
        let body = tree.push_element(None, Version::V1_1.namespace(), "SyncBody");
        let text = "<part><Alert><CmdID>${cmd}</CmdID><Item><Meta><Type>t</Type></Meta></Item>\
                    </Alert></part>";
        let mut holes = Holes {
            version: Version::V1_1,
            next_cmd: 4,
            ..holes()
        };
        fragment(text, &mut holes, &mut tree, body).expect("a fragment");
        let alert = tree.child(body, "Alert").expect("an alert");
        assert_eq!(
            tree.element(alert).map(|e| e.namespace.clone()),
            Some(Namespace::SyncMl11)
        );
        let kind = tree.find(alert, "Item/Meta/Type").expect("a type");
        assert_eq!(
            tree.element(kind).map(|e| e.namespace.clone()),
            Some(Namespace::MetInf)
        );
        assert_eq!(holes.next_cmd, 5);
    }
}
