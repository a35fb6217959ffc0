//! What the tests of documents share: octets out of hex, and a tree as one line.

use std::fmt::Write as _;

use assay_wire::tree::{Form, Kind, Namespace, NodeId, Tree};

/// Octets of hex digits; text in double quotes stands for itself.
pub(crate) fn octets(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, piece) in text.split('"').enumerate() {
        if at % 2 == 1 {
            out.extend_from_slice(piece.as_bytes());
            continue;
        }
        let digits: String = piece.split_whitespace().collect();
        assert!(
            digits.len().is_multiple_of(2),
            "an odd number of digits in {piece:?}"
        );
        let pair = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("hex digits");
        out.extend((0..digits.len()).step_by(2).map(pair));
    }
    out
}

/// A tree in one line: `Name{…}`, texts in quotes, their form in front (`T` table, `O` opaque,
/// `R` reference), octets as `<hex>`, a namespace where it differs from its parent's.
pub(crate) fn outline(tree: &Tree<'_>) -> String {
    let mut out = String::new();
    for id in tree.top() {
        node(tree, id, &Namespace::None, &mut out);
    }
    out
}

fn node(tree: &Tree<'_>, id: NodeId, around: &Namespace<'_>, out: &mut String) {
    if !out.is_empty() && !out.ends_with('{') {
        out.push(' ');
    }
    match &tree.node(id).kind {
        Kind::Element(element) => {
            if element.namespace != *around {
                let uri = element.namespace.uri();
                out.push_str(uri.rsplit(':').next().unwrap_or_default());
                out.push(':');
            }
            out.push_str(element.local());
            for attribute in element
                .attributes
                .iter()
                .filter(|attribute| !attribute.declares())
            {
                write!(out, "[{}={}]", attribute.name, attribute.value)
                    .expect("a string takes all");
            }
            if tree.children(id).next().is_some() {
                out.push('{');
                tree.children(id)
                    .for_each(|child| node(tree, child, &element.namespace, out));
                out.push('}');
            }
        }
        Kind::Text(text, form) => {
            out.push_str(match form {
                Form::Plain | Form::Cdata => "",
                Form::Reference => "R",
                Form::Table => "T",
                Form::Opaque => "O",
            });
            write!(out, "{text:?}").expect("a string takes all");
        }
        Kind::Opaque(octets) => {
            out.push('<');
            for octet in octets.iter() {
                write!(out, "{octet:02X}").expect("a string takes all");
            }
            out.push('>');
        }
        Kind::Comment(_) => {}
        Kind::Instruction(text) => write!(out, "?{text}?").expect("a string takes all"),
    }
}
