//! Reading field selectors:
//!
//! ```text
//! selector := "(" [ item { "," item } ] ")"
//! item     := key [ "=" literal | "!=" literal | "~" "/" expression "/" | "!~" "/" expression "/" | ":" selector | "::" selector ]
//! key      := [A-Za-z0-9_.-]*
//! literal  := '"' any characters but '"' '"' | null | true | false | integer | float
//! ```
//!
//! White space between tokens is ignored; of equal keys the last counts. Literals are tried in the order shown, so what begins like an
//! integer is one.

use std::collections::BTreeMap;

use regex::RegexBuilder;

use crate::query::selector::{Expression, FloatLiteral, Item, Literal, Pattern, Selector, Test};

/// How deep selectors may be nested, as deep as documents.
const DEEPEST: usize = 128;

/// How many bytes a compiled expression may take.
const EXPRESSION_SIZE: usize = 1 << 20;

/// Why a selector cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SelectorError {
    /// Something else should stand there.
    #[error("expected {wanted} at character {at}, found {found}")]
    Expected {
        /// What may stand there.
        wanted: &'static str,
        /// The position, counted from 1.
        at: usize,
        /// What stands there.
        found: String,
    },
    /// Whole numbers have 32 bits.
    #[error("the whole number {0} is beyond 32 bits")]
    LargeNumber(String),
    /// The regular expression does not compile.
    #[error("the expression /{expression}/ cannot be used")]
    Expression {
        /// The expression as written.
        expression: String,
        /// What is wrong with it.
        source: Box<regex::Error>,
    },
    /// The parentheses are nested too deep.
    #[error("the selector is nested deeper than {DEEPEST}")]
    TooDeep,
}

pub(crate) fn parse(text: &str) -> Result<Selector, SelectorError> {
    let mut reader = Reader { text, rest: text };
    let selector = reader.selector(0)?;
    reader.skip_space();
    if reader.rest.is_empty() { Ok(selector) } else { Err(reader.expected("the end")) }
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn selector(&mut self, depth: usize) -> Result<Selector, SelectorError> {
        if depth > DEEPEST {
            return Err(SelectorError::TooDeep);
        }
        self.need("(", "\"(\"")?;
        let mut items = BTreeMap::new();
        loop {
            let key = self.take_while(|character| character.is_ascii_alphanumeric() || "_.-".contains(character));
            let item = self.item(depth)?;
            items.insert(key.to_owned(), item);
            if !self.take(",") {
                break;
            }
        }
        self.need(")", "\",\" or \")\"")?;
        Ok(Selector { items })
    }

    fn item(&mut self, depth: usize) -> Result<Item, SelectorError> {
        let equals = |literal| Item::Test(Test { negated: false, pattern: Pattern::Equals(literal) });
        let differs = |literal| Item::Test(Test { negated: true, pattern: Pattern::Equals(literal) });
        if self.take("::") {
            // What is named inside has no meaning, but has to be well written.
            self.selector(depth + 1).map(|_| Item::Flatten)
        } else if self.take(":") {
            self.selector(depth + 1).map(Item::Select)
        } else if self.take("=") {
            self.literal().map(equals)
        } else if self.take("!=") {
            self.literal().map(differs)
        } else if self.take("~") {
            self.expression(false)
        } else if self.take("!~") {
            self.expression(true)
        } else {
            Ok(Item::Keep)
        }
    }

    fn literal(&mut self) -> Result<Literal, SelectorError> {
        if self.take("\"") {
            return self.until('"').map(|text| Literal::Text(text.to_owned()));
        }
        let words = [("null", Literal::Null), ("true", Literal::Bool(true)), ("false", Literal::Bool(false))];
        if let Some((_, literal)) = words.into_iter().find(|(word, _)| self.take(word)) {
            return Ok(literal);
        }
        let whole = integer_length(self.rest);
        if whole > 0 {
            let text = self.advance(whole);
            return text.parse().map(Literal::Int).map_err(|_| SelectorError::LargeNumber(text.to_owned()));
        }
        match self.rest[..float_length(self.rest)].parse::<f64>() {
            Ok(number) if number.is_finite() => {
                self.advance(float_length(self.rest));
                Ok(Literal::Float(FloatLiteral::new(number)))
            }
            _ => Err(self.expected("a text in double quotes, null, true, false or a number")),
        }
    }

    fn expression(&mut self, negated: bool) -> Result<Item, SelectorError> {
        self.need("/", "\"/\"")?;
        let expression = self.until('/')?;
        // `LINEAR_EXPRESSIONS`.
        let regex = RegexBuilder::new(expression).size_limit(EXPRESSION_SIZE).build();
        let regex = regex.map_err(|error| SelectorError::Expression { expression: expression.to_owned(), source: Box::new(error) })?;
        Ok(Item::Test(Test { negated, pattern: Pattern::Finds(Expression(regex)) }))
    }

    /// Takes what stands before `end`, and `end`.
    fn until(&mut self, end: char) -> Result<&'a str, SelectorError> {
        match self.rest.split_once(end) {
            Some((before, after)) => {
                self.rest = after;
                Ok(before)
            }
            None if end == '/' => Err(self.expected("a closing \"/\"")),
            None => Err(self.expected("a closing double quote")),
        }
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_space();
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn need(&mut self, token: &str, wanted: &'static str) -> Result<(), SelectorError> {
        if self.take(token) { Ok(()) } else { Err(self.expected(wanted)) }
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        self.skip_space();
        self.advance(self.rest.find(|character| !belongs(character)).unwrap_or(self.rest.len()))
    }

    fn advance(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn expected(&self, wanted: &'static str) -> SelectorError {
        let before = &self.text[..self.text.len() - self.rest.len()];
        let found: String = self.rest.chars().take(20).collect();
        let found = if found.is_empty() { "the end".to_owned() } else { format!("{found:?}") };
        SelectorError::Expected { wanted, at: before.chars().count() + 1, found }
    }
}

fn digits_length(text: &str) -> usize {
    text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit()).len()
}

/// `-?[0-9]+`, or 0.
fn integer_length(text: &str) -> usize {
    let sign = usize::from(text.starts_with('-'));
    match digits_length(&text[sign..]) {
        0 => 0,
        digits => sign + digits,
    }
}

/// `[+-]?([0-9]+(.[0-9]*)?|.[0-9]+)([eE][+-]?[0-9]+)?`, or a length that is no number.
fn float_length(text: &str) -> usize {
    let mut length = usize::from(text.starts_with(['+', '-']));
    length += digits_length(&text[length..]);
    if text[length..].starts_with('.') {
        length += 1 + digits_length(&text[length + 1..]);
    }
    if text[length..].starts_with(['e', 'E']) {
        let sign = usize::from(text[length + 1..].starts_with(['+', '-']));
        let digits = digits_length(&text[length + 1 + sign..]);
        if digits > 0 {
            length += 1 + sign + digits;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(text).expect_err(text).to_string()
    }

    fn item(text: &str) -> Item {
        let selector = parse(&format!("(a{text})")).expect(text);
        selector.items.get("a").cloned().expect("the item")
    }

    #[test]
    fn each_kind_of_item_is_read() {
        let equals = |literal| Item::Test(Test { negated: false, pattern: Pattern::Equals(literal) });
        assert_eq!(item(""), Item::Keep);
        assert_eq!(item("::(x,y:(z))"), Item::Flatten);
        assert_eq!(item("=\"a,)(b\""), equals(Literal::Text("a,)(b".into())));
        assert_eq!(item("=\"\""), equals(Literal::Text(String::new())));
        assert_eq!(item("=null"), equals(Literal::Null));
        assert_eq!(item("=-2147483648"), equals(Literal::Int(i32::MIN)));
        assert_eq!(item("= .5"), equals(Literal::Float(FloatLiteral::new(0.5))));
        assert_eq!(item("=+60"), equals(Literal::Float(FloatLiteral::new(60.0))));
        assert!(matches!(item("!=true"), Item::Test(Test { negated: true, pattern: Pattern::Equals(Literal::Bool(true)) })));
        assert!(matches!(item("!~/^[a,)]/"), Item::Test(Test { negated: true, pattern: Pattern::Finds(_) })));
    }

    #[test]
    fn keys_may_be_odd_or_empty() {
        let selector = parse("( a.b-c_9 , , z: ( y ) )").expect("a selector");
        assert_eq!(selector.items.keys().collect::<Vec<_>>(), ["", "a.b-c_9", "z"]);
        assert!(parse("()").is_ok());
    }

    #[test]
    fn an_error_says_what_may_stand_where() {
        assert_eq!(error("(a=bob)"), "expected a text in double quotes, null, true, false or a number at character 4, found \"bob)\"");
        assert_eq!(error("(a"), "expected \",\" or \")\" at character 3, found the end");
        assert_eq!(error("(a)b"), "expected the end at character 4, found \"b\"");
        assert_eq!(error("a"), "expected \"(\" at character 1, found \"a\"");
        assert_eq!(error("(a=\"b)"), "expected a closing double quote at character 5, found \"b)\"");
        assert_eq!(error("(a~/b)"), "expected a closing \"/\" at character 5, found \"b)\"");
        assert_eq!(error("(a=1380000000000)"), "the whole number 1380000000000 is beyond 32 bits");
        assert_eq!(error("(a~/(/)"), "the expression /(/ cannot be used");
    }

    #[test]
    fn what_begins_like_an_integer_is_one() {
        for text in ["(a=1.5)", "(a=60.0)", "(a=1e2)", "(a=-1.5)", "(a=+)", "(a=.)", "(a=+9e999)", "(a=-)", "(a=nullx)", "(a[0])", "(*)"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn deep_nesting_and_huge_expressions_are_refused() {
        let nested = |depth: usize| "(a:".repeat(depth) + "(b)" + &")".repeat(depth);
        assert!(parse(&nested(DEEPEST)).is_ok());
        assert!(matches!(parse(&nested(100_000)), Err(SelectorError::TooDeep)));
        assert!(matches!(parse("(a~/(x{1000}){1000}/)"), Err(SelectorError::Expression { .. })));
    }
}
