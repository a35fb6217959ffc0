//! Faults of chapter D: who may speak, and how the server knows.

use assay_wire::tree::Namespace;

use super::{drop_all, set_all};
use crate::dm::{Client, Doc, Stage};
use crate::switch::Fault;
use crate::table::dm::{logic, message};

pub(super) const SECURITY: &[Fault] = &[
    logic(
        "anonymous-accepted",
        "lets clients in that give no credentials",
    ),
    message(
        "missing-credentials-as-401",
        "answers a missing Cred with 401",
        |doc| {
            recode(doc, "407", "401");
        },
    ),
    message(
        "refusal-without-challenge",
        "sends no challenge with 401",
        |doc| {
            if let Some(status) = doc.header_status()
                && doc.text(status, "Data") == "401"
            {
                doc.remove(status, "Chal");
            }
        },
    ),
    message(
        "later-refusal-without-challenge",
        "sends no challenge with 401 from its third answer on",
        |doc| {
            if doc.facts.round > 2
                && let Some(status) = doc.header_status()
                && doc.text(status, "Data") == "401"
            {
                doc.remove(status, "Chal");
            }
        },
    ),
    message(
        "challenge-without-type",
        "leaves the scheme out of a challenge",
        |doc| {
            without(doc, "Meta/Type");
        },
    ),
    message(
        "challenge-without-format",
        "leaves the format out of a challenge",
        |doc| {
            without(doc, "Meta/Format");
        },
    ),
    message(
        "basic-challenge-without-format",
        "leaves the format out of a challenge for basic",
        |doc| {
            for challenge in doc.challenges() {
                if doc.text(challenge, "Meta/Type") == "syncml:auth-basic" {
                    doc.remove(challenge, "Meta/Format");
                }
            }
        },
    ),
    message(
        "challenge-without-nonce",
        "challenges for md5 and sends no NextNonce",
        |doc| {
            without(doc, "Meta/NextNonce");
        },
    ),
    message("nonce-empty", "sends an empty NextNonce", |doc| {
        set_all(doc, doc.challenges(), "Meta/NextNonce", "");
    }),
    message(
        "nonce-not-base64",
        "writes NextNonce in the alphabet for file names",
        |doc| {
            for challenge in doc.challenges() {
                let nonce = doc.text(challenge, "Meta/NextNonce");
                let nonce = nonce.replace('+', "-").replace('/', "_").replace('=', "");
                doc.set(challenge, "Meta/NextNonce", nonce);
            }
        },
    ),
    logic("nonce-short", "makes nonces of four digits"),
    logic("nonce-constant", "gives everybody the same nonce"),
    logic("nonce-counts", "counts its nonces up"),
    message(
        "alert-accepted-beside-challenge",
        "accepts alerts beside 401 and 407",
        |doc| {
            if doc.facts.stage == Stage::Challenge {
                set_all(doc, doc.statuses_for("Alert"), "Data", "200");
            }
        },
    ),
    message(
        "statuses-missing-beside-challenge",
        "answers the header alone with 407",
        |doc| {
            if doc.facts.stage == Stage::Challenge {
                drop_all(doc, doc.statuses_for("*"));
            }
        },
    ),
    message(
        "command-beside-challenge",
        "sends a command beside 401 and 407",
        |doc| {
            if doc.facts.stage == Stage::Challenge
                && let Some(get) = doc.command("Get")
            {
                let item = doc.add(get, "Item", "");
                let target = doc.add(item, "Target", "");
                doc.add(target, "LocURI", "./DevDetail/SwV");
            }
        },
    ),
    logic(
        "second-package-1-refused",
        "refuses a package 1 as second message",
    ),
    logic(
        "leading-status-taken-for-package-3",
        "takes a Status ahead of package 1 for package 3",
    ),
    logic(
        "again-without-status-refused",
        "refuses a second package 1 that does not begin with a Status",
    ),
    logic(
        "early-credentials-refused",
        "refuses credentials that it did not ask for",
    ),
    logic(
        "client-certificate-not-asked",
        "does not ask for a client certificate",
    ),
    logic(
        "certificate-not-enough",
        "asks for credentials beside a client certificate",
    ),
    logic(
        "maintenance-mode-trusted",
        "believes whoever calls in the way of Windows",
    ),
    message(
        "accepted-with-202",
        "answers good credentials with 202",
        |doc| {
            recode(doc, "212", "202");
        },
    ),
    logic(
        "credentials-demanded-again",
        "asks for credentials again after 212",
    ),
    logic(
        "anonymous-212",
        "says 212 to clients that give no credentials",
    ),
    logic(
        "only-nonce-text-accepted",
        "takes digests over the nonce's base64 text alone",
    ),
    logic(
        "digest-over-nonce-text-accepted",
        "takes a digest over the nonce's base64 text as well",
    ),
    logic(
        "digest-syncml10-accepted",
        "takes the digest of SyncML 1.0 as well",
    ),
    logic(
        "default-nonce-for-ever",
        "takes a digest over the default nonce again and again once the nonce was lost",
    ),
    logic(
        "default-nonce-without-challenge",
        "gives no new nonce after a digest over the default nonce",
    ),
    logic(
        "replayed-digest-accepted",
        "takes a digest over a nonce that is used up",
    ),
    logic(
        "user-by-device-uri",
        "takes the user name from Source/LocURI",
    ),
    logic(
        "stale-nonce-locks-out",
        "refuses for good after one stale nonce",
    ),
    logic(
        "nonce-not-kept",
        "forgets the nonce that it gave for the next session",
    ),
    logic(
        "nonce-overwritten-by-failure",
        "forgets a nonce when somebody else fails",
    ),
    logic("basic-refused", "refuses good basic credentials"),
    logic(
        "password-split-at-last-colon",
        "splits user and password at the last colon",
    ),
    message(
        "scheme-changes",
        "asks for another scheme once a session was accepted",
        |doc| {
            if doc.facts.client != Client::Stranger
                && doc.facts.round > 2
                && let Some(status) = doc.header_status()
            {
                doc.set(status, "Data", "407");
                doc.remove(status, "Chal");
                let chal = doc.add_before(status, "Data", "Chal", "");
                let meta = doc.add(chal, "Meta", "");
                for (name, text) in [("Format", "b64"), ("Type", "syncml:auth-basic")] {
                    let leaf = doc.tree.push_element(Some(meta), Namespace::MetInf, name);
                    doc.tree.push_text(leaf, text);
                }
            }
        },
    ),
    logic(
        "downgrade-accepted",
        "takes basic in answer to a challenge for md5",
    ),
    logic("endless-challenges", "goes on challenging for ever"),
    logic(
        "credentials-of-any-device",
        "takes the credentials of any device that it knows",
    ),
    logic(
        "unknown-user-shown",
        "tells an unknown user from a wrong password",
    ),
    logic(
        "unknown-scheme-crashes",
        "fails on a scheme that it does not know",
    ),
    logic(
        "bad-base64-crashes",
        "fails on credentials that are no base64",
    ),
    logic("client-406-crashes", "fails where the client answers 406"),
    logic(
        "basic-beside-md5-alone",
        "takes basic from a device whose account knows md5 alone",
    ),
    logic(
        "basic-beside-mac",
        "takes basic in answer to a challenge for a mac",
    ),
    logic(
        "server-cred-missing",
        "does not prove itself to a device that is to be shown who it is",
    ),
    message(
        "server-cred-without-format",
        "leaves the format out of its own Cred",
        |doc| {
            if let Some(header) = doc.header() {
                doc.remove(header, "Cred/Meta/Format");
            }
        },
    ),
    logic(
        "server-digest-of-client",
        "makes its own digest of the client's user and password",
    ),
    logic(
        "challenged-server-gives-up",
        "sends nothing again where the client did not believe it",
    ),
    logic(
        "server-nonce-not-kept",
        "forgets the nonce that a client gave it for the next session",
    ),
    logic(
        "server-cred-after-212",
        "goes on sending its Cred where the client was content for the session",
    ),
    logic(
        "server-cred-only-once",
        "sends its Cred once where the client wants it in each message",
    ),
    logic(
        "hmac-unquoted",
        "writes the user name of its mac without quotes",
    ),
    logic("hmac-of-rfc-2104", "makes its mac as RFC 2104 says"),
    logic("mac-answered-212", "says 212 to a message with a mac"),
    logic(
        "mac-without-next-nonce",
        "gives no new nonce to a message with a mac",
    ),
    logic("cred-beside-mac", "sends a Cred beside its mac"),
    logic(
        "mac-trusts-session",
        "takes messages without a mac once there was one with it",
    ),
    logic("mac-unchecked", "takes any mac of a user that it knows"),
    logic(
        "mac-field-read-literally",
        "takes the field of a mac in one spelling alone",
    ),
    logic(
        "mac-nonce-kept-for-ever",
        "takes a mac over a nonce that is used up",
    ),
    logic(
        "mac-user-unchecked",
        "lets the field of a mac name another user than the message",
    ),
    logic(
        "cred-without-meta-crashes",
        "fails on credentials without Meta",
    ),
];

fn without(doc: &mut Doc, path: &str) {
    for challenge in doc.challenges() {
        doc.remove(challenge, path);
    }
}

/// Changes the code of the header's Status.
fn recode(doc: &mut Doc, from: &str, to: &str) {
    if let Some(status) = doc.header_status()
        && doc.text(status, "Data") == from
    {
        doc.set(status, "Data", to);
    }
}
