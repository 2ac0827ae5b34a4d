//! Why a request is not answered, with EDDA's status, name and words.

use std::error::Error;
use std::io;

use crate::query::selector_grammar::SelectorError;
use crate::record::StoreError;
use crate::render::write_text;
use crate::value::EpochMillis;

/// Why a request is not answered.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The path does not follow the grammar.
    #[error("invalid path: {0}")]
    InvalidPath(String),
    /// There is no such collection; the name with what was taken for an id.
    #[error("invalid collection: {0}")]
    InvalidCollection(String),
    /// A difference of a whole collection was asked.
    #[error("_diff argument requires use of resource id: /api{0}/<id>")]
    DiffWithoutId(String),
    /// There is nothing to compare the one revision with.
    #[error("_diff requires at least 2 documents, only 1 found")]
    DiffOfOne,
    /// There is no revision to compare.
    #[error("_diff requires at least 2 documents, none found")]
    DiffOfNone,
    /// Documents were asked for, but a difference is a text.
    #[error("_diff answers a text and no documents")]
    DiffIsText,
    /// There is no such document.
    #[error("record \"{id}\" not found in collection {collection}")]
    NotFound {
        /// The id that was asked for.
        id: String,
        /// The collection's name with dots.
        collection: String,
    },
    /// There was such a document.
    #[error(
        "record \"{id}\" is no longer valid in collection {collection}. \
         Use _at, _since or _all arguments to fetch historical records.  Last seen at {stime}"
    )]
    Gone {
        /// The id that was asked for.
        id: String,
        /// The collection's name with dots.
        collection: String,
        /// When its newest revision began.
        stime: EpochMillis,
    },
    /// A modifier's value is not of its kind.
    #[error("invalid argument: {name} needs {wanted}, found {found:?}")]
    BadModifier {
        /// The modifier's name.
        name: &'static str,
        /// What it needs.
        wanted: &'static str,
        /// What was written; empty without a value.
        found: String,
    },
    /// An argument begins with its equals sign.
    #[error("invalid argument: a name is missing before {0:?}")]
    NamelessArgument(String),
    /// The selector cannot be read.
    #[error("invalid selector")]
    Selector(#[from] SelectorError),
    /// The store failed.
    #[error("the query failed")]
    Store(#[from] StoreError),
    /// A record of the store is no document.
    #[error("record \"{id}\" of collection {collection} is damaged")]
    Damaged {
        /// The record's id.
        id: String,
        /// The collection's name with dots.
        collection: String,
        /// What is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The answer cannot be written to where it should go.
    #[error("the answer cannot be written")]
    Write(#[source] io::Error),
}

impl Refusal {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound { .. } => 404,
            Self::Gone { .. } => 410,
            Self::Store(_) | Self::Damaged { .. } | Self::Write(_) => 500,
            _ => 400,
        }
    }

    /// The status in EDDA's words.
    pub fn name(&self) -> &'static str {
        match self.status() {
            404 => "NOT_FOUND",
            410 => "GONE",
            500 => "INTERNAL_SERVER_ERROR",
            _ => "BAD_REQUEST",
        }
    }

    /// What is wrong, causes included, in one line.
    pub fn message(&self) -> String {
        let mut message = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            message = format!("{message}: {error}");
            cause = error.source();
        }
        message
    }

    /// The JSON body that goes with the status.
    pub fn body(&self) -> String {
        let mut body = format!("{{\"code\":{},\"name\":\"{}\",\"message\":", self.status(), self.name());
        write_text(&self.message(), &mut body);
        body.push('}');
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_eddas() {
        let refusal = Refusal::NotFound { id: "zed".into(), collection: "aws.iamUsers".into() };
        let body = r#"{"code":404,"name":"NOT_FOUND","message":"record \"zed\" not found in collection aws.iamUsers"}"#;
        assert_eq!(refusal.body(), body);
    }

    #[test]
    fn a_cause_is_told_once() {
        let refusal = Refusal::Store(StoreError("disk".into()));
        assert_eq!(refusal.message(), "the query failed: the inventory's records cannot be read: disk");
        assert_eq!((refusal.status(), refusal.name()), (500, "INTERNAL_SERVER_ERROR"));
    }
}
