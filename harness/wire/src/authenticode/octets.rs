//! Which octets of a cabinet a signature is over, and how a cabinet makes room for one. What the
//! signature says of them is left to the others here.
//!
//! The digest leaves out what signing changes and what a set would change: the first reserved
//! field, the number in the set, the place of the signature (all of the reserved area but its last
//! four octets, which are hashed), the names of neighbours, and the signature itself.

use crate::cab::{Cabinet, FLAG_RESERVE, Reserve};

/// The length of the reserved area that holds the place of a signature.
const SLOT: usize = 20;

/// What the place of a signature begins with: an empty field, and the length that MakeCab gives.
const MARK: [u8; 4] = [0x00, 0x00, 0x10, 0x00];

/// The pieces that are hashed, in order. `end` is where the signature begins. A cabinet without
/// the place of a signature is hashed from its folders on.
pub(super) fn hashed<'a>(bytes: &'a [u8], cabinet: &Cabinet, end: usize) -> [&'a [u8]; 4] {
    let piece = |from: usize, to: usize| bytes.get(from..to.max(from)).unwrap_or_default();
    let body = cabinet.header.span.end();
    let reserve = cabinet.header.reserve.unwrap_or_default().header;
    let last = if reserve.len as usize >= SLOT {
        piece(reserve.start() + 16, reserve.start() + SLOT)
    } else {
        &[]
    };
    [piece(0, 4), piece(8, 34), last, piece(body, end)]
}

/// The same cabinet, without a signature but with an empty place for one; nothing where its
/// offsets would not fit or its structures are not all there.
pub(super) fn with_room(bytes: &[u8], cabinet: &Cabinet) -> Option<Vec<u8>> {
    let header = &cabinet.header;
    let Reserve {
        header: reserve,
        folder,
        data,
    } = header.reserve.unwrap_or_default();
    let old = match header.reserve {
        Some(_) => 4 + reserve.len as usize,
        None => 0,
    };
    let body = bytes.get(36 + old..header.length as usize)?;
    let moved = |field: u32| {
        let added = (4 + SLOT) as u32;
        field.checked_sub(old as u32)?.checked_add(added)
    };

    let mut out = bytes.get(..36)?.to_vec();
    patch(&mut out, 8, &moved(header.length)?.to_le_bytes())?;
    patch(&mut out, 16, &moved(header.files_at)?.to_le_bytes())?;
    patch(&mut out, 30, &(header.flags | FLAG_RESERVE).to_le_bytes())?;
    out.extend((SLOT as u16).to_le_bytes());
    out.extend([folder, data]);
    out.extend(MARK);
    out.extend([0; SLOT - MARK.len()]);
    out.extend(body);
    for entry in &cabinet.folders {
        let at = entry.span.start() + 4 + SLOT - old;
        patch(&mut out, at, &moved(entry.data_at)?.to_le_bytes())?;
    }
    Some(out)
}

/// Writes where the signature is and how long into the place that [`with_room`] made.
pub(super) fn point(bytes: &mut [u8], start: u32, length: u32) -> Option<()> {
    patch(bytes, 44, &start.to_le_bytes())?;
    patch(bytes, 48, &length.to_le_bytes())
}

fn patch(bytes: &mut [u8], at: usize, octets: &[u8]) -> Option<()> {
    bytes
        .get_mut(at..at + octets.len())?
        .copy_from_slice(octets);
    Some(())
}
