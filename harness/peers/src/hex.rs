//! Octets in hexadecimal.

/// Two upper-case digits an octet.
pub(crate) fn upper(octets: &[u8]) -> String {
    digits(octets, b"0123456789ABCDEF")
}

/// Two lower-case digits an octet.
pub(crate) fn lower(octets: &[u8]) -> String {
    digits(octets, b"0123456789abcdef")
}

fn digits(octets: &[u8], alphabet: &[u8; 16]) -> String {
    let nibbles = octets.iter().flat_map(|octet| [octet >> 4, octet & 0x0F]);
    nibbles
        .map(|nibble| char::from(alphabet[usize::from(nibble)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_are_two_digits_each() {
        assert_eq!(
            (upper(&[0x0A, 0xF1]), lower(&[0x0A, 0xF1])),
            ("0AF1".into(), "0af1".into())
        );
    }
}
