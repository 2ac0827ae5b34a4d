//! Cutting an address: selector, collection part, arguments; and, once it is known which collections there are, collection and ids.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::query::refusal::Refusal;

/// Splits what follows `/api/v2/` into the path and the selector (with its parentheses, without its colon).
pub fn split_selector(rest: &str) -> (&str, Option<&str>) {
    match rest.find(":(") {
        Some(at) if rest.ends_with(')') => (&rest[..at], Some(&rest[at + 1..])),
        _ => (rest, None),
    }
}

/// Undoes percent escapes ([`PERCENT_DECODING`](crate::query::deviations::PERCENT_DECODING)).
pub(crate) fn decode(raw: &str) -> Cow<'_, str> {
    percent_decode_str(raw).decode_utf8().unwrap_or(Cow::Borrowed(raw))
}

/// Java's split: trailing empty pieces do not count.
pub(crate) fn split_java(text: &str, separator: char) -> Vec<&str> {
    let mut pieces: Vec<&str> = text.split(separator).collect();
    while pieces.last().is_some_and(|piece| piece.is_empty()) {
        pieces.pop();
    }
    pieces
}

/// A path without its selector, cut but not yet understood. All parts are as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// What stands before the arguments, without one final slash.
    collection_part: String,
    /// What stands behind the first semicolon.
    pub(crate) arguments: String,
}

/// Which documents a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    /// The collection's name with dots.
    pub(crate) collection: String,
    pub(crate) ids: Ids,
}

/// Which ids a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ids {
    /// The whole collection.
    All,
    /// One, written without a comma.
    One(String),
    /// A list; perhaps of one, or none.
    Listed(Vec<String>),
}

impl Ids {
    /// The ids; None: all.
    pub(crate) fn into_list(self) -> Option<Vec<String>> {
        match self {
            Self::All => None,
            Self::One(id) => Some(vec![id]),
            Self::Listed(ids) => Some(ids),
        }
    }
}

impl Path {
    pub(crate) fn parse(path: &str) -> Result<Self, Refusal> {
        let invalid = || Refusal::InvalidPath(path.to_owned());
        let (collection_part, arguments) = path.split_once(';').unwrap_or((path, ""));
        if collection_part.is_empty() || collection_part.contains(':') || arguments.contains('/') {
            return Err(invalid());
        }
        let collection_part = collection_part.strip_suffix('/').unwrap_or(collection_part);
        // Slashes alone name nothing (`REFUSED_IN_JSON`).
        if collection_part.chars().all(|character| character == '/') {
            return Err(invalid());
        }
        Ok(Self { collection_part: collection_part.to_owned(), arguments: arguments.to_owned() })
    }

    /// Tells collection and ids apart. `knows` says whether there is a collection of that name (with dots).
    pub(crate) fn resolve(&self, knows: &dyn Fn(&str) -> bool) -> Result<Names, Refusal> {
        let names = self.names(knows);
        if matches!(names.ids, Ids::All) || knows(&names.collection) { Ok(names) } else { Err(self.unknown(&names.collection)) }
    }

    /// As [`Self::resolve`], without asking whether the collection exists.
    pub(crate) fn names(&self, knows: &dyn Fn(&str) -> bool) -> Names {
        let whole = decode(&self.collection_part).replace('/', ".");
        if knows(&whole) {
            return Names { collection: whole, ids: Ids::All };
        }
        let (collection, id) = self.split_id();
        let ids = if id.contains(',') {
            Ids::Listed(split_java(id, ',').into_iter().map(|id| decode(id).into_owned()).collect())
        } else {
            Ids::One(decode(id).into_owned())
        };
        Names { collection, ids }
    }

    fn split_id(&self) -> (String, &str) {
        let pieces = split_java(&self.collection_part, '/');
        let (id, before) = pieces.split_last().map_or(("", &[][..]), |(id, before)| (*id, before));
        let collection: Vec<_> = before.iter().map(|piece| decode(piece)).collect();
        (collection.join("."), id)
    }

    fn unknown(&self, collection: &str) -> Refusal {
        let (_, id) = self.split_id();
        Refusal::InvalidCollection(format!("{collection}.{}", decode(id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(path: &str) -> Result<Names, String> {
        let knows = |name: &str| name == "aws.iamUsers";
        Path::parse(path).and_then(|path| path.resolve(&knows)).map_err(|refusal| refusal.to_string())
    }

    fn names(ids: Ids) -> Names {
        Names { collection: "aws.iamUsers".into(), ids }
    }

    #[test]
    fn the_first_colon_with_a_parenthesis_begins_the_selector() {
        assert_eq!(split_selector("a/b;x:(c:(d))"), ("a/b;x", Some("(c:(d))")));
        assert_eq!(split_selector("a/b::(c)"), ("a/b:", Some("(c)")));
        assert_eq!(split_selector("a/b:(c"), ("a/b:(c", None));
        assert_eq!(split_selector("a/b:(c)x"), ("a/b:(c)x", None));
        assert_eq!(split_selector("a/b"), ("a/b", None));
    }

    #[test]
    fn a_path_is_a_collection_or_an_id_in_one() {
        for path in ["aws/iamUsers", "aws.iamUsers", "aws/iamUsers/", "aws/iamUsers;x", "aws/iamUsers/;x"] {
            assert_eq!(resolve(path), Ok(names(Ids::All)), "{path}");
        }
        for path in ["aws/iamUsers/bob", "aws.iamUsers/bob", "aws/iamUsers/bob/", "aws/iamUsers/bob///", "aws/iamUsers/b%6Fb"] {
            assert_eq!(resolve(path), Ok(names(Ids::One("bob".into()))), "{path}");
        }
        assert_eq!(resolve("aws/iamUsers/b.c"), Ok(names(Ids::One("b.c".into()))));
        assert_eq!(resolve("aws/iamUsers/a%2Fb%3Ac%2Cd"), Ok(names(Ids::One("a/b:c,d".into()))));
        assert_eq!(resolve("aws/iamUsers/100%"), Ok(names(Ids::One("100%".into()))));
        assert_eq!(resolve("aws/iamUsers/%FF"), Ok(names(Ids::One("%FF".into()))));
    }

    #[test]
    fn a_comma_makes_a_list() {
        let listed = |ids: &[&str]| names(Ids::Listed(ids.iter().map(ToString::to_string).collect()));
        assert_eq!(resolve("aws/iamUsers/a,b"), Ok(listed(&["a", "b"])));
        assert_eq!(resolve("aws/iamUsers/bob,"), Ok(listed(&["bob"])));
        assert_eq!(resolve("aws/iamUsers/,"), Ok(listed(&[])));
        assert_eq!(resolve("aws/iamUsers/,b"), Ok(listed(&["", "b"])));
    }

    #[test]
    fn an_unknown_collection_is_told_with_its_id() {
        let cases = [
            ("nope", ".nope"),
            ("aws/iamUsers//", "aws.iamUsers"),
            ("/aws/iamUsers", ".aws.iamUsers"),
            ("aws/nope/x", "aws.nope.x"),
            ("aws/nope/x,y", "aws.nope.x,y"),
        ];
        for (path, told) in cases {
            assert_eq!(resolve(path), Err(format!("invalid collection: {told}")), "{path}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused_as_written() {
        for path in ["", ";x", "a:b", "aws/iamUsers:", "aws/iamUsers;a=b/c", "/", "//", "///"] {
            assert_eq!(resolve(path), Err(format!("invalid path: {path}")), "{path}");
        }
    }
}
