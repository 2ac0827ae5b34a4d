//! In which way a question or a request of a rule can fail, as the contract tells it apart (`wit/types.wit`).

use serde::{Deserialize, Serialize};

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// Not granted, not asked for in the manifest, or an address that needs a permission of its own.
    Denied,
    /// The rule asked for something malformed.
    BadRequest,
    /// No such collection, document or host.
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
