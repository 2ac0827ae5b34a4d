//! Durations, sizes and severities as people write them. Durations and sizes are a whole number and its unit, nothing else: zero,
//! fractions and numbers without a unit are refused, so that no value is read other than it was meant.

use std::time::Duration;

use crate::alert::Severity;

/// The longest duration that is taken: a century. Far from where arithmetic on moments could overflow.
const LONGEST: Duration = Duration::from_hours(24 * 36_500);

/// Milliseconds in each unit, the greatest first.
const DURATION_UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// Bytes in each unit, the greatest first.
const SIZE_UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// The names of the severities, in ascending order.
pub(super) const SEVERITIES: [(&str, Severity); 5] = [
    ("info", Severity::Info),
    ("low", Severity::Low),
    ("medium", Severity::Medium),
    ("high", Severity::High),
    ("critical", Severity::Critical),
];

/// A text that is no duration.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{}` is no duration: a whole number above 0 and one of ms, s, m, h, d are wanted, as in `90s`, at most 36500d", .0.escape_debug())]
pub struct InvalidDuration(pub String);

/// A text that is no size.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{}` is no size: a whole number above 0 and one of B, KiB, MiB, GiB are wanted, as in `64MiB`", .0.escape_debug())]
pub struct InvalidSize(pub String);

/// Reads `"500ms"`, `"90s"`, `"10m"`, `"3h"` or `"2d"`.
pub fn parse_duration(text: &str) -> Result<Duration, InvalidDuration> {
    let duration = quantity(text, &DURATION_UNITS).map(Duration::from_millis);
    duration.filter(|duration| *duration <= LONGEST).ok_or_else(|| InvalidDuration(text.to_owned()))
}

/// Reads `"100B"`, `"512KiB"`, `"64MiB"` or `"1GiB"` as a number of bytes.
pub fn parse_size(text: &str) -> Result<u64, InvalidSize> {
    quantity(text, &SIZE_UNITS).ok_or_else(|| InvalidSize(text.to_owned()))
}

/// The duration as [`parse_duration`] reads it, in the greatest unit that says it exactly.
pub fn duration_text(duration: Duration) -> String {
    quantity_text(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX), &DURATION_UNITS)
}

/// The number of bytes as [`parse_size`] reads it, in the greatest unit that says it exactly.
pub fn size_text(bytes: u64) -> String {
    quantity_text(bytes, &SIZE_UNITS)
}

/// The regular expression of all durations, for the JSON Schema.
pub(super) const DURATION_PATTERN: &str = "^0*[1-9][0-9]*(ms|s|m|h|d)$";

/// The regular expression of all sizes, for the JSON Schema.
pub(super) const SIZE_PATTERN: &str = "^0*[1-9][0-9]*(B|KiB|MiB|GiB)$";

fn quantity(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let unit_starts = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_starts);
    let (_, scale) = units.iter().find(|(name, _)| *name == unit)?;
    let amount = number.parse::<u64>().ok()?.checked_mul(*scale)?;
    (amount > 0).then_some(amount)
}

fn quantity_text(amount: u64, units: &[(&str, u64)]) -> String {
    let fitting = units.iter().find(|(_, scale)| amount.is_multiple_of(*scale) && amount > 0);
    let (unit, scale) = fitting.or(units.last()).copied().unwrap_or(("", 1));
    format!("{}{unit}", amount / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        let cases = [("500ms", 500), ("90s", 90_000), ("10m", 600_000), ("3h", 10_800_000), ("2d", 172_800_000), ("007s", 7000)];
        for (text, milliseconds) in cases {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn sizes_are_a_number_and_a_binary_unit() {
        for (text, bytes) in [("1B", 1), ("512KiB", 524_288), ("64MiB", 67_108_864), ("4GiB", 4_294_967_296)] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let wrong = ["", "s", "90", "1.5h", "-1s", "+1s", " 1s", "1 s", "1S", "1h30m", "0s", "1w", "36501d", "99999999999999999999d", "1é"];
        for text in wrong {
            assert_eq!(parse_duration(text), Err(InvalidDuration(text.to_owned())));
        }
        for text in ["", "MiB", "64", "64MB", "64M", "1.5GiB", "-1B", "0MiB", "64mib", "99999999999GiB"] {
            assert_eq!(parse_size(text), Err(InvalidSize(text.to_owned())));
        }
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        for text in ["1ms", "1500ms", "90s", "3h", "1d", "36500d"] {
            assert_eq!(parse_duration(text).map(duration_text).as_deref(), Ok(text));
        }
        for text in ["1B", "1025B", "1MiB", "4GiB"] {
            assert_eq!(parse_size(text).map(size_text).as_deref(), Ok(text));
        }
        assert_eq!(duration_text(Duration::ZERO), "0ms");
    }
}
