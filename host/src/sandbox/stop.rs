//! Why the host ends a rule that would have gone on: the error that travels out of the guest's call.

use super::limit_name::LimitName;

/// Returned by the host's functions and by the limiter, which makes the guest's call end with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Stop {
    /// A limit of the rule.
    #[error("the limit `{}` was reached", .0.key())]
    Limit(LimitName),
    /// The whole run is being ended.
    #[error("the run is being ended")]
    RunEnds,
    /// The time that the whole run may take is over.
    #[error("the time of the run is over")]
    RunTimeOver,
    /// The guest wanted to sleep, or to wait for something.
    #[error("a rule may not wait")]
    Waits,
}
