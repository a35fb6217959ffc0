//! What an exchange does when the target behaves: connections, patience, masks; over TLS in [`tls`].

#[path = "../support/mod.rs"]
mod support;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use assay_drive::{Outcome, Outgoing, Tag, Target};
use assay_suites::step::Framing;
use assay_wire::Span;
use assay_wire::recording::{Direction, Event, Recording};
use support::{hold, names, plain, post, recorder, request, serve, tag, target};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

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
