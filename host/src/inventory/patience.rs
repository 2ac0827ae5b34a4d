//! How long a rule's thread waits for the inventory: until its deadline, or until the run is stopped.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::fault::QueryError;

/// How soon a stop is noticed.
const LOOK_UP: Duration = Duration::from_millis(100);

/// One who waits for an answer, on behalf of a rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker<'run> {
    /// True when the run was stopped.
    pub(super) stopped: &'run AtomicBool,
    /// When the rule's patience ends.
    pub(super) deadline: Instant,
    /// The question, for the message.
    pub(super) asked: &'run str,
}

impl Asker<'_> {
    /// An error when the run was stopped or the deadline is over.
    pub(super) fn check(self) -> Result<(), QueryError> {
        if self.stopped.load(Ordering::Relaxed) {
            return Err(QueryError::stopped());
        }
        if Instant::now() >= self.deadline {
            return Err(QueryError::timed_out(self.asked));
        }
        Ok(())
    }

    /// True when the asker, and not the inventory, is the reason that there is no answer: another asker may have one.
    pub(super) fn gave_up(self) -> bool {
        self.check().is_err()
    }

    /// Waits for `changed`, a little while or until the deadline.
    pub(super) fn wait<'state, T>(self, changed: &Condvar, state: MutexGuard<'state, T>) -> Result<MutexGuard<'state, T>, QueryError> {
        self.check()?;
        let (state, _) = changed.wait_timeout(state, self.next_look()).unwrap_or_else(PoisonError::into_inner);
        Ok(state)
    }

    /// The outcome of `work`, if it comes in time. Needs the clock of a tokio runtime.
    pub(super) async fn wait_for<F: Future>(self, work: F) -> Result<F::Output, QueryError> {
        let mut work = pin!(work);
        loop {
            if let Ok(outcome) = tokio::time::timeout(self.next_look(), work.as_mut()).await {
                return Ok(outcome);
            }
            self.check()?;
        }
    }

    fn next_look(self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now()).min(LOOK_UP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure_kind::FailureKind;

    fn asker(stopped: &AtomicBool, patience: Duration) -> Asker<'_> {
        Asker { stopped, deadline: Instant::now() + patience, asked: "aws/x" }
    }

    #[test]
    fn a_stop_ends_waiting_before_the_deadline() {
        let stopped = AtomicBool::new(false);
        let asker = asker(&stopped, Duration::from_mins(1));
        assert_eq!(asker.check(), Ok(()));
        stopped.store(true, Ordering::Relaxed);
        assert_eq!(asker.check(), Err(QueryError::stopped()));
    }

    #[test]
    fn work_that_never_ends_is_left_at_the_deadline() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let asker_stopped = AtomicBool::new(false);
        let waiting = asker(&asker_stopped, Duration::from_millis(5)).wait_for(std::future::pending::<()>());
        let error = runtime.block_on(waiting).expect_err("never ready");
        assert_eq!(error.kind, FailureKind::TimedOut);
        assert!(error.message.contains("`aws/x`"), "{error}");
    }
}
