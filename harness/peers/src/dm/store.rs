//! What the server remembers: accounts, devices with their nonces and queues, sessions.
//!
//! Bounded, for whoever calls may be anybody. What it means is decided in the files beside it.

use std::collections::{HashMap, VecDeque};

use assay_wire::dm::Version;
use assay_wire::{Encoding, digest};

use super::heard::Call;
use super::orders::Order;
use super::own::Own;
use crate::switch::{Auth, Options, Switches};

/// Most devices and most sessions kept; the oldest goes.
const KEPT: usize = 4096;
/// Most orders that wait for one device.
const QUEUED: usize = 1024;
/// Most nonces remembered that a device has used up.
const USED: usize = 32;

/// The device and the SessionID.
pub(crate) type Key = (String, String);

/// Everything.
#[derive(Debug)]
pub(crate) struct Store {
    devices: HashMap<String, Device>,
    device_ages: VecDeque<String>,
    sessions: HashMap<Key, Session>,
    session_ages: VecDeque<Key>,
    drawn: u64,
    seed: Option<String>,
}

/// What is kept of a device from session to session.
#[derive(Debug, Default)]
pub(crate) struct Device {
    /// The nonce that was given with the last success: for its next session.
    pub(crate) next: Option<Vec<u8>>,
    /// The nonce of the last challenge, if it was not used since.
    pub(crate) offered: Option<Vec<u8>>,
    /// Nonces that are worth nothing any more.
    pub(crate) used: VecDeque<Vec<u8>>,
    /// How its account was set up, where it was set up otherwise than usual.
    pub(crate) account: Account,
    /// The nonce that it gave the server, for what the server proves.
    pub(crate) server_nonce: Option<Vec<u8>>,
    /// True while its nonces count as lost, so that it may use the default one.
    pub(crate) is_lost: bool,
    /// The session that it was asked to open.
    pub(crate) triggered: Option<u16>,
    /// Counts nonces given.
    pub(crate) nonces: u64,
    /// What waits for it.
    pub(crate) queue: VecDeque<Order>,
    /// Counts orders ever queued.
    pub(crate) queued: u64,
}

/// How an account was set up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Account {
    /// The one scheme by which the device gets in.
    pub(crate) auth: Option<Auth>,
    /// The scheme by which the server proves itself from the start.
    pub(crate) server: Option<Auth>,
}

/// A challenge that a session has made.
#[derive(Clone, Debug)]
pub(crate) struct Challenge {
    /// The nonce; empty for basic.
    pub(crate) nonce: Vec<u8>,
}

/// How far a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It goes on.
    Open,
    /// It came to its end.
    Closed,
    /// Its client failed too often.
    Refused,
}

/// A command that was sent and has no Status yet.
#[derive(Clone, Debug)]
pub(crate) struct Outstanding {
    /// MsgID of the message that it was in.
    pub(crate) msg: String,
    /// Its CmdID.
    pub(crate) cmd: String,
    /// What it was.
    pub(crate) order: Order,
}

/// The last exchange of a session, for a client that lost the answer.
#[derive(Clone, Debug)]
pub(crate) struct Last {
    /// MsgID of the request.
    pub(crate) msg: String,
    /// The octets of the request, as a number.
    pub(crate) request: u64,
    /// The answer.
    pub(crate) answer: Vec<u8>,
    /// How it was written.
    pub(crate) encoding: Encoding,
    /// The mac over it.
    pub(crate) mac: Option<String>,
    /// What its device had of nonces and orders then.
    pub(crate) then: (u64, u64),
}

/// A session.
#[derive(Debug)]
pub(crate) struct Session {
    /// The device that opened it.
    pub(crate) device: String,
    /// A name that nobody can guess, for RespURI.
    pub(crate) token: String,
    /// The version that the client opened it with.
    pub(crate) version: Version,
    /// The URL of the service, as the client reached it first.
    pub(crate) url: String,
    /// The connection that it was opened on.
    pub(crate) connection: u64,
    /// How far it is.
    pub(crate) stage: Stage,
    /// MsgID of the last message sent.
    pub(crate) msg: u32,
    /// True once the client is authenticated.
    pub(crate) accepted: bool,
    /// The last challenge made in it.
    pub(crate) challenge: Option<Challenge>,
    /// The scheme to ask for once the client has turned the usual one down.
    pub(crate) instead: Option<Auth>,
    /// How often the client was asked for credentials.
    pub(crate) challenges: u32,
    /// How often its credentials were wrong.
    pub(crate) failures: u32,
    /// True until the client's first package was complete.
    pub(crate) package_1: bool,
    /// MaxMsgSize of the client.
    pub(crate) max_msg_size: Option<usize>,
    /// MaxObjSize of the client.
    pub(crate) max_obj_size: Option<usize>,
    /// Commands without a Status.
    pub(crate) outstanding: Vec<Outstanding>,
    /// True while Results are awaited that will not come (a switch).
    pub(crate) waiting: bool,
    /// How the server proves itself in it.
    pub(crate) own: Own,
    /// The last exchange.
    pub(crate) last: Option<Last>,
}

impl Store {
    /// An empty one.
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            devices: HashMap::new(),
            device_ages: VecDeque::new(),
            sessions: HashMap::new(),
            session_ages: VecDeque::new(),
            drawn: 0,
            seed: options.seed.clone(),
        }
    }

    /// Forgets everything about a device, or about all.
    pub(crate) fn reset(&mut self, device: Option<&str>) {
        match device {
            None => {
                self.devices.clear();
                self.device_ages.clear();
                self.sessions.clear();
                self.session_ages.clear();
            }
            Some(device) => {
                self.devices.remove(device);
                self.device_ages.retain(|kept| kept != device);
                self.sessions.retain(|key, _| key.0 != device);
                self.session_ages.retain(|key| key.0 != device);
            }
        }
    }

    /// What is kept of this device.
    pub(crate) fn device(&mut self, name: &str) -> &mut Device {
        if !self.devices.contains_key(name) {
            if self.device_ages.len() >= KEPT
                && let Some(oldest) = self.device_ages.pop_front()
            {
                self.devices.remove(&oldest);
            }
            self.device_ages.push_back(name.to_owned());
        }
        self.devices.entry(name.to_owned()).or_default()
    }

    /// The session of this key.
    pub(crate) fn session(&mut self, key: &Key) -> Option<&mut Session> {
        self.sessions.get_mut(key)
    }

    /// Takes a session out, to work on it; [`Store::put`] puts it back.
    pub(crate) fn take(&mut self, key: &Key) -> Option<Session> {
        self.sessions.remove(key)
    }

    /// Puts a session in.
    pub(crate) fn put(&mut self, key: Key, session: Session) {
        if !self.session_ages.contains(&key) {
            if self.session_ages.len() >= KEPT
                && let Some(oldest) = self.session_ages.pop_front()
            {
                self.sessions.remove(&oldest);
            }
            self.session_ages.push_back(key.clone());
        }
        self.sessions.insert(key, session);
    }

    /// Queues an order; false where too many wait already.
    pub(crate) fn queue(&mut self, device: &str, order: Order) -> bool {
        let device = self.device(device);
        if device.queue.len() >= QUEUED {
            return false;
        }
        device.queue.push_back(order);
        device.queued += 1;
        true
    }

    /// 16 octets that nobody can guess, or that the seed gives.
    pub(crate) fn octets(&mut self) -> Vec<u8> {
        self.drawn += 1;
        let mut octets = vec![0; 16];
        let random = rustls::crypto::ring::default_provider().secure_random;
        let filled = self.seed.is_none() && random.fill(&mut octets).is_ok();
        if filled {
            return octets;
        }
        let seed = self.seed.as_deref().unwrap_or("seed");
        let text = digest::md5_cred(seed, "nonce", &self.drawn.to_be_bytes());
        digest::unb64(&text).unwrap_or(octets)
    }

    /// A nonce for a device, remembered as given.
    pub(crate) fn nonce(&mut self, device: &str, switches: &Switches) -> Vec<u8> {
        let nonce = if switches.on("nonce-constant") {
            b"always the same!".to_vec()
        } else if switches.on("nonce-counts") {
            self.drawn += 1;
            (0x2026_0000_0000_0000_u128 + u128::from(self.drawn))
                .to_be_bytes()
                .to_vec()
        } else if switches.on("nonce-short") {
            let octets = self.octets();
            octets
                .iter()
                .take(4)
                .map(|octet| b'0' + octet % 10)
                .collect()
        } else {
            let mut octets = self.octets();
            if switches.on("nonce-of-64-octets") {
                for _ in 0..3 {
                    octets.extend(self.octets());
                }
            }
            octets
        };
        self.device(device).nonces += 1;
        nonce
    }
}

impl Device {
    /// Remembers a nonce as used up.
    pub(crate) fn retire(&mut self, nonce: Option<Vec<u8>>) {
        if let Some(nonce) = nonce {
            if self.used.len() >= USED {
                self.used.pop_front();
            }
            self.used.push_back(nonce);
        }
    }
}

impl Session {
    /// A new one.
    pub(crate) fn new(device: &str, token: String, version: Version, call: &Call<'_>) -> Self {
        Self {
            device: device.to_owned(),
            token,
            version,
            url: call.url.clone(),
            connection: call.connection,
            stage: Stage::Open,
            msg: 0,
            accepted: false,
            challenge: None,
            instead: None,
            challenges: 0,
            failures: 0,
            package_1: true,
            max_msg_size: None,
            max_obj_size: None,
            outstanding: Vec::new(),
            waiting: false,
            own: Own::default(),
            last: None,
        }
    }
}

/// User and password of a device: configured, built in, or those of any `assay-…`.
pub(crate) fn account(options: &Options, device: &str) -> Option<(String, String)> {
    let configured = options.accounts.iter().find(|(name, _, _)| name == device);
    if let Some((_, user, password)) = configured {
        return Some((user.clone(), password.clone()));
    }
    let number = device
        .strip_prefix("assay-")
        .filter(|number| number.parse::<u32>().is_ok());
    if let Some(number) = number {
        // The user is not the device, and the password has colons and letters beyond ASCII.
        let password = format!("secret:{device}:\u{e9}");
        return Some((format!("user-{number}"), password));
    }
    match device {
        // The sample of OMA-TS-DM_Protocol 9.4, whose user is not the name of the device.
        "assay-bruce" => Some(("Bruce2".to_owned(), "OhBehave".to_owned())),
        // Colons and letters beyond ASCII.
        "assay-colon" => Some((device.to_owned(), "pass:w\u{f6}rd:\u{20ac}".to_owned())),
        _ if device.starts_with("assay-") => Some((device.to_owned(), format!("secret-{device}"))),
        _ => None,
    }
}

/// The name of a scheme on the wire.
pub(crate) fn scheme(auth: Auth) -> &'static str {
    match auth {
        Auth::Basic => "syncml:auth-basic",
        Auth::None | Auth::Md5 => "syncml:auth-md5",
        Auth::Mac => "syncml:auth-MAC",
    }
}
