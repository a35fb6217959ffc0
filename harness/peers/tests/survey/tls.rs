//! The peer over TLS: whom its certificate names, and whom it asks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

use assay_peers::Running;
use rustls::client::ResolvesClientCert;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, RootCertStore, SignatureScheme};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;

use crate::device::{Cred, Device, alert, dev_info};
use crate::script::tell;
use crate::{peer, runtime};

/// Notes that it was asked for a certificate, and shows the one that it has.
#[derive(Debug, Default)]
struct Asked {
    was: AtomicBool,
    own: Option<Arc<CertifiedKey>>,
}

impl ResolvesClientCert for Asked {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.was.store(true, Ordering::Relaxed);
        self.own.clone()
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// What the peer answers to a request over TLS, by a client that knows it as `host`.
async fn call(
    peer: &Running,
    host: &str,
    asked: &Arc<Asked>,
    request: &str,
) -> std::io::Result<String> {
    static RING: Once = Once::new();
    RING.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(peer.ca_pem.as_bytes()).expect("a root");
    roots.add(root).expect("a root");
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_client_cert_resolver(asked.clone());
    let address = peer.dm_secure.split('/').nth(2).expect("a host").to_owned();
    let stream = tokio::net::TcpStream::connect(address).await?;
    let name = ServerName::try_from(host.to_owned()).expect("a name");
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await?;
    stream.write_all(request.as_bytes()).await?;
    let mut octets = Vec::new();
    stream.read_to_end(&mut octets).await?;
    Ok(String::from_utf8_lossy(&octets).into_owned())
}

/// The status line of a GET over TLS, and whether a client certificate was asked for.
async fn get(peer: &Running, host: &str) -> std::io::Result<(String, bool)> {
    let asked = Arc::new(Asked::default());
    let request = "GET /dm HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let text = call(peer, host, &asked, request).await?;
    let line = text.lines().next().unwrap_or_default().to_owned();
    Ok((line, asked.was.load(Ordering::Relaxed)))
}

/// What a client of Windows that shows a certificate gets for its package 1: two alerts, while a command
/// is queued for it.
fn of_windows(faults: &[&str]) -> String {
    let runtime = runtime();
    let peer = peer(&runtime, faults, &[]);
    let order = r#"{"device":"assay-windows","kind":"Get","target":"./DevInfo/Man"}"#;
    tell(&peer.admin, "/admin/queue", order);
    let mut device = Device::new(&peer.dm, "assay-windows");
    let mut draft = device.open().draft(&Cred::None);
    draft.alert(1201);
    let (event, end) = (
        "com.microsoft/MDM/LoginStatus",
        "com.microsoft:mdm.unenrollment.userrequest",
    );
    alert(&mut draft, 1224, &[(event, "user")]);
    alert(&mut draft, 1226, &[(end, "1")]);
    dev_info(&mut draft, "assay-windows");
    draft.fin();
    let body = String::from_utf8(device.octets(&draft)).expect("XML");
    let head = format!(
        "POST /dm HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {}\r\nContent-Length: {}",
        device.media(),
        body.len()
    );
    let pem = peer.client_pem.as_bytes();
    let own = CertifiedKey::from_der(
        vec![CertificateDer::from_pem_slice(pem).expect("a certificate")],
        PrivateKeyDer::from_pem_slice(pem).expect("a key"),
        &rustls::crypto::ring::default_provider(),
    );
    let asked = Arc::new(Asked {
        own: Some(Arc::new(own.expect("a pair"))),
        ..Asked::default()
    });
    let request = format!("{head}\r\n\r\n{body}");
    let answer = runtime.block_on(call(&peer, "127.0.0.1", &asked, &request));
    let answer = answer.expect("an answer");
    let (_, document) = answer.split_once("\r\n\r\n").expect("a body");
    // The name of the session is that of its port.
    document.replace(&peer.dm_secure, "[url]")
}

/// The code of the Status for each command, in order.
fn codes(document: &str) -> Vec<&str> {
    let statuses = document.split("<Status>").skip(1);
    let codes = statuses.filter_map(|status| status.split("<Data>").nth(1)?.split('<').next());
    codes.collect()
}

#[test]
fn a_certificate_is_enough_and_what_windows_says_is_answered() {
    let usual = of_windows(&[]);
    assert_eq!(
        codes(&usual),
        ["200", "200", "200", "200", "200"],
        "{usual}"
    );
    assert!(
        usual.contains("<Get>") && !usual.contains("<Sequence>"),
        "{usual}"
    );
    let bent = of_windows(&["certificate-not-enough"]);
    assert_eq!(codes(&bent)[0], "407", "{bent}");
    let bent = of_windows(&["sequence-to-windows"]);
    assert!(bent.contains("<Sequence>"), "{bent}");
    let bent = of_windows(&["login-status-unanswered"]);
    assert_eq!(codes(&bent).len(), 4, "{bent}");
    let bent = of_windows(&["unenrollment-unknown"]);
    assert_eq!(codes(&bent), ["200", "200", "200", "415", "200"], "{bent}");
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
    let firm = self::peer(&runtime, &[], &["client-certificate-required"]);
    let error = runtime
        .block_on(get(&firm, "127.0.0.1"))
        .expect_err("no certificate");
    assert!(error.to_string().contains("CertificateRequired"), "{error}");
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
