//! A JSON object, kept as its own text. An alert may bring a hundred thousand of them, and as a tree each would take five times the memory.

use serde::{Serialize, Serializer, de, ser};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::canonical_json::canonical;
use crate::json_value;

/// The object's compact text, with its keys sorted: equal objects have one text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct JsonObject(Box<str>);

impl JsonObject {
    /// Reads an object in any form.
    ///
    /// # Errors
    /// It is no JSON, no object, or nested too deep to be kept.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let text = canonical(text)?;
        if text.starts_with('{') { Ok(Self(text.into())) } else { Err(de::Error::custom("expected an object")) }
    }

    /// Its compact text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Its members, as a tree.
    pub fn members(&self) -> Map<String, Value> {
        json_value::object(&mut serde_json::Deserializer::from_str(&self.0)).unwrap_or_default()
    }

    /// Its text for people, a member a line.
    pub fn indented(&self) -> String {
        format!("{:#}", Value::Object(self.members()))
    }
}

/// `serde_json` keeps the keys of a map sorted.
impl From<Map<String, Value>> for JsonObject {
    fn from(members: Map<String, Value>) -> Self {
        Self(Value::Object(members).to_string().into())
    }
}

/// As the text that it is.
impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<&RawValue>(&self.0).map_err(ser::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_objects_have_one_text() {
        let object = JsonObject::parse(" {\"b\": [1, {\"d\": 2,\n\"c\": \"\\u0041\"}], \"a\": 1.50} ").expect("an object");
        assert_eq!(object.text(), r#"{"a":1.5,"b":[1,{"c":"A","d":2}]}"#);
        assert_eq!(object.indented(), "{\n  \"a\": 1.5,\n  \"b\": [\n    1,\n    {\n      \"c\": \"A\",\n      \"d\": 2\n    }\n  ]\n}");
        assert_eq!(serde_json::to_string(&[&object]).expect("JSON"), format!("[{}]", object.text()));
    }

    #[test]
    fn nothing_else_is_an_object() {
        for text in ["", "[1]", "half {", "{\"a\":}", "{}{}", "null"] {
            assert!(JsonObject::parse(text).is_err(), "{text}");
        }
    }
}
