//! Flattening (`state::()`): objects inside an object become dotted names in it. Lists inside stay as they are, empty objects vanish; of a
//! list each element is flattened.

use crate::value::{Object, Value};

pub(crate) fn flatten(value: Value) -> Value {
    match value {
        Value::Array(elements) => Value::Array(elements.into_iter().map(flatten_object).collect()),
        other => flatten_object(other),
    }
}

fn flatten_object(value: Value) -> Value {
    let Value::Object(object) = value else { return value };
    let mut pairs = Vec::new();
    collect("", object, &mut pairs);
    Value::Object(Object::from_iter(pairs))
}

fn collect(prefix: &str, object: Object, pairs: &mut Vec<(String, Value)>) {
    for (name, member) in object {
        let name = format!("{prefix}{name}");
        match member {
            Value::Object(inner) => collect(&format!("{name}."), inner, pairs),
            other => pairs.push((name, other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flattened(stored: &str) -> String {
        flatten(Value::parse_stored(stored).expect("stored form")).to_stored()
    }

    #[test]
    fn objects_become_dotted_names() {
        let stored = r#"{"a":{"b":{"c":1},"d":{"$date":5}},"e":[{"f":{"g":1}}],"h":{},"i":null}"#;
        assert_eq!(flattened(stored), r#"{"a.b.c":1,"a.d":{"$date":5},"e":[{"f":{"g":1}}],"i":null}"#);
    }

    #[test]
    fn a_list_is_flattened_element_by_element() {
        assert_eq!(flattened(r#"[{"a":{"b":1}},2,[{"c":{"d":1}}]]"#), r#"[{"a.b":1},2,[{"c":{"d":1}}]]"#);
        assert_eq!(flattened("\"x\""), "\"x\"");
        assert_eq!(flattened("{}"), "{}");
    }
}
