//! The field selector of a document type, derived from the type itself: serde tells the names of a struct's fields before it reads
//! anything.
//!
//! Only the outermost fields are selected. A selector inside a selector would lose documents: EDDA leaves a whole
//! document out when a nested selector meets a null or a text, and neither the rule nor the operator would hear of it.

use serde::de::value::Error;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

/// The names of the fields that `T` reads, in the order of the struct. None: `T` is no struct, or takes in whatever is there.
pub(crate) fn field_names<T: DeserializeOwned>() -> Option<&'static [&'static str]> {
    let mut names = None;
    // The result is an error in any case: there is nothing to read.
    let _ = T::deserialize(FieldNames(&mut names));
    names
}

/// The path with `:(field,...)` behind it. As it is when it has a selector already, or when there is nothing that a selector could say.
pub(crate) fn with_selector(path: &str, fields: &[&str]) -> String {
    let can_be_written = |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    if path.ends_with(')') || fields.is_empty() || !fields.iter().all(can_be_written) {
        return path.to_owned();
    }
    format!("{path}:({})", fields.join(","))
}

/// A deserializer that only looks at which struct it is asked for.
struct FieldNames<'names>(&'names mut Option<&'static [&'static str]>);

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        *self.0 = Some(fields);
        Err(Error::custom("seen enough"))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("no struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map enum
        identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[expect(dead_code, reason = "only the names of the fields matter")]
    struct Machine {
        instance_id: String,
        tags: Vec<BTreeMap<String, String>>,
        #[serde(rename = "DNSName")]
        name: Option<String>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the names of the fields matter")]
    struct Wrapped(Option<Machine>);

    #[test]
    fn a_struct_tells_its_fields_as_they_are_called_in_the_document() {
        assert_eq!(field_names::<Machine>(), Some(&["instanceId", "tags", "DNSName"][..]));
        assert_eq!(field_names::<Wrapped>(), Some(&["instanceId", "tags", "DNSName"][..]));
    }

    #[test]
    fn what_is_no_struct_is_read_whole() {
        assert_eq!(field_names::<String>(), None);
        assert_eq!(field_names::<serde_json::Value>(), None);
        assert_eq!(field_names::<BTreeMap<String, String>>(), None);
    }

    #[test]
    fn the_selector_follows_the_path() {
        assert_eq!(with_selector("view/instances;_expand", &["a", "b"]), "view/instances;_expand:(a,b)");
    }

    #[test]
    fn a_path_keeps_a_selector_of_its_own() {
        assert_eq!(with_selector("view/instances;_expand:(x)", &["a"]), "view/instances;_expand:(x)");
    }

    #[test]
    fn a_name_that_no_selector_can_hold_means_the_whole_document() {
        assert_eq!(with_selector("a/b;_expand", &["a", "aws:name"]), "a/b;_expand");
        assert_eq!(with_selector("a/b;_expand", &[]), "a/b;_expand");
    }
}
