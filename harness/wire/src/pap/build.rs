//! Building control entities: requests of an initiator and answers of a gateway.
//!
//! Nothing is checked, so that a peer may build wrong ones.

use std::borrow::Cow;

use crate::span::Span;
use crate::tree::{Attribute, Namespace, NodeId, Tree};
use crate::xml;

/// A push message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushDraft<'d> {
    /// `push-id`.
    pub push_id: &'d str,
    /// `address-value` of each address.
    pub addresses: Vec<Cow<'d, str>>,
    /// Further attributes: `deliver-before-timestamp`, `ppg-notify-requested-to`.
    pub attributes: Vec<(&'d str, Cow<'d, str>)>,
    /// Its quality of service.
    pub quality: Option<QualityDraft<'d>>,
}

/// A quality of service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QualityDraft<'d> {
    /// `priority`.
    pub priority: Option<&'d str>,
    /// `delivery-method`.
    pub method: Option<&'d str>,
    /// `network`, and whether it is required.
    pub network: Option<(&'d str, bool)>,
    /// `bearer`, and whether it is required.
    pub bearer: Option<(&'d str, bool)>,
}

/// What became of a push.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutcomeDraft<'d> {
    /// `code`.
    pub code: u16,
    /// `desc`.
    pub description: Option<&'d str>,
    /// `message-state`.
    pub state: Option<&'d str>,
    /// `event-time`.
    pub time: Option<&'d str>,
    /// The addresses that it is about.
    pub addresses: Vec<&'d str>,
}

impl PushDraft<'_> {
    /// The document.
    pub fn tree(&self) -> Tree<'static> {
        let mut made = Made::new("push-message");
        made.set("push-id", self.push_id);
        for (name, value) in &self.attributes {
            made.set(name, value);
        }
        made.addresses(self.addresses.iter().map(AsRef::as_ref));
        if let Some(quality) = &self.quality {
            let at = made.inside("quality-of-service");
            made.maybe(at, "priority", quality.priority);
            made.maybe(at, "delivery-method", quality.method);
            for (name, required, wanted) in [
                ("network", "network-required", quality.network),
                ("bearer", "bearer-required", quality.bearer),
            ] {
                if let Some((value, is_required)) = wanted {
                    made.maybe(at, name, Some(value));
                    made.maybe(at, required, is_required.then_some("true"));
                }
            }
        }
        made.tree
    }
}

/// A `push-response`.
pub fn push_response(
    push_id: &str,
    reply_time: Option<&str>,
    outcome: &OutcomeDraft<'_>,
) -> Tree<'static> {
    let mut made = Made::new("push-response");
    made.set("push-id", push_id);
    let at = made.message;
    made.maybe(at, "reply-time", reply_time);
    made.outcome("response-result", outcome);
    made.tree
}

/// A `badmessage-response`.
pub fn bad_message(code: u16, description: Option<&str>, fragment: &str) -> Tree<'static> {
    let mut made = Made::new("badmessage-response");
    made.set("code", &code.to_string());
    let at = made.message;
    made.maybe(at, "desc", description);
    made.set("bad-message-fragment", fragment);
    made.tree
}

/// A `cancel-message`.
pub fn cancel(push_id: &str, addresses: &[&str]) -> Tree<'static> {
    named("cancel-message", push_id, addresses)
}

/// A `cancel-response`.
pub fn cancel_response(push_id: &str, outcomes: &[OutcomeDraft<'_>]) -> Tree<'static> {
    answer("cancel-response", "cancel-result", push_id, outcomes)
}

/// A `statusquery-message`.
pub fn status_query(push_id: &str, addresses: &[&str]) -> Tree<'static> {
    named("statusquery-message", push_id, addresses)
}

/// A `statusquery-response`.
pub fn status_query_response(push_id: &str, outcomes: &[OutcomeDraft<'_>]) -> Tree<'static> {
    answer(
        "statusquery-response",
        "statusquery-result",
        push_id,
        outcomes,
    )
}

/// A `resultnotification-message`.
pub fn result_notification(
    push_id: &str,
    received: Option<&str>,
    outcome: &OutcomeDraft<'_>,
) -> Tree<'static> {
    let mut made = Made::new("resultnotification-message");
    made.set("push-id", push_id);
    let at = made.message;
    made.maybe(at, "received-time", received);
    made.of(at, outcome);
    made.tree
}

/// A `resultnotification-response`.
pub fn result_notification_response(push_id: &str, outcome: &OutcomeDraft<'_>) -> Tree<'static> {
    let mut made = Made::new("resultnotification-response");
    made.set("push-id", push_id);
    let at = made.message;
    made.of(at, outcome);
    made.tree
}

/// A control entity as text, with the declaration of its document type: version `1.0`, `2.0` or
/// `2.1`.
pub fn document(tree: &Tree<'_>, version: &str) -> Vec<u8> {
    let (owner, place) = match version {
        "2.1" => (
            "OMA",
            "http://www.openmobilealliance.org/tech/DTD/pap_2.1.dtd",
        ),
        "2.0" => ("WAPFORUM", "http://www.wapforum.org/DTD/pap_2.0.dtd"),
        _ => ("WAPFORUM", "http://www.wapforum.org/DTD/pap_1.0.dtd"),
    };
    let style = xml::Style {
        declaration: Some("version=\"1.0\"".to_owned()),
        doctype: Some(format!(
            "pap PUBLIC \"-//{owner}//DTD PAP {version}//EN\" \"{place}\""
        )),
        ..xml::Style::default()
    };
    xml::write(tree, &style)
}

fn named(name: &'static str, push_id: &str, addresses: &[&str]) -> Tree<'static> {
    let mut made = Made::new(name);
    made.set("push-id", push_id);
    made.addresses(addresses.iter().copied());
    made.tree
}

fn answer(
    name: &'static str,
    result: &'static str,
    push_id: &str,
    outcomes: &[OutcomeDraft<'_>],
) -> Tree<'static> {
    let mut made = Made::new(name);
    made.set("push-id", push_id);
    for outcome in outcomes {
        made.outcome(result, outcome);
    }
    made.tree
}

/// A control entity that is being built.
struct Made {
    tree: Tree<'static>,
    message: NodeId,
}

impl Made {
    fn new(message: &'static str) -> Self {
        let mut tree = Tree::new();
        let root = tree.push_element(None, Namespace::None, "pap");
        let message = tree.push_element(Some(root), Namespace::None, message);
        Self { tree, message }
    }

    fn set(&mut self, name: &str, value: &str) {
        self.maybe(self.message, name, Some(value));
    }

    fn maybe(&mut self, at: NodeId, name: &str, value: Option<&str>) {
        if let (Some(value), Some(element)) = (value, self.tree.element_mut(at)) {
            element.attributes.push(Attribute {
                name: Cow::Owned(name.to_owned()),
                value: Cow::Owned(value.to_owned()),
                namespace: Namespace::None,
                span: Span::default(),
            });
        }
    }

    fn inside(&mut self, name: &'static str) -> NodeId {
        self.tree
            .push_element(Some(self.message), Namespace::None, name)
    }

    fn addresses<'d>(&mut self, addresses: impl Iterator<Item = &'d str>) {
        for value in addresses {
            let at = self.inside("address");
            self.maybe(at, "address-value", Some(value));
        }
    }

    fn outcome(&mut self, name: &'static str, outcome: &OutcomeDraft<'_>) {
        let at = self.inside(name);
        self.of(at, outcome);
    }

    fn of(&mut self, at: NodeId, outcome: &OutcomeDraft<'_>) {
        self.maybe(at, "event-time", outcome.time);
        self.maybe(at, "message-state", outcome.state);
        self.maybe(at, "code", Some(&outcome.code.to_string()));
        self.maybe(at, "desc", outcome.description);
        for value in &outcome.addresses {
            let address = self.tree.push_element(Some(at), Namespace::None, "address");
            self.maybe(address, "address-value", Some(value));
        }
    }
}
