//! Targets for the command line: servers that answer in one way only, and a relay in front of a good
//! one that dies or falls silent.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use assay_wire::Limits;
use assay_wire::http::{Progress, request};

/// The URL of a server that reads a request, does this with the connection, and closes it.
pub(crate) fn doing(what: impl Fn(&mut TcpStream) + Clone + Send + 'static) -> String {
    let (listener, url) = listen();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let what = what.clone();
            thread::spawn(move || {
                if read(&mut stream) {
                    what(&mut stream);
                }
            });
        }
    });
    url
}

/// The URL of a server that gives everybody this answer.
pub(crate) fn answering(head: &str, body: &[u8]) -> String {
    let answer = [format!("HTTP/1.1 {head}\r\n\r\n").as_bytes(), body].concat();
    doing(move |stream| {
        let _ = stream.write_all(&answer);
    })
}

/// The same with status 200, this media type and a length.
pub(crate) fn ok(media: &str, body: &[u8]) -> String {
    let length = body.len();
    let head = format!("200 OK\r\nContent-Type: {media}\r\nContent-Length: {length}");
    answering(&head, body)
}

/// What happens to the connections beyond those that a relay lets through.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// All connections are closed, and nobody listens any more.
    Dies,
    /// They are accepted and never answered.
    Hangs,
}

/// A relay to a server, and word of the moment when it relays no more.
pub(crate) fn relay(to: &str, connections: usize, then: Then) -> (String, Receiver<()>) {
    let host = to.strip_prefix("http://").and_then(|to| to.split_once('/'));
    let host = host.expect("a URL").0.to_owned();
    let (listener, url) = listen();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let _ = relayed(listener, &host, connections, then, &sender);
    });
    (url, receiver)
}

fn relayed(
    listener: TcpListener,
    host: &str,
    connections: usize,
    then: Then,
    word: &Sender<()>,
) -> io::Result<()> {
    let mut open = Vec::new();
    loop {
        let near = listener.accept()?.0;
        open.push(near.try_clone()?);
        if open.len() <= connections {
            let far = TcpStream::connect(host)?;
            pass(near.try_clone()?, far.try_clone()?);
            pass(far, near);
            continue;
        }
        let _ = word.send(());
        if then == Then::Dies {
            // Before the last connection is closed: who asks then whether anybody is there must
            // hear nothing.
            drop(listener);
            for stream in open {
                let _ = stream.shutdown(Shutdown::Both);
            }
            return Ok(());
        }
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Both);
    });
}

fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/dm", listener.local_addr().expect("an address"));
    (listener, url)
}

/// Reads one request; false where the connection was closed first.
fn read(stream: &mut TcpStream) -> bool {
    let (mut raw, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut buffer) {
            Ok(len @ 1..) => raw.extend_from_slice(&buffer[..len]),
            _ => return false,
        }
        if !matches!(request(&raw, &Limits::TARGET), Ok(Progress::More)) {
            return true;
        }
    }
}
