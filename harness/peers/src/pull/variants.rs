//! Variants of the management server: freedoms that the documentation leaves, each used by a switch.
//!
//! None of them may cost a conforming agent anything, and none may earn a finding.

use assay_wire::pull::{Kind, set_namespace};
use assay_wire::tree::Namespace;
use assay_wire::xml::{Empty, Quotes};

use crate::framing::in_chunks;
use crate::switch::Variant;
use crate::table::pull::{document, logic, response, style};

pub(crate) const VARIANTS: &[Variant] = &[
    // Documents.
    document(
        "documents-without-namespace",
        "answers in no namespace",
        |doc| set_namespace(&mut doc.tree, &Namespace::None),
    ),
    style(
        "documents-without-declaration",
        "answers without an XML declaration",
        |style| style.declaration = None,
    ),
    style(
        "documents-indented",
        "writes white space between elements",
        |style| style.indent = Some(2),
    ),
    style(
        "documents-in-two-tags",
        "writes empty elements in two tags",
        |style| style.empty = Empty::TwoTags,
    ),
    style(
        "documents-single-quoted",
        "quotes attributes with apostrophes",
        |style| style.quotes = Quotes::Single,
    ),
    // HTTP.
    logic("field-names-lower-case", "writes field names in lower case"),
    response(
        "answers-in-chunks",
        "sends chunks instead of a Content-Length",
        in_chunks,
    ),
    logic(
        "media-type-application-xml",
        "answers with the other media type of XML",
    ),
    logic("charset-left-out", "names no charset"),
    logic(
        "acknowledged-with-204",
        "acknowledges statuses and reports with 204",
    ),
    logic(
        "timestamp-in-all-answers",
        "gives the timestamp in all answers",
    ),
    logic("token-in-all-answers", "gives the token in all answers"),
    logic("timestamps-opaque", "gives timestamps that are no dates"),
    logic("token-not-rotated", "keeps to the first token"),
    logic("token-refused-with-403", "refuses wrong tokens with 403"),
    // Poll responses.
    logic(
        "settings-left-out",
        "says no settings but those of ordered reports",
    ),
    document(
        "packages-before-settings",
        "lists the packages before the settings",
        |doc| {
            let Some(root) = doc.root(Kind::PollResponse) else {
                return;
            };
            if let Some(settings) = doc.tree.child(root, "Settings") {
                doc.tree.detach(settings);
                doc.tree.attach(Some(root), settings);
            }
        },
    ),
    document(
        "packages-newest-first",
        "lists the packages the other way round",
        |doc| {
            for node in doc.listed() {
                if let Some(list) = doc.tree.parent(node) {
                    let first = doc
                        .tree
                        .elements(list)
                        .next()
                        .filter(|&first| first != node);
                    if let Some(first) = first {
                        doc.tree.detach(node);
                        doc.tree.attach_before(first, node);
                    }
                }
            }
        },
    ),
    document(
        "booleans-capitalised",
        "writes True and False in settings",
        |doc| {
            let names = [
                "Enabled",
                "Recursive",
                "ExcludeCompressed",
                "ExcludeEncrypted",
            ];
            for node in names
                .iter()
                .flat_map(|name| doc.all(name))
                .collect::<Vec<_>>()
            {
                let text = match &*doc.tree.text(node) {
                    "true" => "True",
                    _ => "False",
                };
                doc.tree.set_text(node, text);
            }
        },
    ),
    // Instructions.
    document(
        "required-as-boolean",
        "writes Required as true or false",
        |doc| {
            for node in doc.all("Required") {
                let text = if doc.tree.text(node) == "Yes" {
                    "true"
                } else {
                    "false"
                };
                doc.tree.set_text(node, text);
            }
        },
    ),
    document(
        "optional-elements-left-out",
        "instructs without descriptions and SourceFiles",
        |doc| {
            doc.remove_all("ShortDescription");
            doc.remove_all("LongDescription");
            for node in doc.all("SourceFiles") {
                // `No` says something: there is nothing to download.
                if doc.tree.text(node) == "Yes" {
                    doc.tree.detach(node);
                }
            }
        },
    ),
    logic(
        "unknown-package-as-empty",
        "answers for other packages with documents that hold none",
    ),
    // Locations.
    logic("smb-beside-http", "offers an SMB path beside the URL"),
    logic("several-locations", "offers two locations"),
    logic("location-with-subnets", "names subnets"),
    logic(
        "propfind-of-folders-only",
        "lists folders, and refuses to list a file",
    ),
    logic("package-url-is-collection", "locates packages as folders"),
];
