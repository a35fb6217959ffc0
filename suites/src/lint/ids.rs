//! The list of all ids ever given: an id never changes its meaning and is never given again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostic;

static TEXT: &str = include_str!("../../ids.txt");
static IDS: LazyLock<Ids<'static>> = LazyLock::new(|| Ids::read(TEXT));

const FILE: &str = "ids.txt";

/// The list, as it is written.
struct Ids<'a> {
    /// The ids in the order of their lines, with the offset of each.
    given: Vec<(usize, &'a str)>,
    /// The ids that were given up, and why.
    retired: BTreeMap<&'a str, &'a str>,
}

impl<'a> Ids<'a> {
    fn read(text: &'a str) -> Self {
        let mut ids = Self {
            given: Vec::new(),
            retired: BTreeMap::new(),
        };
        let mut is_retired = false;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let line = line.trim_end();
            match line.split_once(": ") {
                _ if line.is_empty() || line.starts_with('#') => {}
                _ if line == "retired:" => is_retired = true,
                Some((id, why)) if is_retired => {
                    ids.retired.insert(id, why);
                }
                _ => ids.given.push((start, line)),
            }
        }
        ids
    }
}

/// Why an id was retired, if it was.
pub(super) fn retired(id: &str) -> Option<&'static str> {
    IDS.retired.get(id).copied()
}

/// What is wrong between the suites of this build and the list of their ids (`suites/ids.txt`).
pub fn check_ids(catalogue: &Catalogue) -> Vec<Diagnostic> {
    compare(catalogue, TEXT, &IDS)
}

fn compare(catalogue: &Catalogue, text: &str, ids: &Ids<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let listed: BTreeSet<&str> = ids.given.iter().map(|(_, id)| *id).collect();
    let requirements = catalogue
        .requirements()
        .map(|(loaded, entry)| (loaded, &entry.id));
    let cases = catalogue.cases().map(|(loaded, entry)| (loaded, &entry.id));
    let mut used = BTreeSet::new();
    for (loaded, id) in requirements.chain(cases) {
        used.insert(id.as_str());
        if !listed.contains(id.as_str()) {
            let message = "this id is not in the list of all ids (suites/ids.txt): add it there";
            found.push(loaded.diagnostic(id, message));
        }
    }
    let mut before = "";
    for (at, id) in &ids.given {
        let mut say = |message: &str| {
            found.push(Diagnostic::new(FILE, text, *at, id.len(), message));
        };
        if !used.contains(id) {
            say("no entry has this id; an id that is given up is moved below `retired:`");
        }
        if *id == before {
            say("this id is listed twice");
        } else if *id < before {
            say("the list is sorted: this id stands too late");
        }
        if ids.retired.contains_key(id) {
            say("this id is retired");
        }
        before = id;
    }
    found
}

/// The text of the list with the ids of these suites added. Nothing is taken out.
pub fn ids_with(catalogue: &Catalogue) -> String {
    extended(catalogue, TEXT, &IDS)
}

fn extended(catalogue: &Catalogue, text: &str, ids: &Ids<'_>) -> String {
    let requirements = catalogue.requirements().map(|(_, entry)| entry.id.as_str());
    let cases = catalogue.cases().map(|(_, entry)| entry.id.as_str());
    let listed = ids.given.iter().map(|(_, id)| *id);
    let all: BTreeSet<&str> = listed.chain(requirements).chain(cases).collect();
    let head = text.lines().take_while(|line| line.starts_with('#'));
    let given = all.into_iter().filter(|id| !ids.retired.contains_key(id));
    let retired = ids.retired.iter().map(|(id, why)| format!("{id}: {why}"));
    let lines = head
        .chain([""])
        .chain(given)
        .chain(["", "retired:"])
        .map(str::to_owned);
    lines.chain(retired).map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUITE: &str = "# yaml-language-server: $schema=../schema/suite.json
assay: 1
role: dm-server
chapter: dm.x
standard: A standard
requirements:
  - {id: dm.x.second, must: It does., ref: A standard 1, open: Not yet.}
  - {id: dm.x.first, must: It does., ref: A standard 1, open: Not yet.}
";

    fn catalogue() -> Catalogue {
        Catalogue::from_sources([("dm/x.yaml".to_owned(), SUITE.to_owned())]).unwrap()
    }

    fn told(list: &str) -> String {
        let found = compare(&catalogue(), list, &Ids::read(list));
        found
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_complete_list_is_right() {
        assert_eq!(
            told("# All.\n\ndm.x.first\ndm.x.second\n\nretired:\ndm.x.old: Split.\n"),
            ""
        );
    }

    #[test]
    fn every_difference_is_told_with_its_place() {
        let list = "# All.\n\ndm.x.second\ndm.x.gone\ndm.x.gone\n\nretired:\ndm.x.second: Why.\n";
        insta::assert_snapshot!(told(list));
    }

    #[test]
    fn a_list_grows_and_forgets_nothing() {
        let list = "# All.\n\ndm.x.gone\n\nretired:\ndm.x.old: Split.\n";
        let longer = extended(&catalogue(), list, &Ids::read(list));
        let wanted = "# All.\n\ndm.x.first\ndm.x.gone\ndm.x.second\n\nretired:\ndm.x.old: Split.\n";
        assert_eq!(longer, wanted);
    }
}
