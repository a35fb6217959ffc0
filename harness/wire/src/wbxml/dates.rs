//! Dates of service indications: binary coded decimals in an OPAQUE (WAP-167 8.2.2), and the text
//! that they stand for.

/// The text of a coded date, `YYYY-MM-DDThh:mm:ssZ`, what is left off being zero; and whether it is
/// a date: four to seven octets of decimal digits in their ranges.
pub fn decode(octets: &[u8]) -> (String, bool) {
    let mut digits = octets
        .iter()
        .take(7)
        .flat_map(|octet| [octet >> 4, octet & 0x0F]);
    let mut pair = || {
        let pair = [digits.next().unwrap_or(0), digits.next().unwrap_or(0)];
        pair.map(|digit| {
            char::from_digit(u32::from(digit), 16)
                .unwrap_or('?')
                .to_ascii_uppercase()
        })
        .iter()
        .collect::<String>()
    };
    let (century, year, month, day) = (pair(), pair(), pair(), pair());
    let text = format!(
        "{century}{year}-{month}-{day}T{}:{}:{}Z",
        pair(),
        pair(),
        pair()
    );
    let is_date = (4..=7).contains(&octets.len()) && encode(&text).is_some();
    (text, is_date)
}

/// The seven octets of a date that is written `YYYY-MM-DDThh:mm:ssZ`; none where it is no such text.
pub fn encode(text: &str) -> Option<[u8; 7]> {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00Z";
    let text = text.as_bytes();
    if text.len() != SHAPE.len() {
        return None;
    }
    let mut octets = [0; 7];
    let mut count = 0;
    for (&given, &shape) in text.iter().zip(SHAPE) {
        if shape != b'0' {
            if given != shape {
                return None;
            }
            continue;
        }
        let digit = given.checked_sub(b'0').filter(|&digit| digit < 10)?;
        let octet = octets.get_mut(count / 2)?;
        *octet = *octet << 4 | digit;
        count += 1;
    }
    let [_, _, month, day, hour, minute, second] = octets;
    let fits = (0x01..=0x12).contains(&month)
        && (0x01..=0x31).contains(&day)
        && hour < 0x24
        && minute < 0x60
        && second < 0x60;
    fits.then_some(octets)
}

/// A coded date without the zeros at its end.
pub fn trimmed(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().rev().take_while(|&&octet| octet == 0).count();
    octets.get(..octets.len() - zeros).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&[0x19, 0x99, 0x06, 0x25, 0x15, 0x23, 0x15], "1999-06-25T15:23:15Z")]
    #[case(&[0x20, 0x09, 0x01, 0x02, 0x03, 0x04], "2009-01-02T03:04:00Z")]
    #[case(&[0x20, 0x09, 0x01, 0x02, 0x03], "2009-01-02T03:00:00Z")]
    #[case(&[0x19, 0x99, 0x06, 0x30], "1999-06-30T00:00:00Z")]
    fn dates_come_back_without_the_zeros_at_their_end(#[case] octets: &[u8], #[case] text: &str) {
        assert_eq!(decode(octets), (text.to_owned(), true));
        assert_eq!(
            encode(text).as_ref().map(|octets| trimmed(octets)),
            Some(octets)
        );
    }

    #[rstest]
    #[case(&[], "0000-00-00T00:00:00Z")]
    #[case(&[0x19, 0xAA, 0x06, 0x25], "19AA-06-25T00:00:00Z")]
    #[case(&[0x19, 0x99, 0x13, 0x01], "1999-13-01T00:00:00Z")]
    #[case(&[0x19, 0x99, 0x06], "1999-06-00T00:00:00Z")]
    #[case(&[0x20, 0x09, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06], "2009-01-02T03:04:05Z")]
    fn what_is_no_date_says_so(#[case] octets: &[u8], #[case] text: &str) {
        assert_eq!(decode(octets), (text.to_owned(), false));
    }

    #[rstest]
    #[case("")]
    #[case("1999-06-25")]
    #[case("1999-06-25T15:23:15+02:00")]
    #[case("1999-06-25 15:23:15Z")]
    #[case("1999-06-25T24:00:00Z")]
    #[case("1999-06-32T00:00:00Z")]
    #[case("199é-06-25T00:00:0Z")]
    fn texts_of_another_shape_are_not_coded(#[case] text: &str) {
        assert_eq!(encode(text), None);
    }
}
