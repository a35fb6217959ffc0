//! Listens, and serves each connection with the routes of a peer.
//!
//! A server of its own for each connection, so that a stream of ours stands between it and the
//! network, and so that title case, timers and the end of a connection are ours to say.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::mangle::{Heard, Mangle, Rewrite, Wish};

/// Most connections served at a time.
const CONNECTIONS: usize = 256;
/// How long a handshake or a head may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The connection that a request came over; every request carries it as an extension.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    /// Its number.
    pub(crate) number: u64,
    /// True for TLS.
    pub(crate) secure: bool,
    /// True where the client showed a certificate of ours.
    pub(crate) certified: bool,
    /// The address that it came in on.
    pub(crate) local: SocketAddr,
    /// How to have the next response rewritten.
    pub(crate) wish: Wish,
    /// The octets of the request as they came, on a listener that hears.
    pub(crate) heard: Heard,
}

/// What is the same for all connections of a listener.
#[derive(Clone)]
pub(crate) struct Service {
    /// The routes.
    pub(crate) router: Router,
    /// What may rewrite a response.
    pub(crate) rewrites: Vec<Rewrite>,
    /// Field names as `Content-Type`; else in lower case.
    pub(crate) title_case: bool,
    /// Keeps the octets of each request for its handler.
    pub(crate) hears: bool,
    /// How to speak TLS, on a listener that does.
    pub(crate) tls: Option<Arc<ServerConfig>>,
}

/// Accepts connections until the handle is aborted, which ends them all.
pub(crate) fn spawn(listener: TcpListener, service: Service) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            while connections.try_join_next().is_some() {}
            if connections.len() >= CONNECTIONS {
                connections.join_next().await;
            }
            // An error of accept is that of one connection, or passes.
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(Duration::from_millis(5)).await;
                continue;
            };
            let service = service.clone();
            connections.spawn(async move {
                // What ends a connection is the client's affair; there is nobody to tell.
                let _ = serve(stream, service).await;
            });
        }
    })
}

async fn serve(stream: TcpStream, service: Service) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let local = stream.local_addr()?;
    match service.tls.clone() {
        None => serve_over(stream, local, (false, false), service).await,
        Some(config) => {
            let handshake = TlsAcceptor::from(config).accept(stream);
            let stream = tokio::time::timeout(PATIENCE, handshake).await??;
            let certified = stream.get_ref().1.peer_certificates().is_some();
            serve_over(stream, local, (true, certified), service).await
        }
    }
}

async fn serve_over<S>(
    stream: S,
    local: SocketAddr,
    (secure, certified): (bool, bool),
    service: Service,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    static NUMBERS: AtomicU64 = AtomicU64::new(1);
    let wish = Wish::default();
    let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
    let heard = Heard::new(service.hears);
    let connection = Connection {
        number,
        secure,
        certified,
        local,
        wish: wish.clone(),
        heard: heard.clone(),
    };
    let router = service.router.layer(axum::Extension(connection));
    let io = TokioIo::new(Mangle::new(stream, service.rewrites, wish, heard));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .title_case_headers(service.title_case)
        .max_headers(256)
        .serve_connection(io, TowerToHyperService::new(router))
        .await
        .map_err(io::Error::other)
}
