//! Field selectors (`(instanceId,state:(name="running"),tags::())`): which fields of a document are kept, and which documents.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};

use regex::Regex;

use crate::query::selector_grammar::{self, SelectorError};

/// A field selector. Equal selectors select the same and print the same text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Selector {
    pub(crate) items: BTreeMap<String, Item>,
}

/// What happens to a field that the selector names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Item {
    /// It is kept as it is.
    Keep,
    /// It is kept if it passes, else the object does not match; of a list the elements that pass are kept.
    Test(Test),
    /// It is selected from in turn.
    Select(Selector),
    /// Objects inside it become dotted names.
    Flatten,
}

/// A test of a field's value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Test {
    /// Whether what the pattern says must *not* be so.
    pub(crate) negated: bool,
    pub(crate) pattern: Pattern,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Pattern {
    Equals(Literal),
    Finds(Expression),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Text(String),
    Int(i32),
    Float(FloatLiteral),
}

/// A finite float, equal to another if it has the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FloatLiteral(u64);

impl FloatLiteral {
    pub(crate) fn new(number: f64) -> Self {
        Self(number.to_bits())
    }

    pub(crate) fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

/// A compiled expression, equal to another if it was written the same.
#[derive(Clone, Debug)]
pub(crate) struct Expression(pub(crate) Regex);

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Expression {}

impl Hash for Expression {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}

impl Selector {
    /// Reads a selector, from its opening to its closing parenthesis.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        selector_grammar::parse(text)
    }

    /// True if it only names fields: it tests nothing and flattens nothing.
    pub fn only_names_fields(&self) -> bool {
        self.items.values().all(|item| match item {
            Item::Keep => true,
            Item::Select(inside) => inside.only_names_fields(),
            Item::Test(_) | Item::Flatten => false,
        })
    }
}

/// The canonical text: it selects the same when it is read again.
impl fmt::Display for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("(")?;
        for (at, (key, item)) in self.items.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(out, "{comma}{key}{item}")?;
        }
        out.write_str(")")
    }
}

impl fmt::Display for Item {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keep => Ok(()),
            Self::Test(test) => test.fmt(out),
            Self::Select(selector) => write!(out, ":{selector}"),
            Self::Flatten => out.write_str("::()"),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.negated { "!" } else { "" };
        match &self.pattern {
            Pattern::Equals(literal) => write!(out, "{not}={literal}"),
            Pattern::Finds(expression) => write!(out, "{not}~/{}/", expression.0.as_str()),
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool(truth) => truth.fmt(out),
            Self::Text(text) => write!(out, "\"{text}\""),
            Self::Int(number) => number.fmt(out),
            Self::Float(number) => number.fmt(out),
        }
    }
}

/// In the one form that the grammar reads for every float: a leading point (what begins with a digit is taken for a whole number).
impl fmt::Display for FloatLiteral {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.get().is_sign_negative() { "-" } else { "" };
        let scientific = format!("{:e}", self.get().abs());
        let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let exponent = exponent.parse::<i32>().unwrap_or_default() + 1;
        write!(out, "{sign}.{}e{exponent}", digits.replace('.', ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        Selector::parse(text).expect("a selector").to_string()
    }

    #[test]
    fn equal_selectors_print_the_same() {
        let text = r#"(b=1,c:(e,d),a~/x/,f::(g),b="x",h!=null,i!~/^/,j=.5,k=true)"#;
        let expected = r#"(a~/x/,b="x",c:(d,e),f::(),h!=null,i!~/^/,j=.5e0,k=true)"#;
        assert_eq!(canonical(text), expected);
        assert_eq!(canonical(expected), expected);
        assert_eq!(Selector::parse(text).expect("a selector"), Selector::parse(expected).expect("a selector"));
    }

    #[test]
    fn what_only_names_fields_is_known() {
        for (text, only) in [("()", true), ("(a,b:(c))", true), ("(a=1)", false), ("(a:(b!~/x/))", false), ("(a::(b))", false)] {
            assert_eq!(Selector::parse(text).expect("a selector").only_names_fields(), only, "{text}");
        }
    }

    #[test]
    fn floats_survive_printing() {
        for (text, number) in [(".5", 0.5), ("+1.5", 1.5), ("+6e1", 60.0), ("-.25", -0.25), ("-.15e1", -1.5), ("+0", 0.0)] {
            let selector = Selector::parse(&format!("(a={text})")).expect("a selector");
            let Some(Item::Test(Test { pattern: Pattern::Equals(Literal::Float(literal)), .. })) = selector.items.get("a") else {
                panic!("no float: {selector:?}")
            };
            assert_eq!(literal.get().to_bits(), f64::to_bits(number), "{text}");
            assert_eq!(Selector::parse(&selector.to_string()).expect("its own text"), selector);
        }
    }
}
