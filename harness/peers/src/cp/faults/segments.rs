//! Faults of short messages.

use assay_wire::wsp::SECURE_PUSH_PORT;

use crate::carry::concatenation;
use crate::cp::doc::Kind;
use crate::switch::Fault;
use crate::table::cp::sms;

pub(super) const SEGMENTS: &[Fault] = &[
    sms(
        "document-to-port-2949",
        "sends documents to the port for pushes over WTLS",
        |sms| {
            if sms.kind == Kind::Document {
                sms.split.to = SECURE_PUSH_PORT;
            }
        },
    ),
    sms(
        "indication-to-port-2949",
        "sends indications and loadings to the port for pushes over WTLS",
        |sms| {
            if matches!(sms.kind, Kind::Indication | Kind::Loading) {
                sms.split.to = SECURE_PUSH_PORT;
            }
        },
    ),
    sms(
        "segments-without-ports",
        "names the ports in the first segment only",
        |sms| sms.split.ports_once = true,
    ),
    sms("segments-from-zero", "numbers segments from zero", |sms| {
        sms.afterwards(|parts| {
            for part in parts {
                if let Some([_, number]) = concatenation(part) {
                    *number -= 1;
                }
            }
        });
    }),
    sms(
        "segment-references-differ",
        "gives each segment a reference of its own",
        |sms| sms.differing_references = true,
    ),
    sms(
        "segment-total-wrong",
        "says one segment more in the last one",
        |sms| {
            sms.afterwards(|parts| {
                if let Some([total, _]) = parts.last_mut().and_then(|part| concatenation(part)) {
                    *total = total.saturating_add(1);
                }
            });
        },
    ),
    sms("segments-too-long", "sends segments of 160 octets", |sms| {
        sms.split.size = 160;
    }),
    sms(
        "sms-in-7-bit",
        "sends short messages as if they were text",
        |sms| sms.coding = 0x00,
    ),
    sms(
        "octet-lost-between-segments",
        "loses the last octet of the first segment",
        |sms| {
            sms.afterwards(|parts| {
                if let [first, _, ..] = parts {
                    first.pop();
                }
            });
        },
    ),
];
