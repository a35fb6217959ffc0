//! Short pieces of text eight octets at a time: what holds for all of them, and copying.
//!
//! Names and values of a message have some ten octets. A loop over them takes as long as they are,
//! and a function made for long pieces costs more to call than they do. What is asked of the
//! octets is the caller's business.

#![expect(
    clippy::inline_always,
    reason = "measured: most pieces are of a length that is known where they are copied"
)]

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// True where all octets are ASCII and `holds` says so of them: it sets the highest bit of each
/// octet of a word for which it is so. An octet may be asked about twice, and so may spaces that
/// fill up a word.
#[inline]
pub(super) fn all(octets: &[u8], holds: impl Fn(u64) -> u64) -> bool {
    let ask = |word: u64| holds(word) & !word;
    let answer = if let Some(last) = octets.last_chunk() {
        let (words, _) = octets.as_chunks();
        words
            .iter()
            .fold(ask(u64::from_le_bytes(*last)), |answer, word| {
                answer & ask(u64::from_le_bytes(*word))
            })
    } else if let (Some(first), Some(last)) = (octets.first_chunk(), octets.last_chunk()) {
        let [first, last] = [first, last].map(|half| u64::from(u32::from_le_bytes(*half)));
        ask(first | last << 32)
    } else {
        let [first, second, third] = match *octets {
            [] => return true,
            [only] => [only; 3],
            [first, second] => [first, second, second],
            [first, second, third, ..] => [first, second, third],
        };
        ask(u64::from_le_bytes([
            first, second, third, b' ', b' ', b' ', b' ', b' ',
        ]))
    };
    answer & HIGH == HIGH
}

/// Which octets of a word of ASCII are not this one, where bits that are `ignored` do not count.
#[inline]
pub(super) const fn other(word: u64, octet: u8, ignored: u8) -> u64 {
    let differing = (word & (LOW * !ignored as u64)) ^ (LOW * (octet & !ignored) as u64);
    differing.wrapping_add(LOW * 0x7F)
}

/// Which octets of a word of ASCII are at least this one.
#[inline]
pub(super) const fn at_least(word: u64, octet: u8) -> u64 {
    word.wrapping_add(LOW * (0x80 - octet) as u64)
}

/// Copies octets to a place of the same length. Up to 32 of them as their two ends, which overlap.
#[inline(always)]
pub(super) fn copy(to: &mut [u8], from: &[u8]) {
    if from.len() > 32 || to.len() != from.len() {
        to.copy_from_slice(from);
    } else if from.len() >= 16 {
        ends(to, from, |end| u128::from_le_bytes(end).to_le_bytes());
    } else if from.len() >= 8 {
        ends(to, from, |end| u64::from_le_bytes(end).to_le_bytes());
    } else if from.len() >= 4 {
        ends(to, from, |end| u32::from_le_bytes(end).to_le_bytes());
    } else if from.len() >= 2 {
        ends(to, from, |end| u16::from_le_bytes(end).to_le_bytes());
    } else {
        ends(to, from, |end: [u8; 1]| end);
    }
}

/// Copies the first and the last octets, each by way of a number, so that no function is called.
#[inline(always)]
fn ends<const N: usize>(to: &mut [u8], from: &[u8], number: impl Fn([u8; N]) -> [u8; N]) {
    if let (Some(first), Some(last)) = (from.first_chunk(), from.last_chunk()) {
        let (first, last) = (number(*first), number(*last));
        if let Some(place) = to.first_chunk_mut() {
            *place = first;
        }
        if let Some(place) = to.last_chunk_mut() {
            *place = last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_octet_is_found_wherever_it_stands() {
        let ask = |octets: &[u8]| {
            let other = all(octets, |word| other(word, b'<', b'<' ^ b'>'));
            (other, all(octets, |word| at_least(word, 0x20)))
        };
        for length in 0..40 {
            let mut octets = vec![b'='; length];
            assert_eq!(ask(&octets), (true, true), "{length}");
            for at in 0..length {
                for (octet, answer) in [
                    (b'<', (false, true)),
                    (b'>', (false, true)),
                    (b'?', (true, true)),
                    (b' ', (true, true)),
                    (0x7F, (true, true)),
                    (0x1F, (true, false)),
                    (0, (true, false)),
                    (0x80, (false, false)),
                    (0xBC, (false, false)),
                    (0xFF, (false, false)),
                ] {
                    octets[at] = octet;
                    assert_eq!(ask(&octets), answer, "{octet:02X} at {at} of {length}");
                }
                octets[at] = b'=';
            }
        }
    }

    #[test]
    fn pieces_of_any_length_are_copied_whole() {
        for length in 0..70_u8 {
            let from: Vec<u8> = (1..=length).collect();
            let mut to = vec![0; from.len()];
            copy(&mut to, &from);
            assert_eq!(to, from);
        }
    }
}
