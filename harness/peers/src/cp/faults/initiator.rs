//! Faults of the server as a push initiator.

use crate::cp::pap::Pap;
use crate::switch::Fault;
use crate::table::cp::{logic, pap};

pub(super) const INITIATOR: &[Fault] = &[
    pap(
        "pap-content-first",
        "submits the content entity in front of the control entity",
        |pap| pap.content_first = true,
    ),
    pap(
        "pap-media-mixed",
        "submits parts that are mixed, not related",
        |pap| pap.media = "multipart/mixed",
    ),
    pap(
        "pap-type-left-out",
        "does not say the type of the first part",
        |pap| pap.names_type = false,
    ),
    pap(
        "pap-control-as-text",
        "submits the control entity as plain text",
        |pap| pap.control_media = "text/plain",
    ),
    pap(
        "pap-push-id-repeated",
        "submits all pushes under one push-id",
        |pap| message(pap, "push-id", Some("assay@cp.example.com")),
    ),
    pap("pap-push-id-left-out", "leaves push-id out", |pap| {
        message(pap, "push-id", None);
    }),
    pap("pap-without-address", "submits without an address", |pap| {
        for address in pap.control.inside("address") {
            pap.control.tree.detach(address);
        }
    }),
    pap(
        "pap-address-bare",
        "writes the number alone for an address",
        |pap| addresses(pap, std::borrow::ToOwned::to_owned),
    ),
    pap(
        "pap-address-of-another",
        "submits to the address of somebody else",
        |pap| {
            addresses(pap, |_| {
                "WAPPUSH=+15550199/TYPE=PLMN@ppg.example.com".to_owned()
            });
        },
    ),
    pap(
        "pap-address-of-unknown-type",
        "writes addresses of a type that PAP does not know",
        |pap| {
            addresses(pap, |number| {
                format!("WAPPUSH={number}/TYPE=MSISDN@ppg.example.com")
            });
        },
    ),
    pap(
        "pap-times-local",
        "writes times of delivery with an offset",
        |pap| {
            message(
                pap,
                "deliver-after-timestamp",
                Some("2020-01-01T00:00:00+01:00"),
            );
            message(
                pap,
                "deliver-before-timestamp",
                Some("2090-01-01T00:00:00+01:00"),
            );
        },
    ),
    pap(
        "pap-before-in-front-of-after",
        "has pushes delivered before they may be",
        |pap| {
            message(pap, "deliver-after-timestamp", Some("2090-01-01T00:00:00Z"));
            message(
                pap,
                "deliver-before-timestamp",
                Some("2020-01-01T00:00:00Z"),
            );
        },
    ),
    pap(
        "pap-delivery-confirmed",
        "asks for confirmed delivery over short messages",
        |pap| {
            for quality in pap.control.inside("quality-of-service") {
                pap.control.set(quality, "delivery-method", "confirmed");
            }
        },
    ),
    logic(
        "notification-refused",
        "refuses to hear what came of a push",
    ),
];

fn message(pap: &mut Pap, name: &str, value: Option<&str>) {
    let Some(message) = pap.control.message() else {
        return;
    };
    match value {
        Some(value) => pap.control.set(message, name, value),
        None => pap.control.remove(message, name),
    }
}

/// Writes each address anew from the number or name in it.
fn addresses(pap: &mut Pap, write: fn(&str) -> String) {
    for node in pap.control.inside("address") {
        let element = pap.control.tree.element(node);
        let value = element.and_then(|element| element.attributes.first());
        let value = value
            .map(|value| value.value.to_string())
            .unwrap_or_default();
        let number = assay_wire::pap::address(&value).map(|address| address.device.to_owned());
        if let Some(number) = number {
            pap.control.set(node, "address-value", &write(&number));
        }
    }
}
