//! Trivial peers: servers that know nothing of any protocol but HTTP. What they pass looks at nothing.
//!
//! Each answers every request on every path in its one way, hooks among them.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use assay_wire::http::{self, Progress, Request};
use assay_wire::{Limits, TooBad};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::{Running, Switches, cp, ppg, pull};

/// The one thing that a trivial peer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Accepts,
    Challenges,
    Closes,
    Echoes,
    Empty,
    Silent,
    Repeats,
}

/// Their names, and what each does with a request.
const WAYS: [(&str, Way); 7] = [
    ("always-200", Way::Accepts),
    ("always-401", Way::Challenges),
    ("closes", Way::Closes),
    ("echoes", Way::Echoes),
    ("empty", Way::Empty),
    ("silent", Way::Silent),
    ("repeats", Way::Repeats),
];

/// The names of all trivial peers.
pub fn trivial() -> impl Iterator<Item = &'static str> {
    WAYS.iter().map(|(name, _)| *name)
}

/// Starts the trivial peer of this name on a free loopback port. It has no TLS.
///
/// # Errors
///
/// Where there is none of this name, or no port can be had.
pub async fn start_trivial(name: &str) -> io::Result<Running> {
    let way = WAYS.iter().find(|(own, _)| *own == name);
    let (_, way) = way.ok_or_else(|| io::Error::other(format!("no trivial peer is {name}")))?;
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let model = match way {
        Way::Repeats => Some(crate::start(Switches::default(), any).await?),
        _ => None,
    };
    let listener = TcpListener::bind(any).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let peer = Arc::new(Peer {
        way: *way,
        model: model.as_ref().and_then(|model| host(&model.dm)),
        given: Mutex::default(),
    });
    let task = tokio::spawn(async move {
        // The one that is repeated lives as long as the one that repeats it.
        let _model = model;
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            while connections.try_join_next().is_some() {}
            let peer = Arc::clone(&peer);
            // What ends a connection is the client's affair; there is nobody to tell.
            connections.spawn(async move { peer.serve(stream).await });
        }
    });
    let at = |path: &str| format!("{origin}{path}");
    Ok(Running {
        dm: at("/dm"),
        pull: at(pull::PATH),
        admin: at("/admin"),
        cp_admin: at("/admin/cp"),
        ppg: at(ppg::PATH),
        ppg_admin: at("/admin/ppg"),
        packages: at(cp::PACKAGES),
        dm_secure: String::new(),
        pull_secure: String::new(),
        ca_pem: String::new(),
        client_pem: String::new(),
        tasks: vec![task],
    })
}

struct Peer {
    way: Way,
    /// Where the conforming peer listens whose answers are repeated.
    model: Option<String>,
    /// The first answer to the hooks of each service, and to anything else.
    given: Mutex<HashMap<String, Vec<u8>>>,
}

impl Peer {
    async fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut heard = Vec::new();
        loop {
            let Some((request, len)) = next(&mut stream, &mut heard).await? else {
                return Ok(());
            };
            let raw: Vec<u8> = heard.drain(..len).collect();
            let answer = match self.way {
                Way::Accepts => answer("200 OK", "text/plain", b"OK"),
                Way::Challenges => {
                    let status = "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"";
                    answer(status, "text/plain", b"")
                }
                Way::Echoes => answer("200 OK", media(&request), &request.body.octets),
                Way::Empty => answer("200 OK", media(&request), b""),
                Way::Repeats => self.repeated(&request, &raw).await?,
                Way::Closes => return Ok(()),
                Way::Silent => std::future::pending().await,
            };
            stream.write_all(&answer).await?;
        }
    }

    /// The answer that was given first.
    async fn repeated(&self, request: &Request, raw: &[u8]) -> io::Result<Vec<u8>> {
        // `/admin/queue` or `/admin/cp`, the hooks of which are all that asks a provisioning server.
        let is_hook = request.target.starts_with("/admin/");
        let hook: Vec<&str> = request.target.splitn(4, '/').take(3).collect();
        let path = if is_hook { &*hook.join("/") } else { "" };
        let mut given = self.given.lock().await;
        if let Some(answer) = given.get(path) {
            return Ok(answer.clone());
        }
        let model = self.model.as_deref().unwrap_or_default();
        let answer = asked(&mut TcpStream::connect(model).await?, raw).await?;
        given.insert(path.to_owned(), answer.clone());
        Ok(answer)
    }
}

/// The next request and its octets; nothing where the connection ends first, or what comes is no
/// HTTP.
async fn next(stream: &mut TcpStream, heard: &mut Vec<u8>) -> io::Result<Option<(Request, usize)>> {
    loop {
        match http::request(heard, &Limits::TARGET) {
            Ok(Progress::Done(request)) => {
                let len = request.span.end();
                return Ok(Some((request, len)));
            }
            Ok(Progress::More) => {}
            Err(TooBad { .. }) => return Ok(None),
        }
        if stream.read_buf(heard).await? == 0 {
            return Ok(None);
        }
    }
}

/// What a request is answered, octet for octet.
async fn asked(stream: &mut TcpStream, raw: &[u8]) -> io::Result<Vec<u8>> {
    stream.write_all(raw).await?;
    let mut heard = Vec::new();
    loop {
        let ended = stream.read_buf(&mut heard).await? == 0;
        match http::response(&heard, "POST", ended, &Limits::TARGET) {
            Ok(Progress::More) if !ended => {}
            _ => return Ok(heard),
        }
    }
}

fn answer(status: &str, media: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// The media type of a request.
fn media(request: &Request) -> &str {
    let field = request.field("content-type");
    field.map_or("text/plain", |field| &field.value)
}

/// Host and port of a URL.
fn host(url: &str) -> Option<String> {
    let rest = url.strip_prefix("http://")?;
    rest.split('/').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a trivial peer answers to two requests on one connection.
    async fn answers(name: &str, requests: [&str; 2]) -> Vec<String> {
        let running = start_trivial(name).await.expect("a peer");
        let at = host(&running.dm).expect("a host");
        let mut stream = TcpStream::connect(at).await.expect("a connection");
        let mut answers = Vec::new();
        for request in requests {
            let Ok(answer) = asked(&mut stream, request.as_bytes()).await else {
                break;
            };
            answers.push(String::from_utf8(answer).expect("text"));
        }
        answers
    }

    const FIRST: &str = "POST /dm HTTP/1.1\r\nContent-Type: a/b\r\nContent-Length: 3\r\n\r\none";
    const OTHER: &str = "POST /dm HTTP/1.1\r\nContent-Type: c/d\r\nContent-Length: 3\r\n\r\ntwo";

    #[tokio::test]
    async fn each_answers_in_its_one_way() {
        let both = [FIRST, OTHER];
        for answer in answers("always-200", both).await {
            assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\nOK"));
        }
        for answer in answers("always-401", both).await {
            assert!(answer.starts_with("HTTP/1.1 401 ") && answer.contains("WWW-Authenticate"));
        }
        let echoes = answers("echoes", both).await;
        assert!(echoes[0].contains("a/b") && echoes[0].ends_with("one"));
        assert!(echoes[1].contains("c/d") && echoes[1].ends_with("two"));
        assert!(answers("empty", both).await[1].contains("c/d\r\nContent-Length: 0\r\n"));
        assert_eq!(answers("closes", both).await[0], "");
        let repeats = answers("repeats", both).await;
        assert_eq!(repeats[0], repeats[1]);
        assert!(repeats[0].starts_with("HTTP/1.1 "), "{}", repeats[0]);
    }

    #[tokio::test]
    async fn a_name_that_is_none_is_an_error() {
        assert!(start_trivial("helpful").await.is_err());
        assert_eq!(trivial().count(), 7);
    }
}
