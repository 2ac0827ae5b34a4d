//! Select arguments (`state.name=running,stopped`): what they ask of a document.

use crate::query::path::{decode, split_java};

/// One select argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SelectArgument {
    /// The names on the way to the value, from the root of the document.
    pub(crate) path: Vec<String>,
    pub(crate) wanted: Wanted,
}

/// What a select argument wants of the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Neither null nor the empty text.
    Present,
    /// This truth value.
    Truth(bool),
    /// This text.
    Text(String),
    /// One of these texts.
    AnyOf(Vec<String>),
}

impl SelectArgument {
    /// Reads an argument as written: it is cut first and decoded then, so that escaped dots and commas are ordinary characters.
    pub(crate) fn parse(name: &str, value: Option<&str>) -> Self {
        let path = split_java(name, '.').into_iter().map(|name| decode(name).into_owned()).collect();
        let wanted = match value {
            None => Wanted::Present,
            Some("true") => Wanted::Truth(true),
            Some("false") => Wanted::Truth(false),
            Some(list) if list.contains(',') => {
                Wanted::AnyOf(split_java(list, ',').into_iter().map(|text| decode(text).into_owned()).collect())
            }
            Some(text) => Wanted::Text(decode(text).into_owned()),
        };
        Self { path, wanted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_says_what_is_wanted() {
        let wanted = |value| SelectArgument::parse("a", value).wanted;
        let texts = |texts: &[&str]| Wanted::AnyOf(texts.iter().map(ToString::to_string).collect());
        assert_eq!(wanted(None), Wanted::Present);
        assert_eq!(wanted(Some("true")), Wanted::Truth(true));
        assert_eq!(wanted(Some("True")), Wanted::Text("True".into()));
        assert_eq!(wanted(Some("true,b,,")), texts(&["true", "b"]));
        assert_eq!(wanted(Some(",b")), texts(&["", "b"]));
        assert_eq!(wanted(Some(",")), texts(&[]));
        assert_eq!(wanted(Some("10.0.0.0%2F8%2Cx")), Wanted::Text("10.0.0.0/8,x".into()));
    }

    #[test]
    fn the_name_is_a_path() {
        assert_eq!(SelectArgument::parse("a.b%2Ec.d.", None).path, ["a", "b.c", "d"]);
    }
}
