//! What the replies of the DM server hold, in short.

use assay_wire::dm::{Message, hmac};
use assay_wire::http;
use assay_wire::{Encoding, Limits, read, wbxml, xml};

pub(crate) fn encoding_of(response: &http::Response) -> Option<Encoding> {
    let media = response.field("content-type")?.value.clone();
    if media.contains("wbxml") {
        Some(Encoding::Wbxml)
    } else {
        media.contains("xml").then_some(Encoding::Xml)
    }
}

pub(crate) fn summary(response: &http::Response) -> (String, Option<String>) {
    let octets = &response.body.octets;
    let Some(encoding) = encoding_of(response) else {
        return (format!("HTTP {}", response.status), None);
    };
    let decoded = match read(octets, encoding, &Limits::TARGET) {
        Ok(decoded) => decoded,
        Err(bad) => {
            return (
                format!("HTTP {}, {bad}", response.status),
                Some(bad.to_string()),
            );
        }
    };
    let fault = decoded
        .notes
        .iter()
        .find(|n| xml::is_fault(n.kind) || wbxml::is_fault(n.kind));
    let bad = fault.map(|note| format!("{}: {}", note.kind, note.text));
    let Some(message) = Message::of(&decoded.tree) else {
        return ("no message".to_owned(), Some("no root".to_owned()));
    };
    let mut short = format!(
        "{} {} msg {} |",
        if encoding == Encoding::Xml {
            "xml"
        } else {
            "wbxml"
        },
        message
            .header
            .as_ref()
            .and_then(|h| h.ver_dtd.as_ref())
            .map_or("", |v| &v.value),
        message.msg_id(),
    );
    if message
        .header
        .as_ref()
        .is_some_and(|header| header.resp_uri.is_some())
    {
        short = format!("RespURI {short}");
    }
    let header = message.header.as_ref();
    if header.is_some_and(|header| header.cred.is_some()) {
        short = format!("Cred {short}");
    }
    if response.field(hmac::FIELD).is_some() {
        short = format!("mac {short}");
    }
    for command in message.all_commands() {
        if command.name == "Status" {
            short.push_str(&format!(
                " {}[{}]={}",
                command.cmd.as_ref().map_or("", |cmd| &cmd.value),
                command.cmd_ref.as_ref().map_or("", |cmd| &cmd.value),
                command.data.as_ref().map_or("", |data| &data.value)
            ));
            if command.chal.is_some() {
                short.push_str("+chal");
            }
            for item in &command.items {
                short.push_str(&format!("+{}", item.data.as_ref().map_or("", |d| &d.value)));
            }
            if command
                .cmd
                .as_ref()
                .is_some_and(|cmd| cmd.value != "SyncHdr")
            {
                for source in &command.source_refs {
                    short.push_str(&format!("({})", source.value));
                }
            }
        } else {
            let code = command
                .data
                .as_ref()
                .map_or(String::new(), |d| format!(" {}", d.value));
            let items = command.items.iter();
            let targets: Vec<_> = items
                .filter_map(|i| i.target.as_ref().map(|t| t.value.as_ref()))
                .collect();
            short.push_str(&format!(" <{}{code} {}>", command.name, targets.join(",")));
        }
    }
    if message.fin.is_some() {
        short.push_str(" Final");
    }
    (short, bad)
}
