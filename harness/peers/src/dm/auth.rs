//! Who may speak, and how the server knows (OMA-TS-DM_Protocol 9, OMA-TS-DM_Security 5.3).
//!
//! No scheme, basic, md5, a mac, or a certificate of the connection. Decides about credentials and nonces; what the answer then holds is
//! the session's business.

use assay_wire::dm::hmac::Hmac;
use assay_wire::dm::{Cred, MetaDraft};
use assay_wire::view::value;
use assay_wire::{digest, trigger};

use super::heard::Heard;
use super::store::{Challenge, Device, Session, Stage, Store, account, scheme};
use crate::switch::{Auth, Switches};

/// Wrong credentials that are answered with one more challenge in a session.
const FAILURES: u32 = 3;
/// Challenges of any kind in a session.
const CHALLENGES: u32 = 6;

/// What comes of the credentials of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The client may go on: 200 or 212, with the nonce of its next session.
    In(u32, Option<MetaDraft>),
    /// It is asked for credentials: 401 or 407.
    Asked(u32, MetaDraft),
    /// It is refused for good.
    Refused(u32),
}

struct Given<'a> {
    scheme: &'a str,
    data: &'a str,
    user: &'a str,
}

/// Looks at the credentials in a header and changes the session accordingly.
pub(crate) fn look(
    store: &mut Store,
    session: &mut Session,
    switches: &Switches,
    heard: &Heard<'_, '_>,
) -> Outcome {
    let (device, header) = (heard.device, heard.header);
    let auth = asked_for(store, session, switches, device);
    let cred = header.cred.as_ref();
    if session.stage == Stage::Refused {
        return Outcome::Refused(403);
    }
    if heard.call.certified && cred.is_none() {
        session.accepted = true;
        return Outcome::In(200, None);
    }
    if auth == Auth::Mac {
        return by_mac(store, session, switches, heard);
    }
    if auth == Auth::None {
        session.accepted = true;
        return Outcome::In(
            if switches.on("anonymous-212") {
                212
            } else {
                200
            },
            None,
        );
    }
    if session.accepted {
        // "No more Cred needed" after 212; who sends one nevertheless gets 212 again.
        if cred.is_some() || !switches.on("credentials-demanded-again") {
            return Outcome::In(if cred.is_some() { 212 } else { 200 }, None);
        }
        session.accepted = false;
    }
    let Some(cred) = cred else {
        for (switch, code) in [("anonymous-accepted", 200), ("anonymous-212", 212)] {
            if switches.on(switch) {
                session.accepted = true;
                return Outcome::In(code, None);
            }
        }
        return ask(store, session, switches, device, 407);
    };

    let user = value(header.source_name.as_ref());
    let by_uri = switches.on("user-by-device-uri");
    let given = given(cred, if by_uri { device } else { user });
    let early = session.challenge.is_none();
    let good = match given.scheme {
        "syncml:auth-md5" => {
            auth == Auth::Md5
                && !(early && switches.on("early-credentials-refused"))
                && md5(store, session, switches, device, &given)
        }
        "syncml:auth-basic" => {
            let alone = store.device(device).account.auth == Some(Auth::Md5);
            let offered = auth == Auth::Basic
                || (early && !alone)
                || (alone && switches.on("basic-beside-md5-alone"))
                || switches.on("downgrade-accepted");
            offered && !switches.on("basic-refused") && basic(switches, device, &given)
        }
        _ => false,
    };
    if good {
        session.accepted = true;
        session.challenge = None;
        let by = if given.scheme == scheme(Auth::Md5) {
            Auth::Md5
        } else {
            Auth::Basic
        };
        return Outcome::In(212, success(store, switches, device, by));
    }
    if switches.on("stale-nonce-locks-out") && early {
        session.stage = Stage::Refused;
        return Outcome::Refused(403);
    }
    if switches.on("unknown-user-shown")
        && account(&switches.options, device).is_none_or(|(known, _)| known != given.user)
    {
        session.stage = Stage::Refused;
        return Outcome::Refused(404);
    }
    session.failures += 1;
    ask(store, session, switches, device, 401)
}

/// The credentials in a Cred. One without Meta is of the scheme of old, basic.
fn given<'a>(cred: &'a Cred<'_>, user: &'a str) -> Given<'a> {
    let kind = value(cred.meta.as_ref().and_then(|meta| meta.kind.as_ref()));
    Given {
        scheme: if kind.is_empty() {
            scheme(Auth::Basic)
        } else {
            kind
        },
        data: value(cred.data.as_ref()),
        user,
    }
}

/// Looks at the mac of a message: with this scheme each one has to have one.
fn by_mac(
    store: &mut Store,
    session: &mut Session,
    switches: &Switches,
    heard: &Heard<'_, '_>,
) -> Outcome {
    let (device, cred) = (heard.device, heard.header.cred.as_ref());
    let trusted = session.accepted && switches.on("mac-trusts-session");
    let good = match (heard.call.hmac, cred) {
        (Some(field), _) => is_right(store, session, switches, heard, field),
        (None, Some(cred)) => {
            let user = value(heard.header.source_name.as_ref());
            let given = given(cred, user);
            switches.on("basic-beside-mac")
                && given.scheme == scheme(Auth::Basic)
                && basic(switches, device, &given)
        }
        (None, None) => trusted,
    };
    session.accepted = good;
    if good {
        session.challenge = None;
        let code = if switches.on("mac-answered-212") {
            212
        } else {
            200
        };
        return Outcome::In(code, success(store, switches, device, Auth::Mac));
    }
    let given = heard.call.hmac.is_some() || cred.is_some();
    session.failures += u32::from(given);
    ask(
        store,
        session,
        switches,
        device,
        if given { 401 } else { 407 },
    )
}

/// True for a mac of the device over the message and a nonce that counts now.
fn is_right(
    store: &mut Store,
    session: &Session,
    switches: &Switches,
    heard: &Heard<'_, '_>,
    field: &str,
) -> bool {
    let on = |name| switches.on(name);
    let usual = field.starts_with("algorithm=MD5, username=\"") && field.contains("\", mac=");
    if !usual && on("mac-field-read-literally") {
        return false;
    }
    let given = Hmac::read(field);
    let user = given.username.unwrap_or_default();
    let named = value(heard.header.source_name.as_ref());
    let Some((own, password)) = known(switches, heard.device, named) else {
        return false;
    };
    if (user != named || user != own) && !on("mac-user-unchecked") {
        return false;
    }
    if on("mac-unchecked") {
        return true;
    }
    let keeper = store.device(heard.device);
    let nonces = counting(keeper, session, on("mac-nonce-kept-for-ever"));
    let mut made = nonces
        .iter()
        .map(|nonce| digest::mac(&user, &password, nonce, heard.call.body));
    made.any(|made| given.mac.as_ref() == Some(&made))
}

/// The client cannot do what it was challenged for: it may do basic, or not come in at all.
pub(crate) fn turn_down(store: &mut Store, session: &mut Session, switches: &Switches) {
    let device = session.device.clone();
    if asked_for(store, session, switches, &device) == Auth::Md5 {
        session.instead = Some(Auth::Basic);
    } else {
        session.stage = Stage::Refused;
    }
}

/// The scheme that a session is challenged for.
fn asked_for(store: &mut Store, session: &Session, switches: &Switches, device: &str) -> Auth {
    let of_account = || store.device(device).account.auth;
    let auth = session.instead.or_else(of_account);
    auth.unwrap_or(switches.options.auth)
}

/// One more challenge, if there were not too many.
fn ask(
    store: &mut Store,
    session: &mut Session,
    switches: &Switches,
    device: &str,
    code: u32,
) -> Outcome {
    session.challenges += 1;
    let bounded = session.failures > FAILURES || session.challenges > CHALLENGES;
    if bounded && !switches.on("endless-challenges") {
        session.stage = Stage::Refused;
        return Outcome::Refused(403);
    }
    let auth = asked_for(store, session, switches, device);
    if auth == Auth::Basic {
        session.challenge = Some(Challenge { nonce: Vec::new() });
        return Outcome::Asked(code, MetaDraft::new("b64", scheme(auth)));
    }
    let nonce = store.nonce(device, switches);
    let keeper = store.device(device);
    let before = keeper.offered.replace(nonce.clone());
    keeper.retire(before);
    if code == 401 && switches.on("nonce-overwritten-by-failure") {
        keeper.next = None;
    }
    session.challenge = Some(Challenge {
        nonce: nonce.clone(),
    });
    Outcome::Asked(code, challenge(auth, &nonce))
}

/// Rotates the nonce of a device that proved itself, and tells it the next one.
fn success(store: &mut Store, switches: &Switches, device: &str, auth: Auth) -> Option<MetaDraft> {
    if auth == Auth::Basic {
        return None;
    }
    let nonce = store.nonce(device, switches);
    let keeper = store.device(device);
    for used in [keeper.next.take(), keeper.offered.take()] {
        keeper.retire(used);
    }
    let was_lost = keeper.is_lost;
    keeper.is_lost = was_lost && switches.on("default-nonce-for-ever");
    if was_lost && switches.on("default-nonce-without-challenge") {
        return None;
    }
    if !switches.on("nonce-not-kept") {
        keeper.next = Some(nonce.clone());
    }
    let secretive = match auth {
        Auth::Mac => "mac-without-next-nonce",
        _ => "next-nonce-omitted",
    };
    let is_told = was_lost || !switches.on(secretive);
    is_told.then(|| challenge(auth, &nonce))
}

fn challenge(auth: Auth, nonce: &[u8]) -> MetaDraft {
    MetaDraft {
        next_nonce: Some(digest::b64(nonce)),
        ..MetaDraft::new("b64", scheme(auth))
    }
}

/// The nonces that count now; where `for_ever`, those that are used up as well.
fn counting<'a>(keeper: &'a Device, session: &'a Session, for_ever: bool) -> Vec<&'a [u8]> {
    let kept = keeper.next.iter().chain(&keeper.offered).map(Vec::as_slice);
    let mut nonces: Vec<&[u8]> = match &session.challenge {
        Some(challenge) => vec![&challenge.nonce],
        None => kept.clone().collect(),
    };
    if keeper.is_lost {
        nonces.push(&trigger::DEFAULT_NONCE);
    }
    if for_ever {
        nonces.extend(keeper.used.iter().map(Vec::as_slice));
        nonces.extend(kept);
    }
    nonces
}

/// True where the digest is that of the device over a nonce that counts now.
fn md5(
    store: &mut Store,
    session: &Session,
    switches: &Switches,
    device: &str,
    given: &Given<'_>,
) -> bool {
    let Some((user, password)) = known(switches, device, given.user) else {
        return false;
    };
    if user != given.user {
        return false;
    }
    let keeper = store.device(device);
    let nonces = counting(keeper, session, switches.on("replayed-digest-accepted"));
    let given = digest::unb64(given.data);
    let is = |made: String| given.is_some() && digest::unb64(&made) == given;
    let text_alone = switches.on("only-nonce-text-accepted");
    let text_too = text_alone || switches.on("digest-over-nonce-text-accepted");
    nonces.into_iter().any(|nonce| {
        let text = digest::b64(nonce);
        (!text_alone && is(digest::md5_cred(&user, &password, nonce)))
            || (text_too && is(digest::md5_cred(&user, &password, text.as_bytes())))
            || (switches.on("digest-syncml10-accepted")
                && is(digest::md5_syncml10(&user, &password, nonce)))
    })
}

/// True for user and password of the device, split at the first colon.
fn basic(switches: &Switches, device: &str, given: &Given<'_>) -> bool {
    let Some(text) = digest::unb64(given.data).and_then(|octets| String::from_utf8(octets).ok())
    else {
        return false;
    };
    let parts = if switches.on("password-split-at-last-colon") {
        text.rsplit_once(':')
    } else {
        text.split_once(':')
    };
    let Some((user, password)) = parts else {
        return false;
    };
    known(switches, device, user).is_some_and(|account| account == (user.into(), password.into()))
}

/// The account that credentials of this user are held against: that of the device.
fn known(switches: &Switches, device: &str, user: &str) -> Option<(String, String)> {
    let own = account(&switches.options, device);
    let foreign = || {
        let device = user
            .strip_prefix("user-")
            .map(|name| format!("assay-{name}"));
        account(&switches.options, device.as_deref().unwrap_or(user))
    };
    match own {
        Some((known, _)) if known != user && switches.on("credentials-of-any-device") => foreign(),
        None if switches.on("credentials-of-any-device") => foreign(),
        own => own,
    }
}
