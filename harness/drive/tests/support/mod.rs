//! Tiny servers on loopback that do exactly what a test tells them.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use assay_drive::{Outcome, Outgoing, Recorder, Tag, Target};
use assay_suites::profile::Profile;
use assay_wire::Limits;
use assay_wire::http::{self, Progress, Request};
use assay_wire::recording::{Event, Recording};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::{TcpListener, TcpStream};

/// Serves every connection, numbered from zero, with `handler`, and gives the address.
pub(crate) async fn serve<F, Done>(handler: F) -> SocketAddr
where
    F: Fn(usize, TcpStream) -> Done + Send + 'static,
    Done: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(handler(number, stream));
            number += 1;
        }
    });
    address
}

/// Reads one request; nothing where the connection was closed first.
pub(crate) async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<Request> {
    let mut raw = Vec::new();
    loop {
        if let Ok(Progress::Done(request)) = http::request(&raw, &Limits::TARGET) {
            return Some(request);
        }
        if stream.read_buf(&mut raw).await.ok()? == 0 {
            return None;
        }
    }
}

/// Waits until the other side goes away.
pub(crate) async fn hold(mut stream: TcpStream) {
    let mut space = [0; 1024];
    while let Ok(1..) = stream.read(&mut space).await {}
}

/// A target at this URL with limits that suit tests.
pub(crate) fn target(url: &str) -> Target {
    let mut profile = Profile::default();
    profile.target.url = Some(url.to_owned());
    profile.limits.timeout_ms = Some(5_000);
    profile.limits.answer_bytes = Some(10_000);
    Target::from_profile(&profile).unwrap()
}

/// The target at this address over plain HTTP, with a deadline.
pub(crate) fn plain(address: SocketAddr, timeout: Duration) -> Target {
    let mut target = target(&format!("http://{address}/dm"));
    target.limits.timeout = timeout;
    target
}

pub(crate) fn recorder(target: &Target) -> Recorder<'_> {
    Recorder::new("dm.test.case", &BTreeMap::new(), target)
}

pub(crate) fn tag() -> Tag {
    Tag {
        step: 3,
        device: "a".to_owned(),
        session: 1,
        lawful: true,
    }
}

/// Plays one POST, and gives how it ended and what was recorded.
pub(crate) async fn post(target: &Target, body: &[u8]) -> (Outcome, Recording) {
    let mut recorder = recorder(target);
    let out = Outgoing::post(target.url.clone(), body.to_vec());
    let outcome = recorder.exchange(out, tag()).await;
    (outcome, recorder.finish())
}

/// The names of the events in order.
pub(crate) fn names(recording: &Recording) -> Vec<&'static str> {
    recording
        .events
        .iter()
        .map(|(_, event)| match event {
            Event::Open { .. } => "open",
            Event::Sent { .. } => "sent",
            Event::Received { .. } => "received",
            Event::Broke { .. } => "broke",
            Event::Refused { .. } => "refused",
            Event::Died { .. } => "died",
            Event::Throttled { .. } => "throttled",
            Event::Stuck { .. } => "stuck",
            _ => "other",
        })
        .collect()
}
