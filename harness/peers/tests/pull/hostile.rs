//! Hostile input: whatever comes is refused, and the server goes on.

use crate::agent::{Agent, document};
use crate::{peer, runtime};

#[test]
fn bodies_that_are_no_documents_are_refused() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    let mut agent = Agent::new(&peer.pull, "hostile");
    let bomb = "<!DOCTYPE DevicePoll [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">\
                <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;\">]><DevicePoll>&c;&c;&c;</DevicePoll>";
    let outside = "<!DOCTYPE DevicePoll [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>\
                   <DevicePoll><Identification><ID>&f;</ID></Identification></DevicePoll>";
    let deep = "<DevicePoll>".repeat(100_000);
    let many = format!("<DevicePoll>{}</DevicePoll>", "<a/>".repeat(400_000));
    for (body, status) in [
        (Vec::new(), 400),
        (b"not XML".to_vec(), 400),
        (b"<DevicePoll".to_vec(), 400),
        (b"<DevicePoll></Poll>".to_vec(), 400),
        (b"<DevicePoll>&nothing;</DevicePoll>".to_vec(), 400),
        (b"<DevicePoll>\xff\xfe</DevicePoll>".to_vec(), 400),
        (b"<DevicePoll/><DevicePoll/>".to_vec(), 400),
        (bomb.into(), 400),
        (outside.into(), 400),
        (deep.into_bytes(), 400),
        (many.into_bytes(), 400),
        (vec![b' '; (2 << 20) + 1], 413),
    ] {
        let what = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let response = agent.post(&what, "Poll", &body).expect("an answer");
        assert_eq!(response.status, status, "{what}");
    }
    agent
        .with("X-Device-FullyQualifiedFilename", Some("\\big"))
        .with("X-Device-Auth", Some("anything"));
    let file = vec![0xA5; 1 << 20];
    let file = agent.report("a large file", "FileCollection", &file);
    assert_eq!(file.expect("an answer").status, 200);
    let alive = agent.poll("a usual poll").expect("an answer");
    assert_eq!(alive.status, 200, "refused messages leave no trace");
}

#[test]
fn ranges_that_are_none_are_refused() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    let mut agent = Agent::new(&peer.pull, "ranges");
    agent.hook(
        "publish",
        r#"{"device":"$me","id":"a","data":"0123456789"}"#,
    );
    let url = agent.location("location", "a").expect("a URL");
    for (range, status, body) in [
        ("bytes=2-4", 206, "234"),
        ("bytes=8-100", 206, "89"),
        ("bytes=-3", 206, "789"),
        ("bytes=10-", 416, ""),
        ("bytes=-0", 416, ""),
        ("bytes=4-2", 416, ""),
        ("bytes=99999999999999999999999-", 416, ""),
        ("bytes=", 416, ""),
        ("bytes", 416, ""),
        ("=-", 200, "0123456789"),
        ("bytes=0-0,2-2", 200, "0123456789"),
        ("pages=1-2", 200, "0123456789"),
    ] {
        let fields = [("Range", range)];
        let got = agent
            .download(range, "GET", &url, &fields)
            .expect("an answer");
        assert_eq!(got.status, status, "{range}");
        assert_eq!(got.body.octets, body.as_bytes(), "{range}");
    }
    let head = agent
        .download("head", "HEAD", &url, &[])
        .expect("an answer");
    let length = head.field("content-length").map(|field| &*field.value);
    assert_eq!(length, Some("10"));
    for path in [
        "/packages/",
        "/packages/../../x",
        "/packages/%00/%00",
        "/packages/a/b/c",
    ] {
        let got = agent.download(path, "GET", &format!("http://x{path}"), &[]);
        assert_eq!(got.expect("an answer").status, 404, "{path}");
    }
}

/// A generator of numbers, so that each run does the same (Marsaglia's xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap_or(0)
    }
}

#[test]
fn damaged_messages_never_fail_the_server() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    let mut numbers = Numbers(0x5EED);
    let mut agent = Agent::new(&peer.pull, "damage");
    let whole = document(&agent.draft().tree());
    for round in 0..600 {
        let mut octets = whole.clone();
        for _ in 0..=numbers.next(3) {
            let at = numbers.next(octets.len());
            match numbers.next(4) {
                0 => octets[at] = u8::try_from(numbers.next(256)).unwrap_or(0),
                1 => octets.truncate(at.max(1)),
                2 => drop(octets.remove(at)),
                _ => {
                    let again = octets[numbers.next(at)..at].to_vec();
                    drop(octets.splice(at..at, again));
                }
            }
            if octets.is_empty() {
                octets.push(b'<');
            }
        }
        let actions = ["Poll", "InstructionRequest", "LocationRequest", "Status"];
        let answer = agent.post("damaged", actions[round % 4], &octets);
        let answer = answer.expect("an answer");
        assert!(matches!(answer.status, 200 | 400), "{}", answer.status);
        agent.keep(Some(&answer));
    }
    assert_eq!(agent.poll("whole again").expect("an answer").status, 200);
}
