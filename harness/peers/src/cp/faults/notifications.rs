//! Faults of package 0.

use crate::cp::doc::Kind;
use crate::switch::Fault;
use crate::table::cp::{logic, push};

pub(super) const NOTIFICATIONS: &[Fault] = &[
    logic(
        "trigger-over-first-nonce",
        "makes the digest over the first nonce that a device had, for ever",
    ),
    logic(
        "trigger-without-default-nonce",
        "makes the digest over no nonce where the nonce is lost",
    ),
    logic(
        "trigger-digest-in-base64",
        "writes the digest of notifications in base64",
    ),
    logic(
        "trigger-digest-in-hex",
        "writes the digest of notifications in hexadecimal",
    ),
    logic(
        "trigger-version-as-octet",
        "writes the version into the first octet",
    ),
    logic(
        "trigger-fields-shifted",
        "writes ui-mode and initiator one bit late",
    ),
    logic("trigger-reserved-bits-set", "sets the bits for future use"),
    logic("trigger-session-zero", "names session 0"),
    logic(
        "trigger-session-little-endian",
        "writes the session with the low octet first",
    ),
    logic(
        "trigger-session-constant",
        "names session 1 whatever is asked",
    ),
    logic(
        "trigger-names-url",
        "names its URL instead of its server id",
    ),
    logic(
        "trigger-length-wrong",
        "says one octet more than the server id has",
    ),
    logic(
        "trigger-digest-of-client-password",
        "takes the password of the client for the digest",
    ),
    logic(
        "trigger-digest-of-nonce-text",
        "takes the nonce in base64 for the digest",
    ),
    logic(
        "trigger-digest-over-fields-only",
        "leaves the server id out of the digest",
    ),
    push(
        "trigger-media-as-text",
        "writes the media type of notifications as text",
        |push| {
            if push.kind == Kind::Trigger {
                push.style.media_as_text = true;
            }
        },
    ),
    push(
        "trigger-application-id-left-out",
        "names no application for notifications",
        |push| {
            if push.kind == Kind::Trigger {
                push.without("X-Wap-Application-Id");
            }
        },
    ),
    push(
        "trigger-headers-reordered",
        "puts a header in front of the application of notifications",
        |push| {
            if push.kind == Kind::Trigger {
                push.header("Push-Flag", "4", true);
            }
        },
    ),
    push(
        "trigger-headers-too-long",
        "names the initiator of notifications at length",
        |push| {
            if push.kind == Kind::Trigger {
                let uri = "https://management.example.com/initiator/of/notifications";
                push.header("X-Wap-Initiator-URI", uri, false);
            }
        },
    ),
    logic(
        "trigger-too-long",
        "puts 150 octets of its own behind notifications",
    ),
];
