//! Typed access to the values of the config file. Every value knows its key and its place, so every mistake can be pointed at.
//! Accepts JSON with comments and trailing commas; nothing else that is not JSON.

use std::collections::HashMap;

use jsonc_parser::ast::{ObjectProp, Value as Ast};
use jsonc_parser::common::Ranged;
use jsonc_parser::{ParseOptions, parse_to_ast};
use serde_json::{Map, Value};

use super::mistake::{Mistake, Position};

/// A value of the config file, with its key.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    text: &'a str,
    key: String,
    name: String,
    key_at: usize,
    value: &'a Ast<'a>,
}

/// Parses the whole file and hands its outermost value to `read`. A file that is no JSON, or empty, is one mistake.
pub(super) fn read_document<T>(text: &str, read: impl FnOnce(&Entry<'_>) -> T) -> Result<T, Mistake> {
    let parsed = parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &json_with_comments()).map_err(|error| {
        let position = Position { line: error.line_display(), column: error.column_display() };
        Mistake { position, key: String::new(), message: format!("this is not JSON: {}", lower_case_start(&error.kind().to_string())) }
    })?;
    let Some(value) = parsed.value else {
        let position = Position { line: 1, column: 1 };
        return Err(Mistake { position, key: String::new(), message: "the file is empty: an object is wanted, at least `{}`".to_owned() });
    };
    Ok(read(&Entry { text, key: String::new(), name: String::new(), key_at: value.start(), value: &value }))
}

fn json_with_comments() -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn lower_case_start(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

impl<'a> Entry<'a> {
    /// The whole key, as a path from the top of the file.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// The last part of the key.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Where the key stands; for an element of a list, where the element stands.
    pub(super) fn position(&self) -> Position {
        Position::of(self.text, self.key_at)
    }

    /// Something wrong with the value.
    pub(super) fn wrong_value(&self, message: impl Into<String>) -> Mistake {
        Mistake { position: Position::of(self.text, self.value.start()), key: self.key.clone(), message: message.into() }
    }

    /// Something wrong with the key.
    pub(super) fn wrong_key(&self, message: impl Into<String>) -> Mistake {
        Mistake { position: self.position(), key: self.key.clone(), message: message.into() }
    }

    /// The value as text.
    pub(super) fn text(&self) -> Result<&'a str, Mistake> {
        match self.value {
            Ast::StringLit(text) => Ok(&text.value),
            _ => Err(self.expected("a text")),
        }
    }

    /// The value as a text that is not empty.
    pub(super) fn filled_text(&self) -> Result<&'a str, Mistake> {
        let text = self.text()?;
        if text.trim().is_empty() { Err(self.wrong_value("expected a text that is not empty")) } else { Ok(text) }
    }

    /// The value as `true` or `false`.
    pub(super) fn boolean(&self) -> Result<bool, Mistake> {
        match self.value {
            Ast::BooleanLit(boolean) => Ok(boolean.value),
            _ => Err(self.expected("true or false")),
        }
    }

    /// The value as a whole number from 1 to `greatest`.
    pub(super) fn count(&self, greatest: u64) -> Result<u64, Mistake> {
        let number = match self.value {
            Ast::NumberLit(number) => number.value.parse().ok().filter(|number| (1..=greatest).contains(number)),
            _ => None,
        };
        number.ok_or_else(|| self.expected(&format!("a whole number from 1 to {greatest}")))
    }

    /// The elements of a list.
    pub(super) fn list(&self) -> Result<Vec<Entry<'a>>, Mistake> {
        let Ast::Array(array) = self.value else { return Err(self.expected("a list")) };
        let element = |(index, value): (usize, &'a Ast<'a>)| Entry {
            text: self.text,
            key: format!("{}[{index}]", self.key),
            name: index.to_string(),
            key_at: value.start(),
            value,
        };
        Ok(array.elements.iter().enumerate().map(element).collect())
    }

    /// The value as one text or a list of texts.
    pub(super) fn one_or_more(&self) -> Result<Vec<Entry<'a>>, Mistake> {
        match self.value {
            Ast::StringLit(_) => Ok(vec![self.clone()]),
            Ast::Array(_) => self.list(),
            _ => Err(self.expected("a text or a list of texts")),
        }
    }

    /// The members of an object, in the order of the file.
    pub(super) fn object(&self) -> Result<Vec<Entry<'a>>, Mistake> {
        let Ast::Object(object) = self.value else { return Err(self.expected("an object")) };
        Ok(object.properties.iter().map(|property| self.member(property)).collect())
    }

    fn member(&self, property: &'a ObjectProp<'a>) -> Entry<'a> {
        let name = property.name.as_str();
        let key = if self.key.is_empty() { name.to_owned() } else { format!("{}.{name}", self.key) };
        Entry { text: self.text, key, name: name.to_owned(), key_at: property.start(), value: &property.value }
    }

    /// The same value with `name` as the last part of its key: `iam` for `limits.iam` at the top.
    pub(super) fn named(mut self, name: &str) -> Entry<'a> {
        name.clone_into(&mut self.name);
        self
    }

    /// The value as it is, for whom it concerns.
    pub(super) fn json(&self) -> Result<Value, Mistake> {
        match self.value {
            Ast::NullKeyword(_) => Ok(Value::Null),
            Ast::BooleanLit(boolean) => Ok(Value::Bool(boolean.value)),
            Ast::StringLit(text) => Ok(Value::String(text.value.clone().into_owned())),
            Ast::NumberLit(number) => match number.value.parse() {
                Ok(number) => Ok(Value::Number(number)),
                Err(_) => Err(self.wrong_value("this number is not JSON, or too large")),
            },
            Ast::Array(_) => self.list()?.iter().map(Entry::json).collect::<Result<_, _>>().map(Value::Array),
            Ast::Object(_) => self.json_object().map(Value::Object),
        }
    }

    /// The value as an object, for whom it concerns.
    pub(super) fn json_object(&self) -> Result<Map<String, Value>, Mistake> {
        self.object()?.iter().map(|member| Ok((member.name.clone(), member.json()?))).collect()
    }

    /// Every key that stands twice in one object, in here or deeper.
    pub(super) fn repeated_keys(&self) -> Vec<Mistake> {
        let mut first_at = HashMap::new();
        let mut mistakes = Vec::new();
        let inner = match self.value {
            Ast::Object(_) => self.object(),
            Ast::Array(_) => self.list(),
            _ => return mistakes,
        };
        for entry in inner.unwrap_or_default() {
            if let Some(first) = first_at.insert(entry.name.clone(), entry.key_at) {
                let line = Position::of(self.text, first).line;
                mistakes.push(entry.wrong_key(format!("this key stands in line {line} already: remove one of the two")));
            }
            mistakes.extend(entry.repeated_keys());
        }
        mistakes
    }

    /// The value is of another kind than `what`.
    pub(super) fn expected(&self, what: &str) -> Mistake {
        let found = match self.value {
            Ast::StringLit(_) => "a text",
            Ast::NumberLit(number) => &format!("the number {}", number.value),
            Ast::BooleanLit(boolean) => &boolean.value.to_string(),
            Ast::NullKeyword(_) => "null (leave the key out for its default)",
            Ast::Array(_) => "a list",
            Ast::Object(_) => "an object",
        };
        self.wrong_value(format!("expected {what}, found {found}"))
    }
}
