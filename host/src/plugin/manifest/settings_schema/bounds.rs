//! How much a schema may be. Checking settings against it then takes time in proportion to both, whatever its author wanted:
//!
//! | what | bound |
//! | --- | --- |
//! | `$ref` | to a JSON pointer in the same schema, never in a circle |
//! | values, each counted as often as it is referred to | 5000 |
//! | depth, with references followed | 32 |
//! | a key | 128 bytes |
//! | patterns | 32, each 1 MiB when compiled; matched in linear time |

use regex::RegexBuilder;
use serde_json::Value;

use crate::visible_text::visible;

const VALUES: usize = 5000;
const DEPTH: usize = 32;
const KEY_BYTES: usize = 128;
const PATTERNS: usize = 32;
const PATTERN_BYTES: usize = 1 << 20;
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
/// Other ways to refer to a schema, and to change what keywords mean.
const NOT_FOLLOWED: [&str; 7] = ["$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$vocabulary"];

/// Refuses a schema that is larger than the bounds, or refers to what is not in it.
pub(super) fn check(schema: &Value) -> Result<(), String> {
    if !schema.is_object() && !schema.is_boolean() {
        return Err("expected a JSON Schema: an object, or true or false".to_owned());
    }
    if schema.get("$schema").is_some_and(|draft| draft != DRAFT) {
        return Err(format!("`$schema`: expected `{DRAFT}`"));
    }
    Walk { whole: schema, values: 0, patterns: 0 }.value(schema, 0)
}

struct Walk<'a> {
    whole: &'a Value,
    values: usize,
    patterns: usize,
}

impl<'a> Walk<'a> {
    fn value(&mut self, value: &'a Value, depth: usize) -> Result<(), String> {
        self.values += 1;
        if self.values > VALUES {
            return Err(format!("it is too large: at most {VALUES} values are read, each counted as often as a `$ref` refers to it"));
        }
        if depth > DEPTH {
            return Err(format!("it is nested more than {DEPTH} deep, or a `$ref` in it leads back to itself"));
        }
        match value {
            Value::Array(elements) => elements.iter().try_for_each(|element| self.value(element, depth + 1)),
            Value::Object(members) => members.iter().try_for_each(|(key, member)| self.member(key, member, depth)),
            _ => Ok(()),
        }
    }

    fn member(&mut self, key: &str, member: &'a Value, depth: usize) -> Result<(), String> {
        if key.len() > KEY_BYTES {
            return Err(format!("the key `{}...` has more than {KEY_BYTES} bytes", visible(key.get(..16).unwrap_or_default())));
        }
        match (key, member) {
            ("$ref", Value::String(reference)) => {
                let target = self.target(reference)?;
                return self.value(target, depth + 1);
            }
            ("pattern", Value::String(pattern)) => self.pattern(pattern)?,
            ("patternProperties", Value::Object(patterns)) => patterns.keys().try_for_each(|pattern| self.pattern(pattern))?,
            // A setting of such a name has a schema, and no text.
            (key, Value::String(_) | Value::Bool(_)) if NOT_FOLLOWED.contains(&key) => {
                return Err(format!("`{key}` is not understood here: use `$defs` and `$ref`"));
            }
            _ => {}
        }
        self.value(member, depth + 1)
    }

    fn target(&self, reference: &str) -> Result<&'a Value, String> {
        let pointer = reference.strip_prefix('#').filter(|pointer| pointer.is_empty() || pointer.starts_with('/'));
        let pointer = pointer.ok_or_else(|| {
            format!("`$ref`: `{}` is not followed: expected a place in the same schema, as `#/$defs/port`", visible(reference))
        })?;
        self.whole.pointer(pointer).ok_or_else(|| format!("`$ref`: there is nothing at `{}`", visible(reference)))
    }

    fn pattern(&mut self, pattern: &str) -> Result<(), String> {
        self.patterns += 1;
        if self.patterns > PATTERNS {
            return Err(format!("it has more than {PATTERNS} patterns"));
        }
        let compiled = RegexBuilder::new(pattern).size_limit(PATTERN_BYTES).build();
        compiled.map(drop).map_err(|error| format!("the pattern `{}` cannot be used: {}", visible(pattern), reason(&error)))
    }
}

/// The last line of what the library says, without the drawing before it.
fn reason(error: &regex::Error) -> String {
    let said = error.to_string();
    let last = said.lines().last().unwrap_or_default();
    visible(last.strip_prefix("error: ").unwrap_or(last)).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    fn refusal(schema: &Value) -> String {
        check(schema).expect_err("out of bounds")
    }

    #[test]
    fn references_lead_neither_outside_nor_in_a_circle() {
        for reference in ["https://example.com/schema", "file:///etc/passwd", "other.json", "#anchor", "http:#/x"] {
            assert!(refusal(&json!({ "$ref": reference })).contains("is not followed"), "{reference}");
        }
        assert_eq!(refusal(&json!({ "$ref": "#/$defs/x\u{1b}" })), "`$ref`: there is nothing at `#/$defs/x\\u001b`");
        let circle = "it is nested more than 32 deep, or a `$ref` in it leads back to itself";
        for schema in [
            json!({ "$ref": "#" }),
            json!({ "properties": { "default": { "$ref": "#" } } }),
            json!({ "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "not": { "$ref": "#/$defs/a" } } } }),
        ] {
            assert_eq!(refusal(&schema), circle);
        }
        for key in NOT_FOLLOWED {
            assert!(refusal(&json!({ "properties": { "x": { key: "y" } } })).contains(key));
            assert!(check(&json!({ "properties": { key: { "type": "string" } } })).is_ok());
        }
    }

    #[test]
    fn a_small_schema_cannot_be_a_large_one() {
        let mut definitions = Map::new();
        for level in 0..7 {
            let next = json!({ "$ref": format!("#/$defs/{}", level + 1) });
            definitions.insert(level.to_string(), json!({ "allOf": [next, next, next, next] }));
        }
        definitions.insert("7".to_owned(), json!(true));
        assert!(refusal(&json!({ "$ref": "#/$defs/0", "$defs": definitions })).starts_with("it is too large"));
    }

    #[test]
    fn size_depth_and_keys_are_bounded() {
        assert!(refusal(&json!({ "enum": vec![0; VALUES] })).starts_with("it is too large"));
        let deep = (0..DEPTH).fold(json!(true), |schema, _| json!({ "not": schema }));
        assert!(check(&deep).is_ok());
        assert!(refusal(&json!({ "not": deep })).contains("nested more than 32 deep"));
        assert!(refusal(&json!({ "properties": { "x".repeat(KEY_BYTES + 1): true } })).contains("has more than 128 bytes"));
        assert!(refusal(&json!({ "properties": { "é".repeat(KEY_BYTES): true } })).contains("has more than 128 bytes"));
    }

    #[test]
    fn patterns_are_bounded_and_linear() {
        assert!(refusal(&json!({ "pattern": "(" })).starts_with("the pattern `(` cannot be used: unclosed group"));
        assert!(refusal(&json!({ "pattern": "(?=a)" })).contains("look-around"));
        assert!(refusal(&json!({ "pattern": r"(\w{500}){500}" })).contains("cannot be used"));
        assert!(refusal(&json!({ "patternProperties": { "(": true } })).contains("the pattern `(`"));
        let many: Map<String, Value> = (0..=PATTERNS).map(|number| (number.to_string(), json!(true))).collect();
        assert_eq!(refusal(&json!({ "patternProperties": many })), "it has more than 32 patterns");
    }

    #[test]
    fn another_draft_is_refused() {
        assert!(refusal(&json!({ "$schema": "http://json-schema.org/draft-07/schema#" })).starts_with("`$schema`: expected"));
    }
}
