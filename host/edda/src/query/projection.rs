//! Applying a field selector to the text of a document, in one pass and without building it: what is not selected is skipped, what is kept
//! is copied as it is written. Works on ordinary JSON and on stored form, and answers in the same.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::parse::DATE;
use crate::query::flatten::flatten;
use crate::query::selector::{Item, Selector, Test};
use crate::value::Value;

/// The document is no JSON.
#[derive(Debug, thiserror::Error)]
#[error("the document is no JSON")]
pub struct ProjectionError(
    /// What is wrong with it.
    #[from]
    pub serde_json::Error,
);

impl Selector {
    /// Selects from a document. None: it does not match. A document that is no object (nor a list of them) is given back whole.
    pub fn project(&self, document: &str) -> Result<Option<String>, ProjectionError> {
        let mut out = String::new();
        Ok(self.project_into(document, &mut out)?.then_some(out))
    }

    /// As [`Self::project`], appended to `out`; false: it does not match, and nothing is appended. After an error, `out` may hold a part.
    pub fn project_into(&self, document: &str, out: &mut String) -> Result<bool, ProjectionError> {
        let mut reader = serde_json::Deserializer::from_str(document);
        let fit = Select { selector: self, out }.deserialize(&mut reader)?;
        reader.end()?;
        if fit == Fit::NoObject {
            out.push_str(document.trim());
        }
        Ok(fit != Fit::Fails)
    }
}

#[derive(PartialEq)]
enum Fit {
    /// What was selected is written.
    Matches,
    /// Some test failed. Nothing is written.
    Fails,
    /// There is nothing to select from. Nothing is written.
    NoObject,
}

/// Selects from the value that comes next.
struct Select<'a> {
    selector: &'a Selector,
    out: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for Select<'_> {
    type Value = Fit;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Fit, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Select<'_> {
    type Value = Fit;

    fn expecting(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Fit, A::Error> {
        let start = self.out.len();
        let mut fit = Fit::Matches;
        // Whether all that has been read so far stands for a date: one member, `$date` with a whole number.
        let mut date = false;
        let mut first = true;
        self.out.push('{');
        while let Some(key) = members.next_key_seed(KeyOf(self.selector))? {
            date = false;
            match key {
                Key::Selected(name, item) if fit == Fit::Matches => {
                    self.write_key(start, name);
                    if !members.next_value_seed(Selected { item, out: self.out })? {
                        fit = Fit::Fails;
                    }
                }
                Key::Date if first => date = members.next_value::<&RawValue>()?.get().parse::<i64>().is_ok(),
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
            first = false;
        }
        if date {
            fit = Fit::NoObject;
        }
        match fit {
            Fit::Matches => self.out.push('}'),
            _ => self.out.truncate(start),
        }
        Ok(fit)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Fit, A::Error> {
        self.out.push('[');
        let first = self.out.len();
        loop {
            let end = self.out.len();
            if end > first {
                self.out.push(',');
            }
            let fit = elements.next_element_seed(Select { selector: self.selector, out: &mut *self.out })?;
            if fit != Some(Fit::Matches) {
                self.out.truncate(end);
            }
            if fit.is_none() {
                break;
            }
        }
        self.out.push(']');
        Ok(Fit::Matches)
    }

    fn visit_unit<E>(self) -> Result<Fit, E> {
        Ok(Fit::NoObject)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Fit, E> {
        Ok(Fit::NoObject)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Fit, E> {
        Ok(Fit::NoObject)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Fit, E> {
        Ok(Fit::NoObject)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Fit, E> {
        Ok(Fit::NoObject)
    }

    fn visit_str<E>(self, _: &str) -> Result<Fit, E> {
        Ok(Fit::NoObject)
    }
}

impl Select<'_> {
    fn write_key(&mut self, start: usize, name: &str) {
        if self.out.len() > start + 1 {
            self.out.push(',');
        }
        // The grammar of selectors knows no key that would need an escape.
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
    }
}

/// What the selector says of the key that comes next.
struct KeyOf<'a>(&'a Selector);

enum Key<'a> {
    Selected(&'a str, &'a Item),
    Date,
    Other,
}

impl<'de, 'a> DeserializeSeed<'de> for KeyOf<'a> {
    type Value = Key<'a>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Key<'a>, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for KeyOf<'a> {
    type Value = Key<'a>;

    fn expecting(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Key<'a>, E> {
        Ok(match self.0.items.get_key_value(key) {
            Some((name, item)) => Key::Selected(name, item),
            None if key == DATE => Key::Date,
            None => Key::Other,
        })
    }
}

/// Writes what an item keeps of the value that comes next; false: it does not match.
struct Selected<'a> {
    item: &'a Item,
    out: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for Selected<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<bool, D::Error> {
        if let Item::Select(selector) = self.item {
            return Ok(Select { selector, out: self.out }.deserialize(reader)? == Fit::Matches);
        }
        let member = <&RawValue>::deserialize(reader)?.get();
        match self.item {
            Item::Test(test) => write_passing(test, member, self.out).map_err(D::Error::custom),
            Item::Flatten => {
                let value = Value::parse_stored(member).map_err(D::Error::custom)?;
                self.out.push_str(&flatten(value).to_stored());
                Ok(true)
            }
            Item::Keep | Item::Select(_) => {
                self.out.push_str(member);
                Ok(true)
            }
        }
    }
}

/// Writes a value, or the elements of a list that pass; false: the value does not pass.
fn write_passing(test: &Test, member: &str, out: &mut String) -> Result<bool, serde_json::Error> {
    let passes = |value: &str| Value::parse_stored(value).map(|value| test.passes(&value)).map_err(Error::custom);
    if !member.starts_with('[') {
        out.push_str(member);
        return passes(member);
    }
    out.push('[');
    let first = out.len();
    for element in serde_json::from_str::<Vec<&RawValue>>(member)? {
        if passes(element.get())? {
            if out.len() > first {
                out.push(',');
            }
            out.push_str(element.get());
        }
    }
    out.push(']');
    Ok(true)
}

#[cfg(test)]
#[path = "projection_tests.rs"]
mod tests;
