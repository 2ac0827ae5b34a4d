//! Values with types that JSON does not have, as `MongoDB` writes them: dates, and numbers that say how long they are. Dates that lost their
//! type on the way, since EDDA prints them as numbers, get it back where the form of a collection's documents is known.

use super::collections::{Collection, Origin};
use super::shape::{Kind, Shape};
use crate::{EpochMillis, Object, Value};

/// The value that is meant.
pub(super) fn mended(value: Value) -> Value {
    match value {
        Value::Array(elements) => Value::Array(elements.into_iter().map(mended).collect()),
        Value::Object(object) => mended_object(object.into_iter().map(|(name, value)| (name, mended(value))).collect()),
        other => other,
    }
}

fn mended_object(object: Object) -> Value {
    let meant = match (object.len(), object.iter().next()) {
        (1, Some(("$date", value))) => moment_of(value).map(Value::Date),
        (1, Some(("$numberLong" | "$numberInt", Value::Text(text)))) => text.parse().ok().map(Value::Int),
        (1, Some(("$numberDouble", Value::Text(text)))) => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float),
        _ => None,
    };
    meant.unwrap_or(Value::Object(object))
}

/// The moment that a date, a number of milliseconds or an ISO text names.
pub(super) fn moment_of(value: &Value) -> Option<EpochMillis> {
    match value {
        Value::Date(moment) | Value::Int(moment) => Some(*moment),
        Value::Text(text) => text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond),
        _ => None,
    }
}

/// Gives the dates of a document their type back.
pub(super) fn restore_dates(collection: &Collection, document: &mut Object) {
    if let Some(shape) = collection.shape {
        restore_in(shape, document);
    }
    for added in collection.added {
        // A queue's attributes and the like are texts, and stay so.
        if !matches!(added.origin, Origin::Id)
            && let Some(value) = document.get_mut(added.name)
        {
            restore(added.kind, value);
        }
    }
}

fn restore_in(shape: &Shape, object: &mut Object) {
    for field in shape.fields {
        if let Some(value) = object.get_mut(&field.name()) {
            restore(field.kind, value);
        }
    }
}

fn restore(kind: Kind, value: &mut Value) {
    match (kind, value) {
        (Kind::Date, value) => {
            if let Some(moment) = moment_of(value) {
                *value = Value::Date(moment);
            }
        }
        (Kind::One(shape), Value::Object(object)) => restore_in(shape, object),
        (Kind::Many(shape) | Kind::ManyAsGiven(shape), Value::Array(elements)) => {
            for element in elements {
                restore(Kind::One(shape), element);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::collections::COLLECTIONS;
    use super::*;

    #[test]
    fn what_mongodb_writes_is_understood() {
        let stored = |text: &str| mended(Value::parse_stored(text).expect("JSON")).to_stored();
        assert_eq!(stored(r#"{"a":[{"$date":5},{"$date":"1970-01-01T00:00:00.005Z"}]}"#), r#"{"a":[{"$date":5},{"$date":5}]}"#);
        assert_eq!(stored(r#"{"a":{"$date":{"$numberLong":"-5"}}}"#), r#"{"a":{"$date":-5}}"#);
        assert_eq!(stored(r#"[{"$numberLong":"9"},{"$numberInt":"8"},{"$numberDouble":"1.5"}]"#), "[9,8,1.5]");
        for text in [r#"{"$numberLong":"x"}"#, r#"{"$date":[]}"#, r#"{"$numberDouble":"NaN"}"#, r#"{"$date":5,"b":6}"#] {
            assert_eq!(stored(text), text, "stays");
        }
    }

    #[test]
    fn dates_get_their_type_back() {
        let restored = |name: &str, text: &str| {
            let collection = COLLECTIONS.iter().find(|collection| collection.name == name).expect("a known collection");
            let Ok(Value::Object(mut object)) = Value::parse_json(text) else { panic!("no object") };
            restore_dates(collection, &mut object);
            Value::Object(object).to_stored()
        };
        let instance = r#"{"amiLaunchIndex":7,"blockDeviceMappings":[{"ebs":{"attachTime":6}}],"launchTime":5}"#;
        let expected = r#"{"amiLaunchIndex":7,"blockDeviceMappings":[{"ebs":{"attachTime":{"$date":6}}}],"launchTime":{"$date":5}}"#;
        assert_eq!(restored("view.instances", instance), expected);
        let user = r#"{"accessKeys":[{"createDate":1}],"attributes":{"createDate":"1970-01-01T00:00:00.002Z"}}"#;
        let expected = r#"{"accessKeys":[{"createDate":{"$date":1}}],"attributes":{"createDate":{"$date":2}}}"#;
        assert_eq!(restored("aws.iamUsers", user), expected);
    }
}
