//! The reports of the virtual device: what stands on it, what it is made of, one file of it.

use assay_suites::step::pull::{Report, ReportKind as Kind};
use assay_wire::pull::{
    DirectoryDraft, FileDraft, FileReportDraft, InventoryDraft, MOST_PATH, ReportKind, namespace,
    set_namespace,
};

use crate::pull::agent::Order;
use crate::pull::compose::octets;

/// The file that is collected where nobody says which.
const FILE: &str = "\\Apps\\till.log";
/// What is in it.
const CONTENT: &str = "hello";

/// The kind of a step as the protocol has it.
pub(super) fn kind(kind: Kind) -> ReportKind {
    match kind {
        Kind::Software => ReportKind::Software,
        Kind::Machine => ReportKind::Machine,
        Kind::File => ReportKind::File,
    }
}

/// The body of a report.
pub(super) fn body(step: &Report) -> Vec<u8> {
    let mut tree = match step.kind {
        Kind::File => return step.body.as_deref().unwrap_or(CONTENT).as_bytes().to_vec(),
        Kind::Software => software(step).tree(),
        Kind::Machine => machine(step).tree(),
    };
    if step.namespace {
        set_namespace(&mut tree, &namespace());
    }
    octets(&tree, step.declaration)
}

/// The path of the file that a report is about.
pub(super) fn filename(step: &Report) -> Option<&str> {
    (step.kind == Kind::File).then(|| step.name.as_deref().unwrap_or(FILE))
}

/// True where the report is one that an agent may send.
pub(super) fn is_lawful(step: &Report) -> bool {
    filename(step).is_none_or(is_path)
}

/// The report that answers an order.
pub(super) fn ordered(order: &Order) -> Report {
    let (kind, name) = match order.kind {
        ReportKind::Software => (Kind::Software, None),
        ReportKind::Machine => (Kind::Machine, None),
        ReportKind::File => (Kind::File, order.filter.as_ref()),
    };
    // The path of a file that the filter finds; what cannot stand in a header field is no path.
    let name = name
        .map(|(path, filter)| {
            let directory = path.trim_end_matches('\\');
            format!("{directory}\\{}", filter.replace('*', "till"))
        })
        .filter(|name| is_path(name));
    Report {
        kind,
        name,
        ..Report::default()
    }
}

fn is_path(name: &str) -> bool {
    let printable = name.bytes().all(|octet| (0x20..0x7F).contains(&octet));
    printable && (1..=MOST_PATH).contains(&name.len())
}

fn software(step: &Report) -> FileReportDraft {
    let optional = |text: &str| (!step.bare).then(|| text.to_owned());
    let file = |name: &str, size: &str| FileDraft {
        name: name.to_owned(),
        version: optional("3.1.0"),
        company: optional("Assay"),
        description: optional("Till"),
        size: size.to_owned(),
        created: optional("2031-01-01 00:00:00"),
        last_modified: optional("2031-02-02 10:00:00"),
        last_accessed: optional("2031-05-04 08:00:00"),
        attributes: optional("ARCHIVE|READONLY"),
    };
    let directory = |name: &str, files: Vec<FileDraft>| DirectoryDraft {
        name: name.to_owned(),
        created: optional("2031-01-01 00:00:00"),
        last_accessed: optional("2031-05-04 08:00:00"),
        attributes: optional(""),
        files,
        directories: Vec::new(),
    };
    let mut root = directory("\\Apps", vec![file("till.exe", "51200")]);
    if step.nested {
        let mut inner = directory("\\Apps\\lib", vec![file("till.dll", "1024")]);
        inner.directories = vec![directory("\\Apps\\lib\\empty", Vec::new())];
        root.directories = vec![inner];
    }
    FileReportDraft {
        directories: vec![root],
    }
}

fn machine(step: &Report) -> InventoryDraft {
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
    let mut items = vec![
        item(
            "Device_System",
            &[("PlatformType", "Assay"), ("NumberOfProcessors", "1")],
        ),
        item("Device_OS", &[("MajorVersion", "5"), ("MinorVersion", "0")]),
        volume("root"),
    ];
    if step.repeated_items {
        items.push(volume("Storage"));
    }
    if step.unknown_items {
        items.push(item("Assay_Printer", &[("Paper", "58")]));
    }
    InventoryDraft {
        kind: (!step.bare).then(|| "machine".to_owned()),
        items,
    }
}
