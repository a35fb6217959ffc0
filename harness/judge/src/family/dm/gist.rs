//! A SyncML message in a few lines. No credentials: of a Cred only its type is told.

use assay_wire::dm::{Command, Message, Text};

use crate::gist::{cut, wrapped};
use crate::replay::Document;

/// So many commands are told.
const COMMANDS: usize = 8;

/// The header in one line, the commands in the next ones.
pub(super) fn message(document: &Document) -> Vec<String> {
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

fn text(text: Option<&Text<'_>>) -> Option<String> {
    text.map(|text| cut(&text.value))
}

fn or_none(value: Option<&Text<'_>>) -> String {
    match text(value) {
        Some(value) if !value.is_empty() => value,
        _ => "(none)".to_owned(),
    }
}
