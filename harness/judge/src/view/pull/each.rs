//! The subjects of the service that `each` may name, and the names that go with each.

use super::{
    ClientSettings, Download, Exchange, FileFilter, Instruction, Interval, Location, Message,
    PackageLocation, PollResponse, Profile, ReportOrder,
};
use crate::view::http::Note;
use crate::view::{Each, Named};

/// The names of a rule that an exchange brings: those of `expect`, and of all rules on a part of it.
pub(crate) const SHARED: &[Named] = &[
    ("exchange", Exchange::TABLE),
    ("reply", Message::TABLE),
    ("sent", Message::TABLE),
    ("profile", Profile::TABLE),
];

macro_rules! names {
    ($($name:literal: $table:ident),+) => {
        &[
            $( ($name, $table::TABLE), )+
            ("exchange", Exchange::TABLE),
            ("reply", Message::TABLE),
            ("sent", Message::TABLE),
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
        doc: "Every document of the service that came back.",
    },
    Each {
        name: "download",
        names: names!("download": Download),
        doc: "Every GET, HEAD and PROPFIND of a package, and what came of it.",
    },
    Each {
        name: "poll_response",
        names: names!("poll_response": PollResponse),
        doc: "Every PollResponse that came back.",
    },
    Each {
        name: "client_settings",
        names: names!("client_settings": ClientSettings),
        doc: "The ClientSettings of every PollResponse that has them.",
    },
    Each {
        name: "report_order",
        names: names!("report_order": ReportOrder),
        doc: "Every order to report in a PollResponse.",
    },
    Each {
        name: "filter",
        names: names!("filter": FileFilter, "report_order": ReportOrder),
        doc: "Every FileFilterItem; `report_order` is the order that holds it.",
    },
    Each {
        name: "interval",
        names: names!("interval": Interval),
        doc: "Every period in a PollResponse or an Instructions.",
    },
    Each {
        name: "instruction",
        names: names!("instruction": Instruction),
        doc: "Every Package of an Instructions.",
    },
    Each {
        name: "package_location",
        names: names!("package_location": PackageLocation),
        doc: "Every PackageLocation that came back.",
    },
    Each {
        name: "location",
        names: names!("location": Location, "package_location": PackageLocation),
        doc: "Every Location; `package_location` is the answer that holds it.",
    },
    Each {
        name: "note",
        names: names!("note": Note),
        doc: "Everything odd that a decoder noticed in what came back and read past.",
    },
];
