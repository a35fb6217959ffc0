//! Whoever pushes may be anybody: garbage, half requests, floods and silence are taken in with
//! bounds, and end no run.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

use crate::script::{Asked, place, play, push_by_pap, tell};

const PUSH: &str = "- hook: {call: push-document}\n- await: {}\n";

async fn throw(at: &str, octets: &[u8]) {
    let mut stream = TcpStream::connect(at).await.expect("a listener");
    let _ = stream.write_all(octets).await;
    let _ = stream.shutdown().await;
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
}

#[tokio::test]
async fn garbage_is_kept_and_a_push_behind_it_is_taken() {
    let act = async |asked: Asked| {
        let (host, path) = place(asked.gateway());
        throw(host, b"\x00\xFF garbage\r\n\r\n").await;
        throw(
            host,
            format!("POST {path} HTTP/1.1\r\nContent-Length: 99\r\n\r\nhalf").as_bytes(),
        )
        .await;
        throw(host, b"").await;
        push_by_pap(&asked).await
    };
    let played = play(PUSH, act).run().await;
    assert_eq!(played.arrived().len(), 3);
    assert!(played.octets()[0].starts_with(b"\x00\xFF garbage"));
    assert!(played.octets()[1].ends_with(b"half"));
    assert_eq!(played.waited(), None);
}

#[tokio::test]
async fn what_is_no_pdu_ends_its_connection_and_nothing_else() {
    let act = async |asked: Asked| {
        throw(asked.gateway(), b"GET / HTTP/1.1\r\n\r\n").await;
        // A length, and a body that is none of a bind.
        let bad = [0, 0, 0, 18, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 7, 0xFF, 0xFF];
        let mut stream = TcpStream::connect(asked.gateway()).await.expect("a centre");
        stream.write_all(&bad).await.expect("open");
        let mut nack = [0; 16];
        stream.read_exact(&mut nack).await.expect("an answer");
        assert_eq!(nack, [0, 0, 0, 16, 0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 7]);
        throw(asked.gateway(), &[0, 0, 0, 200, 1]).await;
        String::new()
    };
    let steps = "- hook: {call: push-document}\n- await: {within-ms: 100}\n";
    let played = play(steps, act).carrier("smpp").run().await;
    assert_eq!(
        played.waited(),
        Some("1 push by smpp for a awaited, 0 came")
    );
    assert!(
        played
            .octets()
            .iter()
            .any(|octets| octets.starts_with(b"GET /"))
    );
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let act = async |asked: Asked| {
        let (host, path) = place(asked.gateway());
        let head = format!("POST {path} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        let mut stream = TcpStream::connect(host).await.expect("a listener");
        stream.write_all(head.as_bytes()).await.expect("open");
        let chunk = [b"10000\r\n".as_slice(), &vec![b'x'; 0x10000], b"\r\n"].concat();
        let mut sent = 0;
        while stream.write_all(&chunk).await.is_ok() && sent < 1_000 {
            sent += 1;
        }
        assert!(sent < 1_000, "it was cut off");
        String::new()
    };
    let steps = "- hook: {call: push-document}\n- await: {count: 0, within-ms: 50}\n";
    let played = play(steps, act).run().await;
    let arrived = played.arrived();
    assert_eq!(arrived.len(), 1);
    assert!(arrived[0].3 < 1 << 20, "{arrived:?}");
}

#[tokio::test]
async fn a_flood_is_taken_in_up_to_a_bound() {
    let act = async |asked: Asked| {
        let (host, path) = place(asked.gateway());
        let body = "x".repeat(480_000);
        let one = format!("POST {path} HTTP/1.1\r\nContent-Length: 480000\r\n\r\n{body}");
        for _ in 0..20 {
            tell(host, one.as_bytes()).await;
        }
        String::new()
    };
    let steps = "- hook: {call: push-document}\n- await: {count: 20}\n";
    let played = play(steps, act).run().await;
    assert_eq!(played.arrived().len(), 17);
    let stuck = played.stuck().expect("a reason");
    assert!(stuck.contains("more was sent"), "{stuck}");
}

#[tokio::test]
async fn silent_connections_keep_nobody_else_out_for_long() {
    let act = async |asked: Asked| {
        let (host, _) = place(asked.gateway());
        let mut open = Vec::new();
        for _ in 0..70 {
            open.push(TcpStream::connect(host).await.expect("a listener"));
        }
        // More than are kept: the last ones are closed at once.
        let mut last = open.pop().expect("a connection");
        let mut rest = [0; 1];
        assert!(!matches!(last.read(&mut rest).await, Ok(1)));
        drop(open);
        for _ in 0..100 {
            let answer = push_by_pap(&asked).await;
            if answer.starts_with("HTTP/1.1 202") {
                return answer;
            }
        }
        panic!("nobody is let in any more");
    };
    let played = play(PUSH, act).run().await;
    assert_eq!(played.waited(), None);
}

#[tokio::test]
async fn datagrams_of_any_octets_are_pushes() {
    let act = async |asked: Asked| {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        socket.send_to(b"", asked.gateway()).await.expect("sent");
        socket
            .send_to(&[0xFF; 2_000], asked.gateway())
            .await
            .expect("sent");
        String::new()
    };
    let steps = "- hook: {call: push-document}\n- await: {count: 2}\n";
    let played = play(steps, act).carrier("udp").run().await;
    let lengths: Vec<usize> = played.arrived().iter().map(|unit| unit.3).collect();
    assert_eq!(lengths, [0, 2_000]);
}

#[tokio::test]
async fn other_methods_are_answered_and_counted() {
    let act = async |asked: Asked| {
        let (host, path) = place(asked.gateway());
        let get = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n");
        tell(host, get.as_bytes()).await
    };
    let played = play(PUSH, act).run().await;
    assert!(played.answers()[0].starts_with("HTTP/1.1 405 "));
}
