//! Pushes of Kannel's own push initiator, `test_ppg`, read by us.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use assay_wire::cp::si::{self, Indication};
use assay_wire::http::{self, Progress};
use assay_wire::pap::{self, Document};
use assay_wire::{Limits, media, wbxml, xml};

use crate::centre::Centre;
use crate::{PROMPT, tool};

/// Takes one request, and answers that it is accepted.
fn one_request(listener: &TcpListener) -> Vec<u8> {
    let (mut stream, _) = listener.accept().expect("a connection");
    stream.set_read_timeout(Some(PROMPT)).expect("a socket");
    let mut raw = Vec::new();
    let mut some = [0; 4096];
    while let Progress::More = http::request(&raw, &Limits::default()).expect("a request") {
        let read = stream.read(&mut some).expect("more of it");
        assert!(read > 0, "the request is whole");
        raw.extend_from_slice(&some[..read]);
    }
    let accepted = pap::OutcomeDraft {
        code: 1001,
        ..pap::OutcomeDraft::default()
    };
    let answer = pap::document(
        &pap::push_response("9fjeo39jf084@pi.com", None, &accepted),
        "1.0",
    );
    let head = format!(
        "HTTP/1.1 202 Accepted\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n\r\n",
        answer.len()
    );
    stream
        .write_all(&[head.as_bytes(), &answer].concat())
        .expect("it reads");
    raw
}

/// Has it push once, the indication and the control entity that come with it; it is content with
/// the answer.
fn pushes(initiator: &Path, url: &str) {
    let files = ["si.txt", "smstestppg.txt"].map(|name| initiator.with_file_name(name));
    let ran = Command::new(initiator)
        .arg(url)
        .args(files)
        .stdin(Stdio::null())
        .output()
        .expect("test_ppg");
    let said = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(said.contains("1 succeeded, 0 failed"), "{said}");
    assert!(said.contains("and type push response"), "{said}");
}

#[test]
fn its_initiator_is_read_and_reads_our_answer() {
    let Some(initiator) = tool("test_ppg", "kannel-extras") else {
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/ppg", listener.local_addr().expect("a port"));
    let server = thread::spawn(move || one_request(&listener));
    pushes(&initiator, &url);

    let raw = server.join().expect("the server");
    let limits = Limits::default();
    let Ok(Progress::Done(request)) = http::request(&raw, &limits) else {
        panic!("a request");
    };
    let kind = &request.field("content-type").expect("a content type").value;
    let parsed = media::parse(kind).expect("a media type");
    assert_eq!(parsed.essence, pap::MULTIPART_MEDIA);
    let body = &request.body.octets;
    let parts = pap::multipart(body, kind, &limits).expect("parts");
    let [entity, content] = &parts.parts[..] else {
        panic!("two parts");
    };
    let (tree, notes) = xml::read(entity.body.of(body), &limits).expect("a document");
    assert!(
        !notes.iter().any(|note| xml::is_fault(note.kind)),
        "{notes:?}"
    );
    let document = Document::of(&tree).expect("PAP");
    let message = document.message.as_ref().expect("a message");
    assert_eq!(message.push_id, Some("9fjeo39jf084@pi.com"));
    let faults = document.notes.iter().chain(&parts.notes);
    let faults: Vec<_> = faults.filter(|note| pap::is_fault(note.kind)).collect();
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(
        content.media().map(|it| it.essence).as_deref(),
        Some("text/vnd.wap.si")
    );
}

/// From the foreign initiator through the built-in gateway to the SMS centre.
#[test]
fn what_its_initiator_pushes_passes_through_the_built_in_gateway() {
    let Some(initiator) = tool("test_ppg", "kannel-extras") else {
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("a port").port();
    let centre = Centre::of(listener);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let switches = assay_peers::Switches::default();
    let anywhere = ([127, 0, 0, 1], 0).into();
    let running = runtime.block_on(assay_peers::start(switches, anywhere));
    let running = running.expect("the built-in gateway");
    let route = format!(
        "{{\"device\": \"assay-a\", \"address\": \"+358408201681\", \"gateway\": \"127.0.0.1:{port}\"}}"
    );
    tell(&format!("{}/route", running.ppg_admin), &route);
    pushes(&initiator, &running.ppg);

    let pushed = centre.push();
    assert_eq!(pushed.to, "358408201681");
    let kind = pushed.push.content_type.as_ref().expect("a content type");
    assert_eq!(kind.media, si::WBXML_MEDIA);
    let (tree, ..) = wbxml::read(pushed.body(), &Limits::default()).expect("a document");
    let read = Indication::of(&tree).expect("an indication");
    assert_eq!(read.text, "You have 4 new emails");
    assert_eq!(read.href, Some("http://www.gni.ch"));
}

/// Posts JSON to a hook.
fn tell(url: &str, body: &str) {
    let address = url.strip_prefix("http://").expect("a plain URL");
    let (host, path) = address.split_once('/').expect("a path");
    let mut stream = TcpStream::connect(host).expect("it listens");
    let request = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}
