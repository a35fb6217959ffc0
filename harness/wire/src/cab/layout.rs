//! Who holds which octets of a cabinet: gaps, overlaps, and what stands outside. What the octets
//! say is left to the reader.

use super::Cabinet;
use crate::span::{Notes, Span};

/// Notes where structures overlap, leave octets between them, or stand behind the end.
pub(super) fn check(bytes: &[u8], cabinet: &Cabinet, notes: &mut Notes) {
    let end = cabinet.header.length as usize;
    let mut spans = structures(cabinet);
    spans.sort_by_key(|span| (span.start(), span.end()));
    let mut reached = 0;
    for span in spans {
        if span.start() > reached && reached < end {
            let between = Span::new(reached, span.start());
            let text = format!("{} octets that no structure holds", between.len);
            notes.push_once("cab.gap", between, text);
        } else if span.start() < reached {
            let both = Span::new(span.start(), reached.min(span.end()));
            notes.push_once("cab.overlap", both, "two structures share octets");
        }
        if span.end() > end {
            let text = format!("behind the end of the cabinet at {end}");
            notes.push_once("cab.outside", span, text);
        }
        reached = reached.max(span.end());
    }
    if end > bytes.len() {
        let text = format!("the header says {end} octets, there are {}", bytes.len());
        let field = Span::new(8, 12);
        notes.push("cab.cut-short", field, text);
    } else if reached < end {
        let rest = Span::new(reached, end);
        let text = format!("{} octets that no structure holds", rest.len);
        notes.push_once("cab.gap", rest, text);
    }
    trailing(bytes, cabinet, reached.max(end), notes);
}

/// Everything behind the cabinet is its signature, or should not be there.
fn trailing(bytes: &[u8], cabinet: &Cabinet, end: usize, notes: &mut Notes) {
    let mut end = end;
    if let Some(signature) = cabinet.signature {
        if signature.start() > end {
            let span = Span::new(end, signature.start());
            notes.push("cab.trailing-octets", span, "octets before the signature");
        } else if signature.start() < end {
            let text = "the signature begins before the cabinet ends";
            notes.push("cab.overlap", signature, text);
        }
        end = end.max(signature.end());
    }
    if end < bytes.len() {
        let span = Span::new(end, bytes.len());
        let text = format!("{} octets behind the end", span.len);
        notes.push("cab.trailing-octets", span, text);
    }
}

fn structures(cabinet: &Cabinet) -> Vec<Span> {
    let mut spans = vec![cabinet.header.span];
    for folder in &cabinet.folders {
        spans.push(folder.span);
        spans.extend(folder.blocks.iter().map(|block| block.span));
    }
    spans.extend(cabinet.members.iter().map(|member| member.span));
    spans
}
