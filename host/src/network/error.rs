//! Why a call has no answer, in the kinds that the contract knows.

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NetworkErrorKind {
    /// Not granted, not asked for, or an address that needs a permission of its own.
    Denied,
    /// The rule asked for something malformed.
    BadRequest,
    /// No such host.
    NotFound,
    /// The other side is down, or answered nonsense.
    Unavailable,
    /// No answer in time.
    TimedOut,
    /// More than the host takes in.
    OverLimit,
    /// The run ends, or a fault of the host.
    Other,
}

/// Why a call has no answer. The message is complete and meant for people; nothing in it can act on a terminal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NetworkError {
    /// What kind of failure it was.
    pub kind: NetworkErrorKind,
    /// What happened and what to do.
    pub message: String,
}

impl NetworkError {
    pub(super) fn new(kind: NetworkErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(NetworkErrorKind::BadRequest, message)
    }

    pub(super) fn denied(message: impl Into<String>) -> Self {
        Self::new(NetworkErrorKind::Denied, message)
    }
}
