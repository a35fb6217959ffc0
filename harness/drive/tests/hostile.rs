//! Targets that misbehave: each exchange ends as it should, and promptly.

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use assay_drive::Outcome;
use assay_wire::recording::{Breakage, Event};
use rstest::rstest;
use support::{hold, names, plain, post, request, serve, target};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

/// Longer than anything that ends by itself takes, however slow the machine.
const AMPLE: Duration = Duration::from_secs(5);

/// A deadline that is waited for.
const SHORT: Duration = Duration::from_millis(80);

/// What the server does with the connection after its answer.
#[derive(Clone, Copy)]
enum Then {
    Closes,
    Holds,
}

async fn answering(answer: Vec<u8>, then: Then) -> SocketAddr {
    serve(move |_, mut stream| {
        let answer = answer.clone();
        async move {
            if request(&mut stream).await.is_none() {
                return;
            }
            let _ = stream.write_all(&answer).await;
            if matches!(then, Then::Holds) {
                hold(stream).await;
            }
        }
    })
    .await
}

/// Serves one connection, and nobody listens any more once it is there.
async fn serve_and_die<F, Done>(handler: F) -> SocketAddr
where
    F: FnOnce(TcpStream) -> Done + Send + 'static,
    Done: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        drop(listener);
        handler(stream).await;
    });
    address
}

#[rstest]
#[case::html_with_200(
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>", b"<html>", 200, &[]
)]
#[case::empty_body(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"", 200, &[])]
#[case::two_lengths(
    b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 2\r\n\r\nhi", b"hi", 200, &["http.two-lengths"]
)]
#[case::no_length_at_all(
    b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhi", b"hi", 200, &["http.bad-length"]
)]
#[case::more_than_its_length(
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi there", b"hi", 200, &["http.extra-bytes"]
)]
#[case::redirect(
    b"HTTP/1.1 302 Found\r\nLocation: /dm\r\nContent-Length: 0\r\n\r\n", b"", 302, &[]
)]
#[tokio::test]
async fn an_odd_answer_is_an_answer_with_notes(
    #[case] answer: &[u8],
    #[case] body: &[u8],
    #[case] status: u16,
    #[case] notes: &[&str],
) {
    let address = answering(answer.to_vec(), Then::Holds).await;
    let start = Instant::now();
    let (outcome, recording) = post(&plain(address, AMPLE), b"hello").await;
    let Outcome::Answer(response) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(start.elapsed() < AMPLE);
    assert_eq!((response.status, &*response.body.octets), (status, body));
    let kinds: Vec<_> = response.notes.iter().map(|note| note.kind).collect();
    assert_eq!(kinds, notes);
    assert_eq!(names(&recording), ["open", "sent", "received"]);
    assert_eq!(recording.links[0].r#in, answer);
}

#[rstest]
#[case::nothing(b"", Then::Closes, Breakage::Closed)]
#[case::dies_in_the_head(b"HTTP/1.1 200 OK\r\nContent-", Then::Closes, Breakage::Closed)]
#[case::dies_in_the_body(
    b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi",
    Then::Closes,
    Breakage::Closed
)]
#[case::dies_in_a_chunk(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhi",
    Then::Closes,
    Breakage::Closed
)]
#[case::garbage(b"\x00\x01\x02 hello", Then::Holds, Breakage::Garbled)]
#[case::another_protocol(b"220 mail.example ESMTP\r\n", Then::Holds, Breakage::Garbled)]
#[case::bad_chunk(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nten\r\nhello",
    Then::Holds,
    Breakage::Garbled
)]
#[case::chunk_longer_than_its_size(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
    Then::Holds,
    Breakage::Garbled
)]
#[case::announces_too_much(
    b"HTTP/1.1 200 OK\r\nContent-Length: 10001\r\n\r\nhi",
    Then::Holds,
    Breakage::TooLong
)]
#[tokio::test]
async fn a_broken_answer_breaks_and_says_how(
    #[case] answer: &[u8],
    #[case] then: Then,
    #[case] breakage: Breakage,
) {
    let address = answering(answer.to_vec(), then).await;
    let start = Instant::now();
    let (outcome, recording) = post(&plain(address, AMPLE), b"hello").await;
    assert!(start.elapsed() < AMPLE);
    assert!(
        matches!(outcome, Outcome::Broke(how, _) if how == breakage),
        "{outcome:?}"
    );
    let expected: &[&str] = match answer {
        [] => &["open", "sent", "broke"],
        _ => &["open", "sent", "received", "broke"],
    };
    assert_eq!(names(&recording), expected);
    assert_eq!(recording.links[0].r#in, answer);
}

#[rstest]
#[case::body(b"HTTP/1.1 200 OK\r\n\r\n", b"0123456789".repeat(100))]
#[case::chunks(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"3\r\nabc\r\n".repeat(100))]
#[case::tiny_chunks_with_extensions(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1;aaaaaaaaaaaaaaaaaaaaaaaa\r\na\r\n".repeat(100)
)]
#[case::trailer(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"a: b\r\n".repeat(100)
)]
#[case::field(b"HTTP/1.1 200 OK\r\nX: ", b"0123456789".repeat(100))]
#[case::fields(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n".repeat(100))]
#[case::interim_answers(b"", b"HTTP/1.1 102 Processing\r\n\r\n".repeat(100))]
#[tokio::test]
async fn what_has_no_end_is_cut_off(#[case] start: &'static [u8], #[case] more: Vec<u8>) {
    let address = serve(move |_, mut stream| {
        let more = more.clone();
        async move {
            let _ = request(&mut stream).await;
            let mut going = stream.write_all(start).await;
            while going.is_ok() {
                going = stream.write_all(&more).await;
            }
        }
    })
    .await;
    let started = Instant::now();
    let (outcome, recording) = post(&plain(address, AMPLE), b"hello").await;
    assert!(started.elapsed() < AMPLE);
    let trailer = start.ends_with(b"0\r\n");
    match outcome {
        Outcome::Broke(Breakage::TooLong, _) => {}
        // A trailer has a limit of its own, and is no body.
        Outcome::Broke(Breakage::Garbled, _) if trailer => {}
        other => panic!("{other:?}"),
    }
    assert!(recording.links[0].r#in.len() < 200_000);
}

#[rstest]
#[case::silence(b"")]
#[case::part_of_a_head(b"HTTP/1.1 200 OK\r\n")]
#[case::part_of_a_body(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi")]
#[case::no_last_chunk(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n")]
#[case::no_close(b"HTTP/1.1 200 OK\r\n\r\nhi")]
#[tokio::test]
async fn who_stops_in_the_middle_runs_into_the_deadline(#[case] answer: &[u8]) {
    let address = answering(answer.to_vec(), Then::Holds).await;
    let (outcome, recording) = post(&plain(address, SHORT), b"hello").await;
    assert!(
        matches!(outcome, Outcome::Broke(Breakage::Timeout, _)),
        "{outcome:?}"
    );
    assert!(!names(&recording).contains(&"died"));
    assert_eq!(recording.links[0].r#in, answer);
}

#[tokio::test]
async fn a_body_that_drips_runs_into_the_deadline() {
    let address = serve(async |_, mut stream: TcpStream| {
        let _ = request(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n";
        let mut going = stream.write_all(head).await;
        while going.is_ok() {
            sleep(Duration::from_millis(1)).await;
            going = stream.write_all(b"x").await;
        }
    })
    .await;
    let (outcome, _) = post(&plain(address, SHORT), b"hello").await;
    let Outcome::Broke(Breakage::Timeout, why) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        why.starts_with("no whole answer within 80 ms, only "),
        "{why}"
    );
}

#[tokio::test]
async fn nobody_at_the_port_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let (outcome, recording) = post(&plain(address, AMPLE), b"hello").await;
    let Outcome::Refused(why) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        why.starts_with(&format!("cannot connect to {address}: ")),
        "{why}"
    );
    assert_eq!(names(&recording), ["refused"]);
}

#[tokio::test]
async fn who_breaks_and_listens_no_more_has_died() {
    let address = serve_and_die(async |mut stream: TcpStream| {
        let _ = request(&mut stream).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi")
            .await;
    })
    .await;
    let (outcome, recording) = post(&plain(address, AMPLE), b"hello").await;
    assert!(
        matches!(outcome, Outcome::Broke(Breakage::Closed, _)),
        "{outcome:?}"
    );
    assert_eq!(
        names(&recording),
        ["open", "sent", "received", "broke", "died"]
    );
    let last = recording.events.last().map(|(_, event)| event);
    assert_eq!(last, Some(&Event::Died { step: 3 }));
}

#[tokio::test]
async fn a_connection_that_the_system_takes_for_a_dying_target_is_no_life_in_it() {
    let address = serve(async |connection, mut stream: TcpStream| {
        if connection == 0 {
            let _ = request(&mut stream).await;
        }
    })
    .await;
    let (_, recording) = post(&plain(address, AMPLE), b"hello").await;
    assert_eq!(names(&recording), ["open", "sent", "broke", "died"]);
}

#[tokio::test]
async fn who_breaks_and_keeps_the_next_connection_lives() {
    let address = serve(async |connection, mut stream: TcpStream| {
        if connection == 0 {
            let _ = request(&mut stream).await;
        } else {
            hold(stream).await;
        }
    })
    .await;
    let (_, recording) = post(&plain(address, AMPLE), b"hello").await;
    assert_eq!(names(&recording), ["open", "sent", "broke"]);
}

#[tokio::test]
async fn who_answers_and_listens_no_more_has_died_by_the_next_request() {
    let address = serve_and_die(async |mut stream: TcpStream| {
        let _ = request(&mut stream).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            .await;
    })
    .await;
    let target = plain(address, AMPLE);
    let mut recorder = support::recorder(&target);
    let out = assay_drive::Outgoing::post(target.url.clone(), Vec::new());
    let first = recorder.exchange(out.clone(), support::tag()).await;
    assert!(matches!(first, Outcome::Answer(_)), "{first:?}");
    let second = recorder.exchange(out, support::tag()).await;
    assert!(matches!(second, Outcome::Refused(_)), "{second:?}");
    assert_eq!(
        names(&recorder.finish()),
        ["open", "sent", "received", "refused", "died"]
    );
}

#[tokio::test]
async fn who_dies_of_a_request_over_a_kept_connection_has_its_octets_recorded() {
    let address = serve_and_die(async |mut stream: TcpStream| {
        let _ = request(&mut stream).await;
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        let _ = stream.write_all(answer).await;
        let _ = request(&mut stream).await;
    })
    .await;
    let target = plain(address, AMPLE);
    let mut recorder = support::recorder(&target);
    let out = assay_drive::Outgoing::post(target.url.clone(), Vec::new());
    recorder.exchange(out.clone(), support::tag()).await;
    let second = recorder.exchange(out, support::tag()).await;
    assert!(matches!(second, Outcome::Refused(_)), "{second:?}");
    assert_eq!(
        names(&recorder.finish()),
        [
            "open", "sent", "received", "sent", "broke", "refused", "died"
        ]
    );
}

#[tokio::test]
async fn a_redirect_loop_is_one_request() {
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    let address = serve(move |_, mut stream| {
        let count = Arc::clone(&count);
        async move {
            while request(&mut stream).await.is_some() {
                count.fetch_add(1, Ordering::SeqCst);
                let answer = b"HTTP/1.1 307 Again\r\nLocation: /dm\r\nContent-Length: 0\r\n\r\n";
                let _ = stream.write_all(answer).await;
            }
        }
    })
    .await;
    let (outcome, _) = post(&plain(address, AMPLE), b"hello").await;
    assert!(matches!(outcome, Outcome::Answer(response) if response.status == 307));
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_answer_before_the_end_of_a_large_request_is_taken() {
    let address = serve(async |_, mut stream: TcpStream| {
        let answer = b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        let _ = stream.write_all(answer).await;
        // Nothing more is read: the request cannot come to its end.
        sleep(AMPLE * 2).await;
    })
    .await;
    let body = vec![b'x'; 32 << 20];
    let (outcome, recording) = timeout(AMPLE * 2, post(&plain(address, AMPLE), &body))
        .await
        .unwrap();
    assert!(matches!(outcome, Outcome::Answer(response) if response.status == 413));
    assert!(recording.links[0].out.len() < body.len());
    assert_eq!(names(&recording), ["open", "sent", "received"]);
}

#[tokio::test]
async fn a_plain_server_where_tls_is_expected_is_refused() {
    let address = serve(async |_, mut stream: TcpStream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        hold(stream).await;
    })
    .await;
    let (outcome, recording) = post(&target(&format!("https://{address}/dm")), b"hello").await;
    assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    assert_eq!(names(&recording), ["open", "refused"]);
    let facts = recording.links[0].tls.as_ref().unwrap();
    assert!(!facts.certificate_valid);
    assert!(
        facts
            .certificate_fault
            .as_ref()
            .unwrap()
            .starts_with("no certificate came: ")
    );
}
