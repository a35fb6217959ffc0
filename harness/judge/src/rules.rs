//! Everything of a catalogue that judging needs, compiled once: the rules of requirements, the
//! rules and goldens of cases. What is wrong with any of it is a diagnostic with its place.
//!
//! What the rules are asked, and what follows from the answer, is in [`crate::monitor`] and
//! [`crate::steps`].

use std::collections::{BTreeMap, BTreeSet};

use assay_suites::step::{Expect, Step};
use assay_suites::suite::{Requirement, Role};
use assay_suites::vectors;
use assay_suites::yaml::Located;
use assay_suites::{Catalogue, Diagnostic, LoadedSuite};

use crate::family::{self, Family};
use crate::finding::Location;
use crate::golden::{self, Golden};
use crate::rule::{Engine, Names, Rule};
use crate::view::Reads;

/// The rules and goldens of a catalogue.
pub struct Rules {
    pub(crate) monitors: Vec<Monitor>,
    pub(crate) expects: BTreeMap<(String, usize), Asked>,
    pub(crate) goldens: BTreeMap<String, Golden>,
    /// What all of them look at.
    pub(crate) reads: Reads,
}

/// The rule of a requirement.
pub(crate) struct Monitor {
    pub(crate) requirement: String,
    pub(crate) role: Role,
    pub(crate) each: &'static str,
    pub(crate) when: Option<Rule>,
    pub(crate) holds: Rule,
    pub(crate) always: bool,
    pub(crate) suite: Location,
}

/// What a `given` or an `expect` asks.
pub(crate) struct Asked {
    pub(crate) golden: Option<String>,
    pub(crate) holds: Option<Rule>,
    pub(crate) suite: Location,
}

impl Rules {
    /// Compiles every rule of a catalogue and reads every golden that it names.
    ///
    /// # Errors
    /// All that is wrong: a rule that is no expression, that names a field which does not exist or
    /// may be absent, that compares what is never equal; a golden that does not exist or is none.
    pub fn compile(catalogue: &Catalogue) -> Result<Self, Vec<Diagnostic>> {
        let mut compiler = Compiler {
            engine: Engine::new(),
            goldens: BTreeMap::new(),
            broken: BTreeSet::new(),
            diagnostics: Vec::new(),
        };
        let mut monitors = Vec::new();
        for (suite, requirement) in catalogue.requirements() {
            monitors.extend(compiler.monitor(suite, requirement));
        }
        let mut expects = BTreeMap::new();
        for (suite, case) in catalogue.cases() {
            for (index, step) in case.steps.iter().enumerate() {
                if let Step::Given(expect) | Step::Expect(expect) = &step.value {
                    let asked = compiler.asked(suite, step, expect);
                    expects.insert((case.id.value.clone(), index), asked);
                }
            }
        }
        if !compiler.diagnostics.is_empty() {
            return Err(compiler.diagnostics);
        }
        let looking = monitors.iter().flat_map(|monitor| {
            let when = monitor.when.iter();
            when.chain([&monitor.holds])
        });
        let asking = expects
            .values()
            .filter_map(|asked: &Asked| asked.holds.as_ref());
        let mut reads = Reads {
            elements: monitors.iter().any(|monitor| monitor.each == "element"),
            ..Reads::default()
        };
        for rule in looking.chain(asking) {
            for (field, way) in rule.fields() {
                let ways = reads.fields.entry(*field).or_default();
                if !ways.contains(way) {
                    ways.push(way.clone());
                }
            }
        }
        Ok(Self {
            monitors,
            expects,
            goldens: compiler.goldens,
            reads,
        })
    }
}

struct Compiler {
    engine: Engine,
    goldens: BTreeMap<String, Golden>,
    broken: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Compiler {
    fn monitor(&mut self, suite: &LoadedSuite, requirement: &Requirement) -> Option<Monitor> {
        if !requirement.is_tested() {
            return None;
        }
        let holds = match (&requirement.holds, &requirement.each, &requirement.when) {
            (Some(holds), _, _) => holds,
            (None, Some(lonely), _) | (None, None, Some(lonely)) => {
                self.wrong(suite, lonely, "a rule needs `holds`");
                return None;
            }
            (None, None, None) => return None,
        };
        let Some(name) = &requirement.each else {
            self.wrong(
                suite,
                holds,
                "a rule needs `each`: the subject that it looks at",
            );
            return None;
        };
        let family = self.family(suite, name)?;
        let Some(each) = family.each().iter().find(|each| each.name == name.value) else {
            let names: Vec<&str> = family.each().iter().map(|each| each.name).collect();
            let names = names.join(", ");
            self.wrong(suite, name, &format!("no such subject; there is {names}"));
            return None;
        };
        let when = match &requirement.when {
            Some(when) => Some(self.rule(suite, when, each.names, None)?),
            None => None,
        };
        Some(Monitor {
            requirement: requirement.id.value.clone(),
            role: suite.suite.role,
            each: each.name,
            holds: self.rule(suite, holds, each.names, when.as_ref())?,
            when,
            always: requirement.always,
            suite: location(suite, &requirement.id),
        })
    }

    /// The family that a suite is about.
    fn family<T>(&mut self, suite: &LoadedSuite, at: &Located<T>) -> Option<&'static dyn Family> {
        let family = family::of(suite.suite.role);
        if family.is_none() {
            self.wrong(suite, at, "no rule can judge the role of this suite yet");
        }
        family
    }

    fn asked(&mut self, suite: &LoadedSuite, step: &Located<Step>, expect: &Expect) -> Asked {
        if expect.golden.is_none() && expect.holds.is_none() {
            self.wrong(suite, step, "says nothing: it needs `golden` or `holds`");
        }
        if let Some(name) = &expect.golden {
            self.golden(suite, name);
        }
        let holds = expect.holds.as_ref().and_then(|holds| {
            let family = self.family(suite, holds)?;
            self.rule(suite, holds, family.shared(), None)
        });
        Asked {
            golden: expect.golden.as_ref().map(|name| name.value.clone()),
            holds,
            suite: location(suite, step),
        }
    }

    fn rule(
        &mut self,
        suite: &LoadedSuite,
        text: &Located<String>,
        names: Names,
        when: Option<&Rule>,
    ) -> Option<Rule> {
        match self.engine.compile(&text.value, names, when.as_slice()) {
            Ok(rule) => Some(rule),
            Err(troubles) => {
                for trouble in troubles {
                    let at = source_offset(&suite.source, text, trouble.at);
                    self.diagnostics
                        .push(suite.diagnostic_at(at, 1, &trouble.message));
                }
                None
            }
        }
    }

    fn golden(&mut self, suite: &LoadedSuite, name: &Located<String>) {
        if self.goldens.contains_key(&name.value) || self.broken.contains(&name.value) {
            return;
        }
        let vector =
            vectors::get(&name.value).filter(|vector| vector.kind == vectors::Kind::Golden);
        let Some(vector) = vector else {
            self.wrong(suite, name, "there is no golden of this name");
            return;
        };
        match golden::parse(vector.text) {
            Ok(golden) => {
                self.goldens.insert(name.value.clone(), golden);
            }
            Err(troubles) => {
                self.broken.insert(name.value.clone());
                for trouble in troubles {
                    let (at, len) = (trouble.span.start(), trouble.span.len as usize);
                    let file = format!("vectors/{}", vector.path);
                    let diagnostic = Diagnostic::new(&file, vector.text, at, len, &trouble.message);
                    self.diagnostics.push(diagnostic);
                }
            }
        }
    }

    fn wrong<T>(&mut self, suite: &LoadedSuite, at: &Located<T>, message: &str) {
        self.diagnostics.push(suite.diagnostic(at, message));
    }
}

fn location<T>(suite: &LoadedSuite, at: &Located<T>) -> Location {
    let (line, _) = suite.place(at);
    Location {
        file: suite.path.clone(),
        line,
    }
}

/// Where an offset in the text of a rule stands in its file. In a block scalar each line of the
/// text has lost its indentation, and the first line has its indicator before it.
fn source_offset(source: &str, text: &Located<String>, offset: usize) -> usize {
    let before = text.value.get(..offset).unwrap_or(&text.value);
    let wanted = before.matches('\n').count();
    let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
    let line_of = |nth: usize| text.value.lines().nth(nth).unwrap_or_default();
    let start = source
        .get(..text.at)
        .map_or(0, |head| head.rfind('\n').map_or(0, |it| it + 1));
    let mut at = start;
    let mut nth = None;
    for line in source
        .get(start..)
        .unwrap_or_default()
        .split_inclusive('\n')
    {
        let trimmed = line.trim();
        // The first line of the rule, and from there line by line.
        let next = match nth {
            None if trimmed.ends_with(line_of(0).trim()) => Some(0),
            None => None,
            Some(nth) => Some(nth + 1),
        };
        if next == Some(wanted) {
            let text = line_of(wanted);
            return at + line.find(text.trim_end()).unwrap_or_default() + column.min(text.len());
        }
        nth = next;
        at += line.len();
    }
    text.at
}
