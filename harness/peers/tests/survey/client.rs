//! A small HTTP client, blocking, that notes what came back octet by octet.
//!
//! It says in short what a reply holds; it never judges.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use assay_wire::dm::Message;
use assay_wire::http::{self, Progress};
use assay_wire::{Encoding, Limits, read, wbxml, xml};

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
    pub(crate) notes: Vec<Noted>,
}

impl Http {
    pub(crate) fn new(url: &str) -> Self {
        let host = url.split('/').nth(2).expect("a host");
        Self {
            at: host.parse().expect("an address"),
            stream: None,
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
        // The port has four or five digits: lengths are not compared where it is in the body.
        let text = text.replace(&port, ":0");
        let (short, bad) = response.map_or(("no response".to_owned(), None), |response| {
            summary(response)
        });
        self.notes.push(Noted {
            label: label.to_owned(),
            raw: text,
            short,
            bad,
        });
    }
}

pub(crate) fn encoding_of(response: &http::Response) -> Option<Encoding> {
    let media = response.field("content-type")?.value.clone();
    if media.contains("wbxml") {
        Some(Encoding::Wbxml)
    } else {
        media.contains("xml").then_some(Encoding::Xml)
    }
}

fn summary(response: &http::Response) -> (String, Option<String>) {
    let octets = &response.body.octets;
    let Some(encoding) = encoding_of(response) else {
        return (format!("HTTP {}", response.status), None);
    };
    let decoded = match read(octets, encoding, &Limits::TARGET) {
        Ok(decoded) => decoded,
        Err(bad) => {
            return (
                format!("HTTP {}, {bad}", response.status),
                Some(bad.to_string()),
            );
        }
    };
    let fault = decoded
        .notes
        .iter()
        .find(|n| xml::is_fault(n.kind) || wbxml::is_fault(n.kind));
    let bad = fault.map(|note| format!("{}: {}", note.kind, note.text));
    let Some(message) = Message::of(&decoded.tree) else {
        return ("no message".to_owned(), Some("no root".to_owned()));
    };
    let mut short = format!(
        "{} {} msg {} |",
        if encoding == Encoding::Xml {
            "xml"
        } else {
            "wbxml"
        },
        message
            .header
            .as_ref()
            .and_then(|h| h.ver_dtd.as_ref())
            .map_or("", |v| &v.value),
        message.msg_id(),
    );
    if message
        .header
        .as_ref()
        .is_some_and(|header| header.resp_uri.is_some())
    {
        short = format!("RespURI {short}");
    }
    for command in message.all_commands() {
        if command.name == "Status" {
            short.push_str(&format!(
                " {}[{}]={}",
                command.cmd.as_ref().map_or("", |cmd| &cmd.value),
                command.cmd_ref.as_ref().map_or("", |cmd| &cmd.value),
                command.data.as_ref().map_or("", |data| &data.value)
            ));
            if command.chal.is_some() {
                short.push_str("+chal");
            }
            for item in &command.items {
                short.push_str(&format!("+{}", item.data.as_ref().map_or("", |d| &d.value)));
            }
            if command
                .cmd
                .as_ref()
                .is_some_and(|cmd| cmd.value != "SyncHdr")
            {
                for source in &command.source_refs {
                    short.push_str(&format!("({})", source.value));
                }
            }
        } else {
            let code = command
                .data
                .as_ref()
                .map_or(String::new(), |d| format!(" {}", d.value));
            let items = command.items.iter();
            let targets: Vec<_> = items
                .filter_map(|i| i.target.as_ref().map(|t| t.value.as_ref()))
                .collect();
            short.push_str(&format!(" <{}{code} {}>", command.name, targets.join(",")));
        }
    }
    if message.fin.is_some() {
        short.push_str(" Final");
    }
    (short, bad)
}
