//! `decode`: an annotated dump of a file.

use anyhow::Context as _;
use assay_wire::authenticode::{self, Trust};
use assay_wire::dump::{self, Format};
use assay_wire::{Encoding, Limits, Note, cab};

use crate::args::Decode;
use crate::out;

/// Exit code 0 where the file decodes without a note, 1 where there are notes or no document.
pub(crate) fn decode(args: &Decode) -> anyhow::Result<u8> {
    let name = args.file.display();
    let octets = std::fs::read(&args.file).with_context(|| format!("cannot read {name}"))?;
    let octets = if args.file.extension().is_some_and(|ending| ending == "hex") {
        let text = String::from_utf8(octets).with_context(|| format!("{name} is no text"))?;
        assay_vectors::hex::parse(&text).with_context(|| format!("{name} is no hex"))?
    } else {
        octets
    };
    if args.r#as.is_none() && octets.starts_with(&cab::MAGIC) {
        return Ok(cabinet(&octets));
    }
    let format = match args.r#as.as_deref() {
        Some(word) => Format::named(word).with_context(|| {
            let words = Format::ALL.map(Format::word).join(", ");
            format!("{word} is no form that can be decoded: {words}")
        })?,
        None => dump::sniff(&octets),
    };
    let encoding = match format {
        Format::Xml => Encoding::Xml,
        Format::Wbxml => Encoding::Wbxml,
        _ => {
            let lines = dump::of(&octets, format);
            out::print(dump::render(&octets, &lines));
            return Ok(u8::from(lines.iter().any(dump::is_remark)));
        }
    };
    out::print(dump::render(&octets, &dump::lines(&octets, encoding)));
    match assay_wire::read(&octets, encoding, &LIMITS) {
        Ok(decoded) => Ok(told(&decoded.notes)),
        Err(error) => {
            out::line(format_args!("no document: {error}"));
            Ok(1)
        }
    }
}

/// A file that somebody has already is as long as it is.
const LIMITS: Limits = Limits {
    bytes: usize::MAX,
    ..Limits::TARGET
};

/// A cabinet: its structures, the values of a signature, and what is true of it. Whom to trust is
/// not asked here, so nothing is said of the chain.
fn cabinet(octets: &[u8]) -> u8 {
    out::print(dump::render(octets, &cab::dump::lines(octets)));
    // What it unpacks to stays within the limit, whatever its own length.
    let limits = Limits {
        bytes: octets.len().max(Limits::TARGET.bytes),
        ..Limits::TARGET
    };
    let (cabinet, notes) = match cab::read(octets, &limits) {
        Ok(read) => read,
        Err(error) => {
            out::line(format_args!("no cabinet: {error}"));
            return 1;
        }
    };
    let facts = authenticode::verify(octets, &cabinet, &Trust::default(), &limits);
    if facts.span.is_none() {
        out::line(format_args!("not signed"));
        return told(&notes);
    }
    let word = |is_true| if is_true { "right" } else { "wrong" };
    let signer = facts.signer.as_deref().unwrap_or("nobody who is named");
    out::line(format_args!(
        "signed by {signer}: digest {}, signature {}",
        word(facts.digest),
        word(facts.signature)
    ));
    let is_wrong = !(facts.digest && facts.signature);
    told(&notes).max(u8::from(is_wrong))
}

fn told(notes: &[Note]) -> u8 {
    for note in notes {
        out::line(format_args!(
            "note {} at byte {}: {}",
            note.kind, note.span.at, note.text
        ));
    }
    u8::from(!notes.is_empty())
}
