//! PDUs of SMPP in words, as many as there are.

use super::{Line, quoted, refused, shifted};
use crate::Limits;
use crate::smpp::{self, Body};
use crate::span::Span;

pub(super) fn lines(bytes: &[u8], limits: &Limits) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        match smpp::read(rest, limits) {
            Ok(Some((pdu, length))) => {
                let span = Span::new(at, at + 16);
                let text = format!("{} {}, status {}", pdu.name(), pdu.sequence, pdu.status);
                lines.push(Line {
                    span,
                    depth: 0,
                    text,
                });
                let body = Span::new(at + 16, at + length);
                lines.extend(self::body(&pdu.body, body, body.of(bytes), limits));
                at += length;
            }
            Ok(None) => {
                let text = format!("{} octets of a PDU that has not come whole", rest.len());
                lines.push(Line {
                    span: Span::new(at, bytes.len()),
                    depth: 0,
                    text,
                });
                break;
            }
            Err(why) => {
                let mut end = Vec::new();
                refused(&mut end, rest, &why);
                lines.extend(shifted(end, at, 0));
                break;
            }
        }
    }
    lines
}

fn body(body: &Body, span: Span, octets: &[u8], limits: &Limits) -> Vec<Line> {
    let line = |text: String| {
        vec![Line {
            span,
            depth: 1,
            text,
        }]
    };
    match body {
        Body::Bind(bind) => line(format!(
            "system {}, version {:02X}, addresses {}",
            quoted(&bind.system_id),
            bind.version,
            quoted(&bind.range)
        )),
        Body::Bound(id, _) => line(format!("centre {}", quoted(id))),
        Body::Taken(id) => line(format!("message {}", quoted(id))),
        Body::Empty => Vec::new(),
        Body::Other(octets) => line(format!("{} octets", octets.len())),
        Body::Message(message) => {
            // The user data is the end of the fields, wherever it is: it is found by its octets.
            let user_data = message.octets();
            let found = octets
                .windows(user_data.len().max(1))
                .rposition(|window| window == user_data);
            let at = found
                .filter(|_| !user_data.is_empty())
                .unwrap_or(octets.len());
            let head = Span::new(span.start(), span.start() + at);
            let text = format!(
                "from {}, to {}, class {:02X}, data coding {:02X}",
                quoted(&message.from.digits),
                quoted(&message.to.digits),
                message.esm_class,
                message.coding
            );
            let mut lines = vec![Line {
                span: head,
                depth: 1,
                text,
            }];
            let inner = super::sms::user_data(user_data, message.has_header(), limits);
            lines.extend(shifted(inner, head.end(), 2));
            let end = head.end() + user_data.len();
            if end < span.end() {
                let text = format!("{} octets of parameters", span.end() - end);
                lines.push(Line {
                    span: Span::new(end, span.end()),
                    depth: 1,
                    text,
                });
            }
            lines
        }
    }
}
