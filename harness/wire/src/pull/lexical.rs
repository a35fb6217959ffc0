//! The lexical types of the device management service: how texts stand in elements and attributes.
//!
//! Each is read as written: white space around a text is the business of whoever took it out of its
//! element.

use std::fmt;

/// The most characters of a package or device id that the stock agent keeps.
pub const MOST_ID: usize = 299;
/// The most characters of a package name.
pub const MOST_NAME: usize = 127;
/// The most characters of a short description.
pub const MOST_SHORT: usize = 139;
/// The most characters of a long description.
pub const MOST_LONG: usize = 511;
/// The most characters of a path or a command line.
pub const MOST_PATH: usize = 259;

/// A point in time, `YYYY-MM-DD hh:mm:ss`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Datetime {
    /// Year.
    pub year: u16,
    /// Month, from 1.
    pub month: u8,
    /// Day, from 1.
    pub day: u8,
    /// Hour, from 0.
    pub hour: u8,
    /// Minute.
    pub minute: u8,
    /// Second.
    pub second: u8,
}

/// A duration in the same picture: `0000-00-07 00:00:00` is one week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// Years.
    pub years: u16,
    /// Months.
    pub months: u8,
    /// Days.
    pub days: u8,
    /// Hours.
    pub hours: u8,
    /// Minutes.
    pub minutes: u8,
    /// Seconds.
    pub seconds: u8,
}

/// What happens each time that a package recurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Behavior {
    /// `Download and Execute`.
    DownloadAndExecute,
    /// `Execute Only`.
    ExecuteOnly,
}

impl Datetime {
    /// The time that this text names; absent where it is none of the calendar.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, [month, day, hour, minute, second]) = picture(text)?;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        let is_time = hour < 24 && minute < 60 && second < 60;
        ((1..=days).contains(&day) && is_time).then_some(Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
        })
    }
}

impl Interval {
    /// The duration that this text names; absent where it does not have the picture. How large a
    /// field may be is not said.
    pub fn parse(text: &str) -> Option<Self> {
        let (years, [months, days, hours, minutes, seconds]) = picture(text)?;
        Some(Self {
            years,
            months,
            days,
            hours,
            minutes,
            seconds,
        })
    }

    /// True for no time at all.
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

impl Behavior {
    /// Its text.
    pub fn text(self) -> &'static str {
        match self {
            Self::DownloadAndExecute => "Download and Execute",
            Self::ExecuteOnly => "Execute Only",
        }
    }

    /// The behavior that exactly this text names.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::DownloadAndExecute, Self::ExecuteOnly]
            .into_iter()
            .find(|behavior| behavior.text() == text)
    }
}

impl fmt::Display for Datetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            year, month, day, ..
        } = self;
        let Self {
            hour,
            minute,
            second,
            ..
        } = self;
        write!(
            f,
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        )
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            years,
            months,
            days,
            ..
        } = self;
        let Self {
            hours,
            minutes,
            seconds,
            ..
        } = self;
        write!(
            f,
            "{years:04}-{months:02}-{days:02} {hours:02}:{minutes:02}:{seconds:02}"
        )
    }
}

/// A boolean in any of its spellings: true, false, yes, no, 1, 0, in any case of the letters.
pub fn boolean(text: &str) -> Option<bool> {
    let is = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "yes", "1"]) {
        return Some(true);
    }
    is(["false", "no", "0"]).then_some(false)
}

/// The number that `Flags` stand for: four octets in hexadecimal, a space between them, the lowest
/// first. `02 00 00 00` is 2.
pub fn flags(text: &str) -> Option<u32> {
    let mut octets = [0; 4];
    let mut parts = text.split(' ');
    for octet in &mut octets {
        let part = parts.next()?;
        if part.len() != 2 || !part.bytes().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        *octet = u8::from_str_radix(part, 16).ok()?;
    }
    parts.next().is_none().then(|| u32::from_le_bytes(octets))
}

/// True for the combinations of `Flags` that are named: low bandwidth, high bandwidth, either,
/// pass-through, high bandwidth or pass-through.
pub fn flags_are_known(flags: u32) -> bool {
    matches!(flags, 1 | 2 | 3 | 4 | 6)
}

/// `Flags` as they are written.
pub fn write_flags(flags: u32) -> String {
    let [a, b, c, d] = flags.to_le_bytes();
    format!("{a:02X} {b:02X} {c:02X} {d:02X}")
}

/// True for a GUID without braces, which package ids usually are.
pub fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == b'-',
            _ => c.is_ascii_hexdigit(),
        })
}

/// The six numbers of `YYYY-MM-DD hh:mm:ss`.
fn picture(text: &str) -> Option<(u16, [u8; 5])> {
    let shape = text.len() == 19
        && text.bytes().enumerate().all(|(at, c)| match at {
            4 | 7 => c == b'-',
            10 => c == b' ',
            13 | 16 => c == b':',
            _ => c.is_ascii_digit(),
        });
    if !shape {
        return None;
    }
    let mut rest = [0; 5];
    for (part, at) in rest.iter_mut().zip([5, 8, 11, 14, 17]) {
        *part = text.get(at..at + 2)?.parse().ok()?;
    }
    Some((text.get(..4)?.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2031-05-04 09:06:12", true)]
    #[case("2028-02-29 23:59:59", true)]
    #[case("2031-02-29 00:00:00", false)]
    #[case("2031-13-01 00:00:00", false)]
    #[case("2031-05-04T09:06:12", false)]
    #[case("2031-05-04 24:00:00", false)]
    #[case("2031-5-4 9:06:12", false)]
    #[case("２031-05-04 09:06", false)]
    #[case("", false)]
    fn a_datetime_is_one_of_the_calendar(#[case] text: &str, #[case] is_one: bool) {
        let read = Datetime::parse(text);
        assert_eq!(
            read.map(|time| time.to_string()),
            is_one.then(|| text.to_owned())
        );
    }

    #[rstest]
    #[case("0000-00-07 00:00:00", true)]
    #[case("0000-00-00 00:00:00", true)]
    #[case("0000-00-00 36:00:00", true)]
    #[case("00-00-00 00:03:00", false)]
    #[case("3600", false)]
    #[case("-000-00-00 00:00:01", false)]
    #[case("+000-00-00 00:00:01", false)]
    fn an_interval_has_the_same_picture(#[case] text: &str, #[case] is_one: bool) {
        let read = Interval::parse(text);
        assert_eq!(
            read.map(|time| time.to_string()),
            is_one.then(|| text.to_owned())
        );
        assert_eq!(
            read.is_some_and(|time| time.is_zero()),
            text == "0000-00-00 00:00:00"
        );
    }

    #[rstest]
    #[case("01 00 00 00", Some(1))]
    #[case("06 00 00 00", Some(6))]
    #[case("fF 00 00 80", Some(0x8000_00FF))]
    #[case("02000000", None)]
    #[case("02 00 00", None)]
    #[case("02 00 00 00 00", None)]
    #[case("+2 00 00 00", None)]
    #[case(" 02 00 00 00", None)]
    #[case("2", None)]
    fn flags_are_four_octets(#[case] text: &str, #[case] value: Option<u32>) {
        assert_eq!(flags(text), value);
        if let Some(value) = value {
            assert_eq!(write_flags(value), text.to_uppercase());
        }
    }

    #[test]
    fn booleans_have_many_spellings() {
        for text in ["true", "True", "YES", "1"] {
            assert_eq!(boolean(text), Some(true), "{text}");
        }
        for text in ["false", "FALSE", "No", "0"] {
            assert_eq!(boolean(text), Some(false), "{text}");
        }
        assert_eq!(boolean("maybe"), None);
        assert_eq!(Behavior::parse("Execute only"), None);
        assert_eq!(Behavior::parse("Execute Only"), Some(Behavior::ExecuteOnly));
        assert!(flags_are_known(6) && !flags_are_known(5) && !flags_are_known(0));
    }

    #[test]
    fn a_guid_has_no_braces() {
        assert!(is_guid("5A5A0000-0000-4000-8000-00000000000a"));
        assert!(!is_guid("{5A5A0000-0000-4000-8000-0000000000}"));
        assert!(!is_guid("5A5A0000-0000-4000-8000-00000000000"));
    }
}
