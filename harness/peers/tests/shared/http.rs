//! A small HTTP client, blocking, that notes what came back octet by octet.
//!
//! What a reply says in short is for those who know its vocabulary; nobody judges here.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use assay_wire::Limits;
use assay_wire::http::{self, Progress};

/// One exchange as it is noted.
#[derive(Clone, Debug)]
pub(crate) struct Noted {
    /// What was asked.
    pub(crate) label: String,
    /// The response, without what changes from run to run.
    pub(crate) raw: String,
    /// The same in short.
    pub(crate) short: String,
    /// True where the body does not decode without faults.
    pub(crate) bad: Option<String>,
}

/// Says in short what a response holds, and what its body does not decode for.
pub(crate) type Summary = fn(&http::Response) -> (String, Option<String>);

/// How a request is framed and named.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: String,
    pub(crate) version: &'a str,
    pub(crate) fields: Vec<(&'a str, String)>,
    pub(crate) body: &'a [u8],
    pub(crate) chunked: bool,
}

/// A connection that is opened again when it has gone.
pub(crate) struct Http {
    at: SocketAddr,
    stream: Option<TcpStream>,
    summary: Summary,
    pub(crate) notes: Vec<Noted>,
}

impl Http {
    pub(crate) fn new(url: &str, summary: Summary) -> Self {
        let host = url.split('/').nth(2).expect("a host");
        Self {
            at: host.parse().expect("an address"),
            stream: None,
            summary,
            notes: Vec::new(),
        }
    }

    pub(crate) fn close(&mut self) {
        self.stream = None;
    }

    /// Sends a request and returns the response, if it was one.
    pub(crate) fn send(&mut self, label: &str, request: &Request<'_>) -> Option<http::Response> {
        let mut octets = format!(
            "{} {} {}\r\nHost: {}\r\n",
            request.method, request.target, request.version, self.at
        );
        let chunked = request.chunked;
        for (name, value) in &request.fields {
            octets.push_str(&format!("{name}: {value}\r\n"));
        }
        if chunked {
            octets.push_str("Transfer-Encoding: chunked\r\n\r\n");
        } else {
            octets.push_str(&format!("Content-Length: {}\r\n\r\n", request.body.len()));
        }
        let mut octets = octets.into_bytes();
        if chunked {
            for chunk in request.body.chunks(100) {
                octets.extend(format!("{:x}\r\n", chunk.len()).bytes());
                octets.extend(chunk);
                octets.extend(b"\r\n");
            }
            octets.extend(b"0\r\n\r\n");
        } else {
            octets.extend(request.body);
        }
        let (raw, response) = self.exchange(&octets, request.method);
        self.note(label, &raw, response.as_ref());
        response
    }

    fn exchange(&mut self, octets: &[u8], method: &str) -> (Vec<u8>, Option<http::Response>) {
        let stream = self.stream.take();
        let mut stream = stream.unwrap_or_else(|| {
            let stream = TcpStream::connect(self.at).expect("a connection");
            stream
                .set_read_timeout(Some(Duration::from_secs(10)))
                .expect("a timeout");
            stream.set_nodelay(true).expect("no delay");
            stream
        });
        // A peer may close before it has read everything; what it said counts.
        let _ = stream.write_all(octets);
        let mut raw = Vec::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            let closed = match stream.read(&mut buffer) {
                Ok(0) | Err(_) => true,
                Ok(count) => {
                    raw.extend_from_slice(&buffer[..count]);
                    false
                }
            };
            match http::response(&raw, method, closed, &Limits::TARGET) {
                Ok(Progress::Done(response)) => {
                    let over = closed
                        || raw.len() > response.span.end()
                        || response
                            .field("connection")
                            .is_some_and(|f| f.value == "close")
                        || response.version == 0;
                    self.stream = (!over).then_some(stream);
                    return (raw, Some(response));
                }
                Ok(Progress::More) if !closed => {}
                _ => return (raw, None),
            }
        }
    }

    fn note(&mut self, label: &str, raw: &[u8], response: Option<&http::Response>) {
        let port = format!(":{}", self.at.port());
        let mut text: String = raw.iter().map(|&octet| char::from(octet)).collect();
        if let Some(at) = text.to_ascii_lowercase().find("\r\ndate: ") {
            let end = at + 2 + text[at + 2..].find("\r\n").unwrap_or(0);
            text.replace_range(at..end, "");
        }
        // A mac is over the body, in which the port may stand.
        if let Some(at) = text.find("mac=") {
            let at = at + 4;
            let end = at + text[at..].find("\r\n").unwrap_or(0);
            let length = end - at;
            text.replace_range(at..end, &format!("{length} letters"));
        }
        // The port has four or five digits: lengths are not compared where it is in the body.
        let text = text.replace(&port, ":0");
        let (short, bad) = response.map_or(("no response".to_owned(), None), self.summary);
        self.notes.push(Noted {
            label: label.to_owned(),
            raw: text,
            short,
            bad,
        });
    }
}
