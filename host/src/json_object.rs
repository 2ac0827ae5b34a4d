//! A JSON object, kept as its own text. An alert may bring a hundred thousand of them, and as a tree each would take five times the memory.

use std::cmp::Ordering;

use serde::Serialize;
use serde::de::Error as _;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::canonical_json::canonical;
use crate::json_value;

/// The object's compact text, with its keys sorted: equal objects have one text.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct JsonObject(Box<RawValue>);

impl JsonObject {
    /// Reads an object in any form.
    ///
    /// # Errors
    /// It is no JSON, no object, or nested too deep to be kept.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let text = canonical(text)?;
        if !text.starts_with('{') {
            return Err(serde_json::Error::custom("expected an object"));
        }
        RawValue::from_string(text).map(Self)
    }

    /// Its compact text.
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// Its members, as a tree.
    pub fn members(&self) -> Map<String, Value> {
        json_value::object(&*self.0).unwrap_or_default()
    }

    /// Its text for people, a member a line.
    pub fn indented(&self) -> String {
        format!("{:#}", Value::Object(self.members()))
    }
}

/// `serde_json` keeps the keys of a map sorted.
impl From<Map<String, Value>> for JsonObject {
    fn from(members: Map<String, Value>) -> Self {
        Self(serde_json::value::to_raw_value(&members).expect("proof: a map with text keys always becomes JSON"))
    }
}

impl PartialEq for JsonObject {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for JsonObject {}

impl PartialOrd for JsonObject {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for JsonObject {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text().cmp(other.text())
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
