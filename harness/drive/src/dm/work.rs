//! Carries out what the server asked for: each command on the tree, Atomic and Sequence around them
//! (OMA-TS-DM_RepPro 6.6).
//!
//! What a command does to one node stands in `tree`; how the outcome is written stands in `answer`.

use std::collections::BTreeMap;

use crate::dm::answer::{Asked, AskedItem};
use crate::dm::node::{Found, Given};
use crate::dm::tree::Tree;

/// Octets of all Results of one message; beyond that a Get is too large.
const MOST_OCTETS: usize = 1 << 20;
/// Octets of a large object that is being put together.
const LARGEST_OBJECT: usize = 4 << 20;

/// An object that comes in several chunks: its node, and what came so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chunks {
    target: String,
    octets: Vec<u8>,
}

/// What came of a command: a code an item, and what was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Done {
    pub(crate) msg: String,
    pub(crate) name: String,
    pub(crate) id: String,
    /// Target and status code of each Item.
    pub(crate) codes: Vec<(String, u32)>,
    /// What a Get found, by URI.
    pub(crate) found: Vec<(String, Found)>,
    pub(crate) children: Vec<Done>,
}

/// Carries out commands on a tree.
pub(crate) struct Worker<'a> {
    pub(crate) tree: &'a mut Tree,
    pub(crate) chunks: &'a mut Option<Chunks>,
    /// The status that a case gives by the name of the command, or by `*`.
    pub(crate) statuses: &'a BTreeMap<String, u32>,
    budget: usize,
}

impl<'a> Worker<'a> {
    /// A worker on this tree, with what the case says instead.
    pub(crate) fn new(
        tree: &'a mut Tree,
        chunks: &'a mut Option<Chunks>,
        statuses: &'a BTreeMap<String, u32>,
    ) -> Self {
        Self {
            tree,
            chunks,
            statuses,
            budget: MOST_OCTETS,
        }
    }

    /// Carries out one command and all inside it.
    pub(crate) fn carry_out(&mut self, asked: &Asked) -> Done {
        match asked.name.as_str() {
            "Atomic" => self.atomic(asked),
            "Sequence" => self.sequence(asked),
            _ => self.simple(asked),
        }
    }

    /// All or nothing (OMA-TS-DM_RepPro 6.6.3).
    fn atomic(&mut self, asked: &Asked) -> Done {
        let forbidden = |child: &&Asked| matches!(child.name.as_str(), "Get" | "Atomic");
        if let Some(code) = self.told(asked).filter(|code| *code != 200) {
            return self.not_carried_out(asked, code);
        }
        if asked.children.iter().any(|child| forbidden(&child)) {
            return self.not_carried_out(asked, 500);
        }
        let before = self.tree.clone();
        let mut children: Vec<Done> = Vec::new();
        let mut failed = false;
        for child in &asked.children {
            let done = if failed {
                self.not_carried_out(child, 215)
            } else {
                self.carry_out(child)
            };
            if !failed && !done.worked() {
                failed = true;
                *self.tree = before.clone();
                for earlier in &mut children {
                    earlier.set(216);
                }
            }
            children.push(done);
        }
        Done {
            children,
            ..Done::of(asked, if failed { 507 } else { 200 })
        }
    }

    /// In order; what follows a failure is not carried out (OMA-TS-DM_RepPro 6.6.14).
    fn sequence(&mut self, asked: &Asked) -> Done {
        if let Some(code) = self.told(asked).filter(|code| *code != 200) {
            return self.not_carried_out(asked, code);
        }
        let mut failed = false;
        let mut children = Vec::new();
        for child in &asked.children {
            let done = if failed {
                self.not_carried_out(child, 215)
            } else {
                self.carry_out(child)
            };
            failed |= !done.worked();
            children.push(done);
        }
        Done {
            children,
            ..Done::of(asked, 200)
        }
    }

    /// This code for the command; for those inside what the case says, else 215.
    fn not_carried_out(&self, asked: &Asked, code: u32) -> Done {
        let children = asked.children.iter().map(|child| {
            let code = self.statuses.get(&child.name).copied().unwrap_or(215);
            self.not_carried_out(child, code)
        });
        Done {
            children: children.collect(),
            ..Done::of(asked, code)
        }
    }

    fn simple(&mut self, asked: &Asked) -> Done {
        let told = self.told(asked);
        if let Some(code) = told.filter(|code| !(200..300).contains(code)) {
            return Done::of(asked, code);
        }
        let mut done = Done {
            codes: Vec::new(),
            ..Done::of(asked, 0)
        };
        if asked.name == "Alert" {
            done.codes
                .push((String::new(), told.unwrap_or_else(|| alert(asked.code))));
            return done;
        }
        for item in &asked.items {
            let code = self.item(&asked.name, item, &mut done.found);
            done.codes.push((item.target.clone(), told.unwrap_or(code)));
        }
        if done.codes.is_empty() {
            // Without any Item a command is incomplete, if it is one that the device knows.
            let known = matches!(
                asked.name.as_str(),
                "Add" | "Replace" | "Delete" | "Copy" | "Exec" | "Get"
            );
            done.codes
                .push((String::new(), told.unwrap_or(if known { 412 } else { 406 })));
        }
        done
    }

    fn item(&mut self, name: &str, item: &AskedItem, found: &mut Vec<(String, Found)>) -> u32 {
        if item.target.is_empty() {
            return 412;
        }
        if item.more {
            return self.chunk(item);
        }
        let whole = match self.chunks.take() {
            Some(mut chunks) if chunks.target == item.target => {
                chunks.octets.extend_from_slice(&item.octets);
                Some(chunks.octets)
            }
            _ => None,
        };
        let given = Given {
            format: item.format.as_deref(),
            media: item.media.as_deref(),
            octets: whole.as_deref().unwrap_or(&item.octets),
        };
        match name {
            "Add" => self.tree.add(&item.target, given),
            "Replace" => self.tree.replace(&item.target, given),
            "Delete" => self.tree.delete(&item.target),
            "Copy" => self.tree.copy(&item.source, &item.target),
            "Exec" => self.tree.exec(&item.target),
            "Get" => match self.tree.get(&item.target) {
                Err(code) => code,
                Ok(value) => match self.budget.checked_sub(value.octets.len()) {
                    None => 413,
                    Some(left) => {
                        self.budget = left;
                        found.push((item.target.clone(), value));
                        200
                    }
                },
            },
            _ => 406,
        }
    }

    /// A chunk of a large object is kept until the last one comes (OMA-TS-DM_Protocol 7).
    fn chunk(&mut self, item: &AskedItem) -> u32 {
        let mut chunks = match self.chunks.take() {
            Some(chunks) if chunks.target == item.target => chunks,
            _ => Chunks {
                target: item.target.clone(),
                octets: Vec::new(),
            },
        };
        if chunks.octets.len() + item.octets.len() > LARGEST_OBJECT {
            return 413;
        }
        chunks.octets.extend_from_slice(&item.octets);
        *self.chunks = Some(chunks);
        213
    }

    /// What the case says that this command is answered with. A request for the next message is
    /// no management command, so that `*` does not mean it.
    fn told(&self, asked: &Asked) -> Option<u32> {
        let any = || self.statuses.get("*").filter(|_| !asked.wants_next());
        self.statuses.get(&asked.name).or_else(any).copied()
    }
}

impl Done {
    fn of(asked: &Asked, code: u32) -> Self {
        Self {
            msg: asked.msg.clone(),
            name: asked.name.clone(),
            id: asked.id.clone(),
            codes: vec![(String::new(), code)],
            ..Self::default()
        }
    }

    fn worked(&self) -> bool {
        self.codes
            .iter()
            .all(|(_, code)| (200..300).contains(code) && *code != 215)
    }

    /// Gives it, and all inside it, this code instead, and takes back what was found.
    fn set(&mut self, code: u32) {
        self.codes = vec![(String::new(), code)];
        self.found.clear();
        self.children.iter_mut().for_each(|child| child.set(code));
    }

    /// True where a chunk was taken in and the next one is wanted.
    pub(crate) fn wants_more(&self) -> bool {
        self.codes.iter().any(|(_, code)| *code == 213)
    }

    /// True where there is something to send beside Status.
    pub(crate) fn has_results(&self) -> bool {
        !self.found.is_empty() || self.children.iter().any(Self::has_results)
    }
}

/// User interaction is an option that this device has not (OMA-TS-DM_Protocol 10.2).
fn alert(code: u64) -> u32 {
    if matches!(code, 1222 | 1223 | 1225) {
        200
    } else {
        406
    }
}

#[cfg(test)]
mod tests {
    use assay_wire::dm::Version;

    use super::*;

    fn item(target: &str, data: &str) -> AskedItem {
        AskedItem {
            target: target.into(),
            octets: data.into(),
            ..AskedItem::default()
        }
    }

    fn ask(name: &str, id: &str, items: Vec<AskedItem>) -> Asked {
        Asked {
            msg: "1".into(),
            name: name.into(),
            id: id.into(),
            items,
            ..Asked::default()
        }
    }

    fn within(name: &str, children: Vec<Asked>) -> Asked {
        Asked {
            children,
            ..ask(name, "1", Vec::new())
        }
    }

    fn device() -> Tree {
        let mut tree = Tree::of_device(Version::V1_2, "IMEI:1", "http://s/dm");
        tree.plant("./Vendor/A", "a");
        tree
    }

    /// The answers as `Cmd CmdRef: codes`, and the tree afterwards.
    fn answers(asked: &[Asked], statuses: &[(&str, u32)]) -> (Vec<String>, Tree) {
        fn list(done: &Done, all: &mut Vec<String>) {
            let codes: Vec<String> = done
                .codes
                .iter()
                .map(|(_, code)| code.to_string())
                .collect();
            all.push(format!("{} {}: {}", done.name, done.id, codes.join(" ")));
            done.children.iter().for_each(|child| list(child, all));
        }
        let statuses = statuses
            .iter()
            .map(|(name, code)| ((*name).to_owned(), *code))
            .collect();
        let (mut tree, mut chunks, mut all) = (device(), None, Vec::new());
        let mut worker = Worker::new(&mut tree, &mut chunks, &statuses);
        for asked in asked {
            list(&worker.carry_out(asked), &mut all);
        }
        (all, tree)
    }

    #[test]
    fn an_atomic_that_fails_leaves_nothing_behind() {
        let atomic = within(
            "Atomic",
            vec![
                ask("Add", "2", vec![item("./Vendor/B", "b")]),
                ask("Replace", "3", vec![item("./Vendor/None", "c")]),
                ask("Delete", "4", vec![item("./Vendor/A", "")]),
            ],
        );
        let (codes, tree) = answers(&[atomic], &[]);
        assert_eq!(
            codes,
            [
                "Atomic 1: 507",
                "Add 2: 216",
                "Replace 3: 404",
                "Delete 4: 215"
            ]
        );
        assert!(tree.get("./Vendor/A").is_ok());
        assert_eq!(tree.get("./Vendor/B"), Err(404));
    }

    #[test]
    fn an_atomic_that_works_is_carried_out() {
        let atomic = within(
            "Atomic",
            vec![ask("Add", "2", vec![item("./Vendor/B", "b")])],
        );
        let (codes, tree) = answers(&[atomic], &[]);
        assert_eq!(codes, ["Atomic 1: 200", "Add 2: 200"]);
        assert!(tree.get("./Vendor/B").is_ok());
    }

    #[test]
    fn an_atomic_holds_no_get() {
        let atomic = within(
            "Atomic",
            vec![ask("Get", "2", vec![item("./Vendor/A", "")])],
        );
        assert_eq!(answers(&[atomic], &[]).0, ["Atomic 1: 500", "Get 2: 215"]);
    }

    #[test]
    fn a_sequence_stops_at_the_first_failure() {
        let sequence = within(
            "Sequence",
            vec![
                ask("Get", "2", vec![item("./Vendor/A", "")]),
                ask("Replace", "3", vec![item("./Vendor/None", "")]),
                ask("Delete", "4", vec![item("./Vendor/A", "")]),
            ],
        );
        let (codes, _) = answers(&[sequence], &[]);
        assert_eq!(
            codes,
            [
                "Sequence 1: 200",
                "Get 2: 200",
                "Replace 3: 404",
                "Delete 4: 215"
            ]
        );
    }

    #[test]
    fn the_case_says_instead() {
        let asked = [
            ask("Delete", "1", vec![item("./Vendor/A", "")]),
            ask("Get", "2", vec![item("./Vendor/A", "")]),
            Asked {
                code: 1100,
                ..ask("Alert", "3", Vec::new())
            },
            Asked {
                code: 1222,
                ..ask("Alert", "4", Vec::new())
            },
        ];
        let (codes, tree) = answers(&asked, &[("Delete", 425), ("*", 405)]);
        assert_eq!(
            codes,
            [
                "Delete 1: 425",
                "Get 2: 405",
                "Alert 3: 405",
                "Alert 4: 200"
            ]
        );
        assert!(
            tree.get("./Vendor/A").is_ok(),
            "what was refused was not done"
        );
        assert_eq!(
            answers(&asked[2..], &[]).0,
            ["Alert 3: 406", "Alert 4: 200"]
        );
        let atomic = within(
            "Atomic",
            vec![ask("Add", "2", vec![item("./Vendor/B", "b")])],
        );
        assert_eq!(
            answers(&[atomic], &[("Atomic", 517)]).0,
            ["Atomic 1: 517", "Add 2: 215"]
        );
    }

    #[test]
    fn what_is_unknown_is_not_supported() {
        let asked = ask("Put", "1", vec![item("./Vendor/A", "")]);
        assert_eq!(answers(&[asked], &[]).0, ["Put 1: 406"]);
        assert_eq!(
            answers(&[ask("Get", "1", Vec::new())], &[]).0,
            ["Get 1: 412"]
        );
    }

    #[test]
    fn chunks_come_together() {
        let first = AskedItem {
            more: true,
            ..item("./Vendor/Large", "one ")
        };
        let asked = [
            ask("Add", "1", vec![first]),
            ask("Add", "2", vec![item("./Vendor/Large", "two")]),
        ];
        let (codes, tree) = answers(&asked, &[]);
        assert_eq!(codes, ["Add 1: 213", "Add 2: 200"]);
        assert_eq!(
            &tree.get("./Vendor/Large").expect("a node").octets[..],
            b"one two"
        );
    }

    #[test]
    fn many_gets_do_not_make_an_endless_answer() {
        let mut tree = device();
        tree.plant("./Vendor/Large", &"x".repeat(600_000));
        let (mut chunks, statuses) = (None, BTreeMap::new());
        let mut worker = Worker::new(&mut tree, &mut chunks, &statuses);
        let get = ask("Get", "1", vec![item("./Vendor/Large", "")]);
        assert!(worker.carry_out(&get).has_results());
        assert!(!worker.carry_out(&get).has_results());
    }
}
