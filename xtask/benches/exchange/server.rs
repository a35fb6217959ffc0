//! The server of the benchmark: as little as can be, so that the clients are measured.
//!
//! One thread of its own. A reply is at hand but for the numbers of session and message, which are
//! taken from the request.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, mpsc};

use hyper::body::{Body as _, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::messages::{MEDIA, between, reply};

/// What the replies have where a number belongs.
const SESSION: &str = "$session";
const MSG: &str = "$msg";

/// The reply to the first message of a session and that to any other one, with holes.
struct Replies {
    first: String,
    other: String,
}

/// Serves on loopback until the process ends; gives the URL.
pub(crate) fn serve() -> String {
    let (sender, url) = mpsc::channel();
    std::thread::spawn(move || {
        crate::cores::talk();
        crate::runtime().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("it is bound");
            let url = format!("http://{address}/dm");
            let replies = Arc::new(Replies {
                first: reply(&url, SESSION, "1"),
                other: reply(&url, SESSION, MSG),
            });
            sender.send(url).expect("somebody waits");
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).expect("a socket");
                let replies = Arc::clone(&replies);
                let service = service_fn(move |request| answer(Arc::clone(&replies), request));
                let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(served);
            }
        });
    });
    url.recv().expect("the server starts")
}

async fn answer(
    replies: Arc<Replies>,
    request: Request<Incoming>,
) -> Result<Response<String>, Infallible> {
    let (mut body, mut text) = (request.into_body(), Vec::new());
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        text.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
    }
    let text = String::from_utf8_lossy(&text);
    let session = between(&text, "<SessionID>", "</SessionID>");
    let msg = between(&text, "<MsgID>", "</MsgID>");
    let reply = if msg == "1" {
        &replies.first
    } else {
        &replies.other
    };
    let mut response = Response::new(reply.replace(SESSION, session).replace(MSG, msg));
    let fields = response.headers_mut();
    fields.insert(CONTENT_TYPE, MEDIA.parse().expect("a media type"));
    fields.insert(CACHE_CONTROL, "no-store".parse().expect("a value"));
    Ok(response)
}
