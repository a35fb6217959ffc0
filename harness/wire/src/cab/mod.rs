//! Cabinets (MS-CAB): the archive that carries provisioning files to a device, read and written.
//!
//! Stored and MSZIP folders are unpacked; Quantum and LZX are named and left packed. Sets of
//! several cabinets are noted and not followed. Where a signature stands is known here; what it is
//! worth is the business of [`crate::authenticode`], and what a package for a device must hold
//! that of [`crate::cpf`]. Nothing here touches a file system.

mod cursor;
mod data;
pub mod dump;
mod layout;
mod mszip;
mod names;
mod read;
mod write;

use std::fmt;

use crate::span::Span;

pub use read::read;
pub use write::{Entry, Style, Unwritable, write};

/// Octets that one data block unpacks to, at most; all blocks of a folder but the last have as many.
pub const BLOCK: usize = 32_768;

/// The first octets of every cabinet.
pub const MAGIC: [u8; 4] = *b"MSCF";

/// The flag that names a cabinet before this one in a set.
pub const FLAG_PREVIOUS: u16 = 0x0001;
/// The flag that names a cabinet behind this one in a set.
pub const FLAG_NEXT: u16 = 0x0002;
/// The flag that announces reserved areas.
pub const FLAG_RESERVE: u16 = 0x0004;

/// A cabinet that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cabinet {
    /// What it says of itself.
    pub header: Header,
    /// Its folders, unpacked as far as that was possible.
    pub folders: Vec<Folder>,
    /// Its members, in the order of the directory.
    pub members: Vec<Member>,
    /// The octets of a signature, where the reserved area of the header points to one that is there.
    pub signature: Option<Span>,
}

impl Cabinet {
    /// What a member holds; nothing where its folder could not be unpacked that far.
    pub fn contents(&self, member: &Member) -> Option<&[u8]> {
        let folder = self.folders.get(usize::from(member.folder))?;
        let start = member.offset as usize;
        let end = start.checked_add(member.length as usize)?;
        folder.contents.get(start..end)
    }

    /// The first member of this name, letter by letter.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// The header (CFHEADER).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Octets of the whole cabinet, a signature not among them.
    pub length: u32,
    /// Where the directory of members begins.
    pub files_at: u32,
    /// The version of the format, major and minor: 1 and 3.
    pub version: (u8, u8),
    /// How many folders there are.
    pub folders: u16,
    /// How many members there are.
    pub files: u16,
    /// The flags.
    pub flags: u16,
    /// The number of the set.
    pub set: u16,
    /// The number of this cabinet in its set, from zero.
    pub number: u16,
    /// The reserved areas.
    pub reserve: Option<Reserve>,
    /// The cabinet before this one in a set.
    pub previous: Option<Link>,
    /// The cabinet behind this one in a set.
    pub next: Option<Link>,
    /// All of the header, reserved area and links included.
    pub span: Span,
}

/// Octets that the format leaves to applications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reserve {
    /// Those in the header.
    pub header: Span,
    /// How many there are in each folder entry.
    pub folder: u8,
    /// How many there are in each data block.
    pub data: u8,
}

/// A neighbour in a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The name of its file.
    pub cabinet: String,
    /// The label of its disk.
    pub disk: String,
    /// Both, with their ends.
    pub span: Span,
}

/// How the blocks of a folder are packed (the low four bits of typeCompress).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all.
    #[default]
    Stored,
    /// Deflate, a block at a time with the history of those before.
    Mszip,
    /// Quantum, with its parameters.
    Quantum(u16),
    /// LZX, with its parameters.
    Lzx(u16),
    /// None that the format has.
    Unknown(u16),
}

impl Compression {
    /// The compression that this typeCompress names.
    pub fn from_code(code: u16) -> Self {
        match (code & 0x000F, code) {
            (_, 0) => Self::Stored,
            (_, 1) => Self::Mszip,
            (2, _) => Self::Quantum(code),
            (3, _) => Self::Lzx(code),
            _ => Self::Unknown(code),
        }
    }

    /// The typeCompress that names it.
    pub fn code(self) -> u16 {
        match self {
            Self::Stored => 0,
            Self::Mszip => 1,
            Self::Quantum(code) | Self::Lzx(code) | Self::Unknown(code) => code,
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stored => f.write_str("stored"),
            Self::Mszip => f.write_str("MSZIP"),
            Self::Quantum(code) => write!(f, "Quantum 0x{code:04X}"),
            Self::Lzx(code) => write!(f, "LZX 0x{code:04X}"),
            Self::Unknown(code) => write!(f, "unknown 0x{code:04X}"),
        }
    }
}

/// A folder (CFFOLDER): members packed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Where its first block begins.
    pub data_at: u32,
    /// How many blocks it says it has.
    pub claimed: u16,
    /// How they are packed.
    pub compression: Compression,
    /// The blocks that are there.
    pub blocks: Vec<Block>,
    /// What they unpack to, up to the first that does not.
    pub contents: Vec<u8>,
    /// Its entry.
    pub span: Span,
}

/// A data block (CFDATA).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The checksum; zero says that there is none.
    pub checksum: u32,
    /// Octets as packed.
    pub packed: u16,
    /// Octets as unpacked.
    pub unpacked: u16,
    /// The packed octets.
    pub data: Span,
    /// All of it.
    pub span: Span,
}

/// A member (CFFILE).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name, with whatever path it has.
    pub name: String,
    /// Octets, unpacked.
    pub length: u32,
    /// Where it begins in what its folder unpacks to.
    pub offset: u32,
    /// The index of its folder, or one of [`CONTINUED`].
    pub folder: u16,
    /// When it was changed: years since 1980, month, day in 7, 4 and 5 bits.
    pub date: u16,
    /// Hours, minutes, halves of seconds in 5, 6 and 5 bits.
    pub time: u16,
    /// Read-only 01, hidden 02, system 04, archive 20, executable 40, name is UTF-8 80.
    pub attributes: u16,
    /// The octets of the name, without the NUL.
    pub name_span: Span,
    /// Its entry.
    pub span: Span,
}

/// Folder indices that say the member begins before this cabinet, ends behind it, or both.
pub const CONTINUED: [u16; 3] = [0xFFFD, 0xFFFE, 0xFFFF];

/// The attribute that says a name is UTF-8.
pub const ATTRIBUTE_UTF8: u16 = 0x0080;

/// The checksum over these octets, begun with `seed` (MS-CAB 3.1): exclusive or of little-endian
/// words, the rest turned the other way round.
pub fn checksum(octets: &[u8], seed: u32) -> u32 {
    let (words, rest) = octets.as_chunks::<4>();
    let sum = words
        .iter()
        .fold(seed, |sum, word| sum ^ u32::from_le_bytes(*word));
    let rest = rest
        .iter()
        .fold(0, |sum, &octet| sum << 8 | u32::from(octet));
    sum ^ rest
}

/// Every kind of note that [`read`] gives: whether it is a fault, and what it says. A fault is what
/// no conforming writer does; the rest is worth knowing.
pub const KINDS: &[(&str, bool, &str)] = &[
    (
        "cab.bad-version",
        true,
        "the version of the format is not 1.3",
    ),
    (
        "cab.reserved-not-zero",
        true,
        "a reserved field of the header is not zero",
    ),
    (
        "cab.unknown-flags",
        true,
        "flags that the format does not have",
    ),
    (
        "cab.part-of-set",
        false,
        "the cabinet is one of a set, which is not followed",
    ),
    (
        "cab.cut-short",
        true,
        "the octets end before the cabinet does",
    ),
    (
        "cab.trailing-octets",
        true,
        "octets behind the cabinet that are no signature",
    ),
    (
        "cab.outside",
        true,
        "a structure stands behind the end that the header gives",
    ),
    ("cab.overlap", true, "two structures share octets"),
    (
        "cab.gap",
        false,
        "octets between the structures that none of them holds",
    ),
    ("cab.empty", true, "no folder, or no member"),
    (
        "cab.bad-signature-slot",
        true,
        "the reserved area points to a signature that is not there",
    ),
    (
        "cab.unknown-reserve",
        false,
        "a reserved area in the header that is no place for a signature",
    ),
    (
        "cab.bad-folder-index",
        true,
        "a member in a folder that is not there",
    ),
    (
        "cab.continued",
        false,
        "a member or a block that goes on in another cabinet",
    ),
    (
        "cab.bad-range",
        true,
        "a member that reaches behind the end of its folder",
    ),
    (
        "cab.bad-name",
        true,
        "a name that is empty, too long, or in no character set",
    ),
    (
        "cab.climbing-name",
        true,
        "a name that leads out of the folder it is unpacked into",
    ),
    ("cab.duplicate-name", true, "two members of one name"),
    (
        "cab.unsupported-compression",
        false,
        "packed in a way that is not unpacked here",
    ),
    (
        "cab.unknown-compression",
        true,
        "packed in no way that the format has",
    ),
    ("cab.bad-checksum", true, "the checksum of a block is wrong"),
    ("cab.no-checksum", false, "a block without checksum"),
    (
        "cab.checksum-without-reserve",
        false,
        "a checksum that leaves the reserved area out",
    ),
    (
        "cab.bad-block-length",
        true,
        "a block of a length that its place or packing forbids",
    ),
    (
        "cab.bad-mszip",
        true,
        "a block that is no MSZIP, or unpacks to another length",
    ),
    (
        "cab.slack",
        false,
        "octets in a block behind the end of what is packed",
    ),
    (
        "cab.too-much",
        true,
        "more members, blocks or unpacked octets than are read",
    ),
];

/// True for a kind of note that no conforming cabinet gives.
pub fn is_fault(kind: &str) -> bool {
    KINDS.iter().any(|row| row.0 == kind && row.1)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(b"", 0)]
    #[case::a_word(b"\x01\x02\x03\x04", 0x0403_0201)]
    #[case::one_more(b"\x01\x02\x03\x04\x05", 0x0403_0204)]
    #[case::two_more(b"\x01\x02\x03\x04\x05\x06", 0x0403_0707)]
    #[case::three_more(b"\x01\x02\x03\x04\x05\x06\x07", 0x0406_0406)]
    fn the_rest_of_a_checksum_is_turned_round(#[case] octets: &[u8], #[case] sum: u32) {
        assert_eq!(checksum(octets, 0), sum);
        assert_eq!(checksum(octets, u32::MAX), !sum);
    }

    #[rstest]
    #[case(0x0000, Compression::Stored)]
    #[case(0x0001, Compression::Mszip)]
    #[case(0x0772, Compression::Quantum(0x0772))]
    #[case(0x1503, Compression::Lzx(0x1503))]
    #[case(0x0004, Compression::Unknown(0x0004))]
    #[case(0x0101, Compression::Unknown(0x0101))]
    fn a_compression_and_its_code_are_one(#[case] code: u16, #[case] compression: Compression) {
        assert_eq!(Compression::from_code(code), compression);
        assert_eq!(compression.code(), code);
    }
}
