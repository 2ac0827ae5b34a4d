//! Moments as people write them: epoch milliseconds, RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), or back from now (`-6h`). Anything else
//! is refused, so that a slip of the pen never moves a window (Q6).

use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::settings::values::parse_duration;
use crate::time_window::EpochMillis;

/// The last millisecond of the year 9998: the calendar ends within the next one.
const LAST: EpochMillis = 253_370_764_799_999;

/// A moment as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A fixed one, not before 1970.
    At(EpochMillis),
    /// So long before now.
    Ago(Duration),
}

/// A text that is no moment.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{}` is no moment: expected epoch milliseconds (1764000000000), RFC 3339 (2025-11-24T09:00:00Z), `2025-11-24 09:00:00` (UTC), or a \
     duration back from now (-6h), between 1970 and 9998",
    .0.escape_debug()
)]
pub struct InvalidMoment(pub String);

impl Moment {
    /// Reads one of the four forms.
    pub fn parse(text: &str) -> Result<Self, InvalidMoment> {
        let moment = match text.strip_prefix('-') {
            Some(duration) => parse_duration(duration).ok().map(Self::Ago),
            None => epoch_millis(text).or_else(|| rfc_3339(text)).or_else(|| date_and_time(text)).map(Self::At),
        };
        moment.ok_or_else(|| InvalidMoment(text.to_owned()))
    }

    /// The moment in epoch milliseconds. What would lie before 1970 is 1970.
    pub fn resolve(self, now: EpochMillis) -> EpochMillis {
        match self {
            Self::At(moment) => moment,
            Self::Ago(duration) => now.saturating_sub_unsigned(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)).max(0),
        }
    }
}

impl FromStr for Moment {
    type Err = InvalidMoment;

    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        Self::parse(text)
    }
}

/// The moment as RFC 3339 in UTC with milliseconds: `2025-11-24T09:00:00.000Z`. One that no calendar holds is shown as its number.
pub fn rfc3339_millis(moment: EpochMillis) -> String {
    match Timestamp::from_millisecond(moment) {
        Ok(timestamp) => format!("{timestamp:.3}"),
        Err(_) => moment.to_string(),
    }
}

fn epoch_millis(text: &str) -> Option<EpochMillis> {
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    in_range(text.parse().ok().filter(|_| all_digits)?)
}

fn rfc_3339(text: &str) -> Option<EpochMillis> {
    in_range(text.parse::<Timestamp>().ok()?.as_millisecond())
}

fn date_and_time(text: &str) -> Option<EpochMillis> {
    let civil = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    in_range(TimeZone::UTC.to_timestamp(civil).ok()?.as_millisecond())
}

fn in_range(moment: EpochMillis) -> Option<EpochMillis> {
    (0..=LAST).contains(&moment).then_some(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINE: EpochMillis = 1_763_974_800_000;

    #[test]
    fn a_moment_is_read_in_each_of_its_forms() {
        let cases = [
            ("0", 0),
            ("1763974800000", NINE),
            ("2025-11-24T09:00:00Z", NINE),
            ("2025-11-24T10:00:00+01:00", NINE),
            ("2025-11-24T09:00:00.125Z", NINE + 125),
            ("2025-11-24 09:00:00", NINE),
            ("1970-01-01 00:00:00", 0),
            ("9998-12-31 23:59:59", LAST - 999),
        ];
        for (text, moment) in cases {
            assert_eq!(Moment::parse(text), Ok(Moment::At(moment)), "{text}");
        }
    }

    #[test]
    fn a_moment_back_from_now_is_counted_from_now() {
        let cases = [("-6h", NINE - 21_600_000), ("-30m", NINE - 1_800_000), ("-2d", NINE - 172_800_000), ("-36500d", 0)];
        for (text, moment) in cases {
            assert_eq!(Moment::parse(text).map(|parsed| parsed.resolve(NINE)), Ok(moment), "{text}");
        }
        assert_eq!(Moment::At(5).resolve(NINE), 5);
    }

    #[test]
    fn everything_else_is_refused() {
        let wrong = [
            "",
            "-",
            "-5",
            "-0h",
            "+6h",
            "6h",
            "now",
            "yesterday",
            "+5",
            "1.5",
            "1e3",
            " 5",
            "2025-11-24",
            "2025-11-24T09:00:00",
            "2025-11-24 09:00",
            "2025-13-01 00:00:00",
            "2025-02-30T00:00:00Z",
            "2025-11-24 25:00:00",
            "24.11.2025 09:00:00",
            "1969-12-31T23:59:59Z",
            "253370764800000",
            "99999999999999999999",
            "--6h",
            "status.json",
            "9999-12-31 23:59:59",
        ];
        for text in wrong {
            assert_eq!(Moment::parse(text), Err(InvalidMoment(text.to_owned())));
        }
    }

    #[test]
    fn a_moment_is_shown_with_milliseconds() {
        assert_eq!(rfc3339_millis(NINE), "2025-11-24T09:00:00.000Z");
        assert_eq!(rfc3339_millis(NINE + 7), "2025-11-24T09:00:00.007Z");
        assert_eq!(rfc3339_millis(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339_millis(i64::MAX), i64::MAX.to_string());
    }
}
