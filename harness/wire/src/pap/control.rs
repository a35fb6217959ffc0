//! The typed view of a control entity over a tree: its message, addresses, results.
//!
//! Lenient: it takes what is there; what the document type does not have is noted.

use super::{address, codes, element};
use crate::span::{Limits, Note, Notes, Span};
use crate::tree::{NodeId, Tree};
use crate::wbxml::dates;

/// A control entity.
#[derive(Clone, Debug)]
pub struct Document<'t> {
    /// The tree that it is a view of.
    pub tree: &'t Tree<'t>,
    /// The root element, whatever its name is.
    pub root: NodeId,
    /// `product-name`.
    pub product: Option<&'t str>,
    /// The first message, of whatever name.
    pub message: Option<Message<'t>>,
    /// What was read past.
    pub notes: Vec<Note>,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message<'t> {
    /// The element.
    pub node: NodeId,
    /// Its name: `push-message`.
    pub name: &'t str,
    /// `push-id`.
    pub push_id: Option<&'t str>,
    /// The addresses directly in it.
    pub addresses: Vec<Address<'t>>,
    /// Its quality of service.
    pub quality: Option<Quality<'t>>,
    /// What it says became of the push: of `response-result`, `cancel-result`, `statusquery-result`,
    /// or of itself.
    pub outcomes: Vec<Outcome<'t>>,
    /// The notes on its way.
    pub progress: Vec<Progress<'t>>,
    /// All of it.
    pub span: Span,
    attributes: Vec<(&'t str, &'t str)>,
}

impl<'t> Message<'t> {
    /// The value of an attribute: `deliver-before-timestamp`, `reply-time`, `bad-message-fragment`.
    pub fn attribute(&self, name: &str) -> Option<&'t str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(key, _)| *key == name)
            .map(|(_, value)| *value)
    }

    /// The code of its first outcome.
    pub fn code(&self) -> Option<u16> {
        self.outcomes.first().and_then(|outcome| outcome.code)
    }

    /// True where it refuses what was asked: it says that a message was bad, or has a code of
    /// another class than success.
    pub fn refuses(&self) -> bool {
        let class = self.code().and_then(codes::class);
        self.name == "badmessage-response" || class.is_some_and(|it| it != codes::Class::Success)
    }
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address<'t> {
    /// The element.
    pub node: NodeId,
    /// `address-value` as it is written.
    pub value: &'t str,
}

/// A quality of service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quality<'t> {
    /// The element.
    pub node: NodeId,
    /// `priority`.
    pub priority: Option<&'t str>,
    /// `delivery-method`.
    pub method: Option<&'t str>,
    /// `network`.
    pub network: Option<&'t str>,
    /// `bearer`.
    pub bearer: Option<&'t str>,
    /// `network-required`.
    pub network_required: bool,
    /// `bearer-required`.
    pub bearer_required: bool,
}

/// What became of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<'t> {
    /// The element that says so.
    pub node: NodeId,
    /// `code`, where it is a number.
    pub code: Option<u16>,
    /// `desc`.
    pub description: Option<&'t str>,
    /// `message-state`.
    pub state: Option<&'t str>,
    /// `event-time`.
    pub time: Option<&'t str>,
    /// The addresses that it is about.
    pub addresses: Vec<Address<'t>>,
}

/// A note on the way of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress<'t> {
    /// `stage`.
    pub stage: Option<&'t str>,
    /// `note`.
    pub note: Option<&'t str>,
    /// `time`.
    pub time: Option<&'t str>,
}

/// The version that the declaration of the document type names: `1.0`, `2.0`, `2.1`.
pub fn version_of(entity: &[u8]) -> Option<&str> {
    const BEFORE: &[u8] = b"DTD PAP ";
    let head = entity.get(..entity.len().min(1024)).unwrap_or_default();
    let at = head
        .windows(BEFORE.len())
        .position(|window| window == BEFORE)?;
    let version = head.get(at + BEFORE.len()..at + BEFORE.len() + 3)?;
    std::str::from_utf8(version).ok()
}

impl<'t> Document<'t> {
    /// The view of a tree; none where it has no root element.
    pub fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = tree.root()?;
        let mut notes = Notes::new(&Limits::TARGET);
        let token = tree.node(root).token;
        if tree.name(root) != "pap" {
            let text = format!("the root element is {}", tree.name(root));
            notes.push("pap.wrong-root", token, text);
        }
        let mut messages = tree.elements(root);
        let first = messages.next();
        match (first, messages.next()) {
            (None, _) => notes.push("pap.no-message", token, "no message"),
            (_, Some(second)) => {
                let text = format!("a second message: {}", tree.name(second));
                notes.push("pap.second-message", tree.node(second).token, text);
            }
            _ => {}
        }
        for id in tree.descend(root) {
            check(tree, id, id == root, &mut notes);
        }
        Some(Self {
            tree,
            root,
            product: value(tree, root, "product-name"),
            message: first.map(|id| message(tree, id)),
            notes: notes.into_vec(),
        })
    }
}

/// Holds one element against the document type.
fn check(tree: &Tree<'_>, id: NodeId, is_root: bool, notes: &mut Notes) {
    let Some(found) = tree.element(id) else {
        return;
    };
    let name = found.local();
    let token = tree.node(id).token;
    let known = element(if is_root { "pap" } else { name });
    let around = tree.parent(id).map(|parent| tree.name(parent));
    let holds = around.map(|around| {
        if tree.parent(id) == tree.root() {
            "pap"
        } else {
            around
        }
    });
    if let Some(holder) = holds
        .and_then(element)
        .filter(|holder| !holder.holds.contains(&name))
    {
        let kind = if holder.name == "pap" {
            "pap.unknown-message"
        } else {
            "pap.unknown-element"
        };
        notes.push(kind, token, format!("{name} in {}", holder.name));
    }
    let Some(known) = known else { return };
    for &(name, needed, values) in known.attributes {
        let given = found
            .attributes
            .iter()
            .find(|attribute| attribute.name == name);
        let Some(given) = given else {
            if needed {
                let text = format!("{} without {name}", known.name);
                notes.push("pap.missing-attribute", token, text);
            }
            continue;
        };
        let value = given.value.as_ref();
        if !values.is_empty() && !values.contains(&value) {
            notes.push("pap.bad-value", given.span, format!("{name} is {value:?}"));
        }
        let is_time = name == "time" || name.ends_with("-time") || name.ends_with("-timestamp");
        if is_time && dates::encode(value).is_none() {
            let text = format!("{name} is {value:?}, which is no time in UTC");
            notes.push("pap.bad-value", given.span, text);
        }
        if name == "code" && value.parse().ok().and_then(codes::meaning).is_none() {
            notes.push("pap.unknown-code", given.span, format!("code {value:?}"));
        }
        if name == "address-value" && address(value).is_none() {
            notes.push(
                "pap.bad-address",
                given.span,
                format!("the address {value:?}"),
            );
        }
    }
    for attribute in found
        .attributes
        .iter()
        .filter(|attribute| !attribute.declares())
    {
        if !known
            .attributes
            .iter()
            .any(|(name, ..)| attribute.name == *name)
        {
            let text = format!("{} of {}", attribute.name, known.name);
            notes.push("pap.unknown-attribute", attribute.span, text);
        }
    }
    for needed in known.needs {
        if tree.child(id, needed).is_none() {
            let text = format!("{} without {needed}", known.name);
            notes.push("pap.missing-element", token, text);
        }
    }
}

fn message<'t>(tree: &'t Tree<'t>, node: NodeId) -> Message<'t> {
    let named = |name: &'static str| tree.elements(node).filter(move |&id| tree.name(id) == name);
    let results = tree
        .elements(node)
        .filter(|&id| tree.name(id).ends_with("-result"));
    let mut outcomes: Vec<_> = results.map(|id| outcome(tree, id)).collect();
    if outcomes.is_empty() && value(tree, node, "code").is_some() {
        outcomes.push(outcome(tree, node));
    }
    let quality = named("quality-of-service").next().map(|node| Quality {
        node,
        priority: value(tree, node, "priority"),
        method: value(tree, node, "delivery-method"),
        network: value(tree, node, "network"),
        bearer: value(tree, node, "bearer"),
        network_required: value(tree, node, "network-required") == Some("true"),
        bearer_required: value(tree, node, "bearer-required") == Some("true"),
    });
    let progress = named("progress-note").map(|id| Progress {
        stage: value(tree, id, "stage"),
        note: value(tree, id, "note"),
        time: value(tree, id, "time"),
    });
    let attributes = tree
        .element(node)
        .map(|element| &element.attributes[..])
        .unwrap_or_default();
    Message {
        node,
        name: tree.name(node),
        push_id: value(tree, node, "push-id"),
        addresses: addresses(tree, node),
        quality,
        outcomes,
        progress: progress.collect(),
        span: tree.span(node),
        attributes: attributes
            .iter()
            .map(|attribute| (attribute.name.as_ref(), attribute.value.as_ref()))
            .collect(),
    }
}

fn outcome<'t>(tree: &'t Tree<'t>, node: NodeId) -> Outcome<'t> {
    Outcome {
        node,
        code: value(tree, node, "code").and_then(|code| code.trim().parse().ok()),
        description: value(tree, node, "desc"),
        state: value(tree, node, "message-state"),
        time: value(tree, node, "event-time"),
        addresses: addresses(tree, node),
    }
}

fn addresses<'t>(tree: &'t Tree<'t>, node: NodeId) -> Vec<Address<'t>> {
    let found = tree.elements(node).filter(|&id| tree.name(id) == "address");
    found
        .map(|node| Address {
            node,
            value: value(tree, node, "address-value").unwrap_or_default(),
        })
        .collect()
}

fn value<'t>(tree: &'t Tree<'t>, id: NodeId, name: &str) -> Option<&'t str> {
    let mut attributes = tree.element(id)?.attributes.iter();
    attributes
        .find(|attribute| attribute.name == name)
        .map(|attribute| attribute.value.as_ref())
}
