//! The reports of the virtual device: what stands on it, what it is made of, one file of it.

use assay_suites::step::pull::{Report, ReportKind as Kind};
use assay_wire::Tree;
use assay_wire::pull::{
    DirectoryDraft, FileDraft, FileReportDraft, Generation, InventoryDraft, MOST_PATH, ReportKind,
    namespace, set_namespace,
};

use crate::pull::agent::Order;
use crate::pull::compose::octets;
use crate::pull::files::{self, File, Filter};

/// The file that is collected where nobody says which.
const FILE: &str = "\\Apps\\till.log";
/// The directory that is reported where nobody says which.
const DIRECTORY: &str = "\\Apps";
/// What is in a file that the device does not have.
const CONTENT: &str = "hello";
/// So many files are collected by one order.
const MOST_FILES: usize = 16;

/// A report that is ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ready {
    pub(super) kind: ReportKind,
    /// The path of a collected file.
    pub(super) path: Option<String>,
    pub(super) body: Vec<u8>,
    /// True for a report that an agent may send.
    pub(super) lawful: bool,
}

/// The report of a step.
pub(super) fn asked(step: &Report, generation: Generation) -> Ready {
    let tree = match step.kind {
        Kind::File => {
            let path = step.name.as_deref().unwrap_or(FILE);
            let known = || files::at(path).map_or(CONTENT, |file| file.content);
            let body = step.body.as_deref().unwrap_or_else(known);
            return file(path, body);
        }
        Kind::Software => {
            let filter = Filter {
                pattern: "*".to_owned(),
                path: DIRECTORY.to_owned(),
                recursive: step.nested,
                ..Filter::default()
            };
            let found = files::found(&[filter]);
            software(DIRECTORY, &found, step.nested, step.bare)
        }
        Kind::Machine => machine(step, generation),
    };
    let kind = match step.kind {
        Kind::Software => ReportKind::Software,
        _ => ReportKind::Machine,
    };
    document(kind, tree, step.namespace, step.declaration)
}

/// The reports that answer an order: one, or one for each file that is to be collected.
pub(super) fn ordered(order: &Order, generation: Generation) -> Vec<Ready> {
    let found = files::found(&order.filters);
    let tree = match order.kind {
        ReportKind::File => {
            let found = found.into_iter().take(MOST_FILES);
            return found
                .map(|found| file(&found.path(), found.content))
                .collect();
        }
        ReportKind::Software => {
            // What several filters find has only the root in common.
            let root = match order.filters.as_slice() {
                [filter] => files::directory(&filter.path),
                _ => None,
            };
            software(root.unwrap_or(files::ROOT), &found, false, false)
        }
        ReportKind::Machine => machine(&Report::default(), generation),
    };
    vec![document(order.kind, tree, false, false)]
}

fn file(path: &str, body: &str) -> Ready {
    let printable = path.bytes().all(|octet| (0x20..0x7F).contains(&octet));
    Ready {
        kind: ReportKind::File,
        path: Some(path.to_owned()),
        body: body.as_bytes().to_vec(),
        lawful: printable && (1..=MOST_PATH).contains(&path.len()),
    }
}

fn document(
    kind: ReportKind,
    mut tree: Tree<'static>,
    in_namespace: bool,
    declaration: bool,
) -> Ready {
    if in_namespace {
        set_namespace(&mut tree, &namespace());
    }
    Ready {
        kind,
        path: None,
        body: octets(&tree, declaration),
        lawful: true,
    }
}

fn software(root: &'static str, found: &[&File], empty: bool, bare: bool) -> Tree<'static> {
    let draft = FileReportDraft {
        directories: vec![directory(root, found, empty, bare)],
    };
    draft.tree()
}

/// A directory with what was found in it; those below it where something was, or all.
fn directory(name: &'static str, found: &[&File], empty: bool, bare: bool) -> DirectoryDraft {
    let optional = |text: &str| (!bare).then(|| text.to_owned());
    let files = found.iter().filter(|file| file.directory == name);
    let files = files.map(|file| {
        let resource = |at: usize| Some((*file.resource?.get(at)?).to_owned()).filter(|_| !bare);
        FileDraft {
            name: file.name.to_owned(),
            version: resource(0),
            company: resource(1),
            description: resource(2),
            size: file.content.len().to_string(),
            created: optional("2031-01-01 00:00:00"),
            last_modified: optional("2031-02-02 10:00:00"),
            last_accessed: optional("2031-05-04 08:00:00"),
            attributes: optional(file.attributes),
        }
    });
    let below = files::inside(name).filter(|below| {
        let mut places = found.iter().map(|file| file.directory);
        empty || places.any(|place| files::is_inside(place, below))
    });
    DirectoryDraft {
        name: name.to_owned(),
        created: optional("2031-01-01 00:00:00"),
        last_accessed: optional("2031-05-04 08:00:00"),
        attributes: optional(""),
        files: files.collect(),
        directories: below
            .map(|below| directory(below, found, empty, bare))
            .collect(),
    }
}

fn machine(step: &Report, generation: Generation) -> Tree<'static> {
    let item = |name: &str, properties: &[(&str, &str)]| {
        let properties = properties
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        (name.to_owned(), properties.collect())
    };
    let volume = |name| {
        let properties = [("Name", name), ("Size", "9000"), ("UsedSpace", "40")];
        item("Device_FileSystem", &properties)
    };
    let (major, minor) = match generation {
        Generation::Ce42 => ("4", "20"),
        Generation::Ce50 => ("5", "0"),
        Generation::Ce60 => ("6", "0"),
    };
    let mut items = vec![
        item(
            "Device_System",
            &[("PlatformType", "Assay"), ("NumberOfProcessors", "1")],
        ),
        item(
            "Device_OS",
            &[("MajorVersion", major), ("MinorVersion", minor)],
        ),
        item(
            "Device_Memory",
            &[("Total", "65536"), ("ProgramFree", "32768")],
        ),
        volume("root"),
    ];
    if step.repeated_items {
        items.push(volume("Storage"));
    }
    if step.unknown_items {
        items.push(item("Assay_Printer", &[("Paper", "58")]));
    }
    let draft = InventoryDraft {
        kind: (!step.bare).then(|| "machine".to_owned()),
        items,
    };
    draft.tree()
}
