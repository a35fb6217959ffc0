//! Golden vectors: wire bytes, and messages with holes, that are known to be right or known to be
//! wrong in one way. They are data; this crate only embeds them and finds them by name.
//!
//! It does not fill holes, compare messages or decode bytes: that is the business of those who
//! send, judge and read them. It depends on nothing of this workspace.
//!
//! # Kinds
//!
//! The ending of a file tells what it is; the name of a vector is its path without the ending
//! (`dm/security/refused`).
//!
//! | ending | kind | what it is |
//! |---|---|---|
//! | `.golden.xml` | [`Kind::Golden`] | what a reply must hold, whatever its version and encoding |
//! | `.send.xml` | [`Kind::Message`] | a whole message that a case sends |
//! | `.part.xml` | [`Kind::Fragment`] | commands that are put into a message: children of one `<part>` |
//! | `.doc.xml` | [`Kind::Document`] | a document as it stands on the wire, good or broken in one way |
//! | `.hex` | [`Kind::Bytes`] | octets with comments ([`hex`]) |
//! | `.xml` | [`Kind::Twin`] | what the `.hex` of the same name means |
//!
//! Every file begins with a comment that says where the knowledge comes from. That of a document is
//! no part of it, and nor is the line break at the end; in lines of its own it says more
//! ([`Vector::announced`]): `generation` of the agent that it goes to or comes from, the `notes` of
//! the decoder, and the requirement that it `breaks`.
//!
//! # Holes in what is sent
//!
//! `${name}` in a `.send.xml` or a `.part.xml` is filled before the text is read as XML, so a hole
//! may stand in text and in attribute values. Values are escaped, except the two that are markup
//! (`cred`, `header-status`), which stand alone where an element may stand. Comments and white
//! space between elements are not sent. [`HOLES`] has all names:
//!
//! | hole | filled with |
//! |---|---|
//! | `${session}` | the SessionID of the session |
//! | `${msg}` | the MsgID of this message |
//! | `${target}` | Target/LocURI: the URL of the target as the device knows it |
//! | `${device}` | Source/LocURI: the id of the device |
//! | `${user}` | Source/LocName: the user name of the device |
//! | `${cred}` | the whole Cred of the device with the credentials it would use now, or nothing |
//! | `${namespace}` | `SYNCML:SYNCML1.1` or `SYNCML:SYNCML1.2`, by the version axis |
//! | `${ver-dtd}` | `1.1` or `1.2` |
//! | `${ver-proto}` | `DM/1.1` or `DM/1.2` |
//! | `${server-msg}` | the MsgID of the last message of the server; 1 before any |
//! | `${header-status}` | the whole Status 200 for that message's header, or nothing before any |
//! | `${cmd}` | the next CmdID of this message: each use counts one further |
//! | `${other-session}` | a SessionID that differs from the one of the session |
//! | `${other-device}` | the id of a second device |
//! | `${token}` | the newest token that a pull server gave the device; nothing before any |
//! | `${timestamp}` | the last timestamp that a pull server gave the device; nothing before any |
//! | `${package}` | the id of the package that an agent is busy with; nothing before any |
//! | `${address}` | the telephone number of the device; nothing where the profile gives none |
//! | `${imsi}` | the number of its subscriber; nothing where the profile gives none |
//! | `${published}` | the URL that the hook `publish-package` answered last; nothing before any |
//! | `${filler:N}` | N times the letter `x` |
//!
//! # Holes in what is expected
//!
//! In a `.golden.xml` a hole stands for a whole text. `${session}`, `${device}`, `${target}` and
//! `${sent.msg}` (the MsgID of the request that was answered) are known beforehand. Any other name
//! is bound by its first match and must be equal after that. `${name:class}` demands a class as
//! well: [`CLASSES`]. Elements are open and in order: what is listed must be there in that order,
//! other things may stand between. Attributes in `urn:assay:golden` say otherwise: `g:closed`,
//! `g:any-order`, `g:optional`; the element `g:none-of` lists names that must not stand there.

pub mod hex;

use std::borrow::Cow;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

static DM: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/dm");
static CP: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/cp");
static PULL: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/pull");

/// The holes that a message or a fragment may have; `filler` takes a count, `${filler:N}`.
pub const HOLES: &[&str] = &[
    "session",
    "msg",
    "target",
    "device",
    "user",
    "cred",
    "namespace",
    "ver-dtd",
    "ver-proto",
    "server-msg",
    "header-status",
    "cmd",
    "other-session",
    "other-device",
    "token",
    "timestamp",
    "package",
    "address",
    "imsi",
    "published",
    "filler",
];

/// The classes that a hole of a golden may demand.
pub const CLASSES: &[&str] = &["any", "int", "b64", "hex", "uri", "text"];

/// What a vector is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What a reply must hold (`.golden.xml`).
    Golden,
    /// A whole message that a case sends (`.send.xml`).
    Message,
    /// Commands that are put into a message (`.part.xml`).
    Fragment,
    /// A document as it stands on the wire (`.doc.xml`).
    Document,
    /// Octets with comments (`.hex`).
    Bytes,
    /// What the octets of the same name mean (`.xml`).
    Twin,
}

impl Kind {
    /// The kinds, and the ending of each. The longer endings stand first.
    const ENDINGS: [(&'static str, Self); 6] = [
        (".golden.xml", Self::Golden),
        (".send.xml", Self::Message),
        (".part.xml", Self::Fragment),
        (".doc.xml", Self::Document),
        (".hex", Self::Bytes),
        (".xml", Self::Twin),
    ];

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        Self::ENDINGS
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(ending, _)| ending)
    }
}

/// One vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vector {
    /// Its name: the path without the ending.
    pub name: &'static str,
    /// Its path below `vectors/`.
    pub path: &'static str,
    /// What it is.
    pub kind: Kind,
    /// The file as it is written; for [`Kind::Bytes`] the hex text, see [`Vector::bytes`].
    pub text: &'static str,
}

impl Vector {
    /// The octets that it stands for: those written in hex, the document behind its comment, or the
    /// text itself.
    pub fn bytes(&self) -> Result<Cow<'static, [u8]>, hex::HexError> {
        match self.kind {
            Kind::Bytes => hex::parse(self.text).map(Cow::Owned),
            Kind::Document => Ok(Cow::Borrowed(self.document().as_bytes())),
            _ => Ok(Cow::Borrowed(self.text.as_bytes())),
        }
    }

    /// A document behind its comment.
    fn document(&self) -> &'static str {
        let behind = self.text.split_once("-->\n").map(|(_, behind)| behind);
        let document = behind.unwrap_or(self.text);
        document.strip_suffix('\n').unwrap_or(document)
    }

    /// What the comment at the beginning announces behind this word; nothing where it does not.
    pub fn announced(&self, word: &str) -> &'static str {
        let comment = match self.kind {
            Kind::Bytes => self.text,
            _ => self.text.split("-->").next().unwrap_or_default(),
        };
        let lines = comment.lines().map_while(|line| match self.kind {
            Kind::Bytes => line.strip_prefix("# "),
            _ => Some(line.trim()),
        });
        let mut behind = lines.filter_map(|line| line.strip_prefix(word)?.strip_prefix(':'));
        behind.next().unwrap_or_default().trim()
    }

    /// What its octets mean, where a file says so.
    pub fn twin(&self) -> Option<Self> {
        all().find(|other| other.kind == Kind::Twin && other.name == self.name)
    }
}

/// The vector of this name. Twins are not found by name: see [`Vector::twin`].
pub fn get(name: &str) -> Option<Vector> {
    all().find(|vector| vector.kind != Kind::Twin && vector.name == name)
}

/// All vectors, ordered by path. Files with other endings, and files that are not text, are none.
pub fn all() -> impl Iterator<Item = Vector> {
    VECTORS.iter().copied()
}

/// Found once: what is embedded does not change.
static VECTORS: LazyLock<Vec<Vector>> = LazyLock::new(|| {
    let mut found = Vec::new();
    for (family, dir) in [("cp", &CP), ("dm", &DM), ("pull", &PULL)] {
        collect(family, dir, &mut found);
    }
    found.sort_by_key(|vector| vector.path);
    found
});

fn collect(family: &str, dir: &'static Dir<'static>, found: &mut Vec<Vector>) {
    for file in dir.files() {
        let (Some(below), Some(text)) = (file.path().to_str(), file.contents_utf8()) else {
            continue;
        };
        // Lives as long as the program: made once, for the static above.
        let path: &'static str = format!("{family}/{}", below.replace('\\', "/")).leak();
        let known = Kind::ENDINGS
            .iter()
            .find_map(|(ending, kind)| path.strip_suffix(ending).map(|name| (name, *kind)));
        if let Some((name, kind)) = known {
            found.push(Vector {
                name,
                path,
                kind,
                text,
            });
        }
    }
    for inner in dir.dirs() {
        collect(family, inner, found);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_vector_is_found_by_its_name_and_knows_its_kind() {
        let golden = get("dm/security/refused").unwrap();
        assert_eq!(
            (golden.kind, golden.path),
            (Kind::Golden, "dm/security/refused.golden.xml")
        );
        assert_eq!(get("dm/session/package-1").unwrap().kind, Kind::Message);
        assert_eq!(get("dm/security/refused.golden.xml"), None);
        assert_eq!(get(""), None);
    }

    #[test]
    fn no_name_is_given_twice_and_every_twin_has_octets() {
        let mut names = BTreeSet::new();
        for vector in all() {
            if vector.kind == Kind::Twin {
                let octets = get(vector.name).expect(vector.path);
                assert_eq!(octets.kind, Kind::Bytes, "{}", vector.path);
            } else {
                assert!(
                    names.insert(vector.name),
                    "{} stands for two files",
                    vector.name
                );
            }
        }
    }

    #[test]
    fn every_vector_says_first_where_it_comes_from() {
        for vector in all() {
            let comment = if vector.kind == Kind::Bytes {
                "# "
            } else {
                "<!-- "
            };
            assert!(vector.text.starts_with(comment), "{}", vector.path);
            assert!(
                vector.text.ends_with('\n'),
                "{} ends without a line break",
                vector.path
            );
        }
    }

    #[test]
    fn every_hex_file_parses() {
        for vector in all() {
            let octets = vector
                .bytes()
                .unwrap_or_else(|bad| panic!("{}: {bad}", vector.path));
            assert!(!octets.is_empty(), "{}", vector.path);
        }
    }

    #[test]
    fn every_hole_of_what_is_sent_is_known() {
        for vector in all().filter(|v| matches!(v.kind, Kind::Message | Kind::Fragment)) {
            for hole in vector.text.split("${").skip(1) {
                let name = hole.split(['}', ':']).next().unwrap_or_default();
                assert!(HOLES.contains(&name), "{}: ${{{name}}}", vector.path);
            }
        }
    }

    #[test]
    fn every_class_of_a_golden_is_known() {
        for vector in all().filter(|vector| vector.kind == Kind::Golden) {
            for hole in vector.text.split("${").skip(1) {
                let hole = hole.split('}').next().unwrap_or_default();
                if let Some((name, class)) = hole.split_once(':') {
                    assert!(
                        CLASSES.contains(&class),
                        "{}: ${{{name}:{class}}}",
                        vector.path
                    );
                }
            }
        }
    }

    #[test]
    fn the_minimal_message_is_the_127_octets_of_the_fact_sheet() {
        let octets = get("dm/wbxml/minimal-close").unwrap().bytes().unwrap();
        assert_eq!(octets.len(), 127);
        assert!(octets.starts_with(&[0x02, 0xA4, 0x01, 0x6A, 0x00, 0x6D]));
        assert!(octets.ends_with(&[0x12, 0x01, 0x01]));
        assert!(get("dm/wbxml/minimal-close").unwrap().twin().is_some());
    }
}
