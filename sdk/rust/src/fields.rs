//! How to read fields that the inventory writes in more than one way: a null where a list is meant, a number as text.
//! For use with serde: `#[serde(default, deserialize_with = "fields::null_is_default")]`.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// Reads null as the type's default, such as an empty list. With `#[serde(default)]` beside it, null and absent are alike.
///
/// # Errors
/// What is neither null nor a `T`.
pub fn null_is_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A whole number that the inventory gives as a number or as text. It is written again as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integer {
    value: i64,
    text: Option<String>,
}

impl Integer {
    /// The number.
    pub fn value(&self) -> i64 {
        self.value
    }

    /// Whether it came as text.
    pub fn is_text(&self) -> bool {
        self.text.is_some()
    }
}

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        Self { value, text: None }
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => formatter.write_str(text),
            None => self.value.fmt(formatter),
        }
    }
}

impl Serialize for Integer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.text {
            Some(text) => serializer.serialize_str(text),
            None => serializer.serialize_i64(self.value),
        }
    }
}

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IntegerVisitor)
    }
}

struct IntegerVisitor;

impl Visitor<'_> for IntegerVisitor {
    type Value = Integer;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a whole number, as number or text")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Integer, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Integer, E> {
        i64::try_from(value).map(Integer::from).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Integer, E> {
        let value = text.trim().parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))?;
        Ok(Integer { value, text: Some(text.to_owned()) })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_written_again_as_it_came() {
        for (json, value) in [(json!(443), 443), (json!("443"), 443), (json!(-1), -1)] {
            let integer = Integer::deserialize(&json).expect("a number");
            assert_eq!(integer.value(), value);
            assert_eq!(serde_json::to_value(&integer).expect("JSON"), json);
        }
    }

    #[test]
    fn what_is_no_whole_number_is_refused() {
        for json in [json!("https"), json!(1.5), json!(true), json!(null), json!(u64::MAX), json!("")] {
            assert!(Integer::deserialize(&json).is_err(), "{json}");
        }
    }

    #[test]
    fn null_and_absent_are_alike() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Tagged {
            #[serde(default, deserialize_with = "null_is_default")]
            tags: Vec<String>,
        }
        for json in [json!({}), json!({"tags": null}), json!({"tags": []})] {
            assert_eq!(Tagged::deserialize(&json).expect("a document"), Tagged { tags: Vec::new() });
        }
        assert!(Tagged::deserialize(&json!({"tags": "web"})).is_err());
    }
}
