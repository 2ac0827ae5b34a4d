//! Regular expressions in settings, which hold at the start of a text.

use std::fmt;

use regex::{Captures, Regex};
use serde::de::{Deserialize, Deserializer, Error};

/// A regular expression (the syntax of the crate `regex`) that a text has to begin with a match of.
#[derive(Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Whether the text begins with a match.
    pub fn is_at_start(&self, text: &str) -> bool {
        self.groups_at_start(text).is_some()
    }

    /// The groups of the match that the text begins with.
    ///
    /// The leftmost match is at the start, if there is one there.
    pub fn groups_at_start<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.0.captures(text).filter(|groups| groups.get(0).is_some_and(|whole| whole.start() == 0))
    }

    /// How many groups it has, apart from the whole match.
    pub fn number_of_groups(&self) -> usize {
        self.0.captures_len().saturating_sub(1)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let compiled = Regex::new(&text).map_err(|error| D::Error::custom(format!("`{text}` is no regular expression: {error}")))?;
        Ok(Self(compiled))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::deserialize(&json!(text)).expect("a pattern")
    }

    #[test]
    fn a_pattern_holds_at_the_start() {
        assert!(pattern("ci-").is_at_start("ci-bot"));
        assert!(!pattern("ci-").is_at_start("my-ci-bot"));
        assert!(pattern(".*Deployment$").is_at_start("my.Deployment"));
        assert!(pattern("b|ab").is_at_start("ab"));
    }

    #[test]
    fn groups_are_told() {
        let login = pattern("https://login/([^/]+)/?");
        assert_eq!(login.number_of_groups(), 1);
        let groups = login.groups_at_start("https://login/a.test/").expect("a match");
        assert_eq!(groups.get(1).map(|group| group.as_str()), Some("a.test"));
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        let error = Pattern::deserialize(&json!("(?=x)")).expect_err("no look-ahead").to_string();
        assert!(error.starts_with("`(?=x)` is no regular expression: "), "{error}");
    }
}
