//! From what the AWS command line prints to EDDA's documents, as the shapes say. A value of another type than its shape expects makes the
//! document odd, with the place where it is; what a shape does not know is left out, and its place is remembered once.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::answer_json::Json;
use super::element_order::sort_elements;
use super::shape::{Field, Kind, Shape};
use crate::{EpochMillis, Object, Value};

/// Why a document cannot be taken in.
#[derive(Debug, thiserror::Error)]
#[error("`{place}` is not {wanted}")]
pub(super) struct Odd {
    place: String,
    wanted: &'static str,
}

impl Odd {
    /// A value that is not what is wanted there.
    pub(super) fn new(place: String, wanted: &'static str) -> Self {
        Self { place, wanted }
    }
}

/// What AWS leaves as it is when it hands out a policy.
const POLICY_TEXT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Reshapes values and gathers what was left out on the way.
#[derive(Debug, Default)]
pub(super) struct Reshaper {
    place: String,
    left_out: BTreeSet<String>,
}

impl Reshaper {
    /// The places of what no shape knew, such as `Users[].Tags`.
    pub(super) fn into_left_out(self) -> BTreeSet<String> {
        self.left_out
    }

    /// Reshapes one value; `place` says where it is. Absent and null are alike.
    pub(super) fn value(&mut self, place: &str, kind: Kind, json: Option<&Json<'_>>) -> Result<Value, Odd> {
        let outside = self.place.len();
        if outside > 0 {
            self.place.push('.');
        }
        self.place.push_str(place);
        let value = match json {
            None | Some(Json::Null) => Ok(absent(kind)),
            Some(json) => self.present(kind, json),
        };
        self.place.truncate(outside);
        value
    }

    fn present(&mut self, kind: Kind, json: &Json<'_>) -> Result<Value, Odd> {
        match kind {
            Kind::Plain => json.to_scalar().ok_or_else(|| self.odd("a plain value")),
            Kind::Date => moment(json).map(Value::Date).ok_or_else(|| self.odd("a time")),
            Kind::LowByte => match json {
                Json::Int(number) => Ok(Value::Int(number & 0xFF)),
                _ => Err(self.odd("a whole number")),
            },
            Kind::Encoded => Ok(encoded(json)),
            Kind::EncodedMember(member) => json.member(member).map(encoded).ok_or_else(|| self.odd("an object with a document")),
            Kind::One(shape) => self.object(shape, json).map(Value::Object),
            Kind::Many(shape) => self.list(json, true, |this, element| this.object(shape, element).map(Value::Object)),
            Kind::ManyAsGiven(shape) => self.list(json, false, |this, element| this.object(shape, element).map(Value::Object)),
            Kind::Texts => self.list(json, true, Self::plain_element),
            Kind::TextsAsGiven => self.list(json, false, Self::plain_element),
            Kind::TextsOf(member) => self.list(json, true, |this, element| this.member_of(element, member)),
            Kind::TextsOfAsGiven(member) => self.list(json, false, |this, element| this.member_of(element, member)),
            Kind::Tags(shape) => self.list(json, true, |this, element| this.object(shape, element).map(with_own_key).map(Value::Object)),
            Kind::Strings => self.strings(json),
        }
    }

    /// Reshapes an object.
    pub(super) fn object(&mut self, shape: &Shape, json: &Json<'_>) -> Result<Object, Odd> {
        let Json::Object(members) = json else { return Err(self.odd("an object")) };
        let mut pairs = Vec::with_capacity(shape.fields.len() + 1);
        for field in shape.fields {
            pairs.push((field.name(), self.field(field, json)?));
        }
        if let Some(class) = shape.class {
            pairs.push(("class".to_owned(), Value::from(class)));
        }
        for (name, _) in members.iter().filter(|(name, _)| !shape.knows(name)) {
            self.leave_out(name);
        }
        let object = Object::from_iter(pairs);
        Ok(if shape.is_tag { with_own_key(object) } else { object })
    }

    fn field(&mut self, field: &Field, json: &Json<'_>) -> Result<Value, Odd> {
        self.value(field.from, field.kind, json.member(field.from))
    }

    fn list(
        &mut self,
        json: &Json<'_>,
        sorted: bool,
        mut reshape: impl FnMut(&mut Self, &Json<'_>) -> Result<Value, Odd>,
    ) -> Result<Value, Odd> {
        let Json::List(elements) = json else { return Err(self.odd("a list")) };
        self.place.push_str("[]");
        let mut list = elements.iter().map(|element| reshape(self, element)).collect::<Result<Vec<_>, _>>()?;
        if sorted {
            sort_elements(&mut list);
        }
        Ok(Value::Array(list))
    }

    fn plain_element(&mut self, element: &Json<'_>) -> Result<Value, Odd> {
        element.to_scalar().ok_or_else(|| self.odd("a plain value"))
    }

    fn member_of(&mut self, element: &Json<'_>, member: &str) -> Result<Value, Odd> {
        element.member(member).and_then(Json::to_scalar).ok_or_else(|| self.odd("an object with a name"))
    }

    fn strings(&mut self, json: &Json<'_>) -> Result<Value, Odd> {
        let Json::Object(members) = json else { return Err(self.odd("an object")) };
        let pairs: Option<Vec<_>> = members.iter().map(|(name, member)| member.to_scalar().map(|value| (map_key(name), value))).collect();
        pairs.map(|pairs| Value::Object(Object::from_iter(pairs))).ok_or_else(|| self.odd("an object of texts"))
    }

    fn leave_out(&mut self, name: &str) {
        let outside = self.place.len();
        self.place.push('.');
        self.place.push_str(name);
        if !self.left_out.contains(&self.place) {
            self.left_out.insert(self.place.clone());
        }
        self.place.truncate(outside);
    }

    fn odd(&self, wanted: &'static str) -> Odd {
        Odd::new(self.place.clone(), wanted)
    }
}

fn absent(kind: Kind) -> Value {
    match kind {
        Kind::Plain | Kind::Date | Kind::LowByte | Kind::Encoded | Kind::EncodedMember(_) | Kind::One(_) => Value::Null,
        Kind::Many(_)
        | Kind::ManyAsGiven(_)
        | Kind::Texts
        | Kind::TextsAsGiven
        | Kind::TextsOf(_)
        | Kind::TextsOfAsGiven(_)
        | Kind::Tags(_) => Value::Array(Vec::new()),
        Kind::Strings => Value::Object(Object::new()),
    }
}

/// A tag with its value a second time, under the name that its key is. A tag called `key`, `value` or `class` overwrites that member, as in
/// EDDA.
fn with_own_key(mut tag: Object) -> Object {
    if let Some(key) = tag.get("key").and_then(Value::as_text).map(ToOwned::to_owned) {
        let value = tag.get("value").cloned().unwrap_or(Value::Null);
        tag.insert(key, value);
    }
    tag
}

fn encoded(json: &Json<'_>) -> Value {
    let text = match json {
        Json::Text(text) => return Value::from(text.as_ref()),
        other => other.to_string(),
    };
    Value::Text(utf8_percent_encode(&text, POLICY_TEXT).to_string())
}

/// EDDA's form of names that are not known beforehand.
fn map_key(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
}

/// The moment that an ISO text with any offset, or a number of seconds since 1970, names.
pub(super) fn moment(json: &Json<'_>) -> Option<EpochMillis> {
    match json {
        Json::Text(text) => text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond),
        Json::Int(seconds) => seconds.checked_mul(1000),
        Json::Float(seconds) => milliseconds(*seconds),
        _ => None,
    }
}

/// Milliseconds of a number of seconds.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked, and milliseconds are meant")]
pub(super) fn milliseconds(seconds: f64) -> Option<EpochMillis> {
    /// The last second of the year 9999.
    const LAST: f64 = 253_402_300_799.0;
    (seconds.abs() <= LAST).then(|| (seconds * 1000.0).round() as EpochMillis)
}

#[cfg(test)]
#[path = "reshape_tests.rs"]
mod tests;
