//! The elements of PAP, their attributes and what they hold (the document types 1.0, 2.0 and 2.1).
//!
//! Facts only. What came with 2.x is not told apart here.

/// An element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: &'static str,
    /// Its attributes: the name, whether it has to be there, and the values that it takes; any
    /// where there are none.
    pub attributes: &'static [(&'static str, bool, &'static [&'static str])],
    /// The elements that it may hold.
    pub holds: &'static [&'static str],
    /// Those of them that have to be there.
    pub needs: &'static [&'static str],
}

/// The messages: what a control entity holds one of.
pub const MESSAGES: &[&str] = &[
    "push-message",
    "push-response",
    "cancel-message",
    "cancel-response",
    "resultnotification-message",
    "resultnotification-response",
    "statusquery-message",
    "statusquery-response",
    "ccq-message",
    "ccq-response",
    "badmessage-response",
];

const ANY: &[&str] = &[];
const YES_NO: &[&str] = &["true", "false"];
const STATES: &[&str] = &[
    "undeliverable",
    "pending",
    "expired",
    "delivered",
    "aborted",
    "timeout",
    "cancelled",
    "rejected",
    "unknown",
];

/// The element of this name.
pub fn element(name: &str) -> Option<&'static Element> {
    ELEMENTS.iter().find(|element| element.name == name)
}

/// All elements.
#[rustfmt::skip]
pub const ELEMENTS: &[Element] = &[
    Element { name: "pap", holds: MESSAGES, needs: &[],
        attributes: &[("product-name", false, ANY)] },
    Element { name: "push-message", holds: &["address", "quality-of-service"], needs: &["address"],
        attributes: &[("push-id", true, ANY), ("replace-push-id", false, ANY),
            ("replace-method", false, &["all", "pending-only"]),
            ("deliver-before-timestamp", false, ANY), ("deliver-after-timestamp", false, ANY),
            ("source-reference", false, ANY), ("progress-notes-requested", false, YES_NO),
            ("ppg-notify-requested-to", false, ANY)] },
    Element { name: "address", holds: &[], needs: &[],
        attributes: &[("address-value", true, ANY)] },
    Element { name: "quality-of-service", holds: &[], needs: &[],
        attributes: &[("priority", false, &["high", "medium", "low"]),
            ("delivery-method", false,
                &["confirmed", "preferconfirmed", "unconfirmed", "notspecified"]),
            ("network", false, ANY), ("network-required", false, YES_NO),
            ("bearer", false, ANY), ("bearer-required", false, YES_NO)] },
    Element { name: "push-response", holds: &["progress-note", "response-result"],
        needs: &["response-result"],
        attributes: &[("push-id", true, ANY), ("sender-address", false, ANY),
            ("sender-name", false, ANY), ("reply-time", false, ANY)] },
    Element { name: "progress-note", holds: &[], needs: &[],
        attributes: &[("stage", true, ANY), ("note", false, ANY), ("time", false, ANY)] },
    Element { name: "response-result", holds: &[], needs: &[],
        attributes: &[("code", true, ANY), ("desc", false, ANY)] },
    Element { name: "cancel-message", holds: &["address"], needs: &[],
        attributes: &[("push-id", true, ANY)] },
    Element { name: "cancel-response", holds: &["cancel-result"], needs: &["cancel-result"],
        attributes: &[("push-id", true, ANY)] },
    Element { name: "cancel-result", holds: &["address"], needs: &[],
        attributes: &[("code", true, ANY), ("desc", false, ANY)] },
    Element { name: "resultnotification-message", holds: &["address", "quality-of-service"],
        needs: &["address"],
        attributes: &[("push-id", true, ANY), ("message-state", true, STATES),
            ("code", true, ANY), ("desc", false, ANY), ("sender-address", false, ANY),
            ("sender-name", false, ANY), ("received-time", false, ANY),
            ("event-time", false, ANY)] },
    Element { name: "resultnotification-response", holds: &["address"], needs: &[],
        attributes: &[("push-id", true, ANY), ("code", true, ANY), ("desc", false, ANY)] },
    Element { name: "statusquery-message", holds: &["address"], needs: &[],
        attributes: &[("push-id", true, ANY)] },
    Element { name: "statusquery-response", holds: &["statusquery-result"],
        needs: &["statusquery-result"], attributes: &[("push-id", true, ANY)] },
    Element { name: "statusquery-result", holds: &["address", "quality-of-service"], needs: &[],
        attributes: &[("event-time", false, ANY), ("message-state", true, STATES),
            ("code", true, ANY), ("desc", false, ANY)] },
    Element { name: "ccq-message", holds: &["address"], needs: &["address"],
        attributes: &[("query-id", false, ANY), ("app-id", false, ANY)] },
    Element { name: "ccq-response", holds: &["address"], needs: &[],
        attributes: &[("query-id", false, ANY), ("code", true, ANY), ("desc", false, ANY)] },
    Element { name: "badmessage-response", holds: &[], needs: &[],
        attributes: &[("code", true, ANY), ("desc", false, ANY),
            ("bad-message-fragment", true, ANY)] },
];
