//! The fields that some selectors need, taken from a document in one pass. What is left is small, so that each of the selectors can be
//! applied to it at little cost, with the same result as on the whole document.
//!
//! For selectors that only name fields it is also a projection of its own: one that never leaves a document out.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::parse::DATE;
use crate::query::projection::ProjectionError;
use crate::query::selector::{Item, Selector};

/// How deep documents are looked into, as deep as they may be nested; what lies deeper is kept.
const DEEPEST: usize = 128;

/// The fields that some selectors need. It drops no document and no element of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// They are few: looking through them is faster than any search.
    fields: Vec<(String, Part)>,
}

/// How much of a field is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Fields(Cover),
}

impl Cover {
    /// The fields that any of the selectors names.
    pub fn of<'a>(selectors: impl IntoIterator<Item = &'a Selector>) -> Self {
        let mut cover = Self::default();
        for selector in selectors {
            cover.add(selector);
        }
        cover
    }

    fn add(&mut self, selector: &Selector) {
        for (name, item) in &selector.items {
            let known = self.fields.iter().position(|(known, _)| known == name);
            let at = known.unwrap_or_else(|| {
                self.fields.push((name.clone(), Part::Fields(Self::default())));
                self.fields.len() - 1
            });
            match (&mut self.fields[at].1, item) {
                (Part::Fields(cover), Item::Select(selector)) => cover.add(selector),
                (part, _) => *part = Part::Whole,
            }
        }
    }

    /// Appends what the selectors need of the document. After an error, `out` may hold a part.
    pub fn project_into(&self, document: &str, out: &mut String) -> Result<(), ProjectionError> {
        Ok(self.write(document.trim(), 0, out)?)
    }

    fn write(&self, text: &str, depth: usize, out: &mut String) -> Result<(), serde_json::Error> {
        match text.as_bytes().first() {
            Some(b'{') if depth < DEEPEST => self.write_object(text, depth, out),
            Some(b'[') if depth < DEEPEST => self.write_list(text, depth, out),
            _ => {
                serde_json::from_str::<IgnoredAny>(text)?;
                out.push_str(text);
                Ok(())
            }
        }
    }

    fn write_object(&self, text: &str, depth: usize, out: &mut String) -> Result<(), serde_json::Error> {
        let start = out.len();
        let mut reader = serde_json::Deserializer::from_str(text);
        let may_be_date = reader.deserialize_map(Members { cover: self, depth, out })?;
        reader.end()?;
        if may_be_date {
            // Whether it is one depends on all its members, so all are kept.
            out.truncate(start);
            out.push_str(text);
        }
        Ok(())
    }

    fn write_list(&self, text: &str, depth: usize, out: &mut String) -> Result<(), serde_json::Error> {
        out.push('[');
        for (at, element) in serde_json::from_str::<Vec<&RawValue>>(text)?.into_iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            self.write(element.get(), depth + 1, out)?;
        }
        out.push(']');
        Ok(())
    }
}

/// Writes an object with the members that are needed; true if it may stand for a date.
struct Members<'a> {
    cover: &'a Cover,
    depth: usize,
    out: &'a mut String,
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = bool;

    fn expecting(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<bool, A::Error> {
        let mut may_be_date = false;
        self.out.push('{');
        let first = self.out.len();
        while let Some(key) = members.next_key_seed(NameOf(self.cover))? {
            let Name::Needed(name, part) = key else {
                may_be_date |= matches!(key, Name::Date);
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            if self.out.len() > first {
                self.out.push(',');
            }
            // The grammar of selectors knows no name that would need an escape.
            self.out.extend(["\"", name, "\":"]);
            let text = members.next_value::<&RawValue>()?.get();
            match part {
                Part::Whole => self.out.push_str(text),
                Part::Fields(cover) => cover.write(text, self.depth + 1, self.out).map_err(A::Error::custom)?,
            }
        }
        self.out.push('}');
        Ok(may_be_date)
    }
}

/// What the cover says of the name that comes next.
struct NameOf<'a>(&'a Cover);

enum Name<'a> {
    Needed(&'a str, &'a Part),
    Date,
    Other,
}

impl<'de, 'a> DeserializeSeed<'de> for NameOf<'a> {
    type Value = Name<'a>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Name<'a>, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for NameOf<'a> {
    type Value = Name<'a>;

    fn expecting(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name<'a>, E> {
        Ok(match self.0.fields.iter().find(|(known, _)| known == name) {
            Some((name, part)) => Name::Needed(name, part),
            None if name == DATE => Name::Date,
            None => Name::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(selectors: &[&str], document: &str) -> String {
        let selectors: Vec<Selector> = selectors.iter().map(|text| Selector::parse(text).expect("a selector")).collect();
        let mut out = String::new();
        Cover::of(&selectors).project_into(document, &mut out).expect("a document");
        out
    }

    #[test]
    fn the_fields_of_all_selectors_are_kept() {
        let document = r#"{"a":{"b":1,"c":2,"d":3},"e":[{"f":1,"g":2},null,3],"h":{"i":{"j":1},"k":2},"l":0}"#;
        assert_eq!(
            covered(&["(a:(b),e:(f))", "(a:(c=5),h)"], document),
            r#"{"a":{"b":1,"c":2},"e":[{"f":1},null,3],"h":{"i":{"j":1},"k":2}}"#
        );
        assert_eq!(covered(&["(h)", "(h:(k))"], document), covered(&["(h:(k))", "(h)"], document));
        assert_eq!(covered(&["(h::(k))"], document), r#"{"h":{"i":{"j":1},"k":2}}"#);
        assert_eq!(covered(&[], document), "{}");
    }

    #[test]
    fn what_cannot_be_selected_from_is_kept() {
        assert_eq!(covered(&["(a:(b),c:(d))"], r#"{"a":null,"c":{"$date":5},"e":1}"#), r#"{"a":null,"c":{"$date":5}}"#);
        assert_eq!(covered(&["(a)"], " 5 "), "5");
    }

    #[test]
    fn deep_nesting_is_kept_and_no_overflow() {
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        assert_eq!(covered(&["(a:(b))"], &deep), deep);
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        let selector = Selector::parse("(a:(b))").expect("a selector");
        for document in ["", "{", r#"{"a":{"b":}}"#, "{} x", r#"{"x":[}"#, "nul", "[1,]"] {
            assert!(Cover::of([&selector]).project_into(document, &mut String::new()).is_err(), "{document}");
        }
    }
}
