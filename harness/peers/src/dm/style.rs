//! How an answer is written, where format and transport leave it free.
//!
//! The switches that use these freedoms stand in their tables.

use assay_wire::{Encoding, wbxml, xml};

/// The freedoms.
#[derive(Clone, Debug)]
pub struct Styles {
    /// XML or WBXML.
    pub encoding: Encoding,
    /// How XML is written.
    pub xml: xml::Style,
    /// How WBXML is written.
    pub wbxml: wbxml::Style,
}

impl Styles {
    /// What a plain server writes.
    pub(crate) fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            xml: xml::Style::default(),
            wbxml: wbxml::Style::default(),
        }
    }
}
