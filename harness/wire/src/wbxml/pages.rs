//! The vocabularies of WBXML: code pages, tokens and names both ways, and public identifiers.
//!
//! Facts only. Which page is current, and what an unknown token means, is the reader's business.
//! A vocabulary is chosen by the public identifier of a document; one more of them is one more
//! table and its row in [`PUBLIC_IDS`]. Those of client provisioning stand in files of their own.

pub use super::indication::{SI, SI_PAGE, SL, SL_PAGE};
use super::lex::STR_T;
pub use super::prov::{MICROSOFT, MS_PAGE, OLD_VALUES, PROV, PROV_PAGE, PROV_PAGE_1};

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
    names: [&'static str; 64],
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
            names: [""; 64],
            since: [Since::V10; 64],
            renamed,
            slots: [0; SLOTS],
        };
        let mut at = 0;
        while at < tokens.len() {
            let (token, since, name) = tokens[at];
            assert!(token >= 5 && token < 64 && page.names[token as usize].is_empty());
            page.names[token as usize] = name;
            page.since[token as usize] = since;
            let mut slot = slot(name);
            while page.slots[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            page.slots[slot] = token;
            at += 1;
        }
        page
    }

    /// The name of a token (content and attribute bits cleared) in a document of this version.
    pub fn tag(&self, token: u8, version: Since) -> Option<&'static str> {
        let name = self.names[usize::from(token & 0x3F)];
        if name.is_empty() {
            return None;
        }
        let newer = self
            .renamed
            .iter()
            .find(|row| row.0 == token & 0x3F && row.1 <= version);
        Some(newer.map_or(name, |row| row.2))
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
            if self.names[usize::from(token)] == name {
                return Some(token);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// All tokens of the page, in order.
    pub fn tokens(&self) -> impl Iterator<Item = (u8, &'static str, Since)> + '_ {
        let named = (0u8..64).zip(self.names).zip(self.since);
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

/// SyncML and DM messages, and the MetInf and DDF documents that share their pages.
pub static SYNCML: Vocabulary = Vocabulary {
    name: "SyncML",
    pages: &[&SYNCML_PAGE, &METINF_PAGE, &DMDDF_PAGE],
    attributes: &[],
    values: &[],
    addenda: &[],
    addenda_values: &[],
    dates: &[],
};

/// Device information as a document of its own.
pub static DEVINF: Vocabulary = Vocabulary {
    name: "DevInf",
    pages: &[&DEVINF_PAGE],
    attributes: &[],
    values: &[],
    addenda: &[],
    addenda_values: &[],
    dates: &[],
};

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

use Since::{V10, V11, V12};

/// Code page 0 of SyncML. 0x30 is reserved.
pub static SYNCML_PAGE: Page = Page::new(0, "SyncML", Space::SyncMl, SYNCML_TAGS, &[]);
/// Code page 1 of SyncML.
pub static METINF_PAGE: Page = Page::new(1, "MetInf", Space::MetInf, METINF_TAGS, &[]);
/// Code page 2 of SyncML.
pub static DMDDF_PAGE: Page = Page::new(2, "DM DDF", Space::DmDdf, DMDDF_TAGS, &[]);
/// Code page 0 of DevInf. `Size` is called `MaxSize` in 1.2.
pub static DEVINF_PAGE: Page = Page::new(
    0,
    "DevInf",
    Space::DevInf,
    DEVINF_TAGS,
    &[(0x1C, V12, "MaxSize")],
);

/// OMA-TS-SyncML-RepPro, WBXML tokens.
#[rustfmt::skip]
const SYNCML_TAGS: &[(u8, Since, &str)] = &[
    (0x05, V10, "Add"), (0x06, V10, "Alert"), (0x07, V10, "Archive"), (0x08, V10, "Atomic"),
    (0x09, V10, "Chal"), (0x0A, V10, "Cmd"), (0x0B, V10, "CmdID"), (0x0C, V10, "CmdRef"),
    (0x0D, V10, "Copy"), (0x0E, V10, "Cred"), (0x0F, V10, "Data"), (0x10, V10, "Delete"),
    (0x11, V10, "Exec"), (0x12, V10, "Final"), (0x13, V10, "Get"), (0x14, V10, "Item"),
    (0x15, V10, "Lang"), (0x16, V10, "LocName"), (0x17, V10, "LocURI"), (0x18, V10, "Map"),
    (0x19, V10, "MapItem"), (0x1A, V10, "Meta"), (0x1B, V10, "MsgID"), (0x1C, V10, "MsgRef"),
    (0x1D, V10, "NoResp"), (0x1E, V10, "NoResults"), (0x1F, V10, "Put"), (0x20, V10, "Replace"),
    (0x21, V10, "RespURI"), (0x22, V10, "Results"), (0x23, V10, "Search"), (0x24, V10, "Sequence"),
    (0x25, V10, "SessionID"), (0x26, V10, "SftDel"), (0x27, V10, "Source"),
    (0x28, V10, "SourceRef"), (0x29, V10, "Status"), (0x2A, V10, "Sync"), (0x2B, V10, "SyncBody"),
    (0x2C, V10, "SyncHdr"), (0x2D, V10, "SyncML"), (0x2E, V10, "Target"), (0x2F, V10, "TargetRef"),
    (0x31, V10, "VerDTD"), (0x32, V10, "VerProto"), (0x33, V11, "NumberOfChanges"),
    (0x34, V11, "MoreData"), (0x35, V12, "Field"), (0x36, V12, "Filter"), (0x37, V12, "Record"),
    (0x38, V12, "FilterType"), (0x39, V12, "SourceParent"), (0x3A, V12, "TargetParent"),
    (0x3B, V12, "Move"), (0x3C, V12, "Correlator"),
];

/// OMA-TS-SyncML-MetaInfo, WBXML tokens.
#[rustfmt::skip]
const METINF_TAGS: &[(u8, Since, &str)] = &[
    (0x05, V10, "Anchor"), (0x06, V10, "EMI"), (0x07, V10, "Format"), (0x08, V10, "FreeID"),
    (0x09, V10, "FreeMem"), (0x0A, V10, "Last"), (0x0B, V10, "Mark"), (0x0C, V10, "MaxMsgSize"),
    (0x0D, V10, "Mem"), (0x0E, V10, "MetInf"), (0x0F, V10, "Next"), (0x10, V10, "NextNonce"),
    (0x11, V10, "SharedMem"), (0x12, V10, "Size"), (0x13, V10, "Type"), (0x14, V10, "Version"),
    (0x15, V11, "MaxObjSize"), (0x16, V12, "FieldLevel"),
];

/// OMA-TS-DM_TND 10, WBXML tokens.
#[rustfmt::skip]
const DMDDF_TAGS: &[(u8, Since, &str)] = &[
    (0x05, V12, "AccessType"), (0x06, V12, "ACL"), (0x07, V12, "Add"), (0x08, V12, "b64"),
    (0x09, V12, "bin"), (0x0A, V12, "bool"), (0x0B, V12, "chr"), (0x0C, V12, "CaseSense"),
    (0x0D, V12, "CIS"), (0x0E, V12, "Copy"), (0x0F, V12, "CS"), (0x10, V12, "date"),
    (0x11, V12, "DDFName"), (0x12, V12, "DefaultValue"), (0x13, V12, "Delete"),
    (0x14, V12, "Description"), (0x15, V12, "DFFormat"), (0x16, V12, "DFProperties"),
    (0x17, V12, "DFTitle"), (0x18, V12, "DFType"), (0x19, V12, "Dynamic"), (0x1A, V12, "Exec"),
    (0x1B, V12, "float"), (0x1C, V12, "Format"), (0x1D, V12, "Get"), (0x1E, V12, "int"),
    (0x1F, V12, "Man"), (0x20, V12, "MgmtTree"), (0x21, V12, "MIME"), (0x22, V12, "Mod"),
    (0x23, V12, "Name"), (0x24, V12, "Node"), (0x25, V12, "node"), (0x26, V12, "NodeName"),
    (0x27, V12, "null"), (0x28, V12, "Occurrence"), (0x29, V12, "One"), (0x2A, V12, "OneOrMore"),
    (0x2B, V12, "OneOrN"), (0x2C, V12, "Path"), (0x2D, V12, "Permanent"), (0x2E, V12, "Replace"),
    (0x2F, V12, "RTProperties"), (0x30, V12, "Scope"), (0x31, V12, "Size"), (0x32, V12, "time"),
    (0x33, V12, "Title"), (0x34, V12, "TStamp"), (0x35, V12, "Type"), (0x36, V12, "Value"),
    (0x37, V12, "VerDTD"), (0x38, V12, "VerNo"), (0x39, V12, "xml"), (0x3A, V12, "ZeroOrMore"),
    (0x3B, V12, "ZeroOrN"), (0x3C, V12, "ZeroOrOne"),
];

/// OMA-TS-DS_DevInf, WBXML tokens.
#[rustfmt::skip]
const DEVINF_TAGS: &[(u8, Since, &str)] = &[
    (0x05, V10, "CTCap"), (0x06, V10, "CTType"), (0x07, V10, "DataStore"), (0x08, V10, "DataType"),
    (0x09, V10, "DevID"), (0x0A, V10, "DevInf"), (0x0B, V10, "DevTyp"), (0x0C, V10, "DisplayName"),
    (0x0D, V10, "DSMem"), (0x0E, V10, "Ext"), (0x0F, V10, "FwV"), (0x10, V10, "HwV"),
    (0x11, V10, "Man"), (0x12, V10, "MaxGUIDSize"), (0x13, V10, "MaxID"), (0x14, V10, "MaxMem"),
    (0x15, V10, "Mod"), (0x16, V10, "OEM"), (0x17, V10, "ParamName"), (0x18, V10, "PropName"),
    (0x19, V10, "Rx"), (0x1A, V10, "Rx-Pref"), (0x1B, V10, "SharedMem"), (0x1C, V10, "Size"),
    (0x1D, V10, "SourceRef"), (0x1E, V10, "SwV"), (0x1F, V10, "SyncCap"), (0x20, V10, "SyncType"),
    (0x21, V10, "Tx"), (0x22, V10, "Tx-Pref"), (0x23, V10, "ValEnum"), (0x24, V10, "VerCT"),
    (0x25, V10, "VerDTD"), (0x26, V10, "XNam"), (0x27, V10, "XVal"), (0x28, V11, "UTC"),
    (0x29, V11, "SupportNumberOfChanges"), (0x2A, V11, "SupportLargeObjs"), (0x2B, V12, "Property"),
    (0x2C, V12, "PropParam"), (0x2D, V12, "MaxOccur"), (0x2E, V12, "NoTruncate"),
    (0x30, V12, "Filter-Rx"), (0x31, V12, "FilterCap"), (0x32, V12, "FilterKeyword"),
    (0x33, V12, "FieldLevel"), (0x34, V12, "SupportHierarchicalSync"),
];

#[cfg(test)]
mod tests {
    use super::*;

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
