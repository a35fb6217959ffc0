//! A server that answers requests from a script, in their order, and keeps what it was sent.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use assay_drive::target::Identity;
use assay_drive::{Lease, LeasedDevice, Target};
use assay_suites::profile::{Claims, Profile};
use assay_suites::suite::{Axis, Case};
use assay_suites::yaml;
use assay_wire::http::{self, Progress, Request};
use assay_wire::recording::{Event, Recording};
use assay_wire::{Limits, Tree, wbxml, xml};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server answers to one request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// A message in XML.
    Xml(String),
    /// A message in WBXML, given in XML.
    Wbxml(String),
    /// This status, and a body that is no message.
    Http(u16),
    /// Nothing: the connection is closed.
    Close,
}

/// What a case is played with.
pub(crate) struct Play {
    pub(crate) steps: &'static str,
    pub(crate) replies: Vec<Reply>,
    pub(crate) version: &'static str,
    pub(crate) encoding: &'static str,
    pub(crate) claims: Claims,
    pub(crate) lease: Lease,
    pub(crate) edit: fn(&mut Profile),
}

/// What came of it.
pub(crate) struct Played {
    pub(crate) requests: Vec<Request>,
    pub(crate) recording: Recording,
    pub(crate) lease: Lease,
    port: u16,
}

/// Plays these steps, XML and version 1.2, with the devices `a` and `b`.
pub(crate) fn play(steps: &'static str, replies: Vec<Reply>) -> Play {
    Play {
        steps,
        replies,
        version: "1.2",
        encoding: "xml",
        claims: Claims::default(),
        lease: lease(),
        edit: |_| {},
    }
}

/// The devices `a` and `b`, which remember nothing.
pub(crate) fn lease() -> Lease {
    let device = |name: &str| {
        let identity = Identity {
            id: format!("assay-{name}"),
            user: format!("user-{name}"),
            password: Some(format!("secret-{name}")),
            ..Identity::default()
        };
        (name.to_owned(), LeasedDevice::new(identity))
    };
    Lease {
        devices: BTreeMap::from([device("a"), device("b")]),
    }
}

/// A message of the server: its MsgID, and what stands in its SyncBody.
pub(crate) fn message(msg: u32, body: &str) -> Reply {
    Reply::Xml(document(msg, "", body))
}

/// The same with a RespURI.
pub(crate) fn message_from(msg: u32, resp_uri: &str, body: &str) -> Reply {
    Reply::Xml(document(
        msg,
        &format!("<RespURI>{resp_uri}</RespURI>"),
        body,
    ))
}

/// The text of such a message.
pub(crate) fn document(msg: u32, header: &str, body: &str) -> String {
    format!(
        "<SyncML xmlns='SYNCML:SYNCML1.2'><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>\
         <SessionID>1</SessionID><MsgID>{msg}</MsgID><Target><LocURI>assay-a</LocURI></Target>\
         <Source><LocURI>server</LocURI></Source>{header}</SyncHdr>\
         <SyncBody>{body}</SyncBody></SyncML>"
    )
}

/// A Status for the header of message `of`.
pub(crate) fn status(of: u32, code: u32) -> String {
    format!(
        "<Status><CmdID>1</CmdID><MsgRef>{of}</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd>\
         <Data>{code}</Data></Status>"
    )
}

/// The same with a challenge; `nonce` is the text of NextNonce.
pub(crate) fn challenge(of: u32, code: u32, kind: &str, nonce: Option<&str>) -> String {
    let nonce = nonce.map(|nonce| format!("<NextNonce xmlns='syncml:metinf'>{nonce}</NextNonce>"));
    format!(
        "<Status><CmdID>1</CmdID><MsgRef>{of}</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd>\
         <Chal><Meta><Format xmlns='syncml:metinf'>b64</Format>\
         <Type xmlns='syncml:metinf'>syncml:auth-{kind}</Type>{}</Meta></Chal>\
         <Data>{code}</Data></Status>",
        nonce.unwrap_or_default()
    )
}

/// The command with one Item for this node.
pub(crate) fn command(name: &str, id: u32, target: &str) -> String {
    format!(
        "<{name}><CmdID>{id}</CmdID><Item><Target><LocURI>{target}</LocURI></Target></Item></{name}>"
    )
}

/// The server takes the message, and wants nothing.
pub(crate) fn closing(msg: u32) -> Reply {
    message(msg, &format!("{}<Final/>", status(msg, 200)))
}

impl Play {
    /// Plays it.
    pub(crate) async fn run(mut self) -> Played {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let replies = Arc::new(Mutex::new(VecDeque::from(self.replies)));
        let server = tokio::spawn(serve(listener, Arc::clone(&requests), replies));

        let mut profile = Profile {
            claims: self.claims,
            ..Profile::default()
        };
        profile.target.url = Some(format!("http://127.0.0.1:{port}/dm"));
        (self.edit)(&mut profile);
        let target = Target::from_profile(&profile).expect("a target");
        let axes = BTreeMap::from([
            (Axis::Version, self.version.to_owned()),
            (Axis::Encoding, self.encoding.to_owned()),
        ]);
        let recording = assay_drive::play(&case(self.steps), &axes, &target, &mut self.lease).await;
        server.abort();
        let requests = std::mem::take(&mut *requests.lock().expect("no panic"));
        Played {
            requests,
            recording,
            lease: self.lease,
            port,
        }
    }
}

impl Played {
    /// All requests as text, a line an element; the port and the length of the body are left out.
    pub(crate) fn transcript(&self) -> String {
        let all = self.requests.iter().map(|request| {
            let fields: Vec<String> = request
                .fields
                .iter()
                .filter(|field| !field.name.eq_ignore_ascii_case("content-length"))
                .map(|field| format!("{}: {}\n", field.name, field.value))
                .collect();
            format!(
                "{} {} HTTP/1.{}\n{}\n{}\n",
                request.method,
                request.target,
                request.version,
                fields.concat(),
                Self::body(request)
            )
        });
        all.collect::<Vec<_>>()
            .join("\n")
            .replace(&format!(":{}", self.port), "")
    }

    /// The bodies of all requests, a line an element.
    pub(crate) fn bodies(&self) -> String {
        let all: Vec<String> = self.requests.iter().map(Self::body).collect();
        all.join("\n\n").replace(&format!(":{}", self.port), "")
    }

    /// What stands between the first start tag and the first end tag of this name, in each body.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let texts = self.requests.iter().map(|request| {
            let body = String::from_utf8_lossy(&request.body.octets).into_owned();
            let tree = xml::read(body.as_bytes(), &Limits::TARGET).expect("XML").0;
            let root = tree.root().expect("a root");
            let node = tree.descend(root).find(|&id| tree.name(id) == name);
            node.map(|node| tree.text(node).into_owned())
                .unwrap_or_default()
        });
        texts.collect()
    }

    /// The lawful flag of each request.
    pub(crate) fn lawful(&self) -> Vec<bool> {
        self.sent().map(|(_, _, lawful)| lawful).collect()
    }

    /// Step, session and lawful flag of each request.
    pub(crate) fn sent(&self) -> impl Iterator<Item = (u32, u32, bool)> {
        self.recording
            .events
            .iter()
            .filter_map(|(_, event)| match event {
                Event::Sent {
                    step,
                    session,
                    lawful,
                    ..
                } => Some((*step, *session, *lawful)),
                _ => None,
            })
    }

    /// Why a step could not be played.
    pub(crate) fn stuck(&self) -> Option<(u32, String)> {
        self.recording
            .events
            .iter()
            .find_map(|(_, event)| match event {
                Event::Stuck { step, why } => Some((*step, why.clone())),
                _ => None,
            })
    }

    fn body(request: &Request) -> String {
        let octets = &request.body.octets;
        match octets.first() {
            Some(first) if *first < 0x20 => {
                let tree: Tree<'_> = wbxml::read(octets, &Limits::TARGET).expect("WBXML").0;
                let text = xml::write(&tree, &xml::Style::default());
                format!("(WBXML)\n{}", lines(&text))
            }
            _ => lines(octets),
        }
    }
}

fn lines(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).replace("><", ">\n<")
}

fn case(steps: &str) -> Case {
    Case {
        id: "dm.test.case".to_owned().into(),
        steps: yaml::read("steps", steps).expect("steps"),
        ..Case::default()
    }
}

async fn serve(
    listener: TcpListener,
    requests: Arc<Mutex<Vec<Request>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(
            stream,
            Arc::clone(&requests),
            Arc::clone(&replies),
        ));
    }
}

async fn converse(
    mut stream: TcpStream,
    requests: Arc<Mutex<Vec<Request>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
) {
    let (mut raw, mut buffer) = (Vec::new(), [0; 4096]);
    let limits = Limits {
        bytes: 8 << 20,
        ..Limits::TARGET
    };
    while let Ok(read) = stream.read(&mut buffer).await {
        raw.extend_from_slice(&buffer[..read]);
        if read == 0 {
            return;
        }
        let request = match http::request(&raw, &limits) {
            Ok(Progress::Done(request)) => request,
            Ok(Progress::More) => continue,
            Err(_) => return,
        };
        raw.drain(..request.span.end());
        requests.lock().expect("no panic").push(request);
        let reply = replies
            .lock()
            .expect("no panic")
            .pop_front()
            .unwrap_or(Reply::Close);
        let (status, kind, body) = match reply {
            Reply::Xml(text) => (200, "application/vnd.syncml.dm+xml", text.into_bytes()),
            Reply::Wbxml(text) => {
                let tree = xml::read(text.as_bytes(), &Limits::TARGET).expect("XML").0;
                let body = wbxml::write(&tree, &wbxml::Style::default()).expect("WBXML");
                (200, "application/vnd.syncml.dm+wbxml", body)
            }
            Reply::Http(status) => (status, "text/plain", b"no message".to_vec()),
            Reply::Close => return,
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if stream
            .write_all(&[head.as_bytes(), &body].concat())
            .await
            .is_err()
        {
            return;
        }
    }
}
