//! What is wrong with settings, in the words of the config's other mistakes.

use boon::{ErrorKind, InstanceToken, Type, ValidationError};
use serde_json::Value;

use crate::settings::suggestion::did_you_mean;
use crate::visible_text::visible;

/// How many names a message lists.
const MOST_NAMES: usize = 30;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The way to the value, from the outermost one.
    pub path: Vec<Step>,
    /// Whether the key is wrong, and not what stands behind it.
    pub wrong_key: bool,
    /// What is wrong, and what was expected.
    pub message: String,
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the member of an object.
    Key(String),
    /// To the element of a list, from 0.
    Index(usize),
}

/// What is checked against what.
pub(super) struct Checked<'a> {
    pub(super) schema: &'a Value,
    pub(super) settings: &'a Value,
    /// More keys that are known.
    pub(super) taken: &'a [&'a str],
}

impl Checked<'_> {
    /// Everything that `error` says.
    pub(super) fn violations(&self, error: &ValidationError<'_, '_>) -> Vec<Violation> {
        match &error.kind {
            ErrorKind::AnyOf | ErrorKind::OneOf(None) if !error.causes.is_empty() => self.nearest_branch(error),
            ErrorKind::AdditionalProperties { got } => got.iter().map(|key| self.unknown_key(error, key)).collect(),
            ErrorKind::PropertyName { prop } => vec![at_key(error, prop, "this key is not what the rule expects".to_owned())],
            kind if error.causes.is_empty() => {
                let wrong_key = matches!(kind, ErrorKind::FalseSchema) && !error.instance_location.tokens.is_empty();
                vec![Violation { path: path(error), wrong_key, message: message(kind, self.value_at(error)) }]
            }
            _ => error.causes.iter().flat_map(|cause| self.violations(cause)).collect(),
        }
    }

    /// Of several forms that a value may have: what is wrong with it in the first one that is of its type, or else which types there are.
    fn nearest_branch(&self, error: &ValidationError<'_, '_>) -> Vec<Violation> {
        let here = path(error);
        let mut branches = error.causes.iter().map(|cause| self.violations(cause)).collect::<Vec<_>>();
        let of_its_type = |branch: &Vec<Violation>| !branch.iter().any(|violation| violation.path == here);
        if let Some(nearest) = branches.iter().position(of_its_type) {
            return branches.swap_remove(nearest);
        }
        let mut wanted: Vec<&str> = branches.iter().flatten().map(|violation| violation.message.as_str()).collect();
        wanted.dedup();
        vec![Violation { path: here, wrong_key: false, message: wanted.join("; or ") }]
    }

    fn unknown_key(&self, error: &ValidationError<'_, '_>, key: &str) -> Violation {
        let here = error.schema_url.split_once('#').and_then(|(_, pointer)| self.schema.pointer(pointer));
        let properties = here.and_then(|here| here.get("properties")?.as_object());
        let mut known: Vec<&str> = properties.into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        if error.instance_location.tokens.is_empty() {
            known.extend(self.taken);
            known.sort_unstable();
            known.dedup();
        }
        let names = known.iter().take(MOST_NAMES).map(|name| visible(name).into_owned()).collect::<Vec<_>>().join(", ");
        let names = if names.is_empty() { "none" } else { &names };
        let suggestion = did_you_mean(key, known);
        at_key(error, key, format!("the rule knows no such key{} (keys: {names})", visible(&suggestion)))
    }

    fn value_at(&self, error: &ValidationError<'_, '_>) -> Option<&Value> {
        error.instance_location.tokens.iter().try_fold(self.settings, |value, token| match token {
            InstanceToken::Prop(key) => value.get(key.as_ref()),
            InstanceToken::Item(index) => value.get(index),
        })
    }
}

fn at_key(error: &ValidationError<'_, '_>, key: &str, message: String) -> Violation {
    let mut path = path(error);
    path.push(Step::Key(key.to_owned()));
    Violation { path, wrong_key: true, message }
}

fn path(error: &ValidationError<'_, '_>) -> Vec<Step> {
    let step = |token: &InstanceToken<'_>| match token {
        InstanceToken::Prop(key) => Step::Key(key.clone().into_owned()),
        InstanceToken::Item(index) => Step::Index(*index),
    };
    error.instance_location.tokens.iter().map(step).collect()
}

/// Never shows the value: only its type.
fn message(kind: &ErrorKind<'_, '_>, value: Option<&Value>) -> String {
    match kind {
        ErrorKind::Type { got, want } => {
            let wanted: Vec<&str> = want.iter().map(type_name).collect();
            format!("expected {}, found {}", wanted.join(" or "), found(*got))
        }
        ErrorKind::Enum { want } => {
            let wanted = want.iter().take(MOST_NAMES).map(|value| format!("`{}`", shown(value))).collect::<Vec<_>>().join(", ");
            let suggestion = did_you_mean(value.and_then(Value::as_str).unwrap_or_default(), want.iter().filter_map(Value::as_str));
            format!("expected one of {wanted}{}", visible(&suggestion))
        }
        ErrorKind::Const { want } => format!("expected `{}`", shown(want)),
        ErrorKind::Required { want } => format!("expected the key {}", names(want)),
        ErrorKind::Dependency { prop, missing } | ErrorKind::DependentRequired { prop, missing } => {
            format!("with `{}` the key {} is needed too", visible(prop), names(missing))
        }
        ErrorKind::Format { want, .. } => format!("expected a text of the form `{want}`"),
        ErrorKind::Pattern { want, .. } => format!("expected a text that fits the pattern `{}`", visible(want)),
        ErrorKind::MinLength { want, .. } => format!("expected at least {want} characters"),
        ErrorKind::MaxLength { want, .. } => format!("expected at most {want} characters"),
        ErrorKind::MinItems { want, .. } => format!("expected at least {want} elements"),
        ErrorKind::MaxItems { want, .. } => format!("expected at most {want} elements"),
        ErrorKind::MinProperties { want, .. } => format!("expected at least {want} keys"),
        ErrorKind::MaxProperties { want, .. } => format!("expected at most {want} keys"),
        ErrorKind::UniqueItems { got: [one, other] } => format!("the elements {one} and {other} are equal"),
        ErrorKind::Minimum { want, .. } => format!("expected at least {want}"),
        ErrorKind::Maximum { want, .. } => format!("expected at most {want}"),
        ErrorKind::ExclusiveMinimum { want, .. } => format!("expected more than {want}"),
        ErrorKind::ExclusiveMaximum { want, .. } => format!("expected less than {want}"),
        ErrorKind::MultipleOf { want, .. } => format!("expected a multiple of {want}"),
        ErrorKind::FalseSchema => "the rule does not take this".to_owned(),
        _ => "this is not what the rule expects".to_owned(),
    }
}

fn type_name(kind: Type) -> &'static str {
    match kind {
        Type::Null => "null",
        Type::Boolean => "true or false",
        Type::Number => "a number",
        Type::Integer => "a whole number",
        Type::String => "a text",
        Type::Array => "a list",
        Type::Object => "an object",
    }
}

fn found(kind: Type) -> &'static str {
    if kind == Type::Boolean { "a truth value" } else { type_name(kind) }
}

fn names(keys: &[&str]) -> String {
    keys.iter().take(MOST_NAMES).map(|key| format!("`{}`", visible(key))).collect::<Vec<_>>().join(" and ")
}

fn shown(value: &Value) -> String {
    let text: String = value.as_str().map_or_else(|| value.to_string(), str::to_owned).chars().take(100).collect();
    visible(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::violations;
    use super::*;

    /// The first violation: its path, whether its key is wrong, its message.
    fn first(schema: &Value, settings: &Value) -> (String, bool, String) {
        let violation = violations(schema, settings, &["client_key"]).expect("a schema").into_iter().next().expect("a violation");
        let step = |step: &Step| match step {
            Step::Key(key) => format!(".{key}"),
            Step::Index(index) => format!("[{index}]"),
        };
        (violation.path.iter().map(step).collect(), violation.wrong_key, violation.message)
    }

    #[test]
    fn each_says_where_and_what_was_expected() {
        let value = |schema: Value| json!({ "properties": { "a": schema } });
        let cases = [
            (json!({ "type": "string" }), json!(5), "expected a text, found a number"),
            (json!({ "type": ["integer", "array"] }), json!(true), "expected a whole number or a list, found a truth value"),
            (json!({ "type": "integer" }), json!(1.5), "expected a whole number, found a number"),
            (json!({ "enum": ["info", "high"] }), json!("hihg"), "expected one of `info`, `high`: did you mean `high`?"),
            (json!({ "const": 5 }), json!(6), "expected `5`"),
            (json!({ "minimum": 1 }), json!(0), "expected at least 1"),
            (json!({ "exclusiveMaximum": 1 }), json!(1), "expected less than 1"),
            (json!({ "pattern": "^a$" }), json!("hunter2"), "expected a text that fits the pattern `^a$`"),
            (json!({ "minLength": 3 }), json!("hu"), "expected at least 3 characters"),
            (json!({ "format": "ipv4" }), json!("hunter2"), "expected a text of the form `ipv4`"),
            (json!({ "minItems": 1 }), json!([]), "expected at least 1 elements"),
            (json!({ "uniqueItems": true }), json!([1, 2, 1]), "the elements 0 and 2 are equal"),
            (json!({ "multipleOf": 2 }), json!(3), "expected a multiple of 2"),
            (json!({ "not": {} }), json!(3), "this is not what the rule expects"),
            (json!({ "required": ["b", "c"] }), json!({}), "expected the key `b` and `c`"),
            (json!({ "dependentRequired": { "b": ["c"] } }), json!({ "b": 1 }), "with `b` the key `c` is needed too"),
            (
                json!({ "anyOf": [{ "type": "string" }, { "type": "array" }] }),
                json!(5),
                "expected a text, found a number; or expected a list, found a number",
            ),
        ];
        for (schema, settings, message) in cases {
            assert_eq!(first(&value(schema.clone()), &json!({ "a": settings })), (".a".to_owned(), false, message.to_owned()), "{schema}");
        }
    }

    #[test]
    fn an_unknown_key_comes_with_the_nearest_right_spelling() {
        let schema = json!({ "properties": { "a/b": { "properties": { "allowed_ports": {}, "x": {} }, "additionalProperties": false } } });
        let expected = "the rule knows no such key: did you mean `allowed_ports`? (keys: allowed_ports, x)";
        assert_eq!(first(&schema, &json!({ "a/b": { "alowed_ports": 1 } })), (".a/b.alowed_ports".to_owned(), true, expected.to_owned()));
        let taken = json!({ "properties": {}, "additionalProperties": false });
        let expected = "the rule knows no such key: did you mean `client_key`? (keys: client_key)";
        assert_eq!(first(&taken, &json!({ "client_kye": 1 })), (".client_kye".to_owned(), true, expected.to_owned()));
        let none = json!({ "properties": { "a": { "additionalProperties": false } } });
        assert_eq!(
            first(&none, &json!({ "a": { "b": 1 } })),
            (".a.b".to_owned(), true, "the rule knows no such key (keys: none)".to_owned())
        );
        let closed = json!({ "unevaluatedProperties": false });
        assert_eq!(first(&closed, &json!({ "b": 1 })), (".b".to_owned(), true, "the rule does not take this".to_owned()));
    }

    #[test]
    fn of_several_forms_the_one_of_the_right_type_counts() {
        let schema = json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "integer" } }] });
        assert_eq!(first(&schema, &json!([1, "x"])), ("[1]".to_owned(), false, "expected a whole number, found a text".to_owned()));
    }

    #[test]
    fn hostile_text_of_the_schema_is_visible() {
        let schema = json!({ "properties": { "a\u{1b}": {} }, "additionalProperties": false });
        assert!(!first(&schema, &json!({ "a": 1 })).2.contains('\u{1b}'));
        assert!(!first(&json!({ "enum": ["\u{202e}"] }), &json!(1)).2.contains('\u{202e}'));
    }
}
