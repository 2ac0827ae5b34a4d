//! JSON values that others wrote. `serde_json`'s own reading of a [`Value`] takes an object whose first key is
//! `$serde_json::private::RawValue` for something else than an object, and whoever names a thing in AWS or writes a rule chooses keys.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::visible_text::visible;

/// How deep lists and objects of a rule may lie in each other. Less than the 128 that can be read: what is kept lies in objects of ours.
pub const DEEPEST: usize = 100;

/// Any JSON. Of two equal keys the last one counts.
pub type AnyJson = Json<false>;

/// JSON in which no key stands twice. Of two equal keys most readers take the last one and some the first: what a person reviewed would
/// then not be what counts.
pub type UniqueJson = Json<true>;

/// A value, nested not deeper than `serde_json` reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Json<const UNIQUE_KEYS: bool>(pub Value);

/// Reads exactly one value of a rule that is to be kept.
///
/// # Errors
/// It is no JSON, or nested too deep to be read again where it is kept.
pub fn of_rule(text: &str) -> Result<Value, serde_json::Error> {
    let value = serde_json::from_str::<AnyJson>(text)?.0;
    if depth(&value) > DEEPEST {
        return Err(serde_json::Error::custom(format_args!("lists and objects are nested more than {DEEPEST} deep")));
    }
    Ok(value)
}

/// For `deserialize_with`: an object with any keys.
///
/// # Errors
/// It is no object.
pub fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    match AnyJson::deserialize(deserializer)? {
        Json(Value::Object(members)) => Ok(members),
        Json(_) => Err(D::Error::custom("expected an object")),
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(elements) => 1 + elements.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

impl<'de, const UNIQUE_KEYS: bool> Deserialize<'de> for Json<UNIQUE_KEYS> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor::<UNIQUE_KEYS>).map(Self)
    }
}

struct JsonVisitor<const UNIQUE_KEYS: bool>;

impl<'de, const UNIQUE_KEYS: bool> Visitor<'de> for JsonVisitor<UNIQUE_KEYS> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Json::<UNIQUE_KEYS>(element)) = elements.next_element()? {
            list.push(element);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Json::<UNIQUE_KEYS>(value))) = members.next_entry::<String, Json<UNIQUE_KEYS>>()? {
            if UNIQUE_KEYS && map.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key `{}` stands twice in one object", visible(&key))));
            }
            map.insert(key, value);
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unique(text: &str) -> Result<Value, serde_json::Error> {
        serde_json::from_str::<UniqueJson>(text).map(|json| json.0)
    }

    #[test]
    fn everything_of_json_is_read() {
        let text = r#"{"a": [null, true, -1, 18446744073709551615, 1.5, "x", "\n"], "b": {"a": {}}}"#;
        assert_eq!(unique(text).expect("JSON"), serde_json::from_str::<Value>(text).expect("JSON"));
        assert_eq!(of_rule(text).expect("JSON"), serde_json::from_str::<Value>(text).expect("JSON"));
    }

    #[test]
    fn a_key_that_serde_json_means_something_by_is_a_key() {
        for text in [r#"{"a":{"$serde_json::private::RawValue":4}}"#, r#"[{"$serde_json::private::RawValue":"{\"a\":1}","b":2}]"#] {
            assert_eq!(of_rule(text).expect("JSON").to_string(), text);
            // Else this file is of no use any more.
            assert_ne!(serde_json::from_str::<Value>(text).ok().map(|value| value.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_named_with_its_place() {
        let text = "{\"a\": 1,\n \"b\": [{\"x\": 1, \"\\u0078\": 2}]}";
        let error = unique(text).expect_err("x stands twice").to_string();
        assert!(error.starts_with("the key `x` stands twice in one object at line 2"), "{error}");
        assert_eq!(of_rule(text).expect("JSON").to_string(), r#"{"a":1,"b":[{"x":2}]}"#);
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(of_rule(&nested(DEEPEST)).is_ok());
        let error = of_rule(&nested(DEEPEST + 1)).expect_err("too deep").to_string();
        assert_eq!(error, "lists and objects are nested more than 100 deep");
    }

    #[test]
    fn anything_but_one_value_is_refused() {
        for text in ["", "{} {}", "{}\0", "{", "[1,]", "// x\n{}", &"[".repeat(100_000), &format!("{}{}", "[".repeat(200), "]".repeat(200))]
        {
            assert!(unique(text).is_err() && of_rule(text).is_err(), "{text}");
        }
    }
}
