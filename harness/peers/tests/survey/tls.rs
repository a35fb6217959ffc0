//! The peer over TLS: whom its certificate names, and whom it asks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

use assay_peers::Running;
use rustls::client::ResolvesClientCert;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, RootCertStore, SignatureScheme};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;

use crate::{peer, runtime};

/// Notes that it was asked for a certificate, and has none.
#[derive(Debug, Default)]
struct Asked(AtomicBool);

impl ResolvesClientCert for Asked {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// The status line of a GET over TLS, and whether a client certificate was asked for.
async fn get(peer: &Running, host: &str) -> std::io::Result<(String, bool)> {
    static RING: Once = Once::new();
    RING.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(peer.ca_pem.as_bytes()).expect("a root");
    roots.add(root).expect("a root");
    let asked = Arc::new(Asked::default());
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_client_cert_resolver(asked.clone());
    let address = peer.dm_secure.split('/').nth(2).expect("a host").to_owned();
    let stream = tokio::net::TcpStream::connect(address).await?;
    let name = ServerName::try_from(host.to_owned()).expect("a name");
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await?;
    stream
        .write_all(b"GET /dm HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await?;
    let mut octets = Vec::new();
    stream.read_to_end(&mut octets).await?;
    let text = String::from_utf8_lossy(&octets);
    let line = text.lines().next().unwrap_or_default().to_owned();
    Ok((line, asked.0.load(Ordering::Relaxed)))
}

#[test]
fn a_peer_is_who_it_says_and_asks_for_a_certificate_without_insisting() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    for host in ["127.0.0.1", "localhost"] {
        let (line, asked) = runtime.block_on(get(&peer, host)).expect("an answer");
        assert_eq!(line, "HTTP/1.1 405 Method Not Allowed");
        assert!(asked);
    }
}

#[test]
fn the_faults_of_tls_show_in_the_handshake() {
    let runtime = runtime();
    for name in [
        "certificate-for-other-host",
        "certificate-misnamed",
        "certificate-expired",
    ] {
        let peer = peer(&runtime, &[name], &[]);
        let error = runtime.block_on(get(&peer, "127.0.0.1")).expect_err(name);
        assert!(error.to_string().contains("certificate"), "{name}: {error}");
    }
    let peer = peer(&runtime, &["client-certificate-not-asked"], &[]);
    let (_, asked) = runtime
        .block_on(get(&peer, "127.0.0.1"))
        .expect("an answer");
    assert!(!asked);
}

#[test]
fn a_peer_stops_when_it_is_dropped() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    let address = peer.dm.split('/').nth(2).expect("a host").to_owned();
    drop(peer);
    runtime.block_on(async {
        // The tasks end at their next turn; until then the port may still take connections.
        for _ in 0..1000 {
            if tokio::net::TcpStream::connect(&address).await.is_err() {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("the peer still listens");
    });
}
