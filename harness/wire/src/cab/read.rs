//! Reading a cabinet: header, folders, members. Leniently: what is wrong is noted, and what can be
//! had nevertheless is had. Unpacking is [`super::data`]'s, who holds which octets [`super::layout`]'s.

use std::collections::HashSet;

use super::cursor::{Cursor, text};
use super::data::{self, Budget};
use super::{
    ATTRIBUTE_UTF8, CONTINUED, Cabinet, Compression, FLAG_NEXT, FLAG_PREVIOUS, FLAG_RESERVE,
    Folder, Header, Link, MAGIC, Member, Reserve, layout, names,
};
use crate::span::{Limits, Note, Notes, Span, TooBad};

/// The length of the reserved area that holds the place of a signature.
const SLOT: usize = 20;
/// The first field of that place.
const SLOT_MARK: u32 = 0x0010_0000;

/// Reads a cabinet. `limits.bytes` bounds the octets and what they unpack to, each; `limits.nodes`
/// folders, members and blocks together.
///
/// # Errors
/// [`TooBad`] where the octets do not begin with the mark of a cabinet, end inside its header, or
/// are too many.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<(Cabinet, Vec<Note>), TooBad> {
    if bytes.len() > limits.bytes {
        let span = Span::new(limits.bytes, bytes.len());
        let text = format!("more than {} octets", limits.bytes);
        return Err(TooBad::new("cab.too-long", span, text));
    }
    let mut notes = Notes::new(limits);
    let mut budget = Budget::new(limits, bytes.len());
    let header = header(bytes, &mut notes)?;
    let mut cabinet = Cabinet {
        signature: signature(bytes, &header, &mut notes),
        header,
        folders: Vec::new(),
        members: Vec::new(),
    };
    folders(bytes, &mut cabinet, &mut budget, &mut notes);
    members(bytes, &mut cabinet, &mut budget, &mut notes);
    let reserved = cabinet.header.reserve.unwrap_or_default().data;
    for folder in &mut cabinet.folders {
        data::read(bytes, folder, reserved, &mut budget, &mut notes);
    }
    if !budget.spent {
        contents(&cabinet, &mut notes);
        layout::check(bytes, &cabinet, &mut notes);
    }
    Ok((cabinet, notes.into_vec()))
}

fn header(bytes: &[u8], notes: &mut Notes) -> Result<Header, TooBad> {
    if !bytes.starts_with(&MAGIC) {
        let span = Span::new(0, bytes.len().min(MAGIC.len()));
        let text = "the octets do not begin with MSCF";
        return Err(TooBad::new("cab.bad-magic", span, text));
    }
    let cut = || {
        let span = Span::new(0, bytes.len());
        TooBad::new("cab.cut-short", span, "the octets end inside the header")
    };
    let mut cursor = Cursor::new(bytes, MAGIC.len());
    let mut header = fixed(&mut cursor, notes).ok_or_else(cut)?;
    let start = cursor.at();
    variable(&mut cursor, &mut header).ok_or_else(cut)?;
    header.span = cursor.since(0);
    if header.version != (1, 3) {
        let text = format!("version {}.{}", header.version.0, header.version.1);
        notes.push("cab.bad-version", Span::new(24, 26), text);
    }
    let known = FLAG_PREVIOUS | FLAG_NEXT | FLAG_RESERVE;
    if header.flags & !known != 0 {
        let text = format!("flags 0x{:04X}", header.flags);
        notes.push("cab.unknown-flags", Span::new(30, 32), text);
    }
    if header.flags & (FLAG_PREVIOUS | FLAG_NEXT) != 0 {
        let text = format!("cabinet {} of set {}", header.number, header.set);
        notes.push("cab.part-of-set", Span::new(30, 36), text);
    }
    if header.folders == 0 || header.files == 0 {
        let text = format!("{} folders, {} members", header.folders, header.files);
        notes.push("cab.empty", Span::new(26, 30), text);
    }
    debug_assert_eq!(start, 36, "the fixed part of CFHEADER");
    Ok(header)
}

/// The part of the header that every cabinet has.
fn fixed(cursor: &mut Cursor<'_>, notes: &mut Notes) -> Option<Header> {
    let mut reserved = |cursor: &mut Cursor<'_>| {
        let start = cursor.at();
        let value = cursor.u32()?;
        if value != 0 {
            let text = format!("0x{value:08X} where zero belongs");
            notes.push("cab.reserved-not-zero", cursor.since(start), text);
        }
        Some(())
    };
    reserved(cursor)?;
    let length = cursor.u32()?;
    reserved(cursor)?;
    let files_at = cursor.u32()?;
    reserved(cursor)?;
    let minor = cursor.u8()?;
    let major = cursor.u8()?;
    Some(Header {
        length,
        files_at,
        version: (major, minor),
        folders: cursor.u16()?,
        files: cursor.u16()?,
        flags: cursor.u16()?,
        set: cursor.u16()?,
        number: cursor.u16()?,
        reserve: None,
        previous: None,
        next: None,
        span: Span::default(),
    })
}

/// The parts that the flags announce.
fn variable(cursor: &mut Cursor<'_>, header: &mut Header) -> Option<()> {
    if header.flags & FLAG_RESERVE != 0 {
        let length = cursor.u16()?;
        let folder = cursor.u8()?;
        let data = cursor.u8()?;
        let start = cursor.at();
        cursor.octets(usize::from(length))?;
        header.reserve = Some(Reserve {
            header: cursor.since(start),
            folder,
            data,
        });
    }
    let mut link = |flag| {
        let start = cursor.at();
        if header.flags & flag == 0 {
            return Some(None);
        }
        Some(Some(Link {
            cabinet: text(cursor.text()?),
            disk: text(cursor.text()?),
            span: cursor.since(start),
        }))
    };
    header.previous = link(FLAG_PREVIOUS)?;
    header.next = link(FLAG_NEXT)?;
    Some(())
}

/// The signature that the reserved area of the header points to.
fn signature(bytes: &[u8], header: &Header, notes: &mut Notes) -> Option<Span> {
    let reserve = header.reserve.filter(|reserve| reserve.header.len > 0)?;
    let slot = reserve.header;
    let mut cursor = Cursor::new(bytes, slot.start());
    if slot.len as usize != SLOT || cursor.u32()? != SLOT_MARK {
        let text = format!("{} octets that are no place for a signature", slot.len);
        // All zeros is room that nobody took.
        if slot.of(bytes).iter().any(|&octet| octet != 0) {
            notes.push("cab.unknown-reserve", slot, text);
        }
        return None;
    }
    let start = cursor.u32()? as usize;
    let length = cursor.u32()? as usize;
    if start == 0 && length == 0 {
        return None;
    }
    let reserved = Span::new(cursor.at(), slot.end());
    if reserved.of(bytes).iter().any(|&octet| octet != 0) {
        let text = "octets behind the place of the signature that are not zero";
        notes.push("cab.reserved-not-zero", reserved, text);
    }
    let end = start.checked_add(length).filter(|&end| end <= bytes.len());
    match end {
        Some(end) if length > 0 => Some(Span::new(start, end)),
        _ => {
            let text = format!("a signature of {length} octets at {start} is not there");
            notes.push("cab.bad-signature-slot", slot, text);
            None
        }
    }
}

fn folders(bytes: &[u8], cabinet: &mut Cabinet, budget: &mut Budget, notes: &mut Notes) {
    let reserved = cabinet.header.reserve.unwrap_or_default().folder;
    let mut cursor = Cursor::new(bytes, cabinet.header.span.end());
    for index in 0..cabinet.header.folders {
        let start = cursor.at();
        if !budget.entry(notes, Span::new(start, start)) {
            return;
        }
        let Some(folder) = folder(&mut cursor, reserved) else {
            let text = format!("no room for folder {index} of {}", cabinet.header.folders);
            notes.push("cab.cut-short", Span::new(start, bytes.len()), text);
            return;
        };
        cabinet.folders.push(folder);
    }
}

fn folder(cursor: &mut Cursor<'_>, reserved: u8) -> Option<Folder> {
    let start = cursor.at();
    let data_at = cursor.u32()?;
    let claimed = cursor.u16()?;
    let compression = Compression::from_code(cursor.u16()?);
    cursor.octets(usize::from(reserved))?;
    Some(Folder {
        data_at,
        claimed,
        compression,
        blocks: Vec::new(),
        contents: Vec::new(),
        span: cursor.since(start),
    })
}

fn members(bytes: &[u8], cabinet: &mut Cabinet, budget: &mut Budget, notes: &mut Notes) {
    let mut cursor = Cursor::new(bytes, cabinet.header.files_at as usize);
    let mut seen = HashSet::new();
    for index in 0..cabinet.header.files {
        let start = cursor.at().min(bytes.len());
        if budget.spent || !budget.entry(notes, Span::new(start, start)) {
            return;
        }
        let Some((member, name)) = member(&mut cursor) else {
            let text = format!("no room for member {index} of {}", cabinet.header.files);
            notes.push("cab.cut-short", Span::new(start, bytes.len()), text);
            return;
        };
        let is_utf8 = member.attributes & ATTRIBUTE_UTF8 != 0;
        if let Some((kind, why)) = names::fault(name, &member.name, is_utf8) {
            notes.push(kind, member.name_span, why);
        }
        if !seen.insert(member.name.to_lowercase()) {
            let text = format!("a second {:?}", member.name);
            notes.push("cab.duplicate-name", member.name_span, text);
        }
        cabinet.members.push(member);
    }
}

fn member<'a>(cursor: &mut Cursor<'a>) -> Option<(Member, &'a [u8])> {
    let start = cursor.at();
    let length = cursor.u32()?;
    let offset = cursor.u32()?;
    let folder = cursor.u16()?;
    let date = cursor.u16()?;
    let time = cursor.u16()?;
    let attributes = cursor.u16()?;
    let name_at = cursor.at();
    let name = cursor.text()?;
    let member = Member {
        name: text(name),
        length,
        offset,
        folder,
        date,
        time,
        attributes,
        name_span: Span::new(name_at, name_at + name.len()),
        span: cursor.since(start),
    };
    Some((member, name))
}

/// Whether each member has a folder that unpacks to its octets.
fn contents(cabinet: &Cabinet, notes: &mut Notes) {
    for member in &cabinet.members {
        if CONTINUED.contains(&member.folder) {
            let text = format!("{:?} is not all in this cabinet", member.name);
            notes.push_once("cab.continued", member.span, text);
            continue;
        }
        let Some(folder) = cabinet.folders.get(usize::from(member.folder)) else {
            let text = format!("{:?} is in folder {}", member.name, member.folder);
            notes.push("cab.bad-folder-index", member.span, text);
            continue;
        };
        // What the blocks say they unpack to: why they did not is noted elsewhere.
        let says = folder.blocks.iter().map(|block| u64::from(block.unpacked));
        let has: u64 = says.sum();
        let ends = u64::from(member.offset) + u64::from(member.length);
        if ends > has && folder.blocks.len() == usize::from(folder.claimed) {
            let text = format!("{:?} ends at {ends}, its folder at {has}", member.name);
            notes.push("cab.bad-range", member.span, text);
        }
    }
}
