//! The variable-length integer of WSP (WAP-230 8.1.2): seven bits an octet, the highest first.

use crate::octets::Octets;
use crate::span::{Notes, Span};

/// An integer that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uintvar {
    /// Its value; 2^32 - 1 where it has more bits than that.
    pub value: u32,
    /// Its octets.
    pub span: Span,
}

/// The integer at the front of these octets, with the number of octets that it takes; none where
/// it does not end. Integers of more than 32 bits read as the greatest one.
pub fn uintvar(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut value: u64 = 0;
    for (at, octet) in bytes.iter().enumerate() {
        // Saturates above 2^32 and stays there, however many octets follow.
        value = (value << 7 | u64::from(octet & 0x7F)).min(u64::from(u32::MAX) + 1);
        if octet & 0x80 == 0 {
            return Some((u32::try_from(value).unwrap_or(u32::MAX), at + 1));
        }
    }
    None
}

/// Appends an integer in its shortest form.
pub fn put_uintvar(out: &mut Vec<u8>, value: u32) {
    crate::wbxml::lex::put_integer(out, value);
}

/// The next integer; none where the input ends inside it.
pub(super) fn read(octets: &mut Octets<'_>, notes: &mut Notes) -> Option<Uintvar> {
    let start = octets.at();
    let mut bits = 0;
    let mut value: u64 = 0;
    let mut leading = true;
    loop {
        let octet = octets.octet()?;
        value = (value << 7 | u64::from(octet & 0x7F)).min(u64::from(u32::MAX) + 1);
        leading &= matches!(octet, 0x00 | 0x80);
        bits += usize::from(leading && octet == 0x80);
        if octet & 0x80 == 0 {
            break;
        }
    }
    let span = octets.since(start);
    let value = u32::try_from(value).unwrap_or_else(|_| {
        notes.push("wsp.bad-uintvar", span, "an integer of more than 32 bits");
        u32::MAX
    });
    if bits > 0 {
        let text = format!("{value} in {} octets", span.len);
        notes.push_once("wsp.overlong-uintvar", span, text);
    }
    Some(Uintvar { value, span })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::span::Limits;

    #[rstest]
    #[case(&[0x00], 0, 1)]
    #[case(&[0x7F, 0xFF], 127, 1)]
    #[case(&[0x81, 0x00], 128, 2)]
    #[case(&[0x8F, 0xFF, 0xFF, 0xFF, 0x7F], u32::MAX, 5)]
    #[case(&[0x90, 0x80, 0x80, 0x80, 0x00], u32::MAX, 5)]
    #[case(&[0x80, 0x80, 0x05], 5, 3)]
    fn integers_are_read(#[case] bytes: &[u8], #[case] value: u32, #[case] length: usize) {
        assert_eq!(uintvar(bytes), Some((value, length)));
    }

    #[test]
    fn an_integer_that_does_not_end_is_none() {
        assert_eq!(uintvar(&[0xFF; 40]), None);
        assert_eq!(uintvar(&[]), None);
    }

    #[rstest]
    #[case(&[0x05], &[])]
    #[case(&[0x80, 0x05], &["wsp.overlong-uintvar"])]
    #[case(&[0x90, 0x80, 0x80, 0x80, 0x00], &["wsp.bad-uintvar"])]
    fn what_is_odd_about_an_integer_is_noted(#[case] bytes: &[u8], #[case] kinds: &[&str]) {
        let mut notes = Notes::new(&Limits::TARGET);
        let read = read(&mut Octets::new(bytes), &mut notes).expect("an integer");
        assert_eq!(read.span.end(), bytes.len());
        let noted: Vec<_> = notes.into_vec().iter().map(|note| note.kind).collect();
        assert_eq!(noted, kinds);
    }
}
