//! A server that answers requests from a script, in their order, and keeps what it was sent.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use assay_drive::target::Identity;
use assay_drive::{Lease, LeasedDevice, PackageState, Target};
use assay_suites::profile::Profile;
use assay_suites::suite::{Axis, Case, Role};
use assay_suites::yaml;
use assay_wire::Limits;
use assay_wire::http::{self, Progress, Request};
use assay_wire::recording::{Event, Recording};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server answers to one request. `{origin}` stands for where it is.
#[derive(Clone)]
pub(crate) enum Reply {
    /// 200 with these header fields, each with its line end, and this body.
    Body(String, String),
    /// These octets.
    Raw(String),
    /// These octets; the connection is closed behind them.
    Close(String),
    /// These octets, and nothing more for as long as somebody waits.
    Stall(String),
    /// These octets, and others without end.
    Endless(String),
}

/// What a case is played with.
pub(crate) struct Play {
    steps: String,
    replies: Vec<Reply>,
    generation: &'static str,
    lease: Lease,
    edit: fn(&mut Profile),
}

/// What came of it.
pub(crate) struct Played {
    pub(crate) requests: Vec<Request>,
    pub(crate) recording: Recording,
    pub(crate) lease: Lease,
    port: u16,
}

/// Plays these steps with the devices `a` and `b` of generation 5.0.
pub(crate) fn play(steps: &str, replies: Vec<Reply>) -> Play {
    let device = |name: &str| {
        let identity = Identity {
            id: format!("assay-{name}"),
            user: format!("user-{name}"),
            password: None,
            ..Identity::default()
        };
        (name.to_owned(), LeasedDevice::new(identity))
    };
    Play {
        steps: steps.to_owned(),
        replies,
        generation: "5.0",
        lease: Lease {
            devices: BTreeMap::from([device("a"), device("b")]),
        },
        edit: |_| {},
    }
}

/// 200 and a document.
pub(crate) fn xml(text: impl Into<String>) -> Reply {
    Reply::Body(String::new(), text.into())
}

/// 200 and nothing.
pub(crate) fn taken() -> Reply {
    xml("")
}

/// This status and no document.
pub(crate) fn status(code: u16) -> Reply {
    Reply::Raw(format!("HTTP/1.1 {code} X\r\nContent-Length: 2\r\n\r\nno"))
}

/// A poll response with these packages.
pub(crate) fn poll_response(ids: &[&str]) -> Reply {
    poll_response_with("", ids)
}

/// The same with these settings.
pub(crate) fn poll_response_with(settings: &str, ids: &[&str]) -> Reply {
    let ids = ids.iter().map(|id| format!("<Package ID='{id}'/>"));
    let ids = ids.collect::<String>();
    xml(format!(
        "<PollResponse><Settings>{settings}</Settings>\
         <ApplicablePackages>{ids}</ApplicablePackages></PollResponse>"
    ))
}

/// Instructions for this package, with more inside.
pub(crate) fn instructions(id: &str, more: &str) -> Reply {
    xml(format!(
        "<Instructions><Package><ID>{id}</ID>{more}</Package></Instructions>"
    ))
}

/// The location of this package: URLs, each with a metric one higher.
pub(crate) fn location(id: &str, urls: &[&str]) -> Reply {
    let all = urls.iter().enumerate().map(|(metric, url)| {
        format!("<Location metric='{metric}'><HTTP><URL>{url}</URL></HTTP></Location>")
    });
    xml(format!(
        "<PackageLocation><PackageID>{id}</PackageID><Locations>{}</Locations></PackageLocation>",
        all.collect::<String>()
    ))
}

/// Part of a package: the value of Content-Range, and the octets.
pub(crate) fn part(range: &str, body: &str) -> Reply {
    Reply::Raw(format!(
        "HTTP/1.1 206 P\r\nContent-Range: bytes {range}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ))
}

impl Play {
    pub(crate) fn generation(self, generation: &'static str) -> Self {
        Self { generation, ..self }
    }

    pub(crate) fn lease(self, lease: Lease) -> Self {
        Self { lease, ..self }
    }

    pub(crate) fn edit(self, edit: fn(&mut Profile)) -> Self {
        Self { edit, ..self }
    }

    /// Plays it.
    pub(crate) async fn run(mut self) -> Played {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let replies = Arc::new(Mutex::new(VecDeque::from(self.replies)));
        let server = tokio::spawn(serve(listener, Arc::clone(&requests), replies));

        let mut profile = Profile {
            role: Some(Role::PullServer),
            ..Profile::default()
        };
        profile.target.url = Some(format!("http://127.0.0.1:{port}/server.aspx"));
        profile.limits.answer_bytes = Some(20_000);
        (self.edit)(&mut profile);
        let target = Target::from_profile(&profile).expect("a target");
        let axes = BTreeMap::from([(Axis::Generation, self.generation.to_owned())]);
        let case = case(&self.steps);
        let recording = assay_drive::play(&case, &axes, &target, &mut self.lease).await;
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
                .map(|field| {
                    format!("{}: {}", field.name, field.value)
                        .trim_end()
                        .to_owned()
                        + "\n"
                })
                .collect();
            let body = String::from_utf8_lossy(&request.body.octets).replace("><", ">\n<");
            let (method, target, version) = (&request.method, &request.target, request.version);
            format!(
                "{method} {target} HTTP/1.{version}\n{}\n{body}\n",
                fields.concat()
            )
        });
        all.collect::<Vec<_>>()
            .join("\n")
            .replace(&format!(":{}", self.port), "")
    }

    /// What each request wants, in a few words: the action and what it is about, or the method, the
    /// path and the range.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.requests.iter().map(asked).collect()
    }

    /// The values of this header field, of each request.
    pub(crate) fn fields(&self, name: &str) -> Vec<Option<String>> {
        let values = self.requests.iter().map(|request| request.field(name));
        values.map(|field| Some(field?.value.clone())).collect()
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

    /// What became of each package of device `a`.
    pub(crate) fn packages(&self) -> Vec<(&str, &PackageState)> {
        let packages = &self.lease.devices["a"].pull.packages;
        let packages = packages
            .iter()
            .map(|(id, known)| (id.as_str(), &known.state));
        packages.collect()
    }

    /// Where the server was.
    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn asked(request: &Request) -> String {
    let value = |name| request.field(name).map(|field| field.value.as_str());
    let body = String::from_utf8_lossy(&request.body.octets).into_owned();
    let between = |before: &str, after: char| {
        let (_, rest) = body.split_once(before)?;
        rest.split_once(after).map(|(found, _)| found.to_owned())
    };
    let action = value("X-Device-Action");
    let about = match action {
        None => value("Range").map(str::to_owned),
        Some("InstructionRequest") => between("ID=\"", '"'),
        Some("LocationRequest") => between("<PackageID>", '<'),
        Some("Status") => between("messageID=\"", '"'),
        Some("Report") => value("X-Device-ReportType").map(str::to_owned),
        Some(_) => None,
    };
    let wants = action.map_or_else(
        || format!("{} {}", request.method, request.target),
        str::to_owned,
    );
    about.map_or(wants.clone(), |about| format!("{wants} {about}"))
}

fn case(steps: &str) -> Case {
    Case {
        id: "pull.test.case".to_owned().into(),
        steps: yaml::read("steps", steps).expect("steps"),
        ..Case::default()
    }
}

async fn serve(
    listener: TcpListener,
    requests: Arc<Mutex<Vec<Request>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
) {
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    while let Ok((stream, _)) = listener.accept().await {
        let (requests, replies) = (Arc::clone(&requests), Arc::clone(&replies));
        tokio::spawn(converse(stream, requests, replies, origin.clone()));
    }
}

async fn converse(
    mut stream: TcpStream,
    requests: Arc<Mutex<Vec<Request>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    origin: String,
) {
    let (mut raw, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(read) = stream.read(&mut buffer).await {
        raw.extend_from_slice(&buffer[..read]);
        if read == 0 {
            return;
        }
        let request = match http::request(&raw, &Limits::TARGET) {
            Ok(Progress::Done(request)) => request,
            Ok(Progress::More) => continue,
            Err(_) => return,
        };
        raw.drain(..request.span.end());
        requests.lock().expect("no panic").push(request);
        let reply = replies.lock().expect("no panic").pop_front();
        let (text, then) = match reply.unwrap_or(Reply::Close(String::new())) {
            Reply::Body(fields, body) => {
                let body = body.replace("{origin}", &origin);
                let length = body.len();
                let text =
                    format!("HTTP/1.1 200 OK\r\n{fields}Content-Length: {length}\r\n\r\n{body}");
                (text, Then::GoOn)
            }
            Reply::Raw(text) => (text, Then::GoOn),
            Reply::Close(text) => (text, Then::Close),
            Reply::Stall(text) => (text, Then::Stall),
            Reply::Endless(text) => (text, Then::Repeat),
        };
        let text = text.replace("{origin}", &origin);
        if stream.write_all(text.as_bytes()).await.is_err() {
            return;
        }
        match then {
            Then::GoOn => {}
            Then::Close => return,
            Then::Stall => while let Ok(1..) = stream.read(&mut buffer).await {},
            Then::Repeat => while stream.write_all(&[b'x'; 4096]).await.is_ok() {},
        }
    }
}

enum Then {
    GoOn,
    Close,
    Stall,
    Repeat,
}
