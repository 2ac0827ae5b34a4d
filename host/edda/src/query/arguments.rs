//! What stands behind semicolons: modifiers, whose names begin with `_`, and select arguments, all others.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use crate::query::path::{decode, split_java};
use crate::query::refusal::Refusal;
use crate::value::EpochMillis;

/// The arguments of a request. Of equal names the last counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) modifiers: Modifiers,
    /// Names and values as written, in the order of their first writing.
    pub(crate) selects: Vec<(String, Option<String>)>,
}

impl Arguments {
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let mut reading = Reading::default();
        for piece in text.split(';') {
            let parts = split_java(piece, '=');
            match parts.as_slice() {
                [] => {}
                ["", ..] => return Err(Refusal::NamelessArgument(piece.to_owned())),
                [name] => reading.set(name, None),
                [name, value] => reading.set(name, Some((*value).to_owned())),
                // EDDA's way with several equals signs: the value gets one more in front.
                [name, values @ ..] => reading.set(name, Some(format!("={}", values.join("=")))),
            }
        }
        Ok(reading.arguments)
    }
}

#[derive(Default)]
struct Reading<'a> {
    arguments: Arguments,
    /// Where each select argument is.
    positions: HashMap<&'a str, usize>,
}

impl<'a> Reading<'a> {
    fn set(&mut self, name: &'a str, value: Option<String>) {
        if decode(name).starts_with('_') {
            let value = value.map(|value| decode(&value).into_owned());
            self.arguments.modifiers.0.insert(decode(name).into_owned(), value);
            return;
        }
        let selects = &mut self.arguments.selects;
        if let Some(at) = self.positions.get(name) {
            selects[*at].1 = value;
        } else {
            self.positions.insert(name, selects.len());
            selects.push((name.to_owned(), value));
        }
    }
}

/// The modifiers of a request, decoded but read only when they are asked for, as EDDA does. Unknown ones are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Modifiers(BTreeMap<String, Option<String>>);

impl Modifiers {
    /// Whether the modifier is written, with whatever value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The modifier's value: None where it or its value is missing.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Option::as_deref)
    }

    /// A truth value: true without a value, or with exactly `1`.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| value.as_deref().is_none_or(|value| value == "1"))
    }

    /// A moment in epoch milliseconds.
    pub(crate) fn time(&self, name: &'static str) -> Result<Option<EpochMillis>, Refusal> {
        self.number(name, "a time in milliseconds since 1970")
    }

    /// A whole number of 32 bits.
    pub(crate) fn integer(&self, name: &'static str) -> Result<Option<i32>, Refusal> {
        self.number(name, "a whole number")
    }

    /// Takes a modifier away.
    pub(crate) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    fn number<T: FromStr>(&self, name: &'static str, wanted: &'static str) -> Result<Option<T>, Refusal> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let found = value.as_deref().unwrap_or_default();
        found.parse().map(Some).map_err(|_| Refusal::BadModifier { name, wanted, found: found.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Arguments {
        Arguments::parse(text).expect("arguments")
    }

    fn selects(text: &str) -> Vec<(String, Option<String>)> {
        parse(text).selects
    }

    #[test]
    fn a_piece_is_cut_at_its_equals_signs() {
        let argument = |name: &str, value: Option<&str>| vec![(name.to_owned(), value.map(ToOwned::to_owned))];
        assert_eq!(selects("a"), argument("a", None));
        assert_eq!(selects("a="), argument("a", None));
        assert_eq!(selects("a=b"), argument("a", Some("b")));
        assert_eq!(selects("a=b="), argument("a", Some("b")));
        assert_eq!(selects("a=b=c"), argument("a", Some("=b=c")));
        assert_eq!(selects(";;=;==;a=1;a=2"), argument("a", Some("2")));
        assert!(Arguments::parse("=b").is_err() && Arguments::parse("==b").is_err());
    }

    #[test]
    fn a_truth_value_is_true_without_a_value_or_with_1() {
        for (text, truth) in [("_pp", true), ("_pp=", true), ("_pp=1", true), ("_pp=true", false), ("_pp=0", false), ("pp", false)] {
            assert_eq!(parse(text).modifiers.is_set("_pp"), truth, "{text}");
        }
        assert!(parse("_pp=0").modifiers.has("_pp"));
    }

    #[test]
    fn numbers_are_read_when_asked_for() {
        let modifiers = parse("_at=+5;_since=-7;_limit=x;_until=99999999999999999999;_diff").modifiers;
        assert_eq!(modifiers.time("_at").expect("a time"), Some(5));
        assert_eq!(modifiers.time("_since").expect("a time"), Some(-7));
        assert_eq!(modifiers.time("_nothing").expect("no time"), None);
        assert!(modifiers.time("_until").is_err() && modifiers.integer("_limit").is_err() && modifiers.integer("_diff").is_err());
    }
}
