//! The name of a rule: the stem of its file, or the name that the config gives to a second copy of it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// 1 to 64 of the characters `a-z`, `0-9`, `_` and `-`. Never anything else, so it is safe in paths, logs and outputs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RuleName(String);

/// Why a text is no rule name.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{}` is no rule name: 1 to 64 of the characters a-z, 0-9, _ and - are allowed", .0.escape_debug())]
pub struct InvalidRuleName(pub String);

impl RuleName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RuleName {
    type Err = InvalidRuleName;

    fn from_str(text: &str) -> Result<Self, InvalidRuleName> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidRuleName(text.to_owned()))
        }
    }
}

impl TryFrom<String> for RuleName {
    type Error = InvalidRuleName;

    fn try_from(text: String) -> Result<Self, InvalidRuleName> {
        text.parse()
    }
}

impl From<RuleName> for String {
    fn from(name: RuleName) -> String {
        name.0
    }
}

impl fmt::Display for RuleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_a_shipped_rule_is_called() {
        for name in ["ami", "non_chef", "elbs-2", "0", &"a".repeat(64)] {
            assert_eq!(name.parse::<RuleName>().map(String::from), Ok(name.to_owned()));
        }
    }

    #[test]
    fn refuses_everything_that_could_leave_its_place() {
        for name in ["", "Ami", "../ami", "a b", "a.b", "é", "a\n", &"a".repeat(65)] {
            assert!(name.parse::<RuleName>().is_err(), "{name:?}");
        }
    }
}
