//! The fields of a notification in words.

use super::{Line, quoted, refused, with_notes};
use crate::Limits;
use crate::span::Span;
use crate::trigger::{self, DIGEST};

pub(super) fn lines(bytes: &[u8], limits: &Limits) -> Vec<Line> {
    let mut lines = Vec::new();
    let read = match trigger::read(bytes, limits) {
        Ok(read) => read,
        Err(why) => {
            refused(&mut lines, bytes, &why);
            return lines;
        }
    };
    let mut line = |start: usize, end: usize, text: String| {
        lines.push(Line {
            span: Span::new(start, end),
            depth: 0,
            text,
        });
    };
    line(0, DIGEST, "digest".to_owned());
    let mode = [
        "not specified",
        "background",
        "informative",
        "user interaction",
    ];
    let by = if read.initiator == 1 {
        "server"
    } else {
        "client"
    };
    let text = format!(
        "version {}.{}, ui {} {}, initiator {} {by}, future use {:#x}",
        read.version / 10,
        read.version % 10,
        read.ui_mode,
        mode.get(usize::from(read.ui_mode))
            .copied()
            .unwrap_or_default(),
        read.initiator,
        read.future
    );
    line(DIGEST, DIGEST + 5, text);
    line(
        DIGEST + 5,
        DIGEST + 7,
        format!("session {} (0x{:04X})", read.session, read.session),
    );
    line(
        DIGEST + 7,
        DIGEST + 8,
        format!("server id of {} octets", read.length),
    );
    let server = read.server_span;
    line(
        server.start(),
        server.end(),
        format!("server id {}", quoted(&read.server)),
    );
    let vendor = read.vendor;
    if vendor.len > 0 {
        line(
            vendor.start(),
            vendor.end(),
            format!("{} octets of a vendor", vendor.len),
        );
    }
    with_notes(lines, read.notes)
}
