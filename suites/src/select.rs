//! `--only` and `--skip`: patterns over ids.
//!
//! Which ids are matched (of cases, of requirements) is for the caller to say; so is what a pattern
//! pulls in besides, such as the controls of a case.

use globset::{GlobBuilder, GlobMatcher};

/// A pattern that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is no pattern: {why}")]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// Why it is none.
    pub why: String,
}

/// A choice of ids. `*` stands for any letters, dots too: `dm.security.*`, `*nonce*`; `{a,b}` for
/// one of several.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    only: Vec<GlobMatcher>,
    skip: Vec<GlobMatcher>,
}

impl Selector {
    /// Chooses what some pattern of `only` matches (everything if there is none) and no pattern of
    /// `skip` does.
    pub fn new(only: &[String], skip: &[String]) -> Result<Self, PatternError> {
        Ok(Self {
            only: compile(only)?,
            skip: compile(skip)?,
        })
    }

    /// True where the id is chosen.
    pub fn matches(&self, id: &str) -> bool {
        let is_in = self.only.is_empty() || self.only.iter().any(|glob| glob.is_match(id));
        is_in && !self.skip.iter().any(|glob| glob.is_match(id))
    }

    /// True where there is no pattern at all.
    pub fn is_everything(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }

    /// The patterns, of `only` first, that match none of these ids: most likely a slip.
    pub fn unmatched<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> Vec<&str> {
        let ids: Vec<&str> = ids.into_iter().collect();
        let patterns = self.only.iter().chain(&self.skip);
        patterns
            .filter(|glob| !ids.iter().any(|id| glob.is_match(id)))
            .map(|glob| glob.glob().glob())
            .collect()
    }
}

fn compile(patterns: &[String]) -> Result<Vec<GlobMatcher>, PatternError> {
    let one = |pattern: &String| {
        let glob = GlobBuilder::new(pattern).literal_separator(false).build();
        let refuse = |why: String| PatternError {
            pattern: pattern.clone(),
            why,
        };
        if pattern.trim().is_empty() {
            return Err(refuse("it is empty".to_owned()));
        }
        match glob {
            Ok(glob) => Ok(glob.compile_matcher()),
            Err(error) => Err(refuse(error.kind().to_string())),
        }
    };
    patterns.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn selector(only: &[&str], skip: &[&str]) -> Selector {
        let owned = |list: &[&str]| list.iter().map(|&one| one.to_owned()).collect::<Vec<_>>();
        Selector::new(&owned(only), &owned(skip)).unwrap()
    }

    #[rstest]
    #[case::nothing_chooses_all(&[], &[], true)]
    #[case::an_id_chooses_itself(&["dm.security.md5-accepted"], &[], true)]
    #[case::an_id_is_no_prefix(&["dm.security.md5"], &[], false)]
    #[case::a_chapter(&["dm.security.*"], &[], true)]
    #[case::another_chapter(&["dm.http.*"], &[], false)]
    #[case::a_family(&["dm.*"], &[], true)]
    #[case::one_of_several(&["dm.{http,security}.*"], &[], true)]
    #[case::skip_wins(&["dm.*"], &["*md5*"], false)]
    #[case::another_is_skipped(&[], &["dm.http.*"], true)]
    fn patterns_choose(#[case] only: &[&str], #[case] skip: &[&str], #[case] wanted: bool) {
        assert_eq!(
            selector(only, skip).matches("dm.security.md5-accepted"),
            wanted
        );
    }

    #[test]
    fn a_pattern_that_matches_nothing_is_named() {
        let selector = selector(&["dm.security.*", "dm.securty.*"], &["cp.*"]);
        let ids = ["dm.security.md5-accepted", "dm.http.length"];
        assert_eq!(selector.unmatched(ids), ["dm.securty.*", "cp.*"]);
    }

    #[rstest]
    #[case::a_class_that_is_not_closed("dm.[a")]
    #[case::alternatives_that_are_not_closed("dm.{a,b")]
    #[case::nothing("")]
    fn a_pattern_that_is_none_is_an_error(#[case] pattern: &str) {
        let error = Selector::new(&[pattern.to_owned()], &[]).unwrap_err();
        assert_eq!(error.pattern, pattern);
        assert!(error.to_string().contains("is no pattern: "));
    }
}
