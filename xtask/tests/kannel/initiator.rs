//! Pushes of Kannel's own push initiator, `test_ppg`, read by us.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;

use assay_wire::http::{self, Progress};
use assay_wire::pap::{self, Document};
use assay_wire::{Limits, media, xml};

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

#[test]
fn its_initiator_is_read_and_reads_our_answer() {
    let Some(initiator) = tool("test_ppg", "kannel-extras") else {
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/ppg", listener.local_addr().expect("a port"));
    let server = thread::spawn(move || one_request(&listener));
    let ran = Command::new(&initiator)
        .arg(url)
        .args([
            initiator.with_file_name("si.txt"),
            initiator.with_file_name("smstestppg.txt"),
        ])
        .stdin(Stdio::null())
        .output()
        .expect("test_ppg");
    let said = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(said.contains("1 succeeded, 0 failed"), "{said}");
    assert!(said.contains("and type push response"), "{said}");

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
