//! One connection to a target: TCP, and TLS over it where the URL says so.
//!
//! It carries octets and knows no HTTP; what passes is recorded by its user.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use assay_wire::recording::{LATE, LinkId, TlsFacts};
use reqwest::Url;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;

use crate::tls::Tls;

/// How long a connection has to stay open to count as one that somebody serves.
const LAST_BREATH: Duration = Duration::from_millis(50);

/// What carries octets both ways.
pub(crate) trait Octets: AsyncRead + AsyncWrite + Unpin + Send + Sync {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync> Octets for T {}

/// An open connection.
pub(crate) struct Link {
    /// Its number in the recording.
    pub(crate) id: LinkId,
    pub(crate) stream: Box<dyn Octets>,
}

/// What was found on a connection that waits for its next use.
pub(crate) enum Idle {
    /// Nothing: it may be used again.
    Quiet,
    /// Octets that nobody asked for.
    Octets(Vec<u8>),
    /// It was closed.
    Closed,
}

impl Link {
    /// Looks, without waiting, whether the other side closed the connection or spoke unasked.
    pub(crate) async fn idle(&mut self) -> Idle {
        // Lets the runtime notice what has happened on the socket since it was read last.
        tokio::task::yield_now().await;
        let mut space = [0; 4096];
        poll_fn(|context| {
            let mut buffer = ReadBuf::new(&mut space);
            Poll::Ready(
                match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                    Poll::Pending => Idle::Quiet,
                    Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                        Idle::Octets(buffer.filled().to_vec())
                    }
                    Poll::Ready(_) => Idle::Closed,
                },
            )
        })
        .await
    }
}

/// Why there is no connection.
pub(crate) struct NoLink {
    /// In words.
    pub(crate) why: String,
    /// True where TCP already failed, so that nobody may be there at all.
    pub(crate) nobody: bool,
    /// What the handshake showed, where it began.
    pub(crate) tls: Option<TlsFacts>,
}

/// Connects to the origin of `url`, and makes the handshake where it is https.
pub(crate) async fn connect(
    url: &Url,
    tls: &Tls,
    deadline: Instant,
) -> Result<(Box<dyn Octets>, Option<TlsFacts>), NoLink> {
    let nobody = |why: String| NoLink {
        why,
        nobody: true,
        tls: None,
    };
    let tcp = match timeout_at(deadline, reach(url)).await {
        Ok(Ok(tcp)) => tcp,
        Ok(Err(error)) => return Err(nobody(format!("cannot connect to {}: {error}", place(url)))),
        Err(_) => return Err(nobody(format!("no connection to {} {LATE}", place(url)))),
    };
    match url.scheme() {
        "http" => return Ok((Box::new(tcp), None)),
        "https" => {}
        other => return Err(nobody(format!("{other} is not spoken here"))),
    }
    let failed = |why: String, tls| NoLink {
        why,
        nobody: false,
        tls,
    };
    let (config, watch) = tls
        .watched()
        .map_err(|error| failed(format!("cannot set up TLS: {error}"), None))?;
    let name = ServerName::try_from(host(url).to_owned())
        .map_err(|error| failed(format!("{} is no name for TLS: {error}", host(url)), None))?;
    let handshake = TlsConnector::from(config).connect(name, tcp);
    let why = match timeout_at(deadline, handshake).await {
        Ok(Ok(stream)) => {
            let facts = watch.facts(Some(stream.get_ref().1), "");
            return Ok((Box::new(stream), Some(facts)));
        }
        Ok(Err(error)) => told(&error.to_string()),
        Err(_) => format!("not finished {LATE}"),
    };
    let facts = watch.facts(None, &why);
    Err(failed(
        format!("no TLS handshake with {}: {why}", place(url)),
        Some(facts),
    ))
}

/// Why a handshake failed, and what that usually means.
fn told(why: &str) -> String {
    let hints = [
        ("HandshakeFailure", "; TLS 1.2 and 1.3 are spoken here"),
        ("ProtocolVersion", "; TLS 1.2 and 1.3 are spoken here"),
        ("InvalidContentType", "; does it speak plain HTTP?"),
    ];
    let hint = hints.iter().find(|(alert, _)| why.contains(alert));
    format!("{why}{}", hint.map_or("", |(_, hint)| hint))
}

/// Whether anybody still accepts connections at the origin of `url`, and keeps them: the system accepts
/// some for a process that is ending, and closes them with it.
pub(crate) async fn accepts(url: &Url, deadline: Instant) -> bool {
    let Ok(Ok(mut stream)) = timeout_at(deadline, reach(url)).await else {
        return false;
    };
    let ended = timeout(LAST_BREATH, stream.read(&mut [0; 1])).await;
    !matches!(ended, Ok(Ok(0) | Err(_)))
}

async fn reach(url: &Url) -> io::Result<TcpStream> {
    let port = url.port_or_known_default().unwrap_or(80);
    let tcp = TcpStream::connect((host(url), port)).await?;
    tcp.set_nodelay(true)?;
    Ok(tcp)
}

fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .unwrap_or(host)
}

fn place(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or(80);
    format!("{}:{port}", url.host_str().unwrap_or_default())
}
