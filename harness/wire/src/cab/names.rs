//! What is wrong with the name of a member: names that cannot be, and names that would lead an
//! unpacker out of its folder. Whether the name is the one a package needs is left to others.

/// The longest name, without its NUL (MS-CAB 2.3: a name has at most 256 octets).
const LONGEST: usize = 255;

/// The kind of note that this name deserves, and why.
pub(super) fn fault(octets: &[u8], name: &str, is_utf8: bool) -> Option<(&'static str, String)> {
    if octets.is_empty() {
        return Some(("cab.bad-name", "a member without a name".into()));
    }
    if octets.len() > LONGEST {
        let text = format!("a name of {} octets", octets.len());
        return Some(("cab.bad-name", text));
    }
    if is_utf8 && std::str::from_utf8(octets).is_err() {
        return Some((
            "cab.bad-name",
            "a name that is not UTF-8 but says so".into(),
        ));
    }
    if let Some(control) = name.chars().find(|c| c.is_control()) {
        let text = format!("a name with U+{:04X} in it", u32::from(control));
        return Some(("cab.bad-name", text));
    }
    climbs(name).map(|why| ("cab.climbing-name", format!("{name:?} {why}")))
}

/// Why a name does not stay below the folder it is unpacked into. Both strokes separate, whatever
/// the system, and a colon names a drive or a stream.
fn climbs(name: &str) -> Option<&'static str> {
    if name.starts_with(['/', '\\']) {
        Some("is an absolute path")
    } else if name.contains(':') {
        Some("names a drive or a stream")
    } else if name.split(['/', '\\']).any(dots) {
        Some("goes up")
    } else {
        None
    }
}

/// Two dots, also with the dots and blanks behind them that some systems drop.
fn dots(part: &str) -> bool {
    part.starts_with("..") && part.trim_end_matches(['.', ' ']).is_empty()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("_setup.xml", None)]
    #[case::below("a\\b/c.txt", None)]
    #[case::dots_inside("a..b/..c", None)]
    #[case::up("../x", Some("cab.climbing-name"))]
    #[case::up_and_back("a\\..\\..\\x", Some("cab.climbing-name"))]
    #[case::up_with_blanks("a\\.. \\x", Some("cab.climbing-name"))]
    #[case::root("/etc/passwd", Some("cab.climbing-name"))]
    #[case::share("\\\\host\\share\\x", Some("cab.climbing-name"))]
    #[case::drive("C:x", Some("cab.climbing-name"))]
    #[case::stream("a/x.txt:y", Some("cab.climbing-name"))]
    #[case::nothing("", Some("cab.bad-name"))]
    #[case::control("a\u{7}b", Some("cab.bad-name"))]
    fn a_name_is_safe_or_says_why_not(#[case] name: &str, #[case] kind: Option<&str>) {
        let found = fault(name.as_bytes(), name, true);
        assert_eq!(found.map(|(kind, _)| kind), kind);
    }

    #[test]
    fn a_name_has_a_longest_and_a_character_set() {
        let longest = "x".repeat(LONGEST);
        assert_eq!(fault(longest.as_bytes(), &longest, false), None);
        let longer = "x".repeat(LONGEST + 1);
        assert!(fault(longer.as_bytes(), &longer, false).is_some());
        assert_eq!(fault(b"\xE9.xml", "é.xml", false), None);
        assert!(fault(b"\xE9.xml", "é.xml", true).is_some());
    }
}
