//! Writing a cabinet from members, in the ways a writer is free to choose. Wrong cabinets are made
//! by changing octets of right ones; signing is [`crate::authenticode`]'s.

use super::{ATTRIBUTE_UTF8, BLOCK, Compression, FLAG_RESERVE, MAGIC, checksum, mszip};

/// A member to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub contents: Vec<u8>,
    /// When it was changed, as [`super::Member::date`].
    pub date: u16,
    /// As [`super::Member::time`].
    pub time: u16,
    /// As [`super::Member::attributes`]; that of a UTF-8 name is added where it needs one.
    pub attributes: u16,
}

impl Entry {
    /// A member of this name, last changed on 2009-01-02 at 03:04:06.
    pub fn new(name: impl Into<String>, contents: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            contents: contents.into(),
            date: 29 << 9 | 1 << 5 | 2,
            time: 3 << 11 | 4 << 5 | 3,
            attributes: 0x20,
        }
    }
}

/// What a writer of cabinets is free to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// How folders are packed: stored or MSZIP.
    pub compression: Compression,
    /// Each member in a folder of its own, or all in one.
    pub folder_each: bool,
    /// Whether blocks have checksums.
    pub checksums: bool,
    /// The number of the set.
    pub set: u16,
    /// The reserved area of the header.
    pub reserve: Vec<u8>,
    /// Reserved octets in each folder entry.
    pub reserve_folder: u8,
    /// Reserved octets in each block.
    pub reserve_data: u8,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            compression: Compression::Stored,
            folder_each: false,
            checksums: true,
            set: 0,
            reserve: Vec::new(),
            reserve_folder: 0,
            reserve_data: 0,
        }
    }
}

/// Why no cabinet can be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// A name that cannot stand in a directory.
    #[error("the name {0:?} is empty, too long or has a NUL")]
    Name(String),
    /// A packing that is not written here.
    #[error("{0} is not written here")]
    Compression(Compression),
    /// More than the fields of the format can count.
    #[error("too many {0} for a cabinet")]
    TooMany(&'static str),
}

/// Writes one cabinet with these members in this order.
///
/// # Errors
/// [`Unwritable`], as it says.
pub fn write(entries: &[Entry], style: &Style) -> Result<Vec<u8>, Unwritable> {
    let count = |count: usize, what| u16::try_from(count).map_err(|_| Unwritable::TooMany(what));
    let size = |size: usize| u32::try_from(size).map_err(|_| Unwritable::TooMany("octets"));

    let folders: Vec<&[Entry]> = if style.folder_each {
        entries.chunks(1).collect()
    } else {
        vec![entries]
    };
    let reserve = reserve(style)?;
    let mut directory = Vec::new();
    for (index, members) in folders.iter().enumerate() {
        let mut offset = 0;
        for entry in *members {
            let length = entry.contents.len();
            directory.extend(size(length)?.to_le_bytes());
            directory.extend(size(offset)?.to_le_bytes());
            directory.extend(count(index, "folders")?.to_le_bytes());
            add_name(&mut directory, entry)?;
            offset += length;
        }
    }
    let entry_size = 8 + usize::from(style.reserve_folder);
    let files_at = 36 + reserve.len() + folders.len() * entry_size;
    let data_at = files_at + directory.len();

    let mut table = Vec::new();
    let mut data = Vec::new();
    for members in &folders {
        let contents: Vec<u8> = members
            .iter()
            .flat_map(|entry| entry.contents.clone())
            .collect();
        table.extend(size(data_at + data.len())?.to_le_bytes());
        let blocks = contents.chunks(BLOCK).len();
        table.extend(count(blocks, "blocks")?.to_le_bytes());
        table.extend(style.compression.code().to_le_bytes());
        table.resize(table.len() + usize::from(style.reserve_folder), 0);
        for block in contents.chunks(BLOCK) {
            add_block(&mut data, block, style)?;
        }
    }

    let mut out = MAGIC.to_vec();
    out.extend([0; 4]);
    out.extend(size(data_at + data.len())?.to_le_bytes());
    out.extend([0; 4]);
    out.extend(size(files_at)?.to_le_bytes());
    out.extend([0; 4]);
    out.extend([3, 1]);
    out.extend(count(folders.len(), "folders")?.to_le_bytes());
    out.extend(count(entries.len(), "members")?.to_le_bytes());
    let flags = if reserve.is_empty() { 0 } else { FLAG_RESERVE };
    out.extend(flags.to_le_bytes());
    out.extend(style.set.to_le_bytes());
    out.extend([0; 2]);
    out.extend(reserve);
    out.extend(table);
    out.extend(directory);
    out.extend(data);
    Ok(out)
}

/// The fields of reserved areas, and that of the header; empty where there are none.
fn reserve(style: &Style) -> Result<Vec<u8>, Unwritable> {
    let sizes = [style.reserve_folder, style.reserve_data];
    if style.reserve.is_empty() && sizes == [0, 0] {
        return Ok(Vec::new());
    }
    let length = u16::try_from(style.reserve.len());
    let length = length.map_err(|_| Unwritable::TooMany("reserved octets"))?;
    let mut out = length.to_le_bytes().to_vec();
    out.extend(sizes);
    out.extend(&style.reserve);
    Ok(out)
}

fn add_name(directory: &mut Vec<u8>, entry: &Entry) -> Result<(), Unwritable> {
    let name = entry.name.as_bytes();
    if name.is_empty() || name.len() > 255 || name.contains(&0) {
        return Err(Unwritable::Name(entry.name.clone()));
    }
    let utf8 = if name.is_ascii() { 0 } else { ATTRIBUTE_UTF8 };
    for field in [entry.date, entry.time, entry.attributes | utf8] {
        directory.extend(field.to_le_bytes());
    }
    directory.extend(name);
    directory.push(0);
    Ok(())
}

fn add_block(data: &mut Vec<u8>, octets: &[u8], style: &Style) -> Result<(), Unwritable> {
    let packed = match style.compression {
        Compression::Stored => octets.to_vec(),
        Compression::Mszip => mszip::pack(octets),
        other => return Err(Unwritable::Compression(other)),
    };
    let lengths = [packed.len(), octets.len()].map(u16::try_from);
    let mut covered = Vec::new();
    for length in lengths {
        let length = length.map_err(|_| Unwritable::TooMany("octets in a block"))?;
        covered.extend(length.to_le_bytes());
    }
    covered.resize(4 + usize::from(style.reserve_data), 0);
    let sum = checksum(&covered, checksum(&packed, 0));
    let sum = if style.checksums { sum } else { 0 };
    data.extend(sum.to_le_bytes());
    data.extend(covered);
    data.extend(packed);
    Ok(())
}
