//! All suites together: read from the binary or from a folder, with lookups by id.
//!
//! Each file is read on its own here; what only shows when all are there (names that stand for
//! nothing, ids given twice) is found by [`crate::lint`]. Of an id given twice the first is found.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::diagnostic::Diagnostic;
use crate::suite::{Case, Requirement, Suite};
use crate::yaml::{self, Located};

static DM: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/dm");
static CP: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/cp");
static PULL: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/pull");

/// How deep a folder of suites may nest.
const MAX_FOLDERS: usize = 8;

/// All suites.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The suites, ordered by path.
    pub suites: Vec<LoadedSuite>,
    requirements: BTreeMap<String, (usize, usize)>,
    cases: BTreeMap<String, (usize, usize)>,
}

/// A suite and the file that it was read from.
#[derive(Clone, Debug)]
pub struct LoadedSuite {
    /// The file: `dm/04-security.yaml` where embedded, else the path as it was found.
    pub path: String,
    /// The text of the file.
    pub source: String,
    /// What it says.
    pub suite: Suite,
}

impl LoadedSuite {
    /// Line and column, from 1, of a value of this file.
    pub fn place<T>(&self, value: &Located<T>) -> (usize, usize) {
        let found = self.diagnostic(value, "");
        (found.line, found.column)
    }

    /// What is wrong with a value of this file.
    pub fn diagnostic<T>(&self, value: &Located<T>, message: &str) -> Diagnostic {
        self.diagnostic_at(value.at, value.len, message)
    }

    /// What is wrong inside a text that stands in a literal block scalar (`|`), as rules do: so many
    /// bytes from an offset of the text as it was read, without its indentation.
    pub fn diagnostic_inside(
        &self,
        text: &Located<String>,
        offset: usize,
        len: usize,
        message: &str,
    ) -> Diagnostic {
        let before = text.value.get(..offset).unwrap_or(&text.value);
        let row = before.matches('\n').count();
        let within = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
        let source = self.source.get(text.at..).unwrap_or_default();
        let skipped: usize = source.split_inclusive('\n').take(row).map(str::len).sum();
        // The first line begins at the text itself; the others are indented as it is.
        let line = source.get(skipped..).unwrap_or_default();
        let line_start = self.source[..text.at]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        let spaces = line.len() - line.trim_start_matches(' ').len();
        let indent = if row == 0 {
            0
        } else {
            spaces.min(text.at - line_start)
        };
        self.diagnostic_at(text.at + skipped + indent + within, len, message)
    }

    /// What is wrong at so many bytes from an offset of this file.
    pub fn diagnostic_at(&self, at: usize, len: usize, message: &str) -> Diagnostic {
        Diagnostic::new(&self.path, &self.source, at, len, message)
    }
}

impl Catalogue {
    /// The suites of this build. An error here is a mistake in the build, which its tests catch.
    pub fn embedded() -> Result<Self, Vec<Diagnostic>> {
        let mut files = Vec::new();
        for (family, dir) in [("cp", &CP), ("dm", &DM), ("pull", &PULL)] {
            embedded_files(family, dir, &mut files);
        }
        Self::from_sources(files)
    }

    /// The suites of a folder and the folders in it, but for those named `profiles` and `schema`.
    pub fn from_dir(dir: &Path) -> Result<Self, Vec<Diagnostic>> {
        let mut paths = Vec::new();
        let mut problems = Vec::new();
        find(dir, MAX_FOLDERS, &mut paths, &mut problems);
        if paths.is_empty() && problems.is_empty() {
            let folder = dir.display().to_string();
            problems.push(Diagnostic::of_file(
                &folder,
                "holds no suite: no file ends in .yaml",
            ));
        }
        let mut files = Vec::new();
        for path in paths {
            match yaml::read_file(&path) {
                Ok(source) => files.push((path.display().to_string(), source)),
                Err(problem) => problems.push(problem),
            }
        }
        match Self::from_sources(files) {
            Ok(catalogue) if problems.is_empty() => Ok(catalogue),
            Ok(_) => Err(problems),
            Err(more) => {
                problems.extend(more);
                Err(problems)
            }
        }
    }

    /// Suites from their paths and texts. Every file is read, so every broken one is named.
    pub fn from_sources(
        files: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut suites = Vec::new();
        let mut problems = Vec::new();
        for (path, source) in files {
            match yaml::read::<Suite>(&path, &source) {
                Ok(suite) => suites.push(LoadedSuite {
                    path,
                    source,
                    suite,
                }),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        suites.sort_by(|a, b| a.path.cmp(&b.path));
        let mut catalogue = Self {
            suites,
            ..Self::default()
        };
        for (nth, loaded) in catalogue.suites.iter().enumerate() {
            for (inner, requirement) in loaded.suite.requirements.iter().enumerate() {
                let id = requirement.id.value.clone();
                catalogue.requirements.entry(id).or_insert((nth, inner));
            }
            for (inner, case) in loaded.suite.cases.iter().enumerate() {
                catalogue
                    .cases
                    .entry(case.id.value.clone())
                    .or_insert((nth, inner));
            }
        }
        Ok(catalogue)
    }

    /// The requirement of this id, and the suite that it stands in.
    pub fn requirement(&self, id: &str) -> Option<(&LoadedSuite, &Requirement)> {
        let (nth, inner) = *self.requirements.get(id)?;
        let loaded = self.suites.get(nth)?;
        Some((loaded, loaded.suite.requirements.get(inner)?))
    }

    /// The case of this id, and the suite that it stands in.
    pub fn case(&self, id: &str) -> Option<(&LoadedSuite, &Case)> {
        let (nth, inner) = *self.cases.get(id)?;
        let loaded = self.suites.get(nth)?;
        Some((loaded, loaded.suite.cases.get(inner)?))
    }

    /// All requirements in the order of the files.
    pub fn requirements(&self) -> impl Iterator<Item = (&LoadedSuite, &Requirement)> {
        self.suites.iter().flat_map(|loaded| {
            loaded
                .suite
                .requirements
                .iter()
                .map(move |requirement| (loaded, requirement))
        })
    }

    /// All cases in the order of the files.
    pub fn cases(&self) -> impl Iterator<Item = (&LoadedSuite, &Case)> {
        self.suites
            .iter()
            .flat_map(|loaded| loaded.suite.cases.iter().map(move |case| (loaded, case)))
    }
}

fn embedded_files(family: &str, dir: &'static Dir<'static>, files: &mut Vec<(String, String)>) {
    for file in dir.files() {
        let path = file.path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            let text = String::from_utf8_lossy(file.contents()).into_owned();
            files.push((format!("{family}/{}", path.display()), text));
        }
    }
    for inner in dir.dirs() {
        embedded_files(family, inner, files);
    }
}

fn find(
    dir: &Path,
    deeper: usize,
    paths: &mut Vec<std::path::PathBuf>,
    problems: &mut Vec<Diagnostic>,
) {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            let folder = dir.display().to_string();
            problems.push(Diagnostic::of_file(
                &folder,
                &format!("cannot be read: {error}"),
            ));
            return;
        }
    };
    let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if path.is_dir() {
            if deeper > 0 && !name.starts_with('.') && !matches!(name, "profiles" | "schema") {
                find(&path, deeper - 1, paths, problems);
            }
        } else if path
            .extension()
            .is_some_and(|ending| ending == "yaml" || ending == "yml")
        {
            paths.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const SUITE: &str = "assay: 1
role: dm-server
chapter: dm.small
standard: Grüße
requirements:
  - id: dm.small.rule
    must: It does.
    ref: A standard 1
    each: reply
    holds: |
      reply.says &&

        reply.more &&
      wrong
";

    #[rstest]
    #[case::first_line("says", 11, 13)]
    #[case::a_line_that_is_indented_further("more", 13, 15)]
    #[case::last_line("wrong", 14, 7)]
    fn a_place_inside_a_rule_is_a_place_in_the_file(
        #[case] word: &str,
        #[case] line: usize,
        #[case] column: usize,
    ) {
        let files = [("dm/small.yaml".to_owned(), SUITE.to_owned())];
        let catalogue = Catalogue::from_sources(files).unwrap();
        let (loaded, requirement) = catalogue.requirement("dm.small.rule").unwrap();
        let rule = requirement.holds.as_ref().unwrap();
        let offset = rule.value.find(word).unwrap();
        let found = loaded.diagnostic_inside(rule, offset, word.len(), "here");
        assert_eq!((found.line, found.column), (line, column));
        assert_eq!(&found.source[found.marked], word);
    }
}
