//! Documents and header fields of the agent, and what of them is lawful.
//!
//! Without options everything here gives what an ordinary device sends. Which messages are sent,
//! and when, is decided elsewhere.

use assay_suites::step::Http;
use assay_suites::step::pull::{CodePage, HeaderCase, Poll, Timestamp, Token};
use assay_wire::pull::{
    Action, AdapterDraft, DevicePollDraft, Generation, MEDIA_TYPE, MOST_ID, ReportKind, field,
};
use assay_wire::{Tree, xml};

use crate::outgoing::USER_AGENT;
use crate::pull::database::PullMemory;
use crate::target::Identity;

/// The declaration of XML that devices send.
const DECLARATION: &str = "version=\"1.0\" encoding=\"utf-8\"";
/// A token that no server gave out.
const WRONG_TOKEN: &str = "assay-wrong-token-00000000";
/// The address of the virtual device, and its network (RFC 5737).
pub(super) const ADDRESS: (&str, &str) = ("192.0.2.17", "192.0.2.0");
/// Elements of a poll that a device may leave out.
const OPTIONAL: [&str; 10] = [
    "UserName",
    "Domain",
    "NetworkAdapter",
    "MAC",
    "CodePage",
    "codePage",
    "SystemDefaultLCID",
    "Connection",
    "AuthorizationToken",
    "Timestamp",
];

/// Who speaks, by header fields. What is absent is left out; what is empty is there and empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Envelope {
    pub(super) uuid: Option<String>,
    pub(super) token: Option<String>,
    pub(super) timestamp: Option<String>,
    pub(super) generation: Generation,
    pub(super) case: HeaderCase,
}

impl Envelope {
    /// What a device says of itself in every message.
    pub(super) fn usual(identity: &Identity, memory: &PullMemory, generation: Generation) -> Self {
        let (token, timestamp) = memory.marks(None);
        Self {
            uuid: Some(identity.id.clone()),
            token: Some(token.unwrap_or_default().to_owned()),
            timestamp: Some(timestamp.unwrap_or_default().to_owned()),
            generation,
            case: HeaderCase::Usual,
        }
    }

    /// What it says in this poll.
    pub(super) fn of_poll(
        step: &Poll,
        identity: &Identity,
        memory: &PullMemory,
        generation: Generation,
    ) -> Self {
        let other = other_id(step, identity);
        let (token, timestamp) = memory.marks(other);
        let token = match &step.auth {
            Token::Usual => Some(token.unwrap_or_default()),
            Token::None => None,
            Token::Wrong => Some(WRONG_TOKEN),
            Token::Stale => Some(memory.replaced().unwrap_or(WRONG_TOKEN)),
            Token::Token(text) => Some(text.as_str()),
        };
        let timestamp = match &step.timestamp {
            Timestamp::Usual => timestamp.unwrap_or_default(),
            Timestamp::Empty => "",
            Timestamp::Text(text) => text,
        };
        let uuid = match step.uuid.as_deref() {
            Some("none") => None,
            Some(text) => Some(text),
            None => Some(identity.id.as_str()),
        };
        Self {
            uuid: uuid.map(str::to_owned),
            token: token.map(str::to_owned),
            timestamp: Some(timestamp.to_owned()),
            generation,
            case: step.header_case,
        }
    }

    /// The header fields of a message. Without an action it is left to the step.
    pub(super) fn fields(
        &self,
        action: Option<Action>,
        report: Option<ReportKind>,
        filename: Option<&str>,
    ) -> Vec<(String, String)> {
        let version = match self.generation {
            Generation::Ce42 => "4.20.0.0",
            Generation::Ce50 => "5.0.0.0",
            Generation::Ce60 => "6.0.0.0",
        };
        let own = [
            (field::UUID, self.uuid.as_deref()),
            (field::AUTH, self.token.as_deref()),
            (field::TIMESTAMP, self.timestamp.as_deref()),
            (field::CLIENT_VERSION, Some(version)),
            (field::ACTION, action.map(Action::value)),
            (field::REPORT_TYPE, report.map(ReportKind::value)),
            (field::FILENAME, filename),
        ];
        let mut fields = vec![("User-Agent".to_owned(), USER_AGENT.to_owned())];
        for (name, value) in own {
            let Some(value) = value else { continue };
            let name = match self.case {
                HeaderCase::Usual => name.to_owned(),
                HeaderCase::Lower => name.to_ascii_lowercase(),
                HeaderCase::Upper => name.to_ascii_uppercase(),
            };
            // An empty value would leave the field out.
            let value = if value.is_empty() { " " } else { value };
            fields.push((name, value.to_owned()));
        }
        let media = match report {
            Some(ReportKind::File) => assay_wire::pull::FILE_MEDIA_TYPE,
            _ => MEDIA_TYPE,
        };
        fields.push(("Content-Type".to_owned(), media.to_owned()));
        fields
    }
}

/// The id that a poll is made with, where it is not that of the device.
pub(super) fn other_id<'s>(step: &'s Poll, identity: &Identity) -> Option<&'s str> {
    step.uuid
        .as_deref()
        .filter(|text| *text != "none" && *text != identity.id)
}

/// The document of a poll.
pub(super) fn poll(step: &Poll, envelope: &Envelope, identity: &Identity) -> Tree<'static> {
    let platform = match envelope.generation {
        Generation::Ce42 => "Windows CE 4.20",
        Generation::Ce50 => "Assay Device 5.0",
        Generation::Ce60 => "Assay Device 6.0",
    };
    // Devices that have no token or timestamp yet were seen to say 0.
    let mark = |value: &Option<String>| match value.as_deref() {
        None | Some("") => "0".to_owned(),
        Some(text) => text.to_owned(),
    };
    let draft = DevicePollDraft {
        system: "Assay Device Management".to_owned(),
        system_version: "1.0.0.0".to_owned(),
        id: envelope.uuid.clone().unwrap_or_else(|| identity.id.clone()),
        device_name: identity.id.clone(),
        user_name: Some(identity.user.clone()),
        domain: Some("ASSAY".to_owned()),
        platform: platform.to_owned(),
        processor: "2577".to_owned(),
        code_page: Some("1252".to_owned()),
        lower_code_page: step.code_page == CodePage::Lower,
        lcid: Some("1033".to_owned()),
        adapters: vec![AdapterDraft {
            address: ADDRESS.0.to_owned(),
            subnet: "255.255.255.0".to_owned(),
            mac: Some("02-00-5E-10-00-01".to_owned()),
        }],
        token: Some(mark(&envelope.token)),
        timestamp: Some(mark(&envelope.timestamp)),
    };
    let mut tree = draft.tree();
    bend(&mut tree, step);
    tree
}

fn bend(tree: &mut Tree<'static>, step: &Poll) {
    let Some(root) = tree.root() else { return };
    if step.reversed
        && let Some(node) = tree.child(root, "Identification")
    {
        let children: Vec<_> = tree.children(node).collect();
        for &child in &children {
            tree.detach(child);
        }
        for &child in children.iter().rev() {
            tree.attach(Some(node), child);
        }
    }
    let left_out: Vec<_> = tree
        .descend(root)
        .filter(|&node| node != root && step.omit.iter().any(|name| name == tree.name(node)))
        .collect();
    for node in left_out {
        tree.detach(node);
    }
}

/// True where a poll, bent like this, is one that an agent may send.
pub(super) fn is_lawful_poll(step: &Poll, identity: &Identity, memory: &PullMemory) -> bool {
    let (token, timestamp) = memory.marks(other_id(step, identity));
    let token = match &step.auth {
        Token::Usual => true,
        Token::None | Token::Wrong | Token::Stale => false,
        Token::Token(text) => text == token.unwrap_or_default(),
    };
    let timestamp = match &step.timestamp {
        // A device that lost its registry begins anew.
        Timestamp::Usual | Timestamp::Empty => true,
        Timestamp::Text(text) => text == timestamp.unwrap_or_default(),
    };
    let uuid = step
        .uuid
        .as_deref()
        .is_none_or(|text| text != "none" && (1..=MOST_ID).contains(&text.chars().count()));
    let whole = step
        .omit
        .iter()
        .all(|name| OPTIONAL.contains(&name.as_str()));
    token && timestamp && uuid && whole && is_lawful_request(&step.http, "POST", true)
}

/// True where the request around a message is one that an agent may send: the method, its own
/// header fields and framing left alone. Nothing is said about media types.
pub(super) fn is_lawful_request(http: &Http, method: &str, is_poll: bool) -> bool {
    let method = http.method.as_deref().is_none_or(|given| given == method);
    let version = http
        .version
        .as_deref()
        .is_none_or(|version| matches!(version, "1.0" | "1.1"));
    let fields = http.headers.iter().all(|(name, value)| {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "content-length" | "transfer-encoding" | "content-encoding" | "range" => false,
            "host" => !value.is_empty(),
            "x-device-client-version" => true,
            // Only polls need it, and no server may rely on it elsewhere.
            "x-device-timestamp" => !is_poll,
            other => !other.starts_with("x-device-"),
        }
    });
    method && version && fields
}

/// The octets of a document, with the declaration or without.
pub(super) fn octets(tree: &Tree<'_>, declaration: bool) -> Vec<u8> {
    let style = xml::Style {
        declaration: declaration.then(|| DECLARATION.to_owned()),
        ..xml::Style::default()
    };
    xml::write(tree, &style)
}
