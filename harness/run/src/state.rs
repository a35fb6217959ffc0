//! What a case run or a requirement comes to in the end: a verdict, or a reason to stand outside.

use assay_judge::Verdict;
use serde::{Deserialize, Serialize};

/// The end of a case run or a requirement.
///
/// The first six are verdicts and have an order, the last two stand outside of it: they are
/// counted and shown, and never count as passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// What was looked at was right.
    Pass,
    /// A recommendation is not followed, or the basis of a requirement is weak.
    Warn,
    /// The question could not be put.
    Inconclusive,
    /// A control did not pass, or a hook that the profile offers did not work.
    Blocked,
    /// A requirement is broken.
    Fail,
    /// The harness is at fault.
    Error,
    /// The target does not claim it.
    NotApplicable,
    /// It needs something that the profile does not give.
    Unreached,
}

impl State {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Pass,
        Self::Warn,
        Self::Inconclusive,
        Self::Blocked,
        Self::Fail,
        Self::Error,
        Self::NotApplicable,
        Self::Unreached,
    ];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Inconclusive => "inconclusive",
            Self::Blocked => "blocked",
            Self::Fail => "fail",
            Self::Error => "error",
            Self::NotApplicable => "not-applicable",
            Self::Unreached => "unreached",
        }
    }

    /// True for what is no verdict.
    pub fn is_outside(self) -> bool {
        matches!(self, Self::NotApplicable | Self::Unreached)
    }

    /// True where a negative case may build on it.
    pub fn is_good(self) -> bool {
        matches!(self, Self::Pass | Self::Warn)
    }

    /// The exit code of a run that comes to this (the table in the README).
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Pass | Self::Warn => 0,
            Self::Fail => 1,
            Self::Inconclusive | Self::Blocked | Self::NotApplicable | Self::Unreached => 2,
            Self::Error => 3,
        }
    }
}

impl From<Verdict> for State {
    /// `none` that is left at the end is an error of the harness.
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Warn => Self::Warn,
            Verdict::Inconclusive => Self::Inconclusive,
            Verdict::Blocked => Self::Blocked,
            Verdict::Fail => Self::Fail,
            Verdict::None | Verdict::Error => Self::Error,
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}
