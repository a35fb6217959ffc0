//! An element: its name, its namespace and its attributes.
//!
//! Where it stands among others is for the tree.

use std::borrow::Cow;

use crate::span::Span;

/// A namespace: those of the field have a name here, whatever else was declared is kept as text.
///
/// WBXML has no namespaces on the wire; its reader gives each element that of its code page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Namespace<'a> {
    /// No namespace at all.
    #[default]
    None,
    /// `SYNCML:SYNCML1.0`.
    SyncMl10,
    /// `SYNCML:SYNCML1.1`.
    SyncMl11,
    /// `SYNCML:SYNCML1.2`.
    SyncMl12,
    /// `syncml:metinf`.
    MetInf,
    /// `syncml:devinf`.
    DevInf,
    /// `syncml:dmddf1.2`.
    DmDdf,
    /// Any other, as declared.
    Other(Cow<'a, str>),
}

impl<'a> Namespace<'a> {
    /// The namespace that this URI names.
    pub fn from_uri(uri: impl Into<Cow<'a, str>>) -> Self {
        let uri = uri.into();
        match uri.as_ref() {
            "" => Self::None,
            "SYNCML:SYNCML1.0" => Self::SyncMl10,
            "SYNCML:SYNCML1.1" => Self::SyncMl11,
            "SYNCML:SYNCML1.2" => Self::SyncMl12,
            "syncml:metinf" => Self::MetInf,
            "syncml:devinf" => Self::DevInf,
            "syncml:dmddf1.2" => Self::DmDdf,
            _ => Self::Other(uri),
        }
    }

    /// The URI; empty for none.
    pub fn uri(&self) -> &str {
        match self {
            Self::None => "",
            Self::SyncMl10 => "SYNCML:SYNCML1.0",
            Self::SyncMl11 => "SYNCML:SYNCML1.1",
            Self::SyncMl12 => "SYNCML:SYNCML1.2",
            Self::MetInf => "syncml:metinf",
            Self::DevInf => "syncml:devinf",
            Self::DmDdf => "syncml:dmddf1.2",
            Self::Other(uri) => uri,
        }
    }

    /// Whether it may own memory.
    #[inline]
    pub(super) fn owns(&self) -> bool {
        matches!(self, Self::Other(Cow::Owned(_)))
    }

    /// True for the three namespaces of the SyncML representation protocol.
    pub fn is_syncml(&self) -> bool {
        matches!(self, Self::SyncMl10 | Self::SyncMl11 | Self::SyncMl12)
    }
}

/// One attribute, namespace declarations among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// The name as written, prefix included.
    pub name: Cow<'a, str>,
    /// The value, references resolved.
    pub value: Cow<'a, str>,
    /// The namespace of a prefixed name.
    pub namespace: Namespace<'a>,
    /// Name, equals sign, quotes and value; for WBXML its tokens.
    pub span: Span,
}

impl Attribute<'_> {
    /// The name without its prefix.
    pub fn local(&self) -> &str {
        local(&self.name)
    }

    /// True for `xmlns` and `xmlns:…`.
    pub fn declares(&self) -> bool {
        self.name == "xmlns" || self.name.starts_with("xmlns:")
    }
}

/// An element: start and end token, name, namespace, attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// The name as written, prefix included.
    pub name: Cow<'a, str>,
    /// The namespace that the name is in.
    pub namespace: Namespace<'a>,
    /// Attributes in document order. Empty, mostly, and then it owns no memory.
    pub attributes: Vec<Attribute<'a>>,
    /// The end token; empty (a position) where the start token closes the element itself.
    pub end: Span,
}

impl Element<'_> {
    /// Whether this is its name without its prefix.
    #[inline]
    pub fn is(&self, local: &str) -> bool {
        match self.name.strip_suffix(local) {
            Some(prefix) => prefix.is_empty() || prefix.ends_with(':'),
            None => false,
        }
    }

    /// The name without its prefix.
    pub fn local(&self) -> &str {
        local(&self.name)
    }
}

fn local(name: &str) -> &str {
    // Names are short: a search made for long texts takes longer than they are.
    match name.bytes().rposition(|octet| octet == b':') {
        Some(colon) => name.get(colon + 1..).unwrap_or_default(),
        None => name,
    }
}
