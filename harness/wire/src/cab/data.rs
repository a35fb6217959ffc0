//! The data blocks of a folder: found, summed and unpacked, within limits. Which member holds which
//! of the octets is left to the reader.

use super::cursor::Cursor;
use super::{BLOCK, Block, Compression, Folder, checksum, mszip};
use crate::span::{Limits, Notes, Span};

/// What may still be read of one cabinet.
#[derive(Debug)]
pub(super) struct Budget {
    /// Folders, members and blocks.
    entries: usize,
    /// Octets to unpack to.
    unpacked: usize,
    /// Octets of blocks: no more than there are, or some are read twice.
    packed: usize,
    /// True when one of them was not enough, which is noted once.
    pub(super) spent: bool,
}

impl Budget {
    pub(super) fn new(limits: &Limits, length: usize) -> Self {
        Self {
            entries: limits.nodes,
            unpacked: limits.bytes,
            packed: length,
            spent: false,
        }
    }

    /// Takes one folder, member or block; false where none is left.
    pub(super) fn entry(&mut self, notes: &mut Notes, span: Span) -> bool {
        let enough = take(&mut self.entries, 1);
        if !enough {
            self.over(
                notes,
                span,
                "more folders, members and blocks than are read",
            );
        }
        enough
    }

    fn over(&mut self, notes: &mut Notes, span: Span, text: &str) {
        if !self.spent {
            notes.push("cab.too-much", span, text);
        }
        self.spent = true;
    }
}

fn take(of: &mut usize, count: usize) -> bool {
    let left = of.checked_sub(count);
    *of = left.unwrap_or(*of);
    left.is_some()
}

/// Reads and unpacks the blocks of one folder. `reserved` is the number of reserved octets in each.
pub(super) fn read(
    bytes: &[u8],
    folder: &mut Folder,
    reserved: u8,
    budget: &mut Budget,
    notes: &mut Notes,
) {
    match folder.compression {
        Compression::Stored | Compression::Mszip => {}
        Compression::Quantum(_) | Compression::Lzx(_) => {
            let text = format!("{} is not unpacked here", folder.compression);
            notes.push("cab.unsupported-compression", folder.span, text);
        }
        Compression::Unknown(code) => {
            let text = format!("typeCompress 0x{code:04X}");
            notes.push("cab.unknown-compression", folder.span, text);
        }
    }
    let mut cursor = Cursor::new(bytes, folder.data_at as usize);
    let mut going = true;
    for index in 0..folder.claimed {
        let start = cursor.at();
        let here = Span::new(start.min(bytes.len()), start.min(bytes.len()));
        if budget.spent || !budget.entry(notes, here) {
            return;
        }
        let Some((block, reserve)) = block(&mut cursor, reserved) else {
            let text = format!("no room for block {index} of {}", folder.claimed);
            let span = Span::new(here.start(), bytes.len());
            notes.push("cab.cut-short", span, text);
            return;
        };
        if !take(&mut budget.packed, block.span.len as usize) {
            notes.push("cab.overlap", block.span, "a block that was read before");
            budget.spent = true;
            return;
        }
        folder.blocks.push(block);
        let data = block.data.of(bytes);
        sums(block, reserve, data, notes);
        let is_last = index + 1 == folder.claimed;
        lengths(block, folder.compression, is_last, notes);
        if going {
            going = unpack(folder, block, data, budget, notes);
        }
    }
}

/// A block, and the octets that its checksum covers besides its data.
fn block<'a>(cursor: &mut Cursor<'a>, reserved: u8) -> Option<(Block, &'a [u8])> {
    let start = cursor.at();
    let sum = cursor.u32()?;
    let mut fields = cursor.clone();
    let packed = cursor.u16()?;
    let unpacked = cursor.u16()?;
    cursor.octets(usize::from(reserved))?;
    let covered = fields.octets(4 + usize::from(reserved))?;
    let data = cursor.at();
    cursor.octets(usize::from(packed))?;
    let block = Block {
        checksum: sum,
        packed,
        unpacked,
        data: cursor.since(data),
        span: cursor.since(start),
    };
    Some((block, covered))
}

/// Compares the checksum (MS-CAB 2.4): over the data first, then over lengths and reserved octets.
fn sums(block: Block, covered: &[u8], data: &[u8], notes: &mut Notes) {
    let over = checksum(data, 0);
    if block.checksum == 0 {
        notes.push_once("cab.no-checksum", block.span, "the checksum is zero");
    } else if block.checksum != checksum(covered, over) {
        let lengths = covered.get(..4).unwrap_or_default();
        let field = Span::new(block.span.start(), block.span.start() + 4);
        if block.checksum == checksum(lengths, over) {
            let text = "the checksum leaves the reserved octets out";
            notes.push_once("cab.checksum-without-reserve", field, text);
        } else {
            let text = format!(
                "the checksum is {:08x}, that of the octets is {:08x}",
                block.checksum,
                checksum(covered, over)
            );
            notes.push("cab.bad-checksum", field, text);
        }
    }
}

fn lengths(block: Block, compression: Compression, is_last: bool, notes: &mut Notes) {
    let unpacked = usize::from(block.unpacked);
    let fields = Span::new(block.span.start() + 4, block.span.start() + 8);
    if unpacked == 0 {
        notes.push_once("cab.continued", fields, "a block that ends elsewhere");
    } else if unpacked > BLOCK {
        let text = format!("a block of {unpacked} octets unpacked");
        notes.push("cab.bad-block-length", fields, text);
    } else if unpacked < BLOCK && !is_last {
        let text = format!("a block of {unpacked} octets unpacked that is not the last");
        notes.push("cab.bad-block-length", fields, text);
    } else if compression == Compression::Stored && block.packed != block.unpacked {
        let text = format!("{} octets stored for {unpacked}", block.packed);
        notes.push("cab.bad-block-length", fields, text);
    }
}

/// Unpacks one block behind those before it; false where the folder ends for us.
fn unpack(
    folder: &mut Folder,
    block: Block,
    data: &[u8],
    budget: &mut Budget,
    notes: &mut Notes,
) -> bool {
    let length = usize::from(block.unpacked).min(BLOCK);
    if !take(&mut budget.unpacked, length) {
        let text = "unpacks to more octets than are read";
        budget.over(notes, block.span, text);
        return false;
    }
    match folder.compression {
        Compression::Stored => {
            let stored = data.get(..length).unwrap_or(data);
            folder.contents.extend_from_slice(stored);
            stored.len() == length
        }
        Compression::Mszip if length == 0 => false,
        Compression::Mszip => match mszip::unpack(&mut folder.contents, data, length) {
            Ok(0) => true,
            Ok(behind) => {
                let span = Span::new(block.data.end() - behind, block.data.end());
                notes.push_once("cab.slack", span, format!("{behind} octets of no meaning"));
                true
            }
            Err(why) => {
                notes.push("cab.bad-mszip", block.data, why);
                false
            }
        },
        _ => false,
    }
}
