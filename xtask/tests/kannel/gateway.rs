//! Starts Kannel as suites/profiles/kannel.md says, and submits pushes to it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, UNIX_EPOCH};

use assay_wire::Limits;
use assay_wire::http::{self, Progress};
use assay_wire::pap::{self, Document, PartDraft, PushDraft, Style};
use assay_wire::xml;

use crate::{PROMPT, tool};

/// The address of the one device.
pub(crate) const ADDRESS: &str = "WAPPUSH=+15550100/TYPE=PLMN@ppg.example.com";

/// Who may push.
pub(crate) const USER: &str = "username=initiator&password=secret";

const SERVICE: &str = "127.0.0.1:8089";

/// Kannel, running. It ends with the namespace that it was started in.
pub(crate) struct Kannel {
    processes: [Child; 2],
    deaths: PathBuf,
}

/// What Kannel answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The message of the document; empty where it is none.
    pub(crate) message: String,
    /// Its result.
    pub(crate) code: Option<u16>,
}

impl Kannel {
    /// Starts bearerbox, and wapbox again whenever it dies; waits until it takes pushes.
    pub(crate) fn start() -> Self {
        let configuration =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../suites/profiles/kannel.conf");
        // In a process namespace all tests have the number 1: the time tells them apart.
        let now = UNIX_EPOCH.elapsed().expect("a clock").as_nanos();
        let name = format!("kannel-{now}");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("a folder");
        let deaths = folder.join("deaths");
        let bearerbox = tool("bearerbox", "kannel").expect("it is there");
        let bearerbox = spawn(Command::new(bearerbox).arg(&configuration));
        wait_for("127.0.0.1:13002");
        let keeper = "ulimit -c 0; while :; do \"$0\" \"$1\"; echo $? >> \"$2\"; done";
        let wapbox = tool("wapbox", "kannel").expect("it is there");
        let keeper =
            spawn(
                Command::new("sh")
                    .args(["-c", keeper])
                    .args([&wapbox, &configuration, &deaths]),
            );
        ready();
        Self {
            processes: [bearerbox, keeper],
            deaths,
        }
    }

    /// Waits until wapbox has died so many times in all, and gives its exit codes.
    pub(crate) fn deaths(&self, count: usize) -> Vec<String> {
        let until = Instant::now() + PROMPT;
        loop {
            let said = fs::read_to_string(&self.deaths).unwrap_or_default();
            let deaths: Vec<_> = said.lines().map(str::to_owned).collect();
            if deaths.len() >= count || Instant::now() > until {
                return deaths;
            }
            sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Kannel {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
        // What is left over does no harm.
        let _ = self.deaths.parent().map(fs::remove_dir_all);
    }
}

fn spawn(command: &mut Command) -> Child {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::null()).spawn().expect("Kannel")
}

/// Waits until it takes pushes.
pub(crate) fn ready() {
    wait_for(SERVICE);
}

fn wait_for(address: &str) {
    let until = Instant::now() + PROMPT;
    while TcpStream::connect(address).is_err() {
        assert!(Instant::now() < until, "nothing listens on {address}");
        sleep(Duration::from_millis(10));
    }
}

/// A control entity with this push-id for the one device.
pub(crate) fn control(push_id: &str) -> Vec<u8> {
    pap::document(&message(push_id).tree(), "2.0")
}

/// The push message that [`control`] writes.
pub(crate) fn message(push_id: &str) -> PushDraft<'_> {
    PushDraft {
        push_id,
        addresses: vec![ADDRESS.into()],
        ..PushDraft::default()
    }
}

/// A control entity and a content entity in one body, as we write them.
pub(crate) fn body(control: Vec<u8>, content: PartDraft) -> Vec<u8> {
    let parts = [PartDraft::new(pap::CONTROL_MEDIA, control), content];
    pap::write(&parts, &Style::default())
}

/// Submits a push for the one device; anything but 1001 is a failure.
pub(crate) fn submit(push_id: &str, content: PartDraft) {
    let answer = post(USER, &body(control(push_id), content));
    let taken = Answer {
        status: 202,
        message: "push-response".to_owned(),
        code: Some(1001),
    };
    assert_eq!(answer, Some(taken), "{push_id}");
}

/// Posts a body of several parts.
pub(crate) fn post(user: &str, body: &[u8]) -> Option<Answer> {
    post_as(&pap::content_type(&Style::default()), user, body)
}

/// Posts a body of this content type; nothing where there is no answer.
pub(crate) fn post_as(content_type: &str, user: &str, body: &[u8]) -> Option<Answer> {
    post_within(PROMPT, content_type, user, body)
}

/// Whether there is no answer to this body in a second.
pub(crate) fn is_silent_to(body: &[u8]) -> bool {
    let content_type = pap::content_type(&Style::default());
    post_within(Duration::from_secs(1), &content_type, USER, body).is_none()
}

fn post_within(time: Duration, content_type: &str, user: &str, body: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(SERVICE).expect("it listens");
    stream.set_read_timeout(Some(time)).expect("a socket");
    let head = format!(
        "POST /wappush?{user} HTTP/1.1\r\nHost: {SERVICE}\r\nConnection: close\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("it reads");
    stream.write_all(body).expect("it reads");
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).ok()?;
    let limits = Limits::default();
    let Ok(Progress::Done(response)) = http::response(&raw, "POST", true, &limits) else {
        return None;
    };
    let read = xml::read(&response.body.octets, &limits).ok();
    let document = read.as_ref().and_then(|(tree, _)| Document::of(tree));
    let message = document.as_ref().and_then(|it| it.message.as_ref());
    Some(Answer {
        status: response.status,
        message: message.map_or_else(String::new, |it| it.name.to_owned()),
        code: message.and_then(pap::Message::code),
    })
}
