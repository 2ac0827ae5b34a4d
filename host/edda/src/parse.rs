//! Reading values: from stored form (compact JSON in which a date is exactly `{"$date":<integer>}`), and from ordinary JSON, which knows no
//! dates. Text that is no JSON, or nested deeper than 128, is an error; whole numbers beyond 64 bits become floats.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::value::{Object, Value};

/// The only name in the object that stands for a date in stored form.
pub(crate) const DATE: &str = "$date";

/// The text is no value.
#[derive(Debug, thiserror::Error)]
#[error("the text is no JSON that an inventory can hold")]
pub struct ParseError(#[from] serde_json::Error);

impl Value {
    /// Reads stored form.
    pub fn parse_stored(text: &str) -> Result<Self, ParseError> {
        parse(text, Dates::Recognised)
    }

    /// Reads ordinary JSON: an object whose only name is `$date` stays an object.
    pub fn parse_json(text: &str) -> Result<Self, ParseError> {
        parse(text, Dates::Unknown)
    }

    /// Takes over a JSON value in which `{"$date":<integer>}` is a date.
    pub fn from_extended(json: serde_json::Value) -> Self {
        convert(json, Dates::Recognised)
    }
}

impl From<serde_json::Value> for Value {
    /// Takes over an ordinary JSON value, which holds no dates.
    fn from(json: serde_json::Value) -> Self {
        convert(json, Dates::Unknown)
    }
}

/// Whether `{"$date":<integer>}` is a date or an object like any other.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Dates {
    Recognised,
    Unknown,
}

fn parse(text: &str, dates: Dates) -> Result<Value, ParseError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = ValueSeed(dates).deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

fn convert(json: serde_json::Value, dates: Dates) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(truth),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => number.as_f64().map_or(Value::Null, Value::Float),
        },
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Array(elements) => Value::Array(elements.into_iter().map(|element| convert(element, dates)).collect()),
        serde_json::Value::Object(members) => {
            date_or_object(members.into_iter().map(|(name, member)| (name, convert(member, dates))).collect(), dates)
        }
    }
}

fn date_or_object(object: Object, dates: Dates) -> Value {
    match (dates, object.len(), object.get(DATE)) {
        (Dates::Recognised, 1, Some(Value::Int(moment))) => Value::Date(*moment),
        _ => Value::Object(object),
    }
}

/// Builds a [`Value`] while the text is read.
pub(crate) struct ValueSeed(pub(crate) Dates);

impl<'de> DeserializeSeed<'de> for ValueSeed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed {
    type Value = Value;

    fn expecting(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "whole numbers beyond 64 bits are kept as floats")]
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or(Value::Float(number as f64), Value::Int))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        if number.is_finite() { Ok(Value::Float(number)) } else { Err(E::custom("a number that is not finite")) }
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(element) = elements.next_element_seed(Self(self.0))? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            pairs.push((name, members.next_value_seed(Self(self.0))?));
        }
        Ok(date_or_object(Object::from_iter(pairs), self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(text: &str) -> Value {
        Value::parse_stored(text).expect("stored form")
    }

    #[test]
    fn a_date_is_exactly_one_member_with_a_whole_number() {
        assert_eq!(stored(r#"{"$date":5}"#), Value::Date(5));
        for text in [r#"{"$date":"5"}"#, r#"{"$date":5.5}"#, r#"{"$date":5,"a":1}"#, r#"{"date":5}"#] {
            assert!(matches!(stored(text), Value::Object(_)), "{text}");
        }
    }

    #[test]
    fn ordinary_json_knows_no_dates() {
        let text = r#"{"$date":5}"#;
        let json: serde_json::Value = serde_json::from_str(text).expect("JSON");
        assert!(matches!(Value::parse_json(text), Ok(Value::Object(_))));
        assert!(matches!(Value::from(json.clone()), Value::Object(_)));
        assert_eq!(Value::from_extended(json), Value::Date(5));
    }

    #[test]
    fn whole_numbers_beyond_64_bits_become_floats() {
        assert_eq!(stored("9223372036854775807"), Value::Int(i64::MAX));
        assert_eq!(stored("9223372036854775808"), Value::Float(9_223_372_036_854_775_808.0));
        assert_eq!(stored("-9223372036854775809"), Value::Float(-9_223_372_036_854_775_808.0));
        assert_eq!(stored("1e2"), Value::Float(100.0));
        assert!(Value::parse_stored("1e999").is_err());
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Value::parse_stored(&nested(100)).is_ok());
        assert!(Value::parse_stored(&nested(1_000_000)).is_err());
        assert!(Value::parse_stored(&"[".repeat(1_000_000)).is_err());
    }

    #[test]
    fn text_that_is_no_json_is_an_error() {
        for text in ["", "{", "1 2", "nul", "{\"a\":1,}", "\"\u{1}\""] {
            assert!(Value::parse_stored(text).is_err(), "{text}");
        }
    }
}
