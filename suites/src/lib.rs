//! What is tested, as data: the model of suites and profiles, their loader and their linter.
//!
//! It plays nothing and judges nothing, and it does not know the language of rules: a rule is a
//! text with a place here. The suites themselves stand beside the code, one YAML file a chapter.

pub mod basis;
pub mod catalogue;
pub mod diagnostic;
pub mod lint;
pub mod profile;
pub mod role;
pub mod select;
pub mod step;
pub mod suite;
pub mod uses;
pub mod words;
pub mod yaml;

/// The vectors that steps and expectations name.
pub use assay_vectors as vectors;

pub use catalogue::{Catalogue, LoadedSuite};
pub use diagnostic::Diagnostic;
pub use select::Selector;
