//! A small client of HTTP/1.1: one request, one answer, one connection.
//!
//! Plain HTTP only: a gateway that stands beside its initiators needs no more.

use assay_wire::Limits;
use assay_wire::http::{self, Progress, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Lost, PATIENCE};

/// Most octets of an answer.
const ANSWER: usize = 1 << 20;

/// Where a URL leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Host and port.
    pub(crate) host: String,
    /// Path and query.
    pub(crate) path: String,
}

impl Place {
    /// The place of a URL of HTTP; none of another kind, or with octets that no URL has.
    pub(crate) fn of(url: &str) -> Option<Self> {
        let rest = url.strip_prefix("http://")?;
        if !rest.bytes().all(|octet| octet.is_ascii_graphic()) {
            return None;
        }
        let at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(at);
        if host.is_empty() || host.contains('@') {
            return None;
        }
        let has_port = host
            .rsplit_once(':')
            .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        Some(Self {
            host: if has_port {
                host.to_owned()
            } else {
                format!("{host}:80")
            },
            path: match path.strip_prefix('/') {
                Some(_) => path.to_owned(),
                None => format!("/{path}"),
            },
        })
    }
}

/// Posts a body and waits for the answer.
pub(crate) async fn post(
    url: &str,
    fields: &[(&str, &str)],
    body: &[u8],
) -> Result<Response, Lost> {
    let place = Place::of(url);
    let place = place.ok_or_else(|| Lost::Address("the URL is none of HTTP".into()))?;
    let exchange = exchange(&place, fields, body);
    tokio::time::timeout(PATIENCE, exchange)
        .await
        .map_err(|_| Lost::Silence)?
}

async fn exchange(place: &Place, fields: &[(&str, &str)], body: &[u8]) -> Result<Response, Lost> {
    let mut stream = TcpStream::connect(&place.host).await?;
    stream.set_nodelay(true)?;
    let mut head = format!("POST {} HTTP/1.1\r\nHost: {}\r\n", place.path, place.host);
    for (name, value) in fields {
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        head.extend([*name, ": ", &value, "\r\n"]);
    }
    head.extend(["Content-Length: ", &body.len().to_string()]);
    head.push_str("\r\nConnection: close\r\n\r\n");
    stream.write_all(&[head.as_bytes(), body].concat()).await?;

    let mut raw = Vec::new();
    let mut buffer = vec![0; 8 * 1024];
    loop {
        let closed = match stream.read(&mut buffer).await? {
            0 => true,
            count => {
                raw.extend_from_slice(&buffer[..count]);
                false
            }
        };
        let progress = http::response(&raw, "POST", closed, &Limits::TARGET);
        match progress.map_err(|bad| Lost::Answer(bad.to_string()))? {
            Progress::Done(response) => return Ok(response),
            Progress::More if closed || raw.len() > ANSWER => {
                return Err(Lost::Answer("it does not end".into()));
            }
            Progress::More => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_leads_to_host_port_and_path() {
        let place = |url| Place::of(url).map(|place| (place.host, place.path));
        let some = |host: &str, path: &str| Some((host.to_owned(), path.to_owned()));
        assert_eq!(place("http://a:8/p/q?r"), some("a:8", "/p/q?r"));
        assert_eq!(place("http://a"), some("a:80", "/"));
        assert_eq!(place("http://[::1]/x"), some("[::1]:80", "/x"));
        assert_eq!(place("http://a?r"), some("a:80", "/?r"));
        for bad in [
            "https://a/",
            "http:///",
            "http://a/ b",
            "http://a/\r\nX: y",
            "http://u@a/",
            "a",
        ] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
