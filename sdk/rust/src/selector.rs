//! The field selector of a document type, derived from the type itself: serde tells the names of a struct's fields before it reads
//! anything. Structs inside it are told by reading a document that has nothing but the way to them.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// How deep structs in structs are named; what lies deeper is asked for whole.
const DEEPEST: usize = 4;

/// The names of the fields that `T` reads, in the order of the struct. None: `T` is no struct, or takes in whatever is there.
pub(crate) fn field_names<T: DeserializeOwned>() -> Option<&'static [&'static str]> {
    names_behind::<T>(&[])
}

/// The path with the fields that `T` reads behind it, as `:(field,list:(field))`. As it is when it has a selector already, or when there is
/// nothing that a selector could say.
pub(crate) fn with_selector<T: DeserializeOwned>(path: &str) -> String {
    match selector::<T>(&mut Vec::new()) {
        Some(selector) if !path.ends_with(')') => format!("{path}:{selector}"),
        _ => path.to_owned(),
    }
}

/// The selector of the struct that lies behind these fields.
fn selector<T: DeserializeOwned>(way: &mut Vec<&'static str>) -> Option<String> {
    let names = names_behind::<T>(way).filter(|names| !names.is_empty())?;
    let mut items = Vec::with_capacity(names.len());
    for name in names {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)) {
            return None;
        }
        way.push(name);
        let inside = if way.len() < DEEPEST { selector::<T>(way) } else { None };
        way.pop();
        items.push(inside.map_or_else(|| (*name).to_owned(), |inside| format!("{name}:{inside}")));
    }
    Some(format!("({})", items.join(",")))
}

/// The fields of the struct that lies behind these fields of `T`.
fn names_behind<T: DeserializeOwned>(way: &[&'static str]) -> Option<&'static [&'static str]> {
    let mut names = None;
    // The result is an error in any case: there is nothing to read.
    let _ = T::deserialize(Probe { way, names: &mut names });
    names
}

/// A deserializer that goes a way through fields, options and lists, and looks which struct is asked for at its end.
struct Probe<'a> {
    way: &'a [&'static str],
    names: &'a mut Option<&'static [&'static str]>,
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if let [first, rest @ ..] = self.way {
            return visitor.visit_map(OneField { name: Some(first), value: Some(Probe { way: rest, names: self.names }) });
        }
        *self.names = Some(fields);
        Err(Error::custom("seen enough"))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(OneElement(Some(self)))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("no struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map enum
        identifier ignored_any
    }
}

/// An object with one field.
struct OneField<'a> {
    name: Option<&'static str>,
    value: Option<Probe<'a>>,
}

impl<'de> MapAccess<'de> for OneField<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let name = self.name.take().map(StrDeserializer::new);
        name.map(|name| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.value.take().ok_or_else(|| Error::custom("one value"))?)
    }
}

/// A list with one element.
struct OneElement<'a>(Option<Probe<'a>>);

impl<'de> SeqAccess<'de> for OneElement<'_> {
    type Error = Error;

    fn next_element_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<Option<V::Value>, Error> {
        self.0.take().map(|element| seed.deserialize(element)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::Value;

    use super::*;
    use crate::fields::{Integer, null_is_default};

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[expect(dead_code, reason = "only the names of the fields matter")]
    struct Machine {
        instance_id: String,
        #[serde(default, deserialize_with = "null_is_default")]
        tags: Vec<Tag>,
        labels: BTreeMap<String, String>,
        #[serde(rename = "DNSName")]
        name: Option<Integer>,
        placement: Option<Placement>,
        rest: Value,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the names of the fields matter")]
    struct Tag {
        key: String,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the names of the fields matter")]
    struct Placement {
        zone: String,
        hosts: Vec<Vec<Tag>>,
        parent: Option<Box<Placement>>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the names of the fields matter")]
    struct Wrapped(Option<Machine>);

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the names of the fields matter")]
    struct Odd {
        #[serde(rename = "aws:name")]
        name: String,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the names of the fields matter")]
    struct WithOdd {
        odd: Odd,
        plain: u8,
    }

    const PATH: &str = "view/instances;_expand";

    #[test]
    fn a_struct_tells_its_fields_as_they_are_called_in_the_document() {
        let names = ["instanceId", "tags", "labels", "DNSName", "placement", "rest"];
        assert_eq!(field_names::<Machine>(), Some(&names[..]));
        assert_eq!(field_names::<Wrapped>(), Some(&names[..]));
    }

    #[test]
    fn what_is_no_struct_is_read_whole() {
        assert_eq!(field_names::<String>(), None);
        assert_eq!(with_selector::<Value>(PATH), PATH);
        assert_eq!(with_selector::<BTreeMap<String, String>>(PATH), PATH);
    }

    #[test]
    fn the_selector_names_the_fields_of_structs_in_structs_too() {
        let placement = "zone,hosts:(key),parent:(zone,hosts:(key),parent:(zone,hosts,parent))";
        let expected = format!("{PATH}:(instanceId,tags:(key),labels,DNSName,placement:({placement}),rest)");
        assert_eq!(with_selector::<Machine>(PATH), expected);
    }

    #[test]
    fn a_path_keeps_a_selector_of_its_own() {
        assert_eq!(with_selector::<Machine>("view/instances;_expand:(x)"), "view/instances;_expand:(x)");
    }

    #[test]
    fn a_name_that_no_selector_can_hold_means_all_that_it_is_a_part_of() {
        assert_eq!(with_selector::<Odd>(PATH), PATH);
        assert_eq!(with_selector::<WithOdd>(PATH), format!("{PATH}:(odd,plain)"));
    }
}
