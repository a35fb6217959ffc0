//! Takes a push to where somebody listens: a gateway over HTTP, a message centre over SMPP, a socket
//! over UDP.
//!
//! What is pushed, and what its answer means, is the business of the peers that send. A carrier
//! waits for a bounded time and reads a bounded answer: who listens may be anybody.

pub(crate) mod http;
mod short;
pub(crate) mod smpp;

use std::time::Duration;

use tokio::net::UdpSocket;

pub use short::Sms;
pub(crate) use short::concatenation;

/// How long an exchange may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// Most octets of one datagram.
const DATAGRAM: usize = 65_000;

/// Which way a push goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// A push proxy gateway, over HTTP.
    Pap,
    /// A message centre, over SMPP.
    Smpp,
    /// A datagram.
    Udp,
    /// Nowhere: whoever asks gets the octets.
    File,
}

impl Carrier {
    /// The carrier of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "pap" => Self::Pap,
            "smpp" => Self::Smpp,
            "udp" => Self::Udp,
            "file" => Self::File,
            _ => return None,
        })
    }
}

/// Why a push did not arrive.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Lost {
    /// Nobody listens, or the connection broke.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// No answer came in time.
    #[error("no answer in {} s", PATIENCE.as_secs())]
    Silence,
    /// An answer that cannot be read.
    #[error("the answer cannot be read: {0}")]
    Answer(String),
    /// An address that is none.
    #[error("{0}")]
    Address(String),
    /// A push that is too long for the carrier.
    #[error("{0}")]
    TooLong(String),
}

/// Sends one datagram.
pub(crate) async fn udp(at: &str, octets: &[u8]) -> Result<(), Lost> {
    if octets.len() > DATAGRAM {
        return Err(Lost::TooLong("more octets than a datagram holds".into()));
    }
    let socket = UdpSocket::bind(("0.0.0.0", 0)).await?;
    let sent = socket.send_to(octets, at);
    let sent = tokio::time::timeout(PATIENCE, sent).await;
    sent.map_err(|_| Lost::Silence)??;
    Ok(())
}
