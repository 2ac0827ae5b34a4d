//! What can go wrong with the inventory: for one question, told to the rule that asked it; for the inventory as a whole, told to the
//! operator.

use std::path::PathBuf;

use crate::failure_kind::FailureKind;

/// Why a question has no answer. The message is complete and meant for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// What kind of failure it was.
    pub kind: FailureKind,
    /// EDDA's status, where there was one. The archive uses the same numbers.
    pub status: Option<u16>,
    /// What happened and what to do.
    pub message: String,
}

impl QueryError {
    pub(super) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, status: None, message: message.into() }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(FailureKind::BadRequest, message)
    }

    /// A refusal in EDDA's words: 404 and 410 are alike, 400 keeps its message to the letter.
    pub(super) fn refused(status: u16, message: impl Into<String>) -> Self {
        let kind = match status {
            400 => FailureKind::BadRequest,
            404 | 410 => FailureKind::NotFound,
            _ => FailureKind::Unavailable,
        };
        Self { kind, status: Some(status), message: message.into() }
    }

    pub(super) fn timed_out(asked: &str) -> Self {
        let advice = "the inventory is slow, or the rule's limit `waiting-time` is too small for this answer";
        Self::new(FailureKind::TimedOut, format!("no complete answer to `{}` in time; {advice}", shown(asked)))
    }

    pub(super) fn stopped() -> Self {
        Self::new(FailureKind::Other, "the run was stopped while the inventory was answering")
    }

    /// The same, with the question in words. A refusal in EDDA's own words stays as it is: rules read it.
    pub(super) fn about(mut self, path: &str) -> Self {
        if self.is_trouble() || self.kind == FailureKind::OverLimit {
            self.message = format!("{} (asked for `{}`)", self.message, path.escape_debug());
        }
        self
    }

    /// True when the inventory is to blame and not the question.
    pub fn is_trouble(&self) -> bool {
        matches!(self.kind, FailureKind::Unavailable | FailureKind::TimedOut)
    }
}

/// Why the inventory as a whole, or how far it is known, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// The address is no address of an EDDA.
    #[error("`{address}` cannot be used as `edda`: {reason}; allowed are `http://HOST:PORT/edda`, `https://...` and `archive:PATH`")]
    Address {
        /// The address without a password.
        address: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The HTTP client did not start.
    #[error("the HTTP client for EDDA cannot be started")]
    Client(#[source] reqwest::Error),
    /// The machinery below the HTTP client did not start.
    #[error("the network threads cannot be started")]
    Threads(#[source] std::io::Error),
    /// The archive cannot be opened or read.
    #[error(transparent)]
    Archive(#[from] edda::archive::ArchiveError),
    /// Nothing was ever taken into the archive.
    #[error("the archive {} is empty: run `reddalert archive import --archive {} FILE...` first", .path.display(), .path.display())]
    NeverImported {
        /// The file.
        path: PathBuf,
    },
    /// The inventory did not say how far it is known.
    #[error("the inventory did not say how far `{collection}` is known")]
    KnownUntil {
        /// The collection, `aws.iamUsers`.
        collection: String,
        /// What the question met.
        #[source]
        source: QueryError,
    },
}

/// The beginning of a path, for messages, without anything that a terminal could obey.
pub(super) fn shown(path: &str) -> String {
    let cut = if path.chars().nth(200).is_some() { "..." } else { "" };
    path.chars().take(200).flat_map(char::escape_debug).collect::<String>() + cut
}

/// EDDA's own words for a failure.
#[derive(Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EddaRefusal {
    /// The HTTP status.
    pub(super) code: u16,
    /// The status's name; not every server sends it.
    #[serde(default, rename = "name")]
    _name: Option<String>,
    /// What happened.
    pub(super) message: String,
}

impl EddaRefusal {
    /// None for everything else, a document that happens to have a `code` included.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok().filter(|refusal: &Self| (400..600).contains(&refusal.code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure_kind::FailureKind::{BadRequest, NotFound, Unavailable};

    #[test]
    fn a_refusal_keeps_the_words_and_404_and_410_are_alike() {
        let kinds = [400, 404, 410, 500].map(|status| QueryError::refused(status, "word for word").kind);
        assert_eq!(kinds, [BadRequest, NotFound, NotFound, Unavailable]);
        assert_eq!(QueryError::refused(400, "word for word").to_string(), "word for word");
    }
    #[test]
    fn only_eddas_own_form_is_a_refusal() {
        let message = |text: &str| EddaRefusal::parse(text.as_bytes()).map(|refusal| refusal.message);
        assert_eq!(message(r#"{"code":404,"name":"NOT_FOUND","message":"no"}"#), Some("no".to_owned()));
        assert_eq!(message(r#"{"code":404,"message":"no"}"#), Some("no".to_owned()));
        for other in [r#"{"code":200,"message":"yes"}"#, r#"{"code":"on","message":"x"}"#, r#"{"code":404,"message":"x","id":1}"#, "[]"] {
            assert_eq!(message(other), None, "{other}");
        }
    }
}
