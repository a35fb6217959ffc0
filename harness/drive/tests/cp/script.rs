//! A provisioning server whose hook does what a test says, and what comes of it.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use assay_drive::target::Identity;
use assay_drive::{Lease, LeasedDevice, Target};
use assay_suites::profile::{Hook, HttpHook, Profile};
use assay_suites::suite::{Axis, Case, Role};
use assay_suites::yaml;
use assay_wire::Limits;
use assay_wire::http::{self, Progress, Request};
use assay_wire::mac::{self, Method, Secrets};
use assay_wire::pap::{self, PartDraft, PushDraft};
use assay_wire::recording::{Direction, Event, LinkId, Place, Proof, Recording};
use assay_wire::smpp::{Bind, Body, Message, Pdu, command};
use assay_wire::wsp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The smallest document.
pub(crate) const DOCUMENT: &[u8] = &[0x03, 0x0B, 0x6A, 0x00, 0x45, 0x01];
pub(crate) const IMSI: &str = "001010123456789";
pub(crate) const PIN: &str = "739184";

/// What a hook was told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked(BTreeMap<String, String>);

impl Asked {
    pub(crate) fn value(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(crate) fn gateway(&self) -> &str {
        self.value("gateway")
    }
}

type Acting = Pin<Box<dyn Future<Output = String> + Send>>;
type Act = Arc<dyn Fn(Asked) -> Acting + Send + Sync>;

/// What a case is played with.
pub(crate) struct Play {
    steps: String,
    carrier: &'static str,
    act: Act,
    edit: fn(&mut Profile),
}

/// What came of it.
pub(crate) struct Played {
    pub(crate) recording: Recording,
    /// What the hooks were told, in order.
    pub(crate) asked: Vec<Asked>,
    /// What came to any other path of the server.
    pub(crate) requests: Vec<Request>,
}

/// Plays these steps with the devices `a` and `b`. Where a hook is called, `act` is what the server
/// does; what it gives is the answer of the hook.
pub(crate) fn play<F, Done>(steps: &str, act: F) -> Play
where
    F: Fn(Asked) -> Done + Send + Sync + 'static,
    Done: Future<Output = String> + Send + 'static,
{
    Play {
        steps: steps.to_owned(),
        carrier: "pap",
        act: Arc::new(move |asked| Box::pin(act(asked))),
        edit: |_| {},
    }
}

pub(crate) fn lease() -> Lease {
    let device = |name: &str, number: u32| {
        let identity = Identity {
            id: format!("assay-{name}"),
            user: format!("user-{name}"),
            address: Some(format!("+1555010{number}")),
            imsi: Some(IMSI.to_owned()),
            pin: Some(PIN.to_owned()),
            ..Identity::default()
        };
        (name.to_owned(), LeasedDevice::new(identity))
    };
    Lease {
        devices: BTreeMap::from([device("a", 1), device("b", 2)]),
    }
}

impl Play {
    pub(crate) fn carrier(self, carrier: &'static str) -> Self {
        Self { carrier, ..self }
    }

    pub(crate) fn edit(self, edit: fn(&mut Profile)) -> Self {
        Self { edit, ..self }
    }

    pub(crate) async fn run(self) -> Played {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let serving = serve(
            listener,
            self.act,
            Arc::clone(&asked),
            Arc::clone(&requests),
        );
        let server = tokio::spawn(serving);
        let mut profile = Profile {
            role: Some(Role::CpServer),
            ..Profile::default()
        };
        profile.limits.timeout_ms = Some(5_000);
        profile.target.url = Some(format!("http://127.0.0.1:{port}/ppg"));
        let names = assay_drive::hook::VALUES.iter();
        let lines = names.map(|name| format!("\"{name}\": \"${{json:{name}}}\""));
        let hook = Hook::Http(HttpHook {
            method: None,
            url: format!("http://127.0.0.1:{port}/hook"),
            headers: BTreeMap::new(),
            body: Some(format!("{{{}}}", lines.collect::<Vec<_>>().join(", "))),
        });
        for name in ["push-document", "push-si", "publish-package", "trigger-dm"] {
            profile.hooks.insert(name.to_owned(), hook.clone());
        }
        (self.edit)(&mut profile);
        let target = Target::from_profile(&profile).expect("a target");
        let mut axes = BTreeMap::new();
        if profile.role == Some(Role::CpServer) {
            axes.insert(Axis::Carrier, self.carrier.to_owned());
        }
        let case = case(&self.steps);
        let recording = assay_drive::play(&case, &axes, &target, &mut lease()).await;
        server.abort();
        let take = |all: &Mutex<Vec<Request>>| std::mem::take(&mut *all.lock().expect("no panic"));
        Played {
            recording,
            asked: std::mem::take(&mut *asked.lock().expect("no panic")),
            requests: take(&requests),
        }
    }
}

impl Played {
    /// What arrived: step, device, carrier, and how many octets.
    pub(crate) fn arrived(&self) -> Vec<(u32, &str, &str, usize)> {
        let events = self.recording.events.iter();
        let arrived = events.filter_map(|(_, event)| match event {
            Event::Arrived {
                step,
                device,
                carrier,
                span,
                ..
            } => Some((*step, device.as_str(), carrier.as_str(), span.len as usize)),
            _ => None,
        });
        arrived.collect()
    }

    /// The octets of everything that arrived.
    pub(crate) fn octets(&self) -> Vec<&[u8]> {
        let events = self.recording.events.iter();
        let arrived = events.filter_map(|(_, event)| match event {
            Event::Arrived { link, span, .. } => Some(self.recording.octets(Place {
                link: *link,
                direction: Direction::In,
                span: *span,
            })),
            _ => None,
        });
        arrived.collect()
    }

    /// What was said to it, as text.
    pub(crate) fn answers(&self) -> Vec<String> {
        let answered = self.said();
        answered
            .map(|octets| String::from_utf8_lossy(octets).into_owned())
            .collect()
    }

    /// What was said to it.
    pub(crate) fn said(&self) -> impl Iterator<Item = &[u8]> {
        let events = self.recording.events.iter();
        events.filter_map(|(_, event)| match event {
            Event::Answered { link, span } => Some(self.recording.octets(Place {
                link: *link,
                direction: Direction::Out,
                span: *span,
            })),
            _ => None,
        })
    }

    /// What was waited for in vain.
    pub(crate) fn waited(&self) -> Option<&str> {
        let mut events = self.recording.events.iter();
        events.find_map(|(_, event)| match event {
            Event::Waited { what, .. } => Some(what.as_str()),
            _ => None,
        })
    }

    /// Why a step could not be played.
    pub(crate) fn stuck(&self) -> Option<&str> {
        let mut events = self.recording.events.iter();
        events.find_map(|(_, event)| match event {
            Event::Stuck { why, .. } => Some(why.as_str()),
            _ => None,
        })
    }

    /// Formula, secret and outcome of what was checked at capture.
    pub(crate) fn proofs(&self) -> Vec<(&str, &str, bool)> {
        let events = self.recording.events.iter();
        let proofs = events.filter_map(|(_, event)| match event {
            Event::Proof(Proof {
                formula,
                with,
                holds,
                ..
            }) => Some((formula.as_str(), with.as_str(), *holds)),
            _ => None,
        });
        proofs.collect()
    }

    pub(crate) fn links(&self) -> Vec<LinkId> {
        let events = self.recording.events.iter();
        let arrived = events.filter_map(|(_, event)| match event {
            Event::Arrived { link, .. } => Some(*link),
            _ => None,
        });
        arrived.collect()
    }
}

/// A push PDU of WSP with the smallest document, protected in this way.
pub(crate) fn pdu(method: Option<Method>, pin: &str) -> Vec<u8> {
    let mut draft = wsp::PushDraft::new("application/vnd.wap.connectivity-wbxml", DOCUMENT);
    draft.sec = method.map(Method::code);
    draft.mac = method.map(|method| digits(method, pin));
    draft.write(&wsp::Style::default())
}

/// The MAC over the smallest document.
pub(crate) fn digits(method: Method, pin: &str) -> String {
    let secrets = Secrets {
        imsi: Some(IMSI),
        pin: Some(pin),
    };
    mac::mac(method, &secrets, DOCUMENT).expect("secrets")
}

/// A request of PAP with the smallest document.
pub(crate) fn request(path: &str, push_id: &str, address: &str, notify: Option<&str>) -> Vec<u8> {
    let content = PartDraft::new(
        &format!(
            "application/vnd.wap.connectivity-wbxml; SEC=1; MAC=\"{}\"",
            digits(Method::UserPin, PIN)
        ),
        DOCUMENT,
    );
    request_with(path, push_id, address, notify, content)
}

/// The same with this content.
pub(crate) fn request_with(
    path: &str,
    push_id: &str,
    address: &str,
    notify: Option<&str>,
    content: PartDraft,
) -> Vec<u8> {
    let address = format!("WAPPUSH={address}/TYPE=PLMN@ppg.example");
    let notify = notify.map(|url| ("ppg-notify-requested-to", url.into()));
    let draft = PushDraft {
        push_id,
        addresses: vec![address.into()],
        attributes: notify.into_iter().collect(),
        quality: None,
    };
    let control = pap::document(&draft.tree(), "2.0");
    let style = pap::Style::default();
    let body = pap::write(
        &[PartDraft::new(pap::CONTROL_MEDIA, control), content],
        &style,
    );
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: hub\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
        pap::content_type(&style),
        body.len()
    );
    [head.as_bytes(), &body].concat()
}

/// Sends octets to a host and port, and gives the first answer, or nothing.
pub(crate) async fn tell(at: &str, octets: &[u8]) -> String {
    let mut stream = TcpStream::connect(at).await.expect("a listener");
    stream.write_all(octets).await.expect("an open connection");
    let mut raw = Vec::new();
    loop {
        if let Ok(Progress::Done(response)) = http::response(&raw, "POST", false, &Limits::TARGET) {
            let end = response.span.end();
            return String::from_utf8_lossy(&raw[..end]).into_owned();
        }
        match stream.read_buf(&mut raw).await {
            Ok(1..) => {}
            _ => return String::from_utf8_lossy(&raw).into_owned(),
        }
    }
}

/// Host and port, and path, of a URL.
pub(crate) fn place(url: &str) -> (&str, String) {
    let rest = url.strip_prefix("http://").expect("a URL");
    let (host, path) = rest.split_once('/').expect("a path");
    (host, format!("/{path}"))
}

/// Posts a push by PAP as the hook was told, and gives what was answered.
pub(crate) async fn push_by_pap(asked: &Asked) -> String {
    let (host, path) = place(asked.gateway());
    let octets = request(&path, "push-1", asked.value("address"), None);
    tell(host, &octets).await
}

/// A client of SMPP.
pub(crate) struct Bound {
    stream: TcpStream,
    raw: Vec<u8>,
    sequence: u32,
}

impl Bound {
    pub(crate) async fn new(at: &str, system: &str) -> Self {
        let stream = TcpStream::connect(at).await.expect("a listener");
        let mut bound = Self {
            stream,
            raw: Vec::new(),
            sequence: 0,
        };
        let bind = Bind {
            system_id: system.to_owned(),
            password: "letmein".to_owned(),
            version: 0x34,
            ..Bind::default()
        };
        let answer = bound.ask(command::BIND_TRANSCEIVER, Body::Bind(bind)).await;
        assert_eq!(answer.expect("an answer").status, 0);
        bound
    }

    /// Asks and reads one PDU.
    pub(crate) async fn ask(&mut self, command: u32, body: Body) -> Option<Pdu> {
        self.sequence += 1;
        let pdu = Pdu::ask(command, self.sequence, body);
        self.stream.write_all(&pdu.write()).await.ok()?;
        self.next().await
    }

    pub(crate) async fn next(&mut self) -> Option<Pdu> {
        loop {
            if let Ok(Some((pdu, length))) = assay_wire::smpp::read(&self.raw, &Limits::TARGET) {
                self.raw.drain(..length);
                return Some(pdu);
            }
            if self.stream.read_buf(&mut self.raw).await.ok()? == 0 {
                return None;
            }
        }
    }

    pub(crate) async fn submit(&mut self, to: &str, user_data: &[u8]) -> Option<Pdu> {
        let message = Message::of_segment("+15559999", to, user_data);
        self.ask(command::SUBMIT_SM, Body::Message(Box::new(message)))
            .await
    }

    pub(crate) async fn unbind(mut self) {
        self.ask(command::UNBIND, Body::Empty).await;
    }
}

pub(crate) fn case(steps: &str) -> Case {
    Case {
        id: "cp.test.case".to_owned().into(),
        steps: yaml::read("steps", steps).expect("steps"),
        ..Case::default()
    }
}

async fn serve(
    listener: TcpListener,
    act: Act,
    asked: Arc<Mutex<Vec<Asked>>>,
    requests: Arc<Mutex<Vec<Request>>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (act, asked, requests) = (Arc::clone(&act), Arc::clone(&asked), Arc::clone(&requests));
        tokio::spawn(converse(stream, act, asked, requests));
    }
}

async fn converse(
    mut stream: TcpStream,
    act: Act,
    asked: Arc<Mutex<Vec<Asked>>>,
    requests: Arc<Mutex<Vec<Request>>>,
) {
    let mut raw = Vec::new();
    while stream.read_buf(&mut raw).await.is_ok_and(|read| read > 0) {
        let Ok(Progress::Done(request)) = http::request(&raw, &Limits::TARGET) else {
            continue;
        };
        raw.drain(..request.span.end());
        let answer = if request.target == "/hook" {
            let told = serde_json::from_slice(&request.body.octets).expect("JSON");
            let mut told = Asked(told);
            let own = stream.local_addr().expect("an address");
            told.0.insert("own".to_owned(), format!("http://{own}"));
            asked.lock().expect("no panic").push(told.clone());
            act(told).await
        } else {
            requests.lock().expect("no panic").push(request);
            "taken".to_owned()
        };
        let length = answer.len();
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{answer}");
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
