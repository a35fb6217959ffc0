//! The `.hex` format: pairs of hex digits, white space as one likes, comments from `#` to the end
//! of the line. It knows nothing of what the octets mean.

use std::fmt;

/// Text that is not hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HexError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What stands there.
    pub text: String,
}

impl fmt::Display for HexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {} column {}: {:?} is no pair of hex digits",
            self.line, self.column, self.text
        )
    }
}

impl std::error::Error for HexError {}

/// Reads hex text. Pairs may touch (`02a4`), but a pair is never split by white space.
pub fn parse(text: &str) -> Result<Vec<u8>, HexError> {
    let mut octets = Vec::with_capacity(text.len() / 3);
    for (line, row) in (1..).zip(text.lines()) {
        let digits = row.split_once('#').map_or(row, |(digits, _)| digits);
        let mut characters = (1..).zip(digits.chars());
        while let Some((column, first)) = characters.next() {
            if first.is_whitespace() {
                continue;
            }
            let second = characters.next().map(|(_, second)| second);
            let pair = (
                first.to_digit(16),
                second.and_then(|second| second.to_digit(16)),
            );
            if let (Some(high), Some(low)) = pair {
                octets.push((high << 4 | low) as u8);
            } else {
                let second = second.filter(|second| !second.is_whitespace());
                let text = std::iter::once(first).chain(second).collect();
                return Err(HexError { line, column, text });
            }
        }
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::empty("", &[])]
    #[case::only_a_comment("# nothing\n", &[])]
    #[case::pairs_apart("02 a4", &[0x02, 0xA4])]
    #[case::pairs_touching("02A46a\n", &[0x02, 0xA4, 0x6A])]
    #[case::a_comment_after_octets("02 # version 1.2 ff\r\n6A\n", &[0x02, 0x6A])]
    fn hex_is_read(#[case] text: &str, #[case] octets: &[u8]) {
        assert_eq!(parse(text).as_deref(), Ok(octets));
    }

    #[rstest]
    #[case::a_letter("02 0x", 1, 4, "0x")]
    #[case::half_a_pair("02\n a 4", 2, 2, "a")]
    #[case::cut_by_a_comment("02 f# f", 1, 4, "f")]
    #[case::not_ascii("é", 1, 1, "é")]
    #[case::a_column_counts_characters("02 03 éé", 1, 7, "éé")]
    fn an_error_says_where(
        #[case] given: &str,
        #[case] line: usize,
        #[case] column: usize,
        #[case] text: &str,
    ) {
        let error = parse(given).unwrap_err();
        assert_eq!(
            (error.line, error.column, error.text.as_str()),
            (line, column, text)
        );
    }

    #[test]
    fn an_error_reads_as_a_sentence() {
        let message = parse("0g").unwrap_err().to_string();
        assert_eq!(message, r#"line 1 column 1: "0g" is no pair of hex digits"#);
    }
}
