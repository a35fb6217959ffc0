//! Takes in the body of a request, whoever sends it: bounded, and heard to its end where possible.

use std::pin::Pin;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use hyper::body::Body as _;

/// Octets beyond the bound are read and thrown away up to here, so that the client hears the answer.
const PATIENCE: usize = 16 << 20;

/// The whole body of at most so many octets, or the HTTP status that refuses it: 400, 413.
pub(crate) async fn read(fields: &HeaderMap, body: Body, largest: usize) -> Result<Vec<u8>, u16> {
    let declared = fields
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok());
    let declared = declared
        .and_then(|text| text.parse::<usize>().ok())
        .unwrap_or(0);
    if declared > largest && fields.contains_key(header::EXPECT) {
        // Not even asked for: the client waits for the interim answer.
        return Err(413);
    }
    let mut body = body;
    let mut octets = Vec::new();
    let mut length = 0;
    while let Some(frame) =
        std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        let Ok(frame) = frame else { return Err(400) };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += data.len();
        if length > PATIENCE {
            return Err(413);
        }
        if length <= largest {
            octets.extend_from_slice(&data);
        }
    }
    if length > largest {
        Err(413)
    } else {
        Ok(octets)
    }
}
