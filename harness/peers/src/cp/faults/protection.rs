//! Faults of pushes: PDU, content type, protection, headers.

use assay_wire::wsp::{CONFIRMED_PUSH, MacForm, SecForm};

use crate::cp::doc::Kind;
use crate::cp::push::Push;
use crate::switch::Fault;
use crate::table::cp::{content, logic, push};

pub(super) const PROTECTION: &[Fault] = &[
    push(
        "document-as-confirmed-push",
        "sends documents as confirmed pushes",
        |push| {
            if push.kind == Kind::Document {
                push.style.pdu_type = CONFIRMED_PUSH;
            }
        },
    ),
    push(
        "headers-length-wrong",
        "says one octet less than the headers have",
        |push| push.style.headers_length_off = -1,
    ),
    push(
        "value-length-wrong",
        "says one octet more than the content type has",
        |push| push.style.value_length_off = 1,
    ),
    push("sec-out-of-range", "says SEC 4", |push| {
        push.draft.sec = push.draft.sec.map(|_| 4);
    }),
    push("sec-as-text", "writes SEC as text", |push| {
        push.style.sec = SecForm::Text;
    }),
    push(
        "sec-as-long-integer",
        "writes SEC as a long integer",
        |push| push.style.sec = SecForm::Long,
    ),
    push(
        "mac-in-lower-case",
        "writes MACs in lower-case letters",
        |push| mac(push, |mac| *mac = mac.to_ascii_lowercase()),
    ),
    push("mac-cut-short", "leaves two digits of MACs off", |push| {
        mac(push, |mac| {
            mac.truncate(mac.len().saturating_sub(2));
        });
    }),
    push("mac-left-out", "says SEC and no MAC", |push| {
        push.draft.mac = None;
    }),
    push("mac-without-nul", "leaves the NUL of MACs out", |push| {
        push.style.mac = MacForm::WithoutNul;
    }),
    push("mac-quoted", "quotes MACs", |push| {
        push.style.mac = MacForm::Quoted;
    }),
    logic("mac-over-pdu", "computes MACs over the whole PDU"),
    logic(
        "mac-over-one-octet-less",
        "computes MACs without the last octet of the document",
    ),
    logic("mac-over-text", "computes MACs over the document as text"),
    logic("imsi-key-as-text", "takes the IMSI as text for the key"),
    logic(
        "imsi-key-filled-with-zero",
        "fills an even number of IMSI digits with 0",
    ),
    logic("pin-before-imsi", "puts the PIN in front of the IMSI"),
    logic(
        "pin-mac-as-user-pin",
        "sends a MAC with USERPINMAC, as with USERPIN",
    ),
    logic(
        "pin-check-digits-wrong",
        "tells a PIN whose check digits are wrong",
    ),
    logic(
        "pin-halves-unequal",
        "tells a PIN with one check digit too few",
    ),
    logic(
        "user-network-pin-unsupported",
        "signs with the IMSI alone where IMSI and PIN are asked for",
    ),
    logic("security-left-out", "signs nothing"),
    push(
        "application-id-of-mms",
        "sends documents to the application for MMS",
        |push| {
            if push.kind == Kind::Document {
                let id = "x-wap-application:mms.ua";
                push.header("X-Wap-Application-Id", id, true);
            }
        },
    ),
    push("pin-in-header", "sends the PIN in a header", |push| {
        if let Some(pin) = push.pin.clone() {
            push.header("X-MS-DESC", &format!("PIN {pin}"), false);
        }
    }),
    push(
        "push-flag-left-out",
        "does not say that the initiator is authenticated",
        |push| push.without("Push-Flag"),
    ),
    push(
        "initiator-uri-of-other",
        "names another initiator than the one of the bootstrap",
        |push| {
            let mut headers = push.draft.headers.iter();
            if headers.any(|header| header.0 == "X-Wap-Initiator-URI") {
                push.header("X-Wap-Initiator-URI", "https://other.example.com/", true);
            }
        },
    ),
    content(
        "octets-after-document",
        "puts an octet behind the end of documents",
        |content| {
            if content.kind == Kind::Document {
                content.octets.push(0x01);
            }
        },
    ),
];

fn mac(push: &mut Push, bend: fn(&mut String)) {
    if let Some(mac) = &mut push.draft.mac {
        bend(mac);
    }
}
