//! Packs a document: a cabinet with one member, stored or compressed, signed or not.
//!
//! Where packages are kept and served is the business of `packages`.

use assay_wire::authenticode::specimen::Specimen;
use assay_wire::authenticode::{self, Lie};
use assay_wire::cab::{self, Compression, Entry};

/// The member that a device looks for.
const MEMBER: &str = "_setup.xml";
/// Where the first folder of a cabinet says its compression, behind what is reserved in the header.
const COMPRESSION: usize = 36 + 6;

/// What a package is asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// A provisioning file.
    Cpf,
    /// A cabinet for the installer.
    Cab,
    /// A document for the ROM of a device, not packed.
    Provxml,
}

/// A package before it is packed.
#[derive(Clone, Debug)]
pub struct Packing {
    /// What it is asked to be.
    pub extension: Extension,
    /// Its members.
    pub members: Vec<(String, Vec<u8>)>,
    /// How it is packed.
    pub style: cab::Style,
    /// The code of the compression in the folder, where it is another than the true one.
    pub compression: Option<u16>,
    /// Whose signature it gets.
    pub signer: Option<Specimen>,
    /// What the signature does not tell truly.
    pub lie: Option<Lie>,
    /// No cabinet at all: the first member as it is.
    pub bare: bool,
    /// The file name.
    pub file_name: String,
}

impl Packing {
    /// The usual way to pack a document.
    pub(crate) fn new(
        name: &str,
        extension: Extension,
        document: Vec<u8>,
        compression: Compression,
        signed: bool,
    ) -> Self {
        let file_name = match extension {
            Extension::Cpf => format!("{name}.cpf"),
            Extension::Cab => format!("{name}.cab"),
            Extension::Provxml => format!("mxip_{name}_100.provxml"),
        };
        let style = cab::Style {
            compression,
            ..cab::Style::default()
        };
        Self {
            extension,
            members: vec![(MEMBER.to_owned(), document)],
            style,
            compression: None,
            signer: signed.then_some(Specimen::Good),
            lie: None,
            bare: extension == Extension::Provxml,
            file_name,
        }
    }

    /// The octets of the file.
    ///
    /// # Errors
    /// What cannot be packed, in words.
    pub(crate) fn write(&self) -> Result<Vec<u8>, String> {
        if self.bare {
            let first = self.members.first();
            return Ok(first.map(|member| member.1.clone()).unwrap_or_default());
        }
        let entries: Vec<Entry> = self
            .members
            .iter()
            .map(|(name, contents)| Entry::new(name.clone(), contents.clone()))
            .collect();
        let mut octets = cab::write(&entries, &self.style).map_err(|error| error.to_string())?;
        if let Some(code) = self.compression {
            let reserved = match self.style.reserve.len() {
                0 => 0,
                length => 4 + length,
            };
            let at = COMPRESSION + reserved;
            if let Some(place) = octets.get_mut(at..at + 2) {
                place.copy_from_slice(&code.to_le_bytes());
            }
        }
        if let Some(signer) = self.signer {
            let signer = signer.signer().map_err(|error| error.to_string())?;
            let style = authenticode::Style {
                lie: self.lie,
                ..authenticode::Style::default()
            };
            octets = signer
                .sign(&octets, &style)
                .map_err(|error| error.to_string())?;
        }
        Ok(octets)
    }
}
