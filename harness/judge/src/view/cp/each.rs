//! The subjects of pushes that `each` may name, and the names that go with each.

use super::{
    Account, Address, Characteristic, Delivery, Document, Download, Exchange, Loading, Package,
    Pap, Parm, Profile, Push, Response, Segment, ServiceIndication, Trigger,
};
use crate::view::http::Note;
use crate::view::{Each, Named};

/// The names of rules of `expect`: what the exchange before it brought, the first of each kind.
pub(crate) const SHARED: &[Named] = &[
    ("exchange", Exchange::TABLE),
    ("delivery", Delivery::TABLE),
    ("push", Push::TABLE),
    ("pap", Pap::TABLE),
    ("document", Document::TABLE),
    ("account", Account::TABLE),
    ("si", ServiceIndication::TABLE),
    ("sl", Loading::TABLE),
    ("trigger", Trigger::TABLE),
    ("download", Download::TABLE),
    ("cabinet", Package::TABLE),
    ("response", Response::TABLE),
    ("profile", Profile::TABLE),
];

macro_rules! names {
    ($($name:literal: $table:ident),*) => {
        &[
            $( ($name, $table::TABLE), )*
            ("exchange", Exchange::TABLE),
            ("profile", Profile::TABLE),
        ]
    };
}

/// All of them.
pub(crate) const EACH: &[Each] = &[
    Each {
        name: "exchange",
        names: names!(),
        doc: "Every request and what came back, and all that arrived for each `await`.",
    },
    Each {
        name: "delivery",
        names: names!("delivery": Delivery),
        doc: "All that arrived for one `await`, were it nothing.",
    },
    Each {
        name: "segment",
        names: names!("segment": Segment, "delivery": Delivery),
        doc: "Every short message that arrived.",
    },
    Each {
        name: "push",
        names: names!("push": Push),
        doc: "Every whole push that arrived.",
    },
    Each {
        name: "pap",
        names: names!("pap": Pap),
        doc: "Every request to the gateway of the harness.",
    },
    Each {
        name: "address",
        names: names!("address": Address, "pap": Pap),
        doc: "Every address in such a request; `pap` is the request.",
    },
    Each {
        name: "document",
        names: names!("document": Document),
        doc: "Every provisioning document that came, pushed or fetched.",
    },
    Each {
        name: "characteristic",
        names: names!("characteristic": Characteristic, "document": Document),
        doc: "Every characteristic; `document` is the one that holds it.",
    },
    Each {
        name: "parm",
        names: names!("parm": Parm, "document": Document),
        doc: "Every parameter; `document` is the one that holds it.",
    },
    Each {
        name: "account",
        names: names!("account": Account, "document": Document),
        doc: "Every account of OMA DM; `document` is the one that holds it.",
    },
    Each {
        name: "si",
        names: names!("si": ServiceIndication, "push": Push),
        doc: "Every service indication; `push` carried it.",
    },
    Each {
        name: "sl",
        names: names!("sl": Loading, "push": Push),
        doc: "Every service loading; `push` carried it.",
    },
    Each {
        name: "trigger",
        names: names!("trigger": Trigger, "push": Push),
        doc: "Every notification to call a DM server; `push` carried it.",
    },
    Each {
        name: "download",
        names: names!("download": Download),
        doc: "Every fetch of what a push points to, or of what was published.",
    },
    Each {
        name: "cabinet",
        names: names!("cabinet": Package, "download": Download),
        doc: "Every cabinet that was fetched; `download` is how.",
    },
    Each {
        name: "response",
        names: names!("response": Response),
        doc: "Every document of PAP that came back.",
    },
    Each {
        name: "note",
        names: names!("note": Note),
        doc: "Everything odd in the HTTP of what came back.",
    },
];
