//! Schedules, worked out from the texts alone; only the wall clock of a zone comes from a library.

use serde_json::Value;

use super::list;

/// Texts of one form compare like the times they stand for.
pub fn in_time(schedule: &Value, now: &str) -> bool {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get(schedule["zone"].as_str().unwrap()).unwrap();
    let local = zone.to_datetime(now.parse::<jiff::Timestamp>().unwrap()).to_string();
    let whole = |text: &str| if text.len() == 10 { format!("{text}T00:00:00") } else { format!("{text}:00") };
    let begun = schedule["from"].as_str().is_none_or(|from| local >= whole(from));
    let over = schedule["until"].as_str().is_some_and(|until| local >= whole(until));
    let (date, time) = local.split_once('T').unwrap();
    let mut day = day_number(date);
    let mut open = true;
    if let (Some(from), Some(until)) = (schedule["hours"]["from"].as_str(), schedule["hours"]["until"].as_str()) {
        let time = &time[..5];
        if from < until {
            open = from <= time && time < until;
        } else if time < until {
            day -= 1;
        } else {
            open = from <= time;
        }
    }
    let names = ["thursday", "friday", "saturday", "sunday", "monday", "tuesday", "wednesday"];
    let name = names[usize::try_from(day.rem_euclid(7)).unwrap()];
    let days = list(&schedule["days"]);
    begun && !over && open && (days.is_empty() || days.iter().any(|one| one == name))
}

/// Days since 1 January 1970, a Thursday, counted one by one.
fn day_number(date: &str) -> i64 {
    let mut parts = date.split('-').map(|part| part.parse::<i64>().unwrap());
    let (year, month, day) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let years: i64 = (1970..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let february = if leap(year) { 29 } else { 28 };
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months: i64 = lengths.iter().take(usize::try_from(month - 1).unwrap()).sum();
    years + months + day - 1
}
