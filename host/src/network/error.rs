//! Why a call has no answer, in the kinds that the contract knows.

use crate::failure_kind::FailureKind;

/// Why a call has no answer. The message is complete and meant for people; nothing in it can act on a terminal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NetworkError {
    /// What kind of failure it was.
    pub kind: FailureKind,
    /// What happened and what to do.
    pub message: String,
}

impl NetworkError {
    pub(super) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(FailureKind::BadRequest, message)
    }

    pub(super) fn denied(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Denied, message)
    }
}
