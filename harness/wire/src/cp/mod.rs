//! OMA client provisioning: the typed views of its documents, of service indications and service
//! loadings, what refers to what in them, and how to build them.
//!
//! Sources are OMA-WAP-ProvCont 1.1, WAP-167, WAP-168 and the Windows Mobile documentation.
//! Whether a document is right is decided elsewhere; how it is pushed is the business of `wsp`,
//! `sms` and `pap`.

mod account;
mod build;
mod document;
mod graph;
mod push;
mod shape;
pub mod si;
pub mod sl;

pub use account::{Account, Auth, Bootstrap, accounts, bootstraps};
pub use build::{AccountDraft, AuthDraft, BootstrapDraft, Draft, NapDraft, ProxyDraft};
pub use document::{Characteristic, Document, Flavour, KINDS, Parm, is_fault};
pub use graph::{Graph, Id, IdKind, Link, Target};
pub use push::{Protection, Unpushable, protected, push};
pub use shape::{Count, ParmShape, SHAPES, Shape, shape};

/// The media type of a document as text.
pub const TEXT_MEDIA: &str = "text/vnd.wap.connectivity-xml";
/// The media type of a document as WBXML.
pub const WBXML_MEDIA: &str = "application/vnd.wap.connectivity-wbxml";
/// The name of the root element.
pub const ROOT: &str = "wap-provisioningdoc";
/// The reserved id of the access point that is any one with access to the Internet.
pub const INTERNET: &str = "INTERNET";
/// The application id of OMA DM.
pub const DM: &str = "w7";

/// The document type, as `xml::Style::doctype` takes it.
pub const DOCTYPE: &str = "wap-provisioningdoc PUBLIC \"-//WAPFORUM//DTD PROV 1.0//EN\" \"http://www.wapforum.org/DTD/prov.dtd\"";
