//! The recording of one case run: every octet in both directions, and what happened when.
//!
//! Data and its file format; no I/O. `drive` writes it, `judge` reads it, and nothing else is
//! handed from one to the other, so that any verdict can be computed again from the files.

mod format;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::span::Span;

pub use format::{EVENTS, Files, Unreadable, file};

/// The version of the recording format.
pub const FORMAT: u32 = 1;

/// The number of a connection in its recording, from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LinkId(pub u32);

/// Seen from the harness: what it sent, what it received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From the harness to the target.
    Out,
    /// From the target to the harness.
    In,
}

/// Octets of one direction of one link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The connection.
    pub link: LinkId,
    /// Which way the octets went.
    pub direction: Direction,
    /// Their place in everything that went that way.
    pub span: Span,
}

/// One connection: what went out and what came in, inside TLS where there is TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// All octets sent, secrets masked with equal length.
    pub out: Vec<u8>,
    /// All octets received.
    pub r#in: Vec<u8>,
    /// What the TLS handshake showed, on a TLS link.
    pub tls: Option<TlsFacts>,
}

/// What a TLS handshake showed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsFacts {
    /// The protocol version, `TLSv1_3`.
    pub version: String,
    /// The cipher suite by its IANA name.
    pub suite: String,
    /// True where the target asked for a client certificate.
    pub asked_for_certificate: bool,
    /// True where the harness presented one.
    pub presented_certificate: bool,
    /// True where the certificate of the target was valid for its host and chained to a known root.
    pub certificate_valid: bool,
    /// Why it was not.
    pub certificate_fault: Option<String>,
}

impl TlsFacts {
    /// How the fault begins of a handshake in which no certificate came.
    pub const NO_CERTIFICATE: &str = "no certificate came";

    /// False where the handshake ended before the target had shown its certificate.
    pub fn certificate_came(&self) -> bool {
        let fault = self.certificate_fault.as_deref().unwrap_or_default();
        !fault.starts_with(Self::NO_CERTIFICATE)
    }
}

/// How the reason ends why a connection, or its handshake, did not come about before the deadline.
pub const LATE: &str = "in time";

/// Something that happened in a case run, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A connection was opened.
    Open {
        /// Which.
        link: LinkId,
    },
    /// A request went out.
    Sent {
        /// Over which connection.
        link: LinkId,
        /// Its octets in everything that went out there.
        span: Span,
        /// The step of the case that sent it, from zero.
        step: u32,
        /// The device that it came from, by its name in the case (`a`).
        device: String,
        /// The session that it belongs to: a counter of the case run.
        session: u32,
        /// False where the step bent the request beyond what the standard allows.
        lawful: bool,
    },
    /// What came back to the last request on that link, as far as it came.
    Received {
        /// Over which connection.
        link: LinkId,
        /// Its octets in everything that came in there.
        span: Span,
    },
    /// The target sent something of its own accord: a request to a gateway, a PDU to an SMS centre, a
    /// datagram to a device, or octets that a hook gave.
    Arrived {
        /// Over which connection, or by which way.
        link: LinkId,
        /// Its octets in everything that came in there.
        span: Span,
        /// The step that was waiting for it, or else the one in which it was found.
        step: u32,
        /// The device that it is for, by its name in the case.
        device: String,
        /// How it travelled: `pap`, `smpp`, `udp`, `file`.
        carrier: String,
    },
    /// What the harness said to the last that arrived on that link, as far as it went out.
    Answered {
        /// Over which connection.
        link: LinkId,
        /// Its octets in everything that went out there.
        span: Span,
    },
    /// What a step waited for did not come in time.
    Waited {
        /// Which step.
        step: u32,
        /// For which device, by its name in the case.
        device: String,
        /// How long, in milliseconds.
        millis: u64,
        /// What was waited for, and how much of it there was.
        what: String,
    },
    /// The link broke, or a limit or a deadline ended it, while an answer was awaited.
    Broke {
        /// Which.
        link: LinkId,
        /// How.
        how: Breakage,
        /// In words.
        why: String,
    },
    /// No connection could be had.
    Refused {
        /// The step that wanted it.
        step: u32,
        /// In words.
        why: String,
    },
    /// A hook of the profile was called.
    Hook {
        /// The step that called it.
        step: u32,
        /// Its name.
        name: String,
        /// True where it did its work.
        worked: bool,
        /// What it answered, cut short.
        answer: String,
    },
    /// A value that needs a secret was checked at capture. Arithmetic, not an opinion.
    Proof(Proof),
    /// The target died: after a break not even a new connection was accepted.
    Died {
        /// The step after which it was dead.
        step: u32,
    },
    /// The target asked for patience (429 or 503 with Retry-After): the exchange before this event
    /// was not answered, and the same request goes out once more.
    Throttled {
        /// The step whose request it was.
        step: u32,
        /// How long the harness waited, in milliseconds.
        waited: u64,
    },
    /// A step could not be played, because an earlier answer lacked what it needs.
    Stuck {
        /// Which.
        step: u32,
        /// In words.
        why: String,
    },
}

/// How a link broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Breakage {
    /// Closed or reset by the target.
    Closed,
    /// The deadline passed.
    Timeout,
    /// More octets than the limit.
    TooLong,
    /// What came is no HTTP, so that nothing says where it ends.
    Garbled,
}

/// A digest or credential that was checked at capture, where the secret was at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The value checked.
    pub place: Place,
    /// The formula, `md5-cred`.
    pub formula: String,
    /// Whose secret, by its name in the profile.
    pub with: String,
    /// What was made of the nonce: `octets`, `text`.
    pub nonce: String,
    /// Whether the value is what the formula gives.
    pub holds: bool,
}

/// Everything of one case run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// The id of the case.
    pub case: String,
    /// The axis values that it was played with, `version: 1.2`.
    pub axes: BTreeMap<String, String>,
    /// The connections, by number.
    pub links: Vec<Link>,
    /// What happened, each with the microseconds since the start of the case run.
    pub events: Vec<(u64, Event)>,
    /// When the case run started, RFC 3339 in UTC; empty where nobody asked.
    pub started: String,
}

impl Recording {
    /// The link of this number.
    pub fn link(&self, id: LinkId) -> Option<&Link> {
        self.links.get(id.0 as usize)
    }

    /// The octets at this place.
    pub fn octets(&self, place: Place) -> &[u8] {
        let Some(link) = self.link(place.link) else {
            return &[];
        };
        place.span.of(match place.direction {
            Direction::Out => &link.out,
            Direction::In => &link.r#in,
        })
    }
}
