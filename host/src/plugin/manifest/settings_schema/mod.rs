//! The JSON Schema (2020-12) that a rule's settings must fit. The schema comes from a stranger and the settings from the operator, so the
//! schema is bounded before it is used, and what is said about settings never repeats a value: one of them may be a misplaced secret.

mod bounds;
mod violation;

use boon::{Compiler, Draft, SchemaIndex, Schemas, UrlLoader};
use serde_json::Value;

use self::violation::Checked;
pub use self::violation::{Step, Violation};
use crate::visible_text::visible;

/// What the schema is called while it is compiled. Nothing is there.
const LOCATION: &str = "manifest:settings";
/// How many violations are told at once.
const MOST_VIOLATIONS: usize = 50;

/// Why a schema cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSchema {
    /// Larger, deeper, with more or more costly patterns than settings need, or a reference that is not followed.
    #[error("{0}")]
    OutOfBounds(String),
    /// It is no JSON Schema.
    #[error("it is no JSON Schema: {0}")]
    NoSchema(String),
}

/// Refuses a schema that cannot be used, or could stop or crash the host.
///
/// # Errors
/// Why not, and where.
pub(super) fn check(schema: &Value) -> Result<(), InvalidSchema> {
    compile(schema).map(drop)
}

/// Everything that is wrong with `settings`, at most [`MOST_VIOLATIONS`]. `taken` are keys that are known too: the host takes them out before.
///
/// # Errors
/// The schema cannot be used. That of a manifest that was read can be.
pub fn violations(schema: &Value, settings: &Value, taken: &[&str]) -> Result<Vec<Violation>, InvalidSchema> {
    let (schemas, index) = compile(schema)?;
    let mut violations = match schemas.validate(settings, index) {
        Ok(()) => Vec::new(),
        Err(error) => Checked { schema, settings, taken }.violations(&error),
    };
    violations.truncate(MOST_VIOLATIONS);
    Ok(violations)
}

fn compile(schema: &Value) -> Result<(Schemas, SchemaIndex), InvalidSchema> {
    bounds::check(schema).map_err(InvalidSchema::OutOfBounds)?;
    let invalid = |error: boon::CompileError| InvalidSchema::NoSchema(visible(&format!("{error:#}")).into_owned());
    let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
    compiler.set_default_draft(Draft::V2020_12);
    compiler.enable_format_assertions();
    compiler.use_loader(Box::new(NothingElse));
    compiler.add_resource(LOCATION, schema.clone()).map_err(invalid)?;
    let index = compiler.compile(LOCATION, &mut schemas).map_err(invalid)?;
    Ok((schemas, index))
}

/// No schema refers to a file or to the network.
struct NothingElse;

impl UrlLoader for NothingElse {
    fn load(&self, _url: &str) -> Result<Value, Box<dyn std::error::Error>> {
        Err("a schema of settings refers to nothing outside itself".into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(schema: &Value) -> String {
        check(schema).expect_err("a schema that cannot be used").to_string()
    }

    #[test]
    fn what_settings_need_can_be_said() {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "$defs": { "port": { "type": "integer", "minimum": 1, "maximum": 65535 }, "ports": { "type": "array", "items": { "$ref": "#/$defs/port" } } },
            "properties": {
                "allowed": { "$ref": "#/$defs/ports", "default": [80, 443] },
                "other": { "anyOf": [{ "$ref": "#/$defs/ports" }, { "$ref": "#/$defs/port" }] },
                "name": { "type": "string", "pattern": "^\\w+$", "description": "A name." },
                "pattern": true, "$ref": true, "default": {}
            },
            "patternProperties": { "^x-": true },
            "additionalProperties": false
        });
        assert!(check(&schema).is_ok());
        let fits = json!({ "allowed": [22], "other": 5, "name": "a_b", "pattern": 1, "$ref": 2, "x-y": 3 });
        assert_eq!(violations(&schema, &fits, &[]).expect("a schema"), []);
        assert_eq!(violations(&schema, &json!({ "allowed": [0], "other": "x", "z": 1 }), &[]).expect("a schema").len(), 3);
        assert!(check(&json!(true)).is_ok());
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        assert_eq!(refusal(&json!([])), "expected a JSON Schema: an object, or true or false");
        assert!(refusal(&json!({ "type": "strnig" })).starts_with("it is no JSON Schema: "), "{}", refusal(&json!({ "type": "strnig" })));
        assert!(refusal(&json!({ "properties": [] })).starts_with("it is no JSON Schema: "));
    }

    #[test]
    fn a_pattern_cannot_take_long() {
        let schema = json!({ "type": "string", "pattern": "^(a+)+$" });
        let text = "a".repeat(100_000) + "!";
        assert_eq!(violations(&schema, &json!(text), &[]).expect("a schema").len(), 1);
    }
}
