//! The JSON Schema of the config file, made from the table of keys: what an editor completes and underlines. A copy lies beside the
//! template as `configfile.schema.json`; a test fails when it is out of date.

use serde_json::{Map, Value, json};

use super::credentials;
use super::grants::{AS_ASKED, GRANT_KEYS, SCHEMES, Scheme};
use super::keys::{Form, KEYS, Key};
use super::limits::{GREATEST_COUNT, LIMIT_KEYS, Limit, Limits};
use super::outputs::{OUTPUT_KEYS, OUTPUT_KINDS, OutputForm, OutputKind};
use super::signatures::SIGNATURE_KEYS;
use super::values::{DURATION_PATTERN, SEVERITIES, SIZE_PATTERN};

/// Names of rules, of outputs and of credentials.
const NAME_PATTERN: &str = "[a-z0-9_-]{1,64}";

/// The JSON Schema (2020-12) of the config file.
pub fn json_schema() -> Value {
    let mut properties = Map::new();
    let mut dotted = Map::new();
    for key in &KEYS {
        properties.insert(key.name.to_owned(), described(key));
        if key.form == Form::Sections {
            dotted.insert(format!("^{}\\.{}$", key.name, NAME_PATTERN), section(key.name));
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The config file of reddalert",
        "description": "JSON; comments and trailing commas are allowed.",
        "type": "object",
        "properties": properties,
        "patternProperties": dotted,
        "additionalProperties": false,
    })
}

fn described(key: &Key) -> Value {
    let mut schema = form(key);
    schema["description"] = key.about.into();
    if let Ok(default) = serde_json::from_str::<Value>(key.default) {
        schema["default"] = default;
    }
    schema
}

fn form(key: &Key) -> Value {
    match key.form {
        Form::Text => json!({ "type": "string", "minLength": 1 }),
        Form::Texts => json!({ "type": ["string", "array"], "minLength": 1, "items": { "type": "string", "minLength": 1 } }),
        Form::Secret => secret(),
        Form::Boolean => json!({ "type": "boolean" }),
        Form::Duration => json!({ "type": "string", "pattern": DURATION_PATTERN }),
        Form::DurationOrNever => json!({ "type": "string", "pattern": format!("^never$|{DURATION_PATTERN}") }),
        Form::Size => json!({ "type": "string", "pattern": SIZE_PATTERN }),
        Form::Count(greatest) => json!({ "type": "integer", "minimum": 1, "maximum": greatest }),
        Form::Severity => json!({ "enum": SEVERITIES.map(|(name, _)| name) }),
        Form::Signatures => signatures(),
        Form::Sections => json!({
            "type": "object",
            "patternProperties": { format!("^{}$", NAME_PATTERN): section(key.name) },
            "additionalProperties": false,
        }),
    }
}

fn section(kind: &str) -> Value {
    match kind {
        "limits" => limits(),
        "outputs" => output(),
        "plugin" => plugin(),
        "grants" => grants(),
        "credentials" => credentials::json_schema(),
        _ => json!({ "type": "object" }),
    }
}

fn limits() -> Value {
    let mut defaults = Limits::default();
    let mut properties = Map::new();
    for (key, about) in LIMIT_KEYS {
        let limit = match defaults.limit(key) {
            Some(limit @ Limit::Time(_)) => json!({ "type": "string", "pattern": DURATION_PATTERN, "default": limit.to_string() }),
            Some(limit @ Limit::Size(_)) => json!({ "type": "string", "pattern": SIZE_PATTERN, "default": limit.to_string() }),
            Some(Limit::Count(number)) => json!({ "type": "integer", "minimum": 1, "maximum": GREATEST_COUNT, "default": *number }),
            None => continue,
        };
        properties.insert(key.to_owned(), limit);
        properties[key]["description"] = about.into();
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// Every key of every kind, and for each kind those that it has.
fn output() -> Value {
    let mut properties = Map::new();
    for key in &OUTPUT_KEYS {
        let mut schema = output_value(key.form);
        schema["description"] = key.about.into();
        let known = properties.insert(key.name.to_owned(), schema.clone());
        if let Some(known) = known {
            properties.insert(key.name.to_owned(), json!({ "anyOf": [known, schema] }));
        }
    }
    let of_kind = |(name, kind): (&str, OutputKind)| {
        json!({
            "if": { "properties": { "kind": { "const": name } }, "required": ["kind"] },
            "then": { "propertyNames": { "enum": kind.keys().collect::<Vec<_>>() } },
        })
    };
    json!({ "type": "object", "properties": properties, "allOf": OUTPUT_KINDS.map(of_kind), "additionalProperties": false })
}

fn output_value(form: OutputForm) -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    match form {
        OutputForm::Text => text,
        OutputForm::Texts => json!({ "type": ["string", "array"], "minLength": 1, "minItems": 1, "items": text }),
        OutputForm::Secret => secret(),
        OutputForm::Count(greatest) => json!({ "type": "integer", "minimum": 1, "maximum": greatest }),
        OutputForm::OneOf(names) => json!({ "enum": names }),
        OutputForm::DataStream => json!({ "anyOf": [
            { "const": true },
            { "type": "object", "properties": { "dataset": text.clone(), "namespace": text }, "additionalProperties": false },
        ] }),
    }
}

fn signatures() -> Value {
    let mut properties = Map::new();
    for (key, about) in SIGNATURE_KEYS {
        let mut schema = match key {
            "keys" => one_or_more(&json!({ "type": "string", "pattern": "^RW[A-Za-z0-9+/]{54}$" })),
            _ => json!({ "type": "boolean", "default": true }),
        };
        schema["description"] = about.into();
        properties.insert(key.to_owned(), schema);
    }
    json!({ "type": "object", "properties": properties, "required": ["keys"], "additionalProperties": false })
}

/// A text, or where it is.
fn secret() -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    json!({ "anyOf": [
        text.clone(),
        { "type": "object", "properties": { "$file": text }, "required": ["$file"], "additionalProperties": false },
        { "type": "object", "properties": { "$env": text }, "required": ["$env"], "additionalProperties": false },
    ] })
}

/// One grant or a list of them.
fn grants() -> Value {
    let one = json!({ "anyOf": [short_grant(), full_grant()] });
    json!({ "anyOf": [one, { "type": "array", "items": one }] })
}

fn short_grant() -> Value {
    let pattern = format!("^{AS_ASKED}$|^(https?://[^/?#]+(/[^?#]*)?|tcp://.+:[0-9]+/*)$");
    json!({ "type": "string", "pattern": pattern, "description": "An address (for web addresses: GET and HEAD), or what the rule's manifest asks for." })
}

fn full_grant() -> Value {
    let mut properties = Map::new();
    for (key, about) in GRANT_KEYS {
        let mut schema = match key {
            "schemes" => one_or_more(&json!({ "enum": SCHEMES.map(Scheme::name) })),
            "ports" => {
                one_or_more(&json!({ "type": ["integer", "string"], "minimum": 1, "maximum": 65535, "pattern": "^[0-9]+(-[0-9]+)?$" }))
            }
            "methods" => one_or_more(&json!({ "type": "string", "pattern": "^[A-Za-z-]+$" })),
            "path" => json!({ "type": "string", "pattern": "^/[^?#]*$" }),
            "credential" | "ca" => json!({ "type": "string", "minLength": 1 }),
            _ => one_or_more(&json!({ "type": "string", "minLength": 1 })),
        };
        schema["description"] = about.into();
        properties.insert(key.to_owned(), schema);
    }
    json!({ "type": "object", "properties": properties, "required": ["hosts"], "additionalProperties": false })
}

fn one_or_more(one: &Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
}

fn plugin() -> Value {
    json!({
        "type": "object",
        "properties": {
            "$rule": {
                "type": "string",
                "pattern": format!("^{NAME_PATTERN}$"),
                "description": "Makes this section a second copy of that rule, with settings of its own.",
            },
        },
        "patternProperties": { "^[^$]": true, "^$": true },
        "additionalProperties": false,
    })
}
