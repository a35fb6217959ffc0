//! Whoever listens to pushes: a message centre, a socket, a gateway. Each notes what it hears whole.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use assay_wire::Limits;
use assay_wire::http::{self, Progress};
use assay_wire::smpp::{self, Body, Message, command, status};

/// How long is waited for a push that is due.
const PATIENCE: Duration = Duration::from_secs(2);
/// What the gateway answers.
const ACCEPTED: &str = "<?xml version=\"1.0\"?><pap><push-response push-id=\"x\">\
                        <response-result code=\"1001\"/></push-response></pap>";

/// Something that was heard.
#[derive(Clone, Debug)]
pub(crate) enum Heard {
    /// A session with the message centre: who bound how, and the messages.
    Session(u32, String, Vec<Message>),
    /// A datagram.
    Datagram(Vec<u8>),
    /// A request to the gateway.
    Request(Box<http::Request>, Vec<u8>),
}

/// All listeners.
pub(crate) struct Ears {
    pub(crate) smpp: SocketAddr,
    pub(crate) udp: SocketAddr,
    pub(crate) pap: SocketAddr,
    heard: Receiver<Heard>,
}

impl Ears {
    pub(crate) fn new() -> Self {
        let (tell, heard) = channel();
        let local = ("127.0.0.1", 0);
        let centre = TcpListener::bind(local).expect("a listener");
        let gateway = TcpListener::bind(local).expect("a listener");
        let socket = UdpSocket::bind(local).expect("a socket");
        let ears = Self {
            smpp: centre.local_addr().expect("an address"),
            udp: socket.local_addr().expect("an address"),
            pap: gateway.local_addr().expect("an address"),
            heard,
        };
        accept(centre, tell.clone(), sessions);
        accept(gateway, tell.clone(), requests);
        thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok(count) = socket.recv(&mut buffer) {
                let datagram = Heard::Datagram(buffer[..count].to_vec());
                if tell.send(datagram).is_err() {
                    return;
                }
            }
        });
        ears
    }

    /// The next so many things that are heard, or fewer.
    pub(crate) fn gather(&self, count: usize) -> Vec<Heard> {
        let mut all = Vec::new();
        while all.len() < count {
            match self.heard.recv_timeout(PATIENCE) {
                Ok(heard) => all.push(heard),
                Err(_) => break,
            }
        }
        // What comes over two carriers comes in any order.
        all.sort_by_key(|heard| matches!(heard, Heard::Request(..)));
        all
    }
}

fn accept(listener: TcpListener, tell: Sender<Heard>, serve: fn(TcpStream, &Sender<Heard>)) {
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { return };
            let tell = tell.clone();
            thread::spawn(move || serve(stream, &tell));
        }
    });
}

fn sessions(mut stream: TcpStream, tell: &Sender<Heard>) {
    let (mut raw, mut buffer) = (Vec::new(), [0; 4096]);
    let (mut how, mut who, mut messages) = (0, String::new(), Vec::new());
    loop {
        let found = smpp::read(&raw, &Limits::TARGET).expect("a PDU");
        let Some((pdu, length)) = found else {
            match stream.read(&mut buffer) {
                Ok(count) if count > 0 => raw.extend_from_slice(&buffer[..count]),
                _ => break,
            }
            continue;
        };
        raw.drain(..length);
        let body = match &pdu.body {
            Body::Bind(bind) => {
                (how, who) = (pdu.command, bind.system_id.clone());
                Body::Bound("centre".into(), Vec::new())
            }
            Body::Message(message) => {
                messages.push((**message).clone());
                Body::Taken(messages.len().to_string())
            }
            _ => Body::Empty,
        };
        let answer = pdu.answer(status::OK, body).write();
        // It is told before the last answer, so that who waits for a hook finds it.
        if pdu.command == command::UNBIND {
            let _ = tell.send(Heard::Session(
                how,
                who.clone(),
                std::mem::take(&mut messages),
            ));
        }
        if stream.write_all(&answer).is_err() {
            break;
        }
    }
    if !messages.is_empty() {
        let _ = tell.send(Heard::Session(how, who, messages));
    }
}

fn requests(mut stream: TcpStream, tell: &Sender<Heard>) {
    let (mut raw, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        if let Ok(Progress::Done(request)) = http::request(&raw, &Limits::TARGET) {
            let _ = tell.send(Heard::Request(Box::new(request), raw));
            break;
        }
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => raw.extend_from_slice(&buffer[..count]),
            _ => return,
        }
    }
    let answer = format!(
        "HTTP/1.1 202 Accepted\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n\r\n{ACCEPTED}",
        ACCEPTED.len()
    );
    let _ = stream.write_all(answer.as_bytes());
}
