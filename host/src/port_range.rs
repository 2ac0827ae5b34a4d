//! Ports as grants write them: `443`, or `"8000-8100"`.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// A port, or all from a first to a last one. 0 is no port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortRange {
    /// The first.
    pub first: u16,
    /// The last; never below the first.
    pub last: u16,
}

/// A text or number that is no port.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected a port from 1 to 65535, as `443`, or a first and a last one, as `\"8000-8100\"`")]
pub struct InvalidPortRange;

impl PortRange {
    /// One port.
    pub fn only(port: u16) -> Self {
        Self { first: port, last: port }
    }

    /// Whether every port of `other` is one of these.
    pub fn contains_range(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Whether `port` is one of these.
    pub fn contains(self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }
}

impl TryFrom<u64> for PortRange {
    type Error = InvalidPortRange;

    fn try_from(port: u64) -> Result<Self, InvalidPortRange> {
        match u16::try_from(port) {
            Ok(port @ 1..) => Ok(Self { first: port, last: port }),
            _ => Err(InvalidPortRange),
        }
    }
}

/// Reads `443` and `8000-8100`.
impl FromStr for PortRange {
    type Err = InvalidPortRange;

    fn from_str(text: &str) -> Result<Self, InvalidPortRange> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let range = Self { first: port(first)?, last: port(last)? };
        if range.first <= range.last { Ok(range) } else { Err(InvalidPortRange) }
    }
}

fn port(text: &str) -> Result<u16, InvalidPortRange> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port > 0).ok_or(InvalidPortRange)
}

/// As `FromStr` reads it.
impl fmt::Display for PortRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { write!(formatter, "{}", self.first) } else { write!(formatter, "{}-{}", self.first, self.last) }
    }
}

impl<'de> Deserialize<'de> for PortRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrText)
    }
}

struct NumberOrText;

impl Visitor<'_> for NumberOrText {
    type Value = PortRange;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a port, as `443`, or `\"8000-8100\"`")
    }

    fn visit_u64<E: de::Error>(self, port: u64) -> Result<PortRange, E> {
        PortRange::try_from(port).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<PortRange, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_and_a_range_is_a_text() {
        let read = |text: &str| serde_json::from_str::<PortRange>(text);
        for (text, first, last) in [("443", 443, 443), ("\"443\"", 443, 443), ("\"8000-8100\"", 8000, 8100), ("\"1-65535\"", 1, 65535)] {
            let range = read(text).expect(text);
            assert_eq!(range, PortRange { first, last });
            assert_eq!(range.to_string().parse(), Ok(range));
            assert!(range.contains(first) && range.contains(last));
        }
        for text in ["0", "65536", "-1", "1.5", "\"\"", "\"+1\"", "\"2-1\"", "\"1-\"", "\"1-2-3\"", "null", "[1]"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_range_has_its_ends_and_nothing_beyond() {
        let range: PortRange = "80-81".parse().expect("a range");
        assert_eq!([79, 80, 81, 82].map(|port| range.contains(port)), [false, true, true, false]);
    }
}
