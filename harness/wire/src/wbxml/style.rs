//! What a writer may choose, and what it cannot write.
//!
//! The choices are all lawful but for those that say otherwise; what they turn into is the
//! writer's business.

use super::header::PublicId;

/// How a document is written, where the format leaves it free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// The version octet; 0x00 (1.0) leaves the character set out.
    pub version: u8,
    /// How the document type is named.
    pub public_id: Identify,
    /// The character set that is declared (IANA MIBenum). Strings are UTF-8 whatever it is.
    pub charset: u32,
    /// Where strings stand.
    pub strings: Strings,
    /// A SWITCH_PAGE in front of every element token, needed or not.
    pub redundant_switches: bool,
    /// No SWITCH_PAGE in front of element tokens, even where one is needed. Wrong then.
    pub unswitched_elements: bool,
    /// An empty element with the content bit and an END.
    pub empty_with_content: bool,
    /// How attributes are written where the vocabulary has tokens for them.
    pub attributes: Attributes,
}

/// How attributes are written where the vocabulary has tokens for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Which tokens stand for names, and the beginnings of values.
    pub starts: Starts,
    /// Where tokens stand for pieces of values.
    pub values: Values,
    /// Which page is taken for a token that stands on two, and whether it is switched to.
    pub pages: Pages,
    /// Tokens of Windows Mobile as well.
    pub microsoft: bool,
    /// The values of page 1 in the codes of the draft of 2002. Wrong since 2005.
    pub old_values: bool,
    /// How dates are written.
    pub dates: Dates,
}

/// Which tokens stand for names, and the beginnings of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Starts {
    /// The one that stands for most.
    #[default]
    Longest,
    /// The one for the name alone, if there is one.
    Bare,
    /// None: all names are literals.
    Literal,
}

/// Where tokens stand for pieces of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Values {
    /// Wherever a piece of a value is one, in the order of the table.
    #[default]
    Anywhere,
    /// Where a whole value is one.
    Whole,
    /// Nowhere.
    Never,
}

/// Which page is taken for a token that stands on two, and whether it is switched to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pages {
    /// The lowest.
    #[default]
    Lowest,
    /// The one that is current.
    Current,
    /// The lowest, and no SWITCH_PAGE even where one is needed. Wrong then.
    Unswitched,
}

/// How dates of service indications are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dates {
    /// Coded, without zeros at the end.
    #[default]
    Coded,
    /// Coded in seven octets always. Wrong where there are zeros.
    Untrimmed,
    /// As text. Wrong.
    Text,
}

impl Default for Style {
    /// Version 1.2, registered number, UTF-8, strings where the tree has them, nothing redundant.
    fn default() -> Self {
        Self {
            version: 0x02,
            public_id: Identify::Number,
            charset: super::UTF_8,
            strings: Strings::AsGiven,
            redundant_switches: false,
            unswitched_elements: false,
            empty_with_content: false,
            attributes: Attributes::default(),
        }
    }
}

/// How a document type is named. The version is that of the root's namespace, or else of VerDTD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identify {
    /// By its registered number; by its text where it has none.
    Number,
    /// By its formal public identifier in the string table.
    Text,
    /// The same without the final NUL, at the end of the table.
    TextWithoutNul,
    /// By the number of SyncML 1.1 where the document is of 1.2, and the other way round.
    OtherVersion,
    /// By this, whatever the document is.
    Given(PublicId),
}

/// Where strings stand. One that holds a NUL is opaque in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strings {
    /// Where the form of each text says: in the table, opaque, and inline otherwise.
    AsGiven,
    /// All inline.
    Inline,
    /// All in the string table, equal ones once.
    Table,
    /// In the string table what is there more than once, the rest inline.
    Shared,
    /// All opaque.
    Opaque,
    /// Inline, in the table and opaque by turns.
    Mixed,
}

/// Why a tree cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// There is no element.
    #[error("the document has no root element")]
    NoRoot,
    /// A name holds the octet that ends strings.
    #[error("the name {0:?} holds a NUL")]
    Name(String),
    /// More octets than a multi-byte integer counts.
    #[error("more than 2^32 octets")]
    TooLarge,
}
