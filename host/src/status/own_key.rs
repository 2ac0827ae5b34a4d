//! Our own key in the status file: `"reddalert": {"version": 1, "progress": {..}, "accepted": {..}, "outbox": bytes}`.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::accepted::Accepted;
use crate::rule_name::RuleName;
use crate::time_window::EpochMillis;

/// The version that this program reads and writes.
pub(super) const VERSION: u64 = 1;

/// Every part must be there: a missing one would be an empty default for what may have been lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnKey {
    pub(super) version: u64,
    /// Up to when each rule has looked.
    pub(super) progress: BTreeMap<RuleName, Moment>,
    /// See [`Accepted`]. No entry is empty.
    pub(super) accepted: BTreeMap<RuleName, Vec<Accepted>>,
    /// How many bytes of the outbox count.
    pub(super) outbox: u64,
}

impl Default for OwnKey {
    fn default() -> Self {
        Self { version: VERSION, progress: BTreeMap::new(), accepted: BTreeMap::new(), outbox: 0 }
    }
}

/// A moment as status files have it: whole milliseconds, not before 1970. Also a float without a fraction and a text of digits, which the
/// original wrote for `--until` (Q3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Moment(pub(super) EpochMillis);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MomentVisitor)
    }
}

struct MomentVisitor;

impl Visitor<'_> for MomentVisitor {
    type Value = Moment;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a moment in whole milliseconds since 1970")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Moment, E> {
        if value < 0 { Err(E::invalid_value(Unexpected::Signed(value), &self)) } else { Ok(Moment(value)) }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Moment, E> {
        EpochMillis::try_from(value).map(Moment).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Moment, E> {
        // Up to here every whole number is exact.
        const LARGEST: f64 = 9_007_199_254_740_992.0;
        if value.fract() != 0.0 || !(0.0..=LARGEST).contains(&value) {
            return Err(E::invalid_value(Unexpected::Float(value), &self));
        }
        #[expect(clippy::cast_possible_truncation, reason = "whole, and inside what a 64-bit integer holds")]
        Ok(Moment(value as EpochMillis))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Moment, E> {
        let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let moment = if digits { value.parse().ok() } else { None };
        moment.map(Moment).ok_or_else(|| E::invalid_value(Unexpected::Str(value), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q3_a_moment_may_be_a_number_or_a_text_of_digits() {
        for text in ["1700000000000", "\"1700000000000\"", "1700000000000.0", "1.7e12"] {
            assert_eq!(serde_json::from_str::<Moment>(text).expect(text), Moment(1_700_000_000_000));
        }
        assert_eq!(serde_json::from_str::<Moment>("0").expect("zero"), Moment(0));
    }

    #[test]
    fn everything_else_is_refused() {
        let refused =
            ["-1", "1.5", "1e300", "-0.5", "18446744073709551615", "\"\"", "\"soon\"", "\"-1\"", "\"1.5\"", "null", "true", "[]", "{}"];
        for text in refused {
            let error = serde_json::from_str::<Moment>(text).expect_err(text).to_string();
            assert!(error.contains("a moment in whole milliseconds since 1970"), "{text}: {error}");
        }
        serde_json::from_str::<Moment>("\"99999999999999999999\"").expect_err("more than 64 bits");
    }
}
