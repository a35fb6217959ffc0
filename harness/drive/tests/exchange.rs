//! What an exchange does when the target behaves: connections, patience, masks, TLS.

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use assay_drive::tls::Tls;
use assay_drive::{Outcome, Outgoing, Tag, Target};
use assay_suites::step::Framing;
use assay_wire::Span;
use assay_wire::recording::{Direction, Event, Recording};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rstest::rstest;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{ALL_VERSIONS, RootCertStore, ServerConfig, SupportedProtocolVersion};
use support::{hold, names, plain, post, recorder, request, serve, tag, target};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

const AMPLE: Duration = Duration::from_secs(5);
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Answers every request of every connection with the body `CONNECTION REQUEST`.
async fn counting() -> SocketAddr {
    serve(async |connection, mut stream: TcpStream| {
        let mut number = 0;
        while request(&mut stream).await.is_some() {
            let answer =
                format!("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{connection} {number}");
            stream.write_all(answer.as_bytes()).await.unwrap();
            number += 1;
        }
    })
    .await
}

fn body(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Answer(response) => std::str::from_utf8(&response.body.octets).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn out(target: &Target) -> Outgoing {
    Outgoing::post(target.url.clone(), b"hello".to_vec())
}

#[tokio::test]
async fn every_octet_is_recorded_with_its_event() {
    let address = counting().await;
    let target = plain(address, AMPLE);
    let (outcome, recording) = post(&target, b"hello").await;
    assert_eq!(body(&outcome), "0 0");
    let link = &recording.links[0];
    assert_eq!(
        String::from_utf8_lossy(&link.out),
        format!("POST /dm HTTP/1.1\r\nHost: {address}\r\nContent-Length: 5\r\n\r\nhello")
    );
    assert_eq!(
        link.r#in,
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n0 0"
    );
    assert_eq!(names(&recording), ["open", "sent", "received"]);
    let (
        _,
        Event::Sent {
            span,
            step,
            device,
            session,
            lawful,
            ..
        },
    ) = &recording.events[1]
    else {
        panic!("{:?}", recording.events);
    };
    assert_eq!(span.of(&link.out), link.out);
    assert_eq!(
        (*step, device.as_str(), *session, *lawful),
        (3, "a", 1, true)
    );
}

#[tokio::test]
async fn a_connection_is_kept_per_device_and_left_where_asked() {
    let address = counting().await;
    let target = plain(address, AMPLE);
    let mut recorder = recorder(&target);
    let other = Tag {
        device: "b".to_owned(),
        ..tag()
    };
    assert_eq!(body(&recorder.exchange(out(&target), tag()).await), "0 0");
    assert_eq!(body(&recorder.exchange(out(&target), tag()).await), "0 1");
    assert_eq!(body(&recorder.exchange(out(&target), other).await), "1 0");
    let fresh = Outgoing {
        new_connection: true,
        ..out(&target)
    };
    assert_eq!(body(&recorder.exchange(fresh, tag()).await), "2 0");
    assert_eq!(body(&recorder.exchange(out(&target), tag()).await), "2 1");
    let mut closing = out(&target);
    closing
        .fields
        .push(("Connection".to_owned(), "close".to_owned()));
    assert_eq!(body(&recorder.exchange(closing, tag()).await), "2 2");
    assert_eq!(body(&recorder.exchange(out(&target), tag()).await), "3 0");
    let old = Outgoing {
        version: 0,
        ..out(&target)
    };
    assert_eq!(body(&recorder.exchange(old, tag()).await), "3 1");
    assert_eq!(body(&recorder.exchange(out(&target), tag()).await), "4 0");
    assert_eq!(recorder.finish().links.len(), 5);
}

#[tokio::test]
async fn a_connection_closed_while_it_waited_is_replaced_without_a_trace() {
    let address = serve(async |_, mut stream: TcpStream| {
        let _ = request(&mut stream).await;
        let _ = stream.write_all(OK).await;
        // Closed here, although nothing said so.
    })
    .await;
    let target = plain(address, AMPLE);
    let mut recorder = recorder(&target);
    for _ in 0..3 {
        assert_eq!(body(&recorder.exchange(out(&target), tag()).await), "ok");
    }
    let recording = recorder.finish();
    assert_eq!(names(&recording), ["open", "sent", "received"].repeat(3));
}

#[tokio::test]
async fn octets_that_come_too_late_belong_to_the_answer_before() {
    let (ask, written) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (asked, wrote) = (Arc::clone(&ask), Arc::clone(&written));
    let address = serve(move |connection, mut stream| {
        let (asked, wrote) = (Arc::clone(&asked), Arc::clone(&wrote));
        async move {
            let _ = request(&mut stream).await;
            let _ = stream.write_all(OK).await;
            if connection == 0 {
                asked.notified().await;
                let _ = stream.write_all(b"late").await;
                wrote.notify_one();
            }
            hold(stream).await;
        }
    })
    .await;
    let target = plain(address, AMPLE);
    let mut recorder = recorder(&target);
    assert_eq!(body(&recorder.exchange(out(&target), tag()).await), "ok");
    ask.notify_one();
    written.notified().await;
    assert_eq!(body(&recorder.exchange(out(&target), tag()).await), "ok");
    let recording = recorder.finish();
    let received = received(&recording);
    assert!(recording.links[0].r#in.ends_with(b"oklate"));
    assert_eq!(received[0].end(), recording.links[0].r#in.len());
}

fn received(recording: &Recording) -> Vec<Span> {
    recording
        .events
        .iter()
        .filter_map(|(_, event)| match event {
            Event::Received { span, .. } => Some(*span),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn a_body_waits_for_the_continue_and_not_for_ever() {
    let address = serve(async |connection, mut stream: TcpStream| {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let answer: &[u8] = match connection {
            0 => b"HTTP/1.1 100 Continue\r\n\r\n",
            1 => b"HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n",
            _ => b"",
        };
        stream.write_all(answer).await.unwrap();
        if connection != 1 {
            let mut body = [0; 5];
            stream.read_exact(&mut body).await.unwrap();
            assert_eq!(&body, b"hello");
            stream.write_all(OK).await.unwrap();
        }
        hold(stream).await;
    })
    .await;
    let target = plain(address, Duration::from_millis(400));
    let mut recorder = recorder(&target);
    let asking = Outgoing {
        framing: Framing::ExpectContinue,
        new_connection: true,
        ..out(&target)
    };
    let Outcome::Answer(first) = recorder.exchange(asking.clone(), tag()).await else {
        panic!("no answer");
    };
    assert_eq!((first.status, first.notes[0].kind), (200, "http.interim"));
    let Outcome::Answer(second) = recorder.exchange(asking.clone(), tag()).await else {
        panic!("no answer");
    };
    assert_eq!(second.status, 417);
    assert!(matches!(
        recorder.exchange(asking, tag()).await,
        Outcome::Answer(_)
    ));
    let recording = recorder.finish();
    assert!(recording.links[0].out.ends_with(b"\r\n\r\nhello"));
    assert!(recording.links[1].out.ends_with(b"\r\n\r\n"));
    assert!(recording.links[2].out.ends_with(b"\r\n\r\nhello"));
}

#[tokio::test]
async fn patience_is_given_once_and_within_the_deadline() {
    let address = serve(async |_, mut stream: TcpStream| {
        while let Some(request) = request(&mut stream).await {
            let after = if request.target == "/soon" {
                "0"
            } else {
                "3600"
            };
            let answer =
                format!("HTTP/1.1 429 Slowly\r\nRetry-After: {after}\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    })
    .await;
    let (_, recording) = post(&target(&format!("http://{address}/soon")), b"hello").await;
    assert_eq!(
        names(&recording),
        [
            "open",
            "sent",
            "received",
            "throttled",
            "sent",
            "received",
            "throttled",
            "stuck"
        ]
    );
    let (outcome, recording) = post(&target(&format!("http://{address}/late")), b"hello").await;
    let Outcome::Refused(why) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(
        why,
        "the target takes no more requests for now (HTTP 429, Retry-After: 3600)"
    );
    assert_eq!(
        names(&recording),
        ["open", "sent", "received", "throttled", "stuck"]
    );
}

#[tokio::test]
async fn secrets_are_on_the_wire_and_not_in_the_recording() {
    let address = serve(async |_, mut stream: TcpStream| {
        let request = request(&mut stream).await.unwrap();
        // Gives everything back that it heard.
        let heard = format!(
            "{}{}",
            request.field("authorization").unwrap().value,
            String::from_utf8_lossy(&request.body.octets)
        );
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{heard}",
            heard.len()
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
    })
    .await;
    let target = plain(address, AMPLE);
    let mut recorder = recorder(&target);
    let mut out = out(&target);
    out.fields
        .push(("Authorization".to_owned(), "Bearer canary-token".to_owned()));
    out.body = b"<Data>canary-password</Data>".to_vec();
    out.secrets = vec![b"canary-password".to_vec()];
    let outcome = recorder.exchange(out, tag()).await;
    assert_eq!(
        body(&outcome),
        "Bearer canary-token<Data>canary-password</Data>"
    );
    let recording = recorder.finish();
    for octets in [&recording.links[0].out, &recording.links[0].r#in] {
        let text = String::from_utf8_lossy(octets);
        assert!(!text.contains("canary"), "{text}");
        assert!(text.contains("<Data>***************</Data>"), "{text}");
    }
}

#[tokio::test]
async fn proofs_find_their_place_in_the_raw_octets() {
    let address = serve(async |_, mut stream: TcpStream| {
        let _ = request(&mut stream).await;
        let answer =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n";
        stream.write_all(answer).await.unwrap();
    })
    .await;
    let target = plain(address, AMPLE);
    let mut recorder = recorder(&target);
    let chunked = Outgoing {
        framing: Framing::Chunked,
        ..out(&target)
    };
    recorder.exchange(chunked, tag()).await;
    let sent = recorder.sent_body(Span::new(2, 4)).unwrap();
    let received = recorder.received_body(Span::new(2, 4)).unwrap();
    assert_eq!(
        (sent.direction, received.direction),
        (Direction::Out, Direction::In)
    );
    recorder.proof(sent, "md5-cred", "a", "octets", true);
    let recording = recorder.finish();
    assert_eq!(recording.octets(sent), b"ll");
    assert_eq!(recording.octets(received), b"cd");
    assert!(
        matches!(recording.events.last(), Some((_, Event::Proof(proof))) if proof.place == sent)
    );
    assert_eq!(Recording::read(&recording.write()), Ok(recording));
}

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
