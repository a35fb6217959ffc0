//! The fields of a push PDU in words, and its body behind them.

use super::{Line, quoted, refused, shifted, with_notes};
use crate::cp::{si, sl};
use crate::span::Span;
use crate::wsp::{self, Value};
use crate::{Encoding, Limits};

pub(super) fn lines(bytes: &[u8], limits: &Limits) -> Vec<Line> {
    let push = match wsp::read(bytes, limits) {
        Ok(push) => push,
        Err(why) => {
            let mut lines = Vec::new();
            refused(&mut lines, bytes, &why);
            return lines;
        }
    };
    let mut lines = Vec::new();
    let mut line = |span: Span, depth: usize, text: String| lines.push(Line { span, depth, text });
    line(Span::new(0, 1), 0, format!("transaction {}", push.tid));
    let kind = match push.pdu_type {
        wsp::PUSH => "push".to_owned(),
        wsp::CONFIRMED_PUSH => "confirmed push".to_owned(),
        other => format!("type {other:02X}"),
    };
    line(Span::new(1, 2), 0, kind);
    let length = push.headers_length;
    line(
        length.span,
        0,
        format!("headers of {} octets", length.value),
    );
    if let Some(media) = &push.content_type {
        if let Some(length) = media.length {
            let span = Span::new(media.span.start(), media.media_span.start());
            line(span, 0, format!("content type of {length} octets"));
        }
        line(media.media_span, 0, format!("Content-Type {}", media.media));
        for param in &media.params {
            line(
                param.span,
                1,
                format!("{} {}", param.name, value(param.value.as_ref())),
            );
        }
    }
    for header in &push.headers {
        line(
            header.span,
            0,
            format!("{} {}", header.name, value(header.value.as_ref())),
        );
    }
    let mut lines = with_notes(lines, push.notes);
    let media = push
        .content_type
        .map(|media| media.media)
        .unwrap_or_default();
    lines.extend(body(bytes, push.body, &media, limits));
    lines
}

/// What a push carries, by its media type.
fn body(bytes: &[u8], span: Span, media: &str, limits: &Limits) -> Vec<Line> {
    let octets = span.of(bytes);
    let inner = match media {
        crate::trigger::MEDIA => super::trigger::lines(octets, limits),
        _ if octets.is_empty() => return Vec::new(),
        _ if is_wbxml(media) => super::lines(octets, Encoding::Wbxml),
        _ if octets.first() == Some(&b'<') => super::lines(octets, Encoding::Xml),
        _ => {
            let text = format!("body of {} octets", octets.len());
            return vec![Line {
                span,
                depth: 0,
                text,
            }];
        }
    };
    shifted(inner, span.start(), 0)
}

/// Media types of documents in WBXML.
pub(super) fn is_wbxml(media: &str) -> bool {
    media.ends_with("wbxml") || [si::WBXML_MEDIA, sl::WBXML_MEDIA].contains(&media)
}

fn value(value: Option<&Value>) -> String {
    match value {
        None => "without a value".to_owned(),
        Some(value) => match value.number {
            Some(number) if value.text == number.to_string() => number.to_string(),
            Some(number) => format!("{number} {}", value.text),
            None => format!("{} {}", value.form.word(), quoted(&value.text)),
        },
    }
}
