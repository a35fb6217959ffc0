//! The typed options of a step: what they make of a message, of its bytes and of its request.
//!
//! Without options everything here gives what an ordinary device sends. Which messages are sent,
//! and when, is decided in `mod`; what a lawful message is, is said here.

use std::collections::BTreeSet;

use assay_suites::step::{
    Alert, DevInfo, First, Http, Package1, PublicId, Strings, To, Wbxml as WbxmlBends,
};
use assay_wire::dm::{Draft, MetaDraft, Version};
use assay_wire::{Encoding, Tree, media, wbxml, xml};

use crate::dm::client::{Credential, Session};
use crate::dm::node::dev_info;
use crate::outgoing::USER_AGENT;
use crate::{Outgoing, Target};

/// The media type of this encoding (OMA-TS-DM_RepPro 5.1).
pub(crate) fn media_type(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Xml => "application/vnd.syncml.dm+xml",
        Encoding::Wbxml => "application/vnd.syncml.dm+wbxml",
    }
}

/// A draft whose commands take their CmdIDs from a list, as long as it lasts.
#[derive(Debug)]
pub(crate) struct Numbered<'a> {
    pub(crate) draft: Draft,
    ids: &'a [u32],
}

impl<'a> Numbered<'a> {
    pub(crate) fn new(draft: Draft, ids: Option<&'a Vec<u32>>) -> Self {
        Self {
            draft,
            ids: ids.map_or(&[], Vec::as_slice),
        }
    }

    /// The draft, ready for one more command.
    pub(crate) fn next(&mut self) -> &mut Draft {
        if let Some((id, rest)) = self.ids.split_first() {
            self.draft.set_next_cmd_id(*id);
            self.ids = rest;
        }
        &mut self.draft
    }
}

/// Writes what package 1 says beside Status: alerts, DevInfo, in the order that the step wants.
pub(crate) fn package_1(out: &mut Numbered<'_>, step: &Package1, version: Version, device: &str) {
    let session = [Alert {
        code: 1201,
        ..Alert::default()
    }];
    let alerts = step.alerts.as_deref().unwrap_or(&session);
    if step.first == First::Replace {
        write_dev_info(out, &step.dev_info, version, device);
    }
    for one in alerts {
        alert(out.next(), one);
    }
    if step.first == First::Alert {
        write_dev_info(out, &step.dev_info, version, device);
    }
}

/// Writes one Alert of the client.
pub(crate) fn alert(draft: &mut Draft, alert: &Alert) {
    let command = draft.command("Alert");
    let correlator = alert.correlator.as_deref();
    if let Some(correlator) = correlator.filter(|_| alert.correlator_first) {
        draft.leaf(command, "Correlator", correlator);
    }
    draft.leaf(command, "Data", &alert.code.to_string());
    if let Some(correlator) = correlator.filter(|_| !alert.correlator_first) {
        draft.leaf(command, "Correlator", correlator);
    }
    for bends in &alert.items {
        let item = draft.item(command);
        if let Some(source) = &bends.source {
            draft.located(item, "Source", source, None);
        }
        let meta = MetaDraft {
            format: bends.format.clone(),
            kind: bends.r#type.clone(),
            mark: bends.mark.clone(),
            ..MetaDraft::default()
        };
        if !meta.is_empty() {
            draft.meta(item, &meta);
        }
        if let Some(data) = &bends.data {
            draft.leaf(item, "Data", data);
        }
    }
}

/// Writes the Replace with one Item a node of DevInfo (OMA-TS-DM_Protocol 8.3).
fn write_dev_info(out: &mut Numbered<'_>, bends: &DevInfo, version: Version, device: &str) {
    if bends.omit {
        return;
    }
    let mut nodes: Vec<(&str, String)> = dev_info(version, device).into();
    for (path, value) in &bends.nodes {
        match nodes.iter_mut().find(|(name, _)| name == path) {
            Some(node) => node.1.clone_from(value),
            None => nodes.push((path, value.clone())),
        }
    }
    let draft = out.next();
    let replace = draft.command("Replace");
    for (path, value) in nodes {
        let item = draft.item(replace);
        let root = if bends.bare { "DevInfo" } else { "./DevInfo" };
        draft.located(item, "Source", &format!("{root}/{path}"), None);
        if bends.meta != Some(false) {
            draft.meta(item, &MetaDraft::new("chr", "text/plain"));
        }
        draft.leaf(item, "Data", &value);
    }
}

/// Writes Cred into the header; a mac stands elsewhere.
pub(crate) fn cred(draft: &mut Draft, credential: &Credential) {
    if credential.key.is_some() {
        return;
    }
    if credential.meta {
        let meta = MetaDraft::new(&credential.format, &credential.kind);
        draft.cred(&meta, &credential.data);
    } else {
        let cred = draft.element(draft.header, "Cred");
        draft.leaf(cred, "Data", &credential.data);
    }
}

/// Writes the limits of the device into the header, which ends with them.
pub(crate) fn limits(draft: &mut Draft, message: Option<u32>, object: Option<u32>) {
    let meta = MetaDraft {
        max_msg_size: message.map(|size| size.to_string()),
        max_obj_size: object.map(|size| size.to_string()),
        ..MetaDraft::default()
    };
    if !meta.is_empty() {
        draft.header_meta(&meta);
    }
}

/// Changes the header as the step says: other versions, children left out.
pub(crate) fn header(draft: &mut Draft, step: &Package1) {
    let others = [("VerDTD", &step.ver_dtd), ("VerProto", &step.ver_proto)];
    for (name, text) in others {
        if let (Some(node), Some(text)) = (draft.tree.child(draft.header, name), text) {
            draft.tree.set_text(node, text.clone());
        }
    }
    for name in &step.omit {
        if let Some(node) = draft.tree.child(draft.header, name) {
            draft.tree.detach(node);
        }
    }
}

/// True where package 1, bent like this, is still a message that the standard allows. Credentials
/// that are wrong and versions that nobody knows make no message unlawful: it is well formed, and
/// the standard says how it is refused.
pub(crate) fn is_lawful_package_1(step: &Package1, encoding: Encoding) -> bool {
    let ids = step.cmd_ids.as_deref().unwrap_or_default();
    let distinct: BTreeSet<&u32> = ids.iter().collect();
    let numbered = distinct.len() == ids.len() && !ids.contains(&0);
    step.omit.is_empty() && numbered && is_lawful_request(&step.http, encoding)
}

/// True where the request around a message is one that the binding allows: POST, a media type of
/// the protocol, framing left alone.
pub(crate) fn is_lawful_request(http: &Http, encoding: Encoding) -> bool {
    let method = http.method.as_deref().is_none_or(|method| method == "POST");
    let version = http
        .version
        .as_deref()
        .is_none_or(|version| matches!(version, "1.0" | "1.1"));
    let fields =
        http.headers
            .iter()
            .all(|(name, value)| match name.to_ascii_lowercase().as_str() {
                "content-length" | "transfer-encoding" | "content-encoding" => false,
                "host" => !value.is_empty(),
                "content-type" => {
                    media::parse(value).is_some_and(|media| media.essence == media_type(encoding))
                }
                _ => true,
            });
    method && version && fields
}

/// The octets of a document in this encoding.
pub(crate) fn body(
    tree: &Tree<'_>,
    encoding: Encoding,
    bends: &WbxmlBends,
) -> Result<Vec<u8>, String> {
    match encoding {
        Encoding::Xml => Ok(xml::write(tree, &xml::Style::default())),
        Encoding::Wbxml => wbxml::write(tree, &style(bends)?).map_err(|why| why.to_string()),
    }
}

/// The request that carries this body: to the session's URL, or where the step says.
pub(crate) fn outgoing(
    target: &Target,
    session: &Session,
    http: &Http,
    encoding: Encoding,
    body: Vec<u8>,
    (mac, secrets): (Option<(String, String)>, Vec<Vec<u8>>),
) -> Result<Outgoing, String> {
    let url = match (&session.resp_uri, http.to) {
        (Some(uri), To::Session) => {
            let url = session
                .base
                .join(uri)
                .map_err(|why| format!("RespURI {uri:?}: {why}"))?;
            if !matches!(url.scheme(), "http" | "https") {
                return Err(format!("RespURI {uri:?} is no http URL"));
            }
            url
        }
        _ => session.base.clone(),
    };
    let other = match encoding {
        Encoding::Xml => Encoding::Wbxml,
        Encoding::Wbxml => Encoding::Xml,
    };
    let own = media_type(encoding);
    let mut fields = vec![
        ("User-Agent".to_owned(), USER_AGENT.to_owned()),
        ("Accept".to_owned(), format!("{own}, {}", media_type(other))),
        ("Content-Type".to_owned(), own.to_owned()),
    ];
    fields.extend(mac);
    crate::outgoing::outgoing(target, url, http, fields, body, secrets)
}

fn style(bends: &WbxmlBends) -> Result<wbxml::Style, String> {
    let octet = match bends.version.as_deref() {
        None => wbxml::Style::default().version,
        Some("1.1") => 0x01,
        Some("1.2") => 0x02,
        Some("1.3") => 0x03,
        Some(other) => return Err(format!("no WBXML version {other:?} is known")),
    };
    Ok(wbxml::Style {
        version: octet,
        public_id: match bends.public_id {
            PublicId::Number => wbxml::Identify::Number,
            PublicId::Text => wbxml::Identify::Text,
            PublicId::OtherVersion => wbxml::Identify::OtherVersion,
        },
        strings: match bends.strings {
            Strings::Inline => wbxml::Strings::Inline,
            Strings::Table => wbxml::Strings::Table,
            Strings::Opaque => wbxml::Strings::Opaque,
            Strings::Mixed => wbxml::Strings::Mixed,
        },
        redundant_switches: bends.redundant_switches,
        empty_with_content: bends.empty_with_content,
        ..wbxml::Style::default()
    })
}
