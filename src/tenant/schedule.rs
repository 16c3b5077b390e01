//! Whether a schedule holds at an instant. Wall-clock times of a named zone (jiff, with its own copy of the zone
//! database: nothing is read from the machine).
//!
//! Where a clock is put forward, a time that does not exist means as long after the change as it says; where it is
//! put back, the first of the two (RFC 5545 section 3.3.5).

use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};

use super::{Day, Schedule};

/// A schedule in the form that is asked.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    zone: TimeZone,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    days: Vec<Weekday>,
    hours: Option<(Time, Time)>,
}

/// Why a schedule does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Off {
    NotYet,
    Over,
    Day,
    Hour,
}

impl Calendar {
    /// Errors are the key and what is wrong with it.
    pub(super) fn compile(schedule: &Schedule) -> Result<Calendar, Vec<(&'static str, String)>> {
        let mut wrong = Vec::new();
        let zone = TimeZoneDatabase::bundled().get(&schedule.zone).ok();
        if zone.is_none() {
            wrong.push(("zone", format!("no time zone is called `{}`", schedule.zone)));
        }
        let zone = zone.unwrap_or(TimeZone::UTC);
        let mut instant = |key: &'static str, text: &Option<String>| {
            let text = text.as_ref()?;
            let found = date_time(text).and_then(|at| at.to_zoned(zone.clone()).ok());
            if found.is_none() {
                wrong.push((key, format!("`{text}` is not a date, or date and time, like 2026-12-01T09:00")));
            }
            found.map(|zoned| zoned.timestamp())
        };
        let (from, until) = (instant("from", &schedule.from), instant("until", &schedule.until));
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            wrong.push(("until", "is not after `from`".to_owned()));
        }
        let mut hours = None;
        if let Some(given) = &schedule.hours {
            match (time(&given.from), time(&given.until)) {
                (Some(from), Some(until)) => hours = Some((from, until)),
                (None, _) => wrong.push(("hours/from", format!("`{}` is not a time like 09:00", given.from))),
                (_, None) => wrong.push(("hours/until", format!("`{}` is not a time like 17:30", given.until))),
            }
        }
        let days = schedule.days.iter().map(|day| weekday(*day)).collect();
        let calendar = Calendar { zone, from, until, days, hours };
        if wrong.is_empty() && calendar.is_never() {
            let key = if calendar.days.is_empty() { "hours" } else { "days" };
            wrong.push((key, "never holds: these days and hours do not fall between `from` and `until`".to_owned()));
        }
        if wrong.is_empty() { Ok(calendar) } else { Err(wrong) }
    }

    /// Whether it holds at an instant.
    pub(super) fn ask(&self, now: Timestamp) -> Result<(), Off> {
        if self.from.is_some_and(|from| now < from) {
            return Err(Off::NotYet);
        }
        if self.until.is_some_and(|until| now >= until) {
            return Err(Off::Over);
        }
        let local = self.zone.to_datetime(now);
        let mut day = local.date();
        if let Some((from, until)) = self.hours {
            let time = local.time();
            let past_midnight = until <= from;
            if past_midnight && time < until {
                // The window began yesterday.
                day = day.checked_sub(1.day()).unwrap_or(day);
            } else if time < from || (!past_midnight && time >= until) {
                return Err(Off::Hour);
            }
        }
        if self.days.is_empty() || self.days.contains(&day.weekday()) { Ok(()) } else { Err(Off::Day) }
    }

    /// Whether no instant is left between both ends. Where it holds for a first time after `from`, it does so at `from`
    /// itself or when a day or its hours begin; what repeats by the week comes in any two weeks.
    fn is_never(&self) -> bool {
        let (Some(from), Some(until)) = (self.from, self.until) else { return false };
        let opens = self.hours.map_or(Time::midnight(), |(opens, _)| opens);
        let first = self.zone.to_datetime(from).date();
        let begins = (0..=14i64).filter_map(|days| {
            let day = first.checked_add(days.days()).ok()?;
            Some(day.to_datetime(opens).to_zoned(self.zone.clone()).ok()?.timestamp())
        });
        !std::iter::once(from).chain(begins).any(|at| at < until && self.ask(at).is_ok())
    }
}

fn date_time(text: &str) -> Option<DateTime> {
    // A zone or offset in the text would contradict `zone`; jiff would read over it.
    let plain = text.len() >= 10 && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ':' | 'T'));
    plain.then(|| text.parse().ok()).flatten()
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let two = |digits: &str| (digits.len() == 2).then(|| digits.parse::<i8>().ok()).flatten();
    Time::new(two(hour)?, two(minute)?, 0, 0).ok()
}

fn weekday(day: Day) -> Weekday {
    match day {
        Day::Monday => Weekday::Monday,
        Day::Tuesday => Weekday::Tuesday,
        Day::Wednesday => Weekday::Wednesday,
        Day::Thursday => Weekday::Thursday,
        Day::Friday => Weekday::Friday,
        Day::Saturday => Weekday::Saturday,
        Day::Sunday => Weekday::Sunday,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn schedule(json: &str) -> Schedule {
        serde_json::from_str(json).unwrap()
    }

    fn holds(json: &str, at: &str) -> bool {
        Calendar::compile(&schedule(json)).unwrap().ask(at.parse().unwrap()).is_ok()
    }

    #[test]
    fn dates_are_those_of_the_zone_and_the_end_is_not_included() {
        let december = r#"{"zone": "America/New_York", "from": "2026-12-01", "until": "2026-12-24T18:00"}"#;
        for (at, expected) in [
            ("2026-12-01T04:59:59Z", false),
            ("2026-12-01T05:00:00Z", true),
            ("2026-12-24T22:59:59Z", true),
            ("2026-12-24T23:00:00Z", false),
        ] {
            assert_eq!(holds(december, at), expected, "{at}");
        }
    }

    #[test]
    fn hours_follow_the_clock_of_the_zone_through_both_changes() {
        let office = r#"{"zone": "Europe/London", "hours": {"from": "09:00", "until": "17:30"}}"#;
        for (at, expected) in [
            ("2026-01-15T08:59:59Z", false),
            ("2026-01-15T09:00:00Z", true),
            ("2026-01-15T17:30:00Z", false),
            // Summer time: one hour earlier.
            ("2026-07-15T08:00:00Z", true),
            ("2026-07-15T16:30:00Z", false),
            // On the days of the change themselves.
            ("2026-03-29T08:00:00Z", true),
            ("2026-10-25T08:30:00Z", false),
            ("2026-10-25T09:00:00Z", true),
        ] {
            assert_eq!(holds(office, at), expected, "{at}");
        }
        // 02:30 does not exist in Berlin on 29 March 2026: it means 03:30 summer time, 01:30 UTC.
        let gap = r#"{"zone": "Europe/Berlin", "from": "2026-03-29T02:30"}"#;
        assert!(!holds(gap, "2026-03-29T01:29:59Z"));
        assert!(holds(gap, "2026-03-29T01:30:00Z"));
        // 02:30 happens twice on 25 October: the first is meant.
        let fold = r#"{"zone": "Europe/Berlin", "from": "2026-10-25T02:30"}"#;
        assert!(!holds(fold, "2026-10-25T00:29:59Z"));
        assert!(holds(fold, "2026-10-25T00:30:00Z"));
    }

    #[test]
    fn days_are_those_of_the_zone_and_a_night_belongs_to_the_day_it_began() {
        let friday = r#"{"zone": "Asia/Tokyo", "days": ["friday"]}"#;
        assert!(!holds(friday, "2026-11-19T14:59:59Z"));
        assert!(holds(friday, "2026-11-19T15:00:00Z"));
        assert!(!holds(friday, "2026-11-20T15:00:00Z"));
        let night = r#"{"zone": "UTC", "days": ["friday"], "hours": {"from": "22:00", "until": "02:00"}}"#;
        for (at, expected) in [
            ("2026-11-20T01:00:00Z", false),
            ("2026-11-20T21:59:59Z", false),
            ("2026-11-20T22:00:00Z", true),
            ("2026-11-21T01:59:59Z", true),
            ("2026-11-21T02:00:00Z", false),
            ("2026-11-21T22:00:00Z", false),
        ] {
            assert_eq!(holds(night, at), expected, "{at}");
        }
        let all_day = r#"{"zone": "UTC", "hours": {"from": "00:00", "until": "00:00"}}"#;
        assert!(holds(all_day, "2026-11-20T00:00:00Z") && holds(all_day, "2026-11-20T23:59:59Z"));
    }

    #[test]
    fn what_holds_for_a_moment_is_a_schedule() {
        for (json, at) in [
            (
                r#"{"zone": "UTC", "from": "2026-11-23", "until": "2026-11-24", "days": ["monday"]}"#,
                "2026-11-23T00:00:00Z",
            ),
            // The night began before `from`, on a day that is meant.
            (
                r#"{"zone": "UTC", "from": "2026-11-24T01:00", "until": "2026-11-24T03:00", "days": ["monday"],
                    "hours": {"from": "22:00", "until": "02:00"}}"#,
                "2026-11-24T01:30:00Z",
            ),
            (
                r#"{"zone": "Asia/Tokyo", "from": "2026-11-23T13:00", "until": "2026-11-24T12:01",
                    "hours": {"from": "12:00", "until": "13:00"}}"#,
                "2026-11-24T03:00:00Z",
            ),
        ] {
            assert!(holds(json, at), "{json}");
        }
    }

    #[test]
    fn each_way_to_be_off_is_told() {
        let json = r#"{"zone": "UTC", "from": "2026-11-02", "until": "2026-11-30", "days": ["monday"],
            "hours": {"from": "09:00", "until": "17:00"}}"#;
        let calendar = Calendar::compile(&schedule(json)).unwrap();
        for (at, off) in [
            ("2026-11-01T23:59:59Z", Off::NotYet),
            ("2026-11-30T00:00:00Z", Off::Over),
            ("2026-11-10T10:00:00Z", Off::Day),
            ("2026-11-09T08:59:59Z", Off::Hour),
        ] {
            assert_eq!(calendar.ask(at.parse().unwrap()), Err(off), "{at}");
        }
    }

    #[test]
    fn every_mistake_is_named() {
        let wrong = |json: &str| -> Vec<&str> {
            Calendar::compile(&schedule(json)).unwrap_err().into_iter().map(|(key, _)| key).collect()
        };
        assert_eq!(
            wrong(r#"{"zone": "Mars/Base", "from": "x", "until": "2026-13-01", "hours": {"from": "9", "until": "1"}}"#),
            ["zone", "from", "until", "hours/from"]
        );
        assert_eq!(wrong(r#"{"zone": "UTC", "from": "2026-02-01", "until": "2026-02-01"}"#), ["until"]);
        assert_eq!(wrong(r#"{"zone": "UTC", "from": "2026-02-01T09:00+02:00"}"#), ["from"]);
        // Monday and Tuesday alone.
        let week_end =
            r#"{"zone": "UTC", "from": "2026-11-23", "until": "2026-11-25", "days": ["saturday", "sunday"]}"#;
        assert_eq!(wrong(week_end), ["days"]);
        let noon = r#""hours": {"from": "12:00", "until": "13:00"}"#;
        assert_eq!(
            wrong(&format!(r#"{{"zone": "UTC", "from": "2026-11-23T13:00", "until": "2026-11-24T12:00", {noon}}}"#)),
            ["hours"]
        );
        assert_eq!(wrong(r#"{"zone": "UTC", "hours": {"from": "09:00", "until": "24:00"}}"#), ["hours/until"]);
    }
}
