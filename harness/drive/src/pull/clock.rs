//! The clock of the virtual device. Whatever waits for a time on it has waited at once.
//!
//! It begins at the same time in each run, so that what is sent is the same each time. What there
//! is to wait for is decided elsewhere.

use assay_wire::pull::{Datetime, Interval};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// 2031-05-04 00:00:00, in seconds since 1970.
const START: i64 = 1_935_619_200;
/// 9999-12-31 23:59:59: the picture of a time has four digits for the year.
const END: i64 = 253_402_300_799;
const DAY: u64 = 86_400;

/// A clock that counts seconds, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock(i64);

impl Default for Clock {
    fn default() -> Self {
        Self(START)
    }
}

impl Clock {
    /// What it shows, a second later each time that somebody asks.
    pub(super) fn now(&mut self) -> Datetime {
        let shown = self.shown();
        self.pass(1);
        shown
    }

    /// Lets so many seconds pass.
    pub(super) fn pass(&mut self, seconds: u64) {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        self.0 = self.0.saturating_add(seconds).min(END);
    }

    /// Waits until this time, which may be over.
    pub(super) fn reach(&mut self, time: Datetime) {
        self.0 = seconds(time).unwrap_or(self.0).clamp(self.0, END);
    }

    fn shown(self) -> Datetime {
        let time =
            OffsetDateTime::from_unix_timestamp(self.0).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Datetime {
            year: u16::try_from(time.year()).unwrap_or_default(),
            month: u8::from(time.month()),
            day: time.day(),
            hour: time.hour(),
            minute: time.minute(),
            second: time.second(),
        }
    }
}

/// How long an interval is, where a month has thirty days and a year twelve months.
pub(super) fn length(interval: Interval) -> u64 {
    let days = u64::from(interval.years) * 360 + u64::from(interval.months) * 30;
    let days = days + u64::from(interval.days);
    let minutes = u64::from(interval.hours) * 60 + u64::from(interval.minutes);
    days * DAY + minutes * 60 + u64::from(interval.seconds)
}

fn seconds(time: Datetime) -> Option<i64> {
    let month = Month::try_from(time.month).ok()?;
    let date = Date::from_calendar_date(i32::from(time.year), month, time.day).ok()?;
    let clock = Time::from_hms(time.hour, time.minute, time.second).ok()?;
    let time = PrimitiveDateTime::new(date, clock).assume_utc();
    Some(time.unix_timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Datetime {
        Datetime::parse(text).unwrap()
    }

    #[test]
    fn it_goes_on_by_a_second_and_by_whatever_is_waited_for() {
        let mut clock = Clock::default();
        assert_eq!(clock.now(), at("2031-05-04 00:00:00"));
        assert_eq!(clock.now(), at("2031-05-04 00:00:01"));
        clock.pass(3600);
        assert_eq!(clock.now(), at("2031-05-04 01:00:02"));
        clock.reach(at("2032-02-29 10:00:00"));
        assert_eq!(clock.now(), at("2032-02-29 10:00:00"));
        clock.reach(at("2001-01-01 00:00:00"));
        assert_eq!(clock.now(), at("2032-02-29 10:00:01"));
    }

    #[test]
    fn it_never_leaves_the_years_that_can_be_written() {
        let mut clock = Clock::default();
        clock.pass(u64::MAX);
        assert_eq!(clock.now(), at("9999-12-31 23:59:59"));
        clock.reach(at("9999-12-31 23:59:59"));
        assert_eq!(clock.now(), at("9999-12-31 23:59:59"));
    }

    #[test]
    fn intervals_have_a_length() {
        let interval = |text| length(Interval::parse(text).unwrap());
        assert_eq!(interval("0000-00-07 00:00:00"), 604_800);
        assert_eq!(interval("0000-00-00 01:02:03"), 3723);
        assert_eq!(interval("9999-99-99 99:99:99"), 311_274_420_039);
    }
}
