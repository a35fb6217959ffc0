//! The subjects of OMA DM that `each` may name, and the names that go with each.

use super::{
    Alert, Challenge, Command, Cred, Element, Exchange, Header, Item, Mac, Message, Meta, Profile,
    Session, Status,
};
use crate::view::http::Note;
use crate::view::{Each, Named};

/// The names of a rule that an exchange brings: those of `expect`, and of all rules on a part of it.
pub(crate) const SHARED: &[Named] = &[
    ("exchange", Exchange::TABLE),
    ("reply", Message::TABLE),
    ("sent", Message::TABLE),
    ("session", Session::TABLE),
    ("profile", Profile::TABLE),
];

macro_rules! names {
    ($($name:literal: $table:ident),+) => {
        &[
            $( ($name, $table::TABLE), )+
            ("exchange", Exchange::TABLE),
            ("reply", Message::TABLE),
            ("sent", Message::TABLE),
            ("session", Session::TABLE),
            ("profile", Profile::TABLE),
        ]
    };
}

/// All of them.
pub(crate) const EACH: &[Each] = &[
    Each {
        name: "exchange",
        names: SHARED,
        doc: "Every request and what came back, were it nothing.",
    },
    Each {
        name: "reply",
        names: SHARED,
        doc: "Every document that came back.",
    },
    Each {
        name: "header",
        names: names!("header": Header),
        doc: "The SyncHdr of every reply that has one.",
    },
    Each {
        name: "command",
        names: names!("command": Command),
        doc: "Every command of a reply, Status and Results among them, those inside Atomic and Sequence too.",
    },
    Each {
        name: "status",
        names: names!("status": Status, "command": Command),
        doc: "Every Status of a reply; `command` is the same element.",
    },
    Each {
        name: "results",
        names: names!("results": Command, "command": Command),
        doc: "Every Results of a reply.",
    },
    Each {
        name: "alert",
        names: names!("alert": Alert, "command": Command),
        doc: "Every Alert of a reply; `command` is the same element.",
    },
    Each {
        name: "item",
        names: names!("item": Item, "command": Command),
        doc: "Every Item of every command of a reply; `command` is the one that holds it.",
    },
    Each {
        name: "challenge",
        names: names!("challenge": Challenge, "status": Status),
        doc: "Every Chal of a reply; `status` is the one that holds it.",
    },
    Each {
        name: "cred",
        names: names!("cred": Cred, "header": Header),
        doc: "The Cred of every header of a reply that has one.",
    },
    Each {
        name: "mac",
        names: names!("mac": Mac),
        doc: "The field `x-syncml-hmac` of every answer that has one.",
    },
    Each {
        name: "meta",
        names: names!("meta": Meta),
        doc: "Every Meta of a reply, wherever it stands.",
    },
    Each {
        name: "element",
        names: names!("element": Element),
        doc: "Every element of a reply, in document order.",
    },
    Each {
        name: "note",
        names: names!("note": Note),
        doc: "Everything odd that a decoder noticed in what came back and read past.",
    },
    Each {
        name: "session",
        names: &[("session", Session::TABLE), ("profile", Profile::TABLE)],
        doc: "Every session, once, after its last exchange. All of its requests were lawful.",
    },
];
