//! What only shows when all suites are there, and what a parser cannot see: names that stand for
//! nothing, names given twice, rules and prose that YAML would cut, entries without judgement.
//!
//! It does not know the language of rules, nor the faults of a peer: those who have them check them.

mod case;
mod ids;
mod requirement;
mod rows;
mod source;

use std::collections::BTreeMap;

pub use self::ids::{check_ids, ids_with};
pub use self::rows::{Row, rows, uncovered_rows};
use crate::catalogue::{Catalogue, LoadedSuite};
use crate::diagnostic::Diagnostic;
use crate::suite::Requirement;
use crate::words::hint;
use crate::yaml::Located;

/// Everything that is wrong with these suites, ordered by file and place.
pub fn check(catalogue: &Catalogue) -> Vec<Diagnostic> {
    let lint = Lint::of(catalogue);
    ordered(lint.found.into_iter().chain(lint.style))
}

/// What makes a run of these suites mean something else than they say: names that stand for nothing,
/// ids given twice, cases that nothing judges, text that YAML cut. The manners of the built-in suites
/// are left out: how entries are laid out, sentences, faults, rows.
pub fn check_meaning(catalogue: &Catalogue) -> Vec<Diagnostic> {
    ordered(Lint::of(catalogue).found)
}

fn ordered(found: impl IntoIterator<Item = Diagnostic>) -> Vec<Diagnostic> {
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    found
}

struct Lint<'a> {
    catalogue: &'a Catalogue,
    /// What was given before, and where: ids, rows, faults.
    given: BTreeMap<(What, &'a str), String>,
    /// What changes the meaning of a run.
    found: Vec<Diagnostic>,
    /// What does not.
    style: Vec<Diagnostic>,
}

/// What must be given once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Id,
    Row,
    Fault,
}

impl<'a> Lint<'a> {
    fn of(catalogue: &'a Catalogue) -> Self {
        let mut lint = Self {
            catalogue,
            given: BTreeMap::new(),
            found: Vec::new(),
            style: Vec::new(),
        };
        lint.all();
        lint
    }

    fn all(&mut self) {
        self.chapters();
        let catalogue = self.catalogue;
        for loaded in &catalogue.suites {
            source::cut_prose(loaded, &mut self.found);
            source::layout(loaded, &mut self.style);
        }
        for (loaded, requirement) in catalogue.requirements() {
            self.id(loaded, &requirement.id);
            self.requirement(loaded, requirement);
        }
        for (loaded, case) in catalogue.cases() {
            self.id(loaded, &case.id);
            self.case(loaded, case);
        }
        self.control_cycles();
    }

    fn say<T>(&mut self, loaded: &LoadedSuite, value: &Located<T>, message: &str) {
        self.found.push(loaded.diagnostic(value, message));
    }

    fn style<T>(&mut self, loaded: &LoadedSuite, value: &Located<T>, message: &str) {
        self.style.push(loaded.diagnostic(value, message));
    }

    /// Says where it was given before, if it was.
    fn once(
        &mut self,
        loaded: &'a LoadedSuite,
        what: What,
        value: &'a Located<String>,
        message: &str,
    ) {
        let (line, _) = loaded.place(value);
        let place = format!("{}:{line}", loaded.path);
        match self.given.get(&(what, value.as_str())) {
            Some(before) => {
                let message = format!("{message}: before at {before}");
                match what {
                    What::Id => self.say(loaded, value, &message),
                    What::Row | What::Fault => self.style(loaded, value, &message),
                }
            }
            None => {
                self.given.insert((what, value.as_str()), place);
            }
        }
    }

    fn chapters(&mut self) {
        for loaded in &self.catalogue.suites {
            let suite = &loaded.suite;
            let chapter = &suite.chapter;
            let family = suite.role.family().name();
            if suite.assay != 1 {
                let message = "this version of the format is unknown; `assay` must be 1";
                self.found.push(loaded.diagnostic(chapter, message));
            }
            if chapter.split('.').count() < 2 || !chapter.split('.').all(is_kebab) {
                let message = "a chapter is `family.name`, in lower-case words joined by hyphens";
                self.style(loaded, chapter, message);
            } else if chapter.split('.').next() != Some(family) {
                let message = format!("a chapter of this role begins with `{family}.`");
                self.style(loaded, chapter, &message);
            }
        }
    }

    /// An id: of its chapter, in kebab-case, given once and never given before.
    fn id(&mut self, loaded: &'a LoadedSuite, id: &'a Located<String>) {
        let chapter = &loaded.suite.chapter.value;
        let own = id
            .strip_prefix(chapter.as_str())
            .and_then(|rest| rest.strip_prefix('.'));
        match own {
            None => {
                let message = format!("an id begins with the chapter of its file: `{chapter}.`");
                self.style(loaded, id, &message);
            }
            Some(own) if !is_kebab(own) => {
                self.style(
                    loaded,
                    id,
                    "an id ends in lower-case words joined by hyphens",
                );
            }
            Some(_) => {}
        }
        if let Some(why) = ids::retired(id) {
            let message = format!("this id was retired and is never given again: {why}");
            self.style(loaded, id, &message);
        }
        self.once(loaded, What::Id, id, "this id is given twice");
    }

    /// The requirement of a name, or what is wrong with the name.
    fn tested(&mut self, loaded: &LoadedSuite, name: &Located<String>) -> Option<&'a Requirement> {
        let catalogue = self.catalogue;
        let Some((other, requirement)) = catalogue.requirement(name) else {
            let known = catalogue.requirements().map(|(_, known)| known.id.as_str());
            let message = format!("no requirement has this id{}", hint(name, known));
            self.say(loaded, name, &message);
            return None;
        };
        if other.suite.role != loaded.suite.role {
            self.say(loaded, name, "a case judges requirements of its own role");
        }
        if !requirement.is_tested() {
            let disposition = requirement.disposition().name;
            let message = format!("this requirement is `{disposition}`: no case judges it");
            self.say(loaded, name, &message);
        }
        Some(requirement)
    }
}

/// Lower-case words and numbers, joined by single hyphens.
fn is_kebab(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.split('-').all(word)
}

/// One sentence: it has words and ends with a full stop.
fn is_sentence(text: &str) -> bool {
    let text = text.trim();
    text.len() > 1 && text.ends_with('.')
}
