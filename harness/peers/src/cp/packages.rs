//! Keeps the packages that were published, and serves them: whole, in part, and tagged.
//!
//! Bounded, for whoever publishes may be anybody. What is in a package is the business of `packing`.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::server::Server;
use crate::listen::Connection;
use crate::range::{Ask, asked};
use crate::switch::Switches;

/// Where packages are, behind the origin.
pub(crate) const PATH: &str = "/provisioning/";
/// Most octets of all packages together; the oldest go.
const OCTETS: usize = 64 << 20;
/// Most packages.
const PACKAGES: usize = 4096;
/// When every package was changed, for those who ask.
const MODIFIED: &str = "Fri, 02 Jan 2009 03:04:06 GMT";

/// A file to serve.
#[derive(Debug)]
pub(crate) struct File {
    /// The last part of its URL.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) octets: Vec<u8>,
    /// True for XML that is not packed.
    pub(crate) plain: bool,
    /// The place of its unsigned copy, where it is signed.
    pub(crate) unsigned: Option<String>,
}

/// All packages, by their places.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    files: HashMap<String, Arc<File>>,
    ages: VecDeque<String>,
    octets: usize,
}

impl Shelf {
    /// Puts a file at a place. False for one that is too large for the shelf.
    pub(crate) fn put(&mut self, place: String, file: File) -> bool {
        if file.octets.len() > OCTETS {
            return false;
        }
        self.octets += file.octets.len();
        self.files.insert(place.clone(), Arc::new(file));
        self.ages.push_back(place);
        while self.octets > OCTETS || self.ages.len() > PACKAGES {
            let Some(oldest) = self.ages.pop_front() else {
                break;
            };
            if let Some(gone) = self.files.remove(&oldest) {
                self.octets -= gone.octets.len();
            }
        }
        true
    }

    /// The file at a place.
    pub(crate) fn at(&self, place: &str) -> Option<Arc<File>> {
        self.files.get(place).cloned()
    }

    /// The place and the file of a URL that leads to one.
    pub(crate) fn of_url(&self, url: &str) -> Option<Arc<File>> {
        let (_, rest) = url.split_once(PATH)?;
        self.at(rest.split('/').next()?)
    }

    /// Takes everything away.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Serves the file at a place, under its name only.
pub(super) async fn file(
    State(server): State<Arc<Server>>,
    Extension(connection): Extension<Connection>,
    Path((place, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    let switches = &server.switches;
    if request.method() == Method::HEAD {
        connection.wish.bodiless();
    }
    let file = server.state().shelf.at(&place);
    let file = file.filter(|file| file.name == name && !switches.on("href-leads-nowhere"));
    let Some(file) = file else {
        return (StatusCode::NOT_FOUND, "no such package\n").into_response();
    };
    match *request.method() {
        Method::GET => get(switches, &place, &file, request.headers()),
        Method::HEAD => get(switches, &place, &file, &HeaderMap::new()),
        _ => {
            let allow = [(header::ALLOW, "GET, HEAD")];
            (StatusCode::METHOD_NOT_ALLOWED, allow, "only GET\n").into_response()
        }
    }
}

fn get(switches: &Switches, place: &str, file: &File, fields: &HeaderMap) -> Response {
    static TIMES: AtomicU64 = AtomicU64::new(1);
    let mut data = &file.octets[..];
    if switches.on("package-cut-short") {
        data = &data[..data.len() / 2];
    }
    let tag = if switches.on("package-tag-changes") {
        format!("\"{place}-{}\"", TIMES.fetch_add(1, Ordering::Relaxed))
    } else {
        format!("\"{place}\"")
    };
    let text = |name: HeaderName| fields.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_NONE_MATCH).is_some_and(|known| known == "*" || known.contains(&tag)) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let same = text(header::IF_RANGE).is_none_or(|known| known == tag || known == MODIFIED);
    let ask = match text(header::RANGE) {
        Some(range) if same => asked(range, data.len()),
        _ => Ask::All,
    };
    let (status, range, part) = match ask {
        Ask::All => (StatusCode::OK, None, data.to_vec()),
        Ask::Nothing => {
            let range = format!("bytes */{}", data.len());
            (StatusCode::RANGE_NOT_SATISFIABLE, Some(range), Vec::new())
        }
        Ask::Part(from, to) => {
            let shift = usize::from(switches.on("package-range-shifted"));
            let ring = data.iter().cycle().skip(from + shift);
            let range = format!("bytes {from}-{}/{}", to - 1, data.len());
            let part = ring.take(to - from).copied().collect();
            (StatusCode::PARTIAL_CONTENT, Some(range), part)
        }
    };
    let media = match () {
        () if switches.on("package-as-html") => "text/html",
        () if file.plain => "text/xml; charset=utf-8",
        () if switches.on("package-media-cabinet") => "application/vnd.ms-cab-compressed",
        () => "application/octet-stream",
    };
    let mut response = Response::new(Body::from(part));
    *response.status_mut() = status;
    let tag = (!switches.on("package-tag-left-out")).then_some(tag);
    let fields = [
        (header::CONTENT_TYPE, Some(media.to_owned())),
        (header::ACCEPT_RANGES, Some("bytes".to_owned())),
        (header::ETAG, tag),
        (header::LAST_MODIFIED, Some(MODIFIED.to_owned())),
        (header::CONTENT_RANGE, range),
    ];
    for (name, value) in fields {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(size: usize) -> File {
        File {
            name: "a.cpf".into(),
            octets: vec![0; size],
            plain: false,
            unsigned: None,
        }
    }

    #[test]
    fn the_oldest_package_makes_room() {
        let mut shelf = Shelf::default();
        assert!(!shelf.put("huge".into(), of(OCTETS + 1)));
        assert!(shelf.put("old".into(), of(OCTETS - 10)));
        assert!(shelf.put("new".into(), of(11)));
        assert!(shelf.at("old").is_none() && shelf.at("new").is_some());
        assert_eq!(shelf.octets, 11);
        for number in 0..=PACKAGES {
            shelf.put(number.to_string(), of(1));
        }
        assert_eq!(shelf.files.len(), PACKAGES);
    }

    #[test]
    fn a_url_leads_to_a_file_whatever_its_name() {
        let mut shelf = Shelf::default();
        shelf.put("p1".into(), of(1));
        assert!(
            shelf
                .of_url("http://h:1/provisioning/p1/other.cpf")
                .is_some()
        );
        assert!(shelf.of_url("http://h:1/provisioning/p2/a.cpf").is_none());
        assert!(shelf.of_url("p1").is_none());
    }
}
