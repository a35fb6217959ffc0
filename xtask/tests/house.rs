//! What the rooms of this house have agreed on, where no compiler sees it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use assay_suites::Catalogue;

/// No source or suite is longer; 400 lines are what to aim at.
const LONGEST: usize = 600;

/// A file of the workspace.
struct Source {
    /// From the root of the workspace.
    path: String,
    text: String,
}

impl Source {
    /// Whether any line names this outside comments, as a path of Rust does.
    fn names(&self, name: &str) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let named = |line: &str| {
            line.match_indices(name).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                let behind = &line[at + name.len()..];
                before.is_none_or(|c| !is_word(c) && c != ':')
                    && ["::", ";", " as "]
                        .iter()
                        .any(|end| behind.starts_with(end))
            })
        };
        let mut code = self.text.lines().map(str::trim_start);
        code.any(|line| !line.starts_with("//") && named(line))
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files below these rooms with one of these endings.
fn sources(rooms: &[&str], endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = rooms.iter().map(PathBuf::from).collect();
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(root().join(&folder)).expect("a folder");
        for entry in entries {
            let entry = entry.expect("an entry");
            let path = folder.join(entry.file_name());
            if entry.file_type().expect("a type").is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|it| endings.iter().any(|ending| it == *ending))
            {
                let text = std::fs::read_to_string(root().join(&path)).expect("text");
                let path = path.to_str().expect("a path").to_owned();
                found.push(Source { path, text });
            }
        }
    }
    assert!(!found.is_empty(), "nothing in {rooms:?}");
    found
}

const ROOMS: &[&str] = &["suites", "vectors", "harness", "reports", "xtask"];

/// The paths of those that are so.
fn those(sources: &[Source], are: impl Fn(&Source) -> bool) -> Vec<&str> {
    let those = sources.iter().filter(|source| are(source));
    let mut paths: Vec<&str> = those.map(|source| source.path.as_str()).collect();
    paths.sort_unstable();
    paths
}

#[test]
fn a_file_has_one_idea_and_says_which() {
    let is_long = |source: &Source| source.text.lines().count() > LONGEST;
    let none: &[&str] = &[];
    assert_eq!(those(&sources(ROOMS, &["rs"]), is_long), none);
    assert_eq!(those(&sources(&["suites"], &["yaml"]), is_long), none);
    let is_silent = |source: &Source| !source.text.starts_with("//! ");
    assert_eq!(those(&sources(ROOMS, &["rs"]), is_silent), none);
}

#[test]
fn what_may_change_under_us_is_named_in_one_file() {
    let rust = sources(ROOMS, &["rs"]);
    for (name, place) in [
        ("cel", "harness/judge/src/rule.rs"),
        ("serde_yaml", "suites/src/yaml.rs"),
    ] {
        assert_eq!(those(&rust, |source| source.names(name)), [place]);
    }
}

#[test]
fn who_judges_and_who_reads_talks_to_nobody() {
    let pure = sources(&["harness/wire/src", "harness/judge/src"], &["rs"]);
    for name in [
        "tokio",
        "reqwest",
        "hyper",
        "std::fs",
        "std::process",
        "std::thread",
    ] {
        let none: &[&str] = &[];
        assert_eq!(those(&pure, |source| source.names(name)), none, "{name}");
    }
}

#[test]
fn arrows_point_down() {
    let manifests = sources(ROOMS, &["toml"]);
    for (room, may) in [
        ("vectors", &[][..]),
        ("suites", &["vectors"]),
        ("harness/wire", &[]),
        ("harness/judge", &["wire", "suites"]),
        ("harness/drive", &["wire", "suites"]),
        ("harness/run", &["judge", "drive", "suites", "wire"]),
        ("harness/peers", &["wire"]),
        ("reports", &["run", "judge", "suites"]),
    ] {
        let is_its = |manifest: &&Source| manifest.path == format!("{room}/Cargo.toml");
        let manifest = manifests.iter().find(is_its).expect("a manifest");
        let (_, rest) = manifest.text.split_once("\n[dependencies]\n").expect(room);
        let (normal, _) = rest.split_once("\n[").unwrap_or((rest, ""));
        let ours = normal
            .lines()
            .filter_map(|line| line.strip_prefix("assay-"));
        let ours: BTreeSet<&str> = ours
            .filter_map(|line| line.split(['.', ' ']).next())
            .collect();
        let may: BTreeSet<&str> = may.iter().copied().collect();
        assert!(ours.is_subset(&may), "{room} leans on {ours:?}");
    }
}

#[test]
fn peers_know_no_requirement() {
    let catalogue = Catalogue::embedded().expect("the suites load");
    let ids: Vec<&str> = catalogue
        .requirements()
        .map(|(_, requirement)| requirement.id.value.as_str())
        .collect();
    let knows = |source: &Source| ids.iter().any(|id| source.text.contains(id));
    let none: &[&str] = &[];
    assert_eq!(those(&sources(&["harness/peers"], &["rs"]), knows), none);
}

#[test]
fn no_test_is_left_out() {
    let rust = sources(ROOMS, &["rs"]);
    let ignores = |source: &Source| {
        let mut lines = source.text.lines().map(str::trim);
        lines.any(|line| line.starts_with("#[ignore"))
    };
    let none: &[&str] = &[];
    assert_eq!(those(&rust, ignores), none);
}
