//! What is wrong with one case and its steps, given all others.

use std::collections::BTreeSet;

use assay_vectors::Kind;

use super::{Lint, is_sentence, source};
use crate::catalogue::LoadedSuite;
use crate::profile::HOOKS;
use crate::step::{Expect, Send, Step};
use crate::suite::Case;
use crate::words::hint;
use crate::yaml::Located;

/// So long may a case be.
const MAX_LINES: usize = 25;

impl<'a> Lint<'a> {
    pub(super) fn case(&mut self, loaded: &'a LoadedSuite, case: &'a Case) {
        if !is_sentence(&case.does) {
            let message = "`does` is a sentence that begins with a verb and ends with a full stop";
            self.style(loaded, &case.id, message);
        }
        let lines = source::entry_lines(&loaded.source, case.id.at);
        if lines > MAX_LINES {
            let message = format!("a case has at most {MAX_LINES} lines; this one has {lines}");
            self.style(loaded, &case.id, &message);
        }
        self.axes(loaded, case);
        self.protocol(loaded, case);
        self.judgement(loaded, case);
        if let Some(control) = &case.control {
            self.control(loaded, case, control);
        }
        let mut is_sent = false;
        for step in &case.steps {
            let looks = matches!(step.value, Step::Given(_) | Step::Expect(_));
            if looks && !is_sent {
                self.say(
                    loaded,
                    step,
                    "nothing was sent yet that could have been answered",
                );
            }
            is_sent |= !looks && !matches!(step.value, Step::Hook(_));
            self.step(loaded, case, step);
        }
        if !is_sent {
            self.say(loaded, &case.id, "this case sends nothing");
        }
    }

    fn axes(&mut self, loaded: &'a LoadedSuite, case: &'a Case) {
        for (axis, values) in &case.over {
            let known = axis.values();
            if !loaded.suite.role.axes().contains(axis) {
                let message = format!("the axis {} belongs to another role", axis.name());
                self.say(loaded, &case.id, &message);
            }
            if values.is_empty() {
                self.say(loaded, &case.id, "an axis without values is never played");
            }
            let mut seen = BTreeSet::new();
            for value in values {
                if !known.contains(&value.as_str()) {
                    let message = format!("this axis has the values {}", known.join(", "));
                    self.say(loaded, value, &message);
                } else if !seen.insert(&value.value) {
                    self.say(loaded, value, "this value of the axis is given twice");
                }
            }
        }
    }

    /// What a case speaks is a protocol of its role, under which something that it proves holds.
    fn protocol(&mut self, loaded: &'a LoadedSuite, case: &'a Case) {
        let Some(spoken) = case.speaks else { return };
        let name = spoken.name();
        if spoken.family() != loaded.suite.role.family() {
            let message = format!("{name} is no protocol of this role");
            return self.say(loaded, &case.id, &message);
        }
        let catalogue = self.catalogue;
        let proved = case
            .proves
            .iter()
            .filter_map(|id| catalogue.requirement(id));
        let mut holds = proved.map(|(_, it)| it.holds_for(spoken));
        if !case.proves.is_empty() && holds.all(|holds| !holds) {
            let message = format!("nothing that it proves holds for {name}");
            self.say(loaded, &case.id, &message);
        }
    }

    /// Every case judges something: by an `expect`, or by the rule of what it proves.
    fn judgement(&mut self, loaded: &'a LoadedSuite, case: &'a Case) {
        if case.proves.is_empty() {
            self.say(loaded, &case.id, "`proves` names no requirement");
            return;
        }
        let mut seen = BTreeSet::new();
        let mut has_rule = false;
        let mut is_known = true;
        for name in &case.proves {
            if !seen.insert(&name.value) {
                self.say(loaded, name, "this requirement is named twice");
            }
            match self.tested(loaded, name) {
                Some(requirement) => has_rule |= requirement.holds.is_some(),
                None => is_known = false,
            }
        }
        let expects = case
            .steps
            .iter()
            .any(|step| matches!(step.value, Step::Expect(_)));
        if is_known && !has_rule && !expects {
            let message = "nothing judges this case: no `expect`, and no rule in what it proves";
            self.say(loaded, &case.id, message);
        }
    }

    fn control(&mut self, loaded: &'a LoadedSuite, case: &'a Case, control: &'a Located<String>) {
        let catalogue = self.catalogue;
        let Some((other, _)) = catalogue.case(control) else {
            let known = catalogue.cases().map(|(_, known)| known.id.as_str());
            let message = format!("no case has this id{}", hint(control, known));
            return self.say(loaded, control, &message);
        };
        if control.value == case.id.value {
            self.say(loaded, control, "a case is not its own control");
        } else if other.suite.role != loaded.suite.role {
            self.say(loaded, control, "a control is a case of the same role");
        }
    }

    /// Circles of controls, each told once, at the case with the smallest id.
    pub(super) fn control_cycles(&mut self) {
        let catalogue = self.catalogue;
        for (loaded, case) in catalogue.cases() {
            let mut path = vec![case.id.as_str()];
            let mut next = case.control.as_ref();
            while let Some((_, other)) = next.and_then(|control| catalogue.case(control)) {
                if path.contains(&other.id.as_str()) {
                    break;
                }
                path.push(other.id.as_str());
                next = other.control.as_ref();
            }
            let closes = next.is_some_and(|control| control.as_str() == case.id.as_str());
            let is_smallest = path.iter().min() == path.first();
            let is_circle = closes && is_smallest && path.len() > 1;
            if let Some(control) = case.control.as_ref().filter(|_| is_circle) {
                path.push(case.id.as_str());
                let message = format!("controls run in a circle: {}", path.join(" -> "));
                self.say(loaded, control, &message);
            }
        }
    }

    fn step(&mut self, loaded: &'a LoadedSuite, case: &'a Case, step: &'a Located<Step>) {
        let family = step.value.family();
        if let Some(own) = family.filter(|own| *own != loaded.suite.role.family()) {
            let message = format!(
                "this step belongs to {}, not to the role of this file",
                own.title()
            );
            self.say(loaded, step, &message);
        }
        match &step.value {
            Step::Package1(package) => {
                self.vector(loaded, package.commands.as_ref(), Kind::Fragment);
            }
            Step::Answer(answer) => {
                self.vector(loaded, answer.commands.as_ref(), Kind::Fragment);
            }
            Step::Send(send) => self.send(loaded, step, send),
            Step::Submit(submit) => {
                self.vector(loaded, submit.document.as_ref(), Kind::Message);
            }
            Step::Hook(hook) if !HOOKS.contains(&hook.call.as_str()) => {
                let hint = hint(&hook.call, HOOKS.iter().copied());
                let message = format!("no profile has this hook{hint}");
                let place = if hook.call.is_empty() {
                    step.at
                } else {
                    hook.call.at
                };
                let found = loaded.diagnostic_at(place, hook.call.len, &message);
                self.found.push(found);
            }
            Step::Hook(hook) => self.vector(loaded, hook.document.as_ref(), Kind::Message),
            Step::Given(expect) | Step::Expect(expect) => self.expect(loaded, case, step, expect),
            _ => {}
        }
    }

    fn send(&mut self, loaded: &'a LoadedSuite, step: &'a Located<Step>, send: &'a Send) {
        let bodies = [
            send.message.is_some(),
            send.bytes.is_some(),
            send.text.is_some(),
            send.filler.is_some(),
            send.nested.is_some(),
        ];
        if bodies.into_iter().filter(|is_given| *is_given).count() != 1 {
            self.say(
                loaded,
                step,
                "`send` has one of message, bytes, text, filler and nested",
            );
        }
        self.vector(loaded, send.message.as_ref(), Kind::Message);
        self.vector(loaded, send.bytes.as_ref(), Kind::Bytes);
    }

    fn expect(
        &mut self,
        loaded: &'a LoadedSuite,
        case: &'a Case,
        step: &'a Located<Step>,
        expect: &'a Expect,
    ) {
        if expect.golden.is_none() && expect.holds.is_none() {
            self.say(
                loaded,
                step,
                "nothing is looked at: neither `golden` nor `holds`",
            );
        }
        self.vector(loaded, expect.golden.as_ref(), Kind::Golden);
        if let Some(rule) = &expect.holds {
            self.found.extend(source::rule(loaded, rule));
        }
        let Some(of) = &expect.of else { return };
        if matches!(step.value, Step::Given(_)) {
            self.say(loaded, of, "`given` speaks for no requirement");
        } else if self.tested(loaded, of).is_some()
            && !case.proves.iter().any(|proved| proved.value == of.value)
        {
            self.say(
                loaded,
                of,
                "`proves` of this case does not name this requirement",
            );
        }
    }

    fn vector(&mut self, loaded: &'a LoadedSuite, name: Option<&'a Located<String>>, kind: Kind) {
        let Some(name) = name else { return };
        match assay_vectors::get(name) {
            Some(vector) if vector.kind == kind => {}
            Some(vector) => {
                let ending = kind.ending();
                let message = format!("a `{ending}` is needed here; this is {}", vector.path);
                self.say(loaded, name, &message);
            }
            None => {
                let known = assay_vectors::all().filter(|vector| vector.kind == kind);
                let hint = hint(name, known.map(|vector| vector.name));
                let message = format!("there is no vectors/{}{}{hint}", name.value, kind.ending());
                self.say(loaded, name, &message);
            }
        }
    }
}
