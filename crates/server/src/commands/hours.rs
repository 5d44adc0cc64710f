//! Opening hours as an operator writes them: `Mon-Fri 08:00-17:30, Sat 09:00-12:00`.

use anyhow::{Context, Result, ensure};
use deskbell_protocol::{Hours, OpenSpan};

/// The days of a week in ISO 8601's order.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Reads them; the time zone must be one of the IANA database.
pub fn parse(text: &str, time_zone: &str) -> Result<Hours> {
    jiff::tz::TimeZone::get(time_zone)
        .with_context(|| format!("{time_zone} is not a time zone such as Europe/Berlin"))?;
    let mut weekly = Vec::new();
    for part in text.split(',') {
        weekly.extend(
            spans(part.trim()).with_context(|| {
                format!("\"{}\" is not like \"Mon-Fri 08:00-17:30\"", part.trim())
            })?,
        );
    }
    weekly.sort_by(|one, other| (one.weekday, &one.opens).cmp(&(other.weekday, &other.opens)));
    Ok(Hours {
        time_zone: time_zone.to_owned(),
        weekly,
    })
}

fn spans(part: &str) -> Result<Vec<OpenSpan>> {
    let (days, times) = part.split_once(' ').context("a day and two times")?;
    let (opens, closes) = times.trim().split_once('-').context("two times")?;
    let (first, last) = days.split_once('-').unwrap_or((days, days));
    let (first, last) = (weekday(first)?, weekday(last)?);
    ensure!(first <= last, "the days must be in the week's order");
    ensure!(
        minutes(opens)? < minutes(closes)?,
        "it must close after it opens"
    );
    let span = |weekday| OpenSpan {
        weekday,
        opens: opens.to_owned(),
        closes: closes.to_owned(),
    };
    Ok((first..=last).map(span).collect())
}

fn weekday(text: &str) -> Result<u8> {
    let known = DAYS
        .iter()
        .zip(1..)
        .find(|(day, _)| text.eq_ignore_ascii_case(day));
    known.map(|(_, number)| number).context("a day such as Mon")
}

fn minutes(text: &str) -> Result<u32> {
    let (hour, minute) = text.split_once(':').context("a time such as 08:00")?;
    ensure!(hour.len() == 2 && minute.len() == 2, "a time such as 08:00");
    let (hour, minute): (u32, u32) = (hour.parse()?, minute.parse()?);
    ensure!(
        minute < 60 && hour * 60 + minute <= 24 * 60,
        "a time of the day"
    );
    Ok(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_are_read_in_the_weeks_order() {
        let hours = parse("Sat 09:00-12:00, mon-Tue 08:00-24:00", "Europe/Berlin").unwrap();
        let days: Vec<_> = hours
            .weekly
            .iter()
            .map(|span| (span.weekday, &*span.closes))
            .collect();
        assert_eq!(days, [(1, "24:00"), (2, "24:00"), (6, "12:00")]);
    }

    #[test]
    fn what_is_no_opening_is_refused_with_an_example() {
        for wrong in [
            "",
            "Mon",
            "Fri-Mon 08:00-17:00",
            "Mon 17:00-08:00",
            "Mon 8-17",
            "Mon 08:00-24:01",
        ] {
            let error = parse(wrong, "Europe/Berlin").unwrap_err().to_string();
            assert!(error.contains("Mon-Fri 08:00-17:30"), "{wrong}: {error}");
        }
        assert!(parse("Mon 08:00-17:00", "Middle/Earth").is_err());
    }
}
