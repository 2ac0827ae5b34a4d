//! JSON as the AWS command line prints it. Members keep their order and texts are borrowed where they can be, since millions of them are
//! read; and an object can be opened one level deep, without reading what its members hold.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::Value;

/// A whole value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// Reads a value that was cut out of a larger text, so it is known to be JSON; only numbers out of range can fail.
    pub(super) fn read(raw: &'a RawValue) -> Result<Self, serde_json::Error> {
        serde_json::from_str(raw.get())
    }

    /// The member of that name, if this is an object that has it.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(known, _)| known == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The same value with the archive's types, if it holds no others inside.
    pub(super) fn to_scalar(&self) -> Option<Value> {
        match self {
            Self::Null => Some(Value::Null),
            Self::Bool(truth) => Some(Value::Bool(*truth)),
            Self::Int(number) => Some(Value::Int(*number)),
            Self::Float(number) => Some(Value::Float(*number)),
            Self::Text(text) => Some(Value::Text(text.clone().into_owned())),
            Self::List(_) | Self::Object(_) => None,
        }
    }
}

/// Compact JSON in the order given.
impl fmt::Display for Json<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(elements) => {
                out.write_str("[")?;
                for (at, element) in elements.iter().enumerate() {
                    write!(out, "{}{element}", if at == 0 { "" } else { "," })?;
                }
                out.write_str("]")
            }
            Self::Object(members) => {
                out.write_str("{")?;
                for (at, (name, member)) in members.iter().enumerate() {
                    let name = Value::from(name.as_ref()).to_compact();
                    write!(out, "{}{name}:{member}", if at == 0 { "" } else { "," })?;
                }
                out.write_str("}")
            }
            scalar => out.write_str(&scalar.to_scalar().unwrap_or(Value::Null).to_compact()),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json<'de>;

    fn expecting(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Int(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "whole numbers beyond 64 bits are kept as floats")]
    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(i64::try_from(number).map_or(Json::Float(number as f64), Json::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json<'de>, E> {
        Ok(Json::Float(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json<'de>, A::Error> {
        let mut object = Vec::new();
        while let Some(Name(name)) = members.next_key()? {
            object.push((name, members.next_value()?));
        }
        Ok(Json::Object(object))
    }
}

#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object, each as the text it was.
#[derive(Debug, Default)]
pub(super) struct RawMembers<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> RawMembers<'a> {
    /// Opens a value; None when it is no object.
    pub(super) fn open(raw: &'a RawValue) -> Option<Self> {
        serde_json::from_str(raw.get()).ok()
    }

    /// The member of that name.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, raw)| *raw)
    }

    /// The text of the member of that name; a number counts as its text.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name).and_then(text_of)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawMembers<'a> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_map(RawMembersVisitor)
    }
}

struct RawMembersVisitor;

impl<'de> Visitor<'de> for RawMembersVisitor {
    type Value = RawMembers<'de>;

    fn expecting(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<RawMembers<'de>, A::Error> {
        let mut found = Vec::new();
        while let Some(Name(name)) = members.next_key()? {
            found.push((name, members.next_value()?));
        }
        Ok(RawMembers(found))
    }
}

/// The text that a value is; a number counts as its text. None for anything else, and for an empty text.
pub(super) fn text_of(raw: &RawValue) -> Option<Cow<'_, str>> {
    match Json::read(raw).ok()? {
        Json::Text(text) if !text.is_empty() => Some(text),
        Json::Int(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

/// The elements of a list, each as the text it was; None when it is no list.
pub(super) fn elements_of(raw: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order() {
        let text = r#"{"b": [1, 2.5, true, null], "a": "x\ny"}"#;
        let json: Json<'_> = serde_json::from_str(text).expect("JSON");
        assert_eq!(json.to_string(), r#"{"b":[1,2.5,true,null],"a":"x\ny"}"#);
        assert_eq!(json.member("a"), Some(&Json::Text("x\ny".into())));
        assert_eq!(json.member("c"), None);
    }

    #[test]
    fn an_object_opens_one_level_deep() {
        let text = r#"{"Id": "i-1", "Deep": {"x": [1]}, "Number": 7, "Empty": "", "Id": "i-2"}"#;
        let members: RawMembers<'_> = serde_json::from_str(text).expect("an object");
        assert_eq!(members.text("Id").as_deref(), Some("i-2"), "the last of equal names counts");
        assert_eq!(members.text("Number").as_deref(), Some("7"));
        assert_eq!((members.text("Empty"), members.text("Deep"), members.text("None")), (None, None, None));
        assert_eq!(members.get("Deep").map(RawValue::get), Some(r#"{"x": [1]}"#));
    }
}
