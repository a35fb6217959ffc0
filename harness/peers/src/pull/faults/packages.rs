//! Faults of instructions.

use assay_wire::pull::flags;

use super::halve;
use crate::pull::doc::Doc;
use crate::switch::Fault;
use crate::table::pull::{body, document, logic};

pub(super) const PACKAGES: &[Fault] = &[
    document(
        "instructions-without-package",
        "instructs about no package",
        |doc| {
            for package in doc.instructed() {
                doc.tree.detach(package);
            }
        },
    ),
    body(
        "instructions-cut",
        "sends the first half of instructions",
        |body| halve(body, "<Instructions"),
    ),
    document("required-left-out", "leaves Required out", |doc| {
        doc.remove_all("Required");
    }),
    document("package-size-left-out", "leaves PackageSize out", |doc| {
        doc.remove_all("PackageSize");
    }),
    document(
        "destination-left-out",
        "leaves LocalDestination out",
        |doc| {
            doc.remove_all("LocalDestination");
        },
    ),
    logic(
        "instructions-for-first-package",
        "instructs about the first package whichever is asked",
    ),
    document("flags-as-number", "writes Flags as a number", |doc| {
        bend_flags(doc, |flags| flags.to_string());
    }),
    document(
        "flags-big-endian",
        "writes Flags with the highest octet first",
        |doc| {
            bend_flags(doc, |flags| {
                let octets = flags.to_be_bytes().map(|octet| format!("{octet:02X}"));
                octets.join(" ")
            });
        },
    ),
    document("utc-left-out", "leaves UTC of StartTime out", |doc| {
        for time in doc.all("StartTime") {
            doc.remove_attribute(time, "UTC");
        }
    }),
    document(
        "recurrence-for-all",
        "sends Recurrence for packages that do not recur",
        |doc| {
            for package in doc.instructed() {
                if doc.tree.child(package, "Recurrence").is_none() {
                    let node = doc.add_before(package, "LocalDestination", "Recurrence");
                    doc.add(node, "Interval", "0000-00-00 00:00:00");
                    doc.add(node, "Behavior", "Download and Execute");
                }
            }
        },
    ),
    document(
        "recurrence-without-behavior",
        "leaves Behavior out of Recurrence",
        |doc| {
            doc.remove_all("Behavior");
        },
    ),
    document(
        "behavior-in-lower-case",
        "writes Behavior in lower-case letters",
        |doc| {
            for node in doc.all("Behavior") {
                let text = doc.tree.text(node).to_lowercase();
                doc.tree.set_text(node, text);
            }
        },
    ),
    document(
        "source-files-as-boolean",
        "writes SourceFiles as true or false",
        |doc| {
            for node in doc.all("SourceFiles") {
                let text = if doc.tree.text(node) == "Yes" {
                    "true"
                } else {
                    "false"
                };
                doc.tree.set_text(node, text);
            }
        },
    ),
    logic(
        "source-files-for-ce-42",
        "sends SourceFiles to agents that do not know it",
    ),
    document(
        "package-size-wrong",
        "says one octet more than it serves",
        |doc| {
            for node in doc.all("PackageSize") {
                let size = doc.tree.text(node).parse::<usize>().unwrap_or(0);
                doc.tree.set_text(node, (size + 1).to_string());
            }
        },
    ),
    document(
        "destination-inside-recurrence",
        "puts LocalDestination into Recurrence",
        |doc| {
            for package in doc.instructed() {
                let places = ["Recurrence", "LocalDestination"];
                let [to, node] = places.map(|name| doc.tree.child(package, name));
                if let (Some(to), Some(node)) = (to, node) {
                    doc.tree.detach(node);
                    doc.tree.attach(Some(to), node);
                }
            }
        },
    ),
    logic(
        "packages-of-others-instructed",
        "instructs about packages of other devices",
    ),
    document(
        "package-name-too-long",
        "gives packages names of 200 characters",
        |doc| lengthen(doc, "Name", 200),
    ),
    document(
        "description-too-long",
        "gives short descriptions of 200 characters",
        |doc| lengthen(doc, "ShortDescription", 200),
    ),
    document(
        "command-line-too-long",
        "gives command lines of 300 characters",
        |doc| lengthen(doc, "CommandLine", 300),
    ),
];

fn bend_flags(doc: &mut Doc, write: fn(u32) -> String) {
    for node in doc.all("Flags") {
        if let Some(flags) = flags(&doc.tree.text(node)) {
            doc.tree.set_text(node, write(flags));
        }
    }
}

fn lengthen(doc: &mut Doc, name: &str, length: usize) {
    for package in doc.instructed() {
        if let Some(node) = doc.tree.child(package, name) {
            let mut text = doc.tree.text(node).into_owned();
            let missing = length.saturating_sub(text.chars().count());
            text.extend(std::iter::repeat_n('x', missing));
            doc.tree.set_text(node, text);
        }
    }
}
