//! Moments as cases write them: RFC 3339, or epoch milliseconds.

use std::fmt;

use edda::EpochMillis;
use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

const EXPECTED: &str = "a moment: RFC 3339 (\"2025-11-24T09:00:00Z\") or epoch milliseconds (1763974800000)";

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) EpochMillis);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyForm;
        impl Visitor<'_> for AnyForm {
            type Value = Moment;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(EXPECTED)
            }

            fn visit_u64<E: Error>(self, millis: u64) -> Result<Moment, E> {
                let wrong = || E::invalid_value(Unexpected::Unsigned(millis), &self);
                i64::try_from(millis).ok().filter(|millis| Timestamp::from_millisecond(*millis).is_ok()).map(Moment).ok_or_else(wrong)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Moment, E> {
                let wrong = || E::invalid_value(Unexpected::Str(text), &self);
                let moment: Timestamp = text.parse().map_err(|_| wrong())?;
                if moment.as_millisecond() < 0 { Err(wrong()) } else { Ok(Moment(moment.as_millisecond())) }
            }
        }
        deserializer.deserialize_any(AnyForm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<EpochMillis, String> {
        serde_json::from_str(json).map(|Moment(millis)| millis).map_err(|error| error.to_string())
    }

    #[test]
    fn both_forms_are_read() {
        assert_eq!(read("1763974800000"), Ok(1_763_974_800_000));
        assert_eq!(read(r#""2025-11-24T10:00:00+01:00""#), Ok(1_763_974_800_000));
    }

    #[test]
    fn anything_else_is_refused_with_what_was_expected() {
        for wrong in [
            "-1",
            "1.5",
            "null",
            r#""yesterday""#,
            r#""2025-11-24""#,
            r#""1763974800000""#,
            "99999999999999999",
            r#""1969-01-01T00:00:00Z""#,
        ] {
            let error = read(wrong).expect_err(wrong);
            assert!(error.contains("expected a moment: RFC 3339"), "{wrong}: {error}");
        }
    }
}
