//! What came for one device while a case has it, and how its gateway answers meanwhile.
//!
//! What the octets mean is read by the actor.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use assay_suites::step::cp::GatewayAnswer;
use assay_wire::pap::digits;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::lock;
use crate::target::Identity;

/// So many units are kept for a case.
const UNITS: usize = 2_000;
/// So many octets are kept for a case.
const OCTETS: usize = 8 << 20;

/// How something travelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Carrier {
    Pap,
    Smpp,
    Udp,
    File,
}

impl Carrier {
    /// The carrier of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Pap, Self::Smpp, Self::Udp, Self::File]
            .into_iter()
            .find(|carrier| carrier.name() == name)
    }

    /// Its name in suites and recordings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pap => "pap",
            Self::Smpp => "smpp",
            Self::Udp => "udp",
            Self::File => "file",
        }
    }
}

/// One thing that came: a request, a PDU, a datagram, or octets that are none of these.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// Over which connection; none where a hook gave it.
    pub(crate) connection: Option<u64>,
    pub(crate) carrier: Carrier,
    pub(crate) octets: Vec<u8>,
    /// What was said to it.
    pub(crate) answer: Vec<u8>,
    pub(crate) at: Instant,
    /// False for octets that are not a whole request or PDU.
    pub(crate) is_whole: bool,
}

/// How a gateway answers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Policy {
    pub(crate) answer: GatewayAnswer,
    pub(crate) code: Option<u32>,
}

/// The mailbox of a device.
pub(crate) struct Mailbox {
    pub(crate) id: String,
    /// The digits of its telephone number.
    pub(crate) address: Option<String>,
    inner: Mutex<Inner>,
    came: Notify,
    leased: AtomicBool,
    expecting: AtomicBool,
    ids: AtomicU64,
}

#[derive(Default)]
struct Inner {
    units: VecDeque<Unit>,
    count: usize,
    octets: usize,
    policy: Policy,
}

impl Mailbox {
    pub(super) fn new(identity: &Identity) -> Self {
        let address = identity.address.as_deref().map(digits);
        // Message ids of a centre are not given twice, not even by the next run.
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            id: identity.id.clone(),
            address: address.filter(|digits| !digits.is_empty()),
            inner: Mutex::default(),
            came: Notify::new(),
            leased: AtomicBool::new(true),
            expecting: AtomicBool::new(false),
            ids: AtomicU64::new(now.map_or(1, |now| now.as_secs() << 20)),
        }
    }

    /// Puts something in. What is too much is dropped: see [`Mailbox::is_flooded`].
    pub(crate) fn put(&self, unit: Unit) {
        let mut inner = lock(&self.inner);
        inner.count += 1;
        inner.octets = inner.octets.saturating_add(unit.octets.len());
        if inner.count <= UNITS && inner.octets <= OCTETS {
            inner.units.push_back(unit);
        }
        drop(inner);
        self.came.notify_one();
    }

    /// Takes out all that is there.
    pub(crate) fn take(&self) -> Vec<Unit> {
        lock(&self.inner).units.drain(..).collect()
    }

    /// True where more came than is kept.
    pub(crate) fn is_flooded(&self) -> bool {
        let inner = lock(&self.inner);
        inner.count > UNITS || inner.octets > OCTETS
    }

    /// Waits until something comes.
    pub(crate) async fn changed(&self) {
        self.came.notified().await;
    }

    /// How its gateway answers now.
    pub(crate) fn policy(&self) -> Policy {
        lock(&self.inner).policy
    }

    /// How its gateway answers from now on.
    pub(crate) fn answer(&self, policy: Policy) {
        lock(&self.inner).policy = policy;
    }

    /// A case waits for something for this device, or does not any more.
    pub(crate) fn expect(&self, expecting: bool) {
        self.expecting.store(expecting, Ordering::Relaxed);
    }

    pub(super) fn is_expecting(&self) -> bool {
        self.expecting.load(Ordering::Relaxed)
    }

    /// Nobody looks into it any more.
    pub(crate) fn give_back(&self) {
        self.leased.store(false, Ordering::Relaxed);
    }

    pub(super) fn is_leased(&self) -> bool {
        self.leased.load(Ordering::Relaxed)
    }

    /// A message id of the SMS centre.
    pub(super) fn message_id(&self) -> String {
        format!("{:X}", self.ids.fetch_add(1, Ordering::Relaxed))
    }
}
