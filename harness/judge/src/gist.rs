//! An exchange in a few lines: enough to see what was asked and what was said, before any octet.
//!
//! No credentials: of a Cred only its type is told. Texts of the target are cut; what is not
//! printable in them is for the renderers to mind.

use assay_wire::dm::{Command, Message, Text};
use assay_wire::http;

use crate::finding::Finding;
use crate::replay::{Document, Exchange};

/// So many commands are told.
const COMMANDS: usize = 8;

/// So many characters of a text are told.
const CHARACTERS: usize = 60;

/// So many characters a line has before the next one begins.
const WIDTH: usize = 96;

/// Adds the exchange that a finding is about.
pub(crate) fn add(finding: &mut Finding, exchange: Option<&Exchange>) {
    if let Some(exchange) = exchange {
        finding.sent = sent(exchange);
        finding.answered = answered(exchange);
    }
}

/// The request.
fn sent(exchange: &Exchange) -> Vec<String> {
    let Some(request) = &exchange.request else {
        return Vec::new();
    };
    let target = cut(&request.target);
    let mut lines = vec![format!(
        "{} {target}, {}",
        cut(&request.method),
        body(request.field("content-type"), &request.body)
    )];
    if let Some(document) = &exchange.sent {
        lines.extend(message(document));
    }
    lines
}

/// The answer, or why there is none.
fn answered(exchange: &Exchange) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(response) = &exchange.response {
        lines.push(format!(
            "HTTP {} {}, {}",
            response.status,
            cut(&response.reason),
            body(response.field("content-type"), &response.body)
        ));
    }
    if let Some(document) = &exchange.reply {
        lines.extend(message(document));
    }
    if let Some((_, why)) = &exchange.broke {
        lines.push(format!("the connection broke: {}", cut(why)));
    }
    if lines.is_empty() {
        lines.push(match exchange.received_at {
            Some(place) => format!("{} octets that are no HTTP", place.span.len),
            None => "nothing".to_owned(),
        });
    }
    lines
}

fn body(media: Option<&http::Field>, body: &http::Body) -> String {
    let media = media.map_or("no media type".to_owned(), |field| cut(&field.value));
    format!("{media}, {} octets", body.octets.len())
}

/// The header in one line, the commands in the next ones.
fn message(document: &Document) -> Vec<String> {
    let Some(message) = Message::of(&document.tree) else {
        return Vec::new();
    };
    let mut header = Vec::new();
    if let Some(it) = &message.header {
        header.push(text(it.ver_proto.as_ref()).unwrap_or("no VerProto".to_owned()));
        header.push(format!("session {}", or_none(it.session_id.as_ref())));
        header.push(format!("message {}", or_none(it.msg_id.as_ref())));
        header.push(format!("from {}", or_none(it.source.as_ref())));
        header.push(format!("to {}", or_none(it.target.as_ref())));
        if let Some(cred) = &it.cred {
            let kind = cred.meta.as_ref().and_then(|meta| meta.kind.as_ref());
            header.push(format!("Cred {}", or_none(kind)));
        }
    } else {
        header.push("no SyncHdr".to_owned());
    }
    let all = message.all_commands();
    let mut commands: Vec<String> = all.iter().take(COMMANDS).map(|it| in_words(it)).collect();
    if all.len() > COMMANDS {
        commands.push(format!("{} more", all.len() - COMMANDS));
    }
    commands.push(if message.fin.is_some() {
        "Final".to_owned()
    } else {
        "no Final".to_owned()
    });
    let mut lines = vec![header.join(", ")];
    lines.extend(wrapped(&commands));
    lines
}

/// `2 Status 401 for SyncHdr Chal syncml:auth-md5`: CmdID, name, code, and what it is about.
fn in_words(command: &Command<'_>) -> String {
    let mut words = vec![or_none(command.cmd_id.as_ref()), cut(command.name)];
    if matches!(command.name, "Status" | "Alert") {
        words.push(or_none(command.data.as_ref()));
    }
    match command.name {
        "Status" => {
            words.push(format!("for {}", or_none(command.cmd.as_ref())));
            if !command.is_header_status() {
                words.push(or_none(command.cmd_ref.as_ref()));
            }
        }
        "Results" => words.push(format!("for {}", or_none(command.cmd_ref.as_ref()))),
        _ => {}
    }
    if let Some(chal) = &command.chal {
        let kind = chal.meta.as_ref().and_then(|meta| meta.kind.as_ref());
        words.push(format!("Chal {}", or_none(kind)));
    }
    let first = command.items.first();
    let uri = first.and_then(|it| text(it.target.as_ref()).or_else(|| text(it.source.as_ref())));
    words.extend(uri);
    if command.items.len() > 1 {
        words.push(format!("and {} items more", command.items.len() - 1));
    }
    words.join(" ")
}

/// Pieces joined to lines of a readable length.
fn wrapped(pieces: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if line.len() + piece.len() < WIDTH => {
                line.push_str("; ");
                line.push_str(piece);
            }
            _ => lines.push(piece.clone()),
        }
    }
    lines
}

fn text(text: Option<&Text<'_>>) -> Option<String> {
    text.map(|text| cut(&text.value))
}

fn or_none(value: Option<&Text<'_>>) -> String {
    match text(value) {
        Some(value) if !value.is_empty() => value,
        _ => "(none)".to_owned(),
    }
}

fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(CHARACTERS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
