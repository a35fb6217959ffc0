//! One request and its answer over one open connection.

use std::io;
use std::time::Duration;

use assay_wire::Span;
use assay_wire::TooBad;
use assay_wire::http::{self, Framing, Progress, Response};
use assay_wire::recording::{Breakage, Direction, Event};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::time::{Instant, sleep_until};

use super::request::Rendered;
use super::{Last, Outgoing, Recorder, Tag, place};
use crate::link::Link;

/// The longest wait for `100 Continue`; shorter where the deadline is (RFC 9110 10.1.1).
const CONTINUE: Duration = Duration::from_secs(1);

/// How a request over one connection ended.
pub(super) enum Talk {
    /// With an answer, and the connection where it may be used again.
    Answered {
        response: Response,
        keep: Option<Link>,
    },
    /// Without one.
    Broke(Breakage, String),
    /// A connection that had been used before was closed without an answer, as if it had been
    /// closed before the request. The events of the attempt begin at this index.
    Stale(usize),
}

impl Recorder<'_> {
    /// Sends the request over this connection and reads the answer, recording both.
    pub(super) async fn talk(
        &mut self,
        mut link: Link,
        reused: bool,
        out: &Outgoing,
        request: &Rendered,
        tag: &Tag,
        deadline: Instant,
    ) -> Talk {
        let id = link.id;
        let sent_at = self.recorded(id).out.len();
        let received_at = self.recorded(id).r#in.len();
        let event_at = self.recording.events.len();
        self.event(Event::Sent {
            link: id,
            span: Span::new(sent_at, sent_at),
            step: tag.step,
            device: tag.device.clone(),
            session: tag.session,
            lawful: tag.lawful,
        });
        let end = self
            .converse(&mut link, out, request, received_at, deadline)
            .await;
        let sent = self.recorded(id).out.len();
        let received = self.recorded(id).r#in.len();
        if let Some((_, Event::Sent { span, .. })) = self.recording.events.get_mut(event_at) {
            *span = Span::new(sent_at, sent);
        }
        if received > received_at {
            let span = Span::new(received_at, received);
            self.event(Event::Received { link: id, span });
        }
        self.last = Some(Last {
            method: out.method.clone(),
            sent: place(id, Direction::Out, sent_at, sent),
            received: place(id, Direction::In, received_at, received),
        });
        match end {
            Ok((response, closed)) => {
                let whole = sent - sent_at == request.wire.len();
                let keep = (whole && !closed && lasting(out, &response)).then_some(link);
                Talk::Answered { response, keep }
            }
            Err((how, why)) => {
                self.event(Event::Broke {
                    link: id,
                    how,
                    why: why.clone(),
                });
                if reused && received == received_at && how == Breakage::Closed {
                    return Talk::Stale(event_at);
                }
                Talk::Broke(how, why)
            }
        }
    }

    /// Writes and reads at once, because a target may answer before it has read everything. Gives
    /// the answer, and whether the connection was closed with it.
    async fn converse(
        &mut self,
        link: &mut Link,
        out: &Outgoing,
        request: &Rendered,
        received_at: usize,
        deadline: Instant,
    ) -> Result<(Response, bool), (Breakage, String)> {
        let id = link.id;
        let limits = self.limits();
        let most = limits.bytes.saturating_add(http::HEAD_BYTES);
        let (mut reader, mut writer) = split(&mut link.stream);
        let mut buffer = vec![0; 16 * 1024];
        let (mut written, mut gate) = (0, request.gate);
        let (mut flushed, mut writable) = (false, true);
        let now = Instant::now();
        let patience = now + CONTINUE.min(deadline.saturating_duration_since(now) / 4);
        let mut closed: Option<String> = None;
        loop {
            if Instant::now() >= deadline {
                return Err((
                    Breakage::Timeout,
                    self.how_far("no answer", id, received_at),
                ));
            }
            let pending = request.wire.get(written..gate).unwrap_or_default();
            tokio::select! {
                biased;
                () = sleep_until(deadline) => continue,
                read = reader.read(&mut buffer) => match read {
                    Ok(0) => closed = Some("closed by the target".to_owned()),
                    Ok(len) => {
                        let octets = buffer.get(..len).unwrap_or_default();
                        self.recorded(id).r#in.extend_from_slice(octets);
                    }
                    Err(error) => closed = Some(broken(&error)),
                },
                wrote = push(&mut writer, pending), if writable && !(pending.is_empty() && flushed) => {
                    match wrote {
                        Ok(len) => {
                            let octets = request.kept.get(written..written + len);
                            self.recorded(id).out.extend_from_slice(octets.unwrap_or_default());
                            written += len;
                            flushed = len == 0;
                        }
                        // What the target said before it stopped listening is still to be read.
                        Err(_) => writable = false,
                    }
                    continue;
                }
                () = sleep_until(patience), if gate < request.wire.len() => {
                    gate = request.wire.len();
                    continue;
                }
            }
            let raw = self
                .recorded(id)
                .r#in
                .get(received_at..)
                .unwrap_or_default();
            if gate < request.wire.len() && http::interim(raw) > 0 {
                gate = request.wire.len();
            }
            match http::response(raw, &out.method, closed.is_some(), &limits) {
                Ok(Progress::Done(response)) => {
                    return fault(&response).map_or(Ok((response, closed.is_some())), Err);
                }
                Ok(Progress::More) if raw.len() > most => {
                    let why = format!("more than {most} octets and no end");
                    return Err((Breakage::TooLong, why));
                }
                Ok(Progress::More) => {}
                Err(error) => return Err(broke(&error, closed)),
            }
        }
    }

    fn how_far(
        &mut self,
        what: &str,
        id: assay_wire::recording::LinkId,
        received_at: usize,
    ) -> String {
        let there = self.recorded(id).r#in.len() - received_at;
        let limit = self.target.limits.timeout.as_millis();
        match there {
            0 => format!("{what} within {limit} ms"),
            _ => format!("no whole answer within {limit} ms, only {there} octets of one"),
        }
    }
}

/// Writes some of `pending`, or sees to it that what was written goes out where nothing is pending.
async fn push(writer: &mut (impl AsyncWrite + Unpin), pending: &[u8]) -> io::Result<usize> {
    if pending.is_empty() {
        return writer.flush().await.map(|()| 0);
    }
    match writer.write(pending).await? {
        0 => Err(io::ErrorKind::WriteZero.into()),
        len => Ok(len),
    }
}

/// What makes an answer none: its end is missing, or nothing says where it would be.
fn fault(response: &Response) -> Option<(Breakage, String)> {
    response.notes.iter().find_map(|note| match note.kind {
        "http.short-body" => Some((Breakage::Closed, note.text.clone())),
        "http.bad-chunk" => Some((Breakage::Garbled, note.text.clone())),
        _ => None,
    })
}

fn broke(error: &TooBad, closed: Option<String>) -> (Breakage, String) {
    let how = match error.kind {
        "http.too-long" => Breakage::TooLong,
        "http.empty" | "http.short-head" => Breakage::Closed,
        _ => Breakage::Garbled,
    };
    match closed {
        Some(closed) if how == Breakage::Closed => (how, format!("{closed}: {}", error.text)),
        _ => (how, error.text.clone()),
    }
}

fn broken(error: &io::Error) -> String {
    match error.kind() {
        // Closed without the farewell of TLS.
        io::ErrorKind::UnexpectedEof => "closed by the target".to_owned(),
        _ => format!("broken by the target ({error})"),
    }
}

/// Whether the connection may carry another exchange (RFC 9112 9.3), after an answer whose end was
/// beyond doubt.
fn lasting(out: &Outgoing, response: &Response) -> bool {
    let says = |fields: &mut dyn Iterator<Item = &str>, word: &str| {
        fields
            .flat_map(|value| value.split(','))
            .any(|option| option.trim().eq_ignore_ascii_case(word))
    };
    let sent = |word| {
        let mut values = out
            .fields
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("Connection"))
            .map(|(_, value)| value.as_str());
        says(&mut values, word)
    };
    let came = |word| {
        let mut values = response
            .fields
            .iter()
            .filter(|field| field.name.eq_ignore_ascii_case("Connection"))
            .map(|field| field.value.as_str());
        says(&mut values, word)
    };
    let doubtful = response.notes.iter().any(|note| {
        matches!(
            note.kind,
            "http.two-lengths"
                | "http.bad-length"
                | "http.length-and-chunked"
                | "http.bad-coding"
                | "http.extra-bytes"
        )
    });
    let modern = out.version == 1 && response.version == 1;
    !doubtful
        && response.status != 101
        && response.body.framing != Framing::Close
        && !sent("close")
        && !came("close")
        && (modern || came("keep-alive"))
}
