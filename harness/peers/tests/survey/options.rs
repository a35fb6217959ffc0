//! Options, hooks and hostile input: what stands beside the script.

use assay_wire::Encoding;
use assay_wire::dm::Version;

use crate::client::summary;
use crate::device::{Cred, Device};
use crate::http::{Http, Request};
use crate::{peer, runtime};

fn lines(device: &Device) -> Vec<&str> {
    device
        .http
        .notes
        .iter()
        .map(|note| note.short.as_str())
        .collect()
}

#[test]
fn without_a_scheme_everybody_gets_in_with_200() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &["auth=none"]);
    let mut device = Device::new(&peer.dm, "whoever");
    device.open();
    device.package_1("none", &Cred::None);
    assert_eq!(
        lines(&device),
        ["RespURI xml 1.2 msg 1 | SyncHdr[0]=200 Alert[1]=200 Replace[2]=200 Final"]
    );
}

#[test]
fn a_server_for_basic_challenges_for_basic_and_takes_nothing_else() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &["auth=basic", "account=assay-x:me:p:q"]);
    let mut device = Device::new(&peer.dm, "assay-x");
    device.open();
    device.package_1("nothing", &Cred::None);
    device.package_1("md5", &Cred::Md5);
    device.package_1("basic", &Cred::BasicText("me:p:q".to_owned()));
    let codes: Vec<&str> = lines(&device)
        .iter()
        .map(|line| {
            line.split_whitespace()
                .find(|word| word.starts_with("SyncHdr"))
                .unwrap_or("")
        })
        .map(|word| &word[word.len().min(11)..])
        .collect();
    assert_eq!(codes, ["407+chal", "401+chal", "212"]);
    assert!(device.http.notes[0].raw.contains("syncml:auth-basic"));
    assert!(!device.http.notes[0].raw.contains("NextNonce"));
}

fn hook(admin: &str, target: &str, body: &str) -> u16 {
    let mut http = Http::new(admin, summary);
    let request = Request {
        method: "POST",
        target: target.to_owned(),
        version: "HTTP/1.1",
        fields: Vec::new(),
        body: body.as_bytes(),
        chunked: false,
    };
    http.send("hook", &request).expect("an answer").status
}

#[test]
fn a_hook_says_what_it_cannot_do() {
    let runtime = runtime();
    let peer = peer(&runtime, &[], &[]);
    for (body, status) in [
        (
            r#"{"device":"assay-q","kind":"Get","target":"./A","data":"","format":"","type":""}"#,
            200,
        ),
        (
            r#"{"device":"assay-q","xml":"<Sequence><Get><Item/></Get></Sequence><Exec/>"}"#,
            200,
        ),
        (r#"{"device":"assay-q","xml":"<Get>"}"#, 400),
        (r#"{"device":"assay-q","xml":"<Status/>"}"#, 400),
        (
            r#"{"device":"assay-q","xml":"<Add><Item><Data><a/></Data></Item></Add>"}"#,
            400,
        ),
        (r#"{"device":"assay-q","kind":"Put"}"#, 400),
        (r#"{"device":"","kind":"Get"}"#, 400),
        (r#"{"kind":"#, 400),
    ] {
        assert_eq!(hook(&peer.admin, "/admin/queue", body), status, "{body}");
    }
    assert_eq!(
        hook(&peer.admin, "/admin/reset", r#"{"device":"assay-q"}"#),
        200
    );
    let mut device = Device::new(&peer.dm, "assay-q");
    device.get_in("after a reset nothing waits");
    assert!(device.seen.commands.is_empty());
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
    let mut device = Device::new(&peer.dm, "assay-damage");
    for encoding in [Encoding::Xml, Encoding::Wbxml] {
        (device.encoding, device.version) = (encoding, Version::V1_2);
        device.get_in("whole");
        device.open();
        device.package_1("whole", &Cred::Md5);
        let whole = device.last.clone();
        for _ in 0..400 {
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
            device.post_octets("damaged", &octets);
        }
        device.get_in("whole again");
        assert!(device.seen.header == 212, "{:?}", device.http.notes.last());
    }
    for note in &device.http.notes {
        let status = note.raw.split(' ').nth(1).unwrap_or("none");
        assert!(matches!(status, "200" | "400"), "{status}: {}", note.short);
    }
}
