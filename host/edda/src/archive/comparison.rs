//! When a document has changed. The answers are those of EDDA, which compares values and texts, and knows properties that change all the time.

use std::collections::BTreeSet;

use super::collections::Volatile;
use crate::{StoredText, Value};

/// EDDA sees no change when the documents are equal as values, with 1 equal to 1.0, or when their compact texts are.
pub(super) fn is_same(old: &StoredText, value: &Value, data: &StoredText) -> bool {
    if old == data {
        return true;
    }
    let compact = |stored: &StoredText| {
        let mut text = String::new();
        stored.write_compact(&mut text);
        text
    };
    compact(old) == compact(data) || old.parse().is_ok_and(|old| are_equal(&old, value))
}

#[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "numbers are compared as EDDA compares them")]
fn are_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Int(whole), Value::Float(number)) | (Value::Float(number), Value::Int(whole)) => *whole as f64 == *number,
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| are_equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| left.0 == right.0 && are_equal(left.1, right.1))
        }
        (left, right) => left == right,
    }
}

/// Whether the documents differ only in what is written in place.
pub(super) fn differs_only_in(volatile: &Volatile, old: &StoredText, new: &Value) -> bool {
    let Ok(old) = old.parse() else { return false };
    match volatile {
        Volatile::Properties { prefix } => are_equal(&without(old, prefix), &without(new.clone(), prefix)),
        Volatile::Inside { name, prefix } => are_equal(&without_inside(old, name, prefix), &without_inside(new.clone(), name, prefix)),
        Volatile::UnlessMembersChange { list, member } => members_of(&old, list, member) == members_of(new, list, member),
    }
}

fn without(document: Value, prefix: &str) -> Value {
    match document {
        Value::Object(object) => Value::Object(object.into_iter().filter(|(name, _)| !name.starts_with(prefix)).collect()),
        other => other,
    }
}

fn without_inside(mut document: Value, name: &str, prefix: &str) -> Value {
    if let Value::Object(object) = &mut document
        && let Some(inside) = object.remove(name)
    {
        object.insert(name, without(inside, prefix));
    }
    document
}

fn members_of<'v>(document: &'v Value, list: &str, member: &str) -> BTreeSet<&'v str> {
    let elements = document.as_object().and_then(|object| object.get(list)).and_then(Value::as_array).unwrap_or_default();
    elements.iter().filter_map(|element| element.as_object()?.get(member)?.as_text()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(old: &str, new: &str) -> bool {
        let value = Value::parse_stored(new).expect("stored form");
        is_same(&StoredText::from_store(old.into()), &value, &StoredText::from(&value))
    }

    #[test]
    fn a_change_is_one_of_value_and_of_text() {
        assert!(same(r#"{"a":[1]}"#, r#"{"a":[1]}"#));
        assert!(same(r#"{"a":[1]}"#, r#"{"a":[1.0]}"#));
        assert!(same(r#"{"a":5}"#, r#"{"a":{"$date":5}}"#), "the compact texts are equal");
        assert!(!same(r#"{"a":1}"#, r#"{"a":2}"#));
        assert!(!same(r#"{"a":1}"#, r#"{"a":"1"}"#));
        assert!(!same(r#"{"a":1}"#, r#"{"a":1,"b":null}"#));
        assert!(!same(r#"{"a":[1]}"#, r#"{"a":[1,2]}"#));
    }

    #[test]
    fn volatile_properties_may_differ() {
        let volatile = Volatile::Inside { name: "attributes", prefix: "Approx" };
        let differs = |old: &str, new: &str| {
            differs_only_in(&volatile, &StoredText::from_store(old.into()), &Value::parse_stored(new).expect("stored form"))
        };
        let old = r#"{"attributes":{"ApproxMessages":"1","Delay":"0"},"name":"q"}"#;
        assert!(differs(old, r#"{"attributes":{"ApproxMessages":"7","Delay":"0"},"name":"q"}"#));
        assert!(!differs(old, r#"{"attributes":{"ApproxMessages":"7","Delay":"1"},"name":"q"}"#));
        assert!(!differs(old, r#"{"attributes":{"ApproxMessages":"1","Delay":"0"},"name":"p"}"#));
    }

    #[test]
    fn properties_of_the_document_itself_may_be_volatile() {
        let volatile = Volatile::Properties { prefix: "latest" };
        let differs = |old: &str, new: &str| {
            differs_only_in(&volatile, &StoredText::from_store(old.into()), &Value::parse_stored(new).expect("stored form"))
        };
        assert!(differs(r#"{"a":1,"latestTime":5}"#, r#"{"a":1,"latestTime":6}"#));
        assert!(!differs(r#"{"a":1,"latestTime":5}"#, r#"{"a":2,"latestTime":5}"#));
    }

    #[test]
    fn a_group_changes_with_its_members() {
        let volatile = Volatile::UnlessMembersChange { list: "instances", member: "instanceId" };
        let differs = |old: &str, new: &str| {
            differs_only_in(&volatile, &StoredText::from_store(old.into()), &Value::parse_stored(new).expect("stored form"))
        };
        let old = r#"{"instances":[{"instanceId":"i-1"},{"instanceId":"i-2"}],"size":2}"#;
        assert!(differs(old, r#"{"instances":[{"instanceId":"i-2"},{"instanceId":"i-1","state":"x"}],"size":3}"#));
        assert!(!differs(old, r#"{"instances":[{"instanceId":"i-1"}],"size":2}"#));
    }
}
