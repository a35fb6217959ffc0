//! A stream that can hold back one whole response and let a switch rewrite its octets.
//!
//! An HTTP server that is well made refuses to send a wrong length or two framings; a peer must be
//! able to. So the server writes what is right, and this stream bends it. Without a switch of that
//! kind it passes everything through. It knows where a response ends and nothing else of HTTP.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What rewrites a response.
pub(crate) type Rewrite = fn(&mut Vec<u8>);

/// Said by a handler about the response that it is about to give, for the stream below it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish(Arc<AtomicU8>);

const NOTHING: u8 = 0;
const REWRITE: u8 = 1;
const BODILESS: u8 = 2;

impl Wish {
    /// The next response is one to rewrite.
    pub(crate) fn rewrite(&self) {
        self.0.store(REWRITE, Ordering::Release);
    }

    /// The next response has no body, whatever length it gives: it answers HEAD.
    pub(crate) fn bodiless(&self) {
        self.0.store(BODILESS, Ordering::Release);
    }

    fn is(&self, wish: u8) -> bool {
        self.0.load(Ordering::Acquire) == wish
    }

    fn clear(&self) {
        self.0.store(NOTHING, Ordering::Release);
    }
}

/// Most octets of a request that are kept for its handler.
const HEARD: usize = 64 << 10;

/// What came in since it was last taken, where anybody wants to know: an HTTP server that is well
/// made has forgotten by then how a field name was spelled.
#[derive(Clone, Debug)]
pub(crate) struct Heard(Option<Arc<Mutex<Vec<u8>>>>);

impl Heard {
    /// One that keeps what it hears, or nothing.
    pub(crate) fn new(keeps: bool) -> Self {
        Self(keeps.then(Arc::default))
    }

    /// What was heard; nothing from one that does not keep it.
    pub(crate) fn take(&self) -> Vec<u8> {
        let kept = self.0.as_ref().map(|kept| kept.lock());
        kept.map_or_else(Vec::new, |kept| {
            std::mem::take(&mut kept.unwrap_or_else(PoisonError::into_inner))
        })
    }

    fn hear(&self, octets: &[u8]) {
        if let Some(kept) = &self.0 {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            let room = HEARD.saturating_sub(kept.len()).min(octets.len());
            kept.extend_from_slice(&octets[..room]);
        }
    }
}

/// A connection of a peer.
pub(crate) struct Mangle<S> {
    inner: S,
    rewrites: Vec<Rewrite>,
    wish: Wish,
    heard: Heard,
    /// The response as far as it was written by the server.
    held: Vec<u8>,
    /// What is on its way out, and how much of it has left.
    leaving: Vec<u8>,
    left: usize,
    /// True after a response whose framing says something else than what was sent: the peer closes.
    broken: bool,
}

impl<S> Mangle<S> {
    /// Wraps a connection. Responses that `wish` asks for go through all of `rewrites`.
    pub(crate) fn new(inner: S, rewrites: Vec<Rewrite>, wish: Wish, heard: Heard) -> Self {
        let (held, leaving) = (Vec::new(), Vec::new());
        Self {
            inner,
            rewrites,
            wish,
            heard,
            held,
            leaving,
            left: 0,
            broken: false,
        }
    }

    /// Moves whole responses from `held` to `leaving`, rewritten where that is wished.
    fn release(&mut self) {
        while let Some((end, interim)) = end_of_response(&self.held, self.wish.is(BODILESS)) {
            let rest = self.held.split_off(end);
            let mut response = std::mem::replace(&mut self.held, rest);
            if !interim {
                if self.wish.is(REWRITE) {
                    for rewrite in &self.rewrites {
                        rewrite(&mut response);
                    }
                    let whole = end_of_response(&response, false)
                        .is_some_and(|(end, _)| end == response.len());
                    self.broken |= !whole;
                }
                self.wish.clear();
            }
            self.leaving.append(&mut response);
        }
    }
}

impl<S: AsyncWrite + Unpin> Mangle<S> {
    fn poll_leave(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.left < self.leaving.len() {
            let written =
                ready!(Pin::new(&mut self.inner).poll_write(cx, &self.leaving[self.left..]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.left += written;
        }
        self.leaving.clear();
        self.left = 0;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Mangle<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.broken {
            // End of file: the server takes it for the client's and closes the connection.
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        self.heard.hear(&buf.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Mangle<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.rewrites.is_empty() {
            return Pin::new(&mut self.inner).poll_write(cx, buf);
        }
        ready!(self.poll_leave(cx))?;
        self.held.extend_from_slice(buf);
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.release();
        ready!(self.poll_leave(cx))?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.release();
        let mut rest = std::mem::take(&mut self.held);
        self.leaving.append(&mut rest);
        ready!(self.poll_leave(cx))?;
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

/// Where the first response in these octets ends, and whether it is an interim one (1xx); nothing
/// while it is not whole. Knows the two framings that the server uses.
fn end_of_response(octets: &[u8], bodiless: bool) -> Option<(usize, bool)> {
    let head = find(octets, b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&octets[..head]).to_ascii_lowercase();
    let status = text.split(' ').nth(1).unwrap_or_default().to_owned();
    if bodiless || status.starts_with('1') || matches!(status.as_str(), "204" | "304") {
        return Some((head, status.starts_with('1')));
    }
    let field = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line[name.len()..].trim().to_owned())
    };
    if field("transfer-encoding:").is_some_and(|value| value.contains("chunked")) {
        let mut at = head;
        loop {
            let line = find(&octets[at..], b"\r\n")?;
            let size = std::str::from_utf8(&octets[at..at + line]).ok()?;
            let size = size.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).ok()?;
            at += line + 2 + size + 2;
            if at > octets.len() {
                return None;
            }
            if size == 0 {
                return Some((at, false));
            }
        }
    }
    let length: usize = field("content-length:")
        .and_then(|value| value.parse().ok())
        .unwrap_or(0);
    let end = head.checked_add(length)?;
    (end <= octets.len()).then_some((end, false))
}

fn find(octets: &[u8], what: &[u8]) -> Option<usize> {
    octets.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody";

    fn shorten(octets: &mut Vec<u8>) {
        octets.truncate(octets.len() - 2);
    }

    async fn through(pieces: &[&[u8]], wished: bool) -> Vec<u8> {
        let (near, mut far) = tokio::io::duplex(1 << 16);
        let wish = Wish::default();
        if wished {
            wish.rewrite();
        }
        let mut mangle = Mangle::new(near, vec![shorten], wish, Heard::new(false));
        for piece in pieces {
            mangle.write_all(piece).await.expect("a write");
            mangle.flush().await.expect("a flush");
        }
        let mut octets = [0; 8];
        if wished {
            let read = mangle.read(&mut octets).await.expect("the end");
            assert_eq!(read, 0, "a broken response ends the connection");
        }
        mangle.shutdown().await.expect("a shutdown");
        let mut all = Vec::new();
        far.read_to_end(&mut all).await.expect("the octets");
        all
    }

    #[tokio::test]
    async fn a_response_in_pieces_is_rewritten_as_a_whole() {
        let interim: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
        let (head, body) = ANSWER.split_at(30);
        let out = through(&[interim, head, body], true).await;
        assert_eq!(out, [interim, &ANSWER[..ANSWER.len() - 2]].concat());
    }

    #[tokio::test]
    async fn what_nobody_asked_for_passes_unchanged() {
        assert_eq!(through(&[ANSWER], false).await, ANSWER);
    }

    #[tokio::test]
    async fn an_answer_to_head_is_not_waited_for() {
        let (near, mut far) = tokio::io::duplex(1 << 16);
        let wish = Wish::default();
        wish.bodiless();
        let mut mangle = Mangle::new(near, vec![shorten], wish, Heard::new(false));
        mangle.write_all(&ANSWER[..38]).await.expect("a write");
        mangle.flush().await.expect("a flush");
        let mut octets = [0; 64];
        let read = far.read(&mut octets).await.expect("the head");
        assert_eq!(&octets[..read], &ANSWER[..38]);
    }

    #[test]
    fn a_chunked_response_ends_behind_its_last_chunk() {
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
        assert_eq!(
            end_of_response(chunked, false),
            Some((chunked.len(), false))
        );
        assert_eq!(end_of_response(&chunked[..chunked.len() - 1], false), None);
    }
}
