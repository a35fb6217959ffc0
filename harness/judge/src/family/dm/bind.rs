//! What the request of an exchange gives a golden of OMA DM.

use std::collections::BTreeMap;

use assay_wire::dm::Message;

use crate::compare::Bindings;
use crate::replay::Exchange;

/// Binds what the request of an exchange gives a golden. These names are bound anew each time:
///
/// | name | what it stands for |
/// |---|---|
/// | `session` | SessionID |
/// | `device` | Source/LocURI |
/// | `target` | Target/LocURI |
/// | `sent.msg` | MsgID |
/// | `sent.cmd.Alert` | CmdID of the first Alert; `sent.cmd.Alert.2` of the second |
/// | `ver-dtd`, `ver-proto` | VerDTD, VerProto |
///
/// Where the request has no such element the name is free.
pub(super) fn bind(exchange: &Exchange, bindings: &mut Bindings) {
    bindings.retain(|name, _| !is_ours(name));
    let Some(message) = exchange.sent.as_ref().and_then(|it| Message::of(&it.tree)) else {
        return;
    };
    if let Some(header) = &message.header {
        let values = [
            ("session", &header.session_id),
            ("device", &header.source),
            ("target", &header.target),
            ("sent.msg", &header.msg_id),
            ("ver-dtd", &header.ver_dtd),
            ("ver-proto", &header.ver_proto),
        ];
        for (name, value) in values {
            if let Some(value) = value {
                bindings.insert(name.to_owned(), value.value.clone().into_owned());
            }
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for command in message.all_commands() {
        let count = counts.entry(command.name).or_default();
        *count += 1;
        if let Some(id) = &command.cmd_id {
            let name = match *count {
                1 => format!("sent.cmd.{}", command.name),
                nth => format!("sent.cmd.{}.{nth}", command.name),
            };
            bindings.insert(name, id.value.clone().into_owned());
        }
    }
}

fn is_ours(name: &str) -> bool {
    matches!(
        name,
        "session" | "device" | "target" | "ver-dtd" | "ver-proto"
    ) || name.starts_with("sent.")
}
