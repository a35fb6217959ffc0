//! XML: text to tree and tree to text, and the table of everything the reader notices.
//!
//! Reading is strict in what it notes and lenient in what it accepts: each departure from XML 1.0
//! and from Namespaces in XML becomes a note over the octets at fault, and reading goes on. No DTD
//! is processed and no entity is expanded. What a vocabulary allows is not known here.

mod attributes;
mod names;
mod prolog;
mod read;
mod scope;
mod sink;
mod style;
mod text;
mod words;
mod write;

pub use read::read;
pub use style::{Empty, Quotes, Style, Texts};
pub use write::write;

/// Every kind of note that [`read`] makes: its name, whether it is a fault, and what it says.
///
/// A fault makes a document ill-formed (XML 1.0), or ill-formed with regard to namespaces
/// (Namespaces in XML 1.0), or asks for the DTD processing that this reader refuses. What is not a
/// fault is well-formed and still worth knowing, and earns one note of its kind at most: however
/// few notes the limits let through (8 are enough), a fault is among them if there is one. The
/// rows are sorted by name.
pub const KINDS: &[(&str, bool, &str)] = &[
    (
        "xml.bad-attribute",
        true,
        "an attribute without name, sign, quotes, or space in front",
    ),
    (
        "xml.bad-comment",
        true,
        "two hyphens inside a comment, or a hyphen at its end",
    ),
    (
        "xml.bad-declaration",
        true,
        "an XML declaration that is not written as one",
    ),
    (
        "xml.bad-doctype",
        true,
        "a document type declaration that is not written as one",
    ),
    (
        "xml.bad-encoding",
        true,
        "octets that are no UTF-8; each is read as a question mark",
    ),
    (
        "xml.bad-end-tag",
        true,
        "something other than a name and space in an end tag",
    ),
    (
        "xml.bad-instruction",
        true,
        "a processing instruction with a bad or reserved target",
    ),
    (
        "xml.bad-markup",
        true,
        "a less-than sign that begins no markup",
    ),
    ("xml.bad-name", true, "a name that is no qualified name"),
    (
        "xml.bad-namespace",
        true,
        "a declaration of a reserved prefix or namespace, or of nothing",
    ),
    (
        "xml.bad-reference",
        true,
        "an ampersand that begins no reference, or one to no character",
    ),
    (
        "xml.cdata-end",
        true,
        "the end mark of a CDATA section in plain text",
    ),
    (
        "xml.control-character",
        true,
        "a character that XML excludes",
    ),
    (
        "xml.cut",
        true,
        "the input ends inside markup; what follows its start is not read",
    ),
    (
        "xml.doctype",
        false,
        "a document type declaration; it is not processed",
    ),
    (
        "xml.duplicate-attribute",
        true,
        "an attribute given twice; both are kept",
    ),
    (
        "xml.encoding",
        false,
        "a declared encoding other than UTF-8; it is read as UTF-8",
    ),
    (
        "xml.entity-declaration",
        true,
        "an entity declaration; it is never expanded",
    ),
    (
        "xml.late-declaration",
        true,
        "an XML declaration that is not at the very start",
    ),
    (
        "xml.less-than-in-attribute",
        true,
        "a less-than sign in an attribute value",
    ),
    (
        "xml.long-namespace",
        false,
        "a namespace of more than 1024 octets; it is cut there",
    ),
    (
        "xml.markup-declaration",
        true,
        "a declaration that only a DTD processor can honour",
    ),
    (
        "xml.mismatched-end",
        true,
        "an end tag for which no element is open",
    ),
    (
        "xml.misplaced-doctype",
        true,
        "a document type declaration inside or behind an element",
    ),
    (
        "xml.second-doctype",
        true,
        "a second document type declaration",
    ),
    (
        "xml.second-root",
        true,
        "an element behind the root element",
    ),
    (
        "xml.text-after-root",
        true,
        "text behind the root element; it is not in the tree",
    ),
    (
        "xml.text-before-root",
        true,
        "text in front of the root element; it is not in the tree",
    ),
    (
        "xml.unbound-prefix",
        true,
        "a prefix that no declaration in scope binds",
    ),
    ("xml.unclosed", true, "an element without an end tag"),
    (
        "xml.undefined-entity",
        true,
        "a reference to an entity that is not predefined; kept as text",
    ),
    ("xml.version", false, "a declared version other than 1.0"),
];

/// True where a note of this kind means that the document is not well-formed; see [`KINDS`].
/// A kind that is not in the table is no fault of XML.
pub fn is_fault(kind: &str) -> bool {
    KINDS
        .binary_search_by(|(name, _, _)| (*name).cmp(kind))
        .is_ok_and(|at| KINDS.get(at).is_some_and(|(_, fault, _)| *fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_kinds_is_sorted() {
        assert!(KINDS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(KINDS.iter().all(|(kind, _, _)| kind.starts_with("xml.")));
    }

    #[test]
    fn a_doctype_is_no_fault_and_a_second_root_is() {
        assert!(!is_fault("xml.doctype"));
        assert!(is_fault("xml.second-root"));
        assert!(!is_fault("wbxml.trailing-bytes"));
    }
}
