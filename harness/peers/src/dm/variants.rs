//! Variants of the DM server: freedoms that the standard grants, each used by a switch.
//!
//! None of them may cost a conforming client anything, and none may earn a finding.

use assay_wire::tree::{Form, Kind, Namespace};
use assay_wire::wbxml::{Identify, Strings};
use assay_wire::xml::{Empty, Quotes, Style, Texts};

use super::doc::{Client, Doc, Stage};
use crate::framing::in_chunks;
use crate::switch::Variant;
use crate::table::dm::{body, logic, message, response, style};

pub(crate) const VARIANTS: &[Variant] = &[
    // XML.
    style(
        "xml-declaration",
        "begins with an XML declaration",
        |styles| {
            styles.xml.declaration = Some(Style::DECLARATION.to_owned());
        },
    ),
    style("xml-doctype", "has a document type declaration", |styles| {
        styles.xml.doctype = Some(
            "SyncML PUBLIC \"-//OMA//DTD SYNCML 1.2//EN\" \
             \"http://www.openmobilealliance.org/tech/DTD/OMA-SyncML-RepPro-DTD-V1_2.dtd\""
                .to_owned(),
        );
    }),
    style(
        "xml-indented",
        "writes white space between elements",
        |styles| {
            styles.xml.indent = Some(2);
        },
    ),
    style("xml-prefixes", "gives SyncML elements a prefix", |styles| {
        styles.xml.syncml_prefix = Some("s".to_owned());
    }),
    style(
        "xml-prefixes-in-meta",
        "gives the elements in Meta a prefix",
        |styles| {
            styles.xml.metinf_prefix = Some("m".to_owned());
        },
    ),
    style("xml-cdata", "writes text in CDATA sections", |styles| {
        styles.xml.texts = Texts::Cdata;
    }),
    style(
        "xml-character-references",
        "writes some letters as references",
        |styles| {
            styles.xml.referenced = vec!['a', '2', '/', '='];
        },
    ),
    style(
        "xml-single-quotes",
        "quotes attributes with apostrophes",
        |styles| {
            styles.xml.quotes = Quotes::Single;
        },
    ),
    style(
        "xml-empty-elements-in-two-tags",
        "writes <Final></Final>",
        |styles| {
            styles.xml.empty = Empty::TwoTags;
        },
    ),
    style("xml-comments", "writes comments", |styles| {
        styles.xml.comment = Some("nothing to see".to_owned());
    }),
    style(
        "xml-instructions",
        "writes processing instructions",
        |styles| {
            styles.xml.instruction = Some("peer keep".to_owned());
        },
    ),
    body(
        "xml-space-around-root",
        "writes line ends behind the root",
        |body| {
            if body.first() == Some(&b'<') {
                body.extend_from_slice(b"\r\n\n");
            }
        },
    ),
    // WBXML.
    style("wbxml-version-11", "writes WBXML 1.1", |styles| {
        styles.wbxml.version = 0x01;
    }),
    style("wbxml-version-13", "writes WBXML 1.3", |styles| {
        styles.wbxml.version = 0x03;
    }),
    style(
        "wbxml-public-id-as-text",
        "names the document type in the string table",
        |styles| {
            styles.wbxml.public_id = Identify::Text;
        },
    ),
    style(
        "wbxml-string-table",
        "puts all strings into the table",
        |styles| {
            styles.wbxml.strings = Strings::Table;
        },
    ),
    style(
        "wbxml-shared-strings",
        "puts repeated strings into the table",
        |styles| {
            styles.wbxml.strings = Strings::Shared;
        },
    ),
    style(
        "wbxml-opaque-strings",
        "writes strings as opaque octets",
        |styles| {
            styles.wbxml.strings = Strings::Opaque;
        },
    ),
    style(
        "wbxml-mixed-strings",
        "writes strings in all forms by turns",
        |styles| {
            styles.wbxml.strings = Strings::Mixed;
        },
    ),
    style(
        "wbxml-redundant-switches",
        "switches code pages more often than needed",
        |styles| {
            styles.wbxml.redundant_switches = true;
        },
    ),
    style(
        "wbxml-empty-elements-with-end",
        "writes empty elements with END",
        |styles| {
            styles.wbxml.empty_with_content = true;
        },
    ),
    // The message.
    message(
        "refs-omitted",
        "leaves the references out of the Status for the header",
        |doc| {
            // Where single Items are answered, the references are what tells them apart.
            if let Some(status) = doc.header_status() {
                doc.remove(status, "TargetRef");
                doc.remove(status, "SourceRef");
            }
        },
    ),
    message("cmd-ids-from-101", "counts CmdID from 101", |doc| {
        for id in doc.anywhere(&["CmdID"]) {
            let number = doc.tree.text(id).parse::<u32>().unwrap_or(0);
            doc.tree.set_text(id, (number + 100).to_string());
        }
    }),
    message("cmd-ids-descend", "counts CmdID down", |doc| {
        for id in doc.anywhere(&["CmdID"]) {
            let number = doc.tree.text(id).parse::<u32>().unwrap_or(0);
            doc.tree
                .set_text(id, 900_u32.saturating_sub(number).to_string());
        }
    }),
    message(
        "meta-in-other-order",
        "writes the elements of Meta in another order",
        |doc| {
            for meta in doc.anywhere(&["Meta"]) {
                let children: Vec<_> = doc.tree.elements(meta).collect();
                for child in children {
                    doc.make_first(child);
                }
            }
        },
    ),
    message(
        "met-inf-inside-meta",
        "puts the elements of Meta into MetInf",
        |doc| {
            for meta in doc.anywhere(&["Meta"]) {
                let children: Vec<_> = doc.tree.children(meta).collect();
                let inner = doc
                    .tree
                    .push_element(Some(meta), Namespace::MetInf, "MetInf");
                for child in children {
                    doc.tree.detach(child);
                    doc.tree.attach(Some(inner), child);
                }
            }
        },
    ),
    message("sizes-in-header", "says the sizes that it takes", |doc| {
        let Some(header) = doc.header() else { return };
        let meta = doc.add(header, "Meta", "");
        for (name, size) in [("MaxMsgSize", "65536"), ("MaxObjSize", "1048576")] {
            let leaf = doc.tree.push_element(Some(meta), Namespace::MetInf, name);
            doc.tree.push_text(leaf, size);
        }
    }),
    message(
        "loc-names-in-header",
        "gives names beside the URIs of the header",
        |doc| {
            let Some(header) = doc.header() else { return };
            for (side, name) in [("Target", "the device"), ("Source", "Peer")] {
                if let Some(side) = doc.tree.child(header, side) {
                    doc.add(side, "LocName", name);
                }
            }
        },
    ),
    message(
        "accepted-with-200",
        "answers good credentials with 200",
        |doc| {
            if let Some(status) = doc.header_status()
                && doc.text(status, "Data") == "212"
            {
                doc.set(status, "Data", "200");
            }
        },
    ),
    logic(
        "next-nonce-omitted",
        "gives no nonce together with 212, unless the nonce was lost",
    ),
    logic(
        "hmac-without-algorithm",
        "leaves the algorithm of its mac out, which is MD5 then",
    ),
    logic(
        "hmac-spaced",
        "writes more space around the commas of the field of its mac",
    ),
    message(
        "generic-alerts-answered-202",
        "answers Generic Alerts with 202",
        |doc| {
            answer_alerts(doc, "1226", "200", "202");
        },
    ),
    message(
        "client-events-accepted",
        "accepts client events of any type",
        |doc| {
            answer_alerts(doc, "1224", "406", "200");
        },
    ),
    message(
        "display-alerts-answered-200",
        "answers display alerts of a client with 200",
        |doc| {
            answer_alerts(doc, "1100", "406", "200");
        },
    ),
    message(
        "unknown-alerts-answered-400",
        "answers reserved alerts with 400",
        |doc| {
            answer_alerts(doc, "1299", "406", "400");
        },
    ),
    message(
        "plain-text-in-cdata",
        "writes values in CDATA sections",
        |doc| {
            for data in doc.anywhere(&["Data"]) {
                let inside: Vec<_> = doc.tree.children(data).collect();
                for node in inside {
                    if let Kind::Text(_, form) = &mut doc.tree.node_mut(node).kind {
                        *form = Form::Cdata;
                    }
                }
            }
        },
    ),
    // What the server decides.
    logic("nonce-of-64-octets", "makes nonces of 64 octets"),
    logic("resp-uri-omitted", "gives no RespURI"),
    logic("one-command-a-message", "sends one command at a time"),
    logic(
        "unknown-session-asked-again",
        "takes package 3 of an unknown session for a new one",
    ),
    logic(
        "versions-that-disagree-accepted",
        "goes by VerDTD where VerProto disagrees",
    ),
    // HTTP.
    logic(
        "header-names-lower-case",
        "writes field names in lower case",
    ),
    logic("content-type-with-charset", "says charset in Content-Type"),
    logic(
        "content-type-with-parameters",
        "says verproto in Content-Type",
    ),
    logic("cache-control-no-store", "says Cache-Control no-store"),
    logic("more-response-headers", "sends further header fields"),
    logic(
        "wrong-media-type-as-400",
        "refuses other media types with 400",
    ),
    logic("get-answered-404", "answers GET with 404"),
    logic(
        "client-certificate-required",
        "ends the handshake with clients that show no certificate",
    ),
    response(
        "answers-chunked",
        "sends chunks instead of a Content-Length",
        in_chunks,
    ),
    message(
        "commands-in-sequence",
        "puts its commands into a Sequence",
        |doc| {
            // Windows knows no Sequence (MS-MDM 2.2.4.3).
            if doc.facts.client != Client::OfWindows {
                in_sequence(doc);
            }
        },
    ),
];

/// Gives the Statuses for the client's Alerts of this code another code, where it is `from`.
fn answer_alerts(doc: &mut Doc, alert: &str, from: &str, to: &str) {
    let asked = doc
        .facts
        .asked
        .iter()
        .filter(|a| a.name == "Alert" && a.code == alert);
    let asked: Vec<String> = asked.map(|asked| asked.cmd_id.clone()).collect();
    for status in doc.statuses_for("Alert") {
        if asked.contains(&doc.text(status, "CmdRef")) && doc.text(status, "Data") == from {
            doc.set(status, "Data", to);
        }
    }
}

/// Puts the commands of a message into one Sequence.
pub(super) fn in_sequence(doc: &mut Doc) {
    let mut commands = doc.commands();
    // A Sequence holds no Atomic and no other Sequence in DM (OMA-TS-DM_RepPro 6.6.14).
    commands.retain(|&node| !matches!(doc.tree.name(node), "Alert" | "Atomic" | "Sequence"));
    if commands.is_empty() || doc.facts.stage != Stage::Managing {
        return;
    }
    let Some(sequence) = doc.command("Sequence") else {
        return;
    };
    for command in commands {
        doc.tree.detach(command);
        doc.tree.attach(Some(sequence), command);
    }
}
