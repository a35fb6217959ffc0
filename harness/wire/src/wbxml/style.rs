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
    /// An empty element with the content bit and an END.
    pub empty_with_content: bool,
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
            empty_with_content: false,
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
