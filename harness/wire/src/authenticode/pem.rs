//! PEM text (RFC 7468): the octets between the lines that name them.

use crate::digest::unb64;

/// The DER of every certificate in this text, in order; blocks that are no base64 are left out.
pub fn certificates(text: &str) -> Vec<Vec<u8>> {
    blocks(text, "CERTIFICATE")
}

/// The octets of every block of this label.
pub(super) fn blocks(text: &str, label: &str) -> Vec<Vec<u8>> {
    let (begin, end) = (
        format!("-----BEGIN {label}-----"),
        format!("-----END {label}-----"),
    );
    let pieces = text.split(begin.as_str()).skip(1);
    let bodies = pieces.filter_map(|piece| piece.split_once(end.as_str()));
    bodies.filter_map(|(body, _)| unb64(body)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_a_label_are_found_among_others() {
        let text = "# a remark\n-----BEGIN A-----\nAQID\n-----END A-----\n-----BEGIN B-----\nBA==\n\
                    -----END B-----\n-----BEGIN A-----\n?\n-----END A-----\n-----BEGIN A-----\nBQ";
        assert_eq!(blocks(text, "A"), [vec![1, 2, 3]]);
        assert_eq!(blocks(text, "B"), [vec![4]]);
        assert!(blocks(text, "C").is_empty());
    }
}
