//! Lawful input that a switched peer stumbles over, and the HTTP status it then answers with.
//!
//! One table: the name of the switch, the status, and when. A conforming peer never comes here.

use assay_wire::digest;
use assay_wire::dm::{Command, Message, Text};
use assay_wire::tree::{Form, Kind};
use assay_wire::wbxml;

use super::heard::is_event_alone;
use crate::switch::Switches;

type Stumble = (&'static str, u16, fn(&Message<'_>) -> bool);

const STUMBLES: &[Stumble] = &[
    ("session-id-zero-refused", 400, |m| m.session_id() == "0"),
    ("session-id-needs-decimal", 400, |m| {
        m.session_id().parse::<u32>().is_err()
    }),
    ("missing-ids-crash", 500, |m| {
        m.session_id().is_empty() || m.msg_id().is_empty()
    }),
    ("split-package-1-refused", 400, |m| {
        opens(m) && m.fin.is_none()
    }),
    ("replace-first-refused", 400, |m| {
        opens(m)
            && m.requests()
                .next()
                .is_some_and(|first| first.name == "Replace")
    }),
    ("second-package-1-refused", 400, |m| {
        opens(m) && m.msg_id() != "1"
    }),
    ("leading-status-taken-for-package-3", 400, |m| {
        opens(m) && m.statuses().next().is_some()
    }),
    ("again-without-status-refused", 400, |m| {
        opens(m) && m.msg_id() != "1" && m.statuses().next().is_none()
    }),
    ("client-resp-uri-refused", 400, |m| {
        m.header
            .as_ref()
            .is_some_and(|header| header.resp_uri.is_some())
    }),
    ("missing-dev-info-crashes", 500, |m| {
        alerts(m).any(|alert| matches!(alert.code(), 1200 | 1201))
            && m.fin.is_some()
            && m.requests().all(|command| command.name != "Replace")
    }),
    ("missing-session-alert-crashes", 500, |m| {
        m.commands
            .iter()
            .all(|command| !matches!(command.name, "Status" | "Results"))
            && m.fin.is_some()
            && alerts(m).all(|alert| !matches!(alert.code(), 1200 | 1201))
    }),
    ("client-event-of-windows-crashes", 500, |m| {
        alerts(m).any(|alert| {
            let of_setup = |kind: &Text<'_>| kind.value.contains("synctype");
            alert.code() == 1224 && kinds(alert).any(of_setup)
        })
    }),
    ("event-alone-refused", 400, |m| is_event_alone(m)),
    ("dev-info-extension-refused", 400, |m| {
        let extends = |uri: &Option<Text<'_>>| {
            uri.as_ref().is_some_and(|uri| {
                ["DevInfo/Ext", "DevInfo/Bearer"]
                    .iter()
                    .any(|node| uri.value.contains(node))
            })
        };
        m.requests().any(|command| {
            let mut items = command.items.iter();
            command.name == "Replace" && items.any(|i| extends(&i.source) || extends(&i.target))
        })
    }),
    ("correlator-refused", 400, |m| {
        alerts(m).any(|alert| alert.correlator.is_some())
    }),
    ("unknown-generic-alert-crashes", 500, |m| {
        alerts(m).any(|alert| {
            let named = |text: &Text<'_>| text.value.contains("com.microsoft");
            alert.code() == 1226 && kinds(alert).any(|kind| !named(kind))
        })
    }),
    ("display-alert-crashes", 500, |m| {
        alerts(m).any(|a| (1100..1200).contains(&a.code()))
    }),
    ("stray-status-crashes", 500, |m| {
        m.statuses().any(|status| {
            let far = |text: &Option<Text<'_>>| {
                text.as_ref()
                    .and_then(Text::number)
                    .is_some_and(|number| number > 90)
            };
            far(&status.cmd_ref) || far(&status.msg_ref)
        })
    }),
    ("results-without-msg-ref-refused", 400, |m| {
        m.commands.iter().any(|command| {
            command.name == "Results"
                && (command.msg_ref.is_none() || command.cmd.is_some() || command.meta.is_some())
        })
    }),
    ("client-406-crashes", 500, |m| {
        m.statuses().any(|status| status.code() == 406)
    }),
    ("cred-without-meta-crashes", 500, |m| {
        cred(m).is_some_and(|cred| cred.meta.is_none())
    }),
    ("unknown-scheme-crashes", 500, |m| {
        let kind = cred(m).and_then(|cred| cred.meta.as_ref()?.kind.as_ref());
        kind.is_some_and(|kind| {
            !matches!(kind.value.as_ref(), "syncml:auth-basic" | "syncml:auth-md5")
        })
    }),
    ("bad-base64-crashes", 500, |m| {
        let text = cred(m).map(|cred| cred.data.as_ref().map_or("", |data| data.value.as_ref()));
        text.is_some_and(|text| text.is_empty() || digest::unb64(text).is_none())
    }),
];

/// The HTTP status that a switched peer gives for this message, if it stumbles.
pub(crate) fn over(message: &Message<'_>, switches: &Switches) -> Option<(u16, &'static str)> {
    let mut hits = STUMBLES
        .iter()
        .filter(|(name, _, when)| switches.on(name) && when(message));
    hits.next()
        .map(|(_, status, _)| (*status, "the peer stumbled"))
}

/// The same for the way that a message is written in WBXML.
pub(crate) fn over_wbxml(
    body: &[u8],
    header: &wbxml::Header,
    message: &Message<'_>,
    switches: &Switches,
) -> bool {
    let has = |form: Form| {
        message.tree.descend(message.root).any(
            |node| matches!(&message.tree.node(node).kind, Kind::Text(_, given) if *given == form),
        )
    };
    let switched_twice = |pair: &[u8]| pair[0] == 0 && pair[1] <= 1 && pair[2] == 0;
    (switches.on("wbxml-only-version-12") && header.version != 0x02)
        || (switches.on("wbxml-string-table-refused") && has(Form::Table))
        || (switches.on("wbxml-opaque-refused") && has(Form::Opaque))
        || (switches.on("wbxml-long-lengths-refused")
            && (header.table.len > 127 || long_opaque(message)))
        || (switches.on("wbxml-redundant-switch-refused")
            && body[header.span.end().min(body.len())..].starts_with(&[0, 0])
            || switches.on("wbxml-redundant-switch-refused")
                && body
                    .windows(4)
                    .any(|four| switched_twice(four) && four[3] <= 1))
}

fn long_opaque(message: &Message<'_>) -> bool {
    let mut kinds = message
        .tree
        .descend(message.root)
        .map(|node| &message.tree.node(node).kind);
    kinds.any(|kind| match kind {
        Kind::Text(text, Form::Opaque) => text.len() > 127,
        Kind::Opaque(octets) => octets.len() > 127,
        _ => false,
    })
}

fn alerts<'m, 't>(message: &'m Message<'t>) -> impl Iterator<Item = &'m Command<'t>> {
    message.requests().filter(|command| command.name == "Alert")
}

/// The types of the items of a command.
fn kinds<'m, 't>(command: &'m Command<'t>) -> impl Iterator<Item = &'m Text<'t>> {
    let items = command.items.iter();
    items.filter_map(|item| item.meta.as_ref()?.kind.as_ref())
}

fn opens(message: &Message<'_>) -> bool {
    message.requests().any(|command| {
        command.name == "Replace"
            || (command.name == "Alert" && matches!(command.code(), 1200 | 1201))
    })
}

fn cred<'m, 't>(message: &'m Message<'t>) -> Option<&'m assay_wire::dm::Cred<'t>> {
    message.header.as_ref()?.cred.as_ref()
}
