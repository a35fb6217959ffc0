//! Verdicts: their order, how they combine, and what they mean for the exit code.
//!
//! Who gives which verdict is decided elsewhere.

use serde::Serialize;

/// What a case, a requirement or a finding comes to. A verdict only ever worsens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Not judged yet. Left at the end it is an error of the harness.
    #[default]
    None,
    /// As it should be.
    Pass,
    /// A recommendation is not followed, or a statement of weak basis is broken.
    Warn,
    /// The question could not be put, or its answer could not be told.
    Inconclusive,
    /// Its control failed, or a hook that the profile offers did not work.
    Blocked,
    /// Broken.
    Fail,
    /// The harness is at fault.
    Error,
}

impl Verdict {
    /// Worsens this verdict to the other, if that is worse.
    pub fn worsen(&mut self, other: Self) {
        *self = (*self).max(other);
    }

    /// The verdict at the end: one that was never given is an error.
    #[must_use]
    pub fn settled(self) -> Self {
        match self {
            Self::None => Self::Error,
            other => other,
        }
    }

    /// The exit code that this verdict asks for: 0 conforms, 1 does not, 2 could not judge, 3 the
    /// harness is at fault. Of several verdicts the worst one decides.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Pass | Self::Warn => 0,
            Self::Fail => 1,
            Self::Inconclusive | Self::Blocked => 2,
            Self::None | Self::Error => 3,
        }
    }

    /// As reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Inconclusive => "inconclusive",
            Self::Blocked => "blocked",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }
}

impl FromIterator<Verdict> for Verdict {
    fn from_iter<I: IntoIterator<Item = Verdict>>(verdicts: I) -> Self {
        verdicts.into_iter().max().unwrap_or_default()
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::Verdict::{self, Blocked, Error, Fail, Inconclusive, None, Pass, Warn};

    #[test]
    fn a_verdict_only_ever_worsens() {
        let mut verdict = None;
        let given = [
            Pass,
            Warn,
            Pass,
            Inconclusive,
            Blocked,
            Fail,
            Warn,
            Error,
            Pass,
        ];
        let after = given.map(|other| {
            verdict.worsen(other);
            verdict
        });
        let expected = [
            Pass,
            Warn,
            Warn,
            Inconclusive,
            Blocked,
            Fail,
            Fail,
            Error,
            Error,
        ];
        assert_eq!(after, expected);
    }

    #[rstest]
    #[case(&[Pass, Warn], 0)]
    #[case(&[Pass, Fail, Blocked], 1)]
    #[case(&[Pass, Inconclusive], 2)]
    #[case(&[Fail, Error], 3)]
    #[case(&[], 3)]
    fn the_worst_verdict_decides_the_exit_code(#[case] verdicts: &[Verdict], #[case] code: u8) {
        assert_eq!(
            verdicts.iter().copied().collect::<Verdict>().exit_code(),
            code
        );
    }
}
