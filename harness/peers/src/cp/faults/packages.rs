//! Faults of packages and of the host that serves them.

use assay_wire::authenticode::Lie;
use assay_wire::authenticode::specimen::Specimen;
use assay_wire::cab::Compression;

use crate::cp::packing::{Extension, Packing};
use crate::switch::Fault;
use crate::table::cp::{logic, packing};

/// The code of LZX with a window of 2^21 octets.
const LZX: u16 = 0x1503;

pub(super) const PACKAGES: &[Fault] = &[
    packing(
        "package-of-two-members",
        "packs a second member",
        |packing| {
            let member = (
                "readme.txt".to_owned(),
                b"Nothing to see here.\r\n".to_vec(),
            );
            packing.members.push(member);
        },
    ),
    packing(
        "package-member-misnamed",
        "packs the document under another name",
        |packing| {
            for member in &mut packing.members {
                "setup.xml".clone_into(&mut member.0);
            }
        },
    ),
    packing(
        "package-without-cabinet",
        "serves the document where a cabinet is due",
        |packing| packing.bare = true,
    ),
    packing(
        "package-document-malformed",
        "packs a document without its last end tag",
        |packing| {
            document(packing, |document| {
                let last = document.iter().rposition(|&octet| octet == b'<');
                document.truncate(last.unwrap_or(0));
            });
        },
    ),
    packing(
        "package-document-in-utf-16",
        "packs a document in UTF-16",
        |packing| {
            document(packing, |document| {
                let text = String::from_utf8_lossy(document).replace("UTF-8", "UTF-16");
                let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
                *document = units.flat_map(u16::to_le_bytes).collect();
            });
        },
    ),
    packing(
        "package-compression-unknown",
        "says LZX in the folder of the cabinet",
        |packing| packing.compression = Some(LZX),
    ),
    packing(
        "compression-not-asked",
        "compresses what is to be stored",
        |packing| {
            if packing.style.compression == Compression::Stored {
                packing.style.compression = Compression::Mszip;
            }
        },
    ),
    packing(
        "signature-not-asked",
        "signs what is not to be signed",
        |packing| {
            packing.signer.get_or_insert(Specimen::Good);
        },
    ),
    packing(
        "signature-left-out",
        "does not sign what is to be signed",
        |packing| packing.signer = None,
    ),
    packing(
        "signature-of-other-octets",
        "signs other octets than it serves",
        |packing| packing.lie = Some(Lie::Digest),
    ),
    packing(
        "signature-by-stranger",
        "signs with a certificate that nobody trusts",
        |packing| packing.signer = packing.signer.map(|_| Specimen::Foreign),
    ),
    packing(
        "package-without-extension",
        "serves packages under names without extension",
        |packing| {
            if packing.extension != Extension::Provxml {
                let stem = packing.file_name.split('.').next();
                packing.file_name = stem.unwrap_or_default().to_owned();
            }
        },
    ),
    logic("package-cut-short", "serves half of a package"),
    logic("package-as-html", "serves packages as HTML"),
    packing(
        "desktop-package-as-cpf",
        "serves packages for the desktop as .cpf",
        |packing| {
            if packing.extension == Extension::Cab {
                packing.file_name = packing.file_name.replace(".cab", ".cpf");
            }
        },
    ),
    packing(
        "plain-document-offered",
        "offers the document as it is, under .provxml",
        |packing| {
            if packing.extension != Extension::Provxml {
                packing.bare = true;
                let stem = packing.file_name.split('.').next().unwrap_or_default();
                packing.file_name = format!("{stem}.provxml");
            }
        },
    ),
    logic("package-tag-changes", "gives another ETag each time"),
    logic(
        "package-range-shifted",
        "serves ranges from one octet later",
    ),
    packing(
        "rom-name-without-order",
        "names documents for the ROM without class and order",
        |packing| {
            if packing.extension == Extension::Provxml {
                let name = packing.file_name.trim_start_matches("mxip_");
                packing.file_name = name.replace("_100.", ".");
            }
        },
    ),
    packing(
        "rom-name-of-microsoft",
        "names documents for the ROM like those of Microsoft",
        |packing| {
            if packing.extension == Extension::Provxml {
                packing.file_name = String::from("mxip_microsoft_100.provxml");
            }
        },
    ),
];

fn document(packing: &mut Packing, change: fn(&mut Vec<u8>)) {
    if let Some(member) = packing.members.first_mut() {
        change(&mut member.1);
    }
}
