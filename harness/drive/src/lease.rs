//! The devices that a case has to itself while it runs, and what they remember from case to case.
//!
//! Who gets which device, and when, is planned elsewhere.

use std::collections::BTreeMap;

use assay_suites::suite::Scheme;
use assay_wire::digest;

use crate::halt::Halt;
use crate::pull::PullMemory;
use crate::target::Identity;

/// The devices of one case run, by their names in the case: `a`, `b`.
#[derive(Clone, Default)]
pub struct Lease {
    /// The devices.
    pub devices: BTreeMap<String, LeasedDevice>,
}

/// A device and what it remembers. A nonce belongs to the device, not to a session: the first
/// message of the next session may use it (OMA-TS-DM_Security 5.3.3).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LeasedDevice {
    /// Who it is.
    pub identity: Identity,
    /// The octets of the newest NextNonce that the target gave it.
    pub nonce: Option<Vec<u8>>,
    /// The octets of the one before.
    pub previous_nonce: Option<Vec<u8>>,
    /// The scheme that the newest is for.
    pub scheme: Option<Scheme>,
    /// The octets of the newest nonce that it gave the target, for what the target proves.
    pub server_nonce: Option<Vec<u8>>,
    /// How many it gave.
    pub nonces_given: u64,
    /// True once it tried to get in with its own credentials, or was asked for some that it has not.
    pub has_tried: bool,
    /// True once credentials were accepted.
    pub was_accepted: bool,
    /// The number of its last session, from which the next SessionID is made.
    pub next_session: u32,
    /// What it remembers of a management service that it polls.
    pub pull: PullMemory,
}

impl Lease {
    /// The device of this name.
    pub(crate) fn device(&self, name: &str) -> Result<&LeasedDevice, Halt> {
        self.devices.get(name).ok_or_else(|| nobody(name))
    }

    /// The same, to remember something of it.
    pub(crate) fn device_mut(&mut self, name: &str) -> Result<&mut LeasedDevice, Halt> {
        self.devices.get_mut(name).ok_or_else(|| nobody(name))
    }
}

/// Why a step cannot be played that means a device which the case has not.
pub(crate) fn nobody(name: &str) -> Halt {
    Halt::Stuck(format!("no device {name} is leased"))
}

impl LeasedDevice {
    /// A device that remembers nothing yet.
    pub fn new(identity: Identity) -> Self {
        Self {
            identity,
            ..Self::default()
        }
    }

    /// A nonce for the target, which it has not given before.
    pub(crate) fn give_nonce(&mut self) -> Vec<u8> {
        self.nonces_given += 1;
        let (id, count) = (&self.identity.id, self.nonces_given.to_be_bytes());
        let text = digest::md5_cred(id, "nonce for the server", &count);
        let nonce = digest::unb64(&text).unwrap_or_default();
        self.server_nonce = Some(nonce.clone());
        nonce
    }

    /// Forgets what the target has forgotten: nonces of both sides, and what a poll left.
    pub fn forget(&mut self) {
        self.nonce = None;
        self.previous_nonce = None;
        self.scheme = None;
        self.server_nonce = None;
        self.pull.forget();
    }
}
