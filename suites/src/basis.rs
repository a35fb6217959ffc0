//! How strong a statement is, how it is known, and so how bad a breach of it can be.

use serde::{Deserialize, Serialize};

/// The level of a requirement, as RFC 2119 has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A freedom: a breach is worth a line, never a warning.
    May,
    /// A recommendation: a breach warns.
    Should,
    /// An absolute requirement: a breach fails.
    Must,
}

/// How a statement is known.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Read in the text of the standard.
    #[default]
    Read,
    /// Seen in implementations, captures, or a write-up that cites the standard.
    Seen,
    /// Computed from a formula of the standard.
    Computed,
    /// Inferred from other statements: at most a warning.
    Inferred,
    /// From memory: at most a warning.
    Memory,
}

impl Basis {
    /// True where a breach may fail a target, not only warn.
    pub fn may_fail(self) -> bool {
        matches!(self, Self::Read | Self::Seen | Self::Computed)
    }
}

/// How bad a breach can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worst {
    /// A finding that changes nothing: MAY.
    Note,
    /// A warning.
    Warn,
    /// A failure.
    Fail,
}

/// The worst that a breach of a statement of this level and basis comes to.
pub fn worst(level: Level, basis: Basis) -> Worst {
    match (level, basis.may_fail()) {
        (Level::Must, true) => Worst::Fail,
        (Level::Must, false) | (Level::Should, _) => Worst::Warn,
        (Level::May, _) => Worst::Note,
    }
}
