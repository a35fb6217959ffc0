//! What a Range field asks for (RFC 9110 section 14), one range at a time.
//!
//! What is answered to it is the business of who serves.

/// What a Range field asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// All of it: no range, or one that is not for this server.
    All,
    /// From the first octet to the one behind the last.
    Part(usize, usize),
    /// Nothing that there is.
    Nothing,
}

/// Understands a Range field for so many octets.
pub(crate) fn asked(range: &str, length: usize) -> Ask {
    let Some((unit, set)) = range.split_once('=') else {
        return Ask::Nothing;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return Ask::All;
    }
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        // Beyond what can be counted is beyond the end.
        digits.then(|| text.parse::<usize>().unwrap_or(usize::MAX))
    };
    let Some((first, last)) = set.trim().split_once('-') else {
        return Ask::Nothing;
    };
    let (from, to) = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => (first, last.saturating_add(1)),
        (Some(first), None) if last.is_empty() => (first, length),
        (None, Some(count)) if first.is_empty() => (length.saturating_sub(count), length),
        _ => return Ask::Nothing,
    };
    let to = to.min(length);
    if from < to {
        Ask::Part(from, to)
    } else {
        Ask::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_to_what_there_is() {
        for (range, ask) in [
            ("bytes=0-9", Ask::Part(0, 10)),
            ("bytes=90-", Ask::Part(90, 100)),
            ("bytes=-5", Ask::Part(95, 100)),
            ("bytes=-500", Ask::Part(0, 100)),
            ("bytes=99-99999999999999999999999", Ask::Part(99, 100)),
            ("bytes=100-", Ask::Nothing),
            ("bytes=99999999999999999999999-", Ask::Nothing),
            ("bytes=-0", Ask::Nothing),
            ("bytes=9-2", Ask::Nothing),
            ("bytes=a-b", Ask::Nothing),
            ("bytes=+1-2", Ask::Nothing),
            ("bytes", Ask::Nothing),
            ("bytes=0-1,5-6", Ask::All),
            ("lines=0-1", Ask::All),
        ] {
            assert_eq!(asked(range, 100), ask, "{range}");
        }
        assert_eq!(asked("bytes=0-", 0), Ask::Nothing);
    }
}
