//! A golden against a document: does it match, what do its holes stand for, and where does it not.
//!
//! Elements are compared by local name; a namespace matters only between the device description
//! framework and everything else. Texts are compared without the white space around them. Where
//! several elements could be the one that is meant, each is tried, within a bound.

use std::collections::BTreeMap;

use assay_wire::Tree;
use assay_wire::tree::NodeId;
use similar::{ChangeTag, TextDiff};

use crate::golden::{Content, Golden, Template, is_ddf, lines};

/// What holes stand for, by their names.
pub(crate) type Bindings = BTreeMap<String, String>;

/// So many lines of a diff are shown.
pub(crate) const LINES: usize = 60;

/// So many pairs of elements are compared before the comparison is given up.
const FUEL: u32 = 20_000;

/// The first place where a document is not what a golden asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// One line: what was expected, and where.
    pub(crate) expected: String,
    /// One line: what stands there.
    pub(crate) received: String,
    /// The element in question; absent where there is no element at all.
    pub(crate) node: Option<NodeId>,
    /// Expected (`-`) and received (`+`), line by line, around that element.
    pub(crate) diff: Vec<String>,
}

/// Compares. Where it matches, what the holes stand for is added to the bindings.
pub(crate) fn compare(
    golden: &Golden,
    tree: &Tree<'_>,
    bindings: &mut Bindings,
) -> Result<(), Mismatch> {
    let mut matcher = Matcher {
        tree,
        fuel: FUEL,
        matched: 0,
        path: Vec::new(),
        farthest: None,
    };
    let Some(root) = tree.root() else {
        let expected = format!("<{}>", golden.root.name);
        let received = "no element at all".to_owned();
        return Err(Mismatch {
            expected,
            received,
            node: None,
            diff: Vec::new(),
        });
    };
    let matched = if matcher.is_named(&golden.root, root) {
        matcher.element(&golden.root, root, bindings)
    } else {
        let expected = format!("<{}> as the root", golden.root.name);
        matcher.stop(expected, format!("<{}>", tree.name(root)), root);
        None
    };
    match matched {
        Some(bound) => {
            *bindings = bound;
            Ok(())
        }
        None => Err(matcher.mismatch(bindings)),
    }
}

/// Where a comparison stopped.
struct Stop<'g> {
    matched: usize,
    expected: String,
    received: String,
    node: NodeId,
    around: Option<(&'g Template, NodeId)>,
}

struct Matcher<'a, 'g> {
    tree: &'a Tree<'a>,
    fuel: u32,
    /// How many templates match so far on the path that is tried.
    matched: usize,
    /// The elements around the one that is compared.
    path: Vec<(&'g Template, NodeId)>,
    farthest: Option<Stop<'g>>,
}

impl<'g> Matcher<'_, 'g> {
    fn is_named(&self, template: &Template, id: NodeId) -> bool {
        self.tree.name(id) == template.name && is_ddf(self.tree, id) == template.is_ddf
    }

    /// Keeps this stop if no path came farther.
    fn stop(&mut self, expected: String, received: String, node: NodeId) {
        if self
            .farthest
            .as_ref()
            .is_none_or(|farthest| farthest.matched < self.matched)
        {
            let holds = |(template, _): &&(&Template, NodeId)| {
                matches!(template.content, Content::Elements(_))
            };
            let around = self.path.iter().rev().find(holds).copied();
            self.farthest = Some(Stop {
                matched: self.matched,
                expected,
                received,
                node,
                around,
            });
        }
    }

    fn element(
        &mut self,
        template: &'g Template,
        id: NodeId,
        bindings: &Bindings,
    ) -> Option<Bindings> {
        if self.fuel == 0 {
            let received = "too much to compare".to_owned();
            self.stop(format!("<{}>", template.name), received, id);
            return None;
        }
        self.fuel -= 1;
        self.path.push((template, id));
        let bound = self.content(template, id, bindings);
        self.path.pop();
        if bound.is_some() {
            self.matched += 1;
        }
        bound
    }

    fn content(
        &mut self,
        template: &'g Template,
        id: NodeId,
        bindings: &Bindings,
    ) -> Option<Bindings> {
        let mut children: Vec<NodeId> = self.tree.elements(id).collect();
        // What is in a Meta may stand in a MetInf inside it: the DTD of MetInf has it as the root.
        if let ("Meta", [inner]) = (template.name.as_str(), children.as_slice())
            && self.tree.name(*inner) == "MetInf"
        {
            children = self.tree.elements(*inner).collect();
        }
        let forbidden = children.iter().find(|&&child| {
            template
                .none_of
                .iter()
                .any(|it| it == self.tree.name(child))
        });
        if let Some(&child) = forbidden {
            let name = self.tree.name(child);
            let expected = format!("no <{name}> in <{}>", template.name);
            self.stop(expected, format!("<{name}>"), child);
            return None;
        }
        match &template.content {
            Content::Anything => {
                let text = self.tree.text(id).trim().to_owned();
                if template.closed && !(children.is_empty() && text.is_empty()) {
                    let received = children
                        .first()
                        .map_or(format!("{:?}", short(&text)), |&child| self.named(child));
                    self.stop(format!("nothing in <{}>", template.name), received, id);
                    return None;
                }
                Some(bindings.clone())
            }
            Content::Text(expected) => {
                let text = self.tree.text(id).trim().to_owned();
                if text == *expected {
                    return Some(bindings.clone());
                }
                self.stop(
                    format!("{:?} in <{}>", short(expected), template.name),
                    format!("{:?}", short(&text)),
                    id,
                );
                None
            }
            Content::Hole(name, class) => {
                let text = self.tree.text(id).trim().to_owned();
                let received = format!("{:?}", short(&text));
                if !class.holds(&text) {
                    let kind = class.name();
                    self.stop(format!("{kind} in <{}>", template.name), received, id);
                    return None;
                }
                if let Some(bound) = bindings.get(name) {
                    if *bound == text {
                        return Some(bindings.clone());
                    }
                    let expected =
                        format!("{:?} (${{{name}}}) in <{}>", short(bound), template.name);
                    self.stop(expected, received, id);
                    return None;
                }
                let mut bindings = bindings.clone();
                bindings.insert(name.clone(), text);
                Some(bindings)
            }
            Content::Elements(templates) => {
                let used = vec![false; children.len()];
                self.elements(template, id, templates, &children, 0, used, bindings)
            }
        }
    }

    /// Matches the templates against the children that are left, trying each that could be meant.
    #[expect(
        clippy::too_many_arguments,
        reason = "the state of a search, not an interface"
    )]
    fn elements(
        &mut self,
        parent: &'g Template,
        id: NodeId,
        templates: &'g [Template],
        children: &[NodeId],
        from: usize,
        used: Vec<bool>,
        bindings: &Bindings,
    ) -> Option<Bindings> {
        let Some((template, rest)) = templates.split_first() else {
            return self
                .all_used(parent, children, &used)
                .then(|| bindings.clone());
        };
        let start = if parent.any_order { 0 } else { from };
        let before = self.matched;
        let mut tried = false;
        for (index, &child) in children.iter().enumerate().skip(start) {
            if used.get(index).copied().unwrap_or(true) || !self.is_named(template, child) {
                continue;
            }
            tried = true;
            if let Some(bound) = self.element(template, child, bindings) {
                let mut used = used.clone();
                if let Some(slot) = used.get_mut(index) {
                    *slot = true;
                }
                let found = self.elements(parent, id, rest, children, index + 1, used, &bound);
                if found.is_some() {
                    return found;
                }
            }
            self.matched = before;
            if self.fuel == 0 {
                return None;
            }
        }
        if template.optional {
            return self.elements(parent, id, rest, children, from, used, bindings);
        }
        if !tried {
            let anywhere = children.iter().any(|&child| self.is_named(template, child));
            let (name, holder) = (&template.name, &parent.name);
            let expected = if anywhere {
                format!("one more <{name}> in <{holder}>, behind what came before")
            } else {
                format!("<{name}> in <{holder}>")
            };
            let names: Vec<String> = children.iter().take(12).map(|&it| self.named(it)).collect();
            let received = if names.is_empty() {
                "nothing".to_owned()
            } else {
                names.join(" ")
            };
            self.stop(expected, received, id);
        }
        None
    }

    fn all_used(&mut self, parent: &'g Template, children: &[NodeId], used: &[bool]) -> bool {
        if !parent.closed {
            return true;
        }
        let extra = children.iter().zip(used).find(|(_, used)| !**used);
        if let Some((&child, _)) = extra {
            let expected = format!("nothing else in <{}>", parent.name);
            self.stop(expected, self.named(child), child);
        }
        extra.is_none()
    }

    fn named(&self, id: NodeId) -> String {
        format!("<{}>", self.tree.name(id))
    }

    fn mismatch(self, bindings: &Bindings) -> Mismatch {
        let Some(stop) = self.farthest else {
            let (expected, received) = ("a match".to_owned(), "none".to_owned());
            return Mismatch {
                expected,
                received,
                node: None,
                diff: Vec::new(),
            };
        };
        let diff = stop.around.map(|(template, id)| {
            let (mut expected, mut received) = (Vec::new(), Vec::new());
            expected_lines(template, bindings, 0, &mut expected);
            lines(self.tree, id, 0, &mut received);
            diff(&expected, &received)
        });
        Mismatch {
            expected: stop.expected,
            received: stop.received,
            node: Some(stop.node),
            diff: diff.unwrap_or_default(),
        }
    }
}

/// The first characters of a text.
pub(crate) fn short(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn diff(expected: &[String], received: &[String]) -> Vec<String> {
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let received: Vec<&str> = received.iter().map(String::as_str).collect();
    let diff = TextDiff::from_slices(&expected, &received);
    let lines = diff.iter_all_changes().map(|change| {
        let sign = match change.tag() {
            ChangeTag::Equal => ' ',
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        format!("{sign} {}", change.value())
    });
    lines.take(LINES).collect()
}

fn expected_lines(template: &Template, bindings: &Bindings, depth: usize, lines: &mut Vec<String>) {
    if lines.len() >= LINES {
        return;
    }
    let (name, indent) = (&template.name, "  ".repeat(depth));
    match &template.content {
        Content::Anything => lines.push(format!("{indent}<{name}/>")),
        Content::Text(text) => lines.push(format!("{indent}<{name}>{}</{name}>", short(text))),
        Content::Hole(hole, class) => {
            let text = match bindings.get(hole) {
                Some(bound) => short(bound),
                None => format!("${{{hole}:{}}}", class.name()),
            };
            lines.push(format!("{indent}<{name}>{text}</{name}>"));
        }
        Content::Elements(templates) => {
            lines.push(format!("{indent}<{name}>"));
            for template in templates {
                expected_lines(template, bindings, depth + 1, lines);
            }
            lines.push(format!("{indent}</{name}>"));
        }
    }
}

#[cfg(test)]
mod tests;
