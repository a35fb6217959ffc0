//! The vocabularies of WBXML: code pages, tokens and names both ways, and public identifiers.
//!
//! Facts only. Which page is current, and what an unknown token means, is the reader's business.
//! A vocabulary is chosen by the public identifier of a document; one more of them is one more
//! table and its row in [`PUBLIC_IDS`]. Each family has a file of its own beside this one.

pub use super::indication::{SI, SI_PAGE, SL, SL_PAGE};
use super::lex::STR_T;
pub use super::prov::{MICROSOFT, MS_PAGE, OLD_VALUES, PROV, PROV_PAGE, PROV_PAGE_1};
pub use super::syncml::{DEVINF, DEVINF_PAGE, DMDDF_PAGE, METINF_PAGE, SYNCML, SYNCML_PAGE};

use super::PublicId;
use crate::tree::Namespace;

/// The version of the standard in which a token appeared; `V10` where nobody distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Since {
    /// SyncML 1.0.
    V10,
    /// SyncML 1.1, DM 1.1.2.
    V11,
    /// SyncML 1.2, DM 1.2.
    V12,
}

impl Since {
    /// The version that `VerDTD` names.
    pub fn from_dtd(text: &str) -> Option<Self> {
        match text.trim() {
            "1.0" => Some(Self::V10),
            "1.1" => Some(Self::V11),
            "1.2" => Some(Self::V12),
            _ => None,
        }
    }

    /// `1.0`, `1.1` or `1.2`.
    pub fn dtd(self) -> &'static str {
        match self {
            Self::V10 => "1.0",
            Self::V11 => "1.1",
            Self::V12 => "1.2",
        }
    }
}

/// What the names of a code page are, which decides the namespace they get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// The SyncML representation protocol; the namespace follows the document's version.
    SyncMl,
    /// Meta information.
    MetInf,
    /// Device information.
    DevInf,
    /// The device description framework and its serialisation (TNDS).
    DmDdf,
    /// Client provisioning; without a namespace.
    Prov,
    /// Service indication; without a namespace.
    Si,
    /// Service loading; without a namespace.
    Sl,
}

impl Space {
    /// The namespace of these names in a document of this version.
    pub fn namespace(self, version: Since) -> Namespace<'static> {
        match (self, version) {
            (Self::SyncMl, Since::V10) => Namespace::SyncMl10,
            (Self::SyncMl, Since::V11) => Namespace::SyncMl11,
            (Self::SyncMl, Since::V12) => Namespace::SyncMl12,
            (Self::MetInf, _) => Namespace::MetInf,
            (Self::DevInf, _) => Namespace::DevInf,
            (Self::DmDdf, _) => Namespace::DmDdf,
            (Self::Prov | Self::Si | Self::Sl, _) => Namespace::None,
        }
    }
}

/// A code page of element tokens.
#[derive(Debug)]
pub struct Page {
    /// Its number behind SWITCH_PAGE.
    pub number: u8,
    /// What it is called in dumps and notes.
    pub name: &'static str,
    /// What its names are.
    pub space: Space,
    /// By version and token.
    names: [[&'static str; 64]; 3],
    since: [Since; 64],
    renamed: &'static [(u8, Since, &'static str)],
    slots: [u8; SLOTS],
}

const SLOTS: usize = 256;

impl Page {
    /// A page of these tokens (0x05 to 0x3F, without the content and attribute bits). `renamed`
    /// lists tokens that have another name from some version on.
    pub(super) const fn new(
        number: u8,
        name: &'static str,
        space: Space,
        tokens: &[(u8, Since, &'static str)],
        renamed: &'static [(u8, Since, &'static str)],
    ) -> Self {
        let mut page = Self {
            number,
            name,
            space,
            names: [[""; 64]; 3],
            since: [Since::V10; 64],
            renamed,
            slots: [0; SLOTS],
        };
        let mut at = 0;
        while at < tokens.len() {
            let (token, since, name) = tokens[at];
            assert!(token >= 5 && token < 64 && page.names[0][token as usize].is_empty());
            page.names[0][token as usize] = name;
            page.since[token as usize] = since;
            let mut slot = slot(name);
            while page.slots[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            page.slots[slot] = token;
            at += 1;
        }
        page.names = [page.names[0]; 3];
        at = 0;
        while at < renamed.len() {
            let (token, since, name) = renamed[at];
            let mut version = since as usize;
            assert!(
                version > 0,
                "what it was called first is its name in `tokens`"
            );
            while version < page.names.len() {
                page.names[version][token as usize] = name;
                version += 1;
            }
            at += 1;
        }
        page
    }

    /// The name of a token (content and attribute bits cleared) in a document of this version.
    pub fn tag(&self, token: u8, version: Since) -> Option<&'static str> {
        let name = self.names[version as usize][usize::from(token & 0x3F)];
        (!name.is_empty()).then_some(name)
    }

    /// The version in which a token of this page appeared.
    pub fn since(&self, token: u8) -> Since {
        self.since[usize::from(token & 0x3F)]
    }

    /// The token of a name, without hashing all of it and without a search over the page.
    pub fn token(&self, name: &str) -> Option<u8> {
        if name.is_empty() {
            return None;
        }
        let mut slot = slot(name);
        loop {
            let token = self.slots[slot];
            if token == 0 {
                return self
                    .renamed
                    .iter()
                    .find(|row| row.2 == name)
                    .map(|row| row.0);
            }
            if self.names[0][usize::from(token)] == name {
                return Some(token);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// All tokens of the page, in order.
    pub fn tokens(&self) -> impl Iterator<Item = (u8, &'static str, Since)> + '_ {
        let named = (0u8..64).zip(self.names[0]).zip(self.since);
        named
            .filter(|((_, name), _)| !name.is_empty())
            .map(|((token, name), since)| (token, name, since))
    }
}

/// Where the search for a name starts: its length, first, middle and last octet mixed.
const fn slot(name: &str) -> usize {
    let name = name.as_bytes();
    let last = name.len() - 1;
    let mixed = name[0] as usize * 7
        + name[last] as usize * 29
        + name[last / 2] as usize * 3
        + name.len() * 53;
    mixed % SLOTS
}

/// An attribute token: its page, its code, the attribute's name and the beginning of its value.
pub type AttributeStart = (u8, u8, &'static str, &'static str);

/// An attribute value token: its page, its code and the text it stands for.
pub type AttributeValue = (u8, u8, &'static str);

/// What the tokens of one kind of document mean.
#[derive(Debug)]
pub struct Vocabulary {
    /// What it is called in dumps and notes.
    pub name: &'static str,
    /// Its element tokens.
    pub pages: &'static [&'static Page],
    /// Its attribute start tokens (codes below 0x80).
    pub attributes: &'static [AttributeStart],
    /// Its attribute value tokens (codes from 0x85 on).
    pub values: &'static [AttributeValue],
    /// Attribute start tokens of later addenda: read, and not written.
    pub addenda: &'static [AttributeStart],
    /// Attribute value tokens of later addenda.
    pub addenda_values: &'static [AttributeValue],
    /// The attributes that hold coded dates.
    pub dates: &'static [&'static str],
}

impl Vocabulary {
    /// The page of this number.
    pub fn page(&self, number: u8) -> Option<&'static Page> {
        self.pages
            .iter()
            .copied()
            .find(|page| page.number == number)
    }

    /// The attribute start of this token, those of addenda among them.
    pub fn attribute(&self, page: u8, code: u8) -> Option<&'static AttributeStart> {
        let rows = self.attributes.iter().chain(self.addenda);
        rows.into_iter().find(|row| row.0 == page && row.1 == code)
    }

    /// The attribute value of this token, those of addenda among them.
    pub fn value(&self, page: u8, code: u8) -> Option<&'static AttributeValue> {
        let rows = self.values.iter().chain(self.addenda_values);
        rows.into_iter().find(|row| row.0 == page && row.1 == code)
    }

    /// What this octet means in an attribute list as a token of an outdated draft, whose values of
    /// page 1 are global tokens. References into the string table can only be meant where there is
    /// one.
    pub(crate) fn old_value(&self, page: u8, octet: u8, has_table: bool) -> Option<&'static str> {
        if page != 1 || !std::ptr::eq(self, &raw const PROV) || (octet == STR_T && has_table) {
            return None;
        }
        let row = OLD_VALUES.iter().find(|row| row.0 == octet);
        row.map(|row| row.1)
    }

    /// The page whose names are in this namespace; elements without one are of the first page.
    pub fn page_of(&self, namespace: &Namespace<'_>) -> Option<&'static Page> {
        let space = match namespace {
            Namespace::None => return self.pages.first().copied(),
            Namespace::SyncMl10 | Namespace::SyncMl11 | Namespace::SyncMl12 => Space::SyncMl,
            Namespace::MetInf => Space::MetInf,
            Namespace::DevInf => Space::DevInf,
            Namespace::DmDdf => Space::DmDdf,
            Namespace::Other(_) => return None,
        };
        self.pages.iter().copied().find(|page| page.space == space)
    }
}

/// What a public identifier stands for.
#[derive(Debug)]
pub struct Document {
    /// Its registered number, where it has one.
    pub number: Option<u32>,
    /// Its formal public identifier, compared without regard to case.
    pub fpi: &'static str,
    /// The vocabulary of such documents.
    pub vocabulary: &'static Vocabulary,
    /// Their version.
    pub version: Since,
    /// The space of their root element.
    pub root: Space,
}

impl Document {
    /// What this public identifier stands for, if it is known.
    pub fn of(id: &PublicId) -> Option<&'static Self> {
        PUBLIC_IDS.iter().find(|document| match id {
            PublicId::Number(number) => document.number == Some(*number),
            PublicId::Text(text) => document.fpi.eq_ignore_ascii_case(text),
        })
    }

    /// The document whose root is in this space, in this version or the nearest one.
    pub fn with_root(root: Space, version: Since) -> &'static Self {
        let of_root = || PUBLIC_IDS.iter().filter(|document| document.root == root);
        let exact = of_root().find(|document| document.version == version);
        exact.or_else(|| of_root().next()).unwrap_or(&PUBLIC_IDS[0])
    }
}

/// All public identifiers that are known, the registered spelling of each first.
pub static PUBLIC_IDS: &[Document] = &[
    document(
        0x1201,
        "-//SYNCML//DTD SyncML 1.2//EN",
        &SYNCML,
        Since::V12,
        Space::SyncMl,
    ),
    document(
        0x0FD3,
        "-//SYNCML//DTD SyncML 1.1//EN",
        &SYNCML,
        Since::V11,
        Space::SyncMl,
    ),
    document(
        0x0FD1,
        "-//SYNCML//DTD SyncML 1.0//EN",
        &SYNCML,
        Since::V10,
        Space::SyncMl,
    ),
    document(
        0x1203,
        "-//SYNCML//DTD DevInf 1.2//EN",
        &DEVINF,
        Since::V12,
        Space::DevInf,
    ),
    document(
        0x0FD4,
        "-//SYNCML//DTD DevInf 1.1//EN",
        &DEVINF,
        Since::V11,
        Space::DevInf,
    ),
    document(
        0x0FD2,
        "-//SYNCML//DTD DevInf 1.0//EN",
        &DEVINF,
        Since::V10,
        Space::DevInf,
    ),
    document(
        0x1202,
        "-//SYNCML//DTD MetInf 1.2//EN",
        &SYNCML,
        Since::V12,
        Space::MetInf,
    ),
    document(
        0,
        "-//OMA//DTD-DM-DDF 1.2//EN",
        &SYNCML,
        Since::V12,
        Space::DmDdf,
    ),
    document(
        0x0B,
        "-//WAPFORUM//DTD PROV 1.0//EN",
        &PROV,
        Since::V10,
        Space::Prov,
    ),
    document(
        0x05,
        "-//WAPFORUM//DTD SI 1.0//EN",
        &SI,
        Since::V10,
        Space::Si,
    ),
    document(
        0x06,
        "-//WAPFORUM//DTD SL 1.0//EN",
        &SL,
        Since::V10,
        Space::Sl,
    ),
    // The spellings that OMA gave the same identifiers later.
    document(
        0,
        "-//OMA//DTD SYNCML 1.2//EN",
        &SYNCML,
        Since::V12,
        Space::SyncMl,
    ),
    document(
        0,
        "-//OMA//DTD SYNCML 1.1//EN",
        &SYNCML,
        Since::V11,
        Space::SyncMl,
    ),
    document(
        0,
        "-//OMA//DTD SYNCML 1.0//EN",
        &SYNCML,
        Since::V10,
        Space::SyncMl,
    ),
    document(
        0,
        "-//OMA//DTD SYNCML-METINF 1.2//EN",
        &SYNCML,
        Since::V12,
        Space::MetInf,
    ),
];

const fn document(
    number: u32,
    fpi: &'static str,
    vocabulary: &'static Vocabulary,
    version: Since,
    root: Space,
) -> Document {
    // Number 0 announces an identifier in the string table, so nothing is registered as 0.
    Document {
        number: if number == 0 { None } else { Some(number) },
        fpi,
        vocabulary,
        version,
        root,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Since::{V11, V12};

    const PAGES: [&Page; 9] = [
        &SYNCML_PAGE,
        &METINF_PAGE,
        &DMDDF_PAGE,
        &DEVINF_PAGE,
        &PROV_PAGE,
        &PROV_PAGE_1,
        &MS_PAGE,
        &SI_PAGE,
        &SL_PAGE,
    ];

    #[test]
    fn every_name_finds_its_token_again() {
        for page in PAGES {
            for (token, name, _) in page.tokens() {
                assert_eq!(page.token(name), Some(token), "{} {name}", page.name);
                assert_eq!(page.tag(token, page.since(token)), Some(name));
            }
            assert_eq!(page.token("Nothing"), None);
            assert_eq!(page.token(""), None);
        }
    }

    #[test]
    fn pages_stand_at_their_numbers() {
        for vocabulary in [&SYNCML, &DEVINF] {
            for (at, page) in vocabulary.pages.iter().enumerate() {
                assert_eq!(usize::from(page.number), at, "{}", page.name);
            }
        }
    }

    #[test]
    fn pages_hold_as_many_tokens_as_the_standards_list() {
        assert_eq!(
            PAGES.map(|page| page.tokens().count()),
            [55, 18, 56, 47, 3, 2, 10, 4, 1]
        );
    }

    #[test]
    fn a_renamed_token_answers_to_both_names() {
        assert_eq!(DEVINF_PAGE.tag(0x1C, V11), Some("Size"));
        assert_eq!(DEVINF_PAGE.tag(0x1C, V12), Some("MaxSize"));
        assert_eq!(DEVINF_PAGE.token("MaxSize"), Some(0x1C));
        assert_eq!(DEVINF_PAGE.token("Size"), Some(0x1C));
    }

    #[test]
    fn public_identifiers_are_found_by_number_and_by_text_in_any_case() {
        let by_number = Document::of(&PublicId::Number(0x0FD3)).expect("registered");
        assert_eq!((by_number.version, by_number.root), (V11, Space::SyncMl));
        let text = PublicId::Text("-//syncml//dtd syncml 1.2//en".to_owned());
        assert_eq!(
            Document::of(&text).map(|document| document.number),
            Some(Some(0x1201))
        );
        assert!(Document::of(&PublicId::Number(1)).is_none());
        assert!(Document::of(&PublicId::Number(0)).is_none());
        assert_eq!(Document::with_root(Space::DmDdf, V11).number, None);
        assert_eq!(Document::with_root(Space::DevInf, V11).number, Some(0x0FD4));
    }
}
