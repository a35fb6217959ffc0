//! What is wrong with one requirement, given all others.

use super::rows::{is_row, row_of};
use super::{Lint, What, is_kebab, is_sentence, rows, source};
use crate::basis::Level;
use crate::catalogue::LoadedSuite;
use crate::suite::Requirement;

impl<'a> Lint<'a> {
    pub(super) fn requirement(&mut self, loaded: &'a LoadedSuite, requirement: &'a Requirement) {
        self.sentence(loaded, requirement);
        self.reasons(loaded, requirement);
        self.rule(loaded, requirement);
        self.faults(loaded, requirement);
        self.protocols(loaded, requirement);
        for name in requirement.aka.iter().filter(|name| is_row(name)) {
            if rows().iter().any(|row| row.id == row_of(name)) {
                self.once(loaded, What::Row, name, "this row has an entry already");
            } else {
                self.style(loaded, name, "no fact sheet has this row (suites/rows.txt)");
            }
        }
    }

    fn sentence(&mut self, loaded: &'a LoadedSuite, requirement: &'a Requirement) {
        let sentences = [&requirement.must, &requirement.should, &requirement.may];
        let count = sentences
            .iter()
            .filter(|sentence| sentence.is_some())
            .count();
        if count != 1 {
            let how = if count == 0 {
                "none is here"
            } else {
                "more than one is here"
            };
            let message = format!("a requirement has one of must, should and may: {how}");
            self.say(loaded, &requirement.id, &message);
        } else if !is_sentence(requirement.says()) {
            let message = "what a requirement says is a sentence and ends with a full stop";
            self.style(loaded, &requirement.id, message);
        }
        if requirement.r#ref.trim().is_empty() {
            self.style(
                loaded,
                &requirement.id,
                "`ref` names document and section: it is empty",
            );
        }
    }

    /// At most one disposition, with a reason; and nothing that only a tested requirement has.
    fn reasons(&mut self, loaded: &'a LoadedSuite, requirement: &'a Requirement) {
        let reasons = [
            ("open", &requirement.open),
            ("untestable", &requirement.untestable),
            ("implicit", &requirement.implicit),
            ("out-of-scope", &requirement.out_of_scope),
            ("deprecated", &requirement.deprecated),
        ];
        let given: Vec<_> = reasons
            .iter()
            .filter_map(|(name, why)| Some((*name, why.as_ref()?)))
            .collect();
        if given.len() > 1 {
            let names: Vec<_> = given.iter().map(|(name, _)| *name).collect();
            let message = format!("only one of these can hold: {}", names.join(", "));
            self.say(loaded, &requirement.id, &message);
        }
        for (name, why) in given {
            if !is_sentence(why) {
                let message = format!("`{name}` says why, in a sentence with a full stop");
                self.style(loaded, &requirement.id, &message);
            }
            let rule = requirement.each.as_ref().or(requirement.holds.as_ref());
            let rule = rule.or(requirement.dies_by.first());
            if let Some(rule) = rule {
                let message = format!("a requirement that is `{name}` has no rule and no fault");
                self.say(loaded, rule, &message);
            }
        }
    }

    fn rule(&mut self, loaded: &'a LoadedSuite, requirement: &'a Requirement) {
        let Requirement {
            id,
            each,
            when,
            holds,
            always,
            ..
        } = requirement;
        match (each, holds) {
            (Some(each), None) => self.say(loaded, each, "`each` goes with `holds`"),
            (None, Some(holds)) => self.say(loaded, holds, "`holds` goes with `each`"),
            (None, None) if *always => self.say(loaded, id, "`always` goes with a rule"),
            _ => {}
        }
        if let (Some(when), None) = (when, holds) {
            self.say(loaded, when, "`when` goes with `holds`");
        }
        for rule in [when, holds].into_iter().flatten() {
            self.found.extend(source::rule(loaded, rule));
        }
        let mut cases = self.catalogue.cases();
        let is_proved = cases.any(|(_, case)| case.proves.iter().any(|name| **name == **id));
        if requirement.is_tested() && holds.is_none() && !is_proved {
            let message = "neither a rule nor a case judges this requirement; \
                           say `open`, `untestable`, … if it is not tested";
            self.say(loaded, id, message);
        }
    }

    fn faults(&mut self, loaded: &'a LoadedSuite, requirement: &'a Requirement) {
        // A breach of a freedom is a line in the report: no fault can be killed by it.
        let is_killer = requirement.is_tested() && requirement.level() > Level::May;
        if is_killer && requirement.dies_by.is_empty() {
            let message = "a tested requirement names a fault that it catches: `dies-by`";
            self.style(loaded, &requirement.id, message);
        }
        for fault in &requirement.dies_by {
            if !is_kebab(fault) {
                self.style(
                    loaded,
                    fault,
                    "a fault is named in lower-case words and hyphens",
                );
            }
            self.once(
                loaded,
                What::Fault,
                fault,
                "another requirement names this fault",
            );
        }
    }

    fn protocols(&mut self, loaded: &'a LoadedSuite, requirement: &'a Requirement) {
        let Requirement {
            id, r#for, except, ..
        } = requirement;
        let family = loaded.suite.role.family();
        let named = r#for.iter().chain(except.iter().map(|it| &it.r#for));
        if let Some(foreign) = named.copied().find(|it| it.family() != family) {
            let message = format!("{} is no protocol of this role", foreign.name());
            self.say(loaded, id, &message);
        }
        for (nth, exception) in except.iter().enumerate() {
            if !r#for.is_empty() && !r#for.contains(&exception.r#for) {
                self.say(
                    loaded,
                    id,
                    "`except` is for a protocol that `for` leaves out",
                );
            }
            if exception.level == requirement.level() {
                self.style(loaded, id, "`except` gives the level that holds anyway");
            }
            if except
                .iter()
                .take(nth)
                .any(|before| before.r#for == exception.r#for)
            {
                self.say(loaded, id, "`except` names a protocol twice");
            }
        }
    }
}
