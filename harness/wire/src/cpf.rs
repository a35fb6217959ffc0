//! Packages for devices: a cabinet whose only member is `_setup.xml`, a provisioning document (MSDN
//! bb737689, aa458958). What the document says is not judged here, nor is the signature: see
//! [`crate::authenticode`].

use crate::cab::{self, Cabinet, Compression, Member};
use crate::span::{Limits, Note, Notes, Span, TooBad};
use crate::tree::Tree;
use crate::xml;

/// The name of the member that holds the provisioning document.
pub const SETUP: &str = "_setup.xml";

/// A package that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The cabinet.
    pub cabinet: Cabinet,
    /// What its reader noticed, `cab.…`, and what makes it no package, `cpf.…`.
    pub notes: Vec<Note>,
}

/// Every kind of note that [`read`] adds to those of the cabinet.
///
/// A `.cab` that installs programs has other members and is none the worse for it; a `.cpf` has not.
pub const KINDS: &[(&str, &str)] = &[
    ("cpf.no-setup", "no member is named _setup.xml"),
    (
        "cpf.setup-misspelt",
        "a member is named _setup.xml in other letters or in a folder",
    ),
    ("cpf.other-members", "members besides _setup.xml"),
    (
        "cpf.bad-compression",
        "packed neither as MSZIP nor not at all",
    ),
    (
        "cpf.byte-order-mark",
        "the document begins with a byte order mark",
    ),
    ("cpf.not-utf-8", "the document is not UTF-8"),
    ("cpf.unreadable-setup", "the document cannot be unpacked"),
];

/// Reads a package.
///
/// # Errors
/// [`TooBad`] where the octets are no cabinet.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Package, TooBad> {
    let (cabinet, mut kept) = cab::read(bytes, limits)?;
    let mut notes = Notes::new(limits);
    look(&cabinet, &mut notes);
    kept.extend(notes.into_vec());
    Ok(Package {
        cabinet,
        notes: kept,
    })
}

impl Package {
    /// The member that holds the document: the one of the right name, or else one that only its
    /// letters or its folder tell from it.
    pub fn setup(&self) -> Option<&Member> {
        setup(&self.cabinet)
    }

    /// The octets of the document.
    pub fn octets(&self) -> Option<&[u8]> {
        self.cabinet.contents(self.setup()?)
    }

    /// The document and what its reader noticed. Spans are within the octets of the member.
    ///
    /// # Errors
    /// [`TooBad`] where there is no document.
    pub fn document(&self, limits: &Limits) -> Result<(Tree<'_>, Vec<Note>), TooBad> {
        let octets = self.octets().ok_or_else(|| {
            let (kind, text) = match self.setup() {
                None => ("cpf.no-setup", "no member is named _setup.xml"),
                Some(_) => ("cpf.unreadable-setup", "_setup.xml cannot be unpacked"),
            };
            TooBad::new(kind, Span::default(), text)
        })?;
        xml::read(octets, limits)
    }

    /// True where every folder is stored: what the oldest devices demand.
    pub fn is_stored(&self) -> bool {
        let mut folders = self.cabinet.folders.iter();
        folders.all(|folder| folder.compression == Compression::Stored)
    }
}

fn setup(cabinet: &Cabinet) -> Option<&Member> {
    cabinet.member(SETUP).or_else(|| {
        let mut members = cabinet.members.iter();
        members.find(|member| {
            let last = member.name.rsplit(['/', '\\']).next();
            last.is_some_and(|name| name.eq_ignore_ascii_case(SETUP))
        })
    })
}

fn look(cabinet: &Cabinet, notes: &mut Notes) {
    for folder in &cabinet.folders {
        if !matches!(folder.compression, Compression::Stored | Compression::Mszip) {
            let text = format!("packed as {}", folder.compression);
            notes.push("cpf.bad-compression", folder.span, text);
        }
    }
    let Some(setup) = setup(cabinet) else {
        let names = cabinet.members.iter().take(4);
        let names: Vec<_> = names.map(|member| format!("{:?}", member.name)).collect();
        let text = format!("no member is named _setup.xml: {}", names.join(", "));
        let members = cabinet.members.iter().map(|member| member.span);
        let all = members.reduce(Span::to).unwrap_or(cabinet.header.span);
        notes.push("cpf.no-setup", all, text);
        return;
    };
    if setup.name != SETUP {
        let text = format!("{:?} in place of \"_setup.xml\"", setup.name);
        notes.push("cpf.setup-misspelt", setup.name_span, text);
    }
    let others = cabinet
        .members
        .iter()
        .filter(|&other| !std::ptr::eq(other, setup));
    if let Some(other) = others.clone().next() {
        let text = format!("{} members besides, {:?} first", others.count(), other.name);
        notes.push("cpf.other-members", other.span, text);
    }
    match cabinet.contents(setup) {
        None => notes.push("cpf.unreadable-setup", setup.span, "it cannot be unpacked"),
        Some(octets) => {
            if octets.starts_with(b"\xEF\xBB\xBF") {
                let text = "the document begins with EF BB BF";
                notes.push("cpf.byte-order-mark", setup.span, text);
            }
            if let Err(bad) = std::str::from_utf8(octets) {
                let text = format!("not UTF-8 at its octet {}", bad.valid_up_to());
                notes.push("cpf.not-utf-8", setup.span, text);
            }
        }
    }
}
