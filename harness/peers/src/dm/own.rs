//! How the server proves who it is: a Cred of its own, or a mac over each of its messages
//! (OMA-TS-DM_Security 5.3 and 5.4), over the nonce that the client gave it.
//!
//! It does so where the account of the device says so, and where the client asks for it.

use assay_wire::digest;
use assay_wire::dm::hmac::Hmac;
use assay_wire::dm::{Command, MetaDraft};
use assay_wire::view::value;

use super::heard::Heard;
use super::store::{Session, Store, account, scheme};
use crate::switch::{Auth, Switches};

/// Its identifier and its password.
const SERVER: (&str, &str) = ("assay-server", "secret-assay-server");
/// So often it tries again when a client does not believe it.
const TRIES: u32 = 3;

/// How far the client believes the server in this session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Own {
    /// True once the client was content for the whole session.
    settled: bool,
    /// How many messages proved it.
    proved: u32,
    /// How often the client was not content.
    denied: u32,
}

/// What goes into a message: one of both, or nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proof {
    /// Meta and Data of a Cred.
    pub(crate) cred: Option<(MetaDraft, String)>,
    /// The nonce of a mac over the whole message.
    pub(crate) mac: Option<Vec<u8>>,
}

/// Takes in what the client says of the server's last message. True where it did not believe it, and
/// wants everything again.
pub(super) fn hear(store: &mut Store, session: &mut Session, heard: &Heard<'_, '_>) -> bool {
    let statuses = &mut heard.message.statuses();
    let Some(status) = statuses.find(|status| status.is_header_status()) else {
        return false;
    };
    if let Some((auth, nonce)) = challenge(status) {
        let keeper = store.device(heard.device);
        keeper.server_nonce = Some(nonce);
        // Who asked once is shown it from then on.
        keeper.account.server = Some(auth);
    }
    match status.code() {
        401 | 407 => {
            session.own.denied += 1;
            true
        }
        212 => {
            session.own.settled = true;
            false
        }
        _ => false,
    }
}

/// The scheme and the nonce that a client asks for, or gives for next time.
fn challenge(status: &Command<'_>) -> Option<(Auth, Vec<u8>)> {
    let meta = status.chal.as_ref()?.meta.as_ref()?;
    let auth = match value(meta.kind.as_ref()) {
        "syncml:auth-md5" => Auth::Md5,
        "syncml:auth-MAC" => Auth::Mac,
        _ => return None,
    };
    Some((auth, digest::unb64(value(meta.next_nonce.as_ref()))?))
}

/// What proves the server in its next message to a client that it has accepted.
pub(super) fn proof(
    store: &mut Store,
    session: &mut Session,
    device: &str,
    switches: &Switches,
) -> Proof {
    let on = |name| switches.on(name);
    let keeper = store.device(device);
    let Some(auth) = keeper.account.server else {
        return Proof::default();
    };
    let is_first = session.own.proved == 0;
    session.own.proved += 1;
    if is_first && on("server-nonce-not-kept") && session.own.denied == 0 {
        keeper.server_nonce = None;
    }
    let nonce = keeper.server_nonce.clone().unwrap_or_default();
    let is_mac = auth == Auth::Mac;
    let is_enough = (session.own.settled && !on("server-cred-after-212"))
        || on("server-cred-missing")
        || (!is_first && on("server-cred-only-once"));
    let has_cred = if is_mac {
        on("cred-beside-mac")
    } else {
        !is_enough
    };
    let (id, password) = match account(&switches.options, device) {
        Some(account) if on("server-digest-of-client") => account,
        _ => (SERVER.0.to_owned(), SERVER.1.to_owned()),
    };
    let cred = || {
        let meta = MetaDraft::new("b64", scheme(Auth::Md5));
        (meta, digest::md5_cred(&id, &password, &nonce))
    };
    Proof {
        cred: has_cred.then(cred),
        mac: is_mac.then(|| nonce.clone()),
    }
}

/// True where the server tries once more after the client did not believe it.
pub(super) fn tries_again(session: &Session, switches: &Switches) -> bool {
    session.own.denied <= TRIES && !switches.on("challenged-server-gives-up")
}

/// The header field over a message.
pub(super) fn field(nonce: &[u8], body: &[u8], switches: &Switches) -> String {
    let on = |name| switches.on(name);
    let (id, password) = SERVER;
    let mac = if on("hmac-of-rfc-2104") {
        digest::b64(&digest::hmac_sha1(password.as_bytes(), body))
    } else {
        digest::mac(id, password, nonce, body)
    };
    let field = Hmac {
        algorithm: (!on("hmac-without-algorithm")).then(|| "MD5".to_owned()),
        username: Some(id.to_owned()),
        mac: Some(mac),
        ..Hmac::default()
    };
    let text = field.write();
    if on("hmac-unquoted") {
        return text.replace('"', "");
    }
    if on("hmac-spaced") {
        return text.replace(", ", " ,  ");
    }
    text
}
