//! The tests of field selectors, on one value that is no list. Values of different kinds are never equal; whole numbers and floats are one
//! kind. None of it raises.

use std::borrow::Cow;

use crate::query::selector::{Literal, Pattern, Test};
use crate::render::{float_text, iso_text};
use crate::value::Value;

impl Test {
    /// Whether the value passes.
    pub(crate) fn passes(&self, value: &Value) -> bool {
        let found = match &self.pattern {
            Pattern::Equals(literal) => literal.equals(value),
            // What has no text is not found (`COMPARISONS_NEVER_RAISE`).
            Pattern::Finds(expression) => text_of(value).is_some_and(|text| expression.0.is_match(&text)),
        };
        found != self.negated
    }
}

impl Literal {
    #[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "numbers are compared as Scala compares them")]
    fn equals(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(wanted), Value::Bool(found)) => wanted == found,
            (Self::Text(wanted), Value::Text(found)) => wanted == found,
            (Self::Int(wanted), Value::Int(found)) => i64::from(*wanted) == *found,
            (Self::Int(wanted), Value::Float(found)) => f64::from(*wanted) == *found,
            (Self::Float(wanted), Value::Int(found)) => wanted.get() == *found as f64,
            (Self::Float(wanted), Value::Float(found)) => wanted.get() == *found,
            _ => false,
        }
    }
}

/// The text in which an expression is searched. None: null, lists and objects.
fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Text(text) => Some(Cow::Borrowed(text)),
        Value::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        Value::Int(number) => Some(Cow::Owned(number.to_string())),
        Value::Float(number) => Some(Cow::Owned(float_text(*number))),
        Value::Date(moment) => Some(Cow::Owned(iso_text(*moment))),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::query::selector::{Item, Selector};
    use crate::value::Value;

    fn passes(test: &str, stored: &str) -> bool {
        let selector = Selector::parse(&format!("(a{test})")).expect("a selector");
        match selector.items.get("a") {
            Some(Item::Test(test)) => test.passes(&Value::parse_stored(stored).expect("stored form")),
            other => panic!("no test: {other:?}"),
        }
    }

    #[test]
    fn numbers_are_one_kind_and_nothing_else_is() {
        for (test, stored) in [("=60", "60.0"), ("=+60", "60"), ("=.5", "0.5"), ("=22", "22"), ("=null", "null"), ("=true", "true")] {
            assert!(passes(test, stored), "{test} {stored}");
        }
        for (test, stored) in [("=22", "\"22\""), ("=true", "\"true\""), ("=5", r#"{"$date":5}"#), ("=0", "null"), ("=null", "{}")] {
            assert!(!passes(test, stored), "{test} {stored}");
            assert!(passes(&format!("!{test}"), stored), "!{test} {stored}");
        }
    }

    #[test]
    fn expressions_are_searched_in_the_text() {
        let date = r#"{"$date":1371673183000}"#;
        for (test, stored) in [("~/b/", "\"abc\""), ("~/^2.$/", "22"), ("~/E10$/", "1.0E10"), ("~/^2013-06/", date), ("~/rue/", "true")] {
            assert!(passes(test, stored), "{test} {stored}");
        }
        for stored in ["null", "{\"b\":1}"] {
            assert!(!passes("~/./", stored) && passes("!~/./", stored), "{stored}");
        }
    }
}
