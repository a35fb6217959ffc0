//! Exchanges over TLS: whom to trust, what is shown, and what a handshake that ends early says.

use std::net::SocketAddr;
use std::sync::Arc;

use assay_drive::tls::Tls;
use assay_drive::{Outcome, Outgoing, Target};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rstest::rstest;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{ALL_VERSIONS, RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;

use crate::support::{names, post, recorder, request, serve, tag, target};
use crate::{OK, body, out};

/// A TLS server that presents a certificate of its own root, and asks for one if told so.
struct Secure {
    address: SocketAddr,
    root: String,
    /// Certificate and key of a client that the same root vouches for.
    client: String,
}

/// How a server asks for the certificate of a client.
#[derive(Clone, Copy, PartialEq)]
enum Asks {
    Never,
    Politely,
    /// Whoever shows none gets no farther than the handshake, of this version.
    Firmly(&'static SupportedProtocolVersion),
}

async fn secure(asks: Asks, name: &str) -> Secure {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let cert = CertificateParams::new(vec![name.to_owned()])
        .unwrap()
        .signed_by(&key, &root)
        .unwrap();
    let client_key = KeyPair::generate().unwrap();
    let client_cert = CertificateParams::new(vec!["client".to_owned()])
        .unwrap()
        .signed_by(&client_key, &root)
        .unwrap();
    let provider = Arc::new(ring::default_provider());
    let versions = match asks {
        Asks::Firmly(version) => &[version][..],
        _ => ALL_VERSIONS,
    };
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(root.der().clone()).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    let builder = match asks {
        Asks::Never => builder.with_no_client_auth(),
        Asks::Politely => {
            let verifier = verifier.allow_unauthenticated().build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
        Asks::Firmly(_) => builder.with_client_cert_verifier(verifier.build().unwrap()),
    };
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = builder
        .with_single_cert(vec![cert.der().clone()], private)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let address = serve(move |_, stream| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                while request(&mut stream).await.is_some() {
                    stream.write_all(OK).await.unwrap();
                }
            }
        }
    })
    .await;
    Secure {
        address,
        root: root.pem(),
        client: client_cert.pem() + &client_key.serialize_pem(),
    }
}

#[tokio::test]
async fn a_trusted_certificate_is_a_fact_and_so_is_the_question_for_one() {
    let server = secure(Asks::Politely, "127.0.0.1").await;
    let mut target = target(&format!("https://{}/dm", server.address));
    for client in [None, Some(server.client.as_bytes())] {
        target.tls = Tls::new(Some(server.root.as_bytes()), client, false).unwrap();
        let (outcome, recording) = post(&target, b"hello").await;
        assert_eq!(body(&outcome), "ok");
        let facts = recording.links[0].tls.as_ref().unwrap();
        assert_eq!(facts.version, "TLSv1_3");
        assert!(facts.suite.starts_with("TLS_AES_"), "{}", facts.suite);
        assert!(facts.certificate_valid, "{facts:?}");
        assert!(facts.asked_for_certificate);
        assert_eq!(facts.presented_certificate, client.is_some());
        assert!(recording.links[0].out.starts_with(b"POST /dm HTTP/1.1\r\n"));
    }
}

/// A target that presents the client certificate, and a request that does not want it.
fn anonymous(server: &Secure, client: Option<&[u8]>) -> (Target, Outgoing) {
    let mut target = target(&format!("https://{}/dm", server.address));
    target.tls = Tls::new(Some(server.root.as_bytes()), client, false).unwrap();
    let request = Outgoing {
        without_certificate: true,
        ..out(&target)
    };
    (target, request)
}

#[tokio::test]
async fn a_request_without_the_certificate_goes_over_a_connection_of_its_own() {
    let server = secure(Asks::Politely, "127.0.0.1").await;
    let (target, request) = anonymous(&server, Some(server.client.as_bytes()));
    let mut recorder = recorder(&target);
    for request in [out(&target), request.clone(), out(&target), request] {
        assert_eq!(body(&recorder.exchange(request, tag()).await), "ok");
    }
    let links = recorder.finish().links;
    let shown = links.iter().map(|link| link.tls.as_ref().unwrap());
    let shown: Vec<bool> = shown.map(|facts| facts.presented_certificate).collect();
    assert_eq!(shown, [true, false]);
}

#[rstest]
#[case::within_the_handshake(&TLS12)]
#[case::behind_it(&TLS13)]
#[tokio::test]
async fn to_end_the_handshake_is_an_answer_to_whoever_shows_no_certificate(
    #[case] version: &'static SupportedProtocolVersion,
) {
    let server = secure(Asks::Firmly(version), "127.0.0.1").await;
    let (target, request) = anonymous(&server, Some(server.client.as_bytes()));
    let mut recorder = recorder(&target);
    assert_eq!(body(&recorder.exchange(out(&target), tag()).await), "ok");
    let outcome = recorder.exchange(request, tag()).await;
    assert!(matches!(outcome, Outcome::Broke(..)), "{outcome:?}");
    assert!(!recorder.target_died());
    let recording = recorder.finish();
    assert_eq!(names(&recording)[3..], ["open", "sent", "broke"]);
}

#[tokio::test]
async fn a_handshake_that_the_harness_ends_is_no_answer() {
    let server = secure(Asks::Politely, "elsewhere.example").await;
    let (target, request) = anonymous(&server, None);
    let outcome = recorder(&target).exchange(request, tag()).await;
    assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
}

#[tokio::test]
async fn an_untrusted_certificate_is_refused_unless_told_otherwise() {
    let server = secure(Asks::Never, "127.0.0.1").await;
    let mut target = target(&format!("https://{}/dm", server.address));
    let (outcome, recording) = post(&target, b"hello").await;
    let Outcome::Refused(why) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(why.contains("UnknownIssuer"), "{why}");
    assert_eq!(names(&recording), ["open", "refused"]);
    let facts = recording.links[0].tls.clone().unwrap();
    assert!(
        !facts.certificate_valid && !facts.asked_for_certificate,
        "{facts:?}"
    );

    target.tls = Tls::new(None, None, true).unwrap();
    let (outcome, recording) = post(&target, b"hello").await;
    assert_eq!(body(&outcome), "ok");
    let facts = recording.links[0].tls.clone().unwrap();
    assert!(!facts.certificate_valid);
    assert!(facts.certificate_fault.unwrap().contains("UnknownIssuer"));
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let server = secure(Asks::Never, "elsewhere.example").await;
    let mut target = target(&format!("https://{}/dm", server.address));
    target.tls = Tls::new(Some(server.root.as_bytes()), None, false).unwrap();
    let (outcome, _) = post(&target, b"hello").await;
    assert!(
        matches!(&outcome, Outcome::Refused(why) if why.contains("not valid for name")),
        "{outcome:?}"
    );
}

#[test]
fn certificates_that_are_none_are_named() {
    let error = |roots: Option<&[u8]>, client: Option<&[u8]>| {
        Tls::new(roots, client, false).unwrap_err().to_string()
    };
    assert_eq!(
        error(Some(b"junk"), None),
        "the file of roots: no certificate in PEM"
    );
    assert_eq!(
        error(None, Some(b"junk")),
        "the file of the client certificate: no certificate in PEM"
    );
}
