//! The nodes of a fetch: what came, and the package that it is.

use std::collections::BTreeMap;

use assay_wire::authenticode::{self, Trust};
use assay_wire::cab::{self, Compression};
use assay_wire::recording::Place;
use assay_wire::{Encoding, Limits, Span, cpf};

use super::document::{self, Nodes, Source};
use super::{Download, Package};
use crate::node::{Arena, Lent, Subject};
use crate::replay::{self, Exchange, within};
use crate::view::http::count;

/// So many octets of downloads are kept for comparison in one case run.
const OCTETS: usize = 16 << 20;

/// What was fetched in a case run.
#[derive(Default)]
pub(super) struct Fetched {
    wholes: BTreeMap<String, Vec<u8>>,
    tags: BTreeMap<String, String>,
    kept: usize,
}

/// What a fetch shows.
pub(super) struct Shown<'a> {
    pub(super) download: Lent<'a, Download>,
    pub(super) package: Option<Lent<'a, Package>>,
    pub(super) document: Option<Nodes<'a>>,
}

/// Whom to trust.
pub(super) struct Roots {
    pub(super) roots: Vec<Vec<u8>>,
    pub(super) at: i64,
}

/// The nodes of a fetch.
pub(super) fn fetch<'a>(
    exchange: &Exchange<'_>,
    fetched: &mut Fetched,
    roots: &Roots,
    arena: &'a Arena,
    limits: &Limits,
) -> Option<Shown<'a>> {
    let request = exchange.request.as_ref()?;
    let response = exchange.response.as_ref();
    let octets = response.map_or(&[][..], |it| it.body.octets.as_slice());
    let path = request.target.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = match name.rsplit_once('.') {
        Some((_, extension)) => extension.to_ascii_lowercase(),
        None => String::new(),
    };
    let from = request.field("range").and_then(|field| first(&field.value));
    let status = response.map_or(0, |it| i64::from(it.status));
    let field = |name: &str| Some(response?.field(name)?.value.trim().to_owned());
    let etag = field("etag");
    let promised: Option<usize> = field("content-length").and_then(|it| it.parse().ok());
    let is_whole = promised.is_none_or(|promised| promised == octets.len());
    let known = fetched.wholes.get(path);
    let start = match (status, from) {
        (206, Some(from)) => Some(from),
        (200, _) => Some(0),
        _ => None,
    };
    let same = known.zip(start).map(|(whole, start)| {
        whole
            .get(start..)
            .is_some_and(|rest| rest.starts_with(octets))
    });
    let before = fetched.tags.get(path);
    let fields = Download {
        path: path.to_owned(),
        name: name.to_owned(),
        extension: extension.clone(),
        status,
        media: field("content-type")
            .and_then(|value| assay_wire::media::parse(&value))
            .map(|media| media.essence),
        octets: count(octets.len()),
        complete: is_whole && exchange.broke.is_none(),
        cabinet: octets.starts_with(&cab::MAGIC),
        ranged: from.is_some(),
        known: same.is_some(),
        same: same.unwrap_or_default(),
        etag_changed: before.is_some_and(|before| Some(before) != etag.as_ref()),
        etag: etag.clone(),
    };
    let place = exchange.place();
    let download = fields.at(arena, place);
    if let Some(etag) = etag {
        fetched.tags.entry(path.to_owned()).or_insert(etag);
    }
    if status != 200 || from.is_some() {
        return Some(Shown {
            download,
            package: None,
            document: None,
        });
    }
    if fetched.kept + octets.len() <= OCTETS && !fetched.wholes.contains_key(path) {
        fetched.kept += octets.len();
        fetched.wholes.insert(path.to_owned(), octets.to_vec());
    }
    let body = response.map(|it| &it.body);
    let place_of = |span: Span| Some(within(place, body?.raw(span)));
    let is_rom = extension == "provxml";
    let (package, document) = if octets.starts_with(&cab::MAGIC) || extension == "cpf" {
        let (package, document) = package(&extension, octets, roots, place, arena, limits);
        (Some(package), document)
    } else {
        let source = Source {
            from: "rom",
            octets,
            encoding: Encoding::Xml,
            place: &place_of,
            sec: None,
            roles: i64::from(u16::MAX),
        };
        let document = is_rom
            .then(|| document::read(&source, arena, limits))
            .flatten();
        (None, document)
    };
    Some(Shown {
        download,
        package,
        document,
    })
}

/// The nodes of a cabinet, and of the document in it.
fn package<'a>(
    extension: &str,
    octets: &[u8],
    roots: &Roots,
    place: Place,
    arena: &'a Arena,
    limits: &Limits,
) -> (Lent<'a, Package>, Option<Nodes<'a>>) {
    let base = Package {
        extension: extension.to_owned(),
        chain_checked: !roots.roots.is_empty(),
        ..Package::default()
    };
    let package = match cpf::read(octets, limits) {
        Ok(package) => package,
        Err(bad) => {
            let fields = Package {
                notes: vec![bad.kind.to_owned()],
                ..base
            };
            return (fields.at(arena, place), None);
        }
    };
    let trust = Trust {
        roots: &roots.roots,
        at: roots.at,
    };
    let facts = authenticode::verify(octets, &package.cabinet, &trust, limits);
    let mut compressions: Vec<String> = Vec::new();
    for folder in &package.cabinet.folders {
        let word = match folder.compression {
            Compression::Stored => "stored",
            Compression::Mszip => "mszip",
            _ => "other",
        };
        if !compressions.iter().any(|known| known == word) {
            compressions.push(word.to_owned());
        }
    }
    let setup = package.octets().unwrap_or_default();
    let text = package.document(limits);
    let notes = package.notes.iter().chain(&facts.notes);
    let is_good = text.as_ref().is_ok_and(|(tree, notes)| {
        tree.root().is_some() && !notes.iter().any(|it| replay::is_fault(it.kind))
    });
    let fields = Package {
        readable: true,
        members: package
            .cabinet
            .members
            .iter()
            .map(|it| it.name.clone())
            .collect(),
        compressions,
        signed: facts.span.is_some(),
        digest_ok: facts.digest,
        signature_ok: facts.signature,
        chain_ok: facts.chain,
        document_well_formed: is_good,
        document_utf8: package
            .octets()
            .is_some_and(|it| std::str::from_utf8(it).is_ok()),
        notes: notes.map(|it| it.kind.to_owned()).collect(),
        ..base
    };
    let source = Source {
        from: "package",
        octets: setup,
        encoding: Encoding::Xml,
        place: &|_| Some(place),
        sec: None,
        roles: i64::from(u16::MAX),
    };
    (
        fields.at(arena, place),
        document::read(&source, arena, limits),
    )
}

/// The first octet that a Range asks for (RFC 9110 14.2).
fn first(value: &str) -> Option<usize> {
    let (_, rest) = value.trim().split_once('=')?;
    rest.split_once('-')?.0.trim().parse().ok()
}
