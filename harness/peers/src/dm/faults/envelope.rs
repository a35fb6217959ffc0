//! Faults of chapter A: envelope, versions, element order, ids of commands.

use assay_wire::dm::Version;
use assay_wire::tree::{Kind, Namespace};

use super::{drop_all, is_xml, replace, set_all, set_header};
use crate::dm::variants::in_sequence;
use crate::dm::{Client, Doc, Stage};
use crate::switch::Fault;
use crate::table::dm::{body, message};

pub(super) const ENVELOPE: &[Fault] = &[
    message(
        "sequence-to-windows",
        "sends clients of Windows a Sequence, which they do not know",
        |doc| {
            if doc.facts.client == Client::OfWindows {
                in_sequence(doc);
            }
        },
    ),
    body(
        "body-cut",
        "leaves the last octets of a message out",
        |body| {
            body.truncate(body.len().saturating_sub(9));
        },
    ),
    body(
        "error-page-with-200",
        "sends an HTML page as a DM message",
        |body| {
            *body = b"<html><body><h1>Out of order<br></body></html>".to_vec();
        },
    ),
    body(
        "xml-second-root",
        "writes a second root element behind the first",
        |body| {
            if is_xml(body) {
                body.extend_from_slice(b"<SyncML/>");
            }
        },
    ),
    body(
        "wbxml-trailing-bytes",
        "writes octets behind the root of WBXML",
        |body| {
            if !is_xml(body) {
                body.extend_from_slice(&[0x01, 0x01]);
            }
        },
    ),
    message("root-lower-case", "calls the root `syncml`", |doc| {
        if let Some(root) = doc.tree.root() {
            doc.rename(root, "syncml");
        }
    }),
    message(
        "namespace-of-other-version",
        "declares the namespace of the other version",
        |doc| {
            let other = match doc.facts.version {
                Version::V1_1 => Version::V1_2,
                Version::V1_2 => Version::V1_1,
            };
            if doc.is_xml() {
                doc.set_namespace(&other.namespace());
            }
        },
    ),
    message(
        "namespace-missing",
        "declares no namespace on the root",
        |doc| {
            if doc.is_xml() {
                doc.set_namespace(&Namespace::None);
            }
        },
    ),
    message(
        "body-before-header",
        "writes SyncBody before SyncHdr",
        |doc| {
            if let Some(body) = doc.body() {
                doc.make_first(body);
            }
        },
    ),
    message("body-doubled", "writes SyncBody twice", |doc| {
        if let Some(body) = doc.body() {
            doc.double(body);
        }
    }),
    message(
        "source-before-target",
        "writes Source before Target in the header",
        |doc| {
            swap_in_header(doc, "Target", "Source");
        },
    ),
    message(
        "msg-id-before-session-id",
        "writes MsgID before SessionID",
        |doc| {
            swap_in_header(doc, "SessionID", "MsgID");
        },
    ),
    message("header-element-doubled", "writes VerProto twice", |doc| {
        let proto = doc
            .header()
            .and_then(|header| doc.tree.child(header, "VerProto"));
        if let Some(proto) = proto {
            doc.double(proto);
        }
    }),
    message(
        "close-without-status",
        "closes with a SyncBody that holds Final alone",
        |doc| {
            if doc.facts.stage == Stage::Closing {
                drop_all(doc, doc.statuses());
            }
        },
    ),
    message("final-first", "writes Final before the commands", |doc| {
        if let Some(fin) = doc.fin() {
            doc.make_first(fin);
        }
    }),
    message("final-with-text", "writes text into Final", |doc| {
        if let Some(fin) = doc.fin() {
            doc.tree.set_text(fin, "true");
        }
    }),
    message("final-doubled", "writes Final twice", |doc| {
        if let Some(fin) = doc.fin() {
            doc.double(fin);
        }
    }),
    message("ver-dtd-long", "says VerDTD 1.2.1 or 1.1.2", |doc| {
        let long = match doc.facts.version {
            Version::V1_1 => "1.1.2",
            Version::V1_2 => "1.2.1",
        };
        set_header(doc, "VerDTD", long);
    }),
    message(
        "ver-dtd-with-space",
        "writes white space around VerDTD",
        |doc| {
            let text = format!(" {} ", doc.facts.version.dtd());
            set_header(doc, "VerDTD", &text);
        },
    ),
    message(
        "ver-proto-of-data-sync",
        "says VerProto SyncML/1.x",
        |doc| {
            let text = format!("SyncML/{}", doc.facts.version.dtd());
            set_header(doc, "VerProto", &text);
        },
    ),
    message(
        "version-always-newest",
        "answers DM 1.1 with DM 1.2",
        |doc| {
            if doc.facts.version == Version::V1_1 && doc.facts.stage != Stage::Refusal {
                set_header(doc, "VerDTD", "1.2");
                set_header(doc, "VerProto", "DM/1.2");
                doc.set_namespace(&Namespace::SyncMl12);
            }
        },
    ),
    message(
        "ver-proto-of-other-version",
        "says VerDTD of one version, VerProto of another",
        |doc| {
            let other = match doc.facts.version {
                Version::V1_1 => "DM/1.2",
                Version::V1_2 => "DM/1.1",
            };
            set_header(doc, "VerProto", other);
        },
    ),
    message(
        "cmd-id-missing-inside",
        "leaves CmdID out inside Atomic and Sequence",
        |doc| {
            for container in doc.anywhere(&["Atomic", "Sequence"]) {
                let children: Vec<_> = doc.tree.elements(container).collect();
                for child in children {
                    doc.remove(child, "CmdID");
                }
            }
        },
    ),
    message(
        "cmd-id-missing",
        "leaves the CmdID of Statuses out",
        |doc| {
            for status in doc.statuses_for("*") {
                doc.remove(status, "CmdID");
            }
        },
    ),
    message("cmd-id-last", "writes CmdID as the last child", |doc| {
        for status in doc.statuses() {
            if let Some(id) = doc.tree.child(status, "CmdID") {
                doc.make_last(id);
            }
        }
    }),
    message(
        "cmd-id-duplicated",
        "gives all commands of a message the same CmdID",
        |doc| {
            let nodes = [doc.statuses(), doc.commands()].concat();
            set_all(doc, nodes, "CmdID", "1");
        },
    ),
    message(
        "cmd-id-restarts-inside",
        "counts CmdID from 1 again inside Atomic",
        |doc| {
            for container in doc.anywhere(&["Atomic", "Sequence"]) {
                let children = doc.tree.elements(container);
                let commands: Vec<_> = children
                    .filter(|&child| doc.tree.child(child, "CmdID").is_some())
                    .collect();
                for (number, command) in commands.into_iter().enumerate() {
                    doc.set(command, "CmdID", (number + 1).to_string());
                }
            }
        },
    ),
    message("cmd-id-zero", "counts CmdID from 0", |doc| {
        for (number, id) in doc.anywhere(&["CmdID"]).into_iter().enumerate() {
            doc.tree.set_text(id, number.to_string());
        }
    }),
    message("cmd-id-empty", "leaves the first CmdID empty", |doc| {
        if let Some(&id) = doc.anywhere(&["CmdID"]).first() {
            doc.tree.clear(id);
        }
    }),
    message(
        "no-resp-leaked",
        "writes NoResp, which DM does not use",
        |doc| {
            for status in doc.statuses() {
                doc.add_before(status, "MsgRef", "NoResp", "");
            }
        },
    ),
    message(
        "lang-leaked",
        "writes Lang into a Get, which DM does not use",
        |doc| {
            for get in doc.anywhere(&["Get"]) {
                if doc.tree.child(get, "Item").is_some() {
                    doc.add_before(get, "Item", "Lang", "en");
                }
            }
        },
    ),
    message(
        "cred-in-command",
        "writes credentials into a Status",
        |doc| {
            if let Some(&status) = doc.statuses().first() {
                let chal = doc.tree.child(status, "Chal").is_some();
                let cred = doc.add_before(status, if chal { "Chal" } else { "Data" }, "Cred", "");
                let meta = doc.add(cred, "Meta", "");
                let kind = doc.tree.push_element(Some(meta), Namespace::MetInf, "Type");
                doc.tree.push_text(kind, "syncml:auth-basic");
                doc.add(cred, "Data", "QnJ1Y2UyOk9oQmVoYXZl");
            }
        },
    ),
    message(
        "markup-in-data",
        "writes markup into Data without escaping it",
        |doc| {
            for command in doc.anywhere(&["Add", "Replace", "Exec"]) {
                let Some(data) = doc.tree.find(command, "Item/Data") else {
                    continue;
                };
                if doc.is_xml() {
                    doc.tree.clear(data);
                    doc.add(data, "characteristic", "value");
                }
            }
        },
    ),
    message(
        "value-missing",
        "leaves the value of an Add or a Replace out",
        |doc| {
            for command in doc.anywhere(&["Add", "Replace"]) {
                doc.remove(command, "Item/Data");
            }
        },
    ),
    message(
        "data-before-meta",
        "writes Data before Meta in an Item",
        |doc| {
            for item in doc.anywhere(&["Item"]) {
                let (meta, data) = (doc.tree.child(item, "Meta"), doc.tree.child(item, "Data"));
                if let (Some(meta), Some(data)) = (meta, data) {
                    doc.tree.detach(data);
                    doc.tree.attach_before(meta, data);
                }
            }
        },
    ),
    message(
        "client-get-answered",
        "answers a Get of the client with Results",
        |doc| {
            if doc.facts.client == Client::Stranger {
                return;
            }
            let gets = doc
                .facts
                .asked
                .iter()
                .filter(|asked| asked.name == "Get")
                .cloned();
            for get in gets.collect::<Vec<_>>() {
                let msg = doc.facts.msg.clone();
                let Some(results) = doc.command("Results") else {
                    continue;
                };
                doc.add(results, "MsgRef", &msg);
                doc.add(results, "CmdRef", &get.cmd_id);
                let item = doc.add(results, "Item", "");
                let source = doc.add(item, "Source", "");
                doc.add(source, "LocURI", &get.target);
                doc.add(item, "Data", "value");
            }
        },
    ),
    message(
        "device-uri-upper-cased",
        "changes the letters of the device's URI",
        |doc| {
            let device = doc.facts.device.to_ascii_uppercase();
            set_header(doc, "Target/LocURI", &device);
        },
    ),
    message("server-uri-empty", "leaves its own URI empty", |doc| {
        set_header(doc, "Source/LocURI", "");
    }),
    message(
        "server-uri-changes",
        "names another URI of itself in each message",
        |doc| {
            let uri = format!("{}?node={}", doc.facts.url, doc.facts.round);
            set_header(doc, "Source/LocURI", &uri);
        },
    ),
    message(
        "status-data-first",
        "writes Data before MsgRef in a Status",
        |doc| {
            for status in doc.statuses() {
                let (data, msg) = (
                    doc.tree.child(status, "Data"),
                    doc.tree.child(status, "MsgRef"),
                );
                if let (Some(data), Some(msg)) = (data, msg) {
                    doc.tree.detach(data);
                    doc.tree.attach_before(msg, data);
                }
            }
        },
    ),
    message(
        "chal-after-data",
        "writes Chal behind Data in a Status",
        |doc| {
            for challenge in doc.challenges() {
                doc.make_last(challenge);
            }
        },
    ),
    message(
        "status-without-msg-ref",
        "leaves MsgRef out of a Status",
        |doc| {
            for status in doc.statuses() {
                doc.remove(status, "MsgRef");
            }
        },
    ),
    message("status-without-cmd", "leaves Cmd out of a Status", |doc| {
        for status in doc.statuses_for("*") {
            doc.remove(status, "Cmd");
        }
    }),
    message(
        "status-code-in-words",
        "writes words behind a status code",
        |doc| {
            for status in doc.statuses() {
                let code = doc.text(status, "Data");
                doc.set(status, "Data", format!("{code} OK"));
            }
        },
    ),
    message("alert-1105-sent", "sends the reserved alert 1105", |doc| {
        if doc.facts.stage == Stage::Managing {
            doc.alert("1105");
        }
    }),
    message(
        "generic-alert-sent",
        "sends a Generic Alert, which is the client's",
        |doc| {
            if doc.facts.stage == Stage::Managing {
                doc.alert("1226");
            }
        },
    ),
    message("msg-id-zero-based", "counts MsgID from 0", |doc| {
        let msg = doc.facts.round.saturating_sub(1).to_string();
        set_header(doc, "MsgID", &msg);
    }),
    message("msg-id-with-fraction", "writes MsgID as 1.0", |doc| {
        let msg = format!("{}.0", doc.facts.round);
        set_header(doc, "MsgID", &msg);
    }),
    message(
        "meta-in-syncml-namespace",
        "leaves what is in Meta in the SyncML namespace",
        |doc| {
            let outer = doc.facts.version.namespace();
            for meta in doc.anywhere(&["Meta"]) {
                let children: Vec<_> = doc.tree.elements(meta).collect();
                for child in children {
                    if doc.is_xml()
                        && let Kind::Element(element) = &mut doc.tree.node_mut(child).kind
                    {
                        element.namespace = outer.clone();
                    }
                }
            }
        },
    ),
    body("xml-declared-latin-1", "declares ISO-8859-1", |body| {
        if is_xml(body) {
            drop_declaration(body);
            let declaration = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
            body.splice(0..0, declaration.iter().copied());
        }
    }),
    body(
        "xml-doctype-entity",
        "declares an entity of its own",
        |body| {
            if is_xml(body) {
                drop_declaration(body);
                let doctype = b"<!DOCTYPE SyncML [<!ENTITY dm \"DM\">]>";
                body.splice(0..0, doctype.iter().copied());
                replace(body, b"<VerProto>DM/", b"<VerProto>&dm;/");
            }
        },
    ),
];

/// Moves the second of two children of the header in front of the first.
fn swap_in_header(doc: &mut Doc, first: &str, second: &str) {
    let Some(header) = doc.header() else { return };
    let (first, second) = (
        doc.tree.child(header, first),
        doc.tree.child(header, second),
    );
    if let (Some(first), Some(second)) = (first, second) {
        doc.tree.detach(second);
        doc.tree.attach_before(first, second);
    }
}

fn drop_declaration(body: &mut Vec<u8>) {
    if body.starts_with(b"<?xml")
        && let Some(end) = body.windows(2).position(|two| two == b"?>")
    {
        body.drain(..end + 2);
    }
}
