//! Which part of an address is EDDA's question. Addresses are looked at as they are written: nothing in them is decoded or tidied up.

use std::str::FromStr;

/// What stands between the base and the question.
const SERVLET: &str = "/api/v2";

/// What all addresses begin with: `/edda`, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(String);

/// A text that is no beginning of addresses.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{}` is no beginning of addresses: `/` and letters, digits, `-`, `_`, `.` or `~` are wanted, as in `/edda`; or `/` alone", .0.escape_debug())]
pub struct InvalidBase(pub String);

/// What an address asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// This question: what follows `/api/v2/`.
    Question(&'a str),
    /// No question at all.
    Nothing,
    /// Something that is none of EDDA's addresses.
    Elsewhere,
}

impl Base {
    /// What stands before the path of a question, without its slash.
    pub fn of_diffs(&self) -> String {
        format!("{}{SERVLET}", self.0)
    }

    pub(super) fn place_of<'a>(&self, path: &'a str) -> Place<'a> {
        match path.strip_prefix(&self.0).and_then(|path| path.strip_prefix(SERVLET)) {
            Some("") => Place::Nothing,
            Some(rest) => match rest.strip_prefix('/') {
                Some(rest) if rest.is_empty() || rest.starts_with(';') => Place::Nothing,
                Some(rest) => Place::Question(rest),
                None => Place::Elsewhere,
            },
            None => Place::Elsewhere,
        }
    }
}

impl FromStr for Base {
    type Err = InvalidBase;

    fn from_str(text: &str) -> Result<Self, InvalidBase> {
        let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_.~".contains(character);
        let is_base = text
            .strip_prefix('/')
            .is_some_and(|names| names.is_empty() || names.split('/').all(|name| !name.is_empty() && name.chars().all(is_plain)));
        if is_base { Ok(Self(text.trim_end_matches('/').to_owned())) } else { Err(InvalidBase(text.to_owned())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place<'a>(base: &str, path: &'a str) -> Place<'a> {
        base.parse::<Base>().expect("a base").place_of(path)
    }

    #[test]
    fn the_question_follows_the_base() {
        assert_eq!(place("/edda", "/edda/api/v2/aws/x;_pp:(a)"), Place::Question("aws/x;_pp:(a)"));
        assert_eq!(place("/edda", "/edda/api/v2//"), Place::Question("/"));
        assert_eq!(place("/edda", "/edda/api/v2/al%69ce/../b"), Place::Question("al%69ce/../b"));
        assert_eq!(place("/", "/api/v2/aws/x"), Place::Question("aws/x"));
        assert_eq!(place("/a/b", "/a/b/api/v2/aws/x"), Place::Question("aws/x"));
    }

    #[test]
    fn where_nothing_is_asked_there_is_nothing() {
        for path in ["/edda/api/v2", "/edda/api/v2/", "/edda/api/v2/;x"] {
            assert_eq!(place("/edda", path), Place::Nothing, "{path}");
        }
    }

    #[test]
    fn other_addresses_are_elsewhere() {
        for path in ["", "*", "/", "/edda", "/edda/", "/edda/api/v1/x", "/edda/api/v2x", "/Edda/api/v2/x", "/api/v2/x", "/eddaa/api/v2/x"] {
            assert_eq!(place("/edda", path), Place::Elsewhere, "{path}");
        }
    }

    #[test]
    fn a_base_is_plain_names_after_slashes() {
        for text in ["", "edda", "/edda/", "//", "/a//b", "/a b", "/a;b", "/a?b", "/%41"] {
            assert_eq!(text.parse::<Base>(), Err(InvalidBase(text.to_owned())));
        }
    }
}
