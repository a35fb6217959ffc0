//! A cabinet for eyes: every field with its octets and what it says, and every note. Nothing is
//! judged here.

use super::{Block, Cabinet, FLAG_NEXT, FLAG_PREVIOUS, FLAG_RESERVE, Folder, Member, read};
use crate::authenticode;
use crate::dump::{Line, quoted, refused, with_notes};
use crate::span::{Limits, Span};

/// Octets of data that are shown of a block or of what nothing explains.
const SHOWN: usize = 64;

/// All structures of a cabinet in the order of their octets, each remark behind what it is about.
/// Where it cannot be read, the last lines say why and cover what was not read.
pub fn lines(bytes: &[u8]) -> Vec<Line> {
    let limits = Limits {
        bytes: bytes.len().max(Limits::TARGET.bytes),
        ..Limits::TARGET
    };
    let (cabinet, notes) = match read(bytes, &limits) {
        Ok(read) => read,
        Err(why) => {
            let mut lines = Vec::new();
            refused(&mut lines, bytes, &why);
            return lines;
        }
    };
    let mut dump = Dump {
        bytes,
        shown: Vec::new(),
    };
    dump.header(&cabinet);
    let reserved = cabinet.header.reserve.unwrap_or_default();
    for (index, folder) in cabinet.folders.iter().enumerate() {
        dump.folder(index, folder);
    }
    for member in &cabinet.members {
        dump.member(member);
    }
    for folder in &cabinet.folders {
        for (index, block) in folder.blocks.iter().enumerate() {
            dump.block(index, block, reserved.data, folder);
        }
    }
    if let Some(signature) = cabinet.signature {
        let at = Span::new(signature.start(), signature.start());
        dump.speak(0, at, "signature".into(), signature.end());
        for line in authenticode::dump(bytes, signature, 1) {
            dump.speak(line.depth, line.span, line.text, line.span.end());
        }
    }
    dump.shown.sort_by_key(|(line, _)| line.span.start());
    with_notes(whole(bytes, dump.shown), notes)
}

/// Adds what no line speaks of.
fn whole(bytes: &[u8], shown: Vec<(Line, usize)>) -> Vec<Line> {
    let mut out = Vec::with_capacity(shown.len());
    let mut reached = 0;
    let silent = |out: &mut Vec<Line>, from: usize, to: usize| {
        if from < to {
            let text = format!("{} octets of no structure", to - from);
            let span = Span::new(from, to.min(from + SHOWN));
            out.push(Line {
                span,
                depth: 0,
                text,
            });
        }
    };
    for (line, end) in shown {
        silent(&mut out, reached, line.span.start());
        reached = reached.max(end);
        out.push(line);
    }
    silent(&mut out, reached, bytes.len());
    out
}

struct Dump<'a> {
    bytes: &'a [u8],
    /// Each line, and where the octets end that it speaks of.
    shown: Vec<(Line, usize)>,
}

impl Dump<'_> {
    fn add(&mut self, depth: usize, span: Span, text: impl Into<String>) {
        self.speak(depth, span, text.into(), span.end());
    }

    fn speak(&mut self, depth: usize, span: Span, text: String, end: usize) {
        self.shown.push((Line { span, depth, text }, end));
    }

    /// Fields of these sizes one behind the other; where the next one stands.
    fn fields(&mut self, depth: usize, at: usize, fields: &[(usize, String)]) -> usize {
        let mut at = at;
        for (size, text) in fields {
            self.add(depth, Span::new(at, at + size), text.clone());
            at += size;
        }
        at
    }

    fn little(&self, at: usize, size: usize) -> u64 {
        let octets = Span::new(at, at + size).of(self.bytes);
        let fold = |sum: u64, &octet: &u8| sum << 8 | u64::from(octet);
        octets.iter().rev().fold(0, fold)
    }

    fn header(&mut self, cabinet: &Cabinet) {
        let header = &cabinet.header;
        let reserved = |at| format!("reserved {}", self.little(at, 4));
        let fields = [
            (4, "signature \"MSCF\"".to_owned()),
            (4, reserved(4)),
            (4, format!("length {}", header.length)),
            (4, reserved(12)),
            (4, format!("members at {}", header.files_at)),
            (4, reserved(20)),
            (
                2,
                format!("version {}.{}", header.version.0, header.version.1),
            ),
            (2, format!("{} folders", header.folders)),
            (2, format!("{} members", header.files)),
            (2, format!("flags {}", flags(header.flags))),
            (2, format!("set {}", header.set)),
            (2, format!("cabinet {} of it", header.number)),
        ];
        let mut at = self.fields(0, 0, &fields);
        if let Some(reserve) = header.reserve {
            let fields = [
                (
                    2,
                    format!("{} octets reserved in the header", reserve.header.len),
                ),
                (1, format!("{} in each folder", reserve.folder)),
                (1, format!("{} in each block", reserve.data)),
            ];
            at = self.fields(0, at, &fields);
            if let Some(signature) = cabinet.signature {
                let fields = [
                    (4, "place of a signature".to_owned()),
                    (4, format!("at {}", signature.at)),
                    (4, format!("{} octets", signature.len)),
                    (8, "reserved".to_owned()),
                ];
                at = self.fields(1, at, &fields);
            } else {
                self.data(1, reserve.header, "reserved");
                at = reserve.header.end();
            }
        }
        for (what, link) in [("previous", &header.previous), ("next", &header.next)] {
            if let Some(link) = link {
                let names = (quoted(&link.cabinet), quoted(&link.disk));
                let text = format!("{what} {} on {}", names.0, names.1);
                debug_assert_eq!(at, link.span.start());
                at = link.span.end();
                self.add(0, link.span, text);
            }
        }
    }

    fn folder(&mut self, index: usize, folder: &Folder) {
        let start = folder.span.start();
        let fields = [
            (4, format!("folder {index}: data at {}", folder.data_at)),
            (2, format!("{} blocks", folder.claimed)),
            (2, folder.compression.to_string()),
        ];
        let at = self.fields(1, start, &fields);
        self.data(1, Span::new(at, folder.span.end()), "reserved");
    }

    fn member(&mut self, member: &Member) {
        let fields = [
            (4, format!("member of {} octets", member.length)),
            (4, format!("at {} of its folder", member.offset)),
            (2, format!("folder {}", member.folder)),
            (2, format!("date {}", date(member.date))),
            (2, format!("time {}", time(member.time))),
            (2, format!("attributes 0x{:02X}", member.attributes)),
        ];
        let at = self.fields(1, member.span.start(), &fields);
        let text = format!("name {}", quoted(&member.name));
        self.add(1, Span::new(at, member.span.end()), text);
    }

    fn block(&mut self, index: usize, block: &Block, reserved: u8, folder: &Folder) {
        let sum = match block.checksum {
            0 => "no checksum".to_owned(),
            sum => format!("checksum {sum:08x}"),
        };
        let fields = [
            (4, format!("block {index}: {sum}")),
            (2, format!("{} octets", block.packed)),
            (2, format!("{} unpacked", block.unpacked)),
        ];
        let at = self.fields(1, block.span.start(), &fields);
        self.data(1, Span::new(at, at + usize::from(reserved)), "reserved");
        let text = folder.compression.to_string();
        self.data(1, block.data, &text);
    }

    /// Octets that are shown up to a limit.
    fn data(&mut self, depth: usize, span: Span, what: &str) {
        let end = span.end().min(self.bytes.len());
        if span.start() >= end {
            return;
        }
        let shown = Span::new(span.start(), end.min(span.start() + SHOWN));
        let text = match end - shown.end() {
            0 => what.to_owned(),
            more => format!("{what}; {more} more"),
        };
        self.speak(depth, shown, text, end);
    }
}

fn flags(flags: u16) -> String {
    let known = [
        (FLAG_PREVIOUS, "previous"),
        (FLAG_NEXT, "next"),
        (FLAG_RESERVE, "reserve"),
    ];
    let names = known.iter().filter(|(flag, _)| flags & flag != 0);
    let names: Vec<_> = names.map(|(_, name)| *name).collect();
    format!("0x{flags:04X} {}", names.join(" "))
        .trim_end()
        .to_owned()
}

fn date(date: u16) -> String {
    let (year, month, day) = (1980 + (date >> 9), date >> 5 & 0x0F, date & 0x1F);
    format!("{year}-{month:02}-{day:02}")
}

fn time(time: u16) -> String {
    let (hour, minute, second) = (time >> 11, time >> 5 & 0x3F, (time & 0x1F) * 2);
    format!("{hour:02}:{minute:02}:{second:02}")
}
